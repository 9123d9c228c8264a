// `wsfault sweep`: one scenario, its fault at every point of a session.
#include "sweep/sweep.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/case_logs.hpp"
#include "cli/duration_option.hpp"
#include "cli/outputs.hpp"
#include "cli/plan_setting.hpp"
#include "cli/run_plan.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "cli/watcher.hpp"
#include "net/interruption.hpp"
#include "report/case_text.hpp"
#include "report/exit_code.hpp"
#include "runner/repeat_command.hpp"
#include "runner/version_probe.hpp"
#include "sweep/struck.hpp"
#include "sweep/text.hpp"
#include "version.hpp"

namespace wsfault::cli {
namespace {

constexpr const char* command = "wsfault sweep";

struct SweepOptions {
  RunOptions run;
  Outputs outputs;
  std::string over = "bytes";
  std::string direction = "both";
  std::string fault;
  std::vector<std::string> points;
  std::size_t most = 2000;
  std::size_t share = 1;
  Duration session = std::chrono::seconds(1);
};

void describe(CLI::App& app, SweepOptions& options) {
  add_options(app, options.run, {"SCENARIO", "--case", "--tls", "--set"});
  app.get_option("SCENARIO")->required();
  app.add_option("--over", options.over, "What is counted: a point for each of these")
      ->check(CLI::IsMember({"bytes", "frames", "messages", "moments"}))
      ->capture_default_str();
  app.add_option("--direction", options.direction, "Of the bytes, frames or messages")
      ->check(CLI::IsMember({"to-client", "to-server", "both"}))
      ->capture_default_str();
  app.add_option("--points", options.most,
                 "At most so many, spread evenly; always the first, the last, and where heads and frames end")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--point", options.points, "Only this point: \"byte 131 to client\"; again for more")
      ->type_name("POINT")
      ->allow_extra_args(false);
  app.add_option(
         "--share", options.share,
         "So many points for each process of a client, one on each of its connections; what does not pass is "
         "run again with a process of its own")
      ->check(CLI::Range(1, sweep::most_shared))
      ->capture_default_str();
  app.add_option("--fault", options.fault, "Which fault of the scenario, by its name (default: the only one)")
      ->type_name("NAME");
  add_duration(
      app, "--session", options.session,
      "How long the session that is recorded lasts, once the scripts of its clients are over (default: 1s)");
  add_system_options(app, options.run);
  add_running_options(app, options.run);
  add_report_options(app, options.outputs);
  add_log_options(app, options.outputs);
  app.footer(
      "\nExamples:\n"
      "  wsfault sweep 1006/server-reset\n"
      "  wsfault sweep 1006/server-reset --direction to-client --client 'node app.js ${url}'\n"
      "  wsfault sweep 1006/server-reset --over messages --system node-ws --json sweep.json\n"
      "  wsfault sweep 1006/server-reset --point 'byte 131 to client' -v   only this point, explained\n"
      "\nExit codes: 0 passed, 1 failed, 2 usage or scenario error, 3 inconclusive, error or nothing run, "
      "130 interrupted");
}

fault::Direction direction_of(const std::string& text) {
  if (text == "to-client") return fault::Direction::to_client;
  return text == "to-server" ? fault::Direction::to_server : fault::Direction::both;
}

/// The one case that is swept; the error is one sentence.
Result<const scenario::LoadedCase*> case_of(const RunPlan& plan) {
  const auto& cases = plan.loaded.cases;
  if (cases.empty()) return Error{"nothing is selected; `wsfault list scenarios` shows what there is"};
  if (cases.size() > 1) {
    return Error{fmt::format("a sweep has one case, and {} are selected: choose one with --case ID, as {} is",
                             cases.size(), cases.front().scenario.id)};
  }
  return &cases.front();
}

/// The error is one sentence.
Result<sweep::Plan> plan_of(const SweepOptions& options, const RunPlan& plan,
                            const scenario::LoadedCase& loaded, std::size_t fault) {
  sweep::Plan made{.over = *sweep::parse_over(options.over),
                   .direction = direction_of(options.direction),
                   .most = options.most,
                   .session = options.session,
                   .share = options.points.empty() ? options.share : 1,
                   .seed = plan.seed};
  if (const std::string why = sweep::why_not_shared(loaded, fault); made.share > 1 && !why.empty())
    return Error{fmt::format("--share {}: {}", options.share, why)};
  for (const std::string& text : options.points) {
    auto point = sweep::parse_point(text);
    if (!point) return Error{fmt::format("--point \"{}\": {}", text, point.error())};
    const std::string wrong = sweep::refusal(sweep::at_moment(loaded, fault, point->moment));
    if (!wrong.empty()) return Error{fmt::format("--point \"{}\": {}", text, wrong)};
    made.points.push_back(*std::move(point));
  }
  made.repeat = [&options, &plan, &loaded](const std::string& point) {
    runner::AskedOptions asked = plan.asked;
    if (!options.fault.empty()) asked.emplace_back("--fault", options.fault);
    asked.emplace_back("--point", point);
    return runner::repeat_command(program_path(), loaded, asked, plan.seed, "sweep");
  };
  return made;
}

/// The logs of the first points of the ranges, and of the recorded session.
bool write_logs(const Outputs& outputs, const std::vector<report::CaseResult>& results) {
  std::vector<report::LogCase> cases;
  for (const report::CaseResult& result : results) cases.push_back({result.id, result.file});
  const CaseLogs logs(outputs, cases, 1);
  bool written = true;
  for (const report::CaseResult& result : results) written = logs.write(result) && written;
  return written;
}

int exit_code_of(const sweep::Sweep& swept, bool strict) {
  std::vector<verdict::Outcome> outcomes;
  for (const sweep::SweptLane& lane : swept.lanes) {
    for (const sweep::Seen& seen : lane.seen) outcomes.push_back(seen.outcome);
  }
  const int code =
      report::most_urgent({report::exit_code(outcomes, strict),
                           swept.ranges.stopped.empty() ? report::exit_passed : report::exit_undecided});
  return report::most_urgent(
      {code, swept.ranges.interrupted ? report::exit_interrupted : report::exit_passed});
}

/// Prints and writes what it came to; the exit code.
int conclude(const SweepOptions& options, const RunPlan& plan, const scenario::LoadedCase& loaded,
             std::size_t fault, sweep::Sweep swept) {
  const Outputs& outputs = options.outputs;
  const report::Style style = chosen_style(outputs.verbose, outputs.brief);
  swept.ranges.seed = plan.seed;
  swept.ranges.version = version;
  swept.ranges.stopped = masked(swept.ranges.stopped, plan.secrets);
  for (report::CaseResult& result : swept.ranges.cases) {
    if (!plan.secrets.empty()) result = masked(std::move(result), plan.secrets);
    report::explain(result);
  }
  put(options.points.empty() ? masked(sweep::print_sweep(swept, loaded, fault, style), plan.secrets)
                             : report::print_summary(swept.ranges, style));
  bool written = write_outputs(outputs, swept.ranges);
  if (!outputs.log.empty()) written = write_logs(outputs, swept.ranges.cases) && written;
  const int code = exit_code_of(swept, outputs.strict);
  return net::interruption_exit_code(written ? code : report::most_urgent({code, report::exit_undecided}));
}

/// The recorded session is no session, or has no point.
int nothing_to_sweep(const sweep::Sweep& swept, const RunPlan& plan, const report::Style& style) {
  report::CaseResult recording = *swept.recording;
  if (recording.outcome == verdict::Outcome::interrupted)
    return net::interruption_exit_code(report::exit_interrupted);
  if (!plan.secrets.empty()) recording = masked(std::move(recording), plan.secrets);
  report::explain(recording);
  put(report::print_case(recording, style));
  complain(command, recording.outcome == verdict::Outcome::passed
                        ? "the session that was recorded has no such point"
                        : "the session without the fault could not be recorded: there is nothing to sweep");
  return report::exit_undecided;
}

int run_plan(const SweepOptions& options, const RunPlan& plan, const scenario::LoadedCase& loaded,
             std::size_t fault, const sweep::Plan& sweep_plan) {
  warn(command, plan.loaded.warnings);
  net::expect_interruption();
  net::Warden warden = net::Warden::start();
  const auto installed = runner::probe_version(warden, loaded.judged.system);
  std::string wrong = installed || net::interruption() != 0 ? look_around(command, plan) : installed.error();
  if (wrong.empty()) wrong = loaded.skip;
  if (!wrong.empty()) {
    complain(command, wrong);
    return report::exit_undecided;
  }
  runner::RunSetting setting = setting_of(plan, warden);
  setting.keeps_passed_logs = options.outputs.log_all;
  const report::Style style = chosen_style(options.outputs.verbose, options.outputs.brief);
  runner::ScheduleWatcher watcher = console_watcher(style, plan.secrets);
  if (options.points.empty()) watcher.finished = nullptr;
  sweep::Sweep swept =
      sweep::run_sweep(sweep_plan, loaded, fault, setting, {plan.jobs, plan.fail_fast}, watcher);
  end_live_line();
  if (swept.lanes.empty()) return nothing_to_sweep(swept, plan, style);
  return conclude(options, plan, loaded, fault, std::move(swept));
}

int refuse(const std::string& sentence) {
  complain(command, sentence);
  return report::exit_usage;
}

}  // namespace

int run_sweep(int argc, char** argv) {
  CLI::App app("Records a session, then runs a scenario with its fault at each point of it", command);
  SweepOptions options;
  describe(app, options);
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  const auto plan = make_plan(command, options.run);
  if (!plan) {
    complain_of_files(plan.error());
    return report::exit_usage;
  }
  const auto loaded = case_of(*plan);
  if (!loaded) return refuse(loaded.error());
  const auto fault = sweep::find_fault(**loaded, options.fault);
  if (!fault) return refuse(fault.error());
  const auto sweep_plan = plan_of(options, *plan, **loaded, *fault);
  if (!sweep_plan) return refuse(sweep_plan.error());
  const std::string wrong = try_outputs(options.outputs, options.run.paths);
  if (!wrong.empty()) return refuse(wrong);
  return run_plan(options, *plan, **loaded, *fault, *sweep_plan);
}

}  // namespace wsfault::cli
