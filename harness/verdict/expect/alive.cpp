// Expectation `alive`: afterwards a new connection opens, and an echo comes back on it.
#include <fmt/format.h>

#include <map>
#include <set>

#include "verdict/expect/kinds.hpp"

namespace wsfault::verdict {
namespace {

using record::Side;
using record::Tap;

/// A new connection on the link: of the party that is named, else of any.
struct Fresh {
  bool opened = false;
  std::set<std::string> sent;  ///< by its client, since it opened
  std::size_t unread = 0;      ///< compressed messages that its client got
};
using Key = std::pair<std::string, int>;

/// True if the event is the echo that was waited for.
bool take(Fresh& fresh, const record::Event& event) {
  if (std::holds_alternative<record::Opened>(event.what)) fresh.opened = true;
  const auto* message = std::get_if<record::MessageSeen>(&event.what);
  if (!message || !fresh.opened) return false;
  if (message->compressed) {
    if (message->from == Side::server && message->tap == Tap::arrived) ++fresh.unread;
    return false;
  }
  if (message->from == Side::client && message->tap == Tap::sent) fresh.sent.insert(message->payload);
  return message->from == Side::server && message->tap == Tap::arrived &&
         fresh.sent.contains(message->payload);
}

}  // namespace

Look look(const Question& question, const AliveExpected&) {
  Sightings sightings{.nothing = "no new connection came"};
  std::map<Key, Fresh> connections;
  for (const record::Event& event : question.events) {
    if (event.at < *question.since || event.where.link != question.seat.link) continue;
    const bool any_party = question.expectation.of.empty() || question.everyone;
    if (!any_party && event.where.party != question.seat.party) continue;
    const Key key(event.where.party, event.where.connection);
    if (std::holds_alternative<record::Accepted>(event.what)) {
      connections[key] = {};
      sightings.nothing = "a new connection came, but no echo";
    }
    const auto found = connections.find(key);
    if (found == connections.end() || !take(found->second, event)) continue;
    sightings.all.push_back({event.at, true, fmt::format("an echo came back on connection {}", key.second)});
  }
  std::size_t unread = 0;
  for (const auto& [key, fresh] : connections) unread += fresh.unread;
  if (unread > 0) sightings.blind = fmt::format("{}: {}", sightings.nothing, record::unreadable(unread));
  return sightings;
}

}  // namespace wsfault::verdict
