"""Disks that are full, that fail, and that lose their power."""
import functools
import json
import os
import random
import resource
import shutil
import socket
import subprocess
import unittest

from phial import Service, chunk, eventually, get, post_chunked, run
from failing_calls import failing, needs_numbers
from mounts import TMPFS, Mounted, cannot_mount, mounted, needs_mounts, no_mounts
from test_faults import set_soft
from uploads import OCTETS, SEED, begun, none_is_left, scratch, temporaries, upload, write


class Full(unittest.TestCase):
    """RFC 4918 11.5: 507 when the server is unable to store the representation."""

    def refused(self, c, status=507):
        got, head, body = c.response()
        self.assertEqual(got, status, body)
        self.assertEqual(json.loads(body)["status"], status)
        for secret in ("phial-", "space", "large", "tmp", "binary"):
            self.assertNotIn(secret, body.decode().lower())
        return head

    def stored(self, m, content):
        self.assertEqual(m.service.ask(upload(content))[0], 200)
        self.assertTrue(m.read() == content)

    @needs_mounts
    def test_a_disk_that_fills_up_under_an_upload_is_507_which_arrives_and_what_fits_goes_on(self):
        def chunked(n, *end):
            return post_chunked("/messages", OCTETS, *[chunk(b"x" * 100_000)] * n, *end)

        CLOSES, GOES_ON, NOBODY_KNOWS = True, False, None  # how much is left of a chunked one
        bodies = {"all is sent, by length": (upload(b"x" * 3_000_000), CLOSES),
                  "all is sent, chunked": (chunked(30, chunk(b"")), NOBODY_KNOWS),
                  "there would be more, by length": (upload(b"x" * 6_000_000, length=500_000_000), CLOSES),
                  "there would be more, chunked": (chunked(60), NOBODY_KNOWS),
                  "it is the last block": (chunked(10, chunk(b"x" * 48_576), chunk(b"")), GOES_ON)}
        with Mounted(TMPFS, "--threads", "1", "--upload-space", "1GiB") as m:
            self.stored(m, b"old" * 10_000)
            free = m.free()
            for name, (raw, closes) in bodies.items():
                with self.subTest(name):
                    with m.service.client() as c:
                        c.send(raw)
                        head = self.refused(c)
                        if closes is not NOBODY_KNOWS:
                            self.assertEqual("\r\nConnection: close\r\n" in head, closes)
                        if closes is GOES_ON:
                            c.send(get("/hello?name=x"))
                            self.assertEqual(c.response()[2], b"Hello x")
                        c.socket.shutdown(socket.SHUT_WR)
                        self.assertEqual(c.rest(), b"")  # and no reset
                    none_is_left(m.folder)
                    eventually(lambda: m.free() == free, "its room is free again")
                    self.assertEqual(m.read(), b"old" * 10_000)
                    self.stored(m, b"new" * 200_000)
                    self.stored(m, b"old" * 10_000)

    @needs_mounts
    def test_a_disk_that_is_full_already_is_507_until_there_is_room(self):
        """Without a block nothing is written, without an inode nothing is created."""
        for what, full_of in ((TMPFS, "blocks"), ("-t tmpfs -o size=1m,nr_inodes=3 tmpfs", "inodes")):
            with self.subTest(full_of), Mounted(what) as m:
                self.stored(m, b"old")
                m.fill() if full_of == "blocks" else write(m.path("filler"))
                for body in (b"x", b"x" * 300_000, b"x" * 700_000):
                    with m.service.client() as c:
                        c.send(upload(body))
                        self.refused(c)
                    none_is_left(m.folder)
                    self.assertEqual(m.read(), b"old")
                m.service.wait_for_record("No space left on device")
                self.assertIn(m.at.name, m.service.read("app.log").decode())
                os.unlink(m.path("filler"))
                self.stored(m, b"new" * 100_000)

    @needs_mounts
    def test_one_upload_that_finds_no_room_does_not_take_another_with_it(self):
        with Mounted(TMPFS, "--upload-memory", "0", "--upload-space", "1GiB") as m:  # so that what was read is on the disk
            for size, needs in ((100_000, 2_000_000), (900_000, 600_000)):
                with self.subTest(size):
                    first, name = begun(m.service, b"f" * size, m.folder)
                    eventually(lambda: os.path.getsize(m.path(name)) == size, "it has taken its room")
                    free = m.free()
                    with m.service.client() as second:
                        second.send(upload(b"s" * needs))
                        self.refused(second)
                    eventually(lambda: m.free() == free, "its room is free again")
                    self.assertEqual(temporaries(m.folder), [name])
                    with first:
                        first.send(b"f")
                        self.assertEqual(first.response()[0], 200)
                    self.assertTrue(m.read() == b"f" * (size + 1))
                    self.stored(m, b"")
            none_is_left(m.folder)

    @needs_mounts
    def test_it_starts_on_a_full_disk(self):
        full = '%s "$0"; head -c 2m /dev/zero >"$0/filler" 2>/dev/null || true; true' % TMPFS
        with Mounted(full) as m:
            self.assertEqual(os.path.getsize(m.path("filler")), 1 << 20)
            with m.service.client() as c:
                c.send(upload(b"x"))
                self.refused(c)
            os.unlink(m.path("filler"))
            self.stored(m, b"new")

    def test_a_file_larger_than_the_process_may_write_is_507(self):
        """setrlimit(2): RLIMIT_FSIZE is EFBIG, and SIGXFSZ, which is not to end the process."""
        with Service() as s:
            self.assertEqual(s.ask(upload(b"old"))[0], 200)
            before = set_soft(s, resource.RLIMIT_FSIZE, 1 << 20)
            for raw in (upload(b"x" * 3_000_000), upload(b"x" * ((1 << 20) + 1)),
                        upload(b"x" * 6_000_000, length=1 << 30)):
                with s.client() as c:
                    c.send(raw)
                    self.refused(c)
                none_is_left(s.folder)
                self.assertEqual(s.read("binary"), b"old")
            s.wait_for_record("File too large")
            self.assertEqual(s.ask(upload(b"x" * (1 << 20)))[0], 200)
            set_soft(s, resource.RLIMIT_FSIZE, before)
            self.assertEqual(s.ask(upload(b"x" * 3_000_000))[0], 200)
            self.assertTrue(s.read("binary") == b"x" * 3_000_000)


