"""What goes wrong outside: no descriptors, no memory, resets at any byte, garbage, a halted process. Life goes on."""
import os
import random
import resource
import select
import signal
import subprocess
import threading
import time
import unittest

from phial import BINARY, Service, chunk, eventually, get, post, post_chunked, sanitizer

HELLO = get("/hello?name=x")
ANSWER = b"Hello x"

SANITIZER = sanitizer()


def open_files(n):
    """To be called before the binary starts."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (n, n))


def set_soft(s, which, value):
    """Changes a limit of the process while it runs; returns what it was."""
    soft, hard = resource.prlimit(s.process.pid, which)
    resource.prlimit(s.process.pid, which, (value, hard))
    return soft


def descriptors(s):
    s.wait_for_record(" serves ")  # app.log is opened by a thread of its own
    return len(os.listdir("/proc/%d/fd" % s.process.pid))


def memory(s, name="VmRSS"):
    with open("/proc/%d/status" % s.process.pid) as f:
        return int(next(line for line in f if line.startswith(name)).split()[1]) * 1024


def cpu_seconds(s):
    with open("/proc/%d/stat" % s.process.pid) as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Faults(unittest.TestCase):
    def served(self, c):
        c.send(HELLO)
        status, _, body = c.response()
        self.assertEqual((status, body), (200, ANSWER))

    def lives(self, s):
        self.assertIsNone(s.process.poll(), s.output())
        self.assertEqual(s.ask(HELLO)[2], ANSWER)

    def flat(self, s, files, bytes_before, growth=16 << 20):
        """Descriptors are back at their number, memory has not grown by much."""
        eventually(lambda: descriptors(s) <= files, "descriptors are back at %d" % files)
        if not SANITIZER:  # those keep what was freed, to see who still uses it
            self.assertLess(memory(s) - bytes_before, growth)


class Threads(Faults):
    @unittest.skipIf(SANITIZER == "tsan", "the thread sanitizer starts a thread of its own, and ends without it")
    def test_a_thread_that_cannot_be_started_is_reported_at_start(self):
        def no_room_for_a_stack():  # the limit is the size of each thread's stack
            resource.setrlimit(resource.RLIMIT_STACK, (1 << 47, resource.getrlimit(resource.RLIMIT_STACK)[1]))

        told = subprocess.run([BINARY, "--port", "0", "--log-dir="], capture_output=True, text=True, timeout=30,
                              preexec_fn=no_room_for_a_stack)
        self.assertEqual((told.returncode, told.stdout), (1, ""))
        self.assertRegex(told.stderr, r"\Aphial: a thread cannot be started\. .*ulimit -u.*\n\Z")


class Descriptors(Faults):
    def test_more_connections_than_open_files_allow_are_refused_at_start(self):
        told = subprocess.run([BINARY, "--port", "0", "--max-connections", "65"], capture_output=True, text=True,
                              timeout=30, preexec_fn=open_files(128))
        self.assertEqual((told.returncode, told.stdout), (2, ""))
        self.assertRegex(told.stderr, r"\Aphial: --max-connections: .*129.*128.*ulimit -n.*\n\Z")

    def test_all_connections_that_fit_are_served_at_once(self):
        with Service("--max-connections", "64", "--max-connections-per-client", "64", before=open_files(128)) as s:
            self.fill(s, 64, uploads=10)

    def test_the_default_adapts_to_what_may_be_open(self):
        """A quarter is left for the files that requests open, and 64 are the service's own."""
        with Service("--max-connections-per-client", "160", before=open_files(160)) as s:
            self.fill(s, 160 - 40 - 64, uploads=40)

    def fill(self, s, n, uploads):
        clients = [s.client() for _ in range(n)]
        for _ in range(2):
            for c in clients:
                self.served(c)
        status, head, _ = s.ask(b"")
        self.assertEqual(status, 503)
        self.assertIn("\r\nRetry-After: ", head)
        for c in clients[:uploads]:
            c.send(post("/messages", "application/octet-stream", b"x" * 1000))
        for c in clients[:uploads]:
            self.assertEqual(c.response()[0], 200)
        for c in clients:
            c.close()

    @unittest.skipIf(SANITIZER, "a sanitizer needs a descriptor to look at an object's type")
    def test_without_descriptors_it_neither_spins_nor_floods_its_log_and_goes_on_when_there_are_some(self):
        """Linux: accept fails with EMFILE, and the connection stays in the backlog."""
        for threads in ("1", "2"):
            with self.subTest(threads=threads), Service("--threads", threads) as s:
                first = [s.client() for _ in range(4)]
                for c in first:
                    self.served(c)
                before = set_soft(s, resource.RLIMIT_NOFILE, descriptors(s) + 3)
                more = [s.client() for _ in range(30)]  # three get in, the backlog holds the others
                for c in more:
                    c.send(HELLO)
                eventually(lambda: len(self.answered(more)) == 3, "three are served")
                spent, begun = cpu_seconds(s), time.monotonic()
                while time.monotonic() - begun < 2:
                    for c in first:
                        self.served(c)
                    time.sleep(0.1)
                self.assertLess(cpu_seconds(s) - spent, 0.5)
                self.assertEqual(len(self.answered(more)), 3)
                self.assertLess(len(s.output()), 20_000)

                # A file cannot be opened either. (A connection that ends lets the next one in, so there is no room.)
                first[0].send(post("/messages", "application/octet-stream", b"x"))
                status, head, _ = first[0].response()
                self.assertEqual(status, 503)
                self.assertIn("\r\nRetry-After: ", head)
                self.served(first[0])

                first.pop().close()
                eventually(lambda: len(self.answered(more)) == 4, "the next is served when one ends")
                set_soft(s, resource.RLIMIT_NOFILE, before)
                eventually(lambda: len(self.answered(more)) == 30, "all are served")
                self.served(first[0])
                first[0].send(post("/messages", "application/octet-stream", b"x"))
                self.assertEqual(first[0].response()[0], 200)
                for c in first + more:
                    c.close()

    def answered(self, clients):
        """Those that have an answer, read or waiting."""
        return select.select([c.socket for c in clients], [], [], 0)[0]


