// What has passed through a proxy, counted: for metrics and overviews.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "record/event.hpp"
#include "relay/frame_tracker.hpp"

namespace wsfault::proxy {

struct Counters {
  std::uint64_t connections = 0;  ///< accepted
  std::uint64_t upgrades = 0;     ///< that became WebSocket connections
  std::uint64_t dial_failures = 0;
  /// As sent by the client and by the server; by opcode (RFC 6455 5.2).
  std::array<std::array<std::uint64_t, 16>, 2> frames{};
  std::array<std::uint64_t, 2> messages{};
  std::map<std::pair<record::Side, int>, std::uint64_t> closes;  ///< by sender and code; 1005: none
  std::uint64_t faults_fired = 0;
  std::uint64_t violations = 0;

  void count(const record::Event& event);
  /// Adds what was only counted.
  void add(const relay::Tally& tally);
};

using relay::index_of;

}  // namespace wsfault::proxy
