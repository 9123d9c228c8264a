// Faults of the TLS layer: certificates that must be refused, handshakes that fail or hang, a truncated end.
#include "fault/entry.hpp"

namespace wsfault::fault {
namespace {

template <Shown shown>
ConnectionActions show(const FaultSpec&, const Situation&) {
  return {ShowCertificate{shown}, Tell{{record::LinkEffectKind::tls_failure, Side::client}}};
}

ConnectionActions abort(const FaultSpec&, const Situation& situation) {
  return {Misconduct{situation.sut, false}, Tell{{record::LinkEffectKind::tls_failure, situation.sut}}};
}

ConnectionActions hang(const FaultSpec&, const Situation& situation) {
  return {Misconduct{situation.sut, true}, Tell{{record::LinkEffectKind::no_answer, situation.sut}}};
}

ConnectionActions truncate(const FaultSpec& spec, const Situation&) {
  ConnectionActions actions{Detach{Side::client}, Detach{Side::server}};
  for (const Side side : receivers(spec.direction)) actions.push_back(SendFin{side, true});
  return actions;
}

/// An entry for a fault of the handshake.
Entry handshake_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  return {.name = name,
          .layer = "tls",
          .does = does,
          .imitates = imitates,
          .when = "connect",
          .connections = "all"};
}

/// An entry for a certificate that must be refused.
template <Shown shown>
Entry certificate_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  Entry entry = handshake_entry(name, does, imitates);
  entry.answers = true;
  return firing_entry(std::move(entry), show<shown>);
}

}  // namespace

namespace entries {

Entry tls_bad_certificate() {
  return certificate_entry<Shown::unknown_authority>(
      "tls_bad_certificate", "The certificate is of an authority that nobody has heard of.",
      "A self-signed certificate, a proxy that breaks TLS open, an attacker.");
}

Entry tls_expired() {
  return certificate_entry<Shown::expired>("tls_expired", "The certificate ended yesterday.",
                                           "A certificate that nobody renewed.");
}

Entry tls_wrong_host() {
  return certificate_entry<Shown::other_host>(
      "tls_wrong_host", "The certificate is for another host.",
      "A default virtual host, a name that was moved, an attacker with a certificate of his own.");
}

Entry tls_abort() {
  return firing_entry(
      handshake_entry(
          "tls_abort",
          "In the middle of the TLS handshake a fatal alert (handshake_failure) is sent, then FIN.",
          "No common protocol version or cipher, a peer that demands a client certificate."),
      fault::abort);
}

Entry tls_hang() {
  return firing_entry(
      handshake_entry("tls_hang", "The TLS handshake is never finished: nothing more is said in it.",
                      "An overloaded TLS terminator, a port on which something else listens, a slow attack."),
      fault::hang);
}

Entry tls_truncate() {
  return firing_entry(
      {.name = "tls_truncate",
       .layer = "tls",
       .does = "FIN without close_notify before it: TLS cannot tell such an end from an attack.",
       .imitates = "A process that died or was killed, a middlebox that ends TCP."},
      fault::truncate);
}

}  // namespace entries
}  // namespace wsfault::fault
