// `wsfault run`: scenarios against a system, judged and reported.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <deque>
#include <optional>
#include <utility>

#include "cli/duration_option.hpp"
#include "cli/outputs.hpp"
#include "cli/run_options.hpp"
#include "cli/standing_options.hpp"
#include "cli/subcommands.hpp"
#include "net/interruption.hpp"
#include "report/exit_code.hpp"
#include "runner/known.hpp"
#include "runner/precheck.hpp"
#include "runner/shard.hpp"
#include "runner/version_probe.hpp"
#include "version.hpp"

namespace wsfault::cli {
namespace {

/// Which part of the cases, and how long.
struct Portion {
  std::string shard_text;
  std::optional<report::Shard> shard;
  std::optional<Duration> budget;
};

void add_portion_options(CLI::App& app, Portion& portion) {
  app.add_option("--shard", portion.shard_text,
                 "This machine's part of the cases, 1/4 to 4/4; `wsfault merge` joins the results")
      ->type_name("I/N");
  add_duration(app, "--budget", portion.budget,
               "How long the run may take: what would not be done by then is skipped, which is said");
}

/// Reads what the options say; one sentence if something is wrong.
std::string read_portion(Portion& portion) {
  if (!portion.shard_text.empty()) {
    auto shard = runner::parse_shard(portion.shard_text);
    if (!shard) return "--shard: " + shard.error();
    portion.shard = *shard;
  }
  const bool is_nothing = portion.budget && *portion.budget <= Duration(0);
  return is_nothing ? fmt::format("--budget: in no time nothing can be run; found \"{}\"",
                                  format_duration(*portion.budget))
                    : std::string();
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
  if (!options.listen.empty()) command += " --listen " + shell_quoted(options.listen);
  if (!options.advertise.empty()) command += " --advertise " + shell_quoted(options.advertise);
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
      orders.push_back({&one, id, seed, repeat_command(repeated, one), round, orders.size() + 1});
    }
  }
  return orders;
}

int run_selected(RunOptions& options, Portion& portion, const Outputs& outputs) {
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
    if (options.upstream.empty()) continue;
    one.scenario.upstreams.front().url = options.upstream;
    one.scenario.upstreams.front().ca_file = options.ca;
    one.resolved.set("upstream", Value(options.upstream));
  }
  // Before it is known whether this machine has the system: all machines come to the same shards.
  std::vector<runner::CaseOrder> orders = make_orders(options, *loaded);
  if (portion.shard) orders = runner::take_shard(orders, *portion.shard);
  net::expect_interruption();
  net::Warden warden = net::Warden::start();
  model::System& system = systems->front();  // the only one that may lack a version or know findings
  const auto system_version = runner::probe_version(warden, system);
  if (!system_version && net::interruption() == 0) {
    for (scenario::LoadedCase& one : loaded->cases) one.skip = system_version.error();
  }
  runner::RunSetting setting{.warden = &warden,
                             .program = program_path(),
                             .patience = options.patience,
                             .stop_grace = std::chrono::milliseconds(500),
                             .listen = *listen_address(options),
                             .advertise = options.advertise};
  Secrets secrets;
  std::optional<runner::StandingSystem> standing;
  if (options.standing()) standing = *standing_system(options, secrets);
  if (standing) setting.standing = &*standing;
  if (standing && net::interruption() == 0) {
    const bool is_server = !options.server.empty();
    const std::string wrong = is_server ? runner::look_for_server(*standing, options.patience)
                                        : runner::look_for_gateway(*standing, options.patience);
    if (!wrong.empty() && net::interruption() == 0) {
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
      runner::run_cases(setting, orders, {options.jobs, options.fail_fast, portion.budget}, watcher);
  end_live_line();
  summary.seed = options.seed;
  summary.version = version;
  summary.shard = portion.shard;
  if (has_known) runner::apply_known(system.known, summary.cases);
  if (!secrets.empty()) {
    summary.stopped = masked(std::move(summary.stopped), secrets);
    for (report::CaseResult& result : summary.cases) result = masked(std::move(result), secrets);
  }
  if (has_known) {
    for (const report::CaseResult& result : summary.cases)
      fmt::print("{}", report::print_case(result, style));
  }
  fmt::print("{}", report::print_summary(summary, style));
  const bool written = write_outputs(outputs, summary);
  const int code = report::exit_code(summary, outputs.strict);
  return net::interruption_exit_code(written ? code : report::most_urgent({code, report::exit_undecided}));
}

}  // namespace

int run_run(int argc, char** argv) {
  CLI::App app("Runs scenarios against a system and judges what it saw and did", "wsfault run");
  RunOptions options;
  Portion portion;
  Outputs outputs;
  add_selection_options(app, options);
  add_system_options(app, options);
  add_running_options(app, options);
  add_portion_options(app, portion);
  add_report_options(app, outputs);
  add_log_options(app, outputs);
  app.footer(
      "\nExamples:\n"
      "  wsfault run\n"
      "  wsfault run scenarios/1006 -v\n"
      "  wsfault run --client 'node app.js ${url}' --junit results.xml\n"
      "  wsfault run scenarios/1014 --system nginx\n"
      "  wsfault run --gateway ws://127.0.0.1:8080 --upstream-listen 127.0.0.1:9000\n"
      "  wsfault run --server ws://127.0.0.1:9000/chat --header 'Authorization: Bearer ${env:TOKEN}'\n"
      "  wsfault run scenarios --tag 1006 --system node-ws --seed 42\n"
      "  wsfault run --shard 1/4 --json shard-1.json   one of four machines; docs/ci.md\n"
      "\nExit codes: 0 passed, 1 failed, 2 usage or scenario error, 3 inconclusive, error or nothing run, "
      "130 interrupted");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : report::exit_usage;
  }
  take_running(options);
  std::string wrong = complete(options);
  if (wrong.empty()) wrong = read_portion(portion);
  if (wrong.empty()) wrong = try_outputs(outputs);
  if (wrong.empty() && !options.upstream.empty()) wrong = check_upstream(options);
  if (wrong.empty() && options.standing()) {
    Secrets unused;
    if (auto system = standing_system(options, unused); !system) wrong = system.error();
  }
  if (!wrong.empty()) {
    fmt::print(stderr, "wsfault run: {}\n", wrong);
    return report::exit_usage;
  }
  return run_selected(options, portion, outputs);
}

}  // namespace wsfault::cli
