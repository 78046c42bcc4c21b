"""The folder of uploads: missing, vanished, not writable."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

from phial import BINARY, Service, eventually
from mounts import TMPFS, Mounted, mounted, needs_mounts
from uploads import none_is_left, scratch, temporaries, upload


def as_nobody():
    """What root may do proves nothing. To be called before the binary starts."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def nobody_cannot_start():
    """Why permissions cannot be tried here, or nothing."""
    try:
        subprocess.run([BINARY, "--version"], check=True, capture_output=True, preexec_fn=as_nobody)
    except (OSError, subprocess.SubprocessError) as e:
        return "root ignores permissions, and nobody cannot run the binary: %s" % e


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="phial-test-"))
        os.chmod(self.folder, 0o777)
        self.uploads = os.path.join(self.folder, "in")
        os.mkdir(self.uploads)
        os.chmod(self.uploads, 0o777)

    def failed(self, s, reason):
        """500 without the reason, which is in the log."""
        status, _, body = s.ask(upload(b"new"))
        self.assertEqual(status, 500, body)
        self.assertEqual(json.loads(body)["status"], 500)
        self.assertIn("message", json.loads(body))
        for secret in (self.folder, reason, "/in", "phial-upload"):
            self.assertNotIn(secret.lower(), body.decode().lower())
        s.wait_for_record(reason)
        told = [line for line in s.read("app.log").decode().splitlines() if reason in line]
        self.assertIn(self.uploads, told[0])
        self.assertIn("/messages", s.read("app.log").decode())

    def test_one_that_vanished_is_a_500_with_the_reason_in_the_log_only_until_it_is_back(self):
        with Service("--upload-dir", self.uploads) as s:
            os.rmdir(self.uploads)
            self.failed(s, "No such file or directory")
            os.mkdir(self.uploads)
            self.assertEqual(s.ask(upload(b"new"))[0], 200)
            self.assertEqual(s.read(self.uploads + "/binary"), b"new")

    def test_one_that_vanishes_under_an_upload_is_a_500(self):
        with Service("--upload-dir", self.uploads) as s, s.client() as c:
            c.send(upload(b"x" * 300_000, length=300_001))
            eventually(lambda: temporaries(self.uploads), "an upload is under way")
            shutil.rmtree(self.uploads)
            c.send(b"x")
            status, _, body = c.response()
            self.assertEqual(status, 500)
            self.assertNotIn(self.folder.encode(), body)
            s.wait_for_record("No such file or directory")
            self.assertFalse(os.path.exists(self.uploads))

    def test_a_name_that_cannot_be_replaced_is_a_500_and_no_temporary_stays(self):
        """rename(2): EISDIR."""
        os.mkdir(self.uploads + "/binary")
        with Service("--upload-dir", self.uploads) as s:
            self.failed(s, "Is a directory")
            none_is_left(self.uploads)
            self.assertEqual(os.listdir(self.uploads), ["binary"])

    @unittest.skipIf(nobody_cannot_start(), nobody_cannot_start())
    def test_one_that_became_read_only_is_a_500_with_the_reason_in_the_log_only_until_it_is_not(self):
        with Service("--upload-dir", self.uploads, folder=self.folder, before=as_nobody) as s:
            self.assertEqual(s.ask(upload(b"old"))[0], 200)
            os.chmod(self.uploads, 0o555)
            self.failed(s, "Permission denied")
            self.assertEqual(s.read("in/binary"), b"old")
            os.chmod(self.uploads, 0o777)
            self.assertEqual(s.ask(upload(b"new"))[0], 200)
            self.assertEqual(s.read("in/binary"), b"new")

    def refused_at_start(self, folder, before=None):
        told = subprocess.run([BINARY, "--port", "0", "--log-dir", "", "--upload-dir", folder], capture_output=True,
                              text=True, timeout=30, preexec_fn=before)
        self.assertEqual((told.returncode, told.stdout), (2, ""))
        self.assertRegex(told.stderr, r"\Aphial: --upload-dir: .*\n\Z")
        self.assertIn(folder, told.stderr)

    def test_one_that_is_missing_or_no_folder_is_reported_at_start(self):
        self.refused_at_start(self.folder + "/nothing")
        open(self.folder + "/file", "w").close()
        self.refused_at_start(self.folder + "/file")

    @unittest.skipIf(nobody_cannot_start(), nobody_cannot_start())
    def test_one_that_is_not_writable_is_reported_at_start(self):
        for mode in (0o555, 0o666, 0o000):  # without x nothing in it has a name
            with self.subTest(oct(mode)):
                os.chmod(self.uploads, mode)
                try:
                    self.refused_at_start(self.uploads, as_nobody)
                finally:
                    os.chmod(self.uploads, 0o777)


class ReadOnly(unittest.TestCase):
    """What root may do ends here, too (mount(2): EROFS)."""

    @needs_mounts
    def test_a_folder_that_cannot_be_written_to_is_reported_at_start(self):
        with scratch() as at:
            told = subprocess.run([*mounted("-t tmpfs -o ro tmpfs", at), BINARY, "--port", "0", "--log-dir", "",
                                   "--upload-dir", at], capture_output=True, text=True, timeout=30)
            self.assertEqual((told.returncode, told.stdout), (2, ""))
            self.assertRegex(told.stderr, r"\Aphial: --upload-dir: .*\n\Z")
            self.assertIn(at, told.stderr)

    @needs_mounts
    def test_one_that_becomes_so_is_a_500_with_the_reason_in_the_log_only_until_it_is_not(self):
        with Mounted(TMPFS) as m:
            s = m.service
            self.assertEqual(s.ask(upload(b"old"))[0], 200)
            m.remount("ro")
            status, _, body = s.ask(upload(b"new"))
            self.assertEqual((status, json.loads(body)["status"]), (500, 500))
            for secret in ("read-only", "phial-", m.at.name):
                self.assertNotIn(secret, body.decode().lower())
            s.wait_for_record("Read-only file system")
            self.assertIn(m.at.name, s.read("app.log").decode())
            self.assertEqual(m.read(), b"old")
            m.remount("rw")
            self.assertEqual(s.ask(upload(b"new"))[0], 200)
            self.assertEqual(m.read(), b"new")


if __name__ == "__main__":
    unittest.main(verbosity=2)
