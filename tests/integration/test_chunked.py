"""Chunked bodies and bodies that end too early: RFC 9112 sections 7 and 8."""
import re

from cases import UNSAID, Case, Suite, closes, lives, refused
from raw import CHUNKED_HELLO, CONTROLS, HELLO, SMUGGLED, TCHARS, WELCOME, chunked, get, post

suite = Suite()

# --- RFC 9112 7.1: chunked bodies -------------------------------------------------------------------------------------

LAST = b"0\r\n\r\n"
GOOD_CHUNKS = {
    "7.1: one chunk": b"5\r\nhello\r\n" + LAST,
    "7.1: a chunk for each byte": b"".join(b"1\r\n%c\r\n" % c for c in b"hello") + LAST,
    "7.1: leading zeros in a size": b"005\r\nhello\r\n" + LAST,
    "7.1: a size of 16 digits": b"0000000000000005\r\nhello\r\n" + LAST,
    "7.1: a last chunk of several zeros": b"5\r\nhello\r\n000\r\n\r\n",
    "7.1: a last chunk of 16 zeros": b"5\r\nhello\r\n0000000000000000\r\n\r\n",
    "7.1.1: an extension's name": b"5;a\r\nhello\r\n" + LAST,
    "7.1.1: an extension with a token": b"5;a=b\r\nhello\r\n" + LAST,
    "7.1.1: an extension with all characters of a token": b"5;%b=%b\r\nhello\r\n" % ((TCHARS.encode(),) * 2) + LAST,
    "7.1.1: an extension with a quoted string": b'5;a="b c"\r\nhello\r\n' + LAST,
    "7.1.1: an extension with an empty quoted string": b'5;a=""\r\nhello\r\n' + LAST,
    "7.1.1: an escaped quote": b'5;a="b \\" c"\r\nhello\r\n' + LAST,
    "7.1.1: an escaped backslash at the end of a quoted string": b'5;a="b\\\\"\r\nhello\r\n' + LAST,
    "7.1.1: separators within a quoted string": b'5;a="b;c=d,\te"\r\nhello\r\n' + LAST,
    "7.1.1: obs-text in a quoted string": b'5;a="\xe4\xff"\r\nhello\r\n' + LAST,
    "7.1.1: several extensions": b'5;a;b=c;d="e";f\r\nhello\r\n' + LAST,
    "7.1.1: white space around the semicolon": b"5 ; a=b\t;\tc\r\nhello\r\n" + LAST,
    "7.1.1: white space around the equals sign": b'5;a = b;c\t=\t"d"\r\nhello\r\n' + LAST,
    "7.1.1: an extension of the last chunk": b"5\r\nhello\r\n0;a=b\r\n\r\n",
    "7.1.1: a value that looks like a size": b"5;a=100\r\nhello\r\n" + LAST,
    "7.1.2: a trailer": b"5\r\nhello\r\n0\r\nX-A: b\r\n\r\n",
    "7.1.2: several trailers": b"5\r\nhello\r\n0\r\nX-A: b\r\nX-B:\r\nX-C:\tc\t\r\nX-A: d\r\n\r\n",
    "7.1.2: obs-text in a trailer": b"5\r\nhello\r\n0\r\nX-A: \xe4\xff\r\n\r\n",
    "7.1.2: all characters of a token in a trailer's name": b"5\r\nhello\r\n0\r\n%b: b\r\n\r\n" % TCHARS.encode(),
    "7.1.2: a Content-Length in the trailers changes nothing": b"5\r\nhello\r\n0\r\nContent-Length: 40\r\n\r\n",
    "7.1.2: a bad Content-Length in the trailers changes nothing": b"5\r\nhello\r\n0\r\nContent-Length: x\r\n\r\n",
    "7.1.2: a Transfer-Encoding in the trailers changes nothing": b"5\r\nhello\r\n0\r\nTransfer-Encoding: gzip\r\n\r\n",
    "7.1.2: Connection: close in the trailers changes nothing": b"5\r\nhello\r\n0\r\nConnection: close\r\n\r\n",
    "7.1.2: Host in the trailers changes nothing": b"5\r\nhello\r\n0\r\nHost: b c\r\n\r\n",
    "7.1.2: Content-Type in the trailers changes nothing": b"5\r\nhello\r\n0\r\nContent-Type: text/html\r\n\r\n",
}
# What a handler reads and what is passed over because no handler reads it must be the same.
TAKEN = re.compile(rb"\A(Text Message: hello|ECHO: POST\n)\Z")
for what, body in GOOD_CHUNKS.items():
    suite.add(lives("RFC 9112 " + what, {"read": chunked(body), "not read": chunked(body, path="/echo")}, body=TAKEN))
