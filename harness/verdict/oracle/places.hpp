// How many connections a server held at any time. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/system.hpp"
#include "verdict/oracle/break.hpp"

namespace wsfault::verdict::oracle {

/// How many connections had begun, less those that had ended, at any time.
class Tally {
 public:
  void add(std::int64_t begin, std::optional<std::int64_t> end);
  /// Once, after all were added.
  void sort();
  std::int64_t at(std::int64_t time) const;

 private:
  std::vector<std::int64_t> begins_;
  std::vector<std::int64_t> ends_;
};

struct Places {
  Tally taken;  ///< by connections that may hold one: accepted, not ended for the grace
  Tally open;   ///< by those open beyond doubt: let in before, and neither side ends it
};

/// The server's sides of all connections to it, in the order of their accepts.
std::vector<const Leg*> served_legs(const trace::Trace& trace);
/// Counted where the system declares how many it has (`max_connections`); else none are taken.
Places places_of(const trace::Trace& trace, const model::Traits& traits);

}  // namespace wsfault::verdict::oracle
