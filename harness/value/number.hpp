// Numbers as the whole of a text.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace wsfault {

/// The number that the text is, in decimal; none if anything stands before or after it, or if it is out of
/// T's range.
template <typename T>
std::optional<T> number_of(std::string_view text) {
  T number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace wsfault
