// Every error in a scenario file, with its whole text.
#include <gtest/gtest.h>

#include "loading.hpp"

namespace wsfault::scenario {
namespace {

struct BadInput {
  const char* name;
  const char* text;  ///< after title and role, which are lines 1 and 2
  const char* printed;
};

class BadScenario : public testing::TestWithParam<BadInput> {};

TEST_P(BadScenario, IsExplained) { EXPECT_EQ(errors_of(client(GetParam().text)), GetParam().printed); }

constexpr BadInput wrong_values[] = {
    {"UnknownKey", R"(deadlin = "10s"
)",
     R"(x.toml:3:1: error: unknown key "deadlin" in a scenario
  3 | deadlin = "10s"
    | ^
    = did you mean "deadline"? allowed: appropriate, client, deadline, each, expect, fault, isolate, kinds, link, refutes, role, spec, system, tags, title, tls, upstream
)"},
    {"UndeclaredIsForLogs", R"([[expect]]
close      = 1006
undeclared = ["heartbeat"]
)",
     R"(x.toml:5:1: error: unknown key "undeclared" in [[expect]]
  5 | undeclared = ["heartbeat"]
    | ^
)"},
    {"AddressThatTheLinkLacks", R"([link]
addresses = 2
[[fault]]
inject  = "dark"
address = 3
)",
     R"(x.toml:7:11: error: the link has 2 addresses
  7 | address = 3
    |           ^
    = [link] with addresses = 3 gives it more
)"},
    {"TooManyAddresses", R"([link]
addresses = 5
)",
     R"(x.toml:4:13: error: "addresses" must be between 1 and 4, found 5
  4 | addresses = 5
    |             ^
)"},
    {"KindsOfAClient", R"(kinds = ["http"]
)",
     R"(x.toml:3:9: error: `kinds` is for scenarios of role gateway
  3 | kinds = ["http"]
    |         ^
)"},
    {"WrongType", R"(tags = 7
)",
     R"(x.toml:3:8: error: "tags" must be a string or a list of strings, found an integer
  3 | tags = 7
    |        ^
)"},
    {"OutOfRange", R"([[fault]]
inject = "close"
code = 70000
)",
     R"(x.toml:5:8: error: "code" must be between 0 and 65535, found 70000
  5 | code = 70000
    |        ^
)"},
    {"BadDuration", R"(deadline = "10 seconds"
)",
     R"(x.toml:3:12: error: "deadline" = "10 seconds": unknown unit "seconds": there are ns, us, ms, s, m, h
  3 | deadline = "10 seconds"
    |            ^
)"},
    {"DurationTooLong", R"([[expect]]
close = 1006
within = "25h"
)",
     R"(x.toml:5:10: error: "within" = "25h": a duration is at most 24h
  5 | within = "25h"
    |          ^
)"},
    {"BadRegex", R"([[expect]]
message = "/a(b/"
within = "1s"
)",
     R"(x.toml:4:11: error: "message": not a regular expression (RE2): missing ): a(b
  4 | message = "/a(b/"
    |           ^
)"},
    {"IsolationIsAYesOrNo", R"(isolate = "sut"
)",
     R"(x.toml:3:11: error: "isolate" must be true or false, found a string
  3 | isolate = "sut"
    |           ^
)"},
    {"ATableWhereAListBelongs", R"([fault]
inject = "reset"
)",
     R"(x.toml:3:1: error: `fault` is a list of tables, found a table
  3 | [fault]
    | ^
    = write [[fault]]
)"},
    {"AClientInTheSeatOfTheSystem", R"([[client]]
name = "x"
)",
     R"(x.toml:3:1: error: a scenario of role client has no [[client]]: the system under test is the client
  3 | [[client]]
    | ^
)"},
};

