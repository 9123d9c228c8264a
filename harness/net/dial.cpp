// Connecting out.
#include "net/dial.hpp"

#include <errno.h>
#include <sys/socket.h>

#include <memory>
#include <vector>

#include "net/event_gate.hpp"
#include "net/file_descriptor.hpp"
#include "net/shortage.hpp"

namespace wsfault::net {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

DialResult failure(int error, std::string detail) { return {std::nullopt, error, std::move(detail), false}; }
DialResult failure(const error_code& error) {
  if (!is_shortage(error.value())) return failure(error.value(), error.message());
  return {std::nullopt, error.value(), describe_shortage(error.value()), true};
}

DialResult no_port_left(const error_code& error) {
  if (error == asio::error::address_in_use || error.value() == EADDRNOTAVAIL)
    return {std::nullopt, error.value(), "out of local ports (net.ipv4.ip_local_port_range)", true};
  return failure(error);
}

struct Resolved {
  std::vector<tcp::endpoint> endpoints;
  std::optional<DialResult> failed;
};

Task<Resolved> resolve(std::string host, std::uint16_t port, TimePoint deadline) {
  error_code is_name;
  const auto address = asio::ip::make_address(host, is_name);
  if (!is_name) co_return Resolved{{tcp::endpoint(address, port)}, std::nullopt};

  const auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  asio::steady_timer alarm(executor, deadline);
  auto first =
      co_await (resolver.async_resolve(host, std::to_string(port), as_result) || alarm.async_wait(as_result));
  if (first.index() == 1) co_return Resolved{{}, failure(ETIMEDOUT, "no address for " + host + " in time")};
  const auto& [error, found] = std::get<0>(first);
  if (error == asio::error::operation_aborted) co_return Resolved{{}, failure(ECANCELED, "cancelled")};
  if (is_shortage(error.value()) && error.category() == boost::system::system_category())
    co_return Resolved{{}, failure(error)};
  if (error) co_return Resolved{{}, failure(EHOSTUNREACH, "cannot resolve " + host + ": " + error.message())};
  co_return Resolved{{found.begin(), found.end()}, std::nullopt};
}

/// Bound to any free port, so that the port is known before the SYN.
std::uint16_t bind_to_any_port(tcp::socket& socket, const tcp& protocol, error_code& error) {
  socket.bind(tcp::endpoint(protocol, 0), error);
  return error ? 0 : socket.local_endpoint(error).port();
}

/// The result of one SYN, shared by the waiting coroutine and the handler, which may outlive it.
struct Attempt {
  explicit Attempt(const asio::any_io_executor& executor) : over(executor) {}
  std::optional<error_code> result;
  EventGate over;
};

/// Reports the port as soon as the SYN is sent: its connection cannot have been accepted before then.
Task<error_code> connect_and_tell(tcp::socket& socket, const tcp::endpoint& endpoint, TimePoint deadline,
                                  const TellPort& ports) {
  const auto attempt = std::make_shared<Attempt>(socket.get_executor());
  socket.async_connect(endpoint, [attempt](const error_code& result) {
    attempt->result = result;
    attempt->over.notify();
  });
  error_code unknown;
  const auto local = socket.local_endpoint(unknown);
  if (!unknown) ports.tell(local.port());
  while (!attempt->result && std::chrono::steady_clock::now() < deadline) {
    co_await attempt->over.wait_until(deadline);
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return asio::error::operation_aborted;
  }
  co_return attempt->result.value_or(asio::error::timed_out);
}

Task<error_code> connect_only(tcp::socket& socket, const tcp::endpoint& endpoint, TimePoint deadline) {
  asio::steady_timer alarm(socket.get_executor(), deadline);
  auto first = co_await (socket.async_connect(endpoint, as_result) || alarm.async_wait(as_result));
  if (first.index() == 1) co_return asio::error::timed_out;
  co_return std::get<0>(std::get<0>(first));
}

/// With no error the socket should have its connection.
DialResult outcome(tcp::socket& socket, error_code error) {
  if (error == asio::error::timed_out) return failure(ETIMEDOUT, "no connection in time");
  if (error == asio::error::address_in_use || error.value() == EADDRNOTAVAIL) return no_port_left(error);
  if (error == asio::error::operation_aborted) return failure(ECANCELED, "cancelled");
  if (error) return failure(error);
  // If nobody listens on a port of the ephemeral range, a socket may be given that port and connect to
  // itself.
  const bool met_itself = socket.local_endpoint(error) == socket.remote_endpoint(error);
  if (met_itself && !error) return failure(asio::error::connection_refused);
  return DialResult{Socket(std::move(socket)), 0, {}, false};
}

Task<DialResult> connect(tcp::endpoint endpoint, TimePoint deadline, const TellPort& ports,
                         const SocketSource& source) {
  const auto executor = co_await asio::this_coro::executor;
  FileDescriptor made = new_tcp_socket(source, endpoint.protocol().family());
  if (!made.is_open()) co_return failure({errno, boost::system::system_category()});
  error_code error;
  tcp::socket socket(executor);
  socket.assign(endpoint.protocol(), made.get(), error);
  if (error) co_return failure(error);
  made.release();
  if (ports.tell && ports.before_syn) {
    const std::uint16_t port = bind_to_any_port(socket, endpoint.protocol(), error);
    if (error) co_return no_port_left(error);
    ports.tell(port);
  }
  if (ports.tell && !ports.before_syn) {
    error = co_await connect_and_tell(socket, endpoint, deadline, ports);
  } else {
    error = co_await connect_only(socket, endpoint, deadline);
  }
  co_return outcome(socket, error);
}

}  // namespace

