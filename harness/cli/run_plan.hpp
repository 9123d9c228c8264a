// What the command line and the files that it names come to: read once, const from then on. `check` is a plan
// that is not run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/external_options.hpp"
#include "cli/run_options.hpp"
#include "cli/secrets.hpp"
#include "model/system.hpp"
#include "runner/loopback.hpp"
#include "runner/run_setting.hpp"
#include "runner/selection.hpp"

namespace wsfault::cli {

struct RunPlan {
  std::vector<model::System> systems;              ///< under test: one, or the reference systems of all roles
  std::optional<runner::ExternalSystem> external;  ///< where the one system runs already
  bool external_is_server = false;                 ///< else it is a gateway
  std::optional<model::System> product;  ///< the shipped system whose quirks count for it, too, if one is named
  std::string upstream;                            ///< URL of a real server behind the links; empty: the fake
  runner::Address listen;                          ///< where the links listen
  std::string advertise;                           ///< the host by which the system finds them
  runner::Selection selection;
  runner::LoadedCases loaded;
  std::uint64_t seed = 0;
  double timeout_scale = 1;
  std::optional<Duration> wait;  ///< where no limit is declared
  std::size_t jobs = 100;
  int repeat = 1;
  bool fail_fast = false;
  runner::AskedOptions asked;
  Secrets secrets;  ///< of the files and of the options

  /// The order for each case of the first round, with the command that repeats it.
  std::vector<runner::CaseOrder> orders() const;
  /// The same case in a given round, from 1, with this many cases per round: each repetition draws a new
  /// seed, and the first uses `seed`.
  runner::CaseOrder repeated(const runner::CaseOrder& first, int round, std::size_t cases) const;
  /// All rounds at once, for a machine that runs a shard: a shard has only some rounds of a case.
  std::vector<runner::CaseOrder> all_rounds(const std::vector<runner::CaseOrder>& orders) const;
};

/// The errors are text to be printed: sentences that begin with `command`, or diagnostics of files.
Result<RunPlan> make_plan(std::string_view command, const RunOptions& options);

// Parts of a plan, for commands that need no more. Errors as above.
Result<runner::Selection> selection_of(std::string_view command, const RunOptions& options);
/// The systems under test: --system, --client, an external one, or the reference systems of all roles.
Result<std::vector<model::System>> systems_of(std::string_view command, const RunOptions& options,
                                              const runner::Selection& selection);
/// --seed, or a drawn one.
std::uint64_t seed_of(const RunOptions& options);

/// This program's own path.
std::string program_path();

}  // namespace wsfault::cli
