// What a person reads, whole: lines, blocks, the summary and the live line.
#include "report/console.hpp"

#include <gtest/gtest.h>

#include "report/sample.hpp"

namespace wsfault::report {
namespace {

constexpr Style plain;
constexpr Style verbose{.colour = false, .verbose = true};
constexpr Style colourful{.colour = true, .verbose = true};

TEST(Console, AFailureExplainsItself) {
  EXPECT_EQ(print_case(sample::failed(), plain), R"text(
failed        1006/server-crash  0.31s
  The server crashes while a conversation is under way (RFC 6455 7.1.5)
  client under test: reference client; scenarios/1006/server-crash.toml

  check     expect close = 1006 (line 9)
  expected  the sut reports 1006 within 1s after the fault
  seen      it reported 1000, clean, after 0.4ms
  observed  sut #1 reported close 1000 (clean); on the wire HTTP 101, no Close frame, TCP RST from link
  timeline  times count from the fault
     -49.6ms  sut              process started
     -42.1ms  wsfault          all parties are ready
     -40.1ms  sut → upstream   TCP connection
     -39.9ms  sut → upstream   HTTP GET /chat, upgrade to websocket
     -39.5ms  upstream → sut   HTTP 101 Switching Protocols
     -38.8ms  sut              reports open
     -20.1ms  upstream → sut   text "message 1" (9 bytes)
      -0.1ms  upstream → link  text "message 2" (9 bytes), which did not arrive
      +0.0ms  link             fault reset fired: reset to client and server
      +0.1ms  link → sut       TCP RST
      +0.1ms  link → upstream  TCP RST
      +0.4ms  sut              reports close 1000 (clean)
    +199.9ms  wsfault          case ended: decided
  cause     the server crashed, or ended without a Close
  remedy    restart it; reconnect with exponential backoff and jitter
  repeat    wsfault run scenarios/1006/server-crash.toml --seed 42

)text");
}

TEST(Console, AnUndecidedCaseSaysWhy) {
  EXPECT_EQ(print_case(sample::inconclusive(), plain), R"text(
inconclusive  1006/firewall-idle-drop  10.0s
  The server crashes while a conversation is under way (RFC 6455 7.1.5)
  client under test: reference client; scenarios/1006/firewall-idle-drop.toml

  check     fault idle_kill: cannot be told
  expected  it fires
  seen      it never fired: the connection was never silent for 1s
  observed  sut #1 reported nothing; on the wire HTTP 101, no Close frame, TCP still open
  timeline  times count from the start
    +0.0ms  wsfault         all parties are ready
    +2.0ms  sut → upstream  TCP connection
    +2.2ms  sut → upstream  HTTP GET /chat, upgrade to websocket
    +2.6ms  upstream → sut  HTTP 101 Switching Protocols
  repeat    wsfault run scenarios/1006/firewall-idle-drop.toml --seed 42

)text");
}

TEST(Console, AnErrorShowsTheLastOutput) {
  EXPECT_EQ(print_case(sample::error(), plain), R"text(
error         handshake/server-down  5.1s
  The server crashes while a conversation is under way (RFC 6455 7.1.5)
  client under test: reference client; scenarios/handshake/server-down.toml
  reason    the system did not start: it exited with code 1 before its first connection
  timeline  times count from the start
     +1.0ms  sut      process started
    +90.0ms  sut      prints Error: Cannot find module 'ws'
    +95.0ms  sut      process exited with code 1
    +96.0ms  wsfault  error: the system did not start
  output    the system's last lines:
    | node:internal/modules/cjs/loader:1080
    | Error: Cannot find module 'ws'
  repeat    wsfault run scenarios/handshake/server-down.toml --seed 42

)text");
}

TEST(Console, AnErrorWithoutOutputSaysSo) {
  CaseResult result = sample::error();
  result.output.clear();
  EXPECT_NE(print_case(result, plain).find("  output    (the system printed nothing)\n"), std::string::npos);
}

TEST(Console, HostileTextIsSpeltOut) {
  EXPECT_EQ(print_case(sample::hostile(), plain), R"text(
failed        evil/<&>"'\x1b[case=a/b]  1.2s
  <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end (<&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end)
  <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end under test: <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end; <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end
  reason    <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end

  check     <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end (line 9)
  expected  <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end
  seen      <&>"' \x1b[31m\x07\x7f\t\r\n \xff\xc3( ]]> \u{ffff} \u{202e} end
  observed  sut #1 reported nothing; on the wire no HTTP answer, no Close frame, TCP still open
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
  const std::string text = print_case(result, plain);
  EXPECT_NE(text.find(R"(  output    the system's last lines:
    | \x1b]0;title\x07 \xff
    |
)"),
            std::string::npos);
  EXPECT_EQ(text.find("  expected"), std::string::npos);
}

TEST(Console, PassesAndSkipsAreForTheVerbose) {
  EXPECT_EQ(print_case(sample::passed(), plain), "");
  EXPECT_EQ(print_case(sample::known(), plain), "");
  EXPECT_EQ(print_case(sample::skipped(), plain), "");
  EXPECT_EQ(print_case(sample::passed(), verbose), "passed        1006/server-reset  0.25s\n");
  EXPECT_EQ(print_case(sample::known(), verbose),
            "passed        close/bad-gateway-1014  0.15s  known: the library does not know 1014\n");
  EXPECT_EQ(print_case(sample::skipped(), verbose),
            "skipped       1006/heartbeat-keeps-alive  0.00s  the system grants no heartbeat\n");
}

TEST(Console, AWarningIsOneLine) {
  EXPECT_EQ(print_case(sample::warned(), plain),
            "warned        close/every-legal-code[code=1014]  0.40s  the sut reported 1011; expected: 1014; "
            "remedy: "
            "update the client's library\n");
}

TEST(Console, WarningsOfAFailureStandInItsBlock) {
  CaseResult result = sample::failed();
  result.judgement.findings.push_back(sample::warned().judgement.findings.front());
  EXPECT_NE(print_case(result, plain)
                .find("  warning   the sut reported 1011; expected: 1014; remedy: update the "
                      "client's library\n"),
            std::string::npos);
}

TEST(Console, TheSameTimelineIsShownOnce) {
  CaseResult result = sample::failed();
  result.judgement.findings.push_back(result.judgement.findings.front());
  const std::string text = print_case(result, plain);
  EXPECT_EQ(text.find("timeline"), text.rfind("timeline"));
  EXPECT_NE(text.find("  seen"), text.rfind("  seen"));
}

TEST(Console, ColourOnlyWhenAsked) {
  EXPECT_EQ(print_case(sample::passed(), colourful),
            "\x1b[32mpassed      \x1b[0m  \x1b[1m1006/server-reset\x1b[0m  0.25s\n");
  EXPECT_EQ(print_case(sample::failed(), plain).find('\x1b'), std::string::npos);
  EXPECT_NE(print_case(sample::failed(), colourful).find("\x1b[31mit reported 1000"), std::string::npos);
}

TEST(Console, SummarySaysWhatToDoNext) {
  EXPECT_EQ(
      print_summary(sample::run(), plain),
      R"text(7 cases in 10.2s: 3 passed (1 with warnings, 1 known to deviate), 1 failed, 1 inconclusive, 1 error, 1 skipped; seed 42
  1 skipped: the system grants no heartbeat
  failed        1006/server-crash
  inconclusive  1006/firewall-idle-drop
  error         handshake/server-down
  Each is explained above: what was expected, what was seen, and the command that repeats it.
  To see every event of one, repeat it with --log DIR; wsfault judge LOG judges such a log again.
)text");
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
  const Progress progress{.done = 12,
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
  EXPECT_EQ(progress_line({.done = 0, .total = 5, .running = 0}, 80), "0/5 done, 0 running");
}

}  // namespace
}  // namespace wsfault::report
