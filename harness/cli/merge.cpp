// `wsfault merge`: the results of shards as those of one run.
#include "report/merge.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/arguments.hpp"
#include "cli/input_file.hpp"
#include "cli/outputs.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "cli/watcher.hpp"
#include "report/exit_code.hpp"

namespace wsfault::cli {
namespace {

Result<report::ResultsFile> read_results(const std::string& file) {
  auto text = read_input(file, "a result");
  if (!text) return Error{text.error()};
  return report::ResultsFile{file, *std::move(text)};
}

Result<report::Merged> merge_files(const std::vector<std::string>& names) {
  std::vector<report::ResultsFile> files;
  for (const std::string& name : names) {
    auto file = read_results(name);
    if (!file) return Error{file.error()};
    files.push_back(*std::move(file));
  }
  return report::merge(files);
}

int merge_results(const std::vector<std::string>& names, const Outputs& outputs) {
  auto merged = merge_files(names);
  std::string wrong = merged ? "" : merged.error();
  if (wrong.empty() && merged->json.empty() && !outputs.json.empty())
    wrong = "--json: JUnit files hold too little to make it of; merge those of --json";
  if (wrong.empty()) wrong = try_outputs(outputs, names);
  if (!wrong.empty()) {
    complain("wsfault merge", wrong);
    return report::exit_usage;
  }
  const report::Style style = chosen_style(outputs.verbose, outputs.brief);
  for (const report::CaseResult& result : merged->summary.cases) put(report::print_case(result, style));
  put(report::print_summary(merged->summary, style));
  const bool written = write_outputs(outputs, merged->summary, &*merged);
  const int code = report::exit_code(merged->summary, outputs.strict);
  return written ? code : report::most_urgent({code, report::exit_undecided});
}

}  // namespace

int run_merge(int argc, char** argv) {
  CLI::App app("Joins the results of shards: their files, a summary and an exit code as of one run",
               "wsfault merge");
  std::vector<std::string> names;
  Outputs outputs;
  app.add_option("RESULTS", names, "What the shards wrote with --json; or with --junit, all of one kind")
      ->required();
  add_report_options(app, outputs);
  app.footer(
      "\nExamples:\n"
      "  wsfault run --shard 1/2 --json shard-1.json     on one machine\n"
      "  wsfault run --shard 2/2 --json shard-2.json     on another\n"
      "  wsfault merge shard-*.json --json all.json --junit all.xml\n"
      "\nExit codes are those of `wsfault run`; 2 where files are no results, of different versions or runs, "
      "or "
      "overlap;\n"
      "3 where a shard is missing.");
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  return merge_results(names, outputs);
}

}  // namespace wsfault::cli
