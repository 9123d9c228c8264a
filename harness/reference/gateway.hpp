// The reference gateway: one upstream connection for each client connection, as a tunnel of bytes or as a
// WebSocket peer on both sides.
#pragma once

#include <cstdint>
#include <list>
#include <optional>

#include "net/asio.hpp"
#include "net/listener.hpp"
#include "net/task_group.hpp"
#include "reference/backoff.hpp"
#include "reference/gateway_generation.hpp"
#include "reference/gateway_messages.hpp"
#include "reference/gateway_options.hpp"
#include "reference/gateway_upstreams.hpp"
#include "reference/stop_signal.hpp"

namespace wsfault::reference {

class Gateway {
 public:
  /// Binds and listens. Throws boost::system::system_error, and std::runtime_error if a certificate cannot be
  /// read.
  Gateway(const net::asio::any_io_executor& executor, const GatewayOptions& options);

  std::uint16_t port() const { return listener_.port(); }
  /// Serves until stop(), and until every connection has ended. Throws if a defect makes it die.
  net::Task<void> run();
  /// Stops listening. Kind http ends its connections when `drain` is over, kind websocket sends 1001 to both
  /// sides at once; unfinished handshakes get 503.
  void stop() { stop_.request(); }
  /// Existing connections are ended when `drain` is over (kind websocket: Close 1012 to the client), and
  /// never without a `drain`; new ones are served as usual.
  void reload();

 private:
  net::Task<void> accept_all();
  net::Task<void> retire(Generation& generation);
  net::Task<void> send_home();
  void cut_all();
  void die();

  net::Task<void> serve(net::Socket client, Generation& generation);
  net::Task<void> handle(net::Socket client, Generation& generation);
  net::Task<ReadRequest> read_request(net::Socket& client, Generation& generation);
  net::Task<std::optional<Answer>> answer_to(net::Socket& client, ClientRequest& request,
                                             Generation& generation);
  net::Task<void> refuse(net::Socket& client, Reply reply);
  net::Task<void> pass_on(net::Socket& client, const ClientRequest& request, Answer answer);
  net::Task<void> pass_body(net::Socket& client, net::Socket& upstream, std::uint64_t left);
  net::Task<void> end_of_client(net::Socket& client);
  net::Task<void> open(net::Socket client, ClientRequest request, Answer answer, Generation& generation);
  net::Task<void> end_of_open_connections();
  void upstream_ended(bool broke);

  GatewayOptions options_;
  std::optional<net::TlsContext> tls_;  // towards its clients
  Random random_;
  net::asio::any_io_executor executor_;
  net::Listener listener_;
  Upstreams upstreams_;
  StopSignal stop_;
  std::list<Generation> generations_;
  bool died_ = false;
  net::TaskGroup connections_;
};

}  // namespace wsfault::reference
