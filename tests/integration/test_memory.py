"""The memory for all bodies together: what counts, and when it is free again."""
import select
import unittest

from phial import Service, chunk, eventually, get, post, post_chunked
from bounds import BOUNDARY, BoundsTest, part, parts


class Memory(BoundsTest):
    def wait_until_full(self, s):
        """Until there is no room for a little more. It is only announced, so that asking takes no memory from others."""
        def is_full():
            with s.client() as c:
                c.send(post("/messages", "text/plain", b"", "Expect: 100-continue", length=1000))
                return c.head()[0] == 503
        eventually(is_full, "memory is used up")

    def test_bodies_that_would_pass_the_memory_for_all_are_503_with_retry_after_until_it_is_free_again(self):
        """RFC 9110 15.6.4, 10.2.3."""
        half = 32 * 1024
        for threads in ("1", "2"):
            with self.subTest(threads=threads), Service("--body-memory", "64KiB", "--threads", threads) as s:
                slow = [s.client() for _ in range(2)]
                for c in slow:
                    c.send(post("/messages", "text/plain", b"x" * (half - 1), length=half))
                self.wait_until_full(s)
                more = b"x" * 1000
                with s.client() as third:
                    third.send(post("/messages", "text/plain", length=half))  # its body is not waited for
                    status, head, _ = third.response()
                    self.assertEqual(status, 503)
                    self.assertRegex(head, r"\r\nRetry-After: [1-9]\d*\r\n")
                    self.assertNotIn("Connection: close", head)
                    self.check(third, b"x" * half + get("/"), 200)
                    # What is not held needs no room.
                    self.check(third, post("/messages", "application/octet-stream", b"x" * 100_000), 200)
                    self.check(third, post_chunked("/messages", "text/plain", chunk(more), chunk(b"")), 503)
                    self.check(third, post("/files", BOUNDARY, parts(part('name="a"', more))), 503)
                    self.check(slow[0], b"y", 200, says=b"xy")
                    eventually(lambda: s.ask(post("/messages", "text/plain", b"x" * half))[0] == 200, "memory is free")
                    self.check(slow[1], b"z", 200, says=b"xz")
                    eventually(lambda: s.ask(post("/messages", "text/plain", b"x" * 2 * half))[0] == 200, "all is free")
                for c in slow:
                    c.close()

    def test_memory_is_free_again_when_a_client_breaks_off(self):
        with Service("--body-memory", "64KiB") as s:
            with s.client() as c:
                c.send(post("/messages", "text/plain", b"x" * 65_535, length=65_536))
                self.wait_until_full(s)
            eventually(lambda: s.ask(post("/messages", "text/plain", b"x" * 65_536))[0] == 200, "memory is free")

    def test_a_body_larger_than_all_the_memory_is_413_at_once(self):
        """RFC 9110 15.5.14: it can never be answered, so it need not come again."""
        with Service("--body-memory", "64KiB") as s:
            with s.client() as c:
                self.check(c, post("/messages", "text/plain", b"x" * 65_536), 200)
                c.send(post("/messages", "text/plain", length=65_537))
                status, head, _ = c.response()
                self.assertEqual(status, 413)
                self.assertNotIn("\r\nRetry-After: ", head)
            with s.client() as c:
                self.check(c, post("/messages", "text/plain", b"", "Expect: 100-continue", length=65_537), 413,
                           goes_on=False)
            with s.client() as c:  # chunked: as soon as it has come
                c.send(post_chunked("/messages", "text/plain", chunk(b"x" * 70_000)))
                self.assertEqual(c.response()[0], 413)

    def test_what_is_made_of_a_body_counts_like_the_body(self):
        form = "application/x-www-form-urlencoded"
        hostile = [
            ("JSON of characters that are escaped", post("/messages", "application/json", b'"' + b"\x7f" * 60_000 + b'"')),
            ("a form of bytes that are not UTF-8", post("/files", form, b"a=" + b"\xff" * 100_000)),
            ("a form of control characters", post("/files", form, b"a=" + b"\1" * 150_000)),
            ("a field of bytes that are not UTF-8", post("/files", BOUNDARY, parts(part('name="a"', b"\xff" * 60_000)))),
            ("many fields", post("/files", BOUNDARY, parts(*[part('name="%s"' % ("\\\"" * 500), b"")] * 900))),
        ]
        with Service("--body-memory", "256KiB", "--log-level", "warning") as s:
            for what, request in hostile:
                with self.subTest(what), s.client() as c, s.client() as other:
                    c.send(request)  # fields are worked on as they come, so the body may not have come to its end
                    self.assertEqual(c.response()[0], 413)
                    whole = post("/messages", "text/plain", b"x" * 256 * 1024)
                    self.check(other, whole, 200)  # all of it is free again
            with s.client() as c:
                self.check(c, post("/messages", "application/json", b'"' + b"x" * 60_000 + b'"'), 200)
                self.check(c, post("/files", form, b"a=" + b"x" * 60_000), 200)

    def test_the_pairs_of_a_form_are_bounded_like_parts(self):
        with Service("--max-parts", "3") as s, s.client() as c:
            form = "application/x-www-form-urlencoded"
            self.check(c, post("/files", form, b"a=1&b&c"), 200)
            self.check(c, post("/files", form, b"a=1&b&c&d"), 413)
            self.check(c, post("/files", form, b"&&a=1&&b&&c&&"), 200)

    def test_a_response_that_is_held_gives_its_memory_back_as_the_client_takes_it(self):
        size = 8 << 20
        with Service("--body-memory", "8MiB") as s, s.client() as slow:
            slow.send(post("/messages", "text/plain", b"x" * size))
            slow.head()
            another = post("/messages", "text/plain", b"y" * (2 << 20))
            self.assertEqual(s.ask(another)[0], 503)
            for _ in range(size * 3 // 4 // 65536):  # so much is not held any more
                slow.read(65536)
            eventually(lambda: s.ask(another)[0] == 200, "what was taken is free")

    def test_what_is_held_may_not_be_held_for_long(self):
        """The least rate grows with what is held: 12 MiB in 4 s are 3 MB a second."""
        size = 12 << 20
        with Service("--max-hold", "4s", "--body-grace", "1s", "--write-timeout", "1s") as s:
            with s.client() as response, s.client() as body, s.client() as fast:
                response.send(post("/messages", "text/plain", b"x" * size))
                response.head()  # and no more is read
                body.send(post("/messages", "text/plain", b"x" * (size - 100_000), length=size))
                for _ in range(60):  # above --min-rate, and below what 12 MiB ask for
                    if select.select([body.socket], [], [], 0.5)[0]:
                        break
                    body.send(b"x" * 300)
                self.assertEqual(body.response()[0], 408)
                self.check(fast, post("/messages", "text/plain", b"x" * size), 200)
                # (The client sees that it was cut off only after all that had been sent; the access record says it.)
                s.wait_for_record("incomplete=1", 30)
                with self.assertRaises(ConnectionError):
                    response.rest()

    def test_announcing_a_body_takes_no_memory(self):
        with Service("--body-memory", "64KiB") as s:
            announcing = [s.client() for _ in range(5)]
            for c in announcing:
                c.send(post("/messages", "text/plain", b"", "Expect: 100-continue", length=60_000))
                self.assertEqual(c.head()[0], 100)  # so its handler waits for the body
            self.assertEqual(s.ask(post("/messages", "text/plain", b"x" * 60_000))[0], 200)
            for c in announcing:
                c.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
