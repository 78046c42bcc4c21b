"""Request shapes, sent to the real binary while another program counts what it does: the difference of two runs of
different length is what the requests cost, without the start, the first requests and the end."""
import base64
import concurrent.futures
import contextlib
import dataclasses
import json
import os
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
os.environ.setdefault("PHIAL_BINARY", os.path.abspath(os.path.join(ROOT, "build", "release", "phial")))
import phial  # noqa: E402

SKIPPED = 77  # CTest's SKIP_RETURN_CODE
SHORT, LONG = 80, 480  # requests of the two runs: multiples of every shape's `at_once`

# htpasswd -nbB -C 4: the first request computes the hash, the others find the login in the cache.
PASSWORD_FILE = "alice:$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S\n"
CREDENTIALS = "Authorization: Basic " + base64.b64encode(b"alice:wonderland").decode()
BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language: en-US,en;q=0.5",
    "Accept-Encoding: gzip, deflate, br",
    "Connection: keep-alive",
    "Cookie: session=0123456789abcdef0123456789abcdef",
    "Upgrade-Insecure-Requests: 1",
    "Sec-Fetch-Dest: document",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Site: none",
)


@dataclasses.dataclass(frozen=True)
class Shape:
    name: str
    request: bytes
    at_once: int
    status: int = 200


def document():
    """JSON of 1,024 bytes, with what documents have."""
    rows = [{"id": n, "name": "item %d" % n, "price": n * 1.25, "tags": ["a", "b"], "sold": n % 2 == 0}
            for n in range(12)]
    text = json.dumps({"message": "", "items": rows})
    return text.replace('""', '"%s"' % ("x" * (1024 - len(text))), 1).encode()


SHAPES = (
    Shape("article, one at a time", phial.get("/articles/123"), 1),
    Shape("article, 16 pipelined", phial.get("/articles/123"), 16),
    Shape("article, 16 pipelined, with the fields of a browser", phial.get("/articles/123", *BROWSER), 16),
    Shape("no such route, 16 pipelined", phial.get("/nothing/123"), 16, 404),
    Shape("JSON of 1 KiB, one at a time", phial.post("/messages", "application/json", document()), 1),
    Shape("remembered login, 16 pipelined", phial.get("/secrets", CREDENTIALS), 16),
)


def send(client, shape, count):
    """Sends that many requests, `at_once` at a time: the next ones when all responses to these have come."""
    client.send(shape.request)
    status, head, body = client.response()
    assert status == shape.status, "%s: the response is %s" % (shape.name, head + body.decode())
    size = len(head) + len(body)
    start = head[:head.index("\r\n")].encode()
    batch = shape.request * shape.at_once
    for _ in range(count // shape.at_once):
        client.send(batch)
        responses = client.read(size * shape.at_once)
        for n in range(shape.at_once):
            assert responses.startswith(start, n * size), "%s: other responses than the first" % shape.name


def run(through, shape, count):
    """Serves that many requests with one loop, metrics and no access log; `through` is the command that counts."""
    with serve(through) as service, service.client() as client:
        send(client, shape, count)


def run_crowd(through, shape, clients, rounds):
    """The same for clients whose requests wait all together: the service is stopped while they send them."""
    with serve(through) as service, contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(service.client()) for _ in range(clients)]
        for client in crowd:
            send(client, shape, 0)
        for _ in range(rounds):
            service.stop(signal.SIGSTOP)
            wait_until_stopped(service.process.pid)
            for client in crowd:
                client.send(shape.request)
            service.stop(signal.SIGCONT)
            for client in crowd:
                status = client.response()[0]
                assert status == shape.status, "%s: the status is %d" % (shape.name, status)


def serve(through):
    return phial.Service("--threads", "1", "--access-log", "off", "--log-dir=", "--ops-port", "0", "--password-file",
                         "users", before=write_password_file, through=through)


def wait_until_stopped(pid):
    for _ in range(10000):
        threads = os.listdir("/proc/%d/task" % pid)
        if all(state(pid, thread) in "Tt" for thread in threads):
            return
        time.sleep(0.001)
    raise AssertionError("the service does not stop")


def state(pid, thread):
    with open("/proc/%d/task/%s/stat" % (pid, thread)) as f:
        return f.read().rpartition(")")[2].split()[0]


def write_password_file():
    with open("users", "w") as f:
        f.write(PASSWORD_FILE)


def side_by_side(function, arguments):
    """What `function` returns for each of the arguments; two at the same time."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda one: function(*one), arguments))


def skip(why):
    print("skipped:", why)
    sys.exit(SKIPPED)
