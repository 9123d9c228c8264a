// Traits as declared, read as durations, numbers, schedules and ranges of codes.
#include <gtest/gtest.h>

#include "model/system.hpp"

namespace wsfault::model {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Value backoff_table() {
  Value table{Value::Table{}};
  table.set("first", Value("100ms"));
  table.set("factor", Value(2));
  table.set("max", Value("2 * 1s + 500ms"));
  table.set("jitter", Value("full"));
  return table;
}

TEST(Traits, ADurationMayBeAnExpression) {
  Traits traits;
  traits.values.emplace("heartbeat", Value("2 * 300ms"));
  EXPECT_EQ(traits.duration("heartbeat"), milliseconds(600));
}

TEST(Traits, NoneAndUndeclaredAreTwoThings) {
  Traits traits;
  traits.values.emplace("heartbeat", Value("none"));
  EXPECT_FALSE(traits.duration("heartbeat"));
  EXPECT_TRUE(traits.is_none("heartbeat"));
  EXPECT_FALSE(traits.duration("drain"));
  EXPECT_FALSE(traits.is_none("drain"));
}

TEST(Traits, NumbersAndSizesAreIntegers) {
  Traits traits;
  traits.values.emplace("max_connections", Value(3));
  traits.values.emplace("max_message", Value("64KiB"));
  EXPECT_EQ(traits.integer("max_connections"), 3);
  EXPECT_EQ(traits.integer("max_message"), 65536);
  EXPECT_EQ(traits.integer("messages"), std::nullopt);
}

TEST(Traits, ABackoffIsReadWholeAndByMember) {
  Traits traits;
  traits.values.emplace("backoff", backoff_table());
  const Backoff backoff = traits.backoff();
  EXPECT_EQ(backoff.first, milliseconds(100));
  EXPECT_EQ(backoff.factor, 2.0);
  EXPECT_EQ(backoff.max, milliseconds(2500));
  EXPECT_EQ(backoff.jitter, "full");
  EXPECT_EQ(traits.duration("backoff.max"), milliseconds(2500));
  EXPECT_EQ(traits.duration("backoff.min"), std::nullopt);
}

// `jitter = "none"` is a schedule without jitter; `backoff = "none"` is no schedule.
TEST(Traits, NoJitterIsAJitter) {
  Traits traits;
  traits.values.emplace("backoff", Value(Value::Table{}));
  traits.values.at("backoff").set("jitter", Value("none"));
  EXPECT_FALSE(traits.is_none("backoff.jitter"));
  EXPECT_FALSE(traits.is_none("backoff"));
  EXPECT_EQ(traits.backoff().jitter, "none");
  traits.values.at("backoff") = Value("none");
  EXPECT_TRUE(traits.is_none("backoff"));
}

TEST(Traits, FinalListsCodesAndRanges) {
  Traits traits;
  EXPECT_EQ(traits.final_codes(), std::nullopt);
  traits.values.emplace("final", Value(Value::Array{Value(1008), Value("4400-4499"), Value("401")}));
  const auto ranges = traits.final_codes();
  ASSERT_TRUE(ranges);
  ASSERT_EQ(ranges->size(), 3u);
  EXPECT_TRUE((*ranges)[0].contains(1008));
  EXPECT_TRUE((*ranges)[1].contains(4400));
  EXPECT_TRUE((*ranges)[1].contains(4499));
  EXPECT_FALSE((*ranges)[1].contains(4500));
  EXPECT_TRUE((*ranges)[2].contains(401));
}

TEST(CodeRange, NothingElseIsOne) {
  for (const Value& wrong : {Value(-1), Value(65536), Value("4499-4400"), Value("4400-"), Value("-1"),
                             Value(""), Value("4xx"), Value("1-2-3"), Value(true), Value(1000.0)}) {
    EXPECT_FALSE(read_code_range(wrong)) << to_json(wrong);
  }
}

TEST(Names, AreReadBackAsTheyAreWritten) {
  for (const Role role : {Role::client, Role::gateway, Role::server})
    EXPECT_EQ(parse_role(to_string(role)), role);
  for (const Kind kind : {Kind::none, Kind::tcp, Kind::http, Kind::websocket}) {
    EXPECT_EQ(parse_kind(to_string(kind)), kind);
  }
  for (const ReportMode mode :
       {ReportMode::json, ReportMode::patterns, ReportMode::http, ReportMode::none, ReportMode::automatic}) {
    EXPECT_EQ(parse_report_mode(to_string(mode)), mode);
  }
  EXPECT_EQ(to_string(ReportMode::automatic), "auto");
  EXPECT_FALSE(parse_role("proxy"));
}

}  // namespace
}  // namespace wsfault::model
