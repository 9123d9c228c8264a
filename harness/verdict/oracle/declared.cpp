#include "verdict/oracle/declared.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"

namespace wsfault::verdict::oracle {

Declared declared(std::span<const std::string_view> traits, const model::Traits& traits_of_system) {
  Declared result;
  Duration sum(0);
  for (const std::string_view name : traits) {
    const auto value = traits_of_system.duration(name);
    if (value) {
      sum += *value;
    } else if (traits_of_system.is_none(name)) {
      result.none = true;
    } else {
      result.open.push_back(name);
    }
  }
  if (!result.none && result.open.empty()) result.length = sum;
  return result;
}

std::string not_declared(const std::vector<std::string_view>& traits) {
  std::vector<std::string> names;
  for (const std::string_view name : traits) {
    std::string words(name);
    std::ranges::replace(words, '_', ' ');
    names.push_back(std::move(words));
  }
  return fmt::format("its {} {} not declared", listed(names, "and"), names.size() == 1 ? "is" : "are");
}

std::string how_to_declare(const std::vector<std::string_view>& traits) {
  std::vector<std::string> options;
  for (const std::string_view name : traits) options.push_back(fmt::format("--set {}=20s", name));
  return fmt::format("Declare it: {}, or --set {}=none if there is none.", fmt::join(options, " "), traits.front());
}

}  // namespace wsfault::verdict::oracle
