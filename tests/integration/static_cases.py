"""What RFC 9110 says of conditions, ranges and codings for a file, as a table; `nginx` says where it differs, and why.

The files: text.txt has 1000 bytes, empty.txt none, code.js has code.js.gz beside it; all were changed at {same}. In the
values of fields, {tag} is the entity tag of the file as it is, {coded} that of its .gz, {core} is {tag} without its
quotes; {before} and {after} are a second from {same}."""
from typing import NamedTuple

WHOLE = slice(0, None)
NOTHING = slice(0, 0)

# Why nginx differs.
EXACT = "if_modified_since is exact by default: a date is taken for a validator that is the same or not"
SUFFIX = "it knows no tags with a coding as a suffix"
HEAD_RANGE = "it has ranges for HEAD, too; 14.2 has them for GET only"
MALFORMED = "it rejects a malformed Range; 14.2 lets a server do either"
LENIENT = "it passes over a malformed range in a list"
HUGE = "a number that it cannot hold is malformed to it"
PARTS = "it sends ranges that overlap, or nearly, one by one; 15.3.7.2 lets a server join them"
TOO_MUCH = "it ignores ranges that are more than the file together, as 14.2 lets it"
MANY = "its max_ranges is unlimited by default; 14.2 lets a server ignore many ranges"
FIRST_LINE = "of several field lines it looks at one"
TWICE = "it rejects a request with two field lines of that name"
AFTER_FAULT = "it looks for the tag also behind a fault in the list"
EMPTY_FILE = "it has no ranges of an empty file"
NO_RANGE = "it has no ranges of a precompressed file"
BOTH = "it evaluates the date beside the tag, which 13.1.3 and 13.1.4 forbid"
ZONE = "it takes any zone for GMT"
NO_DATE = "a date that it cannot read is an old one to it"


class Case(NamedTuple):
    section: str  # of RFC 9110
    path: str
    fields: tuple  # of the request: (name, value)
    status: int
    content: object = WHOLE  # which bytes of the representation: a slice, or a list of them for multipart/byteranges
    method: str = "GET"
    answer: dict = {}  # fields of the response; None: absent
    nginx: tuple = ()  # (status, why) if it differs


def text(section, status, content=WHOLE, *fields, **more):
    return Case(section, "text.txt", fields, status, content, **more)


def empty(section, status, *fields, **more):
    return Case(section, "empty.txt", fields, status, more.pop("content", WHOLE), **more)


def code(section, status, *fields, **more):
    return Case(section, "code.js", fields, status, more.pop("content", WHOLE), **more)


def known(section, *fields, **more):
    """304: its tag, and nothing of the content."""
    absent = {"Content-Type": None, "Content-Range": None, "Last-Modified": None, "Content-Length": None}
    return Case(section, more.pop("path", "text.txt"), fields, 304, NOTHING,
                answer={"ETag": "{tag}", **absent, **more.pop("answer", {})}, **more)


def failed(section, *fields, **more):
    return Case(section, more.pop("path", "text.txt"), fields, 412, None,
                answer={"ETag": None, "Accept-Ranges": None, "Last-Modified": None}, **more)


def part(section, range, first, last, *fields, **more):
    return Case(section, "text.txt", (("Range", range), *fields), 206, slice(first, last + 1),
                answer={"Content-Range": "bytes %d-%d/1000" % (first, last), "Content-Length": str(last + 1 - first),
                        "ETag": "{tag}", "Accept-Ranges": "bytes"}, **more)


def parts(section, range, *pieces, fields=(), **more):
    return Case(section, "text.txt", (("Range", range), *fields), 206, [slice(a, b + 1) for a, b in pieces],
                answer={"Content-Range": None, "ETag": "{tag}"}, **more)


def none(section, range, *fields, path="text.txt", length=1000, **more):
    """No range can be satisfied."""
    return Case(section, path, (("Range", range), *fields), 416, None,
                answer={"Content-Range": "bytes */%d" % length}, **more)


