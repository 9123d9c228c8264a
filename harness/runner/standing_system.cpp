// A system that serves the whole run: how to reach it, and what it cannot serve.
#include "runner/standing_system.hpp"

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

}  // namespace

actor::ProbeTarget probe_target(const StandingSystem& system, const Address& link) {
  return {link.host, link.port, system.path, system.authority, system.headers, system.subprotocols, {}};
}

std::string cannot_stand(const scenario::LoadedCase& loaded, const StandingSystem& system) {
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

net::Task<bool> refuses_connections(const StandingSystem& system) {
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
