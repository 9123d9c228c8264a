// `wsfault check`: validates scenario and system files without running anything.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/run_plan.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "cli/watcher.hpp"
#include "report/case_text.hpp"
#include "report/escape.hpp"
#include "report/exit_code.hpp"
#include "value/words.hpp"

namespace wsfault::cli {
namespace {

std::string errors_of(const std::vector<std::string>& system_files) {
  std::string errors;
  for (const std::string& file : system_files) {
    if (const auto system = runner::find_system(file, ""); !system) errors += system.error();
  }
  return errors;
}

std::string line_of(const scenario::LoadedCase& one, const Secrets& secrets) {
  const std::string more = one.skip.empty()
                               ? "about " + report::seconds_text(scenario::expected_duration(one))
                               : "would be skipped: " + one.skip;
  return report::printable(masked(fmt::format("{}  ({})", one.scenario.id, more), secrets)) + "\n";
}

}  // namespace

int run_check(int argc, char** argv) {
  CLI::App app("Validates scenario files and system files, which are told apart by their keys",
               "wsfault check");
  RunOptions options;
  bool verbose = false;
  add_selection_options(app, options);
  add_system_options(app, options);
  app.add_flag("-v,--verbose", verbose, "List the cases, and about how long each takes");
  app.footer(
      "\nExamples:\n  wsfault check\n  wsfault check my-scenarios\n  wsfault check my.toml --system "
      "my-client/system.toml");
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  if (options.paths.empty()) options.paths = {runner::default_scenarios(program_path())};
  const auto files = runner::find_system_files(options.paths);
  std::erase_if(options.paths, runner::has_only_systems);
  RunPlan plan;
  std::string wrong = errors_of(files);
  if (!options.paths.empty()) {
    auto made = make_plan("wsfault check", options);
    if (made) plan = *std::move(made);
    if (!made) wrong += made.error();
  }
  if (!wrong.empty()) {
    complain_of_files(wrong);
    return report::exit_usage;
  }
  warn("wsfault check", plan.loaded.warnings);
  for (const scenario::LoadedCase& one : plan.loaded.cases) {
    if (verbose) put(line_of(one, plan.secrets));
  }
  const std::string systems_text = files.empty() ? "" : ", " + counted(files.size(), "system file");
  put(fmt::format("{}{}, no errors\n", counted(plan.loaded.cases.size(), "case"), systems_text));
  return 0;
}

}  // namespace wsfault::cli
