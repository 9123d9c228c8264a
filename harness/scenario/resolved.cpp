// A case as a tree: what a log's first record holds, enough to judge it again.
#include "scenario/resolved.hpp"

#include <fmt/format.h>

#include "scenario/case_reader.hpp"
#include "scenario/dialect.hpp"
#include "scenario/each.hpp"

namespace wsfault::scenario {
namespace {

/// Keys in the scenario's tree in addition to those of the file.
constexpr std::string_view added_keys[] = {"id", "file", "values", "skip"};

Value pairs_table(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Value table{Value::Table{}};
  for (const auto& [name, text] : pairs) table.set(name, Value(text));
  return table;
}

Value traits_table(const model::Traits& traits) {
  Value table{Value::Table{}};
  for (const auto& [name, value] : traits.values) table.set(name, value);
  return table;
}

Value dialect_table(const model::Dialect& dialect) {
  Value table{Value::Table{}};
  table.set("hides_status", Value(dialect.hides_status));
  table.set("follows_redirects", Value(dialect.follows_redirects));
  Value::Array codes;
  for (const int code : dialect.refuses_codes) codes.emplace_back(code);
  table.set("refuses_codes", Value(std::move(codes)));
  return table;
}

Value system_table(const model::System& system) {
  Value table{Value::Table{}};
  table.set("name", Value(system.name));
  table.set("role", Value(model::to_string(system.role)));
  table.set("kind", Value(model::to_string(system.kind)));
  table.set("report", Value(model::to_string(system.report)));
  Value patterns{Value::Table{}};
  for (const auto& [event, regex] : system.patterns) patterns.set(event, Value(regex.pattern()));
  if (!system.patterns.empty()) table.set("patterns", patterns);
  if (!system.path.empty()) table.set("path", Value(system.path));
  table.set("upstreams", Value(system.upstreams));
  table.set("share", Value(system.share));
  table.set("dialect", dialect_table(system.dialect));
  table.set("traits", traits_table(system.traits));
  Value remedies{Value::Table{}};
  for (const auto& [cause, sentence] : system.remedies) remedies.set(cause, Value(sentence));
  if (!system.remedies.empty()) table.set("remedies", remedies);
  return table;
}

std::map<std::string, Regex> read_patterns(const Value& value, Diagnostics& diagnostics) {
  std::map<std::string, Regex> patterns;
  if (!value.table()) return patterns;
  for (const Value::Member& each : *value.table()) {
    auto regex = Regex::compile(each.value.text() ? *each.value.text() : "");
    if (!regex) diagnostics.error(each.value.place, regex.error());
    if (regex) patterns.emplace(each.key, *std::move(regex));
  }
  return patterns;
}

model::System read_system(const Value& value, Diagnostics& diagnostics) {
  TableReader reader(value, diagnostics, "system");
  model::System system;
  system.name = reader.text("name").value_or("");
  system.role = model::parse_role(reader.text("role").value_or("")).value_or(system.role);
  system.kind = model::parse_kind(reader.text("kind").value_or("")).value_or(system.kind);
  system.report = model::parse_report_mode(reader.text("report").value_or("")).value_or(system.report);
  system.path = reader.text("path").value_or("");
  system.upstreams = static_cast<int>(reader.integer("upstreams", 0, 9).value_or(system.upstreams));
  system.share = reader.boolean("share").value_or(false);
  if (const Value* dialect = reader.raw("dialect")) system.dialect = read_dialect(*dialect, diagnostics);
  if (const Value* patterns = reader.raw("patterns")) system.patterns = read_patterns(*patterns, diagnostics);
  if (const Value* remedies = reader.raw("remedies"); remedies && remedies->table()) {
    for (const Value::Member& each : *remedies->table()) {
      if (each.value.text()) system.remedies.emplace(each.key, *each.value.text());
    }
  }
  const Value* traits = reader.raw("traits");
  if (!traits || !traits->table()) return system;
  for (const Value::Member& trait : *traits->table())
    system.traits.values.insert_or_assign(trait.key, trait.value);
  return system;
}

std::string text_of(const Value& table, std::string_view key) {
  const Value* value = table.find(key);
  return value && value->text() ? *value->text() : "";
}

}  // namespace

Value resolve(const Value& tree, const LoadedCase& loaded) {
  Value scenario = tree;
  scenario.set("id", Value(loaded.scenario.id));
  scenario.set("file", Value(loaded.scenario.file));
  scenario.set("values", pairs_table(loaded.scenario.values));
  if (!loaded.skip.empty()) scenario.set("skip", Value(loaded.skip));
  Value resolved{Value::Table{}};
  resolved.set("scenario", std::move(scenario));
  resolved.set("system", system_table(loaded.judged.system));
  return resolved;
}

Result<LoadedCase> read_resolved(const Value& resolved) {
  const Value* scenario = resolved.find("scenario");
  const Value* system = resolved.find("system");
  if (!scenario || !scenario->table() || !system || !system->table()) {
    return Error{"the first record holds no resolved scenario"};
  }
  Value tree = *scenario;
  for (const std::string_view key : added_keys) tree.erase(key);
  Diagnostics diagnostics(text_of(*scenario, "file"), "");
  LoadedCase loaded = read_case(tree, read_system(*system, diagnostics), diagnostics);
  if (!diagnostics.ok()) return Error{diagnostics.print()};
  // A run gives each repetition of a case its own name.
  loaded.scenario.id = resolved.find("id") ? text_of(resolved, "id") : text_of(*scenario, "id");
  loaded.skip = text_of(*scenario, "skip");
  if (const Value* values = scenario->find("values"); values && values->table()) {
    for (const Value::Member& value : *values->table()) {
      loaded.scenario.values.emplace_back(value.key, written(value.value));
    }
  }
  const Value* timeout_scale = resolved.find("timeout_scale");
  if (!timeout_scale) timeout_scale = resolved.find("patience");  // its name in older logs
  if (timeout_scale) {
    if (timeout_scale->real()) loaded.judged.timeout_scale = *timeout_scale->real();
    if (timeout_scale->integer())
      loaded.judged.timeout_scale = static_cast<double>(*timeout_scale->integer());
  }
  if (const Value* wait = resolved.find("wait"); wait && wait->text()) {
    if (const Result<Duration> duration = parse_duration(*wait->text())) loaded.judged.wait = *duration;
  }
  loaded.resolved = resolved;
  return loaded;
}

}  // namespace wsfault::scenario