FSYNC, RENAME = (74, 75, 277, 306), (82, 264, 316)  # and their kin, by their numbers on x86-64


@needs_numbers
class Disk(unittest.TestCase):
    """A disk that fails, by way of system calls that do."""

    def check(self, flags, calls, error, status):
        with scratch() as folder:
            write(os.path.join(folder, "binary"), b"old")
            with Service(*flags, folder=folder, before=failing(calls, error)) as s:
                for body in (b"", b"new", b"new" * 200_000):
                    got, _, answer = s.ask(upload(body))
                    self.assertEqual(got, status, answer)
                    none_is_left(folder)
                    if status == 200:
                        self.assertTrue(s.read("binary") == body)
                        continue
                    self.assertEqual(s.read("binary"), b"old")
                    self.assertNotIn(os.strerror(error).encode(), answer)
                    s.wait_for_record(os.strerror(error))
                    self.assertEqual(s.ask(get("/hello?name=x"))[0], 200)

    def test_what_it_does_not_keep_does_not_get_200_and_the_old_file_is_there(self):
        EIO, ENOSPC = 5, 28
        for flags in ((), ("--durability", "full")):
            for error, status in ((EIO, 500), (ENOSPC, 507)):
                with self.subTest((flags, error)):
                    self.check(flags, FSYNC, error, status)

    def test_a_rename_that_fails_leaves_the_old_file_and_no_temporary(self):
        EIO = 5
        for flags in ((), ("--durability", "none")):
            with self.subTest(flags):
                self.check(flags, RENAME, EIO, 500)

    def test_without_durability_nothing_waits_for_it(self):
        self.check(("--durability", "none"), FSYNC, 5, 200)

    def test_durability_is_full_or_none(self):
        with scratch() as folder:
            code, out, err = run("--port", "0", "--log-dir", "", "--upload-dir", folder, "--durability", "most")
        self.assertEqual((code, out), (2, ""))
        self.assertRegex(err, r"\Aphial: --durability: .*most.*\n\Z")


def image(folder):
    """A file with a file system in it, that of most servers."""
    path = os.path.join(folder, "disk")
    with open(path, "wb") as f:
        f.truncate(16 << 20)
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", path], check=True)
    return path


@functools.cache
def no_loop_devices():
    if no_mounts() or not shutil.which("mke2fs"):
        return no_mounts() or "no mke2fs"
    with scratch() as folder:
        return cannot_mount("-o loop '%s'" % image(folder), folder)


@unittest.skipIf(no_loop_devices(), "no disk image may be mounted here: %s" % no_loop_devices())
class PowerCut(unittest.TestCase):
    """What the kernel has written to the image by the moment of the answer is what is on the disk after a power cut. It
    writes what nobody asks for after 30 seconds at the earliest, and by the mount's options no journal before that."""

    def after_the_cut(self, disk):
        with scratch() as at:
            copy = os.path.join(at, "copy")
            shutil.copyfile(disk, copy)
            inside = os.path.join(at, "in")
            os.mkdir(inside)
            told = subprocess.run([*mounted("-o loop '%s'" % copy, inside), "sh", "-c",
                                   'cd "$0"; ls -A >&2; cat binary', inside], capture_output=True)
            return told.stdout, set(told.stderr.decode().split()) - {"lost+found"}

    def test_an_upload_that_got_its_response_survives_it_and_one_under_way_leaves_the_old_file(self):
        chance = random.Random(SEED)
        with scratch() as folder:
            disk = image(folder)
            with Mounted("-o loop,commit=300 '%s'" % disk, "--threads", "1") as m:
                lost = 0
                for _ in range(6):
                    body = chance.randbytes(chance.randrange(1, 1_000_000))
                    self.assertEqual(m.service.ask(upload(body))[0], 200)
                    write(m.path("unsynced"), b"x")  # nobody waits for that
                    content, names = self.after_the_cut(disk)
                    self.assertTrue(content == body, (len(content), len(body)))
                    lost += "unsynced" not in names
                    os.unlink(m.path("unsynced"))
                    c, _ = begun(m.service, b"x" * 1_500_000, m.folder)
                    with c:
                        content, _ = self.after_the_cut(disk)
                        self.assertTrue(content == body, (len(content), len(body)))
                    none_is_left(m.folder)
                self.assertGreater(lost, 0)  # or it was no power cut


if __name__ == "__main__":
    unittest.main(verbosity=2)
