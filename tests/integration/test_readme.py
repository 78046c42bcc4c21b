"""Types the curl sessions of the README and the manual, and compares what the pages say with the repository."""
import os
import re
import subprocess
import unittest

from phial import Service

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def pages():
    """Every page of the project: *.md, but not what builds have left."""
    found = []
    for folder, below, files in os.walk(ROOT):
        below[:] = sorted(f for f in below if not f.startswith(".") and f not in ("build", "corpus", "node_modules"))
        found += [os.path.relpath(os.path.join(folder, f), ROOT) for f in sorted(files) if f.endswith(".md")]
    return found


def blocks(page, language):
    return re.findall(r"(?ms)^```%s\n(.*?)^```$" % language, read(page))


def prose(page):
    """The page without its code blocks."""
    text = re.sub(r"(?ms)^```.*?^```$", "", read(page))
    return re.sub(r"(?m)^    .*$", "", text)


def session(page):
    """[(command, expected output)] of the page's console blocks"""
    out = []
    for block in blocks(page, "console"):
        for part in re.split(r"(?m)^\$ ", block)[1:]:
            command, _, expected = part.partition("\n")
            out.append((command, expected))
    return out


def normal(text):
    text = re.sub(r"(?m)^Date: .*$", "Date: some day", text.replace("\r\n", "\n"))
    text = re.sub(r"(?m)^X-Request-Id: [0-9a-f]{16}$", "X-Request-Id: some name", text)
    return text if text.endswith("\n") else text + "\n"


def anchors(page):
    """The names that GitHub gives the page's headings."""
    names = []
    for heading in re.findall(r"(?m)^#+ (.*)$", prose(page)):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        n = names.count(name)
        names.append("%s-%d" % (name, n) if n else name)
    return names


class Readme(unittest.TestCase):
    def test_every_line_answers_as_shown(self):
        lines = session("README.md") + session("app/README.md")
        self.assertGreater(len(lines), 10)
        with Service() as s:
            with open(s.path("message.bin"), "w") as f:
                f.write("hello")
            for command, expected in lines:
                with self.subTest(command):
                    typed = command.replace("127.0.0.1:5000", "%s:%d" % (s.host, s.port)).replace("curl ", "curl -s ", 1)
                    done = subprocess.run(typed, shell=True, cwd=s.folder, capture_output=True, text=True, timeout=30)
                    answer = done.stdout.replace("%s:%d" % (s.host, s.port), "127.0.0.1:5000")
                    self.assertEqual(normal(answer), normal(expected))

    def test_the_chapter_is_the_one_that_is_compiled(self):
        source = read("lib/handlers/users.cpp")
        shown, = blocks("README.md", "cpp")
        for part in re.sub(r" +// phial$", "", shown, flags=re.M).strip().split("\n\n"):
            with self.subTest(part.splitlines()[0]):
                self.assertIn(part, source)

    def test_the_limits_of_a_route_are_compiled(self):
        shown = re.search(r"(?m)^ {6}(bp\..*\.body_limit\(.*;)$", read("lib/README.md"))[1]
        self.assertIn(shown, read("tests/unit/routing/route_limits_test.cpp"))

    def test_the_front_page_is_short(self):
        lines = read("README.md").splitlines()
        self.assertLessEqual(len(lines), 130)
        self.assertEqual([line for line in lines if len(line) > 120], [])

    def test_every_link_leads_somewhere(self):
        for page in pages():
            for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
                with self.subTest(page=page, link=target):
                    if re.match(r"[a-z]+:", target):
                        continue  # another site
                    path, _, anchor = target.partition("#")
                    path = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
                    self.assertTrue(os.path.exists(os.path.join(ROOT, path)), path)
                    if anchor:
                        self.assertIn(anchor, anchors(path))

    def test_every_path_that_is_named_exists(self):
        for page in pages():
            for name in re.findall(r"`((?:app|deploy|lib|scripts|tests)/[\w./-]+)`", prose(page)):
                with self.subTest(page=page, path=name):
                    self.assertTrue(os.path.exists(os.path.join(ROOT, name)), name)

    def test_the_table_of_modules_has_their_links(self):
        modules = dict(re.findall(r"(?m)^phial_module\((\w+)(?: LINKS ([^)]*))?\)", read("lib/CMakeLists.txt")))
        linked = {name: set(re.findall(r"phial::(\w+)", links)) & modules.keys() for name, links in modules.items()}
        rows = re.findall(r"(?m)^\| `(\w+)` \|.*\| ?([^|]*) \|$", read("lib/README.md"))
        shown = {name: set(re.findall(r"\w+", links)) for name, links in rows}
        self.assertEqual(shown, linked)


if __name__ == "__main__":
    unittest.main(verbosity=2)
