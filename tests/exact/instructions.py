#!/usr/bin/env python3
"""How many instructions the binary executes for a request, in user mode: tests/exact/instructions.py [--renew]

callgrind counts them. The result is compared with baseline.json; --renew writes that file instead. Under valgrind a
program sees the same CPU on every machine that has AVX2, whatever else it has, so it takes the same variants of memcpy,
SHA-256 and the like."""
import argparse
import json
import os
import platform
import re
import shutil
import sys
import tempfile

import counted
from counted import LONG, SHAPES, SHORT, phial

BASELINE = os.path.join(counted.HERE, "baseline.json")
TOLERANCE = 3  # per cent; repeated runs differ by 0.4 % at most, also on a busy machine
VALGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")


def built_with():
    """What decides which machine code runs, besides our own sources: {"compiler": "g++ 12", "boost": "1.81", ...}."""
    out = phial.run("--version")[1]
    compiler, boost = re.search(r"\((.+), Boost (\S+)\)", out).groups()
    with open("/proc/cpuinfo") as f:
        machine = platform.machine() + (" with AVX2" if re.search(r"\bavx2\b", f.read()) else "")
    return {"compiler": compiler.split(".")[0], "boost": boost, "machine": machine}


def instructions(shape, count):
    """Of a whole run of the binary."""
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log")
        counted.run((*VALGRIND, "--log-file=" + log), shape, count)
        with open(log) as f:
            return int(re.search(r"Collected : (\d+)", f.read())[1])


def measure():
    """Shape -> instructions for one request."""
    totals = counted.side_by_side(instructions, [(shape, count) for shape in SHAPES for count in (SHORT, LONG)])
    return {shape.name: round((longer - shorter) / (LONG - SHORT))
            for shape, shorter, longer in zip(SHAPES, totals[::2], totals[1::2])}


def compare(expected, measured):
    """Prints a line for each shape; the exit status."""
    status = 0
    fewer = False
    for name in dict.fromkeys([*expected, *measured]):
        if name not in expected or name not in measured:
            print("%-52s is not in %s" % (name, "the baseline" if name in measured else "this program"))
            status = 1
            continue
        more = 100 * (measured[name] / expected[name] - 1)
        verdict = "ok" if abs(more) <= TOLERANCE else "TOO MANY" if more > 0 else "fewer"
        print("%-52s %7d expected %7d measured %+6.1f %%  %s" % (name, expected[name], measured[name], more, verdict))
        fewer = fewer or verdict == "fewer"
        status = status or int(verdict == "TOO MANY")
    if status:
        print("\nA request executes over %d %% more instructions than the baseline says, or a figure is missing.\n"
              "What to do: find the cause (callgrind and callgrind_annotate name the functions). If the cost is\n"
              "wanted, run tests/exact/instructions.py --renew, and give the reason in the commit." % TOLERANCE)
    elif fewer:
        print("better than the baseline: keep it so by tests/exact/instructions.py --renew, and commit the file")
    return status


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--renew", action="store_true", help="write the baseline")
    renew = arguments.parse_args().renew
    if not shutil.which("valgrind"):
        counted.skip("there is no valgrind (scripts/setup test installs it)")
    now = built_with()
    if renew:
        with open(BASELINE, "w") as f:
            json.dump({"built_with": now, "instructions": measure()}, f, indent=4)
            f.write("\n")
        print("written:", os.path.relpath(BASELINE))
        return 0
    with open(BASELINE) as f:
        baseline = json.load(f)
    if baseline["built_with"] != now:
        counted.skip("the baseline is for %s, this is %s" % tuple(
            "%(compiler)s, Boost %(boost)s, %(machine)s" % of for of in (baseline["built_with"], now)))
    return compare(baseline["instructions"], measure())


if __name__ == "__main__":
    sys.exit(main())
