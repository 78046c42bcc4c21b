"""Compares the tables of app/README.md with --help and /metrics."""
import os
import re
import subprocess
import tempfile
import unittest
import urllib.request

from phial import BINARY, Service

MANUAL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "app", "README.md")
ALICE = "alice:$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S\n"


def section(title):
    """The text below a heading, up to the next one of its level."""
    with open(MANUAL, encoding="utf-8") as f:
        return re.search(r"(?ms)^## %s$(.*?)(?=^## |\Z)" % title, f.read())[1]


def plain(text):
    return " ".join(text.replace("`", "").split())


def last_brackets(text):
    """What stands in brackets at the end of a description; there may be brackets in it."""
    if not text.endswith(")"):
        return ""
    depth = 0
    for i in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[i], 0)
        if depth == 0:
            return text[i + 1:-1]
    raise AssertionError("brackets do not match: %r" % text)


def settings_of_help(text):
    """[(group, name, default)] of what --help prints; the group is None before there is a heading."""
    found = []
    group = None
    for line in text.splitlines():
        entry = re.match(r"  --([a-z-]+)(?: (\S+))?(?: +(\S.*))?$", line)
        if entry:
            found.append([group, entry[1], entry[3] or ""])
        elif re.match(r" {4,}\S", line) and found:
            found[-1][2] += " " + line.strip()
        elif re.match(r"[A-Z][A-Za-z ]*:?$", line):
            group = line.rstrip(":")
    return [(group, name, last_brackets(plain(text))) for group, name, text in found]


def settings_of_manual():
    """[(group, name, default)] of the manual's tables."""
    found = []
    for group, table in re.findall(r"(?ms)^### (\w+)$(.*?)(?=^### |\Z)", section("Settings")):
        for name, default in re.findall(r"(?m)^\| `--([a-z-]+)` \| ([^|]*?) ?\|", table):
            found.append((group, name, plain(default)))
    return found


class Manual(unittest.TestCase):
    def setUp(self):
        self.help = subprocess.run([BINARY, "--help"], capture_output=True, text=True, check=True).stdout
        self.maxDiff = None

    def test_it_has_the_settings_and_defaults_of_help(self):
        in_help = settings_of_help(self.help)
        self.assertGreater(len(in_help), 40)
        self.assertEqual(sorted(s[1:] for s in settings_of_manual()), sorted(s[1:] for s in in_help))

    def test_it_has_the_groups_and_order_of_help(self):
        in_help = settings_of_help(self.help)
        if "Listening" not in {group for group, _, _ in in_help}:
            self.skipTest("--help has no groups")
        self.assertEqual([s[:2] for s in settings_of_manual()], [s[:2] for s in in_help])

    def test_it_has_the_metrics_of_the_service(self):
        with Service("--ops-port", "0", "--password-file", self.password_file()) as s:
            ops = re.fullmatch(r"ops on (http://\S+)", s.first_lines[-2])[1]
            with urllib.request.urlopen(s.url + "/", timeout=10):
                pass
            with urllib.request.urlopen(ops + "/metrics", timeout=10) as answer:
                served = re.findall(r"(?m)^# TYPE (\S+)", answer.read().decode())
        named = []
        for row in re.findall(r"(?m)^\| (`[a-z_]+`.*?) \|", section("Health and metrics")):
            named += re.findall(r"`(\w+)`", row)
        self.assertEqual(sorted(named), sorted(served))

    def password_file(self):
        file = tempfile.NamedTemporaryFile("w", prefix="phial-users-")
        self.addCleanup(file.close)
        file.write(ALICE)
        file.flush()
        return file.name


if __name__ == "__main__":
    unittest.main(verbosity=2)
