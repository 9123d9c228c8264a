// [[expect]] tables: what each kind takes, which keys narrow it, and what is wrong, with its place.
#include <gtest/gtest.h>

#include "value/toml.hpp"
#include "verdict/expect/kind.hpp"

namespace wsfault::verdict {
namespace {

using namespace std::chrono_literals;

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

struct Right {
  std::string keys;
  std::string phrase;  ///< all that was read, in words
};

void expect_right(const Right& right) {
  const Reading reading = read(right.keys);
  for (const Diagnostic& error : reading.errors)
    ADD_FAILURE() << right.keys << ": " << error.message << " " << error.hint;
  ASSERT_TRUE(reading.expectation) << right.keys;
  EXPECT_EQ(reading.expectation->what.phrase, right.phrase) << right.keys;
}

TEST(ReadExpectation, TakesTheValueOfItsKindAndWhatNarrowsIt) {
  const Right rights[] = {
      {"close = 1006", "reports close 1006"},
      {R"(close = [1000, "4000-4999"])", "reports close 1000 or 4000-4999"},
      {R"(close = "any")", "reports a close"},
      {"close = 1006\nreason = \"/gone/\"\nclean = false\ncause = [\"reset\", \"fin\"]",
       "reports close 1006, reason /gone/, not clean, caused by reset or fin"},
      {"close = 1006\nreason = \"gone\"\nclean = true\ncause = \"heartbeat\"",
       "reports close 1006, reason \"gone\", clean, caused by heartbeat"},
      // The direction says which way a Close goes: to the server it comes from the client.
      {"wire_close = 1001\ndirection = \"to-server\"", "has Close 1001 from the client on its wire"},
      {"wire_close = 1001\ndirection = \"to-client\"", "has Close 1001 from the server on its wire"},
      {"wire_close = 1001\ndirection = \"both\"", "has Close 1001 on its wire"},
      {R"(wire_close = "empty")", "has an empty Close on its wire"},
      {R"(wire_close = "any")", "has Close any on its wire"},
      {"status = [\"5xx\", 404]\nheaders = { Retry-After = \"/[0-9]+/\", Server = \"x\" }\nbody = "
       "\"/sorry/\"",
       "is answered 500-599 or 404, Retry-After: /[0-9]+/, Server: x, body /sorry/"},
      {R"(request = { path = "/chat", body = "/^token/" })", "asks to upgrade, path /chat, body /^token/"},
      {R"(request = { path = "/token=new/", headers = { Host = "a" }, subprotocol = "chat" })",
       "asks to upgrade, path /token=new/, Host: a, subprotocol \"chat\""},
      {R"(message = "hello")", "gets a message \"hello\""},
      {R"(message = "/^h/")", "gets a message /^h/"},
      {R"(message = "> hello")", "gets a message \"> hello\""},
      {R"(message = { hex = "00fF" })", "gets a message of 2 stated bytes"},
      {R"(message = ">64KiB")", "gets a message of >=65537 bytes"},
      {"message = \"x\"\ncount = \">=3\"", "gets a message \"x\", >=3 times"},
      {"reconnect = true", "opens another connection"},
      {"reconnect = false\nfor = \"2s\"", "stays away"},
      {R"(reconnect = ">=2")", "makes >=2 further attempts"},
      {"reconnect = 2\nfor = \"2s\"", "makes 2 further attempts"},
      {R"(reconnect = { attempts = ">=6", backoff = "exponential" })",
       "makes >=6 further attempts with exponential backoff"},
      {R"(reconnect = { backoff = { first = "1s", factor = 2 }, max = "30s", jitter = "full" })",
       "comes back with exponential backoff, first 1s, factor 2, at most 30s, jitter full"},
      {"connections = { open = \"<=1\", total = \"<=6\", rate = \"<=20/s\" }\nfor = \"2s\"",
       "has connections: <=1 open at once, <=6 in all, <=20 a second"},
      {"ping = \"<=300ms\"\nfor = \"2s\"", "sends pings at intervals of <=300ms"},
      {"ping = \"any\"\nfor = \"2s\"", "sends a ping"},
      {"pong = \"any\"\nfor = \"2s\"", "sends a pong"},
      {"delivery = \"at-most-once\"\nseq = '/id=(\\d+)/'\nfor = \"2s\"", "gets no numbered message twice"},
      {"delivery = \"at-least-once\"\nfor = \"2s\"", "gets every numbered message at least once"},
      {"usage = { memory = \"<=+64MiB\", sockets = \"<=10\" }\nfor = \"2s\"",
       "uses memory <=+64MiB, sockets <=10"},
      {R"(event = "message 3")", "sees message 3"},
      {R"(order = ["message 3", { moment = "close", from = "client" }])",
       "sees, in this order: message 3, close from client"},
      {R"(end = ["fin", "reset"])", "sees TCP end: fin or reset"},
      {"end = \"open\"\nfor = \"1s\"", "sees TCP end: open"},
      {R"(alive = "2s")", "opens a new connection and gets an echo"},
      {"exit = 3", "exits with 3"},
      {"exit = \"running\"\nfor = \"1s\"", "keeps running"},
      {R"(log = "/bye/")", "prints /bye/"},
      {"never = { fault = \"idle_kill\" }\nfor = \"3s\"", "is struck by idle_kill"},
      {"never = { reconnect = true }\nfor = \"3s\"", "opens another connection"},
  };
  for (const Right& right : rights) expect_right(right);
}

TEST(ReadExpectation, SaysWhatTheRunMustKnowOfIt) {
  const auto nature = [](const std::string& keys) { return read(keys).expectation->what.nature; };
  EXPECT_EQ(nature("alive = \"2s\"").limit, 2s);
  EXPECT_TRUE(nature("alive = \"2s\"").visits);
  EXPECT_TRUE(nature("log = \"/bye/\"").output->matches("good bye"));
  EXPECT_EQ(nature("never = { fault = \"idle_kill\" }\nfor = \"3s\"").fault, "idle_kill");
  EXPECT_EQ(nature(R"(order = ["message 3", "close"])").moments.size(), 2U);
  EXPECT_TRUE(nature("usage = { sockets = \"<=10\" }\nfor = \"2s\"").samples_usage);
  for (const std::string keys : {"close = 1", "status = 502", "end = \"fin\"", "wire_close = 1000"})
    EXPECT_TRUE(nature(keys).says_the_end) << keys;
  EXPECT_FALSE(nature("reconnect = true").says_the_end);
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
  EXPECT_EQ(close.expectation->what.phrase, "reports a close, clean");
  EXPECT_EQ(close.expectation->lasting, 3s);
  EXPECT_EQ(close.expectation->text, "never = { close = \"any\", clean = true }");
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

TEST(ReadExpectation, WhatCanNeverHoldIsAnError) {
  expect_wrong({"close = 1006\nwithin = \"0s\"", "2:10 nothing happens in no time: this can never hold", ""});
  expect_wrong({"never = { close = 1 }\nfor = \"0s\"", "2:7 \"for\" must be above 0, found \"0s\"", ""});
  expect_wrong({"alive = \"0s\"", "1:9 nothing happens in no time: this can never hold", ""});
  expect_wrong({"message = \">64XiB\"", "1:11 \">64XiB\" is no size", "a number of B, KiB or MiB"});
  expect_wrong({"delivery = \"exactly-once\"\nfor = \"1s\"\nseq = \"/id/\"",
                "3:7 this regex has no group, which is the number", ""});
  EXPECT_TRUE(read("message = \"<3\"").expectation);
  EXPECT_TRUE(read("message = \"> he said\"").expectation);
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
  EXPECT_EQ(expectation_kinds().size(), 19U);
  for (const ExpectationKind& kind : expectation_kinds()) {
    EXPECT_FALSE(kind.value.empty() || kind.holds.empty()) << kind.key;
    if (kind.only_in_never) continue;
    const std::string keys = std::string(kind.key) + " = { close = 1 }\nfor = \"1s\"";
    for (const Diagnostic& error : read(keys).errors) {
      EXPECT_EQ(error.message.find("unknown kind"), std::string::npos) << kind.key << ": " << error.message;
    }
  }
}

}  // namespace
}  // namespace wsfault::verdict
