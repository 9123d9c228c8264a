// The upstream of a case: the fake in this process, the fake in its own process, or a real server.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actor/script_host.hpp"
#include "actor/upstream.hpp"
#include "fault/party_fault.hpp"
#include "model/script.hpp"
#include "net/certificates.hpp"
#include "net/child.hpp"
#include "net/task_group.hpp"
#include "record/event_log.hpp"

namespace wsfault::runner {

class UpstreamSeat {
 public:
  virtual ~UpstreamSeat() = default;
  /// Serves from now on; one sentence if it cannot. Afterwards host and port are known.
  virtual net::Task<std::string> start() = 0;
  virtual std::string host() const = 0;
  virtual std::uint16_t port() const = 0;
  /// The link is about to connect from that port.
  virtual void announce(std::uint16_t peer_port, int connection) = 0;
  /// Process faults; only an upstream with a process of its own has them.
  virtual void signal(const fault::Signal&) {}
  virtual net::Task<std::string> restart() { co_return std::string(); }
  /// Ends it, and joins everything that belongs to it.
  virtual net::Task<void> stop() = 0;
  /// Called when it goes down and comes up again.
  std::function<void(bool up)> on_change;
};

/// The fake upstream in this process; with a certificate, or plain.
std::unique_ptr<UpstreamSeat> fake_upstream(const net::asio::any_io_executor& executor,
                                            const model::Upstream& model, actor::ScriptHost& host,
                                            std::uint64_t seed,
                                            const std::optional<net::CertificateFiles>& shown);
/// The fake upstream as a process of its own, `PROGRAM upstream --served`: it can be killed and frozen.
std::unique_ptr<UpstreamSeat> fake_upstream_process(const net::asio::any_io_executor& executor,
                                                    net::Warden& warden, const std::string& program,
                                                    const model::Upstream& model, actor::ScriptHost& host,
                                                    record::EventLog& log, std::uint64_t seed,
                                                    std::optional<net::CertificateFiles> shown);
/// A real server behind ws://host:port/path.
std::unique_ptr<UpstreamSeat> real_upstream(std::string host, std::uint16_t port);

/// Moments that a script waits for, in one order: an upstream process names them by their index.
std::vector<fault::Moment> waits_of(const model::Upstream& model);

}  // namespace wsfault::runner
