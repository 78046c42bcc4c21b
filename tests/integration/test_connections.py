"""The life of a connection: RFC 9112 section 9, and what becomes of bodies that nobody reads."""
import socket
import threading
import time

from cases import EITHER, UNSAID, Case, Suite, closes, lives, refused
from raw import CHUNKED_HELLO, HELLO, SMUGGLED, WELCOME, Failure, brief, chunked, get, message, post, want

suite = Suite()


def ask(method, path, *fields, body=b"", version="HTTP/1.1"):
    return message("%s %s %s" % (method, path, version), "Host: a", *fields, body=body)


# --- RFC 9112 9.3: whether it lives on --------------------------------------------------------------------------------

LIVES = {
    "nothing said": get(),
    "keep-alive": get("Connection: keep-alive"),
    "keep-alive, in another case": get("Connection: KEEP-Alive"),
    "another option": get("Connection: x"),
    "an empty Connection": get("Connection:"),
    "commas only": get("Connection: , ,"),
    "an option that begins like close": get("Connection: closed"),
    "an option that ends like close": get("Connection: xclose"),
    "an option with close in it": get("Connection: not-close, close-x"),
    "a value of another field": get("X-Connection: close"),
    "Proxy-Connection": get("Proxy-Connection: close"),
    "Keep-Alive": get("Keep-Alive: timeout=5, max=1"),
    "HTTP/1.0 and keep-alive": message("GET / HTTP/1.0", "Connection: keep-alive"),
    "HTTP/1.0 and keep-alive, in another case": message("GET / HTTP/1.0", "connection: Keep-Alive"),
    "HTTP/1.0 and keep-alive in a list": message("GET / HTTP/1.0", "Connection: x,\tkeep-alive , y"),
    "HTTP/1.0 and keep-alive in a second line": message("GET / HTTP/1.0", "Connection: x", "Connection: keep-alive"),
}
for what, sent in LIVES.items():
    suite.add(lives("RFC 9112 9.3: kept alive with %s" % what, sent, body=WELCOME,
                    head={"Connection": "keep-alive"} if b"HTTP/1.0" in sent else None))
CLOSES = {
    "close": get("Connection: close"),
    "Close": get("Connection: Close"),
    "CLOSE": get("CONNECTION: CLOSE"),
    "close without a space": get("Connection:close"),
    "close with white space": get("Connection: \t close \t"),
    "close first in a list": get("Connection: close, x"),
    "close last in a list": get("Connection: x, close"),
    "close within a list": get("Connection: x,close,y"),
    "close in a list with tabs": get("Connection: x\t,\tclose\t,\ty"),
    "close in a list with empty elements": get("Connection: ,,close,,"),
    "close in the second line": get("Connection: x", "Connection: close"),
    "close in the first line": get("Connection: close", "Connection: x"),
    "close in the third line": get("Connection: x", "X-A: b", "Connection:", "connection: y, close"),
    "close twice": get("Connection: close, close"),
    "keep-alive, close": get("Connection: keep-alive, close"),
    "close, keep-alive": get("Connection: close, keep-alive"),
    "keep-alive and close in two lines": get("Connection: keep-alive", "Connection: close"),
    "close and keep-alive in two lines": get("Connection: close", "Connection: keep-alive"),
    "HTTP/1.0": message("GET / HTTP/1.0"),
    "HTTP/1.0 and Host": message("GET / HTTP/1.0", "Host: a"),
    "HTTP/1.0 and close": message("GET / HTTP/1.0", "Connection: close"),
    "HTTP/1.0 and keep-alive, close": message("GET / HTTP/1.0", "Connection: keep-alive, close"),
    "HTTP/1.0 and close behind keep-alive": message("GET / HTTP/1.0", "Connection: keep-alive", "Connection: close"),
    "HTTP/1.0 and close before keep-alive": message("GET / HTTP/1.0", "Connection: close", "Connection: keep-alive"),
    "HTTP/1.0 and Keep-Alive": message("GET / HTTP/1.0", "Keep-Alive: timeout=5"),
    "HTTP/1.0 and Proxy-Connection": message("GET / HTTP/1.0", "Proxy-Connection: keep-alive"),
    "HTTP/1.0 and another option": message("GET / HTTP/1.0", "Connection: keep-alive-x"),
}
for what, sent in CLOSES.items():
    suite.add(closes("RFC 9112 9.3: closed with %s" % what, sent, body=WELCOME))
