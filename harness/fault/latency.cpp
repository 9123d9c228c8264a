// latency: a delay line, order kept.
#include <algorithm>

#include "fault/catalogue.hpp"
#include "fault/connection_fault.hpp"

namespace wsfault::fault {
namespace {

class Latency : public ConnectionFault {
 public:
  explicit Latency(FaultSpec spec) : spec_(std::move(spec)) {}
  Treatment treat(const Unit& unit, const Situation& situation) override {
    if (!covers(spec_.direction, unit.from)) return {};
    const std::int64_t jitter = spec_.duration("jitter").count();
    std::uniform_int_distribution<std::int64_t> draw(-jitter, jitter);
    const Duration delay = spec_.duration("latency") + Duration(jitter > 0 ? draw(situation.random) : 0);
    return {.kind = Treatment::Kind::delay, .bytes = {}, .delay = std::max(delay, Duration(0)), .then = {}};
  }

 private:
  FaultSpec spec_;
};

}  // namespace

namespace entries {

Entry latency() {
  return {.name = "latency",
          .layer = "tcp",
          .does = "Delays every byte by `latency` ± `jitter`, order kept.",
          .imitates = "A long or congested path.",
          .attributes = {{.name = "latency",
                          .type = AttributeType::duration,
                          .doc = "in each direction it covers"},
                         {.name = "jitter",
                          .type = AttributeType::duration,
                          .fallback = "0s",
                          .doc = "uniformly more or less than that"}},
          .when = "connect",
          .connections = "all",
          .heals = true,
          .make = make_treating<Latency>};
}

}  // namespace entries
}  // namespace wsfault::fault
