// Moments: their text and table forms, and how each one is written in the log.
#include "fault/moment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "fault/moment_kinds.hpp"
#include "value/reader.hpp"
#include "wire/field.hpp"

namespace wsfault::fault {
namespace {

using Kind = Moment::Kind;

const MomentKind* find_kind(std::string_view name) {
  const auto found = std::ranges::find(moment_kinds(), name, &MomentKind::name);
  return found == moment_kinds().end() ? nullptr : &*found;
}

std::vector<std::string_view> names() {
  std::vector<std::string_view> result;
  for (const MomentKind& row : moment_kinds()) {
    if (std::ranges::find(result, row.name) == result.end()) result.push_back(row.name);
  }
  return result;
}

bool is_regex(std::string_view text) { return text.size() >= 2 && text.front() == '/' && text.back() == '/'; }

bool is_quoted(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"';
}

std::optional<std::string> take_number(std::string_view text, Moment& moment) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), moment.number);
  if (failure == std::errc() && end == text.data() + text.size() && moment.number >= 1) return std::nullopt;
  return fmt::format("\"{}\" is no number from 1", text);
}

std::optional<std::string> take_regex(std::string_view text, Moment& moment) {
  Result<TextPattern> pattern = TextPattern::parse(text);
  if (!pattern) return pattern.error();
  moment.pattern = std::move(*pattern);
  return std::nullopt;
}

/// ">64KiB", ">=1KiB", "<10", "<=10".
std::optional<std::string> take_size(std::string_view text, Moment& moment) {
  const bool above = text.front() == '>';
  const bool inclusive = text.size() > 1 && text[1] == '=';
  const Result<std::uint64_t> size = parse_size(wire::trim(text.substr(inclusive ? 2 : 1)));
  if (!size) return size.error();
  const auto bytes = static_cast<std::int64_t>(*size);
  moment.kind = Kind::message_size;
  if (above) {
    moment.size.low = inclusive ? bytes : bytes + 1;
  } else {
    moment.size.high = inclusive ? bytes : bytes - 1;
  }
  return std::nullopt;
}

std::optional<std::string> take_message(std::string_view text, Moment& moment) {
  if (is_quoted(text)) text = wire::trim(text.substr(1, text.size() - 2));
  if (text.starts_with('>') || text.starts_with('<')) return take_size(text, moment);
  if (is_regex(text)) {
    moment.kind = Kind::message_text;
    return take_regex(text, moment);
  }
  if (!take_number(text, moment)) return std::nullopt;
  return R"(it takes a number, a regex or a size: "message 3", "message /re/", "message >64KiB")";
}

std::optional<std::string> take_duration(std::string_view text, Moment& moment) {
  const Result<Duration> duration = parse_duration(text);
  if (!duration) return duration.error();
  if (*duration <= Duration::zero()) return "it takes a duration above 0";
  moment.idle = *duration;
  return std::nullopt;
}

/// What is wrong with the argument; none if nothing.
std::optional<std::string> take_argument(const MomentKind& row, std::string_view text, Moment& moment) {
  switch (row.argument) {
    case Argument::none:
      return text.empty() ? std::nullopt
                          : std::optional(fmt::format("it takes nothing, but \"{}\" follows", text));
    case Argument::number:
      if (text.empty()) return fmt::format("it takes a number: \"{} 1\"", row.name);
      return take_number(text, moment);
    case Argument::number_or_text:
      return take_message(text, moment);
    case Argument::regex:
      if (!is_regex(text)) return fmt::format("it takes a regex: \"{} /re/\"", row.name);
      return take_regex(text, moment);
    case Argument::duration:
      if (text.empty()) return fmt::format("it takes a duration: \"{} 30s\"", row.name);
      return take_duration(text, moment);
    case Argument::name:
      if (text.empty()) return fmt::format("it takes a name: \"{} NAME\"", row.name);
      moment.name = text;
      return std::nullopt;
  }
  return std::nullopt;
}

/// Removes "done" from the end, where the moment may have it.
bool take_done(const MomentKind& row, std::string_view& rest) {
  if (!row.has_done) return false;
  if (rest == "done") {
    rest = {};
    return true;
  }
  if (!rest.ends_with(" done")) return false;
  rest = wire::trim(rest.substr(0, rest.size() - 5));
  return true;
}

