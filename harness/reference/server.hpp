// The reference server: echoes, keeps a heartbeat, and drains when told to stop.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/asio.hpp"
#include "net/listener.hpp"
#include "net/task_group.hpp"
#include "reference/connection.hpp"
#include "reference/newest.hpp"
#include "reference/places.hpp"
#include "reference/server_handshake.hpp"
#include "reference/server_options.hpp"
#include "reference/stop_signal.hpp"
#include "reference/turn.hpp"

namespace wsfault::reference {

class Server {
 public:
  /// Binds and listens. Throws boost::system::system_error.
  Server(const net::asio::any_io_executor& executor, const ServerOptions& options);

  std::uint16_t port() const { return listener_.port(); }
  /// Serves until stop(), and until every connection has ended; rethrows what a connection's task threw.
  /// Throws std::runtime_error if a defect ends the process.
  net::Task<void> run();
  /// Stops listening, answers 503 to unfinished handshakes, sends Close 1001 to all clients and waits for
  /// theirs; connections that have not ended after `drain` are cut.
  void stop();

 private:
  net::Task<void> accept_all();
  void die(const std::string& reason);
  net::Task<void> serve(net::Socket socket);
  net::Task<void> greet(net::Socket socket);
  net::Task<std::optional<Reply>> reply_to(net::Socket& socket);
  net::Task<void> refuse(net::Socket& socket);
  net::Task<void> converse(net::Socket socket, std::string first_bytes, Place place);
  net::Task<void> echo_until_end(Connection& connection);
  net::Task<Ending> say_goodbye(Connection& connection);
  net::Task<void> leak(Connection& connection);
  net::Task<void> end(Connection& connection, const Ending& ending);
  bool kills(const Connection& connection, const Ending& ending);
  ConnectionTraits connection_traits();

  ServerOptions options_;
  HandshakeTerms terms_;
  std::optional<net::TlsContext> tls_;  // wss
  Random random_;
  net::Listener listener_;
  StopSignal stop_;
  StopSignal cut_;
  Turn turn_;
  Places places_;
  NewestConnections newest_;
  std::vector<net::Socket> leaked_;
  std::string died_of_;
  net::TaskGroup connections_;
};

}  // namespace wsfault::reference
