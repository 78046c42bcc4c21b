"""Users from a file: at start, at work, and when the file changes."""
import base64
import collections
import os
import subprocess
import tempfile
import threading
import unittest
import urllib.request

from phial import Service, eventually, get, run, run_concurrently

# htpasswd -nbB -C 4
ALICE = "alice:$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S\n"  # wonderland
BOB = "bob:$2y$04$yy1BGEx9YWL8EkpQrrBVL.eZ8AHfPcvyWg1KdczRvoRek2TU07gPS\n"  # builder
# htpasswd -nbB -C 10
CAROL = "carol:$2y$10$/51VHPfMQVeNPwX6E4KpSO1reY3FYppvefIXjv8SJrAaXQFYnsw.i\n"  # slow


def write(path, content):
    """As most who write files do: at once."""
    with open(path + ".next", "w") as f:
        f.write(content)
    os.rename(path + ".next", path)


def secrets(user, password):
    return get("/secrets", "Authorization: Basic " + base64.b64encode(("%s:%s" % (user, password)).encode()).decode())


class WithFile(Service):
    """A service whose users are these."""

    def __init__(self, content, *flags):
        self._users = tempfile.TemporaryDirectory(prefix="phial-users-")
        self.users = os.path.join(self._users.name, "users")
        write(self.users, content)
        super().__init__("--password-file", self.users, *flags)

    def __exit__(self, *failure):
        try:
            super().__exit__(*failure)
        finally:
            self._users.cleanup()

    def status(self, user, password):
        return self.ask(secrets(user, password))[0]

    def log(self):
        return self.read("app.log").decode()


class Start(unittest.TestCase):
    def test_all_mistakes_are_told_and_none_of_the_secrets(self):
        with tempfile.NamedTemporaryFile("w", suffix=".users") as f:
            f.write("# users\n" + ALICE + "bob:$apr1$ONTar0vy$fVrAm6BaMo6v/GW4EYwJD.\ncarol:hunter2\nnobody\n" + ALICE)
            f.flush()
            code, out, err = run("--port", "x", "--password-file", f.name, "--log-dir", "")
        self.assertEqual((code, out), (2, ""))
        lines = err.splitlines()
        self.assertEqual(len(lines), 5, err)
        for line, begin, part in zip(lines[1:], (3, 4, 5, 6), (
                "htpasswd -B -C 10 %s bob" % f.name, "htpasswd -B -C 10 %s carol" % f.name, "no colon", "in line 2")):
            self.assertTrue(line.startswith("phial: --password-file: %s, line %d: " % (f.name, begin)), err)
            self.assertIn(part, line)
        for secret in ("hunter2", "fVrAm6BaMo6v", "SWNrF"):
            self.assertNotIn(secret, err)

    def test_a_missing_file_and_the_demo_user_beside_one_are_mistakes(self):
        code, _, err = run("--password-file", "/nope", "--demo-credentials")
        self.assertEqual(code, 2)
        self.assertEqual(len(err.splitlines()), 2, err)
        self.assertIn("--password-file: /nope: No such file", err)
        self.assertIn("--demo-credentials: with --password-file", err)

    def test_others_may_reach_it_and_nobody_is_warned_of_the_demo_user(self):
        with WithFile(ALICE, "--address", "0.0.0.0") as s:
            s.wait_for_record("who may log in: 1 of " + s.users)
            self.assertNotIn("admin/secret", s.log())


