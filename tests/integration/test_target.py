"""Host and request targets: RFC 9112 3.2, RFC 9110 4.2 and 7.2."""
import re

from cases import Case, Suite, answered, closes, lives, refused
from raw import WELCOME, as_bytes, get, message

suite = Suite()


def with_host(host, line="GET / HTTP/1.1"):
    return message(line, b"Host: " + as_bytes(host))


# --- RFC 9112 3.2: Host -----------------------------------------------------------------------------------------------

GOOD_HOSTS = {
    "a name": "a", "a name with dots": "www.example.com", "a name with a dot at its end": "example.com.",
    "capitals": "WWW.Example.COM", "digits": "123", "a hyphen": "a-b", "an underscore": "a_b", "a tilde": "a~b",
    "a percent-encoded name": "%41%c3%a9", "sub-delimiters": "a!$&'()*+;=b", "IPv4": "127.0.0.1",
    "what is not an IPv4 but a name": "256.256.256.256", "a port": "a:80", "the largest port": "a:65535", "port 0": "a:0",
    "an empty port": "a:", "leading zeros in the port": "a:00080", "IPv4 and a port": "127.0.0.1:5000", "IPv6": "[::1]",
    "IPv6 and a port": "[::1]:5000", "IPv6 and an empty port": "[::1]:", "the unspecified IPv6": "[::]",
    "a long IPv6": "[2001:db8:0:1:1:1:1:1]", "a compressed IPv6": "[2001:db8::1]", "capitals in IPv6": "[2001:DB8::A]",
    "IPv6 with IPv4 inside": "[::ffff:127.0.0.1]", "white space around": "  \ta\t ", "a name of 255 bytes": "a" * 255,
}
for what, host in GOOD_HOSTS.items():
    suite.add(lives("RFC 9112 3.2: Host with %s" % what, with_host(host), body=WELCOME))
BAD_HOSTS = {
    "nothing": "", "white space only": " \t ", "two names": "a, b", "the same name twice": "a, a",
    "a space": "a b", "a tab": "a\tb", "a path": "a/", "a longer path": "a/b",
    "a slash": "/", "a query": "a?b", "a fragment": "a#b", "user information": "user@a",
    "a user and a password": "user:secret@a", "an empty user": "@a", "a scheme": "http://a",
    "a scheme and a path": "http://a/",
    "a backslash": "a\\b", "quotes": '"a"', "angle brackets": "<a>", "braces": "{a}", "a bar": "a|b", "a caret": "a^b",
    "a back quote": "a`b", "UTF-8": "m\u00fcnchen.example".encode(), "Latin-1": b"m\xfcnchen.example",
    "an open percent escape": "a%4", "a bare percent sign": "a%", "a bad percent escape": "a%zz",
    "a port that is a word": "a:http", "a port with a letter": "a:80a", "a port with a sign": "a:+80",
    "a negative port": "a:-1", "a hexadecimal port": "a:0x50", "a port with a space": "a: 80", "two ports": "a:80:80",
    "a port above 65535": "a:65536", "a port of ten digits": "a:4294967376", "a port of thirty digits": "a:" + "8" * 30,
    "a port only": ":80", "a colon only": ":", "IPv6 without brackets": "::1", "an open bracket": "[::1",
    "a closing bracket": "::1]",
    "empty brackets": "[]", "brackets around a name": "[a]", "brackets around IPv4": "[127.0.0.1]",
    "IPv6 that is too short": "[1:2:3]", "IPv6 that is too long": "[1:2:3:4:5:6:7:8:9]",
    "IPv6 with two gaps": "[1::2::3]",
    "IPv6 with a letter": "[::g]", "IPv6 with five digits": "[::12345]", "IPv6 and a letter": "[::1]a",
    "IPv6 and digits": "[::1]80", "IPv6 and a bad port": "[::1]:x", "IPv6 and a port above 65535": "[::1]:65536",
    "IPv6 in two brackets": "[[::1]]", "a bracket within a name": "a[b", "DEL": "a\x7f", "NUL": "a\0b",
}
for what, host in BAD_HOSTS.items():
    suite.add(refused("RFC 9112 3.2: Host with %s" % what, with_host(host)))
