#include "verdict/expect/handshake.hpp"

#include <fmt/format.h>

#include "wire/field.hpp"

namespace wsfault::verdict {

std::optional<std::string> wrong_header(const wire::Headers& headers, const HeaderPatterns& expected) {
  for (const auto& [name, pattern] : expected) {
    const bool found =
        std::ranges::any_of(headers, [&, &name = name, &pattern = pattern](const wire::Header& header) {
          return wire::equal_without_case(header.name, name) && pattern.matches(header.value);
        });
    if (found) continue;
    const auto value = wire::find_header(headers, name);
    return value ? fmt::format("{}: {}", name, *value) : fmt::format("without {}", name);
  }
  return std::nullopt;
}

}  // namespace wsfault::verdict
