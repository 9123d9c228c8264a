// `wsfault run`: runs scenarios against a system, judges them and writes reports.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "cli/arguments.hpp"
#include "cli/case_logs.hpp"
#include "cli/duration_option.hpp"
#include "cli/outputs.hpp"
#include "cli/plan_setting.hpp"
#include "cli/repetitions.hpp"
#include "cli/run_plan.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "cli/watcher.hpp"
#include "net/interruption.hpp"
#include "network/possible.hpp"
#include "report/case_text.hpp"
#include "report/exit_code.hpp"
#include "runner/known.hpp"
#include "runner/product.hpp"
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
  bool requires_network = false;  ///< a case that needs a network of its own is not skipped
};

void add_portion_options(CLI::App& app, Portion& portion) {
  app.add_option("--shard", portion.shard_text,
                 "This machine's part of the cases, 1/4 to 4/4; `wsfault merge` joins the results")
      ->type_name("I/N");
  app.add_flag("--require-network", portion.requires_network,
               "End with exit code 3 where no network of one's own can be had, instead of skipping what needs one");
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

CaseLogs logs_of(const Outputs& outputs, const RunPlan& plan) {
  std::vector<report::LogCase> cases;
  for (const scenario::LoadedCase& one : plan.loaded.cases)
    cases.push_back({masked(one.scenario.id, plan.secrets), one.scenario.file});
  return CaseLogs(outputs, cases, plan.repeat);
}

/// Files that a report may not replace.
std::vector<std::string> files_read(const RunOptions& options) {
  std::vector<std::string> files = options.paths;
  for (const std::string& file : {options.system, options.ca}) {
    if (!file.empty()) files.push_back(file);
  }
  return files;
}

/// Cases of systems that are not installed here are skipped.
void skip_missing(net::Warden& warden, const RunPlan& plan, std::vector<runner::CaseOrder>& orders) {
  for (const model::System& system : plan.systems) {
    const auto version = runner::probe_version(warden, system);
    if (version || net::interruption() != 0) continue;
    for (runner::CaseOrder& order : orders) {
      if (order.loaded->judged.system.name == system.name) order.skip = version.error();
    }
  }
}

/// --require-network: where no network of one's own can be had, nothing is run. One sentence; empty: go on.
std::string lacks_network(const std::vector<runner::CaseOrder>& orders) {
  const auto isolated = [](const runner::CaseOrder& order) {
    return order.loaded->scenario.isolate && order.skip_reason().empty();
  };
  if (std::ranges::none_of(orders, isolated)) return {};
  const std::string wrong = network::why_impossible(program_path());
  return wrong.empty() ? wrong : "--require-network: no network of its own can be had here: " + wrong;
}

/// Findings that the systems' files list.
std::vector<model::KnownFinding> known_of(const RunPlan& plan) {
  std::vector<model::KnownFinding> known;
  for (const model::System& system : plan.systems) {
    std::ranges::copy_if(system.known, std::back_inserter(known),
                         [&](const model::KnownFinding& each) { return plan.selection.tls || !each.tls; });
  }
  return known;
}

/// The quirks of a product that is not run by its shipped system file.
runner::ProductQuirks quirks_of(const RunPlan& plan) {
  const model::System& system = plan.systems.front();
  const bool may_be_any = plan.systems.size() == 1 && system.role != model::Role::client && !system.server_field;
  std::vector<model::System> candidates;
  if (may_be_any && !plan.product) candidates = runner::recognisable_products(plan.selection.shipped);
  return {std::move(candidates), plan.product ? &*plan.product : nullptr, plan.selection.tls};
}

int run_plan(const RunPlan& plan, Portion& portion, const Outputs& outputs) {
  warn("wsfault run", plan.loaded.warnings);
  if (plan.loaded.cases.empty()) {
    complain("wsfault run", "nothing is selected; `wsfault list scenarios` shows what there is");
    return report::exit_undecided;
  }
  // Before checking whether the system is installed here, so that all machines compute the same shards.
  std::vector<runner::CaseOrder> orders = plan.orders();
  if (portion.shard) orders = runner::take_shard(plan.all_rounds(orders), *portion.shard);
  net::expect_interruption();
  net::Warden warden = net::Warden::start();
  skip_missing(warden, plan, orders);
  std::string wrong = portion.requires_network ? lacks_network(orders) : std::string();
  if (wrong.empty()) wrong = look_around("wsfault run", plan);
  if (!wrong.empty()) {
    complain("wsfault run", wrong);
    return report::exit_undecided;
  }
  runner::RunSetting setting = setting_of(plan, warden);
  setting.keeps_passed_logs = outputs.log_all;
  const report::Style style = chosen_style(outputs.verbose, outputs.brief);
  const std::vector<model::KnownFinding> known = known_of(plan);
  const CaseLogs logs = logs_of(outputs, plan);
  runner::ScheduleWatcher watcher = console_watcher(style, plan.secrets);
  Retention retention(logs);
  runner::ProductQuirks quirks = quirks_of(plan);
  std::set<std::string> held;  // ids of cases on which the product decides
  // If findings may be known, a case's outcome is reported after all cases have run.
  watcher.finished = [&, show = watcher.finished](report::CaseResult& result) {
    const bool is_final = quirks.take(result);
    if (!is_final) held.insert(result.id);
    if (known.empty() && is_final) show(result);
    if (!known.empty() && !plan.secrets.empty()) result = masked(std::move(result), plan.secrets);
    if (plan.repeat > 1) retention.take(result);
  };
  runner::ScheduleOptions schedule{plan.jobs, plan.fail_fast, portion.budget};
  if (!portion.shard && plan.repeat > 1) {
    schedule.rounds = plan.repeat;
    schedule.repeated = [&, cases = orders.size()](const runner::CaseOrder& order, int round) {
      return plan.repeated(order, round, cases);
    };
  }
  report::RunSummary summary = runner::run_cases(setting, orders, schedule, watcher);
  end_live_line();
  summary.seed = plan.seed;
  summary.version = version;
  summary.shard = portion.shard;
  if (!known.empty()) runner::apply_known(known, summary.cases);
  if (!plan.secrets.empty()) summary.stopped = masked(std::move(summary.stopped), plan.secrets);
  for (report::CaseResult& result : summary.cases) {
    const bool was_held = held.contains(result.id);
    if (was_held) quirks.apply(result);
    if (!plan.secrets.empty()) result = masked(std::move(result), plan.secrets);
    report::explain(result);
    if (!known.empty() || was_held) put(report::print_case(result, style));
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
  add_repeat_option(app, options);
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
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  const auto plan = make_plan("wsfault run", options);
  if (!plan) {
    complain_of_files(plan.error());
    return report::exit_usage;
  }
  std::string wrong = read_portion(portion);
  if (wrong.empty()) wrong = try_outputs(outputs, files_read(options));
  if (!wrong.empty()) {
    complain("wsfault run", wrong);
    return report::exit_usage;
  }
  return run_plan(*plan, portion, outputs);
}

}  // namespace wsfault::cli
