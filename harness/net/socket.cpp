// TCP with its abrupt endings: RST by linger 0, FIN while still reading, unacknowledged bytes, and how a peer
// ended.
#include "net/socket.hpp"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cassert>
#include <utility>

#include "net/event_gate.hpp"
#include "net/peer_socket.hpp"

namespace wsfault::net {
namespace {

constexpr std::chrono::milliseconds first_pause{1};
constexpr std::chrono::milliseconds longest_pause{10};

StreamEnd end_of(int error) {
  if (error == 0) return {EndKind::fin, 0};
  const bool is_reset = error == ECONNRESET || error == EPIPE;
  return {is_reset ? EndKind::reset : EndKind::error, error};
}

tcp::socket assigned(const asio::any_io_executor& executor, FileDescriptor connected) {
  tcp::endpoint local;
  socklen_t size = static_cast<socklen_t>(local.capacity());
  ::getsockname(connected.get(), local.data(), &size);
  local.resize(size);
  tcp::socket socket(executor);
  socket.assign(local.protocol(), connected.get());
  connected.release();
  return socket;
}

}  // namespace

Socket::Socket(tcp::socket socket) : socket_(std::move(socket)) {
  error_code ignored;  // a connection that was already reset has no options and no names; reading reports it
  local_ = socket_.local_endpoint(ignored);
  peer_ = socket_.remote_endpoint(ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  if (socket_.is_open()) ::fcntl(socket_.native_handle(), F_SETFD, FD_CLOEXEC);
}

Socket::Socket(const asio::any_io_executor& executor, FileDescriptor connected)
    : Socket(assigned(executor, std::move(connected))) {}

Socket::~Socket() {
  if (socket_.is_open()) close();
}

/// Keeps the first end, unless a RST follows a FIN.
StreamEnd Socket::note(int error) {
  const StreamEnd end = end_of(error);
  const bool follows_fin = ended_ && ended_->kind == EndKind::fin && end.kind != EndKind::fin;
  if (!ended_ || follows_fin) ended_ = end;
  return *ended_;
}

// Reading and writing make their own system calls. The kernel reports a RST only once, to the first caller,
// so it must be recorded before the other side's call, not when a completion handler runs.

Task<ReadResult> Socket::read_some(std::span<char> buffer) {
  return tls_ ? read_decrypted(buffer) : receive(buffer);
}

Task<ReadResult> Socket::receive(std::span<char> buffer) {
  assert(!buffer.empty());
  if (std::exchange(read_at_once_, true)) co_await let_others_run();
  while (socket_.is_open()) {
    const ssize_t size = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size > 0) co_return ReadResult{static_cast<std::size_t>(size), std::nullopt, false};
    const int error = size == 0 ? 0 : errno;
    if (error == EINTR) continue;
    if (error != EAGAIN) co_return ReadResult{0, note(error), false};
    read_at_once_ = false;
    const auto [cancelled] = co_await socket_.async_wait(tcp::socket::wait_read, as_result);
    if (cancelled) break;
  }
  co_return ReadResult{0, std::nullopt, true};
}

Task<ReadResult> Socket::wait_readable() {
  const auto [cancelled] = co_await socket_.async_wait(tcp::socket::wait_read, as_result);
  co_return ReadResult{0, std::nullopt, cancelled.failed()};
}

Task<std::optional<StreamEnd>> Socket::write(std::string_view bytes, OnSent told) {
  return tls_ ? write_encrypted(bytes, std::move(told)) : send_all(bytes, std::move(told));
}

Task<std::optional<StreamEnd>> Socket::send_all(std::string_view bytes, OnSent told) {
  if (std::exchange(wrote_at_once_, true)) co_await let_others_run();
  while (!bytes.empty()) {
    Sent sent = send_once(bytes);
    if (sent.end) co_return sent.end;
    if (told && sent.size > 0) told(bytes.substr(0, sent.size));
    bytes.remove_prefix(sent.size);
    if (!sent.must_wait) continue;
    const bool writable = co_await wait_writable();
    if (!writable) co_return StreamEnd{EndKind::error, ECANCELED};
  }
  co_return std::nullopt;
}

Socket::Sent Socket::send_once(std::string_view bytes) {
  if (!socket_.is_open()) return {0, false, StreamEnd{EndKind::error, ECANCELED}};
  ssize_t size = 0;
  do {
    size = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (size < 0 && errno == EINTR);
  if (size >= 0) return {static_cast<std::size_t>(size), false, std::nullopt};
  const int error = errno;
  if (error == EAGAIN) return {0, true, std::nullopt};
  const bool after_our_fin = error == EPIPE && fin_sent_ && !ended_;
  if (after_our_fin) return {0, false, StreamEnd{EndKind::error, EPIPE}};
  return {0, false, note(error)};
}

Task<bool> Socket::wait_writable() {
  wrote_at_once_ = false;
  const auto [cancelled] = co_await socket_.async_wait(tcp::socket::wait_write, as_result);
  co_return !cancelled;
}

/// A connection that is always ready must not occupy the thread.
Task<void> Socket::let_others_run() { co_await asio::post(socket_.get_executor(), asio::use_awaitable); }

Task<bool> Socket::wait_reset() {
  const auto [error] = co_await socket_.async_wait(tcp::socket::wait_error, as_result);
  if (error) co_return false;
  if (ended_ && ended_->kind == EndKind::reset) co_return true;
  int pending = 0;
  socklen_t size = sizeof pending;
  ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &pending, &size);
  if (pending == 0) co_return false;
  co_return note(pending).kind == EndKind::reset;
}

void Socket::send_fin() {
  const bool said = say_goodbye();
  fin_sent_ = true;
  if (said) send_fin_truncating();
}

void Socket::send_fin_truncating() {
  error_code ignored;  // not connected any more: nothing to end
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  fin_sent_ = true;
}

void Socket::send_reset() {
  forget_goodbye();
  error_code ignored;
  socket_.set_option(tcp::socket::linger(true, 0), ignored);
  socket_.close(ignored);
}

void Socket::close() {
  if (!fin_sent_) say_goodbye();
  forget_goodbye();
  error_code ignored;
  socket_.close(ignored);
}

void Socket::cancel() {
  error_code ignored;
  socket_.cancel(ignored);
}

FileDescriptor Socket::release() {
  error_code ignored;
  return FileDescriptor(socket_.release(ignored));
}

std::size_t Socket::unacknowledged() const {
  if (!socket_.is_open()) return 0;
  int queued = 0;
  const std::size_t waiting = pending();
  // What was sent to this machine itself has arrived; its ACK may come 40 ms later (RFC 9293 3.8.6.3).
  const unsigned long what = peer_.address().is_loopback() ? SIOCOUTQNSD : SIOCOUTQ;
  if (::ioctl(socket_.native_handle(), what, &queued) != 0 || queued <= 0) return waiting;
  const bool fin_counts = fin_sent_ && waiting == 0;
  return waiting + static_cast<std::size_t>(queued) - (fin_counts ? 1 : 0);
}

std::size_t Socket::unread() const {
  error_code ignored;
  return socket_.is_open() ? socket_.available(ignored) : 0;
}

PeerSocket Socket::peer_socket(const FileDescriptor* table) const { return net::peer_socket(peer_, local_, table); }

bool Socket::is_dead() const {
  tcp_info information{};
  socklen_t size = sizeof information;
  return ::getsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_INFO, &information, &size) != 0 ||
         information.tcpi_state == TCP_CLOSE;
}

Task<std::size_t> Socket::drained(std::chrono::nanoseconds limit) {
  const auto deadline = deadline_after(limit);
  asio::steady_timer timer(socket_.get_executor());
  for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    const std::size_t left = unacknowledged();
    const auto now = std::chrono::steady_clock::now();
    if (left == 0 || now >= deadline || is_dead()) co_return left;
    timer.expires_at(std::min(deadline, now + pause));
    const auto [error] = co_await timer.async_wait(as_result);
    if (error) co_return left;
  }
}

std::string Socket::peer() const { return text_of(peer_); }

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

std::string peer_of(int socket) {
  tcp::endpoint peer;
  socklen_t size = static_cast<socklen_t>(peer.capacity());
  if (::getpeername(socket, peer.data(), &size) != 0) return {};
  peer.resize(size);
  return text_of(peer);
}

}  // namespace wsfault::net
