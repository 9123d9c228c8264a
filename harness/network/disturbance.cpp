#include "network/disturbance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace wsfault::network {
namespace {

using Kind = Disturbance::Kind;

constexpr int of_a_million = 1'000'000;
constexpr std::string_view syn = "tcp flags & (syn | ack) == syn";
constexpr std::string_view no_syn = "tcp flags & (syn | ack) != syn";

/// Packets of a path that come in at wsfault's end, or go out there.
std::string match(const Path& path, bool in) {
  return fmt::format("tcp {} {}", path.near_listens == in ? "dport" : "sport", path.port);
}

bool is_from_client(const Path& path, bool in) { return path.near_listens == in; }

std::string idle_policy(const Disturbance& disturbance) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(std::max(disturbance.idle, shortest_idle));
  return fmt::format("ct timeout idle {{ protocol tcp; l3proto ip; policy = {{ established: {} }}; }}\n",
                     seconds.count());
}

/// What is to happen to packets in one direction; empty: nothing.
std::string rule(const Disturbance& disturbance, const Path& path, bool in) {
  const bool affected = is_from_client(path, in) ? disturbance.to_server : disturbance.to_client;
  const std::string packets = match(path, in);
  switch (disturbance.kind) {
    case Kind::drop:
      return packets + " drop";
    case Kind::drop_syn:
      return is_from_client(path, in) ? fmt::format("{} {} drop", packets, syn) : std::string();
    case Kind::unreachable:
      return packets + (in ? " reject with icmpx type host-unreachable" : " drop");
    case Kind::loss:
      if (!affected) return {};
      return fmt::format("{} numgen random mod {} < {} drop", packets, of_a_million,
                         std::lround(disturbance.ratio * of_a_million));
    case Kind::rate:
      if (!affected) return {};
      return fmt::format("{} limit rate over {} bytes/second burst {} bytes drop", packets, disturbance.rate,
                         disturbance.rate);
    case Kind::firewall: {
      const std::string_view deed = disturbance.reset ? "reject with tcp reset" : "drop";
      return fmt::format("{0} ct state new {1} {2}\n{0} ct state invalid {2}", packets, no_syn, deed);
    }
    case Kind::unplug:
    case Kind::roam:
      break;
  }
  return {};
}

std::string chain(std::string_view name, std::string_view hook, std::string_view priority,
                  const std::string& rules) {
  if (rules.empty()) return {};
  return fmt::format("chain {} {{ type filter hook {} priority {};\n{}}}\n", name, hook, priority, rules);
}

/// Flows are given their time when they begin.
std::string tracking(const std::vector<Path>& paths, bool in) {
  std::string rules;
  for (const Path& path : paths) {
    if (is_from_client(path, in))
      rules += fmt::format("{} ct state new {} ct timeout set \"idle\"\n", match(path, in), syn);
  }
  return chain(in ? "begin_in" : "begin_out", in ? "prerouting" : "output", "-150", rules);
}

}  // namespace

std::string rules_of(const Disturbance& disturbance, std::string_view table, const std::vector<Path>& paths) {
  std::string content;
  if (disturbance.kind == Kind::firewall)
    content = idle_policy(disturbance) + tracking(paths, true) + tracking(paths, false);
  for (const bool in : {true, false}) {
    std::string rules;
    for (const Path& path : paths) {
      const std::string each = rule(disturbance, path, in);
      if (!each.empty()) rules += each + "\n";
    }
    content += chain(in ? "in" : "out", in ? "input" : "output", "0", rules);
  }
  return content.empty() ? std::string() : fmt::format("table inet {} {{\n{}}}", table, content);
}

std::string end_of_rules(std::string_view table) { return fmt::format("delete table inet {}", table); }

}  // namespace wsfault::network
