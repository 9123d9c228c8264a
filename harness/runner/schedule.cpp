// Workers take cases from one queue: round by round, so that repetitions of a heavy case do not run at the
// same time, and the longest first, so that the run does not wait for a long case at its end.
#include "runner/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>

#include "net/descriptors.hpp"
#include "net/interruption.hpp"
#include "net/shortage.hpp"
#include "net/task_group.hpp"
#include "network/possible.hpp"
#include "runner/cannot_work.hpp"
#include "runner/case_endings.hpp"
#include "runner/case_results.hpp"
#include "runner/descriptor_needs.hpp"
#include "runner/external_system.hpp"
#include "runner/precheck.hpp"
#include "runner/shared_system.hpp"
#include "runner/under_way.hpp"

namespace wsfault::runner {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Duration progress_interval = std::chrono::milliseconds(200);
constexpr Duration contact_interval = std::chrono::milliseconds(500);
constexpr Duration lateness_interval = std::chrono::milliseconds(20);
constexpr int most_attempts = 3;
/// How long an interrupted case has to end its parties; the documentation promises 3 s for all.
constexpr Duration interruption_grace = std::chrono::milliseconds(1250);
/// Cases not ended by then are left to the warden.
constexpr Duration last_ends_within = std::chrono::seconds(5);

class Schedule {
 public:
  Schedule(const RunSetting& setting, const std::vector<CaseOrder>& orders, const ScheduleOptions& options,
           const ScheduleWatcher& watcher)
      : setting_(setting),
        orders_(orders),
        options_(options),
        watcher_(watcher),
        cannot_work_(setting.timeout_scale),
        interruption_(io_, interruption_grace, [this] { interrupt(); }),
        endings_(io_.get_executor(), setting.timeout_scale),
        finishing_(io_.get_executor()) {
    setting_.room = &room_;
    queue_.resize(orders.size());
    std::iota(queue_.begin(), queue_.end(), std::size_t{0});
    std::ranges::stable_sort(queue_, {}, [&](std::size_t index) {
      const scenario::LoadedCase& loaded = *orders[index].loaded;
      // With a budget, more cases are run if the shortest are first.
      const Duration key =
          options.budget ? scenario::expected_duration(loaded) : -scenario::effective_deadline(loaded);
      return std::pair(orders[index].round, key);
    });
  }

  report::RunSummary run() {
    plan();
    net::asio::co_spawn(io_, work_all(), [this](const std::exception_ptr& thrown) {
      failure_ = thrown;
      is_over_ = true;
      interruption_.cancel();
      if (endings_.under_way() > 0) io_.stop();
    });
    io_.run();
    if (failure_) std::rethrow_exception(failure_);
    report::RunSummary summary;
    for (auto& [place, result] : results_) summary.cases.push_back(std::move(result));
    summary.wall = Clock::now() - start_;
    summary.interrupted = interrupted_;
    if (watches_contact()) summary.stopped = cannot_work_.in_words(not_run_);
    return summary;
  }

  /// There are unfinished tasks that refer to it.
  bool is_unfinished() const { return !is_over_ || endings_.under_way() > 0; }

 private:
  /// Determines for how many cases at once there are descriptors.
  void plan() {
    const auto needs_network = [](const CaseOrder& order) {
      return order.loaded->scenario.isolate && order.skip_reason().empty();
    };
    if (std::ranges::any_of(orders_, needs_network)) no_network_ = network::why_impossible(setting_.program);
    for (const CaseOrder& order : orders_)
      needs_.push_back(order.skip_reason().empty() ? descriptors_of(*order.loaded) : 0);
    descriptors_ = plan_descriptors(needs_, static_cast<std::size_t>(options_.rounds), options_.jobs,
                                    net::descriptor_limit(), net::open_descriptors());
    pace_.emplace(io_.get_executor(), descriptors_.available);
    if (!descriptors_.sentence.empty() && !one_by_one() && watcher_.note)
      watcher_.note(descriptors_.sentence);
    // It may still fit, because its clients need not be connected at the same time: it runs by itself.
    const auto most = std::ranges::max_element(needs_);
    if (most == needs_.end() || !watcher_.note) return;
    const std::string why = too_many_descriptors(*most, descriptors_.available);
    if (!why.empty()) watcher_.note(orders_[static_cast<std::size_t>(most - needs_.begin())].id + ": " + why);
  }

