// Picks the row of a table, and fills in the numbers of the effect and the limits of the system.
#include "verdict/oracle/row.hpp"

#include <algorithm>

#include "verdict/oracle/scene.hpp"
#include "verdict/oracle/tables/tables.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using model::Kind;
using model::Role;

constexpr int first_private_code = 3000;

/// Of a code of 3000-4999 there is none: each is a class of its own.
Reactions of_the_same_class(const Reaction& reaction, int code) {
  Reactions same;
  if (code >= first_private_code) return same;
  const wire::CloseClass wanted = wire::close_code(code).close_class;
  for (const wire::CloseCode& row : wire::close_codes()) {
    const bool other = row.last < first_private_code && row.first != code;
    if (row.on_wire && other && row.close_class == wanted)
      same.push_back({reaction.kind, row.first, row.first});
  }
  return same;
}

Reactions with_numbers(std::span<const Reaction> reactions, int value) {
  Reactions all;
  const auto add = [&all](const Reaction& one) {
    const auto same = [&](const Reaction& other) {
      return other.kind == one.kind && other.first == one.first && other.last == one.last;
    };
    if (std::ranges::none_of(all, same)) all.push_back(one);
  };
  for (const Reaction& each : reactions) {
    switch (each.numbers) {
      case Numbers::these:
        add(each);
        break;
      case Numbers::of_the_effect:
        add({each.kind, value, value});
        break;
      case Numbers::same_class:
        for (const Reaction& other : of_the_same_class(each, value)) add(other);
        break;
    }
  }
  return all;
}

/// What is fine is not warned of, too.
void leave_out(Reactions& warned, const Reactions& fine) {
  const auto is_fine = [&](const Reaction& each) {
    return std::ranges::any_of(fine,
                               [&](const Reaction& other) { return other.matches(each.kind, each.first); });
  };
  for (Reaction& each : warned) {
    while (each.first < each.last && is_fine(each)) ++each.first;
  }
  std::erase_if(warned, is_fine);
}

const TableRow& row_of(const Column& column, Phase phase, const Effect& effect,
                       const model::Dialect& dialect) {
  for (const Table& table : tables_of(column)) {
    const auto row =
        std::ranges::find_if(table, [&](const TableRow& each) { return each.fits(phase, effect, dialect); });
    if (row != table.end()) return *row;
  }
  std::abort();  // a test asks for every combination
}

bool has(const Reactions& reactions, ReactionKind kind) {
  return std::ranges::any_of(reactions, [kind](const Reaction& each) { return each.is(kind); });
}

/// A code that only names what was not said is on no wire, unless it was passed on from one.
bool sees(const Reaction& reaction, const Act& act) {
  if (act.is(ReactionKind::ends)) return reaction.matches(ReactionKind::report, wire::abnormal_closure);
  const bool legal = wire::may_be_on_wire(act.value) || act.value == wire::no_status_received;
  return act.is(ReactionKind::close) && legal && reaction.matches(ReactionKind::report, act.value);
}

}  // namespace

bool TableRow::fits(Phase phase, const Effect& effect, const model::Dialect& dialect) const {
  return phases.contains(phase) && effects.contains(effect.kind) &&
         (condition == nullptr || condition(effect, dialect));
}

bool Row::is_fine(ReactionKind kind) const { return has(fine, kind); }
bool Row::is_warned(ReactionKind kind) const { return has(warned, kind); }

std::vector<Table> tables_of(const Column& column) {
  switch (column.role) {
    case Role::client:
      return {client_table()};
    case Role::server:
      return {server_table()};
    case Role::gateway:
      break;
  }
  const bool peer = column.kind == Kind::websocket;
  if (column.at_upstream) return {peer ? peer_at_upstream_table() : tunnel_at_upstream_table()};
  if (peer) return {gateway_websocket_table(), gateway_http_table()};
  if (column.kind == Kind::tcp) return {gateway_tcp_table(), tunnel_table()};
  return {gateway_http_table(), tunnel_table()};
}

Row appropriate(const Column& column, Phase phase, const Effect& effect, const model::Traits& traits,
                const model::Dialect& dialect) {
  const TableRow& of = row_of(column, phase, effect, dialect);
  Row row{.of = &of, .limit = of.limit, .demands = of.demands};
  row.fine = with_numbers(of.fine, effect.value);
  row.warned = with_numbers(of.warned, effect.value);
  leave_out(row.warned, row.fine);
  row.declared = declared(of.limit.traits, traits);
  return row;
}

Duration longest_limit(model::Role role, model::Kind kind, const model::Traits& traits, Duration wait) {
  const auto granted = [&](std::span<const std::string_view> names) {
    const Declared limit = declared(names, traits);
    return limit.length ? *limit.length + grace : wait;
  };
  constexpr std::string_view closing = "close_limit";
  const bool peer = role != model::Role::gateway || kind == model::Kind::websocket;
  Duration longest = grace;
  for (const bool at_upstream : {false, true}) {
    if (at_upstream && role != model::Role::gateway) continue;
    for (const Table& table : tables_of({role, kind, at_upstream})) {
      for (const TableRow& row : table) {
        Duration limit = row.limit.binds ? granted(row.limit.traits) : Duration(0);
        if ((row.demands.ends_tcp || peer) && !row.limit.traits.contains(closing))
          limit += granted(std::span(&closing, 1));
        longest = std::max(longest, limit);
      }
    }
  }
  return longest;
}

bool matches(const Reaction& reaction, const Act& act, bool passed) {
  switch (reaction.kind) {
    case ReactionKind::report:
      return sees(reaction, act) || (passed && act.is(ReactionKind::close) && reaction.first == act.value);
    case ReactionKind::opens:
      return act.is(ReactionKind::opens) && !act.flawed;
    case ReactionKind::close:
    case ReactionKind::status:
      return reaction.matches(act.kind, act.value);
    case ReactionKind::stays_open:
    case ReactionKind::ends:
    case ReactionKind::garbage:
      return act.is(reaction.kind);
    case ReactionKind::passes_on:
      return passed;
    case ReactionKind::error:
    case ReactionKind::follows:
      return false;
  }
  return false;
}

bool any_matches(const Reactions& reactions, const Act& act, bool passed) {
  return std::ranges::any_of(reactions, [&](const Reaction& each) { return matches(each, act, passed); });
}

}  // namespace wsfault::verdict::oracle
