// [each]: products of lists, rows, names of cases, and --set.
#include <gtest/gtest.h>

#include "fault/attributes_of.hpp"
#include "loading.hpp"

namespace wsfault::scenario {
namespace {

std::vector<std::string> ids_of(const std::vector<LoadedCase>& cases) {
  std::vector<std::string> ids;
  for (const LoadedCase& one : cases) ids.push_back(one.scenario.id);
  return ids;
}

using Ids = std::vector<std::string>;

const std::string two_lists = client(R"([each]
code = [1000, 1001]
silent = ["1s", "5s"]
[[fault]]
inject = "close"
code = "${code}"
after = "2 * ${silent}"
)");

const std::string rows = client(R"([each]
case = [{ code = 1014, back = true }, { code = 4401, back = false }]
[[expect]]
close = "${case.code}"
within = "1s"
)");

TEST(Each, IsTheProductOfAllListsInTheOrderOfTheFile) {
  const std::vector<LoadedCase> cases = cases_of(two_lists);
  EXPECT_EQ(ids_of(cases), (Ids{"x[code=1000,silent=1s]", "x[code=1000,silent=5s]", "x[code=1001,silent=1s]",
                                "x[code=1001,silent=5s]"}));
  ASSERT_EQ(cases.size(), 4u);
  EXPECT_EQ(attributes_of(cases[3].scenario.faults.front()), "code=1001 reason=");
  EXPECT_EQ(cases[3].scenario.faults.front().after, std::chrono::seconds(10));
  EXPECT_EQ(cases[3].scenario.values,
            (std::vector<std::pair<std::string, std::string>>{{"code", "1001"}, {"silent", "5s"}}));
}

TEST(Each, AListOfTablesMakesRows) {
  const std::vector<LoadedCase> cases = cases_of(rows);
  EXPECT_EQ(ids_of(cases), (Ids{"x[case.code=1014,case.back=true]", "x[case.code=4401,case.back=false]"}));
  ASSERT_EQ(cases.size(), 2u);
  EXPECT_EQ(cases[1].judged.expectations.front().text, "close = 4401");
}

TEST(Each, ARowMayHoldAList) {
  const LoadedCase one = case_of(client(R"([each]
case = [{ codes = [1002, 1006] }]
[[expect]]
close = "${case.codes}"
within = "1s"
)"));
  EXPECT_EQ(one.scenario.id, "x[case.codes=[1002,1006]]");
  EXPECT_EQ(one.judged.expectations.front().text, "close = [1002, 1006]");
}

TEST(Each, AValueMayBeMadeOfTraits) {
  const std::vector<LoadedCase> cases = cases_of(client(R"([each]
idle = ["2 * ${heartbeat}", "1s"]
[[fault]]
inject = "idle_kill"
idle = "${idle} + 1s"
)"));
  ASSERT_EQ(cases.size(), 2u);
  EXPECT_EQ(cases[0].scenario.id, "x[idle=2 * ${heartbeat}]");
  EXPECT_EQ(attributes_of(cases[0].scenario.faults.front()), "idle=1400000000ns renewed_by=any scale=1");
}

TEST(Each, ASumInsideAProductIsAddedUpFirst) {
  const LoadedCase one = case_of(client(R"(deadline = "2 * ${silent}"
[each]
silent = ["1s + 500ms"]
)"));
  EXPECT_EQ(one.scenario.deadline, std::chrono::seconds(3));
}

TEST(Each, RepeatedValuesAreOneCase) {
  EXPECT_EQ(ids_of(cases_of(client("[each]\ncode = [1, 1, 2]\n"))), (Ids{"x[code=1]", "x[code=2]"}));
}

TEST(Set, ReplacesAListByOneValueOfTheListsType) {
  Setting setting = ordinary_setting();
  setting.set = {{"silent", "30s"}, {"code", "4000"}};
  const LoadedCase one = case_of(two_lists, setting);
  EXPECT_EQ(one.scenario.id, "x[code=4000,silent=30s]");
  EXPECT_EQ(attributes_of(one.scenario.faults.front()), "code=4000 reason=");
}

TEST(Set, ReplacesAColumnOfRows) {
  Setting setting = ordinary_setting();
  setting.set = {{"case.code", "1000"}};
  EXPECT_EQ(ids_of(cases_of(rows, setting)),
            (Ids{"x[case.code=1000,case.back=true]", "x[case.code=1000,case.back=false]"}));
}

TEST(Set, OfAnyOtherNameDeclaresATrait) {
  Setting setting = ordinary_setting();
  setting.set = {
      {"idle_limit", "20s"}, {"backoff.max", "3s"}, {"final", "1008,4400-4499"}, {"max_connections", "2"}};
  const model::Traits traits = case_of(client(""), setting).judged.system.traits;
  EXPECT_EQ(traits.duration("idle_limit"), std::chrono::seconds(20));
  EXPECT_EQ(traits.backoff().max, std::chrono::seconds(3));
  EXPECT_EQ(traits.backoff().first, std::chrono::milliseconds(100));
  EXPECT_EQ(traits.final_codes()->size(), 2u);
  EXPECT_EQ(traits.integer("max_connections"), 2);
}

TEST(Set, TakesListsAndTablesAsTomlWritesThem) {
  Setting setting = ordinary_setting();
  for (const char* list : {"[1008, \"4400-4499\"]", "[1008,4401]", "1008, 4400-4499"}) {
    setting.set = {{"final", list}};
    EXPECT_EQ(case_of(client(""), setting).judged.system.traits.final_codes()->size(), 2u) << list;
  }
  setting.set = {{"backoff", "{ first = \"1s\", max = \"3s\" }"}};
  EXPECT_EQ(case_of(client(""), setting).judged.system.traits.backoff().max, std::chrono::seconds(3));
}

}  // namespace
}  // namespace wsfault::scenario
