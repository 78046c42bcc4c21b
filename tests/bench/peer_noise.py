"""Whether peers.py's figures can be trusted: what other processes and the host of a virtual machine used meanwhile."""
import collections
import os
import resource
import socket
import statistics
import time

BUSY = .05  # of a CPU, in a round: more than that is not a quiet machine
SPREAD = .10  # of the median, from the lowest to the highest round
LIMIT = .95  # of a CPU: wrk can do no more

Times = collections.namedtuple("Times", "processes interrupts steal")  # seconds, of all CPUs


def parse_times(line, ticks=os.sysconf("SC_CLK_TCK")):
    """The first line of /proc/stat."""
    user, nice, system, _, _, irq, softirq, steal = [int(n) / ticks for n in line.split()[1:9]]
    return Times(user + nice + system, irq + softirq, steal)


def times():
    with open("/proc/stat") as f:
        return parse_times(f.readline())


def interrupts_are_apart(seconds=.3):
    """Some kernels count what interrupts take (the TCP of loopback is one) as no process's CPU, the others as that of
    the process that was interrupted. A process that is never idle shows which: is there time that it does not have?"""
    def accounted():
        with open("/proc/thread-self/schedstat") as f:
            return sum(map(int, f.read().split()[:2])) / 1e9  # what it had, and what it waited for a CPU

    with socket.create_server(("127.0.0.1", 0)) as listener, \
            socket.create_connection(listener.getsockname()) as ours, listener.accept()[0] as theirs:
        before, steal, began = accounted(), times().steal, time.perf_counter()
        while (wall := time.perf_counter() - began) < seconds:
            ours.send(bytes(100))
            theirs.recv(100)
        return accounted() - before + times().steal - steal < .92 * wall


class Others:
    """Counts from now on what processes other than these servers, us and our ended children use."""
    interrupts_apart = False

    def __init__(self, servers):
        self.servers = servers
        self.times, self.ours = times(), self.our_cpu_seconds()

    def our_cpu_seconds(self):
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + ended.ru_utime + ended.ru_stime + sum(s.cpu_seconds() for s in self.servers)

    def used(self):
        """Seconds of CPU: (the others', the host's)."""
        ours, now = self.our_cpu_seconds() - self.ours, times()
        busy = now.processes - self.times.processes
        if not self.interrupts_apart:
            busy += now.interrupts - self.times.interrupts
        return busy - ours, now.steal - self.times.steal


def spread(values):
    return (max(values) - min(values)) / statistics.median(values)


def share_of_round(figures, field):
    """Of a CPU, in the whole round."""
    seconds = sum(f.seconds for f in figures)
    return max(0, sum(getattr(f, field) * f.seconds for f in figures) / seconds) if seconds else 0


def verdict(rounds, cpus=2):
    """Sentences, none when the figures can be trusted. `rounds`: for each {(depth, name): figures}."""
    said = []
    for field, text in (("others", "other processes used"), ("steal", "the host of this virtual machine took")):
        shares = [share_of_round(r.values(), field) for r in rounds if r]
        if shares and max(shares) > BUSY:
            said.append("Not to be trusted: %s %.0f %% of a CPU in the worst round, %.0f %% in the median one." % (
                text, 100 * max(shares), 100 * statistics.median(shares)))
    if wide := wide_spreads(rounds):
        said.append("Not to be trusted: the rounds' CPU figures differ by more than %.0f %% for %s." % (
            100 * SPREAD, "; ".join(wide)))
    if cpus < 2:
        said.append("Not to be trusted: there is one CPU, which servers and wrk share.")
    return said


def wide_spreads(rounds):
    found = {}
    for depth, name in dict.fromkeys(key for r in rounds for key in r):
        values = [r[depth, name].cpu for r in rounds if (depth, name) in r]
        if spread(values) > SPREAD:
            found.setdefault(depth, []).append("%s (%.0f %%)" % (name, 100 * spread(values)))
    return ["%s: %s" % (mode(depth), ", ".join(names)) for depth, names in found.items()]


def mode(depth):
    return "one request at a time" if depth == 1 else "%d pipelined" % depth


def limited_by_wrk(figures):
    """When wrk has no CPU left and the server has, requests/s are what wrk can do."""
    wrk, server = (statistics.median(getattr(f, field) for f in figures) for field in ("wrk_busy", "server_busy"))
    return wrk >= LIMIT and server < LIMIT
