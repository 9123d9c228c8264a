// Causes and remedies: the table at the end of docs/verdicts.md as data.
#include "verdict/cause.hpp"

#include <algorithm>
#include <array>

namespace wsfault::verdict {
namespace {

using enum Cause;

constexpr auto rows = std::to_array<CauseRow>({
    {none, "", "", "", "", ""},
    {server_ended, "server_ended", "1006",
     "FIN or RST without a Close (a killed process gives a FIN when all input was read, RST when some was "
     "not)",
     "The server crashed, or ended without a Close.",
     "Restart the server; reconnect with exponential backoff and jitter."},
    {host_vanished, "host_vanished", "1006", "silence in both directions, then nothing answers",
     "The cable was unplugged or the host vanished.",
     "Send pings with a time limit for the pong, so that a dead connection is found early."},
    {flow_forgotten, "flow_forgotten", "1006", "a silence as long as a known limit, then RST, FIN or nothing",
     "A firewall or load balancer killed the idle connection.",
     "Ping more often than its limit, or raise the limit."},
    {upstream_down, "upstream_down", "1006, 1014 or 502",
     "the connection to the server or upstream was refused",
     "The server is down, or listens on another port.", "Check the server's health and the port."},
    {upgrade_misrouted, "upgrade_misrouted", "1006, 1014 or 502",
     "the upgrade was answered, but not with 101",
     "The request reached something that does not upgrade: a wrong route, or a proxy that drops the Upgrade "
     "and "
     "Connection headers.",
     "Check the route, and that HTTP/1.1 with both headers reaches the server."},
    {upstream_hangs, "upstream_hangs", "1006, 1014 or 504",
     "the connection was accepted and nothing was answered",
     "The server hangs, or another service listens there.",
     "Check the server's health; set a limit for connecting and one for the answer."},
    {answer_invalid, "answer_invalid", "1006 or 1014", "the answer to the upgrade was invalid",
     "Another protocol is spoken on that port (TLS?), or the server's handshake is broken.",
     "Check the scheme (ws or wss), the port and the server."},
    {access_denied, "access_denied", "401, 403 or 1008", "the upgrade was answered with 401 or 403",
     "The server does not let this request in: a token is missing, wrong or expired.",
     "Fetch a fresh token before the next attempt; do not repeat the same request."},
    {overloaded, "overloaded", "408, 425, 429, 503 or 1013", "the server said that it cannot serve now",
     "The server is overloaded or limits the rate.",
     "Wait as long as Retry-After says, then come back with backoff."},
    {closed_by_peer, "closed_by_peer", "any code of a Close", "a Close frame with a code",
     "The server ended the connection on purpose; the code says why.",
     "Act by the code: come back with backoff, or change what it objects to first."},
    {bad_gateway_told, "bad_gateway_told", "1014", "a Close frame with 1014",
     "A gateway had no valid answer from its upstream.",
     "Check the upstream behind the gateway; come back with backoff."},
    {closed_without_code, "closed_without_code", "1005", "a Close frame with an empty body",
     "The server closed without saying why.", "Let the server send a code."},
    {peer_broke_protocol, "peer_broke_protocol", "1002, 1006 or 1007",
     "bytes that no WebSocket endpoint may send", "The peer, or something between, broke the protocol.",
     "Look at the frame in the timeline; check the peer's library and every proxy on the way."},
    {closing_unanswered, "closing_unanswered", "1006", "a Close, and no Close or no end of TCP after it",
     "The peer did not take part in the closing handshake.",
     "Limit the time in which the peer may answer a Close and end TCP."},
    {no_handshake_limit, "no_handshake_limit", "", "an unfinished handshake, and the party waits on",
     "Nothing limits the handshake.",
     "Set a time limit for connecting and for the other side's part of the handshake."},
    {no_heartbeat, "no_heartbeat", "", "silence, and the party stays open",
     "Nothing looks for a silent peer: there is no heartbeat.",
     "Send pings with a time limit for the pong, so that a dead connection is found early."},
    {no_close_limit, "no_close_limit", "", "an unfinished closing handshake, and the client waits on",
     "Nothing limits the closing handshake.",
     "Set a time limit for the peer's Close and for the end of TCP."},
    {limit_too_early, "limit_too_early", "", "an end of the party's own, before its limit",
     "A limit fired before its time.", "Check which of the party's timers is shorter than stated."},
    {code_unknown, "code_unknown", "", "a legal Close, answered as a protocol error",
     "The client's library does not know this close code (1012 to 1014 were registered after RFC 6455).",
     "Update or replace the library, or name the code in dialect.refuses_codes."},
    {handshake_unchecked, "handshake_unchecked", "", "an answer that is no valid 101, and the client opens",
     "The client does not check the answer to its handshake.",
     "Check status, Upgrade, Connection, Sec-WebSocket-Accept, subprotocol and extensions (RFC 6455 4.1)."},
    {bad_frame_accepted, "bad_frame_accepted", "", "an illegal frame, and the party goes on",
     "The party does not check the frames that it receives.",
     "Fail the connection on every violation (RFC 6455 7.1.7)."},
    {comes_back_unchanged, "comes_back_unchanged", "", "the same request after an outcome that forbids it",
     "The client repeats a request that was refused for good: an endless loop.",
     "Stay away after a final outcome, or change the request first."},
    {retry_after_ignored, "retry_after_ignored", "", "an attempt before Retry-After was over",
     "The client does not heed Retry-After.", "Take Retry-After as the least delay before the next attempt."},
    {no_backoff, "no_backoff", "", "attempts in quick succession",
     "The client comes back without a growing delay.",
     "Reconnect with exponential backoff and jitter, and reset it only when a connection has lasted."},
    {ends_by_itself, "ends_by_itself", "", "an end of the party's own, and nothing that explains it",
     "The party ended a sound connection by itself.", "Look at the party's own log at that time."},
    {client_died, "client_died", "", "the end of the client's process, and nobody told it to",
     "The client's process ended by itself: what it met was more than it could take.",
     "Look at the last lines that it printed; handle that error where it comes up, and go on. A client that is "
     "meant to end says so with `exit = 0`."},
    {gateway_idle_limit, "gateway_idle_limit", "1006",
     "an end from the gateway after a silence, and its backend still there",
     "The gateway's own limit for idle connections ended this one; the backend was still there.",
     "Send pings more often than that limit, or raise it."},
    {no_response_limit, "no_response_limit", "", "a backend that does not answer, and the gateway waits on",
     "Nothing limits how long the gateway waits for its backend's answer.",
     "Set the gateway's time limit for connecting to a backend and for its answer."},
    {no_idle_limit, "no_idle_limit", "", "a silent connection, and the gateway keeps it",
     "Nothing ends a connection through the gateway whose other end has vanished.",
     "Set the gateway's limit for idle connections, or let it ping both of its sides."},
    {upgrade_headers_dropped, "upgrade_headers_dropped", "400, 426 or 200",
     "an upgrade of the client, and a plain request at the backend",
     "The gateway drops the Upgrade and Connection headers: its backend sees a plain HTTP request.",
     "Let the gateway speak HTTP/1.1 to its backend and pass both headers on."},
    {never_contacted, "never_contacted", "", "an answer of the gateway, and no attempt to reach the upstream",
     "The gateway routes the request elsewhere, or is misconfigured.",
     "Check the gateway's route for this path and host, and the address of the upstream that it was given."},
    {answers_by_itself, "answers_by_itself", "", "an answer of the gateway that no backend gave",
     "The gateway answered by itself, though nothing was wrong behind it.",
     "Look at the gateway's own log at that time: a limit of connections, a route or an access rule."},
    {remembers_failure, "remembers_failure", "502 or 503",
     "an error of the gateway, without a try, after an earlier failure of its backend",
     "The gateway still holds the backend for dead.",
     "Shorten the time for which it keeps a failed backend out, or let it check more often."},
    {class_changed, "class_changed", "", "a final answer turned into one to be tried again, or the reverse",
     "The gateway changed what clients are to do: those that must stay away come back for ever, or those "
     "that "
     "should come back give up.",
     "Let it pass on 401, 403, 429 and 503, and the backend's close code, as they are."},
    {code_rewritten, "code_rewritten", "", "a Close of one end, and another code at the other",
     "The gateway rewrites close codes.", "Let it pass on the code of the Close that it received."},
    {reason_dropped, "reason_dropped", "", "a Close with a reason, and the same code with another or none",
     "The gateway drops the reason of a Close.", "Let it pass on the reason together with the code."},
    {hides_the_failure, "hides_the_failure", "",
     "a failure behind the gateway, and another story in front of it",
     "The gateway does not say that its backend failed.",
     "Let it answer 502 or 504 before its 101, and Close 1014 after it."},
    {left_open, "left_open", "", "one side of the gateway ended, the other open",
     "The gateway does not pass on the end of one side to the other.",
     "Let it end both sides when one has ended."},
    {tail_lost, "tail_lost", "", "messages that reached the gateway whole and never left it",
     "The gateway threw away what came just before the end.",
     "Let it write out what it has received before it ends the other side."},
    {message_changed, "message_changed", "", "a message, and another one in its place on the other side",
     "The gateway changes messages on their way.",
     "Look at the two messages in the timeline, and at what the gateway is told to rewrite."},
    {drain_too_short, "drain_too_short", "1001, 1006 or 1012",
     "a reload, and the end of an old connection right after it",
     "The reload ended connections before their time to drain was over.",
     "Let old workers serve on until their connections end or the drain time is over."},
    {passes_illegal, "passes_illegal", "", "illegal bytes of one side, passed on to the other",
     "The gateway passes on what no endpoint may send, though it is a WebSocket peer itself.",
     "Let it fail the connection that broke the protocol, and say 1014 or 1011 to the other side."},
    {bad_101_passed, "bad_101_passed", "", "a bad answer to the upgrade, and the gateway goes on",
     "The gateway does not check its backend's answer to the upgrade.",
     "Let it check status, Upgrade, Connection and Sec-WebSocket-Accept, and answer 502."},
    {interim_misread, "interim_misread", "", "a 1xx of the backend, and the gateway waits for nothing more",
     "The gateway takes a 1xx for the final answer.", "Let it skip every 1xx but 101 (RFC 9110 15.2)."},
    {gateway_died, "gateway_died", "", "the end of the gateway's process, and nobody told it to",
     "The gateway's process ended by itself.", "Look at the last lines that it printed."},
    {cannot_match, "cannot_match", "",
     "connections on both sides of the gateway, and no header that joins them",
     "The gateway drops the header Wsfault-Connection, and several clients were waiting at once.",
     "Let the gateway pass that header on, or let the clients start one after the other."},
    {server_died, "server_died", "", "the end of the server's process, and nobody told it to",
     "The server's process ended by itself: one client took it away from all.",
     "Look at the last lines that it printed."},
    {not_let_in, "not_let_in", "", "a sound request for the upgrade, and no 101",
     "The server does not let a sound request in.",
     "Look at what else it asks for (path, origin, token, subprotocol), and at what keeps it from "
     "answering."},
    {request_unchecked, "request_unchecked", "",
     "a request that is no upgrade, and another answer than is due",
     "The server does not check the request for the upgrade.",
     "Check method, Upgrade, Connection, Sec-WebSocket-Key and -Version; answer 426 or 400 (RFC 6455 4.2)."},
    {refused_too_early, "refused_too_early", "503",
     "an answer 503, and fewer open connections than the limit",
     "The server refuses connections though it has places left.",
     "Give a place back whenever a connection ends, however it ends."},
    {over_its_limit, "over_its_limit", "", "more open connections than the limit",
     "The server does not keep its limit of connections.",
     "Answer 503 to the upgrade while all places are taken."},
    {no_pong, "no_pong", "", "a ping, and no pong with the same data", "The server answers no ping.",
     "Answer every ping, or the last of several, at once (RFC 6455 5.5.3)."},
    {no_close_reply, "no_close_reply", "", "a Close of the client, and none in return",
     "The server answers no Close.", "Answer a Close with a Close, then end TCP (RFC 6455 5.5.1, 7.1.1)."},
    {tcp_left_open, "tcp_left_open", "", "a closing handshake, and TCP goes on",
     "The server leaves the end of TCP to the client.",
     "End TCP once both have sent their Close: the server is first to do it (RFC 6455 7.1.1)."},
    {illegal_code_echoed, "illegal_code_echoed", "", "an illegal close code, and the same in return",
     "An illegal close code is answered with the very same.",
     "Take it for a protocol error: Close 1002 (RFC 6455 7.4)."},
    {no_write_limit, "no_write_limit", "", "a client that no longer reads, and the server keeps it",
     "Nothing limits what waits for a client that does not read.",
     "Limit the bytes and the time for which they wait, then cut the connection."},
    {no_message_limit, "no_message_limit", "", "a message beyond the limit, and the server takes it",
     "Nothing limits the size of a message.",
     "Set the library's limit for messages: Close 1009 at the header, before anything is kept."},
    {no_goodbye, "no_goodbye", "1006",
     "a server told to stop, and an end without a Close, or with another code",
     "The server does not tell its clients that it goes away.",
     "On SIGTERM send Close 1001 or 1012 to every client, answer 503 to handshakes, and wait for the "
     "Closes."},
    {drain_endless, "drain_endless", "", "a server told to stop that goes on",
     "The server does not come to an end when it is told to stop.",
     "Limit the time for which it waits for its clients' Closes, then cut what is left."},
    {breaks_protocol, "breaks_protocol", "", "bytes of the system that no WebSocket endpoint may send",
     "The system under test itself broke the protocol.",
     "Look at the frame in the timeline, and at the library that wrote it."},
});

constexpr bool in_order_of_the_enum() {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::size_t>(rows[i].id) != i) return false;
  }
  return rows.back().id == breaks_protocol;
}
static_assert(in_order_of_the_enum());

}  // namespace

std::span<const CauseRow> cause_rows() { return std::span(rows).subspan(1); }
const CauseRow* find_cause(std::string_view sentence) {
  const auto all = cause_rows();
  const auto found = std::ranges::find(all, sentence, &CauseRow::cause);
  return found == all.end() ? nullptr : &*found;
}
std::vector<std::string_view> cause_keys() {
  std::vector<std::string_view> keys;
  for (const CauseRow& row : cause_rows()) keys.push_back(row.key);
  return keys;
}
const CauseRow& describe(Cause cause) { return rows[static_cast<std::size_t>(cause)]; }
}  // namespace wsfault::verdict
