"""Users from a file: at start, at work, and when the file changes."""
import base64
import collections
import os
import re
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

    def status(self, user, password, source=None):
        return self.ask(secrets(user, password), source=source)[0]

    def log(self):
        return self.read("app.log").decode()


class Start(unittest.TestCase):
    def test_all_mistakes_are_reported_and_none_of_the_secrets(self):
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
            s.wait_for_record("users that may log in: 1, of " + s.users)
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
                    self.assertEqual(bool(re.search(r"\r\nRetry-After: \d+\r\n", head)), status == 429)

            attackers = [threading.Thread(target=attack) for _ in range(200)]
            for t in attackers:
                t.start()
            with s.client() as c:
                begin.set()
                eventually(lambda: found[429] > 0, "a refusal")
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
            self.assertLessEqual(set(found), {401, 429, 503}, found)  # 503: one waited for ten seconds
            self.assertEqual(sum(found.values()), 200)
            self.assertGreaterEqual(found[401], 10)  # 20 times a remembered login has forgiven it

    def test_checks_are_counted(self):
        with WithFile(ALICE, "--ops-port", "0") as s:
            ops = next(line for line in s.first_lines if line.startswith("ops on "))[len("ops on "):]
            for password in ("wonderland", "wonderland", "wrong"):
                s.status("alice", password)
            expected = {'phial_password_checks_total{result="right"} 2', 'phial_password_checks_total{result="wrong"} 1',
                        'phial_password_jobs{state="queued"} 0', 'phial_password_jobs{state="running"} 0'}

            def found():
                with urllib.request.urlopen(ops + "/metrics", timeout=10) as answer:
                    return expected & set(answer.read().decode().splitlines())
            # A thread has ended its job a moment after the answer.
            eventually(lambda: found() == expected, "all of them")

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


