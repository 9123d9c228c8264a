// Shards: parsing, and that they are disjoint, complete, the same everywhere, and similar in size.
#include "runner/shard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>

namespace wsfault::runner {
namespace {

using std::chrono::milliseconds;

/// Cases that take different times.
std::vector<scenario::LoadedCase> cases_of(const std::vector<int>& waits) {
  std::vector<scenario::LoadedCase> cases(waits.size());
  for (std::size_t i = 0; i < waits.size(); ++i) {
    cases[i].scenario.id = "case-" + std::to_string(i);
    if (waits[i] < 0) cases[i].skip = "it cannot be run";
    verdict::Expectation expectation;
    expectation.lasting = milliseconds(std::max(waits[i], 0));
    cases[i].judged.expectations.push_back(std::move(expectation));
  }
  return cases;
}

std::vector<CaseOrder> orders_of(const std::vector<scenario::LoadedCase>& cases) {
  std::vector<CaseOrder> orders;
  for (const scenario::LoadedCase& one : cases) orders.push_back({.loaded = &one, .id = one.scenario.id});
  return orders;
}

Duration sum_of(const std::vector<CaseOrder>& orders) {
  Duration sum(0);
  for (const CaseOrder& order : orders) sum += scenario::expected_duration(*order.loaded);
  return sum;
}

TEST(Shard, OfRandomCasesAreWholeDisjointAndBalanced) {
  std::mt19937 random(42);
  for (int round = 0; round < 200; ++round) {
    std::vector<int> waits(random() % 60);
    for (int& wait : waits) wait = static_cast<int>(random() % 20000) - 1000;
    const auto cases = cases_of(waits);
    const auto orders = orders_of(cases);
    Duration longest(0);
    for (const CaseOrder& order : orders)
      longest = std::max(longest, scenario::expected_duration(*order.loaded));
    const int of = static_cast<int>(random() % 9) + 1;
    std::set<std::string> seen;
    std::vector<std::size_t> sizes;
    std::vector<Duration> sums;
    for (int number = 1; number <= of; ++number) {
      report::Shard shard{.number = number, .of = of, .cases_in_all = 0, .selection = {}};
      const auto taken = take_shard(orders, shard);
      EXPECT_EQ(shard.cases_in_all, orders.size());
      for (const CaseOrder& order : taken) EXPECT_TRUE(seen.insert(order.id).second) << order.id;
      sizes.push_back(taken.size());
      sums.push_back(sum_of(taken));
    }
    EXPECT_EQ(seen.size(), orders.size());
    EXPECT_LE(*std::ranges::max_element(sizes) - *std::ranges::min_element(sizes), 1U);
    EXPECT_LE(*std::ranges::max_element(sums) - *std::ranges::min_element(sums), longest);
  }
}

TEST(Shard, IsTheSameOnEveryMachine) {
  const auto cases = cases_of({100, 5000, 300, 300, 300, -1, 2000});
  const auto orders = orders_of(cases);
  report::Shard one{.number = 1, .of = 3, .cases_in_all = 0, .selection = {}};
  report::Shard again = one;
  const auto ids = [](const std::vector<CaseOrder>& taken) {
    std::vector<std::string> found;
    for (const CaseOrder& order : taken) found.push_back(order.id);
    return found;
  };
  EXPECT_EQ(ids(take_shard(orders, one)), (std::vector<std::string>{"case-0", "case-1", "case-5"}));
  EXPECT_EQ(ids(take_shard(orders, again)), ids(take_shard(orders, one)));
  EXPECT_EQ(one.selection, again.selection);
  const auto others = cases_of({100, 5000, 300, 300, 300, -1});
  take_shard(orders_of(others), again);
  EXPECT_NE(one.selection, again.selection);
}

TEST(Shard, IsReadOrRefused) {
  const auto shard = parse_shard("2/4");
  ASSERT_TRUE(shard);
  EXPECT_EQ(shard->number, 2);
  EXPECT_EQ(shard->of, 4);
  struct Row {
    const char* text;
    const char* said;
  };
  for (const Row& row :
       {Row{"", R"(a shard is I/N, as in 1/4; found "")"}, Row{"1", R"(found "1")"},
        Row{"1/", R"(found "1/")"}, Row{"a/4", R"(found "a/4")"}, Row{"1/4x", R"(found "1/4x")"},
        Row{"1 /4", R"(found "1 /4")"}, Row{"0/4", R"(one of 1/4 to 4/4; found "0/4")"},
        Row{"5/4", R"(a shard of 4 is one of 1/4 to 4/4; found "5/4")"},
        Row{"-1/4", R"(one of 1/4 to 4/4; found "-1/4")"},
        Row{"1/0", R"(there are from 1 to 10000 shards; found "1/0")"},
        Row{"1/99999999999", R"(found "1/99999999999")"}}) {
    const auto wrong = parse_shard(row.text);
    ASSERT_FALSE(wrong) << row.text;
    EXPECT_NE(wrong.error().find(row.said), std::string::npos) << wrong.error();
  }
}

}  // namespace
}  // namespace wsfault::runner
