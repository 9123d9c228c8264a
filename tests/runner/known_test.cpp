// Findings that a system file accepts: marked if they occur as stated, a failure if they no longer do.
#include "runner/known.hpp"

#include <gtest/gtest.h>

namespace wsfault::runner {
namespace {

using report::CaseResult;
using verdict::Outcome;

CaseResult result(std::string id, Outcome outcome) {
  CaseResult result;
  result.id = std::move(id);
  result.outcome = outcome;
  return result;
}

const std::vector<model::KnownFinding> early_hints = {
    {"1014/early-hints", "failed", "takes the 103 for the final answer"}};

TEST(ApplyKnown, AFindingThatOccursAsStatedPassesMarked) {
  std::vector<CaseResult> results = {result("1014/early-hints", Outcome::failed),
                                     result("1006/reset", Outcome::failed)};
  apply_known(early_hints, results);
  EXPECT_EQ(results[0].outcome, Outcome::passed);
  EXPECT_EQ(results[0].known, "takes the 103 for the final answer");
  EXPECT_EQ(results[1].outcome, Outcome::failed);
  EXPECT_EQ(results[1].known, "");
}

TEST(ApplyKnown, AFindingThatNoLongerOccursFails) {
  std::vector<CaseResult> results = {result("1014/early-hints", Outcome::passed)};
  apply_known(early_hints, results);
  EXPECT_EQ(results[0].outcome, Outcome::failed);
  EXPECT_EQ(results[0].known, "");
  ASSERT_EQ(results[0].judgement.findings.size(), 1U);
  const verdict::Finding& finding = results[0].judgement.findings[0];
  EXPECT_EQ(finding.state, verdict::State::violated);
  EXPECT_EQ(finding.subject, "known finding");
  EXPECT_EQ(finding.expected, "failed as the system file says: takes the 103 for the final answer");
  EXPECT_EQ(finding.seen, "the finding no longer occurs: it passed");
  EXPECT_EQ(finding.remedy, "remove the [[known]] entry from the system file");
}

TEST(ApplyKnown, WhatOccursSometimesMayBeMissing) {
  const std::vector<model::KnownFinding> race = {
      {.scenario = "1006/reset", .outcome = "failed", .reason = "a race", .sometimes = true}};
  std::vector<CaseResult> results = {result("1006/reset#1", Outcome::passed)};
  apply_known(race, results);
  EXPECT_EQ(results[0].outcome, Outcome::passed);
  EXPECT_EQ(results[0].known, "");
  results.push_back(result("1006/reset#2", Outcome::failed));
  apply_known(race, results);
  EXPECT_EQ(results[1].outcome, Outcome::passed);
  EXPECT_EQ(results[1].known, "a race");
}

TEST(ApplyKnown, AnotherOutcomeIsNotTheFinding) {
  std::vector<CaseResult> results = {result("1014/early-hints", Outcome::inconclusive)};
  apply_known(early_hints, results);
  EXPECT_EQ(results[0].outcome, Outcome::failed);
  EXPECT_EQ(results[0].judgement.findings.size(), 1U);
}

TEST(ApplyKnown, WhatDidNotRunSaysNothing) {
  std::vector<CaseResult> results = {result("1014/early-hints", Outcome::skipped),
                                     result("1014/early-hints#2", Outcome::error)};
  apply_known(early_hints, results);
  EXPECT_EQ(results[0].outcome, Outcome::skipped);
  EXPECT_EQ(results[1].outcome, Outcome::error);
  std::vector<CaseResult> nothing;
  apply_known(early_hints, nothing);
  EXPECT_TRUE(nothing.empty());
}

TEST(ApplyKnown, AnEntryMayMeanAllCasesOfAScenarioOrOne) {
  const auto cases = [] {
    return std::vector<CaseResult>{result("close/legal[code=1000]", Outcome::failed),
                                   result("close/legal[code=1014]", Outcome::failed)};
  };
  std::vector<CaseResult> all = cases();
  apply_known({{"close/legal", "failed", "any"}}, all);
  EXPECT_EQ(all[0].known, "any");
  EXPECT_EQ(all[1].known, "any");
  std::vector<CaseResult> one = cases();
  apply_known({{"close/legal[code=1014]", "failed", "1014 only"}}, one);
  EXPECT_EQ(one[0].outcome, Outcome::failed);
  EXPECT_EQ(one[1].known, "1014 only");
}

TEST(ApplyKnown, RepetitionsAreTheSameCaseAndOneOccurrenceIsEnough) {
  std::vector<CaseResult> results = {result("1014/early-hints#1", Outcome::passed),
                                     result("1014/early-hints#2", Outcome::failed)};
  apply_known(early_hints, results);
  EXPECT_EQ(results[0].outcome, Outcome::passed);
  EXPECT_EQ(results[0].known, "");
  EXPECT_EQ(results[1].outcome, Outcome::passed);
  EXPECT_EQ(results[1].known, "takes the 103 for the final answer");
}

TEST(ApplyKnown, ANameThatOnlyBeginsLikeItIsAnother) {
  std::vector<CaseResult> results = {result("1014/early-hints-twice", Outcome::failed)};
  apply_known(early_hints, results);
  EXPECT_EQ(results[0].known, "");
  EXPECT_EQ(results[0].outcome, Outcome::failed);
  EXPECT_TRUE(results[0].judgement.findings.empty());
}

}  // namespace
TEST(IsKnown, ByTheCaseOrItsScenario) {
  const std::vector<model::KnownFinding> known = {{"a/whole", "failed", "r"},
                                                  {"a/one[code=1]", "failed", "r"}};
  EXPECT_TRUE(is_known(known, "a/whole"));
  EXPECT_TRUE(is_known(known, "a/whole[code=7]"));
  EXPECT_TRUE(is_known(known, "a/one[code=1]"));
  EXPECT_FALSE(is_known(known, "a/one[code=2]"));
  EXPECT_FALSE(is_known({}, "a/whole"));
}

}  // namespace wsfault::runner
