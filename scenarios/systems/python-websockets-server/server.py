"""An echo server of Python's `websockets` (Debian's python3-websockets, 10.x) as its documentation writes one: its
keep-alive and its limits, and at SIGTERM it says 1001 to all.

    python3 server.py --host=127.0.0.1 --port=8080 --heartbeat=500ms …
"""

import argparse
import asyncio
import http
import logging
import re
import signal

import websockets


def seconds(text):
    number, unit = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m)", text).groups()
    return float(number) * {"ms": 0.001, "s": 1, "m": 60}[unit]


def size(text):
    number, unit = re.fullmatch(r"(\d+(?:\.\d+)?)(|KiB|MiB)", text).groups()
    return round(float(number) * {"": 1, "KiB": 1024, "MiB": 1024 * 1024}[unit])


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--heartbeat", type=seconds, default=20)
    parser.add_argument("--heartbeat-timeout", type=seconds, default=20)
    parser.add_argument("--close-limit", type=seconds, default=10)
    parser.add_argument("--drain", type=seconds, default=10)
    parser.add_argument("--max-connections", type=int, default=1000)
    parser.add_argument("--max-message", type=size, default=2**20)
    return parser.parse_args()


class Server:
    def __init__(self, options):
        self.options = options
        self.open = 0

    async def refuse_when_full(self, path, headers):
        if self.open >= self.options.max_connections:
            return http.HTTPStatus.SERVICE_UNAVAILABLE, [], b""
        return None

    async def echo(self, websocket):
        self.open += 1
        try:
            async for message in websocket:
                await websocket.send(message)
        except websockets.ConnectionClosed:
            pass
        finally:
            self.open -= 1

    async def run(self, stopped):
        options = self.options
        server = await websockets.serve(
            self.echo,
            options.host,
            options.port,
            ping_interval=options.heartbeat,
            ping_timeout=options.heartbeat_timeout,
            # Its documentation: for a server closing takes up to four times the close_timeout.
            close_timeout=options.close_limit / 4,
            max_size=options.max_message,
            subprotocols=["chat"],
            process_request=self.refuse_when_full,
        )
        await stopped.wait()
        server.close()  # 1001 to the open ones, 503 to unfinished handshakes
        try:
            await asyncio.wait_for(server.wait_closed(), options.drain)
        except asyncio.TimeoutError:
            pass


async def main():
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await Server(arguments()).run(stopped)


logging.getLogger("websockets").setLevel(logging.CRITICAL)  # otherwise a traceback for each client that fails
asyncio.run(main())
