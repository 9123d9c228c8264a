// Faults of middleboxes: firewalls and load balancers that end a flow by their own timers.
#include <algorithm>

#include "fault/entry.hpp"
#include "fault/middlebox_presets.hpp"

namespace wsfault::fault {
namespace {

/// Of `end = "close"`.
struct Goodbye {
  std::optional<std::uint16_t> code;
  std::optional<std::string> reason;

  std::string body() const { return wire::close_payload(code.value_or(1001), reason.value_or("")); }
};

BOOST_DEFINE_ENUM_CLASS(RenewedBy, any, client, server, data_frames)
struct IdleKill : Goodbye {
  std::optional<std::string> preset;
  double scale;
  Duration idle;
  RenewedBy renewed_by;
};

/// The middlebox forgets the flow, and drops what comes later.
ConnectionActions forget() {
  return {Swallow{Side::client}, Swallow{Side::server}, Tell{{record::LinkEffectKind::silence, {}}}};
}

/// RST to the side that `direction` names, and FIN to the other one.
ConnectionActions reset_one_side(Direction direction) {
  const Side to = receivers(direction).front();
  return {Detach{Side::client}, Detach{Side::server}, SendReset{to}, SendFin{wire::opposite(to)}};
}

/// What a middlebox does when the time of a flow is over.
ConnectionActions time_is_over(const FaultSpec& spec, const Goodbye& own, const Situation& situation) {
  switch (spec.end) {
    case EndWish::none:
    case EndWish::follow:
      return forget();
    case EndWish::reset_next:
      return {ResetNext{}, Tell{{record::LinkEffectKind::silence, {}}}};
    case EndWish::reset:
      if (spec.direction != Direction::both) return reset_one_side(spec.direction);
      return end_both(spec.end);
    case EndWish::fin:
      return end_both(spec.end);
    case EndWish::close:
      return close_both(spec.direction, own.body(), situation);
  }
  return {};
}

class IdleKillFault : public FaultWith<IdleKill> {
 public:
  using FaultWith::FaultWith;
  ConnectionActions fire(const Situation& situation) override { return time_is_over(spec_, own_, situation); }
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

struct MaxAge : Goodbye {
  std::optional<std::string> preset;
  double scale;
  Duration age;
};

class MaxAgeFault : public FaultWith<MaxAge> {
 public:
  using FaultWith::FaultWith;
  ConnectionActions fire(const Situation& situation) override { return time_is_over(spec_, own_, situation); }
  std::optional<Clock::time_point> due(const Activity& activity, Clock::time_point) const override {
    return activity.accepted + own_.age;
  }
};

/// The rows that both have.
template <typename Own>
Rows<Own> middlebox_rows(const std::vector<Preset>& presets) {
  AttributeRow<Own> preset(
      &Own::preset,
      {.name = "preset", .optional = true, .doc = "a known product: its keys, where none are stated"});
  preset.type = AttributeType::one_of;
  for (const Preset& each : presets) preset.names.push_back(each.name);
  return {std::move(preset),
          {&Own::scale,
           {.name = "scale",
            .fallback = "1",
            .low = 0.0001,
            .high = 1000,
            .doc = "multiplies its times: 0.01 makes a minute 600 ms"}},
          {&Own::code,
           {.name = "code",
            .optional = true,
            .low = 0,
            .high = 65535,
            .doc = "the close code, legal or not, of `end = \"close\"`; 1001 (going away) without it"}},
          {&Own::reason, {.name = "reason", .optional = true, .doc = "the close reason"}}};
}

}  // namespace

namespace entries {

Entry idle_kill() {
  Rows<IdleKill> rows{
      {&IdleKill::idle,
       {.name = "idle",
        .above_zero = true,
        .doc = "how long a silence it tolerates; `preset` may say it instead"}},
      {&IdleKill::renewed_by,
       {.name = "renewed_by",
        .fallback = "any",
        .doc = "whose bytes, or which, count as life: not pings and pongs with `data-frames`"}}};
  std::ranges::move(middlebox_rows<IdleKill>(idle_presets()), std::back_inserter(rows));
  return class_entry<IdleKillFault>(
      {.name = "idle_kill",
       .layer = "tcp",
       .does = "A middlebox ends the flow after a silence: it forgets it silently (`none`), or answers the "
               "next packet with RST (`reset_next`), or ends both sides at once with `reset`, `fin`, or a "
               "Close frame and then FIN (`close`).",
       .imitates = "A stateful firewall, a NAT, a load balancer's or an API gateway's idle time-out.",
       .faithful = "A proxy cannot see TCP keep-alives, which renew a real firewall's entry: `firewall` is one.",
       .presets = idle_presets(),
       .connections = "all",
       .ends = {"none", "reset_next", "reset", "fin", "close"},
       .middlebox = true},
      rows);
}

Entry max_age() {
  Rows<MaxAge> rows{{&MaxAge::age,
                     {.name = "age",
                      .above_zero = true,
                      .doc = "from TCP accept to the end; `preset` may say it instead"}}};
  std::ranges::move(middlebox_rows<MaxAge>(age_presets()), std::back_inserter(rows));
  return class_entry<MaxAgeFault>(
      {.name = "max_age",
       .layer = "tcp",
       .does = "Every connection ends after this time, busy or not; with `close` by a Close frame and then "
               "FIN (before the 101 by FIN alone).",
       .imitates = "A load balancer's maximum connection age, a rolling deploy behind one.",
       .presets = age_presets(),
       .when = "connect",
       .connections = "all",
       .ends = {"fin", "reset", "none", "reset_next", "close"},
       .middlebox = true},
      rows);
}

}  // namespace entries
}  // namespace wsfault::fault