class Memory(Faults):
    @unittest.skipIf(SANITIZER, "a sanitizer needs its address space")
    def test_what_finds_no_memory_is_refused_and_the_service_goes_on(self):
        """16 MiB bodies until there is no address space left; those in time or later are served."""
        size = 16 << 20
        for threads in ("1", "2"):
            with self.subTest(threads=threads), \
                    Service("--body-memory", "64GiB", "--max-linger", "1GiB", "--linger-timeout", "60",
                            "--threads", threads) as s:
                self.lives(s)
                files = descriptors(s)
                before = set_soft(s, resource.RLIMIT_AS, memory(s, "VmSize") + (150 << 20))
                clients = [s.client(60) for _ in range(24)]
                answers = []
                # All but a bit: what is held is held at the same time.
                begin = post("/messages", "text/plain", b"x" * (size - 1), length=size)

                def post_all(c):
                    try:
                        c.send(begin)
                        sent.wait()
                        c.send(b"y")
                        answers.append(c.response()[0])
                    except (OSError, AssertionError) as e:
                        answers.append(repr(e))
                        sent.abort()

                sent = threading.Barrier(len(clients))
                posting = [threading.Thread(target=self.quietly(post_all), args=(c,)) for c in clients]
                for t in posting:
                    t.start()
                for t in posting:
                    t.join(120)
                self.assertIsNone(s.process.poll(), s.output())
                for c in clients:
                    c.close()
                self.assertEqual(len(answers), len(clients), answers)
                self.assertEqual(set(answers) - {200, 500, 503}, set())
                self.assertTrue({500, 503} & set(answers), "the limit did not hold: %r" % answers)
                eventually(lambda: descriptors(s) <= files, "descriptors are back at %d" % files)
                self.lives(s)  # within the same limit
                set_soft(s, resource.RLIMIT_AS, before)
                for _ in range(3):
                    status, _, body = s.ask(post("/messages", "text/plain", b"x" * size), 60)
                    self.assertEqual((status, len(body)), (200, size + len("Text Message: ")))

    def quietly(self, function):
        def call(*arguments):
            try:
                function(*arguments)
            except threading.BrokenBarrierError:
                pass
        return call

    @unittest.skipIf(SANITIZER, "a sanitizer needs its address space")
    def test_without_memory_for_connections_it_neither_ends_nor_spins(self):
        """1,000 connections with the beginning of a header each, and memory for some of them. What fails first depends
        on how much there is."""
        for room in range(256, 1537, 128):
            with self.subTest(room=room), Service("--threads", "1") as s:
                self.lives(s)
                files = descriptors(s)
                set_soft(s, resource.RLIMIT_AS, memory(s, "VmSize") + (room << 10))
                clients = []
                for n in range(1000):
                    try:
                        c = s.client()
                        clients.append(c)
                        c.send(b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 3000)
                    except ConnectionError:  # one that no memory was left for may be closed
                        self.assertIsNone(s.process.poll(), "at connection %d: %s" % (n, s.output()))
                spent, begun = cpu_seconds(s), time.monotonic()
                while time.monotonic() - begun < 1:
                    self.assertIsNone(s.process.poll(), s.output())
                    time.sleep(0.1)
                self.assertLess(cpu_seconds(s) - spent, 0.7)
                for c in clients:
                    c.reset()
                eventually(lambda: descriptors(s) <= files or s.process.poll(), "descriptors are back at %d" % files)
                self.lives(s)


