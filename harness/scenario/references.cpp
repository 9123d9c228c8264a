// What a scenario refers to by name — faults, marks, parties, links — must exist.
#include "scenario/references.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wsfault::scenario {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

/// Of `never = { event = … }` or `event = …`: the place of the value.
const Value& stated(const Value& table, std::string_view key) {
  if (const Value* value = table.find(key)) return *value;
  const Value* never = table.find("never");
  const Value* value = never ? never->find(key) : nullptr;
  return value ? *value : table;
}

}  // namespace

void References::check_name(std::string_view what, const std::string& name,
                            const std::vector<std::string>& known, Place place) const {
  if (contains(known, name)) return;
  const std::vector<std::string_view> names(known.begin(), known.end());
  diagnostics_.error(place, fmt::format("unknown {} \"{}\"", what, name),
                     known.empty() ? fmt::format("the scenario has no {}", what) : suggest(name, names));
}

void References::check_fault(const std::string& name, Place place) const {
  if (!contains(shared_, name)) return check_name("fault", name, faults_, place);
  diagnostics_.error(place, fmt::format("several faults are called \"{}\"", name),
                     "give each of them a `name`");
}

void References::check(const MomentUse& use) const {
  using Kind = fault::Moment::Kind;
  const fault::Moment& moment = use.moment;
  if (moment.kind == Kind::fault || moment.kind == Kind::healed) check_fault(moment.name, use.place);
  if (moment.kind == Kind::mark) check_name("mark", moment.name, marks_, use.place);
  if (moment.of) check_name("party", *moment.of, seats_.parties, use.place);
  if (moment.at) check_name("link", *moment.at, seats_.links, use.place);
}

void References::check(const Value& table, const verdict::Expectation& expectation) const {
  if (const Value* of = table.find("of")) check_name("party", expectation.of, seats_.parties, of->place);
  if (expectation.since) check({*expectation.since, table.find("since")->place});
  const Value& value = stated(table, expectation.what.key);
  const verdict::Nature& nature = expectation.what.nature;
  if (!nature.fault.empty()) check_fault(nature.fault, value.place);
  const bool listed = value.array() && value.array()->size() == nature.moments.size();
  for (std::size_t i = 0; i < nature.moments.size(); ++i)
    check({nature.moments[i], listed ? (*value.array())[i].place : value.place});
}

}  // namespace wsfault::scenario
