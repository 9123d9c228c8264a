// The oracle's opinion on a gateway, connection by connection.
#include "verdict/oracle/gateway.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/oracle/gateway_scene.hpp"
#include "verdict/oracle/words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

constexpr std::string_view upstream = "upstream";

/// Several clients were waiting at once, and the gateway drops the header: only where something happened.
std::optional<Finding> unmatched(const Pair& pair, const Pairing& pairing) {
  const auto act = first_sign(*pair.front);
  if (!act && !pairing.backend_struck) return std::nullopt;
  Finding finding = finding_of({Verdict::inconclusive, {}, Cause::cannot_match},
                               "each connection behind the gateway can be assigned to one client",
                               "it passes on no Wsfault-Connection, and several clients were waiting at once",
                               pair.front->number());
  finding.at = act ? act->at : pair.front->accepted();
  return finding;
}

/// Its request ended in the middle: what it says of that is its own affair, but for what is no answer.
bool is_half_a_request(const Pair& pair) { return !pair.front->peer().request; }

/// The ways to both its sides are dark: nobody sees what the gateway sends to its client.
std::optional<Finding> unseen_in_front(const Pair& pair) {
  const trace::Quiet* dark = pair.front->unseen_quiet();
  if (dark == nullptr || !pair.back || pair.back->unseen_quiet() == nullptr) return std::nullopt;
  Finding finding = finding_of({Verdict::inconclusive, {}, Cause::none},
                               "the gateway ends what cannot go on, and tells its client",
                               "what it sends to its client is lost on the way, and nobody sees it",
                               pair.front->number());
  finding.remedy = R"(Strike one side alone: between = ["sut", "upstream"], or ["sut", "client"].)";
  finding.at = dark->from;
  return finding;
}

std::optional<Said> opinion_on(const Pair& pair, const GatewayScene& scene) {
  const std::string& client = pair.front->party();
  const auto at = [](const std::string& party, std::optional<Finding> finding) {
    return finding ? std::optional(Said{party, *std::move(finding)}) : std::nullopt;
  };
  if (pair.unclear) return at(client, unmatched(pair, scene.pairing));
  if (auto unseen = unseen_in_front(pair)) return at(client, std::move(unseen));
  // Who comes while it dies or stops may be refused, reset or answered 502 or 503.
  if (!pair.front->has_101() && !serves_at(scene.process, pair.front->accepted())) return std::nullopt;
  const auto began = gateway_break(pair, scene.pairing, scene.scenario);
  const bool behind = pair.back || pair.refused;
  if (began && began->by == Began::client)
    return at(std::string(upstream), judge_at_upstream(pair, *began, scene));
  if (began && began->by == Began::process) return at(client, judge_at_client(pair, *began, scene));
  if (!behind) return is_half_a_request(pair) ? std::nullopt : at(client, judge_without_backend(pair, scene));
  if (!began) return at(client, judge_unbroken(pair, scene));
  if (began->by == Began::itself) return at(client, judge_by_itself(pair, *began, scene));
  auto finding = judge_at_client(pair, *began, scene);
  if (finding && finding->state != Verdict::holds) return at(client, std::move(finding));
  if (auto open = judge_front_end(pair, scene)) return at(client, std::move(open));
  // What was passed on is over, and the limit for idle connections is not.
  auto idle = judge_idle(pair, scene);
  return at(client, idle ? std::move(idle) : std::move(finding));
}

std::optional<std::int64_t> last_cut_off(const Pairing& pairing) {
  std::optional<std::int64_t> last;
  for (const Pair& pair : pairing.pairs) {
    last = std::max(last, pair.front->cut_off());
    if (pair.back) last = std::max(last, pair.back->cut_off());
  }
  return last;
}

/// One that nobody had used yet ends without harm.
bool is_used(const Pairing& pairing) {
  const auto exited = pairing.process.exited_after(pairing.ready.value_or(0));
  return std::ranges::any_of(pairing.pairs,
                             [&](const Pair& pair) { return !exited || pair.front->accepted() < *exited; });
}

}  // namespace

std::string name_of_client(const Leg& front) {
  if (front.party() == "client" || front.party().empty()) return "the client behind the gateway";
  return fmt::format("the client \"{}\" behind the gateway", front.party());
}

std::string reported(const Leg& front) {
  const auto& closes = front.peer().reports().closes;
  return closes.empty() ? std::string() : "; it reported " + reported_words(*closes.front().fact);
}

std::optional<Finding> judge_passed(const Pair& pair, const Case& scenario, const Horizon& horizon) {
  if (auto agreement = judge_agreement(pair, scenario)) return agreement;
  return judge_messages(pair, horizon);
}

std::optional<Said> judge_pair(const Pair& pair, const Pairing& pairing, const Case& scenario,
                               Horizon horizon) {
  return opinion_on(pair, {{scenario, pairing.process, pairing.ready, horizon}, pairing});
}

std::optional<Finding> judge_gateway_process(const Pairing& pairing, const Case& scenario, Horizon horizon) {
  if (!is_used(pairing)) return std::nullopt;
  const Scene scene{scenario, pairing.process, pairing.ready, horizon};
  return judge_life(scene, "gateway", Cause::gateway_died, last_cut_off(pairing));
}

std::string what_broke(const Pairing& pairing, const Case& scenario, int connection) {
  for (const Pair& pair : pairing.pairs) {
    if (pair.front->number() != connection) continue;
    if (const auto began = gateway_break(pair, pairing, scenario)) return what_broke(*began);
  }
  return {};
}

}  // namespace wsfault::verdict::oracle
