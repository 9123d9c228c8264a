// Outgoing frames: one writer, so that frames of several coroutines never mix.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "net/asio.hpp"
#include "net/event_gate.hpp"
#include "net/socket.hpp"

namespace wsfault::reference {

class Outbox {
 public:
  explicit Outbox(const net::asio::any_io_executor& executor) : changed_(executor) {}

  /// Whole frames only. Once the stream is broken they are dropped: its reader reports how it ended.
  void push(std::string_view frames);
  /// Writes what is pushed, until cancelled.
  net::Task<void> write_all(net::Socket& socket);
  /// Waits until no more than `size` bytes are to be written.
  net::Task<void> drained_to(std::size_t size);
  /// Bytes not yet written.
  std::size_t backlog() const { return waiting_.size() + writing_; }
  /// When the peer last accepted part of the backlog; now, if there is none.
  std::chrono::steady_clock::time_point last_progress() const;

 private:
  using Clock = std::chrono::steady_clock;
  net::Task<void> write_batch(net::Socket& socket, std::string_view batch);

  net::EventGate changed_;
  std::string waiting_;
  std::size_t writing_ = 0;
  Clock::time_point last_progress_ = Clock::now();
  bool broken_ = false;
};

}  // namespace wsfault::reference
