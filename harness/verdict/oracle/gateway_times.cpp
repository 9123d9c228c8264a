// When a gateway must have dealt with a break, and when it may not yet have.
#include "verdict/oracle/gateway_times.hpp"

#include <algorithm>

#include "verdict/oracle/deadlines.hpp"

namespace wsfault::verdict::oracle {
namespace {

/// Where a heartbeat does not find a silence, the limit for idle connections does.
std::optional<Duration> limit_of(const GatewayCase& it) {
  if (it.row.limit.at_once()) return Duration(0);
  const auto idle = it.scenario.system.traits.duration("idle_limit");
  const bool silence = it.broke().effect.kind == EffectKind::silence && it.state == State::open &&
                       !it.broke().effect.unanswered;
  if (!silence) return it.row.limit.value;
  if (it.began.by == Began::backend) return it.row.limit.value ? it.row.limit.value : idle;
  const auto heartbeat = it.scenario.system.traits.duration("heartbeat");
  const auto timeout = it.scenario.system.traits.duration("heartbeat_timeout");
  const bool pings = it.is_peer() && heartbeat && timeout;
  if (!pings) return it.row.limit.value;
  return std::max(*heartbeat + *timeout, it.row.limit.value.value_or(Duration(0)));
}

/// Of what may not be cut short: a heartbeat may find a silence in the time-out of one ping alone.
Duration least_of(const GatewayCase& it, Duration limit) {
  const auto timeout = it.scenario.system.traits.duration("heartbeat_timeout");
  const bool open = it.state == State::open && !it.broke().effect.unanswered;
  if (it.is_peer() && open && timeout) limit = std::min(limit, *timeout);
  return scaled(limit, not_before);
}

}  // namespace

GatewayTimes gateway_times(const GatewayCase& it, const GatewayLog& log, Moment moment) {
  GatewayTimes times;
  const Break& broke = it.broke();
  const auto limit = limit_of(it);
  const std::int64_t until = it.did.is(Did::Kind::nothing) ? moment.now : it.did.at;
  if (broke.effect.kind == EffectKind::reloaded && limit)
    times.earliest = broke.at + scaled(*limit, 0.8).count();
  if (!it.row.limit.binds) return times;
  times.declared = limit.has_value();
  times.limit = limit ? *limit + grace : undeclared;
  std::int64_t from = broke.at;
  if (broke.effect.kind == EffectKind::silence) {
    const bool answered = it.state == State::open && !broke.effect.unanswered;
    if (answered) from = std::max(from, last_activity(it.pair, until));
    const std::int64_t since =
        answered && !it.is_peer() ? last_on_quieter_side(it.pair, until) : broke.earliest_from;
    if (limit) times.earliest = since + least_of(it, *limit).count();
  }
  times.due = deadline(from, *times.limit, log.process, it.scenario, moment.now);
  return times;
}

}  // namespace wsfault::verdict::oracle
