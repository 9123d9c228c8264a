// The whole JSON document of docs/results.md.
#include "report/json_report.hpp"

#include <gtest/gtest.h>

#include "report/sample.hpp"

namespace wsfault::report {
namespace {

TEST(JsonReport, OfARunWithEveryOutcome) {
  EXPECT_TRUE(sample::is_printed("results.json", print_json_report(sample::told(sample::run()))));
}

TEST(JsonReport, HostileTextStaysInItsStrings) {
  RunSummary summary = sample::run();
  summary.cases = {sample::hostile()};
  EXPECT_EQ(print_json_report(sample::told(summary)), R"text({
  "format": "wsfault-results",
  "version": 1,
  "wsfault": "0.1.0",
  "seed": 42,
  "shard": null,
  "seconds": 10.2,
  "interrupted": false,
  "stopped": null,
  "missing_shards": [],
  "counts": {
    "cases": 1,
    "passed": 0,
    "warned": 0,
    "failed": 1,
    "inconclusive": 0,
    "error": 0,
    "interrupted": 0,
    "skipped": 0,
    "known": 0
  },
  "cases": [
    {
      "position": 1,
      "id": "evil/<&>\"'\u001b[case=a/b]",
      "title": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "file": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "role": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "system": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "outcome": "failed",
      "reason": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "known": null,
      "seconds": 1.2,
      "attempts": 1,
      "stalled_ms": 0,
      "cut": null,
      "seed": 42,
      "repeat": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "findings": [
        {
          "state": "violated",
          "subject": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
          "expected": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
          "seen": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
          "broke": null,
          "cause": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
          "cause_key": null,
          "remedy": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
          "connection": 1,
          "at_ms": 50.5,
          "line": 9
        }
      ],
      "connections": [
        {
          "party": "sut",
          "connection": 1,
          "report": null,
          "wire": {
            "link": "link",
            "client": "sut",
            "server": "upstream",
            "status": null,
            "status_after_ms": null,
            "compression": null,
            "closes": [],
            "client_end": null,
            "server_end": null
          }
        },
        {
          "party": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
          "connection": 1,
          "report": {
            "close": null,
            "reason": null,
            "clean": null,
            "error": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
            "after_ms": 4
          },
          "wire": null
        }
      ],
      "explanation": [
        "  <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end (<&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end)",
        "  <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end under test: <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end; <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end",
        "  reason    <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end",
        "",
        "  check     <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end (line 9)",
        "  expected  <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end",
        "  seen      <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end",
        "  observed  sut #1 reported no end; on the wire no HTTP answer, no Close frame, TCP still open",
        "  observed  <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end #1 reported error \"<&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end\"",
        "  timeline  times count from the fault",
        "     -1.0ms  sut → link                                                        text \"<&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end\" (36 bytes), which did not arrive",
        "     +0.0ms  link                                                              fault <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end (reset) fired: <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end",
        "     +1.0ms  sut → link                                                        breaks the protocol: <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end (<&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end)",
        "     +3.0ms  sut                                                               reports <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end \"<&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end\" \"<&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end\"",
        "     +4.0ms  <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end  reports error \"<&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end\"",
        "    +48.5ms  wsfault                                                           error: <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end",
        "  cause     <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end",
        "  remedy    <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end",
        "  repeat    <&>\"' \\x1b[31m\\x07\\x7f\\t\\r\\n \\xff\\xc3( ]]> \\u{ffff} \\u{202e} end"
      ]
    }
  ]
}
)text");
}

TEST(JsonReport, ASeedKeepsAllItsDigits) {
  EXPECT_NE(print_json_report(sample::told(RunSummary{.seed = 18446744073709551615U}))
                .find("\"seed\": 18446744073709551615,"),
            std::string::npos);
}

}  // namespace
}  // namespace wsfault::report
