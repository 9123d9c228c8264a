// TOML into values: types, order, places, and the diagnostics for invalid TOML.
#include "value/toml.hpp"

#include <gtest/gtest.h>

#include <array>

namespace wsfault {
namespace {

Value parsed(std::string_view text) {
  Diagnostics diagnostics("x.toml", std::string(text));
  std::optional<Value> value = parse_toml(text, diagnostics);
  EXPECT_TRUE(value) << diagnostics.print();
  return value ? *std::move(value) : Value();
}

std::string errors_of(std::string_view text) {
  Diagnostics diagnostics("x.toml", std::string(text));
  EXPECT_FALSE(parse_toml(text, diagnostics)) << text;
  return diagnostics.print();
}

TEST(ParseToml, KeepsTypesAndTheOrderOfTheFile) {
  EXPECT_EQ(to_json(parsed(R"(title = "é \u00e9"
zero = 0
role = 'client'
ratio = 2.0
on = false
hex = 0xff
least = -9223372036854775808
tags = ["b", "a", 1, [true]]
point = { y = 1, x = 2 }
)")),
            R"({"title":"é é","zero":0,"role":"client","ratio":2.0,"on":false,"hex":255,)"
            R"("least":-9223372036854775808,"tags":["b","a",1,[true]],"point":{"y":1,"x":2}})");
}

TEST(ParseToml, KeepsTheOrderOfTablesAndDottedKeys) {
  EXPECT_EQ(
      to_json(parsed(R"(z.b = 1
z.a = 2
[upstream]
steps = [{ send = "x" }, { wait = "1s" }]
[[fault]]
inject = "reset"
[fault.detail]
q = 1
[[fault]]
inject = "fin"
[a.c.b]
k = 1
[a]
m = 2
)")),
      R"({"z":{"b":1,"a":2},"upstream":{"steps":[{"send":"x"},{"wait":"1s"}]},)"
      R"("fault":[{"inject":"reset","detail":{"q":1}},{"inject":"fin"}],"a":{"c":{"b":{"k":1}},"m":2}})");
}

TEST(ParseToml, KnowsThePlaceOfEveryKeyAndValue) {
  const Value root = parsed("title = \"x\"\n\n[[fault]]\n  inject = \"reset\"\n  tags = [1,\n  2]\n");
  const Value& fault = root.find("fault")->array()->front();
  const Value::Member& inject = fault.table()->front();
  auto pair = [](Place place) { return std::pair(place.line, place.column); };
  EXPECT_EQ(pair(root.find("title")->place), std::pair(1, 9));
  EXPECT_EQ(pair(fault.place), std::pair(3, 1));
  EXPECT_EQ(pair(inject.place), std::pair(4, 3));
  EXPECT_EQ(pair(inject.value.place), std::pair(4, 12));
  EXPECT_EQ(pair(fault.find("tags")->array()->back().place), std::pair(6, 3));
}

TEST(ParseToml, ReadsNothingAsAnEmptyTable) {
  EXPECT_EQ(to_json(parsed("")), "{}");
  EXPECT_EQ(to_json(parsed("# a comment\n")), "{}");
}

TEST(ParseToml, SaysWhereItIsNotToml) {
  const std::array<std::string, 2> cases[] = {
      {"a = 1\nb = ",
       "x.toml:2:5: error: not TOML: encountered end-of-file (in the key-value pair)\n"
       "  2 | b = \n"
       "    |     ^\n"},
      {"a = 1\na = 2",
       "x.toml:2:5: error: not TOML: cannot redefine existing integer 'a' (in the key-value pair)\n"
       "  2 | a = 2\n"
       "    |     ^\n"},
      {"a = \"\\q\"",
       "x.toml:1:7: error: not TOML: unknown escape sequence '\\q' (in the string)\n"
       "  1 | a = \"\\q\"\n"
       "    |       ^\n"},
      // unpatched toml++ 3.3.0 aborts
      {"[=]",
       "x.toml:1:2: error: not TOML: expected bare key starting character or string delimiter, saw '=' (in "
       "the key)\n"
       "  1 | [=]\n"
       "    |  ^\n"},
      {"\ufede",  // unpatched toml++ 3.3.0: undefined behaviour
       "x.toml:1:1: error: not TOML: expected keys, tables, whitespace or comments, saw '\ufede' (in the "
       "root table)\n"
       "  1 | \ufede\n"
       "    | ^\n"},
      // the end of the text is after its last character, not after its last newline
      {"a = 1\nb = '''x\n",
       "x.toml:2:9: error: not TOML: encountered end-of-file (in the literal string)\n"
       "  2 | b = '''x\n"
       "    |         ^\n"},
      {"inject 'x'",
       "x.toml:1:8: error: not TOML: expected '=', saw ''' (in the key-value pair)\n"
       "  1 | inject 'x'\n"
       "    |        ^\n"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(errors_of(text), expected);
}

TEST(ParseToml, SaysWhereItIsNotUtf8) {
  EXPECT_EQ(errors_of("a = 1\n\u00e9 = \"\xff\""),
            "x.toml:2:6: error: not TOML: this is not UTF-8\n"
            "  2 | é = \"?\"\n"
            "    |      ^\n");
  EXPECT_EQ(errors_of("a = \"\xe2\x82"),  // cut in the middle of a character
            "x.toml:1:6: error: not TOML: this is not UTF-8\n"
            "  1 | a = \"??\n"
            "    |      ^\n");
}

TEST(ParseToml, RefusesWhatNoKeyTakesAndNamesAllOfThem) {
  EXPECT_EQ(errors_of("a = 2020-01-01\nb = [07:00:00, inf]\n"),
            "x.toml:1:5: error: no key takes a date or a time of day\n"
            "  1 | a = 2020-01-01\n"
            "    |     ^\n"
            "    = durations are strings like \"250ms\"\n"
            "x.toml:2:6: error: no key takes a date or a time of day\n"
            "  2 | b = [07:00:00, inf]\n"
            "    |      ^\n"
            "    = durations are strings like \"250ms\"\n"
            "x.toml:2:16: error: no key takes a number that is not finite\n"
            "  2 | b = [07:00:00, inf]\n"
            "    |                ^\n");
}

TEST(ParseToml, RefusesWhatIsNestedTooDeeply) {
  const std::string deep = "a = " + std::string(120, '[') + std::string(120, ']');
  EXPECT_NE(errors_of(deep).find("error: tables and lists are nested too deeply"), std::string::npos);
  EXPECT_EQ(parsed("a = " + std::string(90, '[') + std::string(90, ']')).find("a")->type_name(), "a list");
}

}  // namespace
}  // namespace wsfault
