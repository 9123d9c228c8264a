// `wsfault judge`: judges a log again, as the run that wrote it did.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/input_file.hpp"
#include "cli/report_file.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "cli/watcher.hpp"
#include "report/case_text.hpp"
#include "report/console.hpp"
#include "report/exit_code.hpp"
#include "report/json_report.hpp"
#include "runner/judged_log.hpp"
#include "runner/repeat_command.hpp"
#include "runner/shell_command.hpp"
#include "version.hpp"

namespace wsfault::cli {
namespace {

struct JudgeOptions {
  std::vector<std::string> logs;
  std::string json;
  bool verbose = false;
  bool strict = false;
};

Result<report::CaseResult> judge_file(const std::string& file) {
  const auto text = read_input(file, "a log");
  if (!text) return Error{text.error()};
  auto result = runner::judge_log(*text, file);
  if (!result) return Error{result.error()};
  result->repeat = "wsfault judge " + runner::shell_quoted(file);
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
    auto result = judge_file(file);
    if (!result) {
      complain("wsfault judge", result.error());
      return report::exit_usage;
    }
    summary.wall += result->duration;
    // Logs of several runs have no common seed.
    if (summary.cases.empty()) summary.seed = result->seed;
    if (summary.seed != result->seed) summary.seed.reset();
    summary.interrupted = summary.interrupted || result->outcome == verdict::Outcome::interrupted;
    result->position = summary.cases.size() + 1;
    report::explain(*result);
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
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  return judge_logs(options);
}

}  // namespace wsfault::cli
