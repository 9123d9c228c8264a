// Faults of middleboxes: firewalls and load balancers that end a flow by their own timers.
#include <algorithm>

#include "fault/entry.hpp"

namespace wsfault::fault {
namespace {

BOOST_DEFINE_ENUM_CLASS(RenewedBy, any, client, server, data_frames)
struct IdleKill {
  Duration idle;
  RenewedBy renewed_by;
};

/// The middlebox forgets the flow, and drops what comes later.
ConnectionActions forget() {
  return {Swallow{Side::client}, Swallow{Side::server}, Tell{{record::LinkEffectKind::silence, {}}}};
}

class IdleKillFault : public FaultWith<IdleKill> {
 public:
  using FaultWith::FaultWith;
  ConnectionActions fire(const Situation&) override {
    switch (spec_.end) {
      case EndWish::none:
      case EndWish::follow:
        return forget();
      case EndWish::reset_next:
        return {ResetNext{}, Tell{{record::LinkEffectKind::silence, {}}}};
      case EndWish::fin:
      case EndWish::reset:
        return end_both(spec_.end);
    }
    return {};
  }
  std::optional<Clock::time_point> due(const Activity& activity, Clock::time_point armed) const override {
    return std::max(last(activity), armed) + own_.idle;
  }

 private:
  Clock::time_point last(const Activity& activity) const {
    switch (own_.renewed_by) {
      case RenewedBy::any:
        return std::max(activity.client, activity.server);
      case RenewedBy::client:
        return activity.client;
      case RenewedBy::server:
        return activity.server;
      case RenewedBy::data_frames:
        return activity.data;
    }
    return {};
  }
};

struct MaxAge {
  Duration age;
};

class MaxAgeFault : public FaultWith<MaxAge> {
 public:
  using FaultWith::FaultWith;
  ConnectionActions fire(const Situation&) override {
    return spec_.end == EndWish::none ? forget() : end_both(spec_.end);
  }
  std::optional<Clock::time_point> due(const Activity& activity, Clock::time_point) const override {
    return activity.accepted + own_.age;
  }
};

}  // namespace

namespace entries {

Entry idle_kill() {
  return class_entry<IdleKillFault>(
      {.name = "idle_kill",
       .layer = "tcp",
       .does = "A middlebox forgets the flow after a silence: silently (`none`), with RST to the next packet "
               "(`reset_next`), or with `reset` or `fin` to both ends at once.",
       .imitates = "A stateful firewall, a NAT, a load balancer's idle time-out.",
       .faithful = "A proxy cannot see TCP keep-alives, which renew a real firewall's entry.",
       .connections = "all",
       .ends = {"none", "reset_next", "reset", "fin"},
       .middlebox = true},
      {{&IdleKill::idle, {.name = "idle", .doc = "how long a silence it tolerates"}},
       {&IdleKill::renewed_by,
        {.name = "renewed_by", .fallback = "any", .doc = "whose bytes, or which, count as life"}}});
}

Entry max_age() {
  return class_entry<MaxAgeFault>(
      {.name = "max_age",
       .layer = "tcp",
       .does = "Every connection ends after this time, busy or not.",
       .imitates = "A load balancer's maximum connection age, a rolling deploy behind one.",
       .when = "connect",
       .connections = "all",
       .ends = {"fin", "reset", "none"},
       .middlebox = true},
      {{&MaxAge::age, {.name = "age", .doc = "from TCP accept to the end"}}});
}

}  // namespace entries
}  // namespace wsfault::fault
