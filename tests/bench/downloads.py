#!/usr/bin/env -S python3 -B
"""How fast files are sent, beside nginx with sendfile: downloads.py --help"""
import argparse
import contextlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

from common import DEFAULT_BINARY, build, children, free_ports, middle, phial, process_cpu_seconds, rss, start

METHOD = """Clients download files of one folder from phial and from nginx, one after the other, in several rounds whose
order alternates. All files are in the kernel's memory.
  large  one file of 1 GiB, by one connection
  small  1,000 files of 1 to 16 KiB, in turn, by 32 connections
phial has one loop (--threads 1) and its pool, nginx one worker; neither writes an access log. The clients are one
thread that reads 1 MiB at a time. CPU is what the server's process had, in user mode and in the kernel. The ratios are
those of each round. RSS is the most that the server's process had, shared pages included.

Exit status 1: the median of a ratio of rates is below 0.8, or phial's RSS is above 12 MiB."""
LEAST = 0.8
MOST_RSS = 12
HERE = os.path.dirname(os.path.abspath(__file__))
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def arguments():
    p = argparse.ArgumentParser(description=METHOD, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--binary", default=DEFAULT_BINARY)
    p.add_argument("--rounds", type=int, default=7)
    p.add_argument("--requests", type=int, default=50000, help="for small files, in a round (50000)")
    return p.parse_args()


def make_files(folder):
    """`large` has /static/0 only."""
    for name in ("large", "small"):
        os.mkdir(os.path.join(folder, name))
        os.chmod(os.path.join(folder, name), 0o755)
    some = random.Random(1)
    block = some.randbytes(1 << 20)
    with open(os.path.join(folder, "large", "0"), "wb") as f:
        for _ in range(1024):
            f.write(block)
    for i in range(1000):
        with open(os.path.join(folder, "small", str(i)), "wb") as f:
            f.write(some.randbytes(some.randint(1024, 16384)))


class Nginx:
    def __init__(self, files):
        self.folder = tempfile.mkdtemp(prefix="phial-nginx-")
        os.chmod(self.folder, 0o755)
        self.port, = free_ports(1)
        with open(os.path.join(HERE, "peers", "files_nginx.conf")) as f:
            text = f.read()
        path = os.path.join(self.folder, "nginx.conf")
        with open(path, "w") as f:
            f.write(text.format(port=self.port, folder=self.folder, files=files))
        self.process = subprocess.Popen([NGINX, "-e", os.path.join(self.folder, "error.log"), "-c", path])
        self.pid, = phial.eventually(lambda: children(self.process.pid), "nginx has its worker")

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)


class Load:
    """The clients of one server."""

    def __init__(self, name, port, pid, connections, files):
        self.name, self.pid = name, pid
        command = [build(os.path.join(HERE, "download_load.cpp")), str(port), str(connections), str(files)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def run(self, requests):
        """(requests a second, bytes a second, CPU seconds)"""
        before = process_cpu_seconds(self.pid)
        print(requests, file=self.process.stdin, flush=True)
        seconds, size = self.process.stdout.readline().split()
        return requests / float(seconds), float(size) / float(seconds), process_cpu_seconds(self.pid) - before

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def measure(kind, servers, a):
    """The medians are printed; returns the ratios of phial's rate to nginx'."""
    connections, files, requests = (1, 1, 1) if kind == "large" else (32, 1000, a.requests)
    loads = [Load(name, port, pid, connections, files) for name, port, pid in servers]
    for load in loads:
        load.run(max(requests // 10, 1))  # all is in memory then
    rounds = []
    for i in range(a.rounds):
        order = loads if i % 2 == 0 else loads[::-1]
        found = {load.name: load.run(requests) for load in order}
        rounds.append(found)
    for load in loads:
        load.end()
        rate = [r[load.name][0] for r in rounds] if kind == "small" else [r[load.name][1] / 1e6 for r in rounds]
        cpu = [r[load.name][2] / requests * (1e6 if kind == "small" else 1e3) for r in rounds]
        print("%s  %-6s %s %s, CPU %s %s" % (kind, load.name, middle(rate), "requests/s" if kind == "small" else "MB/s",
                                             middle(cpu, 1), "us a request" if kind == "small" else "ms a GiB"))
    ratios = [r["phial"][0] / r["nginx"][0] for r in rounds]
    print("%s  phial/nginx: rate %s, CPU %s" % (
        kind, middle(ratios, 2), middle([r["phial"][2] / r["nginx"][2] for r in rounds], 2)))
    return ratios


def main():
    a = arguments()
    if NGINX is None:
        sys.exit("downloads.py: nginx is not installed (scripts/setup bench does that)")
    passed = True
    with tempfile.TemporaryDirectory(prefix="phial-downloads-") as files:
        os.chmod(files, 0o755)
        make_files(files)
        for kind in ("large", "small"):
            with contextlib.ExitStack() as stack:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="phial-"))
                served = os.path.join(files, kind)
                s = stack.enter_context(start(a.binary, folder, "--threads", "1", "--access-log", "off", "--static-dir",
                                              served))
                nginx = stack.enter_context(Nginx(served))
                servers = [("phial", s.port, s.process.pid), ("nginx", nginx.port, nginx.pid)]
                ratios = measure(kind, servers, a)
                most = rss(s.process.pid, "VmHWM")
                print("%s  RSS: phial %.1f MiB, nginx %.1f MiB" % (kind, most, rss(nginx.pid, "VmHWM")))
                passed = passed and statistics.median(ratios) >= LEAST and most <= MOST_RSS
    sys.exit(0 if passed else 1)


main()
