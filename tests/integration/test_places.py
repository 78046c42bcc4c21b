"""The places for connections and requests, and what those get for whom there is none."""
import json
import os
import re
import resource
import signal
import socket
import unittest
import urllib.request

from phial import Service, eventually, get, post, post_chunked, receive_all
from bounds import BoundsTest


class Places(BoundsTest):
    def test_a_connection_above_the_bound_gets_503_with_retry_after_and_its_end_without_asking(self):
        """RFC 9110 15.6.4. It is never left to wait, and its place is free again when another one ends."""
        for threads in ("1", "2"):
            with self.subTest(threads=threads), \
                    Service("--max-connections", "4", "--max-connections-per-client", "4", "--threads", threads) as s:
                kept = [s.client() for _ in range(4)]
                for c in kept:
                    c.send(get("/"))
                    self.assertEqual(c.response()[0], 200)  # so it has its place
                for behind in (b"", get("/"), get("/")[:10], post("/messages", "text/plain", b"x" * 100_000)):
                    with s.client() as c:
                        try:
                            c.send(behind)
                        except ConnectionError:
                            self.fail("reset before its answer")
                        status, head, body = c.response()
                        self.assertEqual(status, 503)
                        self.assertRegex(head, r"\r\nRetry-After: [1-9]\d*\r\n")
                        self.assertIn("\r\nConnection: close\r\n", head)
                        self.assertEqual(json.loads(body)["status"], 503)
                        self.assertEqual(c.rest(), b"")
                for c in kept:  # they have not suffered
                    c.send(get("/"))
                    self.assertEqual(c.response()[0], 200)
                kept.pop().close()
                eventually(lambda: s.ask(get("/"))[0] == 200, "the place is free")
                for c in kept:
                    c.close()

    def test_connections_that_never_ask_count_too(self):
        with Service("--max-connections", "3", "--max-connections-per-client", "3", "--threads", "1") as s:
            kept = [s.client() for _ in range(3)]  # one loop accepts in order
            with s.client() as c:
                self.assertEqual(c.response()[0], 503)
            kept[0].close()
            eventually(lambda: s.ask(get("/"))[0] == 200, "the place is free")
            for c in kept:
                c.close()

    def test_one_client_may_have_half_of_the_connections_and_others_come_in(self):
        with Service("--max-connections", "6", "--threads", "2", "--ops-port", "0") as s:
            kept = [s.client() for _ in range(3)]
            for c in kept:
                c.send(get("/"))
                self.assertEqual(c.response()[0], 200)
            for _ in range(5):
                with s.client() as c:
                    status, head, _ = c.response()
                    self.assertEqual(status, 503)
                    self.assertRegex(head, r"\r\nRetry-After: [1-9]\d*\r\n")
                    self.assertIn("\r\nConnection: close\r\n", head)
            with s.client(source="127.0.0.2") as c:
                c.send(get("/"))
                self.assertEqual(c.response()[0], 200)
            s.wait_for_record("warning client 127.0.0.1 has 3 connections, the most it may have; more get 503 "
                              "(--max-connections-per-client)")
            ops = next(line for line in s.first_lines if line.startswith("ops on "))[len("ops on "):]
            with urllib.request.urlopen(ops + "/metrics", timeout=10) as answer:
                self.assertIn("\nphial_client_refusals_total 5\n", answer.read().decode())
            kept.pop().close()
            eventually(lambda: s.ask(get("/"))[0] == 200, "the place is free")
            self.assertEqual(s.read("app.log").count(b"--max-connections-per-client"), 1)
            for c in kept:
                c.close()

    def test_proxies_that_are_named_have_no_separate_bound(self):
        with Service("--max-connections", "8", "--trusted-proxies", "127.0.0.1") as s:
            kept = [s.client() for _ in range(8)]
            for c in kept:
                c.send(get("/"))
                self.assertEqual(c.response()[0], 200)
                c.close()

    def test_a_flood_of_connections_above_the_bound_leaves_none_waiting(self):
        with Service("--max-connections", "1", "--threads", "2") as s, s.client() as kept:
            kept.send(get("/"))
            self.assertEqual(kept.response()[0], 200)
            flood = [s.client() for _ in range(800)]
            told = 0
            for c in flood:
                try:
                    answer = c.rest()
                except ConnectionError:
                    answer = b""  # closed without a word: allowed when there are so many
                self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 503 "), answer)
                told += answer != b""
            self.assertGreater(told, 100)
            kept.send(get("/"))
            self.assertEqual(kept.response()[0], 200)
            for c in flood:
                c.close()
            kept.close()
            eventually(lambda: s.ask(get("/"))[0] == 200, "the place is free")

    def test_connections_above_the_bound_leave_the_files_that_the_others_need(self):
        """Those who are told that there is no room are bounded for the whole process, however long they stay."""
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))

        for places in (4, 160):
            flags = ("--threads", "2", "--ops-port", "0", "--max-connections", str(places),
                     "--max-connections-per-client", str(places))
            with self.subTest(places=places), Service(*flags, before=few) as s:
                ops = next(line for line in s.first_lines if line.startswith("ops on ")).split()[-1]
                kept = [s.client() for _ in range(places)]
                for c in kept:
                    c.send(get("/"))
                    self.assertEqual(c.response()[0], 200)
                outside = [s.client() for _ in range(400)]
                self.assertLess(len(os.listdir("/proc/%d/fd" % s.process.pid)), 256 - 32)
                for _ in range(3):
                    with urllib.request.urlopen(ops + "/livez", timeout=10) as answer:
                        self.assertEqual(answer.status, 200)
                self.check(kept[0], post("/messages", "application/octet-stream", b"x" * 1000), 200)
                answers = [receive_all(c.socket) for c in outside]
                self.assertGreater(sum(a.startswith(b"HTTP/1.1 503 ") for a in answers), 3)
                for c in kept + outside:
                    c.close()

    def test_requests_above_the_bound_get_503_with_retry_after_and_their_connections_go_on(self):
        """RFC 9110 15.6.4. What is at work at once: uploads that all come while the process is halted."""
        upload = post("/messages", "application/octet-stream", b"x" * 1000)
        for threads in ("1", "2"):
            with self.subTest(threads=threads), Service("--max-requests", "2", "--threads", threads) as s:
                clients = [s.client() for _ in range(50)]
                for c in clients:
                    self.check(c, get("/"), 200)
                s.stop(signal.SIGSTOP)
                for c in clients:
                    c.send(upload)
                s.stop(signal.SIGCONT)
                answers = [c.response()[:2] for c in clients]
                refused = [head for status, head in answers if status == 503]
                self.assertEqual({status for status, _ in answers}, {200, 503})
                self.assertGreater(len(refused), 10)
                for head in refused:
                    self.assertRegex(head, r"\r\nRetry-After: [1-9]\d*\r\n")
                    self.assertNotIn("Connection: close", head)
                for c in clients:  # one after the other there is room
                    self.check(c, upload, 200)
                    c.close()

    def test_waiting_for_slow_clients_takes_no_place_of_a_request(self):
        for threads in ("1", "2"):
            with self.subTest(threads=threads), Service("--max-requests", "1", "--threads", threads) as s:
                slow = [s.client() for _ in range(20)]
                for c in slow:
                    c.send(post("/messages", "text/plain", b"", "Expect: 100-continue", length=5))
                    self.assertEqual(c.head()[0], 100)  # so its handler waits for the body
                for _ in range(20):
                    self.assertEqual(s.ask(get("/"))[0], 200)
                for c in slow:
                    self.check(c, b"hello", 200, says=b"hello")
                    c.close()

    def test_places_for_requests_are_free_again_however_requests_end(self):
        with Service("--max-requests", "2", "--max-body", "1000") as s:
            for raw in (post("/messages", "text/plain", b"x", length=5), post("/messages", "text/plain", b"x" * 2000),
                        post("/nowhere", "text/plain", b"x"), get("/debug/error"), get("/nowhere"), b"none\r\n\r\n",
                        post_chunked("/messages", "text/plain", b"x\r\n"), post("/messages", "text/plain", b"\xff")):
                for _ in range(5):
                    with s.client() as c:
                        c.send(raw)
                        c.socket.shutdown(socket.SHUT_WR)
                        self.assertNotIn(b" 503 ", c.rest())
            self.assertEqual(s.ask(get("/"))[0], 200)

    def test_what_was_refused_for_lack_of_room_is_counted_in_the_log(self):
        with Service("--max-connections", "1", "--threads", "1") as s, s.client() as kept:
            for _ in range(3):
                self.assertEqual(s.ask(b"")[0], 503)
            kept.send(get("/", "Connection: close"))
            self.assertEqual(kept.response()[0], 200)
            s.wait_for_record("overload: ")
            s.stop()
            self.assertEqual(s.process.wait(30), 0)
            self.assertIn(b"503: 3;", s.read("app.log"))
            counted = re.findall(rb"overload: (\d+) responses of 503", s.read("app.log"))
            self.assertEqual(sum(map(int, counted)), 3, counted)  # a record a second


if __name__ == "__main__":
    unittest.main(verbosity=2)
