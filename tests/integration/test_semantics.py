"""Methods, HEAD, Expect, Date and Upgrade: RFC 9110 from both sides."""
import datetime
import re

from cases import MAYBE_CONTINUE, Case, Suite, answered, closes, lives, refused
from raw import CHUNKED_HELLO, HELLO, SMUGGLED, TCHARS, WELCOME, Failure, get, message, post, want

suite = Suite()

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ROUTES = {
    "/": "GET, HEAD, OPTIONS",
    "/articles": "GET, HEAD, OPTIONS",
    "/articles/1": "GET, HEAD, OPTIONS",
    "/articles/int/1": "GET, HEAD, OPTIONS",
    "/articles/float/1.5": "GET, HEAD, OPTIONS",
    "/articles/path/a/b": "GET, HEAD, OPTIONS",
    "/hello": "GET, HEAD, OPTIONS",
    "/echo": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "/messages": "POST, OPTIONS",
    "/files": "POST, OPTIONS",
    "/users/2": "GET, HEAD, OPTIONS",
    "/secrets": "GET, HEAD, OPTIONS",
    "/logs/hello": "GET, HEAD, OPTIONS",
}


def ask(method, path="/", *fields, body=b"", version="HTTP/1.1"):
    return message("%s %s %s" % (method, path, version), "Host: a", *fields, body=body)


# A body that would be answered, were it a request.
BODY_BY_LENGTH = ("Content-Length: %d" % len(SMUGGLED),), SMUGGLED
BODY_BY_CHUNKS = ("Transfer-Encoding: chunked",), b"%x\r\n%s\r\n0\r\n\r\n" % (len(SMUGGLED), SMUGGLED)


def with_body(method, path="/"):
    return {what: ask(method, path, *fields, body=body)
            for what, (fields, body) in {"length": BODY_BY_LENGTH, "chunked": BODY_BY_CHUNKS}.items()}


# --- RFC 9110 9: methods ----------------------------------------------------------------------------------------------

for path, allow in ROUTES.items():
    denied = [m for m in METHODS if m not in allow.split(", ")]
    suite.add(
        lives("RFC 9110 15.5.6: 405 and Allow for each other method of %s" % path,
              {m: ask(m, path) for m in denied}, 405, head={"Allow": allow}),
        Case("RFC 9110 9.3.7: OPTIONS %s" % path, ask("OPTIONS", path), [(200, 204)], False, body=b"",
             head={"Allow": allow}),
    )
suite.add(
    lives("RFC 9110 9.1: each method of /echo", {m: ask(m, "/echo") for m in ("POST", "PUT", "PATCH", "DELETE", "GET")},
          body=re.compile(rb"\AECHO: (POST|PUT|PATCH|DELETE|GET)\n?\Z")),
    lives("RFC 9110 15.5.5: 404 for each known method", {m: ask(m, "/nowhere") for m in METHODS}, 404),
    lives("RFC 9110 15.6.2: 501 for an unknown method", {
        m + " " + path: ask(m, path) for path in ("/", "/echo", "/nowhere", "/secrets", "http://a/")
        for m in ("FOO", "G", "GETT", "GE", "PROPFIND", "MKCOL", "SEARCH", "M-SEARCH", "PURGE", "LINK", "QUERY", "PRI",
                  "BREW", "HTTP", "0", "X" * 100)}, 501),
    lives("RFC 9110 9.1: methods have case", {
        m: ask(m) for m in ("get", "Get", "gET", "head", "options", "connect", "Trace")}, 501),
    lives("RFC 9110 9.1: a method of all characters of a token", ask(TCHARS), 501),
    lives("RFC 9110 9.1: a method of 8,000 bytes", ask("G" * 8000), 501),
    lives("RFC 9110 15.6.2: 501 and a body, which is no request", with_body("FOO"), 501),
    answered("RFC 9110 15.6.2: an unknown method goes before the asterisk", ask("FOO", "*"), (501, 400)),
    lives("RFC 9110 9.3.8: TRACE echoes nothing", ask("TRACE", "/", "Cookie: secret", "X-A: secret"), 405,
          body=re.compile(rb"\A(?!.*(Cookie|secret)).*", re.S), head={"Allow": "GET, HEAD, OPTIONS"}),
    lives("RFC 9110 9.3.8: TRACE in the absolute form", ask("TRACE", "http://a/"), 405),
    lives("RFC 9110 7.6.2: Max-Forwards is for proxies", {
        m: ask(m, "/echo", "Max-Forwards: 0") for m in ("GET", "OPTIONS")}),
    Case("RFC 9110 9.3.7: OPTIONS with a body, which is no request", with_body("OPTIONS"), [(200, 204)], False),
    lives("RFC 9110 9.3.5: DELETE with a body, which is no request", with_body("DELETE", "/echo"),
          body=b"ECHO: DELETE\n"),
)
for what, sent in {
    "authority form": message("CONNECT a.example:80 HTTP/1.1", "Host: a.example:80"),
    "authority form, IPv6": message("CONNECT [::1]:80 HTTP/1.1", "Host: [::1]:80"),
    "authority form without a port": message("CONNECT a HTTP/1.1", "Host: a"),
    "authority form with a bad port": message("CONNECT a:x HTTP/1.1", "Host: a"),
    "a path": ask("CONNECT", "/"),
    "a path that is none": ask("CONNECT", "/nowhere"),
    "absolute form": ask("CONNECT", "http://a/"),
    "asterisk form": ask("CONNECT", "*"),
    "Content-Length": ask("CONNECT", "a:80", "Content-Length: 5", body=b"hello"),
    "Transfer-Encoding": ask("CONNECT", "a:80", "Transfer-Encoding: chunked", body=CHUNKED_HELLO),
}.items():
    suite.add(refused("RFC 9110 9.3.6: CONNECT with %s" % what, sent, (400, 404, 405, 501)))

