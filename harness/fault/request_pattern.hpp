// What the request of an upgrade is to look like: its path and header fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "value/diagnostic.hpp"
#include "value/reader.hpp"
#include "value/regex.hpp"
#include "wire/handshake.hpp"

namespace wsfault::fault {

/// Header fields by name, in any case; one of several fields of that name suffices.
using HeaderPatterns = std::vector<std::pair<std::string, TextPattern>>;

struct RequestPattern {
  std::optional<TextPattern> path;
  HeaderPatterns headers;
  bool matches(const wire::RequestHead& request) const;
  /// "path /private, Authorization: /^Bearer/".
  std::string to_string() const;
};

/// { path = "…", headers = { Name = "…" } }, texts or /regex/, at least one of the two.
std::optional<RequestPattern> read_request_pattern(const Value& value, Diagnostics& diagnostics);

/// A text is the whole target, with its query or without.
bool matches_target(const TextPattern& path, std::string_view target);
bool matches_header(const wire::Headers& headers, std::string_view name, const TextPattern& pattern);

}  // namespace wsfault::fault