  /// One address and port can serve only one case at a time.
  bool one_by_one() const { return setting_.external || setting_.shared_system || setting_.listen.port != 0; }

  /// One gateway for all cases: they run one at a time, and those that it cannot serve are skipped.
  net::Task<std::string> start_shared() {
    if (!setting_.shared_system) co_return std::string();
    shared_.emplace(io_.get_executor(), *setting_.warden, *setting_.shared_system);
    std::string error = co_await shared_->start(setting_.timeout_scale);
    setting_.external = &shared_->gateway();
    if (error.empty())
      error = co_await try_gateway(io_.get_executor(), shared_->gateway(), setting_.timeout_scale);
    co_return error;
  }

  net::Task<void> work_all() { co_await net::finally(work_with_shared(), stop_shared()); }
  net::Task<void> work_with_shared() {
    try {
      cannot_work_.refuse(co_await start_shared());
    } catch (...) {
      cannot_work_.refuse(net::describe_failure(std::current_exception()));
    }
    co_await work_queue();
  }

  net::Task<void> stop_shared() {
    if (shared_) co_await shared_->stop(setting_.stop_grace);
    shared_.reset();  // before the io_context
  }

  net::Task<void> work_queue() {
    net::TaskGroup workers(io_.get_executor());
    net::TaskGroup watchers(io_.get_executor());
    const auto work_off = [&]() -> net::Task<void> {
      const std::size_t jobs = one_by_one() ? 1 : descriptors_.jobs;
      for (std::size_t i = 0; i < std::min(jobs, total_); ++i) workers.spawn(work());
      watchers.spawn(watch_lateness());
      if (watcher_.progress) watchers.spawn(every(progress_interval, [this] { tell_progress(); }));
      if (watches_contact())
        watchers.spawn(every(contact_interval, [this] { running_.look_for_contact(cannot_work_); }));
      co_await workers.join();
    };
    const auto end = [&]() -> net::Task<void> {
      stopping_ = true;
      co_await workers.all_ended();
      co_await endings_.all_until(Clock::now() + last_ends_within);
      finished_ = true;
      finishing_.notify();
      co_await watchers.join();
    };
    co_await net::finally(work_off(), end());
  }

  net::Task<void> work() {
    for (;;) {
      if (next_ == total_ || stopping_) co_return;
      const std::size_t round = next_ / queue_.size();
      const std::size_t index = queue_[next_++ % queue_.size()];
      Pace::Place place = co_await pace_->begin(needs_[index]);
      if (stopping_) co_return;
      const CaseOrder order = options_.rounds == 1
                                  ? orders_[index]
                                  : options_.repeated(orders_[index], static_cast<int>(round) + 1);
      report::CaseResult result = co_await run_one(order, needs_[index], std::move(place));
      ++done_;
      if (result.outcome <= verdict::Outcome::failed) {
        ++failed_;
        if (options_.fail_fast) stop();
      }
      if (watcher_.finished && !interrupted_) watcher_.finished(result);
      if (setting_.measuring) {
        result.events = record::Events();  // `= {}` would keep the memory allocated
        result.output = std::vector<record::OutputLine>();
      }
      if (!setting_.keeps_passed_logs && result.outcome == verdict::Outcome::passed) sum_up(result);
      room_.used += result.events.size();
      results_.emplace(round * queue_.size() + index, std::move(result));
    }
  }