# --- RFC 9110 9.3.2: HEAD ---------------------------------------------------------------------------------------------


def strip_date(a):
    return sorted(field for field in a.fields if field[0] not in ("date", "x-request-id"))  # new with each answer


HEADS = {  # what answers GET answers HEAD: (status, path, fields)
    "200": (200, "/", ()),
    "200 of a route": (200, "/articles/1", ()),
    "200 with a query": (200, "/hello?name=b", ()),
    "200 chosen by Accept": (200, "/hello", ("Accept: application/json",)),
    "200 of JSON": (200, "/users/2", ()),
    "200 that names the method": (200, "/echo", ()),
    "308": (308, "/articles//1", ()),
    "401": (401, "/secrets", ()),
    "404": (404, "/nowhere", ()),
    "404 of a route": (404, "/users/4", ()),
    "404 as a page": (404, "/nowhere", ("Accept: text/html",)),
    "404 as a problem": (404, "/nowhere", ("Accept: application/problem+json",)),
    "405": (405, "/messages", ()),
    "500": (500, "/debug/error", ()),
}
for what, (status, path, fields) in HEADS.items():
    @suite.script("RFC 9110 9.3.2: HEAD has the head of GET and no body, %s" % what)
    def head_of(connect, status=status, path=path, fields=fields):
        c = connect()
        c.send(get(*fields, path=path))
        got = c.answer()
        c.send(ask("HEAD", path, *fields))
        head = c.answer(to_head=True)
        want((got.status, head.status) == (status, status), "%d to GET, %d to HEAD" % (got.status, head.status))
        want(head.value("Content-Length") == str(len(got.body)), "Content-Length %s, but GET has %d bytes" % (
            head.value("Content-Length"), len(got.body)))
        want(strip_date(got) == strip_date(head), "another head: %r, not %r" % (head.fields, got.fields))
        c.lives()

