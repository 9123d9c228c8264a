// Places for starting cases, with the lateness of timers as the measure of load.
#include "runner/pace.hpp"

namespace wsfault::runner {
namespace {

constexpr int most_starting = 4;
/// This many run at once on any machine.
constexpr int always_running = 4;
/// On an idle machine timers are less than 1 ms late. The limits of systems are hundreds of milliseconds, and
/// an event that passes a dozen timers and processes is late a dozen times.
constexpr Duration bearable = std::chrono::milliseconds(10);
constexpr int notes_that_count = 5;

}  // namespace

void Pace::note_lateness(Duration late) {
  lateness_ += (late - lateness_) / notes_that_count;
  if (allows_start()) changed_.notify();
}

bool Pace::allows_start(std::size_t descriptors) const {
  if (hurries_) return true;
  const bool fits = running_ == 0 || (held_ <= descriptors_ && descriptors <= descriptors_ - held_);
  return fits && starting_ < most_starting && (running_ < always_running || lateness_ < bearable);
}

void Pace::hurry() {
  hurries_ = true;
  changed_.notify();
}

net::Task<Pace::Place> Pace::begin(std::size_t descriptors) {
  while (!allows_start(descriptors)) co_await changed_.wait();
  co_return Place(*this, descriptors);
}

Pace::Place::Place(Pace& pace, std::size_t descriptors) : pace_(&pace), descriptors_(descriptors) {
  pace_->held_ += descriptors_;
  ++pace_->starting_;
  ++pace_->running_;
}

void Pace::Place::set_up() {
  if (!std::exchange(starts_, false)) return;
  --pace_->starting_;
  pace_->changed_.notify();
}

Pace::Place::~Place() {
  if (pace_ == nullptr) return;
  set_up();
  --pace_->running_;
  pace_->held_ -= descriptors_;
  pace_->changed_.notify();
}

}  // namespace wsfault::runner