  std::string cannot_isolate(const scenario::LoadedCase& loaded) const {
    if (!loaded.scenario.isolate) return {};
    if (!setting_.advertise.empty()) return "the host of --advertise is not in a network of its own";
    const std::string told =
        loaded.scenario.addresses > 1
            ? fmt::format("it needs {} addresses, the command of the system takes no ${{addresses}}, and ",
                          loaded.scenario.addresses)
            : "";
    if (is_external(setting_, loaded))
      return told + "a system that the run does not start has its own network";
    return no_network_.empty() ? std::string()
                               : told + "no network of its own can be had here: " + no_network_;
  }

  /// A client that is given its addresses, and finds the link where --listen says.
  std::string cannot_have_addresses(const scenario::LoadedCase& loaded) const {
    const model::Scenario& scenario = loaded.scenario;
    const bool as_usual =
        setting_.advertise.empty() && setting_.listen.host == "127.0.0.1" && setting_.listen.port == 0;
    if (scenario.addresses == 1 || scenario.isolate || as_usual) return {};
    return fmt::format("it needs a link with {} addresses, and --listen gives it one", scenario.addresses);
  }

  net::Task<report::CaseResult> run_one(const CaseOrder& order, std::size_t need, Pace::Place place) {
    if (const std::string& why = order.skip_reason(); !why.empty()) co_return skipped_case(order, why);
    if (const std::string why = cannot_isolate(*order.loaded); !why.empty()) co_return skipped_case(order, why);
    if (const std::string why = cannot_have_addresses(*order.loaded); !why.empty())
      co_return skipped_case(order, why);
    if (const std::string why = cannot_strike(*order.loaded); !why.empty())
      co_return skipped_case(order, why);
    if (is_external(setting_, *order.loaded)) {
      if (const std::string why = cannot_reach(*order.loaded); !why.empty())
        co_return skipped_case(order, why);
    }
    if (setting_.external) {
      if (const std::string why = cannot_serve(*order.loaded, *setting_.external); !why.empty())
        co_return skipped_case(order, why);
    }
    if (options_.budget && !fits_budget(order))
      co_return skipped_case(order, "--budget " + format_duration(*options_.budget) + " was used up");
    if (cannot_work_.why_not(order).empty() && external_may_be_lost(order))
      co_await look_for_external(order.loaded->scenario.role);
    if (std::string why = why_not(order); !why.empty()) co_return skipped_case(order, why);
    report::CaseResult result = co_await attempt(order, std::move(place));
    if (result.outcome == verdict::Outcome::skipped) co_return result;
    for (int attempts = 2; is_doubtful(result) && attempts <= most_attempts; ++attempts) {
      Pace::Place again = co_await pace_->begin(need);
      if (stopping_ || (options_.budget && !fits_budget(order))) break;
      result = co_await attempt(order, std::move(again));
      result.attempts = attempts;
    }
    last_passed_ = result.outcome == verdict::Outcome::passed;
    if (watches_contact() && !interrupted_) cannot_work_.note(order, result);
    co_return result;
  }

  /// An exception becomes its error, and its parties are ended in any case.
  net::Task<report::CaseResult> attempt(const CaseOrder& order, Pace::Place place) {
    std::shared_ptr<CaseRun> run;
    report::CaseResult result;
    std::exception_ptr failure;
    try {
      run = std::make_shared<CaseRun>(io_.get_executor(), setting_, std::move(place), order);
      running_.begin(*run, order);
      result = co_await run->run();
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) result = broken_case(order, net::describe_failure(failure));
    if (run) {
      const std::string trouble = co_await endings_.end(*order.loaded, run);
      if (!interrupted_) add_trouble_of_end(result, *order.loaded, setting_.timeout_scale, trouble);
    }
    const bool given_up = running_.end(run.get());
    co_return given_up ? skipped_case(order, why_not(order)) : std::move(result);
  }

  // --- a run that cannot work

  bool watches_contact() const { return options_.gives_up && !setting_.measuring; }

