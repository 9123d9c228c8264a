// Every error in a script, with its whole text.
#include <gtest/gtest.h>

#include "loading.hpp"

namespace wsfault::scenario {
namespace {

struct BadStep {
  const char* name;
  const char* text;  ///< after title and role, which are lines 1 and 2
  const char* printed;
};

class BadScript : public testing::TestWithParam<BadStep> {};

TEST_P(BadScript, IsExplained) { EXPECT_EQ(errors_of(client(GetParam().text)), GetParam().printed); }

constexpr BadStep wrong_steps[] = {
    {"UnknownStep", R"([upstream]
steps = [{ sent = "x" }]
)",
     R"(x.toml:4:12: error: unknown step `sent`
  4 | steps = [{ sent = "x" }]
    |            ^
    = did you mean "send"? allowed: accept, respond, expect, send, wait, ping, frame, raw, repeat, on, mark, close, inject
)"},
    {"NoStep", R"([upstream]
steps = [{}, "send"]
)",
     R"(x.toml:4:10: error: a step is a table with one of these keys, found none
  4 | steps = [{}, "send"]
    |          ^
    = accept, respond, expect, send, wait, ping, frame, raw, repeat, on, mark, close, inject
x.toml:4:14: error: a step is a table with one of these keys, found a string
  4 | steps = [{}, "send"]
    |              ^
    = accept, respond, expect, send, wait, ping, frame, raw, repeat, on, mark, close, inject
)"},
    {"TwoSteps", R"([upstream]
steps = [{ send = "x", ping = "y" }]
)",
     R"(x.toml:4:24: error: a step does one thing: `send` or `ping`?
  4 | steps = [{ send = "x", ping = "y" }]
    |                        ^
    = write two steps
)"},
    {"RulesThatNeverStart", R"([upstream]
steps = [
  { on = "message 1 done", steps = [] },
  { on = { moment = "ping 1", from = "server" }, steps = [] },
  { on = { moment = "ping 1", of = "sut" }, steps = [] },
]
[[upstream.session]]
connection = 1
steps = [{ on = "http /x/", steps = [{ respond = 200 }] }]
)",
     R"(x.toml:5:10: error: the rule on "message 1 done" never starts: what is forwarded is not seen by a party
  5 |   { on = "message 1 done", steps = [] },
    |          ^
    = a rule is on what the other side sends on this connection, as it comes
x.toml:6:10: error: the rule on "ping 1 from server" never starts: that is what this party sends itself
  6 |   { on = { moment = "ping 1", from = "server" }, steps = [] },
    |          ^
    = a rule is on what the other side sends on this connection, as it comes
x.toml:7:10: error: the rule on "ping 1 of sut" never starts: it stands on its own connection, without `of` and `at`
  7 |   { on = { moment = "ping 1", of = "sut" }, steps = [] },
    |          ^
    = a rule is on what the other side sends on this connection, as it comes
x.toml:11:17: error: a plain request has no number of its own, so no session answers it
  11 | steps = [{ on = "http /x/", steps = [{ respond = 200 }] }]
     |                 ^
     = such a rule stands in the `steps` of the upstream
)"},
    {"NoList", R"([upstream]
steps = { send = "x" }
)",
     R"(x.toml:4:9: error: `steps` is a list of steps, found a table
  4 | steps = { send = "x" }
    |         ^
    = steps = [{ send = "hello" }, { wait = "200ms" }]
)"},
    {"UnknownKeyOfAStep", R"([upstream]
steps = [{ expect = "x", withn = "1s" }]
)",
     R"(x.toml:4:26: error: unknown key "withn" in a step `expect`
  4 | steps = [{ expect = "x", withn = "1s" }]
    |                          ^
    = did you mean "within"? allowed: expect, within
)"},
    {"NoPayload", R"([upstream]
steps = [{ send = 5 }, { send = { hex = "f" } }, { send = { hex = "00", size = "1KiB" } }]
)",
     R"(x.toml:4:19: error: `send` is a payload, found an integer
  4 | steps = [{ send = 5 }, { send = { hex = "f" } }, { send = { hex = "00", size = "1KiB" } }]
    |                   ^
    = a string, { hex = "ff00" } or { size = "64KiB" }
x.toml:4:41: error: `hex` is pairs of hexadecimal digits, as in "ff00"
  4 | steps = [{ send = 5 }, { send = { hex = "f" } }, { send = { hex = "00", size = "1KiB" } }]
    |                                         ^
