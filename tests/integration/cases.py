"""Runs tables of conformance cases against the service, in every way their bytes can arrive."""
import re
import sys
import threading
import time

from phial import Service
from raw import PATIENCE, PROBE, SMUGGLED, Connection, Failure, brief, want

# Seconds between two sends, so that they are two reads of the service: it is on this machine and idle.
PAUSE = 0.0005
# A case with many variants says what is wrong after a few of them; each that hangs costs PATIENCE.
ENOUGH = 4
# Cases with more variants than this, mostly one for each byte that is allowed somewhere, are not sent byte by byte.
FEW = 20

# For Case.closes:
EITHER = None  # the rules leave it open; the answer says which, and that holds
UNSAID = "unsaid"  # closes, but when it answered it could not know that it would
# For Case.interim:
MAYBE_CONTINUE = "maybe"  # the client did not wait for 100, so it may be left out


class Case:
    """One row of a table.

    name      begins with the section of the RFC
    sent      the bytes, or {what makes this variant: bytes}
    statuses  of the answers in their order, each a number or a tuple of those that are as good
    closes    whether the service closes behind the last answer, and says so in it (RFC 9112 9.6), EITHER or UNSAID
    behind    sent directly after it; must not be answered
    alone     also sent without `behind`: the answer must not wait for what comes next
    body      of the last answer: bytes, a compiled pattern, or a list with one for each answer
    head      of the last answer: {name: value, None for absent, or a compiled pattern}
    to_head   the indices of the answers that have no body because a HEAD asked for them
    interim   MAYBE_CONTINUE, or None: an interim response is a mistake
    split     also sent in two parts, cut at every byte
    drip      also sent byte by byte, when it is short
    """
    slow = False

    def __init__(self, name, sent, statuses, closes, *, behind=b"", alone=True, body=None, head=None, to_head=None,
                 interim=None, half_close=False, split=False, drip=True, patience=PATIENCE):
        self.name = name
        self.variants = sent if isinstance(sent, dict) else {"": sent}
        self.statuses = [s if isinstance(s, tuple) else (s,) for s in statuses]
        self.closes = closes
        self.behind = behind
        self.alone = alone
        self.body = body
        self.head = head or {}
        self.to_head = to_head
        self.interim = interim
        self.half_close = half_close
        self.split = split
        self.drip = drip and len(self.variants) <= FEW
        self.patience = patience

    def ways(self):
        """(what distinguishes it, the parts to send)"""
        for what, sent in self.variants.items():
            said = what + ": " if what else ""
            whole = sent + self.behind
            yield said + "at once", [whole]
            if self.drip and len(whole) <= 400:
                yield said + "byte by byte", [whole[i:i + 1] for i in range(len(whole))]
            if self.behind and self.alone:
                yield said + "alone", [sent]
                if self.drip and len(whole) <= 400:
                    yield said + "alone, byte by byte", [sent[i:i + 1] for i in range(len(sent))]
            if self.split:
                for i in range(1, len(sent)):
                    yield "%ssplit at %d" % (said, i), [sent[:i], sent[i:] + self.behind]
                    if self.behind and self.alone:
                        yield "%salone, split at %d" % (said, i), [sent[:i], sent[i:]]

    def run(self, service, report):
        failed = 0
        for way, parts in self.ways():
            if failed == ENOUGH:
                report("(there are more variants, which were not tried)", [])
                return
            c = Connection(service, self.patience)
            try:
                self.play(c, parts)
            except Failure as e:
                report("%s: %s" % (way, e), [c])
                failed += 1
            finally:
                c.socket.close()

    def play(self, c, parts):
        for i, part in enumerate(parts):
            if i > 0 and len(parts) == 2:
                time.sleep(PAUSE)
            c.send(part)
        if self.half_close:
            c.half_close()
        to_head = self.to_head
        if to_head is None:
            to_head = [0] if c.sent.lstrip(b"\r\n").startswith(b"HEAD ") else []
        for i, wanted in enumerate(self.statuses):
            a = c.answer(i in to_head)
            if a.status == 100 and self.interim == MAYBE_CONTINUE:
                a = c.answer(i in to_head)
            want(a.status in wanted, "answer %d of %d is %d, not %s" % (
                i + 1, len(self.statuses), a.status, " or ".join(map(str, wanted))))
            if isinstance(self.body, list):
                self.check_body(a, self.body[i])
            last = i + 1 == len(self.statuses)
            says_close = "close" in a.options("Connection")
            if not last or self.closes is False:
                want(not says_close, "answer %d says Connection: close" % (i + 1))
            elif self.closes is True:
                want(says_close, "the last answer does not say Connection: close (RFC 9112 9.6)")
        if self.statuses:
            if not isinstance(self.body, list):
                self.check_body(a, self.body)
            self.check_head(a)
        if self.closes or (self.closes is EITHER and says_close):
            c.end()
        else:
            c.lives()

    @staticmethod
    def check_body(a, wanted):
        if isinstance(wanted, re.Pattern):
            want(wanted.search(a.body), "the body has no %r: %s" % (wanted.pattern, brief(a.body)))
        elif wanted is not None:
            want(a.body == wanted, "the body is %s, not %s" % (brief(a.body), brief(wanted)))

    def check_head(self, a):
        for name, wanted in self.head.items():
            value = a.value(name)
            if isinstance(wanted, re.Pattern):
                want(value is not None and wanted.fullmatch(value), "%s is %r, not %s" % (name, value, wanted.pattern))
            else:
                want(value == wanted, "%s is %r, not %r" % (name, value, wanted))


