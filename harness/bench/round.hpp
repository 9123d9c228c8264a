// One round of a reconnect benchmark, read from its log: when the client noticed, reconnected and received
// messages again.
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
#include "trace/trace.hpp"

namespace wsfault::bench {

/// In the order of occurrence.
enum class Phase : std::uint8_t {
  noticed,        ///< the client reported the end, ended its socket, or attempted to reconnect
  first_attempt,  ///< TCP was accepted; if refused: the client reported the refusal
  connected,  ///< TCP of the connection that opened was accepted; after one attempt: that of `first_attempt`
  open,       ///< its 101 was written to the client's socket
  first_message,  ///< the first message after it was
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
  /// Nanoseconds from the fault's scheduled moment; none if the round did not get that far.
  std::array<std::optional<std::int64_t>, phases.size()> after;
  int attempts = 0;  ///< up to and including the one that opened
  /// Messages sent on a connection before the one that opened, with no copy that ever arrived.
  Directions lost;
  /// Arrived copies beyond the first.
  Directions duplicated;
  /// From the fault's scheduled moment to its effect: a socket ended, a silence begun, a signal sent. None
  /// for a fault that changes data in transit.
  std::optional<std::int64_t> fault_late;
  std::string missing;  ///< why it was not measured, one clause; empty: it was measured

  std::int64_t since_fault(Phase phase) const { return *after[index_of(phase)]; }  ///< valid if measured
  /// From the phase before it (the first: from the fault).
  std::int64_t step(Phase phase) const;
};

/// `struck` is the fault that is measured. Its scheduled moment is when its `when` came, plus its `after`;
/// for a fault that waits for something to change, or a middlebox, when it fired. A message is identified by
/// its content: one that its sender sends twice on one connection is not counted.
Round read_round(const record::Events& events, const fault::FaultSpec& struck);

/// True if a connection made after the first fault has brought the client a message.
bool is_over(const trace::Trace& trace);

}  // namespace wsfault::bench
