"""Responses that go on: generators, events and compression, on the sample tests/samples/feed.cpp."""
import gzip
import json
import os
import re
import resource
import shutil
import subprocess
import time
import unittest
import urllib.request
import zlib

from phial import Service as AnyService, post, run_concurrently, sanitizer

FEED = os.environ["PHIAL_FEED"]
SANITIZER = sanitizer(FEED)
GET = "GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n"


def Service(*flags):
    return AnyService(*flags, binary=FEED)


def get(path, *fields):
    return (GET % (path, "".join(f + "\r\n" for f in fields))).encode()


def until(client, text):
    """What comes, up to the text."""
    while text not in client.data:
        more = client.socket.recv(65536)
        assert more, "closed before %r: %r" % (text, client.data)
        client.data += more
    return client.read(client.data.index(text) + len(text))


def dechunk(raw):
    """The content of chunks, which must be complete."""
    out = b""
    while True:
        size, _, raw = raw.partition(b"\r\n")
        size = int(size, 16)
        out += raw[:size]
        assert raw[size:size + 2] == b"\r\n"
        raw = raw[size + 2:]
        if size == 0:
            assert raw == b"", raw
            return out


def curl(*arguments, cwd=None):
    return subprocess.run(["curl", "-sS", "--max-time", "20", *arguments], check=True, capture_output=True, cwd=cwd).stdout


# The tests are threads of one process, and the limit is that of the process: it stays.
def allow_many_files():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))


class Generators(unittest.TestCase):
    def test_a_piece_is_sent_when_it_is_yielded(self):
        with Service() as s, s.client() as c:
            begun = time.monotonic()
            c.send(get("/two-parts"))
            until(c, b"6\r\nfirst\n\r\n")
            first = time.monotonic() - begun
            self.assertEqual(until(c, b"0\r\n\r\n"), b"7\r\nsecond\n\r\n0\r\n\r\n")
            self.assertLess(first, (time.monotonic() - begun) / 2)

    def test_each_line_of_an_export_is_json(self):
        with Service() as s:
            with urllib.request.urlopen(s.url + "/readings.ndjson") as rs:
                self.assertEqual(rs.headers["Content-Type"], "application/x-ndjson")
                lines = rs.read().decode().splitlines()
            self.assertEqual([json.loads(line) for line in lines],
                             [{"number": 1, "celsius": 20.5}, {"number": 2, "celsius": 21}, {"number": 3, "celsius": 19.25}])

    def test_what_a_generator_throws_breaks_the_response_and_is_logged(self):
        with Service() as s:
            answer = s.exchange(get("/fails"))
            self.assertTrue(answer.endswith(b"6\r\nfirst\n\r\n"), answer)
            s.wait_for_record("Exception on /fails [GET], in the middle of its response")
            s.wait_for_record("the source is gone")
            s.wait_for_record("incomplete=1")

    def test_a_generator_learns_that_the_service_stops(self):
        with Service() as s, s.client() as c:
            c.send(get("/until-the-stop"))
            until(c, b"begin\n\r\n")
            s.stop()
            self.assertTrue(c.rest().endswith(b"the service stops\n\r\n0\r\n\r\n"))
            s.process.wait(30)

    def test_an_old_client_gets_it_without_chunks(self):
        with Service() as s:
            head, _, body = s.exchange(b"GET /two-parts HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")
            self.assertNotIn(b"Transfer-Encoding", head)
            self.assertEqual(body, b"first\nsecond\n")


class Events(unittest.TestCase):
    def test_curl_shows_events_as_they_come(self):
        with Service() as s:
            with subprocess.Popen(["curl", "-sSN", s.url + "/events"], stdout=subprocess.PIPE) as process:
                lines = [process.stdout.readline() for _ in range(6)]
                process.kill()
            self.assertEqual(lines, [b"id: 1\n", b"data: 1\n", b"\n", b"id: 2\n", b"data: 2\n", b"\n"])

    def test_the_client_says_where_it_goes_on(self):
        with Service() as s:
            for last, expected in (None, b"1"), ("Last-Event-ID: 7", b"8"), ("Last-Event-ID: x", b"1"):
                answer = s.exchange(get("/three", "Connection: close", *([last] if last else [])))
                self.assertIn(b"event: count\nid: " + expected + b"\nretry: 10\ndata: " + expected + b"\n\n", answer)

    def test_a_thousand_open_streams_end_properly_with_the_service_and_are_no_requests_under_way(self):
        number = 1000
        with Service("--max-connections-per-client", "5000", "--max-requests", "10", "--ops-port", "0",
                     "--drain-delay", "1", "--drain-timeout", "60") as s:
            clients = [s.client() for _ in range(number)]
            for c in clients:
                c.send(get("/silence"))
            for c in clients:
                until(c, b"data: open\n\n\r\n")
            ops = re.search(r"ops on (\S+)", "\n".join(s.first_lines))[1]
            with urllib.request.urlopen(ops + "/metrics") as rs:
                metrics = rs.read().decode()
            self.assertIn("http_server_active_requests 0\n", metrics)
            begun = time.monotonic()
            s.stop()
            for c in clients:
                self.assertEqual(c.rest(), b"0\r\n\r\n")
                c.close()
            s.process.wait(30)
            self.assertLess(time.monotonic() - begun, 1 + 2)  # the bar: drain delay + 2 s

    def test_a_stream_ends_when_its_client_has_gone(self):
        with Service() as s:
            c = s.client()
            c.send(get("/silence"))
            until(c, b"data: open\n\n\r\n")
            c.reset()
            s.wait_for_record("target=/silence")
            s.wait_for_record("incomplete=1")


