"""The PROXY protocol on the service's listener (--proxy-protocol): by raw bytes, and by HAProxy."""
import http.client
import socket
import struct
import time
import unittest

from phial import Service, eventually, get, run_concurrently
from proxies import Haproxy

WITH = "--trusted-proxies", "127.0.0.1", "--proxy-protocol"
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
LINE = b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n"
FAULTS = "phial_proxy_header_faults_total"


def version_2(command=1, kind=0x11, content=socket.inet_aton("192.0.2.7") + socket.inet_aton("198.51.100.1") + b"\0\1\0\2", tlvs=b""):
    return SIGNATURE + struct.pack("!BBH", 0x20 | command, kind, len(content + tlvs)) + content + tlvs


def ip6(address):
    return socket.inet_pton(socket.AF_INET6, address)


# What the connection begins with, and the client that is found.
RIGHT = {
    "TCP4": (LINE, "192.0.2.7"),
    "TCP6": (b"PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n", "2001:db8::7"),
    "a mapped address": (b"PROXY TCP6 ::ffff:192.0.2.7 ::ffff:192.0.2.1 1 2\r\n", "192.0.2.7"),
    "UNKNOWN": (b"PROXY UNKNOWN\r\n", "127.0.0.1"),
    "UNKNOWN with more": (b"PROXY UNKNOWN ff:ff 1.2.3.4 0 what ever\r\n", "127.0.0.1"),
    "version 2, IPv4": (version_2(), "192.0.2.7"),
    "version 2, IPv6": (version_2(kind=0x21, content=ip6("2001:db8::7") + ip6("2001:db8::1") + b"\0\1\0\2"), "2001:db8::7"),
    "version 2, TLVs": (version_2(tlvs=b"\x04" + struct.pack("!H", 3000) + b"x" * 3000), "192.0.2.7"),
    "version 2, UNIX": (version_2(kind=0x31, content=b"\0" * 216), "127.0.0.1"),
    "version 2, unspecified": (version_2(kind=0, content=b""), "127.0.0.1"),
    "version 2, LOCAL": (version_2(command=0, kind=0, content=b""), "127.0.0.1"),
    "version 2, LOCAL with content": (version_2(command=0), "127.0.0.1"),
}
# Closed without an answer, and counted. That of each other connection is a mistake of the proxy's settings.
WRONG = {
    "no header": get("/"),
    "lower case": LINE.lower() + get("/"),
    "another family": LINE.replace(b"TCP4", b"UDP4") + get("/"),
    "an address of another family": LINE.replace(b"TCP4", b"TCP6") + get("/"),
    "no address": LINE.replace(b"192.0.2.7", b"192.0.2") + get("/"),
    "a port too large": LINE.replace(b"56324", b"65536") + get("/"),
    "doubled spaces": LINE.replace(b"TCP4 ", b"TCP4  ") + get("/"),
    "LF alone": LINE.replace(b"\r\n", b"\n") + get("/"),
    "108 bytes": b"PROXY UNKNOWN " + b"x" * 92 + b"\r\n" + get("/"),
    "another version": SIGNATURE + b"\x31\x11\0\0" + get("/"),
    "another command": version_2(command=2) + get("/"),
    "another transport": version_2(kind=0x13) + get("/"),
    "too few addresses": version_2(content=b"\0" * 11) + get("/"),
    "too many TLVs": SIGNATURE + b"\x21\x11" + struct.pack("!H", 5000),
    "half a signature": SIGNATURE[:6] + get("/"),
}


def metric(service, name):
    operator = next(line for line in service.first_lines if line.startswith("ops on ")).split("http://")[1]
    connection = http.client.HTTPConnection(operator, timeout=20)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(name + " "))


