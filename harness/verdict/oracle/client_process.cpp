// The life of a client's process: it outlives what happens to its connections, unless it has nothing more to
// do.
#include "verdict/oracle/afterwards.hpp"
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

}  // namespace

std::optional<Finding> judge_client_process(const trace::View& seen, const Case& scenario, Horizon horizon,
                                            std::optional<std::int64_t> cut_off) {
  const auto* exit = seen.process.died_after(seen.ready.value_or(0));
  if (exit && exit->code == 0 && exit->signal == 0 && may_be_done(seen, scenario)) return std::nullopt;
  const Scene scene{scenario, seen.process, seen.ready, horizon};
  return judge_life(scene, "client", Cause::client_died, cut_off);
}

}  // namespace wsfault::verdict::oracle
