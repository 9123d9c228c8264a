// Coming back: final outcomes forbid the same request, retryable ones never do, Retry-After is a lower bound.
#include <gtest/gtest.h>

#include "trace/observed.hpp"
#include "verdict/oracle/afterwards.hpp"
#include "verdict/oracle_log.hpp"

namespace wsfault::verdict::test {
namespace {

using wire::CloseClass;

/// Whoever comes back has done so by then.
constexpr std::int64_t a_day = Duration(std::chrono::hours(24)).count();

std::vector<Finding> judge(const Case& scenario, const Log& log) {
  return oracle::judge_afterwards(trace::test::Observed(log.events).view, scenario, {a_day, true});
}

/// `times` connections, each closed with the code after 50 ms; 1 s apart.
Log closed_each_time(int code, int times) {
  Log log;
  for (int i = 1; i <= times; ++i)
    log.on(i).open(i * 1000).server_close(i * 1000 + 50, code).fin(i * 1000 + 51);
  return log;
}
Log answered_each_time(int status, int times) {
  Log log;
  for (int i = 1; i <= times; ++i) log.on(i).connect(i * 1000).answer(i * 1000 + 5, status).fin(i * 1000 + 6);
  return log;
}

Case with_final(Value::Array codes) {
  Case scenario = client_case();
  scenario.system.traits.values.emplace("final", Value(std::move(codes)));
  return scenario;
}

/// Milliseconds since the beginning.
std::vector<Finding> judge_at(std::int64_t now, bool over, const Case& scenario, const Log& log) {
  const oracle::Horizon horizon{Duration(std::chrono::milliseconds(now)).count(), over};
  return oracle::judge_afterwards(trace::test::Observed(log.events).view, scenario, horizon);
}

/// It says that no code of its own is final: the table counts.
Case without_final() {
  Case scenario = client_case();
  scenario.system.traits.values.emplace("final", Value("none"));
  return scenario;
}

TEST(Afterwards, ClassesOfCodesAndStatuses) {
  const model::System system;
  const auto code = [&](int value) { return oracle::class_of({value, false, 0}, system); };
  const auto status = [&](int value) { return oracle::class_of({value, true, 0}, system); };
  for (const int value : {1001, 1005, 1006, 1011, 1012, 1013, 1014})
    EXPECT_EQ(code(value), CloseClass::retryable);
  for (const int value : {408, 425, 429, 500, 502, 503, 504}) EXPECT_EQ(status(value), CloseClass::retryable);
  EXPECT_EQ(code(1000), CloseClass::own_choice);
  for (const int value : {1002, 1003, 1007, 1009, 1010}) EXPECT_EQ(code(value), CloseClass::final);
  for (const int value : {400, 404, 405, 426, 301}) EXPECT_EQ(status(value), CloseClass::final);
  for (const int value : {1008, 3000, 3999, 4000, 4999}) EXPECT_EQ(code(value), CloseClass::system_decides);
  for (const int value : {401, 403}) EXPECT_EQ(status(value), CloseClass::system_decides);
}

// RFC 6455 8.1: its receiver fails the connection; what the code says is not heard.
TEST(Afterwards, ACloseWithABadReasonForbidsNothing) {
  Log log;
  for (int i = 1; i <= 2; ++i)
    log.on(i).open(i * 1000).server_close(i * 1000 + 50, 1002, "caf\xC3").fin(i * 1000 + 51);
  EXPECT_TRUE(judge(client_case(), log).empty());
}

// RFC 6455 7.4.1: 1003, 1007 and 1009 are about a message: the client may come back without it.
TEST(Afterwards, ARefusedMessageMustNotBeSentAgain) {
  const auto told = [](int code, std::uint64_t second_size) {
    record::FrameSeen frame = Log::opcode(1);
    frame.length = 100000;
    Log log = Log().open(1000).client(1010, frame).server_close(1050, code).fin(1051);
    frame.length = second_size;
    return log.on(2).open(2000).client(2010, frame);
  };
  for (const int code : {1003, 1007, 1009}) {
    EXPECT_TRUE(judge(without_final(), closed_each_time(code, 2)).empty()) << code;
    EXPECT_TRUE(judge(without_final(), told(code, 5)).empty()) << code;
    const auto findings = judge(without_final(), told(code, 100000));
    ASSERT_EQ(findings.size(), 1u) << code;
    EXPECT_EQ(findings[0].seen, "it came back and sent the same message again");
    const auto undeclared = judge(client_case(), told(code, 100000));
    ASSERT_EQ(undeclared.size(), 1u) << code;
    EXPECT_EQ(undeclared[0].state, State::violated) << "what was refused stays refused, whatever is final";
  }
}

// Nothing about its next connection is different; but only its own word says that it stays away.
TEST(Afterwards, ACodeAboutAMessageIsFinalForWhoSaysSoAndHadSentNone) {
  verdict::Case scenario = client_case();
  scenario.system.traits.values.emplace("final", Value(Value::Array{Value(1009)}));
  const auto findings = judge(scenario, closed_each_time(1009, 2));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].state, State::violated);
  EXPECT_EQ(findings[0].seen, "it came back with the very same request");
}

