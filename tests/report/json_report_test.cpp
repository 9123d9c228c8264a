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
  "shard": null,
  "seconds": 10.2,
  "interrupted": false,
  "stopped": null,
  "missing_shards": [],
  "counts": {
    "cases": 7,
    "passed": 2,
    "warned": 1,
    "failed": 1,
    "inconclusive": 1,
    "error": 1,
    "interrupted": 0,
    "skipped": 1,
    "known": 1
  },
  "cases": [
    {
      "position": 1,
      "id": "1006/server-reset",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/1006/server-reset.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "passed",
      "reason": null,
      "known": null,
      "seconds": 0.25,
      "attempts": 1,
      "stalled_ms": 0,
      "cut": null,
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
      "connections": [],
      "explanation": null
    },
    {
      "position": 2,
      "id": "1006/server-crash",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/1006/server-crash.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "failed",
      "reason": null,
      "known": null,
      "seconds": 0.31,
      "attempts": 1,
      "stalled_ms": 0,
      "cut": null,
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
            "compression": null,
            "closes": [],
            "client_end": {"how": "reset", "by": "link", "after_ms": 0.1},
            "server_end": {"how": "reset", "by": "link", "after_ms": 0.1}
          }
        }
      ],
      "explanation": [
        "  The server crashes while a conversation is under way (RFC 6455 7.1.5)",
        "  client under test: reference client; scenarios/1006/server-crash.toml",
        "",
        "  check     expect close = 1006 (line 9)",
        "  expected  the sut reports 1006 within 1s after the fault",
        "  seen      it reported 1000, clean, after 0.4ms",
        "  observed  sut #1 reported close 1000 (clean); on the wire HTTP 101, no Close frame, TCP RST from link",
        "  timeline  times count from the fault",
        "     -49.6ms  sut              process started",
        "     -42.1ms  wsfault          all parties are ready",
        "     -40.1ms  sut → upstream   TCP connection",
        "     -39.9ms  sut → upstream   HTTP GET /chat, upgrade to websocket",
        "     -39.5ms  upstream → sut   HTTP 101 Switching Protocols",
        "     -38.8ms  sut              reports open",
        "     -20.1ms  upstream → sut   text \"message 1\" (9 bytes)",
        "      -0.1ms  upstream → link  text \"message 2\" (9 bytes), which did not arrive",
        "      +0.0ms  link             fault reset fired: reset to client and server",
        "      +0.1ms  link → sut       TCP RST",
        "      +0.1ms  link → upstream  TCP RST",
        "      +0.4ms  sut              reports close 1000 (clean)",
        "    +199.9ms  wsfault          case ended: decided",
        "  cause     the server crashed, or ended without a Close",
        "  remedy    restart it; reconnect with exponential backoff and jitter",
        "  repeat    wsfault run scenarios/1006/server-crash.toml --seed 42"
      ]
    },
    {
      "position": 3,
      "id": "1006/firewall-idle-drop",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/1006/firewall-idle-drop.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "inconclusive",
      "reason": null,
      "known": null,
      "seconds": 10,
      "attempts": 1,
      "stalled_ms": 0,
      "cut": null,
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
            "compression": null,
            "closes": [],
            "client_end": null,
            "server_end": null
          }
        }
      ],
      "explanation": [
        "  The server crashes while a conversation is under way (RFC 6455 7.1.5)",
        "  client under test: reference client; scenarios/1006/firewall-idle-drop.toml",
        "",
        "  check     fault idle_kill: cannot be told",
        "  expected  it fires",
        "  seen      it never fired: the connection was never silent for 1s",
        "  observed  sut #1 reported nothing; on the wire HTTP 101, no Close frame, TCP still open",
        "  timeline  times count from the start",
        "    +0.0ms  wsfault         all parties are ready",
        "    +2.0ms  sut → upstream  TCP connection",
        "    +2.2ms  sut → upstream  HTTP GET /chat, upgrade to websocket",
        "    +2.6ms  upstream → sut  HTTP 101 Switching Protocols",
        "  repeat    wsfault run scenarios/1006/firewall-idle-drop.toml --seed 42"
      ]
    },
    {
      "position": 4,
      "id": "1006/heartbeat-keeps-alive",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/1006/heartbeat-keeps-alive.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "skipped",
      "reason": "the system grants no heartbeat",
      "known": null,
      "seconds": 0,
      "attempts": 1,
      "stalled_ms": 0,
      "cut": null,
      "seed": 42,
      "repeat": "wsfault run scenarios/1006/heartbeat-keeps-alive.toml --seed 42",
      "findings": [],
      "connections": [],
      "explanation": null
    },
    {
      "position": 5,
      "id": "close/every-legal-code[code=1014]",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/close/every-legal-code[code=1014].toml",
      "role": "client",
      "system": "reference client",
      "outcome": "warned",
      "reason": null,
      "known": null,
      "seconds": 0.4,
      "attempts": 1,
      "stalled_ms": 0,
      "cut": null,
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
      "connections": [],
      "explanation": null
    },
    {
      "position": 6,
      "id": "close/bad-gateway-1014",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/close/bad-gateway-1014.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "passed",
      "reason": null,
      "known": "the library does not know 1014",
      "seconds": 0.15,
      "attempts": 1,
      "stalled_ms": 0,
      "cut": null,
      "seed": 42,
      "repeat": "wsfault run scenarios/close/bad-gateway-1014.toml --seed 42",
      "findings": [],
      "connections": [],
      "explanation": null
    },
    {
      "position": 7,
      "id": "handshake/server-down",
      "title": "The server crashes while a conversation is under way",
      "file": "scenarios/handshake/server-down.toml",
      "role": "client",
      "system": "reference client",
      "outcome": "error",
      "reason": "the system did not start: it exited with code 1 before its first connection",
      "known": null,
      "seconds": 5.1,
      "attempts": 1,
      "stalled_ms": 0,
      "cut": null,
      "seed": 42,
      "repeat": "wsfault run scenarios/handshake/server-down.toml --seed 42",
      "findings": [],
      "connections": [],
      "explanation": [
        "  The server crashes while a conversation is under way (RFC 6455 7.1.5)",
        "  client under test: reference client; scenarios/handshake/server-down.toml",
        "  reason    the system did not start: it exited with code 1 before its first connection",
        "  timeline  times count from the start",
        "     +1.0ms  sut      process started",
        "    +90.0ms  sut      prints Error: Cannot find module 'ws'",
        "    +95.0ms  sut      process exited with code 1",
        "    +96.0ms  wsfault  error: the system did not start",
        "  output    the system's last lines:",
        "    | node:internal/modules/cjs/loader:1080",
        "    | Error: Cannot find module 'ws'",
        "  repeat    wsfault run scenarios/handshake/server-down.toml --seed 42"
      ]
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
        "  observed  sut #1 reported nothing; on the wire no HTTP answer, no Close frame, TCP still open",
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
  EXPECT_NE(print_json_report({.seed = 18446744073709551615U}).find("\"seed\": 18446744073709551615,"),
            std::string::npos);
}

}  // namespace
}  // namespace wsfault::report