suite.add(
    lives("RFC 9110 9.3.2: HEAD where there is no GET", ask("HEAD", "/messages"), 405, head={"Allow": "POST, OPTIONS"}),
    lives("RFC 9110 9.3.2: HEAD with a body, which is no request", with_body("HEAD"), head={"Content-Length": "7"}),
    closes("RFC 9110 9.3.2: HEAD in HTTP/1.0", message("HEAD / HTTP/1.0"), head={"Content-Length": "7"}),
    closes("RFC 9110 9.3.2: HEAD and Connection: close", ask("HEAD", "/", "Connection: close"),
           head={"Content-Length": "7"}),
    lives("RFC 9110 9.3.2: HEAD between others", get() + ask("HEAD") + ask("HEAD", "/nowhere") + get(),
          200, 200, 404, 200, to_head=[1, 2], body=[WELCOME, b"", b"", WELCOME]),
    refused("RFC 9110 9.3.2: HEAD has no body on 413", ask("HEAD", "/", "Content-Length: 2000000000"), 413),
    answered("RFC 9110 9.3.2: HEAD has no body on 417", ask("HEAD", "/", "Expect: b"), 417),
    # The method of a message that is not understood may not be understood either. But the client asked for HEAD, and
    # takes a body for the next answer.
    refused("RFC 9110 9.3.2: HEAD has no body on 400", {
        "no Host": message("HEAD / HTTP/1.1"), "two Hosts": ask("HEAD", "/", "Host: b"),
        "a bad length": ask("HEAD", "/", "Content-Length: +5"),
        "a coding and a length": ask("HEAD", "/", "Transfer-Encoding: chunked", "Content-Length: 5")}),
    refused("RFC 9110 9.3.2: HEAD has no body on 400 for a malformed head", {
        "a line without a colon": ask("HEAD", "/", "X-A"), "a space before the colon": ask("HEAD", "/", "X-A : b"),
        "a fold": ask("HEAD", "/", "X-A: b\r\n c"), "NUL": ask("HEAD", "/", "X-A: \0"),
        "bare LF": b"HEAD / HTTP/1.1\nHost: a\n\n"}),
    refused("RFC 9110 9.3.2: HEAD has no body on 400 for a malformed request line", {
        "a space in the target": ask("HEAD", "/a b"), "a bad version": ask("HEAD", "/", version="HTTP/1.1x"),
        "two spaces": ask("HEAD", " /")}),
    answered("RFC 9110 9.3.2: HEAD has no body on 400 for a target", {"*": ask("HEAD", "*"), "#": ask("HEAD", "/#a")}),
    refused("RFC 9110 9.3.2: HEAD has no body on 414", ask("HEAD", "/" + "a" * 20_000), 414),
    refused("RFC 9110 9.3.2: HEAD has no body on 431", ask("HEAD", "/", "X-A: " + "b" * 40_000), 431),
    refused("RFC 9110 9.3.2: HEAD has no body on 501", ask("HEAD", "/", "Transfer-Encoding: gzip, chunked"), 501),
    refused("RFC 9110 9.3.2: HEAD has no body on 505", ask("HEAD", "/", version="HTTP/2.0"), (505, 400)),
)

# --- RFC 9110 10.1.1: Expect ------------------------------------------------------------------------------------------

EXPECT = "Expect: 100-continue"


def converse(name, sent, *, then=b"hello", wanted=HELLO):
    """100, and only then the body."""
    @suite.script(name)
    def talk(connect):
        c = connect()
        c.send(sent)
        a = c.answer()
        want(a.status == 100, "%d, not 100" % a.status)
        c.silent(0.05)
        c.send(then)
        a = c.answer()
        want((a.status, a.body) == (200, wanted), "then %d %r" % (a.status, a.body))
        c.lives()


for value in ("100-continue", "100-Continue", "100-CONTINUE", "\t100-continue  "):
    converse("RFC 9110 10.1.1: 100 before the body, Expect:%r" % value, post("Expect:" + value, "Content-Length: 5"))
converse("RFC 9110 10.1.1: 100 before a chunked body", post(EXPECT, "Transfer-Encoding: chunked"), then=CHUNKED_HELLO)
converse("RFC 9110 10.1.1: 100 before an upload",
         post(EXPECT, "Content-Length: 5", content_type="application/octet-stream"),
         wanted=b"Binary message written!")
converse("RFC 9110 10.1.1: 100 before JSON", post(EXPECT, "Content-Length: 2", content_type="application/json"),
         then=b"{}", wanted=b"JSON Message: {}")
converse("RFC 9110 10.1.1: 100 before a form", post(
    EXPECT, "Content-Length: 3", content_type="application/x-www-form-urlencoded", path="/files"), then=b"a=b",
    wanted=b'{"files":[],"form":[{"field":"a","value":"b"}]}\n')


@suite.script("RFC 9110 10.1.1: 100 once, though the body comes in parts")
def once(connect):
    c = connect()
    c.send(post(EXPECT, "Content-Length: 5"))
    want(c.answer().status == 100, "no 100")
    for byte in b"hell":
        c.send(bytes([byte]))
        c.silent(0.02)
    c.send(b"o")
    a = c.answer()
    want((a.status, a.body) == (200, HELLO), "then %d %r" % (a.status, a.body))
    c.lives()


@suite.script("RFC 9110 10.1.1: 100 for each request that asks for it")
def again(connect):
    c = connect()
    for _ in range(3):
        c.send(post(EXPECT, "Content-Length: 5"))
        want(c.answer().status == 100, "no 100")
        c.send(b"hello")
        want(c.answer().body == HELLO, "another answer")
    c.lives()


