// The server's connections, from accept to end.
#include "reference/server.hpp"

#include <utility>
#include <variant>

namespace wsfault::reference {
namespace {

using namespace net::asio::experimental::awaitable_operators;

}  // namespace

Server::Server(const net::asio::any_io_executor& executor, const ServerOptions& options)
    : options_(options),
      random_(options.seed),
      listener_(executor, options.host, options.port),
      stop_(executor),
      cut_(executor),
      connections_(executor) {
  listener_.listen();
}

net::Task<void> Server::run() {
  co_await (accept_all() || stop_.wait());
  listener_.close();
  co_await (connections_.all_ended() || net::sleep_for(options_.drain));
  cut_.request();
  co_await connections_.join();
}

net::Task<void> Server::accept_all() {
  while (auto socket = co_await listener_.accept()) connections_.spawn(serve(std::move(*socket)));
}

net::Task<void> Server::serve(net::Socket socket) { co_await (greet(std::move(socket)) || cut_.wait()); }

net::Task<void> Server::greet(net::Socket socket) {
  auto first = co_await (read_request(socket) ||
                         net::sleep_for(options_.handshake_limit.value_or(longest_duration)) || stop_.wait());
  std::optional<Reply> reply;
  if (first.index() == 0) reply = std::move(std::get<0>(first));
  if (first.index() == 2) reply = unavailable();
  if (!reply) co_return;
  const std::string head = wire::serialize(reply->head);
  if (co_await socket.write(head)) co_return;
  if (reply->head.status == 101)
    co_return co_await converse(std::move(socket), std::move(reply->first_bytes));
  socket.send_fin();
  co_await (read_to_end(socket) || net::sleep_for(options_.close_limit.value_or(longest_duration)));
}

net::Task<void> Server::converse(net::Socket socket, std::string first_bytes) {
  ConnectionTraits traits;
  traits.heartbeat = options_.heartbeat;
  traits.heartbeat_timeout = options_.heartbeat_timeout;
  traits.close_limit = options_.close_limit;
  const auto echo = [](Connection& connection, const Incoming& message) {
    if (message.kind == Incoming::Kind::text) return connection.send_text(message.payload);
    connection.send_binary(message.payload);
  };
  Connection connection(std::move(socket), wire::Side::server, traits, random_, stop_, std::move(first_bytes),
                        [&](const Incoming& message) { echo(connection, message); });
  co_await (echo_until_end(connection) || connection.write_all());
}

net::Task<void> Server::echo_until_end(Connection& connection) {
  Ending ending = co_await connection.converse();
  if (ending.cause == EndCause::stopped) ending = co_await connection.say_goodbye(1001);
  connection.answer(ending);
  co_await connection.end_tcp(ending);
}

}  // namespace wsfault::reference
