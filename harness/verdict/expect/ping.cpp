// Expectations `ping` and `pong`: how often the party sends them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct PingExpected {
  bool pong = false;                        ///< pongs (answers) instead of pings
  std::optional<Bound<Duration>> interval;  ///< none: any
};

/// What the party did on the connection since `since`, until its end.
struct Beats {
  std::vector<std::int64_t> times;
  std::optional<std::int64_t> ended;
};

Beats beats_of(const Question& question, bool pongs) {
  Beats beats;
  for (const trace::Leg* leg : question.legs()) {
    for (const trace::SeenFrame& frame :
         pongs ? leg->sent_heartbeats.pongs() : leg->sent_heartbeats.pings()) {
      if (frame.at >= *question.since && frame.at <= question.until) beats.times.push_back(frame.at);
    }
    for (const auto& end : {leg->ended, leg->own_end}) {
      if (end) beats.ended = std::min(beats.ended.value_or(end->at), end->at);
    }
  }
  std::ranges::sort(beats.times);
  return beats;
}

std::optional<Breach> too_long(std::int64_t last, std::int64_t next, const Bound<Duration>& interval,
                               double timeout_scale, std::string_view what) {
  if (!interval.high) return std::nullopt;
  const std::int64_t due = last + scaled(*interval.high, timeout_scale).count();
  if (next <= due) return std::nullopt;
  return Breach{
      due, fmt::format("no {} came for {}:", what, format_duration(scaled(*interval.high, timeout_scale)))};
}

std::optional<Breach> too_short(std::int64_t last, std::int64_t next, const Bound<Duration>& interval,
                                std::string_view what) {
  const Duration gap(next - last);
  if (!interval.low || gap >= *interval.low) return std::nullopt;
  return Breach{next, fmt::format("a {} came {} after the one before,", what, measured(gap))};
}

/// The first interval that is too long or too short, up to log time `now`.
std::optional<Breach> first_breach(const Question& question, const Beats& beats,
                                   const Bound<Duration>& interval, std::string_view what) {
  const double timeout_scale = question.scenario.timeout_scale;
  std::int64_t last = *question.since;
  for (std::size_t i = 0; i < beats.times.size(); ++i) {
    if (const auto breach = too_long(last, beats.times[i], interval, timeout_scale, what)) return breach;
    if (i > 0) {
      if (const auto breach = too_short(last, beats.times[i], interval, what)) return breach;
    }
    last = beats.times[i];
  }
  const std::int64_t until = std::min({question.now, question.until, beats.ended.value_or(question.until)});
  if (const auto breach = too_long(last, until, interval, timeout_scale, what)) return breach;
  if (beats.ended && *beats.ended <= question.until) return Breach{*beats.ended, "the connection ended"};
  return std::nullopt;
}

std::string phrase(const PingExpected& ping) {
  const std::string_view what = ping.pong ? "pong" : "ping";
  if (!ping.interval) return fmt::format("sends a {}", what);
  return fmt::format("sends {}s at intervals of {}", what, wsfault::to_string(*ping.interval));
}

Look look(const Question& question, const PingExpected& expected) {
  const std::string_view what = expected.pong ? "pong" : "ping";
  const Beats beats = beats_of(question, expected.pong);
  if (!expected.interval) {
    Sightings sightings{.nothing = fmt::format("it sent no {}", what)};
    for (const std::int64_t at : beats.times)
      sightings.all.push_back({at, true, fmt::format("it sent a {}", what)});
    return sightings;
  }
  const auto breach = first_breach(question, beats, *expected.interval, what);
  std::optional<std::int64_t> due;
  if (expected.interval->high) {
    const std::int64_t last = beats.times.empty() ? *question.since : beats.times.back();
    due = last + scaled(*expected.interval->high, question.scenario.timeout_scale).count() + 1;
  }
  return hold(question, breach, fmt::format("it sent {} {}s", beats.times.size(), what), due);
}

Nature nature_of(const PingExpected& ping) {
  return {.lasting = Lasting::must,
          .may_be_never = true,
          .judged_by = {record::CutKind::pings},
          .shows = ping.pong ? Cause::no_pong : Cause::no_heartbeat};
}

Read read_ping(TableReader& table, std::string_view key) {
  PingExpected ping;
  ping.pong = key == "pong";
  const Value& value = *table.raw(key);
  if (value.text() && *value.text() == "any") return expected(ping, nature_of(ping));
  if (value.text()) {
    const auto bound = parse_duration_bound(*value.text());
    if (bound) {
      ping.interval = *bound;
      return expected(ping, nature_of(ping));
    }
  }
  wrong(table, value, key, R"(a bound on the interval ("<=300ms", "250ms-400ms"), or "any")");
  return std::nullopt;
}

ExpectationKind interval_kind(std::string_view key, std::string_view holds) {
  return {.key = key,
          .value = R"(a bound on the interval, or "any")",
          .holds = holds,
          .read = read_ping,
          .schema = schema::any_of({schema::one_of({"any"}), schema::ref("duration_bound")}),
          .needs_for = true};
}

}  // namespace

ExpectationKind ping_kind() { return interval_kind("ping", "it sends pings so often"); }
ExpectationKind pong_kind() { return interval_kind("pong", "it answers pings so often"); }

}  // namespace wsfault::verdict