def say(client, text):
    client.send(post("/chat", "text/plain", text))
    status, _ = client.head()
    assert status == 204, status


class Broadcasts(unittest.TestCase):
    def listen(self, s, path="/chat"):
        """A client that has the head of its response, and so hears all that is said from now on."""
        c = s.client()
        c.send(get(path))
        self.assertEqual(c.head()[0], 200)
        return c

    def test_what_is_said_reaches_those_that_listen_on_all_loops_in_order(self):
        with Service("--threads", "2") as s, s.client() as speaker:
            listeners = [self.listen(s) for _ in range(16)]
            lines = [b"line %d" % n for n in range(60)]
            for line in lines:
                say(speaker, line)
            for c in listeners:
                text = until(c, b"data: line 59\n\n")
                self.assertEqual(re.findall(rb"data: (.*)\n\n", text), lines)
                c.close()

    def test_a_slow_reader_learns_how_many_it_has_missed(self):
        number, size = 300, 60000
        with Service("--threads", "2") as s, s.client() as speaker:
            slow = self.listen(s)
            quick = self.listen(s)
            for n in range(number):
                say(speaker, b"%d " % n + b"x" * size)
                until(quick, b"data: %d " % n)
            say(speaker, b"end")
            self.assertNotIn(b"missed", until(quick, b"data: end\n\n"))
            text = until(slow, b"data: end\n\n")
            missed = [int(n) for n in re.findall(rb"event: missed\ndata: (\d+)\n\n", text)]
            heard = [int(n) for n in re.findall(rb"data: (\d+) x", text)]
            self.assertEqual(sum(missed) + len(heard), number)
            self.assertGreater(sum(missed), 0)
            self.assertEqual(heard, sorted(heard))
            self.assertEqual(heard[-63:], list(range(number - 63, number)))  # the 64 latest are kept
            slow.close()
            quick.close()

    def test_streams_that_wait_end_properly_with_the_service(self):
        with Service("--threads", "2") as s, s.client() as speaker:
            ends = {"/chat": b"0\r\n\r\n", "/transcript": b"12\r\nthe service stops\n\r\n0\r\n\r\n"}
            waiting = [(self.listen(s, path), last) for path, last in ends.items() for _ in range(4)]
            say(speaker, b"last")
            for c, _ in waiting:
                until(c, b"last\n")
            s.stop()
            for c, last in waiting:
                self.assertTrue(c.rest().endswith(last))
                c.close()
            s.process.wait(30)

    def test_one_line_reaches_a_thousand(self):
        with Service("--threads", "2", "--max-connections-per-client", "5000") as s, s.client() as speaker:
            listeners = [s.client() for _ in range(1000)]
            for c in listeners:
                c.send(get("/chat"))
            for c in listeners:
                self.assertEqual(c.head()[0], 200)
            begun = time.monotonic()
            say(speaker, b"all")
            for c in listeners:
                self.assertEqual(until(c, b"\n\n\r\n"), b"b\r\ndata: all\n\n\r\n")
            print("1000 listeners have it after %.0f ms" % (1000 * (time.monotonic() - begun)))
            for c in listeners:
                c.close()


