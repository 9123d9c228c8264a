// Reads the results of one run, or of one shard of it, from a written report.
#pragma once

#include <boost/json/array.hpp>
#include <string>

#include "report/case_result.hpp"
#include "value/result.hpp"

namespace wsfault::report {

struct ReadResults {
  RunSummary summary;        ///< cases without their events; `explanation` is the printed block
  boost::json::array cases;  ///< for a JSON document: the same cases, unchanged
};

/// Reads a document of `--json`; the error says what is wrong with it.
Result<ReadResults> read_json_results(const std::string& text);
/// Reads a document of `--junit`: identities, outcomes, times, messages.
Result<ReadResults> read_junit_results(const std::string& text);

}  // namespace wsfault::report
