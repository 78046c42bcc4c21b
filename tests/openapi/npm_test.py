#!/usr/bin/env python3
"""What others say of the documents, of the page at /docs, of CORS, of events and of files: npm_test.py BUILD_FOLDER

It takes checkers from npm, into the build folder, and needs Chromium. Without npm, its registry or Chromium the tests
are skipped."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request
import wave

HERE = os.path.dirname(os.path.abspath(__file__))
BUILT = os.path.abspath(sys.argv.pop(1))
SAMPLE = os.path.join(BUILT, "tests/openapi/openapi_sample")
FEED = os.path.join(BUILT, "tests/samples/feed")
MODULES = os.path.join(BUILT, "npm")
os.environ.setdefault("PHIAL_BINARY", os.path.join(BUILT, "phial"))
sys.path.append(os.path.join(HERE, "..", "integration"))
from phial import Service  # noqa: E402 (it wants the binary's name)


def run(*command):
    return subprocess.run(command, cwd=MODULES, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class Npm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("npm"):
            raise unittest.SkipTest("there is no npm")
        shutil.copytree(os.path.join(HERE, "npm"), MODULES, dirs_exist_ok=True)
        done = run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
        if done.returncode:
            raise unittest.SkipTest("npm cannot install the checkers: %s" % done.stdout.strip().splitlines()[-1:])
        for name, binary in (("phial", None), ("sample", SAMPLE)):
            with Service(binary=binary) as service, urllib.request.urlopen(service.url + "/openapi.json") as document:
                with open(os.path.join(MODULES, name + ".json"), "wb") as file:
                    file.write(document.read())

    def succeed(self, *command):
        done = run(*command)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_the_documents_are_openapi_3_1(self):
        said = self.succeed("node", "validate.js", "phial.json", "sample.json")
        self.assertEqual(said, "phial.json: valid 3.1\nsample.json: valid 3.1\n")

    def test_redocly_recommends_nothing_else(self):
        redocly = ("node_modules/.bin/redocly", "lint", "--extends", "recommended", "--format", "json")
        # phial has no licence yet, so its document names none.
        for name, options in (("phial.json", ("--skip-rule", "info-license")), ("sample.json", ())):
            with self.subTest(name):
                self.assertIn('"problems": []', self.succeed(*redocly, *options, name))

    # Otherwise openapi-typescript takes a member with a default for one that must be sent.
    def test_a_typescript_client_compiles(self):
        self.succeed("node_modules/.bin/openapi-typescript", "--default-non-nullable", "false", "sample.json", "-o",
                     "sample.ts")
        self.succeed("node_modules/.bin/tsc", "--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022",
                     "--moduleResolution", "bundler", "--module", "es2022", "client.ts")

    def chromium(self):
        found = shutil.which("chromium")
        if not found:
            self.skipTest("there is no chromium")
        return found

    def test_people_can_use_the_page(self):
        with Service(binary=SAMPLE) as service:
            self.succeed("node", "page.js", self.chromium(), service.url)

    def test_pages_of_another_origin_read_what_they_may(self):
        with Service(binary=SAMPLE) as page, Service("--cors-origins", page.url) as allowing, Service() as closed:
            self.succeed("node", "cors.js", self.chromium(), page.url, allowing.url, closed.url)

    def test_pages_take_events_and_connect_again(self):
        with Service(binary=FEED) as service:
            self.succeed("node", "events.js", self.chromium(), service.url)

    def test_a_player_seeks_by_ranges(self):
        with tempfile.TemporaryDirectory() as folder:
            with wave.open(os.path.join(folder, "long.wav"), "wb") as sound:  # five minutes, 53 MB
                sound.setparams((2, 2, 44100, 0, "NONE", ""))
                for _ in range(300):
                    sound.writeframes(bytes(4 * 44100))
            with open(os.path.join(folder, "page.html"), "w") as page:
                page.write("<!DOCTYPE html><title>A player</title><video src=long.wav preload=metadata></video>")
            with Service("--static-dir", folder) as service:
                self.succeed("node", "video.js", self.chromium(), service.url + "/static/page.html")


if __name__ == "__main__":
    program = unittest.main(verbosity=2, exit=False)
    for test, reason in program.result.skipped:
        print("skipped:", re.sub(r" .*", "", str(test)), reason)
    sys.exit(0 if program.result.wasSuccessful() else 1)
