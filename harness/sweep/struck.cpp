#include "sweep/struck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "value/words.hpp"

namespace wsfault::sweep {
namespace {

using fault::FaultSpec;
using fault::Moment;

/// As a scenario has it.
Value when_value(const Moment& moment) {
  Moment text = moment;
  text.from.reset();
  text.of.reset();
  text.at.reset();
  text.connection.reset();
  Value when{Value::Table{}};
  when.set("moment", Value(fault::to_string(text)));
  if (moment.from) when.set("from", Value(wire::to_string(*moment.from)));
  if (moment.of) when.set("of", Value(*moment.of));
  if (moment.at) when.set("at", Value(*moment.at));
  if (moment.connection) when.set("connection", Value(*moment.connection));
  return when;
}

/// The tables of [[fault]] in the resolved scenario; null: there is none.
Value::Array* fault_tables(scenario::LoadedCase& loaded) {
  Value* scenario = loaded.resolved.find("scenario");
  Value* faults = scenario ? scenario->find("fault") : nullptr;
  return faults ? faults->array() : nullptr;
}

Result<std::size_t> choose_fault(const scenario::LoadedCase& loaded, const std::string& name) {
  const auto* tree = loaded.resolved.find("scenario");
  const auto* tables = tree ? tree->find("fault") : nullptr;
  const std::size_t stated = tables && tables->array() ? tables->array()->size() : 0;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(stated, loaded.judged.faults.size()); ++i)
    names.push_back(loaded.judged.faults[i].name);
  if (names.empty()) return Error{loaded.scenario.id + ": it has no [[fault]] that could strike elsewhere"};
  if (name.empty() && names.size() == 1) return std::size_t{0};
  if (name.empty()) {
    return Error{fmt::format("{} has {} faults: choose with --fault {}", loaded.scenario.id, names.size(),
                             listed(names, "or"))};
  }
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  return Error{fmt::format("--fault {}: {} has no such fault; {}", name, loaded.scenario.id,
                           suggest(name, {names.begin(), names.end()}))};
}

}  // namespace

Result<std::size_t> find_fault(const scenario::LoadedCase& loaded, const std::string& name) {
  auto chosen = choose_fault(loaded, name);
  if (!chosen) return chosen;
  const FaultSpec& spec = loaded.judged.faults[*chosen];
  if (!spec.needs_the_start()) return chosen;
  return Error{
      fmt::format("{}: `{}` works from the start on, and strikes when a flow has been silent: it has no "
                  "point to be swept; allowed is "
                  "a fault that strikes at its `when`",
                  loaded.scenario.id, spec.name)};
}

std::string link_of(const scenario::LoadedCase& loaded, std::size_t fault) {
  const FaultSpec& spec = loaded.judged.faults[fault];
  if (spec.when.at) return *spec.when.at;
  if (!spec.on_party) return spec.at;
  return loaded.scenario.role == model::Role::gateway ? "back" : "link";
}

int connection_of(const scenario::LoadedCase& loaded, std::size_t fault) {
  const FaultSpec& spec = loaded.judged.faults[fault];
  return spec.when.connection.value_or(spec.connections.first);
}

scenario::LoadedCase at_moment(const scenario::LoadedCase& loaded, std::size_t fault, Moment moment) {
  scenario::LoadedCase struck = loaded;
  const Moment& stated = loaded.judged.faults[fault].when;
  moment.of = stated.of;
  moment.at = stated.at;
  moment.connection = stated.connection;
  if (!moment.at && loaded.scenario.role == model::Role::gateway && fault::is_on_wire(moment.kind))
    moment.at = link_of(loaded, fault);
  if (Value::Array* tables = fault_tables(struck); tables && fault < tables->size())
    (*tables)[fault].set("when", when_value(moment));
  struck.scenario.faults[fault].when = moment;
  struck.judged.faults[fault].when = std::move(moment);
  return struck;
}

std::string why_not_shared(const scenario::LoadedCase& loaded, std::size_t fault) {
  const FaultSpec& spec = loaded.judged.faults[fault];
  const auto has_sessions = [](const model::Upstream& upstream) { return !upstream.sessions.empty(); };
  if (loaded.scenario.role != model::Role::client) return "only a client comes back";
  if (loaded.judged.faults.size() > 1) return "the scenario has several faults";
  if (!spec.strikes_connections || spec.connections.first != 1 || spec.connections.last != 1 ||
      spec.when.connection)
    return "the fault does not strike connection 1 alone";
  if (!loaded.judged.expectations.empty()) return "the scenario has expectations of its own";
  if (std::ranges::any_of(loaded.scenario.upstreams, has_sessions))
    return "its connections have scripts of their own";
  return {};
}

scenario::LoadedCase at_moments(const scenario::LoadedCase& loaded, const std::vector<Moment>& moments) {
  /// Also for the delays between the connections.
  constexpr Duration for_each = std::chrono::seconds(2);
  scenario::LoadedCase struck = loaded;
  struck.scenario.deadline =
      scenario::effective_deadline(loaded) + for_each * static_cast<std::int64_t>(moments.size());
  std::vector<FaultSpec> faults;
  Value::Array tables;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const scenario::LoadedCase one = at_moment(loaded, 0, moments[i]);
    const auto number = static_cast<int>(i + 1);
    FaultSpec& spec = faults.emplace_back(one.judged.faults.front());
    spec.name = fmt::format("{}-{}", spec.name, number);
    spec.index = static_cast<int>(i);
    spec.connections = {.first = number, .last = number, .step = 1, .text = std::to_string(number)};
    const Value* scenario = one.resolved.find("scenario");
    Value& table = tables.emplace_back(scenario->find("fault")->array()->front());
    table.set("name", Value(spec.name));
    table.set("connections", Value(number));
  }
  struck.scenario.faults = faults;
  struck.judged.faults = std::move(faults);
  struck.resolved.find("scenario")->set("fault", Value(std::move(tables)));
  return struck;
}

std::string refusal(const scenario::LoadedCase& struck) {
  const auto read = scenario::read_resolved(struck.resolved);
  return read ? std::string() : read.error();
}

scenario::LoadedCase undisturbed(const scenario::LoadedCase& loaded, std::size_t fault) {
  scenario::LoadedCase calm = loaded;
  const auto at = static_cast<std::ptrdiff_t>(fault);
  calm.scenario.faults.erase(calm.scenario.faults.begin() + at);
  calm.judged.faults.erase(calm.judged.faults.begin() + at);
  calm.judged.expectations.clear();
  calm.judged.appropriate = false;
  if (Value::Array* tables = fault_tables(calm); tables && fault < tables->size())
    tables->erase(tables->begin() + at);
  return calm;
}

}  // namespace wsfault::sweep