suite.add(
    refused("RFC 9112 3.2: no Host", {
        "GET": message("GET / HTTP/1.1"), "OPTIONS": message("OPTIONS * HTTP/1.1"),
        "a body": message("POST /echo HTTP/1.1", "Content-Length: 5", body=b"hello"),
        "a route that is none": message("GET /nowhere HTTP/1.1"),
        "another field": message("GET / HTTP/1.1", "Hosts: a")}),
    refused("RFC 9112 3.2: two Hosts", {
        "different": get("Host: b"), "the same": get("Host: a"), "one empty": get("Host:"),
        "in another case": get("HOST: a"),
        "apart": get("X-A: b", "host: b"), "three": get("Host: a", "Host: a")}),
    refused("RFC 9112 3.2: Host where an underscore should be a hyphen is none", message("GET / HTTP/1.1", "Ho_st: a")),
    closes("RFC 9112 3.2: HTTP/1.0 without Host", message("GET / HTTP/1.0"), body=WELCOME),
    closes("RFC 9112 3.2: HTTP/1.0 with Host", message("GET / HTTP/1.0", "Host: a"), body=WELCOME),
    refused("RFC 9112 3.2: HTTP/1.0 with two Hosts", message("GET / HTTP/1.0", "Host: a", "Host: b")),
    refused("RFC 9112 3.2: HTTP/1.0 with a bad Host", message("GET / HTTP/1.0", "Host: a b")),
    lives("RFC 9112 3.2: Host behind other fields", message("GET / HTTP/1.1", "X-A: b", "Accept: */*", "Host: a"),
          body=WELCOME),
    lives("RFC 9110 7.2: Host is what the 404 names", with_host("a.example:8080", "GET /users/4 HTTP/1.1"), 404,
          body=re.compile(rb'"Not Found: http://a\.example:8080/users/4"')),
    lives("RFC 9110 4.2.1: port 80 is left out", {
        port: with_host("a.example" + port, "GET /users/4 HTTP/1.1") for port in ("", ":80", ":")}, 404,
          body=re.compile(rb'"Not Found: http://a\.example/users/4"')),
    lives("RFC 9110 7.2: X-Forwarded-Host is not asked", message(
        "GET /users/4 HTTP/1.1", "Host: a", "X-Forwarded-Host: b", "Forwarded: host=b"), 404,
          body=re.compile(rb'"Not Found: http://a/users/4"')),
)

# --- RFC 9112 3.2.1: origin-form --------------------------------------------------------------------------------------


def to(target, *fields, method="GET"):
    return message(as_bytes(method) + b" " + as_bytes(target) + b" HTTP/1.1", "Host: a", *fields)


READING = {  # target below /articles/: text
    "plain characters": ("1", "1"),
    "unreserved characters": ("a-b.c_d~e", "a-b.c_d~e"),
    "sub-delimiters": ("!$&'()*+,;=:@", "!$&'()*+,;=:@"),
    "percent escapes": ("%61%62", "ab"),
    "escapes in either case": ("%c3%A9", "\u00e9"),
    "an escaped percent sign": ("%2541", "%41"),
    "an escape that is none": ("%zz", "%zz"),
    "an escape that is cut": ("%4", "%4"),
    "a percent sign at the end": ("a%", "a%"),
    "two percent signs": ("%%41", "%A"),
    "a plus sign, which is no space here": ("a+b", "a+b"),
    "an escaped space": ("a%20b", "a b"),
    "an escaped question mark": ("a%3Fb", "a?b"),
    "an escaped hash": ("a%23b", "a#b"),
    "escaped CR LF": ("%0D%0AX-A:%20b", "\r\nX-A: b"),
    "a dot": (".", "."),
    "two dots": ("..", ".."),
    "raw UTF-8": ("\u00e9\u4e16", "\u00e9\u4e16"),
    "raw bytes that are no UTF-8": (b"a\xffb", "a\ufffdb"),
    "escaped bytes that are no UTF-8": ("a%FFb", "a\ufffdb"),
    "a semicolon": ("1;a=b", "1;a=b"),
    "a query behind it": ("1?a=b&c", "1"),
    "an empty query behind it": ("1?", "1"),
    "a query with slashes and question marks behind it": ("1?/a/?b??", "1"),
}
for what, (target, text) in READING.items():
    target = target if isinstance(target, bytes) else target.encode()
    suite.add(lives("RFC 9112 3.2.1: a path with %s" % what, to(b"/articles/" + target),
                    body=b"You are reading " + text.encode(), head={"X-A": None}))