def ignored(section, range, *fields, **more):
    """The whole file, as without Range."""
    return Case(section, "text.txt", (("Range", range), *fields), 200, WHOLE, answer={"Content-Range": None}, **more)


FULL = {"ETag": "{tag}", "Last-Modified": "{same}", "Accept-Ranges": "bytes", "Content-Range": None,
        "Content-Type": "text/plain; charset=utf-8", "Content-Encoding": None}
INM, IM, IMS, IUS, IR, AE = ("If-None-Match", "If-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range",
                             "Accept-Encoding")

WITHOUT_CONDITIONS = [
    text("9.3.1", 200, answer={**FULL, "Content-Length": "1000"}),
    text("9.3.2", 200, NOTHING, method="HEAD", answer={**FULL, "Content-Length": "1000"}),
    empty("9.3.1", 200, answer={**FULL, "Content-Length": "0"}),
    empty("9.3.2", 200, method="HEAD", content=NOTHING, answer={**FULL, "Content-Length": "0"}),
    text("9.3.3", 405, None, method="POST", answer={"Allow": "GET, HEAD, OPTIONS"}),
    text("9.3.4", 405, None, (IM, "*"), method="PUT"),
    text("13.2.1", 405, None, (IM, '"x"'), method="DELETE"),
    Case("13.2.1", "missing.txt", ((INM, "*"),), 404, None),
    Case("13.2.1", "missing.txt", ((IM, "*"),), 404, None),
    Case("13.2.1", "missing.txt", ((IUS, "{before}"),), 404, None),
    Case("14.2", "missing.txt", (("Range", "bytes=0-1"),), 404, None),
    Case("13.2.1", "folder", ((INM, "*"),), 301, None, answer={"Location": "./folder/"}),
    Case("15.4.2", "folder?a=1&b=%20", (), 301, None, answer={"Location": "./folder/?a=1&b=%20"}),
    Case("9.3.1", "folder/", (), 200, None, answer={"Content-Type": "text/html; charset=utf-8"}),
]

IF_NONE_MATCH = [
    known("13.1.2", (INM, "{tag}")),
    known("13.1.2", (INM, "{tag}"), method="HEAD"),
    known("13.1.2", (INM, "W/{tag}")),
    known("13.1.2", (INM, '"x", {tag}')),
    known("13.1.2", (INM, '{tag}, "x"')),
    known("13.1.2", (INM, '"x",W/{tag}')),
    known("13.1.2", (INM, '"x,y", {tag}')),
    known("8.8.3", (INM, '"", {tag}')),
    known("5.6.1.2", (INM, ', ,"x",, {tag} ,')),
    known("13.1.2", (INM, "*")),
    known("5.3", (INM, '"x"'), (INM, "{tag}"), nginx=(400, TWICE)),
    known("13.1.2", (AE, "gzip"), (INM, '"{core}-gzip"'), answer={"ETag": '"{core}-gzip"'}, nginx=(200, SUFFIX)),
    known("13.1.2", (AE, "br"), (INM, '"{core}-br"'), answer={"ETag": '"{core}-br"'}, nginx=(200, SUFFIX)),
    known("13.1.2", (AE, "*"), (INM, 'W/"{core}-zstd"'), answer={"ETag": 'W/"{core}-zstd"'}, nginx=(200, SUFFIX)),
    # A cache may ask for a client that does not accept what the 304 would select.
    text("13.1.2", 200, WHOLE, (INM, '"{core}-gzip"')),
    text("13.1.2", 200, WHOLE, (AE, "br"), (INM, '"{core}-gzip"')),
    known("13.1.2", (INM, '"{core}-gzip", {tag}')),
    text("13.1.2", 200, WHOLE, (INM, '"x"'), answer=FULL),
    text("13.1.2", 200, NOTHING, (INM, '"x"'), method="HEAD", answer=FULL),
    text("13.1.2", 200, WHOLE, (INM, 'W/"x"')),
    text("13.1.2", 200, WHOLE, (INM, '"{core}-deflate"')),
    text("8.8.3", 200, WHOLE, (INM, "{core}")),
    text("8.8.3", 200, WHOLE, (INM, '"{core}')),
    text("8.8.3", 200, WHOLE, (INM, "w/{tag}")),
    text("8.8.3", 200, WHOLE, (INM, '" {core}"')),
    text("13.1.2", 200, WHOLE, (INM, "")),
    text("8.8.3", 200, WHOLE, (INM, '"x" y, {tag}'), nginx=(304, AFTER_FAULT)),
]

