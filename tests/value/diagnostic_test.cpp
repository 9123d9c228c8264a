// Whole diagnostics, and which names are near enough.
#include "value/diagnostic.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace wsfault {
namespace {

TEST(Print, ShowsTheLineACaretAndTheHint) {
  Diagnostics diagnostics("scenarios/x.toml", "title = \"x\"\n\n[[fault]]\ninjct = \"reset\"\n");
  diagnostics.error({4, 1}, "unknown key \"injct\" in [[fault]]",
                    "did you mean \"inject\"? allowed: after, inject");
  EXPECT_EQ(diagnostics.print(),
            "scenarios/x.toml:4:1: error: unknown key \"injct\" in [[fault]]\n"
            "  4 | injct = \"reset\"\n"
            "    | ^\n"
            "    = did you mean \"inject\"? allowed: after, inject\n");
}

TEST(Print, EndsAfterAHundred) {
  Diagnostics diagnostics("x.toml", "a\n");
  for (int i = 0; i < 250; ++i) diagnostics.error({1, 1}, "wrong");
  const std::string printed = diagnostics.print();
  EXPECT_EQ(std::ranges::count(printed, '^'), 100);
  EXPECT_TRUE(printed.ends_with("x.toml: and 150 more errors\n")) << printed;
}

TEST(Print, IsInTheOrderOfPlaces) {
  Diagnostics diagnostics("x.toml", "a = 1\nb = 2\n");
  diagnostics.error({2, 5}, "third");
  diagnostics.error({1, 5}, "second");
  diagnostics.error({1, 1}, "first");
  EXPECT_EQ(diagnostics.print(),
            "x.toml:1:1: error: first\n"
            "  1 | a = 1\n"
            "    | ^\n"
            "x.toml:1:5: error: second\n"
            "  1 | a = 1\n"
            "    |     ^\n"
            "x.toml:2:5: error: third\n"
            "  2 | b = 2\n"
            "    |     ^\n");
}

TEST(Print, MakesRoomForLongLineNumbers) {
  Diagnostics diagnostics("x.toml", std::string(9, '\n') + "a = 1\r\n");
  diagnostics.error({10, 5}, "wrong", "hint");
  EXPECT_EQ(diagnostics.print(),
            "x.toml:10:5: error: wrong\n"
            "  10 | a = 1\n"
            "     |     ^\n"
            "     = hint\n");
}

TEST(Print, LeavesTheLineOutWhereThereIsNoPlace) {
  Diagnostics diagnostics("x.toml", "a = 1\n");
  diagnostics.error({}, "the file says nothing", "hint");
  EXPECT_EQ(diagnostics.print(), "x.toml: error: the file says nothing\n  = hint\n");
}

TEST(Print, AlignsTheCaretBehindTabsAndOtherCharacters) {
  Diagnostics diagnostics("x.toml", "\tä\t= wrong");
  diagnostics.error({1, 6}, "wrong");
  EXPECT_EQ(diagnostics.print(),
            "x.toml:1:6: error: wrong\n"
            "  1 |     ä   = wrong\n"
            "    |           ^\n");
}

TEST(Print, PutsTheCaretBehindTheLineWhereItEndsTooSoon) {
  Diagnostics diagnostics("x.toml", "a = ");
  diagnostics.error({1, 99}, "end of file");
  diagnostics.error({7, 1}, "there is no such line");
  EXPECT_EQ(diagnostics.print(),
            "x.toml:1:99: error: end of file\n"
            "  1 | a = \n"
            "    |     ^\n"
            "x.toml:7:1: error: there is no such line\n"
            "  7 | \n"
            "    | ^\n");
}

TEST(Print, CutsALongLineAroundTheCaret) {
  Diagnostics diagnostics("x.toml", "key = [" + std::string(500, '1') + "X" + std::string(500, '2') + "]");
  diagnostics.error({1, 508}, "wrong");
  EXPECT_EQ(diagnostics.print(), "x.toml:1:508: error: wrong\n  1 | …" + std::string(80, '1') + "X" +
                                     std::string(79, '2') + "…\n    | " + std::string(81, ' ') + "^\n");
}

TEST(Print, KeepsTheStartOfALongLineWhereTheCaretIsThere) {
  Diagnostics diagnostics("x.toml", "k = " + std::string(500, '1'));
  diagnostics.error({1, 5}, "wrong");
  EXPECT_EQ(diagnostics.print(),
            "x.toml:1:5: error: wrong\n  1 | k = " + std::string(156, '1') + "…\n    |     ^\n");
}

TEST(Print, LetsNoFileColourTheTerminal) {
  Diagnostics diagnostics("x.toml", "\x1b[31m\xff = \xc3");
  diagnostics.error({1, 1}, "unknown key \"\x1b[31m\"", "two\nlines");
  EXPECT_EQ(diagnostics.print(),
            "x.toml:1:1: error: unknown key \"?[31m\"\n"
            "  1 | ?[31m? = ?\n"
            "    | ^\n"
            "    = two?lines\n");
}

TEST(NearestName, IsTheLeastDistantOneOfAtMostThreeEdits) {
  const std::vector<std::string_view> names = {"inject", "at", "after", "when", "probability"};
  const std::pair<const char*, const char*> cases[] = {
      {"injct", "inject"},    // a missing letter
      {"injject", "inject"},  // one too many
      {"imject", "inject"},   // a wrong one
      {"ijnect", "inject"},   // two swapped
      {"Inject", "inject"},   // a difference in case costs nothing
      {"INJCT", "inject"},
      {"probabilty", "probability"},
      {"prabobilit", "probability"},
      {"ta", "at"},
      {"xyz", ""},
      {"inspector", ""},  // four edits
      {"x", ""},          // as many edits as letters
      {"", ""},
  };
  for (const auto& [found, expected] : cases) EXPECT_EQ(nearest_name(found, names), expected) << found;
}

TEST(NearestName, IsTheFirstOfEquallyNearOnes) { EXPECT_EQ(nearest_name("pang", {"ping", "pong"}), "ping"); }

TEST(Suggest, NamesTheNearestAndAllThatIsAllowed) {
  EXPECT_EQ(suggest("pnig", {"ping", "pong"}), "did you mean \"ping\"? allowed: ping, pong");
  EXPECT_EQ(suggest("something else", {"ping", "pong"}), "allowed: ping, pong");
  EXPECT_EQ(suggest("ping", {}), "");
}

}  // namespace
}  // namespace wsfault
