// What steps send: payloads, bytes in hex, header fields.
#include "scenario/payload.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "value/reader.hpp"

namespace wsfault::scenario {
namespace {

std::optional<int> hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return std::nullopt;
}

std::optional<std::string> decode_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    const std::optional<int> high = hex_digit(hex[at]);
    const std::optional<int> low = hex_digit(hex[at + 1]);
    if (!high || !low) return std::nullopt;
    bytes += static_cast<char>(*high * 16 + *low);
  }
  return bytes;
}

std::optional<std::string> read_hex(TableReader& reader) {
  const std::optional<std::string> hex = reader.text("hex");
  if (!hex) return std::nullopt;
  std::optional<std::string> bytes = decode_hex(*hex);
  if (!bytes) reader.error(*reader.raw("hex"), "`hex` is pairs of hexadecimal digits, as in \"ff00\"");
  return bytes;
}

/// One field, or several of that name.
void add_fields(const Value::Member& member, wire::Headers& headers, Diagnostics& diagnostics) {
  const Value::Array alone = {member.value};
  const Value::Array& list = member.value.array() ? *member.value.array() : alone;
  for (const Value& value : list) {
    if (value.text()) {
      headers.push_back({member.key, *value.text()});
    } else {
      diagnostics.error(value.place,
                        fmt::format("the header field `{}` is a string or a list of strings, found {}",
                                    member.key, value.type_name()));
    }
  }
}

constexpr std::uint64_t largest_payload = 256 * 1024 * 1024;

}  // namespace

std::optional<model::Payload> read_payload(const Value& value, std::string_view what,
                                           Diagnostics& diagnostics) {
  if (value.text()) return model::Payload{*value.text(), false, std::nullopt};
  if (!value.table()) {
    diagnostics.error(value.place, fmt::format("`{}` is a payload, found {}", what, value.type_name()),
                      R"(a string, { hex = "ff00" } or { size = "64KiB" })");
    return std::nullopt;
  }
  TableReader reader(value, diagnostics, fmt::format("`{}`", what));
  std::optional<model::Payload> payload;
  if (reader.has("hex") == reader.has("size")) {
    reader.error(fmt::format("`{}` takes exactly one of hex, size", what));
    return std::nullopt;
  }
  if (const std::optional<std::string> bytes = read_hex(reader)) payload = {*bytes, true, std::nullopt};
  if (const std::optional<std::uint64_t> size = reader.size("size")) {
    payload = {"", true, *size};
    if (*size > largest_payload)
      reader.error(*reader.raw("size"), "a payload is made in memory: at most 256MiB", "size = \"256MiB\"");
  }
  reader.finish();
  return payload;
}

std::optional<std::string> read_bytes(const Value& value, std::string_view what, Diagnostics& diagnostics) {
  if (value.text()) return *value.text();
  if (!value.find("hex")) {
    diagnostics.error(value.place, fmt::format("`{}` is bytes, found {}", what, value.type_name()),
                      R"(a string or { hex = "ff00" })");
    return std::nullopt;
  }
  TableReader reader(value, diagnostics, fmt::format("`{}`", what));
  std::optional<std::string> bytes = read_hex(reader);
  reader.finish();
  return bytes;
}

wire::Headers read_headers(const Value& value, Diagnostics& diagnostics) {
  wire::Headers headers;
  if (!value.table()) {
    diagnostics.error(value.place,
                      fmt::format("`headers` is a table of header fields, found {}", value.type_name()),
                      "{ Cookie = \"x\" }");
    return headers;
  }
  for (const Value::Member& member : *value.table()) add_fields(member, headers, diagnostics);
  return headers;
}

std::optional<std::string> read_name(const Value& value, std::string_view what, Diagnostics& diagnostics) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  const std::string* text = value.text();
  if (text && !text->empty() && std::ranges::all_of(*text, allowed)) return *text;
  diagnostics.error(value.place,
                    fmt::format("`{}` is a name, found {}", what,
                                text ? fmt::format("\"{}\"", *text) : std::string(value.type_name())),
                    "letters, digits, -, _ and .");
  return std::nullopt;
}

}  // namespace wsfault::scenario
