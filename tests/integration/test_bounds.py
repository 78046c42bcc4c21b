"""What a client can make the service hold: each bound is set small by its flag, met exactly, and passed by one."""
import json
import os
import re
import resource
import select
import signal
import socket
import unittest
import urllib.request

from phial import Service, chunk, eventually, get, post, post_chunked, receive_all, run

HERE = os.path.dirname(os.path.abspath(__file__))
BOUNDARY = "multipart/form-data; boundary=b"


def request_line_of(size):
    """A request whose request line, with its CR LF, has so many bytes."""
    frame = "GET /hello?name= HTTP/1.1\r\n"
    return get("/hello?name=" + "x" * (size - len(frame)))


def head_of(size):
    """A request whose header, from its first byte to the empty line, has so many bytes."""
    return get("/", "X: " + "x" * (size - len(get("/", "X: "))))


def part(disposition, content=b"", *lines):
    head = ["--b", "Content-Disposition: form-data; " + disposition, *lines, "", ""]
    return "\r\n".join(head).encode() + content + b"\r\n"


def parts(*each):
    return b"".join(each) + b"--b--\r\n"


class Bounds(unittest.TestCase):
    def check(self, c, raw, status, goes_on=True, says=b""):
        """One answer; then the connection serves the next request, or says it does not and ends without a reset."""
        c.send(raw)
        got, head, body = c.response()
        self.assertEqual(got, status, (raw[:300], head, body[:300]))
        self.assertIn(says, body)
        self.assertEqual("\r\nConnection: close\r\n" not in head, goes_on, (raw[:300], head))
        if goes_on:
            c.send(get("/hello?name=again"))
            got, _, body = c.response()
            self.assertEqual((got, body), (200, b"Hello again"))
        else:
            self.assertEqual(c.rest(), b"")

    def both(self, s, fits, passes, status, goes_on):
        """What fits is answered 200 and the connection goes on; what passes the bound gets `status`. In one piece and
        byte by byte."""
        for cut in (False, True):
            with self.subTest(cut=cut):
                for raw, expected, kept in ((fits, 200, True), (passes, status, goes_on)):
                    with s.client() as c:
                        if cut:
                            c.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                            try:
                                for i in range(len(raw) - 1):
                                    c.send(raw[i:i + 1])
                                raw = raw[-1:]
                            except ConnectionError:
                                raw = b""  # it was refused before its end: the answer is there
                        self.check(c, raw, expected, kept)

    # The header.

    def test_a_request_line_longer_than_its_bound_is_414_and_ends_the_connection(self):
        """RFC 9112 3: 414 for a target longer than the server wishes to parse."""
        with Service("--max-request-line", "256") as s:
            self.both(s, request_line_of(256), request_line_of(257), 414, goes_on=False)
            with s.client() as c:  # it need not end to be too long
                self.check(c, request_line_of(300)[:257], 414, goes_on=False)

    def test_a_header_larger_than_its_bound_is_431_and_ends_the_connection(self):
        """RFC 6585 5."""
        with Service("--max-head", "512", "--max-request-line", "256") as s:
            self.both(s, head_of(512), head_of(513), 431, goes_on=False)
            with s.client() as c:
                self.check(c, head_of(600)[:513], 431, goes_on=False)

    def test_the_largest_bound_of_a_header_can_be_used(self):
        largest = 64 * 1024 - 4096
        with Service("--max-head", str(largest), "--max-request-line", str(largest)) as s:
            for fits, passes, status in ((head_of(largest), head_of(largest + 1), 431),
                                         (request_line_of(largest - 11), request_line_of(largest + 1), 414)):
                with s.client() as c:
                    self.check(c, fits, 200)
                    self.check(c, passes, status, goes_on=False)

    def test_more_header_lines_than_the_bound_are_431_and_end_the_connection(self):
        """RFC 6585 5. Host is one of them."""
        with Service("--max-fields", "8") as s:
            self.both(s, get("/", *["X: y"] * 7), get("/", *["X: y"] * 8), 431, goes_on=False)

    def test_a_refused_header_after_others_does_not_take_their_responses_with_it(self):
        """RFC 9112 9.3.2: pipelined requests are answered in order."""
        with Service("--max-head", "512", "--max-request-line", "256") as s, s.client() as c:
            c.send(get("/hello?name=1") + get("/hello?name=2") + head_of(513) + get("/"))
            self.assertEqual([c.response()[2] for _ in range(2)], [b"Hello 1", b"Hello 2"])
            self.check(c, b"", 431, goes_on=False)

    def test_bounds_that_contradict_each_other_are_refused_at_start(self):
        code, out, err = run("--port", "0", "--max-head", "512")
        self.assertEqual((code, out), (2, ""))
        self.assertIn("--max-request-line", err)

    # The chunked coding. Whether the end of a line counts is the service's business: the bound is met with line ends
    # counted, and passed without.

    def test_a_chunk_line_longer_than_its_bound_is_400_and_ends_the_connection(self):
        """RFC 9112 7.1.1: extensions are limited, and an excess is a 4xx."""
        def line_of(size, end):
            return post_chunked("/messages", "text/plain", chunk(b"x", b";" + b"e" * (size - 2 - end)), chunk(b""))

        with Service("--max-chunk-line", "16") as s:
            self.both(s, line_of(16, end=2), line_of(17, end=0), 400, goes_on=False)
            with s.client() as c:  # for every line separately
                self.check(c, post_chunked("/messages", "text/plain", *[chunk(b"x", b";eeeeeeeeee")] * 20, chunk(b"")),
                           200, says=b"x" * 20)
            with s.client() as c:  # the last one too, and one of zeros only
                last = b"0;" + b"e" * 15 + b"\r\n\r\n"
                self.check(c, post_chunked("/messages", "text/plain", chunk(b"x"), last), 400, goes_on=False)
            with s.client() as c:
                self.check(c, post_chunked("/messages", "text/plain", b"0" * 17), 400, goes_on=False)

    def test_more_chunk_extensions_than_the_bound_are_400_and_end_the_connection(self):
        """RFC 9112 7.1.1: the total length of extensions is limited. Plain chunks have no bound."""
        few = [chunk(b"x", b";eeee=ffff")] * 10  # 100 bytes
        with Service("--max-chunk-extensions", "100") as s:
            self.both(s, post_chunked("/messages", "text/plain", *few, chunk(b"")),
                      post_chunked("/messages", "text/plain", *few, chunk(b"x", b";" + b"e" * 20), chunk(b"")),
                      400, goes_on=False)
            with s.client() as c:
                self.check(c, post_chunked("/messages", "text/plain", *[chunk(b"x")] * 1000, chunk(b"")), 200)
        with Service("--max-chunk-extensions", "0") as s, s.client() as c:
            self.check(c, post_chunked("/messages", "text/plain", chunk(b"x"), chunk(b"")), 200)
            self.check(c, post_chunked("/messages", "text/plain", chunk(b"x", b";e"), chunk(b"")), 400, goes_on=False)

    def test_more_trailers_than_the_bound_are_431_and_end_the_connection(self):
        """RFC 6585 5; RFC 9110 6.5: trailers are fields."""
        def trailers_of(*lines):
            return post_chunked("/messages", "text/plain", chunk(b"x"), b"0\r\n", *lines, b"\r\n")

        with Service("--max-trailers", "64") as s:
            self.both(s, trailers_of(b"A: " + b"b" * 57 + b"\r\n"), trailers_of(b"A: " + b"b" * 62 + b"\r\n"), 431,
                      goes_on=False)
            self.both(s, trailers_of(*[b"A: bcd\r\n"] * 7), trailers_of(*[b"A: bcd\r\n"] * 11), 431, goes_on=False)

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

    # Multipart.

    def test_more_parts_than_the_bound_are_413_and_the_connection_goes_on(self):
        """RFC 9110 15.5.14. Files and fields count alike."""
        with Service("--max-parts", "3") as s, s.client() as c:
            file, field = part('name="f"; filename="f"', b"1"), part('name="a"', b"1")
            self.check(c, post("/files", BOUNDARY, parts(file, field, field)), 200)
            for many in ((file, field, field, field), (field,) * 4, (file,) * 4):
                self.check(c, post("/files", BOUNDARY, parts(*many)), 413)

    def test_a_header_of_a_part_larger_than_its_bound_is_413_and_the_connection_goes_on(self):
        begin = len('Content-Disposition: form-data; name=""\r\n\r\n')
        with Service("--max-part-head", "64") as s, s.client() as c:
            for size, status in ((64, 200), (65, 413)):
                field = part('name="%s"' % ("n" * (size - begin)), b"1")
                self.check(c, post("/files", BOUNDARY, parts(field, field, field)), status)  # for each part separately

    def test_more_lines_in_the_header_of_a_part_than_the_bound_are_413_and_the_connection_goes_on(self):
        with Service("--max-part-lines", "3") as s, s.client() as c:
            for lines, status in ((2, 200), (3, 413)):
                field = part('name="a"', b"1", *["X: y"] * lines)
                self.check(c, post("/files", BOUNDARY, parts(field, field)), status)

    def test_what_a_part_is_called_longer_than_the_bound_is_413_and_the_connection_goes_on(self):
        with Service("--max-part-name", "8") as s, s.client() as c:
            for n, status in ((8, 200), (9, 413)):
                x = "n" * n
                for field in (part('name="%s"' % x, b"1"), part('name="a"; filename="%s"' % x, b"1"),
                              part('name="a"', b"1", "Content-Type: " + x)):
                    self.check(c, post("/files", BOUNDARY, parts(field, field)), status)

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

    # Memory for all bodies together.

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
                # (Whether it was cut off shows only behind what had been sent; the access record says that it was.)
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

    # Connections and requests.

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

    # The tests themselves.

    def test_every_bound_that_help_names_is_tested(self):
        _, out, _ = run("--help")
        bounds = re.findall(r"(?m)^  --(max-[a-z-]+|body-memory|upload-limit) ", out)
        self.assertGreater(len(bounds), 15)
        text = ""
        for name in ("test_bounds.py", "test_rates.py", "test_times.py", "test_stalled.py"):
            with open(os.path.join(HERE, name)) as f:
                text += f.read()
        self.assertEqual([b for b in bounds if '"--%s"' % b not in text], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
