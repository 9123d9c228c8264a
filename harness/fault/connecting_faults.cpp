// Faults of the connecting layer: the server cannot be reached, or accepts and sends nothing.
#include <utility>

#include "fault/entry.hpp"

namespace wsfault::fault {
namespace {

struct AcceptClose {
  std::uint32_t after_bytes;
};

struct Flap {
  std::vector<Duration> down;
  std::vector<Duration> up;
  std::int64_t times;
  double jitter;
};

/// A list that is too short begins anew.
PartyFault flap(const Flap& own) {
  PartyFault fault;
  for (std::size_t i = 0; std::cmp_less(i, own.times); ++i) {
    if (i > 0) fault.fire.push_back(Wait{own.up[(i - 1) % own.up.size()], own.jitter});
    fault.fire.push_back(GoDark{});
    fault.fire.push_back(Wait{own.down[i % own.down.size()], own.jitter});
    fault.fire.push_back(GoLight{});
  }
  return fault;
}

ConnectionActions accept_hang(const FaultSpec&, const Situation&) {
  return {NoDial{}, Swallow{Side::client}, Tell{{record::LinkEffectKind::no_answer, Side::client}}};
}

ConnectionActions accept_close(const FaultSpec& spec, const AcceptClose& own, const Situation&) {
  ConnectionActions actions{NoDial{}, Detach{Side::client}};
  if (own.after_bytes > 0) actions.push_back(AwaitBytes{Side::client, own.after_bytes});
  append_end(actions, spec.end, Side::client);
  return actions;
}

}  // namespace

namespace entries {

Entry refuse() {
  return party_entry(
      {.name = "refuse",
       .layer = "connecting",
       .does = "The link does not listen: a SYN is answered with RST.",
       .imitates = "The server is down, or listens on another port.",
       .faithful = "Attempts are invisible to the harness, as they are to a server that is down.",
       .when = "start",
       .heals = true},
      {.fire = {StopListening{}}, .heal = {StartListening{}}});
}

Entry dark() {
  return party_entry(
      {.name = "dark",
       .layer = "connecting",
       .does = "An outage: nothing passes on any connection of the link, no end either, and a SYN gets no "
               "answer. "
               "Once it heals, what waited goes on in order, and a SYN that is sent again is answered.",
       .imitates =
           "A router that restarts, a tunnel, Wi-Fi that is changed, a host that a failover has not yet "
           "replaced.",
       .faithful =
           "What waits on an open connection is acknowledged to its sender, up to 256 KiB in each direction, "
           "and goes on at once; a real sender's kernel sends it again, at growing intervals, and gives up "
           "in the end (ETIMEDOUT): that is `unplug` and `partition`, on a real network.",
       .when = "open",
       .heals = true},
      {.fire = {GoDark{}}, .heal = {GoLight{}}});
}

Entry flap() {
  const Attribute down{
      .name = "down", .fallback = "2s", .above_zero = true, .doc = "how long it is dark, each time in turn"};
  const Attribute up{
      .name = "up", .fallback = "5s", .above_zero = true, .doc = "how long it works in between"};
  return party_entry<Flap>(
      {.name = "flap",
       .layer = "connecting",
       .does = "The link goes dark, as with `dark`, and works again, several times.",
       .imitates = "A train that passes through tunnels, a loose plug, a route that changes back and forth.",
       .faithful = "As with `dark`.",
       .when = "open"},
      fault::flap,
      {{&Flap::down, down},
       {&Flap::up, up},
       {&Flap::times,
        {.name = "times", .fallback = "3", .low = 1, .high = 1000, .doc = "how often it goes dark"}},
       {&Flap::jitter,
        {.name = "jitter",
         .fallback = "0",
         .low = 0,
         .high = 1,
         .doc = "how much longer or shorter each time may be, as a part of it; drawn from the run's seed"}}});
}

Entry accept_hang() {
  return firing_entry(
      {.name = "accept_hang",
       .layer = "connecting",
       .does = "TCP is accepted, and never a byte comes back.",
       .imitates = "A hung server, a full accept queue behind a load balancer, a wrong service.",
       .when = "connect",
       .connections = "all"},
      fault::accept_hang);
}

Entry accept_close() {
  return firing_entry({.name = "accept_close",
                       .layer = "connecting",
                       .does = "TCP is accepted, then ended.",
                       .imitates = "A load balancer without a healthy backend, a TCP wrapper that refuses.",
                       .when = "connect",
                       .connections = "all",
                       .ends = {"fin", "reset"}},
                      fault::accept_close,
                      {{&AcceptClose::after_bytes,
                        {.name = "after_bytes",
                         .fallback = "0",
                         .low = 0,
                         .high = 65536,
                         .doc = "ended once so many bytes have come from the client"}}});
}

}  // namespace entries
}  // namespace wsfault::fault
