"""Requests of the control port."""
from __future__ import annotations

import http.client
import json
import urllib.parse
from typing import Any, Callable, Iterator, Mapping

from ._errors import WsfaultError

ANSWER_WITHIN = 90  # seconds: longer than the longest wait of one request
SILENCE = 60  # seconds: a stream has a sign of life every 15


class Api:
    """`why_gone` says what became of a program of our own that does not answer."""

    def __init__(self, url: str, token: str | None = None, why_gone: Callable[[], str | None] = lambda: None) -> None:
        self.url = url
        self._token = token
        self._why_gone = why_gone
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url}: http://HOST:PORT is needed")
        self._host = parts.hostname
        self._port = parts.port
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None) -> Any:
        """The JSON of the answer; None: it has none. What is None in the body or the query is left out."""
        connection, answer = self._request(method, path, body, query, "application/json", ANSWER_WITHIN)
        try:
            text = answer.read()
        finally:
            connection.close()
        return json.loads(text) if text else None

    def follow(self, path: str, query: Mapping[str, Any]) -> Iterator[bytes]:
        """The lines of an answer that goes on, Server-Sent Events, as far as they come."""
        connection, answer = self._request("GET", path, None, query, "text/event-stream", SILENCE)
        try:
            yield from _lines(answer)
        finally:
            connection.close()

    def _request(self, method: str, path: str, body: Mapping[str, Any] | None, query: Mapping[str, Any] | None,
                 accept: str, timeout: float) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        fields = {"Accept": accept}
        if self._token is not None:
            fields["Authorization"] = f"Bearer {self._token}"
        text = None
        if body is not None:
            fields["Content-Type"] = "application/json"
            text = json.dumps(_stated(body)).encode()
        target = path + ("?" + urllib.parse.urlencode(_stated(query)) if query else "")
        connection = self._kind(self._host, self._port, timeout=timeout)
        try:
            connection.request(method, target, text, fields)
            answer = connection.getresponse()
            if answer.status >= 400:
                raise _refusal(f"{method} {path}", answer.status, answer.read())
            return connection, answer
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise WsfaultError(f"{method} {path}", 0, f"{self.url} does not answer: {error}", self._why_gone()) from error
        except BaseException:
            connection.close()
            raise


def _lines(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    while True:
        try:
            line = answer.readline()
        except (OSError, http.client.HTTPException):
            return
        if not line:
            return
        yield line


def _stated(members: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value is not None}


def _refusal(request: str, status: int, text: bytes) -> WsfaultError:
    try:
        problem = json.loads(text)
        return WsfaultError(request, status, problem["detail"], problem.get("hint"), problem.get("errors", ()))
    except (ValueError, LookupError, TypeError):  # not of wsfault: another server at that address
        return WsfaultError(request, status, f"status {status}: {text[:200].decode(errors='replace')}")
