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

from phial import BINARY, Service, get, run

FAILING = "/debug/error"
THROWER = "phial::chapters::(anonymous namespace)::fail(phial::request&)"
PAGE = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# Elements that need no other file and run no code.
HARMLESS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "code", "pre", "small", "ol", "li",
            "details", "summary", "dl", "dt", "dd", "footer"}


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

    def test_its_command_names_the_handler_too(self):
        if not shutil.which("addr2line"):
            self.skipTest("there is no addr2line")
        with Service("--debug") as s:
            told = command(ask(s, FAILING, PAGE)[2])
        self.assertEqual(told[:3], ["addr2line", "-Cfpie", os.path.realpath(BINARY)])
        done = subprocess.run(told, capture_output=True, text=True, timeout=120, check=True)
        self.assertIn("phial::chapters::(anonymous namespace)::fail", done.stdout.splitlines()[0])

    def test_of_a_stripped_binary_it_has_addresses_that_fit_the_binary_with_symbols(self):
        if not shutil.which("strip") or not shutil.which("addr2line"):
            self.skipTest("there is no strip or no addr2line")
        with open(BINARY, "rb") as binary:
            if b"__tsan_init" in binary.read():
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
                    status, _, body = ask(s, FAILING, accept, "X-Shown: shown")
                    self.assertEqual(status, 500)
                    for inside in "boom", "runtime_error", "phial::", "0x", "addr2line", "shown", FAILING:
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
                        self.assertEqual(tags.attributes - {"lang", "charset", "name", "content", "class"}, set())
                        style = page[page.index("<style>"):page.index("</style>")]
                        self.assertNotRegex(style, r"url\(|@import|//")
                        self.assertIn("prefers-color-scheme: dark", style)


if __name__ == "__main__":
    unittest.main(verbosity=2)
