"""Fixtures: `wsfault`, a running one for all tests, and `wsfault_session`, a session for each test. Where a test fails,
its report has a section with the verdict on what happened at the proxies."""
from __future__ import annotations

import os
from typing import Any, Generator, Iterator, List

import pytest

from ._errors import WsfaultError, finding_lines
from ._session import Session
from ._wsfault import Wsfault

_session_of = pytest.StashKey[Session]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("wsfault")
    group.addoption("--wsfault", metavar="PROGRAM", help="the program; default: WSFAULT, or wsfault of PATH")
    group.addoption("--wsfault-url", metavar="URL",
                    help="use a wsfault proxy that runs; default: WSFAULT_URL, with the token WSFAULT_TOKEN, if any")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", 'wsfault(role, ttl, traits, …): the settings of the test\'s wsfault_session')


@pytest.fixture(scope="session")
def wsfault(pytestconfig: pytest.Config) -> Iterator[Wsfault]:
    """A `wsfault proxy` for all tests."""
    url = pytestconfig.getoption("--wsfault-url") or os.environ.get("WSFAULT_URL")
    program = pytestconfig.getoption("--wsfault")
    running = Wsfault.connect(url, os.environ.get("WSFAULT_TOKEN")) if url else Wsfault.start(program)
    with running:
        yield running


@pytest.fixture
def wsfault_session(wsfault: Wsfault, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session for this test, which is gone with it; `@pytest.mark.wsfault(role="server")` says its settings."""
    mark = request.node.get_closest_marker("wsfault")
    with wsfault.session(**(mark.kwargs if mark else {})) as session:
        request.node.stash[_session_of] = session
        yield session


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    session = item.stash.get(_session_of, None)
    if report.when == "call" and report.failed and session is not None:
        report.sections.append(("wsfault: the verdict on what happened", _verdict_text(session)))


def _verdict_text(session: Session) -> str:
    try:
        cases = session.verdict()["cases"]
    except WsfaultError as error:
        return f"there is none: {error}"
    return "\n".join(line for case in cases for line in _case_lines(case)) or "the session has no proxy"


def _case_lines(case: Any) -> List[str]:
    lines = [f"{case['id']}: {case['outcome']}"]
    # The explanation of a case that did not pass has its findings, and the timeline.
    if case["explanation"]:
        return lines + list(case["explanation"])
    for finding in case["findings"]:
        lines += [f"  {finding['state']}: {finding['subject']}", *finding_lines(finding)]
    return lines
