// What is concluded from a log that leaves something out: only what stands in it.
#include "verdict/cut.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "verdict/judge_log.hpp"

namespace wsfault::verdict::judging {
namespace {

Log with_cut(Log log, std::int64_t ms, CutKind kind) { return log.on(ms, 0, Cut{kind}, "", ""); }

Log message(Log log, std::int64_t ms, std::string text) {
  const std::uint64_t size = text.size();
  return log.on(ms, 1, MessageSeen{Tap::arrived, Side::server, 1, 1, size, std::move(text)});
}

State outcome_of(const std::string& keys, const Log& log, std::int64_t now_ms) {
  Case scenario = one_fault();
  scenario.appropriate = false;
  scenario.expectations = {read(keys)};
  return judge(scenario, log.events, now_ms * 1'000'000, true).findings.front().state;
}

const Log fired = Log().open(0, 1).fire(100, 1);

TEST(Cut, WhatDidNotComeCannotBeToldWhereItMayHaveBeenLeftOut) {
  EXPECT_EQ(outcome_of("message = \"a\"", fired, 9'000), State::violated);
  EXPECT_EQ(outcome_of("message = \"a\"", with_cut(fired, 200, CutKind::messages), 9'000),
            State::inconclusive);
  EXPECT_EQ(outcome_of("message = \"a\"", with_cut(fired, 200, CutKind::payloads), 9'000),
            State::inconclusive);
  EXPECT_EQ(outcome_of("message = \"a\"", with_cut(fired, 200, CutKind::output), 9'000), State::violated);
}

TEST(Cut, WhatMustNotComeCannotBeToldEither) {
  const std::string never = "never = { message = \"a\" }\nfor = \"2s\"";
  EXPECT_EQ(outcome_of(never, fired, 9'000), State::holds);
  EXPECT_EQ(outcome_of(never, with_cut(fired, 200, CutKind::messages), 9'000), State::inconclusive);
  EXPECT_EQ(outcome_of(never, with_cut(message(fired, 150, "a"), 200, CutKind::messages), 9'000),
            State::violated);
}

TEST(Cut, WhatMustNotComeAndWasSeenStandsWheneverItCame) {
  const std::string never = "never = { message = \"a\" }\nfor = \"2s\"";
  EXPECT_EQ(outcome_of(never, message(with_cut(fired, 200, CutKind::messages), 250, "a"), 9'000),
            State::violated);
}

TEST(Cut, WhatCameBeforeStands) {
  EXPECT_EQ(outcome_of("message = \"a\"", with_cut(message(fired, 150, "a"), 200, CutKind::messages), 9'000),
            State::holds);
}

TEST(Cut, ANumberShowsOnlyInTheWhole) {
  const std::string one = "message = \"a\"\ncount = \"<=1\"\nfor = \"2s\"";
  EXPECT_EQ(outcome_of(one, message(fired, 150, "a"), 9'000), State::holds);
  EXPECT_EQ(outcome_of(one, with_cut(message(fired, 150, "a"), 200, CutKind::messages), 9'000),
            State::inconclusive);
}

TEST(Cut, EachKindDoubtsWhatIsJudgedByIt) {
  struct Row {
    const char* keys;
    CutKind kind;
  };
  for (const Row& row :
       {Row{"pong = \"any\"\nfor = \"2s\"", CutKind::pings}, Row{"log = \"/never/\"", CutKind::output},
        Row{"event = \"ping 3\"", CutKind::pings}, Row{"event = \"log /x/\"", CutKind::output},
        Row{"close = 1006", CutKind::reports}}) {
    SCOPED_TRACE(row.keys);
    const Log reporting = Log().open(0, 1).of(5, "sut", Report{.event = "open"}).fire(100, 1);
    EXPECT_NE(outcome_of(row.keys, reporting, 9'000), State::inconclusive);
    EXPECT_EQ(outcome_of(row.keys, with_cut(reporting, 200, row.kind), 9'000), State::inconclusive);
  }
  EXPECT_EQ(outcome_of("end = \"reset\"", with_cut(fired, 200, CutKind::pings), 9'000), State::violated);
}

TEST(Cut, TheOracleSaysWhatItCouldNotSee) {
  const Case scenario = one_fault();
  const StreamEnded reset{.tap = Tap::arrived, .side = Side::client, .how = EndKind::reset};
  const Log struck = Log().open(0, 1).fire(100, 1).on(100, 1, reset).close(110, 1006);
  const Log log = with_cut(Log(struck), 200, CutKind::pings);
  const Judgement judgement = judge(scenario, log.events, 9'000'000'000, true);
  EXPECT_EQ(judgement.outcome, Outcome::inconclusive);
  const auto said = std::ranges::find(judgement.findings, "log", &Finding::subject);
  ASSERT_NE(said, judgement.findings.end());
  EXPECT_EQ(said->seen, "it grew too large, and leaves out pings and pongs from 200ms on");
  EXPECT_EQ(judge(scenario, struck.events, 9'000'000'000, true).outcome, Outcome::passed);
  const Log lines = with_cut(Log(struck), 200, CutKind::output);
  EXPECT_EQ(judge(scenario, lines.events, 9'000'000'000, true).outcome, Outcome::passed);
}

}  // namespace
}  // namespace wsfault::verdict::judging
