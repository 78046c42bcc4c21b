#!/usr/bin/env -S python3 -B
"""What large uploads cost phial, a Go server and a bare epoll loop, measured: uploads.py --help"""
import argparse
import collections
import contextlib
import functools
import json
import mmap
import multiprocessing
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zlib

from common import BUILD, DEFAULT_BINARY, build, middle, phial, process_cpu_seconds, quantile, rss, start, tool

METHOD = """A client uploads to one server after the other, several rounds of all. Each upload has a server of its own,
just started, in a folder of its own; before it all that waits for the disk is written (sync) and memory for the file is
made ready, so that no server has to wait on behalf of another.
  phial none, phial full   phial --threads 1 with that --durability
  Go                       peers/copy.go: net/http and io.Copy, one CPU
  epoll                    peers/epoll.cpp: recv and write in one thread, and just enough HTTP
  epoll, no disk           the same, writing to /dev/null: what the client and the kernel's TCP can do at most
MB/s are 10^6 bytes a second, from the first byte sent until the answer was read. CPU is all that the server's process
had for this upload, in user mode and in the kernel; what the kernel does on its own to bring the file to the disk is
not in it. Phial keeps nothing of what comes to /files, so there is no disk in the multipart rows.

Then another client asks phial for / every 2 ms (the probe), in three phases:
  alone      nobody else is there
  uploads    meanwhile a client uploads to this phial again and again
  elsewhere  it uploads to the epoll peer, and phial does nothing but answer the probe: what makes this slower than
             "alone" is the machine, whose CPUs and disk are shared
uploads/alone is the question, but on two CPUs it holds what elsewhere/alone measures; uploads/elsewhere is phial's own.

Exit status 1: an answer or a written file was wrong, see the lines that begin with FAIL."""
PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
SERVERS = ["phial none", "phial full", "Go", "epoll", "epoll, no disk"]
RATIOS = [("octet-stream", "phial none", "octet-stream", "Go"), ("octet-stream", "phial none", "octet-stream", "epoll"),
          ("chunked", "phial none", "chunked", "Go"), ("chunked", "phial none", "chunked", "epoll"),
          ("multipart", "phial none", "octet-stream", "Go")]
PHASES = ["alone", "uploads", "elsewhere"]
PROBE_SECONDS = 2
PROBE_PACE = .002  # seconds from one request to the next
BLOCK = random.Random(1).randbytes(1 << 20)  # not zeros: what multipart costs depends on the bytes it searches
CHUNKS = b"".join(phial.chunk(BLOCK[at:at + 65536]) for at in range(0, len(BLOCK), 65536))
BOUNDARY = "------------------------f9f5a7e1e3c84d1c"

Upload = collections.namedtuple("Upload", "kind size")
Answer = collections.namedtuple("Answer", "seconds status body")
Figures = collections.namedtuple("Figures", "rate cpu rss")


def in_bytes(text):
    found = re.fullmatch(r"(0*[1-9]\d*)([MG])iB", text)
    if not found:
        raise argparse.ArgumentTypeError("a size is like 256MiB or 4GiB, not %r" % text)
    return int(found[1]) << {"M": 20, "G": 30}[found[2]]


def in_words(size):
    return "%d GiB" % (size >> 30) if size % (1 << 30) == 0 else "%d MiB" % (size >> 20)


