// One round of a reconnect benchmark, read from its log: when the client noticed, came back and had messages
// again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fault/fault_spec.hpp"
#include "record/event.hpp"

namespace wsfault::bench {

/// In the order in which they come.
enum class Phase : std::uint8_t {
  noticed,        ///< the client reported the end, ended its socket, or attempted to come back
  first_attempt,  ///< TCP was accepted; of a refused one: the client reported the refusal
  connected,  ///< TCP of the connection that opened was accepted; after one attempt: that of `first_attempt`
  open,       ///< its 101 was written to the client's socket
  first_message,  ///< the first message behind it was
};
inline constexpr std::array phases{Phase::noticed, Phase::first_attempt, Phase::connected, Phase::open,
                                   Phase::first_message};
/// "first message".
std::string_view to_string(Phase phase);
constexpr std::size_t index_of(Phase phase) { return static_cast<std::size_t>(phase); }

struct Directions {
  std::int64_t to_client = 0;
  std::int64_t to_server = 0;
  bool operator==(const Directions&) const = default;
};

struct Round {
  int number = 0;
  /// Nanoseconds from the fault's scheduled moment; none where the round did not get there.
  std::array<std::optional<std::int64_t>, phases.size()> after;
  int attempts = 0;  ///< up to the one that opened
  /// Messages sent on a connection before the one that opened, of which no copy ever arrived.
  Directions lost;
  /// Copies beyond the first that arrived.
  Directions duplicated;
  /// From the fault's scheduled moment to its effect: a socket ended, a silence begun, a signal sent. None of
  /// a fault that changes what passes.
  std::optional<std::int64_t> fault_late;
  std::string missing;  ///< why it was not measured, one clause; empty: it was

  std::int64_t since_fault(Phase phase) const { return *after[index_of(phase)]; }  ///< of a measured one
  /// From the phase before it (the first: from the fault).
  std::int64_t step(Phase phase) const;
};

/// `struck` is the fault whose consequences are measured. Its scheduled moment is when its `when` came, and
/// its `after` behind it; of a fault that waits for something to change, or a middlebox, when it fired. A
/// message is known by its content: one that its sender says twice on one connection is not counted.
Round read_round(const record::Events& events, const fault::FaultSpec& struck);

/// A connection that came after the first fault has brought the client a message.
bool is_over(const record::Events& events);

}  // namespace wsfault::bench
