#!/usr/bin/env -S python3 -B
"""Runs an image of the service hardened, by podman, and checks what is promised: container_test.py IMAGE DEBUG_IMAGE

Each check prints what it found; exit status 1: one of them did not hold. As root: it looks into the containers' /proc
and volumes.
"""
import contextlib
import io
import json
import os
import re
import socket
import stat
import statistics
import subprocess
import sys
import tarfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
os.environ.setdefault("PHIAL_BINARY", "")  # here it is in the image
from phial import Client, eventually, get, post  # noqa: E402
from test_tutorial import CASES, play  # noqa: E402

IMAGE, DEBUG_IMAGE = sys.argv[1:3] if len(sys.argv) > 2 else sys.exit(__doc__)
MOST_BYTES, MOST_MS, MOST_RSS = 12e6, 50, 10e6

# No write, no capability, no new privilege (and podman's seccomp filter, which knows no io_uring), little of all else.
HARDENED = ("--read-only", "--read-only-tmpfs=false", "--cap-drop=ALL", "--security-opt=no-new-privileges",
            "--pids-limit=64", "--cpus=1")
OF_THE_IMAGE = "10001:10001"


def podman(*arguments):
    """What it prints."""
    done = subprocess.run(["podman", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, "podman %s: %s" % (" ".join(arguments), done.stderr)
    return done.stdout.strip()


def inspect(what, field):
    return podman("inspect", "--format", "{{%s}}" % field, what)


def found(what, figure):
    print("%-24s %s" % (what, figure), flush=True)


def free_ports(n):
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("", 0))) for _ in range(n)]
        return [s.getsockname()[1] for s in sockets]


class Container:
    """The image on free ports of this machine:  with Container("--drain-delay", "2") as c: ...

    Without `hardened`, it may write to itself and has no volume.
    """

    def __init__(self, *flags, user=OF_THE_IMAGE, hardened=True, memory="64m"):
        self.port, self.ops_port = free_ports(2)
        self.url = "http://127.0.0.1:%d" % self.port
        self.volume = podman("volume", "create") if hardened else None
        volume = "%s:/uploads:nosuid,nodev,noexec" % self.volume
        options = [*HARDENED, "--memory=" + memory, "--volume", volume] if hardened else []
        self.id = podman("create", *options, "--user", user, "--network=host", "--env", "PHIAL_PORT=%d" % self.port,
                         "--env", "PHIAL_OPS_PORT=%d" % self.ops_port, IMAGE, "--demo-credentials", *flags)
        try:
            self.seconds_to_ready = self._start()
        except BaseException:
            self.remove()
            raise

    def _start(self):
        """From the exec of /phial to the first answer; if at all, it measures too much."""
        podman("init", self.id)  # all of the container is there, up to that exec
        self.pid = int(inspect(self.id, ".State.Pid"))
        starting = subprocess.Popen(["podman", "start", self.id], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 30
        runs = time.monotonic()
        while (now := time.monotonic()) < until and self.status("Name") != "phial":
            runs = now
        while time.monotonic() < until and self.alive():
            with contextlib.suppress(OSError), self.client() as c:
                c.send(get("/"))
                if c.response()[0] == 200:
                    ready = time.monotonic()
                    starting.wait()
                    return ready - runs
        raise AssertionError("did not start: " + self.log())

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.remove()

    def remove(self):
        podman("rm", "--force", "--time", "0", self.id)
        if self.volume:
            podman("volume", "rm", self.volume)

    def alive(self):
        return os.path.exists("/proc/%d" % self.pid)

    def status(self, field):
        """What /proc has of it."""
        with contextlib.suppress(OSError), open("/proc/%d/status" % self.pid) as f:
            return next((line.split(":")[1].strip() for line in f if line.startswith(field + ":")), "")
        return ""

    def rss(self):
        return int(self.status("VmRSS").split()[0]) * 1024

    def log(self):
        done = subprocess.run(["podman", "logs", self.id], capture_output=True, text=True)
        return done.stdout + done.stderr

    def client(self, port=None):
        return Client(socket.create_connection(("127.0.0.1", port or self.port), 20))

    def ask(self, raw, port=None):
        with self.client(port) as c:
            c.send(raw)
            return c.response()

    @property
    def folder(self):
        """Where this machine has the volume."""
        return podman("volume", "inspect", "--format", "{{.Mountpoint}}", self.volume)


class Load:
    """Clients that ask as fast as they can until they are refused, half of them on connections that they keep."""

    def __init__(self, port, clients=8):
        self.port, self.answered, self.lost, self.stopping = port, 0, [], False
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._client, args=(n % 2 == 0,)) for n in range(clients)]
        for t in self._threads:
            t.start()

    def _client(self, keeps):
        while True:
            try:
                c = Client(socket.create_connection(("127.0.0.1", self.port), 20))
            except OSError as e:
                # Refused; or reset, if the service closed between the first two packets. No request was sent.
                if not (self.stopping and isinstance(e, ConnectionError)):
                    self.lost.append("connection: %r" % e)
                return
            with c:
                last = False
                while not last:
                    try:
                        c.send(get("/articles/123") if keeps else post("/messages", "text/plain", b"x" * 10000))
                        status, head, _ = c.response()
                    except (OSError, AssertionError) as e:
                        self.lost.append(repr(e))
                        return
                    with self._lock:
                        self.answered += 1
                    if status != 200:
                        self.lost.append(status)
                    last = not keeps or "\r\nConnection: close\r\n" in head

    def wait(self):
        for t in self._threads:
            t.join(60)
        return not any(t.is_alive() for t in self._threads)


