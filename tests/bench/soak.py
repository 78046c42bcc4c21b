#!/usr/bin/env -S python3 -B
"""Soaks the service in thousands of connections, most of them misbehaving: soak.py --help"""
import argparse
import asyncio
import multiprocessing
import os
import re
import statistics
import sys
import tempfile
import time

import misbehaving
import well_behaved
from common import DEFAULT_BINARY, cpu_seconds, rss, start, tcp_buffers

LONGEST_LIFE = 65               # seconds that a slow sender or reader may live
MOST_GROWTH, SLACK = 1.10, 8.0  # of the memory after the first third, and what may come on top in MiB
EXIT_SECONDS = 60               # from SIGTERM on
SANITIZER = re.compile(r"SUMMARY: .*|runtime error: .*")


def arguments():
    p = argparse.ArgumentParser(description="Exit status 1 when a line of the findings begins with FAIL.",
                                formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("--binary", default=DEFAULT_BINARY, help="what to soak")
    p.add_argument("--seconds", type=int, default=60, help="lives are judged only by more than %d" % LONGEST_LIFE)
    p.add_argument("--connections", type=int, default=10000, help="of all kinds together")
    p.add_argument("--rate", type=int, default=500, help="well-behaved requests a second")
    p.add_argument("--address", default="127.0.0.1", help="to listen on")
    return p.parse_args()


async def soak(service, a, end):
    """Misbehaves until the end, then stops the service: (load, a sample a second, seconds until it had exited)."""
    load = misbehaving.Load((service.host, service.port), a.connections)
    pid, samples = service.process.pid, []
    while (now := time.monotonic()) < end and service.process.poll() is None:
        samples.append((rss(pid), tcp_buffers(), len(os.listdir("/proc/%d/fd" % pid)), cpu_seconds(pid)[0]))
        if len(samples) % max(1, a.seconds // 12) == 0:
            print("%4d s: RSS %.1f MiB, TCP buffers %.1f MiB, %d files, %.1f s CPU" % (len(samples), *samples[-1]),
                  flush=True)
        load.look_who_is_held()
        await asyncio.sleep(min(end, now + 1) - time.monotonic())
    load.stop()
    if service.process.poll() is None:
        service.stop()
    while service.process.poll() is None and time.monotonic() < end + EXIT_SECONDS:
        await asyncio.sleep(.05)
    return load, samples, time.monotonic() - end


def run(a, folder):
    """Both loads on one service: (load, samples, seconds until it had exited, what the well-behaved saw, its end)."""
    done, code = None, "exit code 0"
    try:
        with start(a.binary, folder, "--threads", "2", "--address", a.address) as service:
            begin = time.monotonic()
            ours, theirs = multiprocessing.Pipe()
            clients = multiprocessing.Process(target=well_behaved.run, daemon=True, args=(
                (service.host, service.port), max(1, round(.15 * a.connections)), a.rate,
                begin + a.seconds / 3, begin + a.seconds, theirs))
            clients.start()
            theirs.close()
            load, samples, exit_seconds = asyncio.run(soak(service, a, begin + a.seconds))
            ours.send("ended")
            done = load, samples, exit_seconds, ours.recv()
    except AssertionError as e:  # what phial.Service has to say about the exit code
        if not done:
            raise
        code = str(e).partition(":")[0]
    return *done, code


def print_figures(load, samples, good):
    rows = zip(samples[len(samples) // 3], samples[-1], map(max, zip(*samples)))
    print("\n%-20s %10s %10s %10s" % ("service", "1/3", "end", "most"))
    for name, row in zip(("RSS, MiB", "TCP buffers, MiB *", "open files", "CPU, s"), rows):
        print("%-20s %10.1f %10.1f %10.1f" % (name, *row))
    print("  * the kernel's, of the whole machine: both ends of every connection")
    print("\n%-20s %10s %10s %10s %10s" % ("misbehaving", "opened", "cut off", "still open", "longest, s"))
    for k in load.kinds:
        print("%-20s %10d %10d %10d %10.1f" % (k.name, k.opened, k.cut, k.still_open, k.longest))
    print("\n%-36s %14s" % ("broken", "answers"))
    for (how, status), n in sorted(load.answers.items()):
        print("%-36s %7s %6d" % (how, status, n))
    print("\nwell-behaved: %(sent)d sent, %(right)d answered rightly, %(wrong)d wrongly, %(failed)d failed, "
          "%(refused)d came after SIGTERM and found nobody" % good)
    for when, row in zip(("first third", "later"), good["latency"]):
        print("latency, ms, %-12s median %.2f, p99 %.2f, worst %.1f" % (when + ":", *(1000 * x for x in row)))
    print("the client was up to %.1f ms late to send\n" % (1000 * good["late"]))


def main():
    a = arguments()
    with tempfile.TemporaryDirectory(prefix="phial-soak-") as folder:
        load, samples, exit_seconds, good, code = run(a, folder)
        with open(os.path.join(folder, "stdout"), encoding="utf-8", errors="replace") as f:
            reports = SANITIZER.findall(f.read())
    print_figures(load, samples, good)

    failures = 0

    def finding(fine, text):
        nonlocal failures
        failures += not fine
        print("%-4s  %s" % ("ok" if fine else "FAIL", text))

    finding(code == "exit code 0" and exit_seconds >= 0, "%s, %.1f s %s SIGTERM" % (
        code, abs(exit_seconds), "after" if exit_seconds >= 0 else "before"))
    finding(not (good["wrong"] or good["failed"]), "well-behaved requests were answered rightly")
    for problem in good["problems"]:
        print("          " + problem)
    finding(load.refused == 0, "%d connections could not be opened" % load.refused)
    bad = [k for k in load.answers if k[1][0] == "5" or k[0] in ("garbage", "bad chunk") and k[1][0] == "2"]
    finding(not bad, "broken requests were refused %s" % (bad or ""))
    for k in load.kinds:
        if k.name != "idle":
            finding(k.longest <= LONGEST_LIFE, "%s: lived up to %.1f s%s" % (
                k.name, k.longest, " (not judged: a short run)" if a.seconds <= LONGEST_LIFE else ""))
    # Each the median of some seconds around: connections that come and go by chance are not growth.
    third, memory = len(samples) // 3, [s[0] for s in samples]
    early, late = statistics.median(memory[third:third + 5]), statistics.median(memory[-5:])
    with open(a.binary, "rb") as f:
        asan = b"__asan_init" in f.read()  # it keeps freed memory for a while
    finding(asan or late <= early * MOST_GROWTH + SLACK, "RSS %.1f MiB after a third, %.1f MiB at the end%s" % (
        early, late, " (not judged: address sanitizer)" if asan else ""))
    finding(not reports, "%d reports of sanitizers %s" % (len(reports), reports[:3] or ""))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