x.toml:4:59: error: `send` takes exactly one of hex, size
  4 | steps = [{ send = 5 }, { send = { hex = "f" } }, { send = { hex = "00", size = "1KiB" } }]
    |                                                           ^
)"},
    {"NoMomentNoDuration", R"([upstream]
steps = [{ wait = "soon" }, { wait = "5 sec" }, { wait = "mark x" }]
)",
     R"(x.toml:4:19: error: unknown moment "soon"; allowed: start, connect, upgrade, open, message, frame, ping, pong, close, byte, http, end, idle, fault, healed, mark, exit, log
  4 | steps = [{ wait = "soon" }, { wait = "5 sec" }, { wait = "mark x" }]
    |                   ^
x.toml:4:38: error: "wait" = "5 sec": unknown unit "sec": there are ns, us, ms, s, m, h
  4 | steps = [{ wait = "soon" }, { wait = "5 sec" }, { wait = "mark x" }]
    |                                      ^
x.toml:4:58: error: unknown mark "x"
  4 | steps = [{ wait = "soon" }, { wait = "5 sec" }, { wait = "mark x" }]
    |                                                          ^
    = the scenario has no mark
)"},
    {"BadPattern", R"([upstream]
steps = [{ expect = "/(/" }]
)",
     R"(x.toml:4:21: error: not a regular expression (RE2): missing ): (
  4 | steps = [{ expect = "/(/" }]
    |                     ^
)"},
    {"BadClose", R"([upstream]
steps = [{ close = 70000 }, { close = "soon" }, { close = true, reason = "x" }]
)",
     R"(x.toml:4:20: error: "close" must be between 0 and 65535, found 70000
  4 | steps = [{ close = 70000 }, { close = "soon" }, { close = true, reason = "x" }]
    |                    ^
x.toml:4:39: error: `close` is a code, or "empty"; found a string
  4 | steps = [{ close = 70000 }, { close = "soon" }, { close = true, reason = "x" }]
    |                                       ^
x.toml:4:74: error: an empty Close has no reason
  4 | steps = [{ close = 70000 }, { close = "soon" }, { close = true, reason = "x" }]
    |                                                                          ^
    = a reason follows a code
)"},
    {"BadFrame", R"([upstream]
steps = [{ frame = { opcode = 16, rvs = 1 } }]
)",
     R"(x.toml:4:31: error: "opcode" must be between 0 and 15, found 16
  4 | steps = [{ frame = { opcode = 16, rvs = 1 } }]
    |                               ^
x.toml:4:35: error: unknown key "rvs" in `frame`
  4 | steps = [{ frame = { opcode = 16, rvs = 1 } }]
    |                                   ^
    = did you mean "rsv"? allowed: fin, length, masked, opcode, payload, rsv
)"},
    {"AnswersAreFirst", R"([upstream]
steps = [{ send = "x" }, { accept = true }]
)",
     R"(x.toml:4:37: error: `accept` cannot stand here: it answers the upgrade, as the first step
  4 | steps = [{ send = "x" }, { accept = true }]
    |                                     ^
)"},
    {"BlocksNeedSteps", R"([upstream]
steps = [{ repeat = 0, steps = [] }, { repeat = 2 }, { on = "message 1" }]
)",
     R"(x.toml:4:21: error: "repeat" must be between 1 and 1000000, found 0
  4 | steps = [{ repeat = 0, steps = [] }, { repeat = 2 }, { on = "message 1" }]
    |                     ^
x.toml:4:38: error: `repeat` needs `steps`
  4 | steps = [{ repeat = 0, steps = [] }, { repeat = 2 }, { on = "message 1" }]
    |                                      ^
