#!/usr/bin/env -S python3 -B
"""What logging and metrics cost a request, beside nginx, measured: observe.py --help"""
import argparse
import collections
import contextlib
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from common import DEFAULT_BINARY, awake, build, children, free_ports, middle, phial, pinned, process_cpu_seconds

METHOD = """One connection to each server asks for /articles/123 and waits for the answer, again and again
(closed_loop.cpp), with the header lines of curl. For each round all servers are restarted, in folders of their own;
the connections take turns, a short while each, so that whoever else uses the machine disturbs all servers alike.
  phial bare       phial --threads 1 --access-log off, and no --ops-port: nothing is counted, nothing is logged
  phial observed   --access-log all, to app.log (and stdout, which is /dev/null), and --ops-port
  nginx logging    one worker that returns as many bytes as content, and writes its default access log
  nginx bare       the same without
CPU is all that the server's process (nginx: the worker) had in user mode and in the kernel, all its threads, from the
end of the warm-up until 1.2 s after the last answer, so that what phial hands over late is in it; instructions are
those in user mode, if perf can count them on this machine. The servers have one CPU, the clients another; both are kept
awake, see common.py: to wake one up costs more than what is measured here.

Exit status 1: an answer was wrong, or a record is missing, see the lines that begin with FAIL."""
HERE = os.path.dirname(os.path.abspath(__file__))
SERVERS = ["phial bare", "phial observed", "nginx logging", "nginx bare"]
RATIOS = [("phial observed", "phial bare"), ("phial observed", "nginx logging"), ("nginx logging", "nginx bare"),
          ("phial bare", "nginx bare")]
CPUS = sorted(os.sched_getaffinity(0))
WARM_UP = 5000  # requests
TURN = 1000  # requests
SETTLE = 1.2  # seconds: access records are a second late at most
NGINX = """
worker_processes 1;
daemon off;
pid nginx.pid;
error_log error.log;
events {}
http {
    access_log %s;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    keepalive_requests 1000000000;
    server {
        listen 127.0.0.1:%d;
        location = /articles/123 {
            default_type "text/plain; charset=utf-8";
            return 200 "You are reading 123";
        }
    }
}
"""

Figures = collections.namedtuple("Figures", "cpu instructions rate size")


