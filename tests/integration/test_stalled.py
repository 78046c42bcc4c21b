"""Uploads and their bounds: a disk that stalls, too many at once, no room. All else goes on."""
import json
import os
import re
import sys
import unittest

from phial import chunk, eventually, get, post_chunked
from stalled import Disk, cannot_hold_calls
from test_ops import Ops
from uploads import OCTETS, WRITTEN, none_is_left, temporaries, upload

WHY_NOT = cannot_hold_calls()
if WHY_NOT:
    print("no disk can be made to stall here: %s" % WHY_NOT, file=sys.stderr)


class Frozen(Ops):
    """A service whose disk can be made to stall."""

    def __init__(self, *flags):
        self.disk = Disk()
        super().__init__("--threads", "2", *flags, before=self.disk.install)

    def __exit__(self, *failure):
        self.disk.thaw()
        super().__exit__(*failure)

    def uploads(self):
        return self.metrics()["phial_uploads_under_way"]

    def begin(self, n):
        """Clients with an upload each, all of it sent."""
        clients = [self.client(60) for _ in range(n)]
        for c in clients:
            c.send(upload(b"new"))
        return clients


@unittest.skipIf(WHY_NOT, "no disk can be made to stall here: %s" % WHY_NOT)
class StandsStill(unittest.TestCase):
    def test_uploads_wait_within_their_bound_and_nobody_else_waits(self):
        with Frozen("--max-requests", "16", "--max-uploads", "4", "--handler-timeout", "60") as s:
            self.assertEqual(s.ask(upload(b"old"))[0], 200)
            s.disk.freeze()
            waiting = s.begin(4)
            eventually(lambda: s.uploads() == 4, "four are under way")
            for _ in range(20):
                status, head, _ = s.ask(upload(b"more"))
                self.assertEqual(status, 503)
                self.assertIn("\r\nRetry-After: ", head)
                self.assertEqual(s.ask(get("/hello?name=x"))[2], b"Hello x")
            self.assertEqual(s.metrics()['phial_uploads_total{result="refused"}'], 20)
            s.disk.thaw()
            for c in waiting:
                self.assertEqual(c.response()[::2], (200, WRITTEN))
                c.close()
            eventually(lambda: s.uploads() == 0, "none is under way")
            self.assertEqual(s.read("binary"), b"new")

    def test_a_request_that_takes_too_long_gets_a_response_and_its_upload_counts_until_the_disk_has_finished_with_it(self):
        with Frozen("--max-uploads", "6", "--handler-timeout", "1") as s:
            self.assertEqual(s.ask(upload(b"old"))[0], 200)
            s.disk.freeze()
            for c in s.begin(6):
                self.assertEqual(c.response()[0], 503)
                c.send(get("/hello?name=x"))  # the connection goes on
                self.assertEqual(c.response()[2], b"Hello x")
                c.close()
            self.assertEqual(s.uploads(), 6)
            self.assertEqual(s.metrics()["http_server_active_requests"], 0)
            self.assertEqual(s.ask(upload(b"more"))[0], 503)
            s.disk.thaw()
            eventually(lambda: s.uploads() == 0, "the disk has let go of them")
            none_is_left(s.folder)
            self.assertEqual(s.read("binary"), b"old")
            self.assertEqual(s.metrics()['phial_uploads_total{result="abandoned"}'], 6)
            self.assertEqual(s.ask(upload(b"new"))[0], 200)
            self.assertEqual(s.read("binary"), b"new")

    def test_readyz_says_so_and_stays_200_and_livez_and_metrics_respond(self):
        with Frozen() as s:
            self.assertEqual(json.loads(s.look("/readyz")[1])["uploads"], "ok")
            s.disk.freeze()
            for _ in range(20):
                self.assertEqual(s.look("/readyz")[0], 200)
                self.assertEqual(s.look("/livez")[0], 200)
            stalled = eventually(lambda: re.fullmatch(r"stalled (\d+) s", json.loads(s.look("/readyz")[1])["uploads"]),
                                 "readyz tells it")
            status, body = s.look("/readyz")
            self.assertEqual((status, set(json.loads(body)["checks"].values())), (200, {"ok"}))
            eventually(lambda: s.metrics()["phial_upload_folder_stalled_seconds"] > int(stalled[1]) + 1, "it grows")
            s.disk.thaw()
            eventually(lambda: json.loads(s.look("/readyz")[1])["uploads"] == "ok", "it is over")
            self.assertEqual(s.metrics()["phial_upload_folder_stalled_seconds"], 0)

    def test_sigterm_ends_the_service_with_0_all_the_same(self):
        with Frozen("--drain-timeout", "1") as s:
            s.disk.freeze()
            c, = s.begin(1)
            eventually(lambda: s.uploads() == 1, "it is under way")
            s.look("/readyz")
            s.stop()
            self.assertEqual(c.response()[0], 503)
            self.assertEqual(s.process.wait(60), 0)  # and the disk is still stalled
            c.close()
            self.assertIn(b"a disk is stalled", s.read("app.log"))
            s._drain.wait()
            self.assertIn("not waited for any longer", s.output())


