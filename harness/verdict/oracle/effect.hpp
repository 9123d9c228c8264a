// What can break a connection, and in which phase: what the rows of the oracle's tables are picked by.
#pragma once

#include <boost/describe/enum.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace wsfault::verdict::oracle {

/// Of a connection: `closing` once the judged party has sent its Close.
BOOST_DEFINE_ENUM_CLASS(Phase, before_101, open, closing)

/// The closed list of docs/verdicts.md.
// clang-format off
BOOST_DEFINE_ENUM_CLASS(EffectKind,
  refused,
  unconnected,  ///< no answer to its attempt to connect
  fin,
  reset,
  silence,
  answer,  ///< an HTTP answer other than 101; value: its status. Of a request: it asks for no upgrade
  invalid_101,  ///< detail: its flaw. Of a request: it asks for the upgrade and is flawed
  garbage,  ///< not HTTP at all
  tls_failure,
  close,    ///< a Close frame; value: its code, legal or not
  close_empty,
  close_invalid,  ///< of one byte, or with a reason that is not UTF-8
  illegal_frame,  ///< detail: the violation's name, too_large or message_too_big
  bad_compression,
  no_close_reply,  ///< the party's own Close got none back; value: its code
  killed,  ///< this and the next ones: done to the party's own process
  stopped,
  frozen,
  reloaded,
  nothing
)
// clang-format on

// Details of an illegal frame that is legal.
inline constexpr std::string_view too_large = "too-large";              ///< more than its receiver takes
inline constexpr std::string_view absurd_length = "absurd-length";      ///< more than any sane receiver takes
inline constexpr std::string_view message_too_big = "message-too-big";  ///< more than the trait `max_message`
/// Detail of a silence.
inline constexpr std::string_view reads_no_more = "reads no more";
/// Detail of what was done to a process: to its main process alone, or by the signal that makes it drain.
inline constexpr std::string_view serves_on = "serves on";
/// Detail of the end of a process that nobody told to end.
inline constexpr std::string_view untold = "by itself";

struct Effect {
  Effect(EffectKind kind = EffectKind::nothing, int value = 0, std::string detail = {})
      : kind(kind), value(value), detail(std::move(detail)) {}
  EffectKind kind;
  int value;
  std::string detail;        ///< of an illegal frame its violation, of an invalid 101 its flaw
  std::string start;         ///< of bytes that are no head, or of half a head: the first of them
  bool then_reset = false;   ///< of a Close: an RST came after it
  bool then_silent = false;  ///< of garbage: nothing came after it, no end either
  bool in_tls = false;       ///< of a silence: it began before TLS was established
  bool unanswered = false;   ///< of a backend: it struck before its answer, whatever the client had by then
};

/// Bytes that no endpoint may send.
bool is_illegal(const Effect& effect);
/// An illegal frame that is none: legal, but larger than its receiver takes.
bool is_of_size(const Effect& effect);
/// "before the 101", "open".
std::string_view to_string(Phase phase);
/// "close-empty".
std::string_view to_string(EffectKind kind);
/// As in "the upstream …": "refused the connection", "answered 503".
std::string deed(const Effect& effect, Phase phase);

}  // namespace wsfault::verdict::oracle
