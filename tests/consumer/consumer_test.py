#!/usr/bin/env python3
"""Builds a service on phial in each way it can be taken, runs it and asks it: consumer_test.py BUILD_FOLDER

BUILD_FOLDER is where scripts/run has built phial: what lies there is installed, and the installation is moved to another
place before it is used."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILT = os.path.abspath(sys.argv.pop(1))


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise AssertionError("%s\n%s" % (" ".join(command), done.stdout))
    return done.stdout


def build(folder, *definitions):
    run("cmake", "-S", HERE, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS=-O0 -g0", *definitions)
    run("cmake", "--build", folder, "--target", "hello")
    return os.path.join(folder, "hello")


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.headers, answer.read().decode()


class Consumer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = cls.temporary.name

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def check(self, binary):
        """It serves under its own name, with its own setting, counter and check."""
        environment = dict(os.environ, HELLO_GREETING="Good day", HELLO_LOG_DIR="")
        process = subprocess.Popen([binary, "--port=0", "--ops-port=0"], env=environment, cwd=self.folder, text=True, stdout=subprocess.PIPE)
        try:
            urls = {}
            while len(urls) < 2:
                line = process.stdout.readline()
                self.assertTrue(line, "it ended before it listened")
                if found := re.match(r"(listening|ops) on (http://\S+)", line):
                    urls[found[1]] = found[2]
            service, operator = urls["listening"], urls["ops"]
            headers, body = get(service + "/greet/Ada")
            self.assertEqual(body, "Good day, Ada\n")
            self.assertEqual(headers["Server"], "hello")
            self.assertEqual(json.loads(get(service + "/")[1]), {"greeting": "Good day"})
            self.assertEqual(json.loads(get(operator + "/readyz")[1])["checks"]["greeting_given"], "ok")
            self.assertEqual(json.loads(get(operator + "/version")[1])["version"], "1.0.0")
            metrics = get(operator + "/metrics")[1]
            self.assertIn("\nhello_greetings_total 1\n", metrics)
            self.assertIn("\nhello_connections_total ", metrics)
            self.assertNotIn("phial_", metrics)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(30), 0)
        finally:
            process.kill()
            process.stdout.close()
            process.wait()
        help_text = run(binary, "--help")
        self.assertRegex(help_text, r"\nGreeting\n  --greeting WORD +what it says \(Hello\)\n")
        self.assertNotIn("phial", help_text.lower())
        self.assertTrue(run(binary, "--version").startswith("hello 1.0.0 "))

    def test_the_installed_package(self):
        run("cmake", "--install", BUILT, "--prefix", os.path.join(self.folder, "first"))
        installed = os.path.join(self.folder, "moved")
        os.rename(os.path.join(self.folder, "first"), installed)
        for base, _, files in os.walk(installed):
            for name in files:
                if name.endswith(".cmake"):
                    with open(os.path.join(base, name)) as f:
                        self.assertNotIn(ROOT, f.read(), name)
        self.check(build(os.path.join(self.folder, "package"), "-DPHIAL_BY=package", "-DCMAKE_PREFIX_PATH=" + installed))

    def test_the_sources(self):
        folder = os.path.join(self.folder, "sources")
        self.check(build(folder, "-DPHIAL_BY=subdirectory", "-DPHIAL_SOURCE=" + ROOT))
        with open(os.path.join(folder, "build.ninja")) as f:
            compiled = f.read()
        main = compiled[compiled.index("build CMakeFiles/hello.dir/main.cpp.o"):]
        main = main[:main.index("\n\n")]
        self.assertNotIn("-Wshadow", main)
        self.assertNotIn(ROOT + "/lib", main)
        self.assertNotIn("--wrap", compiled[compiled.index("build hello:"):])
        self.check(build(folder, "-DPHIAL_BY=fetch", "-DPHIAL_SOURCE=" + ROOT))


if __name__ == "__main__":
    unittest.main(verbosity=2)
