"""The log: what its lines look like, and what happens to it when files move, disks are full and nobody reads."""
import json
import os
import re
import resource
import signal
import subprocess
import tempfile
import time
import unittest

import phial
from phial import BINARY, eventually, get, sanitizer
from mounts import mounted, needs_mounts

SANITIZER = sanitizer()

TEXT = r"\A20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z (debug|info|warning|error|critical) +\S[ -~]*\Z"
CANNOT = "app.log cannot be written"


class Service(phial.Service):
    """One whose records are those that these tests make."""

    def __init__(self, *flags, **more):
        super().__init__("--access-log", "off", *flags, **more)


def count(lines, message):
    """How many records of a request there are with this message."""
    return lines.count(b" %s request_id=" % message)


def log(s, times=1):
    """Three records a time."""
    with s.client() as c:
        for begin in range(0, times, 100):
            n = min(times - begin, 100)
            c.send(get("/logs/hello") * n)
            for _ in range(n):
                status, _, body = c.response()
                assert (status, body) == (200, b"check your logs\n"), (status, body)


def ended(s, code=0):
    s.exit_code = code
    found = s.process.wait(20)
    assert found == code, "ended with %d: %s" % (found, s.output())
    s._drain.wait()


def renamed(folder):
    return sorted(name for name in os.listdir(folder) if re.fullmatch(r"app-\d{8}T\d{6}-\d{5}\.log", name))


