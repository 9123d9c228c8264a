// Joins shards of a run again: the documents equal those of the whole run, and errors name what cannot be
// joined.
#include "report/merge.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "report/console.hpp"
#include "report/exit_code.hpp"
#include "report/json_report.hpp"
#include "report/junit.hpp"
#include "report/sample.hpp"

namespace wsfault::report {
namespace {

CaseResult skipped_at(std::size_t position) {
  CaseResult result = sample::skipped();
  result.id = "not-run/" + std::to_string(position);
  result.position = position;
  return result;
}

bool is_unsound(const CaseResult& result) {
  return result.outcome != verdict::Outcome::passed && result.outcome != verdict::Outcome::skipped;
}

/// Every `of`th case of the run with each outcome, including the hostile one.
RunSummary shard(int number, int of) {
  RunSummary whole = sample::run();
  whole.cases.push_back(sample::hostile());
  whole.cases.back().position = whole.cases.size();
  RunSummary part = whole;
  part.cases.clear();
  for (std::size_t i = 0; i < whole.cases.size(); ++i) {
    if (static_cast<int>(i) % of + 1 == number) part.cases.push_back(whole.cases[i]);
  }
  part.shard = Shard{number, of, whole.cases.size(), "0123456789abcdef"};
  return part;
}

RunSummary whole_run() {
  RunSummary whole = shard(1, 1);
  whole.shard.reset();
  return whole;
}

ResultsFile json_of(const RunSummary& summary, const std::string& name) {
  return {name, print_json_report(sample::told(summary))};
}

ResultsFile junit_of(const RunSummary& summary, const std::string& name) {
  return {name, print_junit(sample::told(summary))};
}

TEST(Merge, JsonOfShardsIsThatOfTheWholeRun) {
  const auto merged =
      merge({json_of(shard(2, 3), "b.json"), json_of(shard(3, 3), "c.json"), json_of(shard(1, 3), "a.json")});
  ASSERT_TRUE(merged) << merged.error();
  EXPECT_EQ(merged->json, print_json_report(sample::told(whole_run())));
  EXPECT_EQ(merged->junit, print_junit(sample::told(whole_run())));
  EXPECT_EQ(exit_code(merged->summary, false), exit_failed);
}

TEST(Merge, JunitOfShardsHasEveryCaseOnce) {
  const auto merged = merge({junit_of(shard(1, 2), "a.xml"), junit_of(shard(2, 2), "b.xml")});
  ASSERT_TRUE(merged) << merged.error();
  EXPECT_NE(
      merged->junit.find(R"(<testsuites name="wsfault" tests="8" failures="2" errors="2" time="10.200">)"),
      std::string::npos)
      << merged->junit;
  EXPECT_NE(merged->junit.find(
                R"(<testsuite name="1006" tests="5" failures="1" errors="1" skipped="1" time="1.717">)"),
            std::string::npos);
  EXPECT_EQ(merged->junit.find("\"shard\""), std::string::npos);
  EXPECT_EQ(merged->summary.cases.size(), 8U);
  EXPECT_EQ(exit_code(merged->summary, false), exit_failed);
}

// Its declaration is not looked at when it is read, and so not when it is joined.
TEST(Merge, JunitWithABrokenDeclarationKeepsItsCases) {
  const ResultsFile sound = junit_of(shard(1, 1), "a.xml");
  ResultsFile broken = sound;
  broken.text.replace(broken.text.find("version=\"1.0\""), 13, "version=1.0");
  const auto merged = merge({broken});
  ASSERT_TRUE(merged) << merged.error();
  EXPECT_EQ(merged->junit, merge({sound})->junit);
}

TEST(Merge, WhatRanAgainIsCounted) {
  RunSummary part = shard(1, 1);
  part.cases.front().attempts = 3;
  const auto merged = merge({json_of(part, "a.json")});
  ASSERT_TRUE(merged) << merged.error();
  const std::string said = print_summary(merged->summary, {});
  EXPECT_NE(said.find("\n  1 ran again, for the run itself had stood still meanwhile"), std::string::npos)
      << said;
}

TEST(Merge, AShardThatCouldNotWorkIsNoPassInEitherFormat) {
  const auto stopped = [](int number) {
    RunSummary part = shard(number, 2);
    for (CaseResult& result : part.cases) {
      if (is_unsound(result)) result = skipped_at(result.position);
    }
    if (number == 2)
      part.stopped = "the client never connected: in 3 cases nothing came to the link\n  61 more";
    return part;
  };
  for (const auto& merged : {merge({json_of(stopped(1), "a.json"), json_of(stopped(2), "b.json")}),
                             merge({junit_of(stopped(1), "a.xml"), junit_of(stopped(2), "b.xml")})}) {
    ASSERT_TRUE(merged) << merged.error();
    EXPECT_TRUE(merged->summary.stopped.starts_with("the client never connected")) << merged->summary.stopped;
    EXPECT_EQ(exit_code(merged->summary, false), exit_undecided);
    EXPECT_NE(merged->junit.find(R"(name="stopped" value="the client never connected: in 3 cases)"),
              std::string::npos)
        << merged->junit;
  }
}

TEST(Merge, SeedsThatDifferAreThoseOfTheCases) {
  RunSummary other = shard(2, 2);
  other.seed = 7;
  for (CaseResult& result : other.cases) result.seed = 7;
  const auto json = merge({json_of(shard(1, 2), "a"), json_of(other, "b")});
  ASSERT_TRUE(json) << json.error();
  EXPECT_EQ(json->summary.seed, std::nullopt);
  EXPECT_NE(json->json.find("\"seed\": null"), std::string::npos);
  EXPECT_NE(json->junit.find(R"(name="seed" value="7, 42")"), std::string::npos) << json->junit;
  const auto junit = merge({junit_of(shard(1, 2), "a"), junit_of(other, "b")});
  ASSERT_TRUE(junit) << junit.error();
  EXPECT_NE(junit->junit.find(R"(name="seed" value="42, 7")"), std::string::npos) << junit->junit;
}

TEST(Merge, AMissingShardIsSaidAndNoPass) {
  RunSummary alone = shard(1, 3);
  alone.cases.resize(1);
  const auto merged = merge({json_of(alone, "a.json")});
  ASSERT_TRUE(merged) << merged.error();
  EXPECT_EQ(merged->summary.missing_shards, (std::vector<std::string>{"2/3", "3/3"}));
  EXPECT_NE(merged->json.find(R"("missing_shards": ["2/3", "3/3"])"), std::string::npos) << merged->json;
  EXPECT_EQ(exit_code(merged->summary, false), exit_undecided);
}

TEST(Merge, AShardWithoutACaseIsOneNevertheless) {
  RunSummary empty = shard(2, 2);
  RunSummary full = shard(1, 2);
  empty.cases.clear();
  empty.shard->cases_in_all = full.shard->cases_in_all = full.cases.size();
  for (std::size_t i = 0; i < full.cases.size(); ++i) full.cases[i].position = i + 1;
  for (const auto& written : {json_of, junit_of}) {
    const auto merged = merge({written(full, "a"), written(empty, "b")});
    ASSERT_TRUE(merged) << merged.error();
    EXPECT_TRUE(merged->summary.missing_shards.empty());
    EXPECT_EQ(merged->summary.cases.size(), 4U);
  }
}

struct Refused {
  const char* name;
  std::function<void(RunSummary&)> change;  ///< to the second shard
  const char* json;                         ///< part of the sentence
  const char* junit;
};

class MergeRefuses : public testing::TestWithParam<Refused> {};

TEST_P(MergeRefuses, WhatIsNotOfOneRun) {
  RunSummary second = shard(2, 2);
  GetParam().change(second);
  const auto json = merge({json_of(shard(1, 2), "a.json"), json_of(second, "b.json")});
  ASSERT_FALSE(json);
  EXPECT_EQ(json.error(), GetParam().json);
  if (std::string_view(GetParam().junit).empty()) return;  // JUnit does not contain this
  const auto junit = merge({junit_of(shard(1, 2), "a.xml"), junit_of(second, "b.xml")});
  ASSERT_FALSE(junit);
  EXPECT_EQ(junit.error(), GetParam().junit);
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, MergeRefuses,
    testing::Values(
        Refused{"Version", [](RunSummary& second) { second.version = "0.2.0"; },
                "a.json is of wsfault 0.1.0, b.json of 0.2.0: results of one version can be merged",
                "a.xml is of wsfault 0.1.0, b.xml of 0.2.0: results of one version can be merged"},
        Refused{"Overlap", [](RunSummary& second) { second = shard(1, 2); },
                "a.json and b.json overlap: both are shard 1/2",
                "a.xml and b.xml overlap: both are shard 1/2"},
        Refused{"NumberOfShards", [](RunSummary& second) { second = shard(2, 3); },
                "a.json is one of 2 shards, b.json one of 3", "a.xml is one of 2 shards, b.xml one of 3"},
        Refused{"OtherCases", [](RunSummary& second) { second.shard->selection = "f"; },
                "a.json and b.json are shards of different cases: they were not given the same scenarios and "
                "system",
                "a.xml and b.xml are shards of different cases: they were not given the same scenarios and "
                "system"},
        Refused{"ACaseInTwo", [](RunSummary& second) { second.cases.push_back(sample::passed()); },
                "a.json and b.json overlap: both have 1006/server-reset",
                "a.xml and b.xml overlap: both have 1006/server-reset"},
        Refused{"LostCases", [](RunSummary& second) { second.cases.pop_back(); },
                "the shards have 7 cases, and there are 8 in all", ""},
        Refused{"OtherNumber", [](RunSummary& second) { second.shard->cases_in_all = 9; },
                "a.json says that there are 8 cases in all, b.json says 9", ""},
        Refused{"APlaceTwice", [](RunSummary& second) { second.cases.front().position = 1; },
                "b.json: `position` of the case 1006/server-crash cannot be 1", ""},
        Refused{"NoShard", [](RunSummary& second) { second.shard.reset(); },
                "b.json is no shard (of `wsfault run --shard I/N`): it cannot be merged with others",
                "b.xml is no shard (of `wsfault run --shard I/N`): it cannot be merged with others"}),
    [](const auto& info) { return info.param.name; });

TEST(Merge, WhatAFileSaysCannotCommandATerminal) {
  RunSummary evil = shard(1, 1);
  for (CaseResult& result : evil.cases) result.explanation = {{{}, "\x1b[2J"}, {}, {{}, "\xe2\x80\xae"}};
  for (const auto& written : {json_of, junit_of}) {
    ResultsFile file = written(evil, "evil");
    const auto merged = merge({file});
    ASSERT_TRUE(merged) << merged.error();
    for (const CaseResult& result : merged->summary.cases) {
      const std::string text = print_case(sample::told(result), {});
      EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
    }
  }
}

TEST(Merge, WhatIsNoResultIsSaid) {
  struct Row {
    std::string text;
    const char* said;
  };
  std::string newer = print_json_report(sample::told(sample::run()));
  newer.replace(newer.find("\"version\": 1"), 12, "\"version\": 2");
  std::string strange = print_json_report(sample::told(sample::run()));
  strange.replace(strange.find("\"outcome\": \"passed\""), 19, "\"outcome\": \"parsed\"");
  std::string many_shards = json_of(shard(1, 1), "x").text;
  many_shards.replace(many_shards.find("\"of\": 1"), 7, "\"of\": 2000000000");
  std::string wrapping = print_json_report(sample::told(sample::run()));
  wrapping.replace(wrapping.find("\"attempts\": 1"), 13, "\"attempts\": 4294967297");
  for (
      const Row& row :
      {Row{"", "x: it is no JSON: incomplete JSON"}, Row{"{}", "x: the document has no `format`"},
       Row{R"({"format": "else"})", "x: it is no document of `wsfault run --json`"},
       Row{newer, "x: it is of version 2 of the format, this wsfault reads 1"},
       Row{strange, "x: `outcome` of the case 1006/server-reset cannot be \"parsed\""},
       Row{many_shards, "x: `of` of `shard` cannot be 2000000000"},
       Row{wrapping, "x: `attempts` of the case 1006/server-reset cannot be 4294967297"},
       Row{R"(<testsuites name="wsfault" time="1e300"/>)", "x: `time` of <testsuites> cannot be \"1e300\""},
       Row{R"(<testsuites name="wsfault"><testsuite><testcase time="nan"/></testsuite></testsuites>)",
           "x: `time` of <testcase> cannot be \"nan\""},
       Row{R"(<testsuites name="wsfault"><testsuite><properties><property name="shard" value="1/2000000000"/>)"
           "</properties></testsuite></testsuites>",
           "x: the property `shard` cannot be \"1/2000000000\""},
       Row{"<testsuites name=\"mocha\"/>", "x: it is no document of `wsfault run --junit`"},
       Row{"<testsuites", "x: it is no XML: "}}) {
    const auto merged = merge({{"x", row.text}});
    ASSERT_FALSE(merged) << row.text;
    EXPECT_EQ(merged.error().find(row.said), 0U) << merged.error();
  }
  const auto mixed = merge({json_of(shard(1, 2), "a.json"), junit_of(shard(2, 2), "b.xml")});
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error(),
            "a.json and b.xml are of different formats: merge JSON with JSON, JUnit with JUnit");
}

}  // namespace
}  // namespace wsfault::report
