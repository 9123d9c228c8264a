// The first effect that broke a connection of a party, and in which state it struck: what the oracle's rows
// are picked by.
#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "trace/view.hpp"

namespace wsfault::verdict::oracle {

using trace::Leg;
using trace::Quiet;
using trace::SeenAnswer;
using trace::SeenEnd;
using trace::SeenFrame;
using trace::SeenReport;
using trace::Span;

BOOST_DEFINE_ENUM_CLASS(State, before_101, open, closing)

/// The closed list of docs/verdicts.md.
// clang-format off
BOOST_DEFINE_ENUM_CLASS(EffectKind,
  refused,
  fin,
  reset,
  silence,
  answer,  ///< an HTTP answer other than 101; value: its status
  invalid_101,
  garbage,  ///< not HTTP at all
  tls_failure,
  interim,  ///< a 1xx before the 101
  close,    ///< a Close frame; value: its code, legal or not
  close_empty,
  close_invalid,  ///< of one byte, or with a reason that is not UTF-8
  illegal_frame,  ///< detail: the violation's name, or too_large
  bad_compression,
  no_close_reply,  ///< the party's own Close got none back
  no_tcp_end,      ///< the peer's Close came, TCP did not end
  half_close,
  killed,  ///< this and the next ones: done to the party's own process
  stopped,
  frozen,
  reloaded,
  nothing
)
// clang-format on

/// Detail of an illegal frame that is legal, but more than its receiver takes.
inline constexpr std::string_view too_large = "too-large";

std::string_view to_string(State state);
std::string_view to_string(EffectKind kind);

struct Effect {
  Effect(EffectKind kind = EffectKind::nothing, int value = 0, std::string detail = {})
      : kind(kind), value(value), detail(std::move(detail)) {}
  EffectKind kind;
  int value;
  std::string detail;        ///< of an illegal frame its violation, of an invalid 101 its flaw
  bool tcp_goes_on = false;  ///< of a Close: neither side has ended TCP behind it
  bool then_reset = false;   ///< of a Close: an RST came behind it
  bool in_tls = false;       ///< of a silence: it began before TLS was established
  bool unanswered = false;   ///< of a backend: it struck before its answer, whatever the client had by then
};
/// As in reports: "Close 1011, then RST", "HTTP status 503".
std::string to_string(const Effect& effect);

/// What broke a connection.
struct Break {
  State state = State::open;
  Effect effect;
  std::int64_t at = 0;  ///< when it struck: limits count from here
  /// Of a silence: when the last thing came in time; a limit that fired is too early only against this.
  std::int64_t earliest_from = 0;
  bool imposed =
      false;  ///< the log shows that it was done (a fault, an end, bytes); else it is only quiet so far
  std::size_t index = 0;  ///< of the frame or event that did it
};

/// What an event of the log did, as it came.
Break at_event(State state, Effect effect, std::int64_t at, std::size_t index);

/// When the party first acted on its own: its Close frame, its end of TCP, or its report of an end.
std::optional<std::int64_t> acted_at(const Leg& connection);

/// The reason of a Close that arrived is not UTF-8: then its code says nothing either.
bool has_bad_reason(const Leg& connection, const SeenFrame& close);

/// The party's Close says 1009 while a large message was coming in, or had come: it takes no more, which is
/// its right (RFC 6455 7.4.1, 10.4). None for a message that every endpoint takes.
std::optional<Break> refused_for_its_size(const Leg& connection);

/// How long nothing had passed on the connection, either way, when it struck.
Duration quiet_before(const Leg& connection, const Break& broke);

/// The first illegal frame, Close or end that reached the party on its open connection.
std::optional<Break> arrived_while_open(const Leg& connection, State state);
/// A silence on an open connection, imposed or told by an unanswered ping, up to when the party acted.
std::optional<Break> quiet_while_open(const Leg& connection, std::optional<std::int64_t> acted);

/// None: nothing broke it so far. Of a client. Silence counts where it was imposed, before the 101 from the
/// request on, and when a ping of the client's own is unanswered; what arrives later voids it, unless the
/// client acted before.
std::optional<Break> first_break(const Leg& connection, const trace::Process& process);

}  // namespace wsfault::verdict::oracle