constexpr BadInput wrong_variables[] = {
    {"UndefinedVariable", R"([[expect]]
close = 1006
within = "2 * ${hartbeat}"
)",
     R"(x.toml:5:10: error: unknown variable ${hartbeat}
  5 | within = "2 * ${hartbeat}"
    |          ^
    = did you mean "heartbeat"? allowed: heartbeat, heartbeat_timeout, handshake_limit, close_limit, connect_limit, response_limit, idle_limit, drain, drain_signal, max_connections, max_message, instances, write_limit, echoes, backoff, final, protocol, backoff.first, backoff.factor, backoff.max, backoff.jitter, ca_file, port, seq, url, env:NAME
)"},
    {"UndefinedEnvironment", R"([upstream]
steps = [{ send = "${env:WSFAULT_TEST_NOT_THERE}" }]
)",
     R"(x.toml:4:19: error: the environment has no variable WSFAULT_TEST_NOT_THERE
  4 | steps = [{ send = "${env:WSFAULT_TEST_NOT_THERE}" }]
    |                   ^
    = set it for the run: WSFAULT_TEST_NOT_THERE=… wsfault run …
)"},
    {"VariableWithoutEnd", R"([upstream]
steps = [{ send = "${seq" }]
)",
     R"(x.toml:4:19: error: a "${" without its "}"
  4 | steps = [{ send = "${seq" }]
    |                   ^
)"},
    {"AListInsideAText", R"([each]
row = [{ codes = [1000, 1001] }]
[[expect]]
close = "x ${row.codes}"
)",
     R"(x.toml:6:9: error: ${row.codes} is a list: it cannot stand inside a text
  6 | close = "x ${row.codes}"
    |         ^
    = alone between the quotes it becomes the value itself
)"},
    {"EachIsNoList", R"([each]
code = 1000
)",
     R"(x.toml:4:8: error: each.code is a list of at least one value
  4 | code = 1000
    |        ^
    = code = [1000, 1001], or rows: case = [{ code = 1014, back = true }]
)"},
    {"EachRowsDiffer", R"([each]
case = [{ code = 1, back = true }, { code = 2 }]
)",
     R"(x.toml:4:36: error: this row of each.case has no back
  4 | case = [{ code = 1, back = true }, { code = 2 }]
    |                                    ^
    = every row has the same names
)"},
    {"EachMixes", R"([each]
case = [1, { code = 2 }]
)",
     R"(x.toml:4:12: error: each.case mixes values and a table
  4 | case = [1, { code = 2 }]
    |            ^
    = a list of texts, numbers and truth values, or a list of tables
)"},
    {"AWishForNoTime", R"([system]
heartbeat = "0s"
)",
     R"(x.toml:4:13: error: the trait `heartbeat` is a duration above 0, or "none"; found "0s"
  4 | heartbeat = "0s"
    |             ^
)"},
    {"NoTimeToDecide", R"(deadline = "0s"
)",
     R"(x.toml:3:12: error: "deadline" must be above 0, found "0s"
  3 | deadline = "0s"
    |            ^
)"},
    {"AWishOfTheWrongType", R"([system]
heartbeat = 5
)",
     R"(x.toml:4:13: error: the trait `heartbeat` is a duration such as "250ms", or "none"; found 5
  4 | heartbeat = 5
    |             ^
)"},
};

constexpr BadInput wrong_faults[] = {
    {"UnknownFault", R"([[fault]]
inject = "rest"
)",
     R"(x.toml:4:10: error: unknown fault "rest"
  4 | inject = "rest"
    |          ^
    = did you mean "reset"? allowed: <the catalogue>
)"},
    {"UnknownMoment", R"([[fault]]
inject = "reset"
when = "mesage 2"
)",
     R"(x.toml:5:8: error: unknown moment "mesage 2"; did you mean "message"? allowed: start, connect, upgrade, open, message, frame, ping, pong, close, byte, http, end, idle, fault, healed, mark, exit, log
  5 | when = "mesage 2"
    |        ^
)"},
    {"AFaultThatCannotStandThere", R"([[fault]]
inject = "kill"
at = "link"
)",
     R"(x.toml:5:6: error: `kill` cannot stand at "link"
  5 | at = "link"
    |      ^
    = allowed: sut, upstream
)"},
    {"AProcessFaultWithoutAPlace", R"([[fault]]
inject = "kill"
)",
     R"(x.toml:3:1: error: `kill` acts on a party: say which with `at`
  3 | [[fault]]
    | ^
    = allowed: sut, upstream
)"},
    {"AFaultThatCannotHeal", R"([[fault]]
inject = "reset"
lasts = "1s"
)",
     R"(x.toml:5:9: error: `reset` cannot heal: it takes no `lasts`
  5 | lasts = "1s"
    |         ^
)"},
    {"UnknownAttribute", R"([[fault]]
inject = "close"
cod = 1011
)",
     R"(x.toml:5:1: error: unknown key "cod" in [[fault]]
  5 | cod = 1011
    | ^
    = did you mean "code"? allowed: address, after, at, code, connections, count, direction, end, inject, lasts, name, of, probability, raw, reason, scope, when
)"},
    {"UnknownFaultInAMoment", R"([[fault]]
inject = "fin"
when = "fault rest"
[[fault]]
inject = "reset"
when = { moment = "healed fn" }
)",
     R"(x.toml:5:8: error: unknown fault "rest"
  5 | when = "fault rest"
    |        ^
    = did you mean "reset"? allowed: fin, reset
