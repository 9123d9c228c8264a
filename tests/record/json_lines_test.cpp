// A whole log as JSON Lines.
#include <gtest/gtest.h>

#include "record/json.hpp"

namespace wsfault::record {
namespace {

constexpr std::string_view first_line =
    "{\"type\":\"run_started\",\"log_version\":2,\"at\":0,\"resolved\":{\"seed\":7}}\n";

std::string error_of(const std::string& text) {
  const auto log = log_from_json_lines(text);
  return log ? "read " + std::to_string(log->size()) : log.error();
}

TEST(JsonLines, HoldOneEventALine) {
  Value resolved;
  resolved.set("seed", 7);
  const record::Events log = {{0, {}, RunStarted{resolved}},
                              {5, {"link", "sut", 1}, Accepted{"127.0.0.1:9"}},
                              {9, {"", "sut", 0}, OutputLine{"stdout", "two\nlines"}}};
  const std::string text = to_json_lines(log);
  EXPECT_EQ(text, std::string(first_line) +
                      "{\"type\":\"accepted\",\"at\":5,\"link\":\"link\",\"party\":\"sut\",\"connection\":1,"
                      "\"peer\":\"127.0.0.1:9\",\"waited\":0}\n"
                      "{\"type\":\"output_line\",\"at\":9,\"party\":\"sut\",\"stream\":\"stdout\","
                      "\"line\":\"two\\nlines\"}\n");
  const auto back = log_from_json_lines(text);
  ASSERT_TRUE(back) << back.error();
  EXPECT_EQ(to_json_lines(*back), text);
  EXPECT_EQ(std::get<RunStarted>(back->front().what).resolved, resolved);
}

TEST(JsonLines, ReadWithoutTheLastNewlineAndWithCarriageReturns) {
  const std::string ready = "{\"type\":\"ready\",\"at\":1}";
  EXPECT_EQ(error_of(std::string(first_line) + ready), "read 2");
  EXPECT_EQ(error_of(std::string(first_line) + ready + "\r\n"), "read 2");
}

TEST(JsonLines, SayInWhichLineTheyAreWrong) {
  const std::string first(first_line);
  const std::string ready = "{\"type\":\"ready\",\"at\":1}\n";
  const std::pair<std::string, const char*> cases[] = {
      {"", "the log is empty"},
      {ready, "line 1: a log begins with run_started"},
      {first + ready + "{\"type\":\"rea", "line 3: not JSON: incomplete JSON at byte 13"},
      {first + ready + "\n" + ready, "line 3: not JSON: incomplete JSON at byte 1"},
      {first + ready + ready + ready + ready + ready + "{\"type\":\"mark\"}", "line 7: \"at\" is missing"},
      {first + "{\"type\":\"run_ended\",\"at\":5,\"reason\":\"decided\",\"stalled\":0}\n" + ready,
       "line 3: a log ends with run_ended"},
      {first + "{\"type\":\"ready\",\"at\":-5}\n", "line 2: `at` is earlier than in the line before"},
      {first + "{\"type\":\"ready\",\"at\":9223372036854775807}\n",
       "line 2: a time in it is longer than any run"},
      {first + R"({"type":"accepted","at":5,"link":"link","connection":1,"waited":-9223372036854775807})" +
           "\n",
       "line 2: a time in it is longer than any run"},
      {first + "{\"type\":\"ready\",\"at\":5}\n" + ready, "line 3: `at` is earlier than in the line before"},
      {"{\"type\":\"run_started\",\"log_version\":9,\"at\":0,\"resolved\":{}}\n",
       "line 1: this log has version 9, and only version 2 can be read"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(error_of(text), expected);
}

}  // namespace
}  // namespace wsfault::record
