"""The header fields of all kinds of responses keep the rules, and caches and resumed downloads get what they expect."""
import gzip
import os
import re
import tempfile
import unittest

from field_rules import check_response, fields_of
from phial import Service, run_concurrently


def dechunk(c):
    out = b""
    while True:
        line = b""
        while not line.endswith(b"\r\n"):
            line += c.read(1)
        content = c.read(int(line, 16) + 2)
        if content == b"\r\n":
            return out
        out += content[:-2]


class Exchanges:
    """Requests on one connection, each response of which is checked."""

    def __init__(self, test, service):
        self.test = test
        self.service = service

    def __call__(self, path, *fields, method="GET", body=b""):
        lines = ["%s %s HTTP/1.1" % (method, path), "Host: a", *fields]
        if body:
            lines.append("Content-Length: %d" % len(body))
        with self.service.client() as c:
            c.send("\r\n".join(lines + ["", ""]).encode() + body)
            status, head = c.head()
            length = re.search(r"(?i)\r\ncontent-length: (\d+)", head)
            content = b""
            if method != "HEAD" and status not in (204, 304):
                content = c.read(int(length[1])) if length else dechunk(c)

        def check(holds, what):
            self.test.assertTrue(holds, "%s %s -> %d: %s\n%s" % (method, path, status, what, head))

        check_response(check, method, status, head, content)
        return status, dict(fields_of(head)), content


class Fields(unittest.TestCase):
    def test_every_kind_of_response_of_the_app_keeps_the_rules(self):
        login = "Authorization: Basic YWRtaW46c2VjcmV0"
        with Service("--cors-origins", "https://shop.example", "--demo-credentials") as s:
            ask = Exchanges(self, s)
            for expected, path, *rest in [
                (200, "/"), (200, "/articles/123"), (200, "/hello?name=Luis"), (404, "/nowhere"),
                (404, "/nowhere", "Accept: text/html"), (404, "/nowhere", "Accept: application/json"),
                (401, "/secrets"), (401, "/secrets", "Accept: text/html"), (200, "/secrets", login),
                (200, "/users/2"), (404, "/users/9"), (200, "/docs"), (200, "/openapi.json"),
                (200, "/openapi.json", "Accept-Encoding: gzip"), (200, "/", "Origin: https://shop.example"),
                (404, "/nowhere", "Origin: https://shop.example"), (400, "/", "Content-Length: 1", "Content-Length: 2"),
            ]:
                status, _, _ = ask(path, *rest)
                self.assertEqual(status, expected, path)
            self.assertEqual(ask("/", method="HEAD")[0], 200)
            self.assertEqual(ask("/articles", method="DELETE")[0], 405)
            self.assertEqual(ask("/echo", method="OPTIONS")[0], 200)
            self.assertEqual(ask("/echo", "Origin: https://shop.example", "Access-Control-Request-Method: PUT",
                                 "Access-Control-Request-Headers: content-type", method="OPTIONS")[0], 204)
            self.assertEqual(ask("/messages", "Content-Type: text/plain", method="POST", body=b"x" * 3000)[0], 200)


    def test_responses_behind_a_proxy_and_above_a_rate_keep_the_rules(self):
        secure = "X-Forwarded-Proto: https"
        with Service("--trusted-proxies", "127.0.0.1", "--forwarded", "proto", "--hsts", "3600; includeSubDomains") as s:
            ask = Exchanges(self, s)
            self.assertEqual(ask("/", secure)[1]["strict-transport-security"], "max-age=3600; includeSubDomains")
            self.assertEqual(ask("/nowhere", secure)[1]["strict-transport-security"], "max-age=3600; includeSubDomains")
            self.assertNotIn("strict-transport-security", ask("/")[1])
        with Service("--max-rate", "1") as s:
            ask = Exchanges(self, s)
            self.assertIn(429, [ask("/")[0] for _ in range(4)])

    def test_files_keep_the_rules(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "sub"))
            for name in "text.txt", "sub/index.html":
                with open(os.path.join(folder, name), "w") as file:
                    file.write("0123456789" * 500)
            with Service("--static-dir", folder) as s:
                ask = Exchanges(self, s)
                for expected, path, *rest in [
                    (200, "/text.txt"), (200, "/text.txt", "Accept-Encoding: gzip"), (206, "/text.txt", "Range: bytes=5-9"),
                    (206, "/text.txt", "Range: bytes=5-9,3000-"), (416, "/text.txt", "Range: bytes=9000-"),
                    (412, "/text.txt", 'If-Match: "x"'), (404, "/none"), (301, "/sub"), (200, "/sub/"),
                ]:
                    self.assertEqual(ask("/static" + path, *rest)[0], expected, path)
                self.assertEqual(ask("/static/text.txt", method="HEAD")[0], 200)
                caches = Caches()
                first, content = caches.check_validation(ask, "/static/text.txt")
                caches.check_coding(ask, "/static/text.txt")
                _, part, some = ask("/static/text.txt", "Range: bytes=5-9", "If-Range: " + first["etag"])
                self.assertEqual((part["etag"], some), (first["etag"], content[5:10]))


class Caches(unittest.TestCase):
    """What REDbot asks for besides the response itself."""

    def check_validation(self, ask, path):
        status, first, content = ask(path)
        self.assertEqual(status, 200)
        status, again, _ = ask(path, "If-None-Match: " + first["etag"])
        self.assertEqual(status, 304)
        for field in "etag", "vary", "cache-control", "content-location", "expires":  # RFC 9110 15.4.5
            if field in first:  # Vary may be more: how large the content is is not known then
                self.assertEqual(again.get(field), first[field], field)
        self.assertEqual(ask(path, 'If-None-Match: "another"')[0], 200)
        self.assertEqual(ask(path, "If-None-Match: " + first["etag"], method="HEAD")[0], 304)
        return first, content

    def check_coding(self, ask, path):
        _, plain, content = ask(path)
        _, coded, small = ask(path, "Accept-Encoding: gzip")
        self.assertEqual(coded["content-encoding"], "gzip")
        self.assertEqual(gzip.decompress(small), content)
        self.assertLess(len(small), len(content))
        self.assertEqual(plain["vary"], coded["vary"])
        if "etag" in plain:
            self.assertNotEqual(plain["etag"], coded["etag"])
            status, again, _ = ask(path, "Accept-Encoding: gzip", "If-None-Match: " + coded["etag"])
            self.assertEqual((status, again["etag"]), (304, coded["etag"]))
            self.assertEqual(again["vary"], coded["vary"])

    def test_of_the_feed(self):
        with Service(binary=os.environ["PHIAL_FEED"]) as s:
            ask = Exchanges(self, s)
            self.check_validation(ask, "/readings")
            self.check_validation(ask, "/tagged?size=3000")
            self.check_coding(ask, "/text?size=3000")
            self.check_coding(ask, "/rows?n=10000")
            self.check_coding(ask, "/tagged?size=3000")
            self.check_coding(ask, "/tagged?size=300000")


if __name__ == "__main__":
    run_concurrently()
