// Coroutines that are started together and joined: no task is detached, and every end is recorded.
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

#include "net/asio.hpp"

namespace wsfault::net {

/// Join it before anything that its tasks refer to is destroyed; finally() does so on every path. A task that
/// ends after its group does not access the group.
class TaskGroup {
 public:
  using Failed = std::function<void(const std::exception_ptr&)>;

  /// With `failed` each exception of a task is reported at once, and join() does not rethrow.
  explicit TaskGroup(const asio::any_io_executor& executor, Failed failed = nullptr);
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts the task on the group's executor: at once if called in its loop.
  void spawn(Task<void> task);
  /// Waits until all have ended, including those spawned meanwhile; their exceptions are kept for join().
  Task<void> all_ended();
  /// The same, until `deadline` at most; false: some tasks are still running.
  Task<bool> all_ended_until(std::chrono::steady_clock::time_point deadline);
  /// As all_ended(); then rethrows the first exception.
  Task<void> join();
  std::size_t running() const;

 private:
  struct State;
  asio::any_io_executor executor_;
  std::shared_ptr<State> state_;  ///< shared with the completion handlers of the tasks
};

/// Runs `body` and then `cleanup`, whether the body returned, threw or was cancelled; then rethrows the
/// body's exception, or else the cleanup's. A coroutine cannot wait in a destructor or a catch clause.
Task<void> finally(Task<void> body, Task<void> cleanup);

}  // namespace wsfault::net
