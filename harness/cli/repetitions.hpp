// --repeat: makes the orders of each round when its turn comes, and decides what to keep of so many results.
#pragma once

#include <vector>

#include "cli/case_logs.hpp"
#include "cli/run_options.hpp"

namespace wsfault::cli {

/// One order per case, for its first round.
std::vector<runner::CaseOrder> make_orders(const RunOptions& options, const runner::LoadedCases& loaded);

/// The same case in a given round, from 1, with this many cases per round: each repetition draws a new seed,
/// and the first uses --seed.
runner::CaseOrder repeated(const runner::CaseOrder& first, int round, std::size_t cases,
                           const RunOptions& options);

/// All rounds at once, for a machine that runs a shard: a shard has only some rounds of a case.
std::vector<runner::CaseOrder> all_rounds(const std::vector<runner::CaseOrder>& orders,
                                          const RunOptions& options);

/// There may be very many repetitions. Events and output are not kept for results that need no look; for
/// those that need one, they are kept for the first hundred, and for the others only the block that explains
/// them.
class Retention {
 public:
  /// The logs must outlive it.
  explicit Retention(const CaseLogs& logs) : logs_(logs) {}

  /// Writes the logs of events that it does not keep. Secrets are already masked.
  void take(report::CaseResult& result);
  /// All those logs were written.
  bool written() const { return written_; }

 private:
  const CaseLogs& logs_;
  std::size_t kept_ = 0;
  bool written_ = true;
};

}  // namespace wsfault::cli