class Compression(unittest.TestCase):
    def test_a_large_text_is_small_on_the_wire_for_every_client(self):
        with Service("--compress", "all") as s:
            plain = curl(s.url + "/text?size=3000000")
            self.assertEqual(len(plain), 3000000)
            self.assertEqual(curl("--compressed", s.url + "/text?size=3000000"), plain)
            with urllib.request.urlopen(urllib.request.Request(s.url + "/text?size=3000000",
                                                               headers={"Accept-Encoding": "gzip"})) as rs:
                self.assertEqual(rs.headers["Content-Encoding"], "gzip")
                self.assertEqual(rs.headers["Vary"], "Accept-Encoding")
                coded = rs.read()
            self.assertLess(len(coded), 1000000)
            self.assertEqual(gzip.decompress(coded), plain)
            for coding, program in ("br", ["brotli", "-dc"]), ("zstd", ["zstd", "-dc"]):
                coded = curl("-H", "Accept-Encoding: " + coding, s.url + "/text?size=3000000")
                self.assertLess(len(coded), 1000000)
                if shutil.which(program[0]):
                    self.assertEqual(subprocess.run(program, input=coded, capture_output=True, check=True).stdout, plain)
                else:
                    print("skipped: there is no %s to decode with" % program[0])

    def test_it_can_be_switched_off_and_has_a_least_size(self):
        def coding(s, path, accept="gzip, br, zstd"):
            with s.client() as c:
                c.send(get(path, "Accept-Encoding: " + accept))
                return re.findall(r"(?m)^Content-Encoding: (\w+)", c.head()[1])

        with Service() as s:
            self.assertEqual(coding(s, "/text?size=1024"), ["gzip"])
            self.assertEqual(coding(s, "/text?size=1023"), [])
            self.assertEqual(coding(s, "/text?size=1024", "br, zstd"), [])
            self.assertEqual(coding(s, "/events"), [])
        with Service("--compress", "off") as s:
            self.assertEqual(coding(s, "/text?size=5000"), [])
        with Service("--compress", "all", "--compress-min", "10KiB") as s:
            self.assertEqual(coding(s, "/text?size=10240"), ["zstd"])
            self.assertEqual(coding(s, "/text?size=10239"), [])

    def test_a_piece_can_be_decoded_when_it_has_come(self):
        with Service() as s, s.client() as c:
            c.send(get("/two-parts", "Accept-Encoding: gzip"))
            self.assertIn("Content-Encoding: gzip", c.head()[1])
            decoder = zlib.decompressobj(31)
            size = int(until(c, b"\r\n")[:-2], 16)
            self.assertEqual(decoder.decompress(c.read(size)), b"first\n")
            rest = dechunk(until(c, b"\r\n0\r\n\r\n")[2:])
            self.assertEqual(decoder.decompress(rest), b"second\n")
            self.assertTrue(decoder.eof)

    def test_head_has_the_fields_of_get(self):
        with Service() as s, s.client() as c:
            c.send(get("/text?size=5000", "Accept-Encoding: gzip"))
            _, of_get, _ = c.response()
            c.send(get("/text?size=5000", "Accept-Encoding: gzip").replace(b"GET", b"HEAD"))
            _, of_head = c.head()
            for field in "Content-Encoding", "Content-Length", "Vary":
                pattern = r"(?m)^%s: .*$" % field
                self.assertEqual(re.findall(pattern, of_get), re.findall(pattern, of_head))

    @unittest.skipIf(SANITIZER, "a sanitizer keeps freed memory")
    def test_a_long_stream_needs_little_memory(self):
        with Service() as s:
            plain = curl(s.url + "/rows?n=1000000")
            self.assertEqual(plain.count(b"\n"), 1000000)
            self.assertEqual(curl("--compressed", s.url + "/rows?n=1000000"), plain)
            with open("/proc/%d/status" % s.process.pid) as status:
                peak = int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1])
            self.assertLess(peak, 40 * 1024)  # the text has 10 MB


class Page(unittest.TestCase):
    ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")

    def read(self, *path):
        with open(os.path.join(self.ROOT, *path), encoding="utf-8") as f:
            return f.read()

    def test_the_manual_shows_what_is_compiled_and_it_is_short(self):
        section = re.search(r"(?ms)^### Answering piece by piece$.*?^##", self.read("lib", "README.md"))[0]
        shown = re.findall(r"(?ms)^```cpp\n(.*?)^```$", section)
        compiled = re.findall(r"(?s)// begin\n(.*?)// end\n", self.read("tests", "samples", "feed.cpp"))
        self.assertEqual(shown, compiled)
        for beginning, most in ("events watch", 8), ("json_lines<reading> all_readings", 6), ("events follow", 8):
            function = re.search(r"(?ms)^%s.*?^}$" % beginning, "\n".join(shown))[0]
            self.assertLessEqual(function.count("\n") + 1, most)


if __name__ == "__main__":
    allow_many_files()
    run_concurrently()
