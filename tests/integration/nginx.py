"""nginx as Debian ships it, with a configuration of a test."""
import os
import shutil
import socket
import subprocess
import tempfile

from phial import eventually

# Debian's daemons are in a folder that not every user looks in.
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
NGINX = shutil.which("nginx", path=PATH)
ABSENT = "nginx is not installed (scripts/setup test does that)"

FRAME = """
daemon off;
worker_processes 1;
pid %(folder)s/pid;
error_log %(folder)s/error.log error;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path %(folder)s/body;
    proxy_temp_path %(folder)s/proxy;
    fastcgi_temp_path %(folder)s/fastcgi;
    uwsgi_temp_path %(folder)s/uwsgi;
    scgi_temp_path %(folder)s/scgi;
    %(http)s
}
"""


def configuration(folder, http):
    """A whole configuration that writes to the folder only; `http` is what its part of that name says."""
    return FRAME % {"folder": folder, "http": http}


def arguments(folder, file):
    return ["-e", os.path.join(folder, "error.log"), "-c", file]


class Nginx:
    """It listens at `{socket}` of its configuration, in a folder that is removed:  with Nginx("server { ... }") as n:"""

    def __init__(self, http):
        self._folder = tempfile.TemporaryDirectory(prefix="phial-nginx-")
        self.folder = self._folder.name
        os.chmod(self.folder, 0o755)  # its worker is another user when root starts it
        self.socket = os.path.join(self.folder, "socket")
        file = os.path.join(self.folder, "nginx.conf")
        with open(file, "w") as f:
            f.write(configuration(self.folder, http.replace("{socket}", "unix:" + self.socket)))
        self.process = subprocess.Popen([NGINX, *arguments(self.folder, file)])

    def __enter__(self):
        eventually(self.listens, "nginx listens")
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait(30)
        self._folder.cleanup()

    def connect(self):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(20)
        s.connect(self.socket)
        return s

    def listens(self):
        try:
            self.connect().close()
            return True
        except OSError:
            return False

    def errors(self):
        with open(os.path.join(self.folder, "error.log")) as f:
            return f.read()
