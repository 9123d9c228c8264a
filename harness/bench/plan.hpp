// The request for a benchmark, turned into the scenario of one round.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenario/load.hpp"
#include "value/result.hpp"
#include "value/units.hpp"

namespace wsfault::bench {

struct Plan {
  std::string fault;
  std::vector<std::pair<std::string, std::string>> with;  ///< the fault's own attributes: name, value
  std::string when;                                       ///< a moment; empty: 90 ms after the open
  std::optional<Duration> down;                           ///< how long the server stays away
  Duration spread{0};  ///< maximum of a random extra delay of the fault, drawn for each round
  Duration within{std::chrono::seconds(60)};  ///< from the fault to the first message again
  int rounds = 100;
  int warmup = 5;  ///< rounds before those that count
  std::size_t parallel = 4;
};

/// The fault of a round's case that is measured; it is the first of its faults.
inline constexpr std::string_view struck_fault = "strike";

/// The catalogue's faults that can strike an open connection of a client, in catalogue order.
std::vector<std::string_view> possible_faults();

/// The case that every round plays. The error is one or more sentences, each on a line: an unknown fault, a
/// wrong attribute or moment, a `down` that the fault cannot take.
Result<scenario::LoadedCase> plan_round(const Plan& plan, const model::System& system,
                                        const std::map<std::string, std::string>& set);

}  // namespace wsfault::bench
