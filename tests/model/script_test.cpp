// What can be learned from a script without playing it.
#include "model/script.hpp"

#include <gtest/gtest.h>

namespace wsfault::model {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(WaitingTime, IsTheSumOfStatedWaitsAsOftenAsTheyAreRepeated) {
  const Steps steps = {{WaitStep{milliseconds(200)}},
                       {RepeatStep{20, {{WaitStep{milliseconds(50)}}, {SendStep{}}}}},
                       {RuleStep{{}, {{WaitStep{seconds(9)}}}}},
                       {WaitStep{fault::Moment{}}}};
  EXPECT_EQ(waiting_time(steps), milliseconds(1200));
  EXPECT_EQ(waiting_time({{RepeatStep{1'000'000, {{WaitStep{seconds(1)}}}}}}), longest_duration);
}

fault::Moment moment(const char* text) { return *fault::parse_moment(text); }

TEST(VisitWaits, FindsEachMomentThatIsWaitedForWhereverItStands) {
  const Steps steps = {{WaitStep{moment("open")}},
                       {WaitStep{seconds(1)}},
                       {RepeatStep{2, {{RepeatStep{2, {{WaitStep{moment("idle 1s")}}}}}}}},
                       {RuleStep{moment("message 1"), {{SendStep{}}, {WaitStep{moment("byte 7")}}}}}};
  const auto visited = [](const auto& party) {
    std::string all;
    visit_waits(party, [&](const fault::Moment& each) { all += fault::to_string(each) + ", "; });
    return all;
  };
  EXPECT_EQ(visited(steps), "open, idle 1s, byte 7, ");
  Upstream upstream;
  upstream.steps = {{WaitStep{moment("message 2 done")}}};
  upstream.sessions = {{2, {{WaitStep{moment("ping 3")}}}}};
  EXPECT_EQ(visited(upstream), "message 2 done, ping 3, ");
  Client client;
  client.start = moment("message 1 done");
  client.steps = steps;
  EXPECT_EQ(visited(client), "message 1 done, open, idle 1s, byte 7, ");
}

TEST(Awaited, IsWhatAScriptMustSeeBeforeItGoesOn) {
  ExpectStep expect;
  expect.pattern = *TextPattern::parse("hello");
  EXPECT_EQ(awaited({expect}), "expect hello");
  EXPECT_EQ(awaited({WaitStep{moment("message 2 done")}}), "wait message 2 done");
  EXPECT_EQ(awaited({RepeatStep{2, {{SendStep{}}, {expect}}}}), "expect hello");
  EXPECT_EQ(awaited({WaitStep{seconds(1)}}), "pause 1s");
  EXPECT_TRUE(is_pause("pause 1s"));
  EXPECT_TRUE(ends_by_itself("pause 1s") && ends_by_itself("expect hello"));
  EXPECT_FALSE(ends_by_itself("wait message 2") || is_pause("wait message 2"));
  EXPECT_EQ(awaited({RuleStep{moment("open"), {{expect}}}}), "");  // it may never start
  const Steps nested = {{SendStep{}}, {RepeatStep{2, {{SendStep{}}, {expect}}}}};
  ASSERT_NE(first_expect(nested), nullptr);
  EXPECT_EQ(to_string(*first_expect(nested)), "expect hello");
  EXPECT_EQ(first_expect(Steps{{SendStep{}}}), nullptr);
  EXPECT_TRUE(expects({{RuleStep{moment("open"), {{expect}}}}}));
  EXPECT_FALSE(expects({{SendStep{}}, {WaitStep{moment("open")}}}));
}

}  // namespace
}  // namespace wsfault::model
