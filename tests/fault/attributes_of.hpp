// A fault's own attributes as one line: "idle=1400000000ns renewed_by=any".
#pragma once

#include <fmt/chrono.h>
#include <fmt/ranges.h>

#include "fault/catalogue.hpp"

namespace wsfault::fault {

struct PrintAttribute {
  template <typename T>
  std::string operator()(const T& value) const {
    return fmt::format("{}", value);
  }
  std::string operator()(const wire::Headers& headers) const {
    std::string text;
    for (const wire::Header& header : headers) text += fmt::format("{{{}: {}}}", header.name, header.value);
    return text;
  }
};

/// In the order of the catalogue; those that are absent are left out.
inline std::string attributes_of(const FaultSpec& spec) {
  std::string text;
  for (const Attribute& attribute : find_entry(spec.inject)->attributes) {
    const std::optional<AttributeValue> value = attribute.get(spec.attributes);
    if (!value) continue;
    if (!text.empty()) text += ' ';
    text += fmt::format("{}={}", attribute.name, std::visit(PrintAttribute{}, *value));
  }
  return text;
}

}  // namespace wsfault::fault