class Resets(Faults):
    def test_a_reset_after_any_byte_of_a_request_is_survived_and_leaves_nothing(self):
        requests = [HELLO, post("/messages", "text/plain", b"hello"),
                    post("/messages", "application/octet-stream", b"hello"),
                    post("/files", "multipart/form-data; boundary=b",
                         b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n1\r\n--b--\r\n'),
                    post_chunked("/messages", "text/plain", chunk(b"hello", b";a=b"), b"0\r\nA: b\r\n\r\n")]
        with Service() as s:
            for raw in requests:
                self.assertEqual(s.ask(raw)[0], 200)
            files, bytes_before = descriptors(s), memory(s)
            pause = random.Random(1)
            for raw in requests:
                for n in range(len(raw) + 1):
                    c = s.client()
                    c.send(raw[:n])
                    if n == len(raw) and pause.random() < 0.5:
                        c.response()
                    elif pause.random() < 0.5:
                        time.sleep(0.001)  # so that some are seen before their reset, and some are not
                    c.reset()
            self.flat(s, files, bytes_before)
            self.lives(s)
            eventually(lambda: not [n for n in os.listdir(s.folder) if n.startswith(".phial-upload-")], "no upload is left")

    def test_a_reset_in_the_middle_of_a_large_response_is_survived_and_leaves_nothing(self):
        with Service() as s:
            raw = post("/messages", "text/plain", b"x" * 4_000_000)
            self.assertEqual(s.ask(raw)[0], 200)
            files, bytes_before = descriptors(s), memory(s)
            for n in range(40):
                c = s.client()
                c.send(raw)
                c.read(n * n * 100 + 1)
                c.reset()
            self.flat(s, files, bytes_before, 32 << 20)
            self.lives(s)

    def test_a_reset_among_pipelined_requests_is_survived_and_leaves_nothing(self):
        with Service() as s:
            self.lives(s)
            files, bytes_before = descriptors(s), memory(s)
            for n in range(100):
                c = s.client()
                c.send(HELLO * (1 + n * 5))
                c.read(1 + n * 7)
                c.reset()
            self.flat(s, files, bytes_before)
            self.lives(s)

    def test_a_reset_in_the_backlog_is_survived(self):
        with Service("--threads", "1") as s:
            self.lives(s)
            files = descriptors(s)
            s.stop(signal.SIGSTOP)
            clients = [s.client() for _ in range(50)]
            for n, c in enumerate(clients):
                c.send(HELLO)
                if n % 2:
                    c.reset()
            s.stop(signal.SIGCONT)
            for c in clients[::2]:
                self.assertEqual(c.response()[2], ANSWER)
                c.close()
            eventually(lambda: descriptors(s) <= files, "descriptors are back at %d" % files)
            self.lives(s)


class Garbage(Faults):
    def test_random_bytes_are_refused_or_dropped(self):
        chance = random.Random(7)
        begins = [b"", b"", b"GET ", b"GET / HTTP/1.1\r\n", get("/", "X: y")[:-2],
                  post_chunked("/messages", "text/plain"), post_chunked("/messages", "application/octet-stream"),
                  post("/files", "multipart/form-data; boundary=b", b"--b\r\n", length=100_000),
                  post("/messages", "application/json", length=1000)]
        with Service() as s:
            self.lives(s)
            files, bytes_before = descriptors(s), memory(s)
            for n in range(200):
                raw = begins[n % len(begins)] + chance.randbytes(chance.choice((1, 20, 300, 5000, 100_000)))
                answer = s.exchange(raw, half_close=True)
                self.assertTrue(answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5")), (n, answer[:300]))
                self.assertFalse(answer.startswith(b"HTTP/1.1 500 "), (n, answer[:300]))
            self.flat(s, files, bytes_before)
            self.lives(s)
            s.stop()
            self.assertEqual(s.process.wait(30), 0)
            self.assertNotIn(b"Exception on", s.read("app.log"))
            for line in s.read("app.log").splitlines():  # nothing of it is in the log as it came
                self.assertRegex(line, rb"\A20\d\d-[0-9T:.-]+Z [a-z]+ +[\x20-\x7e]*\Z")


class Halts(Faults):
    def test_what_waits_while_the_process_is_halted_gets_its_response_when_it_goes_on(self):
        """signal(7): system calls may end with EINTR even without a handler."""
        for threads in ("1", "2"):
            with self.subTest(threads=threads), Service("--threads", threads) as s:
                kept = [s.client() for _ in range(10)]
                for c in kept:
                    self.served(c)
                bodies = [s.client() for _ in range(10)]
                for c in bodies:
                    c.send(post("/messages", "text/plain", b"", "Expect: 100-continue", length=5))
                    self.assertEqual(c.head()[0], 100)
                for _ in range(10):
                    s.stop(signal.SIGSTOP)
                    new = [s.client() for _ in range(5)]
                    for c in kept + new:
                        c.send(HELLO)
                    s.stop(signal.SIGCONT)
                    for c in kept + new:
                        self.assertEqual(c.response()[2], ANSWER)
                    for c in new:
                        c.close()
                s.stop(signal.SIGSTOP)
                for c in bodies:
                    c.send(b"hello")
                s.stop(signal.SIGCONT)
                for c in bodies:
                    self.assertEqual(c.response()[2], b"Text Message: hello")
                for c in kept + bodies:
                    c.close()

    def test_a_large_transfer_survives_being_halted_again_and_again(self):
        size = 8_000_000
        with Service() as s, s.client(60) as c:
            over = threading.Event()

            def halt():
                while not over.is_set():
                    s.stop(signal.SIGSTOP)
                    time.sleep(0.002)
                    s.stop(signal.SIGCONT)
                    time.sleep(0.002)

            halting = threading.Thread(target=halt)
            halting.start()
            try:
                for _ in range(3):
                    c.send(post("/messages", "text/plain", b"x" * size))
                    self.assertEqual(len(c.response()[2]), size + len("Text Message: "))
                    c.send(post("/messages", "application/octet-stream", b"x" * size))
                    self.assertEqual(c.response()[0], 200)
            finally:
                over.set()
                halting.join()


if __name__ == "__main__":
    unittest.main(verbosity=2)
