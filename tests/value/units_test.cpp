// Durations and sizes: what is read, what is refused with which sentence, and how they are written.
#include "value/units.hpp"

#include <gtest/gtest.h>

#include <random>

namespace wsfault {
namespace {

using namespace std::chrono_literals;

template <typename T>
std::string error_of(const Result<T>& result) {
  return result ? "" : result.error();
}

TEST(ParseDuration, ReadsNumbersWithUnitsAndTheirSumsAndProducts) {
  const std::pair<const char*, Duration> cases[] = {
      {"250ms", 250ms},
      {"1.5s", 1500ms},
      {"2m", 120s},
      {"1h", 1h},
      {"10us", 10us},
      {"7ns", 7ns},
      {"0s", 0s},
      {"24h", 24h},
      {"250 ms", 250ms},
      {"  250ms  ", 250ms},
      {"5 * 300ms", 1500ms},
      {"300ms*5", 1500ms},
      {"0.8 * 2s + 1s", 2600ms},
      {"500ms + 1s + 1s", 2500ms},
      {"2 * 1s + 0.5 * 300ms", 2150ms},
      {"1s + 2 * 3 * 1s", 7s},
      {"0.1s", 100ms},
      {"1.1s", 1100ms},
      {"1000000 * 1000000 * 1ns", 1000s},
      {"2 * 12h", 24h},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(parse_duration(text) ? *parse_duration(text) : Duration(-1), expected) << text;
  }
}

TEST(ParseDuration, SaysWhyThereIsNone) {
  constexpr const char* needs_unit = "a duration needs a unit, as in \"250ms\" or \"2s\"";
  constexpr const char* too_long = "a duration is at most 24h";
  const std::pair<const char*, std::string> cases[] = {
      {"", "a duration is missing"},
      {"   ", "a duration is missing"},
      {"5", needs_unit},
      {"0", needs_unit},
      {"2 * 3", needs_unit},
      {"1s + 2", "a duration needs a unit: a plain number cannot be added to one"},
      {"2 * 3 + 1s", "a duration needs a unit: a plain number cannot be added to one"},
      {"1s * 1s", "a duration cannot be multiplied by a duration"},
      {"-1s", "a duration cannot be negative"},
      {"1s + -1s", "a duration cannot be negative"},
      {"-2 * 1s", "a duration cannot be negative"},
      {"2s - 1s", "durations can be added and multiplied, not subtracted"},
      {"24h + 1ns", too_long},
      {"25h", too_long},
      {"2 * 13h", too_long},
      {"99999999999999999999h", too_long},
      {"9223372036854775807ns + 9223372036854775807ns", too_long},
      {"1s +", "a number is missing at the end"},
      {"(1s)", "a number is missing before \"(1s)\""},  // there are no brackets
      {"1s * * 2", "a number is missing before \"* 2\""},
      {"s", "a number is missing before \"s\""},
      {".5s", "a number is missing before \".5s\""},
      {"1s 2s", "\"2s\" is too much"},
      {"5min", "unknown unit \"min\": there are ns, us, ms, s, m, h"},
      {"1e3s", "unknown unit \"e3s\": there are ns, us, ms, s, m, h"},
      {"1.s", "unknown unit \".s\": there are ns, us, ms, s, m, h"},
      {"1S", "unknown unit \"S\": there are ns, us, ms, s, m, h"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(error_of(parse_duration(text)), expected) << text;
  const std::string nines(400, '9');
  EXPECT_EQ(error_of(parse_duration(nines + "s")), "\"" + nines + "\" is not a number in range");
  const std::string large(300, '9');
  EXPECT_EQ(error_of(parse_duration(large + " * " + large + " * 0s")), "the number is too large");
}

TEST(FormatDuration, IsInTheLargestUnitThatFourDigitsSpell) {
  const std::pair<Duration, const char*> cases[] = {
      {0s, "0s"},          {250ms, "250ms"},   {1500ms, "1.5s"},    {1s, "1s"},       {90s, "90s"},
      {2min, "2m"},        {90min, "90m"},     {24h, "24h"},        {10us, "10us"},   {7ns, "7ns"},
      {1234ms, "1.234s"},  {500ms, "500ms"},   {12340ms, "12.34s"}, {216min, "216m"}, {5068us, "5.068ms"},
      {60060ms, "60.06s"}, {-250ms, "-250ms"},
  };
  for (const auto& [duration, expected] : cases) EXPECT_EQ(format_duration(duration), expected);
}

TEST(FormatDuration, RoundsToFourDigitsWhatIsLong) {
  const std::pair<Duration, const char*> cases[] = {
      {1'234'567ns, "1.235ms"}, {999'996us, "1s"},       {86'399s, "24h"},
      {86'391s, "86390s"},      {1'000'000'001ns, "1s"}, {12'345ns, "12.35us"},
  };
  for (const auto& [duration, expected] : cases) EXPECT_EQ(format_duration(duration), expected);
  EXPECT_EQ(format_duration(Duration::min()), "-9223000000s");
}

TEST(FormatDuration, ReadsBackWithinFourDigits) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const auto count = static_cast<std::int64_t>(random() >> (random() % 44 + 18));
    if (count > longest_duration.count()) continue;
    const Result<Duration> back = parse_duration(format_duration(Duration(count)));
    ASSERT_TRUE(back) << format_duration(Duration(count)) << ": " << back.error();
    EXPECT_LE(std::abs(back->count() - count) * 2000, count + 2000) << format_duration(Duration(count));
  }
}

TEST(ParseSize, ReadsBytesAndTheirMultiples) {
  const std::pair<const char*, std::uint64_t> cases[] = {
      {"0", 0},
      {"512", 512},
      {"512B", 512},
      {"64KiB", 65536},
      {"64 KiB", 65536},
      {"1.5MiB", 1572864},
      {"10kB", 10000},
      {"10.1kB", 10100},
      {"2GiB", 2147483648},
      {"1TB", 1000000000000},
      {"9007199254740992", 9007199254740992},
  };
  for (const auto& [text, expected] : cases) {
    const Result<std::uint64_t> size = parse_size(text);
    ASSERT_TRUE(size) << text << ": " << size.error();
    EXPECT_EQ(*size, expected) << text;
  }
}

TEST(ParseSize, SaysWhyThereIsNone) {
  constexpr const char* units = "there are B, kB, KiB, MB, MiB, GB, GiB, TB, TiB";
  const std::pair<const char*, std::string> cases[] = {
      {"", "a size is missing"},
      {"KiB", "a number is missing before \"KiB\""},
      {"-1", "a size cannot be negative"},
      {"64KB", std::string("unknown unit \"KB\": ") + units},
      {"64kb", std::string("unknown unit \"kb\": ") + units},
      {"0.3KiB", "a size is a whole number of bytes"},
      {"1.5", "a size is a whole number of bytes"},
      {"9007199254740994", "a size is at most 2^53 bytes"},
      {"10000TiB", "a size is at most 2^53 bytes"},
      {"1KiB + 1", "\"+ 1\" is too much"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(error_of(parse_size(text)), expected) << text;
}

TEST(FormatSize, IsShortAndExactWhereItCanBe) {
  const std::pair<std::uint64_t, const char*> cases[] = {
      {0, "0B"},
      {512, "512B"},
      {65536, "64KiB"},
      {1536, "1536B"},
      {15360, "15KiB"},
      {15872, "15.5KiB"},
      {10000, "10kB"},
      {1234567, "1.177MiB"},
      {1572864, "1.5MiB"},
      {1048575, "1MiB"},
      {UINT64_MAX, "8.389e+06TiB"},
      {1048576, "1MiB"},
  };
  for (const auto& [bytes, expected] : cases) EXPECT_EQ(format_size(bytes), expected);
}

TEST(Scaled, SaturatesAtTheLongestDuration) {
  EXPECT_EQ(scaled(2s, 1.5), 3s);
  EXPECT_EQ(scaled(2s, 1e9), longest_duration);
  EXPECT_EQ(scaled(2s, std::numeric_limits<double>::infinity()), longest_duration);
  EXPECT_EQ(scaled(2s, 0), 0s);
  EXPECT_EQ(scaled(2s, -1), 0s);
  EXPECT_EQ(scaled(0s, std::numeric_limits<double>::infinity()), 0s);
}

}  // namespace
}  // namespace wsfault
