// The one writer of a connection.
#include "reference/outbox.hpp"

#include <utility>

namespace wsfault::reference {

void Outbox::push(std::string_view frames) {
  if (broken_) return;
  waiting_.append(frames);
  changed_.notify();
}

net::Task<void> Outbox::write_all(net::Socket& socket) {
  for (;;) {
    while (waiting_.empty()) co_await changed_.wait();
    const std::string batch = std::exchange(waiting_, {});
    writing_ = batch.size();
    const auto end = co_await socket.write(batch);
    writing_ = 0;
    if (end) broken_ = true;
    if (broken_) waiting_.clear();
    changed_.notify();
  }
}

net::Task<void> Outbox::drained_to(std::size_t size) {
  while (waiting_.size() + writing_ > size) co_await changed_.wait();
}

}  // namespace wsfault::reference
