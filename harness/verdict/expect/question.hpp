// One expectation put to a log: of whom, on which connection, since when and until when.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "record/event.hpp"
#include "trace/view.hpp"
#include "verdict/case.hpp"

namespace wsfault::verdict {

/// Times are log times in nanoseconds.
struct Question {
  const Expectation& expectation;
  const Case& scenario;
  const trace::Trace& trace;
  std::int64_t now = 0;
  bool over = false;

  std::string party;      ///< who must see it
  trace::Vantage seat;    ///< its connections; on the server side: of `seat.party`, its client
  bool everyone = false;  ///< the seat serves the connections of every client
  int connection = 1;     ///< the one that is looked at
  std::optional<std::int64_t> struck_at;  ///< when a fault first struck it

  std::optional<std::int64_t> since;
  std::string since_name;     ///< "the fault", "open of connection 1"
  std::int64_t earliest = 0;  ///< since + not_before
  std::int64_t latest = 0;    ///< since + within (with timeout_scale), or + for
  std::int64_t until = 0;     ///< since + for, or `latest`

  /// Reports that the party made itself are to be had, if there are any at all.
  bool reports_itself() const { return party == seat.party; }
  /// Does it happen on one of the party's connections?
  bool is_mine(const record::Where& where) const;
  /// The sides of the connections with the number that is looked at: one, or one of every client.
  std::vector<const trace::Leg*> legs() const;
};

Question ask(const Expectation& expectation, const Case& scenario, const trace::Trace& trace,
             std::int64_t now, bool over);

/// The moment as it is meant here: on the link, of the party and on the connection that are looked at, where
/// it does not say another.
fault::Moment placed(fault::Moment moment, const Question& question);

/// "12ms after the fault", "3ms before the fault".
std::string relative(const Question& question, std::int64_t at);

/// Attempts to connect, without plain HTTP requests. One whose request has not come yet counts after a while.
struct Attempts {
  std::vector<std::reference_wrapper<const trace::Leg>>
      all;                                 ///< in order; number 0 (refused attempts that were reported) first
  std::optional<std::int64_t> look_again;  ///< when one counts that does not yet
};
Attempts attempts(const Question& question);
/// When the system, where it is the one that connects, was refused while nobody listened.
std::vector<std::int64_t> refused_attempts(const Question& question);

}  // namespace wsfault::verdict
