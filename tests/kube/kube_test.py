#!/usr/bin/env -S python3 -B
"""Deploys phial to a Kubernetes and shows that what happens to pods there loses no request. See scripts/kube-test."""
import argparse
import base64
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from load import Load, WELCOME, ask, connect, expect, get, report

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MANIFESTS = os.path.join(ROOT, "deploy", "kubernetes")
TUTORIAL = os.path.join(ROOT, "tests", "integration", "tutorial")
ROTATED = "admin:$2y$04$jEXESCn9XUfAdA3cHzzKnegrN19bNk.M8UvRH9IZcnI/WuBfClKta\n"  # admin, whose password is rotated
BROKEN = "admin:rotated\n"


class Wrong(Exception):
    """What the test found to be otherwise than it should be."""


def check(holds, what):
    if not holds:
        raise Wrong(what)


def say(text):
    print(text, flush=True)


def eventually(condition, what, seconds=60):
    until = time.monotonic() + seconds
    while not (found := condition()):
        check(time.monotonic() < until, "not within %d s: %s" % (seconds, what))
        time.sleep(.2)
    return found


class Cluster:
    """kubectl, and what the test asks it."""

    def __init__(self, kubectl):
        self.kubectl = kubectl

    def ctl(self, *arguments, text=None):
        done = subprocess.run([*self.kubectl, *arguments], input=text, capture_output=True, text=True)
        check(done.returncode == 0, "kubectl %s: %s" % (" ".join(arguments), done.stderr.strip()))
        return done.stdout

    def get(self, *arguments):
        return json.loads(self.ctl("get", *arguments, "-o", "json"))

    def pods(self):
        """Those that are not gone yet."""
        return self.get("pods", "-l", "app.kubernetes.io/name=phial")["items"]

    def names(self):
        return sorted(pod["metadata"]["name"] for pod in self.pods())

    def endpoints(self):
        subsets = self.get("endpoints", "phial").get("subsets") or []
        return sum(len(s.get("addresses") or []) for s in subsets)

    def settle(self):
        """Waits until all pods are those that are wanted, and the ones they replaced have gone."""
        self.ctl("rollout", "status", "deployment/phial", "--timeout=120s")
        wanted = self.get("deployment", "phial")["spec"]["replicas"]
        eventually(lambda: len(self.pods()) == wanted and self.endpoints() == wanted, "%d pods" % wanted, 120)

    def restarts(self):
        return {pod["metadata"]["name"]: pod["status"]["containerStatuses"][0]["restartCount"] for pod in self.pods()}

    def records(self, pod, severity, seconds=None):
        """Those of this severity that are left in the log, or that were written in the last seconds."""
        recent = ["--since=%ds" % (seconds + 1)] if seconds else []
        lines = self.ctl("logs", pod, *recent).splitlines()
        records = [json.loads(line) for line in lines if line.startswith("{") and '"message":"access"' not in line]
        return [r["message"] for r in records if r["severity"] == severity]

    def set_users(self, htpasswd):
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "phial-users"},
                  "data": {"htpasswd": base64.b64encode(htpasswd.encode()).decode()}}
        self.ctl("apply", "-f", "-", text=json.dumps(secret))
        # A pod's volumes are looked after once a minute, or when something about the pod changes.
        self.ctl("annotate", "pods", "-l", "app.kubernetes.io/name=phial", "--overwrite", "looked-at=%f" % time.time())