def arguments():
    p = argparse.ArgumentParser(description=METHOD, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--binary", default=DEFAULT_BINARY)
    p.add_argument("--rounds", type=int, default=5, help="of all uploads, and of the probe (5)")
    p.add_argument("--size", type=in_bytes, default="256MiB", help="of an upload (256MiB)")
    p.add_argument("--large", type=in_bytes, nargs="?", const="4GiB", metavar="SIZE", help="upload that, too (4GiB)")
    p.add_argument("--folder", default=BUILD, help="on the disk to write to (build/bench)")
    p.add_argument("--probe", action=argparse.BooleanOptionalAction, default=True, help="measure the latency (yes)")
    return p.parse_args()


def build_peers():
    env = {"GO111MODULE": "off", "GOFLAGS": "-mod=mod", "GOCACHE": os.path.join(BUILD, "go-cache")}
    build(os.path.join(PEERS, "copy.go"), "go", "build", **env)
    build(os.path.join(PEERS, "epoll.cpp"))


class Peer:
    """One of the peers on a free port, as phial.Service is the binary:  with Peer("epoll", file) as s: ..."""

    def __init__(self, name, file):
        self.host = "127.0.0.1"
        with socket.create_server((self.host, 0)) as s:
            self.port = s.getsockname()[1]
        self.process = subprocess.Popen([tool(name), str(self.port), file])

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.kill()
        self.process.wait()


def serve(server, a, folder):
    """For `with`: one of SERVERS; what is uploaded to it goes to `binary` in the folder."""
    name, _, variant = server.partition(" ")
    if name == "phial":
        return start(a.binary, folder, "--threads", "1", "--upload-limit", "8GiB",
                     *(["--durability", variant] if a.knows_durability else []))
    if server == "epoll, no disk":
        return Peer("epoll", os.devnull)
    return Peer({"Go": "copy"}.get(name, name), os.path.join(folder, "binary"))


def connect(service):
    """A socket that blocks: one with a timeout would cost its user a poll for each call."""
    def try_it():
        with contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection((service.host, service.port))
    sock = phial.eventually(try_it, "a server that accepts")
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def get(sock):
    sock.sendall(phial.get("/"))
    answer = sock.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"\r\n\r\nWelcome"), answer


def raw(upload):
    """Its request: (head, block, how many of these, what ends it)."""
    blocks = upload.size // len(BLOCK)
    if upload.kind == "chunked":
        return phial.post_chunked("/messages", "application/octet-stream"), CHUNKS, blocks, phial.chunk(b"")
    if upload.kind == "multipart":
        head = ("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n"
                "Content-Type: application/octet-stream\r\n\r\n" % BOUNDARY).encode()
        end = b"\r\n--%s--\r\n" % BOUNDARY.encode()
        return phial.post("/files", "multipart/form-data; boundary=" + BOUNDARY, head,
                          length=len(head) + upload.size + len(end)), BLOCK, blocks, end
    return phial.post("/messages", "application/octet-stream", length=upload.size), BLOCK, blocks, b""


def send(sock, upload, memory=None):
    head, block, blocks, end = raw(upload)
    block = memoryview(block)
    began = time.perf_counter()
    try:
        sock.sendall(head)
        for n in range(blocks):
            if memory:
                memory.sent(n * len(BLOCK))
            sock.sendall(block)
        sock.sendall(end)
    except ConnectionError:
        pass  # the answer may be there all the same
    try:
        status, _, body = phial.receive_response(sock)
    except (ConnectionError, AssertionError) as e:
        status, body = 0, repr(e).encode()
    return Answer(time.perf_counter() - began, status, body)


