"""A server that runs for peers.py: how it starts, whether it answers, what it has used, and how it ends."""
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time

from common import children, phial, pinned, process_cpu_seconds, rss

PATH = "/articles/123"
CONTENT = b"You are reading 123"


def tree(pid):
    """The process and all that it has started."""
    found = [pid]
    with contextlib.suppress(FileNotFoundError):
        for child in children(pid):
            found += tree(child)
    return found


class Failure(Exception):
    """A server does not do what it must; the text says what."""


class Running:
    """A server on its CPU, in a separate process group, with its stderr in the folder."""

    def __init__(self, name, command, port, folder, cpu, cwd=None):
        self.name, self.port, self.folder = name, port, folder
        if accepts(port):
            raise Failure("another process listens on port %d" % port)
        self.messages = os.path.join(folder, "stderr")
        with open(self.messages, "wb") as messages:
            try:
                self.process = subprocess.Popen(command, cwd=cwd or folder, stdin=subprocess.DEVNULL,
                                                stdout=subprocess.DEVNULL, stderr=messages, start_new_session=True,
                                                preexec_fn=pinned(cpu),
                                                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
            except OSError as e:
                raise Failure(str(e)) from None

    def wait_until_it_answers(self, seconds=20):
        until = time.monotonic() + seconds
        while not accepts(self.port):
            if self.process.poll() is not None:
                raise Failure("it ended with %d: %s" % (self.process.returncode, self.last_message()))
            if time.monotonic() > until:
                raise Failure("nothing accepts connections on port %d after %d s: %s" % (
                    self.port, seconds, self.last_message()))
            time.sleep(.02)
        check_answer(self.port)

    def last_message(self):
        with open(self.messages, errors="replace") as f:
            return (f.read().strip().splitlines() or ["it printed nothing"])[-1]

    def cpu_seconds(self):
        total = 0
        for pid in tree(self.process.pid):
            with contextlib.suppress(OSError):
                total += process_cpu_seconds(pid)
        return total

    def rss(self):
        """MiB of all its processes; what two of them share counts twice."""
        total = 0
        for pid in tree(self.process.pid):
            with contextlib.suppress(OSError):
                total += rss(pid)
        return total

    def drop_logs(self):
        """Logs would fill the disk, and the CPU of writing them to it is not the server's."""
        for entry in os.scandir(self.folder):
            if entry.name == "access.log":
                os.truncate(entry.path, 0)
            elif entry.name.startswith("app-"):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(entry.path)

    def signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def stop(servers, seconds=3):
    """Ends them all, and what they have started; a second Ctrl-C does not interrupt that."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    for s in servers:
        s.signal(signal.SIGTERM)
    until = time.monotonic() + seconds
    for s in servers:
        with contextlib.suppress(subprocess.TimeoutExpired):
            s.process.wait(max(0, until - time.monotonic()))
        s.signal(signal.SIGKILL)
        s.process.wait()
    signal.signal(signal.SIGINT, before)


def accepts(port):
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True


def check_answer(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", PATH)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as e:
        raise Failure("no answer to GET %s: %r" % (PATH, e)) from None
    finally:
        connection.close()
    if answer.status != 200 or body != CONTENT:
        raise Failure("a wrong answer to GET %s: %d %r" % (PATH, answer.status, body[:60]))


def right_answers(port, requests):
    """How many of that many requests, sent at once on one connection, it answers rightly."""
    data = b""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as s:
        s.sendall(phial.get(PATH) * requests)
        while data.count(CONTENT) < requests and (more := s.recv(65536)):
            data += more
    return min(data.count(b"HTTP/1.1 200 "), data.count(CONTENT))
