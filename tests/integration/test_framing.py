"""Heads and what they say of the body: RFC 9112 sections 2, 3, 5 and 6, what is refused and what must work."""
import re

from cases import Suite, closes, lives, refused
from raw import CHUNKED_HELLO, CONTROLS, HELLO, SMUGGLED, TCHARS, WELCOME, as_bytes, get, message, post

suite = Suite()


def with_line(line):
    """A GET with one more line, which is what the case is about."""
    return message("GET / HTTP/1.1", "Host: a", line, "Accept: */*")


# --- RFC 9112 2.1, 2.2: lines -----------------------------------------------------------------------------------------

suite.add(
    lives("RFC 9112 2.1: a request with fields", get("Accept: */*", "User-Agent: a (b; c)", "X-Empty:", "X-A: b"),
          body=WELCOME, split=True),
    lives("RFC 9112 2.2: an empty line before the request", b"\r\n" + get(), body=WELCOME, split=True),
    lives("RFC 9112 2.2: ten empty lines before the request", b"\r\n" * 10 + get(), body=WELCOME),
    lives("RFC 9112 2.2: an empty line behind a body and before the next request",
          post("Content-Length: 5", body=b"hello") + b"\r\n" + get(), 200, 200, body=[HELLO, WELCOME]),
    refused("RFC 9112 2.2: empty lines without end", b"\r\n" * 100_000, (400, 414, 431), behind=b""),
    refused("RFC 9112 2.2: a bare LF before the request", b"\n" + get()),
    refused("RFC 9112 2.2: CR LF and a bare LF before the request", b"\r\n\n" + get()),
    refused("RFC 9112 2.2: a bare CR before the request", b"\r" + get()),
    refused("RFC 9112 2.2: a space before the request", b" " + get()),
    refused("RFC 9112 2.2: a line of one space before the request", b" \r\n" + get()),
    refused("RFC 9112 2.2: a byte order mark before the request", b"\xef\xbb\xbf" + get()),
    refused("RFC 9112 2.2: NUL before the request", b"\0" + get()),
)

# The service must not wait for the CR LF CR LF that never comes: a second is much.
PROMPTLY = {
    "all line ends": b"GET / HTTP/1.1\nHost: a\n\n",
    "all but the first": b"GET / HTTP/1.1\r\nHost: a\n\n",
    "the last two": b"GET / HTTP/1.1\r\nHost: a\r\nX-A: b\n\n",
    "the request line's": b"GET / HTTP/1.1\nHost: a\r\n\r\n",
    "a field line's": b"GET / HTTP/1.1\r\nX-A: b\nHost: a\r\n\r\n",
    "the empty line's": b"GET / HTTP/1.1\r\nHost: a\r\n\n",
    "the last field line's": b"GET / HTTP/1.1\r\nHost: a\n\r\n",
}
for what, sent in PROMPTLY.items():
    suite.add(refused("RFC 9112 2.2: bare LF as line end, %s, is refused at once" % what, sent, patience=1,
                      split=True))