suite.add(
    lives("RFC 9112 7.1: hexadecimal digits in either case", {
        "lower": chunked(b"1a\r\n%b\r\n" % (b"x" * 26) + LAST), "upper": chunked(b"1A\r\n%b\r\n" % (b"x" * 26) + LAST)},
          body=b"Text Message: " + b"x" * 26),
    lives("RFC 9112 7.1: nothing but the last chunk", {
        "plain": chunked(LAST), "zeros": chunked(b"000\r\n\r\n"),
        "trailer": chunked(b"0\r\nX-A: b\r\n\r\n")}, body=b"Text Message: "),
    lives("RFC 9112 7.1: content that looks like framing", chunked(b"d\r\n\r\n0\r\n\r\nGET / \r\n" + LAST),
          body=b"Text Message: \r\n0\r\n\r\nGET / "),
    lives("RFC 9112 7.1: a request directly behind the last chunk", chunked(CHUNKED_HELLO) + get(), 200, 200,
          body=[HELLO, WELCOME]),
    lives("RFC 9112 7.1: a chunked body with extensions and trailers, cut anywhere",
          chunked(b'3;a="b \\" c" ; d\r\nhel\r\n02\r\nlo\r\n00;e=f\r\nX-A: b\r\nX-B:\r\n\r\n'), body=HELLO, split=True),
    lives("RFC 9110 6.6.2: Trailer announces trailers", post(
        "Trailer: X-A, X-B", "Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\nX-A: b\r\n\r\n"), body=HELLO),
    lives("RFC 9112 7.1: a thousand chunks", chunked(b"1\r\nx\r\n" * 1000 + LAST),
          body=b"Text Message: " + b"x" * 1000),
    lives("RFC 9112 7.1: a chunk larger than any buffer", chunked(b"30d40\r\n%b\r\n" % (b"x" * 200_000) + LAST),
          body=b"Text Message: " + b"x" * 200_000),
)
BAD_CHUNKS = {
    "7.1: a size with 0x": b"0x5\r\nhello\r\n" + LAST,
    "7.1: a size with a plus sign": b"+5\r\nhello\r\n" + LAST,
    "7.1: a size with a minus sign": b"-5\r\nhello\r\n" + LAST,
    "7.1: a size with a leading space": b" 5\r\nhello\r\n" + LAST,
    "7.1: a size with a leading tab": b"\t5\r\nhello\r\n" + LAST,
    "7.1: a size with a trailing space": b"5 \r\nhello\r\n" + LAST,
    "7.1: a size with a trailing tab": b"5\t\r\nhello\r\n" + LAST,
    "7.1: a size with a space inside": b"0 5\r\nhello\r\n" + LAST,
    "7.1: a size of other letters": b"g\r\nhello\r\n" + LAST,
    "7.1: a size with a letter behind": b"5h\r\nhello\r\n" + LAST,
    "7.1: a size with a dot": b"5.0\r\nhello\r\n" + LAST,
    "7.1: a size with an underscore": b"0_5\r\nhello\r\n" + LAST,
    "7.1: a size in quotes": b'"5"\r\nhello\r\n' + LAST,
    "7.1: a size with obs-text": b"5\xa0\r\nhello\r\n" + LAST,
    "7.1: a size with NUL": b"5\0\r\nhello\r\n" + LAST,
    "7.1: an empty size": b"\r\nhello\r\n" + LAST,
    "7.1: an empty size before an extension": b";a=b\r\nhello\r\n" + LAST,
    "7.1: an empty line between chunks": b"5\r\nhello\r\n\r\n" + LAST,
    "7.1: a size of 17 digits": b"00000000000000005\r\nhello\r\n" + LAST,
    "7.1: a size of 17 digits that wraps to 5 in 64 bits": b"10000000000000005\r\nhello\r\n" + LAST,
    "7.1: a size of 200 digits": b"f" * 200 + b"\r\nhello\r\n" + LAST,
    "7.1: a last chunk of 17 zeros": b"5\r\nhello\r\n" + b"0" * 17 + b"\r\n\r\n",
    "7.1: a last chunk of minus zero": b"5\r\nhello\r\n-0\r\n\r\n",
    "7.1: nothing behind the data": b"5\r\nhello" + LAST,
    "7.1: two other bytes behind the data": b"5\r\nhelloXX" + LAST,
    "7.1: more data than announced": b"4\r\nhello\r\n" + LAST,
    "7.1: less data than announced": b"6\r\nhello\r\n" + LAST,
    "7.1: bare LF behind the data": b"5\r\nhello\n" + LAST,
    "7.1: bare CR behind the data": b"5\r\nhello\r" + LAST,
    "7.1: LF CR behind the data": b"5\r\nhello\n\r" + LAST,
    "7.1: CR CR LF behind the data": b"5\r\nhello\r\r\n" + LAST,
    "7.1: bare LF behind a size": b"5\nhello\r\n" + LAST,
    "7.1: bare CR behind a size": b"5\rhello\r\n" + LAST,
    "7.1: CR CR LF behind a size": b"5\r\r\nhello\r\n" + LAST,
    "7.1: bare LF everywhere": b"5\nhello\n0\n\n",
    "7.1: bare LF behind the last chunk": b"5\r\nhello\r\n0\n\r\n",
    "7.1: bare LF for the last line": b"5\r\nhello\r\n0\r\n\n",
    "7.1: bare CR for the last line": b"5\r\nhello\r\n0\r\n\rX",
    "7.1: plain text": b"hello",
    "7.1.1: a semicolon without a name": b"5;\r\nhello\r\n" + LAST,
    "7.1.1: a semicolon and white space": b"5; \r\nhello\r\n" + LAST,
    "7.1.1: an equals sign without a name": b"5;=x\r\nhello\r\n" + LAST,
    "7.1.1: an equals sign without a value": b"5;a=\r\nhello\r\n" + LAST,
    "7.1.1: a semicolon without a name at the end": b"5;a=b;\r\nhello\r\n" + LAST,
    "7.1.1: two semicolons": b"5;;a\r\nhello\r\n" + LAST,
    "7.1.1: two equals signs": b"5;a==b\r\nhello\r\n" + LAST,
    "7.1.1: a comma for a semicolon": b"5,a\r\nhello\r\n" + LAST,
    "7.1.1: a space for a semicolon": b"5 a\r\nhello\r\n" + LAST,
    "7.1.1: two words for a name": b"5;a b\r\nhello\r\n" + LAST,
    "7.1.1: two words for a value": b"5;a=b c\r\nhello\r\n" + LAST,
    "7.1.1: a quoted name": b'5;"a"=b\r\nhello\r\n' + LAST,
    "7.1.1: an unterminated quoted string": b'5;a="b\r\nhello\r\n' + LAST,
    "7.1.1: a quoted string that ends with an escape": b'5;a="b\\"\r\nhello\r\n' + LAST,
    "7.1.1: a quote within a token": b'5;a=b"c"\r\nhello\r\n' + LAST,
    "7.1.1: a token behind a quoted string": b'5;a="b"c\r\nhello\r\n' + LAST,
    "7.1.1: obs-text in a name": b"5;\xe4=b\r\nhello\r\n" + LAST,
    "7.1.1: bare LF behind an extension": b"5;a=b\nhello\r\n" + LAST,
    "7.1.1: bare LF behind a semicolon": b"5;\nhello\r\n" + LAST,
    "7.1.1: bare CR behind an extension": b"5;a=b\rhello\r\n" + LAST,
    "7.1.1: an extension of 20,000 bytes": b"5;a=" + b"b" * 20_000 + b"\r\nhello\r\n" + LAST,
    "7.1.2: a trailer without a colon": b"5\r\nhello\r\n0\r\nX-A b\r\n\r\n",
    "7.1.2: a trailer with an empty name": b"5\r\nhello\r\n0\r\n: b\r\n\r\n",
    "7.1.2: a trailer with white space before the colon": b"5\r\nhello\r\n0\r\nX-A : b\r\n\r\n",
    "7.1.2: a trailer with a quoted name": b'5\r\nhello\r\n0\r\n"X-A": b\r\n\r\n',
    "7.1.2: white space before the first trailer": b"5\r\nhello\r\n0\r\n X-A: b\r\n\r\n",
    "7.1.2: a folded trailer": b"5\r\nhello\r\n0\r\nX-A: b\r\n c\r\n\r\n",
    "7.1.2: bare LF behind a trailer": b"5\r\nhello\r\n0\r\nX-A: b\n\r\n",
    "7.1.2: bare CR in a trailer": b"5\r\nhello\r\n0\r\nX-A: b\rc\r\n\r\n",
    "7.1.2: bare LF for the line behind the trailers": b"5\r\nhello\r\n0\r\nX-A: b\r\n\n",
    "7.1.2: a request line for a trailer": b"5\r\nhello\r\n0\r\nGET / HTTP/1.1\r\n\r\n",
    "7.1.2: trailers of 40,000 bytes": b"5\r\nhello\r\n0\r\n" + b"X-A: %b\r\n" % (b"b" * 90) * 420 + b"\r\n",
}
for what, body in BAD_CHUNKS.items():
    # Alone, some of these are the beginning of a longer message: only what is behind shows that they are not.
    suite.add(refused("RFC 9112 " + what, {"read": chunked(body), "not read": chunked(body, path="/echo")},
                      (400, 431) if "0,000" in what else 400, alone=False))
