"""Bodies that could be half understood: multipart, codings, charsets, lengths, and what Accept says of the answer."""
import gzip
import re

from cases import Suite, closes, lives, refused
from raw import CHUNKED_HELLO, HELLO, as_bytes, get, message, post, want

suite = Suite()


def has(*words):
    """A body that holds all of the words."""
    return re.compile(b"".join(rb"(?=.*%b)" % re.escape(as_bytes(word)) for word in words), re.S)


def sized(*fields, body=b"", path="/messages", content_type="text/plain"):
    body = as_bytes(body)
    return post(*fields, "Content-Length: %d" % len(body), body=body, path=path, content_type=content_type)


# --- RFC 2046 5.1.1, RFC 7578: multipart ------------------------------------------------------------------------------


def form(body, content_type="multipart/form-data; boundary=b"):
    return sized(body=body, path="/files", content_type=content_type)


def part(name, value, *lines, boundary="b"):
    head = "\r\n".join(('Content-Disposition: form-data; name="%s"' % name, *lines))
    return "--%s\r\n%s\r\n\r\n%s\r\n" % (boundary, head, value)


def fields(**values):
    return b'{"files":[],"form":[%s]}\n' % b",".join(
        b'{"field":"%s","value":"%s"}' % (name.encode(), value.encode()) for name, value in values.items())


