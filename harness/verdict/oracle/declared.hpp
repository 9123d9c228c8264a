// What a system declares of a limit.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/system.hpp"

namespace wsfault::verdict::oracle {

/// Of a limit that several traits make up: their sum, that there is none, or which of them nothing is said of.
struct Declared {
  std::optional<Duration> length;
  bool none = false;                   ///< one of them is "none"
  std::vector<std::string_view> open;  ///< not declared

  bool is_open() const { return !open.empty() && !none; }
};
Declared declared(std::span<const std::string_view> traits, const model::Traits& traits_of_system);

/// "its heartbeat and heartbeat timeout are not declared".
std::string not_declared(const std::vector<std::string_view>& traits);
/// What would decide it: "Declare it: --set heartbeat=20s, or --set heartbeat=none if there is none."
std::string how_to_declare(const std::vector<std::string_view>& traits);

}  // namespace wsfault::verdict::oracle
