"""Programs that download files (curl, wget), and what happens to a download when its file or its client changes."""
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from phial import Service, eventually, sanitizer

MIB = 1 << 20
LARGE = os.urandom(MIB) * 64


class Downloads(unittest.TestCase):
    def setUp(self):
        self.files = self.folder()
        self.work = self.folder()
        self.service = self.enterContext(Service("--static-dir", self.files, "--ops-port", "0"))
        self.change("data.bin", LARGE[:3 * MIB])

    def folder(self):
        made = tempfile.TemporaryDirectory(prefix="phial-downloads-")
        self.addCleanup(made.cleanup)
        return made.name

    def change(self, name, content, seconds_ago=60):
        path = os.path.join(self.files, name)
        with open(path, "wb") as f:
            f.write(content)
        then = time.time() - seconds_ago
        os.utime(path, (then, then))

    def here(self, name):
        with open(os.path.join(self.work, name), "rb") as f:
            return f.read()

    def curl(self, *flags, status="200"):
        if not shutil.which("curl"):
            self.skipTest("curl is not installed (scripts/setup test does that)")
        done = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "60", "--write-out", "%{http_code}", *flags,
                               self.service.url + "/static/data.bin"], cwd=self.work, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, status), done.stderr)

    def test_curl_continues_a_download(self):
        with open(os.path.join(self.work, "got"), "wb") as f:
            f.write(LARGE[:MIB + 7])
        self.curl("-C", "-", "-o", "got", status="206")
        self.assertEqual(self.here("got"), LARGE[:3 * MIB])

    def test_curl_asks_whether_a_file_is_newer(self):
        self.curl("-o", "got", "-R")
        self.curl("-o", "again", "-z", "got", status="304")
        self.assertFalse(os.path.exists(os.path.join(self.work, "again")) and self.here("again"))
        self.change("data.bin", b"changed", seconds_ago=0)
        self.curl("-o", "again", "-z", "got")
        self.assertEqual(self.here("again"), b"changed")

    def test_curl_compares_entity_tags(self):
        self.curl("-o", "got", "--etag-save", "tag")
        self.curl("-o", "got", "--etag-compare", "tag", "--etag-save", "tag", status="304")
        self.assertEqual(self.here("got"), LARGE[:3 * MIB])
        self.change("data.bin", LARGE[1:3 * MIB + 1])  # of the same size
        self.curl("-o", "got", "--etag-compare", "tag", "--etag-save", "tag")
        self.assertEqual(self.here("got"), LARGE[1:3 * MIB + 1])
        self.curl("-o", "got", "--etag-compare", "tag", status="304")

    def test_curl_asks_for_several_ranges_and_for_a_compressed_file(self):
        self.curl("-o", "got", "-r", "0-4,1000000-1000004", status="206")
        self.assertIn(b"\r\n\r\n" + LARGE[:5] + b"\r\n--", self.here("got"))
        self.assertIn(b"\r\n\r\n" + LARGE[1000000:1000005] + b"\r\n--", self.here("got"))
        if not shutil.which("gzip"):
            self.skipTest("gzip is not installed")
        subprocess.run(["gzip", "-k", os.path.join(self.files, "data.bin")], check=True)
        self.curl("-o", "got", "--compressed", "-D", "head")
        self.assertIn(b"Content-Encoding: gzip", self.here("head"))
        self.assertEqual(self.here("got"), LARGE[:3 * MIB])

    def test_wget_loads_what_is_newer(self):
        if not shutil.which("wget"):
            self.skipTest("wget is not installed (scripts/setup test does that)")

        def wget(*flags):
            done = subprocess.run(["wget", "-N", "-nv", "--timeout=60", *flags, self.service.url + "/static/data.bin"],
                                  cwd=self.work, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stderr
        self.assertIn("data.bin", wget())
        self.assertEqual(self.here("data.bin"), LARGE[:3 * MIB])
        self.assertNotIn("->", wget())  # nothing was saved
        self.change("data.bin", b"changed", seconds_ago=0)
        self.assertIn("->", wget())
        self.assertEqual(self.here("data.bin"), b"changed")
        with open(os.path.join(self.work, "data.bin"), "wb") as f:
            f.write(b"chan")
        done = subprocess.run(["wget", "-c", "-nv", self.service.url + "/static/data.bin"], cwd=self.work,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.here("data.bin"), b"changed")

    def test_a_file_that_shrinks_breaks_the_connection(self):
        self.change("data.bin", LARGE)
        with self.service.connect() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            s.sendall(b"GET /static/data.bin HTTP/1.1\r\nHost: a\r\n\r\n")
            got = s.recv(1000)
            self.assertIn(b"Content-Length: %d" % len(LARGE), got)
            os.truncate(os.path.join(self.files, "data.bin"), MIB)
            size = len(got)
            try:
                while more := s.recv(MIB):
                    size += len(more)
            except ConnectionError:
                pass
        self.assertLess(size, len(LARGE) // 2)
        self.service.wait_for_record("incomplete=1")

    def begin(self):
        """Asks for the file and reads the beginning of its response: (socket, content so far)."""
        s = self.enterContext(self.service.connect())
        s.sendall(b"GET /static/data.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        got = b""
        while b"\r\n\r\n" not in got:
            got += s.recv(1000)
        return s, got.partition(b"\r\n\r\n")[2]

    def rest(self, s):
        pieces = []
        while more := s.recv(MIB):
            pieces.append(more)
        return b"".join(pieces)

    def test_a_file_that_is_replaced_is_sent_to_its_end(self):
        self.change("data.bin", LARGE)
        s, got = self.begin()
        self.change("new", b"new")
        os.replace(os.path.join(self.files, "new"), os.path.join(self.files, "data.bin"))
        self.assertTrue(got + self.rest(s) == LARGE)

    def test_a_growing_file_is_sent_as_long_as_it_was(self):
        self.change("data.bin", LARGE)
        s, got = self.begin()
        with open(os.path.join(self.files, "data.bin"), "ab") as f:
            f.write(b"more")
        self.assertTrue(got + self.rest(s) == LARGE)
        self.assertEqual(self.service.ask(b"GET /static/data.bin HTTP/1.1\r\nHost: a\r\nRange: bytes=-4\r\n\r\n")[2],
                         b"more")

    def test_memory_stays_constant_and_files_are_closed_when_clients_go(self):
        """64 clients that read slowly, each of a file of 64 MiB: a block for each."""
        self.change("data.bin", LARGE)
        pid = self.service.process.pid
        before = self.resident(pid)
        clients = [self.service.client() for _ in range(64)]
        for c in clients:
            c.send(b"GET /static/data.bin HTTP/1.1\r\nHost: a\r\n\r\n")
            c.read(1)
        grown = self.resident(pid) - before
        # With what the connection and the address sanitizer need. The thread sanitizer needs several times as much.
        self.assertLess(grown, 64 * 256 * 1024 * (4 if sanitizer() == "tsan" else 1))
        self.assertEqual(self.open_files(pid), 64)
        for c in clients:
            c.reset()
        eventually(lambda: self.open_files(pid) == 0, "all files are closed")
        self.assertEqual(self.service.ask(b"GET /users/2 HTTP/1.1\r\nHost: a\r\n\r\n")[0], 200)

    def resident(self, pid):
        with open("/proc/%d/status" % pid) as f:
            return int(re.search(r"VmRSS:\s+(\d+) kB", f.read())[1]) * 1024

    def open_files(self, pid):
        folder = "/proc/%d/fd" % pid
        found = 0
        for name in os.listdir(folder):
            try:
                found += os.readlink(os.path.join(folder, name)) == os.path.join(self.files, "data.bin")
            except FileNotFoundError:
                pass  # closed meanwhile
        return found

    def test_many_requests_on_one_connection_are_answered_in_order(self):
        for i in range(50):
            self.change("%d.txt" % i, b"%d " % i * (1 + i * 97))
        with self.service.client() as c:
            c.send(b"".join(b"GET /static/%d.txt HTTP/1.1\r\nHost: a\r\n\r\n" % i for i in range(50)))
            for i in range(50):
                status, _, body = c.response()
                self.assertEqual(status, 200)
                self.assertTrue(body == b"%d " % i * (1 + i * 97))


if __name__ == "__main__":
    unittest.main(verbosity=2)
