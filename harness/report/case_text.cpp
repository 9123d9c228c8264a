// Describes findings, observations, timeline and output of one case in words.
#include "report/case_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "report/escape.hpp"
#include "report/observed.hpp"
#include "report/timeline.hpp"
#include "verdict/cause.hpp"

namespace wsfault::report {
namespace {

using verdict::Finding;
using verdict::State;

constexpr std::size_t longest_output = 20;  // lines
constexpr std::size_t most_connections = 4;
constexpr std::size_t longest_text = 2000;  // characters of a sentence that may contain text from a system

std::string_view escape_code(Paint paint) {
  switch (paint) {
    case Paint::none:
      return "";
    case Paint::red:
      return "31";
    case Paint::green:
      return "32";
    case Paint::yellow:
      return "33";
    case Paint::cyan:
      return "36";
    case Paint::bold:
      return "1";
    case Paint::dim:
      return "2";
  }
  return "";
}

class Block {
 public:
  Block(const CaseResult& result, const trace::Trace& trace)
      : result_(result), trace_(trace), origins_(trace) {}

  std::vector<ExplainedLine> lines() {
    heading();
    if (!result_.reason.empty()) field("reason", result_.reason);
    for (const Finding& finding : decisive_findings(result_)) explain_finding(finding);
    for (const Finding& finding : result_.judgement.findings) {
      if (finding.state == State::warned) field("warning", explain_in_one_line(finding));
    }
    if (result_.outcome == verdict::Outcome::error) explain_error();
    if (result_.stalled.count() > 0) field("note", stall_in_words());
    if (!result_.cuts.empty()) field("note", cut_in_words(result_.cuts));
    if (!result_.repeat.empty()) field("repeat", result_.repeat, Paint::cyan);
    return std::move(lines_);
  }

 private:
  void heading() {
    std::vector<std::string> spec;
    for (const std::string& section : result_.spec) spec.push_back(printable(section));
    std::string title = printable(result_.title);
    if (!spec.empty()) title += fmt::format(" ({})", fmt::join(spec, ", "));
    add(std::move(title));
    add(fmt::format("{} under test: {}{}", printable(result_.role), printable(result_.system),
                    result_.file.empty() ? "" : "; " + printable(result_.file)));
  }

  void add(std::string text, Paint paint = Paint::none) { lines_.push_back({{}, std::move(text), paint}); }
  void field(std::string_view label, std::string_view text, Paint paint = Paint::none) {
    lines_.push_back({std::string(label), printable(text, longest_text), paint});
  }

  std::string stall_in_words() const {
    const std::string times =
        result_.attempts > 1 ? fmt::format(" in the last of {} attempts", result_.attempts) : "";
    return fmt::format(
        "the run itself stood still for {}{}: limits may have passed meanwhile; try fewer --jobs, or "
        "--timeout-scale 2",
        seconds_text(result_.stalled), times);
  }

  void explain_finding(const Finding& finding) {
    add({});
    std::string subject = finding.subject;
    if (finding.place.line > 0) subject += fmt::format(" (line {})", finding.place.line);
    if (finding.state == State::inconclusive) subject += ": undecided";
    if (finding.state == State::pending) subject += ": undecided";
    field("check", subject);
    if (!finding.expected.empty()) field("expected", finding.expected);
    if (!finding.seen.empty()) field("seen", finding.seen, Paint::red);
    observe_connections(finding.connection);
    show_timeline({finding.at, finding.since, finding.connection});
    if (!finding.broke.empty()) field("broke", finding.broke);
    if (!finding.cause.empty()) field("cause", finding.cause);
    if (!finding.remedy.empty()) field("remedy", finding.remedy);
    show_last_lines(finding);
  }

  /// What the party reported in addition to what the wire showed, once per connection.
  void observe_connections(int number) {
    std::size_t shown = 0;
    for (const ConnectionObserved& connection : *result_.connections) {
      if (number != 0 && connection.number != number) continue;
      const std::string line =
          connection.number > 0
              ? fmt::format("{} #{} {}", connection.party, connection.number, in_words(connection))
              : fmt::format("{}, where nobody listened, {}", connection.party, in_words(connection));
      if (!said_.insert(line).second) continue;
      if (++shown > most_connections) return field(" ", "… and others");
      field("observed", line);
    }
  }

  void show_timeline(const Focus& focus) {
    if (entries_.empty()) entries_ = timeline(trace_.log());
    const Origin origin = origins_.of(focus.connection);
    const std::string lines = print_timeline(entries_, origin, focus);
    if (lines.empty() || !said_.insert(lines).second) return;
    field("timeline", origin.fault ? "times count from the fault" : "times count from the start");
    for (std::size_t begin = 0; begin < lines.size();) {
      const std::size_t end = lines.find('\n', begin);
      add(lines.substr(begin, end - begin), Paint::dim);
      begin = end + 1;
    }
  }

