// Reads the values of expectations that look at one thing: a close, an answer, a request, a message, an
// event.
#include <fmt/format.h>

#include <algorithm>

#include "verdict/expectation_readers.hpp"

namespace wsfault::verdict {
void wrong(TableReader& table, const Value& value, std::string_view key, std::string_view takes) {
  table.error(value, fmt::format("\"{}\" cannot be {}", key, as_written(value)),
              fmt::format("it takes {}", takes));
}

bool is_regex(const Value& value) {
  return value.text() && value.text()->size() >= 2 && value.text()->starts_with('/') &&
         value.text()->ends_with('/');
}

namespace {

std::optional<TextPattern> pattern_of(TableReader& table, std::string_view key, const Value& value) {
  if (!value.text()) {
    wrong(table, value, key, "a text or a /regex/");
    return std::nullopt;
  }
  Result<TextPattern> pattern = TextPattern::parse(*value.text());
  if (pattern) return *std::move(pattern);
  table.error(value, fmt::format("\"{}\": {}", key, pattern.error()));
  return std::nullopt;
}

std::optional<TextPattern> read_pattern(TableReader& table, std::string_view key) {
  const Value* value = table.raw(key);
  return value ? pattern_of(table, key, *value) : std::nullopt;
}

std::vector<std::pair<std::string, TextPattern>> read_headers(TableReader& table) {
  std::vector<std::pair<std::string, TextPattern>> headers;
  const Value* value = table.raw("headers");
  if (!value) return headers;
  if (!value->table()) {
    wrong(table, *value, "headers", "a table: { Name = \"text\", Other = \"/regex/\" }");
    return headers;
  }
  for (const Value::Member& member : *value->table()) {
    if (auto pattern = pattern_of(table, member.key, member.value))
      headers.emplace_back(member.key, *pattern);
  }
  return headers;
}

// --- codes

struct CodeSpace {
  int lowest;
  int highest;
  bool has_classes;  ///< "5xx"
  std::string_view takes;
};
constexpr CodeSpace close_space{0, 65535, false,
                                R"(a close code, a range "4000-4999", a list of these, or "any")"};
constexpr CodeSpace wire_space{0, 65535, false,
                               R"(a close code, a range, a list of these, "empty" or "any")"};
constexpr CodeSpace status_space{100, 599, true,
                                 R"(an HTTP status, "5xx", a range, a list of these, or "any")"};

std::optional<model::CodeRange> code_range(const Value& value, const CodeSpace& space) {
  if (const std::string* text = value.text(); text && space.has_classes && text->size() == 3) {
    const char digit = text->front();
    if (text->ends_with("xx") && digit >= '1' && digit <= '5') {
      const int first = (digit - '0') * 100;
      return model::CodeRange{first, first + 99};
    }
  }
  const auto range = model::read_code_range(value);
  return range && range->first >= space.lowest && range->last <= space.highest ? range : std::nullopt;
}

std::optional<Codes> read_codes(TableReader& table, std::string_view key, const CodeSpace& space) {
  const Value& value = *table.raw(key);
  Codes codes;
  if (value.text() && *value.text() == "any") {
    codes.any = true;
    return codes;
  }
  const Value::Array one{value};
  for (const Value& each : value.array() ? *value.array() : one) {
    if (const auto range = code_range(each, space)) {
      codes.ranges.push_back(*range);
    } else {
      wrong(table, each, key, space.takes);
      return std::nullopt;
    }
  }
  if (!codes.ranges.empty()) return codes;
  wrong(table, value, key, space.takes);
  return std::nullopt;
}

// --- messages and events

constexpr std::string_view message_takes = R"(a text, a /regex/, { hex = "ff00" } or a size ">64KiB")";

std::optional<std::string> bytes_of_hex(std::string_view hex) {
  static constexpr std::string_view digits = "0123456789abcdef";
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const char lower = hex[i] >= 'A' && hex[i] <= 'F' ? static_cast<char>(hex[i] - 'A' + 'a') : hex[i];
    const auto digit = digits.find(lower);
    if (digit == std::string_view::npos) return std::nullopt;
    if (i % 2 == 0) {
      bytes.push_back(static_cast<char>(digit << 4));
    } else {
      bytes.back() = static_cast<char>(bytes.back() | static_cast<char>(digit));
    }
  }
  return bytes;
}

/// ">64KiB" and its like, by the grammar of moments; none if the text is no size.
std::optional<Bound<std::int64_t>> size_bound(const std::string& text) {
  if (!text.starts_with('>') && !text.starts_with('<')) return std::nullopt;
  const Result<fault::Moment> moment = fault::parse_moment("message " + text);
  return moment && moment->kind == fault::Moment::Kind::message_size ? std::optional(moment->size)
                                                                     : std::nullopt;
}

}  // namespace

