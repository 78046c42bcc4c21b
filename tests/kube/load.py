"""Steady load on a service from many clients, and what became of each request."""
import collections
import contextlib
import errno
import re
import socket
import statistics
import threading
import time

Result = collections.namedtuple("Result", "client began seconds failure")  # failure: None, or its name

TIMEOUT = 20


class Failed(Exception):
    """A request that was not answered as it should be; the message is a failure's name."""


def named(error):
    """The failure's name of a socket's error."""
    names = {errno.ECONNREFUSED: "refused", errno.EHOSTUNREACH: "refused",  # as the Service says it
             errno.ECONNRESET: "reset", errno.EPIPE: "reset"}
    return "no answer in %d s" % TIMEOUT if isinstance(error, TimeoutError) else names.get(error.errno, repr(error))


class Connection:
    """One TCP connection, for one request after the other."""

    def __init__(self, address):
        self.socket = socket.create_connection(address, TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lasts = True  # the server has not said `Connection: close`

    def close(self):
        self.socket.close()

    def ask(self, pieces):
        """Sends a request piece by piece, and gives (status, head, body)."""
        try:
            for piece in pieces:
                self.socket.sendall(piece)
        except ConnectionError:
            with contextlib.suppress(OSError, Failed):
                return self.answer()  # an early one
            raise
        return self.answer()

    def answer(self):
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.more(data)
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", head)[1])
        while len(body) < length:
            body += self.more(data)
        self.lasts = not re.search(rb"(?i)\r\nconnection: close", head)
        return int(head.split()[1]), head, body

    def more(self, so_far):
        got = self.socket.recv(65536)
        if not got:
            raise Failed("closed within an answer" if so_far else "closed without an answer")
        return got


def request(method, target, *lines, body=b""):
    return "\r\n".join(["%s %s HTTP/1.1" % (method, target), "Host: phial", *lines, "", ""]).encode() + body


WELCOME = request("GET", "/")


def expect(answer, status, body):
    if answer[0] != status:
        raise Failed("answer %d" % answer[0])
    if body not in answer[2]:
        raise Failed("a wrong body")


class Load:
    """Clients that keep their connections, clients that make one a request, and slow uploads, from start() to stop()."""
    KEPT, NEW, UPLOADS = 4, 2, 2
    PACE = .012  # seconds between a client's requests, its answer's time not counted
    UPLOAD = 32 * [b"\x5a" * 32768]
    UPLOAD_PACE = .1  # between pieces: three seconds each

    def __init__(self, address):
        self.address = address
        self.results = []  # appended to by all threads
        self.ending = threading.Event()
        kinds = self.KEPT * [self.kept] + self.NEW * [self.new] + self.UPLOADS * [self.upload]
        self.threads = [threading.Thread(target=kind, daemon=True) for kind in kinds]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *failure):
        self.ending.set()
        for thread in self.threads:
            thread.join()

    @contextlib.contextmanager
    def request(self, client):
        """Notes what becomes of the request made within."""
        began, failure = time.monotonic(), None
        try:
            yield
        except (OSError, Failed) as e:
            failure = str(e) if isinstance(e, Failed) else named(e)
        self.results.append(Result(client, began, time.monotonic() - began, failure))
        if failure:
            self.ending.wait(.05)

    def kept(self):
        connection = None
        while not self.ending.wait(self.PACE):
            with self.request("kept"):
                lasts = False
                try:
                    connection = connection or Connection(self.address)
                    expect(connection.ask([WELCOME]), 200, b"Welcome")
                    lasts = connection.lasts
                finally:
                    if not lasts and connection:
                        connection.close()
                        connection = None

    def new(self):
        while not self.ending.wait(self.PACE):
            with self.request("new"), contextlib.closing(Connection(self.address)) as connection:
                expect(connection.ask([WELCOME]), 200, b"Welcome")

    def upload(self):
        def slowly():
            yield request("POST", "/messages", "Content-Type: application/octet-stream",
                          "Content-Length: %d" % sum(map(len, self.UPLOAD)))
            for piece in self.UPLOAD:
                time.sleep(self.UPLOAD_PACE)
                yield piece

        while not self.ending.is_set():
            with self.request("upload"), contextlib.closing(Connection(self.address)) as connection:
                expect(connection.ask(slowly()), 200, b"Binary message written!")

    def since(self, began):
        """What became of the requests begun since then that have ended."""
        return [r for r in list(self.results) if r.began >= began]

    def ended_since(self, began):
        """What became of the requests that have ended since then."""
        return [r for r in list(self.results) if r.began + r.seconds >= began]


def report(results, began):
    """In words: how many, how fast, how many failed, why, and when after the beginning."""
    clients = collections.Counter(r.client for r in results)
    times = sorted(r.seconds for r in results if r.client != "upload" and not r.failure)
    failures = collections.Counter("%s (%s)" % (r.failure, r.client) for r in results if r.failure)
    text = "%d requests (%s)" % (len(results), ", ".join("%d %s" % (n, c) for c, n in sorted(clients.items())))
    if times:
        text += ", median %.1f ms, slowest %.0f ms" % (1000 * statistics.median(times), 1000 * times[-1])
    text += ", failed: " + (", ".join("%d %s" % (n, why) for why, n in failures.most_common()) or "none")
    when = [r.began - began for r in results if r.failure]
    return text + (", from second %.1f to %.1f" % (min(when), max(when)) if when else "")