suite.add(
    answered("RFC 3986 2.1: escaped NUL in a path, a query and a host", {
        "path": to("/articles/%00"), "alone": to("/%00"), "query": to("/hello?name=%00"),
        "in a number": to("/articles/int/1%00"), "user": to("/users/%00")}, (200, 400, 404)),
    lives("RFC 9112 3.2.1: the root", to("/"), body=WELCOME),
    lives("RFC 9112 3.2.1: the root with a query", {"a query": to("/?a=b"), "an empty one": to("/?")}, body=WELCOME),
    lives("RFC 9110 4.2.3: paths have case", to("/ARTICLES"), 404),
    lives("RFC 9112 3.2.1: a target that looks like a version", to("/articles/HTTP/1.1"), 404),
    lives("RFC 9112 3.2.1: a colon in the first segment", to("/a:b"), 404),
    # It is a path, though it looks like an authority: never a redirect to another host.
    Case("RFC 3986 4.2: a path of two slashes", {"empty": to("//"), "a host": to("//b.example/users/4"),
                                                 "the root": to("//b.example")}, [(200, 308, 404)], False,
         head={"Host": None}),
    lives("RFC 9110 10.2.2: escaped CR LF stays out of Location", to("/articles//1%0D%0AX-A:%20b"), 308,
          head={"X-A": None, "Location": re.compile(r"/articles/1%0[Dd]%0[Aa]X-A:(%20)b|/articles/1%0D%0AX-A%3A%20b")}),
    lives("RFC 9110 4.1: a target of 8,000 bytes", {
        "path": to("/articles/" + "a" * 7990), "query": to("/articles/1?" + "a" * 7988)},
          body=re.compile(rb"\AYou are reading (a{7990}|1)\Z")),
    lives("RFC 9110 4.1: a target of 16,000 bytes", to("/articles/" + "a" * 15990),
          body=b"You are reading " + b"a" * 15990),
    refused("RFC 9110 15.5.15: a request line of more than 16 KiB", {
        "a path": to("/articles/" + "a" * 16384), "a query": to("/?" + "a" * 16384),
        "far more": to("/" + "a" * 300_000),
        "without an end": b"GET /" + b"a" * 20_000, "an absolute target": to("http://a/" + "a" * 16384)}, 414),
    refused("RFC 9112 3: a method of more than 16 KiB", to("/", method="G" * 17_000), (400, 414, 501)),
    answered("RFC 9112 3.2: a fragment", {
        "of the root": to("/#"), "of a path": to("/articles/1#a"), "of a query": to("/?a#b"), "alone": to("#"),
        "of an absolute target": to("http://a/#b"), "of a host": to("http://a#b"), "of *": to("*#", method="OPTIONS")}),
    refused("RFC 9112 3.2: a control character or a space in the target", {
        "0x%02X %s" % (c, where): to(target % c) for c in (*range(0x21), 0x7F)
        for where, target in (("path", b"/articles/a%cb"), ("first", b"%c/"), ("last", b"/%c"), ("query", b"/?a%cb"),
                              ("host", b"http://a%cb/"))}),
    answered("RFC 3986 2: characters that are no part of a URI do no harm",
         {c: to("/articles/a%sb" % c) for c in "\"<>[]\\^`{|}"}, (200, 400)),
    answered("RFC 9112 3.2: none of the four forms", {
        target: to(target) for target in (
            "articles/1", "index.html", "?a=b", "a", ".", "..", "./a", "\\", "\\a", "%2F", "%2Farticles", "@", ":",
            ":80", "1", "**", "*a", "+")}),
    answered("RFC 9112 3.2: an escaped slash does not begin a path", to("%2f")),
)

# --- RFC 9112 3.2.2: absolute-form ------------------------------------------------------------------------------------