@suite.script("RFC 9110 10.1.1: 100 comes behind the answers before it")
def pipelined(connect):
    c = connect()
    c.send(get() + post(EXPECT, "Content-Length: 5"))
    want(c.answer().status == 200, "not 200 first")
    want(c.answer().status == 100, "no 100")
    c.send(b"hello" + get())
    want(c.answer().body == HELLO, "another answer")
    want(c.answer().body == WELCOME, "another answer")
    c.lives()


suite.add(
    lives("RFC 9110 10.1.1: a body that does not wait for 100", {
        "length": post(EXPECT, "Content-Length: 5", body=b"hello"),
        "chunked": post(EXPECT, "Transfer-Encoding: chunked", body=CHUNKED_HELLO)}, body=HELLO, interim=MAYBE_CONTINUE),
    lives("RFC 9110 10.1.1: Expect and a body, cut anywhere", post(EXPECT, "Content-Length: 5", body=b"hello"),
          body=HELLO, interim=MAYBE_CONTINUE, split=True),
    lives("RFC 9110 10.1.1: no 100 where there is no body", {
        "GET": get(EXPECT), "POST": post(EXPECT, path="/echo"), "length 0": post(EXPECT, "Content-Length: 0")}),
    closes("RFC 9110 10.1.1: no 100 in HTTP/1.0", message(
        "POST /messages HTTP/1.0", "Content-Type: text/plain", EXPECT, "Content-Length: 5", body=b"hello"), body=HELLO),
)
# The client waits with the body, so it may never come: what follows the answer cannot be told from it.
for status, sent in {
    401: ask("GET", "/secrets", EXPECT, "Content-Length: 5"),
    404: post(EXPECT, "Content-Length: 5", path="/nowhere"),
    405: ask("PUT", "/messages", EXPECT, "Content-Length: 5"),
    413: post(EXPECT, "Content-Length: 2000000000", content_type="application/octet-stream"),
    415: post(EXPECT, "Content-Length: 5", content_type="image/png"),
    501: ask("FOO", "/", EXPECT, "Content-Length: 5"),
}.items():
    suite.add(
        closes("RFC 9110 10.1.1: no 100 before %d, then the end" % status, sent, status),
        closes("RFC 9110 10.1.1: no 100 before %d for a chunked body" % status,
               re.sub(rb"Content-Length: \d+", b"Transfer-Encoding: chunked", sent), status) if status != 413 else
        closes("RFC 9110 10.1.1: no 100 before 413 for a text that is too large",
               post(EXPECT, "Content-Length: 20000000"), 413),
    )
suite.add(
    closes("RFC 9110 10.1.1: no 100 where no handler reads the body", post(EXPECT, "Content-Length: 5", path="/echo")),
    refused("RFC 9110 10.1.1: no 100 before 400", {
        "no Host": message("POST /messages HTTP/1.1", EXPECT, "Content-Length: 5"),
        "a bad length": post(EXPECT, "Content-Length: +5"),
        "a coding and a length": post(EXPECT, "Transfer-Encoding: chunked", "Content-Length: 5")}),
    closes("RFC 9110 10.1.1: 417 for another expectation", {
        value: post("Expect: " + value, "Content-Length: 5") for value in (
            "b", "100", "continue", "100-continued", "101-continue", "200-ok", "100 continue", '"100-continue"',
            "100-continue;q=1", "100-continue=yes", "a=b;c")}, 417),
    closes("RFC 9110 10.1.1: 417 for two expectations", {
        "a list": post("Expect: 100-continue, b", "Content-Length: 5"),
        "a list, the other way": post("Expect: b, 100-continue", "Content-Length: 5"),
        "two lines": post("Expect: 100-continue", "Expect: b", "Content-Length: 5"),
        "two lines, the other way": post("Expect: b", "Expect: 100-continue", "Content-Length: 5")}, 417),
    lives("RFC 9110 10.1.1: the same expectation twice is one", {
        "a list": post("Expect: 100-continue, 100-continue", "Content-Length: 5", body=b"hello"),
        "two lines": post("Expect: 100-continue", "Expect: 100-continue", "Content-Length: 5", body=b"hello")},
          body=HELLO, interim=MAYBE_CONTINUE),
    refused("RFC 9110 10.1.1: 417 and the body", post("Expect: b", "Content-Length: 5", body=b"hello"), 417),
    answered("RFC 9110 10.1.1: 417 for a GET", get("Expect: b"), 417),
)


@suite.script("RFC 9110 10.1.1: the client goes away instead of sending the body")
def gone(connect):
    c = connect()
    c.send(post(EXPECT, "Content-Length: 5"))
    want(c.answer().status == 100, "no 100")
    c.half_close()
    a = c.answer()
    want(a.status == 400, "then %d, not 400" % a.status)
    c.end()


