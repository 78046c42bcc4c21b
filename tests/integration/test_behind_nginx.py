"""Behind nginx as Debian ships it: what one client is refused costs no other client anything."""
import concurrent.futures
import subprocess
import tempfile
import threading
import time
import unittest

from nginx import ABSENT, NGINX, Nginx
from phial import Service

# Everything about proxying is nginx' default: both upstreams are taken out for ten seconds when they fail once.
CONFIGURATION = """
    upstream phials { %s }
    server {
        listen {socket};
        client_max_body_size 100m;
        location / { proxy_pass http://phials; proxy_set_header Host $http_host; }
    }
"""

BODY = 17 * 1024 * 1024


class Proxy(Nginx):
    """In front of these services."""

    def __init__(self, *services):
        super().__init__(CONFIGURATION % " ".join("server %s:%d;" % (s.host, s.port) for s in services))

    def curl(self, path, *more):
        """The status that a client of its own sees: "200"."""
        done = subprocess.run(["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--max-time",
                               "60", "--unix-socket", self.socket, *more, "http://a" + path], capture_output=True,
                              text=True)
        return done.stdout


class BehindNginx(unittest.TestCase):
    def setUp(self):
        if NGINX is None:
            self.skipTest(ABSENT)
        self.body = tempfile.NamedTemporaryFile()
        self.addCleanup(self.body.close)
        self.body.truncate(BODY)

    def test_no_innocent_request_is_lost_while_a_client_sends_bodies_that_are_refused(self):
        with Service() as one, Service() as two, Proxy(one, two) as nginx:
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