TWO = part("first", "1") + part("second", "2") + "--b--\r\n"
suite.add(
    lives("RFC 2046 5.1.1: a preamble is passed over", {
        "none": form(TWO), "an empty line": form("\r\n" + TWO), "text": form("preamble\r\n" + TWO),
        "lines with LF": form("one\ntwo\n\r\n" + TWO), "almost the boundary": form("--bx\r\n" + TWO),
        "almost the boundary behind LF": form("\n--bx\r\n" + TWO), "another boundary": form("--c\r\n\r\n" + TWO),
        "the boundary within a line": form("see --b below\r\n" + TWO), "blanks behind": form("--b b\r\n" + TWO),
        "a final boundary within a line": form("x--b--\r\n" + TWO)}, body=fields(first="1", second="2")),
    lives("RFC 2046 5.1.1: a boundary before the first part that begins no line", {
        "LF in front": form("\n" + TWO), "CR in front": form("\r" + TWO), "a space in front": form(" " + TWO),
        "a byte order mark in front": form("\xef\xbb\xbf" + TWO), "a dash too many": form("-" + TWO),
        "text in front": form("x" + TWO), "behind a line that ends with LF": form("preamble\n" + TWO),
        "one part": form("\n" + part("only", "1") + "--b--\r\n")}, 400,
          body=has("malformed", "boundary", "does not begin that line")),
    lives("RFC 2046 5.1.1: a boundary before the first part whose line does not end with CR LF", {
        "LF": form(TWO.replace("--b\r\n", "--b\n", 1)), "CR": form(TWO.replace("--b\r\n", "--b\r", 1)),
        "blanks and LF": form(TWO.replace("--b\r\n", "--b \t\n", 1)),
        "LF only": form(TWO.replace("\r\n", "\n"))}, 400, body=has("malformed", "is not followed by CR LF")),
    lives("RFC 2046 5.1.1: such a boundary, cut anywhere", form("x\n" + TWO), 400, split=True, body=has("malformed")),
    lives("RFC 2046 5.1.1: boundaries that should be quoted and are not", {
        boundary: form(part("a", "1", boundary=boundary) + "--%s--\r\n" % boundary,
                       "multipart/form-data;boundary=" + boundary)
        for boundary in ("*****", "a/b=c", "=?", "a:b", "a b", "(a)", "a,b", "a'b", "-----a")}, body=fields(a="1")),
    lives("RFC 2046 5.1.1: a boundary that is none is named", {
        boundary: form("--b--\r\n", "multipart/form-data; boundary=" + boundary)
        for boundary in ("a@b", "a<b>", "[a]", "a\\b")}, 400, body=has("boundary '", "are allowed")),
    lives("RFC 2046 5.1.1: no boundary, an empty one, two, a long one", {
        "no boundary": form("--b--\r\n", "multipart/form-data"),
        "an empty boundary": form("--b--\r\n", "multipart/form-data; boundary="),
        "two boundaries": form("--b--\r\n", "multipart/form-data; boundary=b; boundary=c"),
        "a boundary of 71": form("--b--\r\n", "multipart/form-data; boundary=" + "b" * 71)}, 400,
          body=re.compile(rb"no boundary|empty boundary|two boundaries|of 71 characters")),
    lives("RFC 7578 4.2: a file name that ends with a backslash", {
        "alone": form(part("a", "v").replace('name="a"', 'name="a"; filename="foo\\"') + "--b--\r\n")},
          body=has(r'"field":"a","filename":"foo\\","size":1')),
    lives("RFC 7578 4.2: what is wrong with a Content-Disposition is said", {
        "not form-data": form("--b\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--b--\r\n"),
        "no name": form("--b\r\nContent-Disposition: form-data; filename=a\r\n\r\n1\r\n--b--\r\n"),
        "not a token": form("--b\r\nContent-Disposition: form-data; name=a; filename=\xc3\xa9\r\n\r\n1\r\n--b--\r\n"),
        "twice": form(part("a", "1", "Content-Disposition: form-data; name=b") + "--b--\r\n")}, 400,
          body=re.compile(rb"is not form-data|has no name|cannot be read from '|two lines")),
    lives("RFC 7578 4.4: a field is decoded by its charset", {
        label + " " + value: form(part("a", value, "Content-Type: text/plain; charset=" + label) + "--b--\r\n")
        for label, value in (("iso-8859-1", "\xe9"), ("Latin1", "\xe9"), ('"windows-1252"', "\xe9"),
                             ("utf8", "\xc3\xa9"), ("utf-8", "\xc3\xa9"))}, body=fields(a="\\u00e9")),
    lives("RFC 7578 4.6: a field is decoded by what _charset_ says",
          form(part("_charset_", "iso-8859-1") + part("a", "\xe9") + "--b--\r\n"),
          body=fields(_charset_="iso-8859-1", a="\\u00e9")),
    lives("RFC 7578 4.4: a charset that is not known is 415 and named", {
        "of a part": form(part("a", "x", "Content-Type: text/plain; charset=koi8-r") + "--b--\r\n"),
        "of _charset_": form(part("_charset_", "koi8-r") + part("a", "x") + "--b--\r\n"),
        "of a urlencoded form": form("a=x", "application/x-www-form-urlencoded; charset=koi8-r")}, 415,
          body=has("koi8-r", "utf-8")),
    lives("RFC 7578 4.7: a part that is coded is 415", {
        value: form(part("a", "eA==", "Content-Transfer-Encoding: " + value) + "--b--\r\n")
        for value in ("base64", "quoted-printable", "x")}, 415, body=has("binary")),
    lives("RFC 7578 4.7: a part that says it is not coded", {
        value: form(part("a", "x", "Content-Transfer-Encoding: " + value) + "--b--\r\n")
        for value in ("7bit", "8bit", "binary", "BINARY")}, body=fields(a="x")),
    lives("RFC 7578 4.4: a file is not decoded",
          form(part("a", "\xe9", "Content-Type: text/plain; charset=koi8-r").replace('"a"', '"a"; filename=f') +
               "--b--\r\n"), body=has('"size":1')),
    lives("a urlencoded form is decoded by its charset", {
        "iso-8859-1": form("a=%E9", "application/x-www-form-urlencoded; charset=ISO-8859-1"),
        "utf-8": form("a=%C3%A9", "application/x-www-form-urlencoded; charset=UTF-8"),
        "none": form("a=%C3%A9", "application/x-www-form-urlencoded")}, body=fields(a="\\u00e9")),
)

# --- RFC 9110 8.4: content codings ------------------------------------------------------------------------------------

