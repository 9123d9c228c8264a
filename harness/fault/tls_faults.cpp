// Faults of the TLS layer: certificates that must be refused, handshakes that fail or hang, a truncated end.
#include "fault/catalogue.hpp"
#include "fault/connection_fault.hpp"

namespace wsfault::fault {
namespace {

template <Shown shown>
ConnectionActions show(const FaultSpec&, const Situation&) {
  return {ShowCertificate{shown}, Tell{{record::EffectKind::tls_failure, Side::client}}};
}

ConnectionActions abort(const FaultSpec&, const Situation& situation) {
  return {Misconduct{situation.sut, false}, Tell{{record::EffectKind::tls_failure, situation.sut}}};
}

ConnectionActions hang(const FaultSpec&, const Situation& situation) {
  return {Misconduct{situation.sut, true}, Tell{{record::EffectKind::no_answer, situation.sut}}};
}

ConnectionActions truncate(const FaultSpec& spec, const Situation&) {
  ConnectionActions actions{Detach{Side::client}, Detach{Side::server}};
  for (const Side side : receivers(spec.direction)) actions.push_back(SendFin{side, true});
  return actions;
}

}  // namespace

namespace entries {

Entry tls_bad_certificate() {
  return {.name = "tls_bad_certificate",
          .layer = "tls",
          .does = "The certificate is of an authority that nobody has heard of.",
          .imitates = "A self-signed certificate, a proxy that breaks TLS open, an attacker.",
          .when = "connect",
          .connections = "all",
          .answers = true,
          .make = make_firing<show<Shown::unknown_authority>>};
}

Entry tls_expired() {
  return {.name = "tls_expired",
          .layer = "tls",
          .does = "The certificate ended yesterday.",
          .imitates = "A certificate that nobody renewed.",
          .when = "connect",
          .connections = "all",
          .answers = true,
          .make = make_firing<show<Shown::expired>>};
}

Entry tls_wrong_host() {
  return {
      .name = "tls_wrong_host",
      .layer = "tls",
      .does = "The certificate is for another host.",
      .imitates = "A default virtual host, a name that was moved, an attacker with a certificate of his own.",
      .when = "connect",
      .connections = "all",
      .answers = true,
      .make = make_firing<show<Shown::other_host>>};
}

Entry tls_abort() {
  return {.name = "tls_abort",
          .layer = "tls",
          .does = "In the middle of the TLS handshake a fatal alert (handshake_failure) is sent, then FIN.",
          .imitates = "No common protocol version or cipher, a peer that demands a client certificate.",
          .when = "connect",
          .connections = "all",
          .make = make_firing<fault::abort>};
}

Entry tls_hang() {
  return {.name = "tls_hang",
          .layer = "tls",
          .does = "The TLS handshake is never finished: nothing more is said in it.",
          .imitates = "An overloaded TLS terminator, a port on which something else listens, a slow attack.",
          .when = "connect",
          .connections = "all",
          .make = make_firing<fault::hang>};
}

Entry tls_truncate() {
  return {.name = "tls_truncate",
          .layer = "tls",
          .does = "FIN without close_notify before it: TLS cannot tell such an end from an attack.",
          .imitates = "A process that died or was killed, a middlebox that ends TCP.",
          .make = make_firing<truncate>};
}

}  // namespace entries
}  // namespace wsfault::fault
