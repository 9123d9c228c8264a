// A gateway with `share = true`: started once, it serves all cases of a run, one after another.
#pragma once

#include <memory>
#include <string>

#include "net/child.hpp"
#include "runner/external_system.hpp"
#include "runner/system_process.hpp"

namespace wsfault::runner {

class SharedSystem {
 public:
  /// Both must outlive it.
  SharedSystem(const net::asio::any_io_executor& executor, net::Warden& warden, const model::System& system);

  /// Starts it and waits until it is ready; else one sentence with its last output.
  net::Task<std::string> start(double timeout_scale);
  net::Task<void> stop(Duration grace);
  const ExternalSystem& gateway() const { return gateway_; }

 private:
  net::asio::any_io_executor executor_;
  net::Warden& warden_;
  const model::System& system_;
  ExternalSystem gateway_;
  record::EventLog log_;  // separate from the cases' logs
  net::EventGate changed_;
  record::EventLog::Subscription subscription_;
  std::unique_ptr<SystemProcess> process_;
};

}  // namespace wsfault::runner
