// Coroutines that are started together and joined: nothing is detached, every end is known.
#pragma once

#include <cstddef>
#include <exception>

#include "net/asio.hpp"
#include "net/event_gate.hpp"

namespace wsfault::net {

/// Must be joined before it is destroyed.
class TaskGroup {
 public:
  explicit TaskGroup(const asio::any_io_executor& executor) : executor_(executor), changed_(executor) {}
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts it on the group's executor, at the next turn of the loop.
  void spawn(Task<void> task);
  /// Until all have ended, those spawned meanwhile too; what they threw is kept for join().
  Task<void> all_ended();
  /// The same; then the first exception of any of them is thrown on.
  Task<void> join();
  std::size_t running() const { return running_; }

 private:
  asio::any_io_executor executor_;
  EventGate changed_;
  std::size_t running_ = 0;
  std::exception_ptr failure_;
};

}  // namespace wsfault::net
