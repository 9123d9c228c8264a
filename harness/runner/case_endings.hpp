// Ends cases within time limits; a case that is not over by then is kept alive, and the run continues.
#pragma once

#include <memory>
#include <string>

#include "net/event_gate.hpp"
#include "runner/case_run.hpp"

namespace wsfault::runner {

class CaseEndings {
 public:
  CaseEndings(net::asio::any_io_executor executor, double timeout_scale)
      : executor_(std::move(executor)), timeout_scale_(timeout_scale), ended_(executor_) {}

  /// Waits until all of the case is over, within limits. Returns what went wrong, in one sentence; empty:
  /// nothing. A case that is not over is kept alive, and the run continues without it.
  net::Task<std::string> end(const scenario::LoadedCase& loaded, std::shared_ptr<CaseRun> run);
  /// Waits until no case is ending, or the deadline.
  net::Task<void> all_until(std::chrono::steady_clock::time_point deadline);
  /// Cases whose parties are not over yet.
  std::size_t under_way() const { return under_way_; }

 private:
  net::Task<void> end_parties(std::shared_ptr<CaseRun> run, std::shared_ptr<std::string> trouble);

  net::asio::any_io_executor executor_;
  double timeout_scale_;
  std::size_t under_way_ = 0;
  net::EventGate ended_;
};

}  // namespace wsfault::runner
