// What judging comes to: findings, each of one expectation or of the oracle, and the outcome of a case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "value/value.hpp"

namespace wsfault::verdict {

enum class Cause;

/// Of a case, worst first (docs/results.md). `interrupted`: cut short by a signal; nothing is concluded.
enum class Outcome { error, failed, inconclusive, interrupted, warned, passed, skipped };
std::string_view to_string(Outcome outcome);

/// Of one expectation while the log grows. `warned` holds with something to say.
enum class State { pending, holds, warned, violated, inconclusive };

struct Finding {
  State state = State::pending;
  std::string subject;   ///< "expect close = 1006", "appropriate", "standing rule: storm"
  std::string expected;  ///< one phrase: "the sut reports 1006 within 1s after the fault"
  std::string seen;      ///< one phrase: "it reported 1000, clean, after 12ms"
  std::string
      broke;  ///< what broke the connection, one phrase: "the server ended TCP with RST"; may be empty
  Cause why{};  ///< what is wrong with the system, from the table of causes; none: nothing of that table
  std::string cause;   ///< of that, one sentence that names who must change; may be empty
  std::string remedy;  ///< of that, one sentence; without a cause: what would decide it
  std::optional<std::int64_t> since;  ///< when that from which an expectation counts had come, ns
  std::optional<std::int64_t> at;  ///< of the event that decided it, ns: the timeline is shown around it
  int connection = 0;
  std::int64_t look_again =
      0;        ///< while pending: the log time at which it is decided even if nothing happens
  Place place;  ///< of the expectation in its file
};

void append(std::vector<Finding>& findings, std::vector<Finding> more);
/// Takes cause and remedy from the table of causes; who must change is named "the party".
void explain_by(Finding& finding, Cause cause);

}  // namespace wsfault::verdict