suite.add(
    refused("RFC 9112 7.1: a control character in a size", {
        "0x%02X" % c: chunked(b"5%c\r\nhello\r\n" % c + LAST) for c in CONTROLS}),
    refused("RFC 9112 7.1.1: a control character in an extension", {
        "0x%02X %s" % (c, where): chunked(line % c + b"\r\nhello\r\n" + LAST) for c in CONTROLS
        for where, line in (("name", b"5;a%c"), ("token", b"5;a=b%c"), ("quoted", b'5;a="b%c"'),
                            ("escaped", b'5;a="\\%c"'))}),
    refused("RFC 9112 7.1.2: a control character in a trailer", {
        "0x%02X %s" % (c, where): chunked(b"5\r\nhello\r\n0\r\n" + line % c + b"\r\n\r\n") for c in CONTROLS
        for where, line in (("name", b"X%cA: b"), ("value", b"X-A: b%cc"))}),
    refused("RFC 9112 7.1: a bad chunk, cut anywhere", chunked(b"5\r\nhello\r\n5;a\r\nworld0\r\n\r\n"), split=True),
    Case("RFC 9112 7.1: a bad chunk of a body that goes nowhere", chunked(b"x\r\nhello\r\n" + LAST, path="/nowhere"),
         [(400, 404)], UNSAID, behind=SMUGGLED),
    refused("RFC 9112 7.1.1: many chunks with extensions, far larger than what they carry",
            chunked(b"1;a=%b\r\nx\r\n" % (b"b" * 1000) * 200 + LAST), (400, 413, 431), alone=False),
    # Nothing of that size is taken, so there is nothing to wait for (RFC 9110 15.5.14).
    refused("RFC 9112 7.1: a chunk size of 2^64 - 1", {
        "upper": chunked(b"FFFFFFFFFFFFFFFF\r\nhello\r\n" + LAST),
        "lower": chunked(b"ffffffffffffffff\r\nhello\r\n" + LAST)}, (400, 413), patience=2),
    refused("RFC 9112 7.1: chunks whose sum is beyond 64 bits",
            chunked(b"5\r\nhello\r\nfffffffffffffffc\r\nhello\r\n" + LAST), (400, 413), patience=2),
)

# --- RFC 9112 8: incomplete messages ----------------------------------------------------------------------------------

BODY = b"3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nX-A: b\r\n\r\n"
for path in ("/messages", "/echo"):
    suite.add(
        closes("RFC 9112 8: a chunked body to %s that is cut off" % path,
               {"behind %r" % BODY[:i]: chunked(BODY[:i], path=path) for i in range(len(BODY))}, 400, half_close=True),
        closes("RFC 9112 8: a body with Content-Length to %s that is cut off" % path,
               {"behind %d bytes" % i: post("Content-Length: 5", body=b"hello"[:i], path=path) for i in range(5)}, 400,
               half_close=True),
    )
suite.add(closes("RFC 9112 8: an upload that is cut off", {
    "length": post("Content-Length: 5", body=b"hell", content_type="application/octet-stream"),
    "chunked": post("Transfer-Encoding: chunked", body=b"5\r\nhello\r\n", content_type="application/octet-stream")},
    400, half_close=True))

if __name__ == "__main__":
    suite.main()
