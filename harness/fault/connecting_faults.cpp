// Faults of the connecting layer: the server cannot be reached, or accepts and sends nothing.
#include "fault/entry.hpp"

namespace wsfault::fault {
namespace {

struct AcceptClose {
  std::uint32_t after_bytes;
};

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
