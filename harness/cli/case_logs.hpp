// The event log of each case, and what its system printed, as files of one folder.
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

  /// Writes those of a case that is to have some and has events. False if one could not be written, which is
  /// said.
  bool write(const report::CaseResult& result) const;
  /// Is this outcome logged?
  bool is_logged(verdict::Outcome outcome) const;

 private:
  std::string folder_;
  bool all_;
  bool numbered_;
  std::vector<std::string> names_;
};

}  // namespace wsfault::cli