suite.add(
    closes("RFC 9112 9.6: close on any status", {
        "404": get("Connection: close", path="/nowhere"), "401": get("Connection: close", path="/secrets"),
        "405": ask("PUT", "/", "Connection: close"), "500": get("Connection: close", path="/debug/error"),
        "501": ask("FOO", "/", "Connection: close"), "OPTIONS": ask("OPTIONS", "*", "Connection: close")},
           (200, 204, 401, 404, 405, 500, 501)),
    closes("RFC 9112 9.6: close with a body", {
        "length": post("Connection: close", "Content-Length: 5", body=b"hello"),
        "chunked": post("Connection: close", "Transfer-Encoding: chunked", body=CHUNKED_HELLO)}, body=HELLO),
    closes("RFC 9112 9.6: close with a body that nobody reads", {
        "length": post("Connection: close", "Content-Length: 5", body=b"hello", path="/nowhere"),
        "chunked": post("Connection: close", "Transfer-Encoding: chunked", body=CHUNKED_HELLO, path="/nowhere")}, 404),
    lives("RFC 9110 7.6.1: Connection takes nothing away from the message", {
        "length": post("Connection: Content-Length", "Content-Length: 5", body=b"hello"),
        "length, behind it": post("Content-Length: 5", "Connection: content-length, Host", body=b"hello"),
        "coding": post("Connection: Transfer-Encoding", "Transfer-Encoding: chunked", body=CHUNKED_HELLO)}, body=HELLO),
    # Only at once: bytes that come when all is closed may be reset, and the client was told not to send them.
    Case("RFC 9112 9.6: what is behind close is not a request", {
        str(n): get("Connection: close") + get() * n for n in (1, 2, 500)}, [200], True, body=WELCOME, drip=False),
    Case("RFC 9112 9.6: what is behind close and a body is not a request",
         post("Connection: close", "Content-Length: 5", body=b"hello") + get(), [200], True, body=HELLO, drip=False),
    lives("RFC 9112 9.3: HTTP/1.0, a body and keep-alive", message(
        "POST /messages HTTP/1.0", "Connection: keep-alive", "Content-Type: text/plain", "Content-Length: 5",
        body=b"hello"), body=HELLO, head={"Connection": "keep-alive"}),
    closes("RFC 1945 8.3: HTTP/1.0 and a body without a length", message(
        "POST /messages HTTP/1.0", "Content-Type: text/plain"), 400),
    Case("RFC 9112 9.3: HTTP/1.0 and 1.1 on one connection",
         message("GET / HTTP/1.0", "Connection: keep-alive") + get() + message("GET / HTTP/1.0"), [200, 200, 200], True,
         body=[WELCOME] * 3),
)


@suite.script("RFC 9112 9.3: two hundred requests one after the other")
def many(connect):
    c = connect()
    for i in range(200):
        c.send(get(path="/articles/%d" % i))
        want(c.answer().body == b"You are reading %d" % i, "another answer to request %d" % i)
    c.lives()


@suite.script("RFC 9112 9.3: two connections do not meet")
def apart(connect):
    a, b = connect(), connect()
    first, second = (post("Content-Length: 5", body=body) for body in (b"hello", b"world"))
    for i in range(0, len(first), 7):
        a.send(first[i:i + 7])
        b.send(second[i:i + 7])
    want(b.answer().body == b"Text Message: world", "another answer")
    want(a.answer().body == HELLO, "another answer")
    a.lives()
    b.lives()


# --- RFC 9112 9.3.2: pipelining ---------------------------------------------------------------------------------------

