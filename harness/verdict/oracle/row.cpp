// Picks the row of a column and resolves its limit; the words in which rows are written and told.
#include "verdict/oracle/row.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wsfault::verdict::oracle {
namespace {

std::optional<Duration> sum_of(const std::vector<std::string_view>& names, const model::Traits& traits) {
  Duration sum{0};
  for (const std::string_view name : names) {
    const auto value = traits.duration(name);
    if (!value) return std::nullopt;
    sum += *value;
  }
  return sum;
}

Row with_limit(Row row, const model::Traits& traits) {
  row.limit.value = sum_of(row.limit.traits, traits);
  return row;
}

Row row_of(State state, const Effect& effect, model::Role role, model::Kind kind,
           const model::Dialect& dialect) {
  switch (role) {
    case model::Role::client:
      return client_row(state, effect, dialect);
    case model::Role::gateway:
      return gateway_row(state, effect, kind);
    case model::Role::server:
      return server_row(state, effect);
  }
  return {};
}

std::string codes_of(const Outcome& outcome) {
  return outcome.first == outcome.last ? std::to_string(outcome.first)
                                       : fmt::format("{}-{}", outcome.first, outcome.last);
}

std::string to_string(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::report:
      return "reports " + codes_of(outcome);
    case Outcome::Kind::error:
      return "reports an error";
    case Outcome::Kind::opens:
      return "opens";
    case Outcome::Kind::stays_open:
      return "stays open";
    case Outcome::Kind::follows:
      return "follows the redirect";
    case Outcome::Kind::ends:
      return "ends TCP without a Close";
    case Outcome::Kind::close:
      return "sends Close " + codes_of(outcome);
    case Outcome::Kind::status:
      return "answers " + codes_of(outcome);
    case Outcome::Kind::passes_on:
      return "passes it on";
  }
  return {};
}

}  // namespace

bool Row::allows(Outcome::Kind kind) const {
  const auto is_it = [&](const Outcome& outcome) { return outcome.is(kind); };
  return std::ranges::any_of(fine, is_it) || std::ranges::any_of(warned, is_it);
}

Row appropriate(State state, const Effect& effect, model::Role role, model::Kind kind,
                const model::Traits& traits, const model::Dialect& dialect) {
  return with_limit(row_of(state, effect, role, kind, dialect), traits);
}

Row plain(std::string_view broke, Outcomes fine, Outcomes warned, Limit limit) {
  Row row;
  row.broke = broke;
  row.fine = std::move(fine);
  row.warned = std::move(warned);
  row.limit = std::move(limit);
  return row;
}
Row stays_as_it_is() { return plain("nothing broke", {only(Outcome::Kind::stays_open)}, {}, at_any_time()); }

Outcome report(int code) { return report(code, code); }
Outcome report(int first, int last) { return {Outcome::Kind::report, first, last}; }
Outcome error() { return {Outcome::Kind::error, 0, 0}; }
Outcome status(int code) { return status(code, code); }
Outcome status(int first, int last) { return {Outcome::Kind::status, first, last}; }
Outcome close(int code) { return close(code, code); }
Outcome close(int first, int last) { return {Outcome::Kind::close, first, last}; }
Outcome only(Outcome::Kind kind) { return {kind, 0, 0}; }

Outcomes ends() { return {only(Outcome::Kind::ends)}; }

Outcomes reports(const std::vector<int>& codes) {
  Outcomes all;
  for (const int code : codes) all.push_back(report(code));
  return all;
}
Outcomes closes(const std::vector<int>& codes) {
  Outcomes all;
  for (const int code : codes) all.push_back(close(code));
  return all;
}
Outcomes statuses(const std::vector<int>& codes) {
  Outcomes all;
  for (const int code : codes) all.push_back(status(code));
  return all;
}
Outcomes both(Outcomes first, const Outcomes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Limit at_once() { return {}; }
Limit at_any_time() { return {.traits = {}, .binds = false, .value = {}, .missing = Cause::none}; }
Limit within(std::vector<std::string_view> traits, Cause missing) {
  return {.traits = std::move(traits), .binds = true, .value = {}, .missing = missing};
}

std::string to_string(const Outcomes& outcomes) {
  std::string text;
  for (const Outcome& outcome : outcomes) {
    if (!text.empty()) text += " or ";
    text += to_string(outcome);
  }
  return text;
}

}  // namespace wsfault::verdict::oracle
