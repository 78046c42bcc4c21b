"""Behind nginx as Debian ships it: what one client is refused costs no other client anything."""
import concurrent.futures
import os
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

from phial import Service, eventually

# Debian's is in a folder that not every user looks in.
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")

# Everything about proxying is nginx' default: both upstreams are taken out for ten seconds when they fail once.
CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log error;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream phials {{ {servers} }}
    server {{
        listen unix:{folder}/socket;
        client_max_body_size 100m;
        location / {{ proxy_pass http://phials; proxy_set_header Host $http_host; }}
    }}
}}
"""

BODY = 17 * 1024 * 1024


class Nginx:
    """nginx with a configuration of its own on a socket in a folder of its own, in front of these services."""

    def __init__(self, *services):
        self._folder = tempfile.TemporaryDirectory(prefix="phial-nginx-")
        self.folder = self._folder.name
        os.chmod(self.folder, 0o755)  # its worker is another user when root starts it
        servers = " ".join("server %s:%d;" % (s.host, s.port) for s in services)
        configuration = os.path.join(self.folder, "nginx.conf")
        with open(configuration, "w") as f:
            f.write(CONFIGURATION.format(folder=self.folder, servers=servers))
        self.socket = os.path.join(self.folder, "socket")
        self.process = subprocess.Popen([NGINX, "-e", os.path.join(self.folder, "error.log"), "-c", configuration])

    def __enter__(self):
        eventually(lambda: os.path.exists(self.socket), "nginx listens")
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait(30)
        self._folder.cleanup()

    def curl(self, path, *more):
        """The status that a client of its own sees: "200"."""
        done = subprocess.run(["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--max-time",
                               "60", "--unix-socket", self.socket, *more, "http://a" + path], capture_output=True,
                              text=True)
        return done.stdout

    def errors(self):
        with open(os.path.join(self.folder, "error.log")) as f:
            return f.read()


class BehindNginx(unittest.TestCase):
    def setUp(self):
        if NGINX is None:
            self.skipTest("nginx is not installed (scripts/setup test does that)")
        self.body = tempfile.NamedTemporaryFile()
        self.addCleanup(self.body.close)
        self.body.truncate(BODY)

    def test_no_innocent_request_is_lost_while_a_client_sends_bodies_that_are_refused(self):
        with Service() as one, Service() as two, Nginx(one, two) as nginx:
            ended = threading.Event()

            def innocent():
                seen = []
                while not ended.is_set():
                    seen.append(nginx.curl("/users/2"))
                    time.sleep(0.05)
                return seen

            put = "-H", "Expect:", "--upload-file", self.body.name
            with concurrent.futures.ThreadPoolExecutor() as pool:
                others = pool.submit(innocent)
                try:
                    refused = [nginx.curl("/messages", *put) for _ in range(12)]  # 405: it has no PUT
                    posted = [nginx.curl("/messages", "-X", "POST", "-H", "Content-Type: text/plain", *put)
                              for _ in range(4)]  # 413: too large a text
                finally:
                    ended.set()
                seen = others.result()
            self.assertEqual(set(refused), {"405"}, nginx.errors())
            self.assertEqual(set(posted), {"413"}, nginx.errors())
            self.assertGreater(len(seen), 3)
            self.assertEqual(set(seen), {"200"}, nginx.errors())
            self.assertEqual(nginx.errors(), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
