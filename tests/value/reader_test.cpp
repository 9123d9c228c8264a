// Tables read from TOML: the type of each member, and the diagnostics if it is wrong.
#include "value/reader.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "value/toml.hpp"

namespace wsfault {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

/// Reads the text's root with `read`, and returns the printed diagnostics.
std::string diagnostics_of(std::string_view toml, const std::function<void(TableReader&)>& read) {
  Diagnostics diagnostics("x.toml", std::string(toml));
  const std::optional<Value> root = parse_toml(toml, diagnostics);
  if (!root) return diagnostics.print();
  TableReader reader(*root, diagnostics, "[[fault]]");
  read(reader);
  return diagnostics.print();
}

TEST(TableReader, ReadsEveryType) {
  const std::string printed =
      diagnostics_of(R"(
text = "a"
flag = true
count = 3
ratio = 0.5
whole = 1
within = "2 * 250ms"
size = "64KiB"
bytes = 512
exact = 2
bound = "<=3"
one = "x"
many = ["x", "y"]
role = "client"
)",
                     [](TableReader& reader) {
                       EXPECT_EQ(reader.text("text"), "a");
                       EXPECT_EQ(reader.boolean("flag"), true);
                       EXPECT_EQ(reader.integer("count", 1, 3), 3);
                       EXPECT_EQ(reader.number("ratio", 0, 1), 0.5);
                       EXPECT_EQ(reader.number("whole", 0, 1), 1.0);
                       EXPECT_EQ(reader.duration("within"), std::chrono::milliseconds(500));
                       EXPECT_EQ(reader.size("size"), 65536U);
                       EXPECT_EQ(reader.size("bytes"), 512U);
                       EXPECT_EQ(to_string(reader.count_bound("exact").value()), "2");
                       EXPECT_EQ(to_string(reader.count_bound("bound").value()), "<=3");
                       EXPECT_EQ(reader.texts("one"), std::vector<std::string>{"x"});
                       EXPECT_EQ(reader.texts("many"), (std::vector<std::string>{"x", "y"}));
                       EXPECT_EQ(reader.one_of("role", {"client", "server"}), "client");
                       reader.finish();
                     });
  EXPECT_EQ(printed, "");
}

TEST(TableReader, GivesNoneForWhatIsAbsent) {
  const std::string printed = diagnostics_of("", [](TableReader& reader) {
    EXPECT_FALSE(reader.has("a"));
    EXPECT_EQ(reader.raw("a"), nullptr);
    EXPECT_EQ(reader.text("a"), std::nullopt);
    EXPECT_EQ(reader.boolean("a"), std::nullopt);
    EXPECT_EQ(reader.integer("a", 0, 1), std::nullopt);
    EXPECT_EQ(reader.number("a", 0, 1), std::nullopt);
    EXPECT_EQ(reader.duration("a"), std::nullopt);
    EXPECT_EQ(reader.size("a"), std::nullopt);
    EXPECT_FALSE(reader.count_bound("a"));
    EXPECT_EQ(reader.texts("a"), std::nullopt);
    EXPECT_EQ(reader.one_of("a", {"x"}), std::nullopt);
    reader.finish();
  });
  EXPECT_EQ(printed, "");
}

struct Wrong {
  const char* toml;
  std::function<void(TableReader&)> read;
  const char* message;
  const char* hint = "";
};

