"""The two ends of a test: a server that echoes, and a client that keeps what it saw; both in a loop of their own."""
import asyncio
import threading

import websockets

LIMIT = 30


class Loop:
    """An event loop in a thread."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(LIMIT)

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


class EchoServer:
    def __init__(self, loop):
        self.loop = loop
        self.server = loop.run(self._serve())
        self.url = "ws://127.0.0.1:%d" % self.server.sockets[0].getsockname()[1]

    async def _serve(self):
        return await websockets.serve(self._echo, "127.0.0.1", 0)

    @staticmethod
    async def _echo(socket):
        try:
            async for message in socket:
                await socket.send(message)
        except websockets.ConnectionClosed:
            pass  # that is what these tests are about

    def close(self):
        self.server.close()
        self.loop.run(self.server.wait_closed())


class Client:
    """Open when it is made."""

    def __init__(self, loop, url):
        self.loop = loop
        self.socket = loop.run(self._connect(url))

    async def _connect(self, url):
        return await websockets.connect(url, compression=None)  # so that events show the text

    def send(self, text):
        self.loop.run(self.socket.send(text))

    def receive(self):
        return self.loop.run(asyncio.wait_for(self.socket.recv(), LIMIT))

    def echo(self, text):
        self.send(text)
        return self.receive()

    def close_code(self):
        """Of its end, which this waits for."""
        self.loop.run(asyncio.wait_for(self.socket.wait_closed(), LIMIT))
        return self.socket.close_code

    def close(self):
        self.loop.run(self.socket.close())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.loop.loop.call_soon_threadsafe(self.socket.transport.abort)
        self.close_code()
