// A case as a tree, through JSON and back, as read by `wsfault judge`; deadlines; the role of a file.
#include <gtest/gtest.h>

#include "fault/attributes_of.hpp"
#include "loading.hpp"

namespace wsfault::scenario {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

LoadedCase through_json(const LoadedCase& one) {
  Result<LoadedCase> back = read_resolved(parse_json(to_json(one.resolved)));
  EXPECT_TRUE(back) << back.error();
  return back ? *std::move(back) : LoadedCase{};
}

void expect_equal(const fault::FaultSpec& left, const fault::FaultSpec& right) {
  EXPECT_EQ(left.name, right.name);
  EXPECT_EQ(left.inject, right.inject);
  EXPECT_EQ(left.at, right.at);
  EXPECT_EQ(left.of, right.of);
  EXPECT_EQ(left.connections.text, right.connections.text);
  EXPECT_EQ(fault::to_string(left.when), fault::to_string(right.when));
  EXPECT_EQ(left.after, right.after);
  EXPECT_EQ(left.lasts, right.lasts);
  EXPECT_EQ(left.direction, right.direction);
  EXPECT_EQ(left.end, right.end);
  EXPECT_EQ(left.count, right.count);
  EXPECT_EQ(left.probability, right.probability);
  EXPECT_EQ(attributes_of(left), attributes_of(right));
}

void expect_equal(const verdict::Expectation& left, const verdict::Expectation& right) {
  EXPECT_EQ(left.text, right.text);
  EXPECT_EQ(left.what.phrase, right.what.phrase);
  EXPECT_EQ(left.never, right.never);
  EXPECT_EQ(left.of, right.of);
  EXPECT_EQ(left.connection, right.connection);
  EXPECT_EQ(left.since.has_value(), right.since.has_value());
  EXPECT_EQ(left.within, right.within);
  EXPECT_EQ(left.not_before, right.not_before);
  EXPECT_EQ(left.lasting, right.lasting);
}

const std::string rich = client(R"(tags = ["1006"]
spec = "RFC 6455 7.1.5"
refutes = ["wrong-code"]
deadline = "30s"
[each]
code = [1011]
wait = ["1s + 1s"]
[system]
heartbeat = "300ms"
[upstream]
steps = [{ send = "${seq}" }, { mark = "m" }, { inject = "latency", latency = "5ms" }]
[[fault]]
inject = "close"
code = "${code}"
when = { moment = "message 2", from = "server" }
after = "${wait}"
[[fault]]
inject = "blackhole"
lasts = "0.5 * 1s"
probability = 0.5
connections = "2-"
[[expect]]
close = [1006, "4000-4999"]
since = "fault close"
within = "2 * ${heartbeat} + 1s"
[[expect]]
never = { close = "any" }
for = "1s"
[[expect]]
reconnect = { attempts = ">=6", backoff = "exponential" }
since = { moment = "mark m", connection = 1 }
within = "6 * ${backoff.max} + 5s"
)");

TEST(Resolved, ReadsBackAsAnEqualCase) {
  Setting setting = ordinary_setting();
  setting.system.report = model::ReportMode::json;
  setting.system.dialect.refuses_codes = {1014};
  const LoadedCase one = case_of(rich, setting);
  const LoadedCase back = through_json(one);
  EXPECT_EQ(back.scenario.id, "x[code=1011,wait=1s + 1s]");
  EXPECT_EQ(back.scenario.file, "x.toml");
  EXPECT_EQ(back.scenario.title, one.scenario.title);
  EXPECT_EQ(back.scenario.tags, one.scenario.tags);
  EXPECT_EQ(back.scenario.spec, one.scenario.spec);
  EXPECT_EQ(back.scenario.refutes, one.scenario.refutes);
  EXPECT_EQ(back.scenario.deadline, one.scenario.deadline);
  EXPECT_EQ(back.scenario.values, one.scenario.values);
  EXPECT_EQ(back.scenario.requirements, one.scenario.requirements);
  ASSERT_EQ(back.judged.faults.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) expect_equal(back.judged.faults[i], one.judged.faults[i]);
  ASSERT_EQ(back.judged.expectations.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) expect_equal(back.judged.expectations[i], one.judged.expectations[i]);
  EXPECT_EQ(to_json(back.resolved), to_json(one.resolved));
}

TEST(Resolved, KeepsOfTheSystemWhatJudgingNeeds) {
  Setting setting = ordinary_setting();
  setting.system.report = model::ReportMode::patterns;
  setting.system.dialect.hides_status = true;
  setting.system.dialect.refuses_codes = {1014, 1015};
  setting.system.environment = {{"TOKEN", "s3cret"}};
  const LoadedCase one = case_of(rich, setting);
  const model::System system = through_json(one).judged.system;
  EXPECT_EQ(system.name, "node");
  EXPECT_EQ(system.report, model::ReportMode::patterns);
  EXPECT_TRUE(system.dialect.hides_status);
  EXPECT_EQ(system.dialect.refuses_codes, (std::vector<int>{1014, 1015}));
  EXPECT_EQ(system.traits.values, one.judged.system.traits.values);
  EXPECT_EQ(system.traits.duration("heartbeat"), milliseconds(300));
  EXPECT_EQ(to_json(one.resolved).find("s3cret"), std::string::npos);
}

TEST(Resolved, CarriesTheTimeoutScaleAlsoUnderItsOldName) {
  for (const char* name : {"timeout_scale", "patience"}) {
    LoadedCase one = case_of(client(""));
    one.resolved.set(name, Value(2.5));
    EXPECT_EQ(through_json(one).judged.timeout_scale, 2.5) << name;
  }
}

TEST(Resolved, OfASkippedCaseSaysWhy) {
  const LoadedCase one = case_of(client("[system]\nmessages = 25\n"));
  EXPECT_EQ(through_json(one).skip, one.skip);
}

TEST(Resolved, AnythingElseIsRefused) {
  EXPECT_EQ(read_resolved(Value(7)).error(), "the first record holds no resolved scenario");
  const Result<LoadedCase> wrong = read_resolved(parse_json(R"({"scenario":{"title":"t"},"system":{}})"));
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().find("a scenario needs `role`"), std::string::npos);
}

