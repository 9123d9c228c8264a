// Expectation `alive`: afterwards a new connection opens, and an echo comes back on it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "value/words.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct AliveExpected {};

/// The first message that the client sent once it was open, and that came back to it.
std::optional<trace::SeenMessage> first_echo(const trace::Connection& connection) {
  const trace::Leg& client = connection.client;
  std::unordered_set<std::string_view> sent;
  auto next = client.passed.begin();
  for (const trace::SeenMessage& came : client.messages) {
    for (; next != client.passed.end() && next->index < came.index; ++next) {
      if (next->index > *connection.opened && !next->fact->compressed) sent.insert(next->fact->payload);
    }
    if (came.index > *connection.opened && !came.fact->compressed && sent.contains(came.fact->payload))
      return came;
  }
  return std::nullopt;
}

std::size_t unread(const trace::Connection& connection) {
  return static_cast<std::size_t>(
      std::ranges::count_if(connection.client.messages, [&](const trace::SeenMessage& came) {
        return came.index > *connection.opened && came.fact->compressed;
      }));
}

std::string phrase(const AliveExpected&) { return "opens a new connection and gets an echo"; }

Look look(const Question& question, const AliveExpected&) {
  Sightings sightings{.nothing = "no new connection came"};
  const bool any_party = question.expectation.of.empty() || question.everyone;
  std::size_t compressed = 0;
  for (const trace::Connection& each : question.trace.connections()) {
    const bool asked_for =
        each.link == question.seat.link && (any_party || each.party == question.seat.party);
    if (!asked_for || question.trace.log()[each.index].at < *question.since) continue;
    sightings.nothing = "a new connection came, but no echo";
    if (!each.opened) continue;
    compressed += unread(each);
    if (const auto echo = first_echo(each))
      sightings.all.push_back(
          {echo->at, true, fmt::format("an echo came back on connection {}", each.number)});
  }
  std::ranges::stable_sort(sightings.all, {}, &Sighting::at);
  if (compressed > 0)
    sightings.blind = fmt::format("{}: {}", sightings.nothing, record::unreadable(compressed));
  return sightings;
}

Read read_alive(TableReader& table, std::string_view key) {
  const auto limit = table.duration(key);
  if (!limit) return std::nullopt;
  return expected(AliveExpected{}, {.limit = limit,
                                    .reads_messages = true,
                                    .visits = true,
                                    .judged_by = {record::CutKind::messages, record::CutKind::payloads},
                                    .shows = Cause::serves_no_more});
}

}  // namespace

ExpectationKind alive_kind() {
  return {.key = "alive",
          .value = "a duration",
          .holds = "afterwards a new connection opens and an echo comes back in that time",
          .read = read_alive,
          .schema = schema::ref("duration")};
}

}  // namespace wsfault::verdict
