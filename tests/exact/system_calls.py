#!/usr/bin/env python3
"""Which system calls the binary makes for a request. strace counts them."""
import os
import shutil
import subprocess
import sys
import tempfile

import counted
from counted import SHAPES

# A request that comes alone; requests of many clients that have all come: then Asio waits once for all of them.
ALONE = {"recvfrom": 1, "sendto": 1, "epoll_ctl": 1, "epoll_wait": 1}
CROWD = {"recvfrom": 1, "sendto": 1}
CLIENTS = 50
SHORT, LONG = 500, 3500  # requests of the two runs: many, because threads that start wait now and then
# Calls a request, all together: a loop ticks once a second, threads wake up; and of a crowd the waits for all.
TOLERANCE = {"alone": 0.05, "crowd": 0.15}
# Threads that wait call these again when the service was stopped.
INTERRUPTED = {"futex", "rt_sigtimedwait", "restart_syscall"}
# -D: the process that is started becomes the binary, and strace watches from outside. So signals reach the binary.
STRACE = ("strace", "-D", "-f", "-c", "-U", "name,calls")


def calls(kind, count):
    """Of a whole run of the binary: name -> how many."""
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "table")
        through = (*STRACE, "-o", table)
        if kind == "alone":
            counted.run(through, SHAPES[0], count)
        else:
            counted.run_crowd(through, SHAPES[0], CLIENTS, count // CLIENTS)
        with open(table) as f:
            rows = [line.split() for line in f]
    return {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit() and row[0] != "total"}


def is_expected(kind, expected):
    shorter, longer = counted.side_by_side(calls, [(kind, SHORT), (kind, LONG)])
    each = {name: (longer.get(name, 0) - shorter.get(name, 0)) / (LONG - SHORT) for name in {*longer, *shorter}}
    for name in sorted({*each, *expected}, key=lambda name: -each.get(name, 0)):
        if name in expected or abs(each[name]) >= 0.005:
            print("%s: %-12s %7.3f a request, expected %d" % (kind, name, each.get(name, 0), expected.get(name, 0)))
    counting = {*each, *expected} - (INTERRUPTED if kind == "crowd" else set())
    off = sum(abs(each.get(name, 0) - expected.get(name, 0)) for name in counting)
    return off <= TOLERANCE[kind]


def main():
    if not shutil.which("strace"):
        counted.skip("there is no strace (scripts/setup test installs it)")
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True)
    if tried.returncode:
        counted.skip("strace may not watch processes here: " + tried.stderr.strip())
    if all([is_expected("alone", ALONE), is_expected("crowd", CROWD)]):
        return 0
    print("\nA request makes other system calls than expected.\nWhat to do: find out which line makes "
          "them (strace -k). If they are wanted, change the table in\ntests/exact/system_calls.py and give the reason "
          "in the commit.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
