// What may still be concluded from a log that leaves something out (record::Cut).
#pragma once

#include <map>
#include <vector>

#include "trace/trace.hpp"
#include "verdict/case.hpp"
#include "verdict/finding.hpp"

namespace wsfault::verdict {

/// Since when (log time, ns) the log keeps no more of each.
using Cuts = std::map<record::CutKind, std::int64_t>;
Cuts cuts_of(const trace::Trace& trace);

/// An expectation about what was left out is inconclusive, unless an event before the cut decided it.
void doubt_expectation(Finding& finding, const Expectation& expectation, const Cuts& cuts);
/// The same of the oracle's opinions. What is wrong stays wrong where it came before the cut.
void doubt_opinions(std::vector<Finding>& opinions, const Cuts& cuts);
/// Where the oracle judges: what it could not see, inconclusive. Nothing where nothing of it was cut.
std::vector<Finding> judge_cuts(const Case& scenario, const Cuts& cuts);

/// "pings and pongs", for sentences.
std::string_view in_words(record::CutKind kind);
/// "pings and pongs since 2.1s, lines of output since 300ms"; empty where nothing was cut.
std::string in_words(const Cuts& cuts);

}  // namespace wsfault::verdict
