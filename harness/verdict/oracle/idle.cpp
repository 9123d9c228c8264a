#include "verdict/oracle/idle.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

/// Nobody has begun to end it, and nothing keeps its bytes from passing.
bool is_quietly_open(const Leg& leg) {
  return !leg.over() && leg.sent_closes.empty() && leg.received_closes.empty() && leg.quiet.empty();
}

/// When the last message before `until` was whole on either of its sides; none: 0.
std::int64_t last_message(const Leg& leg, std::int64_t until) {
  std::int64_t last = 0;
  for (const auto* messages : {&leg.messages, &leg.peer().messages}) {
    const auto after = std::ranges::lower_bound(*messages, until, {}, [](const auto& each) { return each.at; });
    if (after != messages->begin()) last = std::max(last, (after - 1)->at);
  }
  return last;
}

std::optional<Finding> kept(std::int64_t last, int connection, const Scene& scene) {
  const auto limit = scene.limit("idle_limit");
  if (!limit || scene.process.stopped_after(0)) return std::nullopt;
  const std::int64_t due = scene.later(last, *limit + grace);
  if (scene.horizon.now <= due || scene.process.stands_still()) return std::nullopt;
  return at_time(finding_of({Verdict::violated, {}, Cause::no_idle_limit},
                            fmt::format("a silent connection is ended after {} (its idle_limit)",
                                        format_duration(*limit)),
                            fmt::format("it is still open after {} of silence",
                                        measured(Duration(scene.horizon.now - last))),
                            connection),
                 due);
}

}  // namespace

std::int64_t last_activity(const Pair& pair, std::int64_t until) {
  const std::int64_t front = pair.front->last_arrival(until);
  return pair.back ? std::max(front, pair.back->last_arrival(until)) : front;
}

std::int64_t last_on_quieter_side(const Pair& pair, std::int64_t until) {
  const std::int64_t front = pair.front->last_arrival(until);
  return pair.back ? std::min(front, pair.back->last_arrival(until)) : front;
}

std::int64_t last_activity(const Leg& served, std::int64_t until) {
  return std::max(served.last_arrival(until), served.peer().last_arrival(until));
}

std::optional<Opinion> on_idle_by_messages(std::initializer_list<const Leg*> open, std::int64_t ended,
                                           const Scene& scene) {
  const auto limit = scene.limit("idle_limit");
  if (!limit) return std::nullopt;
  std::int64_t last = 0;
  for (const Leg* leg : open)
    if (leg && leg->open()) last = std::max({last, last_message(*leg, ended), leg->opened_at()});
  if (Duration(ended - last) < scaled(*limit, not_before)) return std::nullopt;
  return Opinion{Verdict::warned, "its idle limit counts messages alone: pings and pongs do not renew it",
                 Cause::gateway_idle_limit};
}

std::optional<Finding> judge_idle(const Pair& pair, const Scene& scene) {
  if (!pair.back || pair.unclear || !is_quietly_open(*pair.front) || !is_quietly_open(*pair.back))
    return std::nullopt;
  return kept(last_activity(pair, scene.horizon.now + 1), pair.front->number(), scene);
}

std::optional<Finding> judge_idle(const Leg& served, const Scene& scene) {
  if (!served.open() || !is_quietly_open(served)) return std::nullopt;
  return kept(last_activity(served, scene.horizon.now + 1), served.number(), scene);
}

std::optional<Opinion> on_late_idle(std::int64_t last, std::int64_t ended, const Scene& scene) {
  const auto limit = scene.limit("idle_limit");
  if (!limit) return std::nullopt;
  const std::int64_t due = scene.later(last, *limit + grace);
  if (ended <= due) return std::nullopt;
  return Opinion{Verdict::violated, measured(Duration(ended - due)) + " after its idle limit",
                 Cause::no_idle_limit};
}

}  // namespace wsfault::verdict::oracle
