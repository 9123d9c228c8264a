// The messages that pass a gateway, whatever becomes of their connection.
#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/oracle/gateway.hpp"
#include "verdict/oracle/gateway_scene.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;
using Messages = trace::Facts<record::MessageSeen>;

bool is_among(const record::MessageSeen& message, const Messages& all, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < std::min(last, all.size()); ++i) {
    if (trace::same_message(*all[i].fact, message)) return true;
  }
  return false;
}

std::optional<std::size_t> first_other(const Messages& came, const Messages& left) {
  for (std::size_t i = 0; i < std::min(came.size(), left.size()); ++i) {
    if (!trace::same_message(*came[i].fact, *left[i].fact)) return i;
  }
  return std::nullopt;
}

/// More left it than had come.
Opinion on_more(const Messages& came, const Messages& left) {
  const bool again = is_among(*left[came.size()].fact, came, 0, came.size());
  return {Verdict::violated,
          again ? fmt::format("{} had come, and the last left it twice", counted(came.size(), "message"))
                : fmt::format("{} had come, and one more left it", counted(came.size(), "message")),
          again ? Cause::messages_lost : Cause::message_changed};
}

/// In the place of the message with that index another one left the gateway: the first of those that differ.
Opinion on_other(const Leg& from, const Leg& to, std::size_t at) {
  const Messages& came = from.messages;
  const Messages& left = to.passed;
  const record::MessageSeen& other = *left[at].fact;
  const auto says = [&](std::string_view what, Cause cause) {
    return Opinion{Verdict::violated, fmt::format("message {} {}", at + 1, what), cause};
  };
  if (is_among(other, came, at + 1, came.size())) {
    const bool late = is_among(*came[at].fact, left, at + 1, left.size());
    return late ? says("left it behind one that had come later", Cause::message_changed)
                : says("did not leave it", Cause::message_withheld);
  }
  if (at > 0 && trace::same_message(*came[at - 1].fact, other))
    return {Verdict::violated, fmt::format("message {} left it twice", at), Cause::messages_lost};
  return says("was changed", Cause::message_changed);
}

}  // namespace

std::optional<Finding> judge_messages(const Pair& pair, const Horizon& horizon) {
  const bool open = !pair.unclear && pair.front->open() && pair.back && pair.back->open() && pair.attempts == 1;
  if (!open || pair.front->has_compressed_messages() || pair.back->has_compressed_messages()) return std::nullopt;
  for (const auto& [from, to] : {std::pair(pair.front, pair.back), std::pair(pair.back, pair.front)}) {
    const auto other = first_other(from->messages, to->passed);
    const bool more = to->passed.size() > from->messages.size();
    // The log may know of a message that left before it knows that it came.
    const bool known = more && (horizon.over || horizon.now > to->passed[from->messages.size()].at + log_order);
    if (!other && !known) continue;
    const Opinion opinion = other ? on_other(*from, *to, *other) : on_more(from->messages, to->passed);
    return at_time(finding_of(opinion, "the gateway passes each message on as it came, once, and in its order",
                              fmt::format("to {}", to == pair.front ? name_of_client(*pair.front) : "the upstream"),
                              pair.front->number()),
                   to->passed[other.value_or(from->messages.size())].at);
  }
  return std::nullopt;
}

}  // namespace wsfault::verdict::oracle
