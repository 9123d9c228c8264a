// Sound but unusual systems: the reference systems with other habits. What is right must pass everything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/system.hpp"
#include "report/case_result.hpp"
#include "runner/schedule.hpp"
#include "runner/selection.hpp"

namespace wsfault::runner {

/// A habit of a system that nothing forbids.
struct Habit {
  model::Role role = model::Role::client;
  std::string_view name;
  std::string_view sentence;
  std::vector<std::pair<std::string, Value>> traits;  ///< other than those of the reference system
  bool reports = true;                                ///< false: only its wire is known
  bool declares = true;  ///< false: it is what it is, and says nothing of it; then much is undecided
  std::vector<std::string> options = {};  ///< of its command, beside those of its traits
  model::Kind kind = model::Kind::none;   ///< of a gateway: only one of that kind has it; none: both
};
const std::vector<Habit>& habits();

/// Of one habit of one system.
struct SoundRow {
  std::string system;  ///< "reference gateway (http), slow-answer"
  std::string sentence;
  std::size_t passed = 0;
  std::size_t undecided = 0;
  std::size_t skipped = 0;
  std::vector<std::string> complaints;  ///< cases that failed, or were undecided though all was declared
  /// Cases of which there was a complaint, and none when they ran again with few beside them: a busy machine can make
  /// a system miss the limits that it declares.
  std::vector<std::string> passed_again;
};
struct Soundness {
  std::vector<SoundRow> rows;
  report::RunSummary runs;
};

/// All scenarios of plain WebSocket on every reference system with each of its habits. The error is one
/// sentence.
Result<Soundness> prove_sound(const RunSetting& setting, const Selection& selection, std::uint64_t seed,
                              const ScheduleOptions& options, const ScheduleWatcher& watcher);

}  // namespace wsfault::runner
