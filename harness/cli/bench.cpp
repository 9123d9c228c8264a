// `wsfault bench`: measures how long clients take to reconnect; one row per benchmark.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <string_view>
#include <vector>

#include "bench/console.hpp"
#include "bench/json.hpp"
#include "bench/measure.hpp"
#include "bench/page.hpp"
#include "cli/arguments.hpp"
#include "cli/duration_option.hpp"
#include "cli/report_file.hpp"
#include "cli/run_plan.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "cli/watcher.hpp"
#include "net/interruption.hpp"
#include "report/exit_code.hpp"
#include "runner/unmatched.hpp"
#include "runner/version_probe.hpp"
#include "version.hpp"

namespace wsfault::cli {
namespace {

constexpr const char* reconnect_command = "wsfault bench reconnect";

struct ReconnectOptions {
  bench::Plan plan;
  std::vector<std::string> with;  ///< NAME=VALUE
  RunOptions run;
  std::string json;
  std::string html;
};

void describe(CLI::App& app, ReconnectOptions& options) {
  bench::Plan& plan = options.plan;
  add_options(app, options.run, {"--system", "--client", "--report", "--set"});
  app.add_option("--fault", plan.fault, "What befalls its connection; see below")
      ->type_name("NAME")
      ->required();
  app.add_option("--with", options.with, "An attribute of the fault: --with code=1012; again for more")
      ->type_name("NAME=VALUE");
  app.add_option("--when", plan.when, "Its moment, as in a scenario (default: 90ms after the open)")
      ->type_name("MOMENT");
  add_duration(app, "--down", plan.down, "How long the server then stays away (default: it does not)");
  add_duration(
      app, "--spread", plan.spread,
      "The fault comes later by a time drawn for each round, up to this: silent deaths then meet the "
      "client's heartbeat at any point");
  add_duration(app, "--within", plan.within, "A round that takes longer from the fault on is not measured");
  app.add_option("--rounds", plan.rounds, "Rounds to measure, each with a fresh client")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--warmup", plan.warmup, "Rounds before them that do not count")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  app.add_option("--parallel", plan.parallel, "Rounds at once; 1 for the finest figures")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--seed", options.run.seed, "Seed of every random choice (default: drawn, and printed)")
      ->check(is_seed());
  app.add_option("--json", options.json, "Write the figures as JSON (docs/reconnect.md)")->type_name("FILE");
  app.add_option("--html", options.html, "Write them as a page with their distributions")->type_name("FILE");
  app.footer(
      fmt::format("\nFaults: {}\n"
                  "\nExamples:\n"
                  "  wsfault bench reconnect --fault reset\n"
                  "  wsfault bench reconnect --fault kill --down 2s --client 'node app.js ${{url}}' --html "
                  "reconnect.html\n"
                  "  wsfault bench reconnect --fault blackhole --spread 500ms --system python-websockets\n"
                  "  wsfault bench reconnect --fault close --with code=1012 --rounds 1000 --parallel 50\n"
                  "\nWithout --client and --system the reference client is measured.\n"
                  "Exit codes: 0 every round was measured, 1 a round was not: the client did not come back, "
                  "2 usage error,\n"
                  "3 error or a report could not be written, 130 interrupted\n",
                  fmt::join(bench::possible_faults(), ", ")));
}

/// Reads NAME=VALUE pairs and draws the seed; one sentence if something is wrong.
std::string complete(ReconnectOptions& options) {
  for (const std::string& pair : options.with) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) return fmt::format("--with {}: must be NAME=VALUE", pair);
    options.plan.with.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  if (options.run.system.empty() && options.run.client.empty()) options.run.system = "reference-client";
  if (options.plan.within == Duration(0)) return "--within 0s: must be more than 0";
  return try_reports({{"--json", options.json}, {"--html", options.html}}, {options.run.system});
}

/// The client under test; the error is printed text.
Result<model::System> chosen_client(const RunOptions& options, const runner::Selection& selection) {
  auto systems = systems_of(reconnect_command, options, selection);
  if (!systems) return Error{systems.error()};
  model::System& system = systems->front();
  if (system.role == model::Role::client) return std::move(system);
  return Error{fmt::format("--system {}: it is a {}; a client is what comes back\n", options.system,
                           model::to_string(system.role))};
}

