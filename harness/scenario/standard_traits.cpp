// The traits that a scenario may use even if no system declares them, and the type of each.
#include "scenario/standard_traits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/system.hpp"
#include "value/reader.hpp"
#include "value/units.hpp"

namespace wsfault::scenario {

const std::vector<StandardTrait>& standard_traits() {
  static const std::vector<StandardTrait> all = {
      {"heartbeat", TraitType::positive_duration, "from ping to ping"},
      {"heartbeat_timeout", TraitType::positive_duration, "from a ping to its pong"},
      {"handshake_limit", TraitType::positive_duration,
       "until the 101, connecting included; of a server: until the request is complete"},
      {"close_limit", TraitType::duration, "for the peer's Close and the end of TCP"},
      {"connect_limit", TraitType::positive_duration,
       "of a gateway: for connecting to its upstream, a TLS handshake included"},
      {"response_limit", TraitType::positive_duration,
       "of a gateway: for its upstream's answer to the upgrade"},
      {"idle_limit", TraitType::positive_duration,
       "of a gateway or server: how long it keeps a connection without bytes"},
      {"drain", TraitType::duration, "of a gateway or server: how long stopping takes at most"},
      {"drain_signal", TraitType::count,
       "of a gateway or server: the number of the signal that makes it end once its connections have, sent "
       "by "
       "`kill` (nginx: 3, SIGQUIT; HAProxy: 10, SIGUSR1; Apache: 28, SIGWINCH)"},
      {"max_connections", TraitType::count, "of a server: how many can be open at a time; 503 above it"},
      {"max_message", TraitType::size,
       "of a server, a gateway or a client: the largest message that it accepts, as a size; Close 1009 above "
       "it"},
      {"instances", TraitType::count,
       "of a client: how many clients the system is; they are judged as a fleet, and that all of them start "
       "at once is no storm",
       1},
      {"write_limit", TraitType::positive_duration,
       "of a server: how long it keeps a client that reads nothing of what is to be written"},
      {"echoes", TraitType::flag,
       "of a server: `true` says that it sends each message back as it came, and nothing else; that is "
       "judged on every "
       "connection"},
      {"backoff", TraitType::backoff,
       "`{ first, factor, max, jitter }`; jitter `\"full\"` (0 to the cap), `\"equal\"` (half the cap to the "
       "cap), `\"none\"`"},
      {"final", TraitType::codes,
       "close codes and statuses after which it stays away: `[1008, \"4400-4499\", 401, 403]`"},
      {"protocol", TraitType::protocol,
       "of any system: the protocol that it speaks on top of WebSocket, `\"graphql-transport-ws\"`. The "
       "system "
       "runs only the scenarios that require exactly this protocol: [protocols.md](protocols.md)"},
      {"backoff.first", TraitType::duration, ""},
      {"backoff.factor", TraitType::factor, ""},
      {"backoff.max", TraitType::duration, ""},
      {"backoff.jitter", TraitType::jitter, ""},
  };
  return all;
}

std::string option_of_trait(std::string_view name) {
  std::string option = "--" + std::string(name);
  std::ranges::replace_if(
      option, [](char c) { return c == '_' || c == '.'; }, '-');
  return option;
}

namespace {

const StandardTrait* find_trait(std::string_view name) {
  const auto& all = standard_traits();
  const auto found = std::ranges::find(all, name, &StandardTrait::name);
  return found == all.end() ? nullptr : &*found;
}

void wrong(std::string_view name, const Value& value, std::string_view takes, Diagnostics& diagnostics) {
  const std::string found = value.text()                     ? fmt::format("\"{}\"", *value.text())
                            : value.table() || value.array() ? std::string(value.type_name())
                                                             : to_json(value);
  diagnostics.error(value.place,
                    fmt::format("the trait `{}` is {}, or \"none\"; found {}", name, takes, found));
}

void check_duration(std::string_view name, const Value& value, Diagnostics& diagnostics) {
  if (!value.text()) return wrong(name, value, "a duration such as \"250ms\"", diagnostics);
  if (const Result<Duration> duration = parse_duration(*value.text()); !duration) {
    diagnostics.error(value.place, fmt::format("`{}` = \"{}\": {}", name, *value.text(), duration.error()));
  }
}

/// What is not there at all is "none".
void check_positive_duration(std::string_view name, const Value& value, Diagnostics& diagnostics) {
  const auto duration = value.text() ? parse_duration(*value.text()) : Result<Duration>(Error{});
  if (duration && *duration == Duration(0)) return wrong(name, value, "a duration above 0", diagnostics);
  check_duration(name, value, diagnostics);
}

void check_size(std::string_view name, const Value& value, Diagnostics& diagnostics) {
  if (value.integer() && *value.integer() >= 0) return;
  if (value.text() && parse_size(*value.text())) return;
  wrong(name, value, "a size such as \"64KiB\"", diagnostics);
}

bool is_factor(const Value& value) {
  const double factor = value.real() ? *value.real() : value.integer() ? double(*value.integer()) : 0;
  return factor >= 1 && factor <= 100;
}

bool is_jitter(const Value& value) {
  return value.text() && (*value.text() == "full" || *value.text() == "equal");
}

void check_backoff(const Value& value, Diagnostics& diagnostics) {
  TableReader reader(value, diagnostics, "`backoff`");
  for (const std::string_view key : {"first", "factor", "max", "jitter"}) {
    if (const Value* member = reader.raw(key))
      check_trait("backoff." + std::string(key), *member, diagnostics);
  }
  reader.finish();
}

void check_codes(std::string_view name, const Value& value, Diagnostics& diagnostics) {
  if (!value.array()) return wrong(name, value, "a list such as [1008, \"4400-4499\", 401]", diagnostics);
  for (const Value& member : *value.array()) {
    if (model::read_code_range(member)) continue;
    diagnostics.error(
        member.place,
        fmt::format("`{}` lists codes from 0 to 65535, and ranges such as \"4400-4499\"", name));
  }
}

}  // namespace

const std::vector<std::string_view>& standard_trait_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const StandardTrait& trait : standard_traits()) all.push_back(trait.name);
    return all;
  }();
  return names;
}

