// The scriptable fake upstream: a WebSocket server that follows its script.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actor/script_player.hpp"
#include "net/listener.hpp"
#include "net/task_group.hpp"

namespace wsfault::actor {

class Upstream {
 public:
  /// Where it listens; port 0: any.
  struct Place {
    std::string host;
    std::uint16_t port = 0;
    bool shared = false;  ///< with other processes that say so, too
  };
  /// Binds and listens. Throws boost::system::system_error. `model` must outlive it.
  Upstream(const net::asio::any_io_executor& executor, const model::Upstream& model, ScriptHost& host,
           Place place, std::uint64_t seed, std::optional<net::TlsContext> tls = std::nullopt);
  ~Upstream();

  /// The number of the connection that will come from that port of the link. Without it they are counted.
  void announce(std::uint16_t peer_port, int connection);
  /// Serves until close(); returns when every session is over.
  net::Task<void> run();
  void close();
  std::uint16_t port() const { return listener_.port(); }

 private:
  class Session;
  net::Task<void> accept_all();
  net::Task<void> serve(net::Socket socket);
  net::Task<void> end();
  void fail(const std::string& why);
  /// Its number, which may be announced shortly after it was accepted.
  net::Task<int> number_of(std::uint16_t peer_port);

  net::asio::any_io_executor executor_;
  const model::Upstream& model_;
  ScriptHost& host_;
  std::uint64_t seed_;
  std::optional<net::TlsContext> tls_;  // wss: sessions begin with a handshake
  net::Listener listener_;
  net::EventGate announced_gate_;
  net::TaskGroup tasks_;
  std::map<std::uint16_t, int> announced_;
  bool numbers_come_ = false;  // numbers are announced
  int counted_ = 0;
  std::vector<std::unique_ptr<Session>> sessions_;
  bool closed_ = false;
};

}  // namespace wsfault::actor
