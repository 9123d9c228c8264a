// For how many cases at once the descriptors are enough.
#include "runner/descriptor_needs.hpp"

#include <gtest/gtest.h>

namespace wsfault::runner {
namespace {

constexpr std::size_t plenty = 100'000;

TEST(PlanDescriptors, LeavesTheJobsWhereThereAreEnough) {
  const DescriptorPlan plan = plan_descriptors({40, 60}, 1, 30, plenty, 10);
  EXPECT_EQ(plan.jobs, 2U);
  EXPECT_EQ(plan.sentence, "");
}

TEST(PlanDescriptors, LowersTheJobsToWhatFitsAndSaysSo) {
  const std::size_t available = plan_descriptors({}, 1, 1, 1000, 10).available;
  const DescriptorPlan plan = plan_descriptors(std::vector<std::size_t>(100, available / 4), 1, 100, 1000, 10);
  EXPECT_EQ(plan.jobs, 4U);
  EXPECT_NE(plan.sentence, "");
}

TEST(PlanDescriptors, RunsTheRoundsOfOneCaseAtOnce) {
  EXPECT_EQ(plan_descriptors({40}, 8, 30, plenty, 10).jobs, 8U);
  EXPECT_EQ(plan_descriptors({40}, 80, 30, plenty, 10).jobs, 30U);
}

TEST(PlanDescriptors, ThinksOfCasesThatNeedNone) {
  EXPECT_EQ(plan_descriptors({}, 1, 30, plenty, 10).jobs, 1U);
  // All are skipped.
  EXPECT_EQ(plan_descriptors({0, 0}, 1, 30, plenty, 10).jobs, 2U);
  // None fits.
  EXPECT_EQ(plan_descriptors({plenty}, 1, 30, 100, 10).jobs, 1U);
}

}  // namespace
}  // namespace wsfault::runner
