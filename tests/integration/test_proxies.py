"""Under /api/ of a proxy with TLS: the tutorial's session, with every URL that the service makes."""
import json
import re
import unittest

from phial import Service, get, run
from proxies import Caddy, Haproxy, Nginx

BELIEVED = "--trusted-proxies", "127.0.0.1", "--forwarded", "for,proto,host,port,prefix"
ADMIN = {"Authorization": "Basic YWRtaW46c2VjcmV0"}

# method, path, header fields, body, status, and what the text is: {base} is where the service is published
SESSION = [
    ("GET", "/", {}, None, 200, "Welcome"),
    ("GET", "/articles", {}, None, 200, "List of /api/articles"),
    ("GET", "/articles/123", {}, None, 200, "You are reading 123"),
    ("GET", "/hello?name=Luis", {}, None, 200, "Hello Luis"),
    ("PATCH", "/echo", {}, None, 200, "ECHO: PATCH\n"),
    ("POST", "/messages", {"Content-Type": "application/json"}, '{"message":"Hello Data"}', 200,
     'JSON Message: {"message": "Hello Data"}'),
    ("POST", "/messages", {"Content-Type": "application/octet-stream"}, "12345", 200, "Binary message written!"),
    ("GET", "/users/2", {}, None, 200, '{"2":"steve"}\n'),
    ("GET", "/users/4", {}, None, 404, '{"message":"Not Found: {base}/users/4","status":404}\n'),
    ("GET", "/users/4?a=%20b", {}, None, 404, '{"message":"Not Found: {base}/users/4?a=%20b","status":404}\n'),
    ("GET", "/secrets", {}, None, 401, None),
    ("GET", "/secrets", ADMIN, None, 200, "this is top secret"),
    ("GET", "/articles//x", {}, None, 200, "You are reading x"),
    ("GET", "/articles///x?a=b", {}, None, 200, "You are reading x"),
]


class UnderPrefix:
    proxy = None

    def setUp(self):
        if absent := self.proxy.why_absent():
            self.skipTest(absent)

    def follow(self, proxy, method, path, fields, body):
        """The answer after all redirects, each of which must lead to where the service is published."""
        url = proxy.base + path
        for _ in range(5):
            status, headers, text = proxy.ask(method, url, body, fields)
            if status not in (301, 302, 303, 307, 308):
                return status, headers, text
            location = headers["Location"]
            self.assertRegex(location, "^(%s)?/api/" % re.escape(proxy.base[:-4]), url)
            url = location if "://" in location else proxy.base[:-4] + location
        self.fail("redirects without an end: " + url)

    def test_the_session_with_all_redirects_stays_under_the_prefix(self):
        with Service(*BELIEVED, "--hsts", "600") as s, self.proxy(s) as proxy:
            for method, path, fields, body, expected, expected_text in SESSION:
                with self.subTest(path, method=method):
                    status, headers, text = self.follow(proxy, method, path, fields, body)
                    self.assertEqual(status, expected, text)
                    self.assertEqual(headers.get_all("Strict-Transport-Security"), ["max-age=600"])
                    if expected_text is not None:
                        self.assertEqual(text, expected_text.replace("{base}", proxy.base))

    def test_the_documentation_names_the_prefix(self):
        with Service(*BELIEVED) as s, self.proxy(s) as proxy:
            document = json.loads(proxy.ask("GET", "/openapi.json")[2])
            self.assertEqual(document["servers"], [{"url": "/api"}])
            page = proxy.ask("GET", "/docs")[2]
            loaded = re.findall(r'(?:src|href)="([^":]+)"', page)
            self.assertGreaterEqual(len(loaded), 3)
            for address in loaded:  # relative to /api/docs
                self.assertEqual(proxy.ask("GET", "/" + address)[0], 200, address)

    def test_what_a_client_sends_shapes_nothing(self):
        with Service(*BELIEVED) as s, self.proxy(s) as proxy:
            forged = {"Forwarded": "proto=http;host=evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example",
                      "X-Forwarded-Prefix": "//evil.example", "X-Forwarded-Port": "81"}
            self.assertEqual(proxy.ask("GET", "/users/4", headers=forged)[2],
                             '{"message":"Not Found: %s/users/4","status":404}\n' % proxy.base)
            self.assertEqual(proxy.ask("GET", "/articles//x", headers=forged)[1]["Location"], "/api/articles/x")

    def test_the_client_is_whom_the_proxy_names(self):
        with Service(*BELIEVED) as s, self.proxy(s) as proxy:
            proxy.ask("GET", "/?from", source="127.0.0.5")
            s.wait_for_record("client=127.0.0.5 ")


class BehindNginx(UnderPrefix, unittest.TestCase):
    proxy = Nginx


