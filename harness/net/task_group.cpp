// Counts the running tasks; keeps the first failure, or reports each one.
#include "net/task_group.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <utility>

#include "net/event_gate.hpp"

namespace wsfault::net {

struct TaskGroup::State {
  State(const asio::any_io_executor& executor, Failed told) : changed(executor), failed(std::move(told)) {}

  void ended(const std::exception_ptr& thrown) {
    --running;
    changed.notify();
    if (thrown) note(thrown);
  }

  void note(const std::exception_ptr& thrown) {
    std::exception_ptr kept = thrown;
    if (failed) {
      try {
        failed(thrown);
        return;
      } catch (...) {
        kept = std::current_exception();  // even reporting failed: out of memory
      }
    }
    if (!failure) failure = kept;
  }

  EventGate changed;
  Failed failed;
  std::size_t running = 0;
  std::exception_ptr failure;
};

TaskGroup::TaskGroup(const asio::any_io_executor& executor, Failed failed)
    : executor_(executor), state_(std::make_shared<State>(executor, std::move(failed))) {}

void TaskGroup::spawn(Task<void> task) {
  asio::co_spawn(executor_, std::move(task),
                 [state = state_](const std::exception_ptr& thrown) { state->ended(thrown); });
  ++state_->running;
}

Task<void> TaskGroup::all_ended() {
  const std::shared_ptr<State> state = state_;
  while (state->running > 0) co_await state->changed.wait();
}

Task<bool> TaskGroup::all_ended_until(std::chrono::steady_clock::time_point deadline) {
  const std::shared_ptr<State> state = state_;
  while (state->running > 0 && std::chrono::steady_clock::now() < deadline)
    co_await state->changed.wait_until(deadline);
  co_return state->running == 0;
}

Task<void> TaskGroup::join() {
  const std::shared_ptr<State> state = state_;
  while (state->running > 0) co_await state->changed.wait();
  if (state->failure) std::rethrow_exception(std::exchange(state->failure, nullptr));
}

std::size_t TaskGroup::running() const { return state_->running; }

Task<void> finally(Task<void> body, Task<void> cleanup) {
  std::exception_ptr failure;
  try {
    co_await std::move(body);
  } catch (...) {
    failure = std::current_exception();
  }
  // In a cancelled coroutine every further wait would throw.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  try {
    co_await std::move(cleanup);
  } catch (...) {
    if (!failure) failure = std::current_exception();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace wsfault::net
