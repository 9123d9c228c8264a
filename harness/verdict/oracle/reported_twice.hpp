// Ends that a client reports: one for each attempt, at most.
#pragma once

#include <optional>

#include "trace/trace.hpp"
#include "verdict/case.hpp"
#include "verdict/finding.hpp"
#include "verdict/oracle/horizon.hpp"

namespace wsfault::verdict::oracle {

/// It has reported more ends than it has made attempts, those included that found nobody: judged whatever else is
/// expected. None where not all of its attempts can be seen.
std::optional<Finding> judge_reported_twice(const trace::Trace& trace, const Case& scenario, Horizon horizon);

}  // namespace wsfault::verdict::oracle
