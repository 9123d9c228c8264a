// Expectation `reconnect`: whether, how often and on which schedule the party came back.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/backoff.hpp"
#include "verdict/expect/course.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"
#include "verdict/expect/stays_away.hpp"
#include "wire/handshake.hpp"

namespace wsfault::verdict {
namespace {

struct ReconnectExpected {
  bool wanted = true;                           ///< false: it stays away
  std::optional<Bound<std::int64_t>> attempts;  ///< further attempts
  bool schedule = false;                        ///< the delays follow `backoff`
  model::Backoff backoff;                       ///< what is left out comes from the trait
};

std::string backoff_text(const model::Backoff& backoff) {
  std::string text = "exponential backoff";
  if (backoff.first) text += fmt::format(", first {}", format_duration(*backoff.first));
  if (backoff.factor) text += fmt::format(", factor {}", *backoff.factor);
  if (backoff.max) text += fmt::format(", at most {}", format_duration(*backoff.max));
  if (backoff.jitter) text += fmt::format(", jitter {}", *backoff.jitter);
  return text;
}

/// The schedule's own values, from the table of `reconnect` or that of `backoff` in it.
void read_schedule(TableReader& table, ReconnectExpected& reconnect) {
  constexpr double highest_factor = 1000;
  model::Backoff& backoff = reconnect.backoff;
  if (const auto first = table.duration("first")) backoff.first = first;
  if (const auto factor = table.number("factor", 1, highest_factor)) backoff.factor = factor;
  if (const auto max = table.duration("max")) backoff.max = max;
  if (const auto jitter = table.one_of("jitter", {"full", "equal", "none"})) backoff.jitter = jitter;
  reconnect.schedule = reconnect.schedule || backoff.first || backoff.factor || backoff.max || backoff.jitter;
}

void read_backoff(TableReader& table, ReconnectExpected& reconnect) {
  read_schedule(table, reconnect);
  const Value* backoff = table.raw("backoff");
  if (!backoff) return;
  reconnect.schedule = true;
  if (backoff->table()) {
    TableReader inner(*backoff, table.diagnostics(), "backoff");
    read_schedule(inner, reconnect);
    inner.finish();
  } else if (!backoff->text() || *backoff->text() != "exponential") {
    wrong(table, *backoff, "backoff", R"("exponential" or { first, factor, max, jitter })");
  }
}

std::string phrase(const ReconnectExpected& reconnect) {
  if (!reconnect.wanted) return "stays away";
  if (!reconnect.attempts && !reconnect.schedule) return "opens another connection";
  std::string text = "comes back";
  if (reconnect.attempts) text = "makes " + counted(*reconnect.attempts, "further attempt");
  if (reconnect.schedule) text += " with " + backoff_text(reconnect.backoff);
  return text;
}

Sightings sightings_of(const Course& course) {
  Sightings sightings{.look_again = course.look_again, .nothing = "it did not come back"};
  for (const Try& each : course.further()) {
    const std::string seen =
        each.number == 0 ? "a refused attempt" : fmt::format("attempt on connection {}", each.number);
    sightings.all.push_back({each.start, true, seen});
  }
  return sightings;
}

model::Backoff completed(model::Backoff backoff, const model::Backoff& trait) {
  if (!backoff.first) backoff.first = trait.first;
  if (!backoff.factor) backoff.factor = trait.factor;
  if (!backoff.max) backoff.max = trait.max;
  if (!backoff.jitter) backoff.jitter = trait.jitter;
  return backoff;
}

/// From each end, as the party saw it, to the attempt behind it; until log time `last`.
std::vector<Duration> delays_of(const Course& course, std::int64_t last) {
  std::vector<Duration> delays;
  for (std::size_t i = std::max<std::size_t>(1, course.first_further); i < course.tries.size(); ++i) {
    const Try& each = course.tries[i];
    const auto& before = course.tries[i - 1].end;
    if (each.start > last) break;
    if (before) delays.emplace_back(std::max<std::int64_t>(0, each.start - *before));
  }
  return delays;
}

/// What would let fewer delays tell it; empty: only more of them would.
std::string_view what_tells_more(const model::Backoff& schedule) {
  return schedule.first && schedule.factor
             ? ""
             : "Declare more of it (--set backoff.first=1s --set backoff.factor=2): then fewer delays tell it.";
}

Answer judge_schedule(const model::Backoff& schedule, const Course& course, std::int64_t decided_at) {
  const BackoffVerdict verdict = judge_backoff(delays_of(course, decided_at), schedule);
  switch (verdict.fit) {
    case BackoffFit::fits:
      return {State::holds, verdict.text, decided_at, 0};
    case BackoffFit::contradicts:
      return {State::violated, verdict.text, decided_at, 0,
              verdict.too_long    ? Cause::backoff_too_long
              : verdict.no_jitter ? Cause::no_jitter
                                  : Cause::no_backoff};
    case BackoffFit::too_few:
      return {State::warned, verdict.text, decided_at, 0, Cause::none, std::string(what_tells_more(schedule))};
  }
  return {};
}

/// From log time `first_look` on, the first attempt at which the schedule can be told decides.
Answer judge_as_they_come(const Question& question, const model::Backoff& schedule, const Course& course,
                          std::int64_t first_look) {
  Answer answer = judge_schedule(schedule, course, first_look);
  for (const Try& each : course.further()) {
    if (answer.state != State::warned || each.start > question.latest) break;
    if (each.start > first_look) answer = judge_schedule(schedule, course, each.start);
  }
  if (answer.state == State::warned && question.now <= question.latest && !question.over) {
    return {State::pending, answer.seen, {}, question.latest + 1};
  }
  return answer;
}

Answer look_at_schedule(const Question& question, const ReconnectExpected& expected, const Course& course,
                        const Sightings& sightings) {
  const Answer count = settle(question, sightings);
  if (count.state != State::holds) return count;
  const bool decided_by_count = expected.attempts && !expected.attempts->high;
  if (!decided_by_count && question.now <= question.latest) {
    return {State::pending, count.seen, {}, question.latest + 1};
  }
  const std::int64_t decided_at = decided_by_count ? count.at.value_or(question.latest) : question.latest;
  if (course.hidden) {
    return {State::warned, "attempts while nobody listened left no trace: the schedule cannot be judged",
            decided_at, 0};
  }
  const auto schedule = completed(expected.backoff, question.scenario.system.traits.backoff());
  return judge_as_they_come(question, schedule, course, decided_at);
}

/// It said how long to stay away (RFC 9110 10.2.3): longer than any backoff.
bool says_when(const trace::Leg& connection) {
  return connection.answer && wire::find_header(connection.answer->fact->head->headers, "Retry-After");
}

/// A wait before a further attempt that is longer than what is declared: its words. `came`: the attempt did.
struct LongWait {
  std::string words;
  bool came = false;
};
std::optional<LongWait> longer_than_declared(const Question& question, const Course& course) {
  const model::Backoff declared = question.scenario.system.traits.backoff();
  if (!declared.max || question.party != "sut" || course.hidden) return std::nullopt;
  for (std::size_t i = std::max<std::size_t>(1, course.first_further); i <= course.tries.size(); ++i) {
    const Try& before = course.tries[i - 1];
    const trace::Connection* left = question.trace.find(question.seat.link, question.seat.party, before.number);
    if (!before.end || (left && says_when(left->client))) continue;
    const bool came = i < course.tries.size();
    const Duration waited((came ? course.tries[i].start : question.now) - *before.end);
    if (waited <= longest_wait(*declared.max)) continue;
    return LongWait{fmt::format("{} {}, and its declared backoff allows at most {}",
                                came ? "it came back after" : "no attempt in", measured(waited),
                                format_duration(*declared.max)),
                    came};
  }
  return std::nullopt;
}

constexpr std::string_view declare_backoff =
    "Declare it: --set backoff.first=1s --set backoff.factor=2 --set backoff.max=30s, or --set backoff=none if there is "
    "none.";

/// It came back, and less often than expected: how soon it may come again is not known.
std::string why_undecided(const Question& question, const ReconnectExpected& expected, const Sightings& seen) {
  const auto& traits = question.scenario.system.traits;
  const bool declared = traits.find("backoff") != nullptr || expected.backoff.first.has_value();
  const auto came = std::ranges::count_if(seen.all, [&](const Sighting& each) {
    return each.at >= *question.since && each.at <= question.latest;
  });
  const std::int64_t wanted = seen.count.low.value_or(1);
  if (declared || question.party != "sut" || came == 0 || came >= wanted) return {};
  return fmt::format("{} of {} came in time, and its backoff is not declared", came,
                     counted(static_cast<std::uint64_t>(wanted), "attempt"));
}

/// What one client of a fleet did cannot be told from what the others did.
bool is_about_one_of_many(const Question& question, const ReconnectExpected& expected) {
  const bool counts = !expected.wanted || expected.schedule || (expected.attempts && expected.attempts->high) ||
                      question.expectation.not_before;
  return counts && question.party == "sut" && question.scenario.instances() > 1;
}

Look look(const Question& question, const ReconnectExpected& expected) {
  if (is_about_one_of_many(question, expected)) {
    return of_one_of_many(question, "which of them came back is not seen");
  }
  const Course course = course_of(question);
  Sightings sightings = sightings_of(course);
  sightings.none_shows = why_it_stays_away(question);
  if (auto wait = longer_than_declared(question, course)) {
    sightings.why_late = std::move(wait->words);
    if (wait->came) sightings.none_shows = Cause::backoff_too_long;
  }
  if (question.expectation.never && expected.wanted) {
    if (expected.attempts) sightings.count = *expected.attempts;
    return sightings;
  }
  if (!expected.wanted) {
    if (sightings.all.empty()) return hold(question, {}, "it stayed away", course.look_again);
    return hold(question, Breach{sightings.all.front().at, sightings.all.front().seen}, "it stayed away");
  }
  if (!expected.attempts && !expected.schedule) {
    Sightings opened{.look_again = course.look_again, .nothing = sightings.nothing};
    opened.none_shows = sightings.none_shows;
    opened.why_late = sightings.why_late;
    for (const std::int64_t at : course.opened) opened.all.push_back({at, true, "another connection opened"});
    if (!sightings.all.empty()) {
      opened.forerunner = sightings.all.front();
      if (opened.all.empty()) opened.nothing = "it tried, but no connection opened";
    }
    return opened;
  }
  if (expected.attempts) sightings.count = *expected.attempts;
  sightings.blind = why_undecided(question, expected, sightings);
  sightings.to_see = declare_backoff;
  if (expected.schedule) return look_at_schedule(question, expected, course, sightings);
  return sightings;
}

Nature nature_of(const ReconnectExpected& reconnect) {
  const bool must = !reconnect.wanted || (reconnect.attempts && reconnect.attempts->high);
  return {.lasting = must                 ? Lasting::must
                     : reconnect.schedule ? Lasting::may
                                          : Lasting::no,
          .may_be_never = reconnect.wanted && !reconnect.schedule,
          .takes_not_before = reconnect.wanted,
          .judged_by = {record::CutKind::reports},
          .shows = !reconnect.wanted            ? Cause::comes_back_unchanged
                   : must || reconnect.schedule ? Cause::no_backoff
                                                : Cause::gives_up};
}

Read read_reconnect(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  ReconnectExpected reconnect;
  if (value.boolean()) {
    reconnect.wanted = *value.boolean();
    return expected(reconnect, nature_of(reconnect));
  }
  if (!value.table()) {
    reconnect.attempts = table.count_bound(key);
    return reconnect.attempts ? Read(expected(reconnect, nature_of(reconnect))) : std::nullopt;
  }
  TableReader inner(value, table.diagnostics(), "reconnect");
  reconnect.attempts = inner.count_bound("attempts");
  read_backoff(inner, reconnect);
  inner.finish();
  if (reconnect.attempts || reconnect.schedule) return expected(reconnect, nature_of(reconnect));
  wrong(table, value, key, "{ attempts, backoff, first, factor, max, jitter }, at least one of them");
  return std::nullopt;
}

/// The keys of a schedule; in the value of `backoff` itself they include no further `backoff`.
schema::Object schedule_keys() {
  return {{"first", schema::ref("duration")},
          {"factor", schema::or_variable(schema::number(1, 1000))},
          {"max", schema::ref("duration")},
          {"jitter", schema::or_variable(schema::one_of({"full", "equal", "none"}))}};
}

schema::Object reconnect_schema() {
  schema::Object keys = schedule_keys();
  keys["attempts"] = schema::ref("bound");
  keys["backoff"] = schema::any_of(
      {schema::one_of({"exponential"}), schema::ref("variable"), schema::table(schedule_keys())});
  return schema::any_of(
      {schema::Object{{"type", "boolean"}}, schema::ref("bound"), schema::table(std::move(keys))});
}

}  // namespace

ExpectationKind reconnect_kind() {
  return {
      .key = "reconnect",
      .value = "true, false, a bound on attempts, or { attempts, backoff, first, factor, max, jitter }",
      .holds =
          "another connection of that party opened; so many further attempts came; they follow the schedule. "
          "`false` (it "
          "stayed away) and upper bounds need `for`",
      .read = read_reconnect,
      .schema = reconnect_schema()};
}

}  // namespace wsfault::verdict
