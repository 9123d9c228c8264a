// [[expect]] tables: what each kind takes, which keys narrow it, and what is wrong, with its place.
#include <gtest/gtest.h>

#include "value/toml.hpp"
#include "verdict/expectation.hpp"

namespace wsfault::verdict {
namespace {

using namespace std::chrono_literals;
using record::Side;

struct Reading {
  std::optional<Expectation> expectation;
  std::vector<Diagnostic> errors;
};

/// The keys of one [[expect]]; the first stands in line 1.
Reading read(const std::string& keys, std::size_t faults = 1) {
  Diagnostics diagnostics("x.toml", keys);
  const auto table = parse_toml(keys, diagnostics);
  Reading reading;
  if (table) reading.expectation = read_expectation(*table, diagnostics, faults);
  reading.errors = diagnostics.errors();
  return reading;
}

template <typename T>
T what(const std::string& keys) {
  const Reading reading = read(keys);
  for (const Diagnostic& error : reading.errors)
    ADD_FAILURE() << keys << ": " << error.message << " " << error.hint;
  if (!reading.expectation || !std::holds_alternative<T>(reading.expectation->what)) {
    ADD_FAILURE() << keys << ": not read as that kind";
    return T{};
  }
  return std::get<T>(reading.expectation->what);
}

TEST(ReadExpectation, CloseTakesCodesAndWhatNarrowsThem) {
  const auto one = what<CloseExpected>("close = 1006");
  EXPECT_TRUE(one.codes.contains(1006));
  EXPECT_FALSE(one.codes.contains(1005));
  EXPECT_FALSE(one.codes.any);
  const auto several = what<CloseExpected>(R"(close = [1000, "4000-4999"])");
  EXPECT_TRUE(several.codes.contains(1000));
  EXPECT_TRUE(several.codes.contains(4000));
  EXPECT_TRUE(several.codes.contains(4999));
  EXPECT_FALSE(several.codes.contains(3999));
  EXPECT_TRUE(what<CloseExpected>("close = \"any\"").codes.contains(1));
  const auto narrowed =
      what<CloseExpected>("close = 1006\nreason = \"/gone/\"\nclean = false\ncause = [\"reset\", \"fin\"]");
  EXPECT_TRUE(narrowed.reason->matches("long gone"));
  EXPECT_EQ(narrowed.clean, false);
  EXPECT_EQ(narrowed.causes, (std::vector<std::string>{"reset", "fin"}));
  EXPECT_EQ(what<CloseExpected>("close = 1006\ncause = \"heartbeat\"").causes,
            std::vector<std::string>{"heartbeat"});
}

// The direction says which way a Close goes: to the server it comes from the client.
TEST(ReadExpectation, WireCloseTakesADirection) {
  EXPECT_EQ(what<WireCloseExpected>("wire_close = 1001\ndirection = \"to-server\"").from, Side::client);
  EXPECT_EQ(what<WireCloseExpected>("wire_close = 1001\ndirection = \"to-client\"").from, Side::server);
  EXPECT_EQ(what<WireCloseExpected>("wire_close = 1001\ndirection = \"both\"").from, std::nullopt);
  EXPECT_TRUE(what<WireCloseExpected>("wire_close = \"empty\"").empty);
  EXPECT_TRUE(what<WireCloseExpected>("wire_close = \"any\"").codes.any);
}

TEST(ReadExpectation, StatusTakesClasses) {
  const auto status = what<StatusExpected>(
      "status = [\"5xx\", 404]\nheaders = { Retry-After = \"/[0-9]+/\", Server = \"x\" }\nbody = "
      "\"/sorry/\"");
  EXPECT_TRUE(status.codes.contains(503));
  EXPECT_TRUE(status.codes.contains(404));
  EXPECT_FALSE(status.codes.contains(403));
  ASSERT_EQ(status.headers.size(), 2U);
  EXPECT_EQ(status.headers[0].first, "Retry-After");
  EXPECT_TRUE(status.headers[0].second.matches("30"));
  EXPECT_TRUE(status.body->matches("so sorry"));
}

TEST(ReadExpectation, RequestTakesPathHeadersAndSubprotocol) {
  const auto request = what<RequestExpected>(
      R"(request = { path = "/token=new/", headers = { Host = "a" }, subprotocol = "chat" })");
  EXPECT_TRUE(request.path->matches("/chat?token=new"));
  EXPECT_EQ(request.headers.size(), 1U);
  EXPECT_TRUE(request.subprotocol->matches("chat"));
}

TEST(ReadExpectation, MessageTakesTextRegexBytesAndSize) {
  EXPECT_TRUE(what<MessageExpected>("message = \"hello\"").text->matches("hello"));
  EXPECT_TRUE(what<MessageExpected>("message = \"/^h/\"").text->matches("hello"));
  EXPECT_EQ(what<MessageExpected>("message = { hex = \"00fF\" }").bytes, std::string("\x00\xff", 2));
  EXPECT_EQ(what<MessageExpected>("message = \">64KiB\"").size->low, 65537);
  EXPECT_TRUE(what<MessageExpected>("message = \"> hello\"").text->matches("> hello"));
  EXPECT_EQ(what<MessageExpected>("message = \"x\"\ncount = \">=3\"").count->low, 3);
}

TEST(ReadExpectation, ReconnectTakesWhetherHowOftenAndASchedule) {
  EXPECT_TRUE(what<ReconnectExpected>("reconnect = true").wanted);
  EXPECT_FALSE(what<ReconnectExpected>("reconnect = false\nfor = \"2s\"").wanted);
  EXPECT_EQ(what<ReconnectExpected>("reconnect = \">=2\"").attempts->low, 2);
  EXPECT_EQ(what<ReconnectExpected>("reconnect = 2\nfor = \"2s\"").attempts->high, 2);
  const auto scheduled =
      what<ReconnectExpected>(R"(reconnect = { attempts = ">=6", backoff = "exponential" })");
  EXPECT_TRUE(scheduled.schedule);
  EXPECT_EQ(scheduled.attempts->low, 6);
  EXPECT_FALSE(scheduled.backoff.first);
  const auto stated = what<ReconnectExpected>(
      R"(reconnect = { backoff = { first = "1s", factor = 2 }, max = "30s", jitter = "full" })");
  EXPECT_TRUE(stated.schedule);
  EXPECT_EQ(stated.backoff.first, 1s);
  EXPECT_EQ(stated.backoff.factor, 2);
  EXPECT_EQ(stated.backoff.max, 30s);
  EXPECT_EQ(stated.backoff.jitter, "full");
}

TEST(ReadExpectation, WhatIsMeasuredTakesBounds) {
  const auto connections = what<ConnectionsExpected>(
      "connections = { open = \"<=1\", total = \"<=6\", rate = \"<=20/s\" }\nfor = \"2s\"");
  EXPECT_EQ(connections.open->high, 1);
  EXPECT_EQ(connections.total->high, 6);
  EXPECT_EQ(connections.rate->high, 20);
  EXPECT_EQ(what<PingExpected>("ping = \"<=300ms\"\nfor = \"2s\"").interval->high, 300ms);
  EXPECT_FALSE(what<PingExpected>("ping = \"any\"\nfor = \"2s\"").interval);
  EXPECT_TRUE(what<PingExpected>("pong = \"any\"\nfor = \"2s\"").pong);
  const auto delivery =
      what<DeliveryExpected>("delivery = \"at-most-once\"\nseq = '/id=(\\d+)/'\nfor = \"2s\"");
  EXPECT_EQ(delivery.kind, DeliveryExpected::Kind::at_most_once);
  EXPECT_EQ(delivery.seq->first_group("id=17"), "17");
  const auto usage =
      what<UsageExpected>("usage = { memory = \"<=+64MiB\", sockets = \"<=10\" }\nfor = \"2s\"");
  EXPECT_EQ(usage.memory, "<=+64MiB");
  EXPECT_EQ(usage.sockets, "<=10");
}

TEST(ReadExpectation, EventsEndsAndProcesses) {
  EXPECT_EQ(to_string(what<EventExpected>("event = \"message 3\"").moment), "message 3");
  EXPECT_EQ(
      what<OrderExpected>(R"(order = ["message 3", { moment = "close", from = "client" }])").moments.size(),
      2U);
  EXPECT_EQ(what<EndExpected>("end = [\"fin\", \"reset\"]").hows, (std::vector<std::string>{"fin", "reset"}));
  EXPECT_EQ(what<EndExpected>("end = \"open\"\nfor = \"1s\"").hows, std::vector<std::string>{"open"});
  EXPECT_EQ(what<AliveExpected>("alive = \"2s\"").limit, 2s);
  EXPECT_EQ(what<ExitExpected>("exit = 3").code, 3);
  EXPECT_FALSE(what<ExitExpected>("exit = \"running\"\nfor = \"1s\"").code);
  EXPECT_TRUE(what<LogExpected>("log = \"/bye/\"").pattern.matches("good bye"));
}

TEST(ReadExpectation, SaysWhoseSinceWhenAndHowLong) {
  const Reading reading = read(
      "close = [1000, 1001]\nof = \"old\"\nconnection = 3\nsince = { moment = \"close\", connection = 1 }\n"
      "within = \"1s\"\nnot_before = \"200ms\"",
      2);
  ASSERT_TRUE(reading.expectation);
  const Expectation& expectation = *reading.expectation;
  EXPECT_EQ(expectation.of, "old");
  EXPECT_EQ(expectation.connection, 3);
  EXPECT_EQ(to_string(*expectation.since), "close of connection 1");
  EXPECT_EQ(expectation.within, 1s);
  EXPECT_EQ(expectation.not_before, 200ms);
  EXPECT_EQ(expectation.lasting, std::nullopt);
  EXPECT_EQ(expectation.text, "close = [1000, 1001]");
  EXPECT_EQ(expectation.place.line, 1);
}

TEST(ReadExpectation, NeverTakesAnyOfThemOrAFault) {
  const Reading close = read("never = { close = \"any\", clean = true }\nfor = \"3s\"", 2);
  ASSERT_TRUE(close.expectation);
  EXPECT_TRUE(close.expectation->never);
  EXPECT_EQ(std::get<CloseExpected>(close.expectation->what).clean, true);
  EXPECT_EQ(close.expectation->lasting, 3s);
  EXPECT_EQ(close.expectation->text, "never = { close = \"any\", clean = true }");
  EXPECT_EQ(what<FaultExpected>("never = { fault = \"idle_kill\" }\nfor = \"3s\"").name, "idle_kill");
  EXPECT_TRUE(what<ReconnectExpected>("never = { reconnect = true }\nfor = \"3s\"").wanted);
}

struct Wrong {
  std::string keys;
  std::string message;  ///< "line:column message", its beginning
  std::string hint;     ///< its beginning
};

void expect_wrong(const Wrong& wrong, std::size_t faults = 1) {
  const Reading reading = read(wrong.keys, faults);
  EXPECT_FALSE(reading.expectation) << wrong.keys;
  ASSERT_EQ(reading.errors.size(), 1U) << wrong.keys;
  const Diagnostic& error = reading.errors.front();
  const std::string found =
      std::to_string(error.place.line) + ":" + std::to_string(error.place.column) + " " + error.message;
  EXPECT_TRUE(found.starts_with(wrong.message)) << wrong.keys << "\n" << found;
  EXPECT_TRUE(error.hint.starts_with(wrong.hint)) << wrong.keys << "\n" << error.hint;
}

TEST(ReadExpectation, IsOfExactlyOneKind) {
  expect_wrong({"close = 1006\nstatus = 502",
                "2:1 an expectation is of one kind, here are \"close\" and \"status\"",
                "write another [[expect]] for the other"});
  expect_wrong({"within = \"1s\"", "1:1 [[expect]] names no kind of expectation",
                "allowed: close, wire_close, status"});
  expect_wrong(
      {"clos = 1006", "1:1 unknown kind of expectation \"clos\"", "did you mean \"close\"? allowed: close"});
  expect_wrong({"fault = \"x\"", "1:9 `fault` stands in `never` only", "never = { fault = \"NAME\" }"});
  expect_wrong({"never = { within = \"1s\" }\nfor = \"1s\"", "1:9 `never` names no kind of expectation",
                "allowed: close"});
  expect_wrong({"never = { close = 1006, status = 502 }\nfor = \"1s\"",
                "1:25 an expectation is of one kind, here are \"close\" and \"status\"", ""});
}

TEST(ReadExpectation, WhatHoldsOverATimeNeedsFor) {
  for (const std::string keys :
       {"never = { close = \"any\" }", "connections = { open = \"<=1\" }", "usage = { sockets = \"<=10\" }",
        "ping = \"any\"", "pong = \"any\"", "reconnect = false", "end = \"open\"", "exit = \"running\"",
        "delivery = \"exactly-once\"", "message = \"x\"\ncount = \"<=3\"", "reconnect = \"<=3\""}) {
    const Reading reading = read(keys);
    ASSERT_EQ(reading.errors.size(), 1U) << keys;
    EXPECT_NE(reading.errors[0].message.find(" holds over a time: it needs `for`"), std::string::npos)
        << keys;
    EXPECT_EQ(reading.errors[0].hint, "as in for = \"2s\"");
    EXPECT_TRUE(read(keys + "\nfor = \"2s\"").expectation) << keys;
  }
}

TEST(ReadExpectation, TimesMustFitTheKind) {
  expect_wrong({"close = 1006\nfor = \"1s\"",
                "2:7 close = 1006 happens at a moment: it takes `within`, no `for`", ""});
  expect_wrong(
      {"ping = \"any\"\nfor = \"1s\"\nwithin = \"1s\"", "3:10 ping = \"any\" is held over `for`", ""});
  expect_wrong({"never = { close = 1 }\nfor = \"1s\"\nnot_before = \"1s\"",
                "3:14 never = { close = 1 } is held over", ""});
  expect_wrong({"alive = \"1s\"\nwithin = \"1s\"", "2:10 `alive` says its time itself", ""});
  expect_wrong({"close = 1006\nwithin = \"1s\"\nnot_before = \"1s\"",
                "2:10 `within` must be longer than `not_before`", ""});
  EXPECT_TRUE(read("reconnect = \"1-3\"\nfor = \"2s\"\nnot_before = \"1s\"").expectation);
}

TEST(ReadExpectation, SeveralFaultsNeedSinceButNotForNever) {
  expect_wrong({"close = 1006", "1:1 with 2 faults `since` must be said", "as in since = \"fault NAME\""}, 2);
  EXPECT_TRUE(read("close = 1006\nsince = \"fault a\"", 2).expectation);
  EXPECT_TRUE(read("never = { close = 1006 }\nfor = \"1s\"", 2).expectation);
  EXPECT_TRUE(read("close = 1006", 0).expectation);
}

TEST(ReadExpectation, ValuesMustBeOfTheKind) {
  const Wrong wrongs[] = {
      {"close = \"x\"", "1:9 \"close\" cannot be \"x\"", "it takes a close code, a range"},
      {"close = 65536", "1:9 \"close\" cannot be 65536", "it takes a close code"},
      {"close = []", "1:9 \"close\" cannot be []", "it takes a close code"},
      {"close = [1000, \"5xx\"]", "1:16 \"close\" cannot be \"5xx\"", "it takes a close code"},
      {"close = 1006\ncause = \"rest\"", "2:9 unknown cause \"rest\"", "did you mean \"reset\"?"},
      {"close = 1006\nreason = \"/(/\"", "2:10 \"reason\": not a regular expression", ""},
      {"close = 1006\nclean = 1", "2:9 \"clean\" must be true or false", ""},
      {"close = 1006\nsince = \"opn\"", "2:9 unknown moment \"opn\"; did you mean \"open\"?", ""},
      {"close = 1006\nconnection = 0", "2:14 \"connection\" must be between 1 and", ""},
      {"wire_close = 1000\ndirection = \"up\"", "2:13 ", ""},
      {"status = 600", "1:10 \"status\" cannot be 600", "it takes an HTTP status, \"5xx\""},
      {"status = \"6xx\"", "1:10 \"status\" cannot be \"6xx\"", ""},
      {"status = 502\nheaders = \"x\"", "2:11 \"headers\" cannot be \"x\"", "it takes a table"},
      {"request = { paht = \"/\" }", "1:13 unknown key \"paht\"", ""},
      {"message = 3", "1:11 \"message\" cannot be 3", "it takes a text, a /regex/"},
      {"message = { hex = \"0\" }", "1:11 \"message\" cannot be { hex = \"0\" }", ""},
      {"event = \"opne\"", "1:9 unknown moment \"opne\"", ""},
      {"order = [\"open\"]", "1:9 \"order\" cannot be [\"open\"]", "it takes a list of two moments or more"},
      {"reconnect = {}", "1:13 \"reconnect\" cannot be {}", ""},
      {"reconnect = { backoff = \"linear\" }", "1:25 \"backoff\" cannot be \"linear\"",
       "it takes \"exponential\""},
      {"connections = { rate = \">=3/s\" }\nfor = \"1s\"", "1:24 \"rate\" cannot be",
       "it takes an upper bound per second"},
      {"connections = {}\nfor = \"1s\"", "1:15 \"connections\" cannot be {}", ""},
      {"ping = \"often\"\nfor = \"1s\"", "1:8 \"ping\" cannot be \"often\"",
       "it takes a bound on the interval"},
      {"end = \"finn\"", "1:7 unknown end \"finn\"", "did you mean \"fin\"?"},
      {"delivery = \"once\"\nfor = \"1s\"", "1:12 ", ""},
      {"delivery = \"exactly-once\"\nseq = \"id\"\nfor = \"1s\"", "2:7 \"seq\" cannot be \"id\"",
       "it takes a /regex/"},
      {"exit = 256", "1:8 \"exit\" cannot be 256", "it takes an exit code from 0 to 255"},
      {"usage = { memory = \"lots\" }\nfor = \"1s\"", "1:20 \"memory\" = \"lots\": ", ""},
      {"log = \"bye\"", "1:7 \"log\" cannot be \"bye\"", "it takes a /regex/"},
      {"close = 1006\nheaders = {}", "2:1 unknown key \"headers\"", ""},
      {"never = { reconnect = false }\nfor = \"1s\"", "1:23 `never` cannot take reconnect = false",
       "expect the contrary"},
      {"never = { end = \"open\" }\nfor = \"1s\"", "1:17 `never` cannot take end = \"open\"", ""},
      {"never = 3\nfor = \"1s\"", "1:9 ", ""},
  };
  for (const Wrong& wrong : wrongs) expect_wrong(wrong);
}

TEST(ReadExpectation, AllErrorsOfATableAreTold) {
  EXPECT_EQ(read("close = \"x\"\nwithin = 3\nfrom = 1").errors.size(), 3U);
}

TEST(ExpectationKinds, EachRowIsReadAsAKind) {
  EXPECT_EQ(expectation_kinds().size(), 18U);
  for (const ExpectationKind& kind : expectation_kinds()) {
    EXPECT_FALSE(kind.value.empty() || kind.holds.empty()) << kind.key;
    const std::string keys = std::string(kind.key) + " = { close = 1 }\nfor = \"1s\"";
    for (const Diagnostic& error : read(keys).errors) {
      EXPECT_EQ(error.message.find("unknown kind"), std::string::npos) << kind.key << ": " << error.message;
    }
  }
}

}  // namespace
}  // namespace wsfault::verdict
