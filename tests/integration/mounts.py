"""File systems of their own for a service."""
import functools
import os
import subprocess
import unittest

from phial import Service, eventually
from uploads import read, scratch


def mounted(what, at):
    """Mounts something, seen by the binary only, before it starts."""
    return ["unshare", "-m" if os.getuid() == 0 else "-rm", "sh", "-ec", 'mount %s "$0"; exec "$@"' % what, at]


def cannot_mount(what, at):
    """Why that is not permitted, or nothing."""
    try:
        told = subprocess.run([*mounted(what, at), "true"], capture_output=True, text=True)
    except OSError as e:
        return str(e)
    return told.returncode and (told.stderr.strip() or "status %d" % told.returncode)


@functools.cache
def no_mounts():
    with scratch() as folder:
        return cannot_mount("-t tmpfs tmpfs", folder)


needs_mounts = unittest.skipIf(no_mounts(), "no file system may be mounted here: %s" % no_mounts())
TMPFS = "-t tmpfs -o size=1m tmpfs"


class Mounted:
    """A service whose upload folder is a file system of its own, and a way to look into that."""

    def __init__(self, what, *flags):
        self.at = scratch()
        self.service = Service("--upload-dir", self.at.name, *flags, through=mounted(what, self.at.name))
        self.folder = "/proc/%d/root%s" % (self.service.process.pid, os.path.realpath(self.at.name))

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        try:
            self.service.__exit__(*failure)
        finally:
            self.at.cleanup()

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self):
        return read(self.path("binary"))

    def free(self):
        f = os.statvfs(self.folder)
        return f.f_bavail * f.f_frsize

    def fill(self):
        """To the last byte."""
        with open(self.path("filler"), "ab", 0) as f:
            try:
                while True:
                    f.write(b"x" * 4096)
            except OSError:
                pass

    def remount(self, options):
        into = ["nsenter", "-t", str(self.service.process.pid), "-m"]
        if os.getuid() != 0:
            into += ["-U", "--preserve-credentials"]
        command = [*into, "mount", "-o", "remount,bind," + options, self.at.name]
        # Busy: a file is still open for writing, though its upload was answered.
        eventually(lambda: subprocess.run(command, capture_output=True).returncode == 0, "remount," + options)
