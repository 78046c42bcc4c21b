"""What httplint and REDbot check of a response, as far as phial sends it: each rule with its section."""
import email.utils
import re

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
QUOTED = r'"(?:[^"\\]|\\.)*"'
ENTITY_TAG = r'(?:W/)?"[\x21\x23-\x7e]*"'
ORIGIN = r"https?://[a-z0-9.-]+(?::\d+)?"
METHODS = r"[A-Z]+(?:, [A-Z]+)*"
NAMES = r"%s(?:, ?%s)*" % (TOKEN, TOKEN)
# Fields with one value, and what that is.
SINGLE = {
    "access-control-allow-credentials": "true",
    "access-control-allow-origin": r"\*|%s" % ORIGIN,
    "access-control-max-age": r"\d+",
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": NAMES,
    "access-control-expose-headers": NAMES,
    "accept-ranges": "bytes|none",  # RFC 9110 14.3
    "allow": METHODS,  # RFC 9110 10.2.1
    "connection": "close|keep-alive",
    "content-encoding": "gzip|br|zstd",  # RFC 9110 8.4
    "content-length": r"\d+",
    "content-range": r"bytes (?:\d+-\d+/\d+|\*/\d+)",  # RFC 9110 14.4
    "content-type": r"%s/%s(?:; %s=(?:%s|%s))*" % (TOKEN, TOKEN, TOKEN, TOKEN, QUOTED),  # RFC 9110 8.3
    "date": None,
    "etag": ENTITY_TAG,  # RFC 9110 8.8.3
    "last-modified": None,
    "location": r"[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]+",  # RFC 9110 10.2.2
    "retry-after": r"\d+",  # RFC 9110 10.2.3
    "server": r"%s(?:/%s)?" % (TOKEN, TOKEN),
    "strict-transport-security": r"max-age=\d+(?:; includeSubDomains)?(?:; preload)?",  # RFC 6797 6.1
    "transfer-encoding": "chunked",
    "x-content-type-options": "nosniff",  # Fetch standard 3.6
    "x-request-id": r"[\x21-\x7e]+",
}
# Lists, and what one element is.
LISTS = {
    "cache-control": r"%s(?:=(?:%s|%s))?" % (TOKEN, TOKEN, QUOTED),  # RFC 9111 5.2
    "vary": TOKEN,  # RFC 9110 12.5.5; an asterisk would keep caches from storing anything
    "www-authenticate": r".+",
    "content-security-policy": r".+",
    "x-accel-buffering": "no",
    "content-disposition": r".+",
    "accept-encoding": TOKEN,
}


def fields_of(head):
    """[(name in small letters, value)]"""
    lines = head.split("\r\n")[1:]
    return [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines if line)]


def check_response(check, method, status, head, content):
    """`check(holds, what)` is called for each rule. `content`: what came after the head, without its framing."""
    fields = fields_of(head)
    values = {}
    for name, value in fields:
        check(re.fullmatch(TOKEN, name), "a field name is a token: " + name)
        check(name in SINGLE or name in LISTS, "a field that nobody has looked at: " + name)
        check(value == value.strip() and value.isprintable(), "%s has white space or control characters" % name)
        values.setdefault(name, []).append(value)
    for name, pattern in SINGLE.items():
        check(len(values.get(name, [])) <= 1, "%s is sent once" % name)
        if pattern and name in values:
            check(re.fullmatch(pattern, values[name][0]), "%s: %s" % (name, values[name][0]))
    for name, pattern in LISTS.items():
        for element in ", ".join(values.get(name, [])).split(", ") if name in values else []:
            check(re.fullmatch(pattern, element), "%s: %s" % (name, element))
    get = {name: ", ".join(value) for name, value in values.items()}
    check_dates(check, get)
    check_framing(check, method, status, get, content)
    check_status(check, status, values)
    if "cache-control" in values:
        directives = ", ".join(values["cache-control"]).lower().split(", ")
        check(len(directives) == len(set(directives)), "a directive of Cache-Control is repeated")
        check(not ("no-store" in directives and any(d.startswith("max-age") for d in directives)),
              "no-store and max-age contradict each other")
    if get.get("access-control-allow-origin") == "*":
        check("access-control-allow-credentials" not in get, "credentials need a named origin")


def check_dates(check, get):
    times = {}
    for name in "date", "last-modified":
        if name in get:
            check(re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", get[name]), "%s: %s" % (name, get[name]))
            times[name] = email.utils.parsedate_to_datetime(get[name])
            check(email.utils.format_datetime(times[name], usegmt=True) == get[name], "%s: wrong day" % name)
    check("date" in get, "a server with a clock sends Date (RFC 9110 6.6.1)")
    if len(times) == 2:
        check(times["last-modified"] <= times["date"], "Last-Modified is not in the future (RFC 9110 8.8.2.1)")


def check_framing(check, method, status, get, content):
    empty = status < 200 or status in (204, 304) or method == "HEAD"
    check(not ("content-length" in get and "transfer-encoding" in get), "one framing (RFC 9112 6.2)")
    if status == 204:
        check("content-length" not in get and "transfer-encoding" not in get, "204 has no framing (RFC 9110 8.6)")
    if empty:
        check(content == b"", "%d to %s has no content" % (status, method))
    elif "content-length" in get:
        check(int(get["content-length"]) == len(content), "Content-Length is the length")
    if content:
        check("content-type" in get, "content has a type (RFC 9110 8.3)")
        check("x-content-type-options" in get, "content is not guessed at")
    if "content-encoding" in get:
        check("vary" in get and "accept-encoding" in get["vary"].lower(), "a coding depends on Accept-Encoding")


def check_status(check, status, values):
    required = {405: "allow", 401: "www-authenticate", 416: "content-range", 429: "retry-after", 503: "retry-after",
                301: "location", 302: "location", 307: "location", 308: "location", 201: "location"}
    if status in required:
        check(required[status] in values, "%d has %s" % (status, required[status]))
    if status != 206 and status != 416:
        check("content-range" not in values, "Content-Range is for 206 and 416")
    if status == 304:  # RFC 9110 15.4.5
        check("content-type" not in values and "content-encoding" not in values, "304 describes no content")
