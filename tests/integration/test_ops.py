"""What an operator is told: metrics, health, the access log, names of requests and traces."""
import base64
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

from phial import Service, eventually, get, post, run, run_concurrently

ANY = ("--ops-port", "0")


class Ops(Service):
    """A service with its second listener."""

    def __init__(self, *flags, **more):
        super().__init__(*ANY, *flags, **more)
        self.ops_url = re.fullmatch(r"ops on (http://\S+)", self.first_lines[-2])[1]

    def look(self, path):
        """(status, body)"""
        try:
            with urllib.request.urlopen(self.ops_url + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()

    def metrics(self):
        """{"name{labels}": value}"""
        lines = self.look("/metrics")[1].splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}

    def records(self):
        return self.read("app.log").decode().splitlines()

    def access(self, n=1):
        """The access records, when there are n."""
        def enough():
            found = [line for line in self.records() if " access method=" in line]
            return found if len(found) >= n else None
        return eventually(enough, "%d access records" % n)


def count(method, route, status):
    return 'http_server_request_duration_seconds_count{http_request_method="%s",http_route="%s",' \
           'http_response_status_code="%d"}' % (method, route, status)


class Metrics(unittest.TestCase):
    def test_they_hold_what_was_done(self):
        with Ops() as s:
            right = base64.b64encode(b"admin:secret").decode()
            # No half-closed connections: where a disk or a password takes over a second, their clients count as gone.
            close = "Connection: close"
            requests = [get("/users/2", close), get("/users/3", close), get("/users/9", close), get("/", close),
                        get("/nowhere", close), get("/secrets", "Authorization: Basic " + right, close),
                        get("/secrets", close), get("/secrets", "Authorization: Basic eDp5", close),
                        b"BREW / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                        b"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                        post("/messages", "application/octet-stream", b"x" * 1000, close), b"nonsense\r\n\r\n"]
            for raw in requests:
                s.exchange(raw)
            m = s.metrics()
            for key, n in {("GET", "/users/<id>", 200): 2, ("GET", "/users/<id>", 404): 1, ("GET", "/", 200): 1,
                           ("HEAD", "/", 200): 1, ("GET", "unmatched", 404): 1, ("GET", "/secrets", 200): 1,
                           ("GET", "/secrets", 401): 2, ("_OTHER", "unmatched", 501): 1,
                           ("_OTHER", "unmatched", 400): 1, ("POST", "/messages", 200): 1}.items():
                self.assertEqual(m[count(*key)], n, key)
            self.assertEqual(sum(v for k, v in m.items() if "_seconds_count" in k), len(requests))
            self.assertEqual(m["phial_received_bytes_total"], sum(map(len, requests)))
            self.assertEqual(m["phial_connections_total"], len(requests))
            self.assertEqual(m['phial_refusals_total{reason="malformed"}'], 1)
            self.assertEqual(m['phial_refusals_total{reason="not_implemented"}'], 1)
            self.assertEqual(m['phial_password_checks_total{result="right"}'], 1)
            self.assertEqual(m['phial_password_checks_total{result="wrong"}'], 1)
            self.assertEqual(m['phial_uploads_total{result="written"}'], 1)
            self.assertEqual(m["phial_upload_bytes_total"], 1000)
            self.assertEqual(m["http_server_active_requests"], 0)

    def test_what_is_sent_is_counted_to_the_byte(self):
        with Ops() as s:
            sent = len(s.exchange(get("/") + get("/users/2") + get("/nowhere", "Connection: close")))
            self.assertEqual(s.metrics()["phial_sent_bytes_total"], sent)

    def test_10000_paths_are_one_series(self):
        with Ops() as s:
            before = len(s.metrics())
            with s.client() as c:
                for i in range(0, 10000, 100):
                    c.send(b"".join(get("/random/%d" % n) for n in range(i, i + 100)))
                    for _ in range(100):
                        self.assertEqual(c.response()[0], 404)
            # A request is counted when its answer was sent.
            m = eventually(lambda: (now := s.metrics())[count("GET", "unmatched", 404)] == 10000 and now, "10,000")
            self.assertLess(len(m) - before, 40)

    def test_connections_are_counted_by_what_they_do(self):
        with Ops() as s, s.client() as idle, s.client() as active:
            idle.send(get("/"))
            idle.response()
            active.send(post("/messages", "application/octet-stream", b"x", length=10))
            eventually(lambda: (s.metrics()['phial_connections{state="idle"}'],
                                s.metrics()['phial_connections{state="active"}']) == (1, 1), "one idle, one active")
            self.assertEqual(s.metrics()["http_server_active_requests"], 0)  # waiting for a client is no work

    @unittest.skipUnless(shutil.which("promtool"), "promtool is not installed")
    def test_promtool_finds_nothing(self):
        with Ops() as s:
            for raw in (get("/users/2"), get("/nowhere"), b"nonsense\r\n\r\n"):
                s.exchange(raw, half_close=True)
            checked = subprocess.run(["promtool", "check", "metrics"], input=s.look("/metrics")[1], text=True,
                                     capture_output=True, timeout=60)
            self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))


