// Which findings stand on what a log may have left out.
#include "verdict/cut.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <set>

#include "fault/moment_kinds.hpp"

namespace wsfault::verdict {
namespace {

using record::CutKind;
using Kinds = std::set<CutKind>;

Kinds judged_by(const Expectation& expectation) {
  Kinds kinds = expectation.what.nature.judged_by;
  const auto add = [&kinds](const fault::Moment& moment) {
    const Kinds& more = fault::moment_kind(moment.kind).seen_by;
    kinds.insert(more.begin(), more.end());
  };
  for (const fault::Moment& moment : expectation.what.nature.moments) add(moment);
  if (expectation.since) add(*expectation.since);
  return kinds;
}

std::optional<std::int64_t> first_cut(const Kinds& kinds, const Cuts& cuts) {
  std::optional<std::int64_t> first;
  for (const CutKind kind : kinds) {
    const auto cut = cuts.find(kind);
    if (cut != cuts.end()) first = std::min(first.value_or(cut->second), cut->second);
  }
  return first;
}

std::string since(std::int64_t at) {
  return format_duration(std::chrono::round<std::chrono::milliseconds>(Duration(at)));
}

/// Was it decided by what came before the log was cut?
bool stands(const Finding& finding, std::int64_t cut) { return finding.at && *finding.at <= cut; }

void doubt(Finding& finding, std::int64_t cut) {
  finding.state = State::inconclusive;
  finding.why = Cause::none;
  finding.cause.clear();
  finding.remedy.clear();
  finding.seen += fmt::format("; but from {} on the log leaves out what decides it", since(cut));
}

}  // namespace

Cuts cuts_of(const trace::Trace& trace) {
  Cuts cuts;
  for (const auto& cut : trace.all<record::Cut>()) cuts.emplace(cut.fact->what, cut.at);
  return cuts;
}

void doubt_expectation(Finding& finding, const Expectation& expectation, const Cuts& cuts) {
  if (cuts.empty() || finding.state == State::pending || finding.state == State::inconclusive) return;
  // What must never be was seen: nothing that is missing takes that back.
  if (expectation.never && finding.state == State::violated) return;
  const auto cut = first_cut(judged_by(expectation), cuts);
  if (cut && (expectation.what.nature.counts || !stands(finding, *cut))) doubt(finding, *cut);
}

void doubt_opinions(std::vector<Finding>& opinions, const Cuts& cuts) {
  const auto cut = first_cut({CutKind::messages, CutKind::pings, CutKind::answers, CutKind::reports}, cuts);
  if (!cut) return;
  for (Finding& opinion : opinions) {
    const bool wrong = opinion.state == State::violated || opinion.state == State::warned;
    if (wrong && !stands(opinion, *cut)) doubt(opinion, *cut);
  }
}

std::vector<Finding> judge_cuts(const Case& scenario, const Cuts& cuts) {
  Cuts unseen = cuts;
  // Of lines nothing is judged but where it is expected; the first Closes and violations tell all.
  for (const CutKind kind : {CutKind::output, CutKind::payloads, CutKind::closes, CutKind::violations})
    unseen.erase(kind);
  if (!scenario.appropriate || unseen.empty()) return {};
  Finding finding;
  finding.state = State::inconclusive;
  finding.subject = "log";
  finding.expected = "the log holds all that the system under test is judged by";
  finding.seen = "it grew too large, and leaves out " + in_words(unseen);
  return {finding};
}

std::string_view in_words(CutKind kind) {
  switch (kind) {
    case CutKind::messages:
      return "messages";
    case CutKind::pings:
      return "pings and pongs";
    case CutKind::payloads:
      return "the contents of messages and HTTP bodies";
    case CutKind::output:
      return "lines of output";
    case CutKind::answers:
      return "1xx answers";
    case CutKind::closes:
      return "further Closes";
    case CutKind::violations:
      return "further violations";
    case CutKind::reports:
      return "reports";
  }
  std::abort();
}

std::string in_words(const Cuts& cuts) {
  std::string text;
  for (const auto& [kind, at] : cuts)
    text += fmt::format("{}{} from {} on", text.empty() ? "" : ", ", in_words(kind), since(at));
  return text;
}

}  // namespace wsfault::verdict
