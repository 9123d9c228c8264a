#include "verdict/oracle/limits.hpp"

#include <fmt/format.h>

#include "value/words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

constexpr std::string_view went_on = "it took it and went on";

Duration least_of(const Break& broke, const Row& row, const Scene& scene) {
  if (row.limit.at_once() || !row.limit_value) return Duration(0);
  const bool heartbeat = broke.phase == Phase::open && broke.effect.kind == EffectKind::silence;
  const Duration whole =
      heartbeat ? scene.limit("heartbeat_timeout").value_or(Duration(0)) : *row.limit_value;
  return scaled(whole, not_before);
}

Cause cause_of_lateness(const Limits& limits, const Row& row, Cause otherwise) {
  return limits.declared || row.limit.missing == Cause::none ? otherwise : row.limit.missing;
}

}  // namespace

Limits limits_from(const Row& row, std::optional<Duration> limit, std::int64_t from, const Scene& scene) {
  Limits limits;
  if (!row.limit.binds) return limits;
  limits.declared = limit.has_value();
  limits.length = limit ? *limit + grace : undeclared;
  limits.due = scene.later(from, *limits.length);
  return limits;
}

Limits limits_of(const Break& broke, const Row& row, const Scene& scene) {
  const auto limit = row.limit.at_once() ? Duration(0) : row.limit_value;
  Limits limits = limits_from(row, limit, broke.at, scene);
  if (row.limit.binds) limits.earliest = broke.earliest_from + least_of(broke, row, scene).count();
  return limits;
}

Opinion in_time(std::int64_t at, const Limits& limits, const Row& row, Cause otherwise,
                const TimeWords& words) {
  const auto by = [](std::string_view text, std::int64_t length) {
    return fmt::format(fmt::runtime(text), measured(Duration(length)));
  };
  if (at < limits.earliest)
    return {Verdict::violated, by(words.early, limits.earliest - at), words.cause_of_early};
  if (!limits.due || at <= *limits.due || row.is_fine(ReactionKind::stays_open)) return {};
  if (row.is_warned(ReactionKind::stays_open))
    return {Verdict::warned, std::string(went_on), Cause::bad_frame_accepted};
  return {Verdict::violated, by(words.late, at - *limits.due), cause_of_lateness(limits, row, otherwise)};
}

Opinion on_nothing(const Limits& limits, const Row& row, const Scene& scene, Cause otherwise,
                   const TimeWords& words) {
  if (!limits.due || row.is_fine(ReactionKind::stays_open)) return {};
  if (row.is_warned(ReactionKind::stays_open)) {
    const Opinion waits = scene.wait_until(*limits.due, {}, Cause::none);
    if (waits.state == Verdict::pending) return waits;
    return {Verdict::warned, std::string(went_on), Cause::bad_frame_accepted};
  }
  const bool unlimited = !limits.declared && row.limit.missing != Cause::none;
  return scene.wait_until(*limits.due, std::string(unlimited ? words.unlimited : words.never),
                          cause_of_lateness(limits, row, otherwise));
}

std::string within_words(const Limits& limits, const Row& row) {
  const bool counts = limits.length && !row.allows(ReactionKind::stays_open);
  return counts ? " within " + format_duration(*limits.length) : "";
}

}  // namespace wsfault::verdict::oracle
