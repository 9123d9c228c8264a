// The first thing that broke a connection of a party, and in which phase it struck.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/system.hpp"
#include "trace/view.hpp"
#include "verdict/oracle/effect.hpp"

namespace wsfault::verdict::oracle {

using trace::Leg;
using trace::Quiet;
using trace::SeenFrame;
using trace::SeenReport;
using trace::Span;

struct Break {
  Phase phase = Phase::open;
  Effect effect;
  std::int64_t at = 0;  ///< when it struck: limits count from here
  /// Of a silence: when the last thing came in time; a limit that fired is too early only against this.
  std::int64_t earliest_from = 0;
  /// The log shows that it was done (a fault, an end, bytes); else it is only quiet so far.
  bool imposed = false;
  std::size_t index = 0;  ///< of the frame or event that did it
};

/// Of some systems the workers serve on without the main process, or drain at a signal of their own (the
/// trait `drain_signal`).
bool may_serve_on(const trace::ProcessEvent& killed, const model::Traits& traits);

/// What an event of the log did, as it came.
Break at_event(Phase phase, Effect effect, std::int64_t at, std::size_t index);

/// By time; at the same time by the order of the log. None comes after all.
bool earlier(const std::optional<Break>& one, const std::optional<Break>& other);
void keep_earlier(std::optional<Break>& first, std::optional<Break> found);

/// When the party first acted on its own: its Close frame, its end of TCP, or its report of an end.
std::optional<std::int64_t> acted_at(const Leg& connection);

/// The reason of a Close that arrived is not UTF-8: then its code says nothing either.
bool has_bad_reason(const Leg& connection, const SeenFrame& close);

/// A message has begun to arrive and is not whole.
bool is_amid_a_message(const Leg& connection);

/// The party's Close says 1009 while a large message was coming in, or had come: it takes no more, which is
/// its right (RFC 6455 7.4.1, 10.4). None for a message that every endpoint takes, or that is within
/// `max_message`. A length that is absurd it may refuse in any way.
std::optional<Break> refused_for_its_size(const Leg& connection, const model::Traits& traits);

/// Bytes that are no head where one was due; half of one counts as the end after it.
std::optional<Break> garbage_of(const Leg& connection);
/// The first illegal frame, Close or end that reached the party.
std::optional<Break> arrived_in_frames(const Leg& connection, Phase phase);
/// A silence on an open connection, imposed or shown by an unanswered ping, up to when the party acted.
std::optional<Break> quiet_while_open(const Leg& connection, std::optional<std::int64_t> acted);

/// Of a client; none: nothing broke it so far. Silence counts where it was imposed, before the 101 from the
/// request on, and when a ping of the client's own is unanswered; what arrives later voids it, unless the
/// client acted before.
std::optional<Break> first_break(const Leg& connection, const trace::Process& process,
                                 const model::Traits& traits);

/// For a party on the client's side: "the server ended TCP with RST without a Close", "its process was
/// killed".
std::string what_broke(const Break& broke);

}  // namespace wsfault::verdict::oracle
