// Reads the values of expectations that look at more than one thing: attempts, connections, intervals,
// deliveries, usage.
#include <fmt/format.h>

#include <algorithm>

#include "verdict/expect/usage_bound.hpp"
#include "verdict/expectation_readers.hpp"

namespace wsfault::verdict {
namespace {

/// The schedule's own values, from the table of `reconnect` or that of `backoff` in it.
void read_schedule(TableReader& table, ReconnectExpected& reconnect) {
  constexpr double highest_factor = 1000;
  model::Backoff& backoff = reconnect.backoff;
  if (const auto first = table.duration("first")) backoff.first = first;
  if (const auto factor = table.number("factor", 1, highest_factor)) backoff.factor = factor;
  if (const auto max = table.duration("max")) backoff.max = max;
  if (const auto jitter = table.one_of("jitter", {"full", "equal", "none"})) backoff.jitter = jitter;
  reconnect.schedule = reconnect.schedule || backoff.first || backoff.factor || backoff.max || backoff.jitter;
}

void read_backoff(TableReader& table, ReconnectExpected& reconnect) {
  read_schedule(table, reconnect);
  const Value* backoff = table.raw("backoff");
  if (!backoff) return;
  reconnect.schedule = true;
  if (backoff->table()) {
    TableReader inner(*backoff, table.diagnostics(), "backoff");
    read_schedule(inner, reconnect);
    inner.finish();
  } else if (!backoff->text() || *backoff->text() != "exponential") {
    wrong(table, *backoff, "backoff", R"("exponential" or { first, factor, max, jitter })");
  }
}

std::optional<Bound<std::int64_t>> read_rate(TableReader& table) {
  const auto text = table.text("rate");
  if (!text) return std::nullopt;
  if (text->ends_with("/s")) {
    const auto bound = parse_count_bound(std::string_view(*text).substr(0, text->size() - 2));
    if (bound && !bound->low) return *bound;
  }
  wrong(table, *table.raw("rate"), "rate", R"(an upper bound per second: "<=20/s")");
  return std::nullopt;
}

std::optional<std::string> read_usage_bound(TableReader& table, std::string_view key, bool bytes) {
  const auto text = table.text(key);
  if (!text) return std::nullopt;
  const auto bound = parse_usage_bound(*text, bytes);
  if (!bound) table.error(*table.raw(key), fmt::format("\"{}\" = \"{}\": {}", key, *text, bound.error()));
  return text;
}

}  // namespace

Read read_reconnect(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  ReconnectExpected reconnect;
  if (value.boolean()) {
    reconnect.wanted = *value.boolean();
    return reconnect;
  }
  if (!value.table()) {
    reconnect.attempts = table.count_bound(key);
    return reconnect.attempts ? Read(reconnect) : std::nullopt;
  }
  TableReader inner(value, table.diagnostics(), "reconnect");
  reconnect.attempts = inner.count_bound("attempts");
  read_backoff(inner, reconnect);
  inner.finish();
  if (reconnect.attempts || reconnect.schedule) return reconnect;
  wrong(table, value, key, "{ attempts, backoff, first, factor, max, jitter }, at least one of them");
  return std::nullopt;
}

Read read_connections(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  TableReader inner(value, table.diagnostics(), "connections");
  if (!value.table()) return std::nullopt;
  ConnectionsExpected connections;
  connections.open = inner.count_bound("open");
  connections.total = inner.count_bound("total");
  connections.rate = read_rate(inner);
  inner.finish();
  if (value.table()->empty()) wrong(table, value, key, R"({ open = "<=1", total = "<=6", rate = "<=20/s" })");
  return connections;
}

Read read_ping(TableReader& table, std::string_view key) {
  PingExpected ping;
  ping.pong = key == "pong";
  const Value& value = *table.raw(key);
  if (value.text() && *value.text() == "any") return ping;
  if (value.text()) {
    const auto bound = parse_duration_bound(*value.text());
    if (bound) {
      ping.interval = *bound;
      return ping;
    }
  }
  wrong(table, value, key, R"(a bound on the interval ("<=300ms", "250ms-400ms"), or "any")");
  return std::nullopt;
}

Read read_end(TableReader& table, std::string_view key) {
  const auto hows = table.texts(key);
  if (!hows) return std::nullopt;
  static const std::vector<std::string_view> known = {"fin", "reset", "open"};
  for (const std::string& how : *hows) {
    if (std::ranges::find(known, how) == known.end()) {
      table.error(*table.raw(key), fmt::format("unknown end \"{}\"", how), suggest(how, known));
      return std::nullopt;
    }
  }
  if (hows->empty()) wrong(table, *table.raw(key), key, R"("fin", "reset", "open" or a list)");
  return EndExpected{*hows};
}

Read read_delivery(TableReader& table, std::string_view key) {
  DeliveryExpected delivery;
  if (const Value* seq = table.raw("seq")) {
    if (!is_regex(*seq)) {
      wrong(table, *seq, "seq", R"(a /regex/ whose group is the number: "/id=(\\d+)/")");
    } else if (auto regex =
                   Regex::compile(std::string_view(*seq->text()).substr(1, seq->text()->size() - 2))) {
      delivery.seq = *regex;
    } else {
      table.error(*seq, regex.error());
    }
  }
  const auto name = table.one_of(key, {"at-least-once", "at-most-once", "exactly-once"});
  if (!name) return std::nullopt;
  using enum DeliveryExpected::Kind;
  delivery.kind = *name == "at-least-once"  ? at_least_once
                  : *name == "at-most-once" ? at_most_once
                                            : exactly_once;
  return delivery;
}

Read read_alive(TableReader& table, std::string_view key) {
  const auto limit = table.duration(key);
  return limit ? Read(AliveExpected{*limit}) : std::nullopt;
}

Read read_exit(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  if (value.text() && *value.text() == "running") return ExitExpected{};
  if (value.integer() && *value.integer() >= 0 && *value.integer() <= 255) {
    return ExitExpected{static_cast<int>(*value.integer())};
  }
  wrong(table, value, key, R"(an exit code from 0 to 255, or "running")");
  return std::nullopt;
}

Read read_usage(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  TableReader inner(value, table.diagnostics(), "usage");
  if (!value.table()) return std::nullopt;
  UsageExpected usage;
  usage.memory = read_usage_bound(inner, "memory", true);
  usage.sockets = read_usage_bound(inner, "sockets", false);
  inner.finish();
  if (value.table()->empty()) wrong(table, value, key, R"({ memory = "<=+64MiB", sockets = "<=10" })");
  return usage;
}

}  // namespace wsfault::verdict
