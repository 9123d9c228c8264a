"""An echo server of Python's `aiohttp` (Debian's python3-aiohttp, 3.8) as its documentation writes one: its heartbeat,
its limits, and a shutdown that closes every WebSocket with 1001.

    python3 server.py --host=127.0.0.1 --port=8080 --heartbeat=500ms …
"""

import argparse
import asyncio
import re
import weakref

from aiohttp import WSCloseCode, WSMsgType, web


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
    parser.add_argument("--close-limit", type=seconds, default=10)
    parser.add_argument("--drain", type=seconds, default=60)
    parser.add_argument("--max-connections", type=int, default=1000)
    parser.add_argument("--max-message", type=size, default=4 * 2**20)
    return parser.parse_args()


options = arguments()
open_ones = weakref.WeakSet()


async def serve(request):
    if len(open_ones) >= options.max_connections:
        return web.Response(status=503)
    websocket = web.WebSocketResponse(
        heartbeat=options.heartbeat,
        timeout=options.close_limit,
        max_msg_size=options.max_message,
        protocols=["chat"],
    )
    if not websocket.can_prepare(request):
        return web.Response(status=426, headers={"Upgrade": "websocket", "Sec-WebSocket-Version": "13"})
    await websocket.prepare(request)
    open_ones.add(websocket)
    try:
        async for message in websocket:
            if message.type == WSMsgType.TEXT:
                await websocket.send_str(message.data)
            elif message.type == WSMsgType.BINARY:
                await websocket.send_bytes(message.data)
    except ConnectionResetError:
        pass  # the client left while its echo was being sent
    finally:
        open_ones.discard(websocket)
    return websocket


async def say_goodbye(app):
    goodbyes = [websocket.close(code=WSCloseCode.GOING_AWAY, message=b"going away") for websocket in set(open_ones)]
    await asyncio.gather(*goodbyes, return_exceptions=True)


app = web.Application()
app.router.add_get("/{path:.*}", serve)
app.on_shutdown.append(say_goodbye)
web.run_app(app, host=options.host, port=options.port, shutdown_timeout=options.drain, print=None)
