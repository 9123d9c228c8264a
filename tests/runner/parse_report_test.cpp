// What a client prints: JSON objects with an "event" are reports, everything else is output.
#include <gtest/gtest.h>

#include "runner/report_line.hpp"

namespace wsfault::runner {
namespace {

TEST(ParseReport, ReadsAClose) {
  const auto report = parse_report(R"({"event":"close","code":1006,"reason":"","clean":false})");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->event, "close");
  EXPECT_EQ(report->code, 1006);
  EXPECT_EQ(report->reason, "");
  EXPECT_EQ(report->clean, false);
  EXPECT_EQ(report->text, "");
  EXPECT_FALSE(report->status);
}

TEST(ParseReport, WhatIsNotSaidIsNotKnown) {
  const auto report = parse_report(R"({"event":"open"})");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->event, "open");
  EXPECT_FALSE(report->code);
  EXPECT_FALSE(report->reason);
  EXPECT_FALSE(report->clean);
}

TEST(ParseReport, TakesTextOrMessage) {
  EXPECT_EQ(parse_report(R"({"event":"message","text":"hello"})")->text, "hello");
  EXPECT_EQ(parse_report(R"({"event":"error","message":"Unexpected server response","status":502})")->text,
            "Unexpected server response");
  EXPECT_EQ(parse_report(R"({"event":"error","message":"Unexpected server response","status":502})")->status,
            502);
  EXPECT_EQ(parse_report(R"({"event":"message","text":"a","message":"b"})")->text, "a");
}

TEST(ParseReport, WrongTypesAreNotKnown) {
  const auto report = parse_report(R"({"event":"close","code":"1006","reason":5,"clean":"no"})");
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->code);
  EXPECT_FALSE(report->reason);
  EXPECT_FALSE(report->clean);
}

// A code beyond int must not become another one.
TEST(ParseReport, ACodeBeyondAnyIsNotKnown) {
  const auto report = parse_report(R"({"event":"close","code":4294968302})");  // 2^32 + 1006
  ASSERT_TRUE(report);
  EXPECT_NE(report->code, 1006);
}

TEST(ParseReport, AllElseIsOutput) {
  for (const char* line :
       {"", "connected", "{", "{}", "[]", "[{\"event\":\"open\"}]", R"({"code":1006})", R"({"event":5})",
        R"({"event":"open"} trailing)", R"({'event':'open'})", "null", "\x80"}) {
    EXPECT_FALSE(parse_report(line)) << line;
  }
}

}  // namespace
}  // namespace wsfault::runner
