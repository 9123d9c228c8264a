// `wsfault list`: what can be written in files and what can be run, each list from its only source.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "cli/arguments.hpp"
#include "cli/run_plan.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "fault/catalogue.hpp"
#include "report/catalogue_text.hpp"
#include "report/escape.hpp"
#include "report/exit_code.hpp"
#include "runner/selection.hpp"
#include "value/toml.hpp"
#include "value/words.hpp"
#include "verdict/expectation.hpp"

namespace wsfault::cli {
namespace {

namespace fs = std::filesystem;

/// Reads a file's table; prints its errors.
std::optional<Value> read_toml(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    complain("wsfault list", file + ": cannot be read");
    return std::nullopt;
  }
  const std::string text(std::istreambuf_iterator<char>(in), {});
  Diagnostics diagnostics(file, text);
  std::optional<Value> table = parse_toml(text, diagnostics);
  complain_of_files(diagnostics.print());
  return table;
}

std::string text_of(const Value& table, std::string_view key) {
  const Value* value = table.find(key);
  return value != nullptr && value->text() != nullptr ? report::printable(*value->text()) : "";
}

std::vector<std::string> texts_of(const Value& table, std::string_view key) {
  std::vector<std::string> texts;
  const Value* value = table.find(key);
  if (value == nullptr || value->array() == nullptr) return texts;
  for (const Value& element : *value->array()) {
    if (element.text() != nullptr) texts.push_back(report::printable(*element.text()));
  }
  return texts;
}

/// Rows of names and their details; the first column is as wide as its longest name.
struct Row {
  std::string name;
  std::string role;
  std::vector<std::string> lines;
};

void print_rows(const std::vector<Row>& rows) {
  std::size_t widest = 0;
  for (const Row& row : rows) widest = std::max(widest, report::width(row.name));
  for (const Row& row : rows) {
    const std::string gap(widest - report::width(row.name), ' ');
    fmt::print("{}{}  {:<7}", row.name, gap, row.role);
    for (std::size_t i = 0; i < row.lines.size(); ++i) {
      fmt::print("{}  {}\n", i == 0 ? std::string() : std::string(widest + 9, ' '), row.lines[i]);
    }
  }
}

int list_scenarios(std::vector<std::string> paths) {
  const std::string shipped = runner::default_scenarios(program_path());
  if (paths.empty()) paths = {shipped};
  const auto files = runner::find_scenarios(paths, shipped);
  if (!files) {
    complain("wsfault list scenarios", files.error());
    return report::exit_usage;
  }
  std::vector<Row> rows;
  int code = report::exit_passed;
  for (const std::string& file : *files) {
    const auto table = read_toml(file);
    if (!table) {
      code = report::exit_usage;
      continue;
    }
    Row row{
        report::printable(runner::scenario_id(file)), text_of(*table, "role"), {text_of(*table, "title")}};
    const std::vector<std::string> refutes = texts_of(*table, "refutes");
    if (!refutes.empty()) row.lines.push_back(fmt::format("refutes {}", fmt::join(refutes, ", ")));
    rows.push_back(std::move(row));
  }
  print_rows(rows);
  return code;
}

std::vector<std::string> system_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const fs::path file = entry.path() / "system.toml";
    if (fs::is_regular_file(file, error)) files.push_back(file.string());
  }
  std::ranges::sort(files);
  return files;
}

int list_systems() {
  std::vector<Row> rows{
      {"(none named)", "client", {"the reference client, which is part of wsfault and needs nothing else"}}};
  int code = report::exit_passed;
  for (const std::string& file : system_files(runner::default_scenarios(program_path()) + "/systems")) {
    const auto table = read_toml(file);
    if (!table) {
      code = report::exit_usage;
      continue;
    }
    const std::string kind = text_of(*table, "kind");
    const std::string install = text_of(*table, "install");
    Row row{
        report::printable(fs::path(file).parent_path().filename().string()),
        text_of(*table, "role"),
        {fmt::format("{}{}", text_of(*table, "name"), kind.empty() ? "" : fmt::format(", kind {}", kind))}};
    row.lines.push_back(report::printable(file));
    if (!install.empty()) row.lines.push_back(fmt::format("if it is missing: {}", install));
    rows.push_back(std::move(row));
  }
  print_rows(rows);
  return code;
}

int list_faults(bool markdown, bool json) {
  const auto& entries = fault::catalogue();
  fmt::print("{}", markdown ? report::print_faults_markdown(entries)
                   : json   ? report::print_faults_json(entries)
                            : report::print_faults(entries));
  return report::exit_passed;
}