suite.add(
    lives("RFC 9112 3.2.2: an absolute target", {
        target: to(target) for target in (
            "http://a/", "http://a", "http://a?b=c", "http://a:80/", "http://a:/", "http://a:65535/",
            "http://[::1]:5000/", "http://b.example/", "HTTP://a/", "hTtP://A/", "http://%61/", "http://a_b/")},
          body=WELCOME),
    lives("RFC 9112 3.2.2: an absolute target with a path", {
        target: to(target) for target in (
            "http://a/articles/1", "http://a/articles/1?b=c", "http://a/articles/1?http://b/")},
          body=b"You are reading 1"),
    lives("RFC 9110 4.2.2: the query of an absolute target without a path", to("http://a?name=b"), body=WELCOME),
    lives("RFC 9110 4.2.2: the query of an absolute target", to("http://a/hello?name=b"), body=b"Hello b"),
    lives("RFC 9112 3.2.2: its authority wins over Host", {
        "a name": to("http://b.example/users/4"), "port 80": to("http://b.example:80/users/4"),
        "capitals in the scheme": to("HTTP://b.example/users/4")}, 404,
          body=re.compile(rb'"Not Found: http://b\.example/users/4"')),
    lives("RFC 9112 3.2.2: its port too", to("http://b.example:81/users/4"), 404,
          body=re.compile(rb'"Not Found: http://b\.example:81/users/4"')),
    refused("RFC 9112 3.2: Host must be there all the same", message("GET http://a/ HTTP/1.1")),
    refused("RFC 9112 3.2: Host must be valid all the same", {
        host: with_host(host, "GET http://a/ HTTP/1.1") for host in ("", "a b", "a/b", "http://a", "a:65536", "[::1")}),
    refused("RFC 9112 3.2: Host must be one all the same", message("GET http://a/ HTTP/1.1", "Host: a", "Host: a")),
    closes("RFC 9112 3.2.2: an absolute target in HTTP/1.0", message("GET http://a/ HTTP/1.0"), body=WELCOME),
    closes("RFC 9112 3.2.2: its authority in HTTP/1.0 without Host",
           message("GET http://b.example/users/4 HTTP/1.0"), 404,
           body=re.compile(rb'"Not Found: http://b\.example/users/4"')),
    answered("RFC 9110 4.2.1: an absolute target without a host", {
        target: to(target) for target in ("http://", "http:///", "http:///a", "http://:80/", "http://?a", "http://:")}),
    answered("RFC 9110 4.2.4: an absolute target with user information", {
        target: to(target) for target in ("http://user@a/", "http://user:secret@a/", "http://@a/", "http://a@b@c/")}),
    answered("RFC 9112 3.2.2: an absolute target with a bad host", {
        repr(target): to(target) for target in (
            "http://a:65536/", "http://a:x/", "http://a:80:80/", "http://a:-1/", "http://[::1/", "http://::1/",
            "http://[::g]/", "http://[]/", "http://a\\b/", "http://a%zz/", "http://a|b/", "http://\xe4/",
            'http://"a"/')}),
    answered("RFC 9112 3.2.2: what only looks like http", {
        target: to(target) for target in (
            "http:/a", "http:a", "http:", "http", "httpx://a/", "http//a/", "ttp://a/", "://a/", "http;//a/",
            "http:\\\\a\\")}),
    # What is meant for another scheme is not for this connection.
    answered("RFC 9110 7.4: an absolute target of another scheme", {
        target: to(target) for target in (
            "https://a/", "ftp://a/", "ws://a/", "file:///etc/passwd", "urn:a:b", "data:,a", "javascript:alert(1)")},
             (400, 404, 421)),
)

# --- RFC 9112 3.2.3, 3.2.4: authority-form and asterisk-form ----------------------------------------------------------

suite.add(
    answered("RFC 9112 3.2.3: authority-form is for CONNECT only", {
        method + " " + target: to(target, method=method) for method in ("GET", "POST", "OPTIONS", "HEAD")
        for target in ("a:80", "a.example:443", "127.0.0.1:80", "[::1]:80")}),
    answered("RFC 9112 3.2.4: asterisk-form is for OPTIONS only", {
        method: to("*", method=method) for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE")}),
    answered("RFC 9112 3.2.4: an asterisk and more", {
        target: to(target, method="OPTIONS") for target in ("**", "*a", "*/", "*?", "*?a=b")}),
    Case("RFC 9112 3.2.4: OPTIONS *", to("*", method="OPTIONS"), [(200, 204)], False, body=b"",
         head={"Allow": re.compile(r"(?=.*\bGET\b)(?=.*\bPOST\b)(?=.*\bOPTIONS\b).*")}),
    Case("RFC 9112 3.2.4: OPTIONS of a host without a path or a query means *", to("http://a", method="OPTIONS"),
         [(200, 204)], False, body=b"", head={"Allow": re.compile(r"(?=.*\bGET\b)(?=.*\bPOST\b)(?=.*\bOPTIONS\b).*")}),
    Case("RFC 9112 3.2.4: OPTIONS of a host with a path is of that path", {
        "path": to("http://a/", method="OPTIONS"), "query": to("http://a?b=c", method="OPTIONS")}, [(200, 204)], False,
         body=b"", head={"Allow": "GET, HEAD, OPTIONS"}),
    lives("RFC 9112 3.2.1: an asterisk in a path is a character", to("/*"), 404),
)

if __name__ == "__main__":
    suite.main()
