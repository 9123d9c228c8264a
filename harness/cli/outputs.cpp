// Where each report goes, tried before the run and written after it.
#include "cli/outputs.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "cli/report_file.hpp"
#include "record/json.hpp"
#include "report/github.hpp"
#include "report/json_report.hpp"
#include "report/junit.hpp"
#include "report/markdown.hpp"

namespace wsfault::cli {
namespace {

using verdict::Outcome;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

/// The page of the job's step, in GitHub Actions; each step appends to it.
std::string step_summary(const Outputs& outputs) {
  return outputs.github ? environment("GITHUB_STEP_SUMMARY") : std::string();
}

/// Which option names which file.
std::vector<std::pair<std::string_view, std::string>> files_of(const Outputs& outputs) {
  std::vector<std::pair<std::string_view, std::string>> files = {
      {"--junit", outputs.junit},
      {"--json", outputs.json},
      {"--summary", outputs.summary},
      {"GITHUB_STEP_SUMMARY", step_summary(outputs)}};
  std::erase_if(files, [](const auto& file) { return file.second.empty(); });
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

/// What a case's files are called: its id without what file systems and archives of builds do not take.
std::string file_name(const std::string& id) {
  std::string name = id;
  std::ranges::replace_if(
      name, [](char c) { return std::strchr("/ \\:*?\"<>|", c) != nullptr || (c >= 0 && c < 0x20); }, '-');
  return name;
}

/// What the system printed on one of its streams; an empty one makes no file.
bool write_output(const std::string& file, const report::CaseResult& result, std::string_view stream) {
  std::string text;
  for (const record::OutputLine& output : result.output) {
    if (output.stream == stream) text.append(output.line.view()) += '\n';
  }
  return text.empty() || write_report(file, text);
}

bool is_logged(const Outputs& outputs, const report::CaseResult& result) {
  if (result.events.empty()) return false;
  return outputs.log_all || (result.outcome != Outcome::passed && result.outcome != Outcome::skipped);
}

bool write_logs(const Outputs& outputs, const report::RunSummary& summary) {
  bool ok = true;
  for (const report::CaseResult& result : summary.cases) {
    if (!is_logged(outputs, result)) continue;
    const std::string file = outputs.log + "/" + file_name(result.id);
    ok = write_report(file + ".jsonl", record::to_json_lines(result.events)) && ok;
    for (const char* stream : {"stdout", "stderr"})
      ok = write_output(fmt::format("{}.{}.txt", file, stream), result, stream) && ok;
  }
  return ok;
}

}  // namespace

void add_report_options(CLI::App& app, Outputs& outputs) {
  app.add_option("--junit", outputs.junit, "Write JUnit XML")->type_name("FILE");
  app.add_option("--json", outputs.json, "Write results as JSON (docs/results.md)")->type_name("FILE");
  app.add_option("--summary", outputs.summary, "Write a summary in Markdown")->type_name("FILE");
  app.add_flag("--github", outputs.github,
               "Print annotations for GitHub Actions; append the summary to $GITHUB_STEP_SUMMARY");
  app.add_flag("--strict", outputs.strict, "A warning fails the run");
  app.add_flag("-v,--verbose", outputs.verbose, "Print passed cases, too");
}

void add_log_options(CLI::App& app, Outputs& outputs) {
  auto* log =
      app.add_option("--log", outputs.log,
                     "Write event log and system output of each case that is not a pass into this folder")
          ->type_name("DIR");
  app.add_flag("--log-all", outputs.log_all, "Those of passed cases, too")->needs(log);
}

std::string try_outputs(const Outputs& outputs) {
  const auto files = files_of(outputs);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& [option, file] = files[i];
    std::error_code ignored;
    const auto type = std::filesystem::status(file, ignored).type();
    // A pipe or a device takes any number of reports, and opening one may wait for its reader.
    if (type == std::filesystem::file_type::character || type == std::filesystem::file_type::fifo) continue;
    for (std::size_t j = 0; j < i; ++j) {
      if (files[j].second == file)
        return fmt::format("{} and {} are the same file: {}", files[j].first, option, file);
    }
    if (const std::string wrong = try_report(file); !wrong.empty())
      return fmt::format("{}: {}", option, wrong);
  }
  return outputs.log.empty() ? std::string() : try_folder(outputs.log);
}

bool write_outputs(const Outputs& outputs, const report::RunSummary& summary) {
  bool ok = true;
  if (outputs.github) {
    fmt::print("{}", report::print_github(summary, {std::filesystem::current_path().string(),
                                                    environment("GITHUB_WORKSPACE")}));
  }
  if (!outputs.junit.empty()) ok = write_report(outputs.junit, report::print_junit(summary)) && ok;
  if (!outputs.json.empty()) ok = write_report(outputs.json, report::print_json_report(summary)) && ok;
  if (!outputs.summary.empty()) ok = write_report(outputs.summary, report::print_markdown(summary)) && ok;
  if (const std::string page = step_summary(outputs); !page.empty())
    ok = append_report(page, report::print_markdown(summary)) && ok;
  if (!outputs.log.empty()) ok = write_logs(outputs, summary) && ok;
  return ok;
}

}  // namespace wsfault::cli
