// Judges a log: expectations, oracle, standing rules and faults that did not fire, into one outcome. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trace/trace.hpp"
#include "verdict/case.hpp"
#include "verdict/finding.hpp"

namespace wsfault::verdict {

struct Judgement {
  Outcome outcome = Outcome::passed;
  bool decided = false;           ///< nothing is pending
  std::int64_t look_again = 0;    ///< while undecided: when time alone decides something
  std::vector<Finding> findings;  ///< in the order: expectations of the file, oracle, standing rules, faults
};

/// What the trace has read, at log time `now`. `ended`: no event will follow, so what is pending is decided:
/// begun and undecided is violated, `since` never came is inconclusive; where the log ends with an
/// interruption all that is pending is inconclusive, and so is the case.
Judgement judge(const Case& scenario, const trace::Trace& trace, std::int64_t now, bool ended);
/// A whole log.
Judgement judge(const Case& scenario, const record::Events& events, std::int64_t now, bool ended);

/// One expectation (judge() calls it for each).
Finding judge_expectation(const Expectation& expectation, const Case& scenario, const trace::Trace& trace,
                          std::int64_t now, bool over);
/// The fault from which an expectation without `since` counts: the first that is not one that must not fire;
/// null: there is none.
const fault::FaultSpec* default_fault(const Case& scenario);
/// From when it counts for whoever connects because of it (`alive`), and for whoever judges that.
fault::Moment since_of(const Expectation& expectation, const Case& scenario);

/// The oracle's opinion on every connection of the judged party: rows of docs/verdicts.md.
std::vector<Finding> judge_appropriate(const Case& scenario, const trace::Trace& trace, std::int64_t now,
                                       bool over);
/// An explicit close, status, end or wire_close of a party replaces the oracle's opinion on it; one that
/// names nobody is of `by_default`.
bool is_replaced(const Case& scenario, std::string_view party, std::string_view by_default);
/// A visitor that is not let in comes again: `alive` says whether it was in time, and no opinion on it counts.
bool is_turned_away_visitor(const trace::Leg& served);
/// Of an opinion on a gateway or server, by the party at which it was seen.
bool is_replaced_at(const Case& scenario, std::string_view party);
/// Standing rules: bytes that no endpoint may send, and storms. Only violations are listed. Without
/// `appropriate` a storm is one where the trait `instances` says how many clients there are.
std::vector<Finding> judge_standing_rules(const Case& scenario, const trace::Trace& trace);
/// Faults that never fired, or did not strike all the connections they list: inconclusive. Only those are
/// listed.
std::vector<Finding> judge_faults(const Case& scenario, const trace::Trace& trace);

/// Outages (refuse, dark, flap) that were over before the client under test tried to connect or had a connection that
/// they could silence: inconclusive. Only those are listed, and only where attempts can be seen.
std::vector<Finding> judge_outages(const Case& scenario, const trace::Trace& trace);

/// Faults that have fired and whose `lasts`, `down` or `grace` is not over: pending. Only those are listed.
std::vector<Finding> judge_faults_at_work(const Case& scenario, const trace::Trace& trace, std::int64_t now);

/// Steps `expect` of scripts that were not met, though neither a fault nor a script had ended or silenced their
/// connection (behind a gateway: nor the one on its other side), or struck a process.
std::vector<Finding> judge_scripts(const Case& scenario, const trace::Trace& trace);

/// Clients of ours that have not started, not connected, or whose script still waits for what it must see
/// though no fault fired since it connected: pending, and inconclusive once it is `over`. Only those are
/// listed.
std::vector<Finding> judge_clients(const Case& scenario, const trace::Trace& trace, bool over);

}  // namespace wsfault::verdict