TEST(Deadline, IsAsStated) {
  EXPECT_EQ(effective_deadline(case_of(client("deadline = \"3s\"\n"))), seconds(3));
}

TEST(Deadline, IsAtLeastTenSeconds) {
  EXPECT_EQ(effective_deadline(case_of(client("appropriate = false\n"))), seconds(10));
}

// The end of TCP behind a limit of 1 s that is declared is not: it is waited for.
TEST(Deadline, CoversTheWaitForWhatIsNotDeclared) {
  EXPECT_EQ(effective_deadline(case_of(client(""))), seconds(2 + 5 + 5));
  EXPECT_EQ(effective_deadline(case_of(client("")), seconds(20)), seconds(2 + 20 + 5));
}

TEST(Deadline, IsTheLargestBoundBehindTheLastFaultAndFiveSeconds) {
  EXPECT_EQ(effective_deadline(case_of(client(R"([upstream]
steps = [{ repeat = 2, steps = [{ wait = "1s" }] }]
[[fault]]
inject = "idle_kill"
idle = "3s"
after = "1s"
[[expect]]
close = 1006
within = "20s"
)"))),
            seconds(2 + 4 + 20 + 5));
}

TEST(Deadline, KnowsTheOraclesLimits) {
  Setting setting = ordinary_setting();
  setting.system.traits.values["close_limit"] = Value("30s");
  EXPECT_EQ(effective_deadline(case_of(client(""), setting)), seconds(2 + 31 + 5));
  setting.system.traits.values["heartbeat"] = Value("20s");
  setting.system.traits.values["heartbeat_timeout"] = Value("10s");
  EXPECT_EQ(effective_deadline(case_of(client(""), setting)), seconds(31 + 31 + 5))
      << "a silence, and then a Close that nobody answers";
  EXPECT_EQ(effective_deadline(case_of(client("appropriate = false\n"), setting)), seconds(10));
}

}  // namespace
}  // namespace wsfault::scenario
