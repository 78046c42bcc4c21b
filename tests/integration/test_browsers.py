"""What browsers need of the service: the CORS protocol (--cors-origins)."""
import http.client
import unittest

from phial import Service, run

SHOP = "https://shop.example"


def ask(service, method, path, **fields):
    connection = http.client.HTTPConnection(service.host, service.port, timeout=20)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in fields.items()})
        response = connection.getresponse()
        response.read()
        return response.status, response.headers
    finally:
        connection.close()


class CrossOrigin(unittest.TestCase):
    def test_without_the_setting_no_page_may_read(self):
        with Service() as s:
            status, headers = ask(s, "GET", "/", Origin=SHOP)
            self.assertEqual(status, 200)
            self.assertEqual([name for name in headers if name.lower().startswith("access-control")], [])
            self.assertIsNone(headers["Vary"])

    def test_pages_of_named_origins_may_read_all_responses(self):
        with Service("--cors-origins", SHOP + ", http://localhost:3000", "--max-fields", "8") as s:
            many = {"X-%d" % n: "x" for n in range(9)}
            for method, path, fields, expected in (("GET", "/", {}, 200), ("GET", "/users/9", {}, 404), ("GET", "/secrets", {}, 401),
                                                   ("DELETE", "/articles", {}, 405), ("BREW", "/", {}, 501), ("GET", "/debug/error", {}, 500)):
                with self.subTest(path, method=method):
                    status, headers = ask(s, method, path, Origin=SHOP, **fields)
                    self.assertEqual((status, headers["Access-Control-Allow-Origin"]), (expected, SHOP))
                    self.assertIn("Origin", headers.get_all("Vary"))
            status, headers = ask(s, "GET", "/", Origin=SHOP, **many)
            self.assertEqual(status, 431)
            self.assertIn("Origin", headers.get_all("Vary"))
            self.assertIsNone(ask(s, "GET", "/", Origin="https://other.example")[1]["Access-Control-Allow-Origin"])

    def test_a_preflight_is_answered_before_a_login(self):
        with Service("--cors-origins", SHOP) as s:
            status, headers = ask(s, "OPTIONS", "/secrets", Origin=SHOP, Access_Control_Request_Method="GET",
                                  Access_Control_Request_Headers="authorization")
            self.assertEqual(status, 204)
            self.assertEqual(headers["Access-Control-Allow-Methods"], "GET, HEAD, OPTIONS")
            self.assertEqual(headers["Access-Control-Allow-Headers"], "authorization")
            self.assertEqual(headers["Access-Control-Allow-Credentials"], "true")

    def test_any_origin_is_asked_for_by_name_and_said_at_start(self):
        with Service("--cors-origins", "*") as s:
            headers = ask(s, "GET", "/", Origin=SHOP)[1]
            self.assertEqual(headers["Access-Control-Allow-Origin"], "*")
            self.assertIsNone(headers["Access-Control-Allow-Credentials"])
            s.wait_for_record("--cors-origins *")

    def test_what_is_no_origin_is_refused(self):
        status, _, stderr = run("--cors-origins", SHOP + "/")
        self.assertEqual(status, 2)
        self.assertIn("--cors-origins", stderr)
        self.assertIn("is not an origin such as https://shop.example", stderr)


class Hosts(unittest.TestCase):
    def test_a_service_answers_to_its_names(self):
        with Service("--allowed-hosts", "api.example, *.shop.example", "--ops-port", "0") as s:
            for host, expected in (("api.example", 200), ("API.example:81", 200), ("a.shop.example", 200), ("shop.example", 421),
                                   ("evil.example", 421), ("127.0.0.1", 421)):
                with self.subTest(host):
                    self.assertEqual(ask(s, "GET", "/", Host=host)[0], expected)
            operator = next(line for line in s.first_lines if line.startswith("ops on ")).split("http://")[1]
            connection = http.client.HTTPConnection(operator, timeout=20)
            connection.request("GET", "/livez")  # a probe names the pod's address
            self.assertEqual(connection.getresponse().status, 200)
            connection.close()

    def test_what_is_no_name_is_refused(self):
        status, _, stderr = run("--allowed-hosts", "http://api.example")
        self.assertEqual(status, 2)
        self.assertIn("which is not a name such as api.example", stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
