// The traits that a scenario may speak of though no system declares them, and what each takes.
#include "scenario/standard_traits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/system.hpp"
#include "value/reader.hpp"
#include "value/units.hpp"

namespace wsfault::scenario {
namespace {

enum class Takes { duration, count, size, backoff, codes, factor, jitter, protocol };

struct StandardTrait {
  std::string_view name;
  Takes takes;
};

constexpr StandardTrait standard_traits[] = {
    {"heartbeat", Takes::duration},
    {"heartbeat_timeout", Takes::duration},
    {"handshake_limit", Takes::duration},
    {"close_limit", Takes::duration},
    {"connect_limit", Takes::duration},
    {"response_limit", Takes::duration},
    {"idle_limit", Takes::duration},
    {"drain", Takes::duration},
    {"max_connections", Takes::count},
    {"max_message", Takes::size},
    {"write_limit", Takes::duration},
    {"backoff", Takes::backoff},
    {"final", Takes::codes},
    {"protocol", Takes::protocol},
    {"backoff.first", Takes::duration},
    {"backoff.factor", Takes::factor},
    {"backoff.max", Takes::duration},
    {"backoff.jitter", Takes::jitter},
};

const StandardTrait* find_trait(std::string_view name) {
  const auto* found = std::find_if(std::begin(standard_traits), std::end(standard_traits),
                                   [&](const StandardTrait& trait) { return trait.name == name; });
  return found == std::end(standard_traits) ? nullptr : found;
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
    for (const StandardTrait& trait : standard_traits) all.push_back(trait.name);
    return all;
  }();
  return names;
}

bool is_standard_trait(std::string_view name) { return find_trait(name) != nullptr; }

Value trait_placeholder(std::string_view name) {
  const StandardTrait* trait = find_trait(name);
  if (!trait) return Value("1s");
  switch (trait->takes) {
    case Takes::duration:
      return Value("1s");
    case Takes::count:
      return Value(1);
    case Takes::size:
      return Value("64KiB");
    case Takes::backoff:
      return Value(Value::Table{});
    case Takes::codes:
      return Value(Value::Array{Value(1008)});
    case Takes::factor:
      return Value(2.0);
    case Takes::jitter:
      return Value("full");
    case Takes::protocol:
      return Value("mqtt");
  }
  return Value();
}

void check_trait(std::string_view name, const Value& value, Diagnostics& diagnostics) {
  const StandardTrait* trait = find_trait(name);
  if (!trait || (value.text() && *value.text() == "none")) return;
  switch (trait->takes) {
    case Takes::duration:
      return check_duration(name, value, diagnostics);
    case Takes::count:
      if (!value.integer() || *value.integer() < 1) wrong(name, value, "a number from 1 up", diagnostics);
      return;
    case Takes::size:
      return check_size(name, value, diagnostics);
    case Takes::backoff:
      return check_backoff(value, diagnostics);
    case Takes::codes:
      return check_codes(name, value, diagnostics);
    case Takes::factor:
      if (!is_factor(value)) wrong(name, value, "a number from 1 to 100", diagnostics);
      return;
    case Takes::protocol:
      if (!value.text() || value.text()->empty())
        wrong(name, value, "a name such as \"graphql-transport-ws\"", diagnostics);
      return;
    case Takes::jitter:
      if (!is_jitter(value)) wrong(name, value, "\"full\" or \"equal\"", diagnostics);
      return;
  }
}

}  // namespace wsfault::scenario
