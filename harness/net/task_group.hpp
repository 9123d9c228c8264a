// Coroutines that are started together and joined: nothing is detached, every end is known.
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

#include "net/asio.hpp"

namespace wsfault::net {

/// To be joined before what its tasks refer to is destroyed; finally() does so on every path. A task that
/// ends later than its group touches nothing of it.
class TaskGroup {
 public:
  using Failed = std::function<void(const std::exception_ptr&)>;

  /// With `failed` each exception of a task is reported at once, and join() throws none of them.
  explicit TaskGroup(const asio::any_io_executor& executor, Failed failed = nullptr);
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts it on the group's executor, at the next turn of the loop.
  void spawn(Task<void> task);
  /// Until all have ended, those spawned meanwhile too; what they threw is kept for join().
  Task<void> all_ended();
  /// The same, until `deadline` at most; false: some are still running.
  Task<bool> all_ended_until(std::chrono::steady_clock::time_point deadline);
  /// As all_ended(); then the first exception of any of them is thrown on.
  Task<void> join();
  std::size_t running() const;

 private:
  struct State;
  asio::any_io_executor executor_;
  std::shared_ptr<State> state_;  ///< shared with the ends of the tasks
};

/// Runs `body` and then `cleanup`, whether the body returned, threw or was cancelled; then throws on what the
/// body threw, else what the cleanup threw. A coroutine cannot wait in a destructor or in a catch clause.
Task<void> finally(Task<void> body, Task<void> cleanup);

}  // namespace wsfault::net
