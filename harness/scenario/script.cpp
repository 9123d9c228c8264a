// Scripts: which step a table is, where it is allowed, and blocks of steps (repeat, on).
#include "scenario/script.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "fault/catalogue.hpp"
#include "scenario/payload.hpp"

namespace wsfault::scenario {
namespace {

constexpr std::int64_t most_repetitions = 1'000'000;

bool starts_rule(const fault::Moment& moment) {
  using Kind = fault::Moment::Kind;
  switch (moment.kind) {
    case Kind::message:
    case Kind::message_text:
    case Kind::message_size:
    case Kind::ping:
    case Kind::pong:
    case Kind::close:
    case Kind::http:
      return true;
    case Kind::start:
    case Kind::connect:
    case Kind::upgrade:
    case Kind::open:
    case Kind::frame:
    case Kind::byte:
    case Kind::end:
    case Kind::idle:
    case Kind::fault:
    case Kind::healed:
    case Kind::mark:
    case Kind::exit:
    case Kind::log:
      return false;
  }
  return false;
}

}  // namespace

/// The key that names a step.
struct ScriptReader::Row {
  std::string_view key;
  std::optional<Content> (ScriptReader::*read)(TableReader&);  ///< null: inject, whose table is a fault's
};

const ScriptReader::Row ScriptReader::rows[] = {
    {"accept", &ScriptReader::accept},
    {"respond", &ScriptReader::respond},
    {"expect", &ScriptReader::expect},
    {"send", &ScriptReader::send},
    {"wait", &ScriptReader::wait},
    {"ping", &ScriptReader::ping},
    {"frame", &ScriptReader::frame},
    {"raw", &ScriptReader::raw},
    {"repeat", &ScriptReader::repeat},
    {"on", &ScriptReader::rule},
    {"mark", &ScriptReader::mark},
    {"close", &ScriptReader::close},
    {"inject", nullptr},
};

std::vector<std::string_view> step_keys() {
  std::vector<std::string_view> keys;
  for (const ScriptReader::Row& row : ScriptReader::rows) keys.push_back(row.key);
  return keys;
}

void ScriptYield::append(ScriptYield other) {
  std::ranges::move(other.injected, std::back_inserter(injected));
  std::ranges::move(other.marks, std::back_inserter(marks));
  std::ranges::move(other.moments, std::back_inserter(moments));
}

model::Steps ScriptReader::script(const Value& list, int session) {
  session_ = session;
  return steps(list, Block::script);
}

model::Steps ScriptReader::steps(const Value& list, Block block) {
  model::Steps read;
  if (!list.array()) {
    diagnostics_.error(list.place, fmt::format("`steps` is a list of steps, found {}", list.type_name()),
                       "steps = [{ send = \"hello\" }, { wait = \"200ms\" }]");
    return read;
  }
  const Block outer = std::exchange(block_, block);
  bool first = true;
  for (const Value& value : *list.array()) {
    if (std::optional<model::Step> one = step(value, std::exchange(first, false)))
      read.push_back(*std::move(one));
  }
  block_ = outer;
  return read;
}

std::optional<model::Step> ScriptReader::step(const Value& value, bool first) {
  const Row* row = row_of(value);
  if (!row || !allowed_here(*row, *value.find(row->key), first)) return std::nullopt;
  std::optional<Content> content;
  if (row->read) {
    TableReader reader(value, diagnostics_, fmt::format("a step `{}`", row->key));
    content = (this->*row->read)(reader);
    reader.finish();
  } else {
    content = inject(value);
  }
  if (!content) return std::nullopt;
  return model::Step{*std::move(content)};
}

const ScriptReader::Row* ScriptReader::row_of(const Value& value) {
  const std::vector<std::string_view> keys = step_keys();
  if (!value.table() || value.table()->empty()) {
    diagnostics_.error(value.place,
                       fmt::format("a step is a table with one of these keys, found {}",
                                   value.table() ? "none" : value.type_name()),
                       fmt::format("{}", fmt::join(keys, ", ")));
    return nullptr;
  }
  if (value.find("inject"))
    return std::ranges::find(rows, "inject", &Row::key);  // a fault may have a key `raw`
  const Row* found = nullptr;
  for (const Value::Member& member : *value.table()) {
    const Row* const row = std::ranges::find(rows, member.key, &Row::key);
    if (row == std::end(rows)) continue;
    if (found) {
      diagnostics_.error(member.place,
                         fmt::format("a step does one thing: `{}` or `{}`?", found->key, row->key),
                         "write two steps");
      return nullptr;
    }
    found = row;
  }
  if (!found) {
    const Value::Member& member = value.table()->front();
    diagnostics_.error(member.place, fmt::format("unknown step `{}`", member.key), suggest(member.key, keys));
  }
  return found;
}

bool ScriptReader::allowed_here(const Row& row, const Value& at, bool first) {
  const auto refuse = [&](std::string_view why) {
    diagnostics_.error(at.place, fmt::format("`{}` cannot stand here: {}", row.key, why));
    return false;
  };
  const bool answers = row.key == "accept" || row.key == "respond";
  if (block_ == Block::request_rule) {
    const bool fits = row.key == "respond" || row.key == "wait" || row.key == "mark" || row.key == "inject";
    return fits || refuse("a plain request is answered with wait, mark, inject and respond");
  }
  if (answers && player_ == Player::client)
    return refuse("it answers an upgrade, which a client does not get");
  if (answers && (block_ != Block::script || !first))
    return refuse("it answers the upgrade, as the first step");
  if (row.key == "on" && block_ != Block::script) return refuse("a rule stands among the script's own steps");
  return true;
}

/// The `steps` of a block.
const Value* ScriptReader::list_of(TableReader& reader, std::string_view of) {
  const Value* list = reader.raw("steps");
  if (!list) reader.error(fmt::format("`{}` needs `steps`", of));
  return list;
}

std::optional<ScriptReader::Content> ScriptReader::repeat(TableReader& reader) {
  const std::optional<std::int64_t> times = reader.integer("repeat", 1, most_repetitions);
  const Value* list = list_of(reader, "repeat");
  if (!list) return std::nullopt;
  model::Steps inner = steps(*list, Block::repeat);
  if (!times) return std::nullopt;
  return model::RepeatStep{*times, std::move(inner)};
}

/// A rule reacts to what its own connection's peer sends, as it arrives.
bool ScriptReader::can_start_rule(const fault::Moment& moment, Place place) {
  const auto refuse = [&](std::string_view why) {
    diagnostics_.error(place,
                       fmt::format("the rule on \"{}\" never starts: {}", fault::to_string(moment), why),
                       "a rule is on what the other side sends on this connection, as it comes");
    return false;
  };
  const wire::Side self = player_ == Player::client ? wire::Side::client : wire::Side::server;
  if (moment.done) return refuse("what is forwarded is not seen by a party");
  if (moment.from == self) return refuse("that is what this party sends itself");
  if (moment.of || moment.at) return refuse("it stands on its own connection, without `of` and `at`");
  return true;
}

std::optional<ScriptReader::Content> ScriptReader::rule(TableReader& reader) {
  const Value& on = *reader.raw("on");
  const std::optional<fault::Moment> moment = fault::read_moment(on, diagnostics_);
  const Value* list = list_of(reader, "on");
  if (moment && !starts_rule(*moment)) {
    diagnostics_.error(on.place, fmt::format("a rule cannot stand on \"{}\"", fault::to_string(*moment)),
                       "on a message, ping, pong, close, or http /re/");
    return std::nullopt;
  }
  const bool on_request = moment && moment->kind == fault::Moment::Kind::http;
  if (on_request && player_ == Player::client) {
    diagnostics_.error(on.place, "plain requests come to a fake upstream, not to a client");
    return std::nullopt;
  }
  if (on_request && session_ > 0) {
    diagnostics_.error(on.place, "a plain request has no number of its own, so no session answers it",
                       "such a rule stands in the `steps` of the upstream");
    return std::nullopt;
  }
  if (moment && !can_start_rule(*moment, on.place)) return std::nullopt;
  if (!list) return std::nullopt;
  model::Steps inner = steps(*list, on_request ? Block::request_rule : Block::rule);
  if (!moment) return std::nullopt;
  return model::RuleStep{*moment, std::move(inner)};
}

/// Turns the step's table into a fault's: it strikes when the script gets there, on the connection that plays
/// it.
std::optional<ScriptReader::Content> ScriptReader::inject(const Value& table) {
  if (const Value* when = table.find("when")) {
    diagnostics_.error(when->place, "`when` cannot stand here: a step strikes when it is reached",
                       "`after` may delay it");
    return std::nullopt;
  }
  const std::string name = fmt::format("inject:{}:{}", party_, ++injections_);
  Value stated = table;
  const auto set = [&](std::string_view key, std::string text) {
    Value value(std::move(text));
    value.place = table.place;
    stated.set(key, std::move(value));
  };
  set("when", "mark " + name);
  const Value* inject = table.find("inject");
  const fault::Entry* entry = inject->text() ? fault::find_entry(*inject->text()) : nullptr;
  if (entry && entry->stand == fault::Stand::link && !link_.empty() && !table.find("at")) set("at", link_);
  const Value* scope = table.find("scope");
  const bool whole_link = scope && scope->text() && *scope->text() == "link";
  if (entry && entry->strikes_connections() && !whole_link) {
    if (!table.find("connections")) set("connections", session_ > 0 ? std::to_string(session_) : "all");
    const Value* at = table.find("at");
    const bool at_its_link = !at || !at->text() || link_.empty() || *at->text() == link_;
    if (player_ == Player::client && at_its_link && !table.find("of")) set("of", party_);
  }
  yield_.injected.push_back(std::move(stated));
  // An immediate RST is meant to lose bytes in flight.
  const Value* flush = table.find("flush");
  const bool at_once = flush && flush->boolean() && !*flush->boolean();
  return model::MarkStep{name, !at_once};
}

}  // namespace wsfault::scenario
