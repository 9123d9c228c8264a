// Expectations about what happens: `wire_close`, `status`, `request`, `message`, `event`, `end`, `exit`,
// `log`, `order`.
#include <fmt/format.h>
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

const wire::Headers five_bytes{{"Content-Length", "5"}};

/// A body that arrived; `size`: of which so many bytes came, though the log keeps but the text.
BodySeen body(std::string text, bool whole = true, std::uint64_t size = 0) {
  return {Tap::arrived, Side::server, size == 0 ? text.size() : size, text, whole};
}

struct BodyRow {
  const char* name;
  BodySeen came;
  const char* expected;
  State state;
  const char* seen;
};

TEST(JudgeStatus, IsNarrowedByTheBody) {
  const Log head = Log().on(0, 1, Accepted{}).on(1, 1, RequestSeen{}).fire(2, 1).on(20, 1, answer(403));
  for (const BodyRow& row : {
           BodyRow{"a regex", body("access denied"), "/denied/", State::holds,
                   "it was answered 403 with body \"access denied\" 28ms after the fault"},
           {"a text", body("denied"), "denied", State::holds,
            "it was answered 403 with body \"denied\" 28ms after the fault"},
           {"another", body("go away"), "/denied/", State::violated,
            "it was answered 403 with body \"go away\" 28ms after the fault"},
           {"more than the text", body("denied!"), "denied", State::violated,
            "it was answered 403 with body \"denied!\" 28ms after the fault"},
           {"a page", body("<html>\n" + std::string(100, 'x')), "/denied/", State::violated,
            "it was answered 403 with body \"<html> xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\" "
            "28ms "
            "after the fault"},
           {"an empty one", body(""), "/denied/", State::violated,
            "it was answered 403 with an empty body 28ms after the fault"},
           {"cut off", body("denied", false), "denied", State::violated,
            "it was answered 403 with body \"denied\", which is incomplete 28ms after the fault"},
           {"cut off after what is looked for", body("denied", false), "/denied/", State::holds,
            "it was answered 403 with body \"denied\", which is incomplete 28ms after the fault"},
           // The log's own limits prove nothing.
           {"not kept whole", body("go away", true, 70'000), "/denied/", State::inconclusive,
            "it was answered 403, but the log keeps only the first 7 bytes of its body"},
           {"not kept, nor whole", body("go away", false, 70'000), "/denied/", State::inconclusive,
            "it was answered 403, but the log keeps only the first 7 bytes of its body"},
           {"not kept whole, and a text", body("denied", true, 70'000), "denied", State::inconclusive,
            "it was answered 403, but the log keeps only the first 6 bytes of its body"},
           {"in what is kept", body("denied", false, 70'000), "/denied/", State::holds,
            "it was answered 403 with body \"denied\" 28ms after the fault"},
       }) {
    SCOPED_TRACE(row.name);
    const std::string keys = fmt::format("status = 403\nbody = \"{}\"", row.expected);
    EXPECT_EQ(state(keys, head, 100), State::pending);
    const Finding finding = judged(keys, Log(head).on(30, 1, row.came), 100);
    EXPECT_EQ(finding.state, row.state);
    EXPECT_EQ(finding.seen, row.seen);
    const std::string never = fmt::format(
        "never = {{ status = 403, body = \"{}\" }}\nsince = \"connect\"\nfor = \"1s\"", row.expected);
    const State opposite = row.state == State::holds      ? State::violated
                           : row.state == State::violated ? State::holds
                                                          : row.state;
    EXPECT_EQ(state(never, Log(head).on(30, 1, row.came), 1'100), opposite);
  }
}

TEST(JudgeStatus, ABodyIsNotAskedForWhereTheRestIsWrong) {
  const Log log =
      Log().on(0, 1, Accepted{}).on(1, 1, RequestSeen{}).fire(2, 1).on(20, 1, answer(502, five_bytes));
  EXPECT_EQ(judged("status = 403\nbody = \"/denied/\"", log, 100).seen,
            "it was answered 502 18ms after the fault");
  EXPECT_EQ(state("status = 403\nbody = \"/denied/\"", log, 100), State::violated);
}

TEST(JudgeStatus, ABodyThatDoesNotComeIsNoneInTime) {
  const std::string keys = "status = 403\nbody = \"/denied/\"";
  const Log asked = Log().on(0, 1, Accepted{}).on(1, 1, RequestSeen{}).fire(2, 1);
  // RFC 9112 6.3: the head says that there is none.
  const Log none = Log(asked).on(20, 1, answer(403, {{"Content-Length", "0"}}));
  EXPECT_EQ(judged(keys, none, 100).seen, "it was answered 403 with an empty body 18ms after the fault");
  EXPECT_EQ(state("status = 403\nbody = \"\"", none, 100), State::holds);
  const Log open = Log(asked).on(20, 1, answer(403, five_bytes));
  EXPECT_EQ(state(keys, open, 100), State::pending);
  EXPECT_EQ(judged(keys, open, 5'003).seen, "it was answered 403, but its body has not come to its end");
  EXPECT_EQ(state(keys, open, 5'003), State::violated);
  // A log of an older wsfault has no bodies.
  const Log older = Log(open).on(30, 1, StreamEnded{.tap = Tap::arrived, .side = Side::client});
  EXPECT_EQ(state(keys, older, 100), State::inconclusive);
  EXPECT_EQ(judged(keys, older, 100).seen, "it was answered 403, but the log keeps no body");
}

// A client need not read the body of an answer that refuses it.
TEST(JudgeStatus, OfABodyThatTheClientDidNotWaitForTheServersCounts) {
  const std::string keys = "status = 403\nbody = \"/denied/\"";
  ResponseSeen sent = answer(403, {{"Content-Length", "6"}});
  sent.tap = Tap::sent;
  const auto log = [&](const char* of_the_server, bool whole, const char* arrived) {
    Log came = Log().on(0, 1, Accepted{}).on(1, 1, RequestSeen{}).fire(2, 1);
    came.on(20, 1, sent).on(20, 1, answer(403, {{"Content-Length", "6"}}));
    came.on(25, 1,
            BodySeen{Tap::sent, Side::server, std::string(of_the_server).size(), of_the_server, whole});
    came.on(30, 1, body(arrived, false));
    return came.on(30, 1, StreamEnded{.side = Side::client, .how = EndKind::reset});
  };
  EXPECT_EQ(state(keys, log("denied", true, ""), 100), State::holds);
  EXPECT_EQ(state(keys, log("go off", true, "go"), 100), State::violated);
  EXPECT_EQ(state(keys, log("denied", false, "denied"), 100), State::holds);
  const Finding neither = judged(keys, log("den", false, "de"), 100);
  EXPECT_EQ(neither.state, State::inconclusive);
  EXPECT_EQ(neither.seen, "it was answered 403, but it left before the whole body had come");
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

TEST(JudgeRequest, IsJudgedByItsBody) {
  RequestSeen request;
  request.head = {"GET", "/chat", 11, five_bytes};
  const Log head = Log().on(0, 1, Accepted{}).on(1, 1, request);
  const std::string keys = "request = { path = \"/chat\", body = \"/^hel/\" }";
  const auto with = [&](const std::string& text) {
    return Log(head).on(5, 1, BodySeen{Tap::sent, Side::client, text.size(), text, true});
  };
  EXPECT_EQ(state(keys, head, 100, false, Case{}), State::pending);
  EXPECT_EQ(state(keys, with("hello"), 100, false, Case{}), State::holds);
  EXPECT_EQ(state(keys, with("world"), 100, false, Case{}), State::violated);
  EXPECT_EQ(judged(keys, with("world"), 100, false, Case{}).seen,
            "it asked for /chat with body \"world\" 5ms after connect of connection 1");
  request.head = {"GET", "/chat", 11, {}};
  EXPECT_EQ(judged(keys, Log().on(0, 1, Accepted{}).on(1, 1, request), 100, false, Case{}).seen,
            "it asked for /chat with an empty body 1ms after connect of connection 1");
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
