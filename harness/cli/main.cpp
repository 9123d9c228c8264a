// wsfault: picks the subcommand; each reads its own arguments.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string_view>
#include <vector>

#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "net/descriptors.hpp"
#include "report/exit_code.hpp"
#include "value/diagnostic.hpp"
#include "version.hpp"

namespace {

struct Subcommand {
  std::string_view name;
  std::string_view does;
  int (*run)(int argc, char** argv);
};

constexpr Subcommand subcommands[] = {
    {"init", "the first files for a system of yours, and their first run", wsfault::cli::run_init},
    {"run", "run scenarios and judge what the system under test saw and did", wsfault::cli::run_run},
    {"check", "validate scenario and system files without running them", wsfault::cli::run_check},
    {"list", "list scenarios, faults, expectations, moments, systems", wsfault::cli::run_list},
    {"explain", "what a close code or a cause means, or what is appropriate after an effect",
     wsfault::cli::run_explain},
    {"prove", "run every scenario against every defect of the reference system", wsfault::cli::run_prove},
    {"sweep", "one scenario with its fault at every byte or moment of a session", wsfault::cli::run_sweep},
    {"bench", "measure how long a client takes to come back", wsfault::cli::run_bench},
    {"judge", "judge an event log again", wsfault::cli::run_judge},
    {"merge", "join the results of shards into those of one run", wsfault::cli::run_merge},
    {"schema", "the JSON Schema of scenario or system files, for editors", wsfault::cli::run_schema},
    {"proxy", "a chaos proxy for test suites, controlled by HTTP", wsfault::cli::run_proxy},
    {"ctl", "list, break and watch what a running `wsfault proxy` serves", wsfault::cli::run_ctl},
    {"upstream", "the scriptable fake upstream, standalone", wsfault::cli::run_upstream},
    {"reference", "the reference client, gateway and server", wsfault::cli::run_reference},
};
/// A run starts it: the process that holds the network of a case.
constexpr Subcommand own_process = {"network", "", wsfault::cli::run_network};

void print_help(std::FILE* out) {
  fmt::print(out, "wsfault {}: fault injection for WebSockets\n\nUsage: wsfault SUBCOMMAND [OPTIONS]\n\n",
             wsfault::version);
  for (const Subcommand& row : subcommands) fmt::print(out, "  {:<10} {}\n", row.name, row.does);
  fmt::print(
      out,
      "\nExamples:\n"
      "  wsfault init client --command 'node app.js ${{url}}'   the first files for a client of yours\n"
      "  wsfault run                                   the shipped scenarios against the reference systems\n"
      "  wsfault run --client 'node app.js ${{url}}'     … against a client of yours\n"
      "  wsfault run 1014 --system nginx               … those of 1014 against a gateway\n"
      "  wsfault run my.toml --seed 42 -v              one scenario, repeatable\n"
      "  wsfault bench reconnect --fault reset         how long the reference client takes to be back\n"
      "  wsfault explain 1006                          a close code; explain no_backoff: a cause that a report names\n"
      "\n`wsfault SUBCOMMAND --help` tells the rest. Exit codes: 0 passed, 1 failed, 2 usage or scenario "
      "error,\n"
      "3 inconclusive, error or nothing run, 130 interrupted (129 by SIGHUP).\n");
}

int run(int argc, char** argv) {
  if (argc < 2) {
    print_help(stderr);
    return wsfault::report::exit_usage;
  }
  const std::string_view name = argv[1];
  if (name == "--help" || name == "-h" || name == "help") {
    print_help(stdout);
    return 0;
  }
  if (name == "--version") {
    fmt::print("wsfault {}\n", wsfault::version);
    return 0;
  }
  if (name == own_process.name) return own_process.run(argc - 1, argv + 1);
  std::vector<std::string_view> names;
  for (const Subcommand& row : subcommands) {
    names.push_back(row.name);
    if (row.name == name) return row.run(argc - 1, argv + 1);
  }
  fmt::print(stderr, "wsfault: there is no subcommand \"{}\"; {}\n", name, wsfault::suggest(name, names));
  return wsfault::report::exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
  wsfault::net::raise_descriptor_limit();
  try {
    return wsfault::cli::written_out(run(argc, argv));
  } catch (const std::exception& error) {
    wsfault::cli::complain("wsfault", error.what());
    return wsfault::report::exit_undecided;
  }
}