def files_of(image):
    """What its layers hold: {name: (mode and owner, content)}"""
    saved = subprocess.run(["podman", "save", "--quiet", "--format", "docker-archive", image], stdout=subprocess.PIPE,
                           check=True)
    held = {}
    with tarfile.open(fileobj=io.BytesIO(saved.stdout)) as archive:
        for layer in json.load(archive.extractfile("manifest.json"))[0]["Layers"]:
            with tarfile.open(fileobj=archive.extractfile(layer)) as files:
                for f in files:
                    owned = "%o %d:%d" % (stat.S_IMODE(f.mode), f.uid, f.gid)
                    held[f.name] = owned, files.extractfile(f).read() if f.isfile() else None
    return held


def build_id(binary):
    """What the linker made of the code; stripping leaves it."""
    return re.search(rb"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0(.{20})", binary, re.DOTALL)[1].hex()


def has_lines(binary):
    """Whether its last table, the names of its sections, has that of line numbers."""
    return b".debug_line\0" in binary[binary.rindex(b".shstrtab\0"):]


class TheImage(unittest.TestCase):
    def test_it_is_small(self):
        size = int(inspect(IMAGE, ".Size"))
        found("size", "%.2f MB" % (size / 1e6))
        self.assertLess(size, MOST_BYTES)

    def test_it_holds_the_binary_and_a_folder_and_nothing_else(self):
        owned = {name: mode_and_owner for name, (mode_and_owner, _) in files_of(IMAGE).items()}
        found("files", ", ".join("/%s (%s)" % f for f in sorted(owned.items())))
        self.assertEqual(owned, {"phial": "755 0:0", "uploads": "775 10001:0"})

    def test_the_debug_image_has_the_symbols_of_the_same_binary(self):
        shipped, debug = (files_of(image)["phial"][1] for image in (IMAGE, DEBUG_IMAGE))
        found("with symbols", "%.2f MB; the same build %s" % (len(debug) / 1e6, build_id(debug)))
        self.assertEqual(build_id(shipped), build_id(debug))
        self.assertFalse(has_lines(shipped))
        self.assertTrue(has_lines(debug))
        self.assertFalse(b"/src/lib/" in shipped or b"/src/lib/" in debug, "holds paths of the build")

    def test_its_user_is_a_number_that_is_not_roots(self):
        user = inspect(IMAGE, ".Config.User")
        found("user", user)
        self.assertRegex(user, r"\A[1-9]\d*:[1-9]\d*\Z")

    def test_its_labels_say_what_the_binary_says(self):
        labels = json.loads(inspect(IMAGE, "json .Config.Labels"))
        version = podman("run", "--rm", *HARDENED, "--network=none", IMAGE, "--version").split()[1]
        found("version", version)
        self.assertEqual(labels["org.opencontainers.image.version"], version)
        self.assertRegex(labels["org.opencontainers.image.revision"], r"\A[0-9a-f]{40}\Z")
        self.assertRegex(labels["org.opencontainers.image.created"], r"\A[-0-9]{10}T[:0-9]{8}Z\Z")

    def test_without_its_own_password_it_does_not_start(self):
        done = subprocess.run(["podman", "run", "--rm", "--network=none", IMAGE], capture_output=True, text=True,
                              timeout=60)
        found("no password", done.stderr.strip())
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"\Aphial: --address: .+\n\Z")


