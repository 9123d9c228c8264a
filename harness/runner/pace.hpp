// How fast cases may start: as fast as the machine follows, and as its descriptors allow. A case too many
// makes all of them late, and a run that is late finds faults in systems that have none.
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
  /// `descriptors`: what all cases that run at once may hold.
  explicit Pace(const net::asio::any_io_executor& executor,
                std::size_t descriptors = std::numeric_limits<std::size_t>::max())
      : descriptors_(descriptors), changed_(executor) {}

  /// A timer of the run came so late. Tell it some 50 times a second: the last tenth of a second counts.
  void note_lateness(Duration late);
  /// Starting processes is what costs most: few start theirs at once. While timers are late no further case
  /// starts beside those few that every machine must bear. A case that holds more descriptors than there are
  /// left waits for others to end, and starts when it is alone.
  bool allows_start(std::size_t descriptors = 0) const;
  /// The run is ending: nothing is held up any more.
  void hurry();

  /// Of a case that runs, as long as it lives; no longer than the pace.
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
  /// Waits until a case that holds so many descriptors may start.
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
