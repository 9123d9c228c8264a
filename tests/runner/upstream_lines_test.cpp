// The lines between a run and its upstream process: each type as it is written and read back, and broken
// lines.
#include "runner/upstream_lines.hpp"

#include <gmock/gmock.h>

#include "net/line_reader.hpp"

namespace wsfault::runner {
namespace {

using testing::HasSubstr;

// --- orders

TEST(UpstreamOrder, IsOneLineOfJsonAndIsReadBack) {
  ServeOrder serve{.marks = {"a", "b"}, .seed = 7, .sequence = 3, .certificate = "/c.pem", .key = "/k.pem"};
  serve.upstream.set("steps", Value(Value::Array{}));
  const std::pair<UpstreamOrder, const char*> rows[] = {
      {serve, R"({"type":"serve","upstream":{"steps":[]},"marks":["a","b"],"seed":7,"sequence":3,)"
              R"("certificate":"/c.pem","key":"/k.pem"})"},
      {ServeOrder{},
       R"({"type":"serve","upstream":{},"marks":[],"seed":1,"sequence":0,"certificate":"","key":""})"},
      {ConnectionOrder{65535, -2}, R"({"type":"connection","port":65535,"connection":-2})"},
      {MomentOrder{4, 2}, R"({"type":"moment","wait":4,"connection":2})"},
      {InjectedOrder{9}, R"({"type":"injected","serial":9})"},
  };
  for (const auto& [order, line] : rows) {
    SCOPED_TRACE(line);
    EXPECT_EQ(to_line(order), line);
    const auto read = read_order(line);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->index(), order.index());
    EXPECT_EQ(to_line(*read), line);
  }
}

TEST(UpstreamOrder, ThatIsBrokenIsAnErrorThatSaysWhatIsWrong) {
  const std::pair<std::string, const char*> rows[] = {
      {"", ""},
      {"moment 0 3", ""},
      {R"({"type":"moment","wait":0)", ""},
      {R"({"type":"moment","wait":0,"wait":0,"connection":3})", ""},
      {"7", "the line must be a table, found an integer"},
      {R"(["moment"])", "the line must be a table, found"},
      {"{}", R"("type" is missing)"},
      {R"({"type":7})", R"("type" must be a string, found an integer)"},
      {R"({"type":"momnt","wait":0,"connection":3})", R"("type" cannot be "momnt"; did you mean "moment"?)"},
      {R"({"type":"listening","port":1})", R"("type" cannot be "listening")"},
      {R"({"type":"moment","wait":0})", R"("connection" is missing)"},
      {R"({"type":"moment","wait":"0","connection":3})", R"("wait" must be an integer, found a string)"},
      {R"({"type":"moment","wait":-1,"connection":3})", R"("wait" must be at least 0, found -1)"},
      {R"({"type":"moment","wait":0.5,"connection":3})", R"("wait" must be an integer)"},
      {R"({"type":"moment","wait":0,"connection":3000000000})", R"("connection" must be between)"},
      {R"({"type":"connection","port":65536,"connection":1})",
       R"("port" must be between 0 and 65535, found 65536)"},
      {R"({"type":"injected","serial":1,"more":2})", R"(unknown key "more" in the line)"},
      {R"({"type":"serve","upstream":{},"marks":[1],"seed":1,"sequence":0,"certificate":"","key":""})",
       R"("marks" must be a list of strings, found an integer)"},
      {std::string(net::LineReader::max_line, '{'), "it is not shorter than 1048576 bytes"},
      {std::string(100'000, '['), ""},
      {std::string("\xff\0\x01", 3), ""},
  };
  for (const auto& [line, error] : rows) {
    SCOPED_TRACE(line.substr(0, 80));
    const auto read = read_order(line);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error(), "");
    EXPECT_THAT(read.error(), HasSubstr(error));
  }
}

// --- notices

TEST(UpstreamNotice, IsOneLineOfJsonAndIsReadBack) {
  const std::pair<UpstreamNotice, const char*> rows[] = {
      {ListeningNotice{4711}, R"({"type":"listening","port":4711})"},
      {WaitNotice{1, 3}, R"({"type":"wait","wait":1,"connection":3})"},
      {InjectNotice{5, 2, 1234, "inject:upstream:1"},
       R"({"type":"inject","serial":5,"connection":2,"bytes":1234,"mark":"inject:upstream:1"})"},
      {SequenceNotice{8}, R"({"type":"sequence","sequence":8})"},
  };
  for (const auto& [notice, line] : rows) {
    SCOPED_TRACE(line);
    EXPECT_EQ(to_line(notice), line);
    const auto read = read_notice(line);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->index(), notice.index());
    EXPECT_EQ(to_line(*read), line);
  }
}

TEST(UpstreamNotice, ThatIsBrokenIsAnError) {
  for (const char* line : {"", "listening 1", "{}", R"({"type":"moment","wait":0,"connection":3})",
                           R"({"type":"listening","port":"1"})", R"({"type":"mark","name":"x"})"}) {
    SCOPED_TRACE(line);
    EXPECT_FALSE(read_notice(line));
  }
}

}  // namespace
}  // namespace wsfault::runner
