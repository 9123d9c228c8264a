"""Real peers talk through the proxy with the same outcome as without it: python3-autobahn's client and server, Node's ws,
with and without compression; on the fast lane, with a moment armed, and where every frame is read."""
import asyncio
import hashlib
import json
import pathlib
import subprocess
import sys
import unittest

from autobahn.asyncio.websocket import (WebSocketClientFactory, WebSocketClientProtocol, WebSocketServerFactory,
                                        WebSocketServerProtocol)
from autobahn.websocket.compress import (PerMessageDeflateOffer, PerMessageDeflateOfferAccept, PerMessageDeflateResponse,
                                         PerMessageDeflateResponseAccept)

from control import LIMIT, Program

PEERS = str(pathlib.Path(__file__).with_name("peers.js"))
SIZES = [0, 1, 125, 126, 127, 65535, 65536, 1 << 20]
PLAN = ([["text", size] for size in SIZES] + [["binary", size] for size in SIZES] + [["ping", 0], ["ping", 125]]
        + [["fragments", size] for size in (3, 400, 200000)])
WAYS = {
    "the fast lane": [],
    "a moment that never comes": ["--fault", '{ inject = "reset", when = "message 1000000" }'],
    "every frame is read": ["--fault", '{ inject = "latency", latency = "1us" }'],
}


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


class Echo(WebSocketServerProtocol):
    def onMessage(self, payload, isBinary):
        self.sendMessage(payload, isBinary)


class Speaker(WebSocketClientProtocol):
    """Says all of it at once, closes when all is answered, and tells what it saw."""

    def onOpen(self):
        self.seen = []
        for kind, size in self.factory.plan["messages"]:
            data = (b"wsfault " * (size // 8 + 1))[:size]
            if kind == "ping":
                self.sendPing(data)
            elif kind == "fragments":
                self.sendMessage(data, True, fragmentSize=-(-size // 3))
            else:
                self.sendMessage(data, kind == "binary")

    def note(self, kind, payload):
        self.seen.append([kind, len(payload), digest(payload)])
        if len(self.seen) == len(self.factory.plan["messages"]):
            self.sendClose(self.factory.plan["code"], self.factory.plan["reason"])

    def onMessage(self, payload, isBinary):
        self.note("binary" if isBinary else "text", payload)

    def onPong(self, payload):
        self.note("pong", payload)

    def onClose(self, wasClean, code, reason):
        extensions = [str(each) for each in self.websocket_extensions_in_use]
        outcome = {"seen": getattr(self, "seen", None), "code": code, "reason": reason, "clean": wasClean, "extensions": extensions}
        if not self.factory.over.done():
            self.factory.over.set_result(outcome)


async def autobahn_client(port, plan):
    factory = WebSocketClientFactory(f"ws://127.0.0.1:{port}")
    factory.protocol = Speaker
    factory.plan = plan
    factory.over = asyncio.get_running_loop().create_future()
    if plan["compression"]:
        factory.setProtocolOptions(
            perMessageCompressionOffers=[PerMessageDeflateOffer()],
            perMessageCompressionAccept=lambda response: PerMessageDeflateResponseAccept(response)
            if isinstance(response, PerMessageDeflateResponse) else None)
    await asyncio.get_running_loop().create_connection(factory, "127.0.0.1", port)
    return await asyncio.wait_for(factory.over, LIMIT)


async def node_client(port, plan):
    process = await asyncio.create_subprocess_exec("node", PEERS, "client", f"ws://127.0.0.1:{port}", json.dumps(plan),
                                                   stdout=subprocess.PIPE)
    out, _ = await asyncio.wait_for(process.communicate(), LIMIT)
    return json.loads(out)


class Conformance(unittest.IsolatedAsyncioTestCase):
    maxDiff = None

    async def autobahn_server(self):
        factory = WebSocketServerFactory()
        factory.protocol = Echo
        factory.setProtocolOptions(
            perMessageCompressionAccept=lambda offers: next(
                (PerMessageDeflateOfferAccept(offer) for offer in offers if isinstance(offer, PerMessageDeflateOffer)), None))
        server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
        self.addCleanup(server.close)
        return server.sockets[0].getsockname()[1]

    async def node_server(self):
        process = await asyncio.create_subprocess_exec("node", PEERS, "server", stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        async def end():
            process.stdin.close()
            await asyncio.wait_for(process.wait(), LIMIT)

        self.addAsyncCleanup(end)
        return int(await asyncio.wait_for(process.stdout.readline(), LIMIT))

    async def test_the_outcome_is_the_same(self):
        for server in (self.autobahn_server, self.node_server):
            port = await server()
            for client in (autobahn_client, node_client):
                for compression in (False, True):
                    plan = {"messages": PLAN, "compression": compression, "code": 4001, "reason": "that is all"}
                    direct = await client(port, plan)
                    self.assertEqual(len(direct["seen"]), len(PLAN), direct)
                    self.assertEqual(bool(direct["extensions"]), compression, direct["extensions"])
                    for way, options in WAYS.items():
                        with self.subTest(server=server.__name__, client=client.__name__, compression=compression, way=way):
                            program = await asyncio.to_thread(Program, "--upstream", f"127.0.0.1:{port}", *options)
                            try:
                                listens = program.await_line(lambda line: "listen" in line)["listen"]
                                self.assertEqual(await client(int(listens.rsplit(":", 1)[1]), plan), direct)
                            finally:
                                self.assertEqual(await asyncio.to_thread(program.stop), 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
