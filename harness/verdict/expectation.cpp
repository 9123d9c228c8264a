// The table of expectations, as scenarios.md has it, and codes as sets.
#include "verdict/expectation.hpp"

#include <algorithm>

namespace wsfault::verdict {

bool Codes::contains(int code) const {
  return any ||
         std::ranges::any_of(ranges, [&](const model::CodeRange& range) { return range.contains(code); });
}

const std::vector<ExpectationKind>& expectation_kinds() {
  static const std::vector<ExpectationKind> kinds = {
      {"close", R"(a code, a list, a range "4000-4999", "any")",
       "the party's API reported that close code; `reason`, `clean` and `cause` narrow it", false},
      {"wire_close", R"(a code, a list, "empty", "any")",
       "that Close frame was on the wire, in the stated `direction`", false},
      {"status", R"(502, a list, "5xx", "any")",
       "the handshake was answered with that HTTP status; `headers` and `body` narrow it", false},
      {"request", "{ path, headers, subprotocol } with texts or /regex/", "such an upgrade request arrived",
       false},
      {"message", R"(a text, /regex/, { hex = "…" }, ">64KiB")",
       "it arrived at `of`; `count` is a bound, and with an upper one it needs `for`", false},
      {"event", "a moment", "it happened", false},
      {"reconnect", "true, false, a bound on attempts, or { attempts, backoff, first, factor, max, jitter }",
       "another connection of that party opened; so many further attempts came; they follow the schedule. "
       "`false` (it "
       "stayed away) and upper bounds need `for`",
       false},
      {"connections", R"({ open = "<=1", total = "<=6", rate = "<=20/s" })", "held at every moment", true},
      {"ping", R"(a bound on the interval, or "any")", "it sends pings so often", true},
      {"pong", R"(a bound on the interval, or "any")", "it answers pings so often", true},
      {"end", R"("fin", "reset", "open", a list)", "how the TCP connection ended there; \"open\" needs `for`",
       false},
      {"delivery", R"("at-least-once", "at-most-once", "exactly-once")",
       "of messages that carry ${seq}, at the party that receives them; `seq` finds the number in the sut's "
       "own",
       true},
      {"alive", "a duration", "afterwards a new connection opens and an echo comes back in that time", false},
      {"exit", R"(a code, "running")", "the process; \"running\" needs `for`", false},
      {"usage", R"({ memory = "<=+64MiB", sockets = "<=10" })",
       "of the sut's process tree, growth (`+`) or level", true},
      {"log", "/regex/", "the system printed it", false},
      {"order", "a list of moments", "they were observed in that order", false},
      {"never", "any of the above, or `fault`, as an inline table", "it did not happen in `for`", true},
  };
  return kinds;
}

}  // namespace wsfault::verdict
