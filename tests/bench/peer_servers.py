"""The servers that peers.py compares: which there are, what they need, and how they are built and started."""
import glob
import os
import pwd
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request

from common import BUILD, build, free_ports

PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
REFERENCE = "epoll loop"


def find(program):
    return shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")


def first_line(*command):
    """What a program says about its version, on stdout or stderr."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return (done.stdout.strip().splitlines() or ["?"])[0]


def fill_in(template, to, **values):
    """Writes a configuration to that folder."""
    with open(os.path.join(PEERS, template)) as f:
        text = f.read()
    for name, value in values.items():
        text = text.replace("{%s}" % name, str(value))
    path = os.path.join(to, template)
    with open(path, "w") as f:
        f.write(text)
    return path


class Server:
    """One that is ready when its programs are there; `packages` are Debian's names of what brings them."""
    packages = ""
    programs = ()
    cwd = None

    def __init__(self, name):
        self.name = name
        self.port, self.other_port = free_ports(2)

    def missing(self):
        return [p for p in self.programs if not find(p)]

    def build(self):
        pass

    def notes(self):
        """What is to be said after the measurement, while it still runs."""
        return []


class Phial(Server):
    def __init__(self, name, binary, access_log):
        super().__init__(name)
        self.binary, self.access_log = os.path.abspath(binary), access_log

    def command(self, folder):
        log = ["--access-log", "all", "--log-dir", folder] if self.access_log else ["--access-log", "off"]
        return [self.binary, "--threads", "1", "--port", str(self.port), "--ops-port", str(self.other_port), *log]

    def version(self):
        return first_line(self.binary, "--version")

    def notes(self):
        with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % self.other_port, timeout=5) as answer:
            found = re.findall(r"(?m)^phial_log_records_missing_total\S* (\d+)$", answer.read().decode())
        missing = sum(map(int, found))
        return ["%s left out %d log records, because they came faster than they could be written." % (
            self.name, missing)] if missing else []


class EpollLoop(Server):
    def build(self):
        self.program = build(os.path.join(PEERS, "articles_epoll.cpp"))

    def command(self, folder):
        return [self.program, str(self.port)]

    def version(self):
        return "tests/bench/peers/articles_epoll.cpp, by " + first_line("g++", "--version")


class Nginx(Server):
    packages = "nginx-light"
    programs = ("nginx",)

    def __init__(self, name, access_log):
        super().__init__(name)
        self.access_log = access_log

    def command(self, folder):
        log = "access.log" if self.access_log else "off"
        fill_in("articles_nginx.conf", folder, port=self.port, log=log)
        return [find("nginx"), "-e", "error.log", "-p", folder, "-c", "articles_nginx.conf"]

    def version(self):
        return first_line(find("nginx"), "-v").replace("nginx version: ", "")


class H2o(Server):
    packages = "h2o"
    programs = ("h2o",)

    def command(self, folder):
        os.makedirs(os.path.join(folder, "articles"))
        with open(os.path.join(folder, "articles", "123"), "w") as f:
            f.write("You are reading 123")
        user = pwd.getpwuid(os.getuid()).pw_name  # as root it would become one that may not read the folder
        return [find("h2o"), "-m", "worker", "-c",
                fill_in("articles_h2o.conf", folder, port=self.port, folder=folder, user=user)]

    def version(self):
        return first_line(find("h2o"), "-v")


class Go(Server):
    packages = "golang-go"
    programs = ("go",)

    def build(self):
        env = {"GO111MODULE": "off", "GOFLAGS": "-mod=mod", "GOCACHE": os.path.join(BUILD, "go-cache")}
        self.program = build(os.path.join(PEERS, "articles_go.go"), "go", "build", **env)

    def command(self, folder):
        return [self.program, str(self.port)]

    def version(self):
        return first_line("go", "version")


class Hyper(Server):
    packages = "librust-hyper-dev cargo"
    programs = ("cargo",)

    def crates(self):
        """Debian's folder of crates, if hyper is one of them in the version that our source is for."""
        return [os.path.dirname(crate) for crate in glob.glob("/usr/share/cargo/registry/hyper-0.14*")]

    def missing(self):
        return super().missing() or ([] if self.crates() else ["the crate hyper 0.14"])

    def build(self):
        """Of a copy: cargo writes beside its source."""
        source, copy = os.path.join(PEERS, "articles_hyper"), os.path.join(BUILD, "articles_hyper")
        self.program = os.path.join(copy, "target", "release", "articles_hyper")
        newest = max(os.path.getmtime(os.path.join(source, f)) for f in ("Cargo.toml", "src/main.rs"))
        if os.path.exists(self.program) and os.path.getmtime(self.program) >= newest:
            return
        print("building", self.program, "(a minute)", file=sys.stderr)
        shutil.copytree(source, copy, dirs_exist_ok=True)
        command = ["cargo", "build", "--release", "--offline", "--quiet",
                   "--config", "source.crates-io.replace-with='debian'",
                   "--config", "source.debian.directory='%s'" % self.crates()[0]]
        subprocess.run(command, cwd=copy, env={**os.environ, "CARGO_HOME": os.path.join(BUILD, "cargo-home")},
                       check=True)

    def command(self, folder):
        return [self.program, str(self.port)]

    def version(self):
        crate = os.path.basename(glob.glob("/usr/share/cargo/registry/hyper-0.14*")[0])
        return "%s, by %s" % (crate, first_line("cargo", "--version"))


class Node(Server):
    packages = "nodejs"
    programs = ("node",)

    def command(self, folder):
        return ["node", os.path.join(PEERS, "articles_node.js"), str(self.port)]

    def version(self):
        return "node " + first_line("node", "--version")


class Flask(Server):
    packages = "python3-flask gunicorn"
    programs = ("gunicorn",)

    def python(self, code):
        """By the interpreter that gunicorn has."""
        with open(find("gunicorn"), errors="replace") as f:
            interpreter = shlex.split(f.readline()[2:]) or ["python3"]
        return subprocess.run([*interpreter, "-c", code], capture_output=True, text=True)

    def missing(self):
        return super().missing() or (["Flask"] if self.python("import flask").returncode else [])

    def command(self, folder):
        return [find("gunicorn"), "--workers", "1", "--bind", "127.0.0.1:%d" % self.port, "--graceful-timeout", "1",
                "--log-level", "error", "--pythonpath", PEERS, "articles_flask:app"]

    def version(self):
        code = "from importlib.metadata import version as v; import sys; " \
            "print('Flask', v('flask') + ', gunicorn', v('gunicorn') + ', Python', sys.version.split()[0])"
        return self.python(code).stdout.strip()


class Also(Server):
    """One of the user's."""

    def __init__(self, name, port, command):
        super().__init__(name)
        self.port, self.words, self.cwd = port, shlex.split(command), os.getcwd()

    def command(self, folder):
        return self.words

    def version(self):
        return shlex.join(self.words)


def all_servers(binary):
    return [EpollLoop(REFERENCE), Phial("phial", binary, False), Phial("phial, access log", binary, True),
            Nginx("nginx", False), Nginx("nginx, access log", True), H2o("h2o"), Hyper("hyper"), Go("Go"),
            Node("Node"), Flask("Flask")]
