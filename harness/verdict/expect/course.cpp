#include "verdict/expect/course.hpp"

#include <algorithm>
#include <set>

namespace wsfault::verdict {
namespace {

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

/// `refused`: when attempts were seen to find nobody; else its reports say so.
std::vector<Try> tries_of(const std::vector<std::reference_wrapper<const trace::Leg>>& connections,
                          const std::vector<std::int64_t>& refused) {
  std::vector<Try> tries;
  for (const std::int64_t at : refused) tries.push_back({at, at, 0});
  for (const trace::Leg& each : connections) {
    if (each.number() != 0) {
      tries.push_back({each.accepted(), end_of(each), each.number()});
      continue;
    }
    if (!refused.empty()) continue;
    // A refusal comes at once: the report's time is that of the attempt.
    for (const trace::SeenReport& report :
         each.reports().closes.empty() ? each.reports().errors : each.reports().closes) {
      tries.push_back({report.at, report.at, 0});
    }
  }
  std::ranges::stable_sort(tries, {}, &Try::start);
  return tries;
}

/// Is the first try since `since` the very first of all, and none that came back?
bool is_initial(const Question& question, const Course& course, bool refused_before) {
  return course.first_further == 0 && !course.tries.empty() && !question.struck_at &&
         !(refused_before && course.tries.front().number != 0);
}

}  // namespace

Course course_of(const Question& question) {
  const trace::View seen = trace::view(question.trace, question.seat);
  const Attempts all = attempts(question);
  const std::vector<std::int64_t> refused = refused_attempts(question);
  Course course{.tries = tries_of(all.all, refused), .look_again = all.look_again};
  const bool stated = question.struck_at || question.expectation.connection != 0;
  const auto is_further = [&](const Try& each) {
    return each.start >= *question.since && !(stated && each.number == question.connection);
  };
  course.first_further =
      static_cast<std::size_t>(std::ranges::find_if(course.tries, is_further) - course.tries.begin());
  const bool refused_before = !seen.refused.empty() && !course.tries.empty() &&
                              seen.refused.front().from <= course.tries.front().start;
  if (is_initial(question, course, refused_before)) ++course.first_further;
  // The first of each client of a fleet are its start.
  const std::size_t clients = question.party == "sut" ? question.scenario.instances() : 1;
  if (clients > 1) course.first_further = std::min(course.tries.size(), std::max(course.first_further, clients));
  course.hidden = !seen.refused.empty() && !seen.any_report && refused.empty();
  std::set<int> further;
  for (const Try& each : course.further()) further.insert(each.number);
  for (const trace::Leg& each : all.all) {
    if (each.number() != 0 && further.contains(each.number()) && each.open())
      course.opened.push_back(each.opened_at());
  }
  return course;
}

}  // namespace wsfault::verdict
