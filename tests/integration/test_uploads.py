"""Octet-stream uploads: streamed, whole or not at all."""
import json
import os
import random
import re
import shutil
import socket
import subprocess
import threading
import time
import unittest
import zlib

from phial import Service, chunk, eventually, get, post, post_chunked
from test_faults import SANITIZER, descriptors, memory
from uploads import HELLO, KIB, OCTETS, WRITTEN, WRONG, member, none_is_left, temporaries, upload


class Streaming(unittest.TestCase):
    def test_a_large_body_is_written_and_never_held_in_memory(self):
        size = 200 << 20
        block = random.Random(1).randbytes(1 << 20)
        with Service("--threads", "1") as s, s.client(60) as c:
            before = memory(s, "VmHWM")
            c.send(upload(length=size))
            for _ in range(size >> 20):
                c.send(block)
            status, _, body = c.response()
            self.assertEqual((status, body), (200, WRITTEN))
            self.assertEqual(os.path.getsize(s.path("binary")), size)
            with open(s.path("binary"), "rb") as f:
                self.assertTrue(all(f.read(1 << 20) == block for _ in range(size >> 20)))
            self.assertLess(memory(s, "VmHWM") - before, (48 if SANITIZER else 6) << 20)

    def test_64_uploads_under_way_together_hold_no_more_than_the_memory_there_is_for_them(self):
        size = 2 << 20
        block = random.Random(2).randbytes(size)
        with Service("--threads", "2", "--durability", "none", "--upload-memory", "16MiB") as s:
            before = memory(s, "VmHWM")
            clients = [s.client(60) for _ in range(64)]
            for c in clients:
                c.send(upload(block[:size - 1], length=size))
            eventually(lambda: len(temporaries(s.folder)) == 64, "all are under way")
            for c in clients:
                c.send(block[-1:])
            for c in clients:
                self.assertEqual(c.response()[0], 200)
                c.close()
            self.assertEqual(s.read("binary"), block)
            self.assertLess(memory(s, "VmHWM") - before, (512 if SANITIZER else 28) << 20)  # 4 are the buffers read into

    def test_parallel_uploads_replace_one_another_whole_and_who_reads_meanwhile_never_sees_a_part(self):
        bodies = {size: bytes([n]) * size for n, size in enumerate(range(400_001, 464_001, 1000))}
        self.assertEqual(len(bodies), 64)
        with Service("--threads", "2") as s:
            self.assertEqual(s.ask(upload(b"first"))[0], 200)
            bodies[5] = b"first"
            answers, strange, seen = [], [], set()
            over = threading.Event()

            def read():
                ending = False
                while not ending:
                    ending = over.is_set()  # and once more
                    data = s.read("binary")
                    seen.add(len(data))
                    if bodies.get(len(data)) != data:
                        strange.append((len(data), data[:10]))

            def send(body):
                together.wait()
                answers.append(s.ask(upload(body), 60)[::2])

            together = threading.Barrier(64)
            reader = threading.Thread(target=read)
            senders = [threading.Thread(target=send, args=(body,)) for body in bodies.values() if body != b"first"]
            reader.start()
            eventually(lambda: seen, "the reader reads")
            for t in senders:
                t.start()
            for t in senders:
                t.join()
            over.set()
            reader.join()
            self.assertEqual(answers, [(200, WRITTEN)] * 64)
            self.assertEqual(strange, [])
            self.assertGreater(len(seen), 1)  # it was replaced under the reader's eyes
            self.assertNotEqual(s.read("binary"), b"first")
            self.assertEqual(s.ask(upload(b"last"))[0], 200)
            self.assertEqual(s.read("binary"), b"last")
            none_is_left(s.folder)

    def test_uploads_for_which_no_memory_is_left_wait_for_the_disk_instead_of_failing(self):
        bodies = [bytes([n]) * (1_500_000 + n) for n in range(16)]
        for limit in ("0", "512KiB", "2MiB"):
            with self.subTest(limit), Service("--upload-memory", limit, "--durability", "none") as s:
                clients = [s.client(60) for _ in bodies]
                for c, body in zip(clients, bodies):
                    c.send(upload(body[:900_000], "Repr-Digest: " + member("sha-256", body), length=len(body)))
                for c, body in zip(clients, bodies):
                    c.send(body[900_000:])
                for c in clients:
                    self.assertEqual(c.response()[0], 200)
                    c.close()
                self.assertTrue(s.read("binary") in bodies)

    def test_a_body_of_any_size_is_written_as_it_came(self):
        """Above all about the blocks in which it is written."""
        chance = random.Random(3)
        sizes = [0, 1] + [n * 256 * KIB + more for n in (1, 2, 3, 4) for more in (-1, 0, 1)]
        with Service() as s, s.client() as c:
            for size in sizes:
                content = chance.randbytes(size)
                cuts = sorted(chance.randrange(size + 1) for _ in range(5))
                pieces = [chunk(content[a:b]) for a, b in zip([0, *cuts], [*cuts, size]) if a < b]
                for raw in (upload(content), post_chunked("/messages", OCTETS, *pieces, chunk(b""))):
                    c.send(upload(b"other"))
                    self.assertEqual(c.response()[0], 200)
                    c.send(raw)
                    self.assertEqual(c.response()[::2], (200, WRITTEN), size)
                    self.assertTrue(s.read("binary") == content, size)

    def test_a_record_tells_how_much_was_written_in_which_time(self):
        with Service() as s:
            request = upload(b"hello" * 1000)
            self.assertEqual(s.ask(request)[0], 200)
            s.wait_for_record("access method=POST target=/messages route=/messages status=200 received=%d " % len(request))
            self.assertRegex(s.read("app.log").decode(), r"(?m) info +access method=POST .* seconds=\d+\.\d{6} ")

    def test_nothing_but_the_file_is_left_beside_it_and_others_may_read_it(self):
        with Service("--log-dir", "") as s:
            for name in (".config", ".phial-upload-x", ".binary.abcdef", "binary.bak"):
                with open(s.path(name), "w") as f:
                    f.write(name)
            before = set(os.listdir(s.folder))
            self.assertEqual(s.ask(upload(b"hello"))[0], 200)
            eventually(lambda: set(os.listdir(s.folder)) == before | {"binary"}, "the folder is clean")
            for name in before - {"stdout"}:
                self.assertEqual(s.read(name), name.encode())
            self.assertEqual(os.stat(s.path("binary")).st_mode & 0o777, 0o644)


