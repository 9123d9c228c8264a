// The life of a client's process: it outlives what happens to its connections, unless it has nothing more to
// do.
#include "verdict/oracle/afterwards.hpp"
#include "verdict/oracle/break.hpp"
#include "verdict/oracle/client.hpp"

namespace wsfault::verdict::oracle {
namespace {

/// What it was told last does not ask it to come back: a program that has nothing more to do may end.
bool may_be_done(const trace::View& seen, const Case& scenario) {
  if (seen.caller.attempts().empty()) return false;
  const trace::Leg& last = seen.caller.attempts().back()->client;
  const auto told = told_end(last);
  return told && class_of(*told, scenario.system) != wire::CloseClass::retryable;
}

/// Its last connection was lost, and the program ended without an error: it gives up. `exit`: with code 0.
bool gave_up(const trace::View& seen, const Case& scenario, const trace::ProcessEvent& exit) {
  const auto legs = seen.connections();
  if (legs.empty()) return false;
  const auto broke = first_break(legs.back(), seen.process, scenario.system.traits);
  if (!broke || broke->at > exit.at) return false;
  const EffectKind kind = broke->effect.kind;
  const bool is_its_own = kind == EffectKind::killed || kind == EffectKind::stopped || kind == EffectKind::frozen ||
                          kind == EffectKind::nothing;
  return !is_its_own;
}

}  // namespace

std::optional<Finding> judge_client_process(const trace::View& seen, const Case& scenario, Horizon horizon,
                                            std::optional<std::int64_t> cut_off) {
  const auto* exit = seen.process.died_after(seen.ready.value_or(0));
  const bool without_error = exit && exit->code == 0 && exit->signal == 0;
  if (without_error && may_be_done(seen, scenario)) return std::nullopt;
  const bool gives_up = without_error && gave_up(seen, scenario, *exit);
  const Scene scene{scenario, seen.process, seen.ready, horizon};
  return judge_life(scene, "client", gives_up ? Cause::gives_up : Cause::client_died, cut_off);
}

}  // namespace wsfault::verdict::oracle
