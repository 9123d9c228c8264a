"""A proxy of a session, its faults, and what can be done to one of its connections at once."""
from __future__ import annotations

import urllib.parse
from types import TracebackType
from typing import Any, Mapping

from ._api import Api


class Proxy:
    def __init__(self, api: Api, session: str, info: Mapping[str, Any]) -> None:
        self.name: str = info["name"]
        #: To which the client under test connects: ws://127.0.0.1:PORT.
        self.url: str = info["url"]
        self.host: str = info["host"]
        self.port: int = info["port"]
        self._api = api
        self._session = session
        self._path = f"{session}/proxies/" + urllib.parse.quote(self.name, safe="")

    def inject(self, inject: str, **attributes: Any) -> Fault:
        """Injects a fault (docs/faults.md): `inject("reset", when="message 3")`. Without `when` it strikes now, what is
        open and what comes."""
        body = {"inject": inject, **attributes, "at": self.name}
        return Fault(self._api, self._session, self._api.call("POST", self._session + "/faults", body))

    def connection(self, number: int) -> Connection:
        """One of its connections, by its number from 1."""
        return Connection(self._api, self._session, f"{self._path}/connections/{number}")

    def connections(self) -> list[Mapping[str, Any]]:
        """Those that are open."""
        found: list[Mapping[str, Any]] = self._api.call("GET", self._path + "/connections")["connections"]
        return found

    def disable(self) -> None:
        """Ends what is open, and refuses what comes."""
        self.change(enabled=False)

    def enable(self) -> None:
        self.change(enabled=True)

    def change(self, enabled: bool | None = None, listen: str | None = None, upstream: str | None = None) -> Mapping[str, Any]:
        """With another `listen` it has another `url`: see the answer."""
        body = {"enabled": enabled, "listen": listen, "upstream": upstream}
        changed: Mapping[str, Any] = self._api.call("PATCH", self._path, body)
        return changed

    def info(self) -> Mapping[str, Any]:
        """As it is now, with its faults."""
        info: Mapping[str, Any] = self._api.call("GET", self._path)
        return info

    def remove(self) -> None:
        """Ends what is open, and listens no more."""
        self._api.call("DELETE", self._path)


class Connection:
    def __init__(self, api: Api, session: str, path: str) -> None:
        self._api = api
        self._session = session
        self._path = path

    def close(self, **attributes: Any) -> None:
        """Sends a Close frame to the client: `close(code=1012)`."""
        self._act("close", attributes)

    def reset(self, **attributes: Any) -> None:
        """TCP RST."""
        self._act("reset", attributes)

    def fin(self, **attributes: Any) -> None:
        """TCP FIN, without a Close frame."""
        self._act("fin", attributes)

    def freeze(self, **attributes: Any) -> Fault:
        """Nothing passes and nothing is read, until it is healed."""
        return self._act("freeze", attributes)

    def send(self, payload: str, **attributes: Any) -> None:
        """Sends a text message that the other side did not send."""
        self._act("send", {**attributes, "payload": payload})

    def ping(self, **attributes: Any) -> None:
        self._act("ping", attributes)

    def _act(self, name: str, attributes: Mapping[str, Any]) -> Fault:
        return Fault(self._api, self._session, self._api.call("POST", f"{self._path}/{name}", attributes))


class Fault:
    """A fault that was injected. It heals at the end of its `with`."""

    def __init__(self, api: Api, session: str, asked: Mapping[str, Any]) -> None:
        self.name: str = asked["name"]
        self.asked = asked
        self._api = api
        self._path = f"{session}/faults/" + urllib.parse.quote(self.name, safe="")

    def info(self) -> Mapping[str, Any]:
        """What became of it."""
        info: Mapping[str, Any] = self._api.call("GET", self._path)
        return info

    def heal(self) -> None:
        """Takes it back."""
        self._api.call("DELETE", self._path)

    def __enter__(self) -> Fault:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.heal()
