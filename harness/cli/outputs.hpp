// The files, and the annotations on stdout, that a run or a merge writes its results to.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "report/case_result.hpp"

namespace wsfault::cli {

struct Outputs {
  std::string junit;
  std::string json;
  std::string summary;  ///< Markdown
  std::string log;      ///< a folder
  bool log_all = false;
  bool github = false;
  bool verbose = false;
  bool strict = false;
};

/// --junit, --json, --summary, --github, --strict, -v.
void add_report_options(CLI::App& app, Outputs& outputs);
/// --log, --log-all.
void add_log_options(CLI::App& app, Outputs& outputs);

/// Opens every file and makes every folder, so that what cannot be written is said before the run, not after
/// it: one sentence. Nor may one be among the files that the command reads.
std::string try_outputs(const Outputs& outputs, const std::vector<std::string>& inputs = {});

/// Writes all but the logs, prints the annotations. False if one could not be written, which is said.
bool write_outputs(const Outputs& outputs, const report::RunSummary& summary);

}  // namespace wsfault::cli
