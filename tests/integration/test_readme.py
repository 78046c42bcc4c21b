"""Types the README's curl session and compares the answers."""
import os
import re
import subprocess
import unittest

from phial import Service

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "README.md")


def session():
    """[(command, expected output)] of the README's console blocks"""
    with open(README, encoding="utf-8") as f:
        blocks = re.findall(r"```console\n(.*?)```", f.read(), re.S)
    out = []
    for block in blocks:
        for part in re.split(r"(?m)^\$ ", block)[1:]:
            command, _, expected = part.partition("\n")
            out.append((command, expected))
    return out


def normal(text):
    text = re.sub(r"(?m)^Date: .*$", "Date: some day", text.replace("\r\n", "\n"))
    text = re.sub(r"(?m)^X-Request-Id: [0-9a-f]{16}$", "X-Request-Id: some name", text)
    return text if text.endswith("\n") else text + "\n"


class Readme(unittest.TestCase):
    def test_every_line_answers_as_shown(self):
        lines = session()
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


if __name__ == "__main__":
    unittest.main(verbosity=2)
