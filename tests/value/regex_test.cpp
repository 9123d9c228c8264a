// Regular expressions and texts that may be regular expressions.
#include "value/regex.hpp"

#include <gtest/gtest.h>

namespace wsfault {
namespace {

Regex compiled(std::string_view pattern) {
  Result<Regex> regex = Regex::compile(pattern);
  EXPECT_TRUE(regex) << regex.error();
  return *regex;
}

TEST(Regex, FindsTheFirstMatchAnywhere) {
  EXPECT_TRUE(compiled("b+").search("abbc"));
  EXPECT_FALSE(compiled("^b").search("abbc"));
  EXPECT_TRUE(compiled("").search(""));
}

TEST(Regex, GivesNamedGroups) {
  const Regex regex = compiled(R"re("ref":"(?P<ref>\d+)"(?:,"to":"(?P<to>\w+)")?)re");
  using Groups = std::map<std::string, std::string>;
  EXPECT_EQ(regex.group_names(), (std::vector<std::string>{"ref", "to"}));
  EXPECT_EQ(regex.groups(R"({"ref":"12","to":"x"})"), (Groups{{"ref", "12"}, {"to", "x"}}));
  EXPECT_EQ(regex.groups(R"({"ref":"12"})"), (Groups{{"ref", "12"}, {"to", ""}}));
  EXPECT_EQ(regex.groups("nothing"), std::nullopt);
  EXPECT_EQ(compiled("x").groups("x"), Groups{});
}

TEST(Regex, GivesTheFirstGroup) {
  EXPECT_EQ(compiled(R"(id=(\d+))").first_group("id=7 id=8"), "7");
  EXPECT_EQ(compiled(R"((id|no)=(?P<seq>\d+))").first_group("no=7"), "7");
  EXPECT_EQ(compiled(R"(id=(\d*))").first_group("id="), "");
  EXPECT_EQ(compiled(R"(id=(\d+)?)").first_group("id="), std::nullopt);
  EXPECT_EQ(compiled(R"(id=\d+)").first_group("id=7"), std::nullopt);
  EXPECT_EQ(compiled(R"(id=(\d+))").first_group("x"), std::nullopt);
}

TEST(Regex, SaysWhyItIsNone) {
  EXPECT_EQ(Regex::compile("(a").error(), "not a regular expression (RE2): missing ): (a");
  EXPECT_EQ(Regex::compile("(?=a)").error(), "not a regular expression (RE2): invalid perl operator: (?=");
}

TEST(TextPattern, IsTheWholeTextOrARegularExpression) {
  struct Row {
    const char* pattern;
    const char* text;
    bool matches;
  };
  const Row rows[] = {
      {"chat", "chat", true}, {"chat", "chats", false}, {"", "", true},
      {"", "x", false},       {"/chat", "/chat", true}, {"/", "/", true},
      {"/ha/", "chat", true}, {"/^ha/", "chat", false}, {"a.c", "abc", false},
  };
  for (const Row& row : rows) {
    const Result<TextPattern> pattern = TextPattern::parse(row.pattern);
    ASSERT_TRUE(pattern) << row.pattern;
    EXPECT_EQ(pattern->matches(row.text), row.matches) << row.pattern << " on " << row.text;
    EXPECT_EQ(pattern->to_string(), row.pattern);
  }
}

TEST(TextPattern, CapturesWhatItsGroupsMatch) {
  using Groups = std::map<std::string, std::string>;
  const TextPattern regex = *TextPattern::parse(R"(/id=(?P<id>\d+)/)");
  EXPECT_EQ(regex.captures("id=7"), (Groups{{"id", "7"}}));
  EXPECT_EQ(regex.captures("x"), Groups{});
  EXPECT_EQ(regex.group_names(), std::vector<std::string>{"id"});
  EXPECT_EQ(TextPattern::parse("id=7")->captures("id=7"), Groups{});
  EXPECT_EQ(TextPattern::parse("id=7")->group_names(), std::vector<std::string>{});
}

TEST(TextPattern, SaysWhyItIsNone) {
  EXPECT_EQ(TextPattern::parse("//").error(), "an empty regular expression matches everything");
  EXPECT_EQ(TextPattern::parse("/(/").error(), "not a regular expression (RE2): missing ): (");
}

}  // namespace
}  // namespace wsfault
