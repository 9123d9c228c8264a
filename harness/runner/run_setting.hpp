// The settings shared by all cases of a run, and the order for one of them.
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
#include "trace/trace.hpp"

namespace wsfault::runner {

struct ExternalSystem;

/// Cases are measured, not judged. Passed: the log became complete; failed: it did not in time. Only
/// ScheduleWatcher::finished gets their logs and output, because there may be very many.
struct Measuring {
  std::function<bool(const trace::Trace&)> complete;  ///< the log is complete
  Duration within{0};  ///< from the first fault on; until then the case's deadline applies
};

struct RunSetting {
  net::Warden* warden = nullptr;
  std::string program;  ///< this program's own path, for its child processes
  double timeout_scale = 1;
  std::optional<Duration> wait = {};  ///< where the system declares no limit; none: as usual
  /// Wait after the decision, to see that what must happen once does not happen twice.
  Duration settling = std::chrono::milliseconds(200);
  Duration stop_grace{0};          ///< time before a system is killed at the end of its case
  Address listen{"127.0.0.1", 0};  ///< where links towards the system listen; a further one on the next port
  std::string advertise;           ///< the host by which the system finds them; empty: listen.host
  const ExternalSystem* external = nullptr;      ///< one system for all cases; they run one at a time
  const model::System* shared_system = nullptr;  ///< the same, but started by the run
  std::optional<Measuring> measuring;
  record::Room* room = nullptr;  ///< shared by the logs of all its cases; none: each has only its own budget
  /// Passed cases also keep their whole logs and output until the run is over, not only their summary.
  bool keeps_passed_logs = true;
};

/// The order to run a case.
struct CaseOrder {
  const scenario::LoadedCase* loaded = nullptr;
  std::string id;  ///< with "#3" appended for a repetition
  std::uint64_t seed = 0;
  std::string repeat;        ///< the command that repeats it
  int round = 1;             ///< which repetition it is
  std::size_t position = 1;  ///< in the whole run, including all its shards
  std::string skip = {};     ///< if not empty: it cannot run here, for this reason

  /// Why it is skipped: what the case itself says goes first. Empty: it is not.
  const std::string& skip_reason() const { return loaded->skip.empty() ? skip : loaded->skip; }
};

}  // namespace wsfault::runner
