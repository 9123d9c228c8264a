// The upstreams of a case, fakes or real servers, each behind a link.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "actor/link.hpp"
#include "runner/case_context.hpp"
#include "runner/scripts.hpp"
#include "runner/upstream_seat.hpp"

namespace wsfault::runner {

/// A fault is done to its process: it is no part of this one.
bool has_own_process(const verdict::Case& judged, const model::Upstream& upstream);

class Upstreams {
 public:
  /// Both must outlive it.
  Upstreams(const CaseContext& context, Scripts& scripts);

  /// Starts all of the scenario's; the link of each listens once it serves. One sentence if that fails.
  net::Task<std::string> start();
  /// Where the system finds them, including those that a gateway could use and the scenario does not have:
  /// these refuse connections. In a container or on a device, this machine has another name.
  std::vector<Address> addresses() const;
  /// All of the first link's, by which a client may reach it.
  std::vector<Address> addresses_of_link() const;
  std::vector<actor::Link*> links() const;

  /// A gateway that remembers the last case: waits until an echo passes through it; one sentence if none
  /// does.
  net::Task<std::string> await_echo();
  /// A gateway that connects to its upstream before it has read anything also does so for the readiness
  /// probe: waits until that connection has ended, before connections are counted.
  net::Task<void> let_probe_pass();

  // What faults do to the process of the upstream with that name.
  void signal(const std::string& name, const fault::Signal& signal);
  net::Task<void> restart(std::string name);

  /// Ends all connections. stop() must follow.
  void close();
  net::Task<void> stop();

 private:
  struct Upstream {
    std::unique_ptr<actor::Link> link;
    std::unique_ptr<actor::ScriptHost> scripts;
    std::unique_ptr<UpstreamSeat> seat;
  };
  net::Task<std::string> start_one(std::size_t index);
  /// Where the link of the upstream with that index listens.
  Address place(std::size_t index) const;
  /// The addresses of a link at that place.
  std::vector<std::string> hosts(const Address& place) const;
  /// The name by which the system finds a link there.
  std::string found_at(const std::string& host) const;
  std::string add_link(Upstream& upstream, std::size_t index);
  std::unique_ptr<UpstreamSeat> make_seat(const model::Upstream& model, actor::ScriptHost& host) const;
  UpstreamSeat* find(const std::string& name) const;

  const CaseContext& context_;
  Scripts& scripts_;
  std::deque<Upstream> upstreams_;  // in the scenario's order; callbacks refer to them
  std::vector<std::unique_ptr<net::Listener>> absent_;
  net::TaskGroup tasks_;
  bool closing_ = false;
};

}  // namespace wsfault::runner
