#include "verdict/oracle/scene.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "value/words.hpp"

namespace wsfault::verdict::oracle {

using Verdict = verdict::State;

Opinion worst_of(const std::vector<Opinion>& opinions) {
  const auto rank = [](const Opinion& opinion) {
    constexpr auto order = std::to_array(
        {Verdict::violated, Verdict::inconclusive, Verdict::pending, Verdict::warned, Verdict::holds});
    return std::ranges::find(order, opinion.state) - order.begin();
  };
  const auto worst = std::ranges::min_element(opinions, {}, rank);
  return worst == opinions.end() ? Opinion{} : *worst;
}

std::int64_t Scene::later(std::int64_t from, Duration limit) const {
  return process.after(from, scaled(limit, scenario.timeout_scale), horizon.now);
}

std::int64_t Scene::due_after(std::int64_t from, const Declared& limit) const {
  return later(from, limit.length ? *limit.length + grace : scenario.wait);
}

Opinion Scene::wait_for(const Declared& limit, std::int64_t due, std::string says, Cause late,
                        Cause missing) const {
  Opinion waits = wait_until(due, std::move(says), limit.none ? missing : late);
  if (waits.state != Verdict::violated || !limit.is_open()) return waits;
  waits.state = Verdict::inconclusive;
  waits.cause = Cause::none;
  waits.says += fmt::format(" in {}, and {}", format_duration(scaled(scenario.wait, scenario.timeout_scale)),
                            not_declared(limit.open));
  waits.remedy = how_to_declare(limit.open);
  return waits;
}

Opinion Scene::killed_before(const Declared& limit, std::int64_t due, std::int64_t told, std::int64_t killed,
                             std::string says, Cause late, Cause missing) const {
  if (limit.none || (limit.length && killed > due)) return {Verdict::violated, std::move(says), limit.none ? missing : late};
  Opinion opinion{Verdict::inconclusive, fmt::format("{} until it was killed after {}", says, measured(Duration(killed - told)))};
  if (limit.length) {
    opinion.says += fmt::format(", and may take {}", format_duration(*limit.length));
    opinion.remedy = "Let the `grace` of the fault be longer than what is declared.";
  } else {
    opinion.says += fmt::format(", and {}", not_declared(limit.open));
    opinion.remedy = how_to_declare(limit.open);
  }
  return opinion;
}

Opinion Scene::wait_until(std::int64_t due, std::string says, Cause cause) const {
  if (horizon.now <= due && !horizon.over) return {Verdict::pending, {}, Cause::none, due + 1};
  if (process.stands_still()) return {};
  if (horizon.now <= due) says += ", when the run ended";
  return {Verdict::violated, std::move(says), cause};
}

Finding finding_of(const Opinion& opinion, std::string expected, std::string seen, int connection) {
  Finding result;
  result.state = opinion.state;
  result.subject = "appropriate";
  const bool own = !opinion.expected.empty() && opinion.state != Verdict::holds;
  result.expected = own ? opinion.expected : std::move(expected);
  result.seen = opinion.says.empty() ? std::move(seen)
                : seen.empty()       ? opinion.says
                                     : fmt::format("{}: {}", opinion.says, seen);
  result.connection = connection;
  result.look_again = opinion.look_again;
  if (opinion.state != Verdict::holds && opinion.state != Verdict::pending) explain_by(result, opinion.cause);
  if (!opinion.remedy.empty()) result.remedy = opinion.remedy;
  return result;
}

bool serves_at(const trace::Process& process, std::int64_t at) {
  bool up = true;
  for (const trace::ProcessEvent& event : process.events) {
    if (event.at > at) break;
    const bool gone = event.change == record::ProcessChange::killed ||
                      event.change == record::ProcessChange::stopping ||
                      event.change == record::ProcessChange::exited;
    if (gone) up = false;
    if (event.change == record::ProcessChange::started) up = true;
  }
  return up;
}

Finding at_time(Finding finding, std::int64_t at) {
  finding.at = at;
  return finding;
}

namespace {

/// "its process ended with exit code 1, and nobody had told it to; it printed last: …".
std::string end_words(const trace::ProcessEvent& exit, const trace::Process& process) {
  constexpr std::size_t longest = 200;  // characters of a line
  std::string text = exit.signal != 0 ? fmt::format("its process was ended by signal {} ({})", exit.signal,
                                                    strsignal(exit.signal))
                                      : fmt::format("its process ended with exit code {}", exit.code);
  text += ", and nobody had told it to";
  if (process.last_lines.empty()) return text + "; it printed nothing that is no report";
  std::vector<std::string> lines;
  for (const std::string& line : process.last_lines) lines.push_back(shortened(line, longest));
  return fmt::format("{}; it printed last: {}", text, fmt::join(lines, " / "));
}

}  // namespace

std::optional<Finding> judge_life(const Scene& scene, std::string_view who, Cause died,
                                  std::optional<std::int64_t> cut_off) {
  const auto says_the_exit = [](const Expectation& each) { return each.what.nature.says_the_exit; };
  if (std::ranges::any_of(scene.scenario.expectations, says_the_exit)) return std::nullopt;
  const std::string expected = fmt::format("the {} lives on", who);
  if (const auto* exit = scene.process.died_after(scene.ready.value_or(0)))
    return at_time(finding_of({Verdict::violated, {}, died}, expected, end_words(*exit, scene.process), 0),
                   exit->at);
  if (!cut_off || !scene.process.lives() || scene.horizon.over) return std::nullopt;
  const std::int64_t due = scene.later(*cut_off, dying);
  if (scene.horizon.now >= due) return std::nullopt;
  return at_time(finding_of({Verdict::pending, {}, Cause::none, due}, expected,
                            "it ended a connection without a Close, as its end would", 0),
                 *cut_off);
}

}  // namespace wsfault::verdict::oracle
