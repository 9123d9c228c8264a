// Causes and remedies: the table at the end of docs/verdicts.md as data.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wsfault::verdict {

enum class Cause {
  none,
  // what happened to the connection
  server_ended,         ///< FIN or RST without a Close
  host_vanished,        ///< silence
  flow_forgotten,       ///< a silence as long as a limit, then an end or nothing
  upstream_down,        ///< refused
  upgrade_misrouted,    ///< answered, not 101
  upstream_hangs,       ///< accepted, then silence
  answer_invalid,       ///< another protocol, a broken 101, half an answer
  access_denied,        ///< 401, 403
  overloaded,           ///< 408, 425, 429, 503
  closed_by_peer,       ///< a Close with a legal code
  bad_gateway_told,     ///< Close 1014
  closed_without_code,  ///< an empty Close
  peer_broke_protocol,  ///< illegal frames and Closes
  closing_unanswered,   ///< a Close with no Close, or no end of TCP, behind it
  outage_outlived,      ///< a silence that was over before anybody had to notice
  // what is wrong with the party
  no_handshake_limit,
  no_heartbeat,
  no_close_limit,
  limit_too_early,
  limit_too_late,
  end_unreported,
  wrong_code_reported,
  status_not_reported,
  end_reported_twice,
  wrong_close_sent,
  no_close_sent,
  tcp_kept,
  certificate_unchecked,
  close_misreported,  ///< another reason, or clean where it was not
  code_unknown,       ///< its library refuses a registered code
  handshake_unchecked,
  opened_unanswered,
  bad_frame_accepted,
  comes_back_unchanged,
  retry_after_ignored,
  no_backoff,
  no_jitter,
  gives_up,
  one_address_only,
  backoff_too_long,
  side_by_side,
  ends_by_itself,
  client_died,
  // what is wrong with what runs on top, where the protocol is kept
  application_silent,
  message_misreported,
  messages_lost,
  serves_no_more,
  uses_too_much,
  // what is wrong with a gateway
  gateway_idle_limit,
  no_response_limit,
  no_idle_limit,
  upgrade_headers_dropped,
  agreement_changed,
  never_contacted,
  answers_by_itself,
  remembers_failure,
  class_changed,
  code_rewritten,
  reason_dropped,
  hides_the_failure,
  retries_too_long,
  left_open,
  tail_lost,
  message_changed,
  message_withheld,
  answer_in_stream,
  drain_too_short,
  passes_illegal,
  bad_101_passed,
  interim_misread,
  gateway_died,
  cannot_match,
  // what is wrong with a server
  server_died,
  not_let_in,
  request_unchecked,
  refused_too_early,
  over_its_limit,
  no_pong,
  no_close_reply,
  tcp_left_open,
  illegal_code_echoed,
  no_write_limit,
  no_message_limit,
  no_goodbye,
  no_503_on_stop,
  drain_endless,
  echo_differs,
  breaks_protocol,
};

struct CauseRow {
  Cause id = Cause::none;
  std::string_view key;       ///< as in the table [remedies] of a system file: "upstream_down"
  std::string_view outcomes;  ///< by which it shows: "1014 or 502"; empty: by the party's own behaviour
  std::string_view shown;     ///< by the log
  std::string_view cause;     ///< one sentence; "{party}" stands for who must change: client, gateway, server
  std::string_view remedy;    ///< one sentence
};

std::span<const CauseRow> cause_rows();
const CauseRow& describe(Cause cause);
/// Its sentence, with the name of the party that must change: "the client's heartbeat", "the party's" without one.
std::string sentence_of(Cause cause, std::string_view party = "party");
/// The system's own process ended by itself.
constexpr bool is_death(Cause cause) {
  return cause == Cause::client_died || cause == Cause::gateway_died || cause == Cause::server_died;
}
/// In the order of the table.
std::vector<std::string_view> cause_keys();
/// None for a key that is in no row.
Cause cause_of_key(std::string_view key);
/// Why an upgrade was answered with that status.
Cause cause_of_status(int status);
/// The rows by which a close code or an HTTP status comes about, in the order of the table.
std::vector<Cause> causes_of_code(int code);
std::vector<Cause> causes_of_status(int status);

}  // namespace wsfault::verdict
