"""Where a network cuts a request decides nothing: it is answered with the status that it has in one piece."""
import socket
import time
import unittest

from phial import Service, post, post_chunked, run_concurrently

LARGE = b"7fffffffff"  # more than any body may have
FIELD = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
FORM = "multipart/form-data; boundary=b"
CUT = {
    "a size that is too large, and its line malformed": (400, LARGE + b"\r\xff\xff"),
    "a size that is too large, and its extension malformed": (400, LARGE + b";\x01\r\n"),
    "a size that is too large, and white space behind it": (400, LARGE + b" \r\nhello"),
    "a size that is too large": (413, LARGE + b"\r\n\xff\xff"),
    "a size that is too large, and an extension": (413, LARGE + b";a=b\r\n\xff\xff"),
    "a size that is too large behind a chunk": (413, b"5\r\nhello\r\n" + LARGE + b"\r\nx"),
    "a chunk that does not end": (400, b"5\r\nhelloX\r\n" + LARGE + b"\r\n"),
    "a size of too many digits": (400, b"0" * 17 + b"5\r\nhello\r\n0\r\n\r\n"),
    "a trailer without a colon": (400, b"5\r\nhello\r\n0\r\nX-A\r\n\r\n"),
    "trailers that are too large": (431, b"5\r\nhello\r\n0\r\nX-A: " + b"x" * 120 + b"\x01\r\n\r\n"),
    "a control character in a trailer": (400, b"5\r\nhello\r\n0\r\nX-A: \x01" + b"x" * 120 + b"\r\n\r\n"),
    "an extension that is too long": (400, b"5;" + b"x" * 60 + b"\r\nhello\r\n0\r\n\r\n"),
    "a body that is good": (200, b"5;a=b\r\nhello\r\n0\r\nX-A: b\r\n\r\n"),
}
CUT_FORMS = {
    "a part's header that is too large, and malformed": (413, b"--b\r\n" + b"x" * 80 + b"\r\n\r\n"),
    "a part's header that is malformed, and too large": (400, b"--b\r\nx\r\n" + b"x" * 80 + b"\r\n\r\n"),
    "a part's header with LF only, and too large": (400, b"--b\r\nx: y\n" + b"x" * 80 + b"\r\n\r\n"),
    "too many parts, the last one malformed": (413, FIELD * 3 + b"--b\r\nx\r\n\r\n--b--\r\n"),
    "a malformed part, and too many": (400, FIELD + b"--b\r\nx\r\n\r\n" + FIELD * 2 + b"--b--\r\n"),
    "a form without its end": (400, FIELD + b"--b\r\n"),
    "a form that is good": (200, FIELD * 2 + b"--b--\r\n"),
}

LINE = b"GET /" + b"x" * 300
HEADS = {
    "a malformed line": (400, b"GET / H\r\n\r\n"),
    "a line that is too long": (414, LINE + b" HTTP/1.1\r\nHost: a\r\n\r\n"),
    "a line that is too long, and malformed behind that": (414, LINE + b"\x01 HTTP/1.1\r\nHost: a\r\n\r\n"),
    "a line that is malformed, and too long": (400, b"GET /\x01" + LINE + b"HTTP/1.1\r\nHost: a\r\n\r\n"),
    "a method without an end": (501, b"G" * 300),
    "another version": (505, b"GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
    "another version, and the line malformed": (400, b"GET / HTTP/2.0\nHost: a\n\n"),
    "a header that is too large": (431, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 600 + b"\r\n\r\n"),
    "one that is too large, and malformed behind that": (431, b"GET / HTTP/1.1\r\nX: " + b"x" * 600 + b"\x01\r\n\r\n"),
    "one that is malformed, and too large": (400, b"GET / HTTP/1.1\r\nX: \x01" + b"x" * 600 + b"\r\n\r\n"),
}


class EachCut(unittest.TestCase):
    def statuses(self, s, raw):
        """Of all requests that these bytes are when they come in two pieces, by where they are cut."""
        clients = [s.client() for _ in range(len(raw))]
        for at, c in enumerate(clients):
            c.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            c.send(raw[:at])
        time.sleep(0.1)  # so that most of them have been looked at
        found = []
        for at, c in enumerate(clients):
            try:
                c.send(raw[at:])
                c.socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it was refused before
            found.append(c.head()[0])
            c.close()
        return found

    def test_of_a_chunked_body(self):
        with Service("--upload-limit", "1000", "--max-trailers", "100", "--max-chunk-line", "50") as s:
            for path in ("/messages", "/echo"):
                for what, (status, body) in CUT.items():
                    with self.subTest(what, path=path):
                        # Nobody reads the body of the second: it is too large or broken, whatever else it is.
                        expected = 400 if path == "/echo" and status not in (200, 413) else status
                        found = self.statuses(s, post_chunked(path, "text/plain", body))
                        self.assertEqual(set(found), {expected}, found)

    def test_of_a_header(self):
        with Service("--max-request-line", "256", "--max-head", "512") as s:
            for what, (status, raw) in HEADS.items():
                with self.subTest(what):
                    found = self.statuses(s, raw)
                    self.assertEqual(set(found), {status}, found)

    def test_of_a_form(self):
        with Service("--max-part-head", "64", "--max-parts", "3") as s:
            for what, (status, body) in CUT_FORMS.items():
                with self.subTest(what):
                    found = self.statuses(s, post("/files", FORM, body))
                    self.assertEqual(set(found), {status}, found)


if __name__ == "__main__":
    run_concurrently()
