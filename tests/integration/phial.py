"""Starts the real binary for a test and talks to it."""
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

BINARY = os.environ["PHIAL_BINARY"]


class Service:
    """The binary on a free port, in a folder of its own:  with Service("--debug") as s: ..."""

    def __init__(self, *flags, env=None, folder=None):
        self._folder = None if folder else tempfile.TemporaryDirectory(prefix="phial-test-")
        self.folder = folder or self._folder.name
        self._output = open(os.path.join(self.folder, "stdout"), "wb")
        self.process = subprocess.Popen([BINARY, "--port", "0", *flags], cwd=self.folder, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, env={**os.environ, **(env or {})}, text=True)
        self.first_lines = []
        for line in self.process.stdout:
            self.first_lines.append(line.rstrip("\n"))
            found = re.fullmatch(r"listening on (http://(.+):(\d+))\n", line)
            if found:
                self.url, self.host, self.port = found[1], found[2].strip("[]"), int(found[3])
                break
        else:
            raise AssertionError("did not start: %r" % self.first_lines)
        # The pipe has to be emptied, or a service that logs much would wait for us.
        self._drain = subprocess.Popen(["cat"], stdin=self.process.stdout, stdout=self._output)
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self._drain.wait()
        self._output.close()
        try:
            assert failure[0] is not None or code == 0, "ended with %d: %s" % (code, self.output())
        finally:
            if self._folder:
                self._folder.cleanup()

    def stop(self, with_signal=signal.SIGTERM):
        self.process.send_signal(with_signal)

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def wait_for_record(self, text, seconds=10):
        """Returns when app.log, which is written by a thread of its own, holds the text."""
        until = time.monotonic() + seconds
        while not os.path.exists(self.path("app.log")) or text.encode() not in self.read("app.log"):
            assert time.monotonic() < until, "no record %r within %d s" % (text, seconds)
            time.sleep(0.01)

    def output(self):
        return self.read("stdout").decode("utf-8", "replace")

    def connect(self, timeout=10):
        return socket.create_connection((self.host, self.port), timeout)

    def exchange(self, raw, half_close=False):
        """Sends bytes, gives everything that comes until the service closes."""
        with self.connect() as s:
            try:
                s.sendall(raw)
                if half_close:
                    s.shutdown(socket.SHUT_WR)
            except ConnectionError:
                pass  # the answer may be there all the same
            return receive_all(s)


def receive_all(s):
    answer = b""
    while True:
        try:
            more = s.recv(65536)
        except ConnectionError:
            return answer
        if not more:
            return answer
        answer += more


def receive_response(s):
    """One response with Content-Length: (status, head, body)."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = s.recv(65536)
        assert more, "closed before an answer: %r" % data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", head)[1])
    while len(body) < length:
        more = s.recv(65536)
        assert more, "closed within an answer"
        body += more
    assert len(body) == length, "bytes behind the answer: %r" % body[length:]
    return int(head.split()[1]), head.decode("latin-1"), body


def get(path, *lines):
    return "\r\n".join(["GET %s HTTP/1.1" % path, "Host: a", *lines, "", ""]).encode()


def run(*flags, env=None):
    """Runs the binary to its end: (exit status, stdout, stderr)."""
    done = subprocess.run([BINARY, *flags], capture_output=True, text=True, timeout=30, env={**os.environ, **(env or {})})
    return done.returncode, done.stdout, done.stderr
