"""What tests of uploads share."""
import base64
import hashlib
import os
import tempfile

from phial import eventually, post

OCTETS = "application/octet-stream"
WRITTEN = b"Binary message written!"
KIB = 1024
SEED = int(os.environ.get("PHIAL_SEED", "4"))


def upload(body=b"", *lines, length=None):
    return post("/messages", OCTETS, body, *lines, length=length)


def temporaries(folder):
    return sorted(n for n in os.listdir(folder) if n.startswith(".phial-upload-"))


def none_is_left(folder):
    """Files are unlinked by a thread of their own, so that may be after the answer."""
    eventually(lambda: not temporaries(folder), "no temporary file is left: %r" % temporaries(folder))


def begun(s, body, folder=None):
    """A client whose upload has so much of its body on the way, and its temporary file's name."""
    folder = folder or s.folder
    before = set(temporaries(folder))
    c = s.client(60)
    c.send(upload(body, length=len(body) + 1))
    name, = eventually(lambda: set(temporaries(folder)) - before, "an upload is under way")
    return c, name


def member(algorithm, content):
    """One member of a digest field: sha-256=:...:"""
    value = hashlib.new(algorithm.replace("-", ""), content).digest()
    return "%s=:%s:" % (algorithm, base64.b64encode(value).decode())


HELLO = b"hello!"
RIGHT, WRONG = member("sha-256", HELLO), member("sha-256", b"hello?")
RIGHT512, WRONG512 = member("sha-512", HELLO), member("sha-512", b"hello?")


def write(path, content=b""):
    with open(path, "wb") as f:
        f.write(content)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def scratch():
    return tempfile.TemporaryDirectory(prefix="phial-test-")