# --- RFC 9110 6.6.1, 7.8 and others -----------------------------------------------------------------------------------

for status, sent in {
    200: get(), 308: get(path="/articles//1"), 400: message("GET / HTTP/1.1"), 401: get(path="/secrets"),
    404: get(path="/nowhere"), 405: ask("PUT"), 413: post("Content-Length: 2000000000"),
    414: get(path="/" + "a" * 20_000), 415: post(content_type="image/png"), 417: get("Expect: b"),
    431: get("X-A: " + "b" * 40_000), 500: get(path="/debug/error"), 501: ask("FOO"),
    505: ask("GET", version="HTTP/2.0"),
}.items():
    @suite.script("RFC 9110 6.6.1: %d has the date of now, and says HTTP/1.1" % status)
    def dated(connect, status=status, sent=sent):
        c = connect()
        c.send(sent)
        a = c.answer()  # checks the form of the Date and the version
        want(a.status == status, "%d" % a.status)
        seconds = abs((datetime.datetime.now(datetime.timezone.utc) - a.date()).total_seconds())
        want(seconds < 5, "Date is %g s off" % seconds)
        want(a.all("Content-Length"), "no Content-Length")


@suite.script("RFC 9110 15.5.9: 408 for a head that does not end, with a date and the end", slow=True)
def late(connect):
    c = connect(patience=40)  # 11 s; but the service counts ticks, which a paused machine leaves out
    c.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
    try:
        a = c.answer()
    except Failure as e:
        raise Failure("no answer to half a head: %s" % e) from None
    want(a.status == 408, "%d, not 408" % a.status)
    want("close" in a.options("Connection"), "408 does not say Connection: close")
    c.send(b"\r\n" + SMUGGLED)
    c.end()


for what, fields in {
    "h2c": ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"),
    "h2c alone": ("Connection: Upgrade", "Upgrade: h2c"),
    "websocket": ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
    "websocket, kept alive": ("Connection: keep-alive, Upgrade", "Upgrade: websocket"),
    "TLS": ("Connection: Upgrade", "Upgrade: TLS/1.0"),
    "HTTP/2.0 and others": ("Connection: upgrade", "Upgrade: HTTP/2.0, SHTTP/1.3, IRC/6.9, RTA/x11"),
    "HTTP/1.1": ("Connection: Upgrade", "Upgrade: HTTP/1.1"),
    "nothing": ("Connection: Upgrade",),
    "what Connection does not name": ("Upgrade: h2c",),
}.items():
    suite.add(lives("RFC 9110 7.8: Upgrade to %s is passed over" % what, get(*fields), body=WELCOME,
                    head={"Upgrade": None}))
suite.add(
    lives("RFC 9110 7.8: Upgrade with a body", post(
        "Connection: Upgrade", "Upgrade: h2c", "Content-Length: 5", body=b"hello"), body=HELLO),
    closes("RFC 9110 7.8: Upgrade and close", get("Connection: Upgrade, close", "Upgrade: h2c"), body=WELCOME),
    closes("RFC 9110 7.8: Upgrade in HTTP/1.0", message("GET / HTTP/1.0", "Connection: Upgrade", "Upgrade: h2c"),
           body=WELCOME),
    lives("RFC 9110 14.2: Range is passed over", {
        value: get("Range: " + value) for value in ("bytes=0-1", "bytes=5-", "bytes=-1", "bytes=99-", "x", "")},
          body=WELCOME),
    lives("RFC 9110 13.1: conditions without a validator", {
        line: get(line) for line in ('If-None-Match: "a"', "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
                                     "If-Modified-Since: x", 'If-Range: "a"')}, body=WELCOME),
    lives("RFC 9110 12.5.3: the answer is not encoded", {
        value: get("Accept-Encoding: " + value) for value in ("gzip", "gzip, br, zstd", "*", "")}, body=WELCOME,
          head={"Content-Encoding": None}),
    lives("RFC 9110 9.1: no field changes the method", {
        line: get(line) for line in (
            "X-HTTP-Method-Override: DELETE", "X-HTTP-Method: POST", "X-Method-Override: PUT")},
          body=WELCOME),
    lives("RFC 9110 10.1.4: TE: trailers", get("TE: trailers", "Connection: TE"), body=WELCOME),
    lives("RFC 9110 6.3: fields that are for responses only", get("Date: x", "Server: a", "Allow: GET", "Age: 1"),
          body=WELCOME),
)

if __name__ == "__main__":
    suite.main()
