// Suggests the nearest name, or lists all.
#include "runner/unmatched.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "runner/selection.hpp"
#include "scenario/standard_traits.hpp"
#include "value/diagnostic.hpp"

namespace wsfault::runner {
namespace {

constexpr std::size_t most_listed = 30;

/// "did you mean …?", or a list of all.
std::string what_there_is(const std::string& asked, const std::set<std::string>& there) {
  if (there.empty()) return "there is none";
  const std::vector<std::string_view> names(there.begin(), there.end());
  if (names.size() <= most_listed) return suggest(asked, names);
  const std::string_view nearest = nearest_name(asked, names);
  return nearest.empty() ? "`wsfault check -v` lists them" : fmt::format("did you mean \"{}\"?", nearest);
}

std::string wrong_role(const Selection& selection, const std::vector<model::System>& systems,
                       const Available& there) {
  std::vector<std::string_view> roles;
  for (const model::Role role : there.roles) roles.push_back(to_string(role));
  std::string sentence =
      there.files.size() == 1
          ? fmt::format("{} is a scenario of role {}", there.files.front(), fmt::join(roles, ", "))
          : fmt::format("these scenarios are of role {}", fmt::join(roles, " and "));
  if (selection.role) sentence += fmt::format(", --role asks for {}", to_string(*selection.role));
  if (systems.size() == 1)
    sentence +=
        fmt::format(", and the system \"{}\" is a {}", systems.front().name, to_string(systems.front().role));
  return sentence;
}

}  // namespace

std::string unmatched(const Selection& selection, const std::vector<model::System>& systems,
                      const Available& there) {
  if (!there.taken && !there.roles.empty()) return wrong_role(selection, systems, there);
  for (const std::string& tag : selection.tags) {
    if (!there.tags.contains(tag))
      return fmt::format("--tag {}: no scenario here has that tag; {}", tag, what_there_is(tag, there.tags));
  }
  for (const std::string& name : selection.names) {
    const bool is_part = std::ranges::any_of(
        there.ids, [&](const std::string& id) { return id.find(name) != std::string::npos; });
    if (!is_part)
      return fmt::format("--name {}: no case here has that in its id; {}", name,
                         what_there_is(name, there.ids));
  }
  for (const std::string& id : selection.cases) {
    if (!there.ids.contains(id))
      return fmt::format("--case {}: there is no such case here; {}", id, what_there_is(id, there.ids));
  }
  return {};
}

std::vector<std::string> unknown_settings(const std::map<std::string, std::string>& set,
                                          const std::set<std::string>& names,
                                          const std::vector<model::System>& systems) {
  std::set<std::string> known = names;
  const auto& standard = scenario::standard_trait_names();
  known.insert(standard.begin(), standard.end());
  for (const model::System& system : systems) {
    known.insert(system.settable.begin(), system.settable.end());
    for (const auto& [name, value] : system.traits.values) {
      known.insert(name);
      for (const Value::Member& member : value.table() ? *value.table() : Value::Table())
        known.insert(name + "." + member.key);
    }
  }
  std::vector<std::string> sentences;
  for (const auto& [name, value] : set) {
    if (known.contains(name)) continue;
    const std::vector<std::string_view> candidates(known.begin(), known.end());
    const std::string_view nearest = nearest_name(name, candidates);
    sentences.push_back(fmt::format("--set {}={}: neither a selected scenario nor a trait is called that{}",
                                    name, value,
                                    nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
  }
  return sentences;
}

}  // namespace wsfault::runner