class Test:
    def __init__(self, cluster, image, uploads):
        self.cluster = cluster
        self.image = image
        self.uploads = uploads  # the folder of the volume, when it is on this machine
        self.address = None

    def manifests(self):
        text = self.cluster.ctl("kustomize", os.path.join(MANIFESTS, "overlays", "local"))
        text = text.replace("localhost/phial:local", self.image)
        return text.replace("/tmp/phial-uploads", self.uploads) if self.uploads else text

    # What is to be seen

    def production_builds(self):
        own = shutil.which(os.environ.get("OTHER_KUBECTL", "")) or ""
        for kubectl in filter(None, [self.cluster.kubectl[0], own]):
            done = subprocess.run([kubectl, "kustomize", MANIFESTS], capture_output=True, text=True)
            check(done.returncode == 0, done.stderr)
            kinds = sorted(re.findall(r"(?m)^kind: (\w+)", done.stdout))
            check(kinds == ["ConfigMap", "Deployment", "HorizontalPodAutoscaler", "NetworkPolicy",
                            "PersistentVolumeClaim", "PodDisruptionBudget", "Service"], "it is made of %s" % kinds)
            delay, timeout, grace = (
                int(re.search(r'(?m)^ *%s: "?(\d+)' % name, done.stdout)[1])
                for name in ("PHIAL_DRAIN_DELAY", "PHIAL_DRAIN_TIMEOUT", "terminationGracePeriodSeconds"))
            check(delay + timeout < grace, "pods may take %d s to end and are given %d" % (delay + timeout, grace))
            version = subprocess.run([kubectl, "version", "--client"], capture_output=True, text=True).stdout
            say("    by kubectl %s: %s" % (re.search(r"v\d+\.\d+\.\d+", version)[0], ", ".join(kinds)))
        if not own:
            say("    there is no other kubectl than the cluster's: not tried with today's")

    def deploy(self):
        text = self.manifests()
        self.cluster.ctl("apply", "--dry-run=server", "-f", "-", text=text)
        began = time.monotonic()
        self.cluster.ctl("apply", "-f", "-", text=text)
        self.cluster.settle()
        say("    taken by a server-side dry run; ready after %.1f s" % (time.monotonic() - began))
        self.address = (self.cluster.get("service", "phial")["spec"]["clusterIP"], 80)

        def answers():
            with contextlib.suppress(OSError), connect(self.address) as c:
                return ask(c, WELCOME)[0] == 200
        eventually(answers, "an answer of the Service at %s:%d. Do its addresses answer from here?" % self.address)
        for pod in self.cluster.names():
            start = [text for text in self.cluster.records(pod, "info") if text.startswith("phial ")]
            check(len(start) == 1, "%s logged %d starts" % (pod, len(start)))
            check(" on 1 thread;" in start[0], "a limit of one CPU, and: " + start[0])
            say("    %s: %s" % (pod, start[0]))

    def tutorial(self):
        done = subprocess.run([sys.executable, os.path.join(TUTORIAL, "replay.py"), "http://%s:%d" % self.address,
                               os.path.join(TUTORIAL, "cases.json")], capture_output=True, text=True)
        check(done.returncode == 0, done.stdout + done.stderr)
        say("    " + done.stdout.splitlines()[-1])

    # What happens under load; each gives what may go wrong: nothing, or failures by name

    def rolling_restart(self, load):
        before = self.cluster.names()
        self.cluster.ctl("rollout", "restart", "deployment/phial")
        self.cluster.settle()
        check(not set(before) & set(self.cluster.names()), "pods that were not replaced")

    def scale(self, load):
        for n in (1, 4, 1, 2):
            self.cluster.ctl("scale", "deployment/phial", "--replicas=%d" % n)
            self.cluster.settle()

    def delete_a_pod(self, load):
        self.cluster.ctl("delete", "pod", self.cluster.names()[0], "--wait=false")
        self.cluster.settle()

    def other_profile(self, load):
        """RuntimeDefault without io_uring."""
        profile = {"type": "Localhost", "localhostProfile": "no-io-uring.json"}
        patch = {"spec": {"template": {"spec": {"securityContext": {"seccompProfile": profile}}}}}
        self.cluster.ctl("patch", "deployment", "phial", "--patch", json.dumps(patch))
        self.cluster.settle()
        for pod in self.cluster.pods():
            check(pod["spec"]["securityContext"]["seccompProfile"] == profile, "another profile")

    def swap_the_secret(self, load):
        def login(password):
            key = base64.b64encode(("admin:" + password).encode()).decode()
            with connect(self.address) as c:
                return ask(c, get("/secrets", "Authorization: Basic " + key))[0]

        def all_say(status, password):  # new connections go to all pods
            return all(login(password) == status for _ in range(20))

        def refused(password):  # from its tenth failure in a row this address would have to wait
            return all(login(password) == 401 for _ in range(6))
        check(all_say(200, "secret") and refused("rotated"), "the first password does not hold")
        began = time.monotonic()
        self.cluster.set_users(ROTATED)
        for pod in self.cluster.names():
            eventually(lambda: "read again" in " ".join(self.cluster.records(pod, "info", time.monotonic() - began)),
                       "the new file in all pods", 150)
        check(all_say(200, "rotated") and refused("secret"), "the new password does not hold in all pods")
        say("    the new password holds after %.0f s, without a restart" % (time.monotonic() - began))
        began = time.monotonic()
        self.cluster.set_users(BROKEN)
        for pod in self.cluster.names():
            told = eventually(lambda: self.cluster.records(pod, "error", time.monotonic() - began),
                              "a word about the broken file", 150)
            check("line 1" in told[0] and "rotated" not in told[0], told[0])
        say("    of a broken file the log says: " + told[0])
        check(all_say(200, "rotated"), "a broken file took away the one before")
        self.cluster.set_users(ROTATED)  # with the broken one no pod would start
        for pod in self.cluster.names():
            eventually(lambda: "valid again" in " ".join(self.cluster.records(pod, "info", time.monotonic() - began)),
                       "the good file is back", 150)

    def fail_readiness(self, load):
        before = self.cluster.restarts()
        os.chmod(self.uploads, 0o555)
        kept = connect(self.address)
        try:
            ask(kept, WELCOME)
            eventually(lambda: self.cluster.endpoints() == 0, "no pod is ready")
            began = time.monotonic()
            while time.monotonic() < began + 3:  # until kube-proxy has heard of it
                expect(ask(kept, WELCOME), 200, b"Welcome")
                time.sleep(.01)
        finally:
            os.chmod(self.uploads, 0o777)
        expect(ask(kept, WELCOME), 200, b"Welcome")
        kept.close()
        self.cluster.settle()
        check(self.cluster.restarts() == before, "a pod was restarted for it")
        say("    all pods left the Service and came back; none was restarted, a kept connection was answered all along")
        return {"refused (new)": "there is no pod to connect to", "refused (upload)": "the same",
                "answer 500 (upload)": "the folder cannot be written to"}

    def fill_the_volume(self, load):
        filler = os.path.join(self.uploads, "filler")
        try:
            with contextlib.suppress(OSError), open(filler, "wb", 0) as f:
                while True:
                    f.write(bytes(1 << 16))
            began = time.monotonic()
            eventually(lambda: [r for r in load.since(began) if r.failure == "answer 507"], "an upload that is refused")
            time.sleep(3)
        finally:
            os.remove(filler)
        left = [name for name in os.listdir(self.uploads) if name.startswith(".phial-upload-")]
        check(len(left) <= load.UPLOADS, "temporary files are left: %s" % left)
        check(self.cluster.endpoints() == 2, "a full volume took pods out of service")
        return {"answer 507 (upload)": "there is no room for it"}

    def kill_the_process(self, load):
        pod = self.cluster.pods()[0]
        name, uid = pod["metadata"]["name"], pod["metadata"]["uid"]
        before = self.cluster.restarts()[name]
        began = time.monotonic() - 5  # an upload's time: what was under way counts
        os.kill(process_of(uid), signal.SIGKILL)
        eventually(lambda: self.cluster.restarts().get(name) == before + 1, "a restart that is counted")
        self.cluster.settle()
        say("    %s: restartCount %d" % (name, before + 1))
        why = {"reset": "what it was at work on", "closed before an answer": "what it was at work on",
               "refused": "until kubelet has started it again, or the Service goes round it"}
        lost = [r for r in load.since(began) if r.failure in ("reset", "closed before an answer")]
        check(len(lost) <= len(load.threads), "more was lost than there was at work: %d requests" % len(lost))
        return {"%s (%s)" % (name, client): why[name] for name in why for client in ("kept", "new", "upload")}

    # The whole

    def under_load(self, load, title, event):
        say("== " + title)
        began = time.monotonic()
        may_fail = event(load) or {}
        # The Service follows with a delay. It is over when nothing has failed for a while; then nothing may fail.
        quiet = 3
        eventually(lambda: time.monotonic() - began > quiet and
                   not [r for r in load.ended_since(time.monotonic() - quiet) if r.failure], "an end of failures")
        ended = time.monotonic()
        eventually(lambda: len([r for r in load.since(ended) if r.client == "upload"]) >= load.UPLOADS, "more uploads")
        results = load.ended_since(began)
        say("    " + report(results, began))
        names = {"%s (%s)" % (r.failure, r.client) for r in results if r.failure}
        for name in sorted(names & set(may_fail)):
            say("    unavoidable: %s: %s" % (name, may_fail[name]))
        check(names <= set(may_fail), "failures that need not have been: %s" % sorted(names - set(may_fail)))
        check(not [r for r in results if r.failure and r.began > ended], "failures after it was over")
        check({r.client for r in results if not r.failure} == {"kept", "new", "upload"}, "a kind of client was not there")

    def run(self):
        for title, step in (("production's manifests build", self.production_builds),
                            ("deploy deploy/kubernetes/overlays/local", self.deploy),
                            ("the tutorial's cases through the Service", self.tutorial)):
            say("== " + title)
            step()
        with Load(self.address) as load:
            for title, event, needs_node in (
                    ("nothing happens", lambda load: time.sleep(3), False),
                    ("rolling restart", self.rolling_restart, False),
                    ("scale 2 -> 1 -> 4 -> 1 -> 2", self.scale, False),
                    ("delete a pod", self.delete_a_pod, False),
                    ("roll to a seccomp profile that refuses io_uring", self.other_profile, True),
                    ("swap the Secret", self.swap_the_secret, False),
                    ("fill the volume", self.fill_the_volume, True),
                    ("fail readiness", self.fail_readiness, True),
                    ("kill -9 the process", self.kill_the_process, True)):
                if needs_node and not self.uploads:
                    say("== %s: skipped, it needs the node to be this machine (no --context)" % title)
                    continue
                self.under_load(load, title, event)


