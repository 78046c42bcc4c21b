"""Files as responses (--static-dir): the table of RFC 9110, nginx beside it, and programs that download."""
import email.parser
import email.policy
import gzip
import os
import tempfile
import unittest

from nginx import ABSENT, NGINX, Nginx
from phial import Client, Service
from static_cases import CASES

CHANGED = 784111777
DATES = {"before": "Sun, 06 Nov 1994 08:49:36 GMT", "same": "Sun, 06 Nov 1994 08:49:37 GMT",
         "after": "Sun, 06 Nov 1994 08:49:38 GMT"}
CODE = b"let x = 1;\n" * 50
FILES = {"text.txt": bytes(97 + (i // 7 + i // 100) % 26 for i in range(1000)), "empty.txt": b"", "code.js": CODE,
         "code.js.gz": gzip.compress(CODE, mtime=0), "folder/index.html": b"<p>index\n"}

NGINX_CONFIGURATION = """
    sendfile on;
    types { text/plain txt; text/javascript js; text/html html; }
    server {
        listen {socket};
        location /static/ { alias %s/; gzip_static on; gzip_vary on; }
    }
"""


def make_files(folder):
    for name, content in FILES.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content)
        os.utime(path, (CHANGED, CHANGED))


class Answer:
    def __init__(self, client, method, target, fields):
        lines = ["%s /static/%s HTTP/1.1" % (method, target), "Host: a", *("%s: %s" % field for field in fields)]
        client.send("\r\n".join([*lines, "", ""]).encode("latin-1"))
        self.status, head = client.head()
        self.fields = [line.split(": ", 1) for line in head.split("\r\n")[1:-2] if ": " in line]
        length = self.field("Content-Length")
        has_content = method != "HEAD" and self.status != 304
        self.body = client.read(int(length)) if has_content else b""

    def field(self, name):
        values = [value for known, value in self.fields if known.lower() == name.lower()]
        return ", ".join(values) if values else None

    def parts(self):
        """[(media type, Content-Range, content)] of multipart/byteranges"""
        head = ("Content-Type: %s\r\n\r\n" % self.field("Content-Type")).encode()
        whole = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(head + self.body)
        assert not whole.defects, whole.defects
        return [(p["Content-Type"], p["Content-Range"], p.get_payload(decode=True)) for p in whole.get_payload()]


class Server:
    """Where the cases are sent, and the tags that it gives."""

    def __init__(self, connect):
        self.connect = connect
        self.tags = {}
        for path in ("text.txt", "empty.txt", "code.js"):
            self.tags[path] = self.ask("GET", path, ()).field("ETag")
        self.coded = self.ask("GET", "code.js", (("Accept-Encoding", "gzip"),)).field("ETag")

    def ask(self, method, path, fields):
        with Client(self.connect()) as client:
            return Answer(client, method, path, fields)

    def fill(self, case, value):
        tag = self.tags.get(case.path) or '""'
        return value.format(tag=tag, core=tag.strip('"'), coded=self.coded, **DATES)

    def play(self, case):
        return self.ask(case.method, case.path, [(name, self.fill(case, value)) for name, value in case.fields])


class Static(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = tempfile.TemporaryDirectory(prefix="phial-static-")
        cls.addClassCleanup(cls.files.cleanup)
        os.chmod(cls.files.name, 0o755)
        make_files(cls.files.name)
        cls.service = cls.enterClassContext(Service("--static-dir", cls.files.name))
        cls.phial = Server(cls.service.connect)

    def content(self, case, answer):
        return FILES["code.js.gz" if answer.field("Content-Encoding") else case.path]

    def check_content(self, case, answer):
        whole = self.content(case, answer)
        if isinstance(case.content, slice):
            self.assertEqual(answer.body, whole[case.content])
        else:
            wanted = [("text/plain; charset=utf-8", "bytes %d-%d/%d" % (s.start, s.stop - 1, len(whole)), whole[s])
                      for s in case.content]
            self.assertEqual(answer.parts(), wanted)

    def test_every_case_of_the_table(self):
        self.assertGreaterEqual(len(CASES), 120)
        self.assertEqual(len({(c.path, c.method, c.fields) for c in CASES}), len(CASES))
        for case in CASES:
            with self.subTest(case=case[:3], method=case.method):
                answer = self.phial.play(case)
                self.assertEqual(answer.status, case.status)
                for name, value in case.answer.items():
                    wanted = value and self.phial.fill(case, value)
                    self.assertEqual(answer.field(name), wanted, name)
                if case.content is not None:
                    self.check_content(case, answer)

    def test_tags_are_strong_and_differ(self):
        tags = [*self.phial.tags.values(), self.phial.coded]
        self.assertEqual(len(set(tags)), 4)
        for tag in tags:
            self.assertRegex(tag, r'^"[0-9a-z.-]+"$')
        core = self.phial.tags["code.js"].strip('"')
        self.assertTrue(self.phial.coded.startswith('"%s-gzip.' % core), self.phial.coded)

    def test_nginx_does_the_same_but_for_what_the_table_explains(self):
        if NGINX is None:
            self.skipTest(ABSENT)
        with Nginx(NGINX_CONFIGURATION % self.files.name) as process:
            self.play_nginx(Server(process.connect))

    def play_nginx(self, nginx):
        for case in CASES:
            with self.subTest(case=case[:3], method=case.method):
                answer = nginx.play(case)
                wanted, why = case.nginx or (case.status, "")
                self.assertEqual(answer.status, wanted, why)
                if not why and answer.status in (206, 416) and "Content-Range" in case.answer:
                    self.assertEqual(answer.field("Content-Range"), case.answer["Content-Range"])
                if why and answer.status == case.status:
                    self.assertNotEqual(answer.field("Content-Range"), case.answer["Content-Range"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
