// Joins the results of shards into those of the whole run.
#pragma once

#include <string>
#include <vector>

#include "report/case_result.hpp"
#include "value/result.hpp"

namespace wsfault::report {

struct ResultsFile {
  std::string name;
  std::string text;  ///< a JSON document of `--json`, or a file of `--junit`
};

struct Merged {
  RunSummary summary;  ///< as of one run: cases in the order of selection (JUnit: by suite), wall time of
                       ///< the longest shard; JUnit has no findings, only the block of a case
  std::string json;    ///< for JSON documents: the whole document
  std::string junit;
};

/// All must be of the same kind. An error is one sentence that names the files: not a result of wsfault, from
/// another version of it, from another run (other cases, another number of shards), or given twice. A missing
/// shard is not an error, but is listed in `missing_shards`. A single file may be a whole run.
Result<Merged> merge(const std::vector<ResultsFile>& files);

}  // namespace wsfault::report
