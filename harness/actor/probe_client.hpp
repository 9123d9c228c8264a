// The probe client: connects, sends the upgrade request, plays its script, and reports what it saw as a
// conforming client would.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "actor/script_player.hpp"
#include "model/script.hpp"
#include "net/event_gate.hpp"
#include "net/socket.hpp"
#include "net/task_group.hpp"

namespace wsfault::actor {

/// Where it connects, and what it says in Host.
struct ProbeTarget {
  std::string host;
  std::uint16_t port = 0;
  std::string path;                       ///< the request target, unless its request sets one; empty: "/"
  std::string authority;                  ///< the value of Host; empty: host and port
  wire::Headers headers;                  ///< further ones, unless the request sets the same name
  std::vector<std::string> subprotocols;  ///< offered unless the request offers some
  std::optional<net::TlsContext> tls;     ///< wss
};

class ProbeClient {
 public:
  /// One connection of `model`. The model and the host must outlive it.
  ProbeClient(const net::asio::any_io_executor& executor, const model::Client& model, ScriptHost& host,
              std::uint64_t seed);
  ~ProbeClient();

  /// Runs from dialling to the end of TCP, or close(). `bound` is called with its port before it connects.
  net::Task<void> run(ProbeTarget target, std::function<void(std::uint16_t)> bound);
  /// The number of its connection, which the link assigned when it accepted.
  void numbered(int connection);
  /// The scenario is over: it ends at once, and reports nothing more.
  void close();

 private:
  class Session;
  net::Task<bool> await_number();
  void report(record::Report report);

  net::asio::any_io_executor executor_;
  const model::Client& model_;
  ScriptHost& host_;
  std::uint64_t seed_;
  std::mt19937_64 random_;
  net::EventGate changed_;
  std::optional<int> number_;
  std::unique_ptr<Session> session_;
  bool closed_ = false;
};

/// The request that it sends. `name` is put into Wsfault-Connection (docs/architecture.md): "client-1".
wire::RequestHead probe_request(const model::ClientRequest& request, const ProbeTarget& target,
                                const std::string& name, std::mt19937_64& random);

}  // namespace wsfault::actor