class Space(unittest.TestCase):
    def test_an_announced_length_without_room_is_507_before_the_body_is_asked_for(self):
        with Ops("--upload-space", "1MiB") as s:
            self.assertEqual(s.ask(upload(b"old"))[0], 200)
            for length in ((1 << 20) + 1, 1 << 30):
                with s.client() as c:
                    c.send(upload(b"", "Expect: 100-continue", length=length))
                    self.assertEqual(c.response()[0], 507)  # without 100 before it
            with s.client() as c:
                c.send(upload(b"", "Expect: 100-continue", length=1 << 20))
                self.assertEqual(c.head()[0], 100)
                self.assertEqual(s.metrics()["phial_upload_bytes_under_way"], 1 << 20)
                self.assertEqual(s.ask(upload(b"x"))[0], 507)  # that one may need all of it
                self.assertEqual(s.ask(get("/hello?name=x"))[0], 200)
                c.send(b"n" * (1 << 20))
                self.assertEqual(c.response()[0], 200)
            self.assertEqual(os.path.getsize(s.path("binary")), 1 << 20)
            self.assertEqual(s.ask(upload(b"x"))[0], 200)  # the room was given back
            self.assertEqual(s.metrics()['phial_uploads_total{result="refused"}'], 3)

    def test_what_is_not_announced_is_507_when_it_passes_the_space(self):
        with Ops("--upload-space", "2MiB") as s:
            self.assertEqual(s.ask(upload(b"old"))[0], 200)
            piece = chunk(b"x" * 100_000)
            with s.client() as c:
                c.send(post_chunked("/messages", OCTETS, *[piece] * 40))
                self.assertEqual(c.response()[0], 507)
            none_is_left(s.folder)
            self.assertEqual(s.read("binary"), b"old")
            eventually(lambda: s.metrics()["phial_upload_bytes_under_way"] == 0, "its room is given back")
            self.assertEqual(s.metrics()['phial_uploads_total{result="failed"}'], 1)
            self.assertEqual(s.ask(post_chunked("/messages", OCTETS, *[piece] * 20, chunk(b"")))[0], 200)

    def test_a_client_that_breaks_off_gives_its_place_and_its_room_back(self):
        with Ops("--max-uploads", "1") as s:
            for end in ("reset", "close"):
                c = s.client()
                c.send(upload(b"x" * 1000, length=100_000))
                eventually(lambda: temporaries(s.folder), "it is under way")
                self.assertEqual(s.ask(upload(b"x"))[0], 503)
                getattr(c, end)()
                eventually(lambda: s.metrics()["phial_uploads_under_way"] == 0, "its place is free")
                self.assertEqual(s.metrics()["phial_upload_bytes_under_way"], 0)
                self.assertEqual(s.ask(upload(b"x"))[0], 200)


class Mode(unittest.TestCase):
    def test_it_is_0666_less_the_umask(self):
        for umask, mode in ((0o022, 0o644), (0o077, 0o600), (0o007, 0o660)):
            with self.subTest(oct(umask)), Ops("--log-dir", "", before=lambda: os.umask(umask) and None) as s:
                self.assertEqual(s.ask(upload(b"x"))[0], 200)
                self.assertEqual(os.stat(s.path("binary")).st_mode & 0o7777, mode)


if __name__ == "__main__":
    unittest.main(verbosity=2)
