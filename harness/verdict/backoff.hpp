// Do the delays between attempts follow a schedule of exponential backoff? Statistics over what was seen.
#pragma once

#include <span>
#include <string>

#include "model/system.hpp"
#include "value/units.hpp"

namespace wsfault::verdict {

enum class BackoffFit {
  fits,
  contradicts,  ///< what was seen has a probability below 1 in 100,000 under the schedule
  too_few,      ///< neither can be told
};

struct BackoffVerdict {
  BackoffFit fit = BackoffFit::too_few;
  std::string text;        ///< one sentence with the delays
  bool no_jitter = false;  ///< what contradicts is that they are too regular
  bool too_long = false;   ///< what contradicts is that one is above its cap
};

/// How long a wait may be on a busy machine where so much is declared.
Duration longest_wait(Duration cap);

/// `delays`: from the end of a connection to the next attempt, in order; each may be late by tens of
/// milliseconds (scheduling), never early. The cap of delay i is min(max, first * factor^i). Jitter "full": 0
/// to the cap, "equal": half the cap to the cap, "none": the cap. What the schedule leaves out is not held
/// against the delays: without `jitter` only their length is judged, without `first`, `factor` or `max` only
/// that they grow at all.
BackoffVerdict judge_backoff(std::span<const Duration> delays, const model::Backoff& schedule);

}  // namespace wsfault::verdict
