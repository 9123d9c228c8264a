// `wsfault check`: validates scenario and system files, runs nothing.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/run_options.hpp"
#include "cli/subcommands.hpp"
#include "report/case_text.hpp"
#include "report/exit_code.hpp"

namespace wsfault::cli {
namespace {

std::string errors_of(const std::vector<std::string>& system_files) {
  std::string errors;
  for (const std::string& file : system_files) {
    if (const auto system = runner::find_system(file, ""); !system) errors += system.error();
  }
  return errors;
}

}  // namespace

int run_check(int argc, char** argv) {
  CLI::App app("Validates scenario files, and system files (those that are named system.toml)",
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
    fmt::print(stderr, "wsfault check: {}\n", wrong);
    return report::exit_usage;
  }
  auto systems = chosen_systems(options);
  if (!systems) {
    fmt::print(stderr, "{}", systems.error());
    return report::exit_usage;
  }
  const auto files = runner::find_system_files(options.selection.paths);
  std::string errors = errors_of(files);
  std::erase_if(options.selection.paths, [&](const std::string& path) {
    return !runner::find_system_files({path}).empty() &&
           !runner::find_scenarios({path}, options.selection.shipped);
  });
  const bool only_systems = options.selection.paths.empty();
  auto loaded = only_systems ? runner::LoadedCases() : runner::load_cases(options.selection, *systems);
  errors += loaded ? loaded->errors : fmt::format("wsfault check: {}\n", loaded.error());
  if (!errors.empty()) {
    fmt::print(stderr, "{}", errors);
    return report::exit_usage;
  }
  if (verbose) {
    for (const scenario::LoadedCase& one : loaded->cases) {
      fmt::print("{}  ({})\n", one.scenario.id,
                 one.skip.empty() ? "about " + report::seconds_text(scenario::expected_duration(one))
                                  : "would be skipped: " + one.skip);
    }
  }
  const std::string counted =
      files.empty() ? "" : fmt::format(", {} system file{}", files.size(), files.size() == 1 ? "" : "s");
  fmt::print("{} cases{}, no errors\n", loaded->cases.size(), counted);
  return 0;
}

}  // namespace wsfault::cli
