"""Bodies that are meant to hurt, each as large as the default limits let it be, and the routes they are sent to.

    for kind in KINDS: for route in ROUTES: request(kind, route)
"""
import functools
import os

SIZE = 16 << 20  # --max-body
PARTS = 1000     # --max-parts
DEPTH = 512      # --max-json-depth

JSON = "application/json"
TEXT = "text/plain"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
OCTETS = "application/octet-stream"


def filled(unit, before=b"", after=b""):
    """As many units as fit, between the two."""
    return before + unit * ((SIZE - len(before) - len(after)) // len(unit)) + after


def nested_objects():
    """Each object has its keys in the wrong order; all the content is in the innermost."""
    return filled(b"x", b'{"b":0,"a":' * (DEPTH - 1) + b'"', b'"' + b"}" * (DEPTH - 1))


def wide_object():
    """Keys of one object, the last one first."""
    count = SIZE // len(b'"12345678":0,')
    return b"{" + b",".join(b'"%08d":0' % n for n in range(count - 1, -1, -1)) + b"}"


def many_objects():
    """Small objects, each with its keys in the wrong order."""
    return filled(b',{"b":0,"a":0}', b"[0", b"]")


def part(content, name=b"a"):
    return b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n' % name + content + b"\r\n"


def one_field():
    """Invalid as UTF-8: each byte becomes U+FFFD, and that six characters of JSON."""
    return filled(b"\xff", part(b"")[:-2], b"\r\n--b--\r\n")


def most_parts():
    room = SIZE // PARTS - len(part(b""))
    return part(b"\x01" * room) * (PARTS - 1) + part(b"\x01" * 100) + b"--b--\r\n"


def chunks():
    """Two bytes of content each, and five of framing."""
    return b"2\r\nxy\r\n" * (SIZE // 8) + b"0\r\n\r\n"


# What they are called, their media type, and what makes them.
KINDS = {
    "text: one letter": (TEXT, lambda: filled(b"x")),
    "text: control characters": (TEXT, lambda: filled(b"\x01")),
    "text: tiny chunks": (TEXT, chunks),
    "JSON: escapes \\u0001": (JSON, lambda: filled(b"\\u0001", b'"', b'"')),
    "JSON: DEL": (JSON, lambda: filled(b"\x7f", b'"', b'"')),
    "JSON: U+FFFD": (JSON, lambda: filled(b"\xef\xbf\xbd", b'"', b'"')),
    "JSON: nested, unsorted": (JSON, nested_objects),
    "JSON: wide, unsorted": (JSON, wide_object),
    "JSON: many, unsorted": (JSON, many_objects),
    "JSON: array of 0": (JSON, lambda: filled(b",0", b"[0", b"]")),
    "form: a&a&a": (FORM, lambda: filled(b"a&")),
    "form: one value of %01": (FORM, lambda: filled(b"%01", b"a=")),
    "form: one value of 0xFF": (FORM, lambda: filled(b"\xff", b"a=")),
    "multipart: field of 0xFF": (MULTIPART, one_field),
    "multipart: most parts": (MULTIPART, most_parts),
    "octets": (OCTETS, lambda: os.urandom(SIZE)),
}

# What a route that reads the body may make of it: it takes it, says what is wrong with it, or has no room for it.
READ = {200, 400, 413, 415, 422, 503, 507}
# The routes, and what they answer whatever the body is.
ROUTES = {
    ("POST", "/messages"): READ,
    ("POST", "/files"): READ,
    ("GET", "/"): {200},
    ("GET", "/articles"): {200},
    ("GET", "/articles/123"): {200},
    ("GET", "/articles/int/1"): {200},
    ("GET", "/articles/float/1.5"): {200},
    ("GET", "/articles/path/a/b"): {200},
    ("GET", "/hello?name=x"): {200},
    ("POST", "/echo"): {200},
    ("PUT", "/echo"): {200},
    ("GET", "/users/2"): {200},
    ("GET", "/users/4"): {404},
    ("GET", "/secrets"): {401},
    ("GET", "/debug/error"): {500},
    ("GET", "/logs/hello"): {200},
    ("POST", "/"): {405},
    ("POST", "/nothing"): {404},
}


@functools.lru_cache(maxsize=1)
def body(kind):
    return KINDS[kind][1]()


def request(kind, route):
    """The head and the body."""
    length = "Transfer-Encoding: chunked" if kind == "text: tiny chunks" else "Content-Length: %d" % len(body(kind))
    head = "%s %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\n%s\r\n\r\n" % (*route, KINDS[kind][0], length)
    return head.encode(), body(kind)