int exit_code_of(const bench::Figures& figures) {
  if (figures.interrupted) return report::exit_interrupted;
  if (figures.broken) return report::exit_undecided;
  return figures.missed.empty() ? report::exit_passed : report::exit_failed;
}

/// Every text of the figures that is not from this program.
void mask(bench::Figures& figures, const Secrets& secrets) {
  figures.client = masked(figures.client, secrets);
  for (bench::Missed& missed : figures.missed) {
    missed.why = masked(missed.why, secrets);
    for (std::string& line : missed.output) line = masked(line, secrets);
  }
}

int measure_reconnect(const ReconnectOptions& options) {
  const auto selection = selection_of(reconnect_command, options.run);
  if (!selection) {
    complain_of_files(selection.error());
    return report::exit_usage;
  }
  const auto system = chosen_client(options.run, *selection);
  if (!system) {
    complain_of_files(system.error());
    return report::exit_usage;
  }
  const auto round = bench::plan_round(options.plan, *system, selection->set);
  if (!round) {
    complain(reconnect_command, round.error());
    return report::exit_usage;
  }
  warn(reconnect_command, runner::unknown_settings(selection->set, {}, {*system}));
  net::expect_interruption();
  net::Warden warden = net::Warden::start();
  const auto client_version = runner::probe_version(warden, *system);
  if (!client_version && net::interruption() == 0) {
    complain(reconnect_command, client_version.error());
    return report::exit_undecided;
  }
  Secrets secrets;
  add_secrets(round->secrets, secrets);
  runner::ScheduleWatcher watcher = console_watcher(chosen_style(false), secrets);
  bench::Figures figures = bench::measure(
      options.plan, *round, {.warden = &warden, .program = program_path()}, watcher, seed_of(options.run));
  end_live_line();
  if (client_version) figures.version = *client_version;
  figures.wsfault = version;
  mask(figures, secrets);
  put(bench::print_console(figures));
  bool written = true;
  if (!options.json.empty()) written = write_report(options.json, bench::print_json(figures)) && written;
  if (!options.html.empty()) written = write_report(options.html, bench::print_page(figures)) && written;
  const int code = exit_code_of(figures);
  return net::interruption_exit_code(written ? code : report::most_urgent({code, report::exit_undecided}));
}

int run_reconnect(int argc, char** argv) {
  CLI::App app("Measures how long a client takes from a fault to its first message again", reconnect_command);
  ReconnectOptions options;
  describe(app, options);
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  if (const std::string wrong = complete(options); !wrong.empty()) {
    complain(reconnect_command, wrong);
    return report::exit_usage;
  }
  return measure_reconnect(options);
}

struct Benchmark {
  std::string_view name;
  std::string_view does;
  int (*run)(int argc, char** argv);
};

constexpr Benchmark benchmarks[] = {
    {"reconnect", "from a fault to the client's first message again", run_reconnect},
};

void print_benchmarks(std::FILE* out) {
  fmt::print(out, "Usage: wsfault bench BENCHMARK [OPTIONS]\n\n");
  for (const Benchmark& row : benchmarks) fmt::print(out, "  {:<10} {}\n", row.name, row.does);
  fmt::print(out, "\n`wsfault bench BENCHMARK --help` tells the rest.\n");
}

}  // namespace

int run_bench(int argc, char** argv) {
  const std::string_view name = argc < 2 ? "" : argv[1];
  if (name.empty() || name == "--help" || name == "-h") {
    print_benchmarks(name.empty() ? stderr : stdout);
    return name.empty() ? report::exit_usage : 0;
  }
  std::vector<std::string_view> names;
  for (const Benchmark& row : benchmarks) {
    names.push_back(row.name);
    if (row.name == name) return row.run(argc - 1, argv + 1);
  }
  complain("wsfault bench", fmt::format("there is no benchmark \"{}\"; {}", name, suggest(name, names)));
  return report::exit_usage;
}

}  // namespace wsfault::cli
