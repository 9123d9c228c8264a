// What a kind of expectation finds in a log, and how that is settled against the bounds of time and number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verdict/expect/question.hpp"
#include "verdict/finding.hpp"

namespace wsfault::verdict {

struct Answer {
  State state = State::pending;
  std::string seen;                ///< one phrase
  std::optional<std::int64_t> at;  ///< of the event that decided it
  std::int64_t look_again = 0;     ///< while pending; 0: time alone decides nothing
  Cause shows = Cause::none;       ///< what it shows of the system where it is violated; none: what its kind shows
  std::string remedy = {};         ///< while it is inconclusive: what would decide it; may be empty
};

/// Something of the kind that is expected.
struct Sighting {
  std::int64_t at = 0;
  bool matches = false;
  std::string seen;  ///< "it reported 1006, not clean"
};

/// Of an expectation that something happens.
struct Sightings {
  std::vector<Sighting> all;               ///< in the order of time
  bool first_decides = false;              ///< there is but one: the first since `since`, right or wrong
  Bound<std::int64_t> count{1, {}};        ///< of those that match; an upper bound is judged at `until`
  std::optional<Sighting> forerunner;      ///< must not come before `not_before` either
  std::optional<std::int64_t> look_again;  ///< when there may be one more by time alone
  std::string nothing;                     ///< what to say where there are none: "it reported no close"
  std::string blind;                       ///< not empty: why none can be seen, so that none proves nothing
  std::string to_see;                      ///< what would let them be seen; may be empty
  Cause none_shows = Cause::none;          ///< what it shows of the system that there are none, or too few
  bool ended = false;                      ///< none can come any more
  std::string why_late;                    ///< what is known of why none came in time; may be empty
};
Answer settle(const Question& question, const Sightings& sightings);
/// None of them may match until `for` is over.
Answer settle_never(const Question& question, const Sightings& sightings);

/// Of an expectation of what one client does, where the system is several (trait `instances`): undecided, and `why`.
Answer of_one_of_many(const Question& question, std::string_view why);

/// Of an expectation that something holds until `for` is over.
struct Breach {
  std::int64_t at = 0;
  std::string seen;
};
/// `summary`: what to say where it holds. `look_again`: when a breach may come by time alone, before `until`.
Answer hold(const Question& question, const std::optional<Breach>& breach, std::string summary,
            std::optional<std::int64_t> look_again = {});

}  // namespace wsfault::verdict