bool is_standard_trait(std::string_view name) { return find_trait(name) != nullptr; }

std::optional<Value> implied_trait(std::string_view name) {
  const StandardTrait* trait = find_trait(name);
  return trait && trait->implied ? std::optional<Value>(*trait->implied) : std::nullopt;
}

Value trait_placeholder(std::string_view name) {
  const StandardTrait* trait = find_trait(name);
  if (!trait) return Value("1s");
  switch (trait->type) {
    case TraitType::duration:
    case TraitType::positive_duration:
      return Value("1s");
    case TraitType::count:
      return Value(1);
    case TraitType::size:
      return Value("64KiB");
    case TraitType::backoff:
      return Value(Value::Table{});
    case TraitType::codes:
      return Value(Value::Array{Value(1008)});
    case TraitType::factor:
      return Value(2.0);
    case TraitType::jitter:
      return Value("full");
    case TraitType::protocol:
      return Value("mqtt");
    case TraitType::flag:
      return Value(true);
  }
  return Value();
}

std::string how_to_set(std::string_view name) {
  const StandardTrait* trait = find_trait(name);
  const auto with = [name](std::string_view value) { return fmt::format("--set {}={}", name, value); };
  if (!trait) return with("VALUE");
  switch (trait->type) {
    case TraitType::duration:
    case TraitType::positive_duration:
      return with("20s");
    case TraitType::count:
      return with("40");
    case TraitType::size:
      return with("64KiB");
    case TraitType::backoff:
      return "--set backoff.first=1s --set backoff.factor=2 --set backoff.max=30s";
    case TraitType::codes:
      return with("1008,4400-4499");
    case TraitType::factor:
      return with("2");
    case TraitType::jitter:
      return with("full");
    case TraitType::protocol:
      return with("graphql-transport-ws");
    case TraitType::flag:
      return with("true");
  }
  return with("VALUE");
}

void check_trait(std::string_view name, const Value& value, Diagnostics& diagnostics) {
  const StandardTrait* trait = find_trait(name);
  if (!trait || (value.text() && *value.text() == "none")) return;
  switch (trait->type) {
    case TraitType::duration:
      return check_duration(name, value, diagnostics);
    case TraitType::positive_duration:
      return check_positive_duration(name, value, diagnostics);
    case TraitType::count:
      if (!value.integer() || *value.integer() < 1) wrong(name, value, "a number from 1 up", diagnostics);
      return;
    case TraitType::size:
      return check_size(name, value, diagnostics);
    case TraitType::backoff:
      return check_backoff(value, diagnostics);
    case TraitType::codes:
      return check_codes(name, value, diagnostics);
    case TraitType::factor:
      if (!is_factor(value)) wrong(name, value, "a number from 1 to 100", diagnostics);
      return;
    case TraitType::protocol:
      if (!value.text() || value.text()->empty())
        wrong(name, value, "a name such as \"graphql-transport-ws\"", diagnostics);
      return;
    case TraitType::flag:
      if (!value.boolean()) wrong(name, value, "true or false", diagnostics);
      return;
    case TraitType::jitter:
      if (!is_jitter(value)) wrong(name, value, "\"full\" or \"equal\"", diagnostics);
      return;
  }
}

}  // namespace wsfault::scenario
