// Joins the results of shards into those of the whole run.
#pragma once

#include <string>
#include <vector>

#include "report/case_result.hpp"
#include "value/result.hpp"

namespace wsfault::report {

struct ResultsFile {
  std::string name;
  std::string text;  ///< a JSON document of `--json`, or what `--junit` wrote
};

struct Merged {
  RunSummary summary;  ///< as if one run: cases in the order of selection (of JUnit: by suite), wall time of
                       ///< the longest shard; JUnit has no findings, but the block of a case
  std::string json;    ///< of JSON documents: the whole document
  std::string junit;
};

/// All of one kind. An error is one sentence that names the files: what is no result of wsfault, is of
/// another version of it, of another run (other cases, another number of shards), or is there twice. A shard
/// that is missing is no error, but a `missing_shards`. One file alone may be of a whole run.
Result<Merged> merge(const std::vector<ResultsFile>& files);

}  // namespace wsfault::report
