// A request as the case of a round, and requests that are refused.
#include "bench/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fault/attributes_of.hpp"

namespace wsfault::bench {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;

Result<scenario::LoadedCase> planned(const Plan& plan) {
  model::System client;
  client.name = "a client";
  return plan_round(plan, client, {});
}

Plan plan_of(const std::string& fault) {
  Plan plan;
  plan.fault = fault;
  return plan;
}

TEST(Plan, TheFaultComesInTheMiddleOfTheFirstConnectionsConversation) {
  const auto round = planned(plan_of("reset"));
  ASSERT_TRUE(round) << round.error();
  ASSERT_EQ(round->scenario.faults.size(), 1u);
  const fault::FaultSpec& spec = round->scenario.faults.front();
  EXPECT_EQ(spec.name, struck_fault);
  EXPECT_EQ(spec.when.kind, fault::Moment::Kind::open);
  EXPECT_EQ(spec.after, milliseconds(90));
  EXPECT_TRUE(spec.connections.contains(1));
  EXPECT_FALSE(spec.connections.contains(2));
}

TEST(Plan, AnotherMomentHasNoDelay) {
  Plan plan = plan_of("reset");
  plan.when = R"({ moment = "message 3", from = "client" })";
  const auto round = planned(plan);
  ASSERT_TRUE(round) << round.error();
  EXPECT_EQ(fault::to_string(round->scenario.faults.front().when), "message 3 from client");
  EXPECT_EQ(round->scenario.faults.front().after, Duration(0));
}

TEST(Plan, AServerThatStaysAwayRefuses) {
  Plan plan = plan_of("blackhole");
  plan.down = milliseconds(2000);
  const auto round = planned(plan);
  ASSERT_TRUE(round) << round.error();
  ASSERT_EQ(round->scenario.faults.size(), 2u);
  const fault::FaultSpec& away = round->scenario.faults.back();
  EXPECT_EQ(away.inject, "refuse");
  EXPECT_EQ(fault::to_string(away.when), "fault strike");
  EXPECT_EQ(away.lasts, milliseconds(2000));
}

/// `kill`, `stop` and `freeze` leave no server running: another one is started in its place.
TEST(Plan, AServerProcessIsStartedAgainOnceTheConnectionHasEnded) {
  for (const char* name : {"kill", "stop", "freeze"}) {
    Plan plan = plan_of(name);
    if (plan.fault != "freeze") plan.down = milliseconds(300);
    const auto round = planned(plan);
    ASSERT_TRUE(round) << round.error();
    ASSERT_EQ(round->scenario.faults.size(), 2u) << name;
    EXPECT_EQ(round->scenario.faults.front().at, "upstream");
    EXPECT_THAT(attributes_of(round->scenario.faults.front()), EndsWith("scope=main"));
    const fault::FaultSpec& back = round->scenario.faults.back();
    EXPECT_EQ(back.inject, "restart");
    EXPECT_EQ(back.when.kind, fault::Moment::Kind::end);
    EXPECT_EQ(back.when.connection, 1);
    EXPECT_EQ(back.after, plan.down.value_or(Duration(0)));
    EXPECT_EQ(attributes_of(back), "down=0ns");
  }
}

TEST(Plan, ARestartHasATimeOfItsOwn) {
  Plan plan = plan_of("restart");
  EXPECT_EQ(attributes_of(planned(plan)->scenario.faults.front()), "down=500000000ns");
  plan.down = milliseconds(70);
  const auto round = planned(plan);
  ASSERT_EQ(round->scenario.faults.size(), 1u);
  EXPECT_EQ(attributes_of(round->scenario.faults.front()), "down=70000000ns");
}

/// Every offered fault makes a case, given the attributes that it requires.
TEST(Plan, EveryFaultThatIsOfferedCanBePlanned) {
  const std::map<std::string_view, std::string> demanded{{"idle", "1s"},    {"age", "1s"},
                                                         {"latency", "1s"}, {"rate", "10KiB"},
                                                         {"bytes", "4KiB"}, {"delay", "10ms"}};
  for (const std::string_view name : possible_faults()) {
    Plan plan = plan_of(std::string(name));
    for (const fault::Attribute& attribute : fault::find_entry(name)->attributes) {
      const bool required = attribute.fallback.empty() && !attribute.optional;
      if (required) plan.with.emplace_back(attribute.name, demanded.at(attribute.name));
    }
    const auto round = planned(plan);
    EXPECT_TRUE(round) << name << ": " << (round ? "" : round.error());
  }
}

TEST(Plan, FaultsOfTheHandshakeAreNotOffered) {
  EXPECT_THAT(possible_faults(), testing::Not(testing::Contains("accept_hang")));
  EXPECT_THAT(possible_faults(), testing::Not(testing::Contains("respond")));
  EXPECT_THAT(possible_faults(), testing::Not(testing::Contains("reload")));
}

struct Wrong {
  const char* name;
  Plan plan;
  const char* said;
};
class Refuses : public testing::TestWithParam<Wrong> {};

TEST_P(Refuses, AndSaysWhatIsAllowed) {
  const auto round = planned(GetParam().plan);
  ASSERT_FALSE(round);
  EXPECT_THAT(round.error(), HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(
    Plans, Refuses,
    testing::Values(
        Wrong{"UnknownFault", plan_of("rest"),
              "--fault rest: unknown fault: did you mean \"reset\"? allowed: kill, stop, freeze, restart, "},
        Wrong{"FaultOfTheHandshake", plan_of("accept_hang"),
              "--fault accept_hang: it strikes a connection before it is open, and a round strikes an open "
              "one; "
              "allowed: kill, stop, freeze, restart, "},
        Wrong{"FaultOfTheNetwork", plan_of("unplug"),
              "--fault unplug: it strikes the network, and a round has none of its own; allowed: kill, "},
        Wrong{"FaultOfALink", plan_of("dark"),
              "--fault dark: it strikes a whole link, and a round strikes one connection; allowed: kill, "},
        Wrong{"CommandOfTheUser", plan_of("run"),
              "--fault run: it runs a command of yours, and a round strikes wsfault's own server; allowed: "
              "kill, "},
        Wrong{"FaultOfTheSystem", plan_of("reload"),
              "--fault reload: it acts on the system under test, and a round strikes its server; allowed: "
              "kill, "},
        Wrong{"DownOfAFrozenServer",
              {.fault = "freeze", .down = milliseconds(5)},
              "--down: freeze takes none: the server that stands still is replaced as soon as the client has "
              "ended its connection"},
        Wrong{"DownTwice",
              {.fault = "restart", .with = {{"down", "1s"}}, .down = milliseconds(5)},
              "--with down and --down say the same thing: give one"},
        Wrong{"UnknownAttribute",
              {.fault = "reset", .with = {{"flusj", "false"}}},
              "--with flusj: reset has no such attribute: did you mean \"flush\"?"},
        Wrong{"WrongAttribute", {.fault = "reset", .with = {{"flush", "perhaps"}}}, "flush"},
        Wrong{"NotHealing", {.fault = "reset", .with = {{"lasts", "1s"}}}, "`reset` cannot heal"},
        Wrong{"UnknownMoment", {.fault = "reset", .when = "mesage 3"}, "message"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace wsfault::bench
