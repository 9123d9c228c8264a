// Expectation `order`: moments came in that order.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/compressed.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct OrderExpected {
  std::vector<fault::Moment> moments;
};

/// A system's output and a socket's end in one wake-up have no order between them.
constexpr Duration one_wake_up = std::chrono::milliseconds(10);

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

std::string phrase(const OrderExpected& order) {
  std::vector<std::string> parts;
  for (const fault::Moment& moment : order.moments) parts.push_back(to_string(moment));
  return fmt::format("sees, in this order: {}", fmt::join(parts, ", "));
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

Read read_order(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  if (!value.array() || value.array()->size() < 2) {
    wrong(table, value, key, R"(a list of two moments or more: ["message 3", "close"])");
    return std::nullopt;
  }
  OrderExpected order;
  for (const Value& each : *value.array()) {
    if (auto moment = fault::read_moment(each, table.diagnostics()))
      order.moments.push_back(*std::move(moment));
  }
  return expected(order, {.moments = order.moments});
}

schema::Object moments_schema() {
  schema::Object list = schema::list_of(schema::ref("moment"));
  list["minItems"] = 2;
  return list;
}

}  // namespace

ExpectationKind order_kind() {
  return {.key = "order",
          .value = "a list of moments",
          .holds = "they were observed in that order",
          .read = read_order,
          .schema = moments_schema()};
}

}  // namespace wsfault::verdict