TEST(Afterwards, AFinalOutcomeForbidsTheSameRequest) {
  for (const int code : {1002, 1010}) {
    const auto findings = judge(without_final(), closed_each_time(code, 2));
    ASSERT_EQ(findings.size(), 1u) << code;
    EXPECT_EQ(findings[0].state, State::violated);
    EXPECT_EQ(findings[0].connection, 2);
    EXPECT_EQ(findings[0].at, 2000 * ms);
  }
  for (const int status : {400, 404, 405, 426, 302}) {
    EXPECT_EQ(judge(without_final(), answered_each_time(status, 2)).size(), 1u) << status;
  }
}

// What is not declared is not claimed: RFC 6455 forbids no return, and which codes are final a client decides.
TEST(Afterwards, WhatIsFinalForAClientThatSaysNothingOfItIsUndecided) {
  for (const Log& log : {closed_each_time(1002, 2), answered_each_time(404, 2), closed_each_time(4401, 4)}) {
    const auto findings = judge(client_case(), log);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].state, State::inconclusive);
    EXPECT_TRUE(findings[0].seen.ends_with(", and what is final for it is not declared")) << findings[0].seen;
    EXPECT_EQ(findings[0].cause, "");
    EXPECT_EQ(findings[0].remedy,
              "Declare after which codes and statuses it stays away: --set final=1008,4401, or --set final=none.");
  }
}

TEST(Afterwards, ARetryableOutcomeNeverForbids) {
  for (const int code : {1000, 1001, 1011, 1012, 1013, 1014}) {
    EXPECT_TRUE(judge(client_case(), closed_each_time(code, 9)).empty()) << code;
  }
  for (const int status : {408, 425, 429, 500, 502, 503}) {
    EXPECT_TRUE(judge(client_case(), answered_each_time(status, 9)).empty()) << status;
  }
}

TEST(Afterwards, AClientThatNeverComesBackDoesNothingWrong) {
  EXPECT_TRUE(judge(client_case(), closed_each_time(1011, 1)).empty());
  EXPECT_TRUE(judge(client_case(), closed_each_time(1002, 1)).empty());
}

TEST(Afterwards, ComingBackDifferentlyIsRight) {
  Log path = Log().open(0).server_close(50, 1002).fin(51);
  path.on(2).connect(500, "/?token=new").answer(501, 101);
  EXPECT_TRUE(judge(without_final(), path).empty());

  Log header = Log().connect(0, "/", {{"Cookie", "old"}}).answer(1, 404).fin(2);
  header.on(2).connect(500, "/", {{"Cookie", "new"}}).answer(501, 101);
  EXPECT_TRUE(judge(without_final(), header).empty());

  Log same = Log().connect(0, "/", {{"Cookie", "old"}, {"Origin", "x"}}).answer(1, 404).fin(2);
  same.on(2).connect(500, "/", {{"origin", "x"}, {"cookie", "old"}}).answer(501, 101);
  EXPECT_EQ(judge(without_final(), same).size(), 1u)
      << "the key alone makes no difference, nor do order and case";
}

TEST(Afterwards, TheTraitFinalOverridesTheCustom) {
  const Case scenario = with_final({1001, "4400-4499", 401});
  EXPECT_EQ(judge(scenario, closed_each_time(4401, 2)).size(), 1u);
  EXPECT_EQ(judge(scenario, closed_each_time(1001, 2)).size(), 1u);
  EXPECT_EQ(judge(scenario, answered_each_time(401, 2)).size(), 1u);
  EXPECT_TRUE(judge(scenario, closed_each_time(4500, 9)).empty());
  EXPECT_TRUE(judge(scenario, closed_each_time(1002, 9)).empty());
  EXPECT_TRUE(judge(scenario, answered_each_time(403, 9)).empty());
}

