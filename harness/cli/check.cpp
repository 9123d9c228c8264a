// `wsfault check`: validates scenario and system files, runs nothing.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/run_options.hpp"
#include "cli/subcommands.hpp"
#include "report/case_text.hpp"
#include "report/exit_code.hpp"

namespace wsfault::cli {

int run_check(int argc, char** argv) {
  CLI::App app("Validates scenario files, and the system file they are to run against", "wsfault check");
  RunOptions options;
  bool verbose = false;
  add_selection_options(app, options);
  add_system_options(app, options);
  app.add_flag("-v,--verbose", verbose, "List the cases, and about how long each takes");
  app.footer("\nExamples:\n  wsfault check\n  wsfault check my.toml --system my-client/system.toml");
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
  auto loaded = runner::load_cases(options.selection, *systems);
  if (!loaded || !loaded->errors.empty()) {
    fmt::print(stderr, "{}\n", loaded ? loaded->errors : "wsfault check: " + loaded.error());
    return report::exit_usage;
  }
  if (verbose) {
    for (const scenario::LoadedCase& one : loaded->cases) {
      fmt::print("{}  ({})\n", one.scenario.id,
                 one.skip.empty() ? "about " + report::seconds_text(scenario::expected_duration(one))
                                  : "would be skipped: " + one.skip);
    }
  }
  fmt::print("{} cases, no errors\n", loaded->cases.size());
  return 0;
}

}  // namespace wsfault::cli
