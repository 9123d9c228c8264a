// Reads a [[fault]] table against the catalogue: anything not allowed is an error with its place.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "fault/attribute.hpp"
#include "fault/catalogue.hpp"
#include "fault/read_network_place.hpp"
#include "value/reader.hpp"
#include "value/words.hpp"

namespace wsfault::fault {
namespace {

using wire::Side;

std::vector<std::string_view> entry_names() {
  std::vector<std::string_view> names;
  for (const Entry& entry : catalogue()) names.push_back(entry.name);
  return names;
}

/// A misspelt `inject` is the likeliest reason for a missing one.
bool found_misspelt(const Value& fault, TableReader& table) {
  for (const Value::Member& member : *fault.table()) {
    if (nearest_name(member.key, {"inject"}).empty()) continue;
    table.diagnostics().error(member.place, fmt::format("unknown key \"{}\" in [[fault]]", member.key),
                              suggest(member.key, {"inject"}));
    return true;
  }
  return false;
}

const Entry* read_inject(const Value& fault, TableReader& table) {
  const Value* value = table.raw("inject");
  if (value == nullptr && found_misspelt(fault, table)) return nullptr;
  if (value == nullptr) {
    table.error(std::string("a fault needs `inject`, the name of what it does"),
                "`wsfault list faults` lists them");
    return nullptr;
  }
  if (value->text() == nullptr) {
    table.error(*value, fmt::format("`inject` must be a fault's name, found {}", value->type_name()));
    return nullptr;
  }
  const Entry* entry = find_entry(*value->text());
  if (entry == nullptr) {
    table.error(*value, fmt::format("unknown fault \"{}\"", *value->text()),
                suggest(*value->text(), entry_names()));
  }
  return entry;
}

/// The allowed values of `at`: links by their own names and by other names.
std::vector<std::string_view> places_of(const Entry& entry, const Seats& seats) {
  if (entry.sut_only) return {"sut"};
  if (entry.stand == Stand::party) return {seats.parties.begin(), seats.parties.end()};
  std::vector<std::string_view> names;
  for (const std::string& link : seats.links) {
    if (!entry.answers || seats.side_of_sut(link) == Side::client) names.push_back(link);
  }
  for (const auto& [name, link] : seats.also_called) {
    if (std::ranges::find(names, link) != names.end()) names.push_back(name);
  }
  return names;
}

std::string allowed_text(const std::vector<std::string_view>& names) {
  if (names.empty()) return "nowhere in a scenario of this role";
  return fmt::format("allowed: {}", fmt::join(names, ", "));
}

/// A fault that answers instead of the server cannot act where the system under test is the server.
bool answers_for_sut(const Entry& entry, const Seats& seats, const std::string& link) {
  return entry.answers && seats.side_of_sut(link) == Side::server;
}

std::string answers_for_sut_text(const Entry& entry, const std::string& at) {
  return fmt::format(
      "`{}` cannot stand at \"{}\": it answers in the server's place, and there the system under test is the "
      "server",
      entry.name, at);
}

void read_place(TableReader& table, const Entry& entry, const Seats& seats, FaultSpec& spec) {
  if (entry.stand == Stand::network) return read_network_place(table, entry, seats, spec);
  const std::vector<std::string_view> names = places_of(entry, seats);
  const Value* at = table.raw("at");
  const bool on_party = entry.stand == Stand::party;
  if (at == nullptr) {
    spec.at = seats.default_link;
    if (on_party) {
      table.error(fmt::format("`{}` acts on a party: say which with `at`", entry.name), allowed_text(names));
    } else if (answers_for_sut(entry, seats, spec.at)) {
      table.error(answers_for_sut_text(entry, spec.at), allowed_text(names));
    }
    return;
  }
  const std::string found = at->text() != nullptr ? *at->text() : std::string(at->type_name());
  const std::string* link = on_party || at->text() == nullptr ? nullptr : seats.find_link(found);
  if (link != nullptr && answers_for_sut(entry, seats, *link)) {
    table.error(*at, answers_for_sut_text(entry, found), allowed_text(names));
    return;
  }
  if (at->text() == nullptr || std::ranges::find(names, found) == names.end()) {
    table.error(*at, fmt::format("`{}` cannot stand at \"{}\"", entry.name, found), suggest(found, names));
    return;
  }
  spec.at = link != nullptr ? *link : found;
}

/// True: it strikes a whole link.
bool read_scope(TableReader& table, const Entry& entry) {
  const Value* scope = table.raw("scope");
  if (scope == nullptr || table.one_of("scope", {"connection", "link"}) != "link") return false;
  if (!entry.takes_scope())
    table.error(*scope,
                fmt::format("`{}` takes no `scope`: it strikes a connection in its handshake", entry.name),
                "`connections` says which ones");
  for (const std::string_view key : {"of", "connections"}) {
    if (const Value* value = table.raw(key); value != nullptr)
      table.error(
          *value,
          fmt::format("a fault with `scope = \"link\"` strikes all connections: it takes no `{}`", key));
  }
  return true;
}

/// One address of a link that has several.
void read_address(TableReader& table, const Entry& entry, const Seats& seats, FaultSpec& spec) {
  const Value* value = table.raw("address");
  const bool of_its_own =
      std::ranges::find(entry.attributes, "address", &Attribute::name) != entry.attributes.end();
  if (value == nullptr || of_its_own) return;
  if (spec.on_party) {
    table.error(*value, fmt::format("`{}` acts on a party: it takes no `address`", entry.name));
  } else if (spec.on_network) {
    table.error(*value, fmt::format("`{}` strikes all addresses of a link: it takes no `address`", entry.name));
  } else if (value->integer() == nullptr || *value->integer() < 1) {
    table.error(*value, "`address` must be a number from 1: the first of a link's addresses is 1");
  } else if (*value->integer() > seats.addresses) {
    table.error(
        *value,
        fmt::format("the link has {}", counted(static_cast<std::uint64_t>(seats.addresses), "address", "addresses")),
        fmt::format("[link] with addresses = {} gives it more", *value->integer()));
  } else {
    spec.address = static_cast<int>(*value->integer());
  }
}

void read_whose(TableReader& table, const Entry& entry, const Seats& seats, FaultSpec& spec) {
  spec.connections = *parse_connection_set(entry.connections);
  if (!entry.strikes_connections()) {
    for (const std::string_view key : {"of", "connections", "scope"}) {
      const bool of_its_own =
          std::ranges::find(entry.attributes, key, &Attribute::name) != entry.attributes.end();
      if (const Value* value = table.raw(key); value != nullptr && !of_its_own) {
        table.error(*value,
                    fmt::format("`{}` strikes no single connection: it takes no `{}`", entry.name, key));
      }
    }
    return;
  }
  if (read_scope(table, entry)) {
    spec.whole_link = true;
    spec.connections = *parse_connection_set("all");
    return;
  }
  if (auto of = table.text("of")) {
    if (std::ranges::find(seats.parties, *of) == seats.parties.end()) {
      const std::vector<std::string_view> names(seats.parties.begin(), seats.parties.end());
      table.error(*table.raw("of"), fmt::format("unknown party \"{}\" in `of`", *of), suggest(*of, names));
    }
    // Only the system under test connects to a link on whose client side it is.
    if (seats.links.size() > 1 && *of != "sut" && spec.at == seats.default_link &&
        seats.side_of_sut(spec.at) == Side::client)
      table.error(*table.raw("of"),
                  fmt::format("the connections on \"{}\" are those of the system under test", spec.at),
                  "at = \"front\" for those of a client; without `of` all on this link");
    spec.of = std::move(of);
  }
  if (table.raw("connections") == nullptr) return;
  auto set = read_connection_set(table, "connections");
  if (!set) return;
  if (set->request && (entry.layer == "connecting" || entry.layer == "tls")) {
    table.error(*table.raw("connections"),
                fmt::format("`{}` strikes before there is a request: it takes numbers only", entry.name));
  }
  spec.connections = *std::move(set);
}

void read_when(TableReader& table, const Entry& entry, FaultSpec& spec) {
  spec.when = *parse_moment(entry.when);
  if (const Value* when = table.raw("when"); when != nullptr) {
    if (auto moment = read_moment(*when, table.diagnostics())) spec.when = *moment;
  }
  // Without a list of its own, a moment of one connection is about that connection.
  const bool own_link = !spec.when.at || *spec.when.at == spec.at;
  if (entry.strikes_connections() && spec.when.connection && own_link && !table.has("connections") &&
      !spec.connections.contains(*spec.when.connection))
    spec.connections = *parse_connection_set(std::to_string(*spec.when.connection));
  if (spec.needs_the_start() && spec.when.kind != Moment::Kind::start)
    table.error(*table.raw("when"), fmt::format("`{}` knows only what begins after it: `when` is \"start\"", entry.name));
  if (auto after = table.duration("after")) spec.after = *after;
  const Value* lasts = table.raw("lasts");
  if (lasts == nullptr) return;
  if (!entry.heals) {
    table.error(*lasts, fmt::format("`{}` cannot heal: it takes no `lasts`", entry.name));
    return;
  }
  if (auto duration = table.positive_duration("lasts")) spec.lasts = *duration;
}

EndWish end_of(std::string_view text) {
  using enum EndWish;
  for (const EndWish each : {reset, none, reset_next, follow, close}) {
    if (text == to_string(each)) return each;
  }
  return fin;
}

void read_effect(TableReader& table, const Entry& entry, const Seats& seats, FaultSpec& spec) {
  const bool sut_serves = !spec.on_party && seats.side_of_sut(spec.at) == Side::server;
  const Direction to_sut = sut_serves ? Direction::to_server : Direction::to_client;
  spec.direction = entry.direction == "to-sut"      ? to_sut
                   : entry.direction == "to-client" ? Direction::to_client
                   : entry.direction == "to-server" ? Direction::to_server
                                                    : Direction::both;
  if (auto direction = table.one_of("direction", {"to-client", "to-server", "both"})) {
    spec.direction = *direction == "to-client"   ? Direction::to_client
                     : *direction == "to-server" ? Direction::to_server
                                                 : Direction::both;
  }
  if (const Value* end = table.raw("end"); end != nullptr && entry.ends.empty()) {
    table.error(*end, fmt::format("`{}` takes no `end`", entry.name));
  } else if (!entry.ends.empty()) {
    spec.end = end_of(table.one_of("end", entry.ends).value_or(std::string(entry.ends.front())));
  }
}

void read_count(TableReader& table, const Entry& entry, FaultSpec& spec) {
  const Value* count = table.raw("count");
  const bool of_its_own =
      std::ranges::find(entry.attributes, "count", &Attribute::name) != entry.attributes.end();
  if (count == nullptr || of_its_own) return;
  if (!entry.counts) {
    table.error(*count, fmt::format("`{}` takes no `count`", entry.name));
  } else if (count->text() != nullptr && *count->text() == "all") {
    spec.count = std::nullopt;
  } else if (count->integer() != nullptr && *count->integer() > 0) {
    spec.count = *count->integer();
  } else {
    table.error(*count, "`count` must be a number from 1, or \"all\"");
  }
}

/// A Close is stated, and none will be sent.
void check_close(TableReader& table, const Entry& entry, const FaultSpec& spec) {
  if (spec.end == EndWish::close || std::ranges::find(entry.ends, "close") == entry.ends.end()) return;
  for (const std::string_view key : {"code", "reason"}) {
    if (const Value* value = table.raw(key))
      table.error(*value,
                  fmt::format("`{}` is of a Close frame, and `end` is \"{}\"", key, to_string(spec.end)),
                  "end = \"close\"");
  }
}

/// The kernel's connection tracking counts whole seconds.
void check_whole_seconds(TableReader& table, const FaultSpec& spec) {
  const Value* idle = spec.needs_the_start() ? table.raw("idle") : nullptr;
  if (idle == nullptr || idle->text() == nullptr) return;
  const auto time = parse_duration(*idle->text());
  if (time && (*time < std::chrono::seconds(1) || *time % std::chrono::seconds(1) != Duration(0)))
    table.error(*idle, fmt::format("`{}` counts whole seconds: `idle` cannot be \"{}\"", spec.inject, *idle->text()),
                "the kernel's connection tracking knows no others: \"1s\" and more");
}

/// All times of the fault, by its attribute `scale`.
void apply_scale(const Entry& entry, std::any& own) {
  const auto scale = std::ranges::find(entry.attributes, "scale", &Attribute::name);
  if (scale == entry.attributes.end() || !scale->get(own)) return;
  const double factor = std::get<double>(*scale->get(own));
  for (const Attribute& attribute : entry.attributes) {
    if (attribute.type != AttributeType::duration) continue;
    const auto time = attribute.get(own);
    if (time) attribute.set(own, Duration(std::llround(std::get<Duration>(*time).count() * factor)));
  }
}

}  // namespace

std::optional<FaultSpec> read_fault(const Value& stated, const Seats& seats, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.errors().size();
  TableReader as_stated(stated, diagnostics, "[[fault]]");
  if (stated.table() == nullptr) return std::nullopt;
  const Entry* entry = read_inject(stated, as_stated);
  if (entry == nullptr) return std::nullopt;
  const Value value = with_preset(stated, entry->presets);
  TableReader table(value, diagnostics, "[[fault]]");
  table.raw("inject");

  FaultSpec spec;
  spec.inject = entry->name;
  spec.place = value.place;
  spec.on_party = entry->stand == Stand::party;
  spec.on_network = entry->stand == Stand::network;
  spec.middlebox = entry->middlebox;
  spec.strikes_connections = entry->strikes_connections();
  spec.acts_once = entry->acts_once;
  spec.name = table.text("name").value_or(spec.inject);
  read_place(table, *entry, seats, spec);
  read_address(table, *entry, seats, spec);
  read_whose(table, *entry, seats, spec);
  if (spec.on_party && spec.at == "sut" && !value.find("grace")) spec.slowest_stop = seats.slowest_stop;
  read_when(table, *entry, spec);
  read_effect(table, *entry, seats, spec);
  read_count(table, *entry, spec);
  if (auto probability = table.number("probability", 0, 1)) spec.probability = *probability;
  spec.attributes = read_attributes(table, *entry);
  apply_scale(*entry, spec.attributes);
  check_close(table, *entry, spec);
  check_whole_seconds(table, spec);
  table.finish();
  if (diagnostics.errors().size() != before) return std::nullopt;
  return spec;
}

}  // namespace wsfault::fault
