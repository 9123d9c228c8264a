// Reads the results of one run, or of one shard of it, back from what was written.
#pragma once

#include <boost/json/array.hpp>
#include <string>

#include "report/case_result.hpp"
#include "value/result.hpp"

namespace wsfault::report {

struct ReadResults {
  RunSummary summary;        ///< cases without their events; `explanation` is the block that was printed
  boost::json::array cases;  ///< of a JSON document: the same cases as they stand in it
};

/// A document of `--json`; an error says what is wrong with it.
Result<ReadResults> read_json_results(const std::string& text);
/// A document of `--junit`: identities, outcomes, times, messages.
Result<ReadResults> read_junit_results(const std::string& text);

}  // namespace wsfault::report
