// The tables, one file each, and the words in which their rows are written.
#pragma once

#include "value/enums.hpp"
#include "verdict/oracle/row.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {

Table client_table();
Table server_table();
/// Kinds `http` and, before its own 101, `websocket`: before the 101.
Table gateway_http_table();
/// Kind `tcp`, before the 101.
Table gateway_tcp_table();
/// Kinds `http` and `tcp`, after the 101: they pass bytes; judged by what the client reports.
Table tunnel_table();
/// A WebSocket peer on both sides, and where it differs from `http` before its own 101.
Table gateway_websocket_table();
/// A gateway whose client fails, judged by what it then does to its backend.
Table tunnel_at_upstream_table();
Table peer_at_upstream_table();

namespace words {

using Written = Few<Reaction, 7>;
using enum EffectKind;

inline constexpr Few<Phase, 3> before_101 = {Phase::before_101};
inline constexpr Few<Phase, 3> open = {Phase::open};
inline constexpr Few<Phase, 3> closing = {Phase::closing};
inline constexpr Few<Phase, 3> after_101 = {Phase::open, Phase::closing};
inline constexpr Few<Phase, 3> always = {Phase::before_101, Phase::open, Phase::closing};

/// Every effect: of a phase's last row, for what does not concern the party or comes to nothing there.
inline constexpr Effects others = [] {
  Effects all;
  for (const EffectKind each : all_of<EffectKind>()) all.add(each);
  return all;
}();

// --- reactions
constexpr Reaction reports(int first, int last) { return {ReactionKind::report, first, last}; }
constexpr Reaction reports(int code) { return reports(code, code); }
constexpr Reaction closes(int first, int last) { return {ReactionKind::close, first, last}; }
constexpr Reaction closes(int code) { return closes(code, code); }
constexpr Reaction answers(int first, int last) { return {ReactionKind::status, first, last}; }
constexpr Reaction answers(int status) { return answers(status, status); }
inline constexpr Reaction reports_error{ReactionKind::error};
inline constexpr Reaction opens{ReactionKind::opens};
inline constexpr Reaction stays_open{ReactionKind::stays_open};
inline constexpr Reaction follows{ReactionKind::follows};
inline constexpr Reaction ends{ReactionKind::ends};
inline constexpr Reaction passes_on{ReactionKind::passes_on};
// with the code or the status that arrived
inline constexpr Reaction reports_it{ReactionKind::report, 0, 0, Numbers::of_the_effect};
inline constexpr Reaction closes_with_it{ReactionKind::close, 0, 0, Numbers::of_the_effect};
inline constexpr Reaction answers_it{ReactionKind::status, 0, 0, Numbers::of_the_effect};
inline constexpr Reaction closes_alike{ReactionKind::close, 0, 0, Numbers::same_class};

// --- limits
inline constexpr Limit at_once{};
inline constexpr Limit at_any_time{.traits = {}, .binds = false};
constexpr Limit within(Few<std::string_view, 2> traits, Cause missing) {
  return {.traits = traits, .binds = true, .missing = missing};
}
inline constexpr Limit handshake_limit = within({"handshake_limit"}, Cause::no_handshake_limit);
/// A TLS handshake is part of connecting.
inline constexpr Limit connect_limit = within({"connect_limit"}, Cause::no_response_limit);
inline constexpr Limit response_limit = within({"response_limit"}, Cause::no_response_limit);
inline constexpr Limit heartbeat = within({"heartbeat", "heartbeat_timeout"}, Cause::no_heartbeat);
inline constexpr Limit idle_limit = within({"idle_limit"}, Cause::no_idle_limit);
inline constexpr Limit write_limit = within({"write_limit"}, Cause::no_write_limit);
inline constexpr Limit close_limit = within({"close_limit"}, Cause::no_close_limit);
inline constexpr Limit drain = within({"drain"}, Cause::none);

inline constexpr Demands ends_tcp{.own_close = {}, .own_close_expected = false, .ends_tcp = true};

// --- conditions
using model::Dialect;
inline constexpr Condition any = nullptr;
inline bool before_tls(const Effect& effect, const Dialect&) { return effect.in_tls; }
inline bool legal_code(const Effect& effect, const Dialect&) { return wire::may_be_on_wire(effect.value); }
inline bool illegal_code(const Effect& effect, const Dialect&) { return !wire::may_be_on_wire(effect.value); }
inline bool reserved_code(const Effect& effect, const Dialect&) {
  return wire::is_reserved_for_reporting(effect.value);
}
inline bool then_reset(const Effect& effect, const Dialect&) { return effect.then_reset; }
inline bool lives_on(const Effect& effect, const Dialect&) { return effect.detail == serves_on; }
inline bool then_silence(const Effect& effect, const Dialect&) { return effect.then_silent; }
inline bool no_sane_length(const Effect& effect, const Dialect&) { return effect.detail == absurd_length; }
/// Connection is hop by hop (RFC 9110 7.6.1): whoever forwards writes it anew.
inline bool lacks_connection(const Effect& effect, const Dialect&) { return effect.detail == "no-connection"; }
inline bool larger_than_it_takes(const Effect& effect, const Dialect&) { return effect.detail == too_large; }
inline bool not_utf8(const Effect& effect, const Dialect&) { return effect.detail == "bad-utf8"; }
inline bool too_long(const Effect& effect, const Dialect&) {
  return effect.detail == "length-overflow" || effect.detail == "oversized-control";
}
inline bool long_length(const Effect& effect, const Dialect&) {
  return effect.detail == "non-minimal-length";
}

}  // namespace words
}  // namespace wsfault::verdict::oracle
