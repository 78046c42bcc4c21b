"""Misbehaving clients of the soak test: each kind keeps its number of connections, replacing those cut off."""
import asyncio
import collections
import itertools
import os
import random
import socket
import struct
import sys
import time

from common import new_socket, phial
from well_behaved import post

ECHOED = bytes(4 << 20)
BAD_CHUNKS = b"zz\r\n", b"-5\r\nhello\r\n", b"5\r\nhello, world\r\n", b"f" * 17 + b"\r\n", b"5;" + b"x" * 20000


def cut_off(sock):
    """Whether the service has closed, by reading what has come."""
    try:
        while sock.recv(65536):
            pass
        return True
    except BlockingIOError:
        return False


async def until_cut_off(sock):
    """Gives the first bytes that came."""
    first = b""
    while more := await asyncio.get_running_loop().sock_recv(sock, 65536):
        first = first or more
    return first


class Load:
    """All connections of all kinds. A kind's function behaves on one connection until that ends, and gives whether
    it was the service that ended it."""

    def __init__(self, address, connections):
        self.address = address
        self.open_seconds = connections / 1000
        self.stopping = False
        self.refused = 0                       # connections that could not be opened
        self.answers = collections.Counter()   # of broken requests, by (what was broken, status)
        self.held, self.held_at = set(), 0.0   # ends of connections that the service held open, and when that was
        self.kinds = [Kind("idle", .40, self.idle), Kind("slow head", .15, self.slow_head),
                      Kind("slow body", .10, self.slow_body), Kind("slow reader 1 MB", .04, self.slow_reader_1),
                      Kind("slow reader 4 MB", .01, self.slow_reader_4), Kind("broken", .15, self.broken)]
        numbers = itertools.count()
        self.tasks = [asyncio.create_task(self.keep(kind, next(numbers)))
                      for kind in self.kinds for _ in range(round(kind.share * connections))]

    async def keep(self, kind, number):
        """One place of a kind: when its connection ends, another one takes it."""
        await asyncio.sleep(random.uniform(0, self.open_seconds))
        while not self.stopping:
            # Small, so that the service's answer stays on its side.
            sock = new_socket(self.address[0], number, 4096 if "reader" in kind.name else 0)
            try:
                await asyncio.get_running_loop().sock_connect(sock, self.address)
            except OSError:
                sock.close()
                self.refused += not self.stopping
                await asyncio.sleep(1)
                continue
            kind.opened += 1
            kind.alive[sock] = time.monotonic()
            try:
                cut = await kind.behave(sock)
            except OSError:
                cut = True
            sock.close()
            lived = time.monotonic() - kind.alive.pop(sock)
            if not self.stopping:
                kind.cut += cut
                kind.longest = max(kind.longest, lived)

    def stop(self):
        """From here on nothing is counted and nothing replaced."""
        self.stopping = True
        now = time.monotonic()
        for kind in self.kinds:
            kind.still_open = len(kind.alive)
            kind.longest = max([kind.longest, *(now - born for born in kind.alive.values())])

    async def idle(self, sock):
        sock.send(phial.get("/"))
        await until_cut_off(sock)
        return True

    async def slow_head(self, sock):
        for byte in itertools.chain(phial.get("/")[:-2] + b"X-Slow: ", itertools.repeat(ord("a"))):
            await asyncio.sleep(1)
            if cut_off(sock):
                return True
            sock.send(b"%c" % byte)

    async def slow_body(self, sock):
        sock.send(post("text/plain", "Content-Length: 100000"))
        while not cut_off(sock):
            sock.send(b"abc")
            await asyncio.sleep(1)
        return True

    # The kernel's buffers take the whole answer, so that the service takes the client for an idle one.
    async def slow_reader_1(self, sock):
        return await self.slow_reader(sock, 1 << 20)

    # The kernel's buffers are smaller than the answer, so the service waits.
    async def slow_reader_4(self, sock):
        return await self.slow_reader(sock, 4 << 20)

    async def slow_reader(self, sock, size):
        send = asyncio.get_running_loop().sock_sendall
        await send(sock, post("text/plain", "Content-Length: %d" % size))
        await send(sock, memoryview(ECHOED)[:size])
        host, port = sock.getsockname()[:2]
        address, sent = socket.inet_pton(sock.family, host), time.monotonic()
        words = [address[i:i + 4] for i in range(0, len(address), 4)]
        end = "".join("%08X" % int.from_bytes(word, sys.byteorder) for word in words) + ":%04X" % port
        while self.held_at < sent or end in self.held:
            await asyncio.sleep(.5)
        return True

    def look_who_is_held(self):
        """A client that does not read cannot see that it was cut off (the end stands behind what it does not read),
        so the kernel's table of the service's sockets is asked."""
        began = time.monotonic()
        port, held = ":%04X" % self.address[1], set()
        with open("/proc/net/tcp6" if ":" in self.address[0] else "/proc/net/tcp") as table:
            for line in table:
                local, remote, state = line.split()[1:4]
                if local.endswith(port) and state in ("01", "08"):  # established, or half-closed by us
                    held.add(remote)
        self.held, self.held_at = held, began

    async def broken(self, sock):
        await asyncio.sleep(random.uniform(0, 10))  # bounds how many break in a second
        request = post("text/plain", "Content-Length: 1000") + b"a" * 1000
        place = random.randrange(1, len(request))
        how = random.choice(["garbage", "reset", "half-close", "bad chunk", "cut short"])
        if how == "garbage":
            sock.send(os.urandom(random.randrange(1, 3000)))
        elif how == "bad chunk":
            sock.send(post("text/plain", "Transfer-Encoding: chunked") + random.choice(BAD_CHUNKS))
        elif how == "half-close" and random.random() < .5:
            how = "half-close behind a whole request"
            sock.send(request)
        else:
            sock.send(request[:place])
        if how == "reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if how in ("reset", "cut short"):
            return False
        if how.startswith("half-close"):
            sock.shutdown(socket.SHUT_WR)
        try:
            status = (await until_cut_off(sock))[9:12].decode() or "closed"
        except ConnectionResetError:
            status = "reset"
        if not self.stopping:
            self.answers[how, status] += 1
        return True


class Kind:
    def __init__(self, name, share, behave):
        self.name, self.share, self.behave = name, share, behave
        self.opened = self.cut = self.still_open = 0
        self.longest = 0.0
        self.alive = {}  # socket: when it was connected