BIG = post("Content-Length: 30000", body=b"x" * 30000)
suite.add(
    lives("RFC 9112 9.3.2: a hundred requests at once", b"".join(get(path="/articles/%d" % i) for i in range(100)),
          *[200] * 100, body=[b"You are reading %d" % i for i in range(100)]),
    lives("RFC 9112 9.3.2: two requests, cut anywhere",
          get("Accept: */*", path="/articles/1") + get(path="/articles/2"),
          200, 200, body=[b"You are reading 1", b"You are reading 2"], split=True),
    lives("RFC 9112 9.3.2: a chunked body and a request, cut anywhere", chunked(CHUNKED_HELLO) + get(), 200, 200,
          body=[HELLO, WELCOME], split=True),
    lives("RFC 9112 9.3.2: bodies of either kind and none", post("Content-Length: 5", body=b"hello") + get()
          + chunked(CHUNKED_HELLO) + post("Content-Length: 0") + get(), *[200] * 5,
          body=[HELLO, WELCOME, HELLO, b"Text Message: ", WELCOME]),
    lives("RFC 9112 9.3.2: answers larger than any buffer", BIG * 10, *[200] * 10,
          body=[b"Text Message: " + b"x" * 30000] * 10),
    lives("RFC 9112 9.3.2: an upload between others", get() + post(
        "Content-Length: 5", body=b"hello", content_type="application/octet-stream") + get(), 200, 200, 200,
          body=[WELCOME, b"Binary message written!", WELCOME]),
    lives("RFC 9112 9.3.2: GET and HEAD in turn", (get() + ask("HEAD", "/")) * 10, *[200] * 20,
          to_head=range(1, 20, 2)),
)
MIDDLE = {
    "404": (404, get(path="/nowhere")),
    "404 with a body": (404, post("Content-Length: 5", body=b"hello", path="/nowhere")),
    "401": (401, get(path="/secrets")),
    "401 with a body": (401, ask("GET", "/secrets", "Content-Length: 5", body=b"hello")),
    "405": (405, ask("DELETE", "/")),
    "405 with a body": (405, ask("PUT", "/messages", "Content-Length: 5", body=b"hello")),
    "415 with a body": (415, post("Content-Length: 5", body=b"hello", content_type="image/png")),
    "415 with a chunked body": (415, post("Transfer-Encoding: chunked", body=CHUNKED_HELLO, content_type="image/png")),
    "501": (501, ask("FOO", "/")),
    "501 with a body": (501, ask("FOO", "/", "Content-Length: 5", body=b"hello")),
    "500": (500, get(path="/debug/error")),
    "308": (308, get(path="/articles//1")),
    "400 of a handler": (400, post("Content-Length: 1", body=b"{", content_type="application/json")),
}
for what, (status, sent) in MIDDLE.items():
    suite.add(lives("RFC 9112 9.3.2: %s in the middle" % what, get(path="/articles/1") + sent + get(path="/articles/2"),
                    200, status, 200, body=[b"You are reading 1", None, b"You are reading 2"]))
for what, bad in {
    "no Host": message("GET / HTTP/1.1"),
    "a line without a colon": get("X-A"),
    "a request line that is none": b"hello\r\n\r\n",
    "a bad length": post("Content-Length: +5", body=b"hello"),
    "a bad chunk": chunked(b"x\r\nhello\r\n0\r\n\r\n"),
    "a missing end of a chunk": chunked(b"5\r\nhello0\r\n\r\n"),
    "a coding and a length": post("Transfer-Encoding: chunked", "Content-Length: 5", body=CHUNKED_HELLO),
    "bare LF": b"GET / HTTP/1.1\nHost: a\n\n",
}.items():
    suite.add(refused("RFC 9112 9.3.2: %s in the middle, behind answers and before none" % what,
                      get(path="/articles/1") + get(path="/nowhere") + bad, 200, 404, 400))


@suite.script("RFC 9112 9.3.2: five thousand requests, the answers read late")
def flood(connect):
    c = connect()
    sender = threading.Thread(target=lambda: [c.send(get(path="/articles/%d" % i)) for i in range(5000)])
    sender.start()
    time.sleep(0.2)
    try:
        for i in range(5000):
            want(c.answer().body == b"You are reading %d" % i, "another answer to request %d" % i)
    except Failure:
        c.socket.shutdown(socket.SHUT_RDWR)  # the sender may be waiting
        raise
    finally:
        sender.join()
    c.lives()


# --- RFC 9112 9.3: bodies of refused requests -------------------------------------------------------------------------

# What each of these refuses does not depend on the body. Behind the head and the answer comes a body full of requests.
REFUSED = {
    401: ("GET", "/secrets", ()),
    404: ("POST", "/nowhere", ()),
    405: ("PUT", "/messages", ()),
    415: ("POST", "/messages", ("Content-Type: image/png",)),
    501: ("FOO", "/", ()),
}


