// Expectation `connections`: how many are open, how many there were and how fast they came, at every moment.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct ConnectionsExpected {
  std::optional<Bound<std::int64_t>> open;
  std::optional<Bound<std::int64_t>> total;
  std::optional<Bound<std::int64_t>> rate;  ///< per second
};

constexpr std::int64_t one_second = Duration(std::chrono::seconds(1)).count();

/// From its accept to its end: the party's own, or a reset of it.
struct Life {
  std::int64_t from = 0;
  std::optional<std::int64_t> to;
};

/// How many lives had begun and ended at a time.
class Lives {
 public:
  explicit Lives(const std::vector<Life>& lives) {
    for (const Life& life : lives) {
      begins_.push_back(life.from);
      if (life.to) ends_.push_back(std::max(*life.to, life.from));
    }
    std::ranges::sort(begins_);
    std::ranges::sort(ends_);
  }
  std::int64_t begun(std::int64_t at) const { return until(begins_, at); }
  std::int64_t open(std::int64_t at) const { return begun(at) - until(ends_, at); }
  /// All times at which a number changes, with those of `more`.
  std::vector<std::int64_t> changes(std::vector<std::int64_t> more) const {
    more.insert(more.end(), begins_.begin(), begins_.end());
    more.insert(more.end(), ends_.begin(), ends_.end());
    return more;
  }

 private:
  static std::int64_t until(const std::vector<std::int64_t>& times, std::int64_t at) {
    return std::ranges::upper_bound(times, at) - times.begin();
  }
  std::vector<std::int64_t> begins_;
  std::vector<std::int64_t> ends_;
};

std::vector<Life> lives_of(const Attempts& attempts) {
  std::vector<Life> lives;
  for (const trace::Leg& each : attempts.all) {
    if (each.number() == 0) continue;
    Life life{each.accepted(), {}};
    if (each.own_end) life.to = each.own_end->at;
    if (each.reset) life.to = std::min(life.to.value_or(each.reset->at), each.reset->at);
    lives.push_back(life);
  }
  return lives;
}

/// Attempts that found nobody: they are no connections, but they came.
class Refused {
 public:
  explicit Refused(std::vector<std::int64_t> times) : times_(std::move(times)) {}
  const std::vector<std::int64_t>& times() const { return times_; }
  /// After `from`, until `at`.
  std::int64_t between(std::int64_t from, std::int64_t at) const {
    return std::ranges::upper_bound(times_, at) - std::ranges::upper_bound(times_, from);
  }

 private:
  std::vector<std::int64_t> times_;
};

/// All times at which a number changes, within what is judged.
std::vector<std::int64_t> changes(const Question& question, const Lives& lives, const Refused& refused) {
  std::vector<std::int64_t> times = refused.times();
  times.push_back(*question.since);
  times = lives.changes(std::move(times));
  std::erase_if(times, [&](std::int64_t at) { return at < *question.since || at > question.until; });
  std::ranges::sort(times);
  return times;
}

std::optional<Breach> breach_at(const Lives& lives, const Refused& refused,
                                const ConnectionsExpected& expected, std::int64_t since, std::int64_t at) {
  const std::int64_t open = lives.open(at);
  if (expected.open && !expected.open->holds(open))
    return Breach{at, fmt::format("{} open", counted(static_cast<std::uint64_t>(open), "was", "were"))};
  const std::int64_t total = lives.begun(at);
  if (expected.total && expected.total->above(total))
    return Breach{at, fmt::format("it was the {} connection", ordinal(static_cast<std::uint64_t>(total)))};
  const std::int64_t from = std::max(at - one_second, since - 1);
  const std::int64_t rate = lives.begun(at) - lives.begun(from) + refused.between(from, at);
  if (expected.rate && expected.rate->above(rate))
    return Breach{at, fmt::format("{} came within a second", rate)};
  return std::nullopt;
}

std::optional<Bound<std::int64_t>> read_rate(TableReader& table) {
  const auto text = table.text("rate");
  if (!text) return std::nullopt;
  if (text->ends_with("/s")) {
    const auto bound = parse_count_bound(std::string_view(*text).substr(0, text->size() - 2));
    if (bound && !bound->low) return *bound;
  }
  wrong(table, *table.raw("rate"), "rate", R"(an upper bound per second: "<=20/s")");
  return std::nullopt;
}

std::string phrase(const ConnectionsExpected& connections) {
  std::vector<std::string> parts;
  if (connections.open)
    parts.push_back(fmt::format("{} open at once", wsfault::to_string(*connections.open)));
  if (connections.total) parts.push_back(fmt::format("{} in all", wsfault::to_string(*connections.total)));
  if (connections.rate) parts.push_back(fmt::format("{} a second", wsfault::to_string(*connections.rate)));
  return fmt::format("has connections: {}", fmt::join(parts, ", "));
}

Look look(const Question& question, const ConnectionsExpected& expected) {
  const Attempts attempted = attempts(question);
  const Lives lives(lives_of(attempted));
  const Refused refused(refused_attempts(question));
  for (const std::int64_t at : changes(question, lives, refused)) {
    if (const auto breach = breach_at(lives, refused, expected, *question.since, at))
      return hold(question, breach, "");
  }
  // Whether there were enough in all shows at the end only.
  const std::int64_t total = lives.begun(question.until);
  std::string summary = counted(static_cast<std::uint64_t>(total), "connection") + " in all";
  if (question.now > question.until && expected.total && !expected.total->holds(total)) {
    return Answer{State::violated, summary, {}, 0};
  }
  return hold(question, {}, std::move(summary), attempted.look_again);
}

Read read_connections(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  TableReader inner(value, table.diagnostics(), "connections");
  if (!value.table()) return std::nullopt;
  ConnectionsExpected connections;
  connections.open = inner.count_bound("open");
  connections.total = inner.count_bound("total");
  connections.rate = read_rate(inner);
  inner.finish();
  if (value.table()->empty()) wrong(table, value, key, R"({ open = "<=1", total = "<=6", rate = "<=20/s" })");
  const bool only_rate = !connections.open && !connections.total;
  return expected(connections,
                  {.lasting = Lasting::must, .shows = only_rate ? Cause::no_backoff : Cause::side_by_side});
}

}  // namespace

ExpectationKind connections_kind() {
  return {.key = "connections",
          .value = R"({ open = "<=1", total = "<=6", rate = "<=20/s" })",
          .holds = "held at every moment",
          .read = read_connections,
          .schema = schema::table({{"open", schema::ref("bound")},
                                   {"total", schema::ref("bound")},
                                   {"rate", schema::pattern(R"(^[ \t]*<=.*/s$|\$\{)")}}),
          .needs_for = true};
}

}  // namespace wsfault::verdict
