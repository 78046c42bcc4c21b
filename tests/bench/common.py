"""What the load programs share: building tools, starting the binary, its figures in /proc, sockets, quantiles."""
import contextlib
import os
import resource
import socket
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
os.environ.setdefault("PHIAL_BINARY", "")
import phial  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DEFAULT_BINARY = os.path.join(ROOT, "build", "release", "phial")
BUILD = os.path.abspath(os.path.join(ROOT, "build", "bench"))
IP_BIND_ADDRESS_NO_PORT = 24  # the socket module names it from Python 3.12 on


def tool(name):
    return os.path.join(BUILD, name)


def build(source, *compiler, **env):
    """The tool of that source, by g++ unless another compiler is named; built when it is missing or older."""
    made = tool(os.path.splitext(os.path.basename(source))[0])
    os.makedirs(BUILD, exist_ok=True)
    if not os.path.exists(made) or os.path.getmtime(made) < os.path.getmtime(source):
        print("building", made, file=sys.stderr)
        command = [*(compiler or ("g++", "-std=c++20", "-O2")), "-o", made, source]
        subprocess.run(command, env={**os.environ, **env}, check=True)
    return made


def start(binary, folder, *flags):
    """Starts the binary, with as many open files as we may have ourselves."""
    phial.BINARY = os.path.abspath(binary)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if "--max-connections" in phial.run("--help")[1]:
        flags += "--max-connections", "12000"
    if "--max-connections-per-client" in phial.run("--help")[1]:
        flags += "--max-connections-per-client", "12000"
    return phial.Service(*flags, folder=folder)


def free_ports(n):
    with contextlib.ExitStack() as stack:
        return [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(n)]


def pinned(cpu):
    """What makes a new process stay on that CPU (subprocess.Popen's preexec_fn)."""
    return lambda: os.sched_setaffinity(0, {cpu})


@contextlib.contextmanager
def awake(cpus):
    """An idle CPU takes its time to wake up, and who wakes it pays: so these are kept busy with what yields to all."""
    spin = "import os; os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))\nwhile True: pass"
    spinners = [subprocess.Popen([sys.executable, "-c", spin], preexec_fn=pinned(cpu)) for cpu in cpus]
    try:
        yield
    finally:
        for p in spinners:
            p.kill()
            p.wait()


def children(pid):
    """Of all its threads."""
    found = []
    for thread in os.listdir("/proc/%d/task" % pid):
        with contextlib.suppress(OSError), open("/proc/%d/task/%s/children" % (pid, thread)) as f:
            found += map(int, f.read().split())
    return found


def rss(pid, field="VmRSS"):
    """MiB; of `field` VmHWM, the most it ever was."""
    with open("/proc/%d/status" % pid) as f:
        return next((int(line.split()[1]) / 1024 for line in f if line.startswith(field + ":")), 0.0)


def tcp_buffers():
    """MiB that the kernel holds for TCP, on the whole machine."""
    with open("/proc/net/sockstat") as f:
        return next(int(line.split()[-1]) for line in f if line.startswith("TCP:")) * resource.getpagesize() / 2**20


def cpu_seconds(pid):
    """What all threads had, and what they waited for while others had it."""
    had = waited = 0
    for thread in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/schedstat" % (pid, thread)) as f:
            a, b, _ = map(int, f.read().split())
            had, waited = had + a, waited + b
    return had / 1e9, waited / 1e9


def process_cpu_seconds(pid):
    """Of the whole process, to the nanosecond; unlike cpu_seconds, with the threads that have ended."""
    return time.clock_gettime(~pid << 3 | 2)  # clock_getcpuclockid(3), which Python lacks


def middle(values, digits=0):
    """The median and the range."""
    return "%.*f (%.*f .. %.*f)" % (digits, statistics.median(values), digits, min(values), digits, max(values))


def quantile(values, q):
    return sorted(values)[min(len(values) - 1, int(q * len(values)))] if values else float("nan")


def new_socket(host, number, receive_buffer=0):
    """Not connected yet; bound to one of eight loopback addresses, so that ephemeral ports do not run out."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if receive_buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    if host.startswith("127."):
        sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        sock.bind(("127.0.1.%d" % (1 + number % 8), 0))
    return sock