TEST(TableReader, SaysWhatAMemberMustBe) {
  const Wrong cases[] = {
      {"k = 250", [](auto& r) { r.duration("k"); },
       R"("k" must be a duration like "250ms", found an integer)"},
      {"k = '5'", [](auto& r) { r.duration("k"); },
       R"("k" = "5": a duration needs a unit, as in "250ms" or "2s")"},
      {"k = '25h'", [](auto& r) { r.duration("k"); }, R"("k" = "25h": a duration is at most 24h)"},
      {"k = 1", [](auto& r) { r.text("k"); }, R"("k" must be a string, found an integer)"},
      {"k = 'x'", [](auto& r) { r.boolean("k"); }, R"("k" must be true or false, found a string)"},
      {"k = 1.5", [](auto& r) { r.integer("k", 0, 9); }, R"("k" must be an integer, found a number)"},
      {"k = 10", [](auto& r) { r.integer("k", 0, 9); }, R"("k" must be between 0 and 9, found 10)"},
      {"k = 0", [](auto& r) { r.integer("k", 1, largest); }, R"("k" must be at least 1, found 0)"},
      {"k = []", [](auto& r) { r.number("k", 0, 1); }, R"("k" must be a number, found a list)"},
      {"k = 1.5", [](auto& r) { r.number("k", 0, 1); }, R"("k" must be between 0 and 1, found 1.5)"},
      {"k = {}", [](auto& r) { r.size("k"); }, R"("k" must be a size like "64KiB", found a table)"},
      {"k = -1", [](auto& r) { r.size("k"); }, R"("k" must be at least 0, found -1)"},
      {"k = true", [](auto& r) { r.count_bound("k"); },
       R"("k" must be an integer or a bound like "<=3", found a boolean)"},
      {"k = -1", [](auto& r) { r.count_bound("k"); }, R"("k" must be at least 0, found -1)"},
      {"k = 'x'", [](auto& r) { r.count_bound("k"); }, R"("k" = "x": "x" is not a whole number)"},
      {"k = 1", [](auto& r) { r.texts("k"); },
       R"("k" must be a string or a list of strings, found an integer)"},
      {"k = 'clinet'",
       [](auto& r) {
         r.one_of("k", {"client", "server"});
       },
       R"("k" cannot be "clinet")", R"(did you mean "client"? allowed: client, server)"},
      {"k = 1",
       [](auto& r) {
         r.one_of("k", {"client", "server"});
       },
       R"("k" must be a string, found an integer)"},
  };
  for (const Wrong& wrong : cases) {
    std::string expected =
        std::string("x.toml:1:5: error: ") + wrong.message + "\n  1 | " + wrong.toml + "\n    |     ^\n";
    if (*wrong.hint != '\0') expected += std::string("    = ") + wrong.hint + "\n";
    EXPECT_EQ(diagnostics_of(wrong.toml, wrong.read), expected);
  }
}

TEST(TableReader, PointsAtTheElementOfAListThatIsWrong) {
  EXPECT_EQ(
      diagnostics_of("tags = ['a', 7]", [](TableReader& r) { EXPECT_EQ(r.texts("tags"), std::nullopt); }),
      "x.toml:1:14: error: \"tags\" must be a list of strings, found an integer\n"
      "  1 | tags = ['a', 7]\n"
      "    |              ^\n");
}

TEST(TableReader, RefusesKeysThatNobodyAskedFor) {
  EXPECT_EQ(diagnostics_of("injct = 'reset'\nat = 'link'\nwhen = 'open'\n",
                           [](TableReader& reader) {
                             reader.text("when");
                             reader.text("inject");
                             reader.text("inject");
                             reader.raw("at");
                             reader.finish();
                           }),
            "x.toml:1:1: error: unknown key \"injct\" in [[fault]]\n"
            "  1 | injct = 'reset'\n"
            "    | ^\n"
            "    = did you mean \"inject\"? allowed: at, inject, when\n");
}

TEST(TableReader, RefusesWhatIsNoTableOnce) {
  Diagnostics diagnostics("x.toml", "fault = 'reset'");
  const Value value = parse_toml("fault = 'reset'", diagnostics).value();
  TableReader reader(*value.find("fault"), diagnostics, "[[fault]]");
  EXPECT_EQ(reader.text("inject"), std::nullopt);
  reader.finish();
  EXPECT_EQ(diagnostics.print(),
            "x.toml:1:9: error: [[fault]] must be a table, found a string\n"
            "  1 | fault = 'reset'\n"
            "    |         ^\n");
}

TEST(TableReader, ReportsErrorsOfItsOwnerAtAMemberOrAtTheTable) {
  EXPECT_EQ(diagnostics_of("\na = 1",
                           [](TableReader& reader) {
                             reader.error(*reader.raw("a"), "at the member", "hint");
                             reader.error("at the table");
                           }),
            "x.toml:1:1: error: at the table\n"
            "  1 | \n"
            "    | ^\n"
            "x.toml:2:5: error: at the member\n"
            "  2 | a = 1\n"
            "    |     ^\n"
            "    = hint\n");
}

}  // namespace
}  // namespace wsfault