x.toml:4:54: error: `on` needs `steps`
  4 | steps = [{ repeat = 0, steps = [] }, { repeat = 2 }, { on = "message 1" }]
    |                                                      ^
)"},
    {"ARuleInARule", R"([upstream]
steps = [{ on = "message 1", steps = [{ on = "close", steps = [] }] }]
)",
     R"(x.toml:4:46: error: `on` cannot stand here: a rule stands among the script's own steps
  4 | steps = [{ on = "message 1", steps = [{ on = "close", steps = [] }] }]
    |                                              ^
)"},
    {"ARuleOnNothingThatComes", R"([upstream]
steps = [{ on = "idle 3s", steps = [] }]
)",
     R"(x.toml:4:17: error: a rule cannot stand on "idle 3s"
  4 | steps = [{ on = "idle 3s", steps = [] }]
    |                 ^
    = on a message, ping, pong, close, or http /re/
)"},
    {"ARequestIsAnswered", R"([upstream]
steps = [{ on = "http /x/", steps = [{ send = "x" }] }]
)",
     R"(x.toml:4:47: error: `send` cannot stand here: a plain request is answered with wait, mark, inject and respond
  4 | steps = [{ on = "http /x/", steps = [{ send = "x" }] }]
    |                                               ^
)"},
    {"BadMark", R"([upstream]
steps = [{ mark = "a b" }]
)",
     R"(x.toml:4:19: error: `mark` is a name, found "a b"
  4 | steps = [{ mark = "a b" }]
    |                   ^
    = letters, digits, -, _ and .
)"},
    {"AnInjectedFaultHasItsMoment", R"([upstream]
steps = [{ inject = "reset", when = "open" }, { inject = "rest" }]
)",
     R"(x.toml:4:37: error: `when` cannot stand here: a step strikes when it is reached
  4 | steps = [{ inject = "reset", when = "open" }, { inject = "rest" }]
    |                                     ^
    = `after` may delay it
x.toml:4:58: error: unknown fault "rest"
  4 | steps = [{ inject = "reset", when = "open" }, { inject = "rest" }]
    |                                                          ^
    = did you mean "reset"? allowed: <the catalogue>
)"},
    {"BadSessions", R"([[upstream.session]]
steps = []
[[upstream.session]]
connection = 1
[[upstream.session]]
connection = 2
steps = []
[[upstream.session]]
connection = 2
steps = []
)",
     R"(x.toml:3:1: error: a session needs `connection`, the number of its connection
  3 | [[upstream.session]]
    | ^
x.toml:5:1: error: a session needs `steps`
  5 | [[upstream.session]]
    | ^
x.toml:11:14: error: connection 2 has a session already
  11 | connection = 2
     |              ^
)"},
    {"ARealServerPlaysNothing", R"([upstream]
url = "http://localhost"
steps = []
)",
     R"(x.toml:4:7: error: `url`: "http://localhost" is not a WebSocket URL: it must begin with ws:// or wss://
  4 | url = "http://localhost"
    |       ^
    = ws://host:port/path or wss://host:port/path
x.toml:5:9: error: a real server plays no `steps`
  5 | steps = []
    |         ^
)"},
    {"TwoUpstreamsOfOneName", R"([[upstream]]
name = "blue"
[[upstream]]
name = "blue"
)",
     R"(x.toml:6:8: error: there is a party "blue" already
  6 | name = "blue"
    |        ^
    = each party has a `name` of its own
)"},
};

INSTANTIATE_TEST_SUITE_P(Steps, BadScript, testing::ValuesIn(wrong_steps),
                         [](const testing::TestParamInfo<BadStep>& info) {
                           return std::string(info.param.name);
                         });

TEST(BadClient, IsExplained) {
  EXPECT_EQ(
      errors_of(R"(title = "t"
role = "server"
[upstream]
[[client]]
name = "sut"
start = "fault deploy"
request = { pat = "/" }
steps = [{ accept = true }, { on = "http /x/", steps = [] }]
)"),
      R"(x.toml:3:1: error: a scenario of role server has no upstream: the system under test is the server
  3 | [upstream]
    | ^
x.toml:5:8: error: there is a party "sut" already
  5 | name = "sut"
    |        ^
    = each party has a `name` of its own
x.toml:6:9: error: unknown fault "deploy"
  6 | start = "fault deploy"
    |         ^
    = the scenario has no fault
x.toml:7:13: error: unknown key "pat" in `request`
  7 | request = { pat = "/" }
    |             ^
    = did you mean "path"? allowed: extensions, headers, origin, path, stop_after, subprotocols, upgrade
x.toml:8:21: error: `accept` cannot stand here: it answers an upgrade, which a client does not get
  8 | steps = [{ accept = true }, { on = "http /x/", steps = [] }]
    |                     ^
x.toml:8:36: error: plain requests come to a fake upstream, not to a client
  8 | steps = [{ accept = true }, { on = "http /x/", steps = [] }]
    |                                    ^
)");
}

}  // namespace
}  // namespace wsfault::scenario
