// A listening port that can stop listening and still keep its number, so that connections are truly refused.
#include "net/listener.hpp"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>
#include <vector>

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
FileDescriptor make_holder(const tcp::endpoint& endpoint, const SocketSource& source, bool shared) {
  FileDescriptor holder = make_socket(endpoint, source);
  if (shared) set_option(holder, SO_REUSEPORT, 1);
  if (endpoint.port() != 0) set_option(holder, SO_REUSEADDR, 1);
  bind_to(holder, endpoint);
  set_option(holder, SO_REUSEPORT, 1);
  set_option(holder, SO_REUSEADDR, 0);  // else another server could bind the port while we do not listen
  return holder;
}

/// The holder keeps others away; SO_REUSEADDR is for what the holder, too, was bound over (TIME_WAIT of another
/// server), and for the connections, which inherit it: their TIME_WAIT blocks nobody.
FileDescriptor make_listening(const tcp::endpoint& endpoint, int backlog, const SocketSource& source) {
  FileDescriptor socket = make_socket(endpoint, source);
  set_option(socket, SO_REUSEPORT, 1);
  set_option(socket, SO_REUSEADDR, 1);
  bind_to(socket, endpoint);
  const int on = 1;  // what it accepts inherits it
  if (::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) throw_last_error("setsockopt");
  if (::listen(socket.get(), backlog) != 0) throw_last_error("listen");
  return socket;
}

/// The connections that wait to be accepted are more than the queue takes: the kernel drops every further
/// SYN.
bool is_full(int listening) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(listening, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) throw_last_error("getsockopt");
  return info.tcpi_unacked > info.tcpi_sacked;  // of a listening socket: the queue, and its limit
}

/// A connection to our own port that is never accepted.
FileDescriptor fill_one(const tcp::endpoint& endpoint, const SocketSource& source) {
  constexpr int most_ms = 100;
  FileDescriptor filler = make_socket(endpoint, source);
  if (::fcntl(filler.get(), F_SETFL, O_NONBLOCK) != 0) throw_last_error("fcntl");
  if (::connect(filler.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 &&
      errno != EINPROGRESS)
    throw_last_error("connect");
  pollfd connected{filler.get(), POLLOUT, 0};
  ::poll(&connected, 1, most_ms);
  return filler;
}

/// Only that connection failed before it was accepted: accept the next one.
bool is_only_this_one(int error) { return error == ECONNABORTED || error == EPROTO || error == EINTR; }

}  // namespace

struct Listener::State {
  State(asio::any_io_executor executor, const std::string& address, std::uint16_t port, int queue,
        SocketSource sockets, bool shared)
      : host(address),
        backlog(queue),
        source(std::move(sockets)),
        holder(make_holder({asio::ip::make_address(address), port}, source, shared)),
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
  bool swallows = false;
  std::vector<FileDescriptor> fillers;  ///< of the queue
  std::deque<Arrival> early;            ///< accepted from it when it no longer swallowed
  std::function<void(int error)> shortage_met;
  bool short_now = false;

  void stop_listening() {
    error_code ignored;
    acceptor.close(ignored);
    swallows = false;
    fillers.clear();
    early.clear();
  }

  void begin_to_listen(int queue) {
    FileDescriptor socket = make_listening(endpoint, queue, source);
    acceptor.assign(endpoint.protocol(), socket.get());
    socket.release();
    acceptor.non_blocking(true);
  }

  void swallow() {
    constexpr std::size_t most = 8;
    if (acceptor.is_open()) {
      if (::listen(acceptor.native_handle(), 0) != 0) throw_last_error("listen");
    } else {
      begin_to_listen(0);
    }
    swallows = true;
    while (!is_full(acceptor.native_handle())) {
      if (fillers.size() == most) {
        errno = EOPNOTSUPP;
        throw_last_error("the queue of a listening socket cannot be filled");
      }
      fillers.push_back(fill_one(endpoint, source));
    }
  }

  /// Ends ours, and returns the ports that they had. Only then can none of them still get into the queue: one whose
  /// SYN was dropped sends it again.
  std::vector<std::uint16_t> end_fillers() {
    std::vector<std::uint16_t> ports;
    for (const FileDescriptor& filler : fillers) {
      if (const auto own = bound_endpoint(filler); own.port() != 0) ports.push_back(own.port());
    }
    fillers.clear();
    return ports;
  }

  /// Empties the queue: what waited in it before it was filled is accepted.
  void accept_again() {
    swallows = false;
    const std::vector<std::uint16_t> ours = end_fillers();
    for (;;) {
      Arrival arrival;
      socklen_t size = static_cast<socklen_t>(arrival.peer.capacity());
      arrival.socket = FileDescriptor(
          ::accept4(acceptor.native_handle(), arrival.peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!arrival.socket.is_open()) break;
      arrival.peer.resize(size);
      if (std::ranges::find(ours, arrival.peer.port()) == ours.end()) early.push_back(std::move(arrival));
    }
    if (::listen(acceptor.native_handle(), backlog) != 0) throw_last_error("listen");
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

  static Task<std::optional<Arrival>> accept(std::shared_ptr<State> state);
};

Task<std::optional<Listener::Arrival>> Listener::State::accept(std::shared_ptr<State> state) {
  for (;;) {
    const bool is_cancelled =
        (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
    if (state->closed || is_cancelled) co_return std::nullopt;
    if (!state->acceptor.is_open() || state->swallows) {
      co_await state->changed.wait();
      continue;
    }
    Arrival arrival;
    if (state->early.empty()) {
      socklen_t size = static_cast<socklen_t>(arrival.peer.capacity());
      arrival.socket = FileDescriptor(
          ::accept4(state->acceptor.native_handle(), arrival.peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (arrival.socket.is_open()) arrival.peer.resize(size);
    } else {
      arrival = std::move(state->early.front());
      state->early.pop_front();
    }
    const int error = arrival.socket.is_open() ? 0 : errno;
    if (arrival.socket.is_open()) {
      state->short_now = false;
      co_return std::move(arrival);
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
                   SocketSource source, bool shared)
    : state_(std::make_shared<State>(std::move(executor), host, port, backlog, std::move(source), shared)) {}
Listener::~Listener() { close(); }

void Listener::listen() {
  if (state_->closed || is_listening()) return;
  if (state_->swallows) {
    state_->accept_again();
  } else {
    state_->begin_to_listen(state_->backlog);
  }
  state_->changed.notify();
}

void Listener::swallow() {
  if (!state_->closed && !state_->swallows) state_->swallow();
}

void Listener::stop_listening() { state_->stop_listening(); }
bool Listener::is_listening() const { return state_->acceptor.is_open() && !state_->swallows; }
Task<std::optional<Listener::Arrival>> Listener::accept_descriptor() { return State::accept(state_); }

Task<std::optional<Socket>> Listener::accept() {
  const std::shared_ptr<State> state = state_;
  auto accepted = co_await State::accept(state);
  if (!accepted) co_return std::nullopt;
  co_return Socket(state->acceptor.get_executor(), std::move(accepted->socket));
}

void Listener::on_shortage(std::function<void(int error)> met) { state_->shortage_met = std::move(met); }
void Listener::close() { state_->close(); }
const std::string& Listener::host() const { return state_->host; }
std::uint16_t Listener::port() const { return state_->endpoint.port(); }

}  // namespace wsfault::net
