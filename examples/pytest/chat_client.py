"""The client under test: it comes back after each end, and keeps the codes of them."""
import asyncio
import random
import threading

import websockets

BACKOFF = 0.05  # seconds


class ChatClient:
    def __init__(self, url):
        self.closes = []
        self._url = url
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(self._run())
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    async def _run(self):
        while True:
            socket = await websockets.connect(self._url)
            try:
                await socket.wait_closed()
            finally:
                await socket.close()
            self.closes.append(socket.close_code)
            await asyncio.sleep(BACKOFF * random.uniform(0.5, 1.5))

    def _live(self):
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        self._loop.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()