class Health(unittest.TestCase):
    def test_a_service_that_serves_is_alive_and_ready(self):
        with Ops() as s:
            self.assertEqual(s.look("/livez")[0], 200)
            status, body = s.look("/readyz")
            self.assertEqual((status, json.loads(body)["status"]), (200, "ok"))
            version = json.loads(s.look("/version")[1])
            self.assertEqual(run("--version")[1].split()[1], version["version"])
            self.assertEqual(s.look("/")[0], 404)
            self.assertEqual(s.ask(get("/metrics"))[0], 404)  # not for clients

    def test_one_that_drains_is_alive_and_not_ready(self):
        with Ops("--drain-delay", "3") as s:
            s.stop()
            eventually(lambda: s.look("/readyz")[0] == 503, "not ready")
            checks = json.loads(s.look("/readyz")[1])["checks"]
            self.assertEqual([name for name, word in checks.items() if word != "ok"], ["not_draining"])
            self.assertEqual(s.look("/livez")[0], 200)
            self.assertEqual(s.ask(get("/", "Connection: close"))[0], 200)
            s.process.wait(30)

    def test_a_missing_folder_is_reported_by_name(self):
        with tempfile.TemporaryDirectory() as uploads, Ops("--upload-dir", uploads) as s:
            os.rmdir(uploads)
            status, body = s.look("/readyz")
            os.mkdir(uploads)
            self.assertEqual(status, 503)
            self.assertEqual([name for name, word in json.loads(body)["checks"].items() if word != "ok"],
                             ["upload_folder_writable"])
            self.assertEqual(s.look("/readyz")[0], 200)

    def test_there_is_no_second_listener_unless_it_is_asked_for(self):
        with Service() as s:
            s.ask(get("/"))
            self.assertEqual(len(s.first_lines), 1)

    def test_mistakes_are_reported(self):
        for flags, words in ((("--ops-address", "127.0.0.1"), "--ops-port"),
                             (("--ops-port", "0", "--ops-address", "localhost"), "not an IPv4 or IPv6 address"),
                             (("--ops-port", "70000"), "70000"), (("--access-log", "some"), "off, errors and all")):
            code, _, told = run(*flags)
            self.assertEqual(code, 2, flags)
            self.assertIn(words, told)

    def test_a_port_that_is_taken_is_reported(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            code, _, told = run("--port", "0", "--ops-port", str(taken.getsockname()[1]))
        self.assertEqual(code, 2)
        self.assertIn("another program already listens there", told)


class AccessLog(unittest.TestCase):
    def test_each_request_has_a_record(self):
        with Ops("--threads", "1") as s:  # each loop has a block of its own
            s.ask(get("/users/2?x=1", "User-Agent: a \"b\""))
            s.exchange(b"nonsense\r\n\r\n")
            first, second = s.access(2)
            for part in ("method=GET", 'target="/users/2?x=1"', "route=/users/<id>", "status=200", "client=127.0.0.1",
                         'user_agent="a \\"b\\""'):
                self.assertIn(" " + part + " ", first + " ")
            self.assertIn(" method=_OTHER ", second)
            self.assertIn(" status=400 ", second)

    def test_errors_only_or_none_are_possible(self):
        for which, n in (("errors", 1), ("off", 0)):
            with Ops("--access-log", which) as s:
                s.ask(get("/"))
                s.ask(get("/nowhere"))
                s.stop()
                s.process.wait(30)
                self.assertEqual(sum(" access method=" in line for line in s.records()), n, which)

    def test_the_last_records_are_written_at_the_end(self):
        with Ops() as s:
            s.ask(get("/"))
            s.stop()
            s.process.wait(30)
            self.assertEqual(len(s.access()), 1)

    def test_no_secret_is_in_any_log(self):
        secret = "Tr0ub4dor"
        with Ops("--log-level", "debug", "--debug") as s:
            pair = base64.b64encode(("admin:" + secret).encode()).decode()
            for raw in (get("/secrets", "Authorization: Basic " + pair), get("/x?password=" + secret),
                        get("/x?a=1&api_key=%s&b=2" % secret), get("/debug/error?token=" + secret, "Cookie: id=" + secret),
                        get("http://admin:%s@127.0.0.1/" % secret), get("/", "Proxy-Authorization: " + pair)):
                s.exchange(raw, half_close=True)
            s.stop()
            s.process.wait(30)
            for name in ("app.log", "stdout"):
                self.assertNotIn(secret.encode(), s.read(name))
                self.assertNotIn(pair.encode(), s.read(name))
            self.assertEqual(len(s.access()), 6)

    def test_who_asked_is_named_and_one_line_is_one_request(self):
        with Ops("--threads", "1") as s:
            s.ask(get("/secrets", "Authorization: Basic " + base64.b64encode(b"admin:secret").decode()))
            s.ask(get("/%0a%1b[31m", "User-Agent: \x1b[2J\x80"))
            lines = s.access(2)
            self.assertIn(" user=admin ", lines[0])
            self.assertTrue(all(line.isprintable() for line in s.records()))

    def test_a_response_that_nobody_took_is_incomplete(self):
        with Ops("--write-timeout", "1") as s, s.client() as c:
            c.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            big = post("/messages", "text/plain", b"x" * (8 << 20))
            c.send(big)
            self.assertIn(" incomplete=1 ", s.access()[0])


class Correlation(unittest.TestCase):
    def test_a_request_keeps_its_name_and_its_trace_in_every_record(self):
        trace = "0af7651916cd43dd8448eb211c80319c"
        with Ops() as s:
            _, head, _ = s.ask(get("/logs/hello", "X-Request-Id: order-42", "traceparent: 00-%s-b7ad6b7169203331-01" % trace))
            self.assertIn("\r\nX-Request-Id: order-42\r\n", head)
            s.access()
            mine = [line for line in s.records() if "request_id=order-42 trace_id=" + trace in line]
            self.assertEqual(len(mine), 4)

    def test_a_name_that_is_none_is_replaced_and_so_is_a_trace(self):
        with Ops() as s:
            seen = set()
            for name in ("", "a b", "x" * 129, "a\\b", 'a"b', "a,b"):
                _, head, _ = s.ask(get("/", "X-Request-Id: " + name, "traceparent: 00-%032d-b7ad6b7169203331-01" % 0))
                found = re.search(r"\r\nX-Request-Id: ([0-9a-f]{16})\r\n", head)
                self.assertTrue(found, head)
                seen.add(found[1])
            self.assertEqual(len(seen), 6)
            traces = {re.search(r" trace_id=([0-9a-f]{32})$", line)[1] for line in s.access(6)}
            self.assertEqual(len(traces), 6)
            self.assertNotIn("0" * 32, traces)

    def test_a_refusal_has_a_name_too(self):
        with Ops() as s:
            answer = s.exchange(b"nonsense\r\n\r\n")
            self.assertRegex(answer, rb"\r\nX-Request-Id: [0-9a-f]{16}\r\n")


if __name__ == "__main__":
    run_concurrently()