int list_expectations() {
  fmt::print("{}", report::print_expectations(verdict::expectation_kinds()));
  return report::exit_passed;
}

int list_moments() {
  fmt::print("{}", report::print_moments(report::moment_forms()));
  return report::exit_passed;
}

/// Where a project keeps its own: in the root of a checkout, or where `wsfault init` writes them.
std::vector<std::string> own_folders(const std::string& shipped) {
  std::vector<std::string> folders;
  for (const char* folder : {"scenarios", "wsfault/scenarios"}) {
    std::error_code ignored;
    const bool is_shipped = fs::equivalent(folder, shipped, ignored);
    if (!is_shipped && fs::is_directory(folder, ignored)) folders.emplace_back(folder);
  }
  return folders;
}

std::string scenarios_in(const std::string& folder, const std::string& shipped) {
  const auto files = runner::find_scenarios({folder}, shipped);
  return files ? counted(files->size(), "file") : files.error();
}

/// Each list, and how much is in it.
int list_lists() {
  const std::string shipped = runner::default_scenarios(program_path());
  std::vector<std::pair<std::string, std::string>> rows{
      {"scenarios", fmt::format("the shipped scenarios: {} in {}", scenarios_in(shipped, shipped), shipped)}};
  for (const std::string& folder : own_folders(shipped))
    rows.emplace_back("scenarios " + folder, fmt::format("yours: {}", scenarios_in(folder, shipped)));
  const auto count = [](std::size_t number, const char* what) { return counted(number, what); };
  rows.emplace_back("systems", fmt::format("what --system can name: the reference systems, and {}",
                                           count(system_files(shipped + "/systems").size(), "system file")));
  rows.emplace_back("faults", fmt::format("what can be injected: {}", count(fault::catalogue().size(), "fault")));
  rows.emplace_back("expectations", fmt::format("what an [[expect]] can say: {}",
                                                count(verdict::expectation_kinds().size(), "kind")));
  rows.emplace_back("moments", "what `when`, `since` and the like can name");
  std::size_t widest = 0;
  for (const auto& [name, what] : rows) widest = std::max(widest, report::width(name));
  for (const auto& [name, what] : rows) {
    const std::string gap(widest - report::width(name), ' ');
    fmt::print("wsfault list {}{}  {}\n", report::printable(name), gap, report::printable(what));
  }
  return report::exit_passed;
}

}  // namespace

int run_list(int argc, char** argv) {
  CLI::App app("Lists what scenarios are made of, and what there is to run", "wsfault list");
  app.require_subcommand(0, 1);
  app.footer(
      "\nExamples:\n"
      "  wsfault list                 what lists there are\n"
      "  wsfault list faults\n"
      "  wsfault list scenarios scenarios/1006\n"
      "  wsfault list systems");
  bool markdown = false;
  bool json = false;
  std::vector<std::string> paths;
  CLI::App* faults = app.add_subcommand("faults", "What can be injected, by layer, with its attributes");
  CLI::Option* as_markdown =
      faults->add_flag("--markdown", markdown, "As Markdown: the whole of docs/faults.md");
  faults->add_flag("--json", json, "As JSON")->excludes(as_markdown);
  faults->footer("\nExamples:\n  wsfault list faults\n  wsfault list faults --markdown > docs/faults.md");
  CLI::App* expectations = app.add_subcommand("expectations", "What an [[expect]] can say");
  expectations->footer("\nExample:\n  wsfault list expectations");
  CLI::App* moments = app.add_subcommand("moments", "What `when`, `since` and the like can name");
  moments->footer("\nExample:\n  wsfault list moments");
  CLI::App* scenarios = app.add_subcommand("scenarios", "Scenario files: id, role, title, what each refutes");
  scenarios->add_option("PATH", paths, "Files and folders; without one: the shipped scenarios");
  scenarios->footer(
      "\nExamples:\n  wsfault list scenarios\n  wsfault list scenarios my-scenarios scenarios/close");
  CLI::App* systems = app.add_subcommand("systems", "Systems that --system can name");
  systems->footer("\nExample:\n  wsfault list systems");
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  if (faults->parsed()) return list_faults(markdown, json);
  if (expectations->parsed()) return list_expectations();
  if (moments->parsed()) return list_moments();
  if (scenarios->parsed()) return list_scenarios(std::move(paths));
  if (systems->parsed()) return list_systems();
  return list_lists();
}

}  // namespace wsfault::cli
