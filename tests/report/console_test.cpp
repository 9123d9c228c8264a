// The whole output for people: lines, blocks, the summary and the live line.
#include "report/console.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "report/escape.hpp"
#include "report/sample.hpp"
#include "verdict/cause.hpp"

namespace wsfault::report {
namespace {

constexpr Style plain;
constexpr Style verbose{.colour = false, .verbose = true};
constexpr Style colourful{.colour = true, .verbose = true};

TEST(Console, AFailureExplainsItself) {
  EXPECT_TRUE(sample::is_printed("failed.txt", print_case(sample::told(sample::failed()), plain)));
}

TEST(Console, AnUndecidedCaseSaysWhy) {
  EXPECT_TRUE(
      sample::is_printed("inconclusive.txt", print_case(sample::told(sample::inconclusive()), plain)));
}

TEST(Console, AnErrorShowsTheLastOutput) {
  EXPECT_TRUE(sample::is_printed("error.txt", print_case(sample::told(sample::error()), plain)));
}

TEST(Console, AnErrorWithoutOutputSaysSo) {
  CaseResult result = sample::error();
  result.output.clear();
  EXPECT_NE(print_case(sample::told(result), plain).find("  output    (the system printed nothing)\n"),
            std::string::npos);
}

TEST(Console, HostileTextIsSpeltOut) {
  EXPECT_EQ(print_case(sample::told(sample::hostile()), plain), R"text(
failed        evil/<&>"'\x1b[case=a/b]  1.2s
  <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end (<&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end)
  <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end under test: <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end; <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end
  reason    <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end

  check     <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end (line 9)
  expected  <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end
  seen      <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end
  observed  sut #1 reported no end; on the wire no HTTP answer, no Close frame, TCP still open
  observed  <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end #1 reported error "<&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end"
  timeline  times count from the fault
     -1.0ms  sut → link                                                        text "<&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end" (36 bytes), which did not arrive
     +0.0ms  link                                                              fault <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end (reset) fired: <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end
     +1.0ms  sut → link                                                        breaks the protocol: <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end (<&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end)
     +3.0ms  sut                                                               reports <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end "<&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end" "<&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end"
     +4.0ms  <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end  reports error "<&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end"
    +48.5ms  wsfault                                                           error: <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end
  cause     <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end
  remedy    <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end
  repeat    <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end

)text");
}

TEST(Console, OutputOfAnErrorIsSpeltOutAndNothingIsJudged) {
  CaseResult result = sample::hostile();
  result.outcome = verdict::Outcome::error;
  result.output = {{"stdout", "\x1b]0;title\x07 \xff"}, {"stdout", ""}};
  const std::string text = print_case(sample::told(result), plain);
  EXPECT_NE(text.find(R"(  output    the system's last lines:
    | \x1b]0;title\x07 \xff
    |
)"),
            std::string::npos);
  EXPECT_EQ(text.find("  expected"), std::string::npos);
}

TEST(Console, PassesAndSkipsAreForTheVerbose) {
  EXPECT_EQ(print_case(sample::told(sample::passed()), plain), "");
  EXPECT_EQ(print_case(sample::told(sample::known()), plain), "");
  EXPECT_EQ(print_case(sample::told(sample::skipped()), plain), "");
  EXPECT_EQ(print_case(sample::told(sample::passed()), verbose), "passed        1006/server-reset  0.24s\n");
  EXPECT_EQ(print_case(sample::told(sample::known()), verbose),
            "passed        1006/old-library  0.24s  known: the library does not know 1006\n");
  EXPECT_EQ(print_case(sample::told(sample::skipped()), verbose),
            "skipped       1006/heartbeat-keeps-alive  0.00s  the system grants no heartbeat\n");
}

TEST(Console, AWarningIsOneLine) {
  EXPECT_TRUE(sample::is_printed("warned.txt", print_case(sample::told(sample::warned()), plain)));
}

TEST(Console, WarningsOfAFailureStandInItsBlock) {
  CaseResult result = sample::failed();
  result.judgement.findings.push_back(sample::warned().judgement.findings.front());
  EXPECT_NE(
      print_case(sample::told(result), plain).find("  warning   3 delays are too few to tell the schedule"),
      std::string::npos);
}

TEST(Console, TheSameTimelineIsShownOnce) {
  CaseResult result = sample::failed();
  result.judgement.findings.push_back(result.judgement.findings.front());
  const std::string text = print_case(sample::told(result), plain);
  EXPECT_EQ(text.find("timeline"), text.rfind("timeline"));
  EXPECT_NE(text.find("  seen"), text.rfind("  seen"));
}

TEST(Console, ColourOnlyWhenAsked) {
  EXPECT_EQ(print_case(sample::told(sample::passed()), colourful),
            "\x1b[32mpassed      \x1b[0m  \x1b[1m1006/server-reset\x1b[0m  0.24s\n");
  EXPECT_EQ(print_case(sample::told(sample::failed()), plain).find('\x1b'), std::string::npos);
  EXPECT_NE(print_case(sample::told(sample::failed()), colourful).find("\x1b[31mit reported 1000"),
            std::string::npos);
}

TEST(Console, SummarySaysWhatToDoNext) {
  EXPECT_TRUE(sample::is_printed("summary.txt", print_summary(sample::run(), plain)));
}

CaseResult failed_for(std::string id, std::string cause) {
  CaseResult result = sample::failed();
  result.id = std::move(id);
  for (verdict::Finding& finding : result.judgement.findings) finding.cause = cause;
  return result;
}

TEST(Console, SummaryListsCasesByCauseWhereThereAreSeveral) {
  const std::string text =
      print_summary({.cases = {failed_for("a", "It is late."), failed_for("b", "It is deaf."),
                               failed_for("c", "It is deaf."), failed_for("d", "")},
                     .wall = std::chrono::milliseconds(310),
                     .seed = 7},
                    plain);
  EXPECT_NE(text.find("  2 different causes, most cases first:\n"
                      "  It is deaf. (2 cases)\n    failed        b\n    failed        c\n"
                      "  It is late. (1 case)\n    failed        a\n"
                      "  No cause is known: (1 case)\n    failed        d\n"),
            std::string::npos)
      << text;
}

constexpr Style brief{.brief = true};

verdict::Finding failed_with(std::string cause, std::string seen) {
  verdict::Finding finding;
  finding.state = verdict::State::violated;
  finding.subject = "appropriate";
  finding.seen = std::move(seen);
  finding.cause = std::move(cause);
  return finding;
}

TEST(Console, BriefIsALineForEachFinding) {
  CaseResult result = failed_for("1006/server-crash", "");
  result.judgement.findings = {failed_with("It is late.", "it reported 1006 after 3s"),
                               failed_with("", "it reported 1000\nclean"),
                               failed_with("It is late.", "it came back after 9s")};
  EXPECT_EQ(print_case(sample::told(std::move(result)), brief),
            "failed        1006/server-crash  It is late.\n"
            "failed        1006/server-crash  it reported 1000\\nclean\n");
}

// A build log has no room for more, and the whole is elsewhere.
TEST(Console, ABriefLineFits120Columns) {
  const std::string id = "frames/illegal-frames[inject=reserved_bits,when=message 2]";
  const std::string before = "failed        " + id + "  ";
  const auto printed = [&](const std::string& cause) { return print_case(failed_for(id, cause), brief); };
  const std::string fits(120 - before.size(), 'x');
  EXPECT_EQ(printed(fits), before + fits + "\n");
  EXPECT_EQ(printed(fits + "y"), before + fits.substr(1) + "…\n");
  // Where the id fills the line, something of the text is left.
  const std::string long_id(150, 'i');
  EXPECT_EQ(print_case(failed_for(long_id, std::string(50, 'x')), brief),
            "failed        " + long_id + "  " + std::string(39, 'x') + "…\n");
  for (const verdict::CauseRow& row : verdict::cause_rows()) {
    std::string line = print_case(failed_for("1006/server-crash", verdict::sentence_of(row.id)), brief);
    line.pop_back();
    EXPECT_LE(width(line), 120U) << line;
  }
}

TEST(Console, ABriefWarningIsWhatWasSeen) {
  CaseResult result = sample::passed();
  result.outcome = verdict::Outcome::warned;
  verdict::Finding finding = failed_with("It is late.", "it reported the end without a code");
  finding.state = verdict::State::warned;
  finding.expected = "a code";
  result.judgement.findings = {finding};
  EXPECT_EQ(print_case(result, brief),
            "warned        " + result.id + "  it reported the end without a code\n");
}

TEST(Console, BriefSaysWhereTheRestIs) {
  const RunSummary summary{.cases = {failed_for("a", "It is late.")}};
  EXPECT_NE(print_summary(summary, brief).find("  Without --brief each is explained: what was expected"),
            std::string::npos);
  EXPECT_NE(print_summary(summary, plain).find("  Each is explained above: what was expected"),
            std::string::npos);
}

TEST(Console, SummaryOfASuccess) {
  EXPECT_EQ(
      print_summary({.cases = {sample::passed()}, .wall = std::chrono::milliseconds(310), .seed = 7}, plain),
      "1 case in 0.31s: 1 passed; seed 7\n");
  EXPECT_EQ(
      print_summary({.cases = {sample::passed()}, .wall = std::chrono::seconds(125), .seed = 7}, colourful),
      "1 case in 2m 5s: \x1b[32m1 passed\x1b[0m; seed 7\n");
}

TEST(Console, SummaryOfNothingAndOfAnInterruption) {
  EXPECT_EQ(print_summary({}, plain), "0 cases in 0.00s\n  Nothing was selected: wsfault list scenarios\n");
  EXPECT_EQ(print_summary({.cases = {sample::passed()}, .interrupted = true}, plain),
            "interrupted: 1 case in 0.00s: 1 passed\n");
}

TEST(Console, ProgressFitsItsLine) {
  Progress progress{.done = 12,
                    .total = 104,
                    .running = 3,
                    .longest = "1006/server-vanishes",
                    .longest_for = std::chrono::milliseconds(4200),
                    .failed = 1};
  EXPECT_EQ(progress_line(progress, 80),
            "12/104 done, 3 running, longest: 1006/server-vanishes 4.2s, 1 failed");
  EXPECT_EQ(progress_line(progress, 60), "12/104 done, 3 running, longest: 1006/server… 4.2s, 1 failed");
  EXPECT_EQ(progress_line(progress, 40), "12/104 done, 3 running, 1 failed");
  EXPECT_EQ(progress_line(progress, 20), "12/104 done, 3 runn…");
  progress.left = std::chrono::seconds(21);
  EXPECT_EQ(progress_line(progress, 50), "12/104 done, 3 running, 1 failed, 21.0s left");
  EXPECT_EQ(progress_line({.done = 0, .total = 5, .running = 0}, 80), "0/5 done, 0 running");
}

}  // namespace
}  // namespace wsfault::report
