// When a party must have dealt with a break, and when it may not yet have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "verdict/oracle/row.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// In log time; time in which the party was frozen is left out of upper bounds, and the timeout scale counts.
struct Limits {
  std::optional<std::int64_t> due;  ///< it must have acted; none: it is not bound
  std::optional<Duration> length;   ///< the same as a length, for words
  std::int64_t earliest = 0;        ///< its limit may not have fired before
  Declared declared;

  bool is_up(const Horizon& horizon) const { return due && horizon.now > *due; }
};

/// Of a client or server. A silence may begin just after the last ping: then only the time-out of the next
/// one is left, and the interval before it counts for the upper bound alone.
Limits limits_of(const Break& broke, const Row& row, const Scene& scene);
/// `limit`: that of the row, or what counts in its place.
Limits limits_from(const Row& row, Declared limit, std::int64_t from, const Scene& scene);

/// What a party is said to have done, in the words of its role.
struct TimeWords {
  std::string_view early = "{} before its limit allows";
  std::string_view late = "{} too late";
  std::string_view never = "not in its time";
  std::string_view unlimited = "nothing ended it";
  Cause cause_of_early = Cause::limit_too_early;
};

/// Its limit fired in its time: not before, and not long after. `otherwise`: the cause of what is late though
/// a limit is declared.
Opinion in_time(std::int64_t at, const Limits& limits, const Row& row, Cause otherwise,
                const TimeWords& words = {});
/// Nothing done so far: holds where the row lets it stay as it is.
Opinion on_nothing(const Limits& limits, const Row& row, const Scene& scene, Cause otherwise,
                   const TimeWords& words = {});

/// " within 1.5s", empty where time does not count.
std::string within_words(const Limits& limits, const Row& row);

}  // namespace wsfault::verdict::oracle
