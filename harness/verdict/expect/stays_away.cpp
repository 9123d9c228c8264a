#include "verdict/expect/stays_away.hpp"

#include <algorithm>

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

}  // namespace

Cause why_it_stays_away(const Question& question) {
  const record::Name link = question.seat.link;
  const trace::Trace& trace = question.trace;
  const auto attempts = trace.caller(link, question.seat.party).attempts();
  if (!attempts.empty()) {
    const trace::Leg& last = attempts.back()->client;
    if (last.open() && !last.over() && !last.quiet.empty())
      return last.sends_no_pings() ? Cause::no_heartbeat : Cause::limit_too_late;
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
