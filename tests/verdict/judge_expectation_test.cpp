// How an expectation is put to a log: whose connection, since when, until when; and `close` with all that
// narrows it.
#include <gtest/gtest.h>

#include "judge_log.hpp"

namespace wsfault::verdict {
namespace {

using namespace record;
using namespace judging;

// --- since

TEST(JudgeSince, WithOneFaultItIsItsFirstFiringOnThatConnection) {
  const Log log = Log().open(0, 1).fire(100, 1).close(150, 1006);
  const Finding finding = judged("close = 1006\nwithin = \"1s\"", log, 200);
  EXPECT_EQ(finding.state, State::holds);
  EXPECT_EQ(finding.subject, "expect close = 1006");
  EXPECT_EQ(finding.expected, "the sut reports close 1006 within 1s after the fault");
  EXPECT_EQ(finding.seen, "it reported 1006, not clean 50ms after the fault");
  EXPECT_EQ(finding.at, 150'000'000);
  EXPECT_EQ(finding.connection, 1);
}

TEST(JudgeSince, BeforeTheFaultNothingIsDecidedAndWithoutItNothingCanBe) {
  const Log log = Log().open(0, 1);
  const Finding waiting = judged("close = 1006", log, 9'000);
  EXPECT_EQ(waiting.state, State::pending);
  EXPECT_EQ(waiting.look_again, 0);
  const Finding ended = judged("close = 1006", log, 9'000, over);
  EXPECT_EQ(ended.state, State::inconclusive);
  EXPECT_EQ(ended.seen, "the fault never came");
}

TEST(JudgeSince, WhatCameBeforeDoesNotCount) {
  const Log log = Log().open(0, 1).close(50, 1006).fire(100, 1);
  EXPECT_EQ(state("close = 1006\nwithin = \"1s\"", log, 200), State::pending);
  const Finding late = judged("close = 1006\nwithin = \"1s\"", log, 1'101);
  EXPECT_EQ(late.state, State::violated);
  EXPECT_EQ(late.seen, "it reported 1006, not clean 50ms before the fault");
}

TEST(JudgeSince, AFaultAndItsEffectMayHaveTheSameTime) {
  EXPECT_EQ(state("close = 1006", Log().open(0, 1).fire(100, 1).close(100, 1006), 100), State::holds);
}

TEST(JudgeSince, AProcessFaultIsLookedForAnywhere) {
  Case scenario = one_fault();
  scenario.faults[0].on_party = true;
  scenario.faults[0].strikes_connections = false;
  Log log = Log().open(0, 1);
  log.of(100, "upstream", FaultFired{"reset", "kill", ""}).close(110, 1006);
  EXPECT_EQ(state("close = 1006", log, 120, false, scenario), State::holds);
}

TEST(JudgeSince, OfAConnectionThatTheFaultDoesNotStrikeItIsTheFirstFiringAnywhere) {
  const Log log = Log().open(0, 1).fire(100, 1).close(110, 1006).open(200, 2).close(300, 1000, true);
  EXPECT_EQ(state("close = 1000\nconnection = 2", log, 400), State::holds);
  // Where the fault strikes all, each has a firing of its own.
  EXPECT_EQ(state("close = 1000\nconnection = 2", log, 400, over, one_fault("all")), State::inconclusive);
}

TEST(JudgeSince, WithoutAFaultAndForNeverItIsOpen) {
  const Log log = Log().open(100, 1).close(200, 1000, true);
  EXPECT_EQ(judged("close = 1000\nwithin = \"1s\"", log, 300, false, Case{}).seen,
            "it reported 1000, clean 100ms after open of connection 1");
  EXPECT_EQ(state("never = { close = 1006 }\nfor = \"1s\"", log, 1'101), State::holds);
  EXPECT_EQ(state("never = { close = 1006 }\nfor = \"1s\"", log, 1'100), State::pending);
  EXPECT_EQ(state("never = { close = 1000 }\nfor = \"1s\"", log, 300), State::violated);
  const Log never_opened = Log().on(0, 1, Accepted{});
  EXPECT_EQ(state("never = { close = 1000 }\nfor = \"1s\"", never_opened, 9'000, over), State::inconclusive);
}

TEST(JudgeSince, NeverLooksNoFurtherThanFor) {
  const Log log = Log().open(100, 1).close(1'101, 1006);
  EXPECT_EQ(state("never = { close = 1006 }\nfor = \"1s\"", log, 1'200), State::holds);
  EXPECT_EQ(state("never = { close = 1006 }\nfor = \"2s\"", log, 1'200), State::violated);
}

TEST(JudgeSince, AMomentLooksAtTheSameConnectionUnlessItSaysAnother) {
  const Log log = Log().open(0, 1).open(500, 2).close(600, 1001, true);
  EXPECT_EQ(judged("close = 1001\nconnection = 2\nsince = \"open\"", log, 700).seen,
            "it reported 1001, clean 100ms after open");
  EXPECT_EQ(
      judged("close = 1001\nconnection = 2\nsince = { moment = \"open\", connection = 1 }", log, 700).seen,
      "it reported 1001, clean 600ms after open of connection 1");
}

TEST(JudgeSince, AnIdleMomentIsWhenTheSilenceBegan) {
  const Log log = Log().open(0, 1).on(1'500, 1, IdleReached{1'000'000'000}).close(1'600, 1006);
  EXPECT_EQ(judged("close = 1006\nsince = \"idle 1s\"", log, 1'700).seen,
            "it reported 1006, not clean 1.1s after idle 1s");
}

TEST(JudgeSince, ANamedFaultIsTheOneOnThatConnection) {
  Case scenario = one_fault("all");
  const Log log = Log().open(0, 1).fire(100, 1).close(110, 1006).open(200, 2).fire(300, 2).close(310, 1006);
  EXPECT_EQ(judged("close = 1006\nconnection = 2\nsince = \"fault reset\"", log, 400, false, scenario).seen,
            "it reported 1006, not clean 10ms after fault reset");
}

// --- bounds

TEST(JudgeBounds, WithinIsFiveSecondsUnlessSaid) {
  const Log log = Log().open(0, 1).fire(0, 1);
  EXPECT_EQ(judged("close = 1006", log, 5'000).look_again, 5'000'000'001);
  EXPECT_EQ(state("close = 1006", log, 5'000), State::pending);
  EXPECT_EQ(state("close = 1006", Log(log).close(5'000, 1006), 5'000), State::holds);
  EXPECT_EQ(state("close = 1006", Log(log).close(5'001, 1006), 5'001), State::violated);
  // A system that never reported anything is not judged by its reports: here it did once.
  EXPECT_EQ(state("close = 1006", Log(log).of(1, "sut", Report{.event = "open"}), 5'001), State::violated);
}

TEST(JudgeBounds, LateIsLateAlsoWhenItIsLookedAtLater) {
  const Log log = Log().open(0, 1).fire(0, 1).close(1'500, 1006);
  const Finding finding = judged("close = 1006\nwithin = \"1s\"", log, 9'000);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_EQ(finding.seen, "it reported 1006, not clean 1.5s after the fault: too late");
}

TEST(JudgeBounds, NotBeforeIsALowerBound) {
  const std::string keys = "close = 1006\nnot_before = \"400ms\"\nwithin = \"1s\"";
  const Log log = Log().open(0, 1).fire(0, 1);
  EXPECT_EQ(state(keys, Log(log).close(400, 1006), 500), State::holds);
  const Finding early = judged(keys, Log(log).close(399, 1006), 500);
  EXPECT_EQ(early.state, State::violated);
  EXPECT_EQ(early.seen, "it reported 1006, not clean 399ms after the fault: too early");
  EXPECT_EQ(early.expected, "the sut reports close 1006 within 1s, not before 400ms after the fault");
}

TEST(JudgeBounds, PatienceScalesUpperBoundsAndNoLowerOnes) {
  Case patient = one_fault();
  patient.timeout_scale = 3;
  const std::string keys = "close = 1006\nnot_before = \"400ms\"\nwithin = \"1s\"";
  const Log log = Log().open(0, 1).fire(0, 1);
  EXPECT_EQ(state(keys, Log(log).close(3'000, 1006), 3'000, false, patient), State::holds);
  EXPECT_EQ(state(keys, Log(log).close(3'001, 1006), 3'001, false, patient), State::violated);
  EXPECT_EQ(state(keys, Log(log).close(400, 1006), 500, false, patient), State::holds);
  EXPECT_EQ(state(keys, Log(log).close(399, 1006), 500, false, patient), State::violated);
}

TEST(JudgeBounds, WhatIsUndecidedWhenTheRunEndsIsViolated) {
  const Log log = Log().open(0, 1).fire(100, 1).of(150, "sut", Report{.event = "error"});
  EXPECT_EQ(judged("close = 1006", log, 200, over).state, State::violated);
  const Finding never = judged("never = { close = 1000 }\nfor = \"1s\"", log, 200, over);
  EXPECT_EQ(never.state, State::violated);
  EXPECT_EQ(never.seen, "it reported no close (undecided when the run ended)");
}

// --- which connection

TEST(JudgeConnection, IsTheOneThatWasStruckFirst) {
  const Log log = Log().open(0, 1).open(10, 2).fire(100, 2).close(120, 1006);
  const Finding finding = judged("close = 1006", log, 200, false, one_fault("even"));
  EXPECT_EQ(finding.connection, 2);
  EXPECT_EQ(finding.state, State::holds);
}

TEST(JudgeConnection, AnAttemptThatWasRefusedHasNoNumberButIsReported) {
  Case refused = one_fault("all");
  refused.faults[0].strikes_connections = false;
  Log log;
  log.on(0, 0, FaultFired{"reset", "refuse", ""}, "link", "")
      .on(0, 0, LinkEffect{LinkEffectKind::refused, {}}, "link", "");
  log.close(30, 1006);
  EXPECT_EQ(state("close = 1006", log, 100, false, refused), State::holds);
  EXPECT_EQ(state("close = 1006\ncause = \"handshake\"", log, 100, false, refused), State::holds);
  EXPECT_EQ(state("close = 1006\ncause = \"reset\"", log, 100, false, refused), State::violated);
  EXPECT_EQ(state("close = 1006\nconnection = 1", log, 100, false, refused), State::pending);
}

// --- close

// RFC 6455 7.1.5: a connection has one close code.
TEST(JudgeClose, TheFirstReportOfAConnectionDecides) {
  const Log log = Log().open(0, 1).fire(100, 1).close(120, 1000, true, "bye").close(130, 1006);
  const Finding finding = judged("close = 1006", log, 140);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_EQ(finding.seen, "it reported 1000 \"bye\", clean 20ms after the fault");
  EXPECT_EQ(state("close = [1000, 1001]", log, 140), State::holds);
  EXPECT_EQ(state("close = \"any\"", log, 140), State::holds);
}

TEST(JudgeClose, ReasonAndCleanNarrow) {
  const Log log = Log().open(0, 1).fire(100, 1).close(120, 1001, true, "going away");
  EXPECT_EQ(state("close = 1001\nreason = \"/away/\"\nclean = true", log, 140), State::holds);
  EXPECT_EQ(state("close = 1001\nreason = \"away\"", log, 140), State::violated);
  EXPECT_EQ(state("close = 1001\nclean = false", log, 140), State::violated);
}

TEST(JudgeClose, AnErrorIsNoClose) {
  const Log log =
      Log().open(0, 1).fire(100, 1).of(120, "sut", Report{.event = "error", .text = "ECONNRESET"});
  EXPECT_EQ(state("close = 1006", log, 140), State::pending);
  EXPECT_EQ(state("close = 1006", log, 5'101), State::violated);
}

TEST(JudgeClose, ASystemThatDoesNotReportProvesNothing) {
  const Log log = Log().open(0, 1).fire(100, 1);
  Case mute = one_fault();
  mute.system.report = model::ReportMode::none;
  const Finding finding = judged("close = 1006", log, 101, false, mute);
  EXPECT_EQ(finding.state, State::inconclusive);
  EXPECT_EQ(finding.seen, "the system does not report, so the code that it saw is not known");
  EXPECT_EQ(state("close = 1006", log, 101), State::pending);
  const Finding late = judged("close = 1006", log, 5'101);
  EXPECT_EQ(late.state, State::inconclusive);
  EXPECT_TRUE(late.remedy.starts_with(R"(Let it print {"event":"close","code":1006} at each end)")) << late.remedy;
  Case promised = one_fault();
  promised.system.report = model::ReportMode::json;
  EXPECT_EQ(state("close = 1006", log, 5'101, false, promised), State::violated);
  EXPECT_EQ(state("never = { close = \"any\" }\nfor = \"1s\"", log, 2'000), State::inconclusive);
}

// RFC 6455 7.1.5 again: of a party that does not report, the wire tells: the first Close received, else 1006.
TEST(JudgeClose, OfAnUpstreamTheWireTells) {
  const Log log = Log().open(0, 1).fire(100, 1);
  FrameSeen close{.tap = Tap::arrived, .from = Side::client, .opcode = 8, .code = 1001};
  EXPECT_EQ(state("close = 1001\nof = \"upstream\"", Log(log).on(120, 1, close), 140), State::holds);
  close.code.reset();
  EXPECT_EQ(state("close = 1005\nof = \"upstream\"", Log(log).on(120, 1, close), 140), State::holds);
  const StreamEnded end{.tap = Tap::arrived, .side = Side::server};
  EXPECT_EQ(state("close = 1006\nof = \"upstream\"", Log(log).on(120, 1, end), 140), State::holds);
  EXPECT_EQ(state("close = 1001\nof = \"upstream\"", Log(log).on(120, 1, end), 140), State::violated);
  EXPECT_EQ(state("close = 1001\nof = \"upstream\"", log, 140), State::pending);
}

struct Cause {
  std::string_view name;
  Log log;
};

TEST(JudgeClose, CauseIsAsTheLinkSawIt) {
  const auto towards = [](EndKind how) { return StreamEnded{.tap = Tap::arrived, .how = how}; };
  const StreamEnded own{.tap = Tap::sent};
  const FrameSeen ping{.tap = Tap::sent, .from = Side::client, .opcode = 9};
  const FrameSeen pong{.tap = Tap::arrived, .from = Side::server, .opcode = 10};
  const FrameSeen close{.tap = Tap::arrived, .from = Side::server, .opcode = 8, .code = 1001};
  const Log log = Log().open(0, 1).fire(100, 1);
  const Cause causes[] = {
      {"reset", Log(log).on(100, 1, towards(EndKind::reset)).on(101, 1, own)},
      {"fin", Log(log).on(100, 1, towards(EndKind::fin)).on(101, 1, own)},
      {"heartbeat", Log(log).on(200, 1, pong).on(300, 1, ping).on(600, 1, own)},
      {"timeout", Log(log).on(300, 1, ping).on(310, 1, pong).on(600, 1, own)},
      {"timeout", Log(log).on(600, 1, own)},
      {"protocol-error",
       Log(log).on(100, 1, ViolationSeen{.tap = Tap::arrived, .from = Side::server}).on(101, 1, own)},
      {"close", Log(log).on(100, 1, close).on(101, 1, towards(EndKind::reset))},
  };
  for (const Cause& cause : causes) {
    const Log closed = Log(cause.log).close(610, 1006);
    for (const std::string name : {"reset", "fin", "heartbeat", "timeout", "protocol-error", "handshake"}) {
      EXPECT_EQ(state("close = 1006\ncause = \"" + name + "\"", closed, 700),
                name == cause.name ? State::holds : State::violated)
          << name << " where it was " << cause.name;
    }
  }
  EXPECT_EQ(judged("close = 1006\ncause = \"fin\"", Log(causes[0].log).close(610, 1006), 700).seen,
            "it reported 1006, not clean (cause: reset) 510ms after the fault");
}

TEST(JudgeClose, AStreamThatEndsInsideAFrameIsNoProtocolError) {
  Log log = Log().open(0, 1).fire(100, 1).on(100, 1, StreamEnded{.tap = Tap::arrived, .how = EndKind::fin});
  log.on(100, 1, ViolationSeen{.tap = Tap::arrived, .from = Side::server, .violation = "truncated-frame"});
  EXPECT_EQ(state("close = 1006\ncause = \"fin\"", log.close(110, 1006), 200), State::holds);
}

TEST(JudgeClose, BeforeAValid101TheCauseIsTheHandshake) {
  Log log = Log().on(0, 1, Accepted{}).on(0, 1, RequestSeen{}).fire(1, 1);
  ResponseSeen bad{.tap = Tap::arrived, .flaws = {"wrong-accept"}};
  bad.head->status = 101;
  log.on(2, 1, bad).on(3, 1, Opened{}).close(10, 1006);
  EXPECT_EQ(state("close = 1006\ncause = \"handshake\"", log, 20), State::holds);
}

// --- a fleet

/// Which of them came back cannot be seen; that somebody did can: there are more attempts than clients.
TEST(JudgeReconnect, OfAFleet) {
  Case fleet = one_fault();
  fleet.system.traits.values.insert_or_assign("instances", Value(2));
  const Log two = Log().open(0, 1).open(1, 2).fire(100, 1);
  const Log back = Log(two).open(300, 3);
  EXPECT_EQ(state("reconnect = true\nwithin = \"1s\"\n", two, 1'101, over, fleet), State::violated);
  EXPECT_EQ(state("reconnect = true\nwithin = \"1s\"\n", back, 1'101, over, fleet), State::holds);
  for (const std::string_view keys :
       {"reconnect = { attempts = 1, backoff = \"exponential\" }\nfor = \"1s\"\n",
        "reconnect = false\nfor = \"1s\"\n", "reconnect = true\nnot_before = \"200ms\"\nwithin = \"1s\"\n"}) {
    const Finding finding = judged(std::string(keys), back, 1'101, over, fleet);
    EXPECT_EQ(finding.state, State::inconclusive) << keys;
    EXPECT_NE(finding.seen.find("the system is 2 clients"), std::string::npos) << finding.seen;
  }
}

}  // namespace
}  // namespace wsfault::verdict
