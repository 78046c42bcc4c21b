"""Steady load on a service from many clients, and what became of each request."""
import collections
import contextlib
import errno
import os
import socket
import statistics
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
os.environ.setdefault("PHIAL_BINARY", "")  # here it is in the image
from phial import Client, get, post  # noqa: E402

Result = collections.namedtuple("Result", "client began seconds failure")  # failure: None, or its name

TIMEOUT = 20
WELCOME = get("/")


class Failed(Exception):
    """A request that was answered otherwise than it should be; the message is the failure's name."""


def named(failure):
    """A failure's name."""
    if isinstance(failure, TimeoutError):
        return "no answer in %d s" % TIMEOUT
    if isinstance(failure, OSError):
        return {errno.ECONNREFUSED: "refused", errno.EHOSTUNREACH: "refused",  # as the Service says it
                errno.ECONNRESET: "reset", errno.EPIPE: "reset"}.get(failure.errno, repr(failure))
    return str(failure).split(":")[0]  # "closed before an answer: b''"


def connect(address):
    s = socket.create_connection(address, TIMEOUT)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Client(s)


def ask(client, *pieces):
    """Sends a request piece by piece, and gives (status, head, body)."""
    try:
        for piece in pieces:
            client.send(piece() if callable(piece) else piece)
    except ConnectionError:
        with contextlib.suppress(OSError, AssertionError):
            return client.response()  # an early one
        raise
    return client.response()


def expect(answer, status, body):
    if answer[0] != status:
        raise Failed("answer %d" % answer[0])
    if answer[2] != body:
        raise Failed("a wrong body")
    return answer


class Load:
    """Clients that keep their connections, clients that make one a request, and slow uploads, while it is entered."""
    KEPT, NEW, UPLOADS = 4, 2, 2
    PACE = .012  # seconds between a client's requests, its answer's time not counted
    PIECES, PIECE = 32, b"\x5a" * 32768  # of an upload
    UPLOAD_PACE = .1  # between them: three seconds each

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
        except (OSError, AssertionError, Failed) as e:
            failure = named(e)
        self.results.append(Result(client, began, time.monotonic() - began, failure))
        if failure:
            self.ending.wait(.05)

    def kept(self):
        client = None
        while not self.ending.wait(self.PACE):
            with self.request("kept"):
                lasts = False
                try:
                    client = client or connect(self.address)
                    _, head, _ = expect(ask(client, WELCOME), 200, b"Welcome")
                    lasts = "\r\nConnection: close\r\n" not in head
                finally:
                    if not lasts and client:
                        client.close()
                        client = None

    def new(self):
        while not self.ending.wait(self.PACE):
            with self.request("new"), connect(self.address) as client:
                expect(ask(client, WELCOME), 200, b"Welcome")

    def upload(self):
        def slowly():
            time.sleep(self.UPLOAD_PACE)
            return self.PIECE

        pieces = [post("/messages", "application/octet-stream", length=self.PIECES * len(self.PIECE)), *self.PIECES * [slowly]]
        while not self.ending.is_set():
            with self.request("upload"), connect(self.address) as client:
                expect(ask(client, *pieces), 200, b"Binary message written!")

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
