"""A session: proxies, what happened there, and the judgement of it."""
from __future__ import annotations

import json
import threading
import time
import urllib.parse
from types import TracebackType
from typing import Any, Iterator, Mapping, Sequence

from ._api import Api
from ._duration import seconds
from ._errors import ExpectationError, MomentTimeout, WsfaultError
from ._proxy import Proxy

LONGEST_WAIT = 50.0  # of one request, in seconds

Event = Mapping[str, Any]


class Session:
    def __init__(self, api: Api, info: Mapping[str, Any], timeout: str) -> None:
        self.id: str = info["id"]
        self._api = api
        self._path = "/v1/sessions/" + urllib.parse.quote(self.id, safe="")
        self._timeout = timeout
        self._cursor = 0
        self._over = threading.Event()
        ttl = seconds(info.get("ttl", ""))
        if ttl is not None:
            threading.Thread(target=self._beat, args=(ttl / 3,), daemon=True).start()

    def proxy(self, name: str, upstream: str | Mapping[str, Any], listen: str | None = None,
              faults: Sequence[Mapping[str, Any]] | None = None, enabled: bool | None = None) -> Proxy:
        """Adds a proxy, which listens when this returns. `upstream` is a URL, or the table of a fake server; `{}` is
        one that sends ten messages."""
        body = {"name": name, "upstream": upstream, "listen": listen, "faults": faults, "enabled": enabled}
        return Proxy(self._api, self._path, self._api.call("POST", self._path + "/proxies", body))

    def report(self, event: str, proxy: str | None = None, **members: Any) -> None:
        """Adds what the system under test saw: verdicts know of it from here only. `report("close", code=1006)`"""
        self._api.call("POST", self._path + "/reports", {"event": event, "proxy": proxy, **members})

    def mark(self, name: str, proxy: str | None = None) -> None:
        """Adds a mark: the moment of faults with `when="mark NAME"`."""
        self._api.call("POST", self._path + "/marks", {"name": name, "proxy": proxy})

    def play(self, proxy: str | None = None, **client: Any) -> Mapping[str, Any]:
        """Plays a client, in the words of [[client]], where the server is under test."""
        played: Mapping[str, Any] = self._api.call("POST", self._path + "/clients", {"proxy": proxy, **client})
        return played

    def until(self, moment: str, timeout: str | None = None, after: int | None = None, proxy: str | None = None,
              connection: int | None = None, from_: str | None = None) -> Event:
        """Waits for a moment ("close", "message 3", "fault reset"), and returns the event with which it came.

        `after` is the cursor of an event: only what came later counts. 0: from the beginning. Default: where the last
        wait ended, so that nothing between two waits is missed. `connection` is the number of the connection on which it
        is to come, `from_` ("client", "server") who is to have sent it.
        """
        timeout = timeout or self._timeout
        after = self._cursor if after is None else after
        limit = seconds(timeout)
        due = time.monotonic() + (limit or 0)
        seen: list[Event] = []
        lost = 0
        while True:
            left = min(LONGEST_WAIT, max(0.0, due - time.monotonic()))
            # What this client cannot read, the server refuses.
            wait = timeout if limit is None else f"{left:.3f}s"
            page = self._api.call("GET", self._path + "/events",
                                  query={"after": after, "until": moment, "timeout": wait, "proxy": proxy,
                                         "connection": connection, "from": from_})
            if page["came"]:
                self._cursor = max(self._cursor, page["cursor"])
                came: Event = page["events"][-1]
                return came
            seen += page["events"]
            lost += page["lost"]
            after = page["cursor"]
            if page["ended"] or time.monotonic() >= due:
                raise MomentTimeout(moment, timeout, seen, lost, page["ended"])

    def events(self, after: int = 0, proxy: str | None = None) -> Iterator[Event]:
        """What happens, from the beginning or after a cursor; ends with the session. An event of the type "lost" stands
        for those that were dropped before they were read: its member `lost` says how many."""
        while True:
            try:
                for line in self._api.follow(self._path + "/events", {"after": after, "proxy": proxy}):
                    if line.startswith(b"data:"):
                        event = json.loads(line[5:])
                        if "type" not in event and "ended" in event:
                            return
                        after = event.get("cursor", after)
                        yield {"type": "lost", "at": 0, "cursor": after, **event}
            except WsfaultError as error:
                if error.status == 404:
                    return
                raise

    def verdict(self, ended: bool = False, proxy: str | None = None) -> Mapping[str, Any]:
        """The judgement of what has happened, as `wsfault run --json` prints it. `ended`: nothing more will happen, so
        what is pending is decided."""
        query = {"ended": "true" if ended else "false", "proxy": proxy}
        verdict: Mapping[str, Any] = self._api.call("GET", self._path + "/verdict", query=query)
        return verdict

    def expect(self, timeout: str | None = None, proxy: str | None = None, **expectation: Any) -> Mapping[str, Any]:
        """Waits until the expectation, in the words of [[expect]], is decided: `expect(close=1006, within="1s")`.
        Raises an ExpectationError unless it holds. `for` is written `for_`."""
        timeout = timeout or self._timeout
        body = {key.rstrip("_"): value for key, value in expectation.items()}
        finding: Mapping[str, Any] = self._api.call("POST", self._path + "/expect", {**body, "timeout": timeout, "proxy": proxy})
        if finding["state"] not in ("holds", "warned"):
            raise ExpectationError(finding, timeout)
        return finding

    def end(self) -> None:
        """Ends it, with all that is in it."""
        if self._over.is_set():
            return
        self._over.set()
        try:
            self._api.call("DELETE", self._path)
        except WsfaultError as error:
            if error.status != 404:
                raise

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end()

    def _beat(self, pause: float) -> None:
        while not self._over.wait(pause):
            try:
                self._api.call("POST", self._path + "/heartbeat")
            except WsfaultError as error:
                if error.status == 404:
                    return  # what is wrong shows with the next call of the test
