// `wsfault judge`: judges a log again, as the run that wrote it did.
#include "verdict/judge.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/report_file.hpp"
#include "cli/run_options.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "record/json.hpp"
#include "report/console.hpp"
#include "report/exit_code.hpp"
#include "report/json_report.hpp"
#include "scenario/load.hpp"
#include "version.hpp"

namespace wsfault::cli {
namespace {

using record::Event;

struct JudgeOptions {
  std::vector<std::string> logs;
  std::string json;
  bool verbose = false;
  bool strict = false;
};

Result<std::vector<Event>> read_log(const std::string& file) {
  if (std::filesystem::is_directory(file)) return Error{fmt::format("{}: is a folder, not a log", file)};
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{fmt::format("{}: {}", file, std::strerror(errno))};
  const std::string text(std::istreambuf_iterator<char>(in), {});
  auto events = record::log_from_json_lines(text);
  if (!events) return Error{fmt::format("{}: {}", file, events.error())};
  return events;
}

/// How the log says that its run ended; null where it was cut before.
const record::RunEnded* ending_of(const std::vector<Event>& events) {
  return std::get_if<record::RunEnded>(&events.back().what);
}

std::string first_error(const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (const auto* error = std::get_if<record::HarnessError>(&event.what)) return error->message;
  }
  return {};
}

std::vector<record::OutputLine> output_of(const std::vector<Event>& events) {
  std::vector<record::OutputLine> lines;
  for (const Event& event : events) {
    const auto* output = std::get_if<record::OutputLine>(&event.what);
    if (output != nullptr && event.where.party == "sut") lines.push_back(*output);
  }
  return lines;
}

std::uint64_t seed_of(const Value& resolved) {
  const Value* seed = resolved.find("seed");
  return seed != nullptr && seed->integer() != nullptr ? static_cast<std::uint64_t>(*seed->integer()) : 0;
}

/// The scenario file, as the run was given it; the log's own name where that is not known.
std::string scenario_file(const Value& resolved, const std::string& log) {
  const Value* scenario = resolved.find("scenario");
  const Value* file = scenario != nullptr ? scenario->find("file") : nullptr;
  return file != nullptr && file->text() != nullptr ? *file->text() : log;
}

Result<report::CaseResult> judge_log(const std::string& file) {
  auto events = read_log(file);
  if (!events) return Error{events.error()};
  const record::RunEnded* ending = ending_of(*events);
  if (!ending) return Error{fmt::format("{}: its last record is no run_ended: the log was cut", file)};
  const std::int64_t end = events->back().at;
  const Value& resolved = std::get<record::RunStarted>(events->front().what).resolved;
  const auto loaded = scenario::read_resolved(resolved);
  if (!loaded) return Error{fmt::format("{}: {}", file, loaded.error())};
  report::CaseResult result;
  result.id = loaded->scenario.id;
  result.title = loaded->scenario.title;
  result.file = scenario_file(resolved, file);
  result.role = to_string(loaded->scenario.role);
  result.system = loaded->judged.system.name;
  result.spec = loaded->scenario.spec;
  result.judgement = verdict::judge(loaded->judged, *events, end, true);
  // A log keeps no lines of the scenario file.
  for (verdict::Finding& finding : result.judgement.findings) finding.place = {};
  result.outcome = result.judgement.outcome;
  result.reason = first_error(*events);
  result.duration = std::chrono::nanoseconds(end);
  result.stalled = std::chrono::nanoseconds(ending->stalled);
  result.seed = seed_of(resolved);
  result.repeat = "wsfault judge " + runner::shell_quoted(file);
  result.output = output_of(*events);
  result.events = std::move(*events);
  return result;
}

int judge_logs(const JudgeOptions& options) {
  if (const std::string wrong = try_reports({{"--json", options.json}}, options.logs); !wrong.empty()) {
    complain("wsfault judge", wrong);
    return report::exit_usage;
  }
  report::RunSummary summary;
  summary.version = version;
  for (const std::string& file : options.logs) {
    auto result = judge_log(file);
    if (!result) {
      complain("wsfault judge", result.error());
      return report::exit_usage;
    }
    summary.wall += result->duration;
    // Logs of several runs have no seed in common.
    if (summary.cases.empty()) summary.seed = result->seed;
    if (summary.seed != result->seed) summary.seed.reset();
    summary.interrupted = summary.interrupted || result->outcome == verdict::Outcome::interrupted;
    result->position = summary.cases.size() + 1;
    summary.cases.push_back(*std::move(result));
  }
  const report::Style style = chosen_style(options.verbose);
  for (const report::CaseResult& result : summary.cases) put(report::print_case(result, style));
  put(report::print_summary(summary, style));
  const int code = report::exit_code(summary, options.strict);
  if (options.json.empty() || write_report(options.json, report::print_json_report(summary))) return code;
  return report::most_urgent({code, report::exit_undecided});
}

}  // namespace

int run_judge(int argc, char** argv) {
  CLI::App app("Judges event logs again: the same log, the same verdict", "wsfault judge");
  JudgeOptions options;
  app.add_option("LOG", options.logs, "Event logs (*.jsonl) that `wsfault run --log DIR` wrote")->required();
  app.add_option("--json", options.json, "Write results as JSON (docs/results.md)")->type_name("FILE");
  app.add_flag("--strict", options.strict, "A warning fails");
  app.add_flag("-v,--verbose", options.verbose, "Print passed cases, too");
  app.footer(
      "\nExamples:\n"
      "  wsfault run scenarios/1006 --log logs --log-all\n"
      "  wsfault judge logs/1006-server-crash.jsonl -v\n"
      "  wsfault judge logs/*.jsonl --json results.json\n"
      "\nExit codes are those of `wsfault run`; 2 where a file is no log. Accepted findings ([[known]] of a "
      "system file)\n"
      "are not in a log: such a case is judged as it is.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : report::exit_usage;
  }
  return judge_logs(options);
}

}  // namespace wsfault::cli
