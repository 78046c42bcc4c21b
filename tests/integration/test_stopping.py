"""The end: what is under way is answered, what waits is answered, nothing is reset, and the process ends in time."""
import os
import random
import select
import signal
import socket
import threading
import time
import unittest

from phial import Service, eventually, get, post, run_concurrently
from failing_calls import failing_for, needs_numbers

HELLO = get("/hello?name=x")
ANSWER = b"Hello x"
STOPPING = "finishing the requests under way"


def body_under_way(s, length=5, *lines):
    """A client whose handler runs and waits for its body."""
    c = s.client()
    c.send(post("/messages", "text/plain", b"", "Expect: 100-continue", *lines, length=length))
    status, head = c.head()
    assert status == 100, head
    return c


def kept_alive(s):
    """A client that had its first answer."""
    c = s.client()
    c.send(HELLO)
    status, head, body = c.response()
    assert (status, body) == (200, ANSWER) and "Connection: close" not in head, head
    return c


def stalled_reader(s):
    """A client that asked for much and takes nothing of it."""
    with socket.socket() as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.settimeout(20)
        raw.connect((s.host, s.port))
        stalled = raw.dup()
    stalled.settimeout(20)
    stalled.sendall(post("/messages", "text/plain", b"x" * 8_000_000))
    select.select([stalled], [], [], 20)  # the answer has begun, so all of the body is there
    return stalled


def padded(size, make):
    """A message of so many bytes, by a line more."""
    return make("X: " + "x" * (size - len(make("X: "))))


def threads_of(s):
    return len(os.listdir("/proc/%d/task" % s.process.pid))


