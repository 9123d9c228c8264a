// The arithmetic of the backoff, and the defects in it.
#include "reference/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace wsfault::reference {

Backoff::Backoff(const BackoffSchedule& schedule, Defects defects) : schedule_(schedule), defects_(defects) {}

Duration Backoff::cap() const {
  const int exponent = defects_.has(Defect::no_backoff) ? 0 : attempts_;
  return std::min(schedule_.max, scaled(schedule_.first, std::pow(schedule_.factor, exponent)));
}

Duration Backoff::next(Random& random) {
  const Duration longest = cap();
  ++attempts_;
  if (defects_.has(Defect::storms)) return std::chrono::milliseconds(10);
  if (schedule_.jitter == Jitter::none || defects_.has(Defect::no_jitter)) return longest;
  return Duration(std::uniform_int_distribution<Duration::rep>(0, longest.count())(random));
}

void Backoff::lived(Duration open_for) {
  if (open_for >= cap() || defects_.has(Defect::backoff_resets_on_open)) attempts_ = 0;
}

}  // namespace wsfault::reference