x.toml:8:8: error: unknown fault "fn"
  8 | when = { moment = "healed fn" }
    |        ^
    = did you mean "fin"? allowed: fin, reset
)"},
    {"UnknownMark", R"([upstream]
steps = [{ mark = "subscribed" }]
[[fault]]
inject = "reset"
when = "mark subscribd"
)",
     R"(x.toml:7:8: error: unknown mark "subscribd"
  7 | when = "mark subscribd"
    |        ^
    = did you mean "subscribed"? allowed: subscribed
)"},
    {"UnknownLinkAndParty", R"([[fault]]
inject = "reset"
when = { moment = "message 2", at = "back", of = "citizen" }
)",
     R"(x.toml:5:8: error: unknown party "citizen"
  5 | when = { moment = "message 2", at = "back", of = "citizen" }
    |        ^
    = allowed: sut, upstream
x.toml:5:8: error: unknown link "back"
  5 | when = { moment = "message 2", at = "back", of = "citizen" }
    |        ^
    = allowed: link
)"},
    {"TwoFaultsOfOneName", R"([[fault]]
inject = "reset"
name = "a"
[[fault]]
inject = "fin"
name = "a"
)",
     R"(x.toml:8:8: error: there is a fault "a" already
  8 | name = "a"
    |        ^
    = each fault has a name of its own
)"},
    {"WhichOfTwoFaultsIsMeant", R"([[fault]]
inject = "reset"
[[fault]]
inject = "reset"
when = "fault reset"
)",
     R"(x.toml:7:8: error: several faults are called "reset"
  7 | when = "fault reset"
    |        ^
    = give each of them a `name`
)"},
};

constexpr BadInput wrong_expectations[] = {
    {"TwoKinds", R"([[expect]]
close = 1006
status = 502
)",
     R"(x.toml:5:1: error: an expectation is of one kind, here are "close" and "status"
  5 | status = 502
    | ^
    = write another [[expect]] for the other
)"},
    {"NoKind", R"([[expect]]
clos = 1006
)",
     R"(x.toml:4:1: error: unknown kind of expectation "clos"
  4 | clos = 1006
    | ^
    = did you mean "close"? allowed: close, wire_close, status, request, message, event, reconnect, connections, ping, pong, end, delivery, alive, exit, usage, log, order, never
)"},
    {"SinceIsMissing", R"([[fault]]
inject = "reset"
[[fault]]
inject = "fin"
[[expect]]
close = 1006
within = "1s"
)",
     R"(x.toml:7:1: error: with 2 faults `since` must be said
  7 | [[expect]]
    | ^
    = as in since = "fault NAME"
)"},
    {"SinceIsMissingWhereAStepInjects", R"([[fault]]
inject = "reset"
[upstream]
steps = [{ inject = "fin" }]
[[expect]]
close = 1006
within = "1s"
)",
     R"(x.toml:7:1: error: with 2 faults `since` must be said
  7 | [[expect]]
    | ^
    = as in since = "fault NAME"
)"},
    {"UnknownParty", R"([[expect]]
of = "client"
close = 1006
)",
     R"(x.toml:4:6: error: unknown party "client"
  4 | of = "client"
    |      ^
    = allowed: sut, upstream
)"},
    {"UnknownFaultInNever", R"([[fault]]
inject = "idle_kill"
idle = "1s"
[[expect]]
never = { fault = "idle-kill" }
for = "1s"
)",
     R"(x.toml:7:19: error: unknown fault "idle-kill"
  7 | never = { fault = "idle-kill" }
    |                   ^
    = did you mean "idle_kill"? allowed: idle_kill
)"},
    {"UnknownMarkInOrder", R"([[expect]]
order = ["open", "mark x"]
within = "1s"
)",
     R"(x.toml:4:18: error: unknown mark "x"
  4 | order = ["open", "mark x"]
    |                  ^
    = the scenario has no mark
)"},
};

std::string name_of(const testing::TestParamInfo<BadInput>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Values, BadScenario, testing::ValuesIn(wrong_values), name_of);
INSTANTIATE_TEST_SUITE_P(Variables, BadScenario, testing::ValuesIn(wrong_variables), name_of);
INSTANTIATE_TEST_SUITE_P(Faults, BadScenario, testing::ValuesIn(wrong_faults), name_of);
INSTANTIATE_TEST_SUITE_P(Expectations, BadScenario, testing::ValuesIn(wrong_expectations), name_of);

