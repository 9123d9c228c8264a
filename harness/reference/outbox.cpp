// The one writer of a connection.
#include "reference/outbox.hpp"

#include <utility>

namespace wsfault::reference {
namespace {

/// Bytes written at a time: progress is seen after each write.
constexpr std::size_t piece_size = 64 * 1024;

}  // namespace

void Outbox::push(std::string_view frames) {
  if (broken_) return;
  if (backlog() == 0) last_progress_ = Clock::now();
  waiting_.append(frames);
  changed_.notify();
}

net::Task<void> Outbox::write_all(net::Socket& socket) {
  for (;;) {
    while (waiting_.empty()) co_await changed_.wait();
    const std::string batch = std::exchange(waiting_, {});
    co_await write_batch(socket, batch);
    if (broken_) waiting_.clear();
    changed_.notify();
  }
}

net::Task<void> Outbox::write_batch(net::Socket& socket, std::string_view batch) {
  writing_ = batch.size();
  while (writing_ > 0) {
    const std::string_view piece = batch.substr(batch.size() - writing_, piece_size);
    const auto end = co_await socket.write(piece);
    if (end) broken_ = true;
    writing_ = broken_ ? 0 : writing_ - piece.size();
    last_progress_ = Clock::now();
    changed_.notify();
  }
}

net::Task<void> Outbox::drained_to(std::size_t size) {
  while (backlog() > size) co_await changed_.wait();
}

std::chrono::steady_clock::time_point Outbox::last_progress() const {
  return backlog() == 0 ? Clock::now() : last_progress_;
}

}  // namespace wsfault::reference
