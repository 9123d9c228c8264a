#include "sweep/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "report/case_text.hpp"
#include "report/escape.hpp"
#include "value/words.hpp"

namespace wsfault::sweep {
namespace {

using report::Paint;
using report::paint_of;
using report::printable;
using verdict::Outcome;

/// "129-343", "131"; of moments their names.
std::string label_of(const Lane& lane, const Range& range) {
  if (!lane.from) return range_name(lane, range);
  const std::uint64_t first = lane.points[range.first].moment.number;
  const std::uint64_t last = lane.points[range.last].moment.number;
  return first == last ? std::to_string(first) : fmt::format("{}-{}", first, last);
}

std::string title_of(const Lane& lane) {
  const std::string direction =
      lane.from ? fmt::format(" to {}", wire::to_string(wire::opposite(*lane.from))) : "";
  const std::string count = lane.points.size() == lane.size
                                ? fmt::format("all {}", lane.size)
                                : fmt::format("{} of {}", lane.points.size(), lane.size);
  return fmt::format("{}{} ({})", to_string(lane.over), direction, count);
}

bool is_bad(Outcome outcome) {
  return outcome == Outcome::failed || outcome == Outcome::error || outcome == Outcome::inconclusive;
}

std::string print_lane(const SweptLane& swept, const report::Style& style) {
  if (swept.ranges.empty()) return {};
  std::size_t width = 0;
  for (const Range& range : swept.ranges) width = std::max(width, label_of(swept.lane, range).size());
  std::string out = '\n' + report::painted(title_of(swept.lane), Paint::bold, style.colour) + '\n';
  for (const Range& range : swept.ranges) {
    const Seen& seen = swept.seen[range.first];
    const Paint paint = paint_of(seen.outcome);
    out += fmt::format(
        "  {:<{}}  {}  {}\n", label_of(swept.lane, range), width,
        report::painted(fmt::format("{:<12}", verdict::to_string(seen.outcome)), paint, style.colour),
        report::painted(printable(seen.end), is_bad(seen.outcome) ? paint : Paint::none, style.colour));
    if (!seen.cause.empty())
      out += fmt::format("  {:<{}}  {:<12}  {}\n", "", width, "", printable(seen.cause));
  }
  return out;
}

/// The first point of the first bad range; a failure comes before what is undecided.
std::string print_first(const Sweep& sweep, const report::Style& style) {
  for (const bool failures : {true, false}) {
    for (const SweptLane& swept : sweep.lanes) {
      for (const Range& range : swept.ranges) {
        const Seen& seen = swept.seen[range.first];
        if (failures ? seen.outcome != Outcome::failed : !is_bad(seen.outcome)) continue;
        const Point& point = swept.lane.points[range.first];
        const std::string name = range_name(swept.lane, range);
        const auto result = std::ranges::find_if(sweep.ranges.cases, [&](const report::CaseResult& each) {
          return each.id.ends_with('#' + name);
        });
        std::string out = fmt::format("\n{} {}{}{}\n", failures ? "first failure:" : "first undecided:",
                                      report::painted(to_string(point), Paint::bold, style.colour),
                                      point.place.empty() ? "" : ", ", point.place);
        if (result == sweep.ranges.cases.end()) return out;
        for (const verdict::Finding& finding : report::decisive_findings(*result))
          out += fmt::format("  {}\n", report::explain_in_one_line(finding));
        return out + fmt::format("  repeat: {}\n", printable(result->repeat));
      }
    }
  }
  return {};
}

std::string print_counts(const Sweep& sweep) {
  std::map<Outcome, std::size_t> counts;
  std::size_t beyond = 0;
  for (const SweptLane& swept : sweep.lanes) {
    for (const Seen& seen : swept.seen) {
      ++counts[seen.outcome];
      if (seen.outcome == Outcome::skipped) ++beyond;
    }
  }
  std::vector<std::string> parts;
  for (const auto& [outcome, count] : counts) {
    if (outcome != Outcome::skipped)
      parts.push_back(fmt::format("{} {}", count, verdict::to_string(outcome)));
  }
  if (beyond > 0) parts.push_back(fmt::format("{} skipped", beyond));
  const std::string shared = sweep.shared == 0 ? "" : fmt::format(" ({} in shared processes)", sweep.shared);
  return fmt::format("\n{}{} in {}: {}{}{}\n", sweep.ranges.interrupted ? "interrupted: " : "",
                     counted(sweep.points, "point"), report::seconds_text(sweep.ranges.wall),
                     fmt::join(parts, ", "), shared,
                     sweep.ranges.seed ? fmt::format("; seed {}", *sweep.ranges.seed) : "");
}

}  // namespace

std::string print_sweep(const Sweep& sweep, const scenario::LoadedCase& loaded, std::size_t fault,
                        const report::Style& style) {
  std::string out =
      fmt::format("{}: `{}` at each point of a session; {}\n", printable(loaded.scenario.id),
                  printable(loaded.judged.faults[fault].name), printable(loaded.judged.system.name));
  for (const SweptLane& swept : sweep.lanes) out += print_lane(swept, style);
  return out + print_first(sweep, style) + print_counts(sweep);
}

}  // namespace wsfault::sweep
