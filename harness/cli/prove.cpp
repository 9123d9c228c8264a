// `wsfault prove`: every scenario against every defect of a system, by default of the reference systems.
#include "runner/prove.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/arguments.hpp"
#include "cli/report_file.hpp"
#include "cli/run_plan.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "cli/watcher.hpp"
#include "net/interruption.hpp"
#include "report/case_text.hpp"
#include "report/exit_code.hpp"
#include "runner/sound.hpp"
#include "value/words.hpp"

namespace wsfault::cli {
namespace {

int compare(const std::string& file, const std::string& proof) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (text.str() == proof) return 0;
  complain("wsfault prove",
           fmt::format("{} is not current; write it with `wsfault prove --markdown {}`", file, file));
  return report::exit_failed;
}

/// For the shipped scenarios.
bool is_whole(const runner::Selection& selection) {
  const bool narrowed = !selection.tags.empty() || !selection.names.empty() || selection.role;
  return !narrowed && std::ranges::any_of(selection.paths, [&](const std::string& path) {
    std::error_code none_there;
    return std::filesystem::equivalent(path, selection.shipped, none_there);
  });
}

/// Each habit with what it came to, then what should not have been.
int print_soundness(const runner::Soundness& soundness, std::size_t jobs, std::uint64_t seed) {
  std::size_t complaints = 0;
  for (const runner::SoundRow& row : soundness.rows) {
    fmt::print("{}: {}\n  {} passed, {} undecided, {} skipped\n", row.system, row.sentence, row.passed,
               row.undecided, row.skipped);
    for (const std::string& complaint : row.complaints) fmt::print("  {}\n", complaint);
    for (const std::string& once : row.passed_again)
      fmt::print("  with {} beside it, though not again with few: {}\n", counted(jobs, "case"), once);
    complaints += row.complaints.size();
  }
  if (soundness.runs.cases.empty()) {
    complain("wsfault prove", "nothing was run, so nothing is proved");
    return report::exit_undecided;
  }
  fmt::print("{} in {}, {}; seed {}\n", counted(soundness.runs.cases.size(), "case"),
             report::seconds_text(soundness.runs.wall), counted(complaints, "complaint"), seed);
  return complaints == 0 ? report::exit_passed : report::exit_failed;
}

}  // namespace

int run_prove(int argc, char** argv) {
  CLI::App app("Runs every scenario on a conforming system and on each of its defects", "wsfault prove");
  RunOptions options;
  runner::Contest contest;
  std::string markdown;
  std::string checked;
  std::vector<std::string> systems;
  bool verbose = false;
  bool sound = false;
  add_selection_options(app, options);
  add_running_options(app, options);
  add_repeat_option(app, options);
  app.add_option("--system", systems,
                 "Instead of the reference systems one whose file has [defects]; again for each further one")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--defect", contest.only, "Only these defects; prints what each case came to")
      ->type_name("NAME");
  app.add_flag("--named", contest.named, "Each scenario only against the defects that it names: quicker");
  CLI::Option* sound_flag = app.add_flag(
      "--sound", sound, "Instead of defects: systems that are sound but unusual, which must pass everything");
  app.add_option("--markdown", markdown, "Write docs/proof.md")->type_name("FILE");
  app.add_option("--compare", checked, "Compare with a file that --markdown wrote")->type_name("FILE");
  app.add_flag("-v,--verbose", verbose, "Print every case");
  for (const char* other : {"--system", "--defect", "--named", "--markdown", "--compare"})
    sound_flag->excludes(app.get_option(other));
  app.footer(
      "\nExamples:\n  wsfault prove\n  wsfault prove --sound\n  wsfault prove scenarios/1006 --defect never-notices -v\n"
      "  wsfault prove scenarios/protocols --system graphql-ws-client --system graphql-ws-server");
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  const auto selection = selection_of("wsfault prove", options);
  if (!selection) {
    complain_of_files(selection.error());
    return report::exit_usage;
  }
  const std::uint64_t seed = seed_of(options);
  std::string wrong;
  contest.whole = !systems.empty() || is_whole(*selection);
  for (const std::string& name : systems) {
    auto system = runner::find_system(name, selection->shipped);
    if (!system) {
      complain_of_files(system.error());
      return report::exit_usage;
    }
    if (system->defects.empty() && wrong.empty())
      wrong =
          fmt::format("the file of the system {} has no [defects]: nothing to hold scenarios against", name);
    contest.systems.push_back(std::move(*system));
  }
  if (wrong.empty()) wrong = try_reports({{"--markdown", markdown}}, {checked});
  if (wrong.empty() && !checked.empty() && !std::ifstream(checked))
    wrong = fmt::format("--compare: cannot read {}: {}", checked, std::strerror(errno));
  if (!wrong.empty()) {
    complain("wsfault prove", wrong);
    return report::exit_usage;
  }
  net::expect_interruption();
  net::Warden warden = net::Warden::start();
  const runner::RunSetting setting{
      .warden = &warden, .program = program_path(), .timeout_scale = options.timeout_scale};
  const report::Style style = chosen_style(verbose);
  runner::ScheduleWatcher watcher = console_watcher(style);
  if (!verbose) watcher.finished = nullptr;
  if (sound) {
    const auto soundness =
        runner::prove_sound(setting, *selection, seed, {options.jobs, options.fail_fast}, watcher);
    end_live_line();
    if (!soundness) {
      complain("wsfault prove", soundness.error());
      return report::exit_usage;
    }
    if (soundness->runs.interrupted) return net::interruption_exit_code(report::exit_interrupted);
    return print_soundness(*soundness, options.jobs, seed);
  }
  auto proof = runner::prove(setting, *selection, contest, seed, {options.jobs, options.fail_fast}, watcher);
  end_live_line();
  if (!proof) {
    complain("wsfault prove", proof.error());
    return report::exit_usage;
  }
  if (proof->runs.interrupted) return net::interruption_exit_code(report::exit_interrupted);
  warn("wsfault prove", proof->warnings);
  put(runner::print_matrix(*proof));
  for (const std::string& complaint : proof->complaints) fmt::print("{}\n", complaint);
  if (proof->left_out > 0) {
    fmt::print("{} left out, of other protocols: docs/protocols.md says how those are proved\n",
               counted(proof->left_out, "scenario"));
  }
  if (proof->runs.cases.empty()) {
    complain("wsfault prove", "nothing was run, so nothing is proved");
    return report::exit_undecided;
  }
  fmt::print("{} in {}, {}; seed {}\n", counted(proof->runs.cases.size(), "case"),
             report::seconds_text(proof->runs.wall), counted(proof->complaints.size(), "complaint"), seed);
  int code = proof->complaints.empty() ? report::exit_passed : report::exit_failed;
  const std::string text = runner::print_proof(*proof);
  if (!markdown.empty() && !write_report(markdown, text))
    code = report::most_urgent({code, report::exit_undecided});
  if (!checked.empty()) code = report::most_urgent({code, compare(checked, text)});
  return code;
}

}  // namespace wsfault::cli
