// Wishes, and what becomes of values made of traits that the system does not have.
#include <gtest/gtest.h>

#include <cstdlib>

#include "loading.hpp"

namespace wsfault::scenario {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Wish, IsGrantedWhereTheTraitIsSettable) {
  const LoadedCase one = case_of(client(R"(deadline = "10 * ${heartbeat}"
[system]
heartbeat = "300ms"
)"));
  EXPECT_EQ(one.skip, "");
  EXPECT_EQ(one.scenario.deadline, seconds(3));
  EXPECT_EQ(one.judged.system.traits.duration("heartbeat"), milliseconds(300));
  ASSERT_EQ(one.scenario.wishes.size(), 1u);
  EXPECT_EQ(one.scenario.wishes.front().first, "heartbeat");
}

TEST(Wish, OfAMemberOfATable) {
  const LoadedCase one = case_of(client("[system]\nbackoff.max = \"400ms\"\n"));
  EXPECT_EQ(one.skip, "");
  EXPECT_EQ(one.judged.system.traits.backoff().max, milliseconds(400));
  EXPECT_EQ(one.judged.system.traits.backoff().first, milliseconds(100));
}

TEST(Wish, IsGrantedWhereTheSystemHasThatValueAlready) {
  EXPECT_EQ(case_of(client("[system]\nheartbeat_timeout = \"0.1s\"\nbackoff.factor = 2.0\n")).skip, "");
}

TEST(Wish, ThatCannotBeGrantedSkips) {
  EXPECT_EQ(case_of(client("[system]\nheartbeat_timeout = \"1s\"\n")).skip,
            "wishes heartbeat_timeout = 1s: the system node has heartbeat_timeout = 100ms and cannot set it");
  EXPECT_EQ(case_of(client("[system]\nmessages = 25\n")).skip,
            "wishes messages = 25: the system node declares none and cannot set it");
}

TEST(Wish, MayBeMadeOfTheWishesBeforeItAndOfEach) {
  const std::vector<LoadedCase> cases = cases_of(client(R"([each]
silent = ["1s"]
[system]
heartbeat = "2 * ${silent}"
backoff = { max = "2 * ${heartbeat}" }
)"));
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases[0].judged.system.traits.backoff().max, seconds(4));
}

TEST(Wish, OfACustomTraitMakesItKnown) {
  const LoadedCase one = case_of(client(R"([system]
messages = 25
[[expect]]
connections = { total = "${messages}" }
for = "1s"
)"));
  EXPECT_NE(one.skip, "");
  EXPECT_EQ(one.judged.expectations.front().text, "connections = { total = 25 }");
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

}  // namespace
}  // namespace wsfault::scenario
