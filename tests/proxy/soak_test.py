"""A proxy under load, with faults that come and heal at random: `soak_test.py [SECONDS]`. Afterwards everything passes
again, its descriptors are those of the beginning, and its memory has stopped to grow."""
import asyncio
import os
import random
import sys
import time

from control import LIMIT, Program, frame, resident

CLIENTS = 20
HANDSHAKE = ("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").encode()
ANSWER = ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n").encode()
FAULTS = [
    {"inject": "reset"},
    {"inject": "fin"},
    {"inject": "close", "code": 1012},
    {"inject": "latency", "latency": "3ms", "jitter": "3ms"},
    {"inject": "bandwidth", "rate": "500KiB"},
    {"inject": "slicer", "average_size": "40B", "size_variation": "30B"},
    {"inject": "stall", "lasts": "100ms"},
    {"inject": "blackhole", "lasts": "100ms"},
    {"inject": "corrupt", "probability": 0.2},
    {"inject": "drop_message", "probability": 0.5},
    {"inject": "refuse", "lasts": "100ms"},
    {"inject": "reset", "when": "message 7", "connections": "all"},
    {"inject": "fin", "when": "ping 2", "connections": "all"},
    {"inject": "reset", "when": "idle 1s", "connections": "all"},
]


class Upstream:
    """Echoes frames as they come, unmasked: their keys are zeros."""

    async def serve(self, reader, writer):
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWER)
            while True:
                first, second = await reader.readexactly(2)
                size = second & 127
                extended = b""
                if size == 126:
                    extended = await reader.readexactly(2)
                    size = int.from_bytes(extended, "big")
                await reader.readexactly(4)
                payload = await reader.readexactly(size)
                writer.write(bytes([first if first & 15 != 9 else 138, second & 127]) + extended + payload)
                await writer.drain()
        except (OSError, EOFError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


class Client:
    """Sends, waits for the echo, and comes back when anything is wrong."""

    def __init__(self, port):
        self.port, self.echoes, self.attempts, self.stops = port, 0, 0, False

    async def run(self):
        while not self.stops:
            self.attempts += 1
            writer = None
            try:
                reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", self.port), 2)
                writer.write(HANDSHAKE)
                await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 2)
                while not self.stops:
                    opcode = random.choice((1, 2, 2, 9))
                    message = frame(opcode, b"x" * random.choice((0, 10, 125) if opcode == 9 else (0, 10, 200, 5000)), True)
                    writer.write(message)
                    await asyncio.wait_for(reader.readexactly(len(message) - 4), 2)
                    self.echoes += 1
            except (OSError, EOFError, asyncio.IncompleteReadError, asyncio.TimeoutError, asyncio.LimitOverrunError):
                await asyncio.sleep(0.02)
            finally:
                if writer:
                    writer.transport.abort()


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


async def until(condition, what):
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, what() if callable(what) else what
        await asyncio.sleep(0.02)


async def soak(seconds):
    upstream = await asyncio.start_server(Upstream().serve, "127.0.0.1", 0)
    program = Program("--upstream", f"127.0.0.1:{upstream.sockets[0].getsockname()[1]}", "--drain", "1")
    pid = program.process.pid
    port = int(program.await_line(lambda line: "listen" in line)["listen"].rsplit(":", 1)[1])

    async def call(method, path, body=None):
        return await asyncio.to_thread(program.request, method, "/v1/sessions/standing" + path, body)

    await call("GET", "")
    at_first = descriptors(pid)
    clients = [Client(port) for _ in range(CLIENTS)]
    tasks = [asyncio.create_task(client.run()) for client in clients]
    begin = time.monotonic()
    injected, memory = 0, []
    while time.monotonic() < begin + seconds:
        fault = random.choice(FAULTS)
        status, _, text = await call("POST", "/faults", fault)
        assert status in (200, 201), (fault, status, text)
        injected += 1
        await asyncio.sleep(random.choice((0, 0.02, 0.1, 0.3)))
        if random.random() < 0.8:
            await call("DELETE", "/faults")
        memory.append(resident(pid))
    await call("DELETE", "/faults")
    before = [client.echoes for client in clients]
    await until(lambda: all(client.echoes >= was + 20 for client, was in zip(clients, before)),
                lambda: f"after all has healed not every client gets its echoes: {[c.echoes - b for c, b in zip(clients, before)]}")
    for client in clients:
        client.stops = True
    await asyncio.gather(*tasks)
    await until(lambda: descriptors(pid) <= at_first, lambda: f"{descriptors(pid)} descriptors, {at_first} at first")
    half = len(memory) // 2
    early, late = max(memory[:half]), max(memory[half:])
    print(f"{injected} faults in {seconds:.0f} s, {sum(c.attempts for c in clients)} connections, "
          f"{sum(c.echoes for c in clients)} echoes; memory {memory[0]} KiB at first, at most {early} KiB in the first half and "
          f"{late} KiB in the second; {at_first} descriptors at first and {descriptors(pid)} at last")
    # The journal may fill: it keeps 32 MiB at most.
    assert late < early * 1.2 + 48 * 1024, f"its memory grows: {early} KiB, {late} KiB"
    assert await asyncio.to_thread(program.stop) == 0
    upstream.close()


if __name__ == "__main__":
    asyncio.run(soak(float(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1][0].isdigit() else 20))
