// A server that is stopped, dies or stands still, and whom an expectation takes out of the oracle's hands.
#include <gtest/gtest.h>

#include <algorithm>

#include "verdict/server_events.hpp"

namespace wsfault::verdict::test {
namespace {

using Of = ServerEvents;
using record::ProcessChange;

Of running() { return Of().process(0, ProcessChange::started).open(1); }

Finding judged(const Of& log, int now, const Case& scenario = server_case()) {
  return judge_log(scenario, log, now);
}

TEST(StoppedServer, Says1001AndIsGoneInItsDrainTime) {
  const Of log = running().process(100, ProcessChange::stopping).server_close(101, 1001);
  EXPECT_EQ(judged(log, 1000).state, State::pending) << "its process runs";
  Of gone = log;
  gone.client_close(102, 1001).server_fin(102).process(110, ProcessChange::exited);
  EXPECT_EQ(judged(gone, 120).state, State::holds) << judged(gone, 120).seen;
}

TEST(StoppedServer, WithoutAWordFails) {
  const Of log =
      running().process(100, ProcessChange::stopping).server_fin(101).process(102, ProcessChange::exited);
  EXPECT_EQ(judged(log, 120).state, State::violated);
  EXPECT_NE(judged(log, 120).cause.find("does not tell its clients"), std::string::npos);
}

TEST(StoppedServer, With1000Fails) {
  Of log = running().process(100, ProcessChange::stopping).server_close(101, 1000).server_fin(101);
  log.process(102, ProcessChange::exited);
  EXPECT_EQ(judged(log, 120).state, State::violated);
}

// RFC 6455 7.1.7
TEST(StoppedServer, WaitsForACloseNoLongerThanItsCloseLimit) {
  const auto vanished = [] {
    return running().silence(90).process(100, ProcessChange::stopping).server_close(101, 1001);
  };
  EXPECT_EQ(judged(vanished().server_fin(600).process(601, ProcessChange::exited), 700).state, State::holds);
  const Finding late = judged(vanished().server_fin(1700).process(1701, ProcessChange::exited), 1800);
  EXPECT_EQ(late.state, State::violated);
  EXPECT_NE(late.seen.find("too late"), std::string::npos) << late.seen;
}

TEST(StoppedServer, ThatRunsOnFails) {
  Of log = running().process(100, ProcessChange::stopping).server_close(101, 1001).client_close(102, 1001);
  log.server_fin(103);
  EXPECT_EQ(judged(log, 2000).state, State::pending);
  EXPECT_EQ(judged(log, 2200).state, State::violated);
  EXPECT_NE(judged(log, 2200).cause.find("come to an end"), std::string::npos);
}

// SIGKILL at the end of a grace is no act of its own.
TEST(StoppedServer, ThatIsKilledBeforeItsTimeIsOverIsUndecided) {
  const Of log = running().process(100, ProcessChange::stopping).process(600, ProcessChange::killed).server_fin(601).process(
      602, ProcessChange::exited);
  const Finding early = judged(log, 700);
  EXPECT_EQ(early.state, State::inconclusive) << early.seen;
  EXPECT_NE(early.remedy.find("`grace`"), std::string::npos) << early.remedy;
  Case undeclared = server_case();
  std::erase_if(undeclared.system.traits.values, [](const auto& trait) { return trait.first == "drain"; });
  EXPECT_NE(judged(log, 700, undeclared).remedy.find("--set drain="), std::string::npos) << judged(log, 700, undeclared).remedy;
  undeclared.system.traits.values.insert_or_assign("drain", Value("none"));
  EXPECT_EQ(judged(log, 700, undeclared).why, Cause::drain_endless);
}

TEST(StoppedServer, Answers503ToAHandshake) {
  const auto stopped = [] {
    return Of().process(0, ProcessChange::started).connect(1).process(100, ProcessChange::stopping);
  };
  EXPECT_EQ(
      judged(stopped().answers(101, 503).server_fin(101).process(102, ProcessChange::exited), 120).state,
      State::holds);
  const Finding cut = judged(stopped().server_fin(101).process(102, ProcessChange::exited), 120);
  EXPECT_EQ(cut.state, State::warned);
  EXPECT_EQ(cut.why, Cause::no_503_on_stop);
}

TEST(StoppedServer, OwesNothingToThoseWhoComeLater) {
  Of log = Of().process(0, ProcessChange::started).process(100, ProcessChange::stopping);
  log.refused(150).process(160, ProcessChange::exited);
  EXPECT_EQ(judged(log, 200).state, State::holds);
}

TEST(DyingServer, IsToldOnceAndFirst) {
  Of log = running().of("other").open(5).of("client").illegal(100, "reserved-opcode");
  log.process(101, ProcessChange::exited).server_fin(101).of("other").server_fin(101);
  const auto findings = judge_appropriate(server_case(), *trace::Trace::of(log.events), 200 * ms, false);
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings.front().state, State::violated);
  EXPECT_NE(findings.front().cause.find("process ended by itself"), std::string::npos);
}

// The end of a process is seen behind those of its connections.
TEST(DyingServer, IsWaitedForWhereItEndedAConnectionWithoutAClose) {
  const Of cut = running().illegal(100, "reserved-opcode").server_fin(101);
  EXPECT_EQ(judged(cut, 500).state, State::pending);
  EXPECT_EQ(judged(cut, 700).state, State::warned) << "it lives";
  Of dead = cut;
  EXPECT_EQ(judged(dead.process(300, ProcessChange::exited), 310).state, State::violated);
  const auto ended = judge_appropriate(server_case(), *trace::Trace::of(cut.events), 200 * ms, true);
  ASSERT_FALSE(ended.empty());
  EXPECT_EQ(ended.front().state, State::warned) << "the run has ended";
}

TEST(DyingServer, IsNotWaitedForWhereItSaidClose) {
  Of log = running().illegal(100, "reserved-opcode").server_close(101, 1002).client_close(102, 1002);
  EXPECT_EQ(judged(log.server_fin(103), 104).state, State::holds);
}

TEST(KilledServer, OwesNothing) {
  Of log = running().process(100, ProcessChange::killed).server_fin(101).process(102, ProcessChange::exited);
  EXPECT_EQ(judged(log, 200).state, State::holds) << judged(log, 200).seen;
  log.process(300, ProcessChange::started).of("later").open(400);
  EXPECT_EQ(judged(log, 500).state, State::holds);
}

TEST(FrozenServer, HasItsTimeWhenItIsThawed) {
  const Of log = running().process(40, ProcessChange::frozen).ping(50, "x");
  EXPECT_EQ(judged(log, 1500).state, State::pending);
  Of thawed = log;
  thawed.process(1600, ProcessChange::thawed);
  EXPECT_EQ(judged(thawed, 2500).state, State::pending);
  EXPECT_EQ(judged(thawed, 2700).state, State::violated);
  EXPECT_EQ(judged(thawed.pong(1610, "x"), 2700).state, State::holds);
}

TEST(ExpectedEnds, ReplaceTheOpinionOnThatClient) {
  Of log = Of().of("villain").open(0).illegal(50, "reserved-opcode").of("citizen").open(5).client_fin(50);
  Case scenario = server_case();
  EXPECT_EQ(judged(log, 1200, scenario).state, State::violated);
  const std::string any = R"(close = "any")";
  scenario.expectations = {expects(any, "villain"), expects(any, "citizen")};
  EXPECT_TRUE(judge_appropriate(scenario, *trace::Trace::of(log.events), 1200 * ms, false).empty());
}

TEST(SeveralClients, AreEachJudged) {
  const Of log = Of().of("a").open(0).of("b").open(5).ping(50, "x").of("a").ping(60, "y").pong(61, "y");
  const Finding finding = judged(log, 1200);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_NE(finding.expected.find("\"b\""), std::string::npos) << finding.expected;
}

TEST(NoClient, IsInconclusiveAtTheEnd) {
  EXPECT_EQ(judge_log(server_case(), Of(), 100, true).state, State::inconclusive);
  EXPECT_EQ(judged(Of(), 100).state, State::pending);
}

TEST(ASilenceThatNobodyImposed, IsNoBreakWhenTheRunEnds) {
  EXPECT_EQ(judge_log(server_case(), Of().connect(0), 300, true).state, State::holds);
}

}  // namespace
}  // namespace wsfault::verdict::test
