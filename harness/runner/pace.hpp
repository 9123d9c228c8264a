// How fast cases may start: as fast as the machine and its descriptors allow. One case too many makes all of
// them late, and a late run reports failures of systems that have none.
#pragma once

#include <chrono>
#include <cstddef>
#include <limits>
#include <utility>

#include "net/event_gate.hpp"
#include "value/units.hpp"

namespace wsfault::runner {

class Pace {
 public:
  /// `descriptors`: the total for all cases that run at once.
  explicit Pace(const net::asio::any_io_executor& executor,
                std::size_t descriptors = std::numeric_limits<std::size_t>::max())
      : descriptors_(descriptors), changed_(executor) {}

  /// A timer of the run was this late. Call it about 50 times a second: the last tenth of a second counts.
  void note_lateness(Duration late);
  /// Starting processes costs most, so only a few cases start theirs at once. While timers are late, no
  /// further case starts beyond the few that every machine must handle. A case that needs more descriptors
  /// than are left waits for others to end, and starts when no other case runs.
  bool allows_start(std::size_t descriptors = 0) const;
  /// The run is ending: nothing waits any more.
  void hurry();

  /// The place of a running case. It must not outlive the pace.
  class Place {
   public:
    explicit Place(Pace& pace, std::size_t descriptors = 0);
    ~Place();
    Place(Place&& other) noexcept
        : pace_(std::exchange(other.pace_, nullptr)),
          descriptors_(other.descriptors_),
          starts_(other.starts_) {}
    Place& operator=(Place&&) = delete;
    /// Its processes are up.
    void set_up();

   private:
    Pace* pace_;
    std::size_t descriptors_;
    bool starts_ = true;
  };
  /// Waits until a case that needs this many descriptors may start.
  net::Task<Place> begin(std::size_t descriptors = 0);

 private:
  std::size_t descriptors_;
  std::size_t held_ = 0;
  int starting_ = 0;
  int running_ = 0;
  Duration lateness_{0};
  bool hurries_ = false;
  net::EventGate changed_;
};

}  // namespace wsfault::runner
