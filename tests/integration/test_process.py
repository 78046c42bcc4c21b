"""The process: how it starts, what it prints, how it ends."""
import http.client
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

from phial import BINARY, Service, eventually, get, receive_all, receive_response, run


class Start(unittest.TestCase):
    def test_help_names_every_setting_and_version_is_one_line(self):
        code, out, err = run("--help")
        self.assertEqual((code, err), (0, ""))
        for flag in ("address", "port", "threads", "debug", "upload-dir", "log-dir", "log-level", "demo-credentials",
                     "trusted-proxies", "config", "help", "version"):
            self.assertIn("--" + flag, out)
        code, out, err = run("--version")
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"\Aphial \d+\.\d+\.\d+(\+\S+)? \(.+\)\n\Z")

    def test_all_mistakes_are_reported_at_once_a_line_each(self):
        code, out, err = run("--port", "70000", "--threads", "0", "--nonsense", "--log-level", "loud", "--upload-dir", "/nope")
        self.assertEqual((code, out), (2, ""))
        lines = err.splitlines()
        self.assertEqual(len(lines), 5, err)
        for word in ("--port", "--threads", "--nonsense", "--log-level", "--upload-dir"):
            self.assertEqual(sum(word in line for line in lines), 1, err)

    def test_what_kubernetes_injects_is_explained(self):
        code, _, err = run(env={"PHIAL_PORT": "tcp://10.0.0.1:5000", "PHIAL_SERVICE_HOST": "10.0.0.1"})
        self.assertEqual(code, 2)
        self.assertIn("enableServiceLinks", err)
        self.assertEqual(len(err.splitlines()), 1, err)

    def test_a_known_password_is_not_offered_to_the_world(self):
        code, _, err = run("--address", "0.0.0.0", "--port", "0")
        self.assertEqual(code, 2)
        self.assertIn("--demo-credentials", err)
        with Service("--address", "0.0.0.0", "--demo-credentials") as s:
            s.wait_for_record("admin/secret")

    def test_the_port_of_somebody_else_is_not_shared(self):
        with Service("--threads", "2") as s:
            code, _, err = run("--port", str(s.port), "--log-dir", s.folder, "--upload-dir", s.folder)
            self.assertEqual(code, 2)
            self.assertRegex(err, r"\Aphial: --port: cannot listen on 127\.0\.0\.1 port %d: another program" % s.port)

    def test_what_keeps_a_listener_off_is_a_fault_of_its_own_settings(self):
        taken = r"cannot listen on 127\.0\.0\.1 port %d: another program already listens there\. Stop it, or choose"
        with Service() as s:
            here = taken % s.port
            for flags, expected in (
                    (("--port", "0", "--ops-port", str(s.port)), ["--ops-port: " + here]),
                    (("--port", str(s.port), "--ops-port", "0"), ["--port: " + here]),
                    (("--port", str(s.port), "--ops-address", "0.0.0.0", "--ops-port", "0"), ["--port: " + here]),
                    (("--port", "0", "--ops-port", "0", "--ops-address", "192.0.2.1"),
                     [r"--ops-address: cannot listen on 192\.0\.2\.1 port 0: Cannot assign requested address\. Choose"]),
                    (("--port", "0", "--address", "192.0.2.1", "--demo-credentials"),
                     [r"--address: cannot listen on 192\.0\.2\.1 port 0: Cannot assign requested address\. Choose"]),
                    (("--port", str(s.port), "--ops-port", "0", "--ops-address", "192.0.2.1"),
                     ["--ops-address: cannot listen on 192", "--port: " + here]),
                    (("--port", "7", "--ops-port", "7"), [r"--ops-port: 7 is --port too, on 127\.0\.0\.1\. Give each"]),
            ):
                with self.subTest(flags):
                    code, out, err = run(*flags, "--log-dir", "", "--upload-dir", s.folder)
                    self.assertEqual((code, out), (2, ""), err)
                    lines = err.splitlines()
                    self.assertEqual(len(lines), len(expected), err)
                    for line, words in zip(lines, expected):
                        self.assertRegex(line, r"\Aphial: " + words)

    def test_a_file_of_settings_that_is_none_does_not_start_the_demo(self):
        with tempfile.TemporaryDirectory() as folder:
            missing_mount = os.path.join(folder, "phial.conf")
            os.mkdir(missing_mount)
            os.mkfifo(os.path.join(folder, "pipe"))
            for path in (missing_mount, os.path.join(folder, "pipe"), os.path.join(folder, "none"), ""):
                for flags, env in ((("--config", path), {}), ((), {"PHIAL_CONFIG": path})):
                    with self.subTest(path=path, env=env):
                        code, out, err = run("--port", "0", "--log-dir", "", *flags, env=env)
                        self.assertEqual((code, out), (2, ""))
                        self.assertRegex(err, r"\Aphial: --config: [^\n]+\n\Z")

    def test_mistakes_steer_no_terminal(self):
        code, _, err = run("--upload-dir", "/a\x1b[2J\n\u202eb")
        self.assertEqual(code, 2)
        self.assertRegex(err, r"\A[ -~]+\n\Z")

    def test_the_environment_sets_the_port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with tempfile.TemporaryDirectory() as folder:
            p = subprocess.Popen([BINARY], cwd=folder, stdout=subprocess.PIPE, text=True,
                                 env={**os.environ, "PHIAL_PORT": str(port)})
            line = p.stdout.readline()
            p.terminate()
            p.communicate(timeout=30)
            self.assertEqual(line, "listening on http://127.0.0.1:%d\n" % port)

    @unittest.skipUnless(os.path.exists("/proc/net/if_inet6"), "no IPv6 here")
    def test_the_unspecified_ipv6_address_serves_ipv4_too(self):
        with Service("--address", "::", "--demo-credentials") as s:
            self.assertEqual(s.url, "http://[::]:%d" % s.port)
            for host in ("127.0.0.1", "::1"):
                c = http.client.HTTPConnection(host, s.port, timeout=10)
                c.request("GET", "/")
                self.assertEqual(c.getresponse().read(), b"Welcome")
                c.close()

    @unittest.skipUnless(BINARY.endswith("release/phial"), "only the release build is static")
    def test_the_binary_is_static(self):
        told = subprocess.run(["ldd", BINARY], capture_output=True, text=True)
        self.assertRegex(told.stdout + told.stderr, "statically linked|not a dynamic executable")


    @unittest.skipUnless(BINARY.endswith("build/release/phial"), "scripts/run starts the release build")
    def test_the_run_script_starts_it_in_the_current_folder_with_the_flags(self):
        script = os.path.join(os.path.dirname(BINARY), "..", "..", "scripts", "run")
        with tempfile.TemporaryDirectory() as folder:
            p = subprocess.Popen([script, "--port", "0"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 stdin=subprocess.DEVNULL, text=True)
            line = p.stdout.readline()
            p.terminate()
            p.communicate(timeout=30)
            self.assertRegex(line, r"\Alistening on http://127\.0\.0\.1:\d+\n\Z")
            self.assertEqual(p.returncode, 0)
            self.assertTrue(os.path.exists(os.path.join(folder, "app.log")))


class End(unittest.TestCase):
    def test_sigterm_and_ctrl_c_end_it_cleanly(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number), Service() as s:
                self.assertTrue(s.exchange(get("/", "Connection: close")).startswith(b"HTTP/1.1 200 "))
                s.stop(number)
                self.assertEqual(s.process.wait(20), 0)
                self.assertIn(b"ended", s.read("app.log"))

    def test_what_is_under_way_gets_its_response(self):
        with Service() as s, s.connect() as c:
            c.sendall(b"POST /messages HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
                      b"Expect: 100-continue\r\n\r\n")
            self.assertEqual(c.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")  # so the handler is running
            s.stop()
            s.wait_for_record("finishing the requests under way")
            c.sendall(b"hello")
            answer = receive_all(c)
            self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)
            self.assertTrue(answer.endswith(b"Text Message: hello"), answer)
            self.assertIn(b"\r\nConnection: close\r\n", answer)
            self.assertEqual(s.process.wait(20), 0)

    def test_under_load_no_request_that_was_taken_is_lost(self):
        with Service("--threads", "2") as s:
            failures = []
            answered = []
            under_load = threading.Event()

            def client():
                while s.process.poll() is None:
                    try:
                        c = s.connect()
                    except OSError:
                        return  # no longer accepting: nothing was promised
                    with c:
                        for n in range(1_000_000):
                            try:
                                c.sendall(get("/articles/123"))
                                status, head, body = receive_response(c)
                            except (AssertionError, OSError) as e:
                                # A kept connection may be closed while it is idle; a new one, or half an answer, may not.
                                if n == 0 or "within" in str(e):
                                    failures.append(repr(e))
                                break
                            if (status, body) != (200, b"You are reading 123"):
                                failures.append((status, body))
                            answered.append(status)
                            if len(answered) > 500:
                                under_load.set()
                            if "Connection: close" in head:
                                break

            threads = [threading.Thread(target=client) for _ in range(8)]
            for t in threads:
                t.start()
            self.assertTrue(under_load.wait(30))
            s.stop()
            for t in threads:
                t.join(30)
            self.assertEqual(s.process.wait(20), 0)
            self.assertEqual(failures, [])


class Orphans(unittest.TestCase):
    def test_a_child_it_was_given_is_not_a_zombie_when_it_ends(self):
        told, tell = os.pipe()
        waited_for, end = os.pipe()

        def beget():
            """In the new process: a child that ends when `end` is closed. The process becomes phial, its parent."""
            child = os.fork()
            if child == 0:
                os.closerange(3, waited_for)  # of them Popen() waits for one
                os.closerange(waited_for + 1, 1000)
                os.read(waited_for, 1)
                os._exit(0)
            os.write(tell, b"%d" % child)

        with Service(before=beget) as s:
            child = "/proc/%d/status" % int(os.read(told, 20))
            with open(child) as f:
                self.assertIn("PPid:\t%d\n" % s.process.pid, f.read())
            os.close(end)
            eventually(lambda: not os.path.exists(child), "the end of the child, without a zombie")
        for fd in (told, tell, waited_for):
            os.close(fd)


class Logs(unittest.TestCase):
    def test_records_go_to_the_file_and_to_stdout_a_line_each(self):
        with Service() as s:
            s.exchange(get("/logs/hello", "Connection: close"))
            s.exchange(get("/debug/error", "Connection: close"))
            s.stop()
            s.process.wait(20)
            s._drain.wait()
            for text in (s.read("app.log").decode(), "\n".join(s.first_lines) + "\n" + s.output()):
                records = [line for line in text.splitlines() if not line.startswith("listening on ")]
                for line in records:
                    self.assertRegex(line, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z (debug|info|warning|error|critical) +\S")
                for message in ("informing", "warning", "error", "Exception on /debug/error [GET]"):
                    self.assertTrue(any(message in line for line in records), text)

    def test_a_request_cannot_write_extra_lines(self):
        with Service() as s:
            s.exchange(get("/%0A2026-01-01T00:00:00Z%20forged%1B[2J", "Connection: close"))
            s.stop()
            s.process.wait(20)
            log = s.read("app.log").decode()
            self.assertNotIn("\x1b", log)
            self.assertFalse(re.search(r"(?m)^2026-01-01T00:00:00Z forged", log), log)

    def test_the_level_holds_in_debug_mode_too(self):
        with Service("--debug", "--log-level", "error") as s:
            s.exchange(get("/logs/hello", "Connection: close"))
            s.stop()
            s.process.wait(20)
            log = s.read("app.log").decode()
            self.assertNotIn("informing", log)
            self.assertNotIn("warning ", log)
            self.assertRegex(log, r"(?m) error +error request_id=\S+ trace_id=\S+$")
            self.assertNotIn("access", log)

    def test_without_a_folder_there_is_no_file(self):
        with Service("--log-dir", "") as s:
            s.exchange(get("/logs/hello", "Connection: close"))
            self.assertFalse(os.path.exists(s.path("app.log")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