suite.add(
    refused("RFC 9112 2.2: bare LF within an unfinished head is refused at once",
            {"request line": b"GET / HTTP/1.1\nHost", "field line": b"GET / HTTP/1.1\r\nHost: a\nX-A"}, patience=1),
    refused("RFC 9112 2.2: bare LF in a POST that brings its body",
            b"POST /messages HTTP/1.1\nHost: a\nContent-Type: text/plain\nContent-Length: 5\n\nhello", patience=1),
    refused("RFC 9112 2.2: bare LF hides a Transfer-Encoding",
            post("X-A: b\nTransfer-Encoding: chunked", "Content-Length: 5", body=CHUNKED_HELLO)),
    refused("RFC 9112 2.2: bare CR as line end", b"GET / HTTP/1.1\rHost: a\r\r", alone=False),
    refused("RFC 9112 2.2: bare CR as the end of one line",
            {"request line": b"GET / HTTP/1.1\rHost: a\r\n\r\n",
             "field line": b"GET / HTTP/1.1\r\nX-A: b\rHost: a\r\n\r\n",
             "empty line": b"GET / HTTP/1.1\r\nHost: a\r\n\r"}, alone=False),
    refused("RFC 9112 2.2: CR CR LF as line end",
            {"request line": b"GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
             "field line": b"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
             "empty line": b"GET / HTTP/1.1\r\nHost: a\r\n\r\r\n"}, alone=False),
    refused("RFC 9112 2.2: LF CR as line end", b"GET / HTTP/1.1\n\rHost: a\n\r\n\r"),
    refused("RFC 9112 2.2: bare CR in a field value", {
        "within": with_line("X-A: b\rc"), "first": with_line("X-A: \rb"), "last": with_line("X-A: b\r"),
        "hiding a field": post("X-A: b\rTransfer-Encoding: chunked", body=CHUNKED_HELLO)}),
    refused("RFC 9112 2.2: bare CR in a field name", with_line("X\rA: b")),
    refused("RFC 9112 2.2: white space before the first field", {
        "a space": message("GET / HTTP/1.1", " Host: a"), "a tab": message("GET / HTTP/1.1", "\tHost: a"),
        "a field of its own": message("GET / HTTP/1.1", " X-A: b", "Host: a"),
        "a line of it": message("GET / HTTP/1.1", " ", "Host: a")}),
    refused("RFC 9112 2.2: no request at all", {
        "SSH": b"SSH-2.0-OpenSSH_9.2\r\n", "SMTP": b"EHLO a.example\r\n", "a response": b"HTTP/1.1 200 OK\r\n\r\n",
        "a line of a body": b"hello\r\n"}, patience=2, split=True),
    refused("RFC 9112 2.2: a TLS ClientHello", bytes.fromhex(
        "16030100850100008103035f1d0d7c52b9e2b0c4c5d9f3a1b2c3d4e5f60718293a4b5c6d7e8f901a2b3c0000061301130213030100"
        "00520000000e000c0000096c6f63616c686f7374" "000b000403000102000a000c000a001d0017001e00190018")),
)

# --- RFC 9112 2.3: versions -------------------------------------------------------------------------------------------

for version in ("1.1", "1.2", "1.9"):
    suite.add(lives("RFC 9112 2.3: HTTP/%s" % version, message("GET / HTTP/" + version, "Host: a"), body=WELCOME))
suite.add(
    closes("RFC 9112 2.3: HTTP/1.0", message("GET / HTTP/1.0"), body=WELCOME),
    lives("RFC 9112 2.3: HTTP/1.2 has chunked bodies", post("Transfer-Encoding: chunked", body=CHUNKED_HELLO)
          .replace(b"HTTP/1.1", b"HTTP/1.2"), body=HELLO),
    refused("RFC 9112 2.3: HTTP/1.2 needs Host", message("GET / HTTP/1.2")),
)
for version in ("0.9", "0.0", "2.0", "3.0", "9.9", "2.1"):
    suite.add(refused("RFC 9110 15.6.6: HTTP/%s" % version, message("GET / HTTP/" + version, "Host: a"), (505, 400)))
