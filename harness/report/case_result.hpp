// The plain values that all report formats are fed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "record/event.hpp"
#include "verdict/judge.hpp"

namespace wsfault::report {

struct CaseResult {
  std::string id;  ///< "close/legal[code=1000]", with "#3" behind it for a repetition
  std::string title;
  std::string file;
  std::string role;
  std::string system;  ///< "reference client", a system's name, or the command
  std::vector<std::string> spec;
  verdict::Outcome outcome = verdict::Outcome::passed;  ///< after `known` was applied
  std::string reason;                                   ///< of skipped and error: one sentence
  std::string known;  ///< the reason of the [[known]] entry that was applied
  verdict::Judgement judgement;
  std::vector<record::Event> events;
  std::chrono::nanoseconds duration{0};
  std::uint64_t seed = 0;
  std::string repeat;               ///< the command that repeats just this case with its seed
  std::vector<std::string> output;  ///< the system's last lines
};

struct RunSummary {
  std::vector<CaseResult> cases;  ///< in the order of selection
  std::chrono::nanoseconds wall{0};
  std::uint64_t seed = 0;
  std::string version;
  bool interrupted = false;
};

}  // namespace wsfault::report
