// Which connections a fault strikes, and the names of directions and ends.
#include "fault/fault_spec.hpp"

#include <gtest/gtest.h>

namespace wsfault::fault {
namespace {

std::vector<int> members(std::string_view text) {
  const auto set = parse_connection_set(text);
  std::vector<int> found;
  for (int each = 0; each <= 6; ++each) {
    if (set && set->contains(each)) found.push_back(each);
  }
  return found;
}

TEST(ConnectionSet, HasTheConnectionsThatItNames) {
  using Members = std::vector<int>;
  EXPECT_EQ(members("1"), Members{1});
  EXPECT_EQ(members("2-4"), (Members{2, 3, 4}));
  EXPECT_EQ(members("3-"), (Members{3, 4, 5, 6}));
  EXPECT_EQ(members("odd"), (Members{1, 3, 5}));
  EXPECT_EQ(members("even"), (Members{2, 4, 6}));
  EXPECT_EQ(members("all"), (Members{1, 2, 3, 4, 5, 6}));
}

// "did not strike each of the connections it lists (of odd, all and open ranges: at least one)"
TEST(ConnectionSet, IsClosedWhereItListsEachOfThem) {
  for (const std::string_view closed : {"1", "2-4"})
    EXPECT_TRUE(parse_connection_set(closed)->closed()) << closed;
  for (const std::string_view open : {"3-", "odd", "even", "all"}) {
    EXPECT_FALSE(parse_connection_set(open)->closed()) << open;
  }
}

TEST(ConnectionSet, KeepsItsText) { EXPECT_EQ(parse_connection_set("2-4")->text, "2-4"); }

TEST(ConnectionSet, SaysWhatIsWrong) {
  for (const std::string_view wrong : {"", "0", "-", "-3", "x", "1-x", "1,2", "0-3", "1 - 3", "9999999999"}) {
    const auto set = parse_connection_set(wrong);
    ASSERT_FALSE(set) << wrong;
    EXPECT_EQ(set.error(), "\"" + std::string(wrong) +
                               R"(" names no connections; allowed: "1", "1-3", "2-", "odd", "even", "all")");
  }
  EXPECT_EQ(parse_connection_set("3-1").error(), "no connection is in \"3-1\": the larger number comes last");
}

TEST(FaultSpec, NamesDirectionsAndEndsAsTheFilesDo) {
  EXPECT_EQ(to_string(Direction::to_client), "to-client");
  EXPECT_EQ(to_string(Direction::to_server), "to-server");
  EXPECT_EQ(to_string(Direction::both), "both");
  EXPECT_EQ(to_string(EndWish::fin), "fin");
  EXPECT_EQ(to_string(EndWish::reset), "reset");
  EXPECT_EQ(to_string(EndWish::none), "none");
  EXPECT_EQ(to_string(EndWish::reset_next), "reset_next");
  EXPECT_EQ(to_string(EndWish::follow), "follow");
}

}  // namespace
}  // namespace wsfault::fault
