// Bytes of any kind become one visible line.
#include "report/escape.hpp"

#include <gtest/gtest.h>

namespace wsfault::report {
namespace {

struct Row {
  std::string_view bytes;
  std::string_view shown;
};

TEST(Escape, SpellsOutWhatCannotBeSeen) {
  using namespace std::string_view_literals;
  constexpr Row rows[] = {
      {"plain text, \"quotes\" & <marks>", "plain text, \"quotes\" & <marks>"},
      {"a\nb\rc\td", R"(a\nb\rc\td)"},
      {"\x1b[31m\x07\x7f", R"(\x1b[31m\x07\x7f)"},
      {"nul \0 byte"sv, R"(nul \x00 byte)"},
      {"grün 猫 🦉 →", "grün 猫 🦉 →"},
      {"\xff\xfe", R"(\xff\xfe)"},
      {"cut \xe7\x8c", R"(cut \xe7\x8c)"},
      {"overlong \xc0\xaf, surrogate \xed\xa0\x80", R"(overlong \xc0\xaf, surrogate \xed\xa0\x80)"},
      {"C1 \xc2\x9b, right to left \xe2\x80\xae", R"(C1 \u{9b}, right to left \u{202e})"},
      {"no character \xef\xbf\xbf, \xf0\x9f\xbf\xbe", R"(no character \u{ffff}, \u{1fffe})"},
      {"", ""},
  };
  for (const Row& row : rows) EXPECT_EQ(printable(row.bytes), row.shown);
}

TEST(Escape, CutsBetweenCharacters) {
  EXPECT_EQ(printable("猫猫猫", 3), "猫猫猫");
  EXPECT_EQ(printable("猫猫猫猫", 3), "猫猫猫…");
  EXPECT_EQ(printable("\n\n\n", 2), R"(\n\n…)");
  EXPECT_EQ(printable("x", 0), "…");
}

TEST(Escape, IsTheSameTwice) {
  const std::string once = printable("\x1b \xff\n");
  EXPECT_EQ(printable(once), once);
}

TEST(Escape, LeavesControlCharactersToJson) { EXPECT_EQ(as_utf8("a\n\xff 猫"), "a\n\\xff 猫"); }

TEST(Escape, ShowsWhatHidesInJson) {
  EXPECT_EQ(show_hidden_in_json("\"a\\n \x7f \xe2\x80\xae \xf0\x9f\xbf\xbe 猫\""),
            R"("a\n \u007f \u202e \ud83f\udffe 猫")");
}

TEST(Escape, CountsCharacters) { EXPECT_EQ(width("sut → 猫"), 7U); }

}  // namespace
}  // namespace wsfault::report
