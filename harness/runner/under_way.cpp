#include "runner/under_way.hpp"

#include <utility>
#include <vector>

namespace wsfault::runner {
namespace {

/// A quarter of the tolerance that verdicts give a system beyond its limits.
constexpr Duration stall = std::chrono::milliseconds(250);

}  // namespace

void UnderWay::begin(CaseRun& run, const CaseOrder& order) {
  running_[&run] = {&run, {order.id, Clock::now(), &order}};
}

bool UnderWay::end(const CaseRun* run) {
  const auto known = running_.extract(run);
  return known && known.mapped().second.given_up;
}

void UnderWay::look_for_contact(CannotWork& cannot_work) {
  std::vector<CannotWork::Waiting> waiting;
  for (const auto& [key, one] : running_) {
    const auto& [run, running] = one;
    waiting.push_back({running.order, contact_in(run->events(), running.order->loaded->scenario.role),
                       Clock::now() - running.since, &run->events()});
  }
  cannot_work.look_at(waiting);
  for (auto& [key, one] : running_) {
    auto& [run, running] = one;
    if (running.given_up || cannot_work.why_not(*running.order).empty()) continue;
    running.given_up = true;
    run->interrupt();
  }
}

report::Progress UnderWay::progress() const {
  report::Progress progress{.running = running_.size()};
  for (const auto& [key, one] : running_) {
    const auto age = Clock::now() - one.second.since;
    if (age <= progress.longest_for) continue;
    progress.longest_for = age;
    progress.longest = one.second.id;
  }
  return progress;
}

void UnderWay::note_lateness(Duration late) {
  if (late < stall) return;
  for (auto& [key, one] : running_) one.first->stood_still(late);
}

void UnderWay::interrupt() {
  for (auto& [key, one] : running_) one.first->interrupt();
}

}  // namespace wsfault::runner
