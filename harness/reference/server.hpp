// The reference server: echoes, keeps a heartbeat, and drains when it is told to stop.
#pragma once

#include <cstdint>

#include "net/asio.hpp"
#include "net/listener.hpp"
#include "net/task_group.hpp"
#include "reference/connection.hpp"
#include "reference/server_handshake.hpp"
#include "reference/server_options.hpp"
#include "reference/stop_signal.hpp"

namespace wsfault::reference {

class Server {
 public:
  /// Binds and listens. Throws boost::system::system_error.
  Server(const net::asio::any_io_executor& executor, const ServerOptions& options);

  std::uint16_t port() const { return listener_.port(); }
  /// Serves until stop(), and until every connection has ended; rethrows what a connection's task threw.
  net::Task<void> run();
  /// Listens no more, answers 503 to handshakes under way, sends Close 1001 to everyone and waits for theirs;
  /// what has not ended after `drain` is cut.
  void stop() { stop_.request(); }

 private:
  net::Task<void> accept_all();
  net::Task<void> serve(net::Socket socket);
  net::Task<void> greet(net::Socket socket);
  net::Task<void> converse(net::Socket socket, std::string first_bytes);
  net::Task<void> echo_until_end(Connection& connection);

  ServerOptions options_;
  Random random_;
  net::Listener listener_;
  StopSignal stop_;
  StopSignal cut_;
  net::TaskGroup connections_;
};

}  // namespace wsfault::reference