class Failures(unittest.TestCase):
    def setUp(self):
        self.service = self.enterContext(Service("--threads", "1", "--upload-limit", "4MiB", "--body-grace", "1",
                                                 "--min-rate", "1MiB"))
        self.old = b"old"
        self.assertEqual(self.service.ask(upload(self.old))[0], 200)
        self.files = descriptors(self.service)

    def settled(self):
        """Whatever was begun is over: of its connections and files none is open. One loop accepts in turn."""
        s = self.service
        self.assertEqual(s.ask(get("/hello?name=x"))[2], b"Hello x")
        eventually(lambda: descriptors(s) <= self.files, "descriptors are back at %d" % self.files)
        none_is_left(s.folder)  # one that is just being created has no owner any more

    def unchanged(self):
        self.settled()
        content = self.service.read("binary")
        self.assertTrue(content == self.old, (len(content), content[:20]))

    def begun(self, raw):
        """A client whose upload is under way, and partly on the disk."""
        s = self.service
        self.assertEqual(s.ask(upload(self.old))[0], 200)
        c = s.client()
        c.send(raw)

        name, = eventually(lambda: temporaries(s.folder), "it is under way")
        eventually(lambda: os.path.getsize(s.path(name)) > 0, "some of it is on the disk")
        return c

    def test_what_breaks_an_upload_off_leaves_the_old_file_and_no_other(self):
        x = b"x" * 1_500_000
        wrong = "Repr-Digest: " + WRONG
        by_length = upload(x, wrong, length=3_000_000)
        chunked = post_chunked("/messages", OCTETS, chunk(x), lines=[wrong])
        for name, begin, end, status in (
                ("a wrong digest, by length", by_length, x, 400), ("a wrong digest, chunked", chunked, chunk(b""), 400),
                ("no chunk size", chunked, b"zz\r\n", 400), ("no end of a chunk", chunked, b"5\r\nhello!!", 400),
                ("no chunk size, a sign", chunked, b"-1\r\n", 400),
                ("a broken trailer", chunked, b"0\r\nA\r\n\r\n", 400),
                ("trailers without end", chunked, b"0\r\nA: " + b"a" * 20_000, 431),
                ("too much of it", chunked, chunk(b"x" * 3_000_000), 413), ("too slow by length", by_length, b"", 408),
                ("too slow, chunked", chunked, b"", 408)):
            with self.subTest(name), self.begun(begin) as c:
                try:
                    c.send(end)
                except ConnectionError:
                    pass  # it was refused before its end: the answer is there
                self.assertEqual(c.response()[0], status)
                c.close()
                self.unchanged()

    def test_a_client_that_ends_its_side_early_gets_400_and_nothing_is_written(self):
        """RFC 9112 8: an incomplete message."""
        x = b"x" * 1_500_000
        for raw in (upload(x, length=len(x) + 1), post_chunked("/messages", OCTETS, chunk(x)),
                    post_chunked("/messages", OCTETS, chunk(x), b"0\r\n")):
            with self.begun(raw) as c:
                c.socket.shutdown(socket.SHUT_WR)
                self.assertEqual(c.response()[0], 400)
                self.assertEqual(c.rest(), b"")
            self.unchanged()

    def test_a_refusal_before_anything_is_read_writes_nothing(self):
        for raw, status in ((upload(HELLO, "Repr-Digest: sha-256=abc"), 400), (upload(length=(4 << 20) + 1), 413),
                            (post("/messages", "application/octets", HELLO), 415), (upload(HELLO, "Expect: b"), 417)):
            with self.subTest(raw):
                self.assertEqual(self.service.ask(raw)[0], status)
                self.unchanged()

    def test_a_form_whose_boundary_is_broken_writes_nothing(self):
        part = b'--b\r\nContent-Disposition: form-data; name="f"; filename="binary"\r\n\r\nnew\r\n'
        for body in (part, part + b"--b-", part + b"--c--\r\n"):
            with self.subTest(body):
                self.assertEqual(self.service.ask(post("/files", "multipart/form-data; boundary=b", body))[0], 400)
                self.unchanged()

    def test_a_reset_at_any_stage_leaves_the_old_file_or_after_the_last_byte_the_new_one(self):
        head = len(upload(length=600_000))
        chance = random.Random(5)
        kept = replaced = 0
        for n in range(12):
            new = bytes([n]) * 600_000
            raw = upload(new)
            for sent in (head, head + 1, head + 384 * KIB, len(raw) - 1, len(raw)):
                with self.subTest(n=n, sent=sent):
                    c = self.service.client()
                    c.send(raw[:sent])
                    if sent < len(raw) and n % 2:  # half of them are seen before their reset
                        eventually(lambda: temporaries(self.service.folder), "the upload is under way")
                    elif sent == len(raw):
                        time.sleep(chance.random() * 0.004)  # somewhere between the first read and the answer
                    c.reset()
                    if sent < len(raw):
                        self.unchanged()
                        continue
                    self.settled()
                    content = self.service.read("binary")
                    self.assertTrue(content in (self.old, new), content[:10])
                    kept, replaced = kept + (content == self.old), replaced + (content == new)
                    self.old = content
        self.assertEqual(kept + replaced, 12)
        self.service.stop()
        self.assertEqual(self.service.process.wait(30), 0)
        self.assertEqual(temporaries(self.service.folder), [])

    def test_a_connection_closed_at_any_stage_leaves_the_old_file(self):
        for sent in (0, 1, 384 * KIB, 599_999):
            with self.service.client() as c:
                c.send(upload(b"x" * sent, length=600_000))
            self.unchanged()


