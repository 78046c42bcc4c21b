"""What a route allows instead of the service's settings: .body_limit() and .deadline(), in a service that has such routes."""
import os
import time
import unittest
import urllib.request

from phial import Service, chunk, get, post, post_chunked

SAMPLE = os.environ["PHIAL_SAMPLE"]
LIMIT = 2048


class RouteLimits(unittest.TestCase):
    def test_a_body_has_the_limit_of_its_route(self):
        """RFC 9110 15.5.14. Larger than --max-body, and never larger than --upload-limit."""
        for flags, most in (((), LIMIT), (("--max-body", "1KiB"), LIMIT), (("--upload-limit", "1500"), 1500)):
            with Service("--max-unread-body", "64KiB", *flags, binary=SAMPLE) as s:
                for size, status in ((most, 200), (most + 1, 413)):
                    content = b"x" * size
                    with self.subTest(flags=flags, size=size), s.client() as c:
                        c.send(post("/length", "text/plain", content))
                        self.assertEqual(c.response()[0], status)
                        c.send(get("/raw/x"))  # it goes on
                        self.assertEqual(c.response()[0], 200)
                    chunked = post_chunked("/length", "text/plain", chunk(content[:1000]), chunk(content[1000:]), chunk(b""))
                    with self.subTest(flags=flags, size=size, chunked=True):
                        self.assertEqual(s.ask(chunked)[0], status)

    def test_it_is_looked_at_before_the_body_is_sent(self):
        with Service(binary=SAMPLE) as s:
            for size, first in ((LIMIT, b"100"), (LIMIT + 1, b"413")):
                with self.subTest(size=size), s.connect() as c:
                    c.sendall(post("/length", "text/plain", b"", "Expect: 100-continue", length=size))
                    self.assertEqual(c.recv(65536).split()[1], first)

    def test_a_handler_has_the_time_of_its_route(self):
        with Service("--handler-timeout", "3600", "--ops-port", "0", binary=SAMPLE) as s:
            ops = next(line for line in s.first_lines if line.startswith("ops on "))[len("ops on "):]
            begun = time.monotonic()
            status, head, _ = s.ask(get("/wait"))
            self.assertEqual(status, 503)
            self.assertLess(time.monotonic() - begun, 15)
            with urllib.request.urlopen(ops + "/metrics", timeout=10) as answer:
                self.assertIn('\nsample_cut_off_total{slow="handler"} 1\n', answer.read().decode())


if __name__ == "__main__":
    unittest.main()
