// Attributes: one reader for each type, and the defaults.
#include "fault/attribute.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "fault/catalogue.hpp"

namespace wsfault::fault {
namespace {

std::optional<wire::Headers> read_headers(TableReader& table, const Attribute& attribute) {
  const Value* value = table.raw(attribute.name);
  if (value->table() == nullptr) {
    table.error(*value, fmt::format("`{}` must be a table of header fields, found {}", attribute.name,
                                    value->type_name()));
    return std::nullopt;
  }
  wire::Headers headers;
  for (const Value::Member& member : *value->table()) {
    if (member.value.text() == nullptr) {
      table.error(member.value, fmt::format("the header field \"{}\" must be a string", member.key));
      return std::nullopt;
    }
    headers.push_back({member.key, *member.value.text()});
  }
  return headers;
}

std::optional<std::string> bytes_of_hex(const std::string& hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned byte = 0;
    const char* pair = hex.data() + i;
    if (std::from_chars(pair, pair + 2, byte, 16).ptr != pair + 2) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

/// A text, or bytes as { hex = "…" }.
std::optional<std::string> read_text(TableReader& table, const Attribute& attribute) {
  const Value* hex = table.raw(attribute.name)->find("hex");
  if (hex == nullptr || hex->text() == nullptr) return table.text(attribute.name);
  auto bytes = bytes_of_hex(*hex->text());
  if (!bytes) table.error(*hex, "`hex` must be pairs of hexadecimal digits");
  return bytes;
}

std::optional<std::int64_t> read_integer(TableReader& table, const Attribute& attribute) {
  const auto number = table.integer(attribute.name, static_cast<std::int64_t>(attribute.low),
                                    static_cast<std::int64_t>(attribute.high));
  if (!number || attribute.names.empty()) return number;
  if (std::ranges::find(attribute.names, std::to_string(*number)) != attribute.names.end()) return number;
  table.error(*table.raw(attribute.name),
              fmt::format("`{}` must be {}", attribute.name, describe_type(attribute)));
  return std::nullopt;
}

std::optional<std::size_t> read_size(TableReader& table, const Attribute& attribute) {
  const auto size = table.size(attribute.name);
  if (!size) return std::nullopt;
  const auto bytes = static_cast<double>(*size);
  if (attribute.high > 0 && (bytes < attribute.low || bytes > attribute.high)) {
    table.error(*table.raw(attribute.name), fmt::format("`{}` must be {}, found {}", attribute.name,
                                                        describe_type(attribute), format_size(*size)));
    return std::nullopt;
  }
  return size;
}

/// One, or a list of them.
std::optional<std::vector<Duration>> read_durations(TableReader& table, const Attribute& attribute) {
  const auto texts = table.texts(attribute.name);
  if (!texts) return std::nullopt;
  std::vector<Duration> durations;
  for (const std::string& text : *texts) {
    const auto duration = parse_duration(text);
    if (!duration) {
      table.error(*table.raw(attribute.name), duration.error());
      return std::nullopt;
    }
    if (attribute.above_zero && *duration == Duration(0)) {
      table.error(*table.raw(attribute.name),
                  fmt::format("\"{}\" must be above 0, found \"{}\"", attribute.name, text));
      return std::nullopt;
    }
    durations.push_back(*duration);
  }
  if (!durations.empty()) return durations;
  table.error(*table.raw(attribute.name),
              fmt::format("`{}` must be {}", attribute.name, describe_type(attribute)));
  return std::nullopt;
}

std::optional<AttributeValue> read_stated(TableReader& table, const Attribute& attribute) {
  switch (attribute.type) {
    case AttributeType::duration:
      return attribute.above_zero ? table.positive_duration(attribute.name) : table.duration(attribute.name);
    case AttributeType::size:
      return read_size(table, attribute);
    case AttributeType::integer:
      return read_integer(table, attribute);
    case AttributeType::number:
      return table.number(attribute.name, attribute.low, attribute.high);
    case AttributeType::boolean:
      return table.boolean(attribute.name);
    case AttributeType::text:
      return read_text(table, attribute);
    case AttributeType::headers:
      return read_headers(table, attribute);
    case AttributeType::command:
      return table.texts(attribute.name);
    case AttributeType::durations:
      return read_durations(table, attribute);
    case AttributeType::one_of:
      return table.one_of(attribute.name, attribute.names);
  }
  return std::nullopt;
}

/// Header fields and commands have no defaults.
std::optional<AttributeValue> read_fallback(const Attribute& attribute) {
  if (attribute.fallback.empty()) return std::nullopt;
  const std::string text(attribute.fallback);
  switch (attribute.type) {
    case AttributeType::duration:
      return *parse_duration(text);
    case AttributeType::size:
      return *parse_size(text);
    case AttributeType::integer:
      return std::int64_t{std::stoll(text)};
    case AttributeType::number:
      return std::stod(text);
    case AttributeType::boolean:
      return text == "true";
    case AttributeType::text:
    case AttributeType::one_of:
      return text;
    case AttributeType::durations:
      return std::vector<Duration>{*parse_duration(text)};
    case AttributeType::headers:
    case AttributeType::command:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::any read_attributes(TableReader& table, const Entry& entry) {
  std::any own = entry.blank;
  for (const Attribute& attribute : entry.attributes) {
    const bool stated = table.raw(attribute.name) != nullptr;
    if (!stated && attribute.fallback.empty() && !attribute.optional) {
      table.error(fmt::format("`{}` needs `{}`: {}", entry.name, attribute.name, attribute.doc),
                  describe_type(attribute));
    } else if (const auto value = stated ? read_stated(table, attribute) : read_fallback(attribute)) {
      attribute.set(own, *value);
    }
  }
  return own;
}

std::string describe_type(const Attribute& attribute) {
  switch (attribute.type) {
    case AttributeType::duration:
      return attribute.above_zero ? "a duration above 0, like \"250ms\"" : "a duration like \"250ms\"";
    case AttributeType::size:
      if (attribute.high == 0) return "a size like \"64KiB\"";
      return fmt::format("a size from {} to {}", format_size(static_cast<std::uint64_t>(attribute.low)),
                         format_size(static_cast<std::uint64_t>(attribute.high)));
    case AttributeType::integer:
      if (!attribute.names.empty()) return fmt::format("one of: {}", fmt::join(attribute.names, ", "));
      return fmt::format("an integer from {:.0f} to {:.0f}", attribute.low, attribute.high);
    case AttributeType::number:
      return fmt::format("a number from {} to {}", attribute.low, attribute.high);
    case AttributeType::boolean:
      return "true or false";
    case AttributeType::text:
      return "a string";
    case AttributeType::one_of:
      return fmt::format("one of: {}", fmt::join(attribute.names, ", "));
    case AttributeType::headers:
      return "a table of header fields, { Name = \"value\" }";
    case AttributeType::command:
      return "a list of strings";
    case AttributeType::durations:
      return attribute.above_zero ? "a duration above 0, like \"250ms\", or a list of them"
                                  : "a duration like \"250ms\", or a list of them";
  }
  return {};
}

}  // namespace wsfault::fault
