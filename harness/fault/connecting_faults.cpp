// Faults of the connecting layer: the server cannot be reached, or accepts and sends nothing.
#include "fault/catalogue.hpp"
#include "fault/connection_fault.hpp"
#include "fault/party_fault.hpp"

namespace wsfault::fault {
namespace {

PartyFault refuse(const FaultSpec&) { return {.fire = {StopListening{}}, .heal = {StartListening{}}}; }

ConnectionActions accept_hang(const FaultSpec&, const Situation&) {
  return {NoDial{}, Swallow{Side::client}, Tell{{record::EffectKind::no_answer, Side::client}}};
}

ConnectionActions accept_close(const FaultSpec& spec, const Situation&) {
  ConnectionActions actions{NoDial{}, Detach{Side::client}};
  if (const auto bytes = spec.integer("after_bytes"); bytes > 0) {
    actions.push_back(AwaitBytes{Side::client, static_cast<std::uint64_t>(bytes)});
  }
  append_end(actions, spec.end, Side::client);
  return actions;
}

}  // namespace

namespace entries {

Entry refuse() {
  return {.name = "refuse",
          .layer = "connecting",
          .does = "The link does not listen: a SYN is answered with RST.",
          .imitates = "The server is down, or listens on another port.",
          .faithful = "Attempts are invisible to the harness, as they are to a server that is down.",
          .when = "start",
          .heals = true,
          .make = fault::refuse};
}

Entry accept_hang() {
  return {.name = "accept_hang",
          .layer = "connecting",
          .does = "TCP is accepted, and never a byte comes back.",
          .imitates = "A hung server, a full accept queue behind a load balancer, a wrong service.",
          .when = "connect",
          .connections = "all",
          .make = make_firing<fault::accept_hang>};
}

Entry accept_close() {
  return {.name = "accept_close",
          .layer = "connecting",
          .does = "TCP is accepted, then ended.",
          .imitates = "A load balancer without a healthy backend, a TCP wrapper that refuses.",
          .attributes = {{.name = "after_bytes",
                          .type = AttributeType::integer,
                          .fallback = "0",
                          .low = 0,
                          .high = 65536,
                          .doc = "ended once so many bytes have come from the client"}},
          .when = "connect",
          .connections = "all",
          .ends = {"fin", "reset"},
          .make = make_firing<fault::accept_close>};
}

}  // namespace entries
}  // namespace wsfault::fault