BODIES = {  # media type: (path, body)
    "text/plain": ("/messages", b"hello"), "application/json": ("/messages", b"{}"),
    "application/octet-stream": ("/messages", b"hello"),
    "application/x-www-form-urlencoded": ("/files", b"a=1"),
    "multipart/form-data; boundary=b": ("/files", b"--b--\r\n"),
}
for content_type, (path, body) in BODIES.items():
    coded = gzip.compress(body, mtime=0)
    suite.add(
        lives("RFC 9110 15.5.16: a coded body is 415, %s" % content_type, {
            coding: sized("Content-Encoding: " + coding, body=coded, path=path, content_type=content_type)
            for coding in ("gzip", "GZIP", "x-gzip", "br", "aws-chunked", "identity, gzip", "gzip, identity", "x")}, 415,
              head={"Accept-Encoding": "identity"}),
        lives("RFC 9110 8.4.1: identity is no coding, %s" % content_type, {
            value or "empty": sized("Content-Encoding: " + value, body=body, path=path, content_type=content_type)
            for value in ("identity", "Identity", "identity, identity", "")}),
        closes("RFC 9110 10.1.1: no 100 before 415 for a coding, %s" % content_type, {
            "length": post("Content-Encoding: gzip", "Expect: 100-continue", "Content-Length: 20", path=path,
                           content_type=content_type),
            "chunked": post("Content-Encoding: gzip", "Expect: 100-continue", "Transfer-Encoding: chunked", path=path,
                            content_type=content_type)}, 415, head={"Accept-Encoding": "identity"}),
    )
suite.add(
    lives("RFC 9110 8.4: a route that reads no body does not look at its coding",
          sized("Content-Encoding: gzip", body=b"x", path="/echo"), body=b"ECHO: POST\n"),
    lives("the text of /messages for a coding is the tutorial's", sized("Content-Encoding: gzip", body=b"x"), 415,
          body=b"415 Unsupported Media Type ;)"),
    lives("what is accepted instead of a coding is said", form(b"x", "multipart/form-data; boundary=b").replace(
        b"Host: a\r\n", b"Host: a\r\nContent-Encoding: gzip\r\n"), 415, body=has("'gzip'", "identity")),
)


@suite.script("RFC 9110 15.5.16: coded bytes do not become the file")
def not_stored(connect):
    c = connect()
    for fields, status in (((), 200), (("Content-Encoding: gzip",), 415)):
        c.send(sized(*fields, body=b"hello", content_type="application/octet-stream"))
        a = c.answer()
        want(a.status == status, "%d, not %d" % (a.status, status))
    c.lives()


# --- charsets of text -------------------------------------------------------------------------------------------------

suite.add(
    lives("labels of UTF-8 and of ASCII are accepted", {
        label: sized(body=b"hello", content_type="text/plain; charset=" + label)
        for label in ("utf-8", "utf8", "UTF8", "unicode-1-1-utf-8", "ascii", "us-ascii", "ANSI_X3.4-1968", '"utf8"')},
          body=HELLO),
    lives("another charset is 415, with the tutorial's text and the reason", {
        label: sized(body=b"x", content_type="text/plain; charset=" + label)
        for label in ("iso-8859-1", "utf-16", "utf8x", "koi8-r")}, 415,
          body=re.compile(rb"\A415 Unsupported Media Type ;\)\nText is accepted in utf-8 and us-ascii only, not in '")),
    lives("another media type is 415 with the tutorial's text only", {
        content_type: sized(body=b"x", content_type=content_type)
        for content_type in ("image/png", "text/html; charset=utf8", "x")}, 415, body=b"415 Unsupported Media Type ;)"),
    lives("text that is not in its charset is 400", {
        label: sized(body=b"\xe9", content_type="text/plain; charset=" + label) for label in ("utf8", "ascii")}, 400,
          body=has("UTF-8")),
    lives("JSON that is not UTF-8 is named so, with its place",
          sized(body=b'{"a":"\xfc"}', content_type="application/json"), 400, body=has("not UTF-8 text at byte 6")),
    lives("JSON that is malformed before that is not", sized(body=b"{'a':'\xfc'}", content_type="application/json"), 400,
          body=has("syntax error at byte 1")),
)

