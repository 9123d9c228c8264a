// What a party may be seen to do about a break, and what it did.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "verdict/oracle/break.hpp"

namespace wsfault::verdict::oracle {

/// One thing that a party may be seen to do.
enum class ReactionKind {
  report,      ///< its API (or that of the client behind a gateway) reports a close code
  error,       ///< its API reports an error without a code
  opens,       ///< the connection opens
  stays_open,  ///< nothing happens
  follows,     ///< it goes where the redirect says
  ends,        ///< FIN or RST without a Close
  close,       ///< a Close frame with a code
  status,      ///< an HTTP answer other than a 101
  garbage,     ///< an answer that is no HTTP, or behind the 101 one that is
  passes_on,   ///< bytes and ends go through untouched
};

/// The first thing that ends or settles a connection, as the party put it on the wire.
struct Act {
  ReactionKind kind = ReactionKind::stays_open;
  int value = 0;  ///< a status, a close code (1005: there is none in it)
  std::string reason;
  std::string close;  ///< of a Close, what it is: "Close 1000", "an empty Close"
  std::string start;  ///< of bytes that are no head, or half of one: the first of them
  bool before_101 = false;
  bool flawed = false;  ///< of `opens`: a client must refuse this 101
  bool reset = false;   ///< of `ends`
  std::int64_t at = 0;
  std::size_t index = 0;

  bool is(ReactionKind other) const { return kind == other; }
  /// An HTTP answer in the open WebSocket.
  bool is_page() const { return is(ReactionKind::garbage) && !before_101; }
  bool is_nothing() const { return kind == ReactionKind::stays_open; }
};
/// Before the 101 an answer counts, after it a Close or an end.
Act act_on(const Leg& leg, Phase phase);

/// The first thing that a server's side of a connection said of its end: an answer other than a 101, a 101
/// that must be refused, a Close, an end.
struct Sign {
  std::int64_t at = 0;
  std::size_t index = 0;
};
std::optional<Sign> first_sign(const Leg& leg);

/// Byte for byte, as far as the log says: all but the masking key, which is each connection's own.
bool same_frame(const record::FrameSeen& one, const record::FrameSeen& other);

/// When it was killed at the end of its grace, before that act: it was told to stop, and had done nothing.
std::optional<std::int64_t> killed_in_stopping(const Break& broke, const Act& act, const trace::Process& process);

}  // namespace wsfault::verdict::oracle
