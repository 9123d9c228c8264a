// `wsfault check`: validates scenario and system files without running anything.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/run_options.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
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
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : report::exit_usage;
  }
  if (const std::string wrong = complete(options); !wrong.empty()) {
    complain("wsfault check", wrong);
    return report::exit_usage;
  }
  auto systems = chosen_systems(options);
  if (!systems) {
    complain_of_files(systems.error());
    return report::exit_usage;
  }
  const auto files = runner::find_system_files(options.selection.paths);
  std::string errors = errors_of(files);
  std::erase_if(options.selection.paths, runner::has_only_systems);
  const bool only_systems = options.selection.paths.empty();
  auto loaded = only_systems ? runner::LoadedCases() : runner::load_cases(options.selection, *systems);
  Secrets secrets;
  if (loaded) add_secrets(loaded->secrets, secrets);
  errors += loaded ? masked(loaded->errors, secrets) : fmt::format("wsfault check: {}\n", loaded.error());
  if (loaded && !loaded->not_there.empty())
    errors += fmt::format("wsfault check: {}\n", masked(loaded->not_there, secrets));
  if (!errors.empty()) {
    complain_of_files(errors);
    return report::exit_usage;
  }
  warn("wsfault check", loaded->warnings);
  for (const scenario::LoadedCase& one : loaded->cases) {
    if (verbose) put(line_of(one, secrets));
  }
  const std::string systems_text = files.empty() ? "" : ", " + counted(files.size(), "system file");
  put(fmt::format("{}{}, no errors\n", counted(loaded->cases.size(), "case"), systems_text));
  return 0;
}

}  // namespace wsfault::cli
