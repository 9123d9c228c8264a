// Where nothing broke, a gateway lets its client in, passes on all that comes, and ends what is silent for too
// long.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "value/words.hpp"
#include "verdict/oracle/gateway_scene.hpp"
#include "verdict/oracle/pongs.hpp"
#include "verdict/oracle/words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

/// A client whose backend has answered 101 is let in, too.
std::optional<Finding> on_waiting(const Pair& pair, const GatewayScene& scene) {
  const Leg& front = *pair.front;
  const bool has_something = front.answer || front.garbled || front.over();
  if (has_something || !pair.back || !pair.back->open()) return std::nullopt;
  const std::int64_t let_in = pair.back->opened_at();
  const Opinion opinion = scene.wait_until(scene.later(let_in, grace), {}, Cause::not_let_in);
  return at_time(
      finding_of(opinion, name_of_client(front) + " is let in within 1s after the upstream answered 101",
                 "it got no answer", front.number()),
      let_in);
}

/// What came in on one side of the gateway, and what left it on the other. A tunnel passes each frame.
struct Flow {
  std::size_t came = 0;
  std::size_t left = 0;
  std::int64_t last = 0;  ///< when something came or left

  Flow(const Leg& from, const Leg& to, bool frames) {
    const auto take = [this](const auto& in, const auto& out) {
      came = in.size();
      left = out.size();
      if (!in.empty()) last = std::max(last, in.back().at);
      if (!out.empty()) last = std::max(last, out.back().at);
    };
    if (frames) {
      take(from.received, to.sent);
    } else {
      take(from.messages, to.passed);
    }
  }
};

bool is_stopped(const Leg& leg) {
  return leg.over() || !leg.quiet.empty() || !leg.sent_closes.empty() || !leg.received_closes.empty();
}

/// It passes on what comes as long as it comes.
std::optional<Finding> on_passing(const Pair& pair, const GatewayScene& scene) {
  const bool open = pair.front->open() && pair.back && pair.back->open() && pair.attempts == 1;
  if (!open || is_stopped(*pair.front) || is_stopped(*pair.back)) return std::nullopt;
  if (is_stopped(pair.front->peer()) || is_stopped(pair.back->peer())) return std::nullopt;
  const bool frames = !scene.is_peer();
  for (const auto& [from, to] : {std::pair(pair.front, pair.back), std::pair(pair.back, pair.front)}) {
    const Flow flow(*from, *to, frames);
    if (flow.left >= flow.came) continue;
    const std::int64_t due = scene.later(flow.last, scene.scenario.wait);
    const Opinion opinion = scene.wait_until(due, {}, Cause::message_withheld);
    const bool to_client = to == pair.front;
    return at_time(
        finding_of(opinion,
                   fmt::format("{} gets what the {} sends", to_client ? name_of_client(*pair.front) : "the upstream",
                               to_client ? "upstream" : "client"),
                   fmt::format("{} of {} left the gateway", flow.left,
                               counted(flow.came, frames ? "frame" : "message")),
                   pair.front->number()),
        flow.last);
  }
  return std::nullopt;
}

/// A ping that it passed on is answered by the one to whom it went, who has not answered yet.
bool waits_for_the_other(const Leg& asked, const Leg& other) {
  std::set<std::string_view> passed_on;
  for (const SeenFrame& sent : other.sent_heartbeats.pings()) passed_on.insert(sent.fact->text);
  for (const SeenFrame& came : other.received_heartbeats.pongs()) passed_on.erase(came.fact->text);
  return std::ranges::any_of(asked.received_heartbeats.pings(),
                             [&](const SeenFrame& ping) { return passed_on.contains(ping.fact->text); });
}

/// A peer answers the pings of both its sides.
std::optional<Finding> on_pings(const Pair& pair, const GatewayScene& scene) {
  if (!scene.is_peer()) return std::nullopt;
  for (const auto& [asked, other] : {std::pair(pair.front, pair.back), std::pair(pair.back, pair.front)}) {
    if (!asked || (other && waits_for_the_other(*asked, *other))) continue;
    const std::string who = asked == pair.front ? name_of_client(*pair.front) : "the upstream";
    const std::string expected = fmt::format("the gateway answers each ping of {} with its data", who);
    const Opinion opinion = on_pongs(*asked, scene, expected);
    if (opinion.state != Verdict::holds)
      return at_time(finding_of(opinion, expected, {}, pair.front->number()),
                     asked->received_heartbeats.pings().back().at);
  }
  return std::nullopt;
}

}  // namespace

Opinion on_withheld(const Pair& pair, const GatewayScene& scene) {
  if (!pair.back || !pair.back->open() || pair.attempts != 1) return {};
  if (!pair.front->quiet.empty() || !pair.back->quiet.empty()) return {};
  const bool frames = !scene.is_peer();
  for (const auto& [from, to] : {std::pair(pair.front, pair.back), std::pair(pair.back, pair.front)}) {
    const Flow flow(*from, *to, frames);
    if (flow.left < flow.came)
      return {Verdict::violated,
              fmt::format("{} of {} had left the gateway", flow.left, counted(flow.came, frames ? "frame" : "message")),
              Cause::message_withheld};
  }
  return {};
}

std::optional<Finding> judge_unbroken(const Pair& pair, const GatewayScene& scene) {
  if (auto waiting = on_waiting(pair, scene)) return waiting;
  if (auto passing = on_passing(pair, scene)) return passing;
  if (auto pings = on_pings(pair, scene)) return pings;
  return judge_idle(pair, scene);
}

}  // namespace wsfault::verdict::oracle
