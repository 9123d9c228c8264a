// `wsfault run`: runs scenarios against a system, judges them and writes reports.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <utility>

#include "cli/case_logs.hpp"
#include "cli/duration_option.hpp"
#include "cli/outputs.hpp"
#include "cli/repetitions.hpp"
#include "cli/run_options.hpp"
#include "cli/standing_options.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "net/interruption.hpp"
#include "report/case_text.hpp"
#include "report/exit_code.hpp"
#include "runner/known.hpp"
#include "runner/precheck.hpp"
#include "runner/shard.hpp"
#include "runner/version_probe.hpp"
#include "version.hpp"

namespace wsfault::cli {
namespace {

/// Which part of the cases to run, and for how long.
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

/// Reads the options; one sentence if something is wrong.
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

CaseLogs logs_of(const Outputs& outputs, const runner::LoadedCases& loaded, const RunOptions& options,
                 const Secrets& secrets) {
  std::vector<report::LogCase> cases;
  for (const scenario::LoadedCase& one : loaded.cases)
    cases.push_back({masked(one.scenario.id, secrets), one.scenario.file});
  return CaseLogs(outputs, cases, options.repeat);
}

/// Files that a report may not replace.
std::vector<std::string> files_read(const RunOptions& options) {
  std::vector<std::string> files = options.selection.paths;
  for (const std::string& file : {options.system, options.ca}) {
    if (!file.empty()) files.push_back(file);
  }
  return files;
}

int run_selected(RunOptions& options, Portion& portion, const Outputs& outputs) {
  auto systems = chosen_systems(options);
  if (!systems) {
    complain_of_files(systems.error());
    return report::exit_usage;
  }
  auto loaded = runner::load_cases(options.selection, *systems);
  Secrets secrets;
  if (loaded) add_secrets(loaded->secrets, secrets);
  const std::string wrong_selection = loaded ? masked(loaded->not_there, secrets) : loaded.error();
  if (!wrong_selection.empty()) {
    complain("wsfault run", wrong_selection);
    return report::exit_usage;
  }
  if (!loaded->errors.empty()) {
    complain_of_files(masked(loaded->errors, secrets));
    return report::exit_usage;
  }
  warn("wsfault run", loaded->warnings);
  if (loaded->cases.empty()) {
    complain("wsfault run", "nothing is selected; `wsfault list scenarios` shows what there is");
    return report::exit_undecided;
  }
  for (scenario::LoadedCase& one : loaded->cases) {
    if (options.upstream.empty() || one.scenario.upstreams.empty()) continue;  // none for a server
    one.scenario.upstreams.front().url = options.upstream;
    one.scenario.upstreams.front().ca_file = options.ca;
    one.resolved.set("upstream", Value(options.upstream));
  }
  // Before checking whether the system is installed here, so that all machines compute the same shards.
  std::vector<runner::CaseOrder> orders = make_orders(options, *loaded);
  if (portion.shard) orders = runner::take_shard(all_rounds(orders, options), *portion.shard);
  net::expect_interruption();
  net::Warden warden = net::Warden::start();
  model::System& system = systems->front();  // only this one may lack a version or have known findings
  const auto system_version = runner::probe_version(warden, system);
  if (!system_version && net::interruption() == 0) {
    for (scenario::LoadedCase& one : loaded->cases) one.skip = system_version.error();
  }
  runner::RunSetting setting{.warden = &warden,
                             .program = program_path(),
                             .patience = options.patience,
                             .stop_grace = std::chrono::milliseconds(500),
                             .listen = *listen_address(options),
                             .advertise = options.advertise,
                             .keeps_passed_logs = outputs.log_all};
  std::optional<runner::ExternalSystem> standing;
  if (options.standing()) standing = *standing_system(options, secrets);
  if (standing) setting.external = &*standing;
  if (standing && net::interruption() == 0) {
    const bool is_server = !options.server.empty();
    const std::string wrong = is_server ? runner::look_for_server(*standing, options.patience)
                                        : runner::look_for_gateway(*standing, options.patience);
    if (!wrong.empty() && net::interruption() == 0) {
      complain("wsfault run", masked(wrong, secrets));
      return report::exit_undecided;
    }
  }
  if (!options.upstream.empty() && net::interruption() == 0) {
    // It may be the client that starts it.
    const std::string wrong = runner::look_for_upstream(options.upstream, options.patience);
    if (!wrong.empty()) warn("wsfault run", {wrong + ": is it to be started by the client?"});
  }
  if (!standing && system.share) setting.shared_system = &system;
  const report::Style style = chosen_style(outputs.verbose);
  if (!options.selection.tls)
    std::erase_if(system.known, [](const model::KnownFinding& known) { return known.tls; });
  const bool has_known = !system.known.empty();
  for (const scenario::LoadedCase& one : loaded->cases) add_secrets(one.secrets, secrets);
  const CaseLogs logs = logs_of(outputs, *loaded, options, secrets);
  runner::ScheduleWatcher watcher = console_watcher(style, secrets);
  Retention retention(logs);
  // If findings may be known, a case's outcome is reported after all cases have run.
  watcher.finished = [&, show = watcher.finished](report::CaseResult& result) {
    if (!has_known) show(result);
    if (has_known && !secrets.empty()) result = masked(std::move(result), secrets);
    if (options.repeat > 1) retention.take(result);
  };
  runner::ScheduleOptions schedule{options.jobs, options.fail_fast, portion.budget};
  if (!portion.shard && options.repeat > 1) {
    schedule.rounds = options.repeat;
    schedule.repeated = [&, cases = orders.size()](const runner::CaseOrder& order, int round) {
      return repeated(order, round, cases, options);
    };
  }
  report::RunSummary summary = runner::run_cases(setting, orders, schedule, watcher);
  end_live_line();
  summary.seed = options.seed;
  summary.version = version;
  summary.shard = portion.shard;
  if (has_known) runner::apply_known(system.known, summary.cases);
  if (!secrets.empty()) summary.stopped = masked(std::move(summary.stopped), secrets);
  for (report::CaseResult& result : summary.cases) {
    if (!secrets.empty()) result = masked(std::move(result), secrets);
    report::explain(result);
  }
  if (has_known) {
    for (const report::CaseResult& result : summary.cases) put(report::print_case(result, style));
  }
  put(report::print_summary(summary, style));
  bool written = write_outputs(outputs, summary) && retention.written();
  for (const report::CaseResult& result : summary.cases) written = logs.write(result) && written;
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
  std::string wrong = complete(options);
  if (wrong.empty()) wrong = read_portion(portion);
  if (wrong.empty()) wrong = try_outputs(outputs, files_read(options));
  if (wrong.empty() && !options.upstream.empty()) wrong = check_upstream(options);
  if (wrong.empty() && options.standing()) {
    Secrets unused;
    if (auto system = standing_system(options, unused); !system) wrong = system.error();
  }
  if (!wrong.empty()) {
    complain("wsfault run", wrong);
    return report::exit_usage;
  }
  return run_selected(options, portion, outputs);
}

}  // namespace wsfault::cli
