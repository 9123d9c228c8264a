// The delays between attempts: exponential, with full jitter.
#pragma once

#include <cstdint>
#include <random>

#include "reference/defect.hpp"
#include "value/units.hpp"

namespace wsfault::reference {

using Random = std::mt19937_64;

enum class Jitter : std::uint8_t {
  full,  ///< anything from 0 to the cap, uniformly
  none,  ///< the cap itself
};

struct BackoffSchedule {
  Duration first = std::chrono::milliseconds(50);
  double factor = 2;
  Duration max = std::chrono::milliseconds(1600);
  Jitter jitter = Jitter::full;
};

/// Counts attempts in a row and draws the delay before each.
class Backoff {
 public:
  explicit Backoff(const BackoffSchedule& schedule, Defects defects = {});

  /// min(max, first × factor^n), n being the attempts since the last reset.
  Duration cap() const;
  /// The delay before the next attempt: from 0 to cap(), which then grows.
  Duration next(Random& random);
  /// Call when a connection has ended, with how long it was open. The schedule is reset if that was at least
  /// the current cap: a connection that ends at once does not reset it, however often the server accepts.
  void lived(Duration open_for);
  /// Attempts since the last reset.
  int attempts() const { return attempts_; }

 private:
  BackoffSchedule schedule_;
  Defects defects_;
  int attempts_ = 0;
};

}  // namespace wsfault::reference
