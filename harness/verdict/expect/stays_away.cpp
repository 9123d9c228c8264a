#include "verdict/expect/stays_away.hpp"

#include <algorithm>

#include "verdict/oracle/declared.hpp"

namespace wsfault::verdict {
namespace {

/// It tried there while that address was struck.
bool tried(const trace::Trace& trace, record::Name link, const trace::Refusal& struck) {
  const auto in_span = [&](std::int64_t at, std::optional<int> address) {
    return address == struck.address && at >= struck.from && (!struck.until || at <= *struck.until);
  };
  return std::ranges::any_of(trace.unanswered(link),
                             [&](const auto& attempt) { return in_span(attempt.from, attempt.address); }) ||
         std::ranges::any_of(trace.all<record::AttemptRefused>(),
                             [&](const auto& attempt) {
                               return in_span(attempt.fact->made(attempt.at), attempt.fact->address);
                             });
}

/// It has a sound connection since before the link refused attempts: nothing told it to make another.
bool outlived(const trace::Leg& connection, const std::vector<trace::Refusal>& outages) {
  return std::ranges::any_of(
      outages, [&](const trace::Refusal& each) { return !each.address && each.from >= connection.accepted(); });
}

/// It has not left a connection that was silent, or is.
Cause why_it_stays(const trace::Leg& connection, const model::Traits& traits) {
  constexpr std::string_view heartbeat[] = {"heartbeat", "heartbeat_timeout"};
  const oracle::Declared due = oracle::declared(heartbeat, traits);
  const trace::Quiet& last = connection.quiet.back();
  const bool in_time = !due.length || (last.until && *last.until - last.from <= due.length->count());
  if (last.until && in_time && !due.none) return Cause::outage_outlived;
  return connection.sends_no_pings() ? Cause::no_heartbeat : Cause::limit_too_late;
}

}  // namespace

Cause why_it_stays_away(const Question& question) {
  const record::Name link = question.seat.link;
  const trace::Trace& trace = question.trace;
  const auto attempts = trace.caller(link, question.seat.party).attempts();
  if (!attempts.empty()) {
    const trace::Leg& last = attempts.back()->client;
    const bool lives = last.open() && !last.over();
    if (lives && !last.quiet.empty()) return why_it_stays(last, question.scenario.system.traits);
    if (lives && !last.struck() && outlived(last, trace.refusals(link))) return Cause::outage_outlived;
  }
  const auto came_elsewhere = [&](const trace::Refusal& struck) {
    return std::ranges::any_of(trace.all<record::Accepted>(), [&](const auto& accepted) {
      return accepted.at >= struck.from && (!struck.until || accepted.at <= *struck.until);
    });
  };
  const bool only_there = std::ranges::any_of(trace.refusals(link), [&](const trace::Refusal& struck) {
    return struck.address && tried(trace, link, struck) && !came_elsewhere(struck);
  });
  return only_there ? Cause::one_address_only : Cause::gives_up;
}

}  // namespace wsfault::verdict
