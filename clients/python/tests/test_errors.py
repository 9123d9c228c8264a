"""What the errors say."""
from wsfault import ExpectationError, MomentTimeout, WsfaultError


def test_an_expectation_that_is_violated():
    error = ExpectationError({
        "state": "violated",
        "subject": "expect close = 1006",
        "expected": "the sut reports close 1006 within 5s after the fault",
        "seen": "it reported 1000",
        "broke": "the server ended TCP with RST without a Close",
        "cause": "The client reports another code than the one that the end has.",
        "remedy": "Report the code of the first Close that came.",
    }, "4s")
    assert str(error) == """expect close = 1006: violated
  expected  the sut reports close 1006 within 5s after the fault
  seen      it reported 1000
  broke     the server ended TCP with RST without a Close
  cause     The client reports another code than the one that the end has.
  remedy    Report the code of the first Close that came."""


def test_a_moment_that_did_not_come():
    events = [{"cursor": index + 1, "type": "frame_seen", "at": index * 1_000_000, "proxy": "api", "connection": 2, "opcode": 1,
               "from": "server"} for index in range(14)]
    lines = str(MomentTimeout("close", "4s", events, 3)).split("\n")
    assert lines[0] == '"close" did not come in 4s; 3 events were dropped; the last of 14 events:'
    assert lines[1:] == [f"  {index}.0ms api #2 frame_seen opcode=1 from=server" for index in range(2, 14)]
    assert str(MomentTimeout("close", "4s", [], 0)) == '"close" did not come in 4s; nothing happened meanwhile'
    ended = MomentTimeout("close", "4s", [], 0, ended=True)
    assert str(ended) == '"close" did not come before the session ended; nothing happened meanwhile'


def test_an_error_of_the_api():
    errors = [{"pointer": "/inject", "detail": 'unknown fault "rest"', "hint": 'did you mean "reset"?'}, {"pointer": "", "detail": "no"}]
    assert str(WsfaultError("POST /v1/x", 400, "all of it", errors=errors)) == (
        'POST /v1/x: the body is wrong\n  /inject: unknown fault "rest"; did you mean "reset"?\n  (body): no')
    assert str(WsfaultError("GET /v1/x", 404, "there is no x", "POST makes one")) == "GET /v1/x: there is no x; POST makes one"
