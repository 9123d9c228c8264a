#include "runner/sound.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "runner/reference_system.hpp"
#include "runner/repeat_command.hpp"
#include "scenario/requirements.hpp"

namespace wsfault::runner {
namespace {

using model::Role;
using verdict::Outcome;

Value slow_backoff() {
  Value backoff{Value::Table{}};
  backoff.set("first", Value("1s"));
  backoff.set("factor", Value(2));
  backoff.set("max", Value("4s"));
  backoff.set("jitter", Value("none"));
  return backoff;
}

/// The value of a trait as an argument has it.
std::string argument(const Value& value) { return value.text() ? *value.text() : to_json(value); }

/// The values of the traits are written into its command, and it declares none.
void say_nothing(model::System& system) {
  for (std::string& word : system.start) {
    if (!word.starts_with("${") || !word.ends_with('}')) continue;
    if (const Value* trait = system.traits.find(word.substr(2, word.size() - 3)); trait && !trait->array())
      word = argument(*trait);
  }
  std::erase_if(system.traits.values, [](const auto& each) { return !each.second.array(); });
  system.settable.clear();
}

model::System with_habit(model::System system, const Habit& habit) {
  for (const auto& [name, value] : habit.traits) system.traits.values.insert_or_assign(name, value);
  system.start.insert(system.start.end(), habit.options.begin(), habit.options.end());
  if (!habit.reports) system.report = model::ReportMode::none;
  if (!habit.declares) say_nothing(system);
  system.name = fmt::format("{}, {}", system.name, habit.name);
  return system;
}

/// More wrong ones than these are no matter of a busy machine.
constexpr std::size_t most_again = 20;
constexpr std::size_t few_at_once = 2;

struct HabitBatch {
  const Habit* habit;
  model::System system;
  LoadedCases loaded;
};

/// What the worst of its findings saw, or why it could not run.
std::string complaint(const report::CaseResult& result) {
  const auto& findings = result.judgement.findings;
  const auto state = result.outcome == Outcome::failed ? verdict::State::violated : verdict::State::inconclusive;
  const auto worst = std::ranges::find(findings, state, &verdict::Finding::state);
  const std::string& why = worst == findings.end() ? result.reason : worst->seen;
  return fmt::format("{}: {}: {}", result.id, to_string(result.outcome), why);
}

bool is_wrong(const Habit& habit, const report::CaseResult& result) {
  const bool may_be_undecided = !habit.declares || !habit.reports;
  return result.outcome == Outcome::failed || result.outcome == Outcome::error ||
         (result.outcome == Outcome::inconclusive && !may_be_undecided);
}

void count(SoundRow& row, const report::CaseResult& result) {
  if (result.outcome == Outcome::passed || result.outcome == Outcome::warned) ++row.passed;
  if (result.outcome == Outcome::skipped) ++row.skipped;
  if (result.outcome == Outcome::inconclusive) ++row.undecided;
}

}  // namespace

const std::vector<Habit>& habits() {
  static const std::vector<Habit> all = {
      {Role::client, "late-heartbeat", "finds a silence by a heartbeat of 15 s, as it declares",
       {{"heartbeat", Value("15s")}}},
      {Role::client, "slow-return", "waits 1 s before it first comes back, and has no jitter",
       {{"backoff", slow_backoff()}}},
      {Role::client, "long-close", "waits 8 s for the end of a closing handshake", {{"close_limit", Value("8s")}}},
      {Role::client, "silent", "reports nothing: only its wire is known", {}, false},
      {Role::client, "undeclared", "says nothing of its limits", {}, true, false},
      {Role::client, "fleet", "is forty clients in one process, and reports nothing", {{"instances", Value(40)}}, false,
       true, {"--instances", "40"}},
      {Role::gateway, "slow-answer", "waits 6 s for its upstream's answer", {{"response_limit", Value("6s")}}},
      {Role::gateway, "long-idle", "keeps silent connections for 8 s", {{"idle_limit", Value("8s")}}},
      {Role::gateway, "undeclared", "says nothing of its limits", {}, true, false},
      {Role::gateway, "bounded", "takes no message of more than 32 KiB from either side, and says 1009",
       {{"max_message", Value("32KiB")}}, true, true, {"--max-message", "32KiB"}, model::Kind::websocket},
      {Role::gateway, "worker", "serves in a process of its own, which outlives its main process", {}, true, true,
       {"--worker"}},
      {Role::server, "late-heartbeat", "finds a silence by a heartbeat of 8 s", {{"heartbeat", Value("8s")}}},
      {Role::server, "long-drain", "takes up to 6 s to stop", {{"drain", Value("6s")}}},
      {Role::server, "undeclared", "says nothing of its limits", {}, true, false},
      {Role::server, "cuts-by-close", "cuts a client that reads nothing with close(), not with RST", {}, true, true,
       {"--cuts-by-close"}},
      {Role::server, "worker", "serves in a process of its own, which outlives its main process", {}, true, true,
       {"--worker"}},
  };
  return all;
}

Result<Soundness> prove_sound(const RunSetting& setting, const Selection& selection, std::uint64_t seed,
                              const ScheduleOptions& options, const ScheduleWatcher& watcher) {
  Soundness soundness;
  std::deque<HabitBatch> batches;
  std::vector<CaseOrder> orders;
  std::vector<std::size_t> row_of;
  for (const model::System& system : reference_systems(setting.program)) {
    if (selection.role && system.role != *selection.role) continue;
    for (const Habit& habit : habits()) {
      if (habit.role != system.role) continue;
      if (habit.kind != model::Kind::none && habit.kind != system.kind) continue;
      model::System unusual = with_habit(system, habit);
      auto loaded = load_cases(selection, {unusual});
      if (!loaded) return Error{loaded.error()};
      if (!loaded->errors.empty()) return Error{loaded->errors};
      const HabitBatch& batch = batches.emplace_back(HabitBatch{&habit, std::move(unusual), std::move(*loaded)});
      soundness.rows.push_back({batch.system.name, std::string(habit.sentence)});
      for (const scenario::LoadedCase& one : batch.loaded.cases) {
        if (!scenario::is_of_its_protocol(one.scenario, batch.system)) continue;
        orders.push_back({&one, fmt::format("{}#{}", one.scenario.id, batch.system.name), seed});
        row_of.push_back(soundness.rows.size() - 1);
      }
    }
  }
  ScheduleOptions to_their_ends = options;
  to_their_ends.gives_up = false;
  soundness.runs = run_cases(setting, orders, to_their_ends, watcher);
  if (soundness.runs.interrupted) return soundness;
  std::vector<std::size_t> wrong;
  for (std::size_t i = 0; i < soundness.runs.cases.size(); ++i)
    if (is_wrong(*batches[row_of[i]].habit, soundness.runs.cases[i])) wrong.push_back(i);
  report::RunSummary again;
  if (!wrong.empty() && wrong.size() <= most_again) {
    std::vector<CaseOrder> orders_again;
    for (const std::size_t i : wrong) orders_again.push_back(orders[i]);
    to_their_ends.jobs = std::min(options.jobs, few_at_once);
    again = run_cases(setting, orders_again, to_their_ends, {});
    soundness.runs.interrupted = again.interrupted;
  }
  for (std::size_t k = 0; k < wrong.size(); ++k) {
    report::CaseResult& first = soundness.runs.cases[wrong[k]];
    SoundRow& row = soundness.rows[row_of[wrong[k]]];
    const bool is_right = k < again.cases.size() && !is_wrong(*batches[row_of[wrong[k]]].habit, again.cases[k]);
    (is_right ? row.passed_again : row.complaints).push_back(complaint(first));
    if (is_right) first = std::move(again.cases[k]);
  }
  for (std::size_t i = 0; i < soundness.runs.cases.size(); ++i)
    count(soundness.rows[row_of[i]], soundness.runs.cases[i]);
  return soundness;
}

}  // namespace wsfault::runner