  /// Also counts, because it is called once per case.
  std::string why_not(const CaseOrder& order) {
    std::string why = cannot_work_.why_not(order);
    if (!why.empty()) ++not_run_;
    return why;
  }

  /// A connection that sends nothing has no effect, except in a gateway that forwards bytes: such a gateway
  /// is checked only if the last case gives a reason.
  bool external_may_be_lost(const CaseOrder& order) const {
    if (!setting_.external || done_ == 0) return false;
    return !last_passed_ || order.loaded->judged.system.kind != model::Kind::tcp;
  }

  net::Task<void> look_for_external(model::Role role) {
    const bool is_lost = co_await refuses_connections(*setting_.external);
    if (is_lost)
      cannot_work_.lose("the " + std::string(to_string(role)) + " at " + setting_.external->listen.text());
  }

  /// Its limits passed while the harness stood still. Another attempt shows whether the system failed.
  bool is_doubtful(const report::CaseResult& result) const {
    return result.stalled > Duration(0) && result.outcome != verdict::Outcome::passed && !setting_.measuring;
  }

  bool fits_budget(const CaseOrder& order) const {
    return Clock::now() - start_ + scenario::expected_duration(*order.loaded) <= *options_.budget;
  }

  void tell_progress() {
    report::Progress progress = running_.progress();
    progress.done = done_;
    progress.total = total_;
    progress.failed = failed_;
    watcher_.progress(progress);
  }

  /// Until the last case has ended.
  net::Task<void> every(Duration interval, std::function<void()> act) {
    while (!finished_) {
      act();
      co_await finishing_.wait_until(Clock::now() + interval);
    }
  }

  net::Task<void> watch_lateness() {
    while (!finished_) {
      const auto due = Clock::now() + lateness_interval;
      co_await finishing_.wait_until(due);
      const Duration late = Clock::now() - due;
      if (late < Duration(0)) continue;
      pace_->note_lateness(late);
      running_.note_lateness(late);
      if (watcher_.late) watcher_.late(late);
    }
  }

  void stop() {
    stopping_ = true;
    pace_->hurry();
  }

  void interrupt() {
    interrupted_ = true;
    stop();
    running_.interrupt();
  }

  RunSetting setting_;
  record::Room room_;
  std::optional<SharedSystem> shared_;
  const std::vector<CaseOrder>& orders_;
  const ScheduleOptions& options_;
  const ScheduleWatcher& watcher_;
  CannotWork cannot_work_;
  net::asio::io_context io_{1};
  net::InterruptionWatch interruption_;
  CaseEndings endings_;
  net::EventGate finishing_;
  std::optional<Pace> pace_;  // as the descriptors allow
  DescriptorPlan descriptors_;
  std::vector<std::size_t> needs_;                     // descriptors for each order
  std::string no_network_;  // why cases cannot have one of their own; empty: they can, or none needs it
  std::map<std::size_t, report::CaseResult> results_;  // by position in the whole run
  std::vector<std::size_t> queue_;
  UnderWay running_;
  const Clock::time_point start_ = Clock::now();
  const std::size_t total_ = orders_.size() * static_cast<std::size_t>(options_.rounds);
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  std::exception_ptr failure_;
  bool is_over_ = false;
  std::size_t not_run_ = 0;
  bool last_passed_ = true;
  bool stopping_ = false;
  bool interrupted_ = false;
  bool finished_ = false;
};

}  // namespace

report::RunSummary run_cases(const RunSetting& setting, const std::vector<CaseOrder>& orders,
                             const ScheduleOptions& options, const ScheduleWatcher& watcher) {
  const auto schedule = std::make_shared<Schedule>(setting, orders, options, watcher);
  report::RunSummary summary;
  std::exception_ptr failure;
  try {
    summary = schedule->run();
  } catch (...) {
    failure = std::current_exception();
  }
  if (schedule->is_unfinished()) net::leave_behind(schedule);
  if (failure) std::rethrow_exception(failure);
  return summary;
}

}  // namespace wsfault::runner
