"""Starts the real binary for a test and talks to it."""
import concurrent.futures
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

BINARY = os.environ["PHIAL_BINARY"]


def sanitizer(path=BINARY):
    """The one that a binary was built with: "asan", "tsan" or ""."""
    with open(path, "rb") as binary:
        content = binary.read()
    return next((name for name in ("asan", "tsan") if b"__%s_init" % name.encode() in content), "")


class Service:
    """The binary on a free port, in a folder of its own:  with Service("--debug") as s: ..."""

    def __init__(self, *flags, env=None, folder=None, before=None, through=(), binary=None):
        """`before` is called in the new process, before it becomes the binary; `through` is a command that does."""
        self.exit_code = 0  # what it is to end with
        if not any(flag.startswith("--port") for flag in flags):
            flags = ("--port", "0", *flags)
        self._folder = None if folder else tempfile.TemporaryDirectory(prefix="phial-test-")
        self.folder = folder or self._folder.name
        self._output = open(os.path.join(self.folder, "stdout"), "wb")
        self.process = subprocess.Popen([*through, binary or BINARY, *flags], cwd=self.folder, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, env={**os.environ, **(env or {})}, text=True,
                                        preexec_fn=before)
        self.first_lines = []
        for line in self.process.stdout:
            self.first_lines.append(line.rstrip("\n"))
            found = re.fullmatch(r"listening on (http://(.+):(\d+))\n", line) or \
                re.search(r'"message":"listening on .*"url":"(http://(.+):(\d+))"', line)
            if found:
                self.url, self.host, self.port = found[1], found[2].strip("[]"), int(found[3])
                break
        else:
            raise AssertionError("did not start: %r" % self.first_lines)
        # The pipe is emptied, or what a service logs would be dropped when it is much.
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
            assert failure[0] is not None or code == self.exit_code, "ended with %d: %s" % (code, self.output())
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

    def connect(self, timeout=10, source=None):
        """`source`: the address it comes from, one of this machine's (127.0.0.2, ...)."""
        return socket.create_connection((self.host, self.port), timeout, source and (source, 0))

    def client(self, timeout=20, source=None):
        return Client(self.connect(timeout, source))

    def ask(self, raw, timeout=20, source=None):
        """Sends one request on a connection of its own: (status, head, body)."""
        with self.client(timeout, source) as c:
            c.send(raw)
            return c.response()

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


class Client:
    """A connection that is kept: sends bytes, reads answers one by one."""

    def __init__(self, s):
        self.socket = s
        self.data = b""

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()

    def close(self):
        self.socket.close()

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def send(self, raw):
        self.socket.sendall(raw)

    def read(self, n):
        while len(self.data) < n:
            more = self.socket.recv(65536)
            assert more, "closed within an answer: %r" % self.data[:300]
            self.data += more
        out, self.data = self.data[:n], self.data[n:]
        return out

    def head(self):
        """The status and the head of the next answer: (200, "...")."""
        while b"\r\n\r\n" not in self.data:
            more = self.socket.recv(65536)
            assert more, "closed before an answer: %r" % self.data[:300]
            self.data += more
        head = self.read(self.data.index(b"\r\n\r\n") + 4)
        return int(head.split()[1]), head.decode("latin-1")

    def line(self):
        while b"\r\n" not in self.data:
            more = self.socket.recv(65536)
            assert more, "closed within an answer: %r" % self.data[:300]
            self.data += more
        return self.read(self.data.index(b"\r\n") + 2)[:-2]

    def chunks(self):
        """The content of a chunked answer without trailers."""
        content = b""
        while size := int(self.line(), 16):
            content += self.read(size)
            self.line()
        assert self.line() == b""
        return content

    def response(self):
        """The next answer, with Content-Length or chunked: (status, head, body). What comes behind it is kept."""
        status, head = self.head()
        if "\r\ntransfer-encoding: chunked\r\n" in head.lower():
            return status, head, self.chunks()
        return status, head, self.read(int(re.search(r"(?i)\r\ncontent-length: (\d+)", head)[1]))

    def rest(self):
        """All that comes until the service closes; fails when it resets instead."""
        while more := self.socket.recv(65536):
            self.data += more
        out, self.data = self.data, b""
        return out


def eventually(condition, what, seconds=20):
    """Returns what `condition` gives as soon as that is true."""
    until = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < until, "not within %d s: %s" % (seconds, what)
        time.sleep(0.01)
    return result


def run_concurrently(module="__main__"):
    """unittest.main for tests that mostly wait: all at once, a thread each. Exit status 0: all pass."""
    def run_test(test):
        begun = time.monotonic()
        result = unittest.TestResult()
        test.run(result)
        return test, result, time.monotonic() - begun

    def flat(suite):
        for one in suite:
            yield from flat(one) if isinstance(one, unittest.TestSuite) else [one]

    loader = unittest.defaultTestLoader
    given = sys.argv[1:]
    main = sys.modules[module]
    tests = list(flat(loader.loadTestsFromNames(given, main) if given else loader.loadTestsFromModule(main)))
    passed = True
    with concurrent.futures.ThreadPoolExecutor(len(tests)) as pool:
        for test, result, seconds in pool.map(run_test, tests):
            wrong = result.failures + result.errors
            word = "FAIL" if wrong else "skipped: " + result.skipped[0][1] if result.skipped else "ok"
            print("%s ... %s (%.1f s)" % (test, word, seconds), file=sys.stderr)
            for _, trace in wrong:
                print(trace, file=sys.stderr)
            passed = passed and not wrong
    sys.exit(0 if passed and tests else 1)


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


def post(path, media_type, body=b"", *lines, length=None):
    """A POST with Content-Length: that of the body, or `length`."""
    n = len(body) if length is None else length
    return "\r\n".join(["POST %s HTTP/1.1" % path, "Host: a", "Content-Type: " + media_type, "Content-Length: %d" % n,
                        *lines, "", ""]).encode() + body


def post_chunked(path, media_type, *pieces, lines=()):
    """The head of a chunked POST, then the pieces as they are."""
    return "\r\n".join(["POST %s HTTP/1.1" % path, "Host: a", "Content-Type: " + media_type,
                        "Transfer-Encoding: chunked", *lines, "", ""]).encode() + b"".join(pieces)


def chunk(content, extensions=b""):
    """One chunk of a chunked body; of no content it is the last one, and ends it."""
    return b"%x%s\r\n%s\r\n" % (len(content), extensions, content)
