// Reads an [[expect]] table: which kind it is of, whose, since when and for how long.
#include <fmt/format.h>

#include <algorithm>

#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

/// Keys that any kind may have.
constexpr std::string_view common_keys[] = {"of", "connection", "since", "within", "not_before", "for"};

/// Keys of an expectation that name no kind.
bool is_other_key(std::string_view key) {
  if (std::ranges::find(common_keys, key) != std::end(common_keys)) return true;
  return std::ranges::any_of(expectation_kinds(), [&](const ExpectationKind& kind) {
    return std::ranges::find(kind.narrowings, key, &Narrowing::key) != kind.narrowings.end();
  });
}

std::vector<std::string_view> kind_names(bool in_never) {
  std::vector<std::string_view> names;
  for (const ExpectationKind& kind : expectation_kinds()) {
    const bool allowed = in_never ? kind.read != nullptr : !kind.only_in_never;
    if (allowed) names.push_back(kind.key);
  }
  return names;
}

/// The keys of the table that name a kind, in the order of the file.
std::vector<const Value::Member*> kinds_in(const Value& table, const std::vector<std::string_view>& names) {
  std::vector<const Value::Member*> found;
  for (const Value::Member& member : *table.table()) {
    if (std::ranges::find(names, member.key) != names.end()) found.push_back(&member);
  }
  return found;
}

void report_no_kind(const Value& value, TableReader& table, const std::vector<std::string_view>& names,
                    bool in_never) {
  if (!in_never) {
    if (const Value* fault = value.find("fault")) {
      table.error(*fault, "`fault` stands in `never` only", R"(never = { fault = "NAME" })");
      return;
    }
  }
  for (const Value::Member& member : *value.table()) {
    if (is_other_key(member.key)) continue;
    table.diagnostics().error(member.place, fmt::format("unknown kind of expectation \"{}\"", member.key),
                              suggest(member.key, names));
    return;
  }
  table.error(fmt::format("{} names no kind of expectation", in_never ? "`never`" : "[[expect]]"),
              suggest("", names));
}

/// The one key that names the kind; null (and an error) if there is none, or another too.
const Value::Member* one_kind(const Value& value, TableReader& table, bool in_never) {
  const auto names = kind_names(in_never);
  const auto found = kinds_in(value, names);
  if (found.empty()) {
    report_no_kind(value, table, names, in_never);
    return nullptr;
  }
  if (found.size() == 1) return found.front();
  table.diagnostics().error(
      found[1]->place,
      fmt::format("an expectation is of one kind, here are \"{}\" and \"{}\"", found[0]->key, found[1]->key),
      "write another [[expect]] for the other");
  return nullptr;
}

Read read_expected(std::string_view key, TableReader& table) {
  const auto kind = std::ranges::find(expectation_kinds(), key, &ExpectationKind::key);
  Read what = kind->read(table, key);
  if (what) what->key = kind->key;
  return what;
}

/// `never` cannot take what is itself a statement about what does not happen.
bool may_be_never(const Nature& nature) {
  return nature.may_be_never.value_or(nature.lasting != Lasting::must);
}

Read read_never(TableReader& outer, const Value& value) {
  TableReader table(value, outer.diagnostics(), "never");
  if (!value.table()) return std::nullopt;
  const Value::Member* kind = one_kind(value, table, true);
  if (!kind) return std::nullopt;
  auto what = read_expected(kind->key, table);
  table.finish();
  if (!what) return std::nullopt;
  if (!may_be_never(what->nature)) {
    outer.error(kind->value,
                fmt::format("`never` cannot take {} = {}: it holds over a time itself", kind->key,
                            as_written(kind->value)),
                "expect the contrary instead");
    return std::nullopt;
  }
  return what;
}

void read_whose(TableReader& table, Expectation& expectation) {
  expectation.of = table.text("of").value_or("");
  if (const auto connection = table.integer("connection", 1, 1'000'000)) {
    expectation.connection = static_cast<int>(*connection);
  }
}

void read_since(TableReader& table, Expectation& expectation, std::size_t faults) {
  if (const Value* since = table.raw("since")) {
    expectation.since = fault::read_moment(*since, table.diagnostics());
  } else if (faults > 1 && !expectation.never) {
    table.error(fmt::format("with {} faults `since` must be said", faults), R"(as in since = "fault NAME")");
  }
}

void read_times(TableReader& table, Expectation& expectation) {
  expectation.within = table.duration("within");
  expectation.undeclared = table.texts("undeclared").value_or(std::vector<std::string>{});
  expectation.not_before = table.duration("not_before");
  expectation.lasting = table.positive_duration("for");
  if (expectation.within && expectation.not_before && *expectation.within <= *expectation.not_before) {
    table.error(*table.raw("within"), "`within` must be longer than `not_before`");
  }
}

bool takes_not_before(const Expectation& expectation) {
  if (expectation.never) return false;
  return expectation.what.nature.takes_not_before.value_or(!expectation.lasting);
}

/// `within` is for what happens, `for` for what holds over a time.
void check_times(TableReader& table, const Expectation& expectation, std::string_view key) {
  const Nature& nature = expectation.what.nature;
  const Lasting kind = expectation.never ? Lasting::must : nature.lasting;
  const bool no_time = nature.limit && *nature.limit == Duration::zero();
  if (no_time || (expectation.within && *expectation.within == Duration::zero())) {
    table.error(*table.raw(no_time ? key : "within"), "nothing happens in no time: this can never hold");
    return;
  }
  if (kind == Lasting::must && table.raw("for") == nullptr) {
    table.error(*table.raw(key), fmt::format("{} holds over a time: it needs `for`", expectation.text),
                R"(as in for = "2s")");
    return;
  }
  if (kind == Lasting::no && expectation.lasting) {
    table.error(*table.raw("for"),
                fmt::format("{} happens at a moment: it takes `within`, no `for`", expectation.text));
    return;
  }
  if (expectation.lasting && expectation.within) {
    table.error(*table.raw("within"),
                fmt::format("{} is held over `for`: it takes no `within`", expectation.text));
  } else if (nature.limit && expectation.within) {
    table.error(*table.raw("within"), fmt::format("`{}` says its time itself: it takes no `within`", key));
  }
  if (expectation.not_before && !takes_not_before(expectation)) {
    table.error(*table.raw("not_before"),
                fmt::format("{} is held over `for`: it takes no `not_before`", expectation.text));
  }
}

}  // namespace

std::optional<Expectation> read_expectation(const Value& value, Diagnostics& diagnostics,
                                            std::size_t faults) {
  const std::size_t errors = diagnostics.errors().size();
  TableReader table(value, diagnostics, "[[expect]]");
  if (!value.table()) return std::nullopt;
  const Value::Member* member = one_kind(value, table, false);
  if (!member) return std::nullopt;

  Expectation expectation;
  expectation.place = value.place;
  expectation.text = member->key + " = " + as_written(member->value);
  expectation.never = member->key == "never";
  auto what = expectation.never ? read_never(table, *table.raw("never")) : read_expected(member->key, table);
  read_whose(table, expectation);
  read_since(table, expectation, faults);
  read_times(table, expectation);
  if (what) {
    expectation.what = *std::move(what);
    check_times(table, expectation, member->key);
  }
  table.finish();
  return diagnostics.errors().size() == errors ? std::optional(std::move(expectation)) : std::nullopt;
}

}  // namespace wsfault::verdict