IF_MATCH = [
    text("13.1.1", 200, WHOLE, (IM, "{tag}"), answer=FULL),
    text("13.1.1", 200, NOTHING, (IM, "{tag}"), method="HEAD"),
    text("13.1.1", 200, WHOLE, (IM, '"x", {tag}')),
    text("5.3", 200, WHOLE, (IM, '"x"'), (IM, "{tag}"), nginx=(400, TWICE)),
    text("13.1.1", 200, WHOLE, (IM, "*")),
    text("13.1.1", 200, WHOLE, (IM, '"{core}-gzip"'), nginx=(412, SUFFIX)),
    failed("13.1.1", (IM, '"x"')),
    failed("13.1.1", (IM, '"x"'), method="HEAD"),
    failed("13.1.1", (IM, "W/{tag}")),
    failed("13.1.1", (IM, '"x", W/{tag}')),
    failed("13.1.1", (IM, 'W/"{core}-gzip"')),
    failed("8.8.3", (IM, "{core}")),
    failed("13.1.1", (IM, "")),
]

DATES_ALONE = [
    known("13.1.3", (IMS, "{same}")),
    known("13.1.3", (IMS, "{same}"), method="HEAD"),
    known("13.1.3", (IMS, "{after}"), nginx=(200, EXACT)),
    known("13.1.3", (IMS, "Sat, 01 Jan 2101 00:00:00 GMT"), nginx=(200, EXACT)),
    known("5.6.7", (IMS, "Sunday, 06-Nov-94 08:49:37 GMT")),
    known("5.6.7", (IMS, "Sun Nov  6 08:49:37 1994")),
    text("13.1.3", 200, WHOLE, (IMS, "{before}"), answer=FULL),
    text("13.1.3", 200, WHOLE, (IMS, "Thu, 01 Jan 1970 00:00:00 GMT")),
    text("13.1.3", 200, WHOLE, (IMS, "0")),
    text("13.1.3", 200, WHOLE, (IMS, "Sun, 06 Nov 1994 08:49:37 CET"), nginx=(304, ZONE)),
    text("13.1.3", 200, WHOLE, (IMS, "Sun, 06 Nov 1994 25:49:37 GMT")),
    text("13.1.3", 200, WHOLE, (IMS, "{same}"), (IMS, "{same}"), nginx=(400, TWICE)),
    text("13.1.4", 200, WHOLE, (IUS, "{same}"), answer=FULL),
    text("13.1.4", 200, WHOLE, (IUS, "{after}")),
    failed("13.1.4", (IUS, "{before}")),
    failed("13.1.4", (IUS, "{before}"), method="HEAD"),
    failed("5.6.7", (IUS, "Sun Nov  6 08:49:36 1994")),
    failed("5.6.7", (IUS, "Sunday, 06-Nov-94 08:49:36 GMT")),
    text("13.1.4", 200, WHOLE, (IUS, "yesterday"), nginx=(412, NO_DATE)),
    text("13.1.4", 200, WHOLE, (IUS, "{before}"), (IUS, "{before}"), nginx=(400, TWICE)),
]

