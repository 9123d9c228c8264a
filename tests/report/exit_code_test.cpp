// The table of exit codes in docs/results.md.
#include "report/exit_code.hpp"

#include <gtest/gtest.h>

#include "report/sample.hpp"

namespace wsfault::report {
namespace {

using enum verdict::Outcome;

TEST(ExitCode, FollowsTheWorstOutcome) {
  struct Row {
    std::vector<verdict::Outcome> outcomes;
    int usual;
    int strict;
  };
  const Row rows[] = {
      {{passed}, 0, 0},
      {{passed, warned}, 0, 1},
      {{passed, skipped}, 0, 0},
      {{passed, failed}, 1, 1},
      {{inconclusive, passed}, 3, 3},
      {{error}, 3, 3},
      {{inconclusive, warned}, 3, 1},
      {{error, inconclusive, failed}, 1, 1},
      {{skipped, skipped}, 3, 3},
      {{}, 3, 3},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(exit_code(row.outcomes, false), row.usual);
    EXPECT_EQ(exit_code(row.outcomes, true), row.strict);
  }
}

TEST(ExitCode, InterruptedComesBeforeAllElse) {
  RunSummary summary = sample::run();
  EXPECT_EQ(exit_code(summary, false), 1);
  summary.interrupted = true;
  EXPECT_EQ(exit_code(summary, false), 130);
}

TEST(ExitCode, AShardMayBeEmptyAndNoneMayBeMissing) {
  RunSummary summary;
  EXPECT_EQ(exit_code(summary, false), 3);
  summary.shard = Shard{5, 5, 4, "0"};
  EXPECT_EQ(exit_code(summary, false), 0);
  summary.cases = {sample::skipped()};
  EXPECT_EQ(exit_code(summary, false), 3) << "its system may be missing on every machine";
  summary = {.cases = {sample::passed()}, .missing_shards = {"2/2"}};
  EXPECT_EQ(exit_code(summary, false), 3);
  summary.cases.push_back(sample::failed());
  EXPECT_EQ(exit_code(summary, false), 1);
}

TEST(ExitCode, OfSeveralTheMostUrgent) {
  EXPECT_EQ(most_urgent({0, 3, 1, 2, 130}), 130);
  EXPECT_EQ(most_urgent({0, 3, 1, 2}), 2);
  EXPECT_EQ(most_urgent({0, 3, 1}), 1);
  EXPECT_EQ(most_urgent({0, 3}), 3);
  EXPECT_EQ(most_urgent({0}), 0);
}

}  // namespace
}  // namespace wsfault::report