Read read_close(TableReader& table, std::string_view key) {
  const auto codes = read_codes(table, key, close_space);
  CloseExpected close;
  close.reason = read_pattern(table, "reason");
  close.clean = table.boolean("clean");
  if (const auto causes = table.texts("cause")) {
    static const std::vector<std::string_view> known = {"reset",          "fin",      "heartbeat", "timeout",
                                                        "protocol-error", "handshake"};
    for (const std::string& cause : *causes) {
      if (std::ranges::find(known, cause) == known.end()) {
        table.error(*table.raw("cause"), fmt::format("unknown cause \"{}\"", cause), suggest(cause, known));
      }
    }
    close.causes = *causes;
  }
  if (!codes) return std::nullopt;
  close.codes = *codes;
  return close;
}

Read read_wire_close(TableReader& table, std::string_view key) {
  WireCloseExpected close;
  if (const auto direction = table.one_of("direction", {"to-client", "to-server", "both"})) {
    if (*direction == "to-client") close.from = record::Side::server;
    if (*direction == "to-server") close.from = record::Side::client;
  }
  const Value& value = *table.raw(key);
  if (value.text() && *value.text() == "empty") {
    close.empty = true;
    return close;
  }
  const auto codes = read_codes(table, key, wire_space);
  if (!codes) return std::nullopt;
  close.codes = *codes;
  return close;
}

Read read_status(TableReader& table, std::string_view key) {
  const auto codes = read_codes(table, key, status_space);
  StatusExpected status;
  status.headers = read_headers(table);
  status.body = read_pattern(table, "body");
  if (!codes) return std::nullopt;
  status.codes = *codes;
  return status;
}

Read read_request(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  TableReader inner(value, table.diagnostics(), "request");
  if (!value.table()) return std::nullopt;
  RequestExpected request;
  request.path = read_pattern(inner, "path");
  request.headers = read_headers(inner);
  request.subprotocol = read_pattern(inner, "subprotocol");
  inner.finish();
  return request;
}

Read read_message(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  MessageExpected message;
  message.count = table.count_bound("count");
  if (value.table()) {
    const Value* hex = value.find("hex");
    if (hex && hex->text() && value.table()->size() == 1) message.bytes = bytes_of_hex(*hex->text());
    if (message.bytes) return message;
  } else if (value.text()) {
    message.size = size_bound(*value.text());
    if (!message.size) message.text = pattern_of(table, key, value);
    return message.size || message.text ? Read(message) : std::nullopt;
  }
  wrong(table, value, key, message_takes);
  return std::nullopt;
}

Read read_event(TableReader& table, std::string_view key) {
  const auto moment = fault::read_moment(*table.raw(key), table.diagnostics());
  return moment ? Read(EventExpected{*moment}) : std::nullopt;
}

Read read_order(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  if (!value.array() || value.array()->size() < 2) {
    wrong(table, value, key, R"(a list of two moments or more: ["message 3", "close"])");
    return std::nullopt;
  }
  OrderExpected order;
  for (const Value& each : *value.array()) {
    if (auto moment = fault::read_moment(each, table.diagnostics()))
      order.moments.push_back(*std::move(moment));
  }
  return order;
}

Read read_log(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  if (!is_regex(value)) {
    wrong(table, value, key, "a /regex/");
    return std::nullopt;
  }
  const auto pattern = pattern_of(table, key, value);
  return pattern ? Read(LogExpected{*pattern}) : std::nullopt;
}

Read read_fault(TableReader& table, std::string_view key) {
  const auto name = table.text(key);
  return name ? Read(FaultExpected{*name}) : std::nullopt;
}

}  // namespace wsfault::verdict
