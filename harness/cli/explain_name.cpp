#include "cli/explain_name.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "fault/catalogue.hpp"
#include "fault/moment_kinds.hpp"
#include "report/catalogue_entry.hpp"
#include "report/schema.hpp"
#include "scenario/standard_traits.hpp"
#include "value/diagnostic.hpp"
#include "value/value.hpp"
#include "verdict/expect/kind.hpp"
#include "wire/field.hpp"

namespace wsfault::cli {
namespace {

/// A key of a table, as the schemas of the files describe it.
struct Key {
  std::string name;
  std::string_view table;
  std::string meaning;
};

const Value* member(const Value* value, std::string_view name) { return value ? value->find(name) : nullptr; }

void add_keys(const Value* schema, std::string_view table, std::vector<Key>& keys) {
  const Value* properties = member(schema, "properties");
  if (!properties || !properties->table()) return;
  for (const Value::Member& each : *properties->table()) {
    const Value* meaning = each.value.find("description");
    if (meaning && meaning->text()) keys.push_back({each.key, table, *meaning->text()});
  }
}

/// The table that stands under a key of a scenario, alone or in a list.
const Value* table_under(const Value& scenario, std::string_view key) {
  const Value* schema = member(member(&scenario, "properties"), key);
  if (const Value* items = member(schema, "items")) return items;
  const Value* ways = member(schema, "anyOf");
  return ways && ways->array() && !ways->array()->empty() ? &ways->array()->front() : schema;
}

std::vector<Key> all_keys() {
  const Value scenario = parse_json(report::print_scenario_schema());
  const Value system = parse_json(report::print_system_schema());
  const Value* parts = scenario.find("definitions");
  std::vector<Key> keys;
  add_keys(&scenario, "a scenario", keys);
  add_keys(member(parts, "fault"), "[[fault]]", keys);
  add_keys(member(parts, "expectation"), "[[expect]]", keys);
  add_keys(member(member(parts, "step"), "else"), "a step in a script", keys);
  for (const auto& [name, table] : {std::pair("upstream", "[upstream]"), std::pair("client", "[[client]]")})
    add_keys(table_under(scenario, name), table, keys);
  add_keys(&system, "a system file", keys);
  return keys;
}

const verdict::ExpectationKind* find_expectation(std::string_view name) {
  const auto& kinds = verdict::expectation_kinds();
  const auto found = std::ranges::find(kinds, name, &verdict::ExpectationKind::key);
  return found == kinds.end() ? nullptr : &*found;
}

/// A part of a trait is told with the whole.
std::string trait_text(std::string_view name) {
  const std::string_view whole = scenario::is_standard_trait(name) ? name.substr(0, name.find('.')) : name;
  const auto& traits = scenario::standard_traits();
  const auto found = std::ranges::find(traits, whole, &scenario::StandardTrait::name);
  return found == traits.end() ? std::string() : report::print_trait(found->name, found->meaning);
}

class Explanation {
 public:
  void add(const std::string& text) {
    if (!text_.empty() && !text.empty()) text_ += '\n';
    text_ += text;
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

std::string explain_name(std::string_view asked) {
  std::string name = wire::lowered(std::string(asked));
  std::ranges::replace(name, '-', '_');
  Explanation all;
  if (const fault::Entry* entry = fault::find_entry(name)) all.add(report::print_fault(*entry));
  const verdict::ExpectationKind* kind = find_expectation(name);
  if (kind) all.add(report::print_expectation(*kind));
  all.add(report::print_moment(name));
  all.add(trait_text(name));
  for (const Key& key : all_keys()) {
    if (key.name == name && !(kind && key.table == "[[expect]]"))
      all.add(report::print_key(name, key.table, key.meaning));
  }
  return std::move(all).text();
}

std::string near_name(std::string_view found) {
  std::vector<std::string_view> names = scenario::standard_trait_names();
  for (const fault::Entry& entry : fault::catalogue()) names.push_back(entry.name);
  for (const verdict::ExpectationKind& kind : verdict::expectation_kinds()) names.push_back(kind.key);
  for (const fault::MomentKind& kind : fault::moment_kinds()) names.push_back(kind.name);
  const std::vector<Key> keys = all_keys();
  for (const Key& key : keys) names.push_back(key.name);
  return std::string(nearest_name(found, names));
}

}  // namespace wsfault::cli
