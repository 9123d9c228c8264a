// Where each report is written: tested before the run, written after it.
#include "cli/outputs.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "cli/report_file.hpp"
#include "cli/terminal.hpp"
#include "report/github.hpp"
#include "report/json_report.hpp"
#include "report/junit.hpp"
#include "report/markdown.hpp"
#include "report/merge.hpp"

namespace wsfault::cli {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

/// The summary page of the job's step, in GitHub Actions; each step appends to it.
std::string step_summary(const Outputs& outputs) {
  return outputs.github ? environment("GITHUB_STEP_SUMMARY") : std::string();
}

/// A kind of report: one row is its option, its file and how it is made.
struct Format {
  const char* option;
  const char* help;
  std::string Outputs::*file;
  std::string (*print)(const report::RunSummary&);
  /// Of a merge: the shards' own reports, joined; null: it is printed from the summary.
  std::string report::Merged::*joined = nullptr;
};
constexpr Format formats[] = {
    {"--junit", "Write JUnit XML", &Outputs::junit, report::print_junit, &report::Merged::junit},
    {"--json", "Write results as JSON (docs/results.md)", &Outputs::json, report::print_json_report,
     &report::Merged::json},
    {"--summary", "Write a summary in Markdown", &Outputs::summary, report::print_markdown},
};

/// Each option with its file.
NamedFiles files_of(const Outputs& outputs) {
  NamedFiles files;
  for (const Format& format : formats) files.emplace_back(format.option, outputs.*format.file);
  files.emplace_back("GITHUB_STEP_SUMMARY", step_summary(outputs));
  return files;
}

std::string try_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error && !std::filesystem::is_directory(folder))
    error = std::make_error_code(std::errc::not_a_directory);
  if (error) return fmt::format("--log: cannot make the folder {}: {}", folder, error.message());
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
  return fmt::format("--log: cannot write into the folder {}: {}", folder, std::strerror(errno));
}

}  // namespace

void add_report_options(CLI::App& app, Outputs& outputs) {
  for (const Format& format : formats)
    app.add_option(format.option, outputs.*format.file, format.help)->type_name("FILE");
  app.add_flag("--github", outputs.github,
               "Print annotations for GitHub Actions; append the summary to $GITHUB_STEP_SUMMARY");
  app.add_flag("--strict", outputs.strict, "A warning fails the run");
  app.add_flag("-v,--verbose", outputs.verbose, "Print passed cases, too");
  app.add_flag("--brief", outputs.brief, "Print one line for each finding; the rest stays in logs and reports");
}

void add_log_options(CLI::App& app, Outputs& outputs) {
  auto* log =
      app.add_option("--log", outputs.log,
                     "Write event log and system output of each case that is not a pass into this folder")
          ->type_name("DIR");
  app.add_flag("--log-all", outputs.log_all, "Those of passed cases, too")->needs(log);
}

std::string try_outputs(const Outputs& outputs, const std::vector<std::string>& inputs) {
  if (std::string wrong = try_reports(files_of(outputs), inputs); !wrong.empty()) return wrong;
  if (outputs.log.empty()) return {};
  for (const auto& [option, file] : files_of(outputs)) {
    if (!file.empty() && are_one(file, outputs.log))
      return fmt::format("--log and {} are the same: {}", option, file);
  }
  return try_folder(outputs.log);
}

bool write_outputs(const Outputs& outputs, const report::RunSummary& summary, const report::Merged* merged) {
  bool ok = true;
  if (outputs.github) {
    put(report::print_github(summary,
                             {std::filesystem::current_path().string(), environment("GITHUB_WORKSPACE")}));
  }
  for (const Format& format : formats) {
    const std::string& file = outputs.*format.file;
    if (file.empty()) continue;
    const bool joined = merged && format.joined;
    ok = write_report(file, joined ? merged->*format.joined : format.print(summary)) && ok;
  }
  if (const std::string page = step_summary(outputs); !page.empty())
    ok = append_report(page, report::print_markdown(summary)) && ok;
  return ok;
}

}  // namespace wsfault::cli