ORDER = [
    text("13.2.2", 200, WHOLE, (IM, "{tag}"), (IUS, "{before}"), nginx=(412, BOTH)),
    failed("13.2.2", (IM, '"x"'), (IUS, "{after}")),
    known("13.2.2", (IM, "{tag}"), (INM, "{tag}")),
    failed("13.2.2", (INM, "{tag}"), (IM, '"x"')),
    known("13.2.2", (INM, "{tag}"), (IMS, "{before}"), nginx=(200, BOTH)),
    text("13.2.2", 200, WHOLE, (INM, '"x"'), (IMS, "{same}")),
    text("13.2.2", 200, WHOLE, (INM, "malformed"), (IMS, "{same}")),
    failed("13.2.2", (IMS, "{same}"), (IUS, "{before}")),
    known("13.2.2", (IUS, "{same}"), (IMS, "{same}")),
    known("13.2.2", (IM, "*"), (IUS, "{before}"), (INM, "W/{tag}"), (IMS, "{before}"), nginx=(412, BOTH)),
    failed("13.2.2", ("Range", "bytes=0-1"), (IM, '"x"')),
    known("13.2.2", ("Range", "bytes=0-1"), (INM, "{tag}")),
    failed("13.2.2", ("Range", "bytes=5000-"), (IUS, "{before}")),
    known("13.2.2", ("Range", "bytes=5000-"), (IMS, "{same}")),
    part("13.2.2", "bytes=0-1", 0, 1, (IM, "{tag}"), (INM, '"x"')),
    failed("13.2.2", ("Range", "bytes=0-1"), (IR, "{tag}"), (IM, '"x"')),
]

SINGLE_RANGES = [
    part("14.1.2", "bytes=0-0", 0, 0),
    part("14.1.2", "bytes=0-499", 0, 499),
    part("14.1.2", "bytes=500-999", 500, 999),
    part("14.1.2", "bytes=500-", 500, 999),
    part("14.1.2", "bytes=0-", 0, 999),
    part("14.1.2", "bytes=0-999", 0, 999),
    part("14.1.2", "bytes=-1", 999, 999),
    part("14.1.2", "bytes=-500", 500, 999),
    part("14.1.2", "bytes=-1000", 0, 999),
    part("14.1.2", "bytes=-9999", 0, 999),
    part("14.1.2", "bytes=999-", 999, 999),
    part("14.1.2", "bytes=900-9999", 900, 999),
    part("14.1.2", "bytes=0-99999999999999999999999", 0, 999, nginx=(416, HUGE)),
    part("14.1.2", "bytes=0007-0009", 7, 9),
    part("14.1", "BYTES=0-9", 0, 9),
    part("14.2", "bytes=0-9, 5000-", 0, 9),
    part("5.6.1.2", "bytes=,0-9,", 0, 9, nginx=(416, MALFORMED)),
    part("14.2", "bytes=0-9", 0, 9, (AE, "gzip")),
    none("14.4", "bytes=1000-"),
    none("14.4", "bytes=1000-2000"),
    none("14.4", "bytes=-0"),
    none("14.4", "bytes=99999999999999999999999-"),
    none("14.4", "bytes=1000-,5000-6000"),
    none("14.4", "bytes=0-", path="empty.txt", length=0, nginx=(200, EMPTY_FILE)),
    none("14.4", "bytes=0-0", path="empty.txt", length=0, nginx=(200, EMPTY_FILE)),
    none("14.4", "bytes=-0", path="empty.txt", length=0, nginx=(200, EMPTY_FILE)),
    empty("14.1.2", 200, ("Range", "bytes=-5"), answer={"Content-Range": None}),
    ignored("14.1.2", "bytes=9-0", nginx=(416, MALFORMED)),
    ignored("14.2", "bytes=0-9,9-0", nginx=(206, LENIENT)),
    ignored("14.2", "bytes="),
    ignored("14.2", "bytes=-", nginx=(416, MALFORMED)),
    ignored("14.2", "bytes=a-b", nginx=(416, MALFORMED)),
    ignored("14.2", "bytes=0-9x", nginx=(416, MALFORMED)),
    ignored("14.2", "bytes=0x1-0x2", nginx=(416, MALFORMED)),
    ignored("14.2", "bytes=--1", nginx=(416, MALFORMED)),
    ignored("14.2", "bytes 0-9"),
    ignored("14.2", "bytes"),
    ignored("14.2", "bytes=0-9", ("Range", "bytes=20-29"), nginx=(206, FIRST_LINE)),
    ignored("14.2", "lines=0-9"),
    ignored("14.2", "none"),
    ignored("14.2", ""),
    text("14.2", 200, NOTHING, ("Range", "bytes=0-9"), method="HEAD", answer={"Content-Length": "1000"},
         nginx=(206, HEAD_RANGE)),
    text("14.2", 200, NOTHING, ("Range", "bytes=5000-"), method="HEAD", nginx=(416, HEAD_RANGE)),
    text("14.2", 405, None, ("Range", "bytes=0-9"), method="POST"),
]

