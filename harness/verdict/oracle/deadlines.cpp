// When a client must have acted on a break, when it may not yet have, and when the rest must have followed.
#include "verdict/oracle/deadlines.hpp"

#include <algorithm>

namespace wsfault::verdict::oracle {
namespace {

/// How much of a limit may not be cut short. A silence may begin just behind the last ping: then only the
/// time-out of the next one is left, and the interval before it counts for the upper bound alone.
Duration least_of(const Break& broke, const Row& row, const model::Traits& traits) {
  if (row.limit.at_once() || !row.limit.value) return Duration(0);
  const bool heartbeat = broke.state == State::open && broke.effect.kind == EffectKind::silence;
  const Duration whole =
      heartbeat ? traits.duration("heartbeat_timeout").value_or(Duration(0)) : *row.limit.value;
  return scaled(whole, not_before);
}

}  // namespace

std::int64_t deadline(std::int64_t from, Duration limit, const trace::Process& process, const Case& scenario,
                      std::int64_t now) {
  return process.after(from, scaled(limit, scenario.patience), now);
}

std::int64_t closing_deadline(std::int64_t from, const trace::Process& process, const Case& scenario,
                              std::int64_t now) {
  const auto limit = scenario.system.traits.duration("close_limit");
  return deadline(from, limit ? *limit + grace : undeclared, process, scenario, now);
}

Deadlines deadlines_of(const Break& broke, const Row& row, const trace::Process& process,
                       const Case& scenario, std::int64_t now) {
  Deadlines times;
  if (!row.limit.binds) return times;
  const bool declared = row.limit.at_once() || row.limit.value;
  times.notice_limit = declared ? row.limit.value.value_or(Duration(0)) + grace : undeclared;
  times.notice = deadline(broke.at, *times.notice_limit, process, scenario, now);
  times.earliest = broke.earliest_from + least_of(broke, row, scenario.system.traits).count();
  return times;
}

}  // namespace wsfault::verdict::oracle
