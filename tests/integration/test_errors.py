"""Errors for people: the page of debug mode with its stack, what is told outside it, and what every page does without."""
import html
import html.parser
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

from phial import BINARY, Service, get, post, run, sanitizer

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FAILING = "/debug/error"
SAMPLE = os.environ["PHIAL_SAMPLE"]
THROWER = "phial::chapters::(anonymous namespace)::fail(phial::request&)"
PAGE = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# Elements that need no other file and run no code.
HARMLESS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "code", "pre", "small", "ol", "li",
            "details", "summary", "dl", "dt", "dd", "footer", "mark"}


class Tags(html.parser.HTMLParser):
    """What a page consists of; fails where an element is closed that is not open."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.attributes, self.open = set(), set(), []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attributes)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, "</%s> closes nothing" % tag


def ask(s, path, *lines):
    status, head, body = s.ask(get(path, *lines))
    return status, re.search(r"(?i)\r\ncontent-type: ([^\r]*)", head)[1], body.decode()


def frames(page):
    return [html.unescape(name) for name in re.findall(r"<li[^>]*><code>(.*?)</code>", page)]


def command(page):
    return shlex.split(html.unescape(re.search(r"<pre>(.*?)</pre>", page)[1]))


class DebugPage(unittest.TestCase):
    def test_it_names_the_handler_that_threw_first(self):
        with Service("--debug") as s:
            status, media_type, page = ask(s, FAILING, PAGE)
            self.assertEqual((status, media_type), (500, "text/html; charset=utf-8"))
            self.assertEqual(frames(page)[0], THROWER)
            self.assertRegex(page, r'<li class="own"><code>phial::chapters::')
            self.assertIn("route <code>%s</code>" % FAILING, page)
            self.assertIn("std::runtime_error: &lt;boom&gt; &amp; &quot;quotes&quot;", page)

    def test_without_debug_information_its_command_names_the_handler_too(self):
        if not shutil.which("strip") or not shutil.which("addr2line"):
            self.skipTest("there is no strip or no addr2line")
        if sanitizer() == "tsan":
            self.skipTest("the thread sanitizer's own code, which is on the stack, has debug information")
        with tempfile.TemporaryDirectory() as folder:
            without = os.path.join(folder, "phial")
            subprocess.run(["strip", "--strip-debug", "-o", without, BINARY], check=True)
            with Service("--debug", binary=without) as s:
                page = ask(s, FAILING, PAGE)[2]
        self.assertEqual(frames(page)[0], THROWER)
        self.assertIn("This binary has no debug information.", page)
        told = command(page)
        self.assertEqual(told[:3], ["addr2line", "-Cfpie", os.path.realpath(without)])
        told[2] = BINARY
        done = subprocess.run(told, capture_output=True, text=True, timeout=120, check=True)
        self.assertIn("phial::chapters::(anonymous namespace)::fail", done.stdout.splitlines()[0])

    def test_of_a_stripped_binary_it_has_addresses_that_fit_the_binary_with_symbols(self):
        if not shutil.which("strip") or not shutil.which("addr2line"):
            self.skipTest("there is no strip or no addr2line")
        if sanitizer() == "tsan":
            self.skipTest("what the thread sanitizer is to pass over in Boost.Log it knows by names")
        with tempfile.TemporaryDirectory() as folder:
            stripped = os.path.join(folder, "it's stripped")
            subprocess.run(["strip", "-o", stripped, BINARY], check=True)
            with Service("--debug", binary=stripped) as s:
                page = ask(s, FAILING, PAGE)[2]
        self.assertRegex(frames(page)[0], "^0x[0-9a-f]+$")
        self.assertNotIn("phial::", page)
        told = command(page)
        self.assertEqual(told[2:4], [stripped, frames(page)[0]])
        told[2] = BINARY
        done = subprocess.run(told, capture_output=True, text=True, timeout=120, check=True)
        self.assertIn("phial::chapters::(anonymous namespace)::fail", done.stdout.splitlines()[0])

    def test_it_shows_the_lines_around_the_throw(self):
        with open(os.path.join(ROOT, "lib", "handlers", "debugging.cpp"), encoding="utf-8") as f:
            source = f.read().splitlines()
        at = next(n for n, text in enumerate(source, 1) if "throw std::runtime_error" in text)
        with Service("--debug") as s:
            page = ask(s, FAILING, PAGE)[2]
        if "has no debug information" in page:
            self.skipTest("this build has no debug information")
        shown = re.search(r'<li class="own"><code>([^<]*)</code> <details open><summary>([^<]*)</summary>\n<pre>(.*?)</pre>',
                          page, re.DOTALL)
        self.assertEqual(html.unescape(shown[1]), THROWER)
        self.assertEqual(shown[2], "lib/handlers/debugging.cpp:%d" % at)
        lines = shown[3].splitlines()
        self.assertEqual(lines.pop(5), "<mark>%5d  %s</mark>" % (at, html.escape(source[at - 1]).replace("&#x27;", "&#39;")))
        around = [n for n in range(at - 5, min(at + 5, len(source)) + 1) if n != at]
        self.assertEqual([html.unescape(text) for text in lines], ["%5d  %s" % (n, source[n - 1]) for n in around])
        self.assertNotIn("addr2line", page)
        self.assertRegex(page, r"<summary>lib/server/connection\.cpp:\d+</summary>")

    def test_it_shows_arguments_and_hides_their_secrets(self):
        evil = "<script>alert(1)</script>"
        query = "?page=2&evil=%3Cscript%3Ealert(1)%3C/script%3E&password=s3cr3t&api_key=s3cr3t&%22%3E%3Cimg%20src=x"
        with Service("--debug") as s:
            status, head, body = s.ask(get(FAILING + query, PAGE))
            page = body.decode()
        self.assertEqual(status, 500)
        self.assertIn("<dt>page</dt><dd><code>2</code></dd>", page)
        self.assertIn("<dt>password</dt><dd><code>(hidden)</code></dd>", page)
        self.assertIn("<code>%s</code>" % html.escape(evil), page)
        for raw in "s3cr3t", "<script", "<img":
            self.assertNotIn(raw, page)
        self.assertIn("\r\nContent-Security-Policy: default-src 'none'; style-src 'sha256-", head)

    def test_it_shows_the_form_that_was_read_and_hides_its_secrets(self):
        evil = '"><img src=x onerror=alert(1)>'
        urlencoded = "title=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&new_password=s3cr3t".encode()
        multipart = "".join('--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % field for field in (
            ("title", evil), ("new_password", "s3cr3t"))).encode() + b"--b--\r\n"
        forms = ("application/x-www-form-urlencoded", urlencoded), ("multipart/form-data; boundary=b", multipart)
        with Service("--debug", binary=SAMPLE) as s:
            for media_type, form in forms:
                with self.subTest(media_type):
                    status, _, body = s.ask(post("/fail", media_type, form, PAGE))
                    page = body.decode()
                    self.assertEqual(status, 500)
                    self.assertIn("std::runtime_error: failed after the form", page)
                    self.assertIn("<dt>title</dt><dd><code>%s</code></dd>" % html.escape(evil), page)
                    self.assertIn("<dt>new_password</dt><dd><code>(hidden)</code></dd>", page)
                    self.assertNotIn("s3cr3t", page)
                    self.assertNotIn("<img", page)
        with Service(binary=SAMPLE) as s:
            for media_type, form in forms:
                status, _, body = s.ask(post("/fail", media_type, form, PAGE))
                self.assertEqual(status, 500)
                for inside in b"onerror", b"failed", b"title<":
                    self.assertNotIn(inside, body)

    def test_of_head_it_has_no_content_and_the_connection_goes_on(self):
        with Service("--debug") as s, s.client() as c:
            c.send(get(FAILING, PAGE).replace(b"GET", b"HEAD", 1))
            self.assertEqual(c.head()[0], 500)
            c.send(get("/"))
            self.assertEqual(c.response()[2], b"Welcome")

    def test_the_stack_is_right_every_time_on_every_thread(self):
        with Service("--debug", "--threads", "4") as s:
            for _ in range(200):
                self.assertEqual(frames(ask(s, FAILING, PAGE)[2])[0], THROWER)

    def test_credentials_are_hidden(self):
        with Service("--debug") as s:
            page = ask(s, FAILING, PAGE, "X-Shown: shown", *(name + ": s3cr3t" for name in (
                "Authorization", "Proxy-Authorization", "Cookie", "X-Auth-Token", "X-Secret", "X-API-KEY",
                "X-Password")))[2]
            self.assertIn("shown", page)
            self.assertEqual(page.count("(hidden)"), 7)
            self.assertNotIn("s3cr3t", page)

    def test_as_data_there_is_the_message_and_no_stack(self):
        message = 'std::runtime_error: <boom> & "quotes"'
        with Service("--debug") as s:
            status, media_type, body = ask(s, FAILING, "Accept: application/json")
            self.assertEqual((status, media_type), (500, "application/json"))
            self.assertEqual(json.loads(body), {"message": message, "status": 500})
            status, media_type, body = ask(s, FAILING, "Accept: application/problem+json")
            self.assertEqual((status, media_type), (500, "application/problem+json"))
            self.assertEqual(json.loads(body), {
                "type": "about:blank", "title": "Internal Server Error", "status": 500, "detail": message})

    def test_a_client_from_elsewhere_does_not_get_the_page_through_a_proxy(self):
        with Service("--debug", "--trusted-proxies", "127.0.0.1") as s:
            for client, shown in ("127.0.0.1", True), ("8.8.8.8", False):
                with self.subTest(client):
                    _, _, body = s.ask(("GET /debug/error HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n"
                                        "X-Forwarded-For: %s\r\n\r\n" % client).encode())
                    self.assertEqual(b"boom" in body, shown)

    def test_debug_mode_is_refused_where_others_can_reach_it(self):
        for address in "0.0.0.0", "::", "192.0.2.1":
            with self.subTest(address):
                status, _, errors = run("--debug", "--demo-credentials", "--port", "0", "--address", address)
                self.assertEqual(status, 2)
                self.assertIn("--debug: ", errors)


class OutsideDebugMode(unittest.TestCase):
    def test_no_internal_detail_is_shown(self):
        with Service() as s:
            for accept in PAGE, "Accept: application/json", "Accept: application/problem+json", "Accept: */*":
                with self.subTest(accept):
                    status, _, body = ask(s, FAILING + "?argument=argument", accept, "X-Shown: shown")
                    self.assertEqual(status, 500)
                    for inside in ("boom", "runtime_error", "phial::", "0x", "addr2line", "shown", FAILING, ".cpp",
                                   "argument"):
                        self.assertNotIn(inside, body)

    def test_a_problem_has_the_members_of_rfc_9457(self):
        with Service() as s:
            for path, status, title in (("/nowhere", 404, "Not Found"), (FAILING, 500, "Internal Server Error"),
                                        ("/secrets", 401, "Unauthorized")):
                with self.subTest(path):
                    got, media_type, body = ask(s, path, "Accept: application/problem+json")
                    problem = json.loads(body)
                    self.assertEqual((got, media_type), (status, "application/problem+json"))
                    self.assertEqual(set(problem), {"type", "title", "status", "detail"})
                    self.assertEqual((problem["type"], problem["title"], problem["status"]),
                                     ("about:blank", title, status))


class Pages(unittest.TestCase):
    def test_every_page_is_well_formed_and_needs_nothing_else(self):
        for flags in (), ("--debug",):
            with Service(*flags) as s:
                for path in "/nowhere/%3Cscript%3E", FAILING, "/secrets":
                    with self.subTest(flags=flags, path=path):
                        _, media_type, page = ask(s, path, PAGE, "X-Evil: <script src=//evil.example>")
                        self.assertEqual(media_type, "text/html; charset=utf-8")
                        tags = Tags(page)
                        self.assertEqual(tags.open, [])
                        self.assertEqual(tags.elements - HARMLESS, set())
                        self.assertEqual(tags.attributes - {"lang", "charset", "name", "content", "class", "open"}, set())
                        style = page[page.index("<style>"):page.index("</style>")]
                        self.assertNotRegex(style, r"url\(|@import|//")
                        self.assertIn("prefers-color-scheme: dark", style)


if __name__ == "__main__":
    unittest.main(verbosity=2)
