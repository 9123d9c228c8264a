"""What `wsfault proxy` withstands: readers that do not read, descriptors at their limit, many calls at once, requests that
never end."""
import asyncio
import select
import socket
import threading
import time
import unittest

from control import LIMIT, Client, Program, Server, frame, read_head, resident, serve_websocket

MIB = 1024  # in KiB, as /proc counts


def open_one(program):
    """The port of the proxy of the command line."""
    return int(program.await_line(lambda line: "listen" in line)["listen"].rsplit(":", 1)[1])


def eventually(condition, what):
    deadline = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(what)
        time.sleep(0.02)


class Flood:
    """Answers a handshake and sends for as long as somebody takes it; `blocked` of them nobody reads any more."""

    def __init__(self):
        self.blocked = 0
        self.sent = 0
        self.ends = False
        self.lock = threading.Lock()

    def __call__(self, peer):
        read_head(peer)
        peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
        message = frame(2, b"x" * 60_000, False)
        peer.setblocking(False)
        rest = message
        while not self.ends:
            if not select.select([], [peer], [], 1)[1]:
                break
            size = peer.send(rest)
            with self.lock:
                self.sent += size
            rest = rest[size:] or message
        with self.lock:
            self.blocked += 1
        while not self.ends:
            time.sleep(0.05)


class SlowReaders(unittest.TestCase):
    CONNECTIONS = 20

    def check(self, *options):
        flood = Flood()
        with Server(flood) as server, Program("--upstream", f"127.0.0.1:{server.port}", *options) as program:
            port = open_one(program)
            before = resident(program.process.pid)
            clients = [Client(port) for _ in range(self.CONNECTIONS)]
            try:
                eventually(lambda: flood.blocked == self.CONNECTIONS, lambda: f"{flood.blocked} wait, {flood.sent} were sent")
                grown = resident(program.process.pid) - before
                self.assertLess(grown, 4 * MIB * self.CONNECTIONS, f"KiB, for {flood.sent} bytes that were sent")
                self.assertGreater(flood.sent, 0)
            finally:
                flood.ends = True
                for client in clients:
                    client.close()

    def test_bound_memory(self):
        self.check()

    def test_bound_memory_while_a_fault_stands(self):
        self.check("--fault", '{ inject = "latency", latency = "1ms", connections = "all" }')


class Descriptors(unittest.TestCase):
    """Two of each connection are the proxy's."""
    ALLOWED = 64

    @staticmethod
    def serve(peer):
        """Ends what its client has ended."""
        try:
            serve_websocket(peer)
        except StopIteration:  # no request came
            peer.close()

    def test_accepting_waits_and_goes_on(self):
        with Server(self.serve) as server, Program("--upstream", f"127.0.0.1:{server.port}",
                                                        descriptors=self.ALLOWED) as program:
            port = open_one(program)
            waiting = [socket.create_connection(("127.0.0.1", port), timeout=LIMIT) for _ in range(self.ALLOWED)]
            warned = program.await_line(lambda line: "descriptors" in str(line))
            self.assertIn("limit", str(warned))
            program.v1("GET", "", None, 200)
            for each in waiting:
                each.close()
            with Client(port) as client:
                self.assertIn(" 101 ", client.answer)
                self.assertEqual(client.echo("it goes on"), "it goes on")


class Calls(unittest.TestCase):
    CALLS = 1000

    def test_many_at_once_during_traffic(self):
        with Server(serve_websocket) as server, Program("--upstream", f"127.0.0.1:{server.port}") as program:
            port = open_one(program)
            ends = threading.Event()
            echoes = []

            def talk():
                with Client(port) as client:
                    number = 0
                    while not ends.is_set():
                        number += 1
                        assert client.echo(f"message {number}") == f"message {number}"
                    echoes.append(number)

            talkers = [threading.Thread(target=talk) for _ in range(5)]
            for talker in talkers:
                talker.start()
            try:
                answers = asyncio.run(self.call_at_once(program.address))
            finally:
                ends.set()
                for talker in talkers:
                    talker.join(LIMIT)
            self.assertEqual(set(answers), {"200"}, {each: answers.count(each) for each in set(answers)})
            self.assertEqual(len(answers), self.CALLS)
            self.assertEqual(len(echoes), 5)
            self.assertGreater(min(echoes), 1)

    async def call_at_once(self, address):
        host, port = address.rsplit(":", 1)
        opened = [await asyncio.open_connection(host, int(port)) for _ in range(self.CALLS)]

        async def call(index, reader, writer):
            path = ("/v1", "/v1/sessions/standing", "/v1/sessions/standing/events", "/metrics", "/proxies")[index % 5]
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
            answer = await asyncio.wait_for(reader.read(), LIMIT)
            writer.close()
            return answer.split(b" ", 2)[1].decode() if answer else "nothing"

        return await asyncio.gather(*(call(index, *pair) for index, pair in enumerate(opened)))


class RequestsThatNeverEnd(unittest.TestCase):
    def test_at_the_control_port_delay_nobody_and_are_cut(self):
        with Program() as program:
            host, port = program.address.rsplit(":", 1)
            slow = [socket.create_connection((host, int(port)), timeout=LIMIT) for _ in range(50)]
            for each in slow:
                each.sendall(b"GET /v1 HTTP/1.1\r\nHost: a\r\nX: ")
            program.v1("GET", "", None, 200)
            for each in slow:
                each.sendall(b"y")
            program.v1("GET", "", None, 200)
            for each in slow:
                self.assertRegex(each.recv(100).split(b"\r\n")[0].decode(), "^$| 408 ")
                each.close()

    def test_at_a_proxy_pass_as_they_come(self):
        came = threading.Event()

        def serve(peer):
            data = b""
            while len(data) < 31:
                data += peer.recv(1)
            came.set()
            peer.recv(1)

        with Server(serve) as server, Program("--upstream", f"127.0.0.1:{server.port}") as program:
            port = open_one(program)
            with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as slow:
                for byte in b"GET / HTTP/1.1\r\nHost: a\r\nX-No-E":
                    slow.sendall(bytes([byte]))
                self.assertTrue(came.wait(LIMIT), "the server waits for the end of a head that has none")


if __name__ == "__main__":
    unittest.main()