suite.add(
    refused("RFC 9113 3.4: the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (505, 400)),
    refused("RFC 9112 2.3: HTTP/0.9", {
        "a line": b"GET /\r\n", "a line and an empty one": b"GET /\r\n\r\n", "with Host": b"GET /\r\nHost: a\r\n\r\n"},
            patience=2, split=True),
)
BAD_VERSIONS = ["http/1.1", "Http/1.1", "HTTP/1", "HTTP/1.", "HTTP/.1", "HTTP/", "HTTP", "HTTP/1.10", "HTTP/1.11",
                "HTTP/01.1", "HTTP/1.01", "HTTP/10.1", "HTTP 1.1", "HTTP/ 1.1", "HTTP/1 .1", "HTTP/1. 1", "HTTP/1,1",
                "HTTP/11", "HTTP/1.1.1", "HTTP/-1.1", "HTTP/+1.1", "HTTP/1.x", "HTTP/a.b", "HTTP/1.\xb9", "HTTP\\1.1",
                "HTTPS/1.1", "ICAP/1.0", "HTCPCP/1.0", "XHTTP/1.1", "HTTP/4294967297.1", "HTTP/1.1\0", "HTTP/1.1x"]
for version in BAD_VERSIONS:
    # With a digit too many it is malformed, but another version to an eye that is not as strict.
    suite.add(refused("RFC 9112 2.3: the version %r" % version, message("GET / " + version, "Host: a"),
                      (400, 505) if re.fullmatch(r"HTTP/\d+\.\d+", version, re.A) else 400))

# --- RFC 9112 3: request lines ----------------------------------------------------------------------------------------

BAD_LINES = {
    "two spaces before the target": "GET  / HTTP/1.1",
    "two spaces before the version": "GET /  HTTP/1.1",
    "a tab before the target": "GET\t/ HTTP/1.1",
    "a tab before the version": "GET /\tHTTP/1.1",
    "VT before the target": "GET\v/ HTTP/1.1",
    "FF before the version": "GET /\fHTTP/1.1",
    "CR before the version": "GET /\rHTTP/1.1",
    "a no-break space before the version": "GET /\xa0HTTP/1.1",
    "a space before the method": " GET / HTTP/1.1",
    "a tab before the method": "\tGET / HTTP/1.1",
    "a space behind the version": "GET / HTTP/1.1 ",
    "a tab behind the version": "GET / HTTP/1.1\t",
    "a word behind the version": "GET / HTTP/1.1 x",
    "no space before the target": "GET/ HTTP/1.1",
    "no space before the version": "GET /HTTP/1.1",
    "no spaces at all": "GET/HTTP/1.1",
    "no method": " / HTTP/1.1",
    "no method and no space": "/ HTTP/1.1",
    "no target": "GET HTTP/1.1",
    "an empty target": "GET  HTTP/1.1",
    "a space in the target": "GET /a b HTTP/1.1",
    "the method only": "GET",
    "the version first": "HTTP/1.1 GET /",
    "a field first": "Host: a",
}
for what, line in BAD_LINES.items():
    suite.add(refused("RFC 9112 3: request line with %s" % what, message(line, "Host: a")))
suite.add(
    refused("RFC 9112 3: request line on two lines", message("GET", "/ HTTP/1.1", "Host: a")),
    refused("RFC 9112 3: request line folded", message("GET /", " HTTP/1.1", "Host: a")),
    refused("RFC 9112 3.1: a byte in the method that is none of a token's",
            {"0x%02X" % c: message(b"GE" + bytes([c]) + b"T / HTTP/1.1", "Host: a")
             for c in range(256) if chr(c) not in TCHARS + "\r\n "}),
    refused("RFC 9112 3.1: a byte other than a token's before the method",
            {"0x%02X" % c: message(bytes([c]) + b"GET / HTTP/1.1", "Host: a")
             for c in range(256) if chr(c) not in TCHARS + "\r\n"}),
    lives("RFC 9112 3.1: each character of a token is allowed in a method",
          {c: message("X%s / HTTP/1.1" % c, "Host: a") for c in TCHARS}, 501),
    refused("RFC 9112 3: an unknown method does not excuse a malformed message",
            {"no Host": message("FOO / HTTP/1.1"),
             "a bad length": message("FOO / HTTP/1.1", "Host: a", "Content-Length: x"),
             "a bad coding": message("FOO / HTTP/1.1", "Host: a", "Transfer-Encoding: gzip")}, (400, 501)),
)

# --- RFC 9112 5: field lines ------------------------------------------------------------------------------------------

BAD_FIELD_LINES = {
    "5.1: a space before the colon": "X-A : b",
    "5.1: a tab before the colon": "X-A\t: b",
    "5.1: spaces before the colon of an empty field": "X-A  :",
    "5: no colon": "X-A",
    "5: no colon, but a space": "X-A b",
    "5: no colon, but an equals sign": "X-A=b",
    "5: an empty name": ": b",
    "5: a colon alone": ":",
    "5: a space for a name": " : b",
    "5: a name in quotes": '"X-A": b',
    "5: a space within the name": "X A: b",
    "5.2: a folded value": "X-A: b\r\n c",
    "5.2: a value folded with a tab": "X-A: b\r\n\tc",
    "5.2: a value that begins with a fold": "X-A:\r\n b",
    "5.2: a fold into nothing": "X-A: b\r\n ",
    "5.2: a folded line that looks like a field": "X-A: b\r\n X-B: c",
    "5.2: a value folded twice": "X-A: b\r\n c\r\n d",
}
for what, line in BAD_FIELD_LINES.items():
    suite.add(refused("RFC 9112 " + what, with_line(line)))
for name in ("Content-Length", "Transfer-Encoding", "Host"):
    value = {"Content-Length": "5", "Transfer-Encoding": "chunked", "Host": "a"}[name]
    suite.add(refused("RFC 9112 5.1: white space before the colon of %s" % name,
                      {"a space": post("%s : %s" % (name, value), body=CHUNKED_HELLO),
                       "a tab": post("%s\t: %s" % (name, value), body=CHUNKED_HELLO)}),
              refused("RFC 9112 5.2: %s in a folded line" % name,
                      {"its value": post("%s:\r\n %s" % (name, value), body=CHUNKED_HELLO),
                       "as a value": post("X-A: b\r\n %s: %s" % (name, value), body=CHUNKED_HELLO)}))
suite.add(
    refused("RFC 9112 5.2: a fold in the last line of the head", b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"),
    refused("RFC 9110 5.5: a control character in a value", {
        "0x%02X %s" % (c, where): with_line(b"X-A: " + value % bytes([c]))
        for c in CONTROLS
        for where, value in (("first", b"%sb"), ("within", b"b%sc"), ("last", b"b%s"), ("alone", b"%s"))}),
    refused("RFC 9110 5.5: a control character in the value of a field that is read", {
        "0x%02X" % c: post(b"Content-Length: 5" + bytes([c]), body=b"hello") for c in CONTROLS}),
    refused("RFC 9110 5.1: a character in a name that is none of a token's", {
        "0x%02X" % c: with_line(b"X" + bytes([c]) + b"A: b") for c in range(256) if chr(c) not in TCHARS + ":\r\n"}),
    refused("RFC 9110 5.1: such a character behind a name", {
        "0x%02X" % c: post(b"Transfer-Encoding" + bytes([c]) + b": chunked", body=CHUNKED_HELLO)
        for c in range(256) if chr(c) not in TCHARS + ":\r\n"}),
    lives("RFC 9110 5.1: each character of a token is allowed in a name",
          {c: with_line("%s: b" % c) for c in TCHARS}, body=WELCOME),
    lives("RFC 9110 5.1: all characters of a token in one name", with_line(TCHARS + ": b"), body=WELCOME),
    lives("RFC 9110 5.1: names are without case", message(
        "POST /messages HTTP/1.1", "hOST: a", "cONTENT-tYPE: text/plain", "CONTENT-LENGTH: 5", body=b"hello"),
          body=HELLO),
    lives("RFC 9112 5.1: white space around a value", {
        "none": with_line("X-A:b"), "a tab": with_line("X-A:\tb\t"),
        "much": with_line("X-A:  \t  b  \t ")}, body=WELCOME),
    lives("RFC 9112 5.1: white space around a value that is read", {
        "none": post("Content-Length:5", body=b"hello"), "tabs": post("Content-Length:\t5\t", body=b"hello"),
        "much": post("Content-Length: \t 5 \t ", body=b"hello")}, body=HELLO),
    lives("RFC 9110 5.5: an empty value", {"nothing": with_line("X-A:"), "a space": with_line("X-A: "),
                                           "tabs": with_line("X-A:\t\t")}, body=WELCOME),
    lives("RFC 9110 5.5: each visible character in a value",
          {chr(c): with_line(b"X-A: " + bytes([c])) for c in range(0x21, 0x7F)}, body=WELCOME),
    lives("RFC 9110 5.5: a tab within a value", with_line("X-A: b\tc"), body=WELCOME),
    lives("RFC 9110 5.5: obs-text in a value",
          {"0x%02X" % c: with_line(b"X-A: b" + bytes([c]) + b"c") for c in range(0x80, 0x100)}, body=WELCOME),
    lives("RFC 9110 5.5: obs-text first and last in a value", with_line(b"X-A: \xe4\xff"), body=WELCOME),
    lives("RFC 9110 5.5: a value of colons", with_line("X-A:::b::"), body=WELCOME),
    lives("RFC 9110 5.3: a field on several lines", get("X-A: b", "X-A: c", "X-A:"), body=WELCOME),
    lives("RFC 9110 5.4: a value of 8,000 bytes", with_line("X-A: " + "b" * 8000), body=WELCOME),
    lives("RFC 9110 5.4: a name of 8,000 bytes", with_line("X" * 8000 + ": b"), body=WELCOME),
    lives("RFC 9110 5.4: a head of 32,000 bytes", with_line("X-A: " + "b" * 31900), body=WELCOME),
    lives("RFC 9110 5.4: a hundred fields", get(*["X-%d: b" % i for i in range(99)]), body=WELCOME),
    refused("RFC 6585 5: a head of more than 32 KiB", {
        "one value": with_line("X-A: " + "b" * 32768), "one name": with_line("X" * 32768 + ": b"),
        "many fields": get(*["X-A: " + "b" * 500] * 70), "far more": with_line("X-A: " + "b" * 300_000)}, 431),
    refused("RFC 6585 5: a head of more than 32 KiB that does not end", get()[:-2] + b"X-A: " + b"b" * 40_000, 431,
            alone=True),
    refused("RFC 6585 5: more than a hundred fields", get(*["X-%d: b" % i for i in range(200)]), 431),
)

# --- RFC 9112 6.3: Content-Length -------------------------------------------------------------------------------------

GOOD_LENGTHS = {
    "as it should be": ["5"],
    "with leading zeros": ["005"],
    "with 28 leading zeros": ["0" * 28 + "5"],
    "as a list of the same": ["5, 5"],
    "as a list of the same without a space": ["5,5"],
    "as a list of the same with white space": ["5 ,\t5"],
    "as a list of three of the same": ["5, 5, 5"],
    "on two lines of the same": ["5", "5"],
    "on three lines of the same": ["5", "5", "5"],
    "on a line and in a list": ["5", "5, 5"],
}
for what, values in GOOD_LENGTHS.items():
    suite.add(lives("RFC 9112 6.3: Content-Length %s" % what,
                    post(*["Content-Length: " + value for value in values], body=b"hello"), body=HELLO))
suite.add(
    lives("RFC 9112 6.3: Content-Length that ends before an empty line and a request",
          post("Content-Length: 5", body=b"hello") + get(), 200, 200, body=[HELLO, WELCOME], split=True),
    lives("RFC 9112 6.3: Content-Length 0", {z: post("Content-Length: " + z) for z in ("0", "000", "0, 0")},
          body=b"Text Message: "),
    lives("RFC 9112 6.3: neither length nor coding is no body", post(), body=b"Text Message: "),
    lives("RFC 9112 6.3: a body that looks like a request", post("Content-Length: %d" % len(SMUGGLED), body=SMUGGLED),
          body=b"Text Message: " + SMUGGLED),
    lives("RFC 9110 9.3.1: a GET with a body that looks like a request",
          get("Content-Length: %d" % len(SMUGGLED)) + SMUGGLED, body=WELCOME),
    lives("RFC 9112 6.3: Content_Length is another field", post("Content_Length: 5", "Contents-Length: x"),
          body=b"Text Message: "),
)
BAD_LENGTHS = {
    "with a plus sign": "+5", "with a minus sign": "-5", "of minus zero": "-0", "in hexadecimal": "0x5",
    "in hexadecimal digits": "a", "with a fraction": "5.0", "with an exponent": "5e0", "with a separator": "1_0",
    "with a space inside": "5 5", "with a tab inside": "5\t5", "with a semicolon": "5;", "with a word": "five",
    "with a letter behind": "5a", "with a letter before": "a5", "in quotes": '"5"', "with a percent escape": "%35",
    "empty": "", "of white space": " \t", "with Arabic digits": "\u0665".encode(), "with superscript": b"\xb9",
    "as a list of different ones": "5, 6", "as a list that ends with a comma": "5,",
    "as a list that begins with a comma": ",5", "as a list with a hole": "5,,5", "of a comma": ",",
    "as a list of the same with a sign": "5, +5",
    "as a list with a bad one behind": "5, x", "as a list of 5 and a space": "5, ", "separated by a semicolon": "5;5",
    "of 2^64": "18446744073709551616", "of 2^64 + 5": "18446744073709551621", "of 30 digits": "9" * 30,
    "of 30 digits that wrap to 5 in 64 bits": str((10 ** 29 // 2 ** 64) * 2 ** 64 + 5), "of 400 digits": "1" * 400,
}
for what, value in BAD_LENGTHS.items():
    suite.add(refused("RFC 9112 6.3: Content-Length %s" % what,
                      post(b"Content-Length: " + as_bytes(value), body=b"hello")))
for first, second in (("5", "6"), ("6", "5"), ("5", ""), ("", "5"), ("5", "x"), ("0", "5"), ("5, 5", "6"), ("5", "+5")):
    suite.add(refused("RFC 9112 6.3: Content-Length on two lines, %r and %r" % (first, second),
                      post("Content-Length: " + first, "Content-Length: " + second, body=b"hello")))
suite.add(
    refused("RFC 9112 6.3: Content-Length on two lines of different case", post(
        "content-length: 5", "CONTENT-LENGTH: 6", body=b"hello")),
    refused("RFC 9112 6.3: two different lengths with another field between", post(
        "Content-Length: 5", "X-A: b", "Content-Length: 0", body=b"hello")),
    refused("RFC 9112 6.3: a bad length of a request that takes no body", get("Content-Length: +5")),
    refused("RFC 9112 6.3: a bad length in HTTP/1.0", message(
        "POST /messages HTTP/1.0", "Content-Length: +5", body=b"hello")),
)
for what, value in {"2^64 - 1": 2 ** 64 - 1, "2^63": 2 ** 63, "2^63 - 1": 2 ** 63 - 1, "2^32 + 5": 2 ** 32 + 5}.items():
    suite.add(refused("RFC 9110 15.5.14: Content-Length of %s" % what,
                      post("Content-Length: %d" % value, body=b"hello"), 413))

# --- RFC 9112 6.1, 6.3, 7: Transfer-Encoding --------------------------------------------------------------------------

for value in ("chunked", "Chunked", "CHUNKED", "cHuNkEd", "chunked \t", "\tchunked"):
    suite.add(lives("RFC 9112 7: Transfer-Encoding %r" % value,
                    post("Transfer-Encoding:" + value, body=CHUNKED_HELLO), body=HELLO))
suite.add(
    lives("RFC 9110 9.3.1: a GET with a chunked body that looks like a request",
          get("Transfer-Encoding: chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(SMUGGLED), SMUGGLED), body=WELCOME),
    lives("RFC 9112 6.1: other fields that sound alike", post("TE: gzip, chunked", "Transfer_Encoding: chunked",
                                                              "X-Transfer-Encoding: chunked"), body=b"Text Message: "),
)
# The final coding is chunked, so the body's end is known, but not what is in it: 501 (6.1).
for values in (["gzip, chunked"], ["gzip,chunked"], ["gzip", "chunked"], ["identity, chunked"],
               ["deflate, gzip, chunked"], ["xchunked, chunked"], ["gzip;q=1, chunked"], ["GZIP, CHUNKED"]):
    suite.add(refused("RFC 9112 6.1: Transfer-Encoding %s" % " and ".join(map(repr, values)),
                      post(*["Transfer-Encoding: " + value for value in values], body=CHUNKED_HELLO), 501))
# The final coding is not chunked, so the body's end is not known: 400 (6.3).
BAD_CODINGS = ["gzip", "identity", "xchunked", "x-chunked", "chunkedx", "chunke", "chunked, gzip", "chunked, identity",
               "chunked, xchunked", "", " ", '"chunked"', "'chunked'", "chunked;q=1", "chunked;", "chunked; foo=bar",
               "chunked chunked", "chunked gzip", "chun\tked", "c hunked", "chunked, chunked", "chunked,chunked",
               "chunked, gzip, chunked", "gzip, chunked, chunked", "chunked, chunked, gzip", "chunked/1", "chunked:",
               'foo;a="x, chunked"',
               "\xa0chunked", "chunked\xa0", "\x85chunked", "chunked\x0b", "\x0cchunked", "\0chunked", "chunked\0",
               "\u1d04hunked".encode(), "%63hunked", "*", "0"]
for value in BAD_CODINGS:
    suite.add(refused("RFC 9112 6.3: Transfer-Encoding %r" % value,
                      post(b"Transfer-Encoding: " + as_bytes(value), body=CHUNKED_HELLO)))
for values in (["chunked", "chunked"], ["chunked", "gzip"], ["chunked", "identity"], ["chunked", "x"]):
    suite.add(refused("RFC 9112 6.3: Transfer-Encoding on two lines, %r and %r" % tuple(values),
                      post(*["Transfer-Encoding: " + value for value in values], body=CHUNKED_HELLO)))
suite.add(
    refused("RFC 9112 6.3: Transfer-Encoding with empty list elements", {
        value: post("Transfer-Encoding: " + value, body=CHUNKED_HELLO)
        for value in (",chunked", "chunked,", "chunked, ,")}, (400, 501)),
    refused("RFC 9112 6.3: Transfer-Encoding with an empty line beside it", {
        "behind": post("Transfer-Encoding: chunked", "Transfer-Encoding:", body=CHUNKED_HELLO),
        "before": post("Transfer-Encoding:", "Transfer-Encoding: chunked", body=CHUNKED_HELLO)}, (400, 501)),
)
for coding in ("chunked", "gzip", "gzip, chunked", "identity", ""):
    line = "Transfer-Encoding: " + coding
    lengths = ["Content-Length: %d" % n for n in (5, 0, len(CHUNKED_HELLO))]
    # A proxy before us may have looked at the other one of the two.
    suite.add(refused("RFC 9112 6.1: Transfer-Encoding %r and Content-Length" % coding, {
        "%s, %s" % both: post(*both, body=CHUNKED_HELLO)
        for length in lengths for both in ((line, length), (length, line))},
        (400, 501) if coding == "gzip, chunked" else 400))
suite.add(
    refused("RFC 9112 6.1: Transfer-Encoding and a bad Content-Length", post(
        "Transfer-Encoding: chunked", "Content-Length: +5", body=CHUNKED_HELLO)),
    refused("RFC 9112 6.1: Transfer-Encoding and Content-Length in a GET", get(
        "Transfer-Encoding: chunked", "Content-Length: 0") + b"0\r\n\r\n"),
    refused("RFC 9112 6.1: Transfer-Encoding in HTTP/1.0", {
        "closing": message("POST /messages HTTP/1.0", "Content-Type: text/plain", "Transfer-Encoding: chunked",
                           body=CHUNKED_HELLO),
        "kept alive": message("POST /messages HTTP/1.0", "Host: a", "Connection: keep-alive",
                              "Content-Type: text/plain", "Transfer-Encoding: chunked", body=CHUNKED_HELLO),
        "with a length": message("POST /messages HTTP/1.0", "Transfer-Encoding: chunked", "Content-Length: 5",
                                 body=CHUNKED_HELLO),
        "another coding": message("POST /messages HTTP/1.0", "Transfer-Encoding: identity", body=b"hello")}),
)

if __name__ == "__main__":
    suite.main()