def process_of(pod):
    """The pid of phial in the pod of this uid, on this machine."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open("/proc/%s/cgroup" % pid) as groups, open("/proc/%s/comm" % pid) as name:
                if name.read() == "phial\n" and pod in groups.read().replace("_", "-"):
                    return int(pid)
    raise Wrong("no process of the pod %s on this machine" % pod)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--image", required=True, help="that the cluster has, or can pull")
    p.add_argument("--uploads", help="folder on this machine, which is the node, for the volume")
    p.add_argument("kubectl", nargs=argparse.REMAINDER, help="the command for the cluster that is meant")
    a = p.parse_args()
    began = time.monotonic()
    cluster = Cluster(a.kubectl)
    try:
        Test(cluster, a.image, a.uploads).run()
    except Wrong as e:
        say("FAIL: %s" % e)
        with contextlib.suppress(Wrong):
            say(cluster.ctl("get", "pods,endpoints", "-o", "wide"))
            say("\n".join(cluster.ctl("get", "events", "--sort-by=.lastTimestamp").splitlines()[-20:]))
            say(cluster.ctl("logs", "-l", "app.kubernetes.io/name=phial", "--tail=10", "--prefix"))
        return 1
    say("passed, in %.0f s" % (time.monotonic() - began))
    return 0


if __name__ == "__main__":
    sys.exit(main())
