"""What a client can make the service hold: each bound is set small by its flag, met exactly, and passed by one."""
import os
import re
import unittest

from phial import Service, chunk, get, post, post_chunked, run
from bounds import BOUNDARY, BoundsTest, part, parts

HERE = os.path.dirname(os.path.abspath(__file__))


def request_line_of(size):
    """A request whose request line, with its CR LF, has so many bytes."""
    frame = "GET /hello?name= HTTP/1.1\r\n"
    return get("/hello?name=" + "x" * (size - len(frame)))


def head_of(size):
    """A request whose header, from its first byte to the empty line, has so many bytes."""
    return get("/", "X: " + "x" * (size - len(get("/", "X: "))))


class Bounds(BoundsTest):
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

    # The tests themselves.

    def test_every_bound_that_help_names_is_tested(self):
        _, out, _ = run("--help")
        bounds = re.findall(r"(?m)^  --(max-[a-z-]+|body-memory|upload-limit) ", out)
        self.assertGreater(len(bounds), 15)
        text = ""
        for name in ("test_body_bounds.py", "test_bounds.py", "test_memory.py", "test_places.py", "test_rates.py",
                     "test_times.py", "test_stalled.py"):
            with open(os.path.join(HERE, name)) as f:
                text += f.read()
        self.assertEqual([b for b in bounds if '"--%s"' % b not in text], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
