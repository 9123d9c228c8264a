// The server as a whole: accepting and stopping. One connection is in server_session.cpp.
#include "reference/server.hpp"

#include <stdexcept>
#include <utility>

namespace wsfault::reference {
namespace {

using namespace net::asio::experimental::awaitable_operators;

std::optional<std::uint64_t> connection_limit(const ServerOptions& options) {
  if (options.defects.has(Defect::no_connection_limit)) return std::nullopt;
  return options.max_connections;
}

}  // namespace

Server::Server(const net::asio::any_io_executor& executor, const ServerOptions& options)
    : options_(options),
      terms_{options.subprotocols, options.defects},
      random_(options.seed),
      listener_(executor, options.host, options.port),
      stop_(executor),
      cut_(executor),
      turn_(executor),
      places_(connection_limit(options)),
      connections_(executor) {
  if (!options.certificate_file.empty())
    tls_ = net::TlsContext::server(options.certificate_file, options.key_file);
  listener_.listen();
}

net::Task<void> Server::run() {
  co_await (accept_all() || stop_.wait() || cut_.wait());
  listener_.close();
  co_await (connections_.all_ended() || net::sleep_for(options_.drain));
  cut_.request();
  co_await connections_.join();
  if (!died_of_.empty()) throw std::runtime_error(died_of_);
  if (options_.defects.has(Defect::never_exits)) co_await net::sleep_for(longest_duration);
}

net::Task<void> Server::accept_all() {
  while (auto socket = co_await listener_.accept()) connections_.spawn(serve(std::move(*socket)));
}

void Server::stop() {
  if (options_.defects.has(Defect::no_drain)) return cut_.request();
  stop_.request();
}

/// Of the defects dies-on-….
void Server::die(const std::string& reason) {
  died_of_ = reason;
  cut_.request();
}

}  // namespace wsfault::reference
