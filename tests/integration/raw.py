"""A client for the conformance tests: sends exact bytes, reads answers as strictly as RFC 9112 says."""
import datetime
import re
import socket

# Seconds until a silent service counts as hanging: far below the 10 s it gives a head, far above what noise costs.
PATIENCE = 4

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5]\d\d) [\t -~\x80-\xff]*")
FIELD_LINE = re.compile(rb"(" + TOKEN + rb"):[ \t]*([\t -~\x80-\xff]*?)[ \t]*")

# What are allowed in a token (RFC 9110 5.6.2).
TCHARS = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Control characters that are no part of any line: neither tab nor a line end.
CONTROLS = [c for c in (*range(0x20), 0x7F) if chr(c) not in "\t\r\n"]

HELLO = b"Text Message: hello"
WELCOME = b"Welcome"


class Failure(Exception):
    pass


def want(condition, told):
    if not condition:
        raise Failure(told)


def as_bytes(text):
    """Tables are easier to read as text; each character below U+0100 is a byte."""
    return text if isinstance(text, bytes) else text.encode("latin-1")


def message(line, *fields, body=b""):
    """A request line, field lines and a body, exactly as given, with CR LF between."""
    return b"\r\n".join([as_bytes(x) for x in (line, *fields)] + [b"", b""]) + as_bytes(body)


def get(*fields, path="/"):
    return message(b"GET " + as_bytes(path) + b" HTTP/1.1", "Host: a", *fields)


def post(*fields, body=b"", path="/messages", content_type="text/plain"):
    """POST /messages answers "Text Message: " and the body, so the answer shows where the service saw it end."""
    return message("POST %s HTTP/1.1" % path, "Host: a", "Content-Type: " + content_type, *fields, body=body)


def chunked(body, path="/messages"):
    return post("Transfer-Encoding: chunked", body=body, path=path)


CHUNKED_HELLO = b"5\r\nhello\r\n0\r\n\r\n"
# A whole request behind a doubtful one: when it is answered, something has been smuggled.
SMUGGLED = get(path="/articles/smuggled")
# The last request on a connection that lives on: the answer to it proves that nothing was left over before it.
PROBE = get("Connection: close", path="/articles/probe")


class Answer:
    """The head of a response, checked; its body is put in when it has been read."""

    def __init__(self, head):
        lines = head.split(b"\r\n")
        found = STATUS_LINE.fullmatch(lines[0])
        want(found, "a malformed status line: %r" % lines[0])
        self.status = int(found[1])
        self.fields = []
        self.body = b""
        for line in lines[1:]:
            found = FIELD_LINE.fullmatch(line)
            want(found, "a malformed field line: %r" % line)
            self.fields.append((found[1].decode().lower(), found[2].decode("latin-1")))

    def all(self, name):
        return [value for known, value in self.fields if known == name.lower()]

    def value(self, name):
        """The lines of a field as one list, None when it is absent."""
        return ", ".join(self.all(name)) if self.all(name) else None

    def options(self, name):
        return [option.strip().lower() for value in self.all(name) for option in value.split(",")]

    def check(self):
        """What holds for every response: its date, and what may announce its content."""
        if self.status < 200 or self.status == 204:
            want(not self.all("Transfer-Encoding"), "Transfer-Encoding in a %d (RFC 9112 6.1)" % self.status)
            want(not self.all("Content-Length"), "Content-Length in a %d (RFC 9110 8.6)" % self.status)
        if self.status < 200:
            return
        want(len(self.all("Date")) == 1, "not exactly one Date in a %d (RFC 9110 6.6.1)" % self.status)
        self.date()
        want(len(self.all("Content-Length")) <= 1, "several Content-Length")
        want(not (self.all("Content-Length") and self.all("Transfer-Encoding")), "framed twice (RFC 9112 6.2)")
        if self.status == 401:
            want(self.all("WWW-Authenticate"), "401 without WWW-Authenticate (RFC 9110 15.5.2)")
        if self.status == 405:
            want(self.all("Allow"), "405 without Allow (RFC 9110 15.5.6)")

    def date(self):
        form = "%a, %d %b %Y %H:%M:%S GMT"
        text = self.value("Date")
        try:
            date = datetime.datetime.strptime(text, form)
        except ValueError:
            raise Failure("Date is no IMF-fixdate (RFC 9110 5.6.7): %r" % text) from None
        want(date.strftime(form) == text, "Date is not as it is written (RFC 9110 5.6.7): %r" % text)
        return date.replace(tzinfo=datetime.timezone.utc)


