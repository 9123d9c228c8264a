// Expectations about what is delivered, used and alive: `delivery`, `usage`, `alive`.
#include <gtest/gtest.h>

#include "judge_log.hpp"

namespace wsfault::verdict {
namespace {

using namespace record;
using namespace judging;

// --- delivery

/// Sent and arrived, but for those that are left out of `arrived`.
Log messages(const std::vector<int>& sent, const std::vector<int>& arrived, std::string prefix = "message ",
             Side from = Side::server) {
  Log log = struck;
  std::int64_t ms = 200;
  const auto seen = [&](Tap tap, int number) {
    const std::string payload = prefix + std::to_string(number);
    log.on(++ms, 1, MessageSeen{tap, from, 1, 1, payload.size(), payload});
  };
  for (const int number : sent) seen(Tap::sent, number);
  for (const int number : arrived) seen(Tap::arrived, number);
  return log;
}
std::string delivery(std::string_view kind) {
  return "delivery = \"" + std::string(kind) + "\"\nfor = \"1s\"\n";
}

struct Delivery {
  Log log;
  State at_least_once, at_most_once, exactly_once;
};

TEST(JudgeDelivery, CountsLossesAndRepeats) {
  using enum State;
  const Delivery cases[] = {
      {messages({1, 2, 3}, {1, 2, 3}), holds, holds, holds},
      {messages({1, 2, 3}, {1, 3}), violated, holds, violated},
      {messages({1, 2, 3}, {2, 3}), violated, holds, violated},
      {messages({1, 2, 3}, {1, 2}), violated, holds, violated},
      {messages({1, 2, 2, 3}, {1, 2, 2, 3}), holds, violated, violated},
      {messages({1, 3}, {1, 3}), violated, holds, violated},  // the sender itself lost one
      {messages({2, 3}, {2, 3}), violated, holds, violated},  // and here the first: ${seq} counts from 1
      {messages({}, {}), inconclusive, inconclusive, inconclusive},
  };
  for (const Delivery& each : cases) {
    EXPECT_EQ(state(delivery("at-least-once"), each.log, 2'102), each.at_least_once);
    EXPECT_EQ(state(delivery("at-most-once"), each.log, 2'102), each.at_most_once);
    EXPECT_EQ(state(delivery("exactly-once"), each.log, 2'102), each.exactly_once);
  }
  EXPECT_EQ(judged(delivery("exactly-once"), messages({1, 3}, {1, 3}), 2'102).seen, "lost: number 2 of 3");
}

/// Forty clients that all begin with number 1 repeat nothing.
TEST(JudgeDelivery, InAFleetEachClientNumbersForItself) {
  Case fleet = one_fault();
  fleet.system.traits.values.insert_or_assign("instances", Value(40));
  const Finding finding = judged(delivery("exactly-once"), messages({1, 2, 1, 2}, {1, 2, 1, 2}), 2'102, false, fleet);
  EXPECT_EQ(finding.state, State::inconclusive);
  EXPECT_NE(finding.seen.find("--set instances=1 decides it"), std::string::npos) << finding.seen;
}

TEST(JudgeDelivery, WhatWasSentJustBeforeTheEndMayStillBeOnItsWay) {
  const auto message = [](Tap tap) { return MessageSeen{tap, Side::server, 1, 1, 9, "message 1"}; };
  const Log sent = Log(struck).on(1'050, 1, message(Tap::sent));
  EXPECT_EQ(state(delivery("exactly-once"), sent, 1'101), State::pending);
  EXPECT_EQ(state(delivery("exactly-once"), sent, 1'101, true), State::violated);
  EXPECT_EQ(state(delivery("exactly-once"), Log(sent).on(1'300, 1, message(Tap::arrived)), 1'301),
            State::holds);
  EXPECT_EQ(state(delivery("exactly-once"), Log(sent).on(2'300, 1, message(Tap::arrived)), 2'301),
            State::violated);
}

TEST(JudgeDelivery, ARepeatIsSeenAtOnceALossAtTheEnd) {
  EXPECT_EQ(state(delivery("exactly-once"), messages({1, 1}, {1, 1}), 300), State::violated);
  EXPECT_EQ(state(delivery("at-most-once"), messages({1, 1}, {1, 1}), 300), State::violated);
  EXPECT_EQ(state(delivery("exactly-once"), messages({1, 2}, {2}), 1'100), State::pending);
}

TEST(JudgeDelivery, TheSutsOwnNumbersAreFoundByARegex) {
  const std::string keys = delivery("exactly-once") + "of = \"upstream\"\nseq = '/id=(\\d+)/'";
  EXPECT_EQ(state(keys, messages({7, 8, 9}, {7, 8, 9}, "id=", Side::client), 1'101), State::holds);
  EXPECT_EQ(state(keys, messages({7, 9}, {7, 9}, "id=", Side::client), 2'102), State::violated);
  EXPECT_EQ(state(keys, messages({1, 2}, {1, 2}, "no=", Side::client), 1'101), State::inconclusive);
}

TEST(JudgeDelivery, AnEchoCarriesNoNumberOfTheEchoingParty) {
  Log log = messages({1, 2}, {1, 2});
  log.on(300, 1, MessageSeen{Tap::sent, Side::client, 1, 1, 4, "id=9"});
  log.on(310, 1, MessageSeen{Tap::sent, Side::server, 3, 1, 4, "id=9"});
  log.on(320, 1, MessageSeen{Tap::arrived, Side::server, 3, 1, 4, "id=9"});
  EXPECT_EQ(state(delivery("exactly-once"), log, 1'101), State::holds);
}

// Both count from 1 in the same words: of each text one is the echo of the receiver's own.
TEST(JudgeDelivery, TheSameWordsOfBothSidesAreToldApartByTheirNumber) {
  const auto of = [](Tap tap, Side from, int number) {
    const std::string text = "message " + std::to_string(number);
    return MessageSeen{tap, from, 1, 1, text.size(), text};
  };
  const auto log = [&](bool echoes, int arrived) {
    Log all = struck;
    for (int number = 1; number <= 2; ++number) {
      all.on(200 + number, 1, of(Tap::sent, Side::client, number));
      for (int i = 0; i < (echoes ? 2 : 1); ++i) all.on(210 + number, 1, of(Tap::sent, Side::server, number));
      for (int i = 0; i < arrived; ++i) all.on(220 + number, 1, of(Tap::arrived, Side::server, number));
    }
    return all;
  };
  EXPECT_EQ(state(delivery("exactly-once"), log(true, 2), 2'102), State::holds);
  EXPECT_EQ(state(delivery("exactly-once"), log(true, 1), 2'102), State::violated) << "an echo or its own is lost";
  EXPECT_EQ(state(delivery("exactly-once"), log(true, 3), 2'102), State::violated) << "one came twice";
  EXPECT_NE(state(delivery("exactly-once"), log(false, 1), 2'102), State::violated) << "whose it is nobody knows";
}

// --- usage and alive

TEST(JudgeUsage, IsLevelOrGrowth) {
  constexpr std::uint64_t mib = 1024 * 1024;
  Log log = Log().open(0, 1).of(50, "sut", UsageSample{100 * mib, 5}).fire(100, 1);
  log.of(300, "sut", UsageSample{150 * mib, 9});
  const auto usage = [&](const std::string& bounds, std::int64_t now) {
    return state("usage = { " + bounds + " }\nfor = \"1s\"", log, now);
  };
  EXPECT_EQ(usage("memory = \"<=+64MiB\", sockets = \"<=10\"", 1'101), State::holds);
  EXPECT_EQ(usage("memory = \"<=+64MiB\"", 1'100), State::pending);
  EXPECT_EQ(usage("memory = \"<=+49MiB\"", 400), State::violated);
  EXPECT_EQ(usage("memory = \"<=149MiB\"", 400), State::violated);
  EXPECT_EQ(usage("memory = \"<=150MiB\"", 1'101), State::holds);
  EXPECT_EQ(usage("sockets = \"<=8\"", 400), State::violated);
  EXPECT_EQ(usage("sockets = \"<=+3\"", 400), State::violated);
  EXPECT_EQ(judged("usage = { memory = \"<=+49MiB\" }\nfor = \"1s\"", log, 400).seen,
            "its memory went from 100MiB to 150MiB 200ms after the fault");
  EXPECT_EQ(state("usage = { sockets = \"<=8\" }\nfor = \"1s\"", Log().open(0, 1).fire(100, 1), 1'101),
            State::inconclusive);
}

TEST(JudgeUsage, GrowthCountsFromTheLastSampleBefore) {
  constexpr std::uint64_t mib = 1024 * 1024;
  Log log =
      Log().open(0, 1).of(20, "sut", UsageSample{100 * mib, 5}).of(50, "sut", UsageSample{140 * mib, 5});
  log.fire(100, 1).of(300, "sut", UsageSample{150 * mib, 5});
  EXPECT_EQ(state("usage = { memory = \"<=+10MiB\" }\nfor = \"1s\"", log, 1'101), State::holds);
  EXPECT_EQ(state("usage = { memory = \"<=+9MiB\" }\nfor = \"1s\"", log, 1'101), State::violated);
}

TEST(JudgeAlive, OnlyWhatWasSentOnTheOpenConnectionCanComeBack) {
  const MessageSeen sent{Tap::sent, Side::client, 1, 1, 2, "hi"};
  const MessageSeen echo{Tap::arrived, Side::server, 1, 1, 2, "hi"};
  EXPECT_EQ(state("alive = \"1s\"", Log(struck).open(300, 2).on(400, 2, echo), 500), State::pending);
  EXPECT_EQ(state("alive = \"1s\"", Log(struck).attempt(300, 2).on(350, 2, sent).on(400, 2, echo), 500),
            State::pending);
}

TEST(JudgeAlive, ANewConnectionEchoesInTime) {
  const std::string keys = "alive = \"1s\"";
  const auto echo_on = [](int connection, std::int64_t ms) {
    Log log = struck;
    if (connection != 1) log.open(300, connection);
    log.on(350, connection, MessageSeen{Tap::sent, Side::client, 1, 1, 2, "hi"});
    return log.on(ms, connection, MessageSeen{Tap::arrived, Side::server, 1, 1, 2, "hi"});
  };
  EXPECT_EQ(state(keys, struck, 200), State::pending);
  EXPECT_EQ(state(keys, struck, 1'101), State::violated);
  EXPECT_EQ(state(keys, echo_on(2, 400), 500), State::holds);
  EXPECT_EQ(state(keys, echo_on(2, 1'101), 1'200), State::violated);
  EXPECT_EQ(state(keys, echo_on(1, 400), 500), State::pending);  // an old connection proves nothing
  EXPECT_EQ(judged(keys, Log(struck).open(300, 2), 1'101).seen, "a new connection came, but no echo");
}

}  // namespace
}  // namespace wsfault::verdict
