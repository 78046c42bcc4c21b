"""Nothing outside of --static-dir is found: raw paths, symbolic links, links that are swapped under load."""
import ctypes
import itertools
import os
import shutil
import struct
import tempfile
import threading
import time
import unittest

from phial import Service, run

SECRET = b"this is outside"
OPENAT2 = 437  # the same number on every architecture
ENOSYS, EPERM = 38, 1

# What a segment that leads upwards may be written as. Each is tried before, between and behind names.
UPWARDS = ["..", ".", "%2e%2e", "%2E%2E", ".%2e", "%2e.", "%2e", "%252e%252e", "..%00", "%00", "..%2f", "%2f..",
           "..%5c", "..\\", "\\..", "%5c..%5c", "%c0%ae%c0%ae", "%c0%ae.", "%e0%80%ae%e0%80%ae", "%f0%80%80%ae.",
           "%uff0e%uff0e", "%ef%bc%8e%ef%bc%8e", "..;", "..;/", "...", "....", "..%20", "%20..", "..%09", "..%c0%af",
           "%c0%af..", "%ff..", "..%ff", "~", "~root"]
SHAPES = ["{up}/outside", "{up}/{up}/outside", "folder/{up}/{up}/outside", "folder/{up}/{up}/{up}/outside",
          "missing/{up}/{up}/outside", "inside.txt/{up}/{up}/outside", "{up}"]
OTHERS = ["/outside", "//outside", "%2foutside", "%2f%2foutside", "{parent}/outside", "/{parent}/outside",
          "%2f{parent}/outside", "file:///{parent}/outside", "out", "out%00", "out/", "up/outside", "up", "up/",
          "up/%2e/outside", "folder/up/outside", "folder/out", "absolute", "loop", "loop/x", "chain", "chain/outside",
          "in", "in/", "linked", "linked/", "linked/index.html", ".git/config", ".hidden", "folder/.env", ".git",
          "fifo", "fifo/", "socket", "inside.txt%00.html", "inside.txt/", "inside.txt/.", "inside.txt/..", "x" * 256,
          "x" * 3000, "/".join(["a"] * 1500), "folder//inside.txt%00", "proc", "proc/self/environ", "\\outside",
          "C:\\outside", "inside.txt::$DATA", "folder%00/../outside"]


