#include "runner/judged_log.hpp"

#include <fmt/format.h>

#include "record/json.hpp"
#include "scenario/load.hpp"
#include "verdict/judge.hpp"

namespace wsfault::runner {

using record::Event;

namespace {

/// How the log says that its run ended; null if it was cut before that.
const record::RunEnded* ending_of(const record::Events& events) {
  return std::get_if<record::RunEnded>(&events.back().what);
}

std::vector<record::OutputLine> output_of(const trace::Trace& trace) {
  std::vector<record::OutputLine> lines;
  for (const auto& output : trace.all<record::OutputLine>()) {
    if (trace.where(output.index).party == "sut") lines.push_back(*output.fact);
  }
  return lines;
}

std::uint64_t seed_of(const Value& resolved) {
  const Value* seed = resolved.find("seed");
  return seed != nullptr && seed->integer() != nullptr ? static_cast<std::uint64_t>(*seed->integer()) : 0;
}

/// The scenario file, as named in the run; the log's own name if that is not known.
std::string scenario_file(const Value& resolved, const std::string& log) {
  const Value* scenario = resolved.find("scenario");
  const Value* file = scenario != nullptr ? scenario->find("file") : nullptr;
  return file != nullptr && file->text() != nullptr ? *file->text() : log;
}

}  // namespace

Result<report::CaseResult> judge_log(std::string_view text, const std::string& file) {
  auto events = record::log_from_json_lines(text);
  if (!events) return Error{fmt::format("{}: {}", file, events.error())};
  const record::RunEnded* ending = ending_of(*events);
  if (!ending) return Error{fmt::format("{}: its last record is no run_ended: the log was cut", file)};
  const std::int64_t end = events->back().at;
  const Value& resolved = std::get<record::RunStarted>(events->front().what).resolved;
  const auto loaded = scenario::read_resolved(resolved);
  if (!loaded) return Error{fmt::format("{}: {}", file, loaded.error())};
  const auto trace = trace::Trace::of(*events);
  report::CaseResult result;
  result.id = loaded->scenario.id;
  result.title = loaded->scenario.title;
  result.file = scenario_file(resolved, file);
  result.role = to_string(loaded->scenario.role);
  result.system = loaded->judged.system.name;
  result.spec = loaded->scenario.spec;
  result.judgement = verdict::judge(loaded->judged, *trace, end, true);
  // A log keeps no lines of the scenario file.
  for (verdict::Finding& finding : result.judgement.findings) finding.place = {};
  result.outcome = result.judgement.outcome;
  const auto& errors = trace->all<record::HarnessError>();
  if (!errors.empty()) result.reason = errors.front().fact->message;
  result.cuts = verdict::cuts_of(*trace);
  result.duration = std::chrono::nanoseconds(end);
  result.stalled = std::chrono::nanoseconds(ending->stalled);
  result.seed = seed_of(resolved);
  result.output = output_of(*trace);
  result.events = std::move(*events);
  return result;
}

}  // namespace wsfault::runner
