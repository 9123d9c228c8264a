// Expectation `event`: a moment came.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/compressed.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct EventExpected {
  fault::Moment moment;
};

std::string phrase(const EventExpected& event) { return fmt::format("sees {}", to_string(event.moment)); }

Look look(const Question& question, const EventExpected& expected) {
  const fault::Moment moment = placed(expected.moment, question);
  Sightings sightings{.nothing = fmt::format("{} did not come", to_string(moment))};
  fault::MomentWatch watch(moment);
  const record::Events& log = question.trace.log();
  for (std::size_t i = question.trace.since(*question.since); i < question.trace.read(); ++i) {
    if (watch.feed(log[i]))
      sightings.all.push_back({log[i].at, true, fmt::format("{} came", to_string(moment))});
  }
  if (const std::string why = why_unread(moment, question.trace); !why.empty())
    sightings.blind = fmt::format("{}: {}", sightings.nothing, why);
  return sightings;
}

Read read_event(TableReader& table, std::string_view key) {
  const auto moment = fault::read_moment(*table.raw(key), table.diagnostics());
  if (!moment) return std::nullopt;
  return expected(EventExpected{*moment}, {.moments = {*moment}});
}

}  // namespace

ExpectationKind event_kind() {
  return {.key = "event",
          .value = "a moment",
          .holds = "it happened",
          .read = read_event,
          .schema = schema::ref("moment")};
}

}  // namespace wsfault::verdict
