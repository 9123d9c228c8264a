// Finding, reading and loading of scenario and system files.
#include "runner/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

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

bool is_system_file(const fs::path& path) { return path.filename() == "system.toml"; }

bool is_of_packages(const fs::path& path) {
  return std::ranges::any_of(path, [](const fs::path& part) { return part == "node_modules"; });
}

bool is_scenario_file(const fs::path& path) {
  const bool is_of_systems =
      std::ranges::any_of(path, [](const fs::path& part) { return part == "systems"; });
  return path.extension() == ".toml" && !is_of_systems && !is_system_file(path) && !is_of_packages(path);
}

bool wanted(const Selection& selection, const model::Scenario& scenario) {
  const bool tagged =
      selection.tags.empty() || std::ranges::any_of(selection.tags, [&](const std::string& tag) {
        return std::ranges::find(scenario.tags, tag) != scenario.tags.end();
      });
  const bool named =
      selection.names.empty() || std::ranges::any_of(selection.names, [&](const std::string& name) {
        return scenario.id.find(name) != std::string::npos;
      });
  return tagged && named;
}

}  // namespace

std::string default_scenarios(const std::string& program) {
  const fs::path folder = fs::path(program).parent_path();
  // build/release/wsfault of a checkout, or bin/wsfault where it is installed
  for (const fs::path& place :
       {folder / ".." / ".." / "scenarios", folder / ".." / "share" / "wsfault" / "scenarios"}) {
    std::error_code ignored;
    if (!fs::is_directory(place, ignored)) continue;
    if (fs::equivalent(place, "scenarios", ignored)) return "scenarios";
    return fs::weakly_canonical(place, ignored).string();
  }
  return "scenarios";
}

namespace {

/// Files of one path; none: there is no such path.
std::optional<std::vector<std::string>> files_at(const std::string& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return std::vector{path};
  if (!fs::is_directory(path, error)) return std::nullopt;
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path, error)) {
    if (entry.is_regular_file() && is_scenario_file(entry.path().lexically_relative(path)))
      files.push_back(entry.path().string());
  }
  return files;
}

std::string nearest_id(const std::string& path, const std::string& shipped) {
  std::vector<std::string> ids;
  for (const std::string& file : files_at(shipped).value_or(std::vector<std::string>{}))
    ids.push_back(scenario_id(file));
  const std::vector<std::string_view> names(ids.begin(), ids.end());
  const std::string_view nearest = nearest_name(path, names);
  return nearest.empty() ? "`wsfault list scenarios` shows the shipped ones"
                         : fmt::format("did you mean \"{}\"?", nearest);
}

}  // namespace

Result<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths,
                                                const std::string& shipped) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (is_system_file(path))
      return Error{fmt::format("{} is a system file, no scenario: --system {}", path, path)};
    auto found = files_at(path);
    if (!found) found = files_at(shipped + "/" + path);
    if (!found) found = files_at(shipped + "/" + path + ".toml");
    if (!found) {
      return Error{fmt::format("{}: there is no such file, folder or shipped scenario; {}", path,
                               nearest_id(path, shipped))};
    }
    if (found->empty()) return Error{fmt::format("{}: there is no scenario (*.toml) in this folder", path)};
    files.insert(files.end(), found->begin(), found->end());
  }
  std::ranges::sort(files);
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

std::vector<std::string> find_system_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const fs::path path : paths) {
    std::error_code error;
    if (fs::is_regular_file(path, error) && is_system_file(path)) files.push_back(path.string());
    if (!fs::is_directory(path, error)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path, error)) {
      if (entry.is_regular_file() && is_system_file(entry.path()) &&
          !is_of_packages(entry.path().lexically_relative(path)))
        files.push_back(entry.path().string());
    }
  }
  std::ranges::sort(files);
  return files;
}

std::string scenario_id(const std::string& file) {
  const fs::path path = fs::path(file).lexically_normal().replace_extension();
  fs::path below;
  bool inside = false;
  for (const fs::path& part : path) {
    if (inside) below /= part;
    if (part == "scenarios") {
      inside = true;
      below.clear();
    }
  }
  return below.empty() ? path.filename().string() : below.generic_string();
}

namespace {

/// "@http" where several systems of the same role are held against the scenarios.
std::string suffix_of(const model::System& system, const std::vector<model::System>& systems) {
  const auto same = std::ranges::count(systems, system.role, &model::System::role);
  return same < 2 ? std::string() : fmt::format("@{}", model::to_string(system.kind));
}

void load_file(const Selection& selection, const model::System& system, const std::string& suffix,
               const std::string& file, const std::string& text, LoadedCases& loaded) {
  Diagnostics diagnostics(file, text);
  const scenario::Setting setting{
      .system = system, .set = selection.set, .tls = selection.tls, .suffix = suffix};
  auto cases = scenario::load_scenario(scenario_id(file), setting, text, diagnostics);
  // What is wrong with a file is wrong for every system alike.
  if (const std::string errors = diagnostics.print(); loaded.errors.find(errors) == std::string::npos)
    loaded.errors += errors;
  for (scenario::LoadedCase& one : cases) {
    if (wanted(selection, one.scenario)) loaded.cases.push_back(std::move(one));
  }
}

}  // namespace

Result<LoadedCases> load_cases(const Selection& selection, const std::vector<model::System>& systems) {
  auto files = find_scenarios(selection.paths, selection.shipped);
  if (!files) return Error{files.error()};
  LoadedCases loaded;
  for (const std::string& file : *files) {
    const auto text = read_file(file);
    if (!text) return Error{fmt::format("{}: cannot be read", file)};
    const auto role = scenario::peek_role(*text);
    if (role && selection.role && *role != *selection.role) continue;
    for (const model::System& system : systems) {
      // A file whose role cannot be told is read once, for its errors.
      if (role ? *role != system.role : &system != &systems.front()) continue;
      load_file(selection, system, suffix_of(system, systems), file, *text, loaded);
    }
  }
  return loaded;
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
    return *system;
  }
  return Error{
      fmt::format("there is no system \"{}\": give a system file, its folder, or a name of "
                  "`wsfault list systems`\n",
                  name)};
}

}  // namespace wsfault::runner
