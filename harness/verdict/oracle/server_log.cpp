// What a server has served.
#include "verdict/oracle/server_log.hpp"

#include <algorithm>

#include "verdict/oracle/deadlines.hpp"

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

void count(ServerLog& log, const std::vector<const Leg*>& connections) {
  for (const Leg* each : connections) {
    const Leg& seen = *each;
    const auto& end = seen.own_end;
    log.places.add(seen.accepted(), end ? std::optional(end->at + grace.count() + 1) : std::nullopt);
    if (seen.open() && seen.quiet.empty() && seen.violations.empty())
      log.open.add(seen.opened_at() + 1, first_end(seen));
  }
  log.places.sort();
  log.open.sort();
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

bool is_out_of_sight(const Leg& served) {
  return served.ended && served.ended->fact->how != record::EndKind::fin;
}

std::vector<const Leg*> served_legs(const trace::Trace& trace) {
  static const record::Name link = "link";
  std::vector<const Leg*> legs;
  for (const trace::Connection& connection : trace.connections()) {
    if (connection.link == link) legs.push_back(&connection.server);
  }
  return legs;
}

ServerLog read_server(const trace::Trace& trace, const model::Traits& traits) {
  ServerLog log{.process = trace.process("sut"), .ready = trace.ready()};
  if (traits.integer("max_connections")) count(log, served_legs(trace));
  return log;
}

}  // namespace wsfault::verdict::oracle
