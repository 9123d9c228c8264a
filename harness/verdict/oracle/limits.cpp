#include "verdict/oracle/limits.hpp"

#include <fmt/format.h>

#include "value/words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

constexpr std::string_view went_on = "it took it and went on";

Duration least_of(const Break& broke, const Row& row, const Scene& scene) {
  if (row.limit.at_once() || !row.declared.length) return Duration(0);
  const bool heartbeat = broke.phase == Phase::open && broke.effect.kind == EffectKind::silence;
  const Duration whole =
      heartbeat ? scene.limit("heartbeat_timeout").value_or(Duration(0)) : *row.declared.length;
  return scaled(whole, not_before);
}

}  // namespace

Limits limits_from(const Row& row, Declared limit, std::int64_t from, const Scene& scene) {
  Limits limits;
  limits.declared = std::move(limit);
  if (!row.limit.binds) return limits;
  limits.length = limits.declared.length ? *limits.declared.length + grace : scene.scenario.wait;
  limits.due = scene.due_after(from, limits.declared);
  return limits;
}

Limits limits_of(const Break& broke, const Row& row, const Scene& scene) {
  Limits limits = limits_from(row, row.declared, broke.at, scene);
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
  // What is not declared, or is said not to be there, cannot come too late.
  const bool bound = limits.due && limits.declared.length;
  if (!bound || at <= *limits.due || row.is_fine(ReactionKind::stays_open)) return {};
  if (row.is_warned(ReactionKind::stays_open))
    return {Verdict::warned, std::string(went_on), Cause::bad_frame_accepted};
  return {Verdict::violated, by(words.late, at - *limits.due), otherwise};
}

Opinion on_nothing(const Limits& limits, const Row& row, const Scene& scene, Cause otherwise,
                   const TimeWords& words) {
  if (!limits.due || row.is_fine(ReactionKind::stays_open)) return {};
  if (row.is_warned(ReactionKind::stays_open)) {
    const Opinion waits = scene.wait_until(*limits.due, {}, Cause::none);
    if (waits.state == Verdict::pending) return waits;
    return {Verdict::warned, std::string(went_on), Cause::bad_frame_accepted};
  }
  const std::string_view says = limits.declared.length ? words.never : words.unlimited;
  const Cause missing = row.limit.missing == Cause::none ? otherwise : row.limit.missing;
  return scene.wait_for(limits.declared, *limits.due, std::string(says), otherwise, missing);
}

std::string within_words(const Limits& limits, const Row& row) {
  const bool counts = limits.length && !row.allows(ReactionKind::stays_open);
  return counts ? " within " + format_duration(*limits.length) : "";
}

}  // namespace wsfault::verdict::oracle
