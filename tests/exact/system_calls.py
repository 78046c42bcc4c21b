#!/usr/bin/env python3
"""Which system calls the binary makes for a request that comes alone. strace counts them."""
import os
import shutil
import subprocess
import sys
import tempfile

import counted
from counted import SHAPES

SHORT, LONG = 500, 3500  # requests of the two runs: many, because threads that start wait now and then
EXPECTED = {"recvfrom": 1, "sendto": 1, "epoll_ctl": 1, "epoll_wait": 1}
TOLERANCE = 0.05  # calls a request, all together: a loop ticks once a second, threads wake up
# -D: the process that is started becomes the binary, and strace watches from outside. So signals reach the binary.
STRACE = ("strace", "-D", "-f", "-c", "-U", "name,calls")


def calls(count):
    """Of a whole run of the binary: name -> how many."""
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "table")
        counted.run((*STRACE, "-o", table), SHAPES[0], count)
        with open(table) as f:
            rows = [line.split() for line in f]
    return {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit() and row[0] != "total"}


def main():
    if not shutil.which("strace"):
        counted.skip("there is no strace (scripts/setup test installs it)")
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True)
    if tried.returncode:
        counted.skip("strace may not watch processes here: " + tried.stderr.strip())
    shorter, longer = counted.side_by_side(calls, [(SHORT,), (LONG,)])
    each = {name: (longer.get(name, 0) - shorter.get(name, 0)) / (LONG - SHORT) for name in {*longer, *shorter}}
    for name in sorted({*each, *EXPECTED}, key=lambda name: -each.get(name, 0)):
        if name in EXPECTED or abs(each[name]) >= 0.005:
            print("%-12s %7.3f a request, expected %d" % (name, each.get(name, 0), EXPECTED.get(name, 0)))
    off = sum(abs(each.get(name, 0) - EXPECTED.get(name, 0)) for name in {*each, *EXPECTED})
    if off <= TOLERANCE:
        return 0
    print("\nA request that comes alone makes other system calls than expected.\nWhat to do: find out which line makes "
          "them (strace -k). If they are wanted, change EXPECTED in\ntests/exact/system_calls.py and give the reason "
          "in the commit.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