class RawBytes(unittest.TestCase):
    def test_the_client_is_the_one_of_the_header_wherever_it_is_cut(self):
        with Service(*WITH) as s:
            for n, (what, (header, client)) in enumerate(RIGHT.items()):
                with self.subTest(what):
                    self.assertEqual(s.ask(header + get("/articles/case-%d" % n))[0], 200)
                    s.wait_for_record("target=/articles/case-%d " % n)
                    record = next(x for x in s.read("app.log").splitlines() if b"/case-%d " % n in x)
                    self.assertIn(b" client=%s " % client.encode(), record)
                    cuts = range(1, len(header) + 10, 1 if len(header) < 200 else 131)
                    for cut in cuts:
                        with s.client() as c:
                            whole = header + get("/")
                            c.send(whole[:cut])
                            time.sleep(0.0005)  # two reads, mostly; the answer is the same
                            c.send(whole[cut:])
                            self.assertEqual(c.response()[0], 200)

    def test_further_requests_are_of_the_same_client_and_have_no_header(self):
        with Service(*WITH) as s, s.client() as c:
            c.send(LINE + get("/articles/a") + get("/articles/b"))
            self.assertEqual([c.response()[0], c.response()[0]], [200, 200])
            c.send(get("/articles/c"))
            self.assertEqual(c.response()[0], 200)
            for name in "abc":
                s.wait_for_record("target=/articles/%s " % name)
            self.assertEqual(s.read("app.log").count(b"client=192.0.2.7 "), 3)
            c.send(LINE)
            self.assertEqual(c.response()[0], 400)

    def test_a_client_that_ends_its_side_is_answered(self):
        with Service(*WITH) as s:
            self.assertIn(b" 200 OK", s.exchange(LINE + get("/", "Connection: close"), half_close=True))
            self.assertIn(b" 200 OK", s.exchange(version_2() + get("/"), half_close=True))

    def test_what_is_wrong_is_closed_without_an_answer_counted_and_logged(self):
        with Service(*WITH, "--ops-port", "0") as s:
            for n, (what, sent) in enumerate(WRONG.items()):
                with self.subTest(what):
                    self.assertEqual(s.exchange(sent), b"")
                    self.assertEqual(metric(s, FAULTS), n + 1)
            s.wait_for_record("did not begin with a PROXY header")

    def test_a_connection_without_a_header_ends_after_the_head_timeout(self):
        with Service(*WITH, "--ops-port", "0", "--head-timeout", "1") as s:
            for sent in b"", LINE[:20], SIGNATURE:
                with self.subTest(sent):
                    begin = time.monotonic()
                    self.assertEqual(s.exchange(sent), b"")
                    self.assertLess(time.monotonic() - begin, 10)
            eventually(lambda: metric(s, FAULTS) == 3, "all are counted")

    def test_a_slow_head_after_the_header_is_408(self):
        with Service(*WITH, "--head-timeout", "1") as s:
            self.assertIn(b"HTTP/1.1 408 ", s.exchange(LINE + b"GET / HT"))

    def test_peers_that_are_not_trusted_speak_http(self):
        with Service(*WITH, "--ops-port", "0") as s:
            self.assertEqual(s.ask(get("/articles/plain"), source="127.0.0.9")[0], 200)
            s.wait_for_record("client=127.0.0.9 ")
            for header, _ in RIGHT.values():
                self.assertEqual(s.ask(header + get("/"), source="127.0.0.9")[0], 400)
            self.assertNotIn(b"client=192.0.2.7", s.read("app.log"))
            self.assertEqual(metric(s, FAULTS), 0)

    def test_without_the_setting_a_header_is_a_malformed_request(self):
        with Service("--trusted-proxies", "127.0.0.1") as s:
            for header, _ in RIGHT.values():
                self.assertEqual(s.ask(header + get("/"))[0], 400)
            self.assertEqual(s.ask(get("/"))[0], 200)

    def test_the_limit_of_connections_is_that_of_the_named_client(self):
        with Service(*WITH, "--max-connections-per-client", "2") as s:
            kept = []
            for _ in range(2):
                kept.append(s.client())
                kept[-1].send(LINE + get("/"))
                self.assertEqual(kept[-1].response()[0], 200)
            status, head, _ = s.ask(LINE + get("/"))
            self.assertEqual(status, 503)
            self.assertIn("Retry-After", head)
            with s.client() as c:
                c.send(LINE)  # it is known before there is a request
                self.assertEqual(c.response()[0], 503)
            self.assertEqual(s.ask(LINE.replace(b"192.0.2.7", b"192.0.2.8") + get("/"))[0], 200)
            s.wait_for_record("client 192.0.2.7 has 2 connections")
            kept.pop().close()
            eventually(lambda: s.ask(LINE + get("/"))[0] == 200, "a place is free again")
            kept.pop().close()

    def test_what_a_named_client_says_of_itself_is_not_believed(self):
        with Service(*WITH) as s:
            s.ask(LINE + get("/articles/said", "X-Forwarded-For: 203.0.113.1", "Forwarded: for=203.0.113.1"))
            s.wait_for_record("target=/articles/said ")
            self.assertIn(b"client=192.0.2.7 ", s.read("app.log"))

    def test_fields_of_the_proxy_are_believed_if_they_are_named(self):
        for named, expected in ("for", b"http://a/users/4"), ("for,proto", b"https://a/users/4"):
            with Service(*WITH, "--forwarded", named) as s:
                self.assertIn(expected, s.ask(LINE + get("/users/4", "X-Forwarded-Proto: https"))[2])

    def test_a_connection_that_waits_for_its_header_does_not_delay_the_end(self):
        with Service(*WITH) as s, s.client():
            eventually(lambda: s.ask(LINE + get("/"))[0] == 200, "it is accepted")
            begin = time.monotonic()
            s.stop()
            s.process.wait(20)
            self.assertLess(time.monotonic() - begin, 8)


class ByHaproxy(unittest.TestCase):
    def setUp(self):
        if absent := Haproxy.why_absent():
            self.skipTest(absent)

    def check(self, server):
        with Service(*WITH, "--forwarded", "for,proto,host,prefix", "--ops-port", "0") as s, Haproxy(s, server) as proxy:
            status, _, text = proxy.ask("GET", "/users/4", source="127.0.0.5")
            self.assertEqual((status, text), (404, '{"message":"Not Found: %s/users/4","status":404}\n' % proxy.base))
            s.wait_for_record("client=127.0.0.5 ")
            self.assertEqual(metric(s, FAULTS), 0)
            self.assertNotIn("is DOWN", proxy.said())

    def test_version_1(self):
        self.check("send-proxy")

    def test_version_2_with_health_checks(self):
        self.check("send-proxy-v2 check inter 100ms")

    def test_version_2_with_what_is_known_of_tls(self):
        self.check("send-proxy-v2-ssl-cn proxy-v2-options unique-id,crc32c,ssl")


if __name__ == "__main__":
    run_concurrently()