def address(n):
    return "127.0.%d.%d" % (1 + n // 200, 1 + n % 200)


class Guessing(unittest.TestCase):
    """Who guesses is slowed down, and nobody else is."""

    def test_from_the_tenth_failure_in_a_row_an_address_gets_429(self):
        with WithFile(ALICE) as s:
            self.assertEqual([s.status("alice", "guess%d" % i) for i in range(10)], [401] * 10)
            # The tenth begins a wait of a second, each further one of twice as long: soon a request falls into one.
            def refused():
                status, head, body = s.ask(secrets("alice", "guess"))
                self.assertIn(status, (401, 429))
                if status == 429:
                    self.assertRegex(head, r"\r\nRetry-After: ([1-9]|[1-5]\d|60)\r\n")
                    self.assertNotIn("WWW-Authenticate", head)
                    self.assertIn(b"Try again in", body)
                return status == 429
            eventually(refused, "a refusal")
            self.assertEqual(s.status("alice", "wonderland", "127.0.0.2"), 200)  # no lock on the user
            self.assertEqual(s.status("alice", "guess", "127.0.0.2"), 401)
            self.assertEqual(s.status("alice", "wonderland"), 200)  # remembered, and a right login
            self.assertEqual([s.status("alice", "guess%d" % i) for i in range(9)], [401] * 9)

    def test_after_its_wait_an_address_may_try_again(self):
        with WithFile(ALICE) as s:
            for i in range(10):
                self.assertEqual(s.status("alice", "guess"), 401)
            eventually(lambda: s.status("alice", "wonderland") == 200, "the end of the wait")
            self.assertEqual([s.status("alice", "guess%d" % i) for i in range(9)], [401] * 9)

    def test_a_right_password_from_another_address_gets_its_turn_whatever_others_send(self):
        """Some attackers have one address, some one each; the hashes are dear."""
        for many in (False, True):
            with self.subTest(many=many), WithFile(CAROL + BOB) as s:
                end, found = threading.Event(), collections.Counter()

                def attack(n):
                    with s.client(60, address(n) if many else "127.0.0.3") as c:
                        i = 0
                        while not end.is_set():
                            c.send(secrets("carol", "guess%d" % i))
                            status = c.response()[0]
                            found[status] += 1
                            i += 1
                            if status != 401:
                                end.wait(0.5)

                attackers = [threading.Thread(target=attack, args=(n,)) for n in range(60)]
                for t in attackers:
                    t.start()
                try:
                    eventually(lambda: found[401] > 5, "guesses")
                    self.assertEqual(s.status("bob", "builder", "127.0.0.2"), 200)
                    self.assertEqual(s.status("carol", "slow", "127.0.0.2"), 200)
                    self.assertEqual(s.status("carol", "slow", "127.0.0.3"), 200)  # remembered
                finally:
                    end.set()
                    for t in attackers:
                        t.join(60)

    def test_behind_a_proxy_the_client_that_it_names_is_slowed_down(self):
        with WithFile(ALICE, "--trusted-proxies", "127.0.0.1") as s:
            def status(client, password, source=None):
                raw = secrets("alice", password).replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: " + client + b"\r\n\r\n")
                return s.ask(raw, source=source)[0]

            for _ in range(10):
                self.assertEqual(status(b"192.0.2.1", "guess"), 401)
            eventually(lambda: status(b"192.0.2.1", "guess") == 429, "a refusal")
            self.assertEqual(status(b"192.0.2.2", "guess"), 401)
            # Who is no proxy is not believed.
            for i in range(10):
                self.assertEqual(status(b"198.51.100.%d" % i, "guess", "127.0.0.2"), 401)
            eventually(lambda: status(b"198.51.100.99", "guess", "127.0.0.2") == 429, "a refusal")
            s.wait_for_record("failed login user=alice client=192.0.2.2")

    def test_the_tutorials_user_is_never_slowed_down(self):
        with Service() as s:
            for _ in range(30):
                self.assertEqual(s.ask(secrets("admin", "guess"))[0], 401)
            self.assertEqual(s.ask(secrets("admin", "secret"))[0], 200)


class Trail(unittest.TestCase):
    def test_failed_logins_are_separate_records_that_no_others_push_out(self):
        with WithFile(ALICE, "--log-rotate-size", "64KiB", "--log-keep", "1") as s:
            for user, password in (("alice", "hunter2"), ("mallory", "hunter3")):
                self.assertEqual(s.status(user, password), 401)
            self.assertEqual(s.status("alice", "wonderland"), 200)
            s.wait_for_record("failed login user=mallory client=127.0.0.1 in_a_row=2 request_id=")
            with s.client() as c:
                def rolled_away():
                    for _ in range(500):
                        c.send(get("/hello"))
                        c.response()
                    try:
                        files = [s.read(n) for n in os.listdir(s.folder) if n.startswith("app")]
                    except FileNotFoundError:  # it is being renamed
                        return False
                    return b"failed login" not in b"".join(files)
                eventually(rolled_away, "app.log was rotated away")
            lines = s.read("logins.log").decode().splitlines()
            self.assertEqual(len(lines), 2, lines)
            for line, user in zip(lines, ("alice", "mallory")):
                self.assertRegex(line, r"\A\S+Z warning failed login user=%s client=127\.0\.0\.1 in_a_row=\d "
                                       r"request_id=[0-9a-f]{16} trace_id=[0-9a-f]{32}\Z" % user)
            self.assertEqual(s.output().count("failed login"), 2)
            self.assertNotIn("hunter", s.output() + "".join(lines))

    def test_a_guesser_cannot_fill_the_file_and_the_end_says_how_many_there_were(self):
        """The tutorial's user too, whose logins nothing slows down."""
        with Service("--log-level", "error") as s:
            with s.client() as c:
                for i in range(500):
                    c.send(secrets("admin", "guess%d" % i))
                    self.assertEqual(c.response()[0], 401)
            s.stop()
            self.assertEqual(s.process.wait(30), 0)
            lines = s.read("logins.log").decode().splitlines()
            told = [line for line in lines if " failed login user=admin client=127.0.0.1 " in line]
            more = [int(re.search(r"more failed logins in the last minute client=127\.0\.0\.1 failed=(\d+)", line)[1])
                    for line in lines if line not in told]
            self.assertLessEqual(len(lines), 100)
            self.assertEqual(len(told) + sum(more), 500)

    def test_without_a_folder_they_are_on_stdout(self):
        with WithFile(ALICE, "--log-dir", "", "--log-format", "json") as s:
            self.assertEqual(s.status("x\ny", "hunter2"), 401)
            eventually(lambda: '"message":"failed login","user":"x\\ny","client":"127.0.0.1"' in s.output(), "the record")
            self.assertFalse(os.path.exists(s.path("logins.log")))

    def test_what_is_not_a_login_leaves_no_record(self):
        with WithFile(ALICE) as s:
            for line in ("X: y", "Authorization: Bearer x", "Authorization: Basic !", "Authorization: Basic eHg="):
                self.assertEqual(s.ask(get("/secrets", line))[0], 401)
            self.assertEqual(s.status("alice", "guess"), 401)
            s.wait_for_record("failed login")
            self.assertEqual(s.log().count("failed login"), 1)

    def test_metrics_count_clients_and_logins(self):
        with WithFile(ALICE, "--ops-port", "0") as s:
            ops = next(line for line in s.first_lines if line.startswith("ops on "))[len("ops on "):]
            for i in range(10):
                self.assertEqual(s.status("alice", "guess"), 401)
            eventually(lambda: s.status("alice", "guess") == 429, "a refusal")
            with urllib.request.urlopen(ops + "/metrics", timeout=10) as answer:
                text = answer.read().decode()
            self.assertRegex(text, r"\nphial_clients 1\n")
            self.assertRegex(text, r"\nphial_failed_logins_total 1\d\n")
            self.assertRegex(text, r"\nphial_login_refusals_total [1-9]\d*\n")
            self.assertRegex(text, r"\nphial_client_refusals_total 0\n")


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

    def test_a_broken_file_keeps_the_users_and_is_reported_once(self):
        with WithFile(ALICE) as s:
            write(s.users, "alice:hunter2\n" + BOB + "x\n")
            s.wait_for_record("The previous 1 user remains valid")
            self.assertEqual(s.status("alice", "wonderland"), 200)
            self.assertEqual(s.status("bob", "builder"), 401)
            os.unlink(s.users)
            s.wait_for_record("No such file")
            self.assertEqual(s.status("alice", "wonderland"), 200)
            write(s.users, BOB)
            s.wait_for_record("read again, 1 user")
            self.assertEqual(s.status("alice", "wonderland"), 401)
            self.assertEqual(s.status("bob", "builder"), 200)
            self.assertEqual(s.log().count("password file not accepted"), 2)
            errors = [line for line in s.log().splitlines() if " error " in line]
            self.assertIn("line 1: ", errors[0])
            self.assertIn("line 3: ", errors[0])
            self.assertNotIn("hunter2", s.log())


if __name__ == "__main__":
    run_concurrently()
