// Expectation `reconnect`: whether, how often and on which schedule the party came back.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "verdict/backoff.hpp"
#include "verdict/expect/kinds.hpp"

namespace wsfault::verdict {
namespace {

/// An attempt to connect, also one that was refused and of which only a report tells.
struct Try {
  std::int64_t start = 0;
  std::optional<std::int64_t> end;  ///< as the party saw it
  int number = 0;                   ///< 0: refused
};

/// Its close report, or what became of its TCP connection.
std::optional<std::int64_t> end_of(const trace::Leg& connection) {
  if (!connection.reports().closes.empty()) return connection.reports().closes.front().at;
  if (!connection.open() && !connection.reports().errors.empty())
    return connection.reports().errors.front().at;
  std::optional<std::int64_t> end;
  for (const auto& each : {connection.ended, connection.own_end}) {
    if (each) end = std::min(end.value_or(each->at), each->at);
  }
  return end;
}

std::vector<Try> tries_of(const std::vector<std::reference_wrapper<const trace::Leg>>& connections) {
  std::vector<Try> tries;
  for (const trace::Leg& each : connections) {
    if (each.number() != 0) {
      tries.push_back({each.accepted(), end_of(each), each.number()});
      continue;
    }
    // A refusal comes at once: the report's time is that of the attempt.
    for (const trace::SeenReport& report :
         each.reports().closes.empty() ? each.reports().errors : each.reports().closes) {
      tries.push_back({report.at, report.at, 0});
    }
  }
  std::ranges::stable_sort(tries, {}, &Try::start);
  return tries;
}

struct Course {
  std::vector<Try> tries;
  std::size_t first_further = 0;  ///< index into tries; the size: none
  bool hidden = false;            ///< nobody listened, and no report tells of the attempts meanwhile
  std::optional<std::int64_t> look_again;
  std::vector<std::int64_t> opened;  ///< further connections that opened

  std::vector<Try> further() const {
    return {tries.begin() + static_cast<std::ptrdiff_t>(first_further), tries.end()};
  }
};

/// Is the first try since `since` the very first of all, and none that came back?
bool is_initial(const Question& question, const Course& course, bool refused_before) {
  return course.first_further == 0 && !course.tries.empty() && !question.struck_at &&
         !(refused_before && course.tries.front().number != 0);
}

Course course_of(const Question& question) {
  const trace::View seen = trace::view(question.trace, question.seat);
  const Attempts all = attempts(question);
  Course course{.tries = tries_of(all.all), .look_again = all.look_again};
  const bool stated = question.struck_at || question.expectation.connection != 0;
  const auto is_further = [&](const Try& each) {
    return each.start >= *question.since && !(stated && each.number == question.connection);
  };
  course.first_further =
      static_cast<std::size_t>(std::ranges::find_if(course.tries, is_further) - course.tries.begin());
  const bool refused_before = !seen.refused.empty() && !course.tries.empty() &&
                              seen.refused.front().from <= course.tries.front().start;
  if (is_initial(question, course, refused_before)) ++course.first_further;
  course.hidden = !seen.refused.empty() && !seen.any_report;
  std::set<int> further;
  for (const Try& each : course.further()) further.insert(each.number);
  for (const trace::Leg& each : all.all) {
    if (each.number() != 0 && further.contains(each.number()) && each.open())
      course.opened.push_back(each.opened_at());
  }
  return course;
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

Answer judge_schedule(const model::Backoff& schedule, const Course& course, std::int64_t decided_at) {
  const BackoffVerdict verdict = judge_backoff(delays_of(course, decided_at), schedule);
  switch (verdict.fit) {
    case BackoffFit::fits:
      return {State::holds, verdict.text, decided_at, 0};
    case BackoffFit::contradicts:
      return {State::violated, verdict.text, decided_at, 0};
    case BackoffFit::too_few:
      return {State::warned, verdict.text, decided_at, 0};
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
    return {State::warned, "attempts while nobody listened left no trace: the schedule cannot be told",
            decided_at, 0};
  }
  const auto schedule = completed(expected.backoff, question.scenario.system.traits.backoff());
  return judge_as_they_come(question, schedule, course, decided_at);
}

}  // namespace

Look look(const Question& question, const ReconnectExpected& expected) {
  const Course course = course_of(question);
  Sightings sightings = sightings_of(course);
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
    for (const std::int64_t at : course.opened) opened.all.push_back({at, true, "another connection opened"});
    if (!sightings.all.empty()) {
      opened.forerunner = sightings.all.front();
      if (opened.all.empty()) opened.nothing = "it tried, but no connection opened";
    }
    return opened;
  }
  if (expected.attempts) sightings.count = *expected.attempts;
  if (expected.schedule) return look_at_schedule(question, expected, course, sightings);
  return sightings;
}

}  // namespace wsfault::verdict