# --- bodies without a length ------------------------------------------------------------------------------------------

DATA = b"my precious data"
OCTETS = "application/octet-stream"


def old(*fields, path="/messages", content_type=OCTETS, body=b""):
    return message("POST %s HTTP/1.0" % path, "Content-Type: " + content_type, *fields, body=body)


suite.add(
    refused("RFC 1945 8.3: POST in HTTP/1.0 without a length is 400", {
        "octets": old(body=DATA), "octets, no body": old(), "octets, kept alive": old("Connection: keep-alive", body=DATA),
        "text": old(content_type="text/plain", body=DATA), "JSON": old(content_type="application/json", body=b"{}"),
        "form": old(path="/files", content_type="application/x-www-form-urlencoded", body=b"a=1"),
        "multipart": old(path="/files", content_type="multipart/form-data; boundary=b", body=b"--b--\r\n")}, 400,
            body=has("HTTP/1.0", "Content-Length")),
    closes("RFC 1945 8.3: POST in HTTP/1.0 with a length", {
        "some": old("Content-Length: 5", content_type="text/plain", body=b"hello")}, body=HELLO),
    closes("RFC 1945 8.3: a length of 0 in HTTP/1.0 is one", old("Content-Length: 0"), body=b"Binary message written!"),
    closes("HTTP/1.0 without a length where no handler reads a body", {
        "POST": message("POST /echo HTTP/1.0"), "GET": message("GET /echo HTTP/1.0")}),
    lives("RFC 9110 15.5.12: 411 for octets without a length", post(content_type=OCTETS), 411, body=has("Content-Length")),
    lives("RFC 9112 6.3: octets with a length or chunks", {
        "no octets": post("Content-Length: 0", content_type=OCTETS), "some": sized(body=DATA, content_type=OCTETS),
        "chunks": post("Transfer-Encoding: chunked", content_type=OCTETS, body=CHUNKED_HELLO),
        "no chunks": post("Transfer-Encoding: chunked", content_type=OCTETS, body=b"0\r\n\r\n")},
          body=b"Binary message written!"),
    lives("RFC 9112 6.3: a text without a length is empty", post(), body=b"Text Message: "),
    lives("a request without a length leaves the file alone and is not read on as a body",
          post(content_type=OCTETS) + get(), 411, 200),
)

# --- RFC 9110 12.4.2: q-values, and request targets -------------------------------------------------------------------

JSON, TEXT = "application/json", "text/plain; charset=utf-8"


def hello(accept):
    return get("Accept: " + accept, path="/hello")


suite.add(
    lives("RFC 9110 12.4.2: the zero before the point of a q-value may be missing", {
        accept: hello(accept) for accept in ("application/json;q=.9", "application/json;q=.9, text/plain;q=.8",
                                             "text/plain;q=.2, application/json", "*/*;q=.1, application/json;q=.2",
                                             "application/json;q=0.9999", "text/plain;q=0, application/json;q=0.0001")},
          head={"Content-Type": JSON}),
    lives("RFC 9110 12.4.2: a smaller one is not preferred", {
        accept: hello(accept) for accept in ("text/plain;q=.9, application/json;q=.8", "application/json;q=.0",
                                             "text/plain, application/json;q=.999")}, head={"Content-Type": TEXT}),
    lives("RFC 9110 7.4: another scheme is named", message("GET https://a/ HTTP/1.1", "Host: a"), 400,
          body=has("http", "the only scheme", "path that begins with a slash")),
    lives("RFC 9112 3.2: what a target may be is said", message("GET a HTTP/1.1", "Host: a"), 400,
          body=has("path that begins with a slash", "http://host/path")),
)

if __name__ == "__main__":
    suite.main()
