// Numbers in sentences: ordinals, plurals, times.
#include "value/words.hpp"

#include <gtest/gtest.h>

namespace wsfault {
namespace {

using namespace std::chrono_literals;

TEST(Ordinal, EndsAsEnglishDoes) {
  const std::pair<std::uint64_t, const char*> rows[] = {
      {0, "0th"},     {1, "1st"},     {2, "2nd"},     {3, "3rd"},       {4, "4th"},      {10, "10th"},
      {11, "11th"},   {12, "12th"},   {13, "13th"},   {21, "21st"},     {22, "22nd"},    {101, "101st"},
      {111, "111th"}, {112, "112th"}, {113, "113th"}, {1001, "1001st"}, {1011, "1011th"}};
  for (const auto& [number, expected] : rows) EXPECT_EQ(ordinal(number), expected);
}

TEST(Counted, TakesThePluralOfAllButOne) {
  EXPECT_EQ(counted(0, "case"), "0 cases");
  EXPECT_EQ(counted(1, "case"), "1 case");
  EXPECT_EQ(counted(2, "case"), "2 cases");
  EXPECT_EQ(counted(1, "try", "tries"), "1 try");
  EXPECT_EQ(counted(0, "was", "were"), "0 were");
  EXPECT_EQ(counted(Bound<std::int64_t>::exactly(1), "byte"), "1 byte");
  EXPECT_EQ(counted(Bound<std::int64_t>{std::nullopt, 1}, "byte"), "<=1 bytes");
  EXPECT_EQ(counted(Bound<std::int64_t>{2, 4}, "byte"), "2-4 bytes");
}

TEST(Measured, IsInMillisecondsAndNeitherNothingNorNegative) {
  const std::pair<Duration, const char*> rows[] = {
      {0ns, "less than 1ms"}, {999us, "less than 1ms"}, {1ms, "1ms"}, {5068us, "5ms"},
      {1204ms, "1.204s"},     {60060ms, "60.06s"},      {90s, "90s"}, {120s, "2m"},
      {-5068us, "5ms"},       {3661s, "3661s"}};
  for (const auto& [duration, expected] : rows) EXPECT_EQ(measured(duration), expected);
}

TEST(After, IsAtOnceForWhatHardlyCameLater) {
  EXPECT_EQ(after(0ns), "at once");
  EXPECT_EQ(after(-3ms), "at once");
  EXPECT_EQ(after(999us), "at once");
  EXPECT_EQ(after(1ms), "after 1ms");
  EXPECT_EQ(after(2s), "after 2s");
}

}  // namespace
}  // namespace wsfault