  void explain_error() {
    std::optional<std::int64_t> at;
    const auto& errors = trace_.all<record::HarnessError>();
    if (!errors.empty()) at = errors.back().at;
    show_timeline({.at = at, .since = {}});
    std::vector<std::string> lines;
    for (const record::OutputLine& line : result_.output) lines.push_back(line.line.str());
    show_output(lines);
  }

  void show_output(const std::vector<std::string>& lines) {
    if (lines.empty()) return field("output", "(the system printed nothing)");
    field("output", "the system's last lines:");
    const std::size_t skipped = lines.size() - std::min(lines.size(), longest_output);
    for (std::size_t i = skipped; i < lines.size(); ++i) {
      const std::string line = printable(lines[i], 200);
      add(line.empty() ? "  |" : "  | " + line);
    }
  }

  /// Where the remedy says to look at them, once.
  void show_last_lines(const Finding& finding) {
    const bool wanted = verdict::is_death(finding.why) && finding.state == State::violated;
    if (!wanted || std::exchange(shown_output_, true)) return;
    const auto& lines = trace_.process("sut").last_lines;
    show_output({lines.begin(), lines.end()});
  }

  const CaseResult& result_;
  const trace::Trace& trace_;
  Origins origins_;
  std::vector<TimelineEntry> entries_;
  std::set<std::string> said_;
  bool shown_output_ = false;
  std::vector<ExplainedLine> lines_;
};

}  // namespace

std::string cut_in_words(const verdict::Cuts& cuts) {
  return "its log grew too large, and leaves out " + verdict::in_words(cuts);
}

Paint paint_of(verdict::Outcome outcome) {
  switch (outcome) {
    case verdict::Outcome::error:
    case verdict::Outcome::failed:
      return Paint::red;
    case verdict::Outcome::inconclusive:
    case verdict::Outcome::interrupted:
    case verdict::Outcome::warned:
      return Paint::yellow;
    case verdict::Outcome::passed:
      return Paint::green;
    case verdict::Outcome::skipped:
      return Paint::dim;
  }
  return Paint::none;
}

std::string painted(std::string_view text, Paint paint, bool colour) {
  if (!colour || paint == Paint::none || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", escape_code(paint), text);
}

void explain(CaseResult& result) {
  if (!needs_a_look(result) || !result.explanation.empty()) return;
  const auto trace = trace::Trace::of(result.events);
  result.connections = observe(*trace);
  result.explanation = Block(result, *trace).lines();
}

std::string print_explanation(const std::vector<ExplainedLine>& lines, bool colour) {
  std::string out;
  for (const auto& [label, text, paint] : lines) {
    if (!label.empty() || !text.empty()) out += "  ";
    if (!label.empty()) out += painted(fmt::format("{:<9}", label), Paint::bold, colour) + ' ';
    out += painted(text, paint, colour) + '\n';
  }
  return out;
}

std::vector<ExplainedLine> read_explanation(std::string_view block) {
  std::vector<ExplainedLine> lines;
  while (!block.empty()) {
    const std::size_t end = std::min(block.find('\n'), block.size());
    std::string_view line = block.substr(0, end);
    if (line.starts_with("  ")) line.remove_prefix(2);
    lines.push_back({{}, printable(line), Paint::none});
    block.remove_prefix(std::min(end + 1, block.size()));
  }
  return lines;
}

bool needs_a_look(const CaseResult& result) {
  using verdict::Outcome;
  return result.outcome == Outcome::failed || result.outcome == Outcome::inconclusive ||
         result.outcome == Outcome::error;
}

std::string explain_in_one_line(const Finding& finding) {
  std::string out = finding.seen.empty() ? finding.subject : finding.seen;
  if (!finding.expected.empty()) out += "; expected: " + finding.expected;
  // A remark needs no culprit.
  if (finding.state != State::warned && !finding.cause.empty()) out += "; cause: " + finding.cause;
  if (!finding.remedy.empty()) out += "; remedy: " + finding.remedy;
  return printable(out, longest_text);
}

std::vector<Finding> decisive_findings(const CaseResult& result) {
  if (result.outcome == verdict::Outcome::error && !result.reason.empty()) return {};
  std::vector<Finding> out;
  std::ranges::copy_if(result.judgement.findings, std::back_inserter(out), [](const Finding& finding) {
    return finding.state != State::holds && finding.state != State::warned;
  });
  return out;
}

std::string seconds_text(std::chrono::nanoseconds time) {
  const double seconds = std::chrono::duration<double>(time).count();
  if (seconds < 1) return fmt::format("{:.2f}s", seconds);
  if (seconds < 99.95) return fmt::format("{:.1f}s", seconds);
  const auto whole = std::chrono::round<std::chrono::seconds>(time).count();
  return fmt::format("{}m {}s", whole / 60, whole % 60);
}

}  // namespace wsfault::report
