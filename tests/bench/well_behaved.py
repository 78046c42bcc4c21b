"""Well-behaved clients of the soak test: a steady rate of requests, each answer compared with what it must be."""
import asyncio
import itertools
import json
import re
import time

from common import new_socket, phial, quantile

ANSWER_SECONDS = 30  # to wait for an answer
KEPT_SECONDS = 50    # a connection that lay idle longer is not used again: the service closes it after 60
LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")


def post(media_type, *fields):
    lines = ["POST /messages HTTP/1.1", "Host: a", "Content-Type: " + media_type, *fields, "", ""]
    return "\r\n".join(lines).encode()


def exchange(n):
    """The n-th request and its answer: (parts to send, bodies to come back)."""
    last = ["Connection: close"] if n % 10 == 9 else []  # the next one goes over a new connection
    plain = b"%d " % n * (n % 1000)
    if n % 6 == 0:
        return [phial.get("/", *last)], [b"Welcome"]
    if n % 6 == 1:
        return [phial.get("/articles/%d" % n, *last)], [b"You are reading %d" % n]
    if n % 6 == 2:
        body = json.dumps({"number": n, "text": "Grüße"}).encode()
        return [post("application/json", "Content-Length: %d" % len(body), *last) + body], [b"JSON Message: " + body]
    if n % 6 == 3:
        return [post("text/plain", "Content-Length: %d" % len(plain), *last) + plain], [b"Text Message: " + plain]
    if n % 6 == 4:
        chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in (b"a%d" % n, plain + b"z")]
        head = post("text/plain", "Transfer-Encoding: chunked", *last)
        return [head, *chunks, b"0\r\n\r\n"], [b"Text Message: a%d%sz" % (n, plain)]
    pair = phial.get("/articles/%d" % n) + phial.get("/articles/%d" % -n, *last)
    return [pair], [b"You are reading %d" % n, b"You are reading %d" % -n]


class Clients:
    def __init__(self, address, count, settled, end):
        self.address, self.count, self.settled, self.end = address, count, settled, end
        self.queue = asyncio.Queue()
        self.sent = self.right = self.wrong = self.failed = self.refused = 0
        self.late = 0.0  # by how much we ourselves were late to send
        self.latencies, self.problems = ([], []), []  # until all connections were open, and from then on

    async def receive(self, sock, count):
        """That many answers, as [(head, body)]; what came when the connection ended within one."""
        answers, data = [], b""
        while len(answers) < count:
            head, end, rest = data.partition(b"\r\n\r\n")
            length = LENGTH.search(head)
            if end and (not length or len(rest) >= int(length[1])):
                n = int(length[1]) if length else len(rest)
                answers.append((head, rest[:n]))
                data = rest[n:]
                continue
            more = await asyncio.get_running_loop().sock_recv(sock, 65536)
            if not more:
                raise ConnectionError("closed after %d of %d answers and %r" % (len(answers), count, data[:200]))
            data += more
        if data:
            answers.append((data, b"bytes behind the answer"))
        return answers

    async def client(self, number):
        """Sends what is due over its connection, which it reopens when it has none."""
        loop = asyncio.get_running_loop()
        sock, used = None, 0.0
        while True:
            n, due = await self.queue.get()
            parts, expected = exchange(n)
            now = time.monotonic()
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    if sock and now - used > KEPT_SECONDS:
                        sock.close()
                        sock = None
                    if not sock:
                        sock = new_socket(self.address[0], number)
                        await loop.sock_connect(sock, self.address)
                    for part in parts:
                        await loop.sock_sendall(sock, part)
                    answers = await self.receive(sock, len(expected))
                used = time.monotonic()
                if [b"200"] * len(expected) == [head[9:12] for head, _ in answers] and \
                        expected == [body for _, body in answers]:
                    self.right += 1
                    if used < self.end:
                        self.latencies[due >= self.settled].append(used - due)
                else:
                    self.wrong += 1
                    self.problems.append("wrong answer to %r: %r" % (parts[0][:60], answers[0]))
                if b"\r\nConnection: close" in answers[-1][0]:
                    sock.close()
                    sock = None
            except (OSError, TimeoutError) as e:
                if sock:
                    sock.close()
                sock = None
                # From the stop on a request may find nobody; one sent before must be answered.
                if now > self.end - 0.01:
                    self.refused += 1
                else:
                    self.failed += 1
                    self.problems.append("no answer to %r: %r" % (parts[0][:60], e))
            self.queue.task_done()

    async def run(self, rate, ended):
        """Offers the rate until `ended`, a pipe, says that the service has."""
        done = asyncio.Event()
        asyncio.get_running_loop().add_reader(ended.fileno(), done.set)
        clients = [asyncio.create_task(self.client(i)) for i in range(self.count)]
        begin = time.monotonic()
        for n in itertools.count(1):
            due = begin + n / rate
            while (now := time.monotonic()) < due and not done.is_set():
                await asyncio.sleep(due - now)
            if done.is_set():
                break
            self.late = max(self.late, now - due)
            self.queue.put_nowait((n, now))
            self.sent = n
        try:
            await asyncio.wait_for(self.queue.join(), ANSWER_SECONDS + 5)
        except TimeoutError:
            self.problems.append("clients that never ended")
        for client in clients:
            client.cancel()


def run(address, count, rate, settled, end, pipe):
    """The process of these clients: something comes through the pipe when they shall end, their result goes back."""
    async def all_of_it():
        clients = Clients(address, count, settled, end)
        await clients.run(rate, pipe)
        return clients
    c = asyncio.run(all_of_it())
    pipe.send({"sent": c.sent, "right": c.right, "wrong": c.wrong, "failed": c.failed, "refused": c.refused,
               "late": c.late, "problems": c.problems[:10],
               "latency": [[quantile(those, q) for q in (.5, .99, 1)] for those in c.latencies]})
