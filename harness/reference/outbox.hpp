// Frames on their way out: one writer, so that frames of several coroutines never mix.
#pragma once

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

  /// Whole frames only. Once the stream is broken they are dropped: its reader will say how it ended.
  void push(std::string_view frames);
  /// Writes what is pushed, until cancelled.
  net::Task<void> write_all(net::Socket& socket);
  /// Until no more than `size` bytes wait to be written.
  net::Task<void> drained_to(std::size_t size);

 private:
  net::EventGate changed_;
  std::string waiting_;
  std::size_t writing_ = 0;
  bool broken_ = false;
};

}  // namespace wsfault::reference
