// Field names and values of HTTP (RFC 9110 5): comparison, white space, lists.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/handshake.hpp"

namespace wsfault::wire {

/// Of ASCII letters, whatever the locale.
bool equal_without_case(std::string_view first, std::string_view second);
std::string lowered(std::string_view text);

/// Without the blanks and tabs around it (RFC 9110 5.6.3).
std::string_view trim(std::string_view text);
/// Up to `separator` outside a quoted string: an extension's parameter may contain one.
std::string_view until(std::string_view text, char separator);

/// Of all headers of that name, trimmed.
std::vector<std::string_view> values(const Headers& headers, std::string_view name);
/// The items of a comma-separated list that may be spread over several headers; empty items mean nothing
/// (RFC 9110 5.6.1).
std::vector<std::string_view> list_items(const Headers& headers, std::string_view name);

}  // namespace wsfault::wire
