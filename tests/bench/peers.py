#!/usr/bin/env -S python3 -B
"""How fast phial is, compared with other servers on this machine: peers.py --help"""
import argparse
import contextlib
import datetime
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time

from common import BUILD, DEFAULT_BINARY
from peer_load import CONNECTIONS, measure
from peer_noise import Others, interrupts_are_apart, mode, verdict
from peer_process import Failure, Running, right_answers, stop
from peer_report import chart, legend, markdown, summarize, table, write_csv
from peer_servers import REFERENCE, Also, all_servers, find

METHOD = """All servers answer GET /articles/123 with "You are reading 123". Each has one thread (or worker) on one CPU.
wrk, with one thread on another CPU, keeps 64 connections busy: first with one request at a time on each, then with 16
that are sent at once (pipelined). All servers run from begin to end. In each round they take turns of --seconds, in the
next round in the opposite order, so that other users of the machine disturb all of them alike.
  epoll loop          peers/articles_epoll.cpp: the least that a server can cost
  phial               --threads 1 --access-log off; with --ops-port, so it counts for /metrics
  phial, access log   the same with --access-log all, to app.log and stdout (/dev/null)
  nginx               "return 200", one worker; and with its access log
  h2o                 a file of 19 bytes: it has nothing else to answer with
  hyper, Go, Node     peers/articles_*: hyper 0.14 in one thread, net/http, the module http
  Flask               with gunicorn, one worker; it closes each connection, so nothing is pipelined
Debian has packages of all these; `scripts/setup bench` installs those that apt offers. A server that is missing is left
out, and a line says which packages would bring it. A server of your own: --also mine=8080='./mine --port 8080'

How to read it:
  CPU, us a request   the main figure: what all threads of the server had, in user mode and in the kernel, divided
                      by the requests that were answered. The less, the more requests a CPU can serve.
  ratio to ...        the same, divided by that of the reference (--reference) in the same round. Compare ratios:
                      they depend less on the machine. When the ranges of two servers overlap, neither is faster.
  requests/s          what one CPU served. With a * wrk was the limit, and a faster server would show no more.
  p50, p99            of a loaded server: mostly waiting for the other 63 connections. What wrk says of pipelined
                      requests is wrong, and left out.
  RSS                 memory of all processes of the server at the end
Each column has the median of the rounds, the first two also the range (lowest .. highest).

Figures are called "not to be trusted" when other processes used more than 5 % of a CPU in a round (/proc/stat less what
the servers, wrk and this program had), when the host of a virtual machine took as much (steal), and when a server's
rounds differ by more than 10 %. The files say so, too: peers.md, peers.svg (a chart) and peers.csv (each turn; there in
lines that begin with #).

Exit status 1: a server did not answer rightly, see the lines that begin with FAIL. It is left out then."""
DEPTHS = (1, 16)


def also(text):
    found = re.fullmatch(r"([^=]+)=(\d+)=(.+)", text)
    if not found:
        raise argparse.ArgumentTypeError("a further server is like mine=8080='./mine --port 8080', not %r" % text)
    return Also(found[1], int(found[2]), found[3])


def positive(text):
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError("a number from 1 on, not %r" % text)
    return int(text)


