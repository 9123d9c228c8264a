// The files, and the annotations on stdout, for the results of a run or a merge.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "report/case_result.hpp"

namespace wsfault::report {
struct Merged;
}

namespace wsfault::cli {

struct Outputs {
  std::string junit;
  std::string json;
  std::string summary;  ///< Markdown
  std::string log;      ///< a folder
  bool log_all = false;
  bool github = false;
  bool verbose = false;
  bool brief = false;
  bool strict = false;
};

/// --junit, --json, --summary, --github, --strict, -v.
void add_report_options(CLI::App& app, Outputs& outputs);
/// --log, --log-all.
void add_log_options(CLI::App& app, Outputs& outputs);

/// Opens every file and creates every folder, so that errors are reported before the run: one sentence. A
/// file that the command reads may not be among them.
std::string try_outputs(const Outputs& outputs, const std::vector<std::string>& inputs = {});

/// Writes everything except the logs, of a merge what its shards wrote, joined; and prints the annotations.
/// Returns false, after printing the error, if one could not be written.
bool write_outputs(const Outputs& outputs, const report::RunSummary& summary,
                   const report::Merged* merged = nullptr);

}  // namespace wsfault::cli
