// When a client must have acted on a break, when it may not yet have, and when the rest must have followed.
#pragma once

#include <cstdint>
#include <optional>

#include "trace/view.hpp"
#include "verdict/case.hpp"
#include "verdict/effect.hpp"
#include "verdict/oracle/row.hpp"

namespace wsfault::verdict::oracle {

/// "At once", and what a limit may be late by.
inline constexpr Duration grace = std::chrono::seconds(1);
/// Where no limit is declared, what is not noticed by then is never noticed.
inline constexpr Duration undeclared = std::chrono::seconds(5);
/// The end of a process is seen that much later than those of its connections, at most: the kernel closes its
/// sockets first, and a program that tidies up before it ends closes them itself.
inline constexpr Duration dying = std::chrono::milliseconds(500);
/// The share of a limit that may not be cut short.
inline constexpr double not_before = 0.8;

/// All in log time; time in which the party was frozen is left out of upper bounds, and patience scales them.
struct Deadlines {
  std::optional<std::int64_t> notice;    ///< it must have noticed; none: it is not bound
  std::optional<Duration> notice_limit;  ///< the same as a length, for words
  std::int64_t earliest = 0;             ///< its limit may not have fired before
};

Deadlines deadlines_of(const Break& broke, const Row& row, const trace::Process& process,
                       const Case& scenario, std::int64_t now);

/// The end of the closing handshake: `close_limit` and 1 s (or 5 s) after `from`.
std::int64_t closing_deadline(std::int64_t from, const trace::Process& process, const Case& scenario,
                              std::int64_t now);
/// So long after `from`, scaled and without frozen time.
std::int64_t deadline(std::int64_t from, Duration limit, const trace::Process& process, const Case& scenario,
                      std::int64_t now);

}  // namespace wsfault::verdict::oracle