def without_openat2(error):
    """For Service(before=...): openat2 fails, as with a kernel or a filter that does not know it."""
    def install():
        load, equal, give = 0x20, 0x15, 0x06
        code = b"".join(struct.pack("HBBI", *line) for line in (
            (load, 0, 0, 0), (equal, 0, 1, OPENAT2), (give, 0, 0, 0x00050000 | error), (give, 0, 0, 0x7fff0000)))
        kept = ctypes.create_string_buffer(code)

        class Program(ctypes.Structure):
            _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

        libc = ctypes.CDLL(None, use_errno=True)
        program = Program(len(code) // 8, ctypes.addressof(kept))
        if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(program), 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
    return install


class Paths(unittest.TestCase):
    before = None

    def setUp(self):
        self.parent = tempfile.mkdtemp(prefix="phial-paths-")
        self.addCleanup(shutil.rmtree, self.parent)
        self.root = os.path.join(self.parent, "root")
        for folder in ("folder", "target", ".git"):
            os.makedirs(os.path.join(self.root, folder))
        for name in ("inside.txt", "folder/inside.txt", "target/index.html"):
            self.write(name, b"inside")
        for name in ("../outside", ".hidden", "folder/.env", ".git/config"):
            self.write(name, SECRET)
        for name, to in (("out", "../outside"), ("up", ".."), ("folder/up", "../.."), ("folder/out", "../../outside"),
                         ("absolute", os.path.join(self.parent, "outside")), ("loop", "loop"), ("chain", "up"),
                         ("in", "inside.txt"), ("linked", "target"), ("proc", "/proc")):
            os.symlink(to, os.path.join(self.root, name))
        os.mkfifo(os.path.join(self.root, "fifo"))
        self.service = self.enterContext(Service("--static-dir", self.root, before=self.before))

    def write(self, name, content):
        with open(os.path.join(self.root, name), "wb") as f:
            f.write(content)

    def ask(self, path):
        """All that the service says to a path that is sent as it is."""
        raw = b"GET /static/" + path.encode("latin-1") + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        return self.service.exchange(raw)

    def test_no_path_leads_outside(self):
        paths = [shape.format(up=up) for up, shape in itertools.product(UPWARDS, SHAPES)]
        paths += [path.format(parent=self.parent) for path in OTHERS]
        self.assertGreaterEqual(len(paths), 200)
        for path in paths:
            with self.subTest(path=path[:100]):
                answer = self.ask(path)
                self.assertNotIn(SECRET, answer)
                self.assertRegex(answer, rb"^HTTP/1\.1 (404|400|414|301|308) ")
        for path in ("inside.txt", "folder/inside.txt", "folder%2finside.txt", "target/"):
            with self.subTest(path=path):
                self.assertIn(b"\r\n\r\ninside", self.ask(path))

    def test_links_that_are_swapped_under_load(self):
        """Four clients ask while a file and a folder become links to what is outside, and files again."""
        ended = threading.Event()
        seen = []

        def ask():
            with self.service.client() as client:
                while not ended.is_set():
                    for path in ("swapped", "swap/inside.txt", "swap/deep/inside.txt"):
                        client.send(b"GET /static/%s HTTP/1.1\r\nHost: a\r\n\r\n" % path.encode())
                        status, _, body = client.response()
                        seen.append((status, body))

        inside = os.path.join(self.root, "swap")
        outside = os.path.join(self.parent, "swap")
        for folder, content in ((inside, b"inside"), (outside, SECRET)):
            os.makedirs(os.path.join(folder, "deep"))
            for name in ("inside.txt", "deep/inside.txt"):
                with open(os.path.join(folder, name), "wb") as f:
                    f.write(content)
        clients = [threading.Thread(target=ask) for _ in range(4)]
        for client in clients:
            client.start()
        until = time.monotonic() + 5
        try:
            while time.monotonic() < until:
                self.swap("swapped", lambda path: os.symlink("../outside", path))
                self.swap("swapped", lambda path: self.write(path, b"inside"))
                os.rename(inside, inside + "-away")
                os.symlink("../swap", inside)
                os.unlink(inside)
                os.rename(inside + "-away", inside)
        finally:
            ended.set()
            for client in clients:
                client.join()
        found = {body for status, body in seen if status == 200}
        self.assertEqual(found, {b"inside"})  # it was there, too
        self.assertEqual({status for status, _ in seen}, {200, 404})
        self.assertGreater(len(seen), 500)

    def swap(self, name, make):
        path = os.path.join(self.root, name)
        make(path + "-new")
        os.replace(path + "-new", path)


class PathsWithoutOpenat2(Paths):
    """The same where segments are looked up one by one."""
    before = staticmethod(without_openat2(ENOSYS))

    def test_openat2_is_not_used(self):
        """A filter that allows the call would make this class pass without a look."""
        with Service("--static-dir", self.root, before=without_openat2(EPERM)) as s:
            status, _, body = s.ask(b"GET /static/inside.txt HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertEqual((status, body), (200, b"inside"))


class Settings(unittest.TestCase):
    def test_a_folder_that_cannot_be_read_is_a_wrong_setting(self):
        with tempfile.NamedTemporaryFile() as file:
            for folder in ("/missing/folder", file.name):
                with self.subTest(folder):
                    status, _, stderr = run("--static-dir", folder)
                    self.assertEqual(status, 2)
                    self.assertIn("--static-dir: '%s'" % folder, stderr)

    def test_without_the_setting_there_is_no_route(self):
        with Service() as s:
            self.assertEqual(s.ask(b"GET /static/ HTTP/1.1\r\nHost: a\r\n\r\n")[0], 404)
            self.assertEqual(s.ask(b"POST /static/x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")[0], 404)


if __name__ == "__main__":
    unittest.main(verbosity=2)
