#!/usr/bin/env -S python3 -B
"""Sends every kind of hostile body to every route of a service that has little memory: it lives, answers all of them,
and no other client notices.

    hostile_test.py IMAGE DEBUG_IMAGE   in containers of 256 and 64 MiB, by podman
    hostile_test.py BINARY              in memory cgroups of these sizes, without podman

As root. Prints what each kind took at most of the memory, and how long another client had to wait at most.
"""
import concurrent.futures
import contextlib
import os
import re
import socket
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
BINARY = os.path.abspath(sys.argv[1]) if len(sys.argv) == 2 else ""
os.environ.setdefault("PHIAL_BINARY", BINARY)
import hostile  # noqa: E402
from phial import Client, Service, get  # noqa: E402

PATIENCE = 60  # seconds for an answer
AT_ONCE = 4


@contextlib.contextmanager
def memory_cgroup(mib):
    """Gives a function that puts the process which calls it into a cgroup that has so much memory."""
    v1 = "/sys/fs/cgroup/memory"
    top, limit = (v1, "memory.limit_in_bytes") if os.path.isdir(v1) else ("/sys/fs/cgroup", "memory.max")
    folder = tempfile.mkdtemp(prefix="phial-hostile-", dir=top)
    with open(os.path.join(folder, limit), "w") as f:
        f.write(str(mib << 20))

    def enter():
        with open(os.path.join(folder, "cgroup.procs"), "w") as f:
            f.write(str(os.getpid()))

    try:
        yield enter
    finally:
        os.rmdir(folder)


class Process:
    """The binary in a memory cgroup; as a Container."""

    def __init__(self, mib):
        self._held = contextlib.ExitStack()
        enter = self._held.enter_context(memory_cgroup(mib))
        self._service = self._held.enter_context(Service("--ops-port", "0", "--log-dir", "", before=enter))
        self.pid, self.port = self._service.process.pid, self._service.port
        self.ops_port = int(re.search(r"ops on http://\S+:(\d+)", "\n".join(self._service.first_lines))[1])

    def alive(self):
        return self._service.process.poll() is None

    def remove(self):
        self._service.exit_code = self._service.process.poll() or 0  # the test tells of it
        self._held.close()


def start(mib):
    if BINARY:
        return Process(mib)
    from container_test import Container  # reads the names of the images
    return Container(memory="%dm" % mib)


class Bystander:
    """Another client: asks for / and /livez, each time by a new connection, until it is stopped."""

    def __init__(self, service):
        self.longest, self.answers, self.failures = 0, 0, []
        self._service, self._stop = service, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *failure):
        self._stop.set()
        self._thread.join()

    def _run(self):
        while not self._stop.wait(0.002) and not self.failures:
            self.longest = max(self.longest, self._ask("/", self._service.port))
            self._ask("/livez", self._service.ops_port)

    def _ask(self, target, port):
        begun = time.monotonic()
        try:
            with Client(socket.create_connection(("127.0.0.1", port), PATIENCE)) as c:
                c.send(get(target))
                status = c.response()[0]
            self.answers += 1
            if status != 200:
                self.failures.append("GET %s of another client: %d" % (target, status))
        except (OSError, AssertionError) as e:
            self.failures.append("GET %s of another client: %r" % (target, e))
        return time.monotonic() - begun


def send(s, raw):
    with contextlib.suppress(OSError):  # refused before its end; what matters is the answer
        for piece in raw:
            s.sendall(piece)


def take_answer(s):
    """The status; the body, which may be large, is taken to its end and thrown away."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = s.recv(4096)
        assert more, "closed without an answer"
        head += more
    head, _, body = head.partition(b"\r\n\r\n")
    left = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", head)[1]) - len(body)
    while left > 0:
        n = len(s.recv(1 << 20))
        assert n, "closed %d bytes before the answer's end" % left
        left -= n
    return int(head.split()[1])


def ask(service, kind, route):
    """The status, or what went wrong instead. The body is sent while the answer is waited for."""
    try:
        with socket.create_connection(("127.0.0.1", service.port), PATIENCE) as s:
            sender = threading.Thread(target=send, args=(s, hostile.request(kind, route)))
            sender.start()
            try:
                return take_answer(s)
            finally:
                with contextlib.suppress(OSError):
                    s.shutdown(socket.SHUT_RDWR)
                sender.join()
    except (OSError, AssertionError) as e:
        return repr(e)


def peak_mib(pid):
    with contextlib.suppress(OSError), open("/proc/%d/status" % pid) as f:
        if found := re.search(r"VmHWM:\s+(\d+) kB", f.read()):
            return int(found[1]) / 1024
    return float("nan")


def forget_peak(pid):
    with open("/proc/%d/clear_refs" % pid, "w") as f:
        f.write("5")


def play(service, kind):
    """Sends one kind everywhere; (statuses of the two routes that read bodies, the bystander, what was wrong)."""
    hostile.body(kind)  # made before anybody's time is taken
    wrong, read = [], []
    with Bystander(service) as other, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for route, right in hostile.ROUTES.items():
            statuses = [ask(service, kind, route)]
            if right is hostile.READ:
                read += statuses
                statuses += pool.map(lambda r: ask(service, kind, r), [route] * AT_ONCE)
            wrong += ["%s %s: %s" % (*route, s) for s in statuses if s not in right]
            if not service.alive():
                wrong.append("the process ended at %s %s" % route)
                break
    return read, other, wrong + other.failures


class HostileBodies(unittest.TestCase):
    def check(self, mib):
        print("%-26s %-14s %9s %12s %8s" % ("in %d MiB" % mib, "read", "peak MiB", "longest ms", "answers"), flush=True)
        failures, service = [], start(mib)
        try:
            for kind in hostile.KINDS:
                forget_peak(service.pid)
                read, other, wrong = play(service, kind)
                print("%-26s %-14s %9.1f %12.1f %8d" % (kind, " ".join(map(str, read)), peak_mib(service.pid),
                                                        other.longest * 1000, other.answers), flush=True)
                failures += ["%s: %s" % (kind, w) for w in wrong]
                if not service.alive():
                    service.remove()
                    service = start(mib)
        finally:
            service.remove()
        if failures:
            self.fail("\n" + "\n".join(failures))

    def test_in_256_mib(self):
        self.check(256)

    def test_in_64_mib(self):
        self.check(64)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1], verbosity=0)
