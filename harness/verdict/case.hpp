// Everything that judging a log needs to know of a case: values only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fault/fault_spec.hpp"
#include "model/system.hpp"
#include "verdict/expectation.hpp"

namespace wsfault::verdict {

/// The party of the clients that `alive` sends; one that is not let in comes again.
inline constexpr std::string_view visitor = "visitor";

/// A client of ours: when it starts, how many there are of it, and what its script must see first.
struct PlayedClient {
  std::string name;
  int count = 1;
  fault::Moment start;
  std::string awaits;  ///< as model::awaited() has it; empty: nothing
};

/// Where no limit is declared, so long is waited: what has not come by then is undecided.
inline constexpr Duration usual_wait = std::chrono::seconds(5);

struct Case {
  model::Role role = model::Role::client;
  model::System system;  ///< kind, traits, dialect, report
  std::vector<fault::FaultSpec> faults;
  std::vector<Expectation> expectations;
  std::vector<PlayedClient> clients;
  bool appropriate = true;   ///< does the oracle judge?
  double timeout_scale = 1;  ///< scales every upper bound
  Duration wait = usual_wait;  ///< for what no declared limit bounds

  /// The highest number of a connection of which a fault or an expectation speaks; at least 1. A client may
  /// come back without end: what goes on by itself is waited for on these alone.
  int last_named_connection() const {
    int last = 1;
    for (const fault::FaultSpec& fault : faults) last = std::max(last, fault.connections.last);
    for (const Expectation& each : expectations) last = std::max(last, each.connection);
    return last;
  }
  /// How many clients the system under test is: the trait `instances`; 1 where it is not declared.
  std::size_t instances() const {
    return static_cast<std::size_t>(std::max<std::int64_t>(1, system.traits.integer("instances").value_or(1)));
  }
};

}  // namespace wsfault::verdict
