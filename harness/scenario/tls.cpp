// What wss requires of scenarios and systems.
#include "scenario/tls.hpp"

#include <fmt/format.h>

namespace wsfault::scenario {
namespace {

using model::Role;
using model::Tls;

bool speaks_tls(const model::Scenario& scenario, const fault::Seats& seats, const std::string& link) {
  if (scenario.role != Role::gateway) return scenario.tls == Tls::both;
  if (scenario.tls == Tls::passthrough) return false;
  const bool is_front = seats.side_of_sut(link) == wire::Side::server;
  return is_front ? has_front(scenario.tls) : has_back(scenario.tls);
}

/// If TLS passes through, a link knows only when a connection begins and ends, and its bytes.
bool is_known_of_ciphertext(const fault::Moment& moment) {
  using Kind = fault::Moment::Kind;
  return !fault::is_on_wire(moment.kind) || moment.kind == Kind::connect || moment.kind == Kind::byte ||
         moment.kind == Kind::end;
}

void check_passthrough(const fault::FaultSpec& spec, const fault::Entry& entry, Diagnostics& diagnostics) {
  const bool reads = entry.layer == "upgrade" || entry.layer == "websocket" || entry.layer == "tls";
  if (reads) {
    diagnostics.error(
        spec.place,
        fmt::format("`{}` works on what is inside TLS, and with `tls = \"passthrough\"` the link leaves "
                    "it closed",
                    spec.inject),
        "`tls = true` opens it");
  } else if (!is_known_of_ciphertext(spec.when)) {
    diagnostics.error(
        spec.place,
        fmt::format("\"{}\" is inside TLS, and with `tls = \"passthrough\"` the link leaves it closed",
                    to_string(spec.when)),
        "allowed: start, connect, byte N, end, and moments that are not on the wire");
  }
}

}  // namespace

Tls read_tls(TableReader& scenario, Role role) {
  const Value* value = scenario.raw("tls");
  if (value == nullptr) return Tls::none;
  if (value->boolean() != nullptr) return *value->boolean() ? Tls::both : Tls::none;
  const auto named = scenario.one_of("tls", {"front", "back", "passthrough"});
  if (!named) return Tls::none;
  if (*named == "passthrough") return Tls::passthrough;
  if (role != Role::gateway) {
    scenario.error(
        *value,
        fmt::format("`tls = \"{}\"` is for gateways: a {} has one link", *named, model::to_string(role)),
        "true, false or \"passthrough\"");
  }
  return *named == "front" ? Tls::front : Tls::back;
}

void check_tls(const model::Scenario& scenario, const fault::Seats& seats, Diagnostics& diagnostics) {
  for (const fault::FaultSpec& spec : scenario.faults) {
    const fault::Entry& entry = *fault::find_entry(spec.inject);
    if (spec.on_party) continue;
    if (scenario.tls == Tls::passthrough) {
      check_passthrough(spec, entry, diagnostics);
    } else if (entry.layer == "tls" && !speaks_tls(scenario, seats, spec.at)) {
      diagnostics.error(spec.place, fmt::format("`{}` needs TLS at \"{}\"", spec.inject, spec.at),
                        "tls = true in the scenario");
    }
  }
}

std::string cannot_speak_tls(const model::System& system, Tls tls) {
  // A client needs only its URL, and a gateway that forwards bytes forwards those of TLS.
  if (tls == Tls::none || system.role == Role::client || system.kind == model::Kind::tcp) return {};
  if (has_front(tls) && !system.tls) {
    return fmt::format("{} serves no TLS ({} in its system file)", model::called(system),
                       system.role == Role::gateway ? "[tls.front]" : "[tls]");
  }
  const bool needs_back = system.role == Role::gateway && has_back(tls);
  if (needs_back && !system.tls_back)
    return fmt::format("{} speaks no TLS to its upstreams ([tls.back] in its system file)",
                       model::called(system));
  return {};
}

model::System with_tls(const model::System& system, Tls tls) {
  model::System changed = system;
  if (has_front(tls) && system.tls) changed = with_form(changed, *system.tls);
  if (has_back(tls) && system.tls_back) changed = with_form(changed, *system.tls_back);
  return changed;
}

}  // namespace wsfault::scenario
