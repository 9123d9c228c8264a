// Faults of the TCP layer that end or silence a connection.
#include "fault/entry.hpp"
#include "fault/shared_attributes.hpp"

namespace wsfault::fault {
namespace {

ConnectionActions reset(const FaultSpec& spec, const Reset& own, const Situation&) {
  ConnectionActions actions{Detach{Side::client}, Detach{Side::server}};
  const std::vector<Side> to = receivers(spec.direction);
  for (const Side side : to) actions.push_back(SendReset{side, own.flush});
  // A reset in one direction only: the other party gets a plain FIN, as after a crash of a proxy between
  // them.
  if (to.size() == 1) actions.push_back(SendFin{wire::opposite(to.front())});
  return actions;
}

ConnectionActions fin(const FaultSpec& spec, const Situation&) {
  ConnectionActions actions{Detach{Side::client}, Detach{Side::server}};
  for (const Side side : receivers(spec.direction)) actions.push_back(SendFin{side});
  return actions;
}

ConnectionActions half_close(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  return {Detach{wire::opposite(to)}, SendFin{to}};
}

/// Faults that silence a direction: `Quiet` is Swallow or Stall.
template <typename Quiet, record::LinkEffectKind kind>
class QuietFault : public FaultWith<> {
 public:
  using FaultWith::FaultWith;
  ConnectionActions fire(const Situation&) override { return for_each_receiver<Quiet>(kind); }
  ConnectionActions heal() override { return for_each_receiver<Resume>(record::LinkEffectKind::resumed); }

 private:
  template <typename Step>
  ConnectionActions for_each_receiver(record::LinkEffectKind told) const {
    ConnectionActions actions;
    for (const Side to : receivers(spec_.direction)) {
      actions.push_back(Step{wire::opposite(to)});
      actions.push_back(Tell{{told, to}});
    }
    return actions;
  }
};

}  // namespace

namespace entries {

Entry reset() {
  return firing_entry(
      {.name = "reset",
       .layer = "tcp",
       .does = "RST (linger 0). What was sent before is acknowledged first, unless `flush = false`.",
       .imitates = "A crashed server, a rebooted host, a load balancer that gives up."},
      fault::reset,
      {{&Reset::flush,
        {.name = "flush",
         .fallback = "true",
         .doc = "false: RST at once, and the log says how many bytes were lost"}}});
}

Entry fin() {
  return firing_entry(
      {.name = "fin",
       .layer = "tcp",
       .does = "FIN without a Close frame: writing is shut down, reading goes on until the peer's FIN.",
       .imitates = "A process that exited, a proxy that dropped the connection."},
      fault::fin);
}

Entry half_close() {
  return firing_entry({.name = "half_close",
                       .layer = "tcp",
                       .does = "FIN in one direction; the other is still forwarded.",
                       .imitates = "A program that shuts down one direction of its socket.",
                       .direction = "to-sut"},
                      fault::half_close);
}

Entry blackhole() {
  return class_entry<QuietFault<Swallow, record::LinkEffectKind::silence>>(
      {.name = "blackhole",
       .layer = "tcp",
       .does = "Both ends stay open, and nothing passes: what is sent is swallowed, an end too.",
       .imitates = "An unplugged cable, a vanished host, a firewall that forgot the flow.",
       .faithful =
           "A real loss leaves data unacknowledged, so that the sender's kernel reports ETIMEDOUT in the "
           "end; here it is acknowledged. `unplug` is the real thing.",
       .heals = true});
}

Entry stall() {
  return class_entry<QuietFault<Stall, record::LinkEffectKind::stalled>>(
      {.name = "stall",
       .layer = "tcp",
       .does = "Nothing passes and nothing is read: back-pressure reaches the sender.",
       .imitates = "A reader that no longer reads, a saturated path.",
       .heals = true});
}

}  // namespace entries
}  // namespace wsfault::fault
