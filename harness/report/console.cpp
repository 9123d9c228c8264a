// Lines and counts for a terminal or a plain build log.
#include "report/console.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "report/case_text.hpp"
#include "report/escape.hpp"
#include "report/exit_code.hpp"
#include "value/words.hpp"

namespace wsfault::report {
namespace {

using verdict::Outcome;

constexpr std::size_t outcome_width = 12;  // of "inconclusive"
constexpr std::size_t most_named = 20;
constexpr std::size_t brief_columns = 120;
constexpr std::size_t least_brief_text = 40;

/// "failed        1006/server-crash  0.31s", followed by a remark.
std::string line(const CaseResult& result, const Style& style, std::string_view label,
                 std::string_view more = {}) {
  const std::string padded = fmt::format("{:<{}}", label, outcome_width);
  return fmt::format("{}  {}  {}{}{}\n", painted(padded, paint_of(result.outcome), style.colour),
                     painted(printable(result.id), Paint::bold, style.colour), seconds_text(result.duration),
                     more.empty() ? "" : "  ", more);
}

/// The remark on a case that passed.
std::string remark(const CaseResult& result) {
  if (!result.cuts.empty()) return cut_in_words(result.cuts);
  return result.known.empty() ? "" : "known: " + printable(result.known);
}

/// "failed        1006/server-crash  The client reports another code than the one that the end has.", within
/// brief_columns unless the id alone leaves too little for the text.
std::string brief_line(const CaseResult& result, const Style& style, std::string_view text) {
  const std::string id = printable(result.id);
  const std::size_t taken = outcome_width + 2 + width(id) + 2;
  const std::size_t room = std::max(brief_columns - std::min(taken, brief_columns), least_brief_text);
  const std::string padded = fmt::format("{:<{}}", verdict::to_string(result.outcome), outcome_width);
  const std::string whole = printable(text);
  return fmt::format("{}  {}  {}\n", painted(padded, paint_of(result.outcome), style.colour),
                     painted(id, Paint::bold, style.colour),
                     width(whole) <= room ? whole : printable(text, room - 1));
}

std::string warning_lines(const CaseResult& result, const Style& style) {
  std::string out;
  for (const verdict::Finding& finding : result.judgement.findings) {
    if (finding.state != verdict::State::warned) continue;
    out += style.brief ? brief_line(result, style, finding.seen)
                       : line(result, style, "warned", explain_in_one_line(finding));
  }
  return out.empty() ? line(result, style, "warned", printable(result.reason)) : out;
}

std::string block(const CaseResult& result, const Style& style) {
  return '\n' + line(result, style, verdict::to_string(result.outcome)) +
         print_explanation(result.explanation, style.colour) + '\n';
}

std::size_t count(const RunSummary& summary, Outcome outcome) {
  return static_cast<std::size_t>(std::ranges::count(summary.cases, outcome, &CaseResult::outcome));
}

std::string passed_text(const RunSummary& summary) {
  const std::size_t warned = count(summary, Outcome::warned);
  const auto known =
      std::ranges::count_if(summary.cases, [](const CaseResult& one) { return !one.known.empty(); });
  std::vector<std::string> of_those;
  if (warned > 0) of_those.push_back(fmt::format("{} with warnings", warned));
  if (known > 0) of_those.push_back(fmt::format("{} known to deviate", known));
  const std::string remark = of_those.empty() ? "" : fmt::format(" ({})", fmt::join(of_those, ", "));
  return fmt::format("{} passed{}", count(summary, Outcome::passed) + warned, remark);
}

std::string shard_text(const RunSummary& summary) {
  if (!summary.shard) return {};
  return fmt::format("; shard {}/{} of {}", summary.shard->number, summary.shard->of,
                     counted(summary.shard->cases_in_all, "case"));
}

std::string skip_lines(const RunSummary& summary) {
  std::string out;
  for (const SkipReason& skip : skip_reasons(summary))
    out += fmt::format("  {} skipped: {}\n", skip.cases, printable(skip.reason));
  return out;
}

std::string again_line(const RunSummary& summary) {
  const auto again =
      std::ranges::count_if(summary.cases, [](const CaseResult& one) { return one.attempts > 1; });
  if (again == 0) return {};
  return fmt::format(
      "  {} ran again, for the run itself had stood still meanwhile: its machine has too much to do\n",
      again);
}

/// One for each finding, by its cause, or by what was seen where none is known. What several have in common
/// is said once.
std::string brief_lines(const CaseResult& result, const Style& style) {
  std::vector<std::string> texts;
  if (!result.reason.empty()) texts.push_back(result.reason);
  for (const verdict::Finding& finding : decisive_findings(result)) {
    std::string text = !finding.cause.empty()  ? finding.cause
                       : !finding.seen.empty() ? finding.seen
                                               : finding.subject;
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
  }
  std::string out;
  for (const std::string& text : texts) out += brief_line(result, style, text);
  return out.empty() ? brief_line(result, style, {}) : out;
}

/// Cases that need a look for the same reason.
struct Group {
  std::string cause;  ///< what is wrong with the system; empty: the cases name none
  std::vector<const CaseResult*> cases;
};

std::string cause_of(const CaseResult& result) {
  for (const verdict::Finding& finding : decisive_findings(result)) {
    if (!finding.cause.empty()) return finding.cause;
  }
  return {};
}

/// Most cases first.
std::vector<Group> groups_of(const RunSummary& summary) {
  std::vector<Group> groups;
  for (const CaseResult& result : summary.cases) {
    if (!needs_a_look(result)) continue;
    std::string cause = cause_of(result);
    auto group = std::ranges::find(groups, cause, &Group::cause);
    if (group == groups.end()) group = groups.insert(groups.end(), {std::move(cause), {}});
    group->cases.push_back(&result);
  }
  std::ranges::stable_sort(groups, std::ranges::greater{},
                           [](const Group& group) { return group.cases.size(); });
  return groups;
}

std::string case_names(std::span<const CaseResult* const> cases, std::string_view indent) {
  std::string names;
  for (const CaseResult* result : cases.first(std::min(cases.size(), most_named)))
    names += fmt::format("{}{:<{}}  {}\n", indent, verdict::to_string(result->outcome), outcome_width,
                         printable(result->id));
  if (cases.size() > most_named) names += fmt::format("{}… and {} more\n", indent, cases.size() - most_named);
  return names;
}

/// By what is wrong, most cases first; what names no cause comes last.
std::string names_of_groups(const std::vector<Group>& groups, std::size_t causes) {
  std::string names = fmt::format("  {} different causes, most cases first:\n", causes);
  std::string others;
  for (const Group& group : groups) {
    const std::string title = group.cause.empty() ? "No cause is known:" : printable(group.cause);
    const std::string one = fmt::format("  {} ({})\n{}", title, counted(group.cases.size(), "case"),
                                        case_names(group.cases, "    "));
    (group.cause.empty() ? others : names) += one;
  }
  return names + others;
}

std::string next_steps(const RunSummary& summary, const Style& style) {
  const std::vector<Group> groups = groups_of(summary);
  if (groups.empty())
    return summary.cases.empty() && !summary.shard && !summary.interrupted
               ? "  Nothing was selected: wsfault list scenarios\n"
               : "";
  const auto causes = static_cast<std::size_t>(
      std::ranges::count_if(groups, [](const Group& group) { return !group.cause.empty(); }));
  std::vector<const CaseResult*> all;
  for (const CaseResult& result : summary.cases) {
    if (needs_a_look(result)) all.push_back(&result);
  }
  return (causes > 1 ? names_of_groups(groups, causes) : case_names(all, "  ")) +
         (style.brief ? "  Without --brief each is explained" : "  Each is explained above") +
         ": what was expected, what was seen, and the command that repeats it.\n"
         "  To see every event of one, repeat it with --log DIR; wsfault judge LOG judges such a log "
         "again.\n";
}

}  // namespace

std::string progress_line(const Progress& progress, std::size_t columns) {
  const std::string begin =
      fmt::format("{}/{} done, {} running", progress.done, progress.total, progress.running);
  const std::string time = ' ' + seconds_text(progress.longest_for);
  std::string end = progress.failed == 0 ? "" : fmt::format(", {} failed", progress.failed);
  if (progress.left) end += fmt::format(", {} left", seconds_text(*progress.left));
  constexpr std::string_view label = ", longest: ";
  const std::size_t rest = begin.size() + label.size() + time.size() + end.size();
  std::string out = begin;
  if (!progress.longest.empty() && rest + 2 <= columns) {
    const std::string id = printable(progress.longest);
    const std::size_t room = columns - rest;
    out.append(label).append(width(id) <= room ? id : printable(progress.longest, room - 1)).append(time);
  }
  out += end;
  return out.size() <= columns || width(out) <= columns
             ? out
             : printable(out, std::max<std::size_t>(columns, 1) - 1);
}

std::string print_case(const CaseResult& result, const Style& style) {
  switch (result.outcome) {
    case Outcome::error:
    case Outcome::failed:
    case Outcome::inconclusive:
      return style.brief ? brief_lines(result, style) : block(result, style);
    case Outcome::interrupted:
      return line(result, style, "interrupted");
    case Outcome::warned:
      return warning_lines(result, style);
    case Outcome::passed:
      if (!style.verbose) return {};
      return line(result, style, "passed", remark(result));
    case Outcome::skipped:
      return style.verbose ? line(result, style, "skipped", printable(result.reason)) : "";
  }
  return {};
}

std::string counts_line(const RunSummary& summary, const Style& style) {
  std::vector<std::string> parts;
  const std::size_t passed = count(summary, Outcome::passed) + count(summary, Outcome::warned);
  if (passed > 0) parts.push_back(painted(passed_text(summary), Paint::green, style.colour));
  for (const Outcome outcome :
       {Outcome::failed, Outcome::inconclusive, Outcome::error, Outcome::interrupted, Outcome::skipped}) {
    const std::size_t number = count(summary, outcome);
    if (number == 0) continue;
    const std::string_view name =
        outcome == Outcome::error && number > 1 ? "errors" : verdict::to_string(outcome);
    parts.push_back(painted(fmt::format("{} {}", number, name), paint_of(outcome), style.colour));
  }
  return fmt::format("{}{} in {}{}{}{}{}\n", summary.interrupted ? "interrupted: " : "",
                     counted(summary.cases.size(), "case"), seconds_text(summary.wall),
                     parts.empty() ? "" : ": ", fmt::join(parts, ", "), shard_text(summary),
                     summary.seed ? fmt::format("; seed {}", *summary.seed) : "");
}

std::vector<SkipReason> skip_reasons(const RunSummary& summary) {
  std::vector<SkipReason> reasons;
  for (const CaseResult& result : summary.cases) {
    if (result.outcome != Outcome::skipped) continue;
    const auto known = std::ranges::find(reasons, result.reason, &SkipReason::reason);
    if (known == reasons.end()) {
      reasons.push_back({result.reason, 1});
    } else {
      ++known->cases;
    }
  }
  return reasons;
}

std::string print_summary(const RunSummary& summary, const Style& style) {
  std::string missing;
  for (const std::string& shard : summary.missing_shards)
    missing += fmt::format("  shard {} is missing: its cases are not in these results\n", printable(shard));
  std::string stopped;
  for (std::string_view rest = summary.stopped; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    stopped += (stopped.empty() ? "\n" : "") + printable(line) + '\n';
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  if (!stopped.empty()) stopped += '\n';
  return stopped + counts_line(summary, style) + missing + again_line(summary) + skip_lines(summary) +
         next_steps(summary, style);
}

}  // namespace wsfault::report
