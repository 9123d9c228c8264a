// Counts what runs and keeps the first failure.
#include "net/task_group.hpp"

#include <utility>

namespace wsfault::net {

void TaskGroup::spawn(Task<void> task) {
  ++running_;
  asio::co_spawn(executor_, std::move(task), [this](const std::exception_ptr& failure) {
    --running_;
    if (failure && !failure_) failure_ = failure;
    changed_.notify();
  });
}

Task<void> TaskGroup::all_ended() {
  while (running_ > 0) co_await changed_.wait();
}

Task<void> TaskGroup::join() {
  co_await all_ended();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace wsfault::net
