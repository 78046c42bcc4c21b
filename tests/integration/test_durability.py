"""What an upload survives, and what it leaves: kill -9, and processes that share a folder."""
import fcntl
import hashlib
import os
import queue
import random
import signal
import socket
import sys
import threading
import time
import unittest

from phial import Service, eventually
from test_faults import SANITIZER
from uploads import SEED, begun, none_is_left, read, scratch, temporaries, upload, write


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


if __name__ == "__main__":
    unittest.main(verbosity=2)
