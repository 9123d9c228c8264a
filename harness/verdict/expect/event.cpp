// Expectations about single events: `event`, `log`, `exit`, `never = { fault }`, and `order`.
#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/compressed.hpp"
#include "verdict/expect/kinds.hpp"

namespace wsfault::verdict {
namespace {

/// A system's output and a socket's end in one wake-up have no order between them.
constexpr Duration one_wake_up = std::chrono::milliseconds(10);

std::string exit_text(const record::ProcessChanged& process) {
  if (process.signal != 0) return fmt::format("the process was ended by signal {}", process.signal);
  return fmt::format("the process exited with {}", process.code);
}

bool is_from_wire(const record::Event& event) { return !event.where.link.empty(); }

std::optional<std::size_t> find_since(const Question& question, const fault::Moment& moment) {
  const bool stated = question.expectation.since.has_value();
  fault::MomentWatch watch(placed(moment, question));
  const record::Events& log = question.trace.log();
  for (std::size_t i = stated ? question.trace.since(*question.since) : 0; i < question.trace.read(); ++i) {
    if (watch.feed(log[i])) return i;
  }
  return std::nullopt;
}

/// Two moments that came the wrong way round.
Answer disordered(const Question& question, const std::string& earlier, const record::Event& first,
                  const std::string& later, const record::Event& second) {
  const std::string seen =
      fmt::format("{} came {} before {}", later, measured(Duration(first.at - second.at)), earlier);
  const bool cannot_tell =
      is_from_wire(first) != is_from_wire(second) && first.at - second.at < one_wake_up.count();
  if (cannot_tell) {
    return {State::inconclusive, seen + ", seen by different means at nearly the same time", first.at, 0};
  }
  return {State::violated, seen + ", " + relative(question, first.at), first.at, 0};
}

}  // namespace

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

Look look(const Question& question, const LogExpected& expected) {
  Sightings sightings{.nothing = "it printed no such line"};
  for (const auto& output : question.trace.all<record::OutputLine>()) {
    const record::Text& line = output.fact->line;
    if (question.trace.where(output.index).party != question.party || !expected.pattern.matches(line))
      continue;
    sightings.all.push_back({output.at, true, fmt::format("it printed \"{}\"", line)});
  }
  return sightings;
}

Look look(const Question& question, const ExitExpected& expected) {
  Sightings sightings{.first_decides = true, .nothing = "the process runs"};
  for (const auto& process : question.trace.all<record::ProcessChanged>()) {
    const record::ProcessChanged& changed = *process.fact;
    if (question.trace.where(process.index).party != question.party) continue;
    if (changed.change != record::ProcessChange::exited) continue;
    const bool right = expected.code && changed.signal == 0 && changed.code == *expected.code;
    sightings.all.push_back({process.at, right, exit_text(changed)});
  }
  if (expected.code) return sightings;
  if (sightings.all.empty()) return hold(question, {}, sightings.nothing);
  return hold(question, Breach{sightings.all.front().at, sightings.all.front().seen}, sightings.nothing);
}

Look look(const Question& question, const FaultExpected& expected) {
  Sightings sightings{.nothing = fmt::format("{} did not fire", expected.name)};
  for (const auto& fired : question.trace.all<record::FaultFired>()) {
    if (fired.fact->name != expected.name) continue;
    sightings.all.push_back(
        {fired.at, true, fmt::format("{} fired ({})", fired.fact->name, fired.fact->done)});
  }
  return sightings;
}

/// The first time of each counts, since `since` where that is said, else in the whole run.
Look look(const Question& question, const OrderExpected& expected) {
  const record::Events& log = question.trace.log();
  std::optional<std::size_t> last;
  std::string last_text;
  std::string missing;
  std::string unread;  // why the missing one may have come unseen
  for (const fault::Moment& moment : expected.moments) {
    const auto found = find_since(question, moment);
    const std::string text = to_string(moment);
    if (!found) {
      if (missing.empty()) {
        missing = text;
        unread = why_unread(moment, question.trace);
      }
      continue;
    }
    const record::Event* event = &log[*found];
    if (!missing.empty()) {
      const std::int64_t due = event->at + one_wake_up.count();
      if (question.now < due && !question.over)
        return Answer{State::pending, missing + " has not come", {}, due};
      std::string seen =
          fmt::format("{} came {}, and {} had not come", text, relative(question, event->at), missing);
      if (!unread.empty())
        return Answer{State::inconclusive, fmt::format("{}: {}", seen, unread), event->at, 0};
      return Answer{State::violated, std::move(seen), event->at, 0};
    }
    if (last && *found < *last) return disordered(question, last_text, log[*last], text, *event);
    last = found;
    last_text = text;
  }
  if (!missing.empty()) {
    Sightings none{.nothing = fmt::format("{} did not come", missing)};
    if (!unread.empty()) none.blind = fmt::format("{}: {}", none.nothing, unread);
    return none;
  }
  Sightings sightings{.nothing = "none of them came"};
  sightings.all.push_back(
      {std::max(log[*last].at, *question.since), true, "they came in that order, the last"});
  return sightings;
}

}  // namespace wsfault::verdict