SEVERAL_RANGES = [
    parts("14.6", "bytes=0-9,500-509", (0, 9), (500, 509)),
    parts("14.6", "bytes=0-9, 200-209, -10", (0, 9), (200, 209), (990, 999)),
    parts("15.3.7.2", "bytes=-10,0-9", (990, 999), (0, 9)),
    parts("15.3.7.2", "bytes=500-509,0-9,5000-", (500, 509), (0, 9)),
    parts("15.3.7.2", "bytes=0-99,180-199", (0, 99), (180, 199)),
    parts("15.3.7.2", "bytes=0-9,500-509,5-14", (0, 14), (500, 509)),
    parts("14.2", "bytes=" + ",".join("%d-%d" % (i * 100, i * 100) for i in range(10)),
          *((i * 100, i * 100) for i in range(10))),
    part("15.3.7.2", "bytes=0-99,50-149", 0, 149, nginx=(206, PARTS)),
    part("15.3.7.2", "bytes=0-99,100-199", 0, 199, nginx=(206, PARTS)),
    part("15.3.7.2", "bytes=0-9,20-29", 0, 29, nginx=(206, PARTS)),
    part("14.2", "bytes=0-,0-,0-,0-", 0, 999, nginx=(200, TOO_MUCH)),
    part("14.2", "bytes=" + ",".join("%d-%d" % (i, i) for i in range(32)), 0, 31, nginx=(206, PARTS)),
    ignored("14.2", "bytes=" + ",".join("%d-%d" % (i, i) for i in range(33)), nginx=(206, MANY)),
    ignored("14.2", "bytes=" + ",".join("0-" for _ in range(100))),
]

IF_RANGE = [
    part("13.1.5", "bytes=0-9", 0, 9, (IR, "{tag}")),
    part("13.1.5", "bytes=0-9", 0, 9, (IR, "{same}")),
    part("5.6.7", "bytes=0-9", 0, 9, (IR, "Sun Nov  6 08:49:37 1994")),
    parts("13.1.5", "bytes=0-9,500-509", (0, 9), (500, 509), fields=((IR, "{tag}"),)),
    part("13.2.2", "bytes=0-9", 0, 9, (IR, "{tag}"), (INM, '"x"')),
    ignored("13.1.5", "bytes=0-9", (IR, '"x"')),
    ignored("13.1.5", "bytes=0-9", (IR, "W/{tag}")),
    ignored("13.1.5", "bytes=0-9", (IR, '"{core}-gzip"')),
    ignored("13.1.5", "bytes=0-9", (IR, "{core}")),
    ignored("13.1.5", "bytes=0-9", (IR, "*")),
    ignored("13.1.5", "bytes=0-9", (IR, '{tag}, "x"')),
    ignored("13.1.5", "bytes=0-9", (IR, "{tag}"), (IR, "{tag}"), nginx=(400, TWICE)),
    ignored("13.1.5", "bytes=0-9", (IR, "{before}")),
    ignored("13.1.5", "bytes=0-9", (IR, "{after}")),
    ignored("13.1.5", "bytes=0-9", (IR, "yesterday")),
    ignored("13.1.5", "bytes=0-9", (IR, "")),
    ignored("13.1.5", "bytes=5000-", (IR, '"x"')),
    none("13.1.5", "bytes=5000-", (IR, "{tag}")),
    text("13.1.5", 200, WHOLE, (IR, "{tag}"), answer=FULL),
    text("13.1.5", 200, WHOLE, (IR, '"x"')),
]

