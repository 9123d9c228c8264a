#include "verdict/oracle/places.hpp"

#include <algorithm>

#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {
namespace {

/// When a side begins to end it, or something struck it.
std::optional<std::int64_t> first_end(const Leg& seen) {
  std::optional<std::int64_t> first;
  const auto earlier = [&first](const auto& end) {
    if (end) first = std::min(first.value_or(end->at), end->at);
  };
  earlier(seen.ended);
  earlier(seen.own_end);
  earlier(seen.own_close());
  earlier(seen.peer_close());
  return first;
}

void count(Places& places, const std::vector<const Leg*>& connections) {
  for (const Leg* each : connections) {
    const Leg& seen = *each;
    const auto& end = seen.own_end;
    places.taken.add(seen.accepted(), end ? std::optional(end->at + grace.count() + 1) : std::nullopt);
    if (seen.open() && seen.quiet.empty() && seen.violations.empty())
      places.open.add(seen.opened_at() + 1, first_end(seen));
  }
  places.taken.sort();
  places.open.sort();
}

}  // namespace

void Tally::add(std::int64_t begin, std::optional<std::int64_t> end) {
  begins_.push_back(begin);
  if (end) ends_.push_back(std::max(*end, begin));
}

void Tally::sort() {
  std::ranges::sort(begins_);
  std::ranges::sort(ends_);
}

std::int64_t Tally::at(std::int64_t time) const {
  const auto until = [time](const std::vector<std::int64_t>& times) {
    return std::ranges::upper_bound(times, time) - times.begin();
  };
  return until(begins_) - until(ends_);
}

std::vector<const Leg*> served_legs(const trace::Trace& trace) {
  static const record::Name link = "link";
  std::vector<const Leg*> legs;
  for (const trace::Connection& connection : trace.connections()) {
    if (connection.link == link) legs.push_back(&connection.server);
  }
  return legs;
}

Places places_of(const trace::Trace& trace, const model::Traits& traits) {
  Places places;
  if (traits.integer("max_connections")) count(places, served_legs(trace));
  return places;
}

}  // namespace wsfault::verdict::oracle
