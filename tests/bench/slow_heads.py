#!/usr/bin/env -S python3 -B
"""What thousands of slowly dripped heads cost another client, measured: slow_heads.py --help"""
import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from common import DEFAULT_BINARY, awake, cpu_seconds, phial, quantile, start

METHOD = """One connection asks for /articles/123 again and again (the probe). Phases, several times in turn:
  A  nobody else is there
  B  clients drip heads to phial, see dripper.cpp
  C  they drip to a process that never looks at what comes: what makes this slower than A is the drippers' own use of
     the machine, which they share with the probe and the service only here
  D  they drip to a process on phial's CPU that only calls epoll_wait and recv: the least that bytes can cost there
B/A is the question, but on two CPUs it holds what C/A measures, so B/C is the fair answer. B/D: beside the least.

The service and the sink have one CPU; the drippers and the probe, which would be other machines, have the second one,
where the probe goes first (nice). An idle CPU takes its time to wake up, so that a little load makes a server answer
sooner; therefore both are kept awake by a process that yields to every other (SCHED_IDLE). "Waited" is the time in
which the service or the probe could have run, but somebody else did: while phial's is not near 0, repeat the run."""
HERE = os.path.dirname(os.path.abspath(__file__))
CPUS = sorted(os.sched_getaffinity(0))
WARM_UP = 2.5  # seconds; the drippers have all connected after one
SINKS = {"C": "ignore", "D": "read"}


def arguments():
    p = argparse.ArgumentParser(description=METHOD, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--binary", default=DEFAULT_BINARY)
    p.add_argument("--clients", type=int, default=5000)
    p.add_argument("--seconds", type=float, default=20, help="of each phase (20)")
    p.add_argument("--rounds", type=int, default=2, help="of all phases (2)")
    p.add_argument("--phases", default="ABCD", help="of a round (ABCD)")
    p.add_argument("--think", type=float, default=0.2, help="ms between an answer and the next request (0.2)")
    p.add_argument("--no-spin", action="store_true", help="let the CPUs sleep when idle")
    return p.parse_args()


def pin(cpu):
    """This process, and what it starts from now on."""
    os.sched_setaffinity(0, {CPUS[cpu % len(CPUS)]})


def probe(sock, seconds, think):
    """Latencies in microseconds."""
    request, taken = phial.get("/articles/123"), []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.perf_counter_ns()
        sock.sendall(request)
        answer = sock.recv(65536)
        taken.append((time.perf_counter_ns() - began) / 1000)
        assert answer.endswith(b"\r\n\r\nYou are reading 123"), answer
        time.sleep(think / 1000)
    return taken


def phase(letter, a, tool, service, sock):
    """(latencies, percent of a CPU that service, drippers and sink had, that service and probe waited for, counts)"""
    sink = dripper = None
    if letter in SINKS:
        pin(0)
        sink = subprocess.Popen([tool, "sink", SINKS[letter]], stdout=subprocess.PIPE, text=True)
        pin(1)
    if letter != "A":
        port = sink.stdout.readline().strip() if sink else str(service.port)
        command = ["nice", "-n", "19", tool, "drip", port, str(a.clients)]
        dripper = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    probe(sock, WARM_UP, a.think)

    pids = [service.process.pid, os.getpid()] + [p.pid for p in (dripper, sink) if p]
    before, began = [cpu_seconds(pid) for pid in pids], time.monotonic()
    taken = probe(sock, a.seconds, a.think)
    share = 100 / (time.monotonic() - began)
    spent = [[share * (y - x) for x, y in zip(b, cpu_seconds(pid))] for pid, b in zip(pids, before)] + 2 * [[0, 0]]

    counts = 5 * ["-"]
    for p in filter(None, (dripper, sink)):
        p.send_signal(signal.SIGTERM)
        counts = p.communicate()[0].split() or counts
    return taken, [spent[i][0] for i in (0, 2, 3)], [spent[i][1] for i in (0, 1)], counts


def main():
    a = arguments()
    medians = {letter: [] for letter in a.phases}
    with tempfile.TemporaryDirectory(prefix="phial-slow-heads-") as folder, \
            awake([] if a.no_spin else CPUS[:2]):
        tool = os.path.join(folder, "dripper")
        subprocess.run(["g++", "-std=c++20", "-O2", "-o", tool, os.path.join(HERE, "dripper.cpp")], check=True)
        pin(0)
        with start(a.binary, folder, "--threads", "1") as service, \
                socket.create_connection((service.host, service.port)) as sock:
            pin(1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            print("%d clients%s" % (a.clients, "" if len(CPUS) > 1 else "; ONE CPU ONLY: nothing can be concluded"))
            print("      |      probe, us       |        CPU, %         |  waited, %  |    drippers, a second    |\n"
                  "phase | median    p99 number | phial drippers   sink | phial probe | bytes  connects  cut off | "
                  "failed, late ms")
            for letter in a.phases * a.rounds:
                taken, cpu, waited, counts = phase(letter, a, tool, service, sock)
                medians[letter].append(statistics.median(taken))
                print("%5s | %6.1f %6.0f %6d | %5.1f %8.1f %6.1f | %5.1f %5.1f | %5s %9s %8s | %6s %8s" % (
                    letter, medians[letter][-1], quantile(taken, .99), len(taken), *cpu, *waited, *counts), flush=True)
    print()
    for over, under in ("BA", "CA", "DA", "BC", "BD"):
        if medians.get(over) and medians.get(under):
            ratios = [x / y for x, y in zip(medians[over], medians[under])]
            print("%s/%s: %.3f, median of the rounds' ratios: %s" % (
                over, under, statistics.median(ratios), " ".join("%.3f" % r for r in ratios)))


if __name__ == "__main__":
    main()
