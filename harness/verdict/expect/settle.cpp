// Settles what was seen against the bounds of time and number.
#include <fmt/format.h>

#include <algorithm>

#include "verdict/expect/answer.hpp"
#include "verdict/oracle/declared.hpp"

namespace wsfault::verdict {
namespace {

using Wanted = std::vector<const Sighting*>;

Wanted since_then(const Question& question, const Sightings& sightings, bool matching) {
  Wanted found;
  for (const Sighting& sighting : sightings.all) {
    if (sighting.at >= *question.since && (!matching || sighting.matches)) found.push_back(&sighting);
  }
  return found;
}

std::string told(const Question& question, const Sighting& sighting) {
  return fmt::format("{} {}", sighting.seen, relative(question, sighting.at));
}

/// All that was seen, the latest three; what came before `since` is named, for it explains.
std::string summary(const Question& question, const Sightings& sightings) {
  constexpr std::size_t most = 3;
  std::string text;
  const auto& all = sightings.all;
  for (std::size_t i = all.size() > most ? all.size() - most : 0; i < all.size(); ++i) {
    text += (text.empty() ? "" : "; ") + told(question, all[i]);
  }
  return text.empty() ? sightings.nothing : text;
}

Answer judged(const Question& question, const Sighting& sighting, State state, std::string_view why = "") {
  std::string seen = told(question, sighting);
  if (!why.empty()) seen += fmt::format(": {}", why);
  return {state, std::move(seen), sighting.at, 0};
}

/// Why nothing can be said: the client had not begun by then. Empty: it had.
std::string why_not_begun(const Question& question) {
  if (question.scenario.role != model::Role::client || question.party != "sut") return {};
  const auto first = question.trace.first_attempt(question.seat.link);
  if (first && *first <= question.latest) return {};
  if (first) return fmt::format("its first attempt to connect came {}", relative(question, *first));
  const bool unseen = std::ranges::any_of(question.trace.refusals(question.seat.link), &trace::Refusal::unseen);
  return unseen ? "" : "no attempt of it to connect was seen";
}

/// It did not come in time. In the time that was given in place of what is not declared, that proves nothing.
Answer late(const Question& question, const Sightings& sightings, Answer answer) {
  const auto& undeclared = question.expectation.undeclared;
  answer.shows = sightings.none_shows;
  if (!sightings.why_late.empty()) answer.seen += fmt::format("; {}", sightings.why_late);
  if (const std::string why = why_not_begun(question); !why.empty()) {
    answer.state = State::inconclusive;
    answer.shows = Cause::none;
    answer.seen += fmt::format(", and {}", why);
    answer.remedy = "Let the client connect sooner, or the fault come or last until it has: its program takes that long to start.";
    return answer;
  }
  if (undeclared.empty() || sightings.ended) return answer;
  const std::vector<std::string_view> traits(undeclared.begin(), undeclared.end());
  answer.state = State::inconclusive;
  answer.shows = Cause::none;
  answer.seen += fmt::format(", and {}", oracle::not_declared(traits));
  answer.remedy = oracle::how_to_declare(traits);
  return answer;
}

std::int64_t next_look(const Sightings& sightings, std::int64_t deadline) {
  return std::min(deadline + 1, sightings.look_again.value_or(deadline + 1));
}

/// Nothing that decides has come.
Answer nothing_yet(const Question& question, const Sightings& sightings, std::int64_t deadline) {
  if (question.now <= deadline && !question.over) {
    return {State::pending, summary(question, sightings), {}, next_look(sightings, deadline)};
  }
  if (!sightings.blind.empty())
    return {State::inconclusive, sightings.blind, {}, 0, Cause::none, sightings.to_see};
  return late(question, sightings, {State::violated, summary(question, sightings), {}, 0});
}

/// That which came first must not have come too early.
std::optional<Answer> too_early(const Question& question, const Sightings& sightings,
                                const Wanted& matching) {
  const Sighting* first = matching.empty() ? nullptr : matching.front();
  if (sightings.forerunner && sightings.forerunner->at >= *question.since) first = &*sightings.forerunner;
  if (!first || first->at >= question.earliest) return std::nullopt;
  return judged(question, *first, State::violated, "too early");
}

Answer settle_count(const Question& question, const Sightings& sightings) {
  Wanted matching = since_then(question, sightings, true);
  std::erase_if(matching, [&](const Sighting* each) { return each->at > question.until; });
  if (auto answer = too_early(question, sightings, matching)) return *answer;
  const auto count = static_cast<std::int64_t>(matching.size());
  const std::string seen = fmt::format("{} by then: {}", count, summary(question, sightings));
  if (sightings.count.above(count)) {
    return {State::violated, seen, matching[static_cast<std::size_t>(*sightings.count.high)]->at, 0};
  }
  if (question.now <= question.until) return {State::pending, seen, {}, next_look(sightings, question.until)};
  // More than were seen may have come.
  if (!sightings.blind.empty())
    return {State::inconclusive, fmt::format("{}; {}", seen, sightings.blind), {}, 0, Cause::none, sightings.to_see};
  return {sightings.count.holds(count) ? State::holds : State::violated, seen, {}, 0, sightings.none_shows};
}

}  // namespace

Answer settle(const Question& question, const Sightings& sightings) {
  if (sightings.count.high) return settle_count(question, sightings);
  const Wanted matching = since_then(question, sightings, true);
  if (sightings.first_decides) {
    const Wanted all = since_then(question, sightings, false);
    if (!all.empty() && !all.front()->matches && all.front()->at <= question.latest) {
      return judged(question, *all.front(), State::violated);
    }
  }
  if (auto answer = too_early(question, sightings, matching)) return *answer;
  const auto needed = static_cast<std::size_t>(std::max<std::int64_t>(1, sightings.count.low.value_or(1)));
  if (matching.size() < needed) return nothing_yet(question, sightings, question.latest);
  const Sighting& decisive = *matching[needed - 1];
  if (decisive.at > question.latest)
    return late(question, sightings, judged(question, decisive, State::violated, "too late"));
  return judged(question, decisive, State::holds);
}

Answer of_one_of_many(const Question& question, std::string_view why) {
  return {State::inconclusive,
          fmt::format("the system is {} clients, and {}; --set instances=1 decides it, if the system can be one",
                      question.scenario.instances(), why),
          {},
          0};
}

Answer settle_never(const Question& question, const Sightings& sightings) {
  for (const Sighting* each : since_then(question, sightings, true)) {
    if (each->at <= question.until) return judged(question, *each, State::violated);
  }
  if (question.now <= question.until) {
    return {State::pending, sightings.nothing, {}, next_look(sightings, question.until)};
  }
  if (!sightings.blind.empty())
    return {State::inconclusive, sightings.blind, {}, 0, Cause::none, sightings.to_see};
  return {State::holds, sightings.nothing, {}, 0};
}

Answer hold(const Question& question, const std::optional<Breach>& breach, std::string summary,
            std::optional<std::int64_t> look_again) {
  if (breach && breach->at <= question.until) {
    return {State::violated, fmt::format("{} {}", breach->seen, relative(question, breach->at)), breach->at,
            0};
  }
  if (question.now > question.until) return {State::holds, std::move(summary), {}, 0};
  const std::int64_t end = question.until + 1;
  return {State::pending, std::move(summary), {}, std::min(end, look_again.value_or(end))};
}

}  // namespace wsfault::verdict
