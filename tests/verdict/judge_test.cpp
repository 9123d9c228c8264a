// The judgement of a whole log: which opinions count, faults that did not fire, and the outcome.
#include "verdict/judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "judge_log.hpp"

namespace wsfault::verdict {
namespace {

using namespace record;
using judging::Log;

fault::FaultSpec fault_named(std::string name, std::string connections = "1") {
  fault::FaultSpec fault;
  fault.name = std::move(name);
  fault.inject = "reset";
  fault.at = "link";
  fault.when = *fault::parse_moment("open");
  fault.connections = *fault::parse_connection_set(connections);
  return fault;
}

/// Of a client that is not judged by the oracle.
Case expecting(std::vector<std::string> expectations,
               std::vector<fault::FaultSpec> faults = {fault_named("reset")}) {
  Case scenario;
  scenario.appropriate = false;
  scenario.faults = std::move(faults);
  for (const std::string& keys : expectations) {
    Diagnostics diagnostics("x.toml", keys);
    const auto table = parse_toml(keys, diagnostics);
    const auto expectation = read_expectation(*table, diagnostics, 1);
    if (!expectation) throw std::runtime_error(diagnostics.print());
    scenario.expectations.push_back(*expectation);
  }
  return scenario;
}

constexpr bool over = true;

Judgement judged(const Case& scenario, const Log& log, std::int64_t now_ms, bool is_over = false) {
  return judge(scenario, log.events, now_ms * 1'000'000, is_over);
}
Outcome outcome(const Case& scenario, const Log& log, std::int64_t now_ms = 60'000, bool is_over = over) {
  return judged(scenario, log, now_ms, is_over).outcome;
}
std::vector<std::string> subjects(const Judgement& judgement) {
  std::vector<std::string> found;
  for (const Finding& finding : judgement.findings) found.push_back(finding.subject);
  return found;
}

const Log good = Log()
                     .open(0, 1)
                     .fire(100, 1)
                     .on(100, 1, StreamEnded{.tap = Tap::arrived, .how = EndKind::reset})
                     .close(110, 1006);

TEST(Judge, ADecidedExpectationPasses) {
  const Judgement judgement = judged(expecting({"close = 1006"}), good, 200);
  EXPECT_TRUE(judgement.decided);
  EXPECT_EQ(judgement.outcome, Outcome::passed);
  EXPECT_EQ(subjects(judgement), std::vector<std::string>{"expect close = 1006"});
}

TEST(Judge, IsUndecidedWhileAnythingIsPendingAndSaysWhenToLookAgain) {
  const Case scenario =
      expecting({"close = 1006", "reconnect = true\nwithin = \"3s\"", "event = \"close\"\nwithin = \"2s\""});
  const Judgement judgement = judged(scenario, good, 200);
  EXPECT_FALSE(judgement.decided);
  EXPECT_EQ(judgement.look_again, 2'100'000'001);
  EXPECT_EQ(judged(scenario, good, 200, over).outcome, Outcome::failed);
  EXPECT_TRUE(judged(scenario, good, 200, over).decided);
}

TEST(Judge, TheWorstOutcomeCounts) {
  const std::string warned =
      "reconnect = { attempts = \">=1\", backoff = { first = \"1s\", factor = 2, max = \"10s\", jitter = "
      "\"full\" } }";
  const Log back = Log(good).open(500, 2);
  EXPECT_EQ(outcome(expecting({"close = 1006"}), back), Outcome::passed);
  EXPECT_EQ(outcome(expecting({"close = 1006", warned}), back), Outcome::warned);
  const std::string unknown = "close = 1006\nconnection = 3\nsince = { moment = \"open\", connection = 3 }";
  EXPECT_EQ(outcome(expecting({"close = 1006", warned, unknown}), back), Outcome::inconclusive);
  EXPECT_EQ(outcome(expecting({"close = 1000", warned, unknown}), back), Outcome::failed);
  const Log broken = Log(back).of(600, "", HarnessError{"no port is free"});
  const Judgement error = judged(expecting({"close = 1000", warned, unknown}), broken, 700);
  EXPECT_EQ(error.outcome, Outcome::error);
  EXPECT_TRUE(error.decided);
  EXPECT_EQ(error.findings.back().seen, "no port is free");
}

TEST(Judge, AScriptThatWaitedInVainFails) {
  const Log log = Log(good).of(300, "upstream", ScriptFailed{"expect = \"hi\"", "nothing came in 5s"});
  const Judgement judgement = judged(expecting({"close = 1006"}), log, 400);
  EXPECT_EQ(judgement.outcome, Outcome::failed);
  EXPECT_EQ(judgement.findings.back().subject, "script of upstream");
  EXPECT_EQ(judgement.findings.back().seen, "nothing came in 5s");
}

TEST(Judge, WhatIsRecordedBehindTheEndIsNotJudged) {
  Log log = good;
  log.of(300, "", RunEnded{}).of(310, "sut", ProcessChanged{ProcessChange::exited, 1, 1, 0});
  EXPECT_EQ(outcome(expecting({"exit = 1"}), log), Outcome::failed);
  Log before = good;
  before.of(290, "sut", ProcessChanged{ProcessChange::exited, 1, 1, 0}).of(300, "", RunEnded{});
  EXPECT_EQ(outcome(expecting({"exit = 1"}), before), Outcome::passed);
}

TEST(Judge, WhatIsPendingAtAnInterruptionIsNotConcluded) {
  const Log begun = Log().open(0, 1).fire(100, 1).of(110, "sut", Report{.event = "open"});
  Log cut = begun;
  cut.of(200, "", RunEnded{EndReason::interrupted});
  Log late = begun;
  late.of(200, "", RunEnded{EndReason::deadline});
  const Judgement judgement = judged(expecting({"close = 1006"}), cut, 200, over);
  EXPECT_EQ(judgement.outcome, Outcome::interrupted);
  EXPECT_EQ(judgement.findings.front().state, State::inconclusive);
  EXPECT_THAT(judgement.findings.front().seen, testing::EndsWith("(interrupted before it was decided)"));
  EXPECT_EQ(outcome(expecting({"close = 1006"}), late, 200), Outcome::failed);
}

TEST(Judge, WhatWasDecidedBeforeAnInterruptionStands) {
  Log log = good;
  log.of(300, "", RunEnded{EndReason::interrupted});
  EXPECT_EQ(outcome(expecting({"close = 1006"}), log, 300), Outcome::passed);
  EXPECT_EQ(outcome(expecting({"close = 1000"}), log, 300), Outcome::failed);
  // A fault that has not fired yet might have.
  EXPECT_EQ(outcome(expecting({"close = 1006"}, {fault_named("reset"), fault_named("later")}), log, 300),
            Outcome::interrupted);
}

TEST(Judge, WhatFailedWhileTheHarnessStoodStillIsInconclusive) {
  Log log = good;
  log.of(300, "", RunEnded{EndReason::decided, 1'700'000'000});
  const Judgement judgement = judged(expecting({"close = 1000"}), log, 300, over);
  EXPECT_EQ(judgement.outcome, Outcome::inconclusive);
  EXPECT_EQ(judgement.findings.front().state, State::violated);
  EXPECT_THAT(judgement.findings.back().seen, testing::HasSubstr("stood still for 1.7s"));
  EXPECT_EQ(outcome(expecting({"close = 1006"}), log, 300), Outcome::passed);
}

// --- the oracle

/// A crash that the client reports as 1000: never appropriate.
const Log wrong = Log()
                      .open(0, 1)
                      .fire(100, 1)
                      .on(100, 1, StreamEnded{.tap = Tap::arrived, .how = EndKind::reset})
                      .close(110, 1000, true);

Case watched(std::vector<std::string> expectations) {
  Case scenario = expecting(std::move(expectations));
  scenario.appropriate = true;
  return scenario;
}

TEST(JudgeOracle, JudgesWhereNothingIsSaid) {
  EXPECT_EQ(outcome(watched({}), wrong), Outcome::failed);
  EXPECT_EQ(outcome(expecting({}), wrong), Outcome::passed);
}

TEST(JudgeOracle, AnExplicitEndOfThePartyReplacesItsOpinion) {
  EXPECT_EQ(outcome(watched({"close = 1000"}), wrong), Outcome::passed);
  EXPECT_EQ(outcome(watched({"end = \"reset\""}), wrong), Outcome::passed);
  EXPECT_EQ(outcome(watched({"close = 1000\nof = \"sut\""}), wrong), Outcome::passed);
}

TEST(JudgeOracle, OtherExpectationsDoNotReplaceIt) {
  EXPECT_EQ(outcome(watched({"never = { close = 1006 }\nfor = \"1s\""}), wrong), Outcome::failed);
  EXPECT_EQ(outcome(watched({"event = \"fault reset\""}), wrong), Outcome::failed);
  EXPECT_EQ(outcome(watched({"end = [\"fin\", \"reset\"]\nof = \"upstream\"\nsince = \"start\""}), wrong),
            Outcome::failed);
}

TEST(JudgeOracle, ExplainsAnExpectationThatFailed) {
  const Judgement judgement = judged(expecting({"close = 1011"}), good, 200);
  ASSERT_EQ(judgement.findings.size(), 1U);
  EXPECT_EQ(judgement.findings[0].state, State::violated);
  EXPECT_FALSE(judgement.findings[0].cause.empty());
  EXPECT_FALSE(judgement.findings[0].remedy.empty());
}

TEST(JudgeOracle, NamesWhoMustChangeAndTheConnectionWhereThereAreSeveral) {
  const Finding one = judged(watched({}), wrong, 200).findings.at(0);
  EXPECT_EQ(one.cause, "The client reports another code than the one that the end has.");
  EXPECT_EQ(one.expected, "the sut reports 1006 within 1s after the server ended TCP with RST without a Close");
  EXPECT_EQ(judged(watched({}), Log(wrong).open(150, 2), 200).findings.at(0).expected,
            "on connection 1: " + one.expected);
}

// A moment that does not come is no affair of the scenario alone: it shows what the system does not do.
TEST(JudgeOracle, SaysWhatAMissingMomentShows) {
  const struct {
    const char* keys;
    verdict::Cause cause;
  } rows[] = {{"event = { moment = \"pong 1\", from = \"client\" }", verdict::Cause::no_pong},
              {"event = { moment = \"ping 1\", from = \"client\" }", verdict::Cause::no_heartbeat},
              {"event = { moment = \"open\", connection = 2 }", verdict::Cause::gives_up},
              {"pong = \"any\"\nfor = \"1s\"", verdict::Cause::no_pong},
              {"reconnect = true", verdict::Cause::gives_up},
              {"reconnect = { attempts = \">=3\" }", verdict::Cause::gives_up},
              {"event = { moment = \"pong 1\", from = \"server\" }", verdict::Cause::none}};
  for (const auto& row : rows) {
    const Finding finding = judged(expecting({row.keys}), Log().open(0, 1).fire(100, 1), 60'000, over).findings.at(0);
    EXPECT_EQ(finding.state, State::violated) << row.keys << ": " << finding.seen;
    EXPECT_EQ(describe(finding.why).key, describe(row.cause).key) << row.keys << ": " << finding.cause;
  }
}

TEST(JudgeOracle, SaysThatItTriesOneAddressOfSeveralOnly) {
  const auto attempt = [](std::int16_t address) {
    return Log()
        .open(0, 1)
        .on(50, 0, LinkEffect{LinkEffectKind::dark, {}, std::int16_t{1}}, "link", "")
        .fire(100, 1)
        .on(200, 0, AttemptUnanswered{AttemptChange::began, "127.0.0.1:4", address});
  };
  const Case expects = expecting({"event = { moment = \"open\", connection = 3 }"});
  const auto cause = [&](const Log& log) {
    for (const Finding& finding : judged(expects, log, 60'000, over).findings) {
      if (finding.why != verdict::Cause::none && finding.subject.starts_with("expect")) return finding.why;
    }
    return verdict::Cause::none;
  };
  EXPECT_EQ(cause(attempt(1)), verdict::Cause::one_address_only);
  EXPECT_EQ(cause(attempt(2)), verdict::Cause::gives_up);
  EXPECT_EQ(cause(attempt(1).open(300, 2)), verdict::Cause::gives_up);
}

TEST(JudgeOracle, AConnectionThatOutlivesAnOutageIsNoLackOfTheClient) {
  const auto cause = [](std::string_view heartbeat, std::int64_t silent_ms) {
    Case expects = expecting({"event = { moment = \"open\", connection = 2 }"});
    if (!heartbeat.empty()) {
      expects.system.traits.values.insert_or_assign("heartbeat", Value(std::string(heartbeat)));
      expects.system.traits.values.insert_or_assign("heartbeat_timeout", Value(std::string("1s")));
    }
    const Log log = Log()
                        .open(0, 1)
                        .fire(100, 1)
                        .on(100, 1, LinkEffect{LinkEffectKind::silence, {}})
                        .on(100 + silent_ms, 1, LinkEffect{LinkEffectKind::resumed, {}});
    return judged(expects, log, 60'000, over).findings.at(0).why;
  };
  EXPECT_EQ(cause("", 2'000), verdict::Cause::outage_outlived);
  EXPECT_EQ(cause("20s", 2'000), verdict::Cause::outage_outlived);
  EXPECT_EQ(cause("500ms", 2'000), verdict::Cause::no_heartbeat);
  EXPECT_EQ(cause("none", 2'000), verdict::Cause::no_heartbeat);
}

TEST(JudgeOracle, WhoKeepsItsConnectionWhileNobodyListensHasNoReasonToComeBack) {
  const Case expects = expecting({"reconnect = true"});
  const Log log = Log()
                      .open(0, 1)
                      .fire(100, 1)
                      .on(100, 0, LinkEffect{LinkEffectKind::refused, {}}, "link", "")
                      .on(1'100, 0, LinkEffect{LinkEffectKind::resumed, {}}, "link", "");
  EXPECT_EQ(judged(expects, log, 60'000, over).findings.at(0).why, verdict::Cause::outage_outlived);
}

TEST(JudgeOracle, WhatCameBeforeTheFirstAttemptIsNotHeldAgainstIt) {
  const Case expects = expecting({"event = { moment = \"open\", connection = 1 }\nsince = \"fault reset\"\nwithin = \"1s\""});
  const Log struck = Log().fire(10, 1);
  const Finding in_time = judged(expects, Log(struck).open(500, 1), 60'000, over).findings.at(0);
  EXPECT_EQ(in_time.state, State::holds) << in_time.seen;
  const Finding late = judged(expects, Log(struck).open(3'000, 1), 60'000, over).findings.at(0);
  EXPECT_EQ(late.state, State::inconclusive) << late.seen;
  EXPECT_EQ(judged(expects, struck, 60'000, over).findings.at(0).state, State::inconclusive);
}

// --- faults

/// The link is shut from 100 to 400 ms.
Log shut(LinkEffectKind how, bool unseen = false) {
  return Log()
      .on(100, 0, FaultFired{"reset", "refuse", ""}, "link", "")
      .on(100, 0, LinkEffect{.kind = how, .unseen = unseen}, "link", "")
      .on(400, 0, LinkEffect{LinkEffectKind::resumed, {}}, "link", "")
      .on(400, 0, FaultHealed{"reset"}, "link", "");
}

TEST(JudgeOutages, AnOutageThatNobodyMetProvesNothing) {
  Case scenario = judging::one_fault();
  scenario.faults[0].strikes_connections = false;
  const auto unmet = [&](const Log& log) {
    return verdict::judge_outages(scenario, *trace::Trace::of(log.events)).size() == 1;
  };
  const auto refused = LinkEffectKind::refused, dark = LinkEffectKind::dark;
  EXPECT_TRUE(unmet(shut(refused)));
  EXPECT_TRUE(unmet(shut(refused).open(500, 1)));
  EXPECT_TRUE(unmet(shut(dark).open(5'000, 1))) << "no retry of a SYN comes so late";
  EXPECT_FALSE(unmet(shut(refused, true).open(500, 1))) << "who came meanwhile cannot be seen";
  EXPECT_FALSE(unmet(shut(refused).on(450, 0, AttemptRefused{.ago = 100'000'000})));
  EXPECT_TRUE(unmet(shut(refused).on(450, 0, AttemptRefused{})));
  Log open_before = Log().open(10, 1);
  for (const Event& event : shut(dark).events) open_before.events.push_back(event);
  EXPECT_FALSE(unmet(open_before)) << "it was silenced";
  Log not_over = shut(refused);
  not_over.events.pop_back();
  not_over.events.pop_back();
  EXPECT_FALSE(unmet(not_over));
  scenario.role = model::Role::server;
  EXPECT_FALSE(unmet(shut(refused)));
}


TEST(JudgeFaults, OneThatNeverFiredProvesNothing) {
  const Log log = Log().open(0, 1);
  const Judgement judgement = judged(expecting({}), log, 60'000, over);
  EXPECT_EQ(judgement.outcome, Outcome::inconclusive);
  ASSERT_EQ(judgement.findings.size(), 1U);
  EXPECT_EQ(judgement.findings[0].subject, "fault reset");
  EXPECT_EQ(judgement.findings[0].expected, "reset at open strikes connections 1");
  EXPECT_EQ(judgement.findings[0].seen, "it never fired");
}

TEST(JudgeFaults, WhileItMayStillFireTheRunIsUndecidedUnlessItHasFailed) {
  const Log log = Log().open(0, 1).close(10, 1000, true);
  EXPECT_FALSE(judged(expecting({}), log, 100).decided);
  EXPECT_TRUE(judged(expecting({"never = { close = \"any\" }\nfor = \"1s\""}), log, 100).decided);
}

TEST(JudgeFaults, AClosedSetMustBeStruckWholly) {
  const Case scenario = expecting({}, {fault_named("reset", "1-3")});
  const Log two = Log().fire(100, 1).fire(200, 3);
  EXPECT_EQ(judged(scenario, two, 300, over).findings.at(0).seen, "it did not strike connection 2");
  EXPECT_EQ(outcome(scenario, two), Outcome::inconclusive);
  EXPECT_EQ(outcome(scenario, Log(two).fire(300, 2)), Outcome::passed);
}

TEST(JudgeFaults, AnOpenSetMustBeStruckOnce) {
  for (const std::string set : {"all", "odd", "2-"}) {
    const Case scenario = expecting({}, {fault_named("reset", set)});
    EXPECT_EQ(outcome(scenario, Log().open(0, 1)), Outcome::inconclusive) << set;
    EXPECT_EQ(outcome(scenario, Log().fire(100, 3)), Outcome::passed) << set;
  }
}

TEST(JudgeFaults, ADrawOfNoIsNoLack) {
  EXPECT_EQ(outcome(expecting({}), Log().on(100, 1, FaultSpared{"reset"})), Outcome::passed);
  EXPECT_EQ(outcome(expecting({}), Log().on(100, 1, FaultSpared{"other"})), Outcome::inconclusive);
}

TEST(JudgeFaults, WhatStrikesNoConnectionMustOnlyFire) {
  fault::FaultSpec kill = fault_named("kill");
  kill.strikes_connections = false;
  kill.on_party = true;
  kill.at = "upstream";
  EXPECT_EQ(outcome(expecting({}, {kill}), Log().of(100, "upstream", FaultFired{"kill", "kill", ""})),
            Outcome::passed);
  EXPECT_EQ(outcome(expecting({}, {kill}), Log()), Outcome::inconclusive);
}

TEST(JudgeFaults, WhereItMustNotFireNotFiringIsRight) {
  fault::FaultSpec middlebox = fault_named("idle_kill", "all");
  middlebox.middlebox = true;
  const std::string never = "never = { fault = \"idle_kill\" }\nfor = \"1s\"";
  EXPECT_EQ(outcome(expecting({never}, {middlebox}), Log().open(0, 1)), Outcome::passed);
  EXPECT_EQ(outcome(expecting({never}, {middlebox}), Log().open(0, 1).fire(500, 1, "idle_kill")),
            Outcome::failed);
  EXPECT_EQ(outcome(expecting({}, {middlebox}), Log().open(0, 1)), Outcome::inconclusive);
}

// "since … Default: the first firing of the only fault": of one that must not fire there is none.
TEST(JudgeFaults, NothingCountsFromAFaultThatMustNotFire) {
  fault::FaultSpec middlebox = fault_named("idle_kill", "all");
  middlebox.middlebox = true;
  const std::string never = "never = { fault = \"idle_kill\" }\nfor = \"1s\"";
  const std::string message = "message = \"hi\"\nwithin = \"1s\"";
  const Log heard = Log().open(100, 1).on(500, 1, MessageSeen{Tap::arrived, Side::server, 1, 1, 2, "hi"});
  const Judgement judgement = judged(expecting({never, message}, {middlebox}), heard, 60'000, over);
  EXPECT_EQ(judgement.outcome, Outcome::passed);
  EXPECT_EQ(judgement.findings.at(1).seen, "it got \"hi\" 400ms after open of connection 1");
  const Log late = Log()
                       .open(100, 1)
                       .fire(2'000, 1, "idle_kill")
                       .on(2'100, 1, MessageSeen{Tap::arrived, Side::server, 1, 1, 2, "hi"});
  EXPECT_EQ(judged(expecting({never, message}, {middlebox}), late, 60'000, over).findings.at(1).state,
            State::violated);
  // Beside it, another fault is the one that counts.
  const Log struck =
      Log().open(100, 1).fire(300, 1).on(500, 1, MessageSeen{Tap::arrived, Side::server, 1, 1, 2, "hi"});
  EXPECT_EQ(judged(expecting({never, message}, {middlebox, fault_named("reset")}), struck, 60'000, over)
                .findings.at(1)
                .seen,
            "it got \"hi\" 200ms after the fault");
}

TEST(Outcomes, HaveNames) {
  const std::pair<Outcome, std::string_view> names[] = {
      {Outcome::error, "error"},   {Outcome::failed, "failed"}, {Outcome::inconclusive, "inconclusive"},
      {Outcome::warned, "warned"}, {Outcome::passed, "passed"}, {Outcome::skipped, "skipped"}};
  for (const auto& [each, name] : names) EXPECT_EQ(to_string(each), name);
}

}  // namespace
}  // namespace wsfault::verdict
