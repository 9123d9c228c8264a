#include "verdict/oracle/unanswered.hpp"

#include <fmt/format.h>

#include "value/words.hpp"
#include "verdict/oracle/limits.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;
using trace::UnansweredAttempt;

constexpr TimeWords time_words = {.early = "",
                                  .late = "it gave up {} too late",
                                  .never = "it still waited for an answer after its limit",
                                  .unlimited = "it still waited for an answer"};
constexpr TimeWords connected_words = {.early = "", .late = "it had not given up {} after its limit"};

Opinion opinion_on(const UnansweredAttempt& attempt, const Row& row, const Limits& limits,
                   const Scene& scene) {
  // Whoever is told to stop has other things to do.
  const auto told = scene.process.stopped_after(attempt.from);
  if (told && (!limits.due || *told <= *limits.due)) return {};
  if (attempt.until && attempt.established)
    return in_time(*attempt.until, limits, row, Cause::no_handshake_limit, connected_words);
  if (attempt.until) return in_time(*attempt.until, limits, row, Cause::limit_too_late, time_words);
  if (scene.horizon.over && !limits.is_up(scene.horizon)) return {};
  return on_nothing(limits, row, scene, Cause::no_handshake_limit, time_words);
}

std::string deed_of(const UnansweredAttempt& attempt, std::int64_t now) {
  const std::string time = measured(Duration(attempt.until.value_or(now) - attempt.from));
  if (!attempt.until) return "it has been connecting for " + time;
  if (attempt.established) return "it was connected after " + time;
  return "it gave up after " + time;
}

}  // namespace

std::optional<Finding> judge_unanswered(const trace::View& seen, const Case& scenario, Horizon horizon) {
  const Scene scene{scenario, seen.process, seen.ready, horizon};
  const Effect effect(EffectKind::unconnected);
  const Row row =
      appropriate({model::Role::client}, Phase::before_101, effect, scene.traits(), scenario.system.dialect);
  bool decided = false;
  for (const UnansweredAttempt& attempt : seen.unanswered) {
    const Limits limits = limits_from(row, row.declared, attempt.from, scene);
    const Opinion opinion = opinion_on(attempt, row, limits, scene);
    decided = decided || opinion.state == Verdict::holds;
    const bool waits = opinion.state == Verdict::pending || opinion.state == Verdict::inconclusive;
    if (opinion.state == Verdict::holds || (waits && decided)) continue;
    Finding finding = finding_of(opinion,
                                 fmt::format("the sut gives up{} an attempt to connect that gets no answer",
                                             within_words(limits, row)),
                                 deed_of(attempt, horizon.now), 0);
    finding.broke = "the server " + deed(effect, Phase::before_101);
    finding.at = attempt.from;
    return finding;
  }
  return std::nullopt;
}

}  // namespace wsfault::verdict::oracle
