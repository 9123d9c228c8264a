// What is learned from a file before it is read.
#include "scenario/outline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

namespace wsfault::scenario {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

TEST(Outline, TellsTheRoleWithoutReadingTheRest) {
  EXPECT_EQ(outline("role = \"server\"\nnonsense = 1\n").role, model::Role::server);
  EXPECT_EQ(outline("role = \"proxy\"\n").role, std::nullopt);
  EXPECT_EQ(outline("title = \"t\"\n").role, std::nullopt);
  EXPECT_EQ(outline("role = ").role, std::nullopt);
}

TEST(Outline, TellsSystemFilesFromScenariosByTheirKeys) {
  for (const char* system :
       {"name = \"x\"\nrole = \"server\"\nstart = \"x\"\n",
        "name = \"x\"\nrole = \"server\"\nurl = \"ws://h\"\n",
        "name = \"x\"\nrole = \"server\"\nulr = \"ws://h\"\n", "start = \"x\"\n[traits]\n"})
    EXPECT_TRUE(outline(system).is_system) << system;
  for (const char* scenario :
       {"", "title = \"t\"\nrole = \"client\"\n", "titel = \"t\"\nrole = \"client\"\n[[fault]]\n",
        "title = \"t\"\nname = \"n\"\n[[expect]]\n", "name = "})
    EXPECT_FALSE(outline(scenario).is_system) << scenario;
}

TEST(Outline, KnowsTheTagsAndWhatSetMayMean) {
  ::setenv("WSFAULT_OUTLINE_TOKEN", "very-secret", 1);
  const Outline found = outline(R"(title = "${pause} and ${env:WSFAULT_OUTLINE_TOKEN}"
tags = ["one", "two"]
[each]
code = [1000, 1001]
case = [{ status = 502, back = true }]
[system]
heartbeat = "1s"
backoff = { max = "2s" }
[[fault]]
after = "2 * ${silence}"
)");
  EXPECT_THAT(found.tags, ElementsAre("one", "two"));
  for (const char* name : {"pause", "code", "case", "case.status", "case.back", "heartbeat", "backoff",
                           "backoff.max", "silence"})
    EXPECT_THAT(found.names, Contains(name));
  EXPECT_THAT(found.names, Not(Contains("title")));
  EXPECT_THAT(found.secrets,
              ElementsAre(std::pair<std::string, std::string>("WSFAULT_OUTLINE_TOKEN", "very-secret")));
}

}  // namespace
}  // namespace wsfault::scenario
