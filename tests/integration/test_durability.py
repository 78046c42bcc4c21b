"""What an upload survives, and what it leaves: kill -9, power cuts, processes that share a folder, full disks."""
import ctypes
import fcntl
import functools
import hashlib
import json
import os
import platform
import queue
import random
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from phial import BINARY, Service, chunk, eventually, get, post_chunked, run
from test_faults import SANITIZER, set_soft
from test_uploads import OCTETS, none_is_left, temporaries, upload

SEED = int(os.environ.get("PHIAL_SEED", "4"))


def write(path, content=b""):
    with open(path, "wb") as f:
        f.write(content)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def scratch():
    return tempfile.TemporaryDirectory(prefix="phial-test-")


def begun(s, body, folder=None):
    """A client whose upload has so much of its body on the way, and its temporary file's name."""
    folder = folder or s.folder
    before = set(temporaries(folder))
    c = s.client(60)
    c.send(upload(body, length=len(body) + 1))
    name, = eventually(lambda: set(temporaries(folder)) - before, "an upload is under way")
    return c, name


class Killed(unittest.TestCase):
    """The machine goes on, so whatever was given to the kernel is there: an fsync makes no difference."""

    def test_at_any_moment_it_leaves_the_last_upload_with_a_response_or_a_later_one_whole_and_the_next_start_tidies_up(self):
        print("seed %d" % SEED, file=sys.stderr)
        chance = random.Random(SEED)
        # Of each content: when its upload began, when it was over (answered or killed), whether it was answered.
        uploads = {b"": (0.0, 0.0, False)}
        lives = 12 if SANITIZER else 25
        killed_with_a_temporary = 0
        with scratch() as folder:
            for life in range(lives):
                with Service("--threads", "2", "--durability", ("full", "none")[life % 2], folder=folder) as s:
                    s.exit_code = -signal.SIGKILL
                    self.assertEqual(temporaries(folder), [])
                    self.live(s, chance, uploads)
                killed_with_a_temporary += bool(temporaries(folder))
                self.check(folder, uploads)
            answered = sum(done for _, _, done in uploads.values())
            print("%d uploads begun, %d answered; %d of %d kills left a temporary file" %
                  (len(uploads) - 1, answered, killed_with_a_temporary, lives), file=sys.stderr)
            # Or it has shown nothing.
            self.assertGreater(answered, 0)
            self.assertGreater(len(uploads) - 1, answered)
            self.assertGreater(killed_with_a_temporary, 0)
            with Service(folder=folder) as s:
                self.assertEqual(temporaries(folder), [])
                self.check(folder, uploads)
                self.assertEqual(s.ask(upload(b"last"))[0], 200)
                self.assertEqual(s.read("binary"), b"last")

    def live(self, s, chance, uploads):
        """Eight uploads, three at a time; when so many bytes of them were sent, or a bit later, the kill."""
        bodies = [chance.randbytes(chance.choice((10, 1000, 100_000, 300_000, 1_000_000))) for _ in range(8)]
        waiting = queue.SimpleQueue()
        for body in bodies:
            waiting.put(body)
        at = chance.randrange(sum(map(len, bodies)) + 1)
        delay = chance.choice((0, 0, chance.random() * 0.01))
        sent, lock, now = [0], threading.Lock(), threading.Event()
        begun_at, answered_at, strange = {}, {}, []

        def send():
            try:
                while True:
                    body = waiting.get_nowait()
                    with s.client() as c:
                        begun_at[body] = time.monotonic()
                        c.send(upload(length=len(body)))
                        for n in range(0, len(body), 1 << 16):
                            piece = body[n:n + (1 << 16)]
                            c.send(piece)
                            with lock:
                                sent[0] += len(piece)
                            if sent[0] >= at:
                                now.set()
                        status, _, _ = c.response()
                    answered_at[body] = time.monotonic()
                    if status != 200:
                        strange.append(status)
            except (queue.Empty, ConnectionError, AssertionError):
                pass  # all is sent; or refused, reset, closed: killed
            except OSError as e:
                strange.append(e)

        senders = [threading.Thread(target=send) for _ in range(3)]
        for t in senders:
            t.start()
        self.assertTrue(now.wait(60))
        time.sleep(delay)
        s.process.kill()
        s.process.wait(30)
        killed = time.monotonic()
        for t in senders:
            t.join()
        self.assertEqual(strange, [])
        for body, begin in begun_at.items():
            # An answer may be read after the kill; what it tells of was before.
            uploads[body] = (begin, min(answered_at.get(body, killed), killed), body in answered_at)

    def check(self, folder, uploads):
        path = os.path.join(folder, "binary")
        content = read(path) if os.path.exists(path) else b""
        self.assertIn(hashlib.sha256(content).hexdigest(), [hashlib.sha256(body).hexdigest() for body in uploads],
                      "a mixture, or a part: %d bytes" % len(content))
        over = uploads[content][1]
        newer = [len(body) for body, (begin, _, answered) in uploads.items() if answered and begin > over]
        self.assertEqual(newer, [], "an upload that was answered is lost")

    def test_the_second_signal_ends_it_as_suddenly(self):
        with scratch() as folder:
            with Service(folder=folder) as s:
                self.assertEqual(s.ask(upload(b"old"))[0], 200)
                c, name = begun(s, b"x" * 600_000)
                s.exit_code = 128 + signal.SIGTERM
                s.stop()
                s.wait_for_record("finishing the requests under way")
                s.stop()
                s.process.wait(30)
                c.close()
            self.assertEqual(temporaries(folder), [name])
            with Service(folder=folder) as s:
                self.assertEqual(temporaries(folder), [])
                self.assertEqual(s.read("binary"), b"old")


