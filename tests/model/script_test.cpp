// What can be told of a script without playing it.
#include "model/script.hpp"

#include <gtest/gtest.h>

namespace wsfault::model {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(SendsIllegal, FramesRawBytesAndIllegalCodesWhereverTheyStand) {
  EXPECT_TRUE(sends_illegal({{FrameStep{}}}));
  EXPECT_TRUE(sends_illegal({{RepeatStep{2, {{RawStep{"x"}}}}}}));
  EXPECT_TRUE(sends_illegal({{RuleStep{{}, {{CloseStep{1006, ""}}}}}}));
  EXPECT_FALSE(sends_illegal({{CloseStep{1014, ""}}, {CloseStep{}}, {SendStep{}}, {MarkStep{"x"}}}));
}

TEST(WaitingTime, IsTheSumOfStatedWaitsAsOftenAsTheyAreRepeated) {
  const Steps steps = {{WaitStep{milliseconds(200)}},
                       {RepeatStep{20, {{WaitStep{milliseconds(50)}}, {SendStep{}}}}},
                       {RuleStep{{}, {{WaitStep{seconds(9)}}}}},
                       {WaitStep{fault::Moment{}}}};
  EXPECT_EQ(waiting_time(steps), milliseconds(1200));
  EXPECT_EQ(waiting_time({{RepeatStep{1'000'000, {{WaitStep{seconds(1)}}}}}}), longest_duration);
}

}  // namespace
}  // namespace wsfault::model
