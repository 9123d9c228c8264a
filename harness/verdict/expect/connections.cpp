// Expectation `connections`: how many are open, how many there were and how fast they came, at every moment.
#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/kinds.hpp"

namespace wsfault::verdict {
namespace {

constexpr std::int64_t one_second = Duration(std::chrono::seconds(1)).count();

/// From its accept to its end: the party's own, or a reset of it.
struct Life {
  std::int64_t from = 0;
  std::optional<std::int64_t> to;
};

std::vector<Life> lives_of(const Attempts& attempts) {
  std::vector<Life> lives;
  for (const Observed& each : attempts.all) {
    if (each.number == 0) continue;
    Life life{each.accepted, {}};
    if (each.own_end) life.to = each.own_end->at;
    if (each.ended && each.ended->fact->how != record::EndKind::fin) {
      life.to = std::min(life.to.value_or(each.ended->at), each.ended->at);
    }
    lives.push_back(life);
  }
  return lives;
}

std::int64_t count_open(const std::vector<Life>& lives, std::int64_t at) {
  return std::ranges::count_if(
      lives, [&](const Life& life) { return life.from <= at && (!life.to || *life.to > at); });
}

std::int64_t count_begun(const std::vector<Life>& lives, std::int64_t after, std::int64_t at) {
  return std::ranges::count_if(lives, [&](const Life& life) { return life.from > after && life.from <= at; });
}

/// All times at which a number changes, within what is judged.
std::vector<std::int64_t> changes(const Question& question, const std::vector<Life>& lives) {
  std::vector<std::int64_t> times{*question.since};
  for (const Life& life : lives) {
    times.push_back(life.from);
    if (life.to) times.push_back(*life.to);
  }
  std::erase_if(times, [&](std::int64_t at) { return at < *question.since || at > question.until; });
  std::ranges::sort(times);
  return times;
}

std::optional<Breach> breach_at(const std::vector<Life>& lives, const ConnectionsExpected& expected,
                                std::int64_t at) {
  const std::int64_t open = count_open(lives, at);
  if (expected.open && !expected.open->holds(open))
    return Breach{at, fmt::format("{} open", counted(static_cast<std::uint64_t>(open), "was", "were"))};
  const std::int64_t total = count_begun(lives, -1, at);
  if (expected.total && expected.total->above(total))
    return Breach{at, fmt::format("it was the {} connection", ordinal(static_cast<std::uint64_t>(total)))};
  const std::int64_t rate = count_begun(lives, at - one_second, at);
  if (expected.rate && expected.rate->above(rate))
    return Breach{at, fmt::format("{} came within a second", rate)};
  return std::nullopt;
}

}  // namespace

Look look(const Question& question, const ConnectionsExpected& expected) {
  const Attempts attempted = attempts(question);
  const std::vector<Life> lives = lives_of(attempted);
  for (const std::int64_t at : changes(question, lives)) {
    if (const auto breach = breach_at(lives, expected, at)) return hold(question, breach, "");
  }
  // Whether there were enough in all shows at the end only.
  const std::int64_t total = count_begun(lives, -1, question.until);
  std::string summary = counted(static_cast<std::uint64_t>(total), "connection") + " in all";
  if (question.now > question.until && expected.total && !expected.total->holds(total)) {
    return Answer{State::violated, summary, {}, 0};
  }
  return hold(question, {}, std::move(summary), attempted.look_again);
}

}  // namespace wsfault::verdict
