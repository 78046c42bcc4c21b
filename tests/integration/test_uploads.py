"""Octet-stream uploads: streamed, whole or not at all."""
import os
import random
import threading
import unittest

from phial import Service, receive_response


def head(length, *lines):
    return "\r\n".join(["POST /messages HTTP/1.1", "Host: a", "Content-Type: application/octet-stream",
                        "Content-Length: %d" % length, *lines, "", ""]).encode()


def peak_memory(pid):
    with open("/proc/%d/status" % pid) as f:
        return int(next(line for line in f if line.startswith("VmHWM")).split()[1]) * 1024


class Uploads(unittest.TestCase):
    def test_a_large_body_is_written_and_never_held_in_memory(self):
        size = 200 << 20
        block = random.Random(1).randbytes(1 << 20)
        with Service("--threads", "1") as s, s.connect(60) as c:
            before = peak_memory(s.process.pid)
            c.sendall(head(size))
            for _ in range(size >> 20):
                c.sendall(block)
            status, _, body = receive_response(c)
            self.assertEqual((status, body), (200, b"Binary message written!"))
            self.assertEqual(os.path.getsize(s.path("binary")), size)
            with open(s.path("binary"), "rb") as f:
                self.assertTrue(all(f.read(1 << 20) == block for _ in range(size >> 20)))
            self.assertLess(peak_memory(s.process.pid) - before, 16 << 20)

    def test_an_upload_that_breaks_off_changes_nothing(self):
        with Service() as s:
            with s.connect() as c:
                c.sendall(head(3) + b"old")
                self.assertEqual(receive_response(c)[0], 200)
            for behind in (b"", b"x" * 100_000):
                with s.connect() as c:
                    c.sendall(head(1_000_000) + behind)
            answer = s.exchange(head(10) + b"cut", half_close=True)
            self.assertNotIn(b" 200 ", answer)
            s.stop()
            self.assertEqual(s.process.wait(30), 0)
            self.assertEqual(s.read("binary"), b"old")
            self.assertEqual([n for n in os.listdir(s.folder) if n.startswith(".")], [])

    def test_parallel_uploads_leave_one_of_them_whole(self):
        with Service("--threads", "2") as s:
            bodies = [bytes([65 + i]) * 700_001 for i in range(16)]
            answers = []

            def upload(body):
                with s.connect(60) as c:
                    c.sendall(head(len(body)) + body)
                    answers.append(receive_response(c)[0])

            threads = [threading.Thread(target=upload, args=(body,)) for body in bodies]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
            self.assertEqual(answers, [200] * len(bodies))
            self.assertIn(s.read("binary"), bodies)

    def test_a_folder_that_vanished_is_a_500_with_the_reason_in_the_log_only(self):
        with Service() as outer:
            os.mkdir(outer.path("in"))
            with Service("--upload-dir", outer.path("in")) as s:
                os.rmdir(outer.path("in"))
                answer = s.exchange(head(3, "Connection: close") + b"new")
                self.assertTrue(answer.startswith(b"HTTP/1.1 500 "), answer)
                self.assertNotIn(outer.folder.encode(), answer)
                s.stop()
                s.process.wait(30)
                self.assertIn(b"Exception on /messages [POST]", s.read("app.log"))
                self.assertIn(outer.folder.encode(), s.read("app.log"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