def filled(size):
    return (SMUGGLED * (size // len(SMUGGLED) + 1))[:size]


for status, (method, path, fields) in REFUSED.items():
    for size in (1, 5000, 65535, 65536):
        suite.add(lives("RFC 9112 9.3: %d drops a body of %d bytes" % (status, size), {
            "length": ask(method, path, *fields, "Content-Length: %d" % size, body=filled(size)),
            "chunked": ask(method, path, *fields, "Transfer-Encoding: chunked",
                           body=b"%x\r\n%b\r\n0\r\nX-A: b\r\n\r\n" % (size, filled(size)))}, status))
    for size in (65537, 200_000):
        suite.add(refused("RFC 9112 9.6: %d and a body of %d bytes" % (status, size),
                          ask(method, path, *fields, "Content-Length: %d" % size, body=filled(size)), status))
    # Its length shows only when it has come, and the answer is given before that.
    suite.add(Case("RFC 9112 9.6: %d and a chunked body of more than 64 KiB" % status,
                   ask(method, path, *fields, "Transfer-Encoding: chunked",
                       body=b"".join(b"1000\r\n%b\r\n" % filled(4096) for _ in range(40)) + b"0\r\n\r\n"),
                   [status], UNSAID, behind=SMUGGLED))

    @suite.script("RFC 9112 9.3: %d comes before the body, which is dropped when it comes" % status)
    def early(connect, status=status, method=method, path=path, fields=fields):
        c = connect()
        c.send(ask(method, path, *fields, "Content-Length: %d" % (3 * len(SMUGGLED))))
        a = c.answer()
        want(a.status == status, "%d" % a.status)
        for _ in range(3):
            c.send(SMUGGLED)
            c.silent(0.01)
        c.lives()

    @suite.script("RFC 9112 9.6: %d can be read by a client that sends 1 MiB more" % status)
    def lingering(connect, status=status, method=method, path=path, fields=fields):
        c = connect()
        c.send(ask(method, path, *fields, "Content-Length: 2000000"))
        c.send(b"x" * (1 << 20))
        want(c.unsent is None, "sending failed: %s" % c.unsent)
        a = c.answer()
        want(a.status == status, "%d" % a.status)
        want("close" in a.options("Connection"), "no Connection: close")
        c.end()

suite.add(
    lives("RFC 9112 9.3: a body nobody reads is dropped after 200", {
        str(size): post("Content-Length: %d" % size, body=filled(size), path="/echo") for size in (1, 5000, 65536)},
          body=b"ECHO: POST\n"),
    Case("RFC 9112 9.3: a body nobody reads, of more than 64 KiB", {
        str(size): post("Content-Length: %d" % size, body=filled(size), path="/echo") for size in (65537, 1 << 20)},
         [(200, 413)], EITHER),
)

# --- RFC 9112 9.6: lingering close ------------------------------------------------------------------------------------

for what, (status, sent) in {
    "400 for a bad length": (400, post("Content-Length: +5")),
    "400 for a missing Host": (400, message("POST /messages HTTP/1.1", "Content-Length: 2000000")),
    "400 for a malformed line": (400, post("X-A")),
    "400 for a bad chunk": (400, chunked(b"x\r\n")),
    "400 for bare LF": (400, b"GET / HTTP/1.1\nHost: a\n\n"),
    "413 for a length": (413, post("Content-Length: 2000000000", content_type="application/octet-stream")),
    "413 for a text": (413, post("Content-Length: 20000000")),
    "414": (414, get(path="/" + "a" * 20_000)),
    "414 of a line without an end": (414, b"GET /"),
    "417": (417, post("Expect: b", "Content-Length: 2000000")),
    "431": (431, get("X-A: " + "b" * 40_000)),
    "431 of a head without an end": (431, get()[:-2] + b"X-A: "),
    "501 for a coding": (501, post("Transfer-Encoding: gzip, chunked")),
    "505": ((400, 505), ask("GET", "/", version="HTTP/2.0")),
    "CONNECT": ((400, 404, 405, 501), ask("CONNECT", "a:80")),
    "404 behind Connection: close": (404, post("Connection: close", "Content-Length: 2000000", path="/nowhere")),
    "401 behind Expect": (401, ask("GET", "/secrets", "Expect: 100-continue", "Content-Length: 2000000")),
}.items():
    @suite.script("RFC 9112 9.6: the answer can be read by a client that sends 1 MiB more, %s" % what)
    def linger(connect, status=status, sent=sent):
        c = connect()
        c.send(sent)
        for _ in range(16):
            c.send(b"x" * 65536)
        want(c.unsent is None, "sending failed: %s" % c.unsent)
        a = c.answer()
        want(a.status in (status if isinstance(status, tuple) else (status,)), "%d" % a.status)
        want("close" in a.options("Connection"), "no Connection: close")
        c.end()


@suite.script("RFC 9112 9.6: and 1 MiB more after it has read the answer")
def later(connect):
    c = connect()
    c.send(ask("GET", "/secrets", "Content-Length: 2000000"))
    want(c.answer().status == 401, "not 401")
    for _ in range(16):
        c.send(b"x" * 65536)
        time.sleep(0.005)
    want(c.unsent is None, "sending failed: %s" % c.unsent)
    c.end()


@suite.script("RFC 9112 9.6: lingering has an end, though the client has none", slow=True)
def endless(connect):
    c = connect()
    c.send(message("GET / HTTP/1.1"))
    want(c.answer().status == 400, "not 400")
    c.end()
    until = time.monotonic() + 60
    while c.unsent is None:
        want(time.monotonic() < until, "still read after 60 s")
        c.send(b"x")
        time.sleep(0.2)


# --- RFC 9112 9.5: half-closed connections ----------------------------------------------------------------------------

suite.add(
    Case("RFC 9112 9.5: the client half-closes behind a request", {
        "GET": get(), "POST": post("Content-Length: 5", body=b"hello"), "chunked": chunked(CHUNKED_HELLO),
        "nobody reads it": chunked(CHUNKED_HELLO, path="/echo"), "close": get("Connection: close"),
        "HTTP/1.0": message("GET / HTTP/1.0")}, [200], UNSAID, half_close=True),
    Case("RFC 9112 9.5: the client half-closes behind several requests", get(path="/articles/1") + post(
        "Content-Length: 5", body=b"hello") + get(path="/nowhere") + chunked(CHUNKED_HELLO) + get(path="/articles/2"),
         [200, 200, 404, 200, 200], UNSAID, half_close=True,
         body=[b"You are reading 1", HELLO, None, HELLO, b"You are reading 2"]),
    Case("RFC 9112 9.5: the client half-closes behind large requests", BIG * 10, [200] * 10, UNSAID, half_close=True,
         body=[b"Text Message: " + b"x" * 30000] * 10),
    Case("RFC 9112 9.5: the client half-closes behind a refused request with a body", ask(
        "PUT", "/messages", "Content-Length: 5", body=b"hello"), [405], UNSAID, half_close=True),
    Case("RFC 9112 9.5: the client half-closes within the body of a refused request", ask(
        "PUT", "/messages", "Content-Length: 5", body=b"he"), [(400, 405)], UNSAID, half_close=True),
    Case("RFC 9112 9.5: the client half-closes behind a malformed request", get() + get("X-A"), [200, 400], UNSAID,
         half_close=True),
    Case("RFC 9112 8: nothing is answered to less than a head", {
        repr(sent): sent for sent in (b"", b"\r\n", b"\r\n\r\n", b"G", b"GET", b"GET / HTTP/1.1", b"GET / HTTP/1.1\r\n",
                                      b"GET / HTTP/1.1\r\nHost: a", get()[:-2], get()[:-1])}, [], UNSAID,
         half_close=True),
    Case("RFC 9112 8: less than a head behind a request", {
        repr(sent): get() + sent for sent in (b"\r\n", b"G", b"GET / HTTP/1.1\r\n", get()[:-1])}, [200], UNSAID,
         half_close=True, body=WELCOME),
)


@suite.script("RFC 9112 8: the client leaves, and the next one is served")
def leave(connect):
    for sent in (b"", b"G", get()[:-1], post("Content-Length: 5"), post("Content-Length: 5", body=b"hell"),
                 chunked(b"5\r\nhe"), post("Expect: 100-continue", "Content-Length: 5"), get() * 100):
        c = connect()
        c.send(sent)
        c.socket.close()
    connect().lives()


# --- RFC 9110 15.5.14: announced too large ----------------------------------------------------------------------------

for what, sent in {
    "an upload": post("Content-Length: 2000000000", content_type="application/octet-stream"),
    "a text": post("Content-Length: 20000000"),
    "JSON": post("Content-Length: 20000000", content_type="application/json"),
    "a form": post("Content-Length: 20000000", content_type="application/x-www-form-urlencoded", path="/files"),
    "a body nobody reads": post("Content-Length: 2000000000", path="/echo"),
}.items():
    suite.add(closes("RFC 9110 15.5.14: 413 does not wait for the body, %s" % what, sent, 413))
suite.add(refused("RFC 9110 15.5.14: 413 and what has come of the body", post(
    "Content-Length: 2000000000", body=b"hello", content_type="application/octet-stream"), 413))


@suite.script("RFC 9110 15.5.14: 413 for a chunked text that grows too large, readable by the client that sends it")
def grows(connect):
    c = connect(patience=10)
    c.send(post("Transfer-Encoding: chunked"))
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    for _ in range(16 * 17):
        c.send(chunk)
        if c.unsent:
            raise Failure("sending failed: %s" % c.unsent)
    a = c.answer()
    want(a.status == 413, "%d %s" % (a.status, brief(a.body)))
    c.end()


if __name__ == "__main__":
    suite.main()
