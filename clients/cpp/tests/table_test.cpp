// Tables as C++, TOML and JSON write them, and where their errors are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <wsfault/testing.hpp>

namespace wsfault {
namespace {

using namespace std::chrono_literals;
using namespace literals;
using ::testing::HasSubstr;

std::string error_of(std::string_view toml) {
  try {
    Table::toml(toml);
  } catch (const TableError& error) {
    return error.what();
  }
  return "none";
}

TEST(Table, has_texts_numbers_flags_durations_lists_and_tables) {
  const Table table{{"inject", "reset"},
                    {"code", 1006},
                    {"jitter", 0.5},
                    {"on", true},
                    {"within", 250ms},
                    {"never", {{"event", "close"}}},
                    {"close", Value::Array{1000, 1006}}};
  EXPECT_EQ(
      to_json(table.value()),
      R"({"inject":"reset","code":1006,"jitter":0.5,"on":true,"within":"250000000ns","never":{"event":"close"},"close":[1000,1006]})");
  EXPECT_EQ(to_json(Table().value()), "{}");
}

TEST(Table, is_read_from_lines_of_toml_an_inline_table_or_json) {
  const std::string json = R"({"inject":"reset","when":"message 3"})";
  EXPECT_EQ(to_json(R"({ inject = "reset", when = "message 3" })"_toml.value()), json);
  EXPECT_EQ(to_json(Table::toml("inject = \"reset\"\nwhen = \"message 3\"\n").value()), json);
  EXPECT_EQ(to_json(Table::toml(json).value()), json);
  EXPECT_EQ(to_json(Table::json(json).value()), json);
}

TEST(Table, another_member_replaces_the_one_of_that_name) {
  const Table table = Table{{"a", 1}}.with({"b", 2}).with({"a", 3});
  EXPECT_EQ(to_json(table.value()), R"({"a":3,"b":2})");
}

TEST(Table, errors_of_toml_have_a_place_and_a_caret) {
  EXPECT_EQ(error_of(R"({ inject = reset })"),
            "the table:1:12: error: not TOML: could not determine value type (in the value)\n"
            "  1 | { inject = reset }\n"
            "    |            ^\n");
  EXPECT_THAT(error_of("inject = \"reset\"\nwhen ="), HasSubstr("the table:2:"));
  EXPECT_THAT(error_of(R"({ inject = "reset" } extra)"), HasSubstr("the table:1:"));
  EXPECT_THROW(Table::json("{"), TableError);
  EXPECT_THROW(Table::json("[]"), TableError);
}

}  // namespace
}  // namespace wsfault
