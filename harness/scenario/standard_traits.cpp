// The traits that a scenario may use even if no system declares them, and the type of each.
#include "scenario/standard_traits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/system.hpp"
#include "value/reader.hpp"
#include "value/units.hpp"

namespace wsfault::scenario {

const std::vector<StandardTrait>& standard_traits() {
  static const std::vector<StandardTrait> all = {
      {"heartbeat", TraitType::duration},
      {"heartbeat_timeout", TraitType::duration},
      {"handshake_limit", TraitType::duration},
      {"close_limit", TraitType::duration},
      {"connect_limit", TraitType::duration},
      {"response_limit", TraitType::duration},
      {"idle_limit", TraitType::duration},
      {"drain", TraitType::duration},
      {"max_connections", TraitType::count},
      {"max_message", TraitType::size},
      {"write_limit", TraitType::duration},
      {"backoff", TraitType::backoff},
      {"final", TraitType::codes},
      {"protocol", TraitType::protocol},
      {"backoff.first", TraitType::duration},
      {"backoff.factor", TraitType::factor},
      {"backoff.max", TraitType::duration},
      {"backoff.jitter", TraitType::jitter},
  };
  return all;
}

namespace {

const StandardTrait* find_trait(std::string_view name) {
  const auto& all = standard_traits();
  const auto found = std::ranges::find(all, name, &StandardTrait::name);
  return found == all.end() ? nullptr : &*found;
}

void wrong(std::string_view name, const Value& value, std::string_view takes, Diagnostics& diagnostics) {
  const std::string found = value.text()                     ? fmt::format("\"{}\"", *value.text())
                            : value.table() || value.array() ? std::string(value.type_name())
                                                             : to_json(value);
  diagnostics.error(value.place,
                    fmt::format("the trait `{}` is {}, or \"none\"; found {}", name, takes, found));
}

void check_duration(std::string_view name, const Value& value, Diagnostics& diagnostics) {
  if (!value.text()) return wrong(name, value, "a duration such as \"250ms\"", diagnostics);
  if (const Result<Duration> duration = parse_duration(*value.text()); !duration) {
    diagnostics.error(value.place, fmt::format("`{}` = \"{}\": {}", name, *value.text(), duration.error()));
  }
}

void check_size(std::string_view name, const Value& value, Diagnostics& diagnostics) {
  if (value.integer() && *value.integer() >= 0) return;
  if (value.text() && parse_size(*value.text())) return;
  wrong(name, value, "a size such as \"64KiB\"", diagnostics);
}

bool is_factor(const Value& value) {
  const double factor = value.real() ? *value.real() : value.integer() ? double(*value.integer()) : 0;
  return factor >= 1 && factor <= 100;
}

bool is_jitter(const Value& value) {
  return value.text() && (*value.text() == "full" || *value.text() == "equal");
}

void check_backoff(const Value& value, Diagnostics& diagnostics) {
  TableReader reader(value, diagnostics, "`backoff`");
  for (const std::string_view key : {"first", "factor", "max", "jitter"}) {
    if (const Value* member = reader.raw(key))
      check_trait("backoff." + std::string(key), *member, diagnostics);
  }
  reader.finish();
}

void check_codes(std::string_view name, const Value& value, Diagnostics& diagnostics) {
  if (!value.array()) return wrong(name, value, "a list such as [1008, \"4400-4499\", 401]", diagnostics);
  for (const Value& member : *value.array()) {
    if (model::read_code_range(member)) continue;
    diagnostics.error(
        member.place,
        fmt::format("`{}` lists codes from 0 to 65535, and ranges such as \"4400-4499\"", name));
  }
}

}  // namespace

const std::vector<std::string_view>& standard_trait_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const StandardTrait& trait : standard_traits()) all.push_back(trait.name);
    return all;
  }();
  return names;
}

bool is_standard_trait(std::string_view name) { return find_trait(name) != nullptr; }

Value trait_placeholder(std::string_view name) {
  const StandardTrait* trait = find_trait(name);
  if (!trait) return Value("1s");
  switch (trait->type) {
    case TraitType::duration:
      return Value("1s");
    case TraitType::count:
      return Value(1);
    case TraitType::size:
      return Value("64KiB");
    case TraitType::backoff:
      return Value(Value::Table{});
    case TraitType::codes:
      return Value(Value::Array{Value(1008)});
    case TraitType::factor:
      return Value(2.0);
    case TraitType::jitter:
      return Value("full");
    case TraitType::protocol:
      return Value("mqtt");
  }
  return Value();
}

void check_trait(std::string_view name, const Value& value, Diagnostics& diagnostics) {
  const StandardTrait* trait = find_trait(name);
  if (!trait || (value.text() && *value.text() == "none")) return;
  switch (trait->type) {
    case TraitType::duration:
      return check_duration(name, value, diagnostics);
    case TraitType::count:
      if (!value.integer() || *value.integer() < 1) wrong(name, value, "a number from 1 up", diagnostics);
      return;
    case TraitType::size:
      return check_size(name, value, diagnostics);
    case TraitType::backoff:
      return check_backoff(value, diagnostics);
    case TraitType::codes:
      return check_codes(name, value, diagnostics);
    case TraitType::factor:
      if (!is_factor(value)) wrong(name, value, "a number from 1 to 100", diagnostics);
      return;
    case TraitType::protocol:
      if (!value.text() || value.text()->empty())
        wrong(name, value, "a name such as \"graphql-transport-ws\"", diagnostics);
      return;
    case TraitType::jitter:
      if (!is_jitter(value)) wrong(name, value, "\"full\" or \"equal\"", diagnostics);
      return;
  }
}

}  // namespace wsfault::scenario
