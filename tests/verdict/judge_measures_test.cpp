// Expectations about what is counted: `reconnect`, `connections`, `ping`.
#include <gtest/gtest.h>

#include "judge_log.hpp"

namespace wsfault::verdict {
namespace {

using namespace record;
using namespace judging;

// --- reconnect

TEST(JudgeReconnect, AnotherConnectionOpens) {
  const std::string keys = "reconnect = true\nwithin = \"1s\"";
  EXPECT_EQ(state(keys, struck, 200), State::pending);
  EXPECT_EQ(judged(keys, struck, 1'101).seen, "it did not come back");
  EXPECT_EQ(state(keys, struck, 1'101), State::violated);
  EXPECT_EQ(state(keys, Log(struck).open(600, 2), 700), State::holds);
  EXPECT_EQ(state(keys, Log(struck).open(1'200, 2), 1'300), State::violated);
  const Finding tried = judged(keys, Log(struck).attempt(600, 2), 1'101);
  EXPECT_EQ(tried.state, State::violated);
  EXPECT_EQ(tried.seen, "it tried, but no connection opened");
  EXPECT_EQ(state(keys, Log().open(0, 1), 9'000, over), State::inconclusive);
}

// Where the expectation alone fails, it is the client that is at fault, not the server that ended.
TEST(JudgeReconnect, AClientThatGivesUpIsTheCause) {
  Case scenario = one_fault();
  scenario.appropriate = false;
  scenario.expectations = {read("reconnect = true\nwithin = \"1s\"")};
  const Log gone = Log(struck).on(100, 1, StreamEnded{.tap = Tap::arrived, .how = EndKind::reset});
  const Judgement judgement = judge(scenario, gone.events, 1'101 * 1'000'000LL, false);
  EXPECT_EQ(judgement.outcome, Outcome::failed);
  ASSERT_EQ(judgement.findings.size(), 1U);
  const Finding& finding = judgement.findings.front();
  EXPECT_EQ(finding.seen, "it did not come back");
  EXPECT_EQ(finding.cause, "The client does not come back, or not in time.");
  EXPECT_EQ(finding.broke, "the server ended TCP with RST without a Close");
}

// Retry-After is a lower bound: the attempt itself must not come earlier, opened or not.
TEST(JudgeReconnect, AnAttemptMustNotComeTooEarly) {
  const std::string keys = "reconnect = true\nnot_before = \"500ms\"\nwithin = \"2s\"";
  EXPECT_EQ(state(keys, Log(struck).open(600, 2), 700), State::holds);
  EXPECT_EQ(state(keys, Log(struck).attempt(590, 2).open(700, 3), 800), State::violated);
}

TEST(JudgeReconnect, APlainHttpRequestIsNoAttempt) {
  const std::string keys = "reconnect = false\nfor = \"1s\"";
  const Log accepted = Log(struck).on(200, 2, Accepted{});
  EXPECT_EQ(state(keys, accepted, 300), State::pending);  // its request has not come yet
  EXPECT_EQ(judged(keys, accepted, 300).look_again, 450'000'001);
  EXPECT_EQ(state(keys, accepted, 451), State::violated);
  EXPECT_EQ(state(keys, Log(accepted).on(210, 2, RequestSeen{}), 300), State::violated);
  EXPECT_EQ(state(keys, Log(accepted).on(210, 2, RequestSeen{.upgrade = false}), 1'101), State::holds);
}

TEST(JudgeReconnect, FalseIsStayingAwayForATime) {
  const std::string keys = "reconnect = false\nfor = \"1s\"";
  EXPECT_EQ(state(keys, struck, 1'100), State::pending);
  EXPECT_EQ(state(keys, struck, 1'101), State::holds);
  EXPECT_EQ(state(keys, Log(struck).attempt(500, 2), 600), State::violated);
  EXPECT_EQ(state(keys, Log(struck).attempt(1'200, 2), 1'300), State::holds);
  const std::string never = "never = { reconnect = true }\nsince = \"fault reset\"\nfor = \"1s\"";
  EXPECT_EQ(state(never, struck, 1'101), State::holds);
  EXPECT_EQ(state(never, Log(struck).attempt(500, 2), 600), State::violated);
}

TEST(JudgeReconnect, AttemptsAreCounted) {
  const Log two = Log(struck).attempt(300, 2).attempt(500, 3);
  EXPECT_EQ(state("reconnect = \">=2\"", two, 600), State::holds);
  EXPECT_EQ(state("reconnect = \">=3\"", two, 600), State::pending);
  EXPECT_EQ(state("reconnect = \">=3\"", two, 5'101), State::inconclusive) << "its backoff is not declared";
  EXPECT_EQ(state("reconnect = \">=1\"", struck, 5'101), State::violated) << "it did not come back at all";
  EXPECT_EQ(state("reconnect = \"<=2\"\nfor = \"1s\"", two, 600), State::pending);
  EXPECT_EQ(state("reconnect = \"<=2\"\nfor = \"1s\"", two, 1'101), State::holds);
  EXPECT_EQ(state("reconnect = \"<=1\"\nfor = \"1s\"", two, 600), State::violated);
}

// What is not declared is not claimed: in the 5 s that stand for its backoff it need not come back.
TEST(JudgeReconnect, AnUndeclaredBackoffIsUndecided) {
  const std::string keys = "reconnect = true\nwithin = \"5s\"\nundeclared = [\"backoff.max\"]";
  EXPECT_EQ(state(keys, struck, 5'100), State::pending);
  EXPECT_EQ(state(keys, Log(struck).open(800, 2), 900), State::holds);
  for (const Log& log : {struck, Log(struck).open(6'000, 2)}) {
    const Finding finding = judged(keys, log, 6'100);
    EXPECT_EQ(finding.state, State::inconclusive);
    EXPECT_TRUE(finding.seen.ends_with(", and its backoff.max is not declared")) << finding.seen;
    EXPECT_EQ(finding.cause, "");
    EXPECT_EQ(finding.remedy, "Declare it: --set backoff.max=20s, or --set backoff.max=none if there is none.");
  }
}

// A wait that is longer than what is declared has both numbers, whether or not the attempt came.
TEST(JudgeReconnect, AWaitLongerThanDeclaredIsNamed) {
  Case declared = one_fault();
  Value backoff{Value::Table{}};
  backoff.set("max", Value("500ms"));
  declared.system.traits.values.insert_or_assign("backoff", backoff);
  const Log ended = Log(struck).on(110, 1, StreamEnded{.tap = Tap::arrived, .side = Side::client});
  const Finding never = judged("reconnect = true\nwithin = \"2s\"", ended, 2'200, false, declared);
  EXPECT_EQ(never.state, State::violated);
  EXPECT_EQ(never.seen, "it did not come back; no attempt in 2.09s, and its declared backoff allows at most 500ms");
  EXPECT_EQ(never.why, verdict::Cause::gives_up);
  const Log slow = Log(ended).attempt(1'600, 2);
  const Finding late = judged("reconnect = \">=2\"\nwithin = \"2s\"", slow, 2'200, false, declared);
  EXPECT_EQ(late.state, State::violated);
  EXPECT_TRUE(late.seen.ends_with("; it came back after 1.49s, and its declared backoff allows at most 500ms")) << late.seen;
  EXPECT_EQ(late.why, verdict::Cause::backoff_too_long);
  const Log quick = Log(ended).attempt(700, 2);
  EXPECT_EQ(judged("reconnect = \">=2\"\nwithin = \"2s\"", quick, 2'200, false, declared).why, verdict::Cause::gives_up);
}

TEST(JudgeReconnect, RefusedAttemptsCountByTheirReports) {
  Case refused = one_fault("all");
  refused.faults[0].strikes_connections = false;
  Log log;
  log.on(0, 0, FaultFired{"reset", "refuse", ""}, "link", "")
      .on(0, 0, LinkEffect{LinkEffectKind::refused, {}}, "link", "");
  // Without reports the first that is seen is no first attempt: those before were refused.
  EXPECT_EQ(state("reconnect = true", Log(log).open(800, 1), 900, false, refused), State::holds);
  log.close(10, 1006).close(110, 1006).close(310, 1006);
  EXPECT_EQ(state("reconnect = \">=2\"", log, 400, false, refused), State::holds);
  EXPECT_EQ(state("reconnect = \">=3\"", log, 400, false, refused), State::pending);
}

/// Attempts whose delays are these; each ends 1 ms after its accept.
Log attempts(const std::vector<std::int64_t>& delays_ms) {
  Log log = Log().open(0, 1).fire(0, 1).close(1, 1006);
  std::int64_t ended = 1;
  int connection = 1;
  for (const std::int64_t delay : delays_ms) {
    ++connection;
    log.attempt(ended + delay, connection);
    ended += delay + 1;
    log.on(ended, connection, StreamEnded{.tap = Tap::arrived}).close(ended, 1006);
  }
  return log;
}

TEST(JudgeReconnect, ASchedulesDelaysRunFromTheEndThatTheClientSaw) {
  const std::string keys =
      "reconnect = { attempts = \">=4\", backoff = { first = \"100ms\", factor = 2, max = \"10s\", jitter = "
      "\"none\" } "
      "}\nwithin = \"20s\"";
  EXPECT_EQ(state(keys, attempts({101, 202, 401, 803}), 3'000), State::holds);
  EXPECT_EQ(state(keys, attempts({101, 202, 401}), 3'000), State::pending);
  EXPECT_EQ(state(keys, attempts({101, 202, 401}), 20'001), State::violated);
  EXPECT_EQ(state(keys, attempts({101, 101, 101, 101}), 3'000), State::violated);
  EXPECT_EQ(state(keys, attempts({101, 202, 401, 5'000}), 9'000), State::violated);
}

TEST(JudgeReconnect, WhatAScheduleLeavesOutComesFromTheTrait) {
  Case scenario = one_fault();
  Value backoff;
  backoff.set("first", Value("100ms"));
  backoff.set("factor", Value(2));
  backoff.set("max", Value("10s"));
  backoff.set("jitter", Value("none"));
  scenario.system.traits.values["backoff"] = backoff;
  const std::string keys = "reconnect = { attempts = \">=4\", backoff = \"exponential\" }\nwithin = \"20s\"";
  EXPECT_EQ(state(keys, attempts({101, 202, 401, 803}), 3'000, false, scenario), State::holds);
  EXPECT_EQ(state(keys, attempts({301, 602, 1'201, 2'403}), 9'000, false, scenario), State::violated);
}

TEST(JudgeReconnect, WhileTheDelaysAreTooFewMoreAreWaitedFor) {
  const std::string keys =
      "reconnect = { attempts = \">=1\", backoff = { first = \"1s\", factor = 2, max = \"10s\", jitter = "
      "\"none\" } }\nwithin = \"8s\"";
  EXPECT_EQ(state(keys, attempts({1'001}), 2'000), State::pending);
  EXPECT_EQ(state(keys, attempts({1'001, 2'002}), 4'000), State::holds);
  EXPECT_EQ(state(keys, attempts({1'001, 1'002}), 4'000), State::violated);
  EXPECT_EQ(state(keys, attempts({1'001, 2'002, 1'000}), 5'000), State::holds) << "the second decided";
  EXPECT_EQ(state(keys, attempts({1'001}), 8'200), State::warned);
  EXPECT_EQ(state(keys, attempts({1'001}), 2'000, true), State::warned) << "no more will come";
}

// --- connections

TEST(JudgeConnections, HoldAtEveryMoment) {
  const std::string one = "connections = { open = \"<=1\" }\nfor = \"1s\"";
  const Log ended = Log(struck).on(120, 1, StreamEnded{.tap = Tap::sent, .side = Side::client});
  EXPECT_EQ(state(one, Log(ended).open(200, 2), 300), State::pending);
  EXPECT_EQ(state(one, Log(ended).open(200, 2), 1'101), State::holds);
  const Finding two = judged(one, Log(struck).open(200, 2), 300);
  EXPECT_EQ(two.state, State::violated);
  EXPECT_EQ(two.seen, "2 were open 100ms after the fault");
  EXPECT_EQ(state(one, Log().open(0, 1), 9'000, over), State::inconclusive);
  // A reset from the peer ends a connection, a FIN leaves the party's own half open.
  EXPECT_EQ(
      state(one, Log(struck).on(120, 1, StreamEnded{.tap = Tap::arrived, .how = EndKind::reset}).open(200, 2),
            300),
      State::pending);
  const Log fin = Log(struck).on(120, 1, StreamEnded{.tap = Tap::arrived});
  EXPECT_EQ(state(one, Log(fin).open(200, 2), 300), State::violated);
  EXPECT_EQ(state(one, Log(fin).on(130, 1, StreamEnded{.tap = Tap::arrived, .how = EndKind::reset}).open(200, 2), 300),
            State::pending)
      << "behind a FIN, too";
}

TEST(JudgeConnections, TotalAndRate) {
  Log log = struck;
  for (int i = 0; i < 3; ++i) log.attempt(200 + 400 * i, 2 + i);
  EXPECT_EQ(state("connections = { total = \"<=4\" }\nfor = \"2s\"", log, 2'101), State::holds);
  EXPECT_EQ(state("connections = { total = \"<=3\" }\nfor = \"2s\"", log, 2'101), State::violated);
  EXPECT_EQ(state("connections = { total = \">=5\" }\nfor = \"2s\"", log, 2'100), State::pending);
  EXPECT_EQ(state("connections = { total = \">=5\" }\nfor = \"2s\"", log, 2'101), State::violated);
  EXPECT_EQ(state("connections = { rate = \"<=3/s\" }\nfor = \"2s\"", log, 2'101), State::holds);
  EXPECT_EQ(state("connections = { rate = \"<=2/s\" }\nfor = \"2s\"", log, 2'101), State::violated);
}

// --- ping and pong

Log& beat(Log& log, std::int64_t ms, std::uint8_t opcode = 9, Side from = Side::client) {
  return log.on(ms, 1, FrameSeen{.tap = Tap::sent, .from = from, .opcode = opcode});
}

TEST(JudgePing, IntervalsAreBounded) {
  const std::string keys = "ping = \"<=300ms\"\nfor = \"1s\"";
  Log log = Log().open(0, 1).fire(100, 1);
  EXPECT_EQ(judged(keys, log, 200).look_again, 400'000'001);
  EXPECT_EQ(state(keys, log, 400), State::pending);
  EXPECT_EQ(judged(keys, log, 401).seen, "no ping came for 300ms: 300ms after the fault");
  EXPECT_EQ(state(keys, log, 401), State::violated);
  for (const std::int64_t ms : {350, 650, 950}) beat(log, ms);
  EXPECT_EQ(state(keys, log, 1'100), State::pending);
  EXPECT_EQ(state(keys, log, 1'101), State::holds);
  EXPECT_EQ(state("ping = \"<=299ms\"\nfor = \"1s\"", log, 1'101), State::violated);
  EXPECT_EQ(state("ping = \"300ms-400ms\"\nfor = \"1s\"", log, 1'101), State::holds);
  EXPECT_EQ(state("ping = \">=301ms\"\nfor = \"1s\"", log, 1'101), State::violated);
  EXPECT_EQ(state("pong = \"<=300ms\"\nfor = \"1s\"", log, 1'101), State::violated);
}

TEST(JudgePing, PatienceScalesTheLongestInterval) {
  Case patient = one_fault();
  patient.timeout_scale = 2;
  Log log = Log().open(0, 1).fire(100, 1);
  EXPECT_EQ(state("ping = \"<=300ms\"\nfor = \"1s\"", log, 700, false, patient), State::pending);
  EXPECT_EQ(state("ping = \"<=300ms\"\nfor = \"1s\"", log, 701, false, patient), State::violated);
}

TEST(JudgePing, AConnectionThatEndsSendsNoMore) {
  Log log = Log().open(0, 1).fire(100, 1);
  beat(log, 200).on(300, 1, StreamEnded{.tap = Tap::sent, .side = Side::client});
  EXPECT_EQ(judged("ping = \"<=500ms\"\nfor = \"1s\"", log, 400).seen,
            "the connection ended 200ms after the fault");
}

TEST(JudgePing, AnyIsOneAtLeast) {
  Log log = Log().open(0, 1).fire(100, 1);
  beat(log, 150, 9, Side::server);
  EXPECT_EQ(state("ping = \"any\"\nfor = \"1s\"", log, 200), State::pending);
  EXPECT_EQ(state("ping = \"any\"\nfor = \"1s\"", log, 1'101), State::violated);
  EXPECT_EQ(state("never = { ping = \"any\" }\nfor = \"1s\"", log, 1'101), State::holds);
  beat(beat(log, 160), 170, 10);
  EXPECT_EQ(state("ping = \"any\"\nfor = \"1s\"", log, 200), State::holds);
  EXPECT_EQ(state("pong = \"any\"\nfor = \"1s\"", log, 200), State::holds);
  EXPECT_EQ(state("never = { ping = \"any\" }\nfor = \"1s\"", log, 200), State::violated);
}

}  // namespace
}  // namespace wsfault::verdict
