// Expectation `event`: a moment came.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/compressed.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"
#include "verdict/expect/stays_away.hpp"

namespace wsfault::verdict {
namespace {

struct EventExpected {
  fault::Moment moment;
};

std::string phrase(const EventExpected& event) { return fmt::format("sees {}", to_string(event.moment)); }

/// The side on which the system stands at the link of that moment.
record::Side own_side(const Question& question, const fault::Moment& moment) {
  if (question.scenario.role == model::Role::client) return record::Side::client;
  const bool behind = question.scenario.role == model::Role::gateway && moment.at && *moment.at != "front";
  return behind ? record::Side::client : record::Side::server;
}

/// What is wrong with the system where that moment does not come. A tunnel sends nothing of its own.
Cause shown_by_absence(const Question& question, const fault::Moment& moment) {
  using Kind = fault::Moment::Kind;
  const bool is_client = question.scenario.role == model::Role::client;
  const bool tunnel =
      question.scenario.role == model::Role::gateway && question.scenario.system.kind != model::Kind::websocket;
  const bool own = !moment.from || *moment.from == own_side(question, moment);
  switch (moment.kind) {
    case Kind::open:
      return is_client ? why_it_stays_away(question) : Cause::not_let_in;
    case Kind::pong:
      return tunnel ? Cause::message_withheld : own ? Cause::no_pong : Cause::none;
    case Kind::ping:
      return tunnel ? Cause::message_withheld : own ? Cause::no_heartbeat : Cause::none;
    default:
      return Cause::none;
  }
}

Look look(const Question& question, const EventExpected& expected) {
  const fault::Moment moment = placed(expected.moment, question);
  Sightings sightings{.nothing = fmt::format("{} did not come", to_string(moment))};
  sightings.none_shows = shown_by_absence(question, moment);
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
