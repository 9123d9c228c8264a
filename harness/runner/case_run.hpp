// One case, from the start of its parties to its verdict: starts them, waits until all is decided, cleans up.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/event_gate.hpp"
#include "record/event_log.hpp"
#include "report/case_result.hpp"
#include "runner/pace.hpp"
#include "runner/run_setting.hpp"
#include "runner/stage.hpp"
#include "verdict/case_watch.hpp"

namespace wsfault::runner {

class CaseRun {
 public:
  CaseRun(const net::asio::any_io_executor& executor, const RunSetting& setting, Pace::Place place,
          const CaseOrder& order);

  /// Runs until it is judged. end() must follow, however this ends.
  net::Task<report::CaseResult> run();
  /// Ends its parties and waits for them; returns what went wrong, in one sentence.
  net::Task<std::string> end();
  /// Ctrl-C: the case ends as soon as its parties have ended.
  void interrupt();
  /// The harness itself stood still for this long: its conclusions about that time are doubtful.
  void stood_still(Duration halt) { stalled_ = std::max(stalled_, halt); }
  const record::Events& events() const { return log_.events(); }

 private:
  net::Task<record::EndReason> play();
  net::Task<std::string> set_up();
  std::chrono::steady_clock::time_point later_deadline(std::chrono::steady_clock::time_point from_the_start,
                                                       Duration limit) const;
  /// True if all was decided, false at the deadline.
  net::Task<bool> await_decision();
  net::Task<void> await_complete(const Measuring& measuring);
  void check_exit(const record::Event& event);
  Value resolved() const;
  void fail(const std::string& message);
  verdict::Judgement judge();
  bool dying() const;
  std::optional<std::int64_t> client_ended_at() const;
  bool client_is_gone();
  verdict::Outcome measured() const;
  report::CaseResult result(verdict::Judgement judgement);
  bool is_wanted(const record::Event& event);

  const RunSetting& setting_;
  Pace::Place place_;
  const CaseOrder order_;  // a copy: its parties may outlive the worker that started it
  const scenario::LoadedCase& loaded_;
  verdict::Case judged_;  // with this run's timeout_scale
  record::EventLog log_;
  trace::Trace trace_;  // of log_, as far as it has been read
  verdict::CaseWatch watch_;
  net::EventGate changed_;
  record::EventLog::Subscription subscription_;
  Stage stage_;
  std::vector<fault::MomentWatch> watches_;  // of the case's moments: their events are kept
  net::EventGate hurry_;                     // notified when it is interrupted
  bool interrupted_ = false;
  bool shown_life_ = false;  // a party connected or reported
  bool broken_ = false;      // a HarnessError is in the log
  std::optional<std::int64_t> first_fault_;
  bool complete_ = false;  // if the case is measured
  Duration stalled_{0};
};

}  // namespace wsfault::runner
