// Expectations about what is counted or measured: `reconnect`, `connections`, `ping`, `delivery`, `usage`,
// `alive`.
#include <gtest/gtest.h>

#include "value/toml.hpp"
#include "verdict/judge.hpp"

namespace wsfault::verdict {
namespace {

using namespace record;

/// A literal log; times are milliseconds.
struct Log {
  std::vector<Event> events;

  Log& on(std::int64_t ms, int connection, What what, std::string link = "link", std::string party = "sut") {
    events.push_back({ms * 1'000'000, {std::move(link), std::move(party), connection}, std::move(what)});
    return *this;
  }
  Log& of(std::int64_t ms, std::string party, What what) {
    return on(ms, 0, std::move(what), "", std::move(party));
  }
  Log& open(std::int64_t ms, int connection) {
    on(ms, connection, Accepted{}).on(ms, connection, RequestSeen{});
    ResponseSeen answer{.tap = Tap::arrived};
    answer.head.status = 101;
    return on(ms, connection, answer).on(ms, connection, Opened{});
  }
  Log& fire(std::int64_t ms, int connection, std::string name = "reset") {
    return on(ms, connection, FaultFired{std::move(name), "reset", "RST to client"});
  }
  Log& close(std::int64_t ms, int code, bool clean = false, std::string reason = "") {
    return of(ms, "sut", Report{.event = "close", .code = code, .reason = reason, .clean = clean});
  }
  /// A TCP connection whose upgrade was asked for, and no more.
  Log& attempt(std::int64_t ms, int connection) {
    return on(ms, connection, Accepted{}).on(ms, connection, RequestSeen{});
  }
};

/// One fault "reset" that strikes connection 1 of a client that may report.
Case one_fault(std::string connections = "1") {
  Case scenario;
  fault::FaultSpec fault;
  fault.name = fault.inject = "reset";
  fault.at = "link";
  fault.connections = *fault::parse_connection_set(connections);
  scenario.faults.push_back(std::move(fault));
  return scenario;
}

Expectation read(const std::string& keys) {
  Diagnostics diagnostics("x.toml", keys);
  const auto table = parse_toml(keys, diagnostics);
  const auto expectation = table ? read_expectation(*table, diagnostics, 1) : std::nullopt;
  if (!expectation) throw std::runtime_error(diagnostics.print());
  return *expectation;
}

constexpr bool over = true;

Finding judged(const std::string& keys, const Log& log, std::int64_t now_ms, bool is_over = false,
               const Case& scenario = one_fault()) {
  return judge_expectation(read(keys), scenario, log.events, now_ms * 1'000'000, is_over);
}
State state(const std::string& keys, const Log& log, std::int64_t now_ms, bool is_over = false,
            const Case& scenario = one_fault()) {
  return judged(keys, log, now_ms, is_over, scenario).state;
}

const Log struck = Log().open(0, 1).fire(100, 1).close(110, 1006);

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
  EXPECT_EQ(state("reconnect = \">=3\"", two, 5'101), State::violated);
  EXPECT_EQ(state("reconnect = \"<=2\"\nfor = \"1s\"", two, 600), State::pending);
  EXPECT_EQ(state("reconnect = \"<=2\"\nfor = \"1s\"", two, 1'101), State::holds);
  EXPECT_EQ(state("reconnect = \"<=1\"\nfor = \"1s\"", two, 600), State::violated);
}

TEST(JudgeReconnect, RefusedAttemptsCountByTheirReports) {
  Case refused = one_fault("all");
  refused.faults[0].strikes_connections = false;
  Log log;
  log.on(0, 0, FaultFired{"reset", "refuse", ""}, "link", "")
      .on(0, 0, Effect{EffectKind::refused, {}}, "link", "");
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

TEST(JudgeReconnect, TooFewDelaysAreAWarning) {
  const std::string keys =
      "reconnect = { attempts = \">=1\", backoff = { first = \"1s\", factor = 2, max = \"10s\", jitter = "
      "\"full\" } }";
  EXPECT_EQ(state(keys, attempts({400}), 1'000), State::warned);
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
  EXPECT_EQ(state(one, Log(struck).on(120, 1, StreamEnded{.tap = Tap::arrived}).open(200, 2), 300),
            State::violated);
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
  patient.patience = 2;
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
    EXPECT_EQ(state(delivery("at-least-once"), each.log, 1'101), each.at_least_once);
    EXPECT_EQ(state(delivery("at-most-once"), each.log, 1'101), each.at_most_once);
    EXPECT_EQ(state(delivery("exactly-once"), each.log, 1'101), each.exactly_once);
  }
  EXPECT_EQ(judged(delivery("exactly-once"), messages({1, 3}, {1, 3}), 1'101).seen, "lost: 2 of 3");
}

TEST(JudgeDelivery, ARepeatIsSeenAtOnceALossAtTheEnd) {
  EXPECT_EQ(state(delivery("exactly-once"), messages({1, 1}, {1, 1}), 300), State::violated);
  EXPECT_EQ(state(delivery("at-most-once"), messages({1, 1}, {1, 1}), 300), State::violated);
  EXPECT_EQ(state(delivery("exactly-once"), messages({1, 2}, {2}), 1'100), State::pending);
}

TEST(JudgeDelivery, TheSutsOwnNumbersAreFoundByARegex) {
  const std::string keys = delivery("exactly-once") + "of = \"upstream\"\nseq = '/id=(\\d+)/'";
  EXPECT_EQ(state(keys, messages({7, 8, 9}, {7, 8, 9}, "id=", Side::client), 1'101), State::holds);
  EXPECT_EQ(state(keys, messages({7, 9}, {7, 9}, "id=", Side::client), 1'101), State::violated);
  EXPECT_EQ(state(keys, messages({1, 2}, {1, 2}, "no=", Side::client), 1'101), State::inconclusive);
}

TEST(JudgeDelivery, AnEchoCarriesNoNumberOfTheEchoingParty) {
  Log log = messages({1, 2}, {1, 2});
  log.on(300, 1, MessageSeen{Tap::sent, Side::client, 1, 1, 4, "id=9"});
  log.on(310, 1, MessageSeen{Tap::sent, Side::server, 3, 1, 4, "id=9"});
  log.on(320, 1, MessageSeen{Tap::arrived, Side::server, 3, 1, 4, "id=9"});
  EXPECT_EQ(state(delivery("exactly-once"), log, 1'101), State::holds);
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
            "memory went from 100MiB to 150MiB 200ms after the fault");
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