Task<DialResult> dial(std::string host, std::uint16_t port, std::chrono::nanoseconds limit, TellPort ports,
                      SocketSource source) {
  const auto deadline = deadline_after(limit);
  Resolved resolved = co_await resolve(std::move(host), port, deadline);
  if (resolved.failed) co_return std::move(*resolved.failed);
  DialResult result = failure(EHOSTUNREACH, "no address");
  for (const tcp::endpoint& endpoint : resolved.endpoints) {
    result = co_await connect(endpoint, deadline, ports, source);
    if (result.socket || result.error == ECANCELED || result.error == ETIMEDOUT) break;
  }
  co_return result;
}

Task<DialResult> finish_dial(FileDescriptor begun, std::chrono::nanoseconds limit) {
  const auto executor = co_await asio::this_coro::executor;
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  if (::getsockname(begun.get(), reinterpret_cast<sockaddr*>(&own), &size) != 0)
    co_return failure({errno, boost::system::system_category()});
  error_code error;
  tcp::socket socket(executor);
  socket.assign(own.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), begun.get(), error);
  if (error) co_return failure(error);
  begun.release();
  asio::steady_timer alarm(executor, deadline_after(limit));
  auto first = co_await (socket.async_wait(tcp::socket::wait_write, as_result) || alarm.async_wait(as_result));
  if (first.index() == 1) co_return failure(ETIMEDOUT, "no connection in time");
  error = std::get<0>(std::get<0>(first));
  if (!error) {
    int of_connection = 0;
    size = sizeof of_connection;
    ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_ERROR, &of_connection, &size);
    error = {of_connection, boost::system::system_category()};
  }
  co_return outcome(socket, error);
}

bool is_address(const std::string& host) {
  error_code is_name;
  asio::ip::make_address(host, is_name);
  return !is_name;
}

Task<std::vector<std::string>> addresses_of(std::string host, std::chrono::nanoseconds limit) {
  std::vector<std::string> found;
  for (const tcp::endpoint& endpoint :
       (co_await resolve(std::move(host), 0, deadline_after(limit))).endpoints)
    found.push_back(endpoint.address().to_string());
  co_return found;
}

}  // namespace wsfault::net
