// Expectations about what happens: `wire_close`, `status`, `request`, `message`, `event`, `end`, `exit`,
// `log`, `order`.
#include <gtest/gtest.h>

#include "judge_log.hpp"

namespace wsfault::verdict {
namespace {

using namespace record;
using namespace judging;

FrameSeen close_frame(Side from, std::optional<std::uint16_t> code, Tap tap = Tap::sent) {
  return {.tap = tap, .from = from, .opcode = 8, .length = code ? 2U : 0U, .code = code};
}
ResponseSeen answer(int status, wire::Headers headers = {}) {
  ResponseSeen seen{.tap = Tap::arrived};
  seen.head->status = status;
  seen.head->headers = std::move(headers);
  return seen;
}
MessageSeen message(std::string payload, Tap tap = Tap::arrived, Side from = Side::server) {
  return {tap, from, 1, 1, payload.size(), payload};
}

const Log struck = Log().open(0, 1).fire(100, 1);

// --- wire_close

TEST(JudgeWireClose, IsThatFrameInThatDirectionAtEitherTap) {
  const Log sent = Log(struck).on(120, 1, close_frame(Side::server, 1014));
  EXPECT_EQ(judged("wire_close = 1014", sent, 200).seen, "Close 1014 from the server 20ms after the fault");
  EXPECT_EQ(state("wire_close = 1014", sent, 200), State::holds);
  EXPECT_EQ(state("wire_close = 1014\ndirection = \"to-client\"", sent, 200), State::holds);
  EXPECT_EQ(state("wire_close = 1014\ndirection = \"to-server\"", sent, 200), State::pending);
  EXPECT_EQ(state("wire_close = 1014\ndirection = \"to-server\"", sent, 5'101), State::violated);
  EXPECT_EQ(
      state("wire_close = 1014", Log(struck).on(120, 1, close_frame(Side::server, 1014, Tap::arrived)), 200),
      State::holds);
}

TEST(JudgeWireClose, AnotherCodeIsNamed) {
  Log log = Log(struck).on(120, 1, close_frame(Side::client, 1002));
  log.on(121, 1, close_frame(Side::client, 1002, Tap::arrived));
  EXPECT_EQ(judged("wire_close = 1014\nwithin = \"1s\"", log, 1'101).seen,
            "Close 1002 from the client 20ms after the fault");
}

// RFC 6455 5.5.1: a Close frame may have no body.
TEST(JudgeWireClose, EmptyIsWithoutABody) {
  const Log log = Log(struck).on(120, 1, close_frame(Side::server, std::nullopt));
  EXPECT_EQ(state("wire_close = \"empty\"", log, 200), State::holds);
  EXPECT_EQ(state("wire_close = \"any\"", log, 200), State::holds);
  EXPECT_EQ(state("wire_close = 1000", log, 200), State::pending);
  EXPECT_EQ(state("wire_close = \"empty\"", Log(struck).on(120, 1, close_frame(Side::server, 1000)), 200),
            State::pending);
}

// RFC 6455 7.4.1: 1006 is never in a Close frame.
TEST(JudgeWireClose, NeverHoldsWhereItDoesNotCome) {
  const std::string keys = "never = { wire_close = 1006 }\nfor = \"1s\"";
  EXPECT_EQ(state(keys, struck, 1'001), State::holds);
  EXPECT_EQ(state(keys, Log(struck).on(120, 1, close_frame(Side::server, 1006)), 200), State::violated);
  EXPECT_EQ(state(keys, struck, 500), State::pending);
}

// --- status and request

TEST(JudgeStatus, IsTheFinalAnswerThatArrived) {
  const Log asked = Log().on(0, 1, Accepted{}).on(1, 1, RequestSeen{}).fire(2, 1);
  const Log answered = Log(asked).on(10, 1, answer(103)).on(20, 1, answer(502, {{"Retry-After", "30"}}));
  EXPECT_EQ(state("status = 502", asked, 100), State::pending);
  EXPECT_EQ(state("status = 502", asked, 5'003), State::violated);
  EXPECT_EQ(state("status = 502", answered, 100), State::holds);
  EXPECT_EQ(state("status = \"5xx\"", answered, 100), State::holds);
  EXPECT_EQ(judged("status = 503", answered, 100).seen, "it was answered 502 18ms after the fault");
  EXPECT_EQ(state("status = 503", answered, 100), State::violated);
  EXPECT_EQ(state("status = 502\nheaders = { retry-after = \"/^[0-9]+$/\" }", answered, 100), State::holds);
  EXPECT_EQ(judged("status = 502\nheaders = { retry-after = \"60\" }", answered, 100).seen,
            "it was answered 502 (retry-after: 30) 18ms after the fault");
  EXPECT_EQ(state("status = 502\nheaders = { Via = \"x\" }", answered, 100), State::violated);
}

TEST(JudgeStatus, WithoutAFaultItCountsFromConnect) {
  const Log log = Log().on(0, 1, Accepted{}).on(20, 1, answer(426));
  EXPECT_EQ(state("status = 426", log, 100, false, Case{}), State::holds);
}

TEST(JudgeRequest, IsJudgedByPathHeadersAndSubprotocol) {
  RequestSeen first;
  first.head->target = "/chat?token=old";
  RequestSeen second;
  second.head = {
      "GET", "/chat?token=new", 11, {{"Host", "a.example"}, {"Sec-WebSocket-Protocol", "chat, v2.chat"}}};
  Log log = Log().on(0, 1, Accepted{}).on(0, 1, first).fire(100, 1);
  const std::string token = "request = { path = \"/token=new/\" }\nconnection = 2";
  EXPECT_EQ(state(token, log, 200), State::pending);
  EXPECT_EQ(state(token, log, 5'101), State::violated);
  log.on(200, 2, Accepted{}).on(201, 2, second);
  EXPECT_EQ(state(token, log, 300), State::holds);
  EXPECT_EQ(state("request = { path = \"/chat\" }\nconnection = 2", log, 300), State::holds);
  EXPECT_EQ(
      state("request = { headers = { host = \"a.example\" }, subprotocol = \"v2.chat\" }\nconnection = 2",
            log, 300),
      State::holds);
  EXPECT_EQ(state("request = { subprotocol = \"mqtt\" }\nconnection = 2", log, 300), State::violated);
  EXPECT_EQ(judged("request = { path = \"/token=newer/\" }\nconnection = 2", log, 300).seen,
            "it asked for /chat?token=new 101ms after the fault");
}

TEST(JudgeRequest, APlainRequestThatHadTheNumberBeforeIsNotIt) {
  RequestSeen refresh{.upgrade = false};
  refresh.head->target = "/refresh";
  RequestSeen chat;
  chat.head->target = "/chat";
  Log log =
      Log().open(0, 1).fire(100, 1).on(200, 2, Accepted{}).on(200, 2, refresh).on(210, 2, StreamEnded{});
  log.on(300, 2, Accepted{}).on(300, 2, chat);
  EXPECT_EQ(state("request = { path = \"/chat\" }\nconnection = 2", log, 400), State::holds);
  EXPECT_EQ(state("end = \"fin\"\nconnection = 2", log, 400), State::pending);
}

// --- message

TEST(JudgeMessage, IsWhatWasForwardedWhole) {
  const Log log = Log(struck).on(120, 1, message("hello", Tap::sent)).on(130, 1, message("world"));
  EXPECT_EQ(state("message = \"world\"", log, 200), State::holds);
  EXPECT_EQ(state("message = \"/^wor/\"", log, 200), State::holds);
  EXPECT_EQ(state("message = { hex = \"776f726c64\" }", log, 200), State::holds);
  EXPECT_EQ(state("message = \">4\"", log, 200), State::holds);
  EXPECT_EQ(state("message = \">5\"", log, 200), State::pending);
  EXPECT_EQ(state("message = \"hello\"", log, 200), State::pending);
  EXPECT_EQ(judged("message = \"hello\"", log, 5'101).seen, "it got \"world\" 30ms after the fault");
  EXPECT_EQ(state("message = \"hello\"", log, 5'101), State::violated);
}

TEST(JudgeMessage, IsWhatTheSutReportedWhereItReportsMessages) {
  Log log = Log(struck).on(120, 1, message("one")).on(130, 1, message("two"));
  log.of(140, "sut", Report{.event = "message", .text = "one"});
  EXPECT_EQ(state("message = \"one\"", log, 200), State::holds);
  EXPECT_EQ(state("message = \"two\"", log, 200), State::pending);
  EXPECT_EQ(judged("message = \"two\"", log, 5'101).seen, "it reported \"one\" 40ms after the fault");
}

TEST(JudgeMessage, AtTheUpstreamIsWhatTheClientSent) {
  const Log log = Log(struck).on(120, 1, message("hello", Tap::arrived, Side::client));
  EXPECT_EQ(state("message = \"hello\"\nof = \"upstream\"", log, 200), State::holds);
  EXPECT_EQ(state("message = \"hello\"", log, 200), State::pending);
}

TEST(JudgeMessage, OfAnotherConnectionIsNotIt) {
  const Log log = Log(struck).open(200, 2).on(220, 2, message("hello"));
  EXPECT_EQ(state("message = \"hello\"", log, 300), State::pending);
  EXPECT_EQ(state("message = \"hello\"\nconnection = 2", log, 300), State::holds);
}

TEST(JudgeMessage, CountIsABound) {
  Log log = Log(struck).on(120, 1, message("a")).on(130, 1, message("b")).on(140, 1, message("a"));
  EXPECT_EQ(state("message = \"a\"\ncount = \">=2\"", log, 200), State::holds);
  EXPECT_EQ(state("message = \"a\"\ncount = \">=3\"", log, 200), State::pending);
  EXPECT_EQ(state("message = \"a\"\ncount = \">=3\"", log, 5'101), State::violated);
  const std::string twice = "message = \"a\"\ncount = 2\nfor = \"1s\"";
  EXPECT_EQ(state(twice, log, 200), State::pending);
  EXPECT_EQ(state(twice, log, 1'101), State::holds);
  EXPECT_EQ(state("message = \"a\"\ncount = 3\nfor = \"1s\"", log, 1'101), State::violated);
  log.on(150, 1, message("a"));
  EXPECT_EQ(state(twice, log, 200), State::violated);
  EXPECT_EQ(judged(twice, log, 200).at, 150'000'000);
}

// --- event, fault, log, exit

TEST(JudgeEvent, IsAMomentOfTheConnection) {
  const Log log = Log(struck).open(300, 2);
  EXPECT_EQ(state("event = \"open\"\nconnection = 2", log, 400), State::holds);
  EXPECT_EQ(state("event = \"open\"", log, 400), State::pending);  // of connection 1: before the fault
  EXPECT_EQ(judged("event = \"open\"", log, 5'101).seen, "open of connection 1 of sut at link did not come");
  EXPECT_EQ(state("event = { moment = \"open\", connection = 2 }", log, 400), State::holds);
  EXPECT_EQ(
      state("never = { event = \"open\" }\nconnection = 2\nsince = \"start\"\nfor = \"1s\"", log, 400, over),
      State::inconclusive);
}

TEST(JudgeFault, NeverHoldsWhereItDoesNotFire) {
  const std::string keys = "never = { fault = \"reset\" }\nfor = \"1s\"";
  const Log log = Log().open(0, 1);
  EXPECT_EQ(state(keys, log, 1'000), State::pending);
  EXPECT_EQ(state(keys, log, 1'001), State::holds);
  EXPECT_EQ(state(keys, struck, 200), State::violated);
  EXPECT_EQ(judged(keys, struck, 200).seen, "reset fired (RST to client) 100ms after open of connection 1");
}

TEST(JudgeLog, IsALineOfTheSystem) {
  Log log = struck;
  log.of(120, "upstream", OutputLine{"stdout", "shutting down"});
  EXPECT_EQ(state("log = \"/down/\"", log, 200), State::pending);
  EXPECT_EQ(state("log = \"/down/\"", log, 5'101), State::violated);
  log.of(150, "sut", OutputLine{"stderr", "shutting down"});
  EXPECT_EQ(state("log = \"/down/\"", log, 200), State::holds);
  EXPECT_EQ(state("log = \"/down/\"\nof = \"upstream\"", log, 200), State::holds);
  EXPECT_EQ(state("never = { log = \"/down/\" }\nfor = \"1s\"", log, 200), State::violated);
}

TEST(JudgeExit, IsTheCodeOrThatItRuns) {
  Log exited = struck;
  exited.of(150, "sut", ProcessChanged{ProcessChange::exited, 7, 3, 0});
  Log killed = struck;
  killed.of(150, "sut", ProcessChanged{ProcessChange::exited, 7, 0, 11});
  EXPECT_EQ(state("exit = 3", struck, 200), State::pending);
  EXPECT_EQ(state("exit = 3", exited, 200), State::holds);
  EXPECT_EQ(state("exit = 0", exited, 200), State::violated);
  EXPECT_EQ(judged("exit = 0", killed, 200).seen, "the process was ended by signal 11 50ms after the fault");
  const std::string running = "exit = \"running\"\nfor = \"1s\"";
  EXPECT_EQ(state(running, struck, 1'100), State::pending);
  EXPECT_EQ(judged(running, struck, 200).look_again, 1'100'000'001);
  EXPECT_EQ(state(running, struck, 1'101), State::holds);
  EXPECT_EQ(state(running, exited, 200), State::violated);
}

// --- end

TEST(JudgeEnd, IsTheFirstOnThePartysSide) {
  const Log reset = Log(struck).on(120, 1, StreamEnded{.tap = Tap::arrived, .how = EndKind::reset});
  const Log fin = Log(struck).on(120, 1, StreamEnded{.tap = Tap::sent, .side = Side::client});
  const Log other = Log(struck).on(120, 1, StreamEnded{.tap = Tap::sent, .side = Side::server});
  EXPECT_EQ(state("end = \"reset\"", reset, 200), State::holds);
  EXPECT_EQ(judged("end = \"fin\"", reset, 200).seen,
            "TCP ended with reset from its peer 20ms after the fault");
  EXPECT_EQ(state("end = \"fin\"", reset, 200), State::violated);
  EXPECT_EQ(state("end = [\"fin\", \"reset\"]", fin, 200), State::holds);
  EXPECT_EQ(state("end = \"fin\"", other, 200), State::pending);
  EXPECT_EQ(state("end = \"fin\"\nof = \"upstream\"", other, 200), State::holds);
  EXPECT_EQ(state("end = \"fin\"", struck, 5'101), State::violated);
}

TEST(JudgeEnd, OpenHoldsUntilForIsOver) {
  const std::string keys = "end = \"open\"\nfor = \"1s\"";
  EXPECT_EQ(state(keys, struck, 1'100), State::pending);
  EXPECT_EQ(state(keys, struck, 1'101), State::holds);
  const auto ended_at = [](std::int64_t ms) {
    return Log(struck).on(ms, 1, StreamEnded{.tap = Tap::arrived});
  };
  EXPECT_EQ(state(keys, ended_at(500), 600), State::violated);
  EXPECT_EQ(state(keys, ended_at(1'200), 1'300), State::holds);
  EXPECT_EQ(state("end = [\"open\", \"fin\"]\nfor = \"1s\"", ended_at(500), 600), State::holds);
  EXPECT_EQ(state("end = [\"open\", \"reset\"]\nfor = \"1s\"", ended_at(500), 600), State::violated);
}

// --- order

TEST(JudgeOrder, TheFirstTimeOfEachCounts) {
  const std::string keys = "order = [\"open\", \"close\", \"end\"]";
  Log log = Log(struck).on(120, 1, close_frame(Side::server, 1001));
  EXPECT_EQ(state(keys, log, 200), State::pending);
  EXPECT_EQ(judged(keys, log, 5'101).seen, "end did not come");
  log.on(130, 1, StreamEnded{});
  EXPECT_EQ(state(keys, log, 200), State::holds);
  EXPECT_EQ(state("order = [\"close\", \"end\", \"open\"]", log, 200), State::violated);
  EXPECT_EQ(judged("order = [\"end\", \"close\"]", log, 200).seen,
            "close came 10ms before end, 30ms after the fault");
}

TEST(JudgeOrder, WhatComesAloneIsGivenTheTimeOfOneWakeUp) {
  const Log log = Log(struck).on(120, 1, StreamEnded{});
  EXPECT_EQ(state("order = [\"close\", \"end\"]", log, 129), State::pending);
  EXPECT_EQ(judged("order = [\"close\", \"end\"]", log, 129).look_again, 130'000'000);
  EXPECT_EQ(state("order = [\"close\", \"end\"]", log, 130), State::violated);
}

// "a SUT's output and a socket's end in one wake-up have no order"
TEST(JudgeOrder, DifferentSourcesAtNearlyTheSameTimeProveNothing) {
  const std::string keys = "order = [\"log /bye/\", \"end\"]";
  const auto said_at = [](std::int64_t ms) {
    return Log(struck).on(120, 1, StreamEnded{}).of(ms, "sut", OutputLine{"stdout", "bye"});
  };
  EXPECT_EQ(state(keys, said_at(125), 200), State::inconclusive);
  EXPECT_EQ(state(keys, said_at(180), 200), State::violated);
}

}  // namespace
}  // namespace wsfault::verdict
