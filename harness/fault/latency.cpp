// latency: a delay line, order kept.
#include <algorithm>

#include "fault/entry.hpp"

namespace wsfault::fault {
namespace {

struct Latency {
  Duration latency;
  Duration jitter;
};

class LatencyFault : public FaultWith<Latency> {
 public:
  using FaultWith::FaultWith;
  Treatment treat(const Unit& unit, const Situation& situation) override {
    if (!covers(spec_.direction, unit.from)) return {};
    const std::int64_t jitter = own_.jitter.count();
    std::uniform_int_distribution<std::int64_t> draw(-jitter, jitter);
    const Duration delay = own_.latency + Duration(jitter > 0 ? draw(situation.random) : 0);
    return {.kind = Treatment::Kind::delay, .delay = std::max(delay, Duration(0))};
  }
};

}  // namespace

namespace entries {

Entry latency() {
  return class_entry<LatencyFault>(
      {.name = "latency",
       .layer = "tcp",
       .does = "Delays every byte by `latency` ± `jitter`, order kept.",
       .imitates = "A long or congested path.",
       .when = "connect",
       .connections = "all",
       .heals = true},
      {{&Latency::latency, {.name = "latency", .above_zero = true, .doc = "in each direction it covers"}},
       {&Latency::jitter, {.name = "jitter", .fallback = "0s", .doc = "uniformly more or less than that"}}});
}

}  // namespace entries
}  // namespace wsfault::fault
