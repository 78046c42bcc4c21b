"""Bounds of bodies: each is set small by its flag, met exactly, and passed by one."""
import os
import unittest

from phial import Service, chunk, get, post, post_chunked
from bounds import BOUNDARY, BoundsTest, part, parts


class Bodies(BoundsTest):
    # What is held whole.

    def test_a_body_larger_than_max_body_is_413_and_the_connection_goes_on(self):
        """RFC 9110 15.5.14."""
        with Service("--max-body", "100") as s, s.client() as c:
            for path, media_type, wrapped in (("/messages", "text/plain", b"%s"),
                                              ("/messages", "application/json", b'"%s"'),
                                              ("/files", "application/x-www-form-urlencoded", b"a=%s")):
                fits = wrapped % (b"x" * (100 - len(wrapped) + 2))
                passes = wrapped % (b"x" * (101 - len(wrapped) + 2))
                with self.subTest(media_type):
                    self.check(c, post(path, media_type, fits), 200)
                    self.check(c, post(path, media_type, passes), 413)
                    for body, status in ((fits, 200), (passes, 413)):
                        in_two = chunk(body[:50]), chunk(body[50:]), chunk(b"")
                        self.check(c, post_chunked(path, media_type, *in_two), status)
            self.check(c, post("/messages", "application/octet-stream", b"x" * 1000), 200)  # this is not held

    def test_a_body_larger_than_max_body_is_refused_before_it_is_sent(self):
        """RFC 9110 10.1.1: the client learns it instead of 100 (Continue)."""
        with Service("--max-body", "100") as s:
            with s.client() as c:
                c.send(post("/messages", "text/plain", length=101))
                status, head, _ = c.response()
                self.assertEqual(status, 413)
                self.assertNotIn("Connection: close", head)
                self.check(c, b"x" * 101 + get("/"), 200)
            with s.client() as c:
                self.check(c, post("/messages", "text/plain", b"", "Expect: 100-continue", length=101), 413,
                           goes_on=False)

    def test_the_fields_of_a_multipart_form_are_held_to_max_body_together_and_its_files_are_not(self):
        with Service("--max-body", "100") as s, s.client() as c:
            file = part('name="f"; filename="f"', b"x" * 10_000)
            for sizes, status in (((50, 50), 200), ((100,), 200), ((101,), 413), ((50, 51), 413)):
                fields = [part('name="a"', b"x" * n) for n in sizes]
                self.check(c, post("/files", BOUNDARY, parts(file, *fields)), status)

    def test_json_nested_deeper_than_its_bound_is_400_and_the_connection_goes_on(self):
        """RFC 8259 9: an implementation may set limits on the depth of nesting."""
        with Service("--max-json-depth", "3") as s, s.client() as c:
            for fits, passes in ((b"[[[1]]]", b"[[[[1]]]]"), (b'{"a":{"b":{}}}', b'{"a":{"b":{"c":{}}}}'),
                                 (b'[{"a":[]}]', b'[{"a":[{}]}]')):
                self.check(c, post("/messages", "application/json", fits), 200)
                self.check(c, post("/messages", "application/json", passes), 400)

    # Any body.

    def test_an_upload_announced_larger_than_its_limit_is_413_before_it_is_sent_and_changes_nothing(self):
        """RFC 9110 15.5.14, 10.1.1."""
        with Service("--upload-limit", "1000", "--max-unread-body", "2000") as s:
            with s.client() as c:
                self.check(c, post("/messages", "application/octet-stream", b"1" * 1000), 200)
                c.send(post("/messages", "application/octet-stream", length=1001))
                status, head, _ = c.response()
                self.assertEqual(status, 413)
                self.assertNotIn("Connection: close", head)  # so little is read and dropped
                self.check(c, b"2" * 1001 + get("/"), 200)
            with s.client() as c:  # so much is not
                self.check(c, post("/messages", "application/octet-stream", length=2001), 413, goes_on=False)
            for length in (1001, 1 << 40, (1 << 64) - 1):
                with s.client() as c:  # it is told instead of 100 (Continue)
                    waiting = post("/messages", "application/octet-stream", b"", "Expect: 100-continue", length=length)
                    self.check(c, waiting, 413, goes_on=False)
            self.assertEqual(s.read("binary"), b"1" * 1000)

    def test_a_client_that_sends_all_of_a_refused_upload_before_it_reads_gets_its_response(self):
        """RFC 9112 9.6: closing at once would reset the connection, and the answer with it."""
        with Service("--upload-limit", "1000") as s, s.client() as c:
            self.check(c, post("/messages", "application/octet-stream", b"x" * 4_000_000), 413, goes_on=False)

    def test_a_chunked_upload_that_passes_its_limit_is_413_and_changes_nothing(self):
        with Service("--upload-limit", "1000") as s:
            with s.client() as c:
                fits = [chunk(b"1" * 100)] * 10
                self.check(c, post_chunked("/messages", "application/octet-stream", *fits, chunk(b"")), 200)
                c.send(post_chunked("/messages", "application/octet-stream", *[chunk(b"2" * 100)] * 10))
                self.check(c, chunk(b"2"), 413, goes_on=False)  # without its end
            with s.client() as c:  # a multipart file likewise
                self.check(c, post_chunked("/files", BOUNDARY, chunk(part('name="f"; filename="f"', b"x" * 1000))), 413,
                           goes_on=False)
            self.assertEqual(s.read("binary"), b"1" * 1000)
            s.stop()
            self.assertEqual(s.process.wait(30), 0)
            self.assertEqual([n for n in os.listdir(s.folder) if n.startswith(".")], [])

    def test_a_refused_body_is_read_up_to_its_bound_so_that_the_connection_goes_on(self):
        """RFC 9112 9.3: a server reads the whole body or closes."""
        with Service("--max-unread-body", "100") as s:
            for length, goes_on in ((100, True), (101, False)):
                with s.client() as c:
                    c.send(post("/nowhere", "text/plain", length=length))
                    status, head, _ = c.response()
                    self.assertEqual((status, "Connection: close" not in head), (404, goes_on))
                    if goes_on:
                        self.check(c, b"x" * length + get("/"), 200)
                    else:
                        self.assertEqual(c.rest(), b"")
            for sizes, goes_on in (((60, 40), True), ((60, 41), False)):  # chunked: nobody knows beforehand
                with s.client() as c:
                    c.send(post_chunked("/nowhere", "text/plain"))
                    self.assertEqual(c.response()[0], 404)
                    c.send(b"".join(chunk(b"x" * n) for n in sizes) + chunk(b""))
                    c.send(get("/"))
                    if goes_on:
                        self.assertEqual(c.response()[0], 200)
                    else:
                        self.assertEqual(c.rest(), b"")


if __name__ == "__main__":
    unittest.main(verbosity=2)
