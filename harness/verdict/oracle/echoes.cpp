#include "verdict/oracle/echoes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/cause.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;
using trace::Leg;
using trace::SeenMessage;

std::string described(const record::MessageSeen& message) {
  const char* type = message.opcode == 1 ? "text" : "binary";
  if (message.opcode == 1 && message.size == message.payload.size())
    return fmt::format("{} \"{}\"", type, shortened(message.payload.str(), 40));
  return fmt::format("{} of {}", type, format_size(message.size));
}

/// It sent back all that has come, or nothing says that it must.
Opinion on_missing(const Leg& served, const Scene& scene) {
  const auto& came = served.messages;
  const auto& left = served.passed;
  const bool over =
      served.own_close() || served.peer_close() || served.own_end || served.ended || !served.quiet.empty();
  if (over || left.size() >= came.size()) return {};
  // A long one comes frame by frame.
  const std::int64_t last = served.sent.empty() ? 0 : served.sent.back().at;
  const SeenMessage waits = came[left.size()];
  const std::int64_t due = scene.later(std::max(waits.at, last), scene.scenario.wait);
  if (scene.horizon.over && scene.horizon.now <= due) return {};
  return scene.wait_until(
      due, fmt::format("message {}, {}, did not come back", left.size() + 1, described(*waits.fact)),
      Cause::echo_differs);
}

}  // namespace

bool sends_back_what_came(const model::Traits& traits) {
  const Value* echoes = traits.find("echoes");
  return echoes && echoes->boolean() && *echoes->boolean();
}

Opinion on_echoes(const Leg& served, const Scene& scene) {
  if (!sends_back_what_came(scene.traits()) || !served.open() || !served.violations.empty() ||
      served.has_compressed_messages())
    return {};
  const auto& came = served.messages;
  const auto& left = served.passed;
  const auto wrong = [](std::string says) {
    return Opinion{Verdict::violated, std::move(says), Cause::echo_differs}.expecting(
        "the server sends each message back whole, once, on the connection on which it came");
  };
  for (std::size_t i = 0; i < std::min(came.size(), left.size()); ++i) {
    if (trace::same_message(*came[i].fact, *left[i].fact)) continue;
    return wrong(fmt::format("message {} was {}, and {} came back", i + 1, described(*came[i].fact),
                             described(*left[i].fact)));
  }
  if (left.size() > came.size()) {
    const SeenMessage more = left[came.size()];
    Opinion waits = scene.wait_until(more.at + log_order, {}, Cause::none);
    if (waits.state != Verdict::violated) return waits;
    return wrong(
        fmt::format("it sent {}, and {} had come", described(*more.fact), counted(came.size(), "message")));
  }
  Opinion missing = on_missing(served, scene);
  return missing.state == Verdict::holds ? missing
                                         : std::move(missing).expecting("the server sends each message back");
}

}  // namespace wsfault::verdict::oracle
