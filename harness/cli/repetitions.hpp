// --repeat: what to keep of so many results.
#pragma once

#include "cli/case_logs.hpp"

namespace wsfault::cli {

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
