#include "runner/case_endings.hpp"

#include <fmt/format.h>

#include "net/interruption.hpp"
#include "net/shortage.hpp"
#include "net/task_group.hpp"

namespace wsfault::runner {
namespace {

using Clock = std::chrono::steady_clock;

/// A case's parts have their own limits; commands have the longest.
constexpr Duration end_within = std::chrono::seconds(20);
constexpr Duration end_with_commands_within = std::chrono::seconds(150);

}  // namespace

net::Task<std::string> CaseEndings::end(const scenario::LoadedCase& loaded, std::shared_ptr<CaseRun> run) {
  const auto trouble = std::make_shared<std::string>();
  net::TaskGroup ending(executor_);
  ending.spawn(end_parties(std::move(run), trouble));
  const bool has_commands = !loaded.judged.system.commands.empty();
  const Duration limit = scaled(has_commands ? end_with_commands_within : end_within, timeout_scale_);
  const bool all_ended = co_await ending.all_ended_until(Clock::now() + limit);
  if (!all_ended) *trouble = fmt::format("the case could not be ended within {}", format_duration(limit));
  co_return *trouble;
}

net::Task<void> CaseEndings::end_parties(std::shared_ptr<CaseRun> run, std::shared_ptr<std::string> trouble) {
  ++under_way_;
  bool is_over = false;
  try {
    *trouble = co_await run->end();
    is_over = true;
  } catch (...) {
    *trouble = net::describe_failure(std::current_exception());
  }
  if (!is_over) {  // its tasks may still refer to it
    net::leave_behind(run);
    co_return;
  }
  --under_way_;
  ended_.notify();
}

net::Task<void> CaseEndings::all_until(Clock::time_point deadline) {
  while (under_way_ > 0 && Clock::now() < deadline) co_await ended_.wait_until(deadline);
}

}  // namespace wsfault::runner
