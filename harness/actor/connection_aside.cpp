// Units that are put aside: what follows overtakes them, until they are released or due. A Close and the end
// of the direction overtake none.
#include <algorithm>
#include <utility>

#include "actor/connection.hpp"

namespace wsfault::actor {

using fault::Clock;

void Connection::put_aside(Side from, Aside unit) {
  const std::uint64_t number = unit.unit;
  const bool later = unit.due > Clock::now();
  half(from).aside.push_back(std::move(unit));
  if (later) tasks_.spawn(release_later(from, number));
}

void Connection::release(Side from, const std::vector<std::uint64_t>& units) {
  Half& source = half(from);
  for (const std::uint64_t unit : units) {
    const auto found = std::ranges::find(source.aside, unit, &Aside::unit);
    if (found == source.aside.end()) continue;
    Aside taken = std::move(*found);
    source.aside.erase(found);
    if (source.detached || source.swallowed) continue;
    half(wire::opposite(from)).outbox.push(std::move(taken.passage), taken.forwarded);
  }
  changed_.notify();
}

void Connection::release_due(Side from, Clock::time_point now) {
  std::vector<std::uint64_t> due;
  for (const Aside& each : half(from).aside) {
    if (each.due <= now) due.push_back(each.unit);
  }
  if (!due.empty()) release(from, due);
}

net::Task<void> Connection::release_later(Side from, std::uint64_t unit) {
  const auto find = [&] { return std::ranges::find(half(from).aside, unit, &Aside::unit); };
  while (!closing_ && find() != half(from).aside.end() && Clock::now() < find()->due) {
    co_await changed_.wait_until(find()->due);
  }
  if (closing_ || find() == half(from).aside.end()) co_return;
  co_await boundary(wire::opposite(from), find()->boundary);
  if (!closing_) release_due(from, Clock::now());
}

}  // namespace wsfault::actor
