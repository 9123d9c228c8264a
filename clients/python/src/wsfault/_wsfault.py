"""A running `wsfault proxy`, our own or another's."""
from __future__ import annotations

from types import TracebackType
from typing import Any, Mapping, Sequence

from ._api import Api
from ._program import Program
from ._session import Session


class Wsfault:
    """Made by `start` or `connect`."""

    def __init__(self, api: Api, program: Program | None) -> None:
        self._api = api
        self._program = program
        self.url = api.url
        self.version: str = api.call("GET", "/v1")["version"]

    @classmethod
    def start(cls, program: str | None = None, options: Sequence[str] = ()) -> Wsfault:
        """Starts `wsfault proxy`, which ends with `stop()` or with this process. `program`: the environment variable
        WSFAULT by default, or `wsfault` of PATH."""
        started = Program(program, options)
        return cls(Api(f"http://{started.address}", why_gone=started.why_gone), started)

    @classmethod
    def connect(cls, url: str, token: str | None = None) -> Wsfault:
        """Uses one that runs: `Wsfault.connect("http://127.0.0.1:8474")`."""
        return cls(Api(url, token), None)

    def session(self, role: str | None = None, ttl: str | None = None, traits: Mapping[str, Any] | None = None,
                timeout: str = "10s", id: str | None = None, system: str | None = None, seed: int | None = None) -> Session:
        """Begins a session: what a test makes, and what is gone with it. `timeout` is how long `until` and `expect`
        wait."""
        body = {"role": role, "ttl": ttl, "traits": traits, "id": id, "system": system, "seed": seed}
        return Session(self._api, self._api.call("POST", "/v1/sessions", body), timeout)

    def stop(self) -> None:
        """Stops it if it was started here."""
        if self._program is not None:
            self._program.stop()

    def __enter__(self) -> Wsfault:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