class Running(unittest.TestCase):
    def test_it_is_ready_soon_and_idles_in_little_memory(self):
        for _ in range(3):  # others may have work for this machine too
            times = []
            for _ in range(5):
                with Container() as c:
                    times.append(c.seconds_to_ready * 1000)
                    time.sleep(1.5)  # the first tick is over
                    rss = c.rss()
            ms = statistics.median(times)
            found("ready after exec", "%.1f ms (%s)" % (ms, ", ".join("%.1f" % t for t in times)))
            if ms < MOST_MS:
                break
        found("memory, idle", "%.2f MB" % (rss / 1e6))
        self.assertLess(ms, MOST_MS)
        self.assertLess(rss, MOST_RSS)

    def test_it_has_the_rights_and_the_threads_it_was_given(self):
        with Container() as c:
            rights = {name: c.status(name) for name in ("Uid", "Gid", "CapEff", "CapBnd", "NoNewPrivs", "Seccomp")}
            threads = re.search(r"serves \S+ on (\d+) thread", c.log())[1]
            found("rights", " ".join("%s=%s" % (k, v.split()[0]) for k, v in rights.items()))
            found("event loops", threads)
            ids = "\t".join(["10001"] * 4)  # real, effective, saved, of files
            self.assertEqual(rights, {"Uid": ids, "Gid": ids, "CapEff": "0" * 16, "CapBnd": "0" * 16, "NoNewPrivs": "1",
                                      "Seccomp": "2"})
            self.assertEqual(threads, "1")

    def test_every_case_of_the_tutorial(self):
        with open(CASES, encoding="utf-8") as f:
            modes = [case.get("mode", "normal") for case in json.load(f)]
        for mode, flags in ("normal", ()), ("debug", ("--debug", "--address", "127.0.0.1")):
            with self.subTest(mode), Container("--log-dir", "/uploads", *flags) as c:
                code, output = play(c, mode)
                found("cases, %s mode" % mode, "%s, %.2f MB after them" % (output.splitlines()[-1], c.rss() / 1e6))
                self.assertEqual(code, 0, output)
                self.assertIn("%d passed, 0 failed" % modes.count(mode), output)

    def test_any_user_of_group_0_may_run_it(self):
        with Container(user="1234567:0", hardened=False) as c:
            body = c.ask(post("/messages", "application/octet-stream", b"hello"))[2]
            ready = c.ask(get("/readyz"), c.ops_port)
            found("as user 1234567:0", body.decode())
            self.assertEqual(body, b"Binary message written!")
            self.assertEqual(ready[0], 200, ready)

    def test_sigterm_under_load_loses_no_response(self):
        with Container("--drain-delay", "2") as c:
            load = Load(c.port)
            try:
                eventually(lambda: load.answered > 500 or load.lost, "500 answers")
                before, begun = load.answered, time.monotonic()
            finally:
                load.stopping = True
                podman("stop", "--time", "60", c.id)  # the image names the signal
            seconds = time.monotonic() - begun
            self.assertTrue(load.wait())
            code = inspect(c.id, ".State.ExitCode")
            found("SIGTERM under load", "%d answers before and %d after it, %d lost; exit status %s after %.2f s" %
                  (before, load.answered - before, len(load.lost), code, seconds))
            self.assertEqual(load.lost, [])
            self.assertGreater(load.answered, before)
            self.assertEqual(code, "0")

    def test_as_process_1_it_leaves_no_zombies(self):
        """Others may start processes where it is process 1: `kubectl debug --target` does."""
        with Container() as c:
            subprocess.run(["nsenter", "-t", str(c.pid), "-p", "sh", "-c", "(sleep 0.2 &)"], check=True)
            children = "/proc/%d/task/%d/children" % (c.pid, c.pid)

            def inherited():
                with open(children) as f:
                    return f.read().split()

            eventually(inherited, "an orphan")
            eventually(lambda: not inherited(), "the orphan is gone", 5)
            found("orphans of process 1", "reaped")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=0)
