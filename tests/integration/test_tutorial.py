"""Plays the tutorial's recorded cases against the binary."""
import json
import os
import subprocess
import sys
import unittest

from phial import Service

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "tutorial", "cases.json")


def play(service, mode):
    done = subprocess.run([sys.executable, os.path.join(HERE, "tutorial", "replay.py"), service.url, CASES, "--mode", mode,
                           "--dir", service.folder], capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


class Tutorial(unittest.TestCase):
    def check(self, mode, *flags):
        with open(CASES, encoding="utf-8") as f:
            expected = sum(1 for case in json.load(f) if case.get("mode", "normal") == mode)
        with Service(*flags) as service:
            code, output = play(service, mode)
            self.assertEqual(code, 0, output)
            self.assertIn("%d passed, 0 failed" % expected, output)

    def test_every_case_of_normal_mode(self):
        self.check("normal")

    def test_every_case_of_normal_mode_on_one_thread(self):
        self.check("normal", "--threads", "1")

    def test_every_case_of_debug_mode(self):
        self.check("debug", "--debug")


if __name__ == "__main__":
    unittest.main(verbosity=2)
