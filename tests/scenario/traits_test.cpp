// Requirements, and values that use traits which the system does not have.
#include <gtest/gtest.h>

#include <cstdlib>

#include "loading.hpp"
#include "scenario/requirements.hpp"
#include "scenario/resolved.hpp"

namespace wsfault::scenario {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// docs/scenarios.md, A server with several addresses.
TEST(Isolation, IsForAClientThatFindsSeveralAddressesByTheirName) {
  const std::string two = "[link]\naddresses = 2\n";
  EXPECT_TRUE(case_of(client(two)).scenario.isolate);
  Setting setting = ordinary_setting();
  setting.system.start = {"client", "${addresses}"};
  EXPECT_FALSE(case_of(client(two), setting).scenario.isolate);
  EXPECT_FALSE(case_of(client("")).scenario.isolate);
}

TEST(Requirement, IsGrantedWhereTheTraitIsSettable) {
  const LoadedCase one = case_of(client(R"(deadline = "10 * ${heartbeat}"
[system]
heartbeat = "300ms"
)"));
  EXPECT_EQ(one.skip, "");
  EXPECT_EQ(one.scenario.deadline, seconds(3));
  EXPECT_EQ(one.judged.system.traits.duration("heartbeat"), milliseconds(300));
  ASSERT_EQ(one.scenario.requirements.size(), 1u);
  EXPECT_EQ(one.scenario.requirements.front().first, "heartbeat");
}

TEST(Requirement, OfAMemberOfATable) {
  const LoadedCase one = case_of(client("[system]\nbackoff.max = \"400ms\"\n"));
  EXPECT_EQ(one.skip, "");
  EXPECT_EQ(one.judged.system.traits.backoff().max, milliseconds(400));
  EXPECT_EQ(one.judged.system.traits.backoff().first, milliseconds(100));
}

TEST(Requirement, IsGrantedWhereTheSystemHasThatValueAlready) {
  EXPECT_EQ(case_of(client("[system]\nheartbeat_timeout = \"0.1s\"\nbackoff.factor = 2.0\n")).skip, "");
}

TEST(Requirement, ThatCannotBeGrantedSkips) {
  EXPECT_EQ(
      case_of(client("[system]\nheartbeat_timeout = \"1s\"\n")).skip,
      "requires heartbeat_timeout = 1s: the system node has heartbeat_timeout = 100ms and cannot set it");
  EXPECT_EQ(case_of(client("[system]\nmessages = 25\n")).skip,
            "requires messages = 25: the system node declares none and cannot set it");
}

TEST(Requirement, MayBeMadeOfTheWishesBeforeItAndOfEach) {
  const std::vector<LoadedCase> cases = cases_of(client(R"([each]
silent = ["1s"]
[system]
heartbeat = "2 * ${silent}"
backoff = { max = "2 * ${heartbeat}" }
)"));
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases[0].judged.system.traits.backoff().max, seconds(4));
}

TEST(Requirement, OfACustomTraitMakesItKnown) {
  const LoadedCase one = case_of(client(R"([system]
messages = 25
[[expect]]
connections = { total = "${messages}" }
for = "1s"
)"));
  EXPECT_NE(one.skip, "");
  EXPECT_EQ(one.judged.expectations.front().text, "connections = { total = 25 }");
}

// --set backoff.jitter=none: the rest of the trait stays, and nothing of it is missing.
TEST(SetTrait, NoJitterLeavesTheBackoffDeclared) {
  Setting setting = ordinary_setting();
  setting.set["backoff.jitter"] = "none";
  const LoadedCase one = case_of(client(R"([system]
backoff.jitter = "none"
[[fault]]
inject = "reset"
[[expect]]
reconnect = { attempts = ">=2", backoff = { jitter = "${backoff.jitter}" } }
within = "3 * ${backoff.max}"
)"),
                                 setting);
  EXPECT_EQ(one.skip, "");
  const model::Backoff backoff = one.judged.system.traits.backoff();
  EXPECT_EQ(backoff.jitter, "none");
  EXPECT_EQ(backoff.max, seconds(1));
  EXPECT_EQ(one.judged.expectations.front().within, seconds(3));
  EXPECT_TRUE(one.judged.expectations.front().text.find("jitter = \"none\"") != std::string::npos)
      << one.judged.expectations.front().text;
}

TEST(MissingTrait, AWithinMadeOfItFallsBack) {
  const LoadedCase one = case_of(client(R"([[fault]]
inject = "reset"
[[expect]]
close = 1006
within = "2 * ${idle_limit} + 1s"
[[expect]]
reconnect = true
within = "${drain}"
)"));
  EXPECT_EQ(one.skip, "");
  EXPECT_EQ(one.judged.expectations[0].within, seconds(5));
  EXPECT_EQ(one.judged.expectations[1].within, seconds(5));
}

using Names = std::vector<std::string>;

// "none" says that there is nothing to wait for; of what is not declared nothing is known.
TEST(MissingTrait, AWithinRemembersWhatIsNotDeclared) {
  const LoadedCase one = case_of(client(R"([upstream]
steps = [{ expect = "hello", within = "${close_limit}" }]
[[fault]]
inject = "reset"
[[expect]]
reconnect = true
within = "${close_limit} + ${idle_limit}"
[[expect]]
close = 1006
within = "${drain} + ${idle_limit}"
[[expect]]
end = "fin"
within = "2 * ${heartbeat}"
)"));
  EXPECT_EQ(one.judged.expectations[0].undeclared, (Names{"close_limit", "idle_limit"}));
  EXPECT_EQ(one.judged.expectations[1].undeclared, Names());
  EXPECT_EQ(one.judged.expectations[2].undeclared, Names());
  const auto again = read_resolved(one.resolved);
  ASSERT_TRUE(again) << "a log that is judged again knows it, too";
  EXPECT_EQ(again->judged.expectations[0].undeclared, (Names{"close_limit", "idle_limit"}));
}

TEST(MissingTrait, ANotBeforeMadeOfItGoes) {
  const LoadedCase one = case_of(client(R"([[fault]]
inject = "reset"
[[expect]]
close = 1006
within = "9s"
not_before = "0.8 * ${response_limit}"
)"));
  EXPECT_EQ(one.skip, "");
  EXPECT_EQ(one.judged.expectations[0].not_before, std::nullopt);
}

TEST(MissingTrait, AnythingElseSkips) {
  EXPECT_EQ(case_of(client(R"([[expect]]
never = { close = "any" }
for = "0.9 * ${drain}"
)"))
                .skip,
            "for = \"0.9 * ${drain}\": the system node has no drain");
  EXPECT_EQ(case_of(client(R"([[fault]]
inject = "idle_kill"
idle = "${idle_limit}"
)"))
                .skip,
            "idle = \"${idle_limit}\": the system node declares no idle_limit (--set idle_limit=… does)");
}

TEST(MissingTrait, TheRestOfASkippedCaseIsCheckedNonetheless) {
  EXPECT_EQ(errors_of(client(R"([[fault]]
inject = "idle_kill"
idle = "${idle_limit}"
lasts = 5
)")),
            R"(x.toml:6:9: error: `idle_kill` cannot heal: it takes no `lasts`
  6 | lasts = 5
    |         ^
)");
}

TEST(Reports, AnExplicitCloseOfASystemThatReportsNothingSkips) {
  Setting setting = ordinary_setting();
  setting.system.report = model::ReportMode::none;
  EXPECT_EQ(case_of(client("[[expect]]\nclose = 1006\nwithin = \"1s\"\n"), setting).skip,
            "close = 1006: the system node reports nothing (--report json or patterns)");
  EXPECT_EQ(case_of(client("[[expect]]\nend = \"fin\"\nwithin = \"1s\"\n"), setting).skip, "");
}

TEST(Upstreams, MoreThanTheSystemKnowsSkip) {
  EXPECT_EQ(case_of(client("[[upstream]]\nname = \"blue\"\n[[upstream]]\nname = \"green\"\n")).skip,
            "it needs 2 upstreams, the system node knows 1");
}

TEST(Environment, StandsInTextsAndIsMaskedInWhatIsResolved) {
  ::setenv("WSFAULT_TEST_TOKEN", "s3cret-token", 1);
  ::setenv("WSFAULT_TEST_LIMIT", "3s", 1);
  const LoadedCase one = case_of(client(R"(deadline = "${env:WSFAULT_TEST_LIMIT}"
[upstream]
steps = [{ send = "token=${env:WSFAULT_TEST_TOKEN}" }]
)"));
  EXPECT_EQ(one.scenario.deadline, seconds(3));
  const model::Steps& steps = *one.scenario.upstreams.front().steps;
  EXPECT_EQ(std::get<model::SendStep>(steps.front().what).payload.text, "token=s3cret-token");
  EXPECT_EQ(to_json(one.resolved).find("s3cret-token"), std::string::npos);
  EXPECT_NE(to_json(one.resolved).find("token=<env:WSFAULT_TEST_TOKEN>"), std::string::npos);
  EXPECT_EQ(one.secrets,
            (std::vector<std::pair<std::string, std::string>>{{"WSFAULT_TEST_TOKEN", "s3cret-token"}}));
}

struct ProtocolRow {
  const char* required;  ///< of the scenario; null: none
  const char* spoken;    ///< by the system; null: not declared
  bool settable;
  const char* skip;
};

TEST(Protocol, ScenarioAndSystemSpeakTheSameOrTheCaseIsSkipped) {
  const ProtocolRow rows[] = {
      {nullptr, nullptr, false, ""},
      {"graphql-transport-ws", "graphql-transport-ws", false, ""},
      {"graphql-transport-ws", "mqtt", true, ""},
      {"graphql-transport-ws", nullptr, true, ""},
      {nullptr, "none", false, ""},
      {"graphql-transport-ws", nullptr, false,
       "for systems that speak a protocol on top of WebSocket (docs/protocols.md)"},
      {"graphql-transport-ws", "none", false,
       "for systems that speak a protocol on top of WebSocket (docs/protocols.md)"},
      {"graphql-transport-ws", "mqtt", false, "it speaks graphql-transport-ws, the system node speaks mqtt"},
      {nullptr, "mqtt", false, "it speaks no protocol on top of WebSocket, the system node speaks mqtt"},
      {nullptr, "mqtt", true, "it speaks no protocol on top of WebSocket, the system node speaks mqtt"},
  };
  for (const ProtocolRow& row : rows) {
    Setting setting = ordinary_setting();
    if (row.spoken) setting.system.traits.values["protocol"] = Value(row.spoken);
    if (row.settable) setting.system.settable.push_back("protocol");
    // Another requirement that is not met is reported second.
    const std::string requirement =
        row.required ? std::string("[system]\nother = 1\nprotocol = \"") + row.required + "\"\n" : "";
    if (row.required) setting.system.settable.push_back("other");
    const LoadedCase one = case_of(client(requirement), setting);
    EXPECT_EQ(one.skip, row.skip) << requirement;
    EXPECT_EQ(is_of_its_protocol(one.scenario, setting.system), one.skip.empty()) << requirement;
  }
}

TEST(Protocol, ComesFirstAmongTheReasonsToSkip) {
  EXPECT_EQ(case_of(client("[system]\nheartbeat_timeout = \"9s\"\nprotocol = \"mqtt\"\n")).skip,
            "for systems that speak a protocol on top of WebSocket (docs/protocols.md)");
}

TEST(Protocol, IsAName) {
  EXPECT_EQ(
      errors_of(client("[system]\nprotocol = 5\n")),
      R"(x.toml:4:12: error: the trait `protocol` is a name such as "graphql-transport-ws", or "none"; found 5
  4 | protocol = 5
    |            ^
)");
}

TEST(Traits, AFlagIsTrueOrFalse) {
  EXPECT_EQ(errors_of(client("[system]\nechoes = true\n")), "");
  EXPECT_EQ(errors_of(client("[system]\nechoes = \"yes\"\n")),
            R"(x.toml:4:10: error: the trait `echoes` is true or false, or "none"; found "yes"
  4 | echoes = "yes"
    |          ^
)");
}

}  // namespace
}  // namespace wsfault::scenario
