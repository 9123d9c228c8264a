// Start commands, environments and templates of a system, with their variables replaced.
#include "scenario/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "scenario/each.hpp"
#include "scenario/pieces.hpp"
#include "scenario/standard_traits.hpp"
#include "value/diagnostic.hpp"

namespace wsfault::scenario {
namespace {

namespace fs = std::filesystem;

std::string joined(const Value::Array& list) {
  std::string text;
  for (const Value& member : list) text += (text.empty() ? "" : ",") + written(member);
  return text;
}

}  // namespace

Result<std::string> render(std::string_view text, const std::map<std::string, std::string>& variables) {
  Result<Pieces> pieces = split_variables(text);
  if (!pieces) return Error{fmt::format("{} in \"{}\"", pieces.error(), text)};
  std::string rendered;
  for (const Piece& piece : *pieces) {
    if (!piece.variable) {
      rendered += piece.text;
    } else if (const auto found = variables.find(piece.text); found != variables.end()) {
      rendered += found->second;
    } else {
      std::vector<std::string_view> names;
      for (const auto& [name, value] : variables) names.push_back(name);
      return Error{fmt::format("unknown variable ${{{}}}: {}", piece.text, suggest(piece.text, names))};
    }
  }
  return rendered;
}

std::map<std::string, std::string> trait_variables(const model::Traits& traits) {
  std::map<std::string, std::string> variables;
  for (const std::string_view name : standard_trait_names()) variables.emplace(name, "none");
  for (const auto& [name, value] : traits.values) {
    if (value.table()) {
      for (const Value::Member& member : *value.table())
        variables[name + "." + member.key] = written(member.value);
      variables.erase(name);
    } else {
      variables[name] = value.array() ? joined(*value.array()) : written(value);
    }
  }
  return variables;
}

bool takes_addresses(const model::System& system) {
  const auto has_them = [](std::string_view text) {
    return text.find("${addresses}") != std::string_view::npos;
  };
  const auto in_pair = [&](const auto& pair) { return has_them(pair.second); };
  const auto in_file = [&](const auto& file) {
    std::ifstream stream(fs::path(system.folder) / file.second);
    return has_them(std::string(std::istreambuf_iterator<char>(stream), {}));
  };
  const auto started = system.commands.find("start");
  return std::ranges::any_of(system.start, has_them) || std::ranges::any_of(system.environment, in_pair) ||
         (started != system.commands.end() && std::ranges::any_of(started->second, has_them)) ||
         std::ranges::any_of(system.files, in_file);
}

std::map<std::string, std::string> system_variables(const model::System& system) {
  std::map<std::string, std::string> variables = trait_variables(system.traits);
  for (const std::string_view name : {"dir", "pid", "seed", "scheme", "ca_file"}) variables.emplace(name, "");
  if (system.role == model::Role::client) {
    for (const std::string_view name : {"url", "host", "port", "address", "addresses"})
      variables.emplace(name, "");
    return variables;
  }
  for (const std::string_view name : {"listen", "listen_host", "listen_port", "certificate_file", "key_file"})
    variables.emplace(name, "");
  if (system.role == model::Role::server) return variables;
  variables.emplace("upstream_scheme", "");
  for (int number = 1; number <= system.upstreams; ++number) {
    const std::string upstream = number == 1 ? "upstream" : "upstream" + std::to_string(number);
    for (const std::string_view part : {"", "_host", "_port"})
      variables.emplace(upstream + std::string(part), "");
  }
  return variables;
}

}  // namespace wsfault::scenario
