"""Sessions with real traffic: faults, waits, acts, reports, verdicts."""
import json
import threading
import urllib.request

import pytest

from peers import Client, EchoServer, Loop
from wsfault import ExpectationError, MomentTimeout, WsfaultError


@pytest.fixture(scope="module")
def loop():
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def server(loop):
    server = EchoServer(loop)
    yield server
    server.close()


@pytest.fixture
def session(wsfault_session):
    return wsfault_session


@pytest.fixture
def proxy(session, server):
    return session.proxy("api", upstream=server.url)


@pytest.fixture
def connect(loop, proxy):
    return lambda at=proxy: Client(loop, at.url)


def test_passes_on_what_nothing_strikes(proxy, connect):
    with connect() as client:
        assert client.echo("hello") == "hello"
        assert [(each["number"], each["open"]) for each in proxy.connections()] == [(1, True)]


def test_a_fault_waits_for_its_moment_and_the_client_sees_its_end(session, proxy, connect):
    fault = proxy.inject("reset", when="message 3")
    assert (fault.asked["state"], fault.asked["when"], fault.asked["proxy"]) == ("armed", "message 3", "api")
    with connect() as client:
        assert client.echo("one") == "one"  # the first message of each direction
        client.send("two")
        client.send("three")
        assert client.close_code() == 1006
    event = session.until("fault reset", timeout="5s")
    assert (event["type"], event["connection"]) == ("fault_fired", 1)
    assert fault.info()["state"] == "fired"


def test_faults_that_come_with_the_proxy_are_there_with_its_first_connection(session, server, connect):
    close = {"inject": "close", "code": 1012, "reason": "restart", "when": "message 1"}
    proxy = session.proxy("other", upstream=server.url, faults=[close])
    with connect(proxy) as client:
        client.send("one")
        assert client.close_code() == 1012


def test_a_fault_heals_by_hand_or_at_the_end_of_its_block(session, proxy, connect):
    with connect() as client:
        with proxy.inject("stall") as fault:
            client.send("held")
            assert session.until("fault stall")["name"] == fault.name
            assert len(proxy.info()["faults"]) == 1
        assert client.receive() == "held"
        assert proxy.info()["faults"] == []
    refusal = proxy.inject("refuse")
    with pytest.raises(ConnectionRefusedError):
        connect()
    refusal.heal()
    with connect() as client:
        assert client.echo("in") == "in"


def test_waits_miss_nothing_between_each_other_and_look_back_where_they_are_told_to(session, connect):
    with connect() as client:
        for text in ("one", "two"):
            client.echo(text)  # all of it before the first wait
        opened = session.until("open")
        second = session.until("message 2")
        assert second["cursor"] > opened["cursor"]
        with pytest.raises(MomentTimeout):
            session.until("open", timeout="50ms")
        assert session.until("open", after=0) == opened
        assert session.until("message 2", after=opened["cursor"]) == second


def test_a_moment_that_does_not_come_is_an_error_that_shows_the_last_events(session, connect):
    with connect() as client:
        client.echo("one")
        with pytest.raises(MomentTimeout, match=r'^"close" did not come in 100ms; the last of \d+ events:\n(.*\n)*  [\d.]+ms api #1 '):
            session.until("close", timeout="100ms")
        # What it read is still there for the next wait.
        assert session.until("message 1")["connection"] == 1


def test_a_moment_of_one_connection_of_one_side(session, connect):
    with connect() as first, connect() as second:
        first.echo("one")
        second.echo("one")
        event = session.until("message 1", connection=2, from_="server")
        assert (event["connection"], event["from"]) == (2, "server")
        with pytest.raises(WsfaultError, match="it takes no `from`"):
            session.until("open", after=0, from_="client")


def test_a_wait_reads_on_over_more_events_than_one_answer_holds(session, connect):
    texts = [f"message {number}" for number in range(600)]
    with connect() as client:
        for text in texts:
            client.send(text)
        assert [client.receive() for _ in texts] == texts
        assert session.until("message 600")["cursor"] > 1000


def test_closes_resets_ends_and_freezes_one_connection(session, proxy, connect):
    with connect() as closed, connect() as reset, connect() as ended, connect() as frozen, connect() as other:
        proxy.connection(1).close(code=4001, reason="token expired")
        assert closed.close_code() == 4001
        assert closed.socket.close_reason == "token expired"
        proxy.connection(2).reset()
        assert reset.close_code() == 1006
        assert session.until("fault reset")["connection"] == 2
        proxy.connection(3).fin()
        assert ended.close_code() == 1006
        freeze = proxy.connection(4).freeze()
        frozen.send("held")
        assert other.echo("passes") == "passes"
        freeze.heal()
        assert frozen.receive() == "held"


def test_sends_a_message_and_a_ping_of_its_own(session, proxy, connect):
    with connect() as client:
        proxy.connection(1).send("of nobody")
        assert client.receive() == "of nobody"
        proxy.connection(1).ping()
        assert session.until("pong 1")["from"] == "client"


