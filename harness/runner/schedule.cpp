// Workers take cases from one queue: round by round, so that the repetitions of a heavy case do not run side
// by side, and the longest first, so that the run ends with its longest case.
#include "runner/schedule.hpp"

#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <map>
#include <numeric>

#include "net/task_group.hpp"
#include "runner/elsewhere.hpp"
#include "runner/shared_system.hpp"
#include "runner/standing_system.hpp"

namespace wsfault::runner {
namespace {

report::CaseResult not_run(const CaseOrder& order, const std::string& reason, verdict::Outcome outcome) {
  const model::Scenario& scenario = order.loaded->scenario;
  report::CaseResult result;
  result.id = order.id;
  result.position = order.position;
  result.title = scenario.title;
  result.file = scenario.file;
  result.role = to_string(scenario.role);
  result.system = order.loaded->judged.system.name;
  result.outcome = outcome;
  result.reason = reason;
  result.seed = order.seed;
  result.repeat = order.repeat;
  return result;
}

report::CaseResult broken_case(const CaseOrder& order, const std::string& reason) {
  return not_run(order, reason, verdict::Outcome::error);
}

}  // namespace

report::CaseResult skipped_case(const CaseOrder& order, const std::string& reason) {
  return not_run(order, reason, verdict::Outcome::skipped);
}

namespace {

using Clock = std::chrono::steady_clock;
namespace asio = net::asio;

constexpr Duration progress_interval = std::chrono::milliseconds(200);
constexpr Duration lateness_interval = std::chrono::milliseconds(20);
/// So late a timer is where the run itself stood still, or its machine: a quarter of what verdicts allow a
/// system beyond its limits.
constexpr Duration stall = std::chrono::milliseconds(250);
constexpr int most_attempts = 3;

struct Running {
  std::string id;
  Clock::time_point since;
  Duration stalled{0};
};

class Schedule {
 public:
  Schedule(const RunSetting& setting, const std::vector<CaseOrder>& orders, const ScheduleOptions& options,
           const ScheduleWatcher& watcher)
      : setting_(setting),
        orders_(orders),
        options_(options),
        watcher_(watcher),
        signals_(io_, SIGINT, SIGTERM),
        ended_(io_.get_executor()),
        pace_(io_.get_executor()) {
    queue_.resize(orders.size());
    std::iota(queue_.begin(), queue_.end(), std::size_t{0});
    std::ranges::stable_sort(queue_, {}, [&](std::size_t index) {
      const scenario::LoadedCase& loaded = *orders[index].loaded;
      // Within a budget most cases are run if the shortest are first.
      const Duration key =
          options.budget ? scenario::expected_duration(loaded) : -scenario::effective_deadline(loaded);
      return std::pair(orders[index].round, key);
    });
  }

  report::RunSummary run() {
    signals_.async_wait([this](const net::error_code& error, int) {
      if (!error) interrupt();
    });
    std::exception_ptr failure;
    asio::co_spawn(io_, work_all(), [&](const std::exception_ptr& thrown) {
      failure = thrown;
      signals_.cancel();
    });
    io_.run();
    if (failure) std::rethrow_exception(failure);
    report::RunSummary summary;
    for (auto& [place, result] : results_) summary.cases.push_back(std::move(result));
    summary.wall = Clock::now() - start_;
    summary.interrupted = interrupted_;
    return summary;
  }

 private:
  /// One gateway for all: one case at a time, and those that it cannot serve are skipped.
  net::Task<std::string> start_shared() {
    if (!setting_.shared_system) co_return std::string();
    shared_.emplace(io_.get_executor(), *setting_.warden, *setting_.shared_system);
    std::string error = co_await shared_->start(setting_.patience);
    setting_.standing = &shared_->gateway();
    co_return error;
  }

  net::Task<void> work_all() {
    shared_error_ = co_await start_shared();
    co_await work_queue();
    if (shared_) co_await shared_->stop(setting_.stop_grace);
    shared_.reset();  // before the io_context
  }

  net::Task<void> work_queue() {
    net::TaskGroup workers(io_.get_executor());
    net::TaskGroup watchers(io_.get_executor());
    // One port of one address is for one case at a time.
    const bool one_by_one = setting_.standing || setting_.listen.port != 0;
    const std::size_t jobs = one_by_one ? 1 : options_.jobs;
    for (std::size_t i = 0; i < std::min(jobs, total_); ++i) workers.spawn(work());
    watchers.spawn(tell_progress());
    watchers.spawn(watch_lateness());
    co_await workers.join();
    finished_ = true;
    ended_.notify();
    co_await watchers.join();
  }

