"""What tests of bounds share."""
import socket
import unittest

from phial import get

BOUNDARY = "multipart/form-data; boundary=b"


def part(disposition, content=b"", *lines):
    head = ["--b", "Content-Disposition: form-data; " + disposition, *lines, "", ""]
    return "\r\n".join(head).encode() + content + b"\r\n"


def parts(*each):
    return b"".join(each) + b"--b--\r\n"


class BoundsTest(unittest.TestCase):
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
