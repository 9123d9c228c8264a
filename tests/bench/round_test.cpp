// The figures computed from the log of a round.
#include "bench/round.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench/plan.hpp"
#include "bench/round_log.hpp"

namespace wsfault::bench {
namespace {

using record::Side;
using testing::HasSubstr;

fault::FaultSpec fault_of(const std::string& name) {
  Plan plan;
  plan.fault = name;
  plan.when = R"({ moment = "message 5", from = "server" })";
  model::System client;
  client.name = "a client";
  return plan_round(plan, client, {})->scenario.faults.front();
}

/// A conversation until the server's fifth message, at which the connection is reset.
RoundLog until_reset() {
  RoundLog log;
  log.accepted(0, 1).answered(1, 1).report(1.1, "open");
  log.passed(2, 1, Side::server, "message 1").passed(3, 1, Side::client, "id=1");
  log.frame(100, 1, 5).fired(100.1, "strike").reset(100.3).sent(100.4, 1, Side::server, "message 5");
  return log;
}

double after(const Round& round, Phase phase) {
  return static_cast<double>(round.after[index_of(phase)].value()) / 1e6;
}

TEST(Round, CountsFromTheFaultsScheduledMoment) {
  RoundLog log = until_reset();
  log.report(100.5, "close").accepted(150, 2).answered(151, 2).passed(152, 2, Side::server, "message 6");
  ASSERT_TRUE(is_over(*trace::Trace::of(log.events())));
  const Round round = read_round(log.events(), fault_of("reset"));
  EXPECT_EQ(round.missing, "");
  EXPECT_DOUBLE_EQ(after(round, Phase::noticed), 0.5);
  EXPECT_DOUBLE_EQ(after(round, Phase::first_attempt), 50);
  EXPECT_DOUBLE_EQ(after(round, Phase::connected), 50);
  EXPECT_DOUBLE_EQ(after(round, Phase::open), 51);
  EXPECT_DOUBLE_EQ(after(round, Phase::first_message), 52);
  EXPECT_EQ(round.step(Phase::noticed), 500'000);
  EXPECT_EQ(round.step(Phase::first_attempt), 49'500'000);
  EXPECT_EQ(round.step(Phase::connected), 0);
  EXPECT_EQ(round.attempts, 1);
  EXPECT_EQ(round.fault_late, 300'000);
}

TEST(Round, ADelayOfTheFaultIsPartOfItsSchedule) {
  RoundLog log;
  log.accepted(0, 1).answered(1, 1).frame(100, 1, 5).fired(140.2, "strike").reset(140.5);
  log.report(141, "close").accepted(150, 2).answered(151, 2).passed(152, 2, Side::server, "message 6");
  fault::FaultSpec spec = fault_of("reset");
  spec.after = std::chrono::milliseconds(40);
  const Round round = read_round(log.events(), spec);
  EXPECT_DOUBLE_EQ(after(round, Phase::noticed), 1);
  EXPECT_EQ(round.fault_late, 500'000);
}

/// A middlebox fires when it ends the flow: the time before that is its own wait.
TEST(Round, OfAMiddleboxTheFiringIsTheSchedule) {
  RoundLog log;
  log.accepted(0, 1).answered(1, 1).frame(100, 1, 5).fired(1100, "strike").reset(1100.2);
  log.report(1101, "close").accepted(1110, 2).answered(1111, 2).passed(1112, 2, Side::server, "message 6");
  Plan plan;
  plan.fault = "idle_kill";
  plan.with = {{"idle", "1s"}};
  model::System client;
  const auto planned = plan_round(plan, client, {});
  ASSERT_TRUE(planned) << planned.error();
  const Round round = read_round(log.events(), planned->scenario.faults.front());
  EXPECT_DOUBLE_EQ(after(round, Phase::noticed), 1);
}

TEST(Round, WithoutReportsItsEndOrItsAttemptIsHowItNoticed) {
  RoundLog ended = until_reset();
  ended.wire(130, 1, record::StreamEnded{.tap = record::Tap::sent, .side = Side::client});
  ended.accepted(150, 2).answered(151, 2).passed(152, 2, Side::server, "message 6");
  EXPECT_DOUBLE_EQ(after(read_round(ended.events(), fault_of("reset")), Phase::noticed), 30);

  RoundLog silent = until_reset();
  silent.accepted(150, 2).answered(151, 2).passed(152, 2, Side::server, "message 6");
  EXPECT_DOUBLE_EQ(after(read_round(silent.events(), fault_of("reset")), Phase::noticed), 50);
}

TEST(Round, RefusedAndFailedAttemptsAreToldFromTheOneThatOpened) {
  RoundLog log = until_reset();
  log.event(100.35, {"link", "sut", 0}, record::LinkEffect{record::LinkEffectKind::refused, Side::client});
  log.report(100.5, "close")
      .report(200, "error")
      .report(200, "close")
      .report(300, "error")
      .report(300, "close");
  log.accepted(400, 2).answered(401, 2, 503).report(402, "error").report(402, "close");
  log.accepted(600, 3).answered(602, 3).passed(603, 3, Side::server, "message 6");
  const Round round = read_round(log.events(), fault_of("reset"));
  EXPECT_DOUBLE_EQ(after(round, Phase::first_attempt), 100);
  EXPECT_DOUBLE_EQ(after(round, Phase::connected), 500);
  EXPECT_DOUBLE_EQ(after(round, Phase::open), 502);
  EXPECT_EQ(round.attempts, 4);
}

TEST(Round, MessagesOfBeforeAreLostOrComeTwice) {
  RoundLog log = until_reset();  // loses "message 5"
  log.sent(100.2, 1, Side::client, "id=2");
  log.report(100.5, "close").accepted(150, 2).answered(151, 2);
  log.passed(152, 2, Side::client, "id=1");  // repeated, though it had arrived
  log.passed(152, 2, Side::client, "id=2");  // repeated, because it was lost
  log.passed(153, 2, Side::server, "message 6").sent(154, 2, Side::server, "message 7");  // in flight
  const Round round = read_round(log.events(), fault_of("reset"));
  EXPECT_EQ(round.lost, (Directions{1, 0}));
  EXPECT_EQ(round.duplicated, (Directions{0, 1}));
}

/// An application's own heartbeat does not count as a duplicate message.
TEST(Round, WhatIsSaidTwiceOnOneConnectionIsNotCounted) {
  RoundLog log = until_reset();
  log.passed(50, 1, Side::client, "beat").passed(60, 1, Side::client, "beat");
  log.accepted(150, 2).answered(151, 2).passed(152, 2, Side::client, "beat");
  log.passed(153, 2, Side::server, "message 6");
  EXPECT_EQ(read_round(log.events(), fault_of("reset")).duplicated, (Directions{0, 0}));
}

TEST(Round, AConnectionThatDiesBeforeAMessageIsOneAttemptMore) {
  RoundLog log = until_reset();
  log.report(100.5, "close").accepted(150, 2).answered(151, 2);
  EXPECT_FALSE(is_over(*trace::Trace::of(log.events())));
  log.report(160, "close").accepted(200, 3).answered(201, 3).passed(202, 3, Side::server, "message 6");
  EXPECT_TRUE(is_over(*trace::Trace::of(log.events())));
  const Round round = read_round(log.events(), fault_of("reset"));
  EXPECT_DOUBLE_EQ(after(round, Phase::first_attempt), 50);
  EXPECT_DOUBLE_EQ(after(round, Phase::open), 101);
  EXPECT_EQ(round.attempts, 2);
}

struct Missing {
  const char* name;
  RoundLog log;
  const char* said;
};
class NotMeasured : public testing::TestWithParam<Missing> {};

TEST_P(NotMeasured, AndWhy) {
  const RoundLog& log = GetParam().log;
  EXPECT_FALSE(is_over(*trace::Trace::of(log.events())));
  EXPECT_EQ(read_round(log.events(), fault_of("reset")).missing, GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(
    Rounds, NotMeasured,
    testing::Values(
        Missing{"NoFault", RoundLog().accepted(0, 1).answered(1, 1),
                "the fault did not fire: message 5 from server did not come"},
        Missing{"NothingToChange", RoundLog().accepted(0, 1).answered(1, 1).frame(100, 1, 5),
                "the fault did not fire: what it changes did not come"},
        Missing{"Unnoticed", until_reset(),
                "the client noticed nothing: no report, no end of its socket, no further attempt"},
        Missing{"NoAttempt", until_reset().report(101, "close"),
                "the client noticed after 1.00ms and made no further attempt"},
        Missing{"Refused", until_reset().report(101, "close").report(150, "error").report(150, "close"),
                "1 attempt from 50.0ms on, and each was refused"},
        Missing{"NotOpened", until_reset().report(101, "close").accepted(150, 2).answered(151, 2, 503),
                "1 attempt from 50.0ms on, and none opened"},
        Missing{"NoMessage", until_reset().report(101, "close").accepted(150, 2).answered(151, 2),
                "it was open again after 51.0ms, and no message came"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace wsfault::bench
