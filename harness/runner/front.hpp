// The front: the link before a gateway or server under test, and wsfault's own clients before that link.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "actor/probe_client.hpp"
#include "runner/case_context.hpp"
#include "runner/scripts.hpp"
#include "verdict/case.hpp"

namespace wsfault::runner {

class Front {
 public:
  /// Both must outlive it.
  Front(const CaseContext& context, Scripts& scripts);

  /// Opens the link to the system at `target`, whose certificate is for `server_name` if it speaks TLS.
  void open(const Address& target, const std::string& server_name);
  /// Null until it is open.
  actor::Link* link() const { return link_.get(); }
  /// Starts the scenario's clients, each at its moment.
  void start_clients();
  /// Starts the visits that expectations ask for: new clients that find out whether the system serves.
  void start_visits();
  /// Ends all connections. stop() must follow.
  void close();
  net::Task<void> stop() { return tasks_.join(); }

 private:
  /// One connection of a client.
  struct Probe {
    Probe(const net::asio::any_io_executor& executor, const model::Client& of, actor::ScriptHost& with,
          std::uint64_t seed)
        : model(of), host(with), client(executor, of, with, seed) {}
    const model::Client& model;
    actor::ScriptHost& host;
    actor::ProbeClient client;
  };
  actor::ScriptHost& host_of(const std::string& client);
  net::Task<void> play(Probe& probe);
  net::Task<void> visit(fault::Moment since, Duration limit);

  const CaseContext& context_;
  Scripts& scripts_;
  std::unique_ptr<actor::Link> link_;
  std::map<std::string, std::unique_ptr<actor::ScriptHost>> hosts_;  // by the client's name
  std::deque<model::Client> visitors_;                               // one per `alive`
  std::deque<Probe> probes_;
  std::map<std::uint16_t, Probe*> by_port_;
  bool visitor_served_ = false;  // one of them got its echo
  net::TaskGroup tasks_;
  bool closing_ = false;
};

}  // namespace wsfault::runner