class Connection:
    """A client's side. What was sent and what came is kept for the report."""

    def __init__(self, service, patience=PATIENCE):
        self.socket = service.connect(patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.patience = patience
        self.sent = bytearray()
        self.came = bytearray()
        self._read = 0  # of what came
        self.ended = False
        self.unsent = None

    def send(self, data):
        self.sent += data
        try:
            self.socket.sendall(data)
        except OSError as e:
            self.unsent = e  # the answer may be there all the same; reading it tells

    def half_close(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError as e:
            self.unsent = e

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except socket.timeout:
            raise Failure("nothing comes for %g s" % self.patience) from None
        except ConnectionError as e:
            raise Failure("no clean end: %s" % e) from None
        self.came += data
        self.ended = not data
        return not self.ended

    def _take(self, n):
        while len(self.came) - self._read < n:
            want(self._more(), "the connection ends within a body")
        self._read += n
        return bytes(self.came[self._read - n:self._read])

    def _line(self, end=b"\r\n"):
        while (at := self.came.find(end, self._read)) < 0:
            if not self._more():
                raise Failure("closed without an answer" if self._read == len(self.came) else "half an answer")
        line = bytes(self.came[self._read:at])
        self._read = at + len(end)
        return line

    def answer(self, to_head=False):
        """The next response, interim ones too (RFC 9112 6.3)."""
        a = Answer(self._line(b"\r\n\r\n"))
        a.check()
        if to_head or a.status < 200 or a.status in (204, 304):
            return a
        if a.all("Transfer-Encoding"):
            want(a.value("Transfer-Encoding").lower() == "chunked", "an odd Transfer-Encoding in the answer")
            while size := int(self._line().partition(b";")[0], 16):
                a.body += self._take(size)
                want(self._take(2) == b"\r\n", "no CR LF behind a chunk of the answer")
            while self._line():
                pass
        elif a.all("Content-Length"):
            want(a.value("Content-Length").isdecimal(), "an odd Content-Length in the answer")
            a.body = self._take(int(a.value("Content-Length")))
        else:
            while self._more():
                pass
            a.body = self._take(len(self.came) - self._read)
        return a

    def end(self):
        """The service closes, cleanly, and says nothing more."""
        while not self.ended and self._read == len(self.came):
            self._more()
        want(self._read == len(self.came), "bytes behind the last answer: %s" % brief(self.came[self._read:]))

    def lives(self):
        """Nothing is left over on the connection, and it takes another request."""
        self.send(PROBE)
        a = self.answer()
        want((a.status, a.body) == (200, b"You are reading probe"),
             "the request behind it is answered with %d %s" % (a.status, brief(a.body)))
        self.end()

    def silent(self, seconds):
        """Nothing comes, the end of the connection neither."""
        self.socket.settimeout(seconds)
        try:
            data = self.socket.recv(65536)
            raise Failure("too early: %s" % brief(data) if data else "closed too early")
        except socket.timeout:
            want(self._read == len(self.came), "too early: %s" % brief(self.came[self._read:]))
        except ConnectionError as e:
            raise Failure("closed too early: %s" % e) from None
        finally:
            self.socket.settimeout(self.patience)


def brief(data):
    if len(data) <= 420:
        return repr(bytes(data))[1:]
    return "%s ... (%d bytes) ... %s" % (brief(data[:300]), len(data), brief(data[-100:]))
