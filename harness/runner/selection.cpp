// Reads and loads scenario and system files.
#include "runner/selection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "runner/unmatched.hpp"
#include "scenario/outline.hpp"

namespace wsfault::runner {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The case has one of them, or none is requested.
template <typename Fits>
bool is_any(const std::vector<std::string>& asked, Fits fits) {
  return asked.empty() || std::ranges::any_of(asked, fits);
}

bool is_wanted(const Selection& selection, const model::Scenario& scenario) {
  const auto tagged = [&](const std::string& tag) {
    return std::ranges::find(scenario.tags, tag) != scenario.tags.end();
  };
  const auto named = [&](const std::string& name) { return scenario.id.find(name) != std::string::npos; };
  const auto meant = [&](const std::string& id) { return scenario.id == id; };
  return is_any(selection.tags, tagged) && is_any(selection.names, named) && is_any(selection.cases, meant);
}

/// "@http" if several systems of the same role run the scenarios.
std::string suffix_of(const model::System& system, const std::vector<model::System>& systems) {
  const auto same = std::ranges::count(systems, system.role, &model::System::role);
  return same < 2 ? std::string() : fmt::format("@{}", model::to_string(system.kind));
}

/// Errors of --set: they are the same for every file.
void add_wrong_settings(const Diagnostics& diagnostics, std::set<std::string>& wrong) {
  for (const Diagnostic& error : diagnostics.errors()) {
    if (error.place.line == 0 && error.message.starts_with("--set ")) wrong.insert(error.message);
  }
}

void load_file(const Selection& selection, const model::System& system, const std::string& suffix,
               const std::string& file, const std::string& text, LoadedCases& loaded, Available& there,
               std::set<std::string>& wrong_settings) {
  Diagnostics diagnostics(file, text);
  const scenario::Setting setting{.system = system,
                                  .set = selection.set,
                                  .tls = selection.tls,
                                  .suffix = suffix,
                                  .upstream = selection.upstream,
                                  .upstream_ca = selection.upstream_ca};
  auto cases = scenario::load_scenario(scenario_id(file), setting, text, diagnostics);
  add_wrong_settings(diagnostics, wrong_settings);
  // An error in a file is the same for every system.
  if (const std::string errors = diagnostics.print(); loaded.errors.find(errors) == std::string::npos)
    loaded.errors += errors;
  for (scenario::LoadedCase& one : cases) {
    there.ids.insert(one.scenario.id);
    if (is_wanted(selection, one.scenario)) loaded.cases.push_back(std::move(one));
  }
}

/// A file that was named, not found in a folder, and that no system can run.
bool is_passed_over(const Selection& selection, const std::vector<model::System>& systems,
                    const std::string& file, const scenario::Outline& outline) {
  return outline.role && std::ranges::find(systems, *outline.role, &model::System::role) == systems.end() &&
         std::ranges::find(selection.paths, file) != selection.paths.end();
}

}  // namespace

Result<LoadedCases> load_cases(const Selection& selection, const std::vector<model::System>& systems) {
  auto files = find_scenarios(selection.paths, selection.shipped);
  if (!files) return Error{files.error()};
  LoadedCases loaded;
  Available there;
  std::set<std::string> wrong_settings;
  there.files = *files;
  for (const std::string& file : *files) {
    const auto text = read_file(file);
    if (!text) return Error{fmt::format("{}: cannot be read", file)};
    const scenario::Outline outline = scenario::outline(*text);
    if (outline.role) there.roles.insert(*outline.role);
    there.tags.insert(outline.tags.begin(), outline.tags.end());
    loaded.secrets.insert(loaded.secrets.end(), outline.secrets.begin(), outline.secrets.end());
    if (outline.role && selection.role && *outline.role != *selection.role) continue;
    if (is_passed_over(selection, systems, file, outline))
      loaded.warnings.push_back(
          fmt::format("{0} is a scenario of role {1}, and no system of this run is a {1}: it is not run",
                      file, to_string(*outline.role)));
    for (const model::System& system : systems) {
      // A file whose role is unknown is read once, for its errors.
      if (outline.role ? *outline.role != system.role : &system != &systems.front()) continue;
      there.taken = true;
      there.names.insert(outline.names.begin(), outline.names.end());
      load_file(selection, system, suffix_of(system, systems), file, *text, loaded, there, wrong_settings);
    }
  }
  if (!wrong_settings.empty()) return Error{fmt::format("{}", fmt::join(wrong_settings, "; "))};
  for (std::string& sentence : unknown_settings(selection.set, there.names, systems))
    loaded.warnings.push_back(std::move(sentence));
  if (loaded.errors.empty()) loaded.unmatched = unmatched(selection, systems, there);
  return loaded;
}

std::vector<std::string> shipped_systems(const std::string& scenarios) {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(scenarios + "/systems", error)) {
    if (fs::is_regular_file(entry.path() / "system.toml", error)) names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

Result<model::System> find_system(const std::string& name, const std::string& scenarios) {
  for (const std::string& path :
       {name, name + "/system.toml", scenarios + "/systems/" + name + "/system.toml"}) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) continue;
    const auto text = read_file(path);
    if (!text) return Error{fmt::format("{}: cannot be read", path)};
    Diagnostics diagnostics(path, *text);
    auto system = scenario::load_system(*text, fs::path(path).parent_path().string(), diagnostics);
    if (!system || !diagnostics.ok()) return Error{diagnostics.print()};
    system->file = path;
    return *system;
  }
  const std::vector<std::string> shipped = shipped_systems(scenarios);
  const std::string_view nearest = nearest_name(name, {shipped.begin(), shipped.end()});
  return Error{
      fmt::format("there is no system \"{}\"{}: give a system file, its folder, or a name of "
                  "`wsfault list systems`\n",
                  name, nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest))};
}

Result<model::System> find_shipped_system(const std::string& name, const std::string& scenarios) {
  const std::vector<std::string> names = shipped_systems(scenarios);
  if (std::ranges::find(names, name) == names.end()) {
    return Error{fmt::format("{}: wsfault ships no such system; {}", name,
                             suggest(name, std::vector<std::string_view>(names.begin(), names.end())))};
  }
  auto system = find_system(scenarios + "/systems/" + name, scenarios);
  if (system) system->name = name;
  return system;
}

}  // namespace wsfault::runner
