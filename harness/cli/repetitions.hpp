// --repeat: the orders of each round as their turn comes, and what is kept of so many results.
#pragma once

#include <vector>

#include "cli/case_logs.hpp"
#include "cli/run_options.hpp"

namespace wsfault::cli {

/// One order for each case, of its first round.
std::vector<runner::CaseOrder> make_orders(const RunOptions& options, const runner::LoadedCases& loaded);

/// The same case in a round, from 1, of so many cases: each repetition draws anew, and the first draws what
/// --seed says.
runner::CaseOrder repeated(const runner::CaseOrder& first, int round, std::size_t cases,
                           const RunOptions& options);

/// All rounds at once, of a machine that runs a part: a part has some rounds of a case, and not others.
std::vector<runner::CaseOrder> all_rounds(const std::vector<runner::CaseOrder>& orders,
                                          const RunOptions& options);

/// There may be very many repetitions. Of one that needs no look no events and no output are kept; nor of
/// those that need one, after the first hundred: of these the block that explains them is.
class Retention {
 public:
  /// They outlive it.
  explicit Retention(const CaseLogs& logs) : logs_(logs) {}

  /// Writes the logs of what it does not keep. Secrets are masked by then.
  void take(report::CaseResult& result);
  /// All those logs could be written.
  bool written() const { return written_; }

 private:
  const CaseLogs& logs_;
  std::size_t kept_ = 0;
  bool written_ = true;
};

}  // namespace wsfault::cli
