// A listening port that can stop listening and still keep its number, so that connections are truly refused.
#include "net/listener.hpp"

#include <errno.h>
#include <sys/socket.h>

#include <chrono>
#include <utility>

#include "net/event_gate.hpp"
#include "net/file_descriptor.hpp"
#include "net/shortage.hpp"

namespace wsfault::net {
namespace {

/// How long a listener waits before it tries again, for example when out of descriptors.
constexpr std::chrono::milliseconds exhausted_pause{20};

[[noreturn]] void throw_last_error(const char* what) {
  throw boost::system::system_error(errno, boost::system::system_category(), what);
}

FileDescriptor make_socket(const tcp::endpoint& endpoint, const SocketSource& source) {
  FileDescriptor result = new_tcp_socket(source, endpoint.protocol().family());
  if (!result.is_open()) throw_last_error("socket");
  return result;
}

void set_option(const FileDescriptor& socket, int option, int value) {
  if (::setsockopt(socket.get(), SOL_SOCKET, option, &value, sizeof value) != 0)
    throw_last_error("setsockopt");
}

void bind_to(const FileDescriptor& socket, const tcp::endpoint& endpoint) {
  if (::bind(socket.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0)
    throw_last_error("bind");
}

tcp::endpoint bound_endpoint(const FileDescriptor& socket) {
  tcp::endpoint endpoint;
  socklen_t size = static_cast<socklen_t>(endpoint.capacity());
  if (::getsockname(socket.get(), endpoint.data(), &size) != 0) throw_last_error("getsockname");
  endpoint.resize(size);
  return endpoint;
}

/// Binds as a server does (over TIME_WAIT, but not over another's port), and only then lets our listening
/// socket share the port. With SO_REUSEPORT from the start, it would join any other socket of ours on this
/// port.
FileDescriptor make_holder(const tcp::endpoint& endpoint, const SocketSource& source) {
  FileDescriptor holder = make_socket(endpoint, source);
  if (endpoint.port() != 0) set_option(holder, SO_REUSEADDR, 1);
  bind_to(holder, endpoint);
  set_option(holder, SO_REUSEPORT, 1);
  set_option(holder, SO_REUSEADDR, 0);  // else another server could bind the port while we do not listen
  return holder;
}

FileDescriptor make_listening(const tcp::endpoint& endpoint, int backlog, const SocketSource& source) {
  FileDescriptor socket = make_socket(endpoint, source);
  set_option(socket, SO_REUSEPORT, 1);
  bind_to(socket, endpoint);
  set_option(socket, SO_REUSEADDR,
             1);  // for the connections, which inherit it: their TIME_WAIT blocks nobody
  if (::listen(socket.get(), backlog) != 0) throw_last_error("listen");
  return socket;
}

/// Only that connection failed before it was accepted: accept the next one.
bool is_only_this_one(int error) { return error == ECONNABORTED || error == EPROTO || error == EINTR; }

}  // namespace

struct Listener::State {
  State(asio::any_io_executor executor, const std::string& address, std::uint16_t port, int queue,
        SocketSource sockets)
      : host(address),
        backlog(queue),
        source(std::move(sockets)),
        holder(make_holder({asio::ip::make_address(address), port}, source)),
        endpoint(bound_endpoint(holder)),
        acceptor(executor),
        changed(executor) {}

  std::string host;
  int backlog;
  SocketSource source;
  FileDescriptor holder;
  tcp::endpoint endpoint;
  tcp::acceptor acceptor;
  EventGate changed;  ///< it began to listen, or was closed
  bool closed = false;
  std::function<void(int error)> shortage_met;
  bool short_now = false;

  void stop_listening() {
    error_code ignored;
    acceptor.close(ignored);
  }

  void close() {
    closed = true;
    stop_listening();
    holder.reset();
    changed.notify();
  }

  void meet_shortage(int error) {
    if (std::exchange(short_now, true) || !shortage_met) return;
    shortage_met(error);
  }

  static Task<std::optional<Socket>> accept(std::shared_ptr<State> state);
};

Task<std::optional<Socket>> Listener::State::accept(std::shared_ptr<State> state) {
  for (;;) {
    const bool is_cancelled =
        (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
    if (state->closed || is_cancelled) co_return std::nullopt;
    if (!state->acceptor.is_open()) {
      co_await state->changed.wait();
      continue;
    }
    FileDescriptor accepted(
        ::accept4(state->acceptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    const int error = accepted.is_open() ? 0 : errno;
    if (accepted.is_open()) {
      state->short_now = false;
      tcp::socket socket(state->acceptor.get_executor());
      socket.assign(state->endpoint.protocol(), accepted.get());
      accepted.release();
      co_return Socket(std::move(socket));
    }
    if (error == EAGAIN) {
      co_await state->acceptor.async_wait(tcp::acceptor::wait_read, as_result);
    } else if (!is_only_this_one(error)) {
      if (is_shortage(error)) state->meet_shortage(error);
      co_await sleep_for(exhausted_pause);
    }
  }
}

Listener::Listener(asio::any_io_executor executor, const std::string& host, std::uint16_t port, int backlog,
                   SocketSource source)
    : state_(std::make_shared<State>(std::move(executor), host, port, backlog, std::move(source))) {}
Listener::~Listener() { close(); }

void Listener::listen() {
  if (state_->closed || is_listening()) return;
  FileDescriptor socket = make_listening(state_->endpoint, state_->backlog, state_->source);
  state_->acceptor.assign(state_->endpoint.protocol(), socket.get());
  socket.release();
  state_->acceptor.non_blocking(true);
  state_->changed.notify();
}

void Listener::stop_listening() { state_->stop_listening(); }
bool Listener::is_listening() const { return state_->acceptor.is_open(); }
Task<std::optional<Socket>> Listener::accept() { return State::accept(state_); }
void Listener::on_shortage(std::function<void(int error)> met) { state_->shortage_met = std::move(met); }
void Listener::close() { state_->close(); }
const std::string& Listener::host() const { return state_->host; }
std::uint16_t Listener::port() const { return state_->endpoint.port(); }

}  // namespace wsfault::net