class Shared(unittest.TestCase):
    """Several processes, one folder."""

    def setUp(self):
        self.folder = self.enterContext(scratch())

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self):
        return Service("--threads", "1", "--upload-dir", self.folder)

    def test_a_start_removes_what_nobody_holds_and_nothing_else(self):
        kept = {".config": b"1", ".phial-upload-x": b"2", ".phial-upload-abcdefg": b"3", ".phial-upload-": b"4",
                ".phial-uploadsabcdef": b"5", "phial-upload-abcdef": b"6", ".binary.abcdef": b"7", "binary": b"8",
                ".phial-upload-abcdef.bak": b"9", "x.phial-upload-abcdef": b"10", "a.phial-upload-abcdef": b""}
        for name, content in kept.items():
            write(self.path(name), content)
        gone = [".phial-upload-abcdef", ".phial-upload-ABC123", ".phial-upload-empty0"]
        for name in gone:
            write(self.path(name), b"left" if name != gone[-1] else b"")
        os.chmod(self.path(gone[1]), 0o600)  # whoever may read it
        os.mkdir(self.path("sub"))
        write(self.path("sub/.phial-upload-abcdef"), b"another folder's")
        with self.start() as s:
            self.assertEqual(set(os.listdir(self.folder)), set(kept) | {"sub"})
            for name, content in kept.items():
                self.assertEqual(read(self.path(name)), content)
            self.assertEqual(read(self.path("sub/.phial-upload-abcdef")), b"another folder's")
            self.assertEqual(s.ask(upload(b"new"))[0], 200)
            eventually(lambda: set(os.listdir(self.folder)) == set(kept) | {"sub"}, "nothing else is there")

    def test_a_start_follows_no_links_and_opens_nothing_but_files(self):
        """fifo(7): opening one waits for its other end. unlink(2) of a link is allowed, of what it points to not."""
        write(self.path("precious"), b"precious")
        os.symlink("precious", self.path(".phial-upload-linked"))
        os.symlink("nothing", self.path(".phial-upload-dangle"))
        os.symlink("full", self.path(".phial-upload-tofold"))
        for folder in ("full", ".phial-upload-folder"):
            os.mkdir(self.path(folder))
            write(self.path(folder + "/file"), b"in it")
        os.mkdir(self.path(".phial-upload-empty0"))
        os.mkfifo(self.path(".phial-upload-fifo00"))
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(self.path(".phial-upload-socket"))
            # If it waits, it is let go on: both ends are here.
            late = []
            waited = threading.Timer(10, lambda: late.append(os.open(self.path(".phial-upload-fifo00"), os.O_RDWR)))
            waited.start()
            with self.start() as s:
                waited.cancel()
                self.assertEqual(late, [])
                self.assertEqual(s.ask(upload(b"new"))[0], 200)
        self.assertEqual(read(self.path("precious")), b"precious")
        self.assertFalse(os.path.exists(self.path("nothing")))
        for folder in ("full", ".phial-upload-folder"):
            self.assertEqual(read(self.path(folder + "/file")), b"in it")
        self.assertTrue(os.path.isdir(self.path(".phial-upload-empty0")))

    def test_a_start_leaves_what_another_holds_until_that_lets_it_go(self):
        """flock(2)."""
        write(self.path(".phial-upload-abcdef"), b"held")
        write(self.path(".phial-upload-ghijkl"), b"left")
        with open(self.path(".phial-upload-abcdef"), "rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with self.start():
                self.assertEqual(temporaries(self.folder), [".phial-upload-abcdef"])
        self.assertEqual(temporaries(self.folder), [".phial-upload-abcdef"])
        with self.start():
            self.assertEqual(temporaries(self.folder), [])

    def test_an_upload_under_way_is_held(self):
        with self.start() as s:
            c, name = begun(s, b"x", self.folder)
            with c, open(self.path(name), "rb") as f, self.assertRaises(BlockingIOError):
                fcntl.flock(f, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def test_a_start_disturbs_no_upload_under_way_in_another_process(self):
        with self.start() as first:
            c, name = begun(first, b"1" * 600_000, self.folder)
            with self.start() as second:
                self.assertEqual(temporaries(self.folder), [name])
                self.assertEqual(second.ask(upload(b"second"))[0], 200)
                self.assertEqual(read(self.path("binary")), b"second")
                with c:
                    c.send(b"1")
                    self.assertEqual(c.response()[0], 200)
                self.assertEqual(read(self.path("binary")), b"1" * 600_001)
            none_is_left(self.folder)

    def test_of_the_killed_and_the_living_only_the_living_keep_their_uploads(self):
        with self.start() as living:
            c, its = begun(living, b"1" * 600_000, self.folder)
            with self.start() as killed:
                other, left = begun(killed, b"2" * 600_000, self.folder)
                killed.exit_code = -signal.SIGKILL
                killed.process.kill()
                killed.process.wait(30)
                other.close()
            self.assertEqual(temporaries(self.folder), sorted([its, left]))
            with self.start(), c:
                self.assertEqual(temporaries(self.folder), [its])
                c.send(b"1")
                self.assertEqual(c.response()[0], 200)
            self.assertEqual(read(self.path("binary")), b"1" * 600_001)

    def test_starts_among_many_short_uploads_lose_none(self):
        """Between a file's creation and its lock it looks abandoned."""
        with self.start() as s:
            answers, over = [], threading.Event()

            def load(n):
                with s.client() as c:
                    while not over.is_set():
                        c.send(upload(b"%d" % n))
                        answers.append(c.response()[0])

            senders = [threading.Thread(target=load, args=(n,)) for n in range(4)]
            for t in senders:
                t.start()
            try:
                for _ in range(8 if SANITIZER else 30):
                    n = len(answers)
                    with self.start():
                        eventually(lambda: len(answers) > n, "uploads go on")
            finally:
                over.set()
                for t in senders:
                    t.join()
            self.assertEqual(set(answers), {200})
            self.assertIn(read(self.path("binary")), [b"0", b"1", b"2", b"3"])
            none_is_left(self.folder)


def mounted(what, at):
    """Mounts something, seen by the binary only, before it starts."""
    return ["unshare", "-m" if os.getuid() == 0 else "-rm", "sh", "-ec", 'mount %s "$0"; exec "$@"' % what, at]


def cannot_mount(what, at):
    """Why that is not permitted, or nothing."""
    try:
        told = subprocess.run([*mounted(what, at), "true"], capture_output=True, text=True)
    except OSError as e:
        return str(e)
    return told.returncode and (told.stderr.strip() or "status %d" % told.returncode)


@functools.cache
def no_mounts():
    with scratch() as folder:
        return cannot_mount("-t tmpfs tmpfs", folder)


needs_mounts = unittest.skipIf(no_mounts(), "no file system may be mounted here: %s" % no_mounts())


class Mounted:
    """A service whose upload folder is a file system of its own, and a way to look into that."""

    def __init__(self, what, *flags):
        self.at = scratch()
        self.service = Service("--upload-dir", self.at.name, *flags, through=mounted(what, self.at.name))
        self.folder = "/proc/%d/root%s" % (self.service.process.pid, os.path.realpath(self.at.name))

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        try:
            self.service.__exit__(*failure)
        finally:
            self.at.cleanup()

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self):
        return read(self.path("binary"))

    def free(self):
        f = os.statvfs(self.folder)
        return f.f_bavail * f.f_frsize

    def fill(self):
        """To the last byte."""
        with open(self.path("filler"), "ab", 0) as f:
            try:
                while True:
                    f.write(b"x" * 4096)
            except OSError:
                pass

    def remount(self, options):
        into = ["nsenter", "-t", str(self.service.process.pid), "-m"]
        if os.getuid() != 0:
            into += ["-U", "--preserve-credentials"]
        command = [*into, "mount", "-o", "remount,bind," + options, self.at.name]
        # Busy: a file is still open for writing, though its upload was answered.
        eventually(lambda: subprocess.run(command, capture_output=True).returncode == 0, "remount," + options)


TMPFS = "-t tmpfs -o size=1m tmpfs"


class Full(unittest.TestCase):
    """RFC 4918 11.5: 507 when the server is unable to store the representation."""

    def refused(self, c, status=507):
        got, head, body = c.response()
        self.assertEqual(got, status, body)
        self.assertEqual(json.loads(body)["status"], status)
        for secret in ("phial-", "space", "large", "tmp", "binary"):
            self.assertNotIn(secret, body.decode().lower())
        return head

    def stored(self, m, content):
        self.assertEqual(m.service.ask(upload(content))[0], 200)
        self.assertTrue(m.read() == content)

    @needs_mounts
    def test_a_disk_that_fills_up_under_an_upload_is_507_which_arrives_and_what_fits_goes_on(self):
        def chunked(n, *end):
            return post_chunked("/messages", OCTETS, *[chunk(b"x" * 100_000)] * n, *end)

        CLOSES, GOES_ON, NOBODY_KNOWS = True, False, None  # how much is left of a chunked one
        bodies = {"all is sent, by length": (upload(b"x" * 3_000_000), CLOSES),
                  "all is sent, chunked": (chunked(30, chunk(b"")), NOBODY_KNOWS),
                  "there would be more, by length": (upload(b"x" * 6_000_000, length=500_000_000), CLOSES),
                  "there would be more, chunked": (chunked(60), NOBODY_KNOWS),
                  "it is the last block": (chunked(10, chunk(b"x" * 48_576), chunk(b"")), GOES_ON)}
        with Mounted(TMPFS, "--threads", "1", "--upload-space", "1GiB") as m:
            self.stored(m, b"old" * 10_000)
            free = m.free()
            for name, (raw, closes) in bodies.items():
                with self.subTest(name):
                    with m.service.client() as c:
                        c.send(raw)
                        head = self.refused(c)
                        if closes is not NOBODY_KNOWS:
                            self.assertEqual("\r\nConnection: close\r\n" in head, closes)
                        if closes is GOES_ON:
                            c.send(get("/hello?name=x"))
                            self.assertEqual(c.response()[2], b"Hello x")
                        c.socket.shutdown(socket.SHUT_WR)
                        self.assertEqual(c.rest(), b"")  # and no reset
                    none_is_left(m.folder)
                    eventually(lambda: m.free() == free, "its room is free again")
                    self.assertEqual(m.read(), b"old" * 10_000)
                    self.stored(m, b"new" * 200_000)
                    self.stored(m, b"old" * 10_000)

    @needs_mounts
    def test_a_disk_that_is_full_already_is_507_until_there_is_room(self):
        """Without a block nothing is written, without an inode nothing is created."""
        for what, full_of in ((TMPFS, "blocks"), ("-t tmpfs -o size=1m,nr_inodes=3 tmpfs", "inodes")):
            with self.subTest(full_of), Mounted(what) as m:
                self.stored(m, b"old")
                m.fill() if full_of == "blocks" else write(m.path("filler"))
                for body in (b"x", b"x" * 300_000, b"x" * 700_000):
                    with m.service.client() as c:
                        c.send(upload(body))
                        self.refused(c)
                    none_is_left(m.folder)
                    self.assertEqual(m.read(), b"old")
                m.service.wait_for_record("No space left on device")
                self.assertIn(m.at.name, m.service.read("app.log").decode())
                os.unlink(m.path("filler"))
                self.stored(m, b"new" * 100_000)

    @needs_mounts
    def test_one_upload_that_finds_no_room_does_not_take_another_with_it(self):
        with Mounted(TMPFS, "--upload-memory", "0", "--upload-space", "1GiB") as m:  # so that what was read is on the disk
            for size, needs in ((100_000, 2_000_000), (900_000, 600_000)):
                with self.subTest(size):
                    first, name = begun(m.service, b"f" * size, m.folder)
                    eventually(lambda: os.path.getsize(m.path(name)) == size, "it has taken its room")
                    free = m.free()
                    with m.service.client() as second:
                        second.send(upload(b"s" * needs))
                        self.refused(second)
                    eventually(lambda: m.free() == free, "its room is free again")
                    self.assertEqual(temporaries(m.folder), [name])
                    with first:
                        first.send(b"f")
                        self.assertEqual(first.response()[0], 200)
                    self.assertTrue(m.read() == b"f" * (size + 1))
                    self.stored(m, b"")
            none_is_left(m.folder)

    @needs_mounts
    def test_it_starts_on_a_full_disk(self):
        full = '%s "$0"; head -c 2m /dev/zero >"$0/filler" 2>/dev/null || true; true' % TMPFS
        with Mounted(full) as m:
            self.assertEqual(os.path.getsize(m.path("filler")), 1 << 20)
            with m.service.client() as c:
                c.send(upload(b"x"))
                self.refused(c)
            os.unlink(m.path("filler"))
            self.stored(m, b"new")

    def test_a_file_larger_than_the_process_may_write_is_507(self):
        """setrlimit(2): RLIMIT_FSIZE is EFBIG, and SIGXFSZ, which is not to end the process."""
        with Service() as s:
            self.assertEqual(s.ask(upload(b"old"))[0], 200)
            before = set_soft(s, resource.RLIMIT_FSIZE, 1 << 20)
            for raw in (upload(b"x" * 3_000_000), upload(b"x" * ((1 << 20) + 1)),
                        upload(b"x" * 6_000_000, length=1 << 30)):
                with s.client() as c:
                    c.send(raw)
                    self.refused(c)
                none_is_left(s.folder)
                self.assertEqual(s.read("binary"), b"old")
            s.wait_for_record("File too large")
            self.assertEqual(s.ask(upload(b"x" * (1 << 20)))[0], 200)
            set_soft(s, resource.RLIMIT_FSIZE, before)
            self.assertEqual(s.ask(upload(b"x" * 3_000_000))[0], 200)
            self.assertTrue(s.read("binary") == b"x" * 3_000_000)


class ReadOnly(unittest.TestCase):
    """What root may do ends here, too (mount(2): EROFS)."""

    @needs_mounts
    def test_a_folder_that_cannot_be_written_to_is_reported_at_start(self):
        with scratch() as at:
            told = subprocess.run([*mounted("-t tmpfs -o ro tmpfs", at), BINARY, "--port", "0", "--log-dir", "",
                                   "--upload-dir", at], capture_output=True, text=True, timeout=30)
            self.assertEqual((told.returncode, told.stdout), (2, ""))
            self.assertRegex(told.stderr, r"\Aphial: --upload-dir: .*\n\Z")
            self.assertIn(at, told.stderr)

    @needs_mounts
    def test_one_that_becomes_so_is_a_500_with_the_reason_in_the_log_only_until_it_is_not(self):
        with Mounted(TMPFS) as m:
            s = m.service
            self.assertEqual(s.ask(upload(b"old"))[0], 200)
            m.remount("ro")
            status, _, body = s.ask(upload(b"new"))
            self.assertEqual((status, json.loads(body)["status"]), (500, 500))
            for secret in ("read-only", "phial-", m.at.name):
                self.assertNotIn(secret, body.decode().lower())
            s.wait_for_record("Read-only file system")
            self.assertIn(m.at.name, s.read("app.log").decode())
            self.assertEqual(m.read(), b"old")
            m.remount("rw")
            self.assertEqual(s.ask(upload(b"new"))[0], 200)
            self.assertEqual(m.read(), b"new")


FSYNC, RENAME = (74, 75, 277, 306), (82, 264, 316)  # and their kin, by their numbers on x86-64


def failing(calls, error):
    """Lets system calls fail from the start of the binary on (seccomp(2)). To be called before that."""
    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    load_number, jump_if_equal, give = 0x20, 0x15, 0x06
    code = [struct.pack("HBBI", load_number, 0, 0, 0)]
    for n, call in enumerate(calls):
        code.append(struct.pack("HBBI", jump_if_equal, len(calls) - n, 0, call))
    code.append(struct.pack("HBBI", give, 0, 0, 0x7fff0000))  # allow
    code.append(struct.pack("HBBI", give, 0, 0, 0x00050000 | error))
    kept = ctypes.create_string_buffer(b"".join(code))
    program = Program(len(code), ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)

    def install():
        no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
        if libc.prctl(no_new_privileges, 1, 0, 0, 0) or libc.prctl(set_seccomp, filter_mode, ctypes.byref(program)):
            raise OSError(ctypes.get_errno(), "seccomp")
        return kept

    return install


@unittest.skipUnless(platform.machine() == "x86_64", "system calls have other numbers here")
class Disk(unittest.TestCase):
    """A disk that fails, by way of system calls that do."""

    def check(self, flags, calls, error, status):
        with scratch() as folder:
            write(os.path.join(folder, "binary"), b"old")
            with Service(*flags, folder=folder, before=failing(calls, error)) as s:
                for body in (b"", b"new", b"new" * 200_000):
                    got, _, answer = s.ask(upload(body))
                    self.assertEqual(got, status, answer)
                    none_is_left(folder)
                    if status == 200:
                        self.assertTrue(s.read("binary") == body)
                        continue
                    self.assertEqual(s.read("binary"), b"old")
                    self.assertNotIn(os.strerror(error).encode(), answer)
                    s.wait_for_record(os.strerror(error))
                    self.assertEqual(s.ask(get("/hello?name=x"))[0], 200)

    def test_what_it_does_not_keep_does_not_get_200_and_the_old_file_is_there(self):
        EIO, ENOSPC = 5, 28
        for flags in ((), ("--durability", "full")):
            for error, status in ((EIO, 500), (ENOSPC, 507)):
                with self.subTest((flags, error)):
                    self.check(flags, FSYNC, error, status)

    def test_a_rename_that_fails_leaves_the_old_file_and_no_temporary(self):
        EIO = 5
        for flags in ((), ("--durability", "none")):
            with self.subTest(flags):
                self.check(flags, RENAME, EIO, 500)

    def test_without_durability_nothing_waits_for_it(self):
        self.check(("--durability", "none"), FSYNC, 5, 200)

    def test_durability_is_full_or_none(self):
        with scratch() as folder:
            code, out, err = run("--port", "0", "--log-dir", "", "--upload-dir", folder, "--durability", "most")
        self.assertEqual((code, out), (2, ""))
        self.assertRegex(err, r"\Aphial: --durability: .*most.*\n\Z")


def image(folder):
    """A file with a file system in it, that of most servers."""
    path = os.path.join(folder, "disk")
    with open(path, "wb") as f:
        f.truncate(16 << 20)
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", path], check=True)
    return path


@functools.cache
def no_loop_devices():
    if no_mounts() or not shutil.which("mke2fs"):
        return no_mounts() or "no mke2fs"
    with scratch() as folder:
        return cannot_mount("-o loop '%s'" % image(folder), folder)


@unittest.skipIf(no_loop_devices(), "no disk image may be mounted here: %s" % no_loop_devices())
class PowerCut(unittest.TestCase):
    """What the kernel has written to the image by the moment of the answer is what is on the disk after a power cut. It
    writes what nobody asks for after 30 seconds at the earliest, and by the mount's options no journal before that."""

    def after_the_cut(self, disk):
        with scratch() as at:
            copy = os.path.join(at, "copy")
            shutil.copyfile(disk, copy)
            inside = os.path.join(at, "in")
            os.mkdir(inside)
            told = subprocess.run([*mounted("-o loop '%s'" % copy, inside), "sh", "-c",
                                   'cd "$0"; ls -A >&2; cat binary', inside], capture_output=True)
            return told.stdout, set(told.stderr.decode().split()) - {"lost+found"}

    def test_an_upload_that_got_its_response_survives_it_and_one_under_way_leaves_the_old_file(self):
        chance = random.Random(SEED)
        with scratch() as folder:
            disk = image(folder)
            with Mounted("-o loop,commit=300 '%s'" % disk, "--threads", "1") as m:
                lost = 0
                for _ in range(6):
                    body = chance.randbytes(chance.randrange(1, 1_000_000))
                    self.assertEqual(m.service.ask(upload(body))[0], 200)
                    write(m.path("unsynced"), b"x")  # nobody waits for that
                    content, names = self.after_the_cut(disk)
                    self.assertTrue(content == body, (len(content), len(body)))
                    lost += "unsynced" not in names
                    os.unlink(m.path("unsynced"))
                    c, _ = begun(m.service, b"x" * 1_500_000, m.folder)
                    with c:
                        content, _ = self.after_the_cut(disk)
                        self.assertTrue(content == body, (len(content), len(body)))
                    none_is_left(m.folder)
                self.assertGreater(lost, 0)  # or it was no power cut


if __name__ == "__main__":
    unittest.main(verbosity=2)
