// `wsfault run`: scenarios against a system, judged and reported.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstring>
#include <deque>
#include <filesystem>
#include <optional>

#include "cli/report_file.hpp"
#include "cli/run_options.hpp"
#include "cli/standing_options.hpp"
#include "cli/subcommands.hpp"
#include "record/json.hpp"
#include "report/exit_code.hpp"
#include "report/json_report.hpp"
#include "report/junit.hpp"
#include "runner/known.hpp"
#include "runner/target.hpp"
#include "runner/version_probe.hpp"
#include "version.hpp"

namespace wsfault::cli {
namespace {

struct Outputs {
  std::string junit;
  std::string json;
  std::string log;
  bool verbose = false;
  bool strict = false;
};

/// A report that cannot be written is said before the run, not after it.
std::string try_outputs(const Outputs& outputs) {
  for (const std::string& file : {outputs.junit, outputs.json}) {
    if (std::string wrong = try_report(file); !wrong.empty()) return wrong;
  }
  if (outputs.log.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(outputs.log, error);
  return error ? fmt::format("cannot make the folder {}: {}", outputs.log, error.message()) : std::string();
}

bool write(const std::string& file, const std::string& text) {
  return write_report("wsfault run", file, text);
}

bool write_logs(const std::string& folder, const report::RunSummary& summary, const Secrets& secrets) {
  bool ok = true;
  for (const report::CaseResult& result : summary.cases) {
    if (result.events.empty()) continue;
    std::string name = result.id;
    std::ranges::replace_if(
        name, [](char c) { return std::strchr("/ \\:*?\"<>|", c) != nullptr; }, '-');
    ok = write(folder + "/" + name + ".jsonl", masked(record::to_json_lines(result.events), secrets)) && ok;
  }
  return ok;
}

std::string shell_quoted(const std::string& word) {
  if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,") ==
      std::string::npos) {
    return word;
  }
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string repeat_command(const RunOptions& options, const scenario::LoadedCase& loaded) {
  std::string command = fmt::format("{} run {}", options.selection.paths.empty() ? "wsfault" : program_path(),
                                    shell_quoted(loaded.scenario.file));
  if (!loaded.scenario.values.empty()) command += " --name " + shell_quoted(loaded.scenario.id);
  if (!options.system.empty()) command += " --system " + shell_quoted(options.system);
  if (!options.client.empty()) command += " --client " + shell_quoted(options.client);
  if (!options.upstream.empty()) command += " --upstream " + shell_quoted(options.upstream);
  if (!options.gateway.empty()) command += " --gateway " + shell_quoted(options.gateway);
  for (const std::string& listen : options.upstream_listen)
    command += " --upstream-listen " + shell_quoted(listen);
  if (!options.gateway.empty() && options.kind != "http") command += " --kind " + options.kind;
  if (!options.server.empty()) command += " --server " + shell_quoted(options.server);
  if (!options.ca.empty()) command += " --ca " + shell_quoted(options.ca);
  for (const std::string& header : options.headers) command += " --header " + shell_quoted(header);
  for (const std::string& name : options.subprotocols) command += " --subprotocol " + shell_quoted(name);
  if (options.selection.tls) command += " --tls";
  if (!options.report.empty()) command += " --report " + options.report;
  for (const std::string& pair : options.set) command += " --set " + shell_quoted(pair);
  if (options.patience != 1) command += fmt::format(" --patience {}", options.patience);
  return command + fmt::format(" --seed {}", options.seed);
}

std::vector<runner::CaseOrder> make_orders(const RunOptions& options, const runner::LoadedCases& loaded) {
  std::vector<runner::CaseOrder> orders;
  for (int round = 1; round <= options.repeat; ++round) {
    for (const scenario::LoadedCase& one : loaded.cases) {
      const std::string id =
          options.repeat == 1 ? one.scenario.id : fmt::format("{}#{}", one.scenario.id, round);
      // Each repetition draws anew; the first is what --seed repeats.
      const std::uint64_t seed = options.seed + static_cast<std::uint64_t>(round - 1);
      RunOptions repeated = options;
      repeated.seed = seed;
      orders.push_back({&one, id, seed, repeat_command(repeated, one), round});
    }
  }
  return orders;
}

int run_selected(RunOptions& options, const Outputs& outputs) {
  auto systems = chosen_systems(options);
  if (!systems) {
    fmt::print(stderr, "{}", systems.error());
    return report::exit_usage;
  }
  auto loaded = runner::load_cases(options.selection, *systems);
  if (!loaded) {
    fmt::print(stderr, "wsfault run: {}\n", loaded.error());
    return report::exit_usage;
  }
  if (!loaded->errors.empty()) {
    fmt::print(stderr, "{}", loaded->errors);
    return report::exit_usage;
  }
  if (loaded->cases.empty()) {
    fmt::print(stderr, "wsfault run: nothing is selected; `wsfault list scenarios` shows what there is\n");
    return report::exit_undecided;
  }
  for (scenario::LoadedCase& one : loaded->cases) {
    if (!options.upstream.empty()) one.scenario.upstreams.front().url = options.upstream;
  }
  net::Warden warden = net::Warden::start();
  model::System& system = systems->front();  // the only one that may lack a version or know findings
  const auto system_version = runner::probe_version(warden, system);
  if (!system_version) {
    for (scenario::LoadedCase& one : loaded->cases) one.skip = system_version.error();
  }
  runner::RunSetting setting{.warden = &warden,
                             .program = program_path(),
                             .patience = options.patience,
                             .stop_grace = std::chrono::milliseconds(500)};
  Secrets secrets;
  std::optional<runner::StandingSystem> standing;
  if (options.standing()) standing = *standing_system(options, secrets);
  if (standing) setting.standing = &*standing;
  if (!options.server.empty()) {
    if (const std::string wrong = runner::look_for_server(*standing); !wrong.empty()) {
      fmt::print(stderr, "wsfault run: {}\n", masked(wrong, secrets));
      return report::exit_undecided;
    }
  }
  if (!standing && system.share) setting.shared_system = &system;
  const report::Style style = chosen_style(outputs.verbose);
  if (!options.selection.tls)
    std::erase_if(system.known, [](const model::KnownFinding& known) { return known.tls; });
  const bool has_known = !system.known.empty();
  for (const scenario::LoadedCase& one : loaded->cases) {
    for (const auto& [name, value] : one.secrets) secrets[value] = "<env:" + name + ">";
  }
  runner::ScheduleWatcher watcher = console_watcher(style, secrets);
  // Where findings may be known, what a case comes to is told once all have run.
  if (has_known) watcher.finished = nullptr;
  report::RunSummary summary =
      runner::run_cases(setting, make_orders(options, *loaded), {options.jobs, options.fail_fast}, watcher);
  end_live_line();
  summary.seed = options.seed;
  summary.version = version;
  if (has_known) {
    runner::apply_known(system.known, summary.cases);
    for (const report::CaseResult& result : summary.cases)
      fmt::print("{}", masked(report::print_case(result, style), secrets));
  }
  fmt::print("{}", report::print_summary(summary, style));
  bool written = true;
  if (!outputs.junit.empty())
    written = write(outputs.junit, masked(report::print_junit(summary), secrets)) && written;
  if (!outputs.json.empty())
    written = write(outputs.json, masked(report::print_json_report(summary), secrets)) && written;
  if (!outputs.log.empty()) written = write_logs(outputs.log, summary, secrets) && written;
  const int code = report::exit_code(summary, outputs.strict);
  return written ? code : report::most_urgent({code, report::exit_undecided});
}

}  // namespace

int run_run(int argc, char** argv) {
  CLI::App app("Runs scenarios against a system and judges what it saw and did", "wsfault run");
  RunOptions options;
  Outputs outputs;
  add_selection_options(app, options);
  add_system_options(app, options);
  add_running_options(app, options);
  app.add_option("--junit", outputs.junit, "Write JUnit XML")->type_name("FILE");
  app.add_option("--json", outputs.json, "Write results as JSON (docs/results.md)")->type_name("FILE");
  app.add_option("--log", outputs.log, "Write each case's event log into this folder")->type_name("DIR");
  app.add_flag("--strict", outputs.strict, "A warning fails the run");
  app.add_flag("-v,--verbose", outputs.verbose, "Print passed cases, too");
  app.footer(
      "\nExamples:\n"
      "  wsfault run\n"
      "  wsfault run scenarios/1006 -v\n"
      "  wsfault run --client 'node app.js ${url}' --junit results.xml\n"
      "  wsfault run scenarios/1014 --system nginx\n"
      "  wsfault run --gateway ws://127.0.0.1:8080 --upstream-listen 127.0.0.1:9000\n"
      "  wsfault run --server ws://127.0.0.1:9000/chat --header 'Authorization: Bearer ${env:TOKEN}'\n"
      "  wsfault run scenarios --tag 1006 --system node-ws --seed 42\n"
      "\nExit codes: 0 passed, 1 failed, 2 usage or scenario error, 3 inconclusive, error or nothing run, "
      "130 interrupted");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : report::exit_usage;
  }
  std::string wrong = complete(options);
  if (wrong.empty()) wrong = try_outputs(outputs);
  if (wrong.empty() && !options.upstream.empty()) {
    const auto target = runner::parse_target(options.upstream);
    if (!target) wrong = target.error();
    if (target && target->tls) wrong = "--upstream: a real server behind the link is spoken to without TLS";
  }
  if (wrong.empty() && options.standing()) {
    Secrets unused;
    if (auto system = standing_system(options, unused); !system) wrong = system.error();
  }
  if (!wrong.empty()) {
    fmt::print(stderr, "wsfault run: {}\n", wrong);
    return report::exit_usage;
  }
  return run_selected(options, outputs);
}

}  // namespace wsfault::cli
