// How an external system is reached, and which cases cannot run on it.
#include "runner/external_system.hpp"

#include <fmt/format.h>

#include <cerrno>

#include "net/dial.hpp"
#include "net/event_gate.hpp"
#include "value/words.hpp"

namespace wsfault::runner {
namespace {

using Clock = std::chrono::steady_clock;

/// A supervisor may restart a process that has ended.
constexpr Duration comes_back_within = std::chrono::seconds(5);
constexpr Duration between_dials = std::chrono::milliseconds(100);

/// The command that replaces a fault's signal to the process.
std::string command_for(std::string_view fault) { return std::string(fault == "restart" ? "kill" : fault); }

}  // namespace

actor::ProbeTarget probe_target(const ExternalSystem& system, const Address& link) {
  return {link.host, link.port, system.path, system.authority, system.headers, system.subprotocols, {}};
}

bool is_external(const RunSetting& setting, const scenario::LoadedCase& loaded) {
  return setting.external || loaded.judged.system.start.empty();
}

std::string cannot_serve(const scenario::LoadedCase& loaded, const ExternalSystem& system) {
  const std::string_view role = to_string(loaded.scenario.role);
  if (loaded.scenario.tls == model::Tls::passthrough)
    return fmt::format("what is inside a passthrough is spoken with a {} of this run's own", role);
  if (loaded.scenario.tls != model::Tls::none && !system.tls)
    return fmt::format("the {} that stands for the whole run is spoken to without TLS", role);
  if (loaded.scenario.role == model::Role::gateway && has_back(loaded.scenario.tls))
    return "the gateway that stands for the whole run is spoken to without TLS by its upstreams";
  const std::size_t needed = loaded.scenario.upstreams.size();
  if (needed <= system.upstreams.size()) return {};
  return fmt::format("it needs {}, and the gateway has {}", counted(needed, "upstream"),
                     system.upstreams.size());
}

std::string cannot_reach(const scenario::LoadedCase& loaded) {
  const std::string_view role = to_string(loaded.scenario.role);
  const auto& commands = loaded.judged.system.commands;
  for (const fault::FaultSpec& spec : loaded.judged.faults) {
    if (!spec.on_party || spec.at != "sut" || spec.inject == "run") continue;
    const std::string command = command_for(spec.inject);
    if (!commands.contains(command)) {
      return fmt::format("`{}` of a {} that is no child of the run needs `commands.{}` in its system file",
                         spec.inject, role, command);
    }
  }
  for (const verdict::Expectation& expectation : loaded.judged.expectations) {
    if (expectation.what.nature.of_a_child) {
      return fmt::format("`{}` looks at the process of the {}, which is no child of the run",
                         expectation.what.key, role);
    }
  }
  return {};
}

std::string cannot_strike(const scenario::LoadedCase& loaded) {
  for (const fault::FaultSpec& spec : loaded.judged.faults) {
    if (!spec.on_party) continue;
    for (const model::Upstream& upstream : loaded.scenario.upstreams) {
      if (upstream.name != spec.at || !upstream.url) continue;
      return fmt::format(
          "`{}` strikes the process of {}, which is a real server at {} and no child of the run", spec.inject,
          spec.at, *upstream.url);
    }
  }
  return {};
}

net::Task<bool> refuses_connections(const ExternalSystem& system) {
  const auto deadline = Clock::now() + comes_back_within;
  while (true) {
    const net::DialResult dialled =
        co_await net::dial(system.listen.host, system.listen.port, comes_back_within);
    if (dialled.error != ECONNREFUSED) co_return false;
    if (Clock::now() >= deadline) co_return true;
    co_await net::sleep_for(between_dials);
  }
}

}  // namespace wsfault::runner
