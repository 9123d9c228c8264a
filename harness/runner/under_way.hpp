// The cases that run at the moment.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "report/console.hpp"
#include "runner/cannot_work.hpp"
#include "runner/case_run.hpp"

namespace wsfault::runner {

class UnderWay {
 public:
  void begin(CaseRun& run, const CaseOrder& order);
  /// Returns true if it was given up.
  bool end(const CaseRun* run);
  /// Cases whose client does not connect need not be waited for: they are given up, and end early.
  void look_for_contact(CannotWork& cannot_work);
  /// How many there are, and which has been running for longest.
  report::Progress progress() const;
  /// Of a timer of the run: a very late one means that the run itself, or its machine, stood still.
  void note_lateness(Duration late);
  void interrupt();

 private:
  using Clock = std::chrono::steady_clock;
  struct Running {
    std::string id;
    Clock::time_point since;
    const CaseOrder* order = nullptr;
    bool given_up = false;  ///< it ends early, because the run cannot work
  };
  std::map<const CaseRun*, std::pair<CaseRun*, Running>> running_;
};

}  // namespace wsfault::runner
