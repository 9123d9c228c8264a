// How fast cases may start: as fast as the machine follows. A case too many makes all of them late, and a run
// that is late finds faults in systems that have none.
#pragma once

#include <chrono>
#include <utility>

#include "net/event_gate.hpp"
#include "value/units.hpp"

namespace wsfault::runner {

class Pace {
 public:
  explicit Pace(const net::asio::any_io_executor& executor) : changed_(executor) {}

  /// A timer of the run came so late. Tell it some 50 times a second: the last tenth of a second counts.
  void note_lateness(Duration late);
  /// Starting processes is what costs most: few start theirs at once. While timers are late no further case
  /// starts beside those few that every machine must bear.
  bool allows_start() const;
  /// The run is ending: lateness holds nothing up any more.
  void hurry();

  /// Of a case that runs, as long as it lives; no longer than the pace.
  class Place {
   public:
    explicit Place(Pace& pace);
    ~Place();
    Place(Place&& other) noexcept : pace_(std::exchange(other.pace_, nullptr)), starts_(other.starts_) {}
    Place& operator=(Place&&) = delete;
    /// Its processes are up.
    void set_up();

   private:
    Pace* pace_;
    bool starts_ = true;
  };
  /// Waits until a case may start.
  net::Task<Place> begin();

 private:
  int starting_ = 0;
  int running_ = 0;
  Duration lateness_{0};
  bool hurries_ = false;
  net::EventGate changed_;
};

}  // namespace wsfault::runner
