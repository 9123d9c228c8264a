// Requests on the command line that no file satisfies, each in one sentence.
#include "runner/unmatched.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/selection.hpp"

namespace wsfault::runner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<model::System> a_client() {
  model::System system;
  system.name = "sleep 1";
  system.role = model::Role::client;
  system.settable = {"drain"};
  system.traits.values["shoe_size"] = Value(42);
  return {system};
}

const Available there = {
    {"a.toml"}, {model::Role::client}, {"1006", "slow"}, {"a[code=1000]", "a[code=1001]"}, {"code"}, true};

TEST(NotThere, IsNothingWhereAllIsThere) {
  Selection selection;
  selection.tags = {"slow"};
  selection.names = {"code=1000", "a"};
  selection.cases = {"a[code=1001]"};
  EXPECT_EQ(unmatched(selection, a_client(), there), "");
}

TEST(NotThere, NamesTheNearestOrAll) {
  Selection selection;
  selection.tags = {"slow", "solw"};
  EXPECT_EQ(unmatched(selection, a_client(), there),
            "--tag solw: no scenario here has that tag; did you mean \"slow\"? allowed: 1006, slow");
  selection = {};
  selection.names = {"code=1002"};
  EXPECT_THAT(unmatched(selection, a_client(), there),
              HasSubstr("--name code=1002: no case here has that in its id; "));
  selection = {};
  selection.cases = {"a[code=100]"};
  EXPECT_THAT(unmatched(selection, a_client(), there), HasSubstr("did you mean \"a[code=1000]\"?"));
}

TEST(NotThere, ListsNoMoreThanAPersonReads) {
  Available many = there;
  for (int i = 0; i < 100; ++i) many.tags.insert("tag-" + std::to_string(i));
  Selection selection;
  selection.tags = {"something-else"};
  EXPECT_EQ(unmatched(selection, a_client(), many),
            "--tag something-else: no scenario here has that tag; `wsfault check -v` lists them");
}

TEST(NotThere, SaysWhichRoleIsWrong) {
  Available other = there;
  other.roles = {model::Role::server};
  other.taken = false;
  Selection selection;
  EXPECT_EQ(unmatched(selection, a_client(), other),
            "a.toml is a scenario of role server, and the system \"sleep 1\" is a client");
  selection.role = model::Role::gateway;
  other.files = {"a.toml", "b.toml"};
  other.roles = {model::Role::server, model::Role::client};
  EXPECT_EQ(unmatched(selection, a_client(), other),
            "these scenarios are of role client and server, --role asks for gateway, and the system \"sleep "
            "1\" is a client");
}

TEST(UnknownSettings, AreThoseThatNeitherAFileNorATraitIsCalled) {
  EXPECT_THAT(unknown_settings({{"code", "1000"},
                                {"heartbeat", "1s"},
                                {"backoff.max", "1s"},
                                {"drain", "1s"},
                                {"shoe_size", "43"}},
                               {"code"}, a_client()),
              ElementsAre());
  EXPECT_THAT(unknown_settings({{"hartbeat", "20s"}, {"nothing-like-it", "x"}}, {"code"}, a_client()),
              ElementsAre("--set hartbeat=20s: neither a selected scenario nor a trait is called that; did "
                          "you mean \"heartbeat\"?",
                          "--set nothing-like-it=x: neither a selected scenario nor a trait is called that"));
}

}  // namespace
}  // namespace wsfault::runner