def test_is_disabled_enabled_and_removed(proxy, connect):
    with connect() as client:
        proxy.disable()
        assert client.close_code() == 1006
    with pytest.raises(ConnectionRefusedError):
        connect()
    proxy.enable()
    with connect() as client:
        assert client.echo("in") == "in"
        proxy.remove()
        assert client.close_code() == 1006
    with pytest.raises(WsfaultError) as gone:
        proxy.info()
    assert gone.value.status == 404


def test_a_mark_is_the_moment_of_a_fault(session, proxy, connect):
    proxy.inject("reset", when="mark now", connections="all")
    with connect() as client:
        client.echo("one")
        session.mark("now")
        assert client.close_code() == 1006


def test_an_expectation_holds_or_is_an_error_that_says_what_was_seen(session, proxy, connect):
    proxy.inject("reset", when="message 1")
    with connect() as client:
        session.report("open")
        client.send("one")
        client.close_code()
    session.report("close", code=1000, reason="", clean=True)
    with pytest.raises(ExpectationError, match="(?s)^expect close = 1006: violated\n  expected  .*1006.*\n  seen      it reported 1000"):
        session.expect(close=1006)
    assert session.expect(close=1000)["state"] == "holds"


def test_an_expectation_that_stays_undecided_is_an_error_too(session, connect):
    with connect() as client:
        client.echo("one")
        with pytest.raises(ExpectationError, match="undecided after 100ms\n  expected  .*1012"):
            session.expect(wire_close=1012, since="open", within="20s", timeout="100ms")


def test_for_is_written_with_a_line_below(session, connect):
    with connect():
        assert session.expect(never={"event": "close"}, for_="50ms", since="open")["state"] == "holds"


def test_the_verdict_judges_what_the_client_reported(session, proxy, connect):
    proxy.inject("reset", when="message 1")
    with connect() as client:
        session.report("open")
        client.send("one")
        client.close_code()
    session.report("close", code=1000, clean=True)
    verdict = session.verdict(ended=True)
    assert (verdict["counts"]["cases"], verdict["counts"]["failed"]) == (1, 1)
    [case] = verdict["cases"]
    assert (case["id"], case["outcome"]) == (f"{session.id}/api", "failed")
    assert ("violated", "wrong_code_reported") in [(each["state"], each["cause_key"]) for each in case["findings"]]


def test_follows_what_happens_and_ends_with_the_session(session, connect):
    seen = []
    follower = threading.Thread(target=lambda: seen.extend(session.events()))
    follower.start()
    with connect() as client:
        client.echo("grüße")
        session.until("message 1")
        session.end()
    follower.join(30)
    assert not follower.is_alive()
    assert {"accepted", "opened", "frame_seen"} <= {event["type"] for event in seen}
    assert [event["cursor"] for event in seen] == list(range(1, len(seen) + 1))
    assert "grüße" in json.dumps(seen, ensure_ascii=False)


def test_following_can_be_left_and_goes_on_after_a_cursor(session, connect):
    with connect() as client:
        client.echo("one")
        events = session.events()
        left = next(event["cursor"] for event in events if event["type"] == "opened")
        events.close()
        assert next(session.events(after=left))["cursor"] == left + 1


@pytest.mark.wsfault(role="server")
def test_plays_clients_where_the_server_is_under_test(session, proxy):
    session.play(steps=[{"send": "hello"}, {"expect": "hello"}, {"mark": "echoed"}])
    assert session.until("mark echoed")["type"] == "mark"


@pytest.mark.wsfault(ttl="2s")
def test_heartbeats_keep_a_session_and_one_that_nobody_keeps_ends(wsfault, server, connect):
    def post(path, body):
        request = urllib.request.Request(wsfault.url + path, json.dumps(body).encode(), method="POST")
        return json.load(urllib.request.urlopen(request))

    with connect() as client:
        lonely = post("/v1/sessions", {"ttl": "3s"})["id"]
        url = post(f"/v1/sessions/{lonely}/proxies", {"name": "api", "upstream": server.url})["url"]
        with Client(client.loop, url) as other:
            other.close_code()
        assert client.echo("still here") == "still here"


def test_what_is_gone_is_an_error_with_its_reason_and_an_end_that_comes_twice_is_none(session):
    session.end()
    session.end()
    with pytest.raises(WsfaultError, match="POST /v1/sessions") as gone:
        session.mark("late")
    assert gone.value.status == 404


def test_errors_say_where_in_the_body_they_are(session, proxy):
    with pytest.raises(WsfaultError, match="/inject: .*rest.*reset") as wrong:
        proxy.inject("rest")
    assert wrong.value.status == 400
    assert wrong.value.errors[0]["pointer"] == "/inject"
    for moment, timeout in (("clos", None), ("close", "soon")):
        with pytest.raises(WsfaultError) as wrong:
            session.until(moment, timeout=timeout)
        assert wrong.value.status == 400
