// Judges a log as a whole: which opinions count, and what they come to.
#include "verdict/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "verdict/blame.hpp"
#include "verdict/cause.hpp"
#include "verdict/cut.hpp"

namespace wsfault::verdict {
namespace {

/// What to set in this very product, behind what helps in general.
void refine_remedies(std::vector<Finding>& findings, const model::System& system) {
  for (Finding& finding : findings) {
    if (finding.cause.empty() || finding.why == Cause::none) continue;
    const auto own = system.remedies.find(std::string(describe(finding.why).key));
    if (own != system.remedies.end()) finding.remedy += " " + own->second;
  }
}

std::vector<Finding> judge_harness(const trace::Trace& trace) {
  std::vector<Finding> findings;
  for (const auto& error : trace.all<record::HarnessError>()) {
    Finding finding;
    finding.state = State::inconclusive;
    finding.subject = "harness";
    finding.expected = "the harness and its environment work";
    finding.seen = error.fact->message;
    finding.at = error.at;
    findings.push_back(std::move(finding));
  }
  return findings;
}

bool any_in(const std::vector<Finding>& findings, State state) {
  return std::ranges::find(findings, state, &Finding::state) != findings.end();
}

/// The worst of what is decided. What was violated while the harness stood still is doubtful.
Outcome outcome_of(const std::vector<Finding>& findings, const record::RunEnded* ending) {
  const bool doubtful = ending && ending->stalled > 0;
  if (any_in(findings, State::violated)) return doubtful ? Outcome::inconclusive : Outcome::failed;
  if (any_in(findings, State::inconclusive)) return Outcome::inconclusive;
  return any_in(findings, State::warned) ? Outcome::warned : Outcome::passed;
}

/// While the harness stood still, limits may have passed unseen: what failed then is no proof.
Finding stood_still(const record::RunEnded& ended) {
  Finding finding;
  finding.state = State::inconclusive;
  finding.subject = "harness";
  finding.expected = "the harness itself runs without a halt";
  finding.seen = fmt::format("it stood still for {}: its machine has too much to do",
                             format_duration(Duration(ended.stalled)));
  return finding;
}

/// What is pending when no event will follow: at the deadline it was not seen in its time; cut short, or
/// ended because something else had failed, nobody knows.
void close_pending(std::vector<Finding>& findings, bool interrupted, bool over) {
  for (Finding& finding : findings) {
    if (finding.state != State::pending) continue;
    finding.state = over ? State::violated : State::inconclusive;
    finding.seen += interrupted ? " (interrupted before it was decided)"
                    : over      ? " (undecided when the run ended)"
                                : " (the case had failed before it was decided)";
  }
}

void note_pending(Judgement& judgement) {
  for (const Finding& finding : judgement.findings) {
    if (finding.state != State::pending) continue;
    judgement.decided = false;
    const bool sooner = judgement.look_again == 0 || finding.look_again < judgement.look_again;
    if (finding.look_again != 0 && sooner) judgement.look_again = finding.look_again;
  }
}

std::vector<Finding> judge_lacking_faults(const Case& scenario, const trace::Trace& trace,
                                          bool may_still_fire) {
  std::vector<Finding> findings = judge_faults(scenario, trace);
  if (!may_still_fire) return findings;
  for (Finding& finding : findings) finding.state = State::pending;
  return findings;
}

/// `over`: what is pending has had its time.
Judgement judge_until(const Case& scenario, const trace::Trace& trace, std::int64_t now, bool ended,
                      bool over) {
  const record::RunEnded* ending = trace.ending();
  const bool interrupted = ending && ending->reason == record::EndReason::interrupted;
  Judgement judgement;
  judgement.decided = true;
  const Cuts cuts = cuts_of(trace);
  std::vector<Finding>& findings = judgement.findings;
  for (const Expectation& expectation : scenario.expectations) {
    findings.push_back(judge_expectation(expectation, scenario, trace, now, over));
    doubt_expectation(findings.back(), expectation, cuts);
  }
  std::vector<Finding> scripts = judge_scripts(scenario, trace);
  explain_scripts(scripts, scenario, trace, now, over);
  explain(findings, scripts, scenario, trace, now, over);
  std::vector<Finding> opinions = judge_appropriate(scenario, trace, now, over);
  doubt_opinions(opinions, cuts);
  explain_ends(opinions);
  append(findings, std::move(opinions));
  append(findings, judge_cuts(scenario, cuts));
  append(findings, judge_standing_rules(scenario, trace));
  append(findings, std::move(scripts));
  refine_remedies(findings, scenario.system);
  name_names(findings, scenario, trace);
  // What has failed fails the scenario, whether or not the fault still strikes.
  const bool failed = any_in(findings, State::violated);
  append(findings, judge_lacking_faults(scenario, trace, !over && !failed));
  if (!failed) append(findings, judge_outages(scenario, trace));
  if (!failed) append(findings, judge_clients(scenario, trace, over));
  if (!failed && !over) append(findings, judge_faults_at_work(scenario, trace, now));
  note_pending(judgement);
  if (ended) close_pending(findings, interrupted, over);
  judgement.outcome = outcome_of(findings, ending);
  if (interrupted && !judgement.decided) judgement.outcome = Outcome::interrupted;
  if (ending && ending->stalled > 0 && any_in(findings, State::violated))
    findings.push_back(stood_still(*ending));
  std::vector<Finding> harness = judge_harness(trace);
  if (!harness.empty()) judgement.outcome = Outcome::error;
  judgement.decided = judgement.decided || ended || !harness.empty();
  append(findings, std::move(harness));
  return judgement;
}

}  // namespace

Judgement judge(const Case& scenario, const trace::Trace& trace, std::int64_t now, bool ended) {
  const record::RunEnded* ending = trace.ending();
  const bool interrupted = ending && ending->reason == record::EndReason::interrupted;
  const bool decided = ending && ending->reason == record::EndReason::decided;
  if (ended && decided) {
    // A failure ends a case before the time of all else is up: of that nothing is known.
    Judgement failed = judge_until(scenario, trace, now, ended, false);
    if (any_in(failed.findings, State::violated)) return failed;
  }
  return judge_until(scenario, trace, now, ended, ended && !interrupted);
}

Judgement judge(const Case& scenario, const record::Events& events, std::int64_t now, bool ended) {
  return judge(scenario, *trace::Trace::of(events), now, ended);
}

}  // namespace wsfault::verdict
