// `wsfault schema`: the schemas with which editors check and complete scenario and system files.
#include "report/schema.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

#include "cli/arguments.hpp"
#include "cli/subcommands.hpp"
#include "report/exit_code.hpp"

namespace wsfault::cli {

int run_schema(int argc, char** argv) {
  CLI::App app("Prints the JSON Schema (draft-07) of scenario or system files", "wsfault schema");
  std::string what;
  app.add_option("WHAT", what, "scenario or system")
      ->required()
      ->check(CLI::IsMember({"scenario", "system"}));
  app.footer(
      "\nExamples:\n"
      "  wsfault schema scenario > scenario.schema.json\n"
      "  wsfault schema system > system.schema.json\n"
      "\nA TOML file whose first line is `#:schema scenario.schema.json` is checked and completed by editors "
      "that\n"
      "use taplo (Even Better TOML).");
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  fmt::print("{}", what == "scenario" ? report::print_scenario_schema() : report::print_system_schema());
  return 0;
}

}  // namespace wsfault::cli
