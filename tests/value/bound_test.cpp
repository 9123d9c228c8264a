// Bounds: what is read, what is refused, which values satisfy them.
#include "value/bound.hpp"

#include <gtest/gtest.h>

namespace wsfault {
namespace {

/// The bound as read back, or the error.
std::string count(std::string_view text) {
  const auto bound = parse_count_bound(text);
  return bound ? to_string(*bound) : "error: " + bound.error();
}

std::string duration(std::string_view text) {
  const auto bound = parse_duration_bound(text);
  return bound ? to_string(*bound) : "error: " + bound.error();
}

TEST(CountBound, IsAPlainNumberALimitOrARange) {
  const std::pair<const char*, const char*> cases[] = {
      {"5", "5"},
      {" 5 ", "5"},
      {"<=5", "<=5"},
      {"<= 5", "<=5"},
      {">=5", ">=5"},
      {"1-5", "1-5"},
      {"1 - 5", "1-5"},
      {"5-5", "5"},
      {"0", "0"},
      {"", "error: \"\" is not a whole number"},
      {"<=", "error: \"\" is not a whole number"},
      {"five", "error: \"five\" is not a whole number"},
      {"1.5", "error: \"1.5\" is not a whole number"},
      {"-5", "error: a bound cannot be negative"},
      {"<=-5", "error: a bound cannot be negative"},
      {"5-", "error: \"\" is not a whole number"},
      {"5-1", "error: nothing is in \"5-1\": the larger value comes last"},
      {"<5", "error: a bound is a plain value, \"<=N\", \">=N\" or \"N-M\""},
      {"=5", "error: a bound is a plain value, \"<=N\", \">=N\" or \"N-M\""},
      {"99999999999999999999", "error: \"99999999999999999999\" is too large"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(count(text), expected) << text;
}

TEST(DurationBound, IsTheSameOfDurations) {
  const std::pair<const char*, const char*> cases[] = {
      {"1s", "1s"},
      {"<=1s + 500ms", "<=1.5s"},
      {">=250ms", ">=250ms"},
      {"1s-2s", "1s-2s"},
      {"0.8 * 1s - 1.2 * 1s", "800ms-1.2s"},
      {"1-2s", "error: a duration needs a unit, as in \"250ms\" or \"2s\""},
      {"2s-1s", "error: nothing is in \"2s-1s\": the larger value comes last"},
      {"<=", "error: a duration is missing"},
      {"-1s", "error: a duration cannot be negative"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(duration(text), expected) << text;
}

TEST(Bound, HoldsFromLowToHighInclusive) {
  using Count = Bound<std::int64_t>;
  EXPECT_TRUE(Count::exactly(3).holds(3));
  EXPECT_FALSE(Count::exactly(3).holds(2));
  EXPECT_TRUE((Count{1, 3}.holds(1) && Count{1, 3}.holds(3)));
  EXPECT_FALSE((Count{1, 3}.holds(0)));
  EXPECT_FALSE((Count{1, 3}.holds(4)));
  EXPECT_TRUE(Count{}.holds(-1));
  EXPECT_EQ(to_string(Count{}), "any");
}

TEST(Bound, IsAboveWhereNoFurtherCountCanHelp) {
  using Count = Bound<std::int64_t>;
  EXPECT_TRUE((Count{1, 3}.above(4)));
  EXPECT_FALSE((Count{1, 3}.above(0)));
  EXPECT_FALSE((Count{1, std::nullopt}.above(1000)));
}

}  // namespace
}  // namespace wsfault
