// Walks folders without following links to folders: none is visited twice or without end.
#include "runner/scenario_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <system_error>

#include "scenario/outline.hpp"
#include "value/diagnostic.hpp"

namespace wsfault::runner {
namespace {

namespace fs = std::filesystem;

bool has_system_name(const fs::path& path) { return path.filename() == "system.toml"; }

bool is_system_file(const fs::path& path) {
  if (has_system_name(path)) return true;
  std::ifstream in(path, std::ios::binary);
  return scenario::outline(std::string(std::istreambuf_iterator<char>(in), {})).is_system;
}

bool has_part(const fs::path& path, std::string_view name) {
  return std::ranges::any_of(path, [&](const fs::path& part) { return part == name; });
}

/// By its path relative to the given folder.
bool may_be_scenario(const fs::path& below) {
  return below.extension() == ".toml" && !has_part(below, "systems") && !has_part(below, "node_modules");
}

bool may_be_system(const fs::path& below) {
  return below.extension() == ".toml" && !has_part(below, "node_modules");
}

std::string cannot_read(const fs::path& path, const std::error_code& error) {
  return fmt::format("{}: {}", path.string(), error.message());
}

/// Regular files below a folder with a wanted relative path. An error: a folder cannot be read, or a wanted
/// file is a dangling or circular link.
Result<std::vector<std::string>> files_below(const fs::path& folder,
                                             const std::function<bool(const fs::path&)>& wanted) {
  std::vector<std::string> files;
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, error);
  if (error) return Error{cannot_read(folder, error)};
  fs::path last = folder;
  for (; walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    if (error) return Error{cannot_read(last, error)};
    last = walk->path();
    // Names of editors' temporary files, and of hidden files, begin with a dot.
    if (!wanted(last.lexically_relative(folder)) || last.filename().string().starts_with('.')) continue;
    std::error_code wrong;
    const fs::file_status status = fs::status(last, wrong);
    if (status.type() == fs::file_type::regular) {
      files.push_back(last.string());
    } else if (status.type() == fs::file_type::not_found) {
      return Error{last.string() + ": is a link to a file that is not there"};
    } else if (wrong) {
      return Error{cannot_read(last, wrong)};
    }
  }
  if (error) return Error{cannot_read(last, error)};
  return files;
}

/// The files of one path; none if the path does not exist.
std::optional<Result<std::vector<std::string>>> files_at(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return std::nullopt;
  if (status.type() == fs::file_type::regular) return std::vector{path};
  if (status.type() == fs::file_type::none)
    return Result<std::vector<std::string>>(Error{cannot_read(path, error)});
  if (status.type() != fs::file_type::directory)
    return Result<std::vector<std::string>>(Error{path + ": is neither a file nor a folder"});
  auto found = files_below(path, may_be_scenario);
  if (found) std::erase_if(*found, is_system_file);
  return found;
}

std::string nearest_id(const std::string& path, const std::string& shipped) {
  std::vector<std::string> ids;
  const auto files = files_at(shipped);
  for (const std::string& file : files&&* files ? **files : std::vector<std::string>{})
    ids.push_back(scenario_id(file));
  const std::vector<std::string_view> names(ids.begin(), ids.end());
  const std::string_view nearest = nearest_name(path, names);
  return nearest.empty() ? "`wsfault list scenarios` shows the shipped ones"
                         : fmt::format("did you mean \"{}\"?", nearest);
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

Result<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths,
                                                const std::string& shipped) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (has_system_name(path) || (fs::is_regular_file(path, ignored) && is_system_file(path)))
      return Error{fmt::format("{} is a system file, no scenario: --system {}", path, path)};
    auto found = files_at(path);
    if (!found) found = files_at(shipped + "/" + path);
    if (!found) found = files_at(shipped + "/" + path + ".toml");
    if (!found) {
      return Error{fmt::format("{}: there is no such file, folder or shipped scenario; {}", path,
                               nearest_id(path, shipped))};
    }
    if (!*found) return Error{found->error()};
    if ((*found)->empty())
      return Error{fmt::format("{}: there is no scenario (*.toml) in this folder", path)};
    files.insert(files.end(), (*found)->begin(), (*found)->end());
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
    // Unreadable paths are reported where scenarios are searched.
    auto found = files_below(path, may_be_system);
    for (const std::string& file : found ? *found : std::vector<std::string>{}) {
      if (is_system_file(file)) files.push_back(file);
    }
  }
  std::ranges::sort(files);
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

bool has_only_systems(const std::string& path) {
  if (find_system_files({path}).empty()) return false;
  std::error_code ignored;
  if (fs::is_regular_file(path, ignored)) return true;
  const auto scenarios = files_at(path);
  return scenarios && *scenarios && (*scenarios)->empty();
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

}  // namespace wsfault::runner