void read_narrowing(TableReader& table, Moment& moment) {
  if (const auto from = table.one_of("from", {"client", "server"})) {
    if (!moment_kind(moment.kind).has_sender) {
      table.error(*table.raw("from"),
                  fmt::format("nobody sends \"{}\": it takes no `from`", to_string(moment)));
    }
    moment.from = *from == "client" ? record::Side::client : record::Side::server;
  }
  moment.of = table.text("of");
  moment.at = table.text("at");
  if (const auto connection = table.integer("connection", 1, 1'000'000)) {
    moment.connection = static_cast<int>(*connection);
  }
}

std::string size_text(const Bound<std::int64_t>& size) {
  if (size.low) return ">" + format_size(static_cast<std::uint64_t>(*size.low - 1));
  return "<" + format_size(static_cast<std::uint64_t>(size.high.value_or(0) + 1));
}

std::string base_text(const Moment& moment) {
  const MomentKind& row = moment_kind(moment.kind);
  switch (moment.kind) {
    case Kind::message:
    case Kind::frame:
    case Kind::ping:
    case Kind::pong:
    case Kind::byte:
      return fmt::format("{} {}", row.name, moment.number);
    case Kind::message_text:
    case Kind::http:
    case Kind::log:
      return fmt::format("{} {}", row.name, moment.pattern ? moment.pattern->to_string() : "");
    case Kind::message_size:
      return fmt::format("{} {}", row.name, size_text(moment.size));
    case Kind::idle:
      return fmt::format("{} {}", row.name, format_duration(moment.idle));
    case Kind::fault:
    case Kind::healed:
    case Kind::mark:
      return fmt::format("{} {}", row.name, moment.name);
    case Kind::start:
    case Kind::connect:
    case Kind::upgrade:
    case Kind::open:
    case Kind::close:
    case Kind::end:
    case Kind::exit:
      return std::string(row.name);
  }
  return {};
}

}  // namespace

Result<Moment> parse_moment(std::string_view text) {
  const std::string_view whole = wire::trim(text);
  const auto space = whole.find_first_of(" \t");
  const std::string_view name = whole.substr(0, space);
  const MomentKind* row = find_kind(name);
  if (!row) return Error{fmt::format("unknown moment \"{}\"; {}", whole, suggest(name, names()))};
  std::string_view rest =
      space == std::string_view::npos ? std::string_view() : wire::trim(whole.substr(space));
  Moment moment;
  moment.kind = row->kind;
  moment.done = take_done(*row, rest);
  if (const auto wrong = take_argument(*row, rest, moment)) {
    return Error{fmt::format("wrong moment \"{}\": {}", whole, *wrong)};
  }
  return moment;
}

std::optional<Moment> read_moment(const Value& value, Diagnostics& diagnostics) {
  const Value* text = &value;
  if (value.table()) {
    text = value.find("moment");
    if (!text) {
      diagnostics.error(value.place, "a moment's table lacks `moment`",
                        R"({ moment = "message 2", from = "server", of = NAME, at = LINK, connection = 3 })");
      return std::nullopt;
    }
  }
  if (!text->text()) {
    diagnostics.error(text->place, fmt::format("a moment is a string or a table, not {}", text->type_name()),
                      R"(as in "message 3" or { moment = "message 3", from = "server" })");
    return std::nullopt;
  }
  Result<Moment> moment = parse_moment(*text->text());
  if (!moment) {
    diagnostics.error(text->place, moment.error());
    return std::nullopt;
  }
  if (value.table()) {
    const std::size_t errors = diagnostics.errors().size();
    TableReader table(value, diagnostics, "a moment");
    table.raw("moment");
    read_narrowing(table, *moment);
    table.finish();
    if (diagnostics.errors().size() > errors) return std::nullopt;
  }
  return *std::move(moment);
}

std::string to_string(const Moment& moment) {
  std::string text = base_text(moment);
  if (moment.done) text += " done";
  if (moment.from) text += fmt::format(" from {}", wire::to_string(*moment.from));
  if (moment.connection) text += fmt::format(" of connection {}", *moment.connection);
  if (moment.of) text += " of " + *moment.of;
  if (moment.at) text += " at " + *moment.at;
  return text;
}

}  // namespace wsfault::fault
