"""A client of Python's `websockets` (Debian's python3-websockets, 10.x) with a loop that comes back with exponential
backoff and full jitter. Prints what it sees as JSON lines.

    python3 client.py ws://127.0.0.1:8080/ --heartbeat=500ms --backoff-max=1600ms …
"""

import argparse
import asyncio
import json
import random
import re
import signal

import websockets

FINAL_CODES = {1000, 1002, 1003, 1007, 1008, 1009, 1010, *range(4400, 4500)}
FINAL_STATUSES = set(range(300, 500)) - {408, 425, 429}


def seconds(text):
    number, unit = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m)", text).groups()
    return float(number) * {"ms": 0.001, "s": 1, "m": 60}[unit]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--heartbeat", type=seconds, default=20)
    parser.add_argument("--heartbeat-timeout", type=seconds, default=20)
    parser.add_argument("--handshake-limit", type=seconds, default=10)
    parser.add_argument("--close-limit", type=seconds, default=10)
    parser.add_argument("--backoff-first", type=seconds, default=0.5)
    parser.add_argument("--backoff-factor", type=float, default=2)
    parser.add_argument("--backoff-max", type=seconds, default=30)
    return parser.parse_args()


def report(event, **details):
    print(json.dumps({"event": event, **details}), flush=True)


def report_message(message):
    report("message", **({"text": message} if isinstance(message, str) else {"hex": message.hex()}))


class Client:
    def __init__(self, options):
        self.options = options
        self.attempts = 0  # since a connection last opened
        self.websocket = None

    def connect(self):
        options = self.options
        return websockets.connect(
            options.url,
            open_timeout=options.handshake_limit,
            ping_interval=options.heartbeat,
            ping_timeout=options.heartbeat_timeout,
            # Its documentation: closing takes up to five times the close_timeout.
            close_timeout=options.close_limit / 5,
        )

    async def run(self):
        while True:
            try:
                final = await self.converse()
                at_least = 0
            except websockets.InvalidStatusCode as error:
                report("error", message=str(error), status=error.status_code)
                final = error.status_code in FINAL_STATUSES
                at_least = float(error.headers.get("Retry-After", 0))
            except (OSError, asyncio.TimeoutError, websockets.InvalidHandshake) as error:
                report("error", message=str(error) or type(error).__name__)
                final = False
                at_least = 0
            if final:
                await asyncio.Event().wait()
            await self.wait_to_come_back(at_least)

    async def converse(self):
        """One connection. Returns whether its end was final."""
        async with self.connect() as self.websocket:
            self.attempts = 0
            report("open")
            try:
                async for message in self.websocket:
                    report_message(message)
            except websockets.ConnectionClosedError:
                pass
        code = self.websocket.close_code
        report("close", code=code, reason=self.websocket.close_reason, clean=code != 1006)
        return code in FINAL_CODES

    async def wait_to_come_back(self, at_least):
        cap = min(self.options.backoff_max, self.options.backoff_first * self.options.backoff_factor**self.attempts)
        self.attempts += 1
        delay = at_least + random.uniform(0, cap)
        report("reconnecting", delay_ms=round(delay * 1000))
        await asyncio.sleep(delay)

    async def stop(self):
        if self.websocket:
            await self.websocket.close(1001)


async def main():
    client = Client(arguments())
    running = asyncio.create_task(client.run())
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    running.cancel()
    await client.stop()


asyncio.run(main())