def arguments():
    p = argparse.ArgumentParser(description=METHOD, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--binary", default=DEFAULT_BINARY)
    p.add_argument("--rounds", type=int, default=5, help="(5)")
    p.add_argument("--requests", type=int, default=100000, help="to each server in a round (100000)")
    return p.parse_args()


class Server:
    """For `with`: one of SERVERS, which writes to the folder, and the client that asks it."""

    def __init__(self, name, client, binary, folder):
        self.name, self.folder = name, folder
        self.seconds = 0  # that its turns took
        self.size = 0  # of an answer
        port, self.ops_port = free_ports(2)
        self.process = subprocess.Popen(self.command(port, binary), cwd=folder, stdout=subprocess.DEVNULL,
                                        preexec_fn=pinned(CPUS[0]))
        phial.eventually(lambda: self.accepts(port), "a server that accepts")
        self.pid = self.process.pid  # of the process that answers
        if name.startswith("nginx"):
            self.pid, = phial.eventually(lambda: children(self.process.pid), "a worker")
        self.client = subprocess.Popen([client, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                       preexec_fn=pinned(CPUS[-1]))

    def command(self, port, binary):
        if self.name.startswith("nginx"):
            with open(os.path.join(self.folder, "nginx.conf"), "w") as f:
                f.write(NGINX % ("access.log" if self.name == "nginx logging" else "off", port))
            nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
            return [nginx, "-e", "error.log", "-p", self.folder, "-c", "nginx.conf"]
        flags = ["--access-log", "off"] if self.name == "phial bare" else \
            ["--access-log", "all", "--ops-port", str(self.ops_port)]
        return [os.path.abspath(binary), "--threads", "1", "--port", str(port), *flags]

    def accepts(self, port):
        assert self.process.poll() is None, "%s has ended" % self.name
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return True

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.client.communicate()
        self.process.terminate()
        self.process.wait()

    def ask(self, count):
        """A turn of its client, which says on stderr when an answer is wrong."""
        began = time.perf_counter()
        print(count, file=self.client.stdin, flush=True)
        self.size = int(self.client.stdout.readline() or 0)
        self.seconds += time.perf_counter() - began
        return self.size != 0

    def missing_records(self):
        with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % self.ops_port) as answer:
            found = re.findall(r"(?m)^phial_log_records_missing_total\S* (\d+)$", answer.read().decode())
        return sum(map(int, found)) if found else "not reported"


@contextlib.contextmanager
def instructions(pid):
    """Gives a list, in which afterwards the number of them in user mode is, or None when nobody can count them."""
    counted = []
    if not shutil.which("perf"):
        yield counted
        counted.append(None)
        return
    perf = subprocess.Popen(["perf", "stat", "-x", ";", "-e", "instructions:u", "-p", str(pid)],
                            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    time.sleep(.2)  # until it counts
    try:
        yield counted
    finally:
        with contextlib.suppress(ProcessLookupError):
            perf.send_signal(signal.SIGINT)
        found = re.search(r"(?m)^(\d+);.*instructions", perf.communicate()[1])
        counted.append(int(found[1]) if found else None)


def records(folder, pattern, mark):
    """How many lines with that mark the log has, the renamed files included."""
    n = 0
    for name in glob.glob(os.path.join(folder, pattern)):
        with open(name, "rb") as f:
            n += sum(mark in line for line in f)
    return n


def wrong_log(server, expected):
    """What is wrong with what was logged, if anything."""
    pattern, mark = ("access.log", b'"GET /articles/123 ') if server.name.startswith("nginx") else \
        ("app*.log", b" access method=GET target=/articles/123 ")
    if server.name not in ("phial observed", "nginx logging"):
        expected = 0
    until = time.monotonic() + 3
    while (found := records(server.folder, pattern, mark)) != expected and time.monotonic() < until:
        time.sleep(.1)
    if found != expected:
        return "%d access records, not %d" % (found, expected)
    if server.name == "phial observed" and (missing := server.missing_records()) != 0:
        return "phial_log_records_missing_total: %s" % missing
    return None


def measure(order, client, a):
    """Each server's figures for one request, and what was wrong with which."""
    with contextlib.ExitStack() as stack:
        def start(name):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="observe-"))
            return stack.enter_context(Server(name, client, a.binary, folder))
        servers = [start(name) for name in order]
        wrong = {s.name: "a wrong answer" for s in servers if not s.ask(WARM_UP)}
        time.sleep(SETTLE)
        with contextlib.ExitStack() as counters:
            counted = [counters.enter_context(instructions(s.pid)) for s in servers]
            before = [process_cpu_seconds(s.pid) for s in servers]
            for s in servers:
                s.seconds = 0
            for turn in range(a.requests // TURN):
                for s in servers:
                    if s.name not in wrong and not s.ask(TURN):
                        wrong[s.name] = "a wrong answer"
            time.sleep(SETTLE)
            cpu = [process_cpu_seconds(s.pid) - b for s, b in zip(servers, before)]
        figures = {}
        for s, c, (n,) in zip(servers, cpu, counted):
            asked = a.requests // TURN * TURN
            if s.name not in wrong:
                figures[s.name] = Figures(1e6 * c / asked, n and n / asked, asked / s.seconds, s.size)
                if what := wrong_log(s, WARM_UP + asked):
                    wrong[s.name] = what
        return figures, wrong


def main():
    a = arguments()
    client = build(os.path.join(HERE, "closed_loop.cpp"))
    failures = 0
    rounds = []
    print("round  server          CPU, us  instructions  requests/s")
    with awake({CPUS[0], CPUS[-1]}):
        for n in range(a.rounds):
            begin = n % len(SERVERS)
            figures, wrong = measure(SERVERS[begin:] + SERVERS[:begin], client, a)
            rounds.append(figures)
            failures += len(wrong)
            for name in SERVERS:
                if name in figures:
                    f = figures[name]
                    print("%5d  %-14s  %7.2f  %12s  %10.0f" % (
                        n + 1, name, f.cpu, "%.0f" % f.instructions if f.instructions else "-", f.rate), flush=True)
                if name in wrong:
                    print("FAIL  %s: %s" % (name, wrong[name]), flush=True)

    print("\n%-14s  %-22s  %-26s  %-24s  %s" % ("median (range)", "CPU, us a request", "instructions a request",
                                              "requests/s", "bytes an answer"))
    for name in SERVERS:
        if those := [r[name] for r in rounds if name in r]:
            counted = [f.instructions for f in those if f.instructions]
            print("%-14s  %-22s  %-26s  %-24s  %d" % (
                name, middle([f.cpu for f in those], 2), middle(counted) if counted else "no perf",
                middle([f.rate for f in those]), those[-1].size))
    print("\n%-40s  %-20s  %-22s  %s" % ("within a round: median (range)", "CPU, ratio", "CPU, us more",
                                         "instructions, ratio"))
    for over, under in RATIOS:
        if pairs := [(r[over], r[under]) for r in rounds if over in r and under in r]:
            counted = [x.instructions / y.instructions for x, y in pairs if x.instructions and y.instructions]
            print("%-40s  %-20s  %-22s  %s" % (
                "%s / %s" % (over, under), middle([x.cpu / y.cpu for x, y in pairs], 2),
                middle([x.cpu - y.cpu for x, y in pairs], 2), middle(counted, 2) if counted else "no perf"))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
