// The oracle's opinion on a gateway, connection by connection.
#include "verdict/oracle/gateway.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verdict/oracle/deadlines.hpp"
#include "verdict/oracle/gateway_parts.hpp"
#include "verdict/oracle/gateway_words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

constexpr std::string_view upstream = "upstream";

/// Several clients were waiting at once, and the gateway drops the header: only where something happened.
std::optional<Finding> unmatched(const Pair& pair, const GatewayLog& log) {
  const auto act = first_act(*pair.front);
  if (!act && !log.backend_struck) return std::nullopt;
  Finding finding = finding_of({Verdict::inconclusive, {}, Cause::cannot_match},
                               "each connection behind the gateway can be told to belong to one client",
                               "it passes on no Wsfault-Connection, and several clients were waiting at once",
                               pair.front->number(), Cause::none);
  finding.at = act ? act->at : pair.front->accepted();
  return finding;
}

/// Its request ended in the middle: what it says of that is its own affair, but for what is no answer.
bool is_half_a_request(const Pair& pair) { return !pair.front->peer().request; }

std::optional<GatewayFinding> opinion_on(const Pair& pair, const Scene& scene) {
  const std::string& client = pair.front->party();
  const auto at = [](const std::string& party, std::optional<Finding> finding) {
    return finding ? std::optional(GatewayFinding{party, *std::move(finding)}) : std::nullopt;
  };
  if (pair.unclear) return at(client, unmatched(pair, scene.log));
  const auto began = gateway_break(pair, scene.log, scene.scenario);
  const bool behind = pair.back || pair.refused;
  if (began && began->by == Began::client)
    return at(std::string(upstream), judge_at_upstream(pair, *began, scene));
  if (began && began->by == Began::process) return at(client, judge_at_client(pair, *began, scene));
  if (!behind) return is_half_a_request(pair) ? std::nullopt : at(client, judge_alone(pair, scene));
  if (!began) return at(client, judge_waiting(pair, scene));
  if (began->by == Began::itself) return at(client, judge_by_itself(pair, *began, scene));
  return at(client, judge_at_client(pair, *began, scene));
}

std::optional<std::int64_t> last_cut_off(const GatewayLog& log) {
  std::optional<std::int64_t> last;
  for (const Pair& pair : log.pairs) {
    last = std::max(last, pair.front->cut_off());
    if (pair.back) last = std::max(last, pair.back->cut_off());
  }
  return last;
}

/// A gateway outlives whatever happens on its connections.
std::optional<Finding> judge_life(const GatewayLog& log, const Scene& scene) {
  if (const auto cut = last_cut_off(log); cut && log.process.lives() && !scene.moment.over) {
    const std::int64_t due = scene.later(*cut, dying);
    if (scene.moment.now < due) return perhaps_dying("gateway", *cut, due);
  }
  const std::int64_t from = log.ready.value_or(0);
  const auto exited = log.process.exited_after(from);
  const auto told = log.process.stopped_after(0);
  const bool used = std::ranges::any_of(
      log.pairs, [&](const Pair& pair) { return exited && pair.front->accepted() < *exited; });
  if (!exited || !used || (told && *told <= *exited)) return std::nullopt;
  Finding finding = finding_of({Verdict::violated, {}, Cause::gateway_died}, "the gateway lives on",
                               "its process ended, and nobody had told it to", 0, Cause::none);
  finding.at = exited;
  return finding;
}

}  // namespace

std::optional<GatewayFinding> judge_pair(const Pair& pair, const GatewayLog& log, const Case& scenario,
                                         Moment moment) {
  return opinion_on(pair, Scene{log, scenario, moment});
}

std::optional<Finding> judge_gateway_process(const GatewayLog& log, const Case& scenario, Moment moment) {
  return judge_life(log, Scene{log, scenario, moment});
}

Cause cause_at_client(const GatewayLog& log, const Case& scenario, int connection) {
  for (const Pair& pair : log.pairs) {
    if (pair.front->number() != connection) continue;
    const auto began = gateway_break(pair, log, scenario);
    if (!began || began->by == Began::client || began->by == Began::process) continue;
    if (began->by == Began::itself) return Cause::ends_by_itself;
    const Duration quiet = pair.back ? quiet_before(*pair.back, began->broke) : Duration(0);
    return cause_of(began->broke, quiet);
  }
  return Cause::none;
}

}  // namespace wsfault::verdict::oracle
