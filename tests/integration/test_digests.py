"""Digests of bodies: what arrives is what was sent."""
import base64
import hashlib
import json
import random
import unittest

from phial import Service, chunk, post, post_chunked
from uploads import HELLO, KIB, OCTETS, RIGHT, RIGHT512, WRITTEN, WRONG, WRONG512, member, none_is_left, upload


class Digests(unittest.TestCase):
    """Repr-Digest and Content-Digest, RFC 9530 2 and 3: dictionaries of byte sequences, RFC 8941 3.2 and 3.3.5."""

    def refused(self, answer, what):
        status, _, body = answer
        self.assertEqual(status, 400, (what, body))
        self.assertIn("message", json.loads(body))

    def all_framings(self, path, media_type, body, *lines):
        yield "length", post(path, media_type, body, *lines)
        yield "chunk", post_chunked(path, media_type, chunk(body), chunk(b""), lines=lines)
        yield "bytes", post_chunked(path, media_type, *[chunk(body[n:n + 1]) for n in range(len(body))], chunk(b""),
                                    lines=lines)

    def test_a_digest_is_verified_of_every_kind_of_body_that_is_read_and_the_connection_goes_on(self):
        form = (b'before\r\n--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n1\r\n'
                b'--b\r\nContent-Disposition: form-data; name="v"\r\n\r\n2\r\n--b--\r\nbehind')
        kinds = (("/messages", OCTETS, HELLO, WRITTEN), ("/messages", "text/plain", HELLO, b"Text Message: hello!"),
                 ("/messages", "application/json", b'{"a":1}', b'JSON Message: {"a": 1}'),
                 ("/files", "multipart/form-data; boundary=b", form, b'"size":1'),
                 ("/files", "application/x-www-form-urlencoded", b"a=b", b'"value":"b"'))
        with Service() as s, s.client() as c:
            for path, media_type, body, says in kinds:
                for algorithm in ("sha-256", "sha-512"):
                    right, wrong = member(algorithm, body), member(algorithm, body + b"x")
                    for field in ("Repr-Digest", "Content-Digest", "repr-digest"):
                        for value, status in ((right, 200), (wrong, 400)):
                            for framing, raw in self.all_framings(path, media_type, body, field + ": " + value):
                                with self.subTest((media_type, field, value, framing)):
                                    c.send(raw)
                                    answer = c.response()
                                    if status == 400:
                                        self.refused(answer, "wrong")
                                    else:
                                        self.assertEqual(answer[0], 200, answer)
                                        self.assertIn(says, answer[2])

    def test_each_byte_counts(self):
        half = 512 * KIB
        content = random.Random(4).randbytes(2 * half + 2)
        for algorithm in ("sha-256", "sha-512"):
            line = "Repr-Digest: " + member(algorithm, content)
            with self.subTest(algorithm), Service() as s, s.client() as c:
                c.send(upload(content, line))
                self.assertEqual(c.response()[0], 200)
                for n in (0, 1, half - 1, half, 2 * half, 2 * half + 1):
                    other = content[:n] + bytes([content[n] ^ 1]) + content[n + 1:]
                    chunks = [chunk(piece) for piece in (other[:n + 1], other[n + 1:]) if piece]
                    for raw in (upload(other, line),
                                post_chunked("/messages", OCTETS, *chunks, chunk(b""), lines=[line])):
                        c.send(raw)
                        self.refused(c.response(), n)
                for shorter in (content[:-1], content[1:], content[:half], b""):
                    c.send(upload(shorter, line))
                    self.refused(c.response(), len(shorter))
                self.assertTrue(s.read("binary") == content)
                none_is_left(s.folder)

    def test_an_empty_body_has_a_digest_too(self):
        right, wrong = "Repr-Digest: " + member("sha-256", b""), "Repr-Digest: " + RIGHT
        with Service() as s:
            for make in (lambda line: upload(b"", line),
                         lambda line: post_chunked("/messages", OCTETS, chunk(b""), lines=[line])):
                self.assertEqual(s.ask(upload(b"old"))[0], 200)
                self.refused(s.ask(make(wrong)), make(wrong))
                self.assertEqual(s.read("binary"), b"old")
                self.assertEqual(s.ask(make(right))[0], 200)
                self.assertEqual(s.read("binary"), b"")

    def check(self, s, lines, status):
        for media_type in (OCTETS, "text/plain"):
            with self.subTest(lines=lines, media_type=media_type):
                self.assertEqual(s.ask(upload(b"old"))[0], 200)
                answer = s.ask(post("/messages", media_type, HELLO, *lines))
                if status == 400:
                    self.refused(answer, lines)
                else:
                    self.assertEqual(answer[0], 200, answer)
                self.assertEqual(s.read("binary"), HELLO if status == 200 and media_type == OCTETS else b"old")

    def test_all_digests_of_a_request_have_to_be_right(self):
        with Service() as s:
            for lines in ([RIGHT + ", " + RIGHT512], [RIGHT, RIGHT512], [RIGHT512 + "," + RIGHT]):
                self.check(s, ["Repr-Digest: " + line for line in lines], 200)
            for first, second in ((RIGHT, WRONG512), (RIGHT512, WRONG), (WRONG, RIGHT512), (WRONG512, RIGHT)):
                self.check(s, ["Repr-Digest: %s, %s" % (first, second)], 400)
                self.check(s, ["Repr-Digest: " + first, "Repr-Digest: " + second], 400)
            for first, second, status in ((RIGHT, RIGHT, 200), (RIGHT, RIGHT512, 200), (RIGHT, WRONG, 400),
                                          (WRONG, RIGHT, 400), (RIGHT512, WRONG, 400), (WRONG512, RIGHT512, 400)):
                self.check(s, ["Repr-Digest: " + first, "Content-Digest: " + second], status)

    def test_of_members_with_the_same_key_the_last_one_counts(self):
        """RFC 8941 3.2, 4.2.2. Lines of one name are one field (4.2)."""
        with Service() as s:
            for values, status in (((WRONG, RIGHT), 200), ((RIGHT, WRONG), 400), ((WRONG, WRONG, RIGHT), 200),
                                   ((WRONG512, RIGHT, RIGHT512), 200), ((RIGHT, "sha-256"), 400),
                                   ((RIGHT, "sha-256=abc"), 400), (("sha-256=abc", RIGHT), 200),
                                   (("sha-256=:AAAA:", RIGHT), 200)):
                self.check(s, ["Content-Digest: " + ", ".join(values)], status)
                self.check(s, ["Content-Digest: " + value for value in values], status)

    def test_other_algorithms_and_parameters_are_ignored(self):
        """RFC 9530 2: a recipient may ignore digests; 5: the registry grows."""
        with Service() as s:
            for value in ("md5=:AAAA:", "unixsum=30637", "a", "a;b=c", "*a=1", "a=1.5", "a=?0", "a=tok/en:x",
                          "sha=:AAAA:", "id-sha-256=:AAAA:", "sha-256-a=:AAAA:", "sha-25=1",
                          'other="x, sha-256=:AAAA:"', 'a=(1 "b" :AA==:;q=0.5 c);x', "a=()", "",
                          RIGHT + ';q=1;x="y"', RIGHT + ";a", RIGHT + "; a=:AAAA:", RIGHT + " ,\tmd5=:AAAA:",
                          "md5=:AAAA:,a," + RIGHT512, "   " + RIGHT + "  "):
                self.check(s, ["Repr-Digest: " + value], 200)
            for value in (WRONG + ';q=1;x="y"', "md5=:AAAA:,a;b=1," + WRONG,
                          'other="x, %s", %s' % (RIGHT, WRONG)):
                self.check(s, ["Repr-Digest: " + value], 400)

    def test_a_field_that_does_not_parse_is_refused(self):
        """RFC 9651 4.2: either the entire field is ignored, or the message is malformed."""
        raw = {"sha-256": hashlib.sha256(HELLO).digest(), "sha-512": hashlib.sha512(HELLO).digest()}
        with Service() as s:
            for key, value in raw.items():
                right = base64.b64encode(value).decode()
                for content in (value[:-1], value + b"\0", value * 2, b"", b"abc"):  # the wrong length
                    self.check(s, ["Repr-Digest: %s=:%s:" % (key, base64.b64encode(content).decode())], 400)
                for text in (right[:-3] + "!!" + right[-1], right + "=", "=" + right, right[:8] + "=" + right[9:],
                             *[right[:9] + junk + right[9 + len(junk):] for junk in (" ", "-_", "\xff")]):
                    self.check(s, ["Repr-Digest: %s=:%s:" % (key, text)], 400)  # no base64
                for text in (right, '"%s"' % right, "abc", "1", "1.5", "?1", "(:%s:)" % right):  # no byte sequence
                    self.check(s, ["Content-Digest: %s=%s" % (key, text)], 400)
                self.check(s, ["Content-Digest: " + key], 400)
            broken = ["," + RIGHT, RIGHT[:-1], RIGHT.replace("=:", "=", 1), RIGHT.replace("=", " =", 1),
                      RIGHT.replace("=", "= ", 1), RIGHT.upper(), RIGHT.capitalize(), "sha-256=", "=:AAAA:", "a=(1 2",
                      "\xff"]
            broken += [RIGHT + tail for tail in (",", ",," + RIGHT512, " " + RIGHT512, ";", ";A=1", ";a=", ", a=\"b",
                                                 ", a=(1", ", a=:AAAA", ", A", ", 1a", ", a=", ", a=?2", ", a=1.",
                                                 ", a=\"\xe4\"")]
            for value in broken:
                self.check(s, ["Repr-Digest: " + value], 400)
            self.check(s, ["Repr-Digest: " + RIGHT, "Content-Digest: a=("], 400)

    def test_a_digest_of_a_body_that_nobody_reads_is_not_looked_at(self):
        with Service() as s:
            status, _, body = s.ask(post("/echo", "text/plain", HELLO, "Repr-Digest: " + WRONG))
            self.assertEqual((status, body), (200, b"ECHO: POST\n"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