class Lines(unittest.TestCase):
    def test_json_is_a_valid_object_a_line_on_stdout_and_in_the_file(self):
        with tempfile.TemporaryDirectory() as folder:
            p = subprocess.Popen([BINARY, "--port", "0", "--log-format", "json", "--log-level", "error"], cwd=folder,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            first = p.stdout.readline()
            url = json.loads(first)["url"]
            self.assertRegex(url, r"\Ahttp://127\.0\.0\.1:\d+\Z")
            subprocess.run(["curl", "-s", "-o", "/dev/null", url + "/logs/hello", "-o", "/dev/null",
                            url + "/debug/error?%0A%22%1B%80"])
            p.terminate()
            out, err = p.communicate(timeout=20)
            self.assertEqual((p.returncode, err), (0, ""))
            lines = (first + out).splitlines(keepends=True)
            with open(os.path.join(folder, "app.log")) as f:
                self.assertEqual(f.readlines(), lines)
            for line in lines:
                self.assertRegex(line, r"\A[ -~]+\n\Z")
                record = json.loads(line)
                self.assertEqual(list(record)[:3], ["time", "severity", "message"])
                self.assertRegex(record["time"], r"\A20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z")
            self.assertEqual(json.loads(first)["message"], "listening on " + url)
            self.assertEqual([json.loads(line)["severity"] for line in lines[1:3]], ["error", "error"], lines)

    def test_what_a_client_sends_cannot_make_lines(self):
        forged = get('/debug/error?%0A2026-01-01T00:00:00.000000Z%20error%20forged%22,%22a%22:%22%1B[2J%C2%85%FF')
        for form in ("text", "json"):
            with self.subTest(form), Service("--log-format", form) as s:
                s.ask(forged)
                s.stop()
                ended(s)
                for line in s.read("app.log").decode("utf-8").splitlines():
                    if form == "json":
                        self.assertLessEqual(set(json.loads(line)), {"time", "severity", "message", "url", "request_id", "trace_id"})
                    else:
                        self.assertRegex(line, TEXT)
                        self.assertFalse(line.startswith("2026-01-01"), line)

    def test_what_a_client_sends_turns_no_line_around(self):
        controls = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u200e\u200f\u2028\ufeff\u200b"
        for form in ("text", "json"):
            with self.subTest(form), phial.Service("--log-format", form) as s:
                s.ask(get("/", "User-Agent: a" + controls + "b", "Connection: close"))
                s.stop()
                ended(s)
                written = s.read("app.log").decode("utf-8")
                self.assertIn("".join("\\u%04x" % ord(c) for c in controls), written)
                self.assertRegex(written, r"\A[ -~\n]+\Z")

    def test_a_method_that_is_not_known_is_named_as_it_was_sent_and_one_that_cannot_be_read_is_other(self):
        """Not as GET: nobody asked for that."""
        cases = {"501 BREW /pot: ": b"BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n",
                 "501 %s /: " % ("X" * 32): b"%s / HTTP/1.1\r\nHost: a\r\n\r\n" % (b"X" * 100),
                 "400 _OTHER : ": b"GET / H\r\n\r\n",
                 "400 GET /: ": b"GET / HTTP/1.1\r\n\r\n",
                 "404 PUT /nowhere: ": b"PUT /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"}
        with Service("--log-level", "debug") as s:
            for record, raw in cases.items():
                with self.subTest(record):
                    s.ask(raw)
                    s.wait_for_record(record)

    def test_the_access_record_says_what_is_wrong_and_there_is_no_other_record_of_a_client_error(self):
        cases = {"target=/nowhere status=404 error=\"Not Found\"": get("/nowhere"),
                 "route=/users/<id> status=404 error=\"Not Found\"": get("/users/99"),
                 "error=\"Method Not Allowed: this address has POST, OPTIONS, not GET.\"": get("/messages"),
                 "status=400 error=\"Host is missing": b"GET / HTTP/1.1\r\n\r\n",
                 "method=BREW target=/pot status=501 error=\"": b"BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n"}
        with phial.Service() as s:
            for part, raw in cases.items():
                with self.subTest(part):
                    s.ask(raw)
                    s.wait_for_record(part)
            s.stop()
            ended(s)
            log = s.read("app.log").decode()
            for record in ("404 GET", "405 GET", "400 GET", "501 BREW"):
                self.assertNotIn(record, log)

    def test_a_wrong_format_is_reported(self):
        told = subprocess.run([BINARY, "--log-format", "xml", "--log-rotate-size", "1"], capture_output=True, text=True)
        self.assertEqual(told.returncode, 2)
        self.assertIn("--log-format: 'xml' is neither text nor json", told.stderr)
        self.assertIn("--log-rotate-size: '1' is not a number between 1KiB and 1024GiB", told.stderr)


class Files(unittest.TestCase):
    def test_a_full_file_is_renamed_and_the_oldest_are_removed(self):
        with Service("--log-rotate-size", "4KiB", "--log-keep", "3") as s:
            log(s, 200)
            s.stop()
            ended(s)
            self.assertEqual(len(renamed(s.folder)), 3)
            for name in [*renamed(s.folder), "app.log"]:
                self.assertLessEqual(len(s.read(name)), 4096)
                for line in s.read(name).decode().splitlines():
                    self.assertRegex(line, TEXT)
            self.assertIn(b" ended: ", s.read("app.log"))

    def test_rotation_loses_nothing(self):
        with Service("--log-rotate-size", "4KiB", "--log-keep", "1000") as s:
            log(s, 200)
            s.stop()
            ended(s)
            everything = b"".join(s.read(name) for name in [*renamed(s.folder), "app.log"])
            self.assertEqual(count(everything, b"informing"), 200)
            self.assertEqual(count(s.output().encode(), b"informing"), 200)
            for record in s.output().encode().splitlines(keepends=True):
                self.assertEqual(everything.count(record), 1, record)

    def test_an_old_file_is_renamed(self):
        with Service("--log-rotate-interval", "1") as s:
            begun = time.monotonic()
            eventually(lambda: log(s) or renamed(s.folder), "a renamed file")
            self.assertLess(time.monotonic() - begun, 10)

    def test_a_file_from_the_future_is_renamed_when_its_time_is_over(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "app.log")
            with open(path, "w") as f:
                f.write("written while the clock was wrong\n")
            in_a_year = time.time() + 365 * 86400
            os.utime(path, (in_a_year, in_a_year))
            with Service("--log-rotate-interval", "1", "--log-dir", folder) as s:
                eventually(lambda: log(s) or renamed(folder), "a renamed file")

    def test_a_number_that_somebody_made_up_disturbs_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            for number in (4294967295, 18446744073709551615):
                open(os.path.join(folder, "app-20000101T000000-%d.log" % number), "w").close()
            with Service("--log-rotate-size", "4KiB", "--log-keep", "3", "--log-dir", folder) as s:
                log(s, 200)
                s.stop()
                ended(s)
                files = [name for name in os.listdir(folder) if name != "app.log"]
                self.assertEqual(len(files), 3, files)
                self.assertFalse([name for name in files if name.startswith("app-2000")])

    def test_after_sighup_a_moved_file_is_let_go(self):
        """What logrotate does: move, signal, compress."""
        with Service("--threads", "2") as s:
            for n in range(1, 6):
                log(s, 10)
                # What waits in the queue would come into the new file.
                eventually(lambda: count(s.read("app.log"), b"informing") == 10, "the records")
                os.rename(s.path("app.log"), s.path("app.log.%d" % n))
                s.stop(signal.SIGHUP)
                eventually(lambda: os.path.exists(s.path("app.log")), "a new app.log")
                # The new file is there before the old one is closed: the record comes after both.
                s.wait_for_record("SIGHUP: app.log was reopened")
                self.assertNotIn("app.log.%d" % n, self.open_files(s))
            os.remove(s.path("app.log"))
            s.stop(signal.SIGHUP)
            s.wait_for_record("SIGHUP: app.log was reopened")
            log(s)
            s.stop()
            ended(s)
            self.assertIn(b" ended: ", s.read("app.log"))
            moved = b"".join(s.read("app.log.%d" % n) for n in range(1, 6))
            self.assertEqual(count(moved, b"informing"), 50)

    def open_files(self, s):
        folder = "/proc/%d/fd" % s.process.pid
        return [os.path.basename(os.readlink(os.path.join(folder, fd))) for fd in os.listdir(folder)]

    def test_sighup_without_a_file_to_reopen_does_no_harm(self):
        with Service() as s:
            s.wait_for_record(" serves ")
            os.rename(s.path("app.log"), s.path("old"))
            os.mkdir(s.path("app.log"))
            s.stop(signal.SIGHUP)
            eventually(lambda: b"SIGHUP: app.log cannot be opened" in s.read("old"), "the failure is told")
            log(s)
            s.stop()
            ended(s)
            self.assertIn(b" ended: ", s.read("old"))
        with Service("--log-dir", "") as s:
            for _ in range(100):
                s.stop(signal.SIGHUP)
            log(s)


class Trouble(unittest.TestCase):
    def told_once(self, s, why):
        told = [line for line in s.output().splitlines() if "cannot be written" in line]
        self.assertEqual(len(told), 1, told)
        self.assertRegex(told[0], r"\Aphial: \S*%s: %s" % (CANNOT, why))

    def lost(self, lines):
        """What the log says it has not got."""
        return sum(map(int, re.findall(rb" warning the log could not be written: (\d+) records? w\w+ lost\n", lines)))

    def accounted(self, lines):
        """How many records of log() it has, or says it has not got."""
        return self.lost(lines) + sum(count(lines, what) for what in (b"informing", b"warning", b"error"))

    def test_what_finds_no_room_is_lost_counted_and_reported(self):
        """RLIMIT_FSIZE: whatever the room, it ends somewhere within a line."""
        with Service() as s:
            log(s)
            eventually(lambda: count(s.read("app.log"), b"error"), "the records of a request")
            soft, hard = resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (len(s.read("app.log")) + 100, hard))
            log(s, 100)
            eventually(lambda: CANNOT in s.output(), "the failure is told")
            log(s, 100)
            eventually(lambda: count(s.output().encode(), b"informing") == 201, "all are on stdout")
            resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (soft, hard))
            log(s)
            s.stop()
            ended(s)
            self.told_once(s, "File too large")
            written = s.read("app.log")
            for line in written.decode().splitlines():
                self.assertRegex(line, TEXT)
            self.assertGreater(self.lost(written), 0)
            self.assertEqual(self.accounted(written), 3 * 202)

    @needs_mounts
    def test_a_full_disk_is_reported_once_and_survived(self):
        with tempfile.TemporaryDirectory() as at, \
                Service("--log-dir", at, through=mounted("-t tmpfs -o size=1m tmpfs", at)) as s:
            folder = "/proc/%d/root%s" % (s.process.pid, os.path.realpath(at))
            with open(os.path.join(folder, "others"), "wb") as f:
                f.write(bytes((1 << 20) - (16 << 10)))
            log(s, 500)
            eventually(lambda: CANNOT in s.output(), "the failure is told")
            log(s, 100)
            self.told_once(s, "No space left on device")
            os.remove(os.path.join(folder, "others"))
            log(s)

            def written():
                with open(os.path.join(folder, "app.log"), "rb") as f:
                    return f.read()

            eventually(lambda: self.accounted(written()) == 3 * 601, "each record is accounted for")
            self.assertGreater(self.lost(written()), 0)
            for line in written().decode().splitlines():
                self.assertRegex(line, TEXT)

    def test_a_folder_that_is_gone_stops_nothing(self):
        with tempfile.TemporaryDirectory() as at:
            folder = os.path.join(at, "logs")
            os.mkdir(folder)
            with Service("--log-dir", folder, "--log-rotate-size", "4KiB") as s:
                log(s)
                os.rename(folder, folder + "-away")
                log(s, 100)
                eventually(lambda: CANNOT in s.output(), "the failure is told")
                self.told_once(s, "No such file or directory")
                os.rename(folder + "-away", folder)
                log(s)
                s.stop()
                ended(s)
                everything = b""
                for name in [*renamed(folder), "app.log"]:
                    with open(os.path.join(folder, name), "rb") as f:
                        everything += f.read()
                self.assertGreater(self.lost(everything), 0)
                self.assertEqual(self.accounted(everything), 3 * 102)

    def test_a_stdout_nobody_reads_blocks_neither_requests_nor_the_end(self):
        for stderr in (subprocess.DEVNULL, subprocess.STDOUT):
            with self.subTest(stderr), tempfile.TemporaryDirectory() as folder, \
                    Quiet(folder, subprocess.PIPE, stderr) as s:
                log(s, 10_000)  # some megabytes
                log(s)
                begun = time.monotonic()
                s.stop()
                self.assertEqual(s.process.wait(20), 0)
                self.assertLess(time.monotonic() - begun, 5)
                with open(os.path.join(folder, "app.log"), "rb") as f:
                    self.assertIn(b" ended: ", f.read())

    def test_a_terminal_that_takes_nothing_blocks_neither_requests_nor_the_end(self):
        """Ctrl-S, or a window that hangs: with room at the start, and without."""
        for full in (False, True):
            for shared in (False, True):
                screen, line = os.openpty()
                with self.subTest(full=full, stderr_too=shared), tempfile.TemporaryDirectory() as folder:
                    if full:
                        fill(os.open(os.ttyname(line), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY))
                    with Quiet(folder, line, line if shared else subprocess.DEVNULL) as s:
                        log(s, 1000)
                        s.stop()
                        self.assertEqual(s.process.wait(30), 0)
                        self.assertIn(b" ended: ", s.read("app.log"))
                os.close(screen)
                os.close(line)

    def test_a_pipe_that_is_full_at_the_start_does_not_keep_it_from_serving(self):
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        fill(os.dup(writing))
        os.set_blocking(writing, True)
        with tempfile.TemporaryDirectory() as folder, Quiet(folder, writing, subprocess.DEVNULL) as s:
            log(s, 10)
            s.stop()
            self.assertEqual(s.process.wait(30), 0)
        os.close(reading)
        os.close(writing)

    def test_a_second_signal_ends_the_wait_for_who_reads_stdout(self):
        """That wait is one second: a busy machine may miss it."""
        codes = set()
        for _ in range(10):
            with tempfile.TemporaryDirectory() as folder, Quiet(folder, subprocess.PIPE, subprocess.DEVNULL) as s:
                log(s, 1000)  # more than a pipe holds
                s.stop()
                s.wait_for_record(" ended: ")
                s.stop(signal.SIGINT)
                codes.add(s.process.wait(30))
            if 128 + signal.SIGINT in codes:
                break
        self.assertIn(128 + signal.SIGINT, codes)
        self.assertLessEqual(codes, {0, 128 + signal.SIGINT})

    def test_a_stdout_that_is_full_closed_or_without_a_reader_is_reported_once_on_stderr(self):
        reading, writing = os.pipe()
        os.close(reading)
        with open("/dev/full", "wb") as full, os.fdopen(writing, "wb", buffering=0) as unread:
            for stdout, why in ((full, "No space left on device"), (unread, "Broken pipe"), (None, "Bad file descriptor")):
                with self.subTest(why), tempfile.TemporaryDirectory() as folder, \
                        Quiet(folder, stdout, subprocess.PIPE) as s:
                    log(s, 10)
                    s.stop()
                    _, err = s.process.communicate(timeout=20)
                    self.assertEqual(s.process.returncode, 0)
                    told = [line for line in err.splitlines() if "cannot be written" in line]
                    self.assertEqual(len(told), 1, err)
                    self.assertRegex(told[0], r"\Aphial: stdout cannot be written: " + why)
                    with open(os.path.join(folder, "app.log"), "rb") as f:
                        for line in f.read().decode().splitlines():  # nothing else is in it
                            self.assertRegex(line, TEXT)

    @unittest.skipIf(SANITIZER, "a sanitizer has handlers of its own")
    def test_a_crash_loses_no_record_and_its_signal_is_seen(self):
        for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS):
            with self.subTest(number), Service() as s:
                s.exit_code = -number
                resource.prlimit(s.process.pid, resource.RLIMIT_CORE, (0, 0))
                log(s, 300)
                s.stop(number)
                ended(s, -number)
                self.assertEqual(count(s.read("app.log"), b"informing"), 300)
                self.assertEqual(count(s.read("app.log").splitlines()[-1], b"error"), 1)
            with self.subTest(number), Service() as s:
                resource.prlimit(s.process.pid, resource.RLIMIT_CORE, (0, 0))
                log(s)  # no more: stderr is the same pipe, and does not wait while that is full
                s.stop(number)
                ended(s, -number)
                self.assertIn("phial: ends by %s" % number.name, s.output())


def fill(fd):
    """Writes to a descriptor that does not block until it takes nothing, and closes it."""
    try:
        while True:
            os.write(fd, b"x" * 100)
    except BlockingIOError:
        os.close(fd)


class Quiet(Service):
    """A service whose stdout nobody reads, or that has none: None. Where it listens is in app.log."""

    def __init__(self, folder, stdout, stderr):
        self.folder = folder
        self.process = subprocess.Popen([BINARY, "--port", "0", "--access-log", "off"], cwd=folder, stdout=stdout, stderr=stderr, text=True,
                                        preexec_fn=(lambda: os.close(1)) if stdout is None else None)
        self.wait_for_record(" serves ")
        self.host, self.port = "127.0.0.1", int(re.search(rb" serves http://127\.0\.0\.1:(\d+)", self.read("app.log"))[1])

    def __exit__(self, *failure):
        if self.process.poll() is None:
            self.process.kill()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()
        self.process.wait()


if __name__ == "__main__":
    unittest.main(verbosity=2)
