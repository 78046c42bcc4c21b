"""Every time a client may take: just within it works, beyond it ends as it should, and nobody else notices."""
import re
import select
import socket
import threading
import time
import unittest

from phial import Client, Service, chunk, eventually, get, post, post_chunked, run_concurrently

# Times are kept by a tick a second: they end up to two seconds late, and a slow build may add one.
LATE = 3


def drip(c, pieces, every):
    """Sends piece after piece until all are sent or the service says something or closes; whether all were sent."""
    for piece in pieces:
        if select.select([c.socket], [], [], every)[0]:
            return False
        c.send(piece)
    return True


def send_steadily(c, body, rate):
    """Sends a body at so many bytes a second until it is sent or the service says something; whether all was sent."""
    begun = time.monotonic()
    sent = 0
    while sent < len(body):
        if select.select([c.socket], [], [], 0.05)[0]:
            return False
        due = min(int((time.monotonic() - begun) * rate), len(body))
        c.send(body[sent:due])
        sent = due
    return True


def reader(s, size, receive_buffer):
    """A client that is sent an answer of so many bytes and has taken nothing of it yet."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.settimeout(20)
    raw.connect((s.host, s.port))
    raw.sendall(post("/messages", "text/plain", b"x" * size))
    select.select([raw], [], [], 20)
    return Client(raw)


def take_steadily(c, rate, seconds):
    """Takes an answer at so many bytes a second for a time or to its end: (bytes taken, whether it was cut off)."""
    begun = time.monotonic()
    taken = 0
    while time.monotonic() - begun < seconds:
        due = int((time.monotonic() - begun) * rate)
        try:
            while taken < due:
                more = len(c.socket.recv(due - taken))
                if more == 0:
                    return taken, False
                taken += more
        except ConnectionResetError:
            return taken, True
        except TimeoutError:
            return taken, False
        time.sleep(0.02)
    return taken, False


def is_reset(c):
    """Whether the connection was reset; takes nothing of what has come."""
    p = select.poll()
    p.register(c.socket, 0)
    return any(events & (select.POLLERR | select.POLLHUP) for _, events in p.poll(0))


class Clock:
    """What happens within `with Clock(self, 2, 5):` takes two to five seconds."""

    def __init__(self, test, least, most):
        self.test, self.least, self.most = test, least, most

    def __enter__(self):
        self.begun = time.monotonic()

    def __exit__(self, *failure):
        took = time.monotonic() - self.begun
        if failure[0] is None:
            self.test.assertGreaterEqual(took, self.least)
            self.test.assertLessEqual(took, self.most)


class Heads(unittest.TestCase):
    def refused(self, c, seconds=1):
        status, head, body = c.response()
        self.assertEqual(status, 408)
        self.assertIn(b"Request Timeout: the header took longer than %d s." % seconds, body)
        self.assertIn("\r\nConnection: close\r\n", head)
        self.assertEqual(c.rest(), b"")

    def test_a_header_has_to_be_whole_in_time_however_steadily_it_drips(self):
        """RFC 9110 15.5.9. The time runs from its first byte."""
        with Service("--head-timeout", "2") as s, s.client() as c, Clock(self, 1.9, 2 + LATE):
            self.assertFalse(drip(c, [b"%c" % b for b in get("/", "X: " + "x" * 1000)], 0.2))
            self.refused(c, 2)

    def test_a_header_that_stops_coming_is_408(self):
        with Service("--head-timeout", "1") as s:
            for begin in (b"G", b"\r\n", get("/")[:-1]):
                with s.client() as c, Clock(self, 0.9, 1 + LATE):
                    c.send(begin)
                    self.refused(c)

    def test_a_header_after_a_response_has_the_same_time(self):
        with Service("--head-timeout", "1") as s, s.client() as c, Clock(self, 0.9, 1 + LATE):
            c.send(get("/") + get("/")[:10])
            self.assertEqual(c.response()[0], 200)
            self.refused(c)

    def test_a_slow_header_within_its_time_is_served_and_so_is_the_next_one(self):
        with Service("--head-timeout", "4") as s, s.client() as c:
            raw = get("/")
            for _ in range(2):
                self.assertTrue(drip(c, [b"%c" % b for b in raw], 2 / len(raw)))
                self.assertEqual(c.response()[0], 200)

    def test_waiting_before_a_header_is_not_its_time(self):
        with Service("--head-timeout", "1") as s, s.client() as c:
            for _ in range(2):
                self.assertEqual(select.select([c.socket], [], [], 3.5)[0], [])  # nothing comes, nothing ends
                c.send(get("/"))
                self.assertEqual(c.response()[0], 200)


class Idleness(unittest.TestCase):
    def test_an_idle_connection_is_closed_without_a_word(self):
        """RFC 9112 9.5."""
        with Service("--idle-timeout", "1") as s, s.client() as new, s.client() as used:
            with Clock(self, 0.9, 1 + LATE):
                used.send(get("/"))
                self.assertEqual(used.response()[0], 200)
                self.assertEqual(used.rest(), b"")
            self.assertEqual(new.rest(), b"")

    def test_each_request_restarts_the_time(self):
        with Service("--idle-timeout", "2") as s, s.client() as c:
            for _ in range(6):
                self.assertEqual(select.select([c.socket], [], [], 0.8)[0], [])
                c.send(get("/"))
                self.assertEqual(c.response()[0], 200)

    def test_a_request_under_way_is_not_idleness(self):
        with Service("--idle-timeout", "1") as s, s.client() as c:
            c.send(post("/messages", "text/plain", length=5))
            self.assertTrue(drip(c, [b"%c" % b for b in b"hello"], 0.8))
            self.assertEqual(c.response()[2], b"Text Message: hello")


class Bodies(unittest.TestCase):
    def refused(self, c, rate=240):
        status, head, body = c.response()
        self.assertEqual(status, 408)
        self.assertIn(b"The body came more slowly than %d bytes a second." % rate, body)
        self.assertIn("\r\nConnection: close\r\n", head)
        self.assertEqual(c.rest(), b"")

    def test_a_steady_body_above_the_rate_is_accepted(self):
        """300 bytes a second, the defaults being 240 after 5 seconds."""
        with Service() as s, s.client() as c:
            body = b"x" * 2700
            c.send(post("/messages", "text/plain", length=len(body)))
            self.assertTrue(send_steadily(c, body, 300))
            self.assertEqual(c.response()[2], b"Text Message: " + body)

    def test_a_steady_body_below_the_rate_is_408(self):
        """RFC 9110 15.5.9. 50 bytes a second."""
        with Service() as s, s.client() as c, Clock(self, 5, 9 + 1):
            c.send(post("/messages", "text/plain", length=5000))
            self.assertFalse(send_steadily(c, b"x" * 5000, 50))
            self.refused(c)

    def test_a_body_that_does_not_come_is_408(self):
        with Service() as s, s.client() as c, Clock(self, 5, 9 + 1):
            c.send(post("/messages", "text/plain", length=5))
            self.refused(c)

    def test_a_pause_within_a_fast_body_is_forgiven(self):
        with Service() as s, s.client() as c:
            c.send(post("/messages", "text/plain", b"x" * 100_000, length=200_000))
            self.assertEqual(select.select([c.socket], [], [], 4)[0], [])
            c.send(b"x" * 50_000)
            self.assertEqual(select.select([c.socket], [], [], 4)[0], [])
            c.send(b"x" * 50_000)
            self.assertEqual(len(c.response()[2]), 200_014)

    def test_a_pause_before_a_body_is_forgiven(self):
        with Service() as s, s.client() as c:
            c.send(post("/messages", "text/plain", b"", "Expect: 100-continue", length=5))
            self.assertEqual(c.head()[0], 100)
            self.assertEqual(select.select([c.socket], [], [], 4)[0], [])
            c.send(b"hello")
            self.assertEqual(c.response()[0], 200)

    def test_the_rate_and_the_grace_are_what_their_flags_say(self):
        with Service("--min-rate", "2000", "--body-grace", "1") as s:
            with s.client() as c:
                c.send(post("/messages", "text/plain", length=20_000))
                self.assertTrue(send_steadily(c, b"x" * 20_000, 4000))
                self.assertEqual(c.response()[0], 200)
            with s.client() as c, Clock(self, 0.9, 2 + LATE):
                c.send(post("/messages", "text/plain", length=20_000))
                self.assertFalse(send_steadily(c, b"x" * 20_000, 1000))
                self.refused(c, 2000)

    def test_the_rate_holds_for_every_kind_of_body(self):
        with Service("--min-rate", "2000", "--body-grace", "1") as s:
            multipart = "multipart/form-data; boundary=b"
            file = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
            slow = [post("/messages", "application/octet-stream", length=20_000),
                    post("/messages", "application/json", b"[1,", length=20_000),
                    post("/files", multipart, file, length=20_000),
                    post_chunked("/messages", "text/plain", chunk(b"x")),
                    post_chunked("/messages", "application/octet-stream", b"5")]
            with Clock(self, 0.9, 2 + LATE):
                clients = [s.client() for _ in slow]
                for c, raw in zip(clients, slow):
                    c.send(raw)
                for c in clients:
                    self.refused(c, 2000)
                    c.close()
            self.assertEqual(s.ask(get("/"))[0], 200)

    def test_a_body_that_is_dropped_is_not_waited_for_longer(self):
        """RFC 9112 9.3. The answer to a refused request came before."""
        with Service("--min-rate", "2000", "--body-grace", "1") as s, s.client() as c:
            c.send(post("/nowhere", "text/plain", length=20_000))
            with Clock(self, 0, 1):
                self.assertEqual(c.response()[0], 404)
            with Clock(self, 0.9, 2 + LATE):
                self.assertEqual(c.rest(), b"")

    def test_without_a_rate_a_body_may_take_its_time(self):
        with Service("--min-rate", "0", "--body-grace", "0") as s, s.client() as c:
            c.send(post("/messages", "text/plain", length=5))
            self.assertTrue(drip(c, [b"%c" % b for b in b"hello"], 1.5))
            self.assertEqual(c.response()[2], b"Text Message: hello")

    def test_waiting_for_the_body_is_not_the_time_of_the_handler(self):
        with Service("--handler-timeout", "1") as s, s.client() as c:
            c.send(post("/messages", "text/plain", length=5))
            self.assertTrue(drip(c, [b"%c" % b for b in b"hello"], 0.9))
            self.assertEqual(c.response()[2], b"Text Message: hello")


class Readers(unittest.TestCase):
    def test_a_client_that_takes_nothing_of_its_response_is_cut_off(self):
        with Service("--write-timeout", "2") as s, reader(s, 8_000_000, 4096) as c, Clock(self, 1.5, 2 + 2 + LATE):
            eventually(lambda: is_reset(c), "it is cut off", 15)

    def test_a_client_that_takes_its_response_below_the_rate_is_cut_off(self):
        with Service("--write-timeout", "2", "--min-rate", "100000") as s, reader(s, 8_000_000, 4096) as c, \
                Clock(self, 1.5, 2 + 2 + LATE):
            taken, cut_off = take_steadily(c, 10_000, 15)
            self.assertTrue(cut_off, taken)

    def test_a_client_that_takes_its_response_slowly_but_above_the_rate_gets_all_of_it(self):
        with Service("--write-timeout", "2", "--min-rate", "5000") as s, reader(s, 900_000, 65_536) as c:
            taken, cut_off = take_steadily(c, 100_000, 8)
            self.assertFalse(cut_off)
            self.assertGreater(taken, 500_000)
            while taken < 900_014:
                more = len(c.socket.recv(1 << 20))
                self.assertGreater(more, 0)
                taken += more

    def test_a_client_that_takes_its_response_far_above_the_rate_gets_all_of_it(self):
        """4 MB a second of 500 KB asked for: what is taken between two looks at the clock counts as well."""
        with Service("--write-timeout", "1", "--min-rate", "500000", "--max-body", "64MiB") as s, \
                reader(s, 30_000_000, 262_144) as c:
            taken, cut_off = take_steadily(c, 4_000_000, 15)
            self.assertFalse(cut_off)
            self.assertGreater(taken, 30_000_000)

    def test_a_client_that_pipelines_and_takes_nothing_is_cut_off(self):
        with Service("--write-timeout", "2") as s, s.client() as c, Clock(self, 1.5, 4 + LATE):
            begun = time.monotonic()
            try:
                while time.monotonic() - begun < 15:
                    c.send(get("/") * 1000)
                self.fail("it was not cut off")
            except ConnectionError:
                pass


class Lingering(unittest.TestCase):
    def send_until_reset(self, c, piece, every, seconds):
        """Sends on behind the end of the answer: how much went until the service closed."""
        begun, sent = time.monotonic(), 0
        try:
            while time.monotonic() - begun < seconds:
                c.send(piece)
                sent += len(piece)
                time.sleep(every)
        except ConnectionError:
            return sent
        self.fail("after %d s it still reads" % seconds)

    def test_reading_on_after_a_refusal_ends_by_time(self):
        """RFC 9112 9.6: for a time, so that the client can read the answer."""
        with Service("--linger-timeout", "2", "--linger-time", "5") as s, s.client() as c:
            c.send(b"no request\r\n\r\n")
            self.assertEqual(c.response()[0], 400)
            with Clock(self, 4.5, 5 + LATE):
                self.assertEqual(c.rest(), b"")  # it says no more at once, but reads
                self.send_until_reset(c, b"x", 0.05, 15)

    def test_reading_on_after_a_refusal_ends_when_the_client_stalls(self):
        with Service("--linger-timeout", "1", "--linger-time", "60", "--max-connections", "1") as s, s.client() as c:
            c.send(b"no request\r\n\r\n")
            self.assertEqual(c.response()[0], 400)
            eventually(lambda: s.ask(get("/"))[0] == 200, "its place is free")

    def test_a_refused_body_may_take_longer_than_the_client_may_stall(self):
        """A slow uplink, and the answer is read when all is sent, as http.client and httpx do."""
        with Service("--linger-timeout", "2") as s, s.client() as c:
            c.send(b"PUT /messages HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n")
            for _ in range(80):
                time.sleep(0.1)
                c.send(b"x" * 100_000)
            self.assertEqual(c.response()[0], 405)
            self.assertEqual(c.rest(), b"")

    def test_a_refused_body_of_any_size_is_read_to_its_end(self):
        with Service() as s:
            for fields in ("Content-Length: 100000000", "Transfer-Encoding: chunked"):
                with self.subTest(fields), s.client() as c:
                    c.send(b"PUT /messages HTTP/1.1\r\nHost: a\r\n%b\r\n\r\n" % fields.encode())
                    for _ in range(100):
                        c.send(chunk(b"x" * 1_000_000) if "chunked" in fields else b"x" * 1_000_000)
                    self.assertEqual(c.response()[0], 405)
                    self.assertEqual(c.rest(), b"")

    def test_a_client_that_is_lingered_for_does_not_keep_a_service_that_stops(self):
        with Service("--linger-timeout", "2", "--linger-time", "3600", "--drain-timeout", "3600") as s, s.client() as c:
            c.send(b"no request\r\n\r\n")
            self.assertEqual(c.response()[0], 400)
            s.stop()
            self.send_until_reset(c, b"x", 0.05, 30)
            self.assertEqual(s.process.wait(30), 0)

    def test_reading_on_after_a_refusal_ends_by_size(self):
        with Service("--linger-timeout", "60", "--linger-time", "60", "--max-linger", "1000000") as s, s.client() as c:
            c.send(b"no request\r\n\r\n")
            self.assertEqual(c.response()[0], 400)
            with Clock(self, 0, 10):
                sent = self.send_until_reset(c, b"x" * 10_000, 0, 15)
            self.assertGreaterEqual(sent, 1_000_000)
            self.assertLess(sent, 1_000_000 + 32_000_000)  # and what fits between us

    def test_a_client_that_closes_is_not_waited_for(self):
        with Service("--linger-timeout", "60", "--max-connections", "1") as s:
            c = s.client()
            c.send(b"no request\r\n\r\n")
            self.assertEqual(c.response()[0], 400)
            c.close()
            eventually(lambda: s.ask(get("/"))[0] == 200, "its place is free", 5)


class Others(unittest.TestCase):
    def test_slow_clients_of_all_kinds_delay_nobody_and_are_counted(self):
        with Service("--threads", "1", "--head-timeout", "2", "--min-rate", "240", "--body-grace", "2",
                     "--write-timeout", "2", "--linger-timeout", "2") as s:
            heads = [s.client() for _ in range(20)]
            bodies = [s.client() for _ in range(20)]
            readers = [reader(s, 8_000_000, 4096) for _ in range(3)]
            for c in heads:
                c.send(b"GET / HTTP/1.1\r\nHost:")
            for c in bodies:
                c.send(post("/messages", "text/plain", b"x", length=5))
            ended = threading.Event()
            times = []

            def others():
                with s.client() as kept:
                    while not ended.is_set():
                        begun = time.monotonic()
                        kept.send(get("/"))
                        assert kept.response()[0] == 200
                        assert s.ask(get("/articles/1"))[0] == 200
                        times.append(time.monotonic() - begun)
                        ended.wait(0.02)

            watch = threading.Thread(target=others)
            watch.start()
            try:
                for c in heads + bodies:
                    self.assertEqual(c.response()[0], 408)
                for c in readers:
                    eventually(lambda c=c: is_reset(c), "it is cut off", 15)
            finally:
                ended.set()
                watch.join()
            for c in heads + bodies + readers:
                c.close()
            self.assertGreater(len(times), 50)
            self.assertLess(max(times), 1)
            s.stop()
            self.assertEqual(s.process.wait(30), 0)
            counted = re.search(rb"cut off for slowness: (.*)", s.read("app.log"))[1]
            self.assertEqual(counted, b"20 heads, 20 bodies, 3 readers, 0 handlers")


if __name__ == "__main__":
    run_concurrently()