PLAIN = {"Content-Encoding": None, "ETag": "{tag}", "Vary": "Accept-Encoding", "Last-Modified": "{same}",
         "Content-Type": "text/javascript; charset=utf-8"}
CODED = {**PLAIN, "Content-Encoding": "gzip", "ETag": "{coded}"}
CODINGS = [
    code("12.5.3", 200, answer=PLAIN),
    code("12.5.3", 200, (AE, "gzip"), answer=CODED),
    code("12.5.3", 200, (AE, "gzip"), method="HEAD", content=NOTHING, answer=CODED),
    code("12.5.3", 200, (AE, "deflate, gzip;q=0.5"), answer=CODED),
    code("12.5.3", 200, (AE, "deflate"), (AE, "gzip"), answer=CODED),
    code("8.4.1.3", 200, (AE, "x-gzip"), answer=CODED),
    code("12.5.3", 200, (AE, "*"), answer=CODED),
    code("12.5.3", 200, (AE, "identity;q=0, gzip"), answer=CODED),
    code("12.5.3", 200, (AE, "gzip;q=0.5, identity;q=0.4"), answer=CODED),
    code("12.5.3", 200, (AE, "gzip;q=0"), answer=PLAIN),
    code("12.5.3", 200, (AE, "gzip;q=0.4, identity;q=0.5"), answer=PLAIN),
    code("12.5.3", 200, (AE, "*, gzip;q=0"), answer=PLAIN),
    code("12.5.3", 200, (AE, "identity"), answer=PLAIN),
    code("12.5.3", 200, (AE, ""), answer=PLAIN),
    code("12.5.3", 200, (AE, "br"), answer=PLAIN),
    code("14.2", 206, (AE, "gzip"), ("Range", "bytes=2-5"), content=slice(2, 6), answer=CODED, nginx=(200, NO_RANGE)),
    code("14.2", 206, ("Range", "bytes=2-5"), content=slice(2, 6), answer=PLAIN),
    code("13.1.5", 206, (AE, "gzip"), ("Range", "bytes=2-5"), (IR, "{coded}"), content=slice(2, 6), answer=CODED,
         nginx=(200, NO_RANGE)),
    code("13.1.5", 200, (AE, "gzip"), ("Range", "bytes=2-5"), (IR, "{tag}"), answer=CODED),
    code("13.1.5", 200, ("Range", "bytes=2-5"), (IR, "{coded}"), answer=PLAIN),
    known("13.1.2", (AE, "gzip"), (INM, "{coded}"), path="code.js",
          answer={"ETag": "{coded}", "Vary": "Accept-Encoding", "Content-Encoding": None}),
    known("13.1.2", (AE, "gzip"), (INM, "{tag}"), path="code.js", answer={"ETag": "{tag}"}, nginx=(200, SUFFIX)),
    code("13.1.2", 200, (INM, "{coded}"), answer=PLAIN),
    code("13.1.1", 200, (AE, "gzip"), (IM, "{tag}"), answer=CODED, nginx=(412, SUFFIX)),
    code("13.1.1", 200, (IM, "{coded}"), answer=PLAIN, nginx=(412, SUFFIX)),
    failed("13.1.1", (AE, "gzip"), (IM, '"x-gzip"'), path="code.js"),
]

CASES = [*WITHOUT_CONDITIONS, *IF_NONE_MATCH, *IF_MATCH, *DATES_ALONE, *ORDER, *SINGLE_RANGES, *SEVERAL_RANGES,
         *IF_RANGE, *CODINGS]