TEST(Afterwards, WithoutItComingBackWithoutEndIsAFinding) {
  for (const int code : {1008, 3000, 4000}) {
    EXPECT_TRUE(judge(without_final(), closed_each_time(code, 3)).empty()) << code;
    EXPECT_EQ(judge(without_final(), closed_each_time(code, 4)).size(), 1u) << code;
  }
  EXPECT_TRUE(judge(without_final(), answered_each_time(403, 3)).empty());
  EXPECT_EQ(judge(without_final(), answered_each_time(403, 4)).size(), 1u);
}

TEST(Afterwards, ALoopIsSaidOnce) { EXPECT_EQ(judge(without_final(), closed_each_time(1002, 9)).size(), 1u); }

TEST(Afterwards, WhatThePeerDidWrongForbidsNothing) {
  Log log = Log().open(0).server_close(50, 1006).fin(51);
  log.on(2).open(500).illegal(550, "reserved-opcode", 3).fin(551);
  log.on(3).connect(900).bad_101(901);
  log.on(4).open(1500);
  EXPECT_TRUE(judge(client_case(), log).empty());
}

TEST(Afterwards, WhoMayStillComeBackHasNotStayedAway) {
  using namespace std::chrono_literals;
  Case scenario = with_final({Value(4401)});
  Value backoff{Value::Table{}};
  backoff.set("first", Value("2s"));
  backoff.set("max", Value("30s"));
  scenario.system.traits.values.emplace("backoff", std::move(backoff));
  const Log told = closed_each_time(4401, 1);  // at 1,050 ms
  const auto state = [&](std::int64_t now, bool over) {
    const auto findings = judge_at(now, over, scenario, told);
    return findings.empty() ? State::holds : findings.front().state;
  };
  EXPECT_EQ(state(1100, false), State::pending);
  EXPECT_EQ(state(3400, false), State::pending) << "2 s, and what a busy machine makes of them";
  EXPECT_EQ(state(3600, false), State::holds);
  EXPECT_EQ(state(1100, true), State::inconclusive) << "nobody knows what it would have done";
  EXPECT_EQ(judge(scenario, closed_each_time(4401, 2)).size(), 1u);
}

TEST(Afterwards, WhoEndsOrHasNoReconnectIsNotWaitedFor) {
  Case never = with_final({Value(4401)});
  never.system.traits.values.emplace("backoff", Value("none"));
  EXPECT_TRUE(judge_at(1100, false, never, closed_each_time(4401, 1)).empty());
  Log gone = closed_each_time(4401, 1);
  gone.process(1080, record::ProcessChange::exited);
  EXPECT_TRUE(judge_at(1100, false, with_final({Value(4401)}), gone).empty());
  EXPECT_TRUE(judge_at(1100, false, client_case(), closed_each_time(1002, 1)).empty()) << "nothing is declared";
}

TEST(Afterwards, RetryAfterIsALowerBound) {
  const auto returns_at = [](int at, std::string after) {
    Log log = Log().connect(0).answer(10, 503, {{"retry-after", std::move(after)}}).fin(11);
    log.on(2).open(at);
    return judge(client_case(), log);
  };
  EXPECT_EQ(returns_at(1900, "2").size(), 1u);
  EXPECT_TRUE(returns_at(1915, "2").empty()) << "5 % may be undercut";
  EXPECT_TRUE(returns_at(60000, "2").empty());
  EXPECT_TRUE(returns_at(20, "0").empty());
  EXPECT_TRUE(returns_at(20, "Fri, 31 Dec 1999 23:59:59 GMT").empty()) << "a date says nothing here";
  EXPECT_EQ(returns_at(500, "2")[0].seen, "it came back after 490ms");
}

TEST(Afterwards, ALoopIsJudgedWhateverElseIsExpected) {
  Case scenario = without_final();
  scenario.expectations.push_back(expects(R"(close = "any")"));
  EXPECT_EQ(judge_log(scenario, closed_each_time(1002, 2), 3000).state, State::violated);
}

}  // namespace
}  // namespace wsfault::verdict::test
