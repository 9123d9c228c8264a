// The JSON document of docs/results.md, whole.
#include "report/json_report.hpp"

#include <gtest/gtest.h>

#include "report/sample.hpp"

namespace wsfault::report {
namespace {

TEST(JsonReport, OfARunWithEveryOutcome) {
  EXPECT_EQ(print_json_report(sample::run()), R"text({
  "format": "wsfault-results",
  "version": 1,
  "wsfault": "0.1.0",
  "seed": 42,
  "seconds": 10.2,
  "interrupted": false,
  "counts": {
    "cases": 7,
    "passed": 2,
    "warned": 1,
    "failed": 1,
    "inconclusive": 1,
    "error": 1,
    "skipped": 1,
    "known": 1
  },
  "cases": [
    {
      "id": "1006/server-reset",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/1006/server-reset.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "passed",
      "reason": null,
      "known": null,
      "seconds": 0.25,
      "seed": 42,
      "repeat": "wsfault run scenarios/1006/server-reset.toml --seed 42",
      "findings": [
        {
          "state": "holds",
          "subject": "expect close = 1006",
          "expected": "the sut reports 1006 within 1s after the fault",
          "seen": "it reported 1006 after 0.4ms",
          "cause": null,
          "remedy": null,
          "connection": 1,
          "at_ms": 50.5,
          "line": 9
        }
      ],
      "connections": []
    },
    {
      "id": "1006/server-crash",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/1006/server-crash.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "failed",
      "reason": null,
      "known": null,
      "seconds": 0.31,
      "seed": 42,
      "repeat": "wsfault run scenarios/1006/server-crash.toml --seed 42",
      "findings": [
        {
          "state": "violated",
          "subject": "expect close = 1006",
          "expected": "the sut reports 1006 within 1s after the fault",
          "seen": "it reported 1000, clean, after 0.4ms",
          "cause": "the server crashed, or ended without a Close",
          "remedy": "restart it; reconnect with exponential backoff and jitter",
          "connection": 1,
          "at_ms": 50.5,
          "line": 9
        }
      ],
      "connections": [
        {
          "party": "sut",
          "connection": 1,
          "report": {"close": 1000, "reason": "", "clean": true, "error": null, "after_ms": 0.4},
          "wire": {
            "link": "link",
            "client": "sut",
            "server": "upstream",
            "status": 101,
            "status_after_ms": -39.4,
            "closes": [],
            "client_end": {"how": "reset", "by": "link", "after_ms": 0.1},
            "server_end": {"how": "reset", "by": "link", "after_ms": 0.1}
          }
        }
      ]
    },
    {
      "id": "1006/firewall-idle-drop",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/1006/firewall-idle-drop.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "inconclusive",
      "reason": null,
      "known": null,
      "seconds": 10,
      "seed": 42,
      "repeat": "wsfault run scenarios/1006/firewall-idle-drop.toml --seed 42",
      "findings": [
        {
          "state": "inconclusive",
          "subject": "fault idle_kill",
          "expected": "it fires",
          "seen": "it never fired: the connection was never silent for 1s",
          "cause": null,
          "remedy": null,
          "connection": null,
          "at_ms": null,
          "line": null
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
            "status": 101,
            "status_after_ms": null,
            "closes": [],
            "client_end": null,
            "server_end": null
          }
        }
      ]
    },
    {
      "id": "1006/heartbeat-keeps-alive",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/1006/heartbeat-keeps-alive.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "skipped",
      "reason": "the system grants no heartbeat",
      "known": null,
      "seconds": 0,
      "seed": 42,
      "repeat": "wsfault run scenarios/1006/heartbeat-keeps-alive.toml --seed 42",
      "findings": [],
      "connections": []
    },
    {
      "id": "close/every-legal-code[code=1014]",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/close/every-legal-code[code=1014].toml",
      "role": "client",
      "system": "reference client",
      "outcome": "warned",
      "reason": null,
      "known": null,
      "seconds": 0.4,
      "seed": 42,
      "repeat": "wsfault run scenarios/close/every-legal-code[code=1014].toml --seed 42",
      "findings": [
        {
          "state": "warned",
          "subject": "appropriate",
          "expected": "1014",
          "seen": "the sut reported 1011",
          "cause": null,
          "remedy": "update the client's library",
          "connection": null,
          "at_ms": null,
          "line": null
        }
      ],
      "connections": []
    },
    {
      "id": "close/bad-gateway-1014",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/close/bad-gateway-1014.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "passed",
      "reason": null,
      "known": "the library does not know 1014",
      "seconds": 0.15,
      "seed": 42,
      "repeat": "wsfault run scenarios/close/bad-gateway-1014.toml --seed 42",
      "findings": [],
      "connections": []
    },
    {
      "id": "handshake/server-down",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/handshake/server-down.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "error",
      "reason": "the system did not start: it exited with code 1 before its first connection",
      "known": null,
      "seconds": 5.1,
      "seed": 42,
      "repeat": "wsfault run scenarios/handshake/server-down.toml --seed 42",
      "findings": [],
      "connections": []
    }
  ]
}
)text");
}

TEST(JsonReport, HostileTextStaysInItsStrings) {
  RunSummary summary = sample::run();
  summary.cases = {sample::hostile()};
  EXPECT_EQ(print_json_report(summary), R"text({
  "format": "wsfault-results",
  "version": 1,
  "wsfault": "0.1.0",
  "seed": 42,
  "seconds": 10.2,
  "interrupted": false,
  "counts": {
    "cases": 1,
    "passed": 0,
    "warned": 0,
    "failed": 1,
    "inconclusive": 0,
    "error": 0,
    "skipped": 0,
    "known": 0
  },
  "cases": [
    {
      "id": "evil/<&>\"'\u001b[case=a/b]",
      "title": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "file": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "role": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "system": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "outcome": "failed",
      "reason": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "known": null,
      "seconds": 1.2,
      "seed": 42,
      "repeat": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
      "findings": [
        {
          "state": "violated",
          "subject": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
          "expected": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
          "seen": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
          "cause": "<&>\"' \u001b[31m\u0007\u007f\t\r\n \\xff\\xc3( ]]> \uffff \u202e end",
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
      ]
    }
  ]
}
)text");
}

TEST(JsonReport, ASeedKeepsAllItsDigits) {
  EXPECT_NE(print_json_report({.seed = 18446744073709551615U}).find("\"seed\": 18446744073709551615,"),
            std::string::npos);
}

}  // namespace
}  // namespace wsfault::report
