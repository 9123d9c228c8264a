"""A `wsfault proxy` of our own: started, read until it listens, and stopped, however this process ends."""
from __future__ import annotations

import json
import os
import subprocess
import threading
from typing import IO, Sequence

# The shell stays in between: its read() ends with this process, even where that is killed, and no signal handler of
# ours is needed. It has let go of stdout by then, so the end of that is the end of the program.
KEEPER = '"$@" </dev/null & child=$!; exec >/dev/null 2>&1; read -r nothing; kill "$child"; wait "$child"'
MOST_KEPT = 16 * 1024


class Program:
    def __init__(self, program: str | None = None, options: Sequence[str] = ()) -> None:
        self._named = program or os.environ.get("WSFAULT") or "wsfault"
        words = [self._named, "proxy", "--control", "127.0.0.1:0", "--log-format", "json", "--drain", "0", *options]
        # A session of its own: Ctrl-C is for the tests, which then end theirs in order.
        self._keeper = subprocess.Popen(["/bin/sh", "-c", KEEPER, "wsfault", *words], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        assert self._keeper.stdout and self._keeper.stderr
        self._said = b""
        self._over = threading.Event()
        self._listens = threading.Event()
        self._address: str | None = None
        self._readers = [
            threading.Thread(target=self._read_log, args=(self._keeper.stdout,), daemon=True),
            threading.Thread(target=self._read_errors, args=(self._keeper.stderr,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()
        self._listens.wait()
        if self._address is None:
            raise RuntimeError(self._why_not_started(self.stop()))
        self.address: str = self._address

    def stop(self) -> int:
        """Returns its exit code."""
        stdin = self._keeper.stdin
        assert stdin
        stdin.close()
        code = self._keeper.wait()
        for reader in self._readers:
            reader.join()
        return code

    def why_gone(self) -> str | None:
        """None while it runs."""
        if not self._over.is_set():
            return None
        said = self._said.decode(errors="replace").strip()
        return f"{self._named} proxy, which was started here, has ended" + (f": {said}" if said else "")

    def _why_not_started(self, code: int) -> str:
        said = self._said.decode(errors="replace").strip()
        if code in (126, 127):
            return f"{self._named} cannot be run: {said}; say where it is with WSFAULT or the argument `program`"
        return f"{self._named} proxy ended with exit code {code}: {said}"

    def _read_log(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                if self._address is None:
                    self._address = _address_in(line)
                    if self._address is not None:
                        self._listens.set()
        self._over.set()
        self._listens.set()

    def _read_errors(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self._said = (self._said + line)[-MOST_KEPT:]


def _address_in(line: bytes) -> str | None:
    try:
        address = json.loads(line).get("control")
    except (ValueError, AttributeError):
        return None
    return address if isinstance(address, str) else None
