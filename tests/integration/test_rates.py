"""The rate of requests that one client may send (--max-rate)."""
import json
import re
import time
import unittest
import urllib.request

from phial import Service, eventually, get, post, run

TOO_MANY = "this client sends more requests a second than it may"


class Rates(unittest.TestCase):
    def statuses(self, s, raws, source=None):
        """Sends all requests at once, on one connection: ([status], [head], seconds)."""
        begun = time.monotonic()
        with s.client(source=source) as c:
            c.send(b"".join(raws))
            answers = [c.response() for _ in raws]
        return [a[0] for a in answers], [a[1] for a in answers], time.monotonic() - begun

    def test_as_many_at_once_as_the_rate_then_429_until_the_time_has_come(self):
        for threads in ("1", "2"):
            with self.subTest(threads=threads), Service("--max-rate", "5", "--threads", threads) as s:
                statuses, heads, seconds = self.statuses(s, [get("/")] * 30)
                self.assertEqual(statuses[:5], [200] * 5)
                self.assertLessEqual(statuses.count(200), 5 + 5 * seconds)
                self.assertEqual(set(statuses), {200, 429})
                for status, head in zip(statuses, heads):
                    self.assertEqual(re.findall(r"\r\nRetry-After: (\d+)\r\n", head), ["1"] if status == 429 else [])
                self.assertEqual(self.statuses(s, [get("/")], source="127.0.0.2")[0], [200])  # another is not hurt
                time.sleep(1)  # what Retry-After says
                self.assertEqual(self.statuses(s, [get("/")] * 5)[0], [200] * 5)

    def test_a_rejected_request_leaves_its_connection_as_it_was(self):
        with Service("--max-rate", "1") as s, s.client() as c:
            for raw in get("/"), post("/messages", "text/plain", b"hello"), get("/", "Accept: text/html"):
                c.send(raw)
            answers = [c.response() for _ in range(3)]
            self.assertEqual([a[0] for a in answers], [200, 429, 429])
            self.assertEqual(json.loads(answers[1][2]), {"message": "Too Many Requests: %s." % TOO_MANY, "status": 429})
            self.assertIn(b"<h1>429 Too Many Requests</h1>", answers[2][2])
            for _, head, _ in answers:
                self.assertNotIn("Connection: close", head)
            time.sleep(1)
            c.send(post("/messages", "text/plain", b"hello"))
            self.assertEqual(c.response()[2], b"Text Message: hello")

    def test_all_connections_of_a_client_count_together(self):
        with Service("--max-rate", "1", "--threads", "2") as s:
            begun = time.monotonic()
            statuses = [s.ask(get("/"))[0] for _ in range(10)]
            self.assertEqual(statuses[0], 200)
            self.assertLessEqual(statuses.count(200), 1 + (time.monotonic() - begun))

    def test_a_proxy_is_not_limited_for_its_clients_and_nobody_else_names_them(self):
        def of(client):
            return get("/", "X-Forwarded-For: " + client)

        with Service("--max-rate", "1", "--trusted-proxies", "127.0.0.1") as s:
            raws = [of("192.0.2.1"), of("192.0.2.2"), of("192.0.2.1"), of("2001:db8::1"), of("2001:db8::2"),
                    of("2001:db8:0:1::1"), get("/", "Forwarded: for=192.0.2.3"), get("/"), get("/"),
                    get("/", "X-Forwarded-For: nobody")]
            statuses, _, seconds = self.statuses(s, raws)
            self.assertLess(seconds, 1, "the machine is too slow for this test")
            # One network of IPv6 is one client. Without a field, or with one that is not believed, it is the proxy.
            self.assertEqual(statuses, [200, 200, 429, 200, 429, 200, 200, 200, 429, 429])
            statuses, _, seconds = self.statuses(s, [of("192.0.2.7"), of("192.0.2.8")], source="127.0.0.2")
            self.assertLess(seconds, 1, "the machine is too slow for this test")
            self.assertEqual(statuses, [200, 429])  # of a peer that is not trusted

    def test_the_operator_sees_it_and_is_not_limited(self):
        with Service("--max-rate", "1", "--ops-port", "0") as s:
            ops = next(line for line in s.first_lines if line.startswith("ops on "))[len("ops on "):]
            statuses, _, _ = self.statuses(s, [get("/a")] * 20)
            rejected = statuses.count(429)
            self.assertGreater(rejected, 0)
            for _ in range(5):
                with urllib.request.urlopen(ops + "/livez", timeout=10) as answer:
                    self.assertEqual(answer.status, 200)

            def metrics():
                with urllib.request.urlopen(ops + "/metrics", timeout=10) as answer:
                    return answer.read().decode()
            line = '\nphial_refusals_total{reason="too_many_requests"} %d\n' % rejected
            eventually(lambda: line in metrics(), line)
            eventually(lambda: "\nphial_clients 1\n" in metrics(), "it was reported, so it is kept")
            s.wait_for_record('target=/a status=429 error="%s"' % TOO_MANY)
            s.wait_for_record("warning client 127.0.0.1 sends more than 1 request a second, the most it may send; more get "
                              "429 (--max-rate). If that is a proxy, name it in --trusted-proxies")
            self.statuses(s, [get("/")] * 5)
            s.stop()
            s.process.wait(20)
            self.assertEqual(s.read("app.log").count(b"--max-rate"), 1)

    def test_clients_are_forgotten_when_they_may_send_as_many_as_before(self):
        with Service("--max-rate", "3", "--trusted-proxies", "127.0.0.1", "--ops-port", "0") as s:
            ops = next(line for line in s.first_lines if line.startswith("ops on "))[len("ops on "):]
            raws = [get("/", "X-Forwarded-For: 192.0.2.%d" % n) for n in range(100)]
            self.assertEqual(set(self.statuses(s, raws)[0]), {200})

            def known():
                with urllib.request.urlopen(ops + "/metrics", timeout=10) as answer:
                    return int(re.search(r"\nphial_clients (\d+)\n", answer.read().decode())[1])
            eventually(lambda: known() == 0, "the table is empty")

    def test_a_page_of_another_origin_may_read_it(self):
        with Service("--max-rate", "1", "--cors-origins", "https://shop.example") as s:
            statuses, heads, _ = self.statuses(s, [get("/", "Origin: https://shop.example")] * 3)
            self.assertIn(429, statuses)
            for head in heads:
                self.assertIn("\r\nAccess-Control-Allow-Origin: https://shop.example\r\n", head)

    def test_without_the_setting_there_is_no_limit(self):
        with Service() as s:
            self.assertEqual(set(self.statuses(s, [get("/")] * 500)[0]), {200})

    def test_what_is_not_a_rate_is_refused(self):
        for wrong in "0", "0.5", "-1", "1000001", "many":
            with self.subTest(wrong):
                status, _, stderr = run("--max-rate", wrong)
                self.assertEqual(status, 2)
                self.assertIn("--max-rate: '%s' is not a number between 1 and 1000000" % wrong, stderr)


if __name__ == "__main__":
    unittest.main()
