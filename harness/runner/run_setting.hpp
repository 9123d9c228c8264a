// What all cases of a run share, and what one of them is asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/child.hpp"
#include "record/event.hpp"
#include "record/keeping.hpp"
#include "runner/loopback.hpp"
#include "scenario/load.hpp"

namespace wsfault::runner {

struct StandingSystem;

/// Cases are measured, not judged: passed is one whose log came to hold all that was to be seen; failed: it
/// did not in its time. Their logs and output are with ScheduleWatcher::finished alone, for there may be
/// very many of them.
struct Measuring {
  std::function<bool(const record::Events&)> complete;  ///< the log holds all
  Duration within{0};  ///< from the first fault on; until it the case's deadline counts
};

struct RunSetting {
  net::Warden* warden = nullptr;
  std::string program;  ///< this program's own path, for its child processes
  double patience = 1;
  Duration stop_grace{0};          ///< before a system is killed at the end of its case
  Address listen{"127.0.0.1", 0};  ///< where links towards the system listen; a further one on the next port
  std::string advertise;           ///< the host by which the system finds them; empty: listen.host
  const StandingSystem* standing = nullptr;      ///< one system for all cases; they run one at a time
  const model::System* shared_system = nullptr;  ///< the same, and the run starts it
  std::optional<Measuring> measuring;
  record::Room* room = nullptr;  ///< of the logs of all its cases; none: each has its own budget alone
  /// Passed cases keep their whole logs and output until the run is over, too: not only what sums them up.
  bool keeps_passed_logs = true;
};

/// A case as it is asked for.
struct CaseOrder {
  const scenario::LoadedCase* loaded = nullptr;
  std::string id;  ///< with "#3" behind it for a repetition
  std::uint64_t seed = 0;
  std::string repeat;        ///< the command that repeats it
  int round = 1;             ///< which repetition it is
  std::size_t position = 1;  ///< in the whole run, all its shards included
};

}  // namespace wsfault::runner
