"""What peers.py measures: wrk asks one server for a while, and both are watched."""
import collections
import math
import os
import re
import resource
import subprocess
import time

from common import pinned
from peer_noise import Others
from peer_process import PATH, Failure
from peer_servers import PEERS

CONNECTIONS = 64
UNITS = {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}  # of milliseconds

# CPU is in microseconds a request; latencies in milliseconds; busy, others and steal in CPUs.
Figures = collections.namedtuple("Figures", "cpu rate p50 p99 server_busy wrk_busy others steal seconds rss")


def parse(output):
    """What wrk printed: (requests, requests/s, p50, p99)."""
    if "Non-2xx" in output or "Socket errors" in output:
        wrong = re.search(r"(?:Non-2xx|Socket errors).*", output)[0]
        raise Failure("wrk: " + " ".join(wrong.split()))
    requests = re.search(r"(\d+) requests in", output)
    if not requests or requests[1] == "0":
        raise Failure("wrk got no answer: " + (output.strip().splitlines() or ["it printed nothing"])[-1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    return int(requests[1]), rate, quantile(output, 50), quantile(output, 99)


def quantile(output, percent):
    """Milliseconds; wrk prints 0 when it does not know."""
    found = re.search(r"(?m)^\s+%d%%\s+([\d.]+)(us|ms|s|m)$" % percent, output)
    return float(found[1]) * UNITS[found[2]] if found and float(found[1]) else math.nan


def run_wrk(port, depth, seconds, cpu):
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", "%ds" % seconds,
               "--latency", "--timeout", "8s"]
    url = "http://127.0.0.1:%d%s" % (port, PATH)
    command += [url] if depth == 1 else ["--script", os.path.join(PEERS, "pipeline.lua"), url, "--", str(depth)]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=pinned(cpu),
                          timeout=seconds + 60).stdout


def children_cpu_seconds():
    """Of those that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(server, servers, depth, seconds, cpu):
    """Figures of one server; `servers` are all that run, so that their CPU is not counted as that of other processes."""
    others = Others(servers)
    before, wrk_before, began = server.cpu_seconds(), children_cpu_seconds(), time.perf_counter()
    output = run_wrk(server.port, depth, seconds, cpu)
    wall = time.perf_counter() - began
    cpu_seconds, wrk_seconds = server.cpu_seconds() - before, children_cpu_seconds() - wrk_before
    other_seconds, steal = others.used()
    if server.process.poll() is not None:
        raise Failure("it has ended with %d: %s" % (server.process.returncode, server.last_message()))
    requests, rate, p50, p99 = parse(output)
    if depth > 1:
        p50 = p99 = math.nan  # wrk corrects them as if each request had been sent alone
    return Figures(1e6 * cpu_seconds / requests, rate, p50, p99, cpu_seconds / wall, wrk_seconds / wall,
                   other_seconds / wall, steal / wall, wall, server.rss())
