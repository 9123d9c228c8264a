// Traits of a case: the system's own, those set by --set, and the requirements of the scenario's [system]
// table.
#include "scenario/requirements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/trim.hpp>
#include <optional>

#include "scenario/standard_traits.hpp"
#include "value/toml.hpp"
#include "value/units.hpp"

namespace wsfault::scenario {
namespace {

/// "1008,4400-4499" becomes a list.
Value read_list(const std::string& text) {
  Value::Array list;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    list.push_back(read_scalar(boost::algorithm::trim_copy(text.substr(begin, end - begin))));
    begin = end + 1;
  }
  return Value(std::move(list));
}

/// A list or a table as TOML writes it; none: it is neither.
std::optional<Value> read_composed(const std::string& text) {
  if (!text.starts_with('[') && !text.starts_with('{')) return std::nullopt;
  Diagnostics own("", text);
  const std::optional<Value> tree = parse_toml("value = " + text, own);
  const Value* value = tree && tree->table() ? tree->find("value") : nullptr;
  return value ? std::optional(*value) : std::nullopt;
}

/// The value of a trait as the command line has it.
Value read_trait(const std::string& name, const std::string& text) {
  if (auto composed = read_composed(text)) return *std::move(composed);
  return name == "final" && text != "none" ? read_list(text) : read_scalar(text);
}

/// "backoff.max" is set inside a table.
void set_trait(model::Traits& traits, const std::string& name, Value value) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) {
    traits.values.insert_or_assign(name, std::move(value));
    return;
  }
  Value& table = traits.values[name.substr(0, dot)];
  if (!table.table()) table = Value(Value::Table{});
  table.set(name.substr(dot + 1), std::move(value));
}

bool is_same(const Value& has, const Value& required) {
  if (has.text() && required.text()) {
    const Result<Duration> left = parse_duration(*has.text());
    const Result<Duration> right = parse_duration(*required.text());
    if (left && right) return *left == *right;
  }
  const auto number = [](const Value& value) {
    return value.integer() ? static_cast<double>(*value.integer()) : value.real() ? *value.real() : -1.0;
  };
  return has == required || (number(has) >= 0 && number(has) == number(required));
}

/// One requirement, or one member of a table of requirements ("backoff.max").
struct Requirement {
  std::string name;
  Value value;
};

std::vector<Requirement> single_requirements(const std::string& name, const Value& value) {
  if (!value.table()) return {{name, value}};
  std::vector<Requirement> requirements;
  for (const Value::Member& member : *value.table())
    requirements.push_back({name + "." + member.key, member.value});
  return requirements;
}

bool may_set(const model::System& system, const std::string& name) {
  const auto settable = [&](std::string_view wanted) {
    return std::ranges::find(system.settable, wanted) != system.settable.end();
  };
  return settable(name) || settable(std::string_view(name).substr(0, name.find('.')));
}

/// Why it cannot grant the requirement; empty: it can.
std::string refusal(const Requirement& requirement, const model::System& system,
                    const model::Traits& traits) {
  const Value* has = traits.find(requirement.name);
  const std::optional<Value> implied = implied_trait(requirement.name);
  if (!has && implied) has = &*implied;
  if (may_set(system, requirement.name) || (has && is_same(*has, requirement.value))) return {};
  const std::string state =
      has ? fmt::format("has {} = {}", requirement.name, written(*has)) : "declares none";
  return fmt::format("requires {} = {}: {} {} and cannot set it", requirement.name,
                     written(requirement.value), model::called(system), state);
}

/// The name of a protocol; empty: none, plain WebSocket.
std::string protocol_name(const Value* value) {
  return value && value->text() && *value->text() != "none" ? *value->text() : std::string();
}

/// A script for one protocol is useless for a system that speaks another. Empty: they speak the same.
std::string other_protocol(const Value* required, const model::System& system, const model::Traits& traits) {
  const std::string spoken = protocol_name(traits.find("protocol"));
  const std::string wanted = protocol_name(required);
  if (wanted == spoken || (!wanted.empty() && may_set(system, "protocol"))) return {};
  if (spoken.empty()) return "for systems that speak a protocol on top of WebSocket (docs/protocols.md)";
  if (wanted.empty()) {
    return fmt::format("it speaks no protocol on top of WebSocket, {} speaks {}", model::called(system),
                       spoken);
  }
  return fmt::format("it speaks {}, {} speaks {}", wanted, model::called(system), spoken);
}

}  // namespace

bool is_of_its_protocol(const model::Scenario& scenario, const model::System& system) {
  const auto requirement =
      std::ranges::find(scenario.requirements, "protocol", &std::pair<std::string, Value>::first);
  return other_protocol(requirement == scenario.requirements.end() ? nullptr : &requirement->second, system,
                        system.traits)
      .empty();
}

std::string wrong_setting(const std::string& name, const std::string& text) {
  Diagnostics own("--set " + name, text);
  check_trait(name, read_trait(name, text), own);
  if (own.ok()) return {};
  return fmt::format("--set {}={}: {}; write {}", name, text, own.errors().front().message, how_to_set(name));
}

model::Traits with_set(model::Traits traits, const std::map<std::string, std::string>& set, const Value* each,
                       Diagnostics& diagnostics) {
  for (const auto& [name, text] : set) {
    if (sets_each(each, name)) continue;
    if (std::string wrong = wrong_setting(name, text); !wrong.empty())
      diagnostics.error({}, std::move(wrong));
    set_trait(traits, name, read_trait(name, text));
  }
  return traits;
}

Met meet_requirements(const Value* requirements, const model::System& system, model::Traits traits,
                      const EachValues& each, const std::vector<std::string>& runtime,
                      Diagnostics& diagnostics) {
  Met met{std::move(traits), {}, {}};
  if (!requirements) {
    met.skip = other_protocol(nullptr, system, met.traits);
    return met;
  }
  if (!requirements->table()) {
    diagnostics.error(requirements->place,
                      fmt::format("`system` is a table of traits, found {}", requirements->type_name()),
                      "[system] and below it heartbeat = \"300ms\"");
    return met;
  }
  const model::Traits own = met.traits;
  if (!requirements->find("protocol")) met.skip = other_protocol(nullptr, system, own);
  for (const Value::Member& member : *requirements->table()) {
    const Substituted found = substitute(
        Value(Value::Table{member}), Scope{each, met.traits, model::called(system), runtime}, diagnostics);
    const Value& value = *found.tree.find(member.key);
    check_trait(member.key, value, diagnostics);
    if (met.skip.empty()) met.skip = found.skip;
    if (member.key == "protocol") {
      if (const std::string other = other_protocol(&value, system, own); !other.empty()) met.skip = other;
    }
    for (const Requirement& requirement : single_requirements(member.key, value)) {
      if (met.skip.empty()) met.skip = refusal(requirement, system, own);
      set_trait(met.traits, requirement.name, requirement.value);
    }
    met.requirements.emplace_back(member.key, value);
  }
  return met;
}

}  // namespace wsfault::scenario