@unittest.skipUnless(shutil.which("curl"), "no curl here")
class Curl(unittest.TestCase):
    """Above 1 MiB curl sends Expect: 100-continue, and waits a second when nothing comes (RFC 9110 10.1.1)."""

    def test_it_shows_progress_to_the_end_and_does_not_wait(self):
        content = random.Random(6).randbytes(20 << 20)
        with Service() as s:
            with open(s.path("message.bin"), "wb") as f:
                f.write(content)
            for arguments in (["/messages", "-H", "Content-Type: " + OCTETS, "--data-binary", "@message.bin"],
                              ["/files", "-F", "file=@message.bin"]):
                with self.subTest(arguments[0]):
                    path, *rest = arguments
                    told = subprocess.run(["curl", "--progress-bar", "-D", "head", "-o", "answer",
                                           "-w", "%{time_total}", s.url + path, *rest],
                                          cwd=s.folder, capture_output=True, text=True, timeout=60)
                    self.assertEqual(told.returncode, 0, told.stderr)
                    self.assertEqual(re.findall(r"[\d.]+%", told.stderr)[-1], "100.0%")
                    self.assertRegex(s.read("head"), rb"\AHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
                    if not SANITIZER:
                        self.assertLess(float(told.stdout), 1.0)
                    if path == "/messages":
                        self.assertEqual(s.read("answer"), WRITTEN)
                        self.assertTrue(s.read("binary") == content)
                    else:
                        one, = json.loads(s.read("answer"))["files"]
                        self.assertEqual((one["filename"], one["size"], one["crc32"]),
                                         ("message.bin", len(content), "%08x" % zlib.crc32(content)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