@functools.cache
def crc32(size):
    crc = 0
    for _ in range(size // len(BLOCK)):
        crc = zlib.crc32(BLOCK, crc)
    return "%08x" % crc


def right_answer(upload, answer):
    if answer.status != 200:
        return False
    if upload.kind == "multipart":
        files = json.loads(answer.body)["files"]
        return [(f["size"], f["crc32"]) for f in files] == [(upload.size, crc32(upload.size))]
    return answer.body == b"Binary message written!"


def right_file(upload, file):
    with open(file, "rb") as f:
        return os.path.getsize(file) == upload.size and \
            all(f.read(len(BLOCK)) == BLOCK for _ in range(upload.size // len(BLOCK)))


class Memory:
    """Free pages that are really there. The host of a virtual machine takes back those that lie idle for a second or
    two, and who uses such a one first pays for its return, several times what the upload costs. So memory for a file is
    populated and held, and let go piece by piece, a little before the kernel needs it for what is sent."""
    PIECE = 32 << 20
    AHEAD = 4

    FRAGMENTS = 1 << 30

    def __init__(self, size):
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE
        mmap.mmap(-1, self.FRAGMENTS, flags=flags).close()
        size = min(size * 9 // 8, os.sysconf("SC_AVPHYS_PAGES") * mmap.PAGESIZE // 2)
        self.held = [mmap.mmap(-1, self.PIECE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
                     for _ in range(0, size, self.PIECE)]
        for piece in self.held:
            piece.madvise(mmap.MADV_HUGEPAGE)  # else the pages would be kept for the CPU on which they are let go
            piece.madvise(23)  # MADV_POPULATE_WRITE, which Python lacks

    def let_go(self, pieces):
        for _ in range(min(pieces, len(self.held))):
            self.held.pop().close()

    def sent(self, bytes):
        """Keeps AHEAD pieces of what is let go before the bytes sent so far."""
        if bytes % self.PIECE == 0:
            self.let_go(1 if bytes else self.AHEAD)


def measure(server, upload, a):
    """One upload to a new server: (figures, what was wrong)."""
    os.sync()
    with tempfile.TemporaryDirectory(dir=a.folder, prefix="uploads-") as folder, \
            serve(server, a, folder) as service, connect(service) as sock:
        get(sock)
        memory = Memory(upload.size)
        pid = service.process.pid
        before = process_cpu_seconds(pid)
        answer = send(sock, upload, memory)
        cpu = process_cpu_seconds(pid) - before
        figures = Figures(upload.size / 1e6 / answer.seconds, 1000 * cpu, rss(pid, "VmHWM"))
        if not right_answer(upload, answer):
            return figures, "answer %d %r" % (answer.status, answer.body[:200])
        if upload.kind != "multipart" and server != "epoll, no disk" and \
                not right_file(upload, os.path.join(folder, "binary")):
            return figures, "the file is not what was sent"
    return figures, None


def keep_uploading(service, upload, pipe):
    """A process: uploads until something comes through the pipe, or it was refused; then sends back the answers."""
    answers = []
    with connect(service) as sock:
        pipe.send("begins")
        while not pipe.poll() and not (answers and answers[-1].status != 200):
            answers.append(send(sock, upload))
    pipe.recv()
    pipe.send(answers)


def probe(service):
    """Latencies in microseconds."""
    taken = []
    with connect(service) as sock:
        get(sock)
        due = time.perf_counter()
        end = due + PROBE_SECONDS
        while (began := time.perf_counter()) < end:
            get(sock)
            now = time.perf_counter()
            taken.append(1e6 * (now - began))
            due = max(due + PROBE_PACE, now)
            time.sleep(due - now)
    return taken


def probe_phase(phase, upload, a):
    """(latencies, MB/s of the uploads meanwhile, the first wrong answer to one)"""
    os.sync()
    with contextlib.ExitStack() as stack:
        here, elsewhere = (stack.enter_context(tempfile.TemporaryDirectory(dir=a.folder, prefix="uploads-"))
                           for _ in range(2))
        service = stack.enter_context(serve("phial none", a, here))
        if phase == "alone":
            return probe(service), 0, None
        loaded = service if phase == "uploads" else stack.enter_context(serve("epoll", a, elsewhere))
        Memory(2 * upload.size).let_go(sys.maxsize)  # for the file being written and the one that it replaces
        ours, theirs = multiprocessing.Pipe()
        client = multiprocessing.Process(target=keep_uploading, args=(loaded, upload, theirs), daemon=True)
        client.start()
        theirs.close()
        ours.recv()
        taken = probe(service)
        ours.send("enough")
        answers = ours.recv()
        client.join()
    wrong = [answer for answer in answers if not right_answer(upload, answer)]
    rate = len(answers) * upload.size / 1e6 / sum(answer.seconds for answer in answers)
    return taken, rate, "answer %d %r" % (wrong[0].status, wrong[0].body[:200]) if wrong else None


def print_uploads(uploads, rounds):
    """`rounds`: for each {(upload, server): figures}."""
    print("\n%-22s %-14s  %-22s  %-22s  %s" % ("median (range)", "", "MB/s", "CPU, ms", "most RSS, MiB"))
    for upload in uploads:
        for server in SERVERS:
            if those := [r[upload, server] for r in rounds if (upload, server) in r]:
                print("%-22s %-14s  %-22s  %-22s  %.1f" % (
                    "%s, %s" % (upload.kind, in_words(upload.size)), server, middle([f.rate for f in those]),
                    middle([f.cpu for f in those]), max(f.rss for f in those)))
    print("\n%-55s  %-20s  %-20s  %s" % ("ratios within a round: median (range)", "MB/s", "CPU", "RSS"))
    for size in dict.fromkeys(upload.size for upload in uploads):
        for kind, server, other_kind, other in RATIOS:
            over, under = (Upload(kind, size), server), (Upload(other_kind, size), other)
            if pairs := [(r[over], r[under]) for r in rounds if over in r and under in r]:
                ratios = zip(*([x / y for x, y in zip(*pair)] for pair in pairs))
                title = "%s: %s, %s / %s, %s" % (in_words(size), kind, server, other_kind, other)
                print("%-55s  %-20s  %-20s  %s" % (title, *(middle(values, 2) for values in ratios)))


def main():
    a = arguments()
    build_peers()
    phial.BINARY = os.path.abspath(a.binary)
    a.knows_durability = "--durability" in phial.run("--help")[1]
    if not a.knows_durability:
        print("this phial has no --durability: the rows of \"none\" and \"full\" are the same")
    uploads = [Upload(kind, a.size) for kind in ("octet-stream", "chunked", "multipart")]
    uploads += [Upload(kind, a.large) for kind in ("octet-stream", "chunked") if a.large]
    failures = 0

    def failed(what, wrong):
        nonlocal failures
        failures += 1
        print("FAIL  %s: %s" % (what, wrong), flush=True)

    print("round  body                   server            MB/s  CPU, ms  RSS, MiB")
    rounds = []
    for n in range(a.rounds):
        rounds.append({})
        for upload in uploads:
            # Each time another one begins, so that being behind a certain one is nobody's fate.
            for server in SERVERS[n % len(SERVERS):] + SERVERS[:n % len(SERVERS)]:
                if upload.kind == "multipart" and not server.startswith("phial"):
                    continue
                figures, wrong = measure(server, upload, a)
                title = "%s, %s" % (upload.kind, in_words(upload.size))
                if wrong:
                    failed("%s to %s" % (title, server), wrong)
                    continue
                rounds[-1][upload, server] = figures
                print("%5d  %-22s %-14s  %6.0f  %7.0f  %8.1f" % (n + 1, title, server, *figures), flush=True)
    print_uploads(uploads, rounds)

    if a.probe:
        print("\nprobe of phial none, median in us (p99):\n"
              "round  alone           uploads at MB/s         elsewhere at MB/s       "
              "uploads/alone  elsewhere/alone  uploads/elsewhere")
        ratios = []
        for n in range(a.rounds):
            medians, text = [], []
            for phase in PHASES:
                taken, rate, wrong = probe_phase(phase, Upload("octet-stream", a.size), a)
                if wrong:
                    failed("octet-stream during the probe, %s" % phase, wrong)
                medians.append(statistics.median(taken))
                text.append("%.0f (%.0f)" % (medians[-1], quantile(taken, .99)))
                text.append("%.0f" % rate)
            alone, during, elsewhere = medians
            ratios.append((during / alone, elsewhere / alone, during / elsewhere))
            print("%5d  %-14s  %-14s %-7s  %-14s %-7s  %-13.2f  %-15.2f  %.2f" % (
                n + 1, text[0], *text[2:], *ratios[-1]), flush=True)
        for name, values in zip(("uploads/alone", "elsewhere/alone", "uploads/elsewhere"), zip(*ratios)):
            print("%s: %s, median of the rounds' ratios (range)" % (name, middle(values, 2)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