class Work(unittest.TestCase):
    def test_its_users_come_in_and_nobody_else(self):
        with WithFile(ALICE + BOB) as s:
            for _ in range(2):
                status, _, body = s.ask(secrets("alice", "wonderland"))
                self.assertEqual((status, body), (200, b"this is top secret"))
            self.assertEqual(s.status("bob", "builder"), 200)
            for user, password in (("admin", "secret"), ("alice", "builder"), ("bob", ""), ("nobody", "x"),
                                   ("alice", "wonderland\0"), ("alice", "x" * 5000)):
                status, head, _ = s.ask(secrets(user, password))
                self.assertEqual(status, 401, (user, password))
                self.assertIn('WWW-Authenticate: Basic realm="Example"\r\n', head)
            s.wait_for_record("user=alice")
            for secret in ("wonderland", "builder", "$2y$"):
                self.assertNotIn(secret, s.log())

    def test_a_flood_of_wrong_passwords_is_refused_and_leaves_the_others_alone(self):
        with WithFile(CAROL) as s:
            self.assertEqual(s.status("carol", "slow"), 200)
            begin, found = threading.Event(), collections.Counter()

            def attack():
                with s.client(60) as c:
                    begin.wait()
                    c.send(secrets("carol", "wrong"))
                    status, head, _ = c.response()
                    found[status] += 1
                    self.assertEqual("Retry-After: 1\r\n" in head, status == 503)

            attackers = [threading.Thread(target=attack) for _ in range(200)]
            for t in attackers:
                t.start()
            with s.client() as c:
                begin.set()
                eventually(lambda: found[503] > 0, "a refusal")
                self.assertLess(sum(found.values()), 200)  # the flood is still there
                for _ in range(20):
                    c.send(get("/"))
                    self.assertEqual(c.response()[::2], (200, b"Welcome"))
                    c.send(secrets("carol", "slow"))  # is remembered
                    self.assertEqual(c.response()[0], 200)
                    c.send(b"POST /messages HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\n"
                           b"Content-Length: 5\r\n\r\nhello")
                    self.assertEqual(c.response()[0], 200)
            for t in attackers:
                t.join(60)
            self.assertEqual(set(found), {401, 503}, found)
            self.assertEqual(sum(found.values()), 200)
            self.assertGreaterEqual(found[401], 1)

    def test_checks_are_counted(self):
        with WithFile(ALICE, "--ops-port", "0") as s:
            ops = next(line for line in s.first_lines if line.startswith("ops on "))[len("ops on "):]
            for password in ("wonderland", "wonderland", "wrong"):
                s.status("alice", password)
            with urllib.request.urlopen(ops + "/metrics", timeout=10) as answer:
                lines = answer.read().decode().splitlines()
            for line in ('phial_password_checks_total{result="right"} 2', 'phial_password_checks_total{result="wrong"} 1',
                         'phial_password_jobs{state="queued"} 0', 'phial_password_jobs{state="running"} 0'):
                self.assertIn(line, lines)

    def test_it_ends_while_checks_wait(self):
        with WithFile(CAROL.replace("$10$", "$14$"), "--drain-timeout", "0") as s:  # half a second each, and wrong
            clients = [s.client() for _ in range(60)]
            for c in clients:
                c.send(secrets("carol", "slow"))
            with s.client() as c:  # they are under way
                c.send(get("/"))
                self.assertEqual(c.response()[0], 200)
            s.stop()
            self.assertEqual(s.process.wait(25), 0)  # all of them would take longer
            for c in clients:
                c.close()


class Change(unittest.TestCase):
    def test_a_changed_file_holds_and_who_was_removed_is_out(self):
        with WithFile(ALICE) as s:
            self.assertEqual(s.status("alice", "wonderland"), 200)
            write(s.users, BOB)
            s.wait_for_record("password file %s: read again, 1 user" % s.users)
            self.assertEqual(s.status("alice", "wonderland"), 401)
            self.assertEqual(s.status("bob", "builder"), 200)

    def test_a_secret_that_kubernetes_swaps_takes_effect_while_requests_go_on(self):
        with tempfile.TemporaryDirectory() as mount:
            def version(name, content):
                os.mkdir(os.path.join(mount, name))
                write(os.path.join(mount, name, "htpasswd"), content)
                os.symlink(name, os.path.join(mount, "..data_tmp"))
                os.rename(os.path.join(mount, "..data_tmp"), os.path.join(mount, "..data"))

            version("..2026_1", ALICE)
            os.symlink("..data/htpasswd", os.path.join(mount, "htpasswd"))
            with Service("--password-file", os.path.join(mount, "htpasswd")) as s, s.client() as c:
                def status(user, password):
                    c.send(secrets(user, password))
                    return c.response()[0]

                self.assertEqual(status("alice", "wonderland"), 200)
                version("..2026_2", BOB + ALICE)
                subprocess.run(["rm", "-r", os.path.join(mount, "..2026_1")], check=True)

                def bob_is_in():
                    self.assertEqual(status("alice", "wonderland"), 200)  # at every moment
                    return status("bob", "builder") == 200
                eventually(bob_is_in, "the new file")
                version("..2026_3", BOB)
                eventually(lambda: status("alice", "wonderland") == 401, "the third file")
                self.assertEqual(status("bob", "builder"), 200)

    def test_a_broken_file_keeps_the_users_and_is_told_once(self):
        with WithFile(ALICE) as s:
            write(s.users, "alice:hunter2\n" + BOB + "x\n")
            s.wait_for_record("The 1 user read before still hold")
            self.assertEqual(s.status("alice", "wonderland"), 200)
            self.assertEqual(s.status("bob", "builder"), 401)
            os.unlink(s.users)
            s.wait_for_record("No such file")
            self.assertEqual(s.status("alice", "wonderland"), 200)
            write(s.users, BOB)
            s.wait_for_record("read again, 1 user")
            self.assertEqual(s.status("alice", "wonderland"), 401)
            self.assertEqual(s.status("bob", "builder"), 200)
            self.assertEqual(s.log().count("password file not taken"), 2)
            errors = [line for line in s.log().splitlines() if " error " in line]
            self.assertIn("line 1: ", errors[0])
            self.assertIn("line 3: ", errors[0])
            self.assertNotIn("hunter2", s.log())


if __name__ == "__main__":
    run_concurrently()
