// From the text of a scenario file to its cases: [each], requirements, variables, the typed model.
#include "scenario/load.hpp"

#include <set>
#include <tuple>
#include <utility>

#include "scenario/case_reader.hpp"
#include "scenario/each.hpp"
#include "scenario/requirements.hpp"
#include "scenario/resolved.hpp"
#include "scenario/variables.hpp"
#include "value/toml.hpp"

namespace wsfault::scenario {
namespace {

/// A scenario file, and the setting in which its cases are resolved.
struct File {
  const std::string& id;
  const Value& tree;
  const model::System& system;
  const Setting& setting;
  model::Traits traits;  ///< of the system, --set applied
  std::vector<std::string> runtime;
  std::vector<std::pair<std::string, std::string>> secrets;
};

/// The tree without [each], with variables replaced and the current requirements of [system].
Substituted without_variables(const File& file, const Scope& scope, const Met& met,
                              Diagnostics& diagnostics) {
  Value tree = file.tree;
  tree.erase("each");
  tree.erase("system");
  Substituted result = substitute(tree, scope, diagnostics);
  if (const Value* requirements = file.tree.find("system"); requirements && requirements->table()) {
    Value table{Value::Table{}};
    table.place = requirements->place;
    for (const auto& [name, value] : met.requirements) table.set(name, value);
    result.tree.set("system", std::move(table));
  }
  return result;
}

Value masked_tree(const File& file, Scope scope, const Met& met) {
  scope.masked = true;
  Diagnostics ignored("", "");  // already reported, when it was read unmasked
  return without_variables(file, scope, met, ignored).tree;
}

LoadedCase load_case(const File& file, const EachValues& each, Diagnostics& variables,
                     Diagnostics& diagnostics) {
  const Met met =
      meet_requirements(file.tree.find("system"), file.system, file.traits, each, file.runtime, variables);
  const Scope scope{each, met.traits, model::called(file.system), file.runtime};
  const Substituted substituted = without_variables(file, scope, met, variables);
  model::System system = file.system;
  system.traits = met.traits;
  LoadedCase loaded = read_case(substituted.tree, system, diagnostics);
  loaded.scenario.id = file.id + case_suffix(each) + file.setting.suffix;
  for (const auto& [name, value] : each) loaded.scenario.values.emplace_back(name, written(value));
  if (!substituted.skip.empty()) loaded.skip = substituted.skip;
  if (!met.skip.empty()) loaded.skip = met.skip;
  loaded.secrets = file.secrets;
  loaded.resolved = resolve(file.secrets.empty() ? substituted.tree : masked_tree(file, scope, met), loaded);
  if (!file.setting.upstream.empty() && !loaded.scenario.upstreams.empty()) {  // a server has none
    loaded.scenario.upstreams.front().url = file.setting.upstream;
    loaded.scenario.upstreams.front().ca_file = file.setting.upstream_ca;
    loaded.resolved.set("upstream", Value(file.setting.upstream));
  }
  return loaded;
}

std::set<std::pair<int, int>> places_of(const std::vector<Diagnostic>& errors) {
  std::set<std::pair<int, int>> places;
  for (const Diagnostic& error : errors) places.emplace(error.place.line, error.place.column);
  return places;
}

/// Cases of one file often have the same error: it is reported once.
class Once {
 public:
  explicit Once(Diagnostics& all) : all_(all) {}

  void error(const Diagnostic& error) {
    if (known_.emplace(error.place.line, error.place.column, error.message).second)
      all_.error(error.place, error.message, error.hint);
  }

 private:
  Diagnostics& all_;
  std::set<std::tuple<int, int, std::string>> known_;
};

}  // namespace

std::vector<LoadedCase> load_scenario(const std::string& id, const Setting& setting, std::string_view text,
                                      Diagnostics& diagnostics) {
  std::optional<Value> tree = parse_toml(text, diagnostics);
  if (!tree) return {};
  if (setting.tls && tree->table() && !tree->find("tls")) tree->set("tls", Value(true));
  for (const auto& [key, text] : setting.defaults) {
    if (tree->table() && !tree->find(key)) tree->set(key, Value(text));
  }
  const Value* each = tree->find("each");
  const std::vector<EachValues> cases = expand_each(each, setting.set, diagnostics);
  const File file{id,
                  *tree,
                  setting.system,
                  setting,
                  with_set(setting.system.traits, setting.set, each, diagnostics),
                  runtime_names(*tree),
                  environment_secrets(*tree)};
  std::vector<LoadedCase> loaded;
  Once once(diagnostics);
  for (const EachValues& values : cases) {
    Diagnostics variables(diagnostics.file(), std::string(text));
    Diagnostics found(diagnostics.file(), std::string(text));
    loaded.push_back(load_case(file, values, variables, found));
    for (const Diagnostic& error : variables.errors()) once.error(error);
    const auto wrong_variables = places_of(variables.errors());
    for (const Diagnostic& error : found.errors()) {
      // A value with a wrong variable is wrong too: the variable is already reported.
      if (!wrong_variables.contains({error.place.line, error.place.column})) once.error(error);
    }
  }
  if (!diagnostics.ok()) return {};
  return loaded;
}

}  // namespace wsfault::scenario