class Stopping(unittest.TestCase):
    def stop(self, s):
        s.stop()
        s.wait_for_record(STOPPING)

    def ended(self, s, within=20, code=0):
        self.assertEqual(s.process.wait(within), code)
        last = s.read("app.log").splitlines()[-1]
        if code == 0:
            self.assertRegex(last, rb" info +ended: \d+ requests on \d+ connections; 503: \d+; cut off for slowness: ")

    def test_a_request_under_way_is_completed_as_the_last_of_its_connection(self):
        """RFC 9112 9.6."""
        for threads in ("1", "2"):
            with self.subTest(threads=threads), Service("--threads", threads) as s, body_under_way(s) as c:
                self.stop(s)
                for byte in (b"h", b"e", b"l", b"l", b"o"):
                    self.assertIsNone(s.process.poll())
                    c.send(byte)
                status, head, body = c.response()
                self.assertEqual((status, body), (200, b"Text Message: hello"))
                self.assertIn("\r\nConnection: close\r\n", head)
                self.assertEqual(c.rest(), b"")
                self.ended(s)

    def test_an_upload_under_way_is_written(self):
        with Service() as s, s.client() as c:
            c.send(post("/messages", "application/octet-stream", b"", "Expect: 100-continue", length=3_000_000))
            self.assertEqual(c.head()[0], 100)
            self.stop(s)
            c.send(b"x" * 3_000_000)
            self.assertEqual(c.response()[2], b"Binary message written!")
            self.ended(s)
            self.assertEqual(s.read("binary"), b"x" * 3_000_000)

    def test_a_large_response_under_way_is_written_to_its_end(self):
        with Service() as s, stalled_reader(s) as c:
            self.stop(s)
            c.settimeout(20)
            answer = b""
            while more := c.recv(1 << 20):
                answer += more
            self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer[:300])
            self.assertTrue(answer.endswith(b"\r\n\r\nText Message: " + b"x" * 8_000_000))
            self.ended(s)

    def test_idle_connections_are_closed(self):
        for threads in ("1", "2"):
            with self.subTest(threads=threads), Service("--threads", threads) as s:
                idle = [kept_alive(s) for _ in range(10)]
                s.stop()
                for c in idle:
                    self.assertEqual(c.rest(), b"")
                    c.close()
                self.ended(s, within=5)

    def test_a_connection_that_never_asked_has_a_moment_for_its_first_request_and_no_more(self):
        with Service() as s, s.client() as asks, s.client() as never:
            with kept_alive(s):  # a connection accepted later, so those are accepted (one loop) or soon are
                self.stop(s)
            asks.send(HELLO)
            status, head, body = asks.response()
            self.assertEqual((status, body), (200, ANSWER))
            self.assertIn("\r\nConnection: close\r\n", head)
            self.assertEqual(never.rest(), b"")
            self.ended(s)

    def test_a_header_under_way_may_still_come(self):
        with Service("--threads", "1") as s, s.client() as c:
            c.send(HELLO[:20])
            kept_alive(s).close()
            self.stop(s)
            c.send(HELLO[20:])
            self.assertEqual(c.response()[2], ANSWER)
            self.ended(s)

    def test_for_the_drain_delay_connections_are_accepted_and_every_response_is_the_last_of_its_connection(self):
        """So that a load balancer has the time to look elsewhere; RFC 9112 9.6."""
        for threads in ("1", "2"):
            with self.subTest(threads=threads), Service("--drain-delay", "3", "--threads", threads) as s:
                idle = [kept_alive(s) for _ in range(4)]
                begun = time.monotonic()
                self.stop(s)
                asked = 0
                while time.monotonic() - begun < 2:
                    status, head, body = s.ask(HELLO)
                    self.assertEqual((status, body), (200, ANSWER))
                    self.assertIn("\r\nConnection: close\r\n", head)
                    asked += 1
                self.assertGreater(asked, 10)
                for c in idle:  # they were not closed yet
                    c.send(HELLO)
                    status, head, body = c.response()
                    self.assertEqual((status, body), (200, ANSWER))
                    self.assertIn("\r\nConnection: close\r\n", head)
                    self.assertEqual(c.rest(), b"")
                    c.close()
                self.assertIsNone(s.process.poll())
                self.ended(s)
                self.assertGreaterEqual(time.monotonic() - begun, 3)

    def test_no_connection_that_was_made_is_reset_or_left_without_a_response_by_one_thread(self):
        self.burst("1", range(15))

    def test_no_connection_that_was_made_is_reset_or_left_without_a_response_by_two_threads(self):
        self.burst("2", range(15, 30))

    def burst(self, threads, rounds):
        """Each time 50 connections with a request each, SIGTERM somewhere among them."""
        for n in rounds:
            chance = random.Random(n)
            with self.subTest(n), Service("--threads", threads) as s:
                at = chance.randrange(50)
                made, refused = [], 0
                for i in range(50):
                    if i == at:
                        s.stop()
                    try:
                        c = s.client()
                    except ConnectionRefusedError:
                        refused += 1
                        continue
                    made.append(c)
                    c.send(HELLO)
                for c in made:
                    status, head, body = c.response()  # ConnectionResetError or "closed before" is the failure
                    self.assertEqual((status, body), (200, ANSWER))
                    c.close()
                self.assertGreaterEqual(len(made), at)
                self.ended(s)

    def test_a_burst_that_waits_in_the_backlog_gets_its_responses(self):
        """The process is halted, so that 50 connections wait unseen when it gets to know SIGTERM."""
        for threads in ("1", "2"):
            for n in range(3):
                with self.subTest(threads=threads, n=n), Service("--threads", threads) as s:
                    s.stop(signal.SIGSTOP)
                    waiting = [s.client() for _ in range(50)]
                    for c in waiting:
                        c.send(HELLO)
                    s.stop()
                    s.stop(signal.SIGCONT)
                    for c in waiting:
                        status, _, body = c.response()
                        self.assertEqual((status, body), (200, ANSWER))
                        c.close()
                    self.ended(s)

    def pipeline(self, request, count, *lines):
        """`count` requests are sent with the body of one under way."""
        with Service("--threads", "1") as s, body_under_way(s, 5, *lines) as c:
            self.stop(s)
            sender = threading.Thread(target=c.send, args=(b"hello" + request * count,))
            sender.start()
            self.assertEqual(c.response()[2], b"Text Message: hello")
            for n in range(count):
                status, head, body = c.response()
                self.assertEqual((status, body), (200, ANSWER), n)
                self.assertEqual("\r\nConnection: close\r\n" in head, n == count - 1, (n, head))
            sender.join()
            self.assertEqual(c.rest(), b"")
            self.ended(s)

    def test_pipelined_requests_that_were_sent_all_get_a_response_and_the_last_one_says_close(self):
        """RFC 9112 9.6: nothing behind an answer with close is processed, so only the last may say it."""
        self.pipeline(HELLO, 100)

    def test_pipelined_requests_of_more_than_a_buffer_all_get_a_response(self):
        """The buffer of 64 KiB ends between two requests of 64 bytes each, and more are there."""
        request = padded(64, lambda x: get("/hello?name=x", x))
        waiting = "/messages", "text/plain", b"", "Expect: 100-continue"
        first = padded(192 - 5, lambda x: post(*waiting, x, length=5))
        pad = first.split(b"\r\n")[-3].decode()
        self.assertEqual((len(request), (len(first) + 5) % 64), (64, 0))
        for _ in range(5):
            self.pipeline(request, 4000, pad)

    def test_no_request_that_was_accepted_is_lost_under_a_steady_load(self):
        """With the time to look elsewhere, a client that heeds Connection: close sees no failure at all."""
        with Service("--threads", "2", "--drain-delay", "2") as s:
            failures, answered = [], []
            stopped = threading.Event()

            def load(requests_each):
                while True:
                    try:
                        c = s.client()
                    except ConnectionRefusedError:
                        if not stopped.is_set():
                            failures.append("refused before the end")
                        return
                    with c:
                        for n in range(requests_each):
                            try:
                                c.send(HELLO)
                                status, head, body = c.response()
                            except (AssertionError, OSError) as e:
                                failures.append((n, repr(e)))
                                return
                            if (status, body) != (200, ANSWER):
                                failures.append((status, body))
                                return
                            answered.append(stopped.is_set())
                            if "Connection: close" in head:
                                break

            clients = [threading.Thread(target=load, args=(n,)) for n in (1, 1, 10_000_000, 10_000_000, 3, 30)]
            for t in clients:
                t.start()
            eventually(lambda: len(answered) > 300, "a load")
            stopped.set()
            s.stop()
            for t in clients:
                t.join(60)
            self.assertEqual(failures, [])
            self.assertTrue(any(answered))
            self.ended(s)

    def test_a_handshake_that_begins_at_the_end_is_left_to_the_process_that_listens_then(self):
        self.check_the_last_handshake(None)

    @needs_numbers
    def test_so_it_is_where_socket_filters_are_forbidden(self):
        setsockopt, attach_filter, EPERM = 54, 26, 1
        self.check_the_last_handshake(failing_for(setsockopt, attach_filter, EPERM))

    def check_the_last_handshake(self, before):
        """Its SYN is dropped, and TCP sends it again after a second; nobody listens then, here."""
        with Service("--threads", "1", before=before) as s:
            with body_under_way(s) as c:
                s.stop()
                for _ in range(100_000):
                    begun = time.monotonic()
                    try:
                        s.client().close()
                    except ConnectionRefusedError:
                        break
                self.assertGreater(time.monotonic() - begun, 0.5)
                c.send(b"hello")
                self.assertEqual(c.response()[0], 200)
            self.ended(s)

    def test_what_is_left_of_one_thread_at_the_drain_timeout_gets_503_and_the_process_ends_with_0(self):
        self.left_at_the_drain_timeout("1")

    def test_what_is_left_of_two_threads_at_the_drain_timeout_gets_503_and_the_process_ends_with_0(self):
        self.left_at_the_drain_timeout("2")

    def left_at_the_drain_timeout(self, threads):
        """RFC 9110 15.6.4. A body that is not there, of a handler that holds it, streams it, or parses it."""
        for drain in ("0", "1"):
            with self.subTest(drain=drain), Service("--drain-timeout", drain, "--threads", threads) as s:
                left = []
                for media_type in ("text/plain", "application/octet-stream", "application/json"):
                    for _ in range(2):
                        left.append(s.client())
                        left[-1].send(post("/messages", media_type, b"", "Expect: 100-continue", length=5))
                        self.assertEqual(left[-1].head()[0], 100)
                begun = time.monotonic()
                self.stop(s)
                for c in left:
                    status, head, _ = c.response()
                    self.assertEqual(status, 503)
                    self.assertIn("\r\nConnection: close\r\n", head)
                    self.assertEqual(c.rest(), b"")
                self.ended(s)
                self.assertLess(time.monotonic() - begun, 10)
                for c in left:
                    c.close()
                self.assertEqual([n for n in os.listdir(s.folder) if n == "binary" or n.startswith(".")], [])

    def test_a_header_that_is_left_at_the_drain_timeout_is_let_go(self):
        with Service("--drain-timeout", "1") as s, s.client() as c:
            c.send(HELLO[:20])
            kept_alive(s).close()
            self.stop(s)
            answer = c.rest()
            self.assertTrue(answer == b"" or answer.startswith((b"HTTP/1.1 408 ", b"HTTP/1.1 503 ")), answer)
            self.ended(s)

    def test_clients_that_do_not_close_or_read_do_not_keep_a_process_of_one_thread(self):
        self.keeping("1")

    def test_clients_that_do_not_close_or_read_do_not_keep_a_process_of_two_threads(self):
        self.keeping("2")

    def keeping(self, threads):
        for drain in ("0", "1"):
            with self.subTest(drain=drain), Service("--drain-timeout", drain, "--threads", threads) as s:
                left = [stalled_reader(s) for _ in range(2)] + [body_under_way(s, 1_000_000) for _ in range(3)]
                lingering = s.client()
                lingering.send(b"no request\r\n\r\n")
                self.assertEqual(lingering.head()[0], 400)
                begun = time.monotonic()
                self.stop(s)
                self.ended(s)
                self.assertLess(time.monotonic() - begun, 10)
                for c in [*left, lingering]:
                    c.close()

    def test_a_client_that_keeps_sending_requests_does_not_keep_the_process(self):
        with Service("--drain-timeout", "1", "--threads", "1") as s, kept_alive(s) as c:
            over = threading.Event()

            def send():
                try:
                    while not over.is_set():
                        c.send(HELLO * 100)
                except OSError:
                    pass

            def receive():
                try:
                    while c.socket.recv(1 << 16):
                        pass
                except OSError:
                    pass

            busy = [threading.Thread(target=send), threading.Thread(target=receive)]
            for t in busy:
                t.start()
            begun = time.monotonic()
            s.stop()
            try:
                self.ended(s)
                self.assertLess(time.monotonic() - begun, 10)
            finally:
                over.set()
                for t in busy:
                    t.join()

    def test_a_second_signal_ends_the_process_at_once(self):
        """The status is the shell's for a signal: 128 and its number."""
        for first, second, code in ((signal.SIGTERM, signal.SIGTERM, 143), (signal.SIGINT, signal.SIGINT, 130),
                                    (signal.SIGTERM, signal.SIGINT, 130)):
            with self.subTest(code=code), Service("--drain-timeout", "60") as s, body_under_way(s):
                s.exit_code = code
                s.stop(first)
                s.wait_for_record(STOPPING)
                s.stop(second)
                self.ended(s, within=5, code=code)

    def test_a_second_signal_ends_the_process_when_its_first_thread_has_nothing_left_to_do(self):
        seen = set()
        for _ in range(30):
            with Service("--threads", "2", "--drain-timeout", "60") as s, body_under_way(s):
                s.exit_code = 143
                all_threads = threads_of(s)
                self.stop(s)
                # Thread 2 ends when its loop does. When thread 1's loop ends, that cannot be seen: half a second.
                until = time.monotonic() + 0.5
                while time.monotonic() < until and threads_of(s) == all_threads:
                    time.sleep(0.01)
                seen.add(threads_of(s) == all_threads)
                s.stop()
                self.ended(s, within=5, code=143)
                if seen == {True, False}:
                    return
        self.fail("the connection was always served by the same thread")

    def test_the_port_is_free_at_once_for_the_next_process(self):
        with Service() as s:
            idle = kept_alive(s)
            port = s.port
            s.stop()
            self.ended(s)
            with Service("--port=%d" % port) as again:
                self.assertEqual(again.ask(HELLO)[2], ANSWER)
            idle.close()


if __name__ == "__main__":
    run_concurrently()