class BehindHaproxy(UnderPrefix, unittest.TestCase):
    proxy = Haproxy


class BehindCaddy(UnderPrefix, unittest.TestCase):
    proxy = Caddy


FIELDS = ("X-Forwarded-Proto: https", "X-Forwarded-Host: shop.example", "X-Forwarded-Prefix: /api", "X-Forwarded-Port: 8443",
          "Forwarded: for=192.0.2.1")
FORGED_PREFIXES = "//evil.example", "/\\evil.example", "evil.example", "https://evil.example", "/a//b", "/..", "/a/%2E%2e/b", "/a\tb", "/a?b"


class Believed(unittest.TestCase):
    def not_found(self, s, *lines):
        return json.loads(s.ask(get("/users/4", *lines))[2])["message"]

    def test_only_what_is_named_is_believed_and_only_of_trusted_peers(self):
        table = [
            ((), "http://a/users/4"),
            (("--forwarded", "proto"), None),
            (("--trusted-proxies", "127.0.0.1"), "http://a/users/4"),
            (("--trusted-proxies", "127.0.0.1", "--forwarded", "proto"), "https://a/users/4"),
            (("--trusted-proxies", "127.0.0.1", "--forwarded", "host"), "http://shop.example/users/4"),
            (("--trusted-proxies", "127.0.0.1", "--forwarded", "prefix"), "http://a/api/users/4"),
            (("--trusted-proxies", "127.0.0.1", "--forwarded", "port"), "http://a:8443/users/4"),
            (("--trusted-proxies", "127.0.0.1", "--forwarded", "for,proto,host,port,prefix"), "https://shop.example:8443/api/users/4"),
            (("--trusted-proxies", "192.0.2.0/24", "--forwarded", "for,proto,host,port,prefix"), "http://a/users/4"),
            (("--root-path", "/v1/"), "http://a/v1/users/4"),
            (("--root-path", "/v1", "--trusted-proxies", "127.0.0.1", "--forwarded", "prefix"), "http://a/api/users/4"),
        ]
        for flags, expected in table:
            with self.subTest(flags):
                if expected is None:
                    self.assertEqual(run(*flags)[0], 2)
                    continue
                with Service(*flags) as s:
                    self.assertEqual(self.not_found(s, *FIELDS), "Not Found: " + expected)

    def test_no_prefix_makes_a_redirect_to_another_host(self):
        with Service(*BELIEVED) as s:
            for forged in FORGED_PREFIXES:
                with self.subTest(forged):
                    status, head, _ = s.ask(get("/articles//x", "X-Forwarded-Prefix: " + forged))
                    self.assertEqual(status, 308)
                    self.assertIn("\r\nLocation: /articles/x\r\n", head)

    def test_the_allowed_host_is_the_one_that_is_believed(self):
        with Service("--allowed-hosts", "shop.example", *BELIEVED) as s:
            for lines, expected in ((("X-Forwarded-Host: shop.example",), 200), (("X-Forwarded-Host: evil.example",), 421), ((), 421),
                                    (("X-Forwarded-Host: evil.example, shop.example",), 200),
                                    (("Forwarded: host=shop.example", "X-Forwarded-Host: evil.example"), 421)):
                with self.subTest(lines):
                    self.assertEqual(s.ask(get("/", *lines))[0], expected)
        with Service("--allowed-hosts", "a", "--trusted-proxies", "127.0.0.1") as s:  # the host is not believed
            self.assertEqual(s.ask(get("/", "X-Forwarded-Host: evil.example"))[0], 200)

    def test_hsts_is_sent_over_tls_only(self):
        field = "Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n"
        with Service("--hsts", "31536000; includesubdomains", *BELIEVED) as s:
            for path, line, expected in (("/", "https", True), ("/users/9", "https", True), ("/none", "https", True), ("/", "http", False),
                                         ("/", "wss", False)):
                head = s.ask(get(path, "X-Forwarded-Proto: " + line))[1]
                self.assertEqual(field in head, expected, head)
            self.assertNotIn("Strict-Transport", s.ask(get("/"))[1])
        with Service(*BELIEVED) as s:
            self.assertNotIn("Strict-Transport", s.ask(get("/", "X-Forwarded-Proto: https"))[1])

    def test_wrong_settings_are_reported(self):
        for flags, word in ((("--forwarded", "for,by"), "'by' is none of"), (("--root-path", "//evil"), "is not a path such as /api"),
                            (("--root-path", "api"), "is not a path such as /api"), (("--hsts", "forever"), "a number of seconds"),
                            (("--proxy-protocol",), "--trusted-proxies")):
            with self.subTest(flags):
                status, _, stderr = run(*flags)
                self.assertEqual(status, 2)
                self.assertIn(word, stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
