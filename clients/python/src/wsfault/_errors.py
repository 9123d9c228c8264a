"""What the client raises."""
from __future__ import annotations

import json
from typing import Any, Mapping, Sequence

SHOWN = 12  # events


class WsfaultError(Exception):
    """An error of the API (RFC 9457), or, with the status 0, of reaching it."""

    def __init__(self, request: str, status: int, detail: str, hint: str | None = None,
                 errors: Sequence[Mapping[str, str]] = ()) -> None:
        self.status = status
        self.detail = detail
        self.hint = hint
        #: What is wrong with the body: each with a JSON pointer to its place (RFC 6901).
        self.errors = list(errors)
        message = detail if hint is None else f"{detail}; {hint}"
        if errors:
            message = "the body is wrong" + "".join(f"\n  {_place(each)}" for each in errors)
        super().__init__(f"{request}: {message}")


class MomentTimeout(TimeoutError):
    """A moment did not come in time, or before the session ended."""

    def __init__(self, moment: str, timeout: str, events: Sequence[Mapping[str, Any]], lost: int, ended: bool = False) -> None:
        self.moment = moment
        self.timeout = timeout
        #: What happened meanwhile.
        self.events = list(events)
        #: How many more events happened, which were dropped before they were read.
        self.lost = lost
        #: The session ended while it was waited for.
        self.ended = ended
        limit = "before the session ended" if ended else f"in {timeout}"
        dropped = f"{lost} events were dropped; " if lost > 0 else ""
        super().__init__(f'"{moment}" did not come {limit}; {dropped}{_told(events)}')


class ExpectationError(AssertionError):
    """An expectation does not hold, or is undecided."""

    def __init__(self, finding: Mapping[str, Any], timeout: str) -> None:
        self.finding = dict(finding)
        pending = finding["state"] == "pending"
        lines = [f"{finding['subject']}: " + (f"undecided after {timeout}" if pending else finding["state"])]
        lines += finding_lines(finding)
        super().__init__("\n".join(lines))


def finding_lines(finding: Mapping[str, Any]) -> list[str]:
    """What was expected and seen, and what is known of why."""
    names = ("expected", "seen", "broke", "cause", "remedy")
    return [f"  {name:<9} {finding[name]}" for name in names if finding.get(name)]


def _place(error: Mapping[str, str]) -> str:
    hint = f"; {error['hint']}" if error.get("hint") else ""
    return f"{error['pointer'] or '(body)'}: {error['detail']}{hint}"


def _told(events: Sequence[Mapping[str, Any]]) -> str:
    if not events:
        return "nothing happened meanwhile"
    return f"the last of {len(events)} events:" + "".join(f"\n  {_line(event)}" for event in events[-SHOWN:])


def _line(event: Mapping[str, Any]) -> str:
    """12.3ms api #1 frame_seen from=server opcode=1 …"""
    said = ("cursor", "at", "proxy", "connection", "type", "link", "party")
    members = [f"{key}={value if isinstance(value, str) else json.dumps(value)}" for key, value in event.items() if key not in said]
    number = f"#{event['connection']}" if "connection" in event else ""
    words = [f"{event['at'] / 1e6:.1f}ms", event.get("proxy", ""), number, event["type"], *members]
    return " ".join(word for word in words if word)
