// What cannot be read because it is compressed decides nothing, and that is said.
#include <gtest/gtest.h>

#include "judge_log.hpp"

namespace wsfault::verdict {
namespace {

using namespace record;
using namespace judging;

constexpr const char* unread = "1 message was compressed (permessage-deflate), and cannot be read";

/// Open, then a message from the server at 50 ms, at both taps.
Log with_message(bool compressed, std::string payload = "hello") {
  Log log = Log().open(0, 1);
  MessageSeen message{
      .from = Side::server, .number = 1, .size = payload.size(), .payload = std::move(payload)};
  message.compressed = compressed;
  log.on(50, 1, message);
  message.tap = Tap::arrived;
  return log.on(50, 1, message);
}

TEST(JudgeCompressed, AMessageNeverMatchesByAccident) {
  for (const char* keys : {"message = \"hello\"", "message = \"/h/\"", "message = \"<1KiB\"",
                           "message = { hex = \"68656c6c6f\" }", "message = \"other\""}) {
    SCOPED_TRACE(keys);
    const std::string within = std::string(keys) + "\nwithin = \"1s\"";
    EXPECT_EQ(state(within, with_message(true), 500, false, Case{}), State::pending);
    const Finding finding = judged(within, with_message(true), 1'100, false, Case{});
    EXPECT_EQ(finding.state, State::inconclusive);
    EXPECT_EQ(finding.seen, unread);
    const bool is_there = std::string_view(keys).find("other") == std::string_view::npos;
    EXPECT_EQ(state(within, with_message(false), 1'100, false, Case{}),
              is_there ? State::holds : State::violated);
  }
}

TEST(JudgeCompressed, ThatAMessageNeverComesIsNotKnown) {
  const std::string never = "never = { message = \"secret\" }\nfor = \"1s\"";
  EXPECT_EQ(state(never, with_message(false), 1'100, false, Case{}), State::holds);
  const Finding finding = judged(never, with_message(true), 1'100, false, Case{});
  EXPECT_EQ(finding.state, State::inconclusive);
  EXPECT_EQ(finding.seen, unread);
}

TEST(JudgeCompressed, NorIsHowOftenItCame) {
  const std::string once = "message = \"hello\"\ncount = \"<=1\"\nfor = \"1s\"";
  EXPECT_EQ(state(once, with_message(false), 1'100, false, Case{}), State::holds);
  EXPECT_EQ(state(once, with_message(true), 1'100, false, Case{}), State::inconclusive);
}

TEST(JudgeCompressed, WhatTheClientReportsOfItCounts) {
  Log log = with_message(true, "\xf2H");
  log.on(51, 1, Report{.event = "message", .text = "hello"}, "");
  EXPECT_EQ(state("message = \"hello\"\nwithin = \"1s\"", log, 1'100, false, Case{}), State::holds);
}

TEST(JudgeCompressed, NumbersInItAreNotFound) {
  const std::string delivery = "delivery = \"at-least-once\"\nfor = \"1s\"";
  EXPECT_EQ(state(delivery, with_message(false, "message 1"), 3'000, over, Case{}), State::holds);
  const Finding finding = judged(delivery, with_message(true, "message 1"), 3'000, over, Case{});
  EXPECT_EQ(finding.state, State::inconclusive);
  EXPECT_EQ(finding.seen, unread);
}

TEST(JudgeCompressed, AMomentThatReadsItDidNotComeAsFarAsIsKnown) {
  const std::string event = "event = \"message /hello/\"\nwithin = \"1s\"";
  EXPECT_EQ(state(event, with_message(false), 1'100, false, Case{}), State::holds);
  const Finding finding = judged(event, with_message(true), 1'100, false, Case{});
  EXPECT_EQ(finding.state, State::inconclusive);
  EXPECT_NE(finding.seen.find(unread), std::string::npos) << finding.seen;
}

TEST(JudgeCompressed, AFaultThatWaitsForItSaysWhyItNeverFired) {
  Case scenario = one_fault();
  scenario.faults[0].when = *fault::parse_moment("message /hello/");
  const auto seen = [&](const Log& log) {
    std::string all;
    for (const Finding& finding : judge_faults(scenario, *trace::Trace::of(log.events))) all += finding.seen;
    return all;
  };
  EXPECT_EQ(seen(with_message(true)), std::string("it never fired: ") + unread);
  EXPECT_EQ(seen(with_message(false)), "it never fired");
}

}  // namespace
}  // namespace wsfault::verdict