def lives(name, sent, *statuses, **more):
    """Answered (200 if nothing else is said), and the connection takes another request."""
    return Case(name, sent, statuses or (200,), False, **more)


def closes(name, sent, *statuses, **more):
    return Case(name, sent, statuses or (200,), True, **more)


def answered(name, sent, *statuses, **more):
    """Where only the status matters (400 if nothing else is said): the message's end is known."""
    return Case(name, sent, statuses or (400,), EITHER, **more)


def refused(name, sent, *statuses, behind=SMUGGLED, **more):
    """One answer (400 if nothing else is said) and the end: the request behind is not read as one."""
    return Case(name, sent, statuses or (400,), True, behind=behind, **more)


class Script:
    """A case that is a conversation: called with a function that connects. Slow ones run beside everything else."""

    def __init__(self, name, call, slow):
        self.name = name
        self.call = call
        self.slow = slow

    def run(self, service, report):
        connections = []

        def connect(patience=PATIENCE):
            connections.append(Connection(service, patience))
            return connections[-1]

        try:
            self.call(connect)
        except Failure as e:
            report(str(e), connections[-1:])
        finally:
            for c in connections:
                c.socket.close()


class Suite:
    """The cases of a file:  suite.add(lives(...), ...);  @suite.script("RFC ...: ...");  suite.main()"""

    def __init__(self):
        self.cases = []

    def add(self, *cases):
        self.cases += cases

    def script(self, name, slow=False):
        def keep(call):
            self.cases.append(Script(name, call, slow))
            return call
        return keep

    def main(self):
        """Runs the cases whose names hold all of the arguments, and exits with 1 when one failed."""
        chosen = [c for c in self.cases if all(word in c.name for word in sys.argv[1:])]
        names = [c.name for c in self.cases]
        assert len(set(names)) == len(names), "named twice: %s" % {n for n in names if names.count(n) > 1}
        failures = {}

        def run(case):
            def report(why, connections):
                told = failures.setdefault(case.name, [])
                told.append("    " + why)
                if len(told) > 1:
                    return  # what one variant sent and got is enough to see
                for c in connections:
                    told.append("      sent %s" % brief(c.sent))
                    told.append("      came %s" % brief(c.came))
                    if c.unsent:
                        told.append("      sending failed: %s" % c.unsent)

            try:
                case.run(service, report)
            except Exception as e:  # a mistake in a case must not hide the others
                report("%s: %s" % (type(e).__name__, e), [])

        began = time.monotonic()
        try:
            with Service() as service:
                beside = [threading.Thread(target=run, args=(c,)) for c in chosen if c.slow]
                for thread in beside:
                    thread.start()
                for case in chosen:
                    if case.slow:
                        continue
                    run(case)
                    if service.process.poll() is not None:
                        failures.setdefault(case.name, []).append("    THE SERVICE ENDED: " + service.output()[-2000:])
                        break
                for thread in beside:
                    thread.join()
        finally:  # the service may have ended badly; what led to it is told all the same
            for name, told in failures.items():
                print("FAILED %s" % name, *told, sep="\n")
            print("%d cases in %.1f s, %d failed" % (len(chosen), time.monotonic() - began, len(failures)))
        sys.exit(1 if failures else 0)
