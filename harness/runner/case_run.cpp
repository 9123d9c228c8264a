// Runs one case: starts the parties, waits, judges, cleans up.
#include "runner/case_run.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <map>

#include "fault/catalogue.hpp"
#include "fault/party_fault.hpp"
#include "net/shortage.hpp"
#include "runner/moments_of.hpp"

namespace wsfault::runner {
namespace {

using Clock = std::chrono::steady_clock;
namespace asio = net::asio;

/// A started system should connect or report within this time; after it, other cases may start theirs.
constexpr Duration first_sign_within = std::chrono::seconds(3);
/// Judging reads the whole log. A burst of events is judged once, and a log that takes long to judge is
/// judged less often, so that judging takes at most a tenth of the time and the links are not delayed.
constexpr Duration judging_pause = std::chrono::milliseconds(5);
constexpr Duration usual_pause = std::chrono::milliseconds(500);
/// What a client that has ended reported at last, and the ends of its connections, have been seen by then.
constexpr Duration after_its_end = std::chrono::seconds(1);
constexpr int pause_per_judging = 50;
constexpr int least_pause_per_judging = 9;

/// Processor time of this thread: what it stood by while others ran is no work of its own.
Duration own_time() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

Duration pause_after(Duration judging) {
  return std::max(std::clamp(pause_per_judging * judging, judging_pause, usual_pause),
                  least_pause_per_judging * judging);
}

}  // namespace

CaseRun::CaseRun(const asio::any_io_executor& executor, const RunSetting& setting, Pace::Place place,
                 const CaseOrder& order)
    : setting_(setting),
      place_(std::move(place)),
      order_(order),
      loaded_(*order.loaded),
      judged_(order.loaded->judged),
      log_(record::Budget{.room = setting.room}),
      trace_(log_.events()),
      watch_(judged_, trace_),
      changed_(executor),
      stage_(executor, setting, order_, log_, changed_),
      hurry_(executor) {
  judged_.timeout_scale = setting.timeout_scale;
  judged_.wait = setting.wait.value_or(verdict::usual_wait);
  for (fault::Moment& moment : moments_of(loaded_)) watches_.emplace_back(std::move(moment));
  log_.keep_too([this](const record::Event& event) { return is_wanted(event); });
  subscription_ = log_.subscribe([this](const record::Event& event) {
    changed_.notify();
    check_exit(event);
    if (std::holds_alternative<record::Accepted>(event.what) ||
        std::holds_alternative<record::Report>(event.what)) {
      shown_life_ = true;
    }
    if (std::holds_alternative<record::HarnessError>(event.what)) broken_ = true;
    if (!first_fault_ && std::holds_alternative<record::FaultFired>(event.what)) first_fault_ = event.at;
  });
}

/// Does a moment of the case come with this event, or is it a line that the case expects?
bool CaseRun::is_wanted(const record::Event& event) {
  bool wanted = false;
  for (fault::MomentWatch& watch : watches_) wanted = watch.feed(event) || wanted;
  const auto* output = std::get_if<record::OutputLine>(&event.what);
  if (output == nullptr) return wanted;
  return wanted || std::ranges::any_of(judged_.expectations, [&](const verdict::Expectation& expectation) {
           const auto& expected = expectation.what.nature.output;
           return expected && expected->matches(output->line);
         });
}

/// A client that ends before it tries to connect tests nothing.
void CaseRun::check_exit(const record::Event& event) {
  if (judged_.role != model::Role::client) return;
  const auto* change = std::get_if<record::ProcessChanged>(&event.what);
  if (change == nullptr || change->change != record::ProcessChange::exited || event.where.party != "sut")
    return;
  const auto tried = [](const record::Event& other) {
    return std::holds_alternative<record::Accepted>(other.what) ||
           std::holds_alternative<record::LinkEffect>(other.what) ||
           std::holds_alternative<record::FaultFired>(other.what);
  };
  if (std::ranges::any_of(log_.events(), tried)) return;
  fail(change->signal != 0 ? fmt::format("the system ended by signal {} before it connected", change->signal)
                           : fmt::format("the system exited with code {} before it connected", change->code));
}

/// Waits until there is nothing more to wait for, and returns the reason.
net::Task<record::EndReason> CaseRun::play() {
  log_.record({}, record::RunStarted{resolved()});
  const std::string error = co_await set_up();
  bool decided = false;
  if (!error.empty() && !interrupted_) {
    fail(error);
  } else if (setting_.measuring) {
    co_await await_complete(*setting_.measuring);
    decided = complete_;
  } else {
    decided = co_await await_decision();
  }
  co_return decided ? record::EndReason::decided : record::EndReason::deadline;
}

net::Task<report::CaseResult> CaseRun::run() {
  auto reason = record::EndReason::decided;
  std::exception_ptr failure;
  try {
    reason = co_await play();
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) fail(net::describe_failure(failure));
  stage_.system().take_last_words();
  if (broken_) reason = record::EndReason::error;
  if (interrupted_) reason = record::EndReason::interrupted;
  log_.record({}, record::RunEnded{reason, stalled_.count()});
  verdict::Judgement judgement;
  if (setting_.measuring) {
    judgement.outcome = measured();
  } else {
    judgement = judge();
  }
  co_return result(std::move(judgement));
}

net::Task<std::string> CaseRun::end() {
  subscription_ = {};
  co_return co_await stage_.tear_down();
}

/// Adds what this run adds to the case, so that the log contains everything needed to judge it again.
Value CaseRun::resolved() const {
  Value resolved = loaded_.resolved;
  resolved.set("id", Value(order_.id));
  resolved.set("seed", Value(static_cast<std::int64_t>(order_.seed)));
  resolved.set("timeout_scale", Value(setting_.timeout_scale));
  if (setting_.wait) resolved.set("wait", Value(format_duration(*setting_.wait)));
  return resolved;
}

void CaseRun::interrupt() {
  interrupted_ = true;
  changed_.notify();
  hurry_.notify();
}

void CaseRun::fail(const std::string& message) { log_.record({}, record::HarnessError{message}); }

// --- the stage

net::Task<std::string> CaseRun::set_up() {
  std::string error = co_await stage_.set_up();
  const auto deadline = Clock::now() + first_sign_within;
  while (error.empty() && !interrupted_ && !broken_ && !shown_life_ && Clock::now() < deadline) {
    co_await changed_.wait_until(deadline);
  }
  place_.set_up();
  co_return error;
}

// --- waiting

/// At its end, a case is judged at the time of the log's last record, as `wsfault judge` does.
verdict::Judgement CaseRun::judge() {
  trace_.catch_up();
  return verdict::judge(judged_, trace_, log_.events().back().at, true);
}

/// A process was killed and has not been seen to end: the effect on its connections is still to come.
bool CaseRun::dying() const {
  enum class Life { runs, dies, ended };
  std::map<std::uint32_t, Life> lives;  // by party; of what was killed when it had ended no end is to come
  for (const auto& change : trace_.all<record::ProcessChanged>()) {
    Life& life = lives[trace_.where(change.index).party.id()];
    if (change.fact->change == record::ProcessChange::started) life = Life::runs;
    if (change.fact->change == record::ProcessChange::killed && life == Life::runs) life = Life::dies;
    if (change.fact->change == record::ProcessChange::exited) life = Life::ended;
  }
  return std::ranges::any_of(lives, [](const auto& each) { return each.second == Life::dies; });
}

/// When the client's own process ended, where nothing starts it anew; none: it may still do something.
std::optional<std::int64_t> CaseRun::client_ended_at() const {
  if (judged_.role != model::Role::client) return std::nullopt;
  const trace::Process& process = trace_.process("sut");
  if (process.events.empty() || process.events.back().change != record::ProcessChange::exited)
    return std::nullopt;
  const auto starts_it = [](const fault::FaultSpec& spec) {
    return spec.on_party && spec.at == "sut" && fault::starts_process(fault::make_party_fault(spec).fire);
  };
  if (std::ranges::any_of(judged_.faults, starts_it)) return std::nullopt;
  return process.events.back().at;
}

/// The client has ended, with all that it started and all its connections: no moment of its comes any more.
bool CaseRun::client_is_gone() {
  const auto ended = client_ended_at();
  if (!ended || !stage_.system().is_gone() || log_.now() < *ended + after_its_end.count()) return false;
  const auto attempts = trace_.caller("link", "sut").attempts();
  return std::ranges::all_of(attempts, [](const trace::Connection* each) { return each->client.over(); });
}

/// A client has its time from its first attempt on, where no deadline is stated: how long it takes to start is its
/// own affair.
Clock::time_point CaseRun::later_deadline(Clock::time_point from_the_start, Duration limit) const {
  if (loaded_.scenario.deadline || judged_.role != model::Role::client) return from_the_start;
  const auto first = trace_.first_attempt("link");
  return first ? std::max(from_the_start, log_.time_of(*first) + limit) : from_the_start;
}

/// Waits until everything is decided and has settled, or the deadline.
net::Task<bool> CaseRun::await_decision() {
  const Duration limit = scaled(scenario::effective_deadline(loaded_, setting_.wait), setting_.timeout_scale);
  const auto from_the_start = Clock::now() + limit;
  std::optional<Clock::time_point> settled;
  while (!interrupted_) {
    const Duration began = own_time();
    trace_.catch_up();
    const verdict::CaseWatch::State state = watch_.look(log_.now());
    const Duration pause = pause_after(own_time() - began);
    const auto now = Clock::now();
    const auto deadline = later_deadline(from_the_start, limit);
    if (state.error) co_return true;
    if (now >= deadline) co_return false;
    // What waits for a moment, and for no time, waits in vain.
    if (!state.decided && state.look_again == 0 && client_is_gone()) co_return false;
    if (state.decided && !dying()) {
      if (!settled) settled = now + setting_.settling;
      if (now >= *settled) co_return true;
    } else {
      settled.reset();
    }
    auto wake = settled.value_or(deadline);
    // What is left of a client that has ended may end without an event.
    if (!state.decided && state.look_again == 0 && client_ended_at())
      wake = std::min(wake, now + after_its_end);
    if (state.look_again > 0) wake = std::min(wake, log_.time_of(state.look_again) + judging_pause);
    co_await changed_.wait_until(std::min(std::max(wake, now + judging_pause), deadline));
    if (!interrupted_) co_await hurry_.wait_until(std::min(Clock::now() + pause, deadline));
  }
  co_return false;
}

/// Waits until the log is complete and has settled, or time is over.
net::Task<void> CaseRun::await_complete(const Measuring& measuring) {
  auto deadline = Clock::now() + scenario::effective_deadline(loaded_, setting_.wait);
  bool fired = false;
  while (!interrupted_ && !complete_ && !broken_ && Clock::now() < deadline) {
    if (first_fault_ && !fired) {
      fired = true;
      deadline = log_.time_of(*first_fault_) + measuring.within;
    }
    trace_.catch_up();
    complete_ = measuring.complete(trace_);
    if (!complete_) co_await changed_.wait_until(deadline);
  }
  if (!complete_) co_return;
  const auto settled = Clock::now() + setting_.settling;
  while (!interrupted_ && Clock::now() < settled) co_await changed_.wait_until(settled);
}

verdict::Outcome CaseRun::measured() const {
  if (broken_) return verdict::Outcome::error;
  if (interrupted_) return verdict::Outcome::interrupted;
  return complete_ ? verdict::Outcome::passed : verdict::Outcome::failed;
}

// --- the end

report::CaseResult CaseRun::result(verdict::Judgement judgement) {
  report::CaseResult result;
  result.id = order_.id;
  result.position = order_.position;
  result.title = loaded_.scenario.title;
  result.file = loaded_.scenario.file;
  result.role = to_string(loaded_.scenario.role);
  result.system = loaded_.judged.system.name;
  result.spec = loaded_.scenario.spec;
  result.outcome = judgement.outcome;
  result.judgement = std::move(judgement);
  result.duration = std::chrono::nanoseconds(log_.now());
  result.stalled = stalled_;
  result.seed = order_.seed;
  result.repeat = order_.repeat;
  result.output = stage_.system().output();
  trace_.catch_up();
  const auto& errors = trace_.all<record::HarnessError>();
  if (!errors.empty()) result.reason = errors.front().fact->message;
  result.cuts = verdict::cuts_of(trace_);
  result.events = log_.take_events();
  return result;
}

}  // namespace wsfault::runner
