// Faults of middleboxes: firewalls and load balancers that end a flow by their own timers.
#include <algorithm>

#include "fault/catalogue.hpp"
#include "fault/connection_fault.hpp"

namespace wsfault::fault {
namespace {

class IdleKill : public ConnectionFault {
 public:
  explicit IdleKill(FaultSpec spec) : spec_(std::move(spec)), idle_(spec_.duration("idle")) {}

  ConnectionActions fire(const Situation&) override {
    switch (spec_.end) {
      case EndWish::none:
        return {Swallow{Side::client}, Swallow{Side::server}, Tell{{record::EffectKind::silence, {}}}};
      case EndWish::reset_next:
        return {ResetNext{}, Tell{{record::EffectKind::silence, {}}}};
      case EndWish::fin:
      case EndWish::reset:
        return end_both(spec_.end);
    }
    return {};
  }

  std::optional<Clock::time_point> due(const Activity& activity, Clock::time_point armed) const override {
    return std::max(last(activity), armed) + idle_;
  }

 private:
  Clock::time_point last(const Activity& activity) const {
    const std::string by = spec_.text("renewed_by");
    if (by == "client") return activity.client;
    if (by == "server") return activity.server;
    if (by == "data-frames") return activity.data;
    return std::max(activity.client, activity.server);
  }

  FaultSpec spec_;
  Duration idle_;
};

class MaxAge : public ConnectionFault {
 public:
  explicit MaxAge(FaultSpec spec) : spec_(std::move(spec)) {}
  ConnectionActions fire(const Situation&) override {
    if (spec_.end != EndWish::none) return end_both(spec_.end);
    return {Swallow{Side::client}, Swallow{Side::server}, Tell{{record::EffectKind::silence, {}}}};
  }
  std::optional<Clock::time_point> due(const Activity& activity, Clock::time_point) const override {
    return activity.accepted + spec_.duration("age");
  }

 private:
  FaultSpec spec_;
};

}  // namespace

namespace entries {

Entry idle_kill() {
  return {.name = "idle_kill",
          .layer = "tcp",
          .does =
              "A middlebox forgets the flow after a silence: silently (`none`), with RST to the next packet "
              "(`reset_next`), or with `reset` or `fin` to both ends at once.",
          .imitates = "A stateful firewall, a NAT, a load balancer's idle time-out.",
          .faithful = "A proxy cannot see TCP keep-alives, which renew a real firewall's entry.",
          .attributes = {{.name = "idle",
                          .type = AttributeType::duration,
                          .doc = "how long a silence it tolerates"},
                         {.name = "renewed_by",
                          .type = AttributeType::one_of,
                          .fallback = "any",
                          .names = {"any", "client", "server", "data-frames"},
                          .doc = "whose bytes, or which, count as life"}},
          .connections = "all",
          .ends = {"none", "reset_next", "reset", "fin"},
          .middlebox = true,
          .make = make_treating<IdleKill>};
}

Entry max_age() {
  return {
      .name = "max_age",
      .layer = "tcp",
      .does = "Every connection ends after so long, busy or not.",
      .imitates = "A load balancer's maximum connection age, a rolling deploy behind one.",
      .attributes = {{.name = "age", .type = AttributeType::duration, .doc = "from TCP accept to the end"}},
      .when = "connect",
      .connections = "all",
      .ends = {"fin", "reset", "none"},
      .middlebox = true,
      .make = make_treating<MaxAge>};
}

}  // namespace entries
}  // namespace wsfault::fault