def arguments():
    p = argparse.ArgumentParser(description=METHOD, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--binary", default=DEFAULT_BINARY)
    p.add_argument("--rounds", type=positive, default=7, help="(7)")
    p.add_argument("--seconds", type=positive, default=2, help="of a turn, whole ones (2)")
    p.add_argument("--also", type=also, action="append", default=[], metavar="NAME=PORT='COMMAND'",
                   help="a further server, started in this folder; may be repeated")
    p.add_argument("--only", action="append", metavar="NAME", help="of these servers only that one; may be repeated")
    p.add_argument("--reference", default=REFERENCE, metavar="NAME", help="whose CPU is 1 (%s)" % REFERENCE)
    p.add_argument("--out", default=os.path.join(BUILD, "peers"), metavar="DIR", help="for files (build/bench/peers)")
    return p.parse_args()


def chosen(a):
    """The servers that are measured; those that are missing get a line."""
    servers = all_servers(a.binary) + a.also
    names = [s.name for s in servers]
    for name in [a.reference] + (a.only or []):
        if name not in names:
            sys.exit("peers: there is no server %r; there are: %s" % (name, "; ".join(names)))
    if len(set(names)) < len(names):
        sys.exit("peers: two servers have the same name: %s" % "; ".join(names))
    if a.only:
        servers = [s for s in servers if s.name in a.only or s.name == a.reference or s in a.also]
    found = []
    for s in servers:
        if what := s.missing():
            print("%s is left out: no %s here (apt-get install %s)" % (s.name, ", ".join(what), s.packages), flush=True)
            continue
        try:
            s.build()
        except subprocess.CalledProcessError as e:
            print("%s is left out: it cannot be built (%s)" % (s.name, e), flush=True)
            continue
        found.append(s)
    return found


def cpu_pair():
    """For the servers and for wrk: two that do not share a core, if there are."""
    cpus = sorted(os.sched_getaffinity(0))
    with contextlib.suppress(OSError), \
            open("/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list" % cpus[0]) as f:
        siblings = [int(n) for part in f.read().split(",") for n in part.split("-")]
        cpus = cpus[:1] + ([c for c in cpus[1:] if c not in siblings] or cpus[1:])
    return cpus[0], cpus[min(1, len(cpus) - 1)]


class Progress:
    """One line on stderr, written again and again on a terminal; elsewhere a line for each round and mode."""

    def __init__(self, seconds):
        self.seconds, self.done, self.began = seconds, 0, time.monotonic()
        self.terminal = sys.stderr.isatty()
        self.last = None

    def show(self, round_text, depth, name):
        left = (time.monotonic() - self.began) / self.done * (self.seconds - self.done) if self.done else 0
        time_left = ", %d min %02d s left" % divmod(round(left), 60) if self.done else ""
        if self.terminal:
            print("\r%s, %s, %s%s\033[K" % (round_text, mode(depth), name, time_left), end="", file=sys.stderr,
                  flush=True)
        elif self.last != (round_text, depth):
            self.last = round_text, depth
            print("%s, %s%s" % (round_text, mode(depth), time_left), file=sys.stderr, flush=True)

    def clear(self):
        if self.terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


class Comparison:
    """The servers that run, what was measured, and what went wrong."""

    def __init__(self, a, stack):
        self.a, self.stack = a, stack
        self.cpu, self.wrk_cpu = cpu_pair()
        self.running, self.remarks, self.rounds = {}, [], []
        self.failures = 0
        self.turns = {depth: [] for depth in DEPTHS}  # names
        stack.callback(lambda: stop(list(self.running.values())))

    def fail(self, name, what):
        self.failures += 1
        self.remarks.append("%s is left out: %s." % (name, what))
        print("FAIL  %s: %s" % (name, what), flush=True)

    def start(self, server):
        folder = self.stack.enter_context(tempfile.TemporaryDirectory(dir=BUILD, prefix="peers-"))
        try:
            s = Running(server.name, server.command(folder), server.port, folder, self.cpu, server.cwd)
            self.running[server.name] = s
            s.wait_until_it_answers()
        except Failure as e:
            self.fail(server.name, e)
            return
        for depth in DEPTHS:
            n = right_answers(server.port, depth) if depth > 1 else depth
            if n == depth:
                self.turns[depth].append(server.name)
            else:
                self.remarks.append("%s is not measured with %d pipelined: it answers %d of them." % (
                    server.name, depth, n))

    def turn(self, depth, name, seconds):
        """Figures, or None when it went wrong; then it has no turns any more."""
        s = self.running[name]
        try:
            return measure(s, self.running.values(), depth, seconds, self.wrk_cpu)
        except (Failure, subprocess.TimeoutExpired) as e:
            self.progress.clear()
            self.fail("%s, %s" % (name, mode(depth)), e)
            self.turns[depth].remove(name)
        finally:
            s.drop_logs()

    def run(self):
        self.progress = Progress(sum(map(len, self.turns.values())) * (1 + self.a.rounds * self.a.seconds))
        for n in range(self.a.rounds + 1):
            figures = {}
            for depth in DEPTHS:
                for name in self.turns[depth][::1 if n % 2 else -1]:
                    seconds = self.a.seconds if n else 1
                    self.progress.show("round %d of %d" % (n, self.a.rounds) if n else "warm-up", depth, name)
                    if f := self.turn(depth, name, seconds):
                        figures[depth, name] = f
                    self.progress.done += seconds
            if n:
                self.rounds.append(figures)
        self.progress.clear()


def conditions(servers, comparison, a):
    with open("/proc/cpuinfo") as f:
        model = re.search(r"(?m)^model name\s*: (.*)$", f.read())
    return [("date", datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")),
            ("CPU", "%s, %d CPUs; servers on CPU %d, wrk on CPU %d" % (
                model[1] if model else platform.machine(), os.cpu_count(), comparison.cpu, comparison.wrk_cpu)),
            ("kernel", platform.release()),
            ("load", "%d connections, %d x %d s for each server and mode" % (
                CONNECTIONS, a.rounds, a.seconds))] + [(s.name, s.version()) for s in servers]


def write_files(comparison, servers, by_depth, remarks, a):
    os.makedirs(a.out, exist_ok=True)
    facts = conditions(servers, comparison, a)
    machine, date = dict(facts)["CPU"].split(";")[0], dict(facts)["date"]
    with open(os.path.join(a.out, "peers.md"), "w") as f:
        f.write(markdown(by_depth, a.reference, facts, remarks))
    with open(os.path.join(a.out, "peers.csv"), "w") as f:
        f.writelines("# %s\n" % remark for remark in remarks)
        write_csv(f, comparison.rounds, a.reference)
    summary = "%s; one thread on one CPU each; %d x %d s; %s" % (machine, a.rounds, a.seconds, date)
    with open(os.path.join(a.out, "peers.svg"), "w") as f:
        f.write(chart(by_depth, a.reference, summary, [r for r in remarks if r.startswith("Not to be trusted")],
                      lambda name: name.split(",")[0] == "phial"))


def main():
    a = arguments()
    if not find("wrk"):
        sys.exit("peers: there is no wrk here, the load generator (apt-get install wrk)")
    if not os.access(a.binary, os.X_OK):
        sys.exit("peers: %s is not there; scripts/run --version builds it" % a.binary)
    os.makedirs(BUILD, exist_ok=True)
    servers = chosen(a)
    Others.interrupts_apart = interrupts_are_apart()
    with contextlib.ExitStack() as stack:
        comparison = Comparison(a, stack)
        for s in servers:
            comparison.start(s)
        comparison.run()
        for s in servers:
            if s.name in comparison.turns[1]:
                comparison.remarks += s.notes()
    by_depth = {depth: rows for depth in DEPTHS if (rows := summarize(comparison.rounds, depth, a.reference))}
    remarks = verdict(comparison.rounds, len(os.sched_getaffinity(0))) + comparison.remarks
    write_files(comparison, servers, by_depth, remarks, a)
    print(table(by_depth, a.reference))
    print("\n" + "\n".join(remarks + legend(by_depth)))
    print("Files: peers.md, peers.csv and peers.svg in %s" % os.path.abspath(a.out))
    return 1 if comparison.failures else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\npeers: interrupted; all servers have ended")