TEST(BadGateway, AnAnswerInFrontOfIt) {
  EXPECT_EQ(
      errors_of(R"(title = "t"
role = "gateway"
[[upstream]]
name = "blue"
[[upstream]]
name = "green"
[[fault]]
inject = "respond"
status = 503
at = "front"
[[fault]]
inject = "reset"
at = "red"
)"),
      R"(x.toml:10:6: error: `respond` cannot stand at "front": it answers in the server's place, and there the system under test is the server
  10 | at = "front"
     |      ^
     = allowed: back, green, blue
x.toml:13:6: error: `reset` cannot stand at "red"
  13 | at = "red"
     |      ^
     = allowed: front, back, green, blue
)");
}

TEST(BadGateway, APartyCalledLikeALink) {
  EXPECT_EQ(errors_of("title = \"t\"\nrole = \"gateway\"\n[[client]]\nname = \"back\"\n"),
            R"(x.toml:4:8: error: "back" is the name of a link
  4 | name = "back"
    |        ^
    = a party has a name that no link has
)");
}

TEST(BadFile, IsNotUtf8) {
  EXPECT_EQ(errors_of("title = \"\xff\"\n"), R"(x.toml:1:10: error: not TOML: this is not UTF-8
  1 | title = "?"
    |          ^
)");
}

TEST(BadFile, IsNotToml) {
  EXPECT_EQ(errors_of("title = \n"),
            R"(x.toml:1:9: error: not TOML: expected value, saw '\n' (in the key-value pair)
  1 | title = 
    |         ^
)");
}

TEST(BadFile, HasNeitherTitleNorRole) {
  EXPECT_EQ(errors_of("tags = [\"tcp\"]\n"), R"(x.toml:1:1: error: a scenario needs `title`
  1 | tags = ["tcp"]
    | ^
    = one sentence on what happens
x.toml:1:1: error: a scenario needs `role`
  1 | tags = ["tcp"]
    | ^
    = the seat of the system under test: client, gateway or server
)");
}

TEST(BadFile, HasAnUnknownRole) {
  EXPECT_EQ(errors_of("title = \"t\"\nrole = \"cleint\"\n"), R"(x.toml:2:8: error: unknown role "cleint"
  2 | role = "cleint"
    |        ^
    = did you mean "client"? allowed: client, gateway, server
)");
}

TEST(BadFile, AllErrorsAreSaidAtOnceInTheOrderOfTheFileAndEachOnce) {
  EXPECT_EQ(errors_of(client(R"(deadline = "10"
[each]
code = [1000, 1001]
[[fault]]
inject = "cloze"
[[expect]]
close = "${code}"
within = "soon"
[[expect]]
close = "${cod}"
)")),
            R"(x.toml:3:12: error: "deadline" = "10": a duration needs a unit, as in "250ms" or "2s"
  3 | deadline = "10"
    |            ^
x.toml:7:10: error: unknown fault "cloze"
  7 | inject = "cloze"
    |          ^
    = did you mean "close"? allowed: <the catalogue>
x.toml:10:10: error: "within" = "soon": a number is missing before "soon"
  10 | within = "soon"
     |          ^
x.toml:12:9: error: unknown variable ${cod}
  12 | close = "${cod}"
     |         ^
     = did you mean "code"? allowed: code, heartbeat, heartbeat_timeout, handshake_limit, close_limit, connect_limit, response_limit, idle_limit, drain, drain_signal, max_connections, max_message, instances, write_limit, echoes, backoff, final, protocol, backoff.first, backoff.factor, backoff.max, backoff.jitter, ca_file, port, seq, url, env:NAME
)");
}

TEST(BadFile, AValueOfEachIsWrongForOneCase) {
  EXPECT_EQ(errors_of(client(R"([each]
code = [1000, 99999]
[[fault]]
inject = "close"
code = "${code}"
)")),
            R"(x.toml:7:8: error: "code" must be between 0 and 65535, found 99999
  7 | code = "${code}"
    |        ^
)");
}

TEST(BadSet, ATraitOfTheWrongType) {
  Setting setting = ordinary_setting();
  setting.set = {{"heartbeat", "5"}};
  EXPECT_EQ(
      errors_of(client(""), setting),
      R"(x.toml: error: --set heartbeat=5: the trait `heartbeat` is a duration such as "250ms", or "none"; found 5; write --set heartbeat=20s
)");
}

TEST(BadSet, AListOfRows) {
  Setting setting = ordinary_setting();
  setting.set = {{"case", "5"}};
  EXPECT_EQ(errors_of(client("[each]\ncase = [{ code = 1 }]\n"), setting),
            R"(x.toml:4:8: error: --set case: each.case is a list of rows
  4 | case = [{ code = 1 }]
    |        ^
    = set one column of it: --set case.NAME=VALUE
)");
}

}  // namespace
}  // namespace wsfault::scenario
