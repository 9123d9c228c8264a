// The event log of each case, and the output of its system, as files in one folder.
#pragma once

#include <string>
#include <vector>

#include "cli/outputs.hpp"
#include "report/case_result.hpp"
#include "report/log_name.hpp"

namespace wsfault::cli {

class CaseLogs {
 public:
  /// `cases`: those of one repetition, in the order of their positions; `rounds`: how many repetitions.
  CaseLogs(const Outputs& outputs, const std::vector<report::LogCase>& cases, int rounds);

  /// Writes the files of a case if it should have some and has events. Returns false, after printing the
  /// error, if one could not be written.
  bool write(const report::CaseResult& result) const;
  /// Are logs written for this outcome?
  bool is_logged(verdict::Outcome outcome) const;

 private:
  std::string folder_;
  bool all_;
  bool numbered_;
  std::vector<std::string> names_;
};

}  // namespace wsfault::cli
