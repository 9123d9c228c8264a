// Standing rules: each with the bytes that break it, and with those of others that do not.
#include <gtest/gtest.h>

#include "verdict/oracle_log.hpp"

namespace wsfault::verdict::test {
namespace {

std::vector<std::string> broken(const Case& scenario, const Log& log) {
  std::vector<std::string> rules;
  for (const Finding& finding : judge_standing_rules(scenario, *trace::Trace::of(log.events))) {
    EXPECT_EQ(finding.state, State::violated);
    EXPECT_FALSE(finding.cause.empty());
    EXPECT_FALSE(finding.remedy.empty());
    rules.push_back(finding.subject);
  }
  return rules;
}
using Rules = std::vector<std::string>;

record::FrameSeen frame_of(Side from, std::uint8_t opcode, bool masked) {
  record::FrameSeen frame = Log::opcode(opcode);
  frame.from = from;
  frame.masked = masked;
  frame.number = 3;
  return frame;
}

Case case_of(model::Role role, model::Kind kind = model::Kind::none) {
  Case scenario = client_case();
  scenario.role = role;
  scenario.system.kind = kind;
  return scenario;
}

TEST(StandingRules, HoldForASoundConversation) {
  Log log = Log().open(0).message(10, "a").client(11, Log::opcode(1)).ping(20).pong(21);
  log.server_close(30, 1000).client_close(31, 1000).client_fin(32);
  EXPECT_EQ(broken(client_case(), log), Rules{});
}

TEST(StandingRules, ReservedCodesAreNeverSent) {
  for (const int code : {1005, 1006, 1015}) {
    EXPECT_EQ(broken(client_case(), Log().open(0).client_close(10, code)),
              Rules{"standing rule: reserved code"})
        << code;
  }
  EXPECT_EQ(broken(client_case(), Log().open(0).client_close(10, 1014)), Rules{});
}

TEST(StandingRules, NoDataBehindOnesOwnClose) {
  for (const std::uint8_t opcode : {0, 1, 2}) {
    EXPECT_EQ(broken(client_case(), Log().open(0).client_close(10, 1000).client(11, Log::opcode(opcode))),
              Rules{"standing rule: data after close"});
  }
  EXPECT_EQ(broken(client_case(), Log().open(0).client_close(10, 1000).client(11, Log::opcode(10))), Rules{})
      << "a pong is no data";
  EXPECT_EQ(broken(client_case(), Log().open(0).server_close(10, 1000).client(11, Log::opcode(1))), Rules{})
      << "the peer's Close is not its own";
}

TEST(StandingRules, OneCloseAConnection) {
  EXPECT_EQ(broken(client_case(), Log().open(0).client_close(10, 1000).client_close(11, 1000)),
            Rules{"standing rule: second close"});
  Log log = Log().open(0).client_close(10, 1000);
  log.on(2).open(20).client_close(30, 1000);
  EXPECT_EQ(broken(client_case(), log), Rules{});
}

TEST(StandingRules, AClientMasksAndAServerDoesNot) {
  EXPECT_EQ(broken(client_case(), Log().open(0).link(10, frame_of(Side::client, 1, false))),
            Rules{"standing rule: mask"});
  EXPECT_EQ(broken(case_of(model::Role::server), Log().link(10, frame_of(Side::server, 1, true))),
            Rules{"standing rule: mask"});
  EXPECT_EQ(broken(case_of(model::Role::server), Log().link(10, frame_of(Side::server, 1, false))), Rules{});
}

TEST(StandingRules, NeverBlameTheOtherEndNorAFault) {
  Log log =
      Log().open(0).server_close(10, 1006).server_close(11, 1006).link(12, frame_of(Side::server, 1, true));
  record::FrameSeen injected = frame_of(Side::client, 8, false);
  injected.tap = Tap::arrived;
  injected.code = 1006;
  injected.injected = true;
  log.link(13, injected);
  EXPECT_EQ(broken(client_case(), log), Rules{});
}

TEST(StandingRules, AGatewayThatPassesBytesOnIsNotTheirAuthor) {
  Log log;
  record::FrameSeen close = frame_of(Side::server, 8, false);
  close.code = 1006;
  log.add(10, {"front", "client", 1}, close);
  EXPECT_EQ(broken(case_of(model::Role::gateway, model::Kind::http), log), Rules{});
  EXPECT_EQ(broken(case_of(model::Role::gateway, model::Kind::tcp), log), Rules{});
  EXPECT_EQ(broken(case_of(model::Role::gateway, model::Kind::websocket), log),
            Rules{"standing rule: reserved code"});
  log = Log().add(10, {"back", "client", 1}, frame_of(Side::client, 1, false));
  EXPECT_EQ(broken(case_of(model::Role::gateway, model::Kind::websocket), log), Rules{"standing rule: mask"});
}

TEST(StandingRules, EachIsSaidOnce) {
  Log log = Log().open(0);
  for (int i = 0; i < 5; ++i) log.link(10 + i, frame_of(Side::client, 1, false));
  EXPECT_EQ(broken(client_case(), log), Rules{"standing rule: mask"});
}

TEST(StandingRules, AStormIsOneWhateverIsExpected) {
  Log log;
  for (int i = 1; i <= 12; ++i) log.on(i).connect(i * 10).reset(i * 10 + 1);
  Case scenario = client_case();
  scenario.appropriate = false;
  const auto findings = judge_standing_rules(scenario, *trace::Trace::of(log.events));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].subject, "standing rule: storm");
  EXPECT_EQ(findings[0].seen, "11 attempts in 100ms");
  EXPECT_EQ(findings[0].at, 110 * ms);
  EXPECT_EQ(findings[0].connection, 11);
  EXPECT_EQ(broken(case_of(model::Role::server), log), Rules{}) << "our own clients may storm a server";
}

}  // namespace
}  // namespace wsfault::verdict::test
