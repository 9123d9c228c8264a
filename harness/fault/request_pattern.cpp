#include "fault/request_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "wire/field.hpp"

namespace wsfault::fault {
namespace {

std::optional<TextPattern> read_pattern(TableReader& table, std::string_view key, const Value& value) {
  if (value.text() == nullptr) {
    table.error(value, fmt::format("\"{}\" takes a text or a /regex/, found {}", key, value.type_name()));
    return std::nullopt;
  }
  Result<TextPattern> pattern = TextPattern::parse(*value.text());
  if (pattern) return *std::move(pattern);
  table.error(value, fmt::format("\"{}\": {}", key, pattern.error()));
  return std::nullopt;
}

HeaderPatterns read_headers(TableReader& table, const Value& value) {
  HeaderPatterns headers;
  if (value.table() == nullptr) {
    table.error(value, fmt::format("`headers` must be a table of header fields, found {}", value.type_name()),
                R"({ Name = "text", Other = "/regex/" })");
    return headers;
  }
  for (const Value::Member& member : *value.table()) {
    if (auto pattern = read_pattern(table, member.key, member.value))
      headers.emplace_back(member.key, *std::move(pattern));
  }
  return headers;
}

}  // namespace

bool matches_target(const TextPattern& path, std::string_view target) {
  return path.matches(target) || path.matches(target.substr(0, target.find('?')));
}

bool matches_header(const wire::Headers& headers, std::string_view name, const TextPattern& pattern) {
  return std::ranges::any_of(headers, [&](const wire::Header& header) {
    return wire::equal_without_case(header.name, name) && pattern.matches(header.value);
  });
}

bool RequestPattern::matches(const wire::RequestHead& request) const {
  if (path && !matches_target(*path, request.target)) return false;
  return std::ranges::all_of(headers, [&](const auto& header) {
    return matches_header(request.headers, header.first, header.second);
  });
}

std::string RequestPattern::to_string() const {
  std::string text;
  if (path) text = fmt::format("path {}", path->to_string());
  for (const auto& [name, pattern] : headers)
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", name, pattern.to_string());
  return text;
}

std::optional<RequestPattern> read_request_pattern(const Value& value, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.errors().size();
  TableReader table(value, diagnostics, "`connections`");
  RequestPattern pattern;
  if (const Value* path = table.raw("path")) pattern.path = read_pattern(table, "path", *path);
  if (const Value* headers = table.raw("headers")) pattern.headers = read_headers(table, *headers);
  table.finish();
  const bool sound = diagnostics.errors().size() == before;
  if (sound && !pattern.path && pattern.headers.empty()) {
    table.error(std::string("`connections` names no request"),
                R"({ path = "/chat", headers = { Name = "text or /regex/" } })");
    return std::nullopt;
  }
  return sound ? std::optional(std::move(pattern)) : std::nullopt;
}

}  // namespace wsfault::fault