  net::Task<void> work() {
    for (;;) {
      Pace::Place place = co_await pace_.begin();
      if (next_ == total_ || stopping_) co_return;
      const std::size_t round = next_ / queue_.size();
      const std::size_t index = queue_[next_++ % queue_.size()];
      const CaseOrder order = options_.rounds == 1
                                  ? orders_[index]
                                  : options_.repeated(orders_[index], static_cast<int>(round) + 1);
      report::CaseResult result = co_await run_one(order, std::move(place));
      ++done_;
      if (result.outcome <= verdict::Outcome::failed) {
        ++failed_;
        if (options_.fail_fast) stop();
      }
      if (watcher_.finished && !interrupted_) watcher_.finished(result);
      if (setting_.measuring) {
        result.events = std::vector<record::Event>();  // `= {}` would keep the memory
        result.output = std::vector<record::OutputLine>();
      }
      results_.emplace(round * queue_.size() + index, std::move(result));
    }
  }

  net::Task<report::CaseResult> run_one(const CaseOrder& order, Pace::Place place) {
    if (!order.loaded->skip.empty()) co_return skipped_case(order, order.loaded->skip);
    if (!shared_error_.empty()) co_return broken_case(order, shared_error_);
    if (setting_.standing || order.loaded->judged.system.start.empty()) {
      if (const std::string why = cannot_reach(*order.loaded); !why.empty())
        co_return skipped_case(order, why);
    }
    if (setting_.standing) {
      if (const std::string why = cannot_stand(*order.loaded, *setting_.standing); !why.empty())
        co_return skipped_case(order, why);
    }
    if (options_.budget && !fits_budget(order))
      co_return skipped_case(order, "--budget " + format_duration(*options_.budget) + " was used up");
    report::CaseResult result = co_await attempt(order, std::move(place));
    for (int attempts = 2; is_doubtful(result) && attempts <= most_attempts; ++attempts) {
      Pace::Place again = co_await pace_.begin();
      if (stopping_ || (options_.budget && !fits_budget(order))) break;
      result = co_await attempt(order, std::move(again));
      result.attempts = attempts;
    }
    co_return result;
  }

  net::Task<report::CaseResult> attempt(const CaseOrder& order, Pace::Place place) {
    CaseRun run(io_.get_executor(), setting_, std::move(place), order);
    running_[&run] = {order.id, Clock::now()};
    report::CaseResult result = co_await run.run();
    result.stalled = running_[&run].stalled;
    running_.erase(&run);
    co_return result;
  }

  /// Its limits passed while nobody looked: whether that was the system's fault, another attempt tells.
  bool is_doubtful(const report::CaseResult& result) const {
    return result.stalled > Duration(0) && result.outcome != verdict::Outcome::passed && !setting_.measuring;
  }

  bool fits_budget(const CaseOrder& order) const {
    return Clock::now() - start_ + scenario::expected_duration(*order.loaded) <= *options_.budget;
  }

  net::Task<void> tell_progress() {
    while (!finished_ && watcher_.progress) {
      report::Progress progress{
          .done = done_, .total = total_, .running = running_.size(), .failed = failed_};
      for (const auto& [run, one] : running_) {
        const auto age = Clock::now() - one.since;
        if (age > progress.longest_for) {
          progress.longest_for = age;
          progress.longest = one.id;
        }
      }
      watcher_.progress(progress);
      co_await ended_.wait_until(Clock::now() + progress_interval);
    }
  }

  net::Task<void> watch_lateness() {
    while (!finished_) {
      const auto due = Clock::now() + lateness_interval;
      co_await ended_.wait_until(due);
      const Duration late = Clock::now() - due;
      if (late < Duration(0)) continue;
      pace_.note_lateness(late);
      note_stall(late);
      if (watcher_.late) watcher_.late(late);
    }
  }

  void note_stall(Duration late) {
    if (late < stall) return;
    for (auto& [run, one] : running_) one.stalled = std::max(one.stalled, late);
  }

  void stop() {
    stopping_ = true;
    pace_.hurry();
  }

  void interrupt() {
    interrupted_ = true;
    stop();
    for (const auto& [run, one] : running_) run->interrupt();
  }

  RunSetting setting_;
  std::optional<SharedSystem> shared_;
  std::string shared_error_;
  const std::vector<CaseOrder>& orders_;
  const ScheduleOptions& options_;
  const ScheduleWatcher& watcher_;
  asio::io_context io_{1};
  asio::signal_set signals_;
  net::EventGate ended_;
  Pace pace_;
  std::map<std::size_t, report::CaseResult> results_;  // by their places in the whole run
  std::vector<std::size_t> queue_;
  std::map<CaseRun*, Running> running_;
  const Clock::time_point start_ = Clock::now();
  const std::size_t total_ = orders_.size() * static_cast<std::size_t>(options_.rounds);
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  bool stopping_ = false;
  bool interrupted_ = false;
  bool finished_ = false;
};

}  // namespace

report::RunSummary run_cases(const RunSetting& setting, const std::vector<CaseOrder>& orders,
                             const ScheduleOptions& options, const ScheduleWatcher& watcher) {
  return Schedule(setting, orders, options, watcher).run();
}

}  // namespace wsfault::runner
