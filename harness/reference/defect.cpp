// The table of defects; docs, `--help` and `wsfault prove` read it.
#include "reference/defect.hpp"

#include <algorithm>
#include <array>

namespace wsfault::reference {
namespace {

using enum Defect;
using enum Seat;

constexpr GatewayKinds both{.http = true, .websocket = true};
constexpr GatewayKinds only_http{.http = true, .websocket = false};
constexpr GatewayKinds only_websocket{.http = false, .websocket = true};

constexpr auto table = std::to_array<DefectInfo>({
    {never_notices, "never-notices", client,
     "stays open and silent when the connection ends without a Close or its pings go unanswered"},
    {notices_late, "notices-late", client, "notices every end 3 s later than its limits allow"},
    {no_heartbeat, "no-heartbeat", client, "sends no pings, so it never sees a silent peer"},
    {heartbeat_timeout_too_early, "heartbeat-timeout-too-early", client,
     "gives its server up after three tenths of the time that a pong may take"},
    {no_handshake_limit, "no-handshake-limit", client, "waits for ever for an answer to its handshake"},
    {no_connect_limit, "no-connect-limit", client,
     "limits its handshake, but not its connecting: it waits for ever for an answer to its SYN"},
    {first_address_only, "first-address-only", client,
     "tries only the first of its server's addresses, each time"},
    {no_close_limit, "no-close-limit", client,
     "waits for ever for the peer's part of a closing handshake and for the end of TCP"},
    {opens_on_anything, "opens-on-anything", client,
     "takes whatever is answered to its handshake for an open connection"},
    {accepts_bad_101, "accepts-bad-101", client,
     "takes any 101, whatever its accept key, upgrade, connection, subprotocol or extension headers say"},
    {hangs_on_bad_answer, "hangs-on-bad-answer", client,
     "waits for ever once its handshake got an answer that is no valid 101"},
    {reports_1000_for_every_close, "reports-1000-for-every-close", client,
     "reports 1000 whatever code the Close frame carries"},
    {wrong_code, "wrong-code", client, "reports a clean 1000 for an end without a Close"},
    {invents_1014, "invents-1014", client, "reports 1014 for an end without a Close"},
    {reports_illegal_code, "reports-illegal-code", client,
     "reports a code that may never be in a Close frame (1006 and its kin) as received and clean"},
    {delivers_bad_frame, "delivers-bad-frame", client,
     "delivers or passes over illegal frames and goes on as if nothing were wrong"},
    {no_reconnect, "no-reconnect", client, "never comes back after an end"},
    {gives_up_after_3s, "gives-up-after-3s", client,
     "stops coming back once its attempts have failed for 3 s"},
    {no_backoff, "no-backoff", client, "draws every delay from the first step of its backoff"},
    {backoff_resets_on_open, "backoff-resets-on-open", client,
     "starts its backoff anew at every open, even if the connection lived no time"},
    {no_jitter, "no-jitter", client, "waits for exactly the cap of each step of its backoff"},
    {dies_when_refused, "dies-when-refused", client,
     "exits with an error when its attempt to connect is refused"},
    {stops_with_1005, "stops-with-1005", client,
     "puts 1005, which no Close may carry, into its Close when it is told to stop"},
    {drops_reasons, "drops-reasons", client, "reports a Close without the reason that came with it"},
    {calls_all_clean, "calls-all-clean", client, "reports every end as clean, those without a Close too"},
    {storms, "storms", client, "comes back 10 ms after every end, whatever ended it"},
    {reconnects_after_final, "reconnects-after-final", client,
     "comes back after codes and statuses that say it must not"},
    {gives_up_after_1014, "gives-up-after-1014", client, "takes 1014 (bad gateway) for final"},
    {gives_up_after_any_close, "gives-up-after-any-close", client, "comes back only where no Close told it of the end"},
    {ignores_retry_after, "ignores-retry-after", client, "comes back before Retry-After allows"},
    {duplicates_messages, "duplicates-messages", client, "sends each of its messages twice"},
    {loses_one_in_twenty, "loses-one-in-twenty", client,
     "never sends every twentieth of its messages and takes it for delivered"},
    {takes_any_answer, "takes-any-answer", client,
     "takes whatever message comes next for the confirmation of its own"},
    {no_pong, "no-pong", client, "answers no ping"},
    {double_close_report, "double-close-report", client, "reports the end of a connection twice"},
    {accepts_any_certificate, "accepts-any-certificate", client, "does not verify the server's certificate"},
    {ignores_host, "ignores-host", client, "takes a certificate that is for another host"},
    {accepts_expired, "accepts-expired", client, "takes a certificate whose time is over"},
    {hangs_in_handshake, "hangs-in-handshake", client, "waits for ever for the TLS handshake to end"},
    {never_closes_tcp, "never-closes-tcp", client,
     "leaves its socket open for ever after a received Close, or behind a FIN"},
    {takes_reads_for_frames, "takes-reads-for-frames", client,
     "takes what one read brings for whole frames, and forgets one that is not"},
    {delivers_fragments, "delivers-fragments", client,
     "delivers each fragment of a message as a message of its own"},
    {hangs_in_length,
     "hangs-in-length",
     client,
     "waits for ever when the stream ends between the two bytes of a long frame's length",
     {},
     true},
    {dies_on_giant_message, "dies-on-giant-message", client, "exits when a message is larger than it takes"},
    {drops_messages, "drops-messages", client, "hands every third message to nobody"},
    {delivers_twice, "delivers-twice", client, "delivers each message twice"},
    {wrong_pong, "wrong-pong", client, "answers a ping with a pong that has other data"},
    {late_pong, "late-pong", client, "answers a ping 2 s later"},
    {two_loops, "two-loops", client,
     "begins a second loop of attempts beside the first when it has lost a connection"},
    {same_key, "same-key", client, "sends the same Sec-WebSocket-Key with each attempt"},
    {same_mask, "same-mask", client, "masks all its frames with the same key"},
    {half_frame_after_close, "half-frame-after-close", client, "begins one more frame after its Close"},
    {sends_1006, "sends-1006", gateway, "puts 1006 into a Close frame when its upstream is dead",
     only_websocket},
    {invents_1000, "invents-1000", gateway,
     "closes with 1000, as if all were well, when its upstream is dead", only_websocket},
    {leaves_client_open, "leaves-client-open", gateway,
     "leaves the client open and silent when its upstream dies after the 101", both},
    {leaves_upstream_open, "leaves-upstream-open", gateway,
     "leaves the connection to the upstream open when the client is gone", both},
    {no_handshake_limit, "no-handshake-limit", gateway, "waits for ever for the rest of a client's request",
     both},
    {no_response_limit, "no-response-limit", gateway, "waits for ever for an answer of its upstream", both},
    {no_idle_limit, "no-idle-limit", gateway,
     "never ends a silent connection; as a websocket peer it sends its upstream no pings either", both},
    {idle_limit_too_early, "idle-limit-too-early", gateway,
     "ends a silent connection after three tenths of its idle limit", both},
    {limits_open_connections, "limits-open-connections", gateway,
     "goes on counting its response limit after the 101 and then ends the open connection", both},
    {accepts_bad_101, "accepts-bad-101", gateway,
     "answers its client with a valid 101 whatever the upstream's 101 looked like", only_websocket},
    {takes_103_as_final, "takes-103-as-final", gateway,
     "passes a 103 on as the final answer and ends the connection", both},
    {answers_200, "answers-200", gateway, "answers 200 with a page where 502 or 504 is right", both},
    {masks_final, "masks-final", gateway,
     "turns final answers into retryable ones: 401 and 403 into 502; as a websocket peer also 1008 and "
     "3000-4999 into 1011",
     both},
    {hides_retryable, "hides-retryable", gateway, "turns its upstream's 503 into 403", both},
    {upgrades_anything, "upgrades-anything", gateway,
     "opens the connection to its client whatever the upstream answered", only_http},
    {response_limit_too_early, "response-limit-too-early", gateway,
     "gives its upstream up after three tenths of its response limit", both},
    {retries_each_limit, "retries-each-limit", gateway,
     "asks a silent upstream four times and lets its client wait for all the limits together", both},
    {swallows_messages, "swallows-messages", gateway, "passes the handshake on, and no message after it",
     both},
    {writes_page_into_stream, "writes-page-into-stream", gateway,
     "writes an error page into the open WebSocket when its upstream dies", only_http},
    {never_tries_another, "never-tries-another", gateway, "asks only the first of its upstreams", both},
    {rewrites_codes, "rewrites-codes", gateway, "closes with 1011 whatever code it was to pass on",
     only_websocket},
    {drops_close_reason, "drops-close-reason", gateway, "passes codes on without their reasons",
     only_websocket},
    {passes_illegal_codes, "passes-illegal-codes", gateway,
     "passes on codes that may never be in a Close frame (1006 and its kin)", only_websocket},
    {passes_bad_frames, "passes-bad-frames", gateway,
     "passes illegal frames on and goes on as if nothing were wrong", only_websocket},
    {takes_reads_for_frames, "takes-reads-for-frames", gateway,
     "takes what one read brings for whole frames, and forgets one that is not", only_websocket},
    {drops_continuations, "drops-continuations", gateway,
     "passes only the first fragment of a message on, as if it were whole", only_websocket},
    {no_pong, "no-pong", gateway, "answers no ping", only_websocket},
    {wrong_pong, "wrong-pong", gateway, "answers a ping with a pong that has other data", only_websocket},
    {keeps_tcp_open, "keeps-tcp-open", gateway,
     "passes a Close on and answers it, and never ends TCP to its client", only_websocket},
    {strips_subprotocol, "strips-subprotocol", gateway,
     "passes the upstream's 101 on without the subprotocol that it names", only_http},
    {strips_offer, "strips-offer", gateway,
     "passes the upgrade on without the subprotocols that the client offers", only_http},
    {forgets_tail, "forgets-tail", gateway, "loses what came right before the upstream's end", both},
    {dies_with_upstream, "dies-with-upstream", gateway,
     "exits when the connection to an upstream breaks, and takes all other clients with it", both},
    {reload_drops_everyone, "reload-drops-everyone", gateway, "cuts every connection at a reload", both},
    {stays_down_after_crash, "stays-down-after-crash", gateway,
     "finds the lock of an instance that crashed, and serves nobody: 503 for all", both},
    {no_goodbye, "no-goodbye", gateway, "ends TCP when it is told to stop, without a Close", only_websocket},
    {accepts_any_certificate, "accepts-any-certificate", gateway,
     "does not verify its upstream's certificate", both},
    {ignores_host, "ignores-host", gateway, "takes an upstream's certificate that is for another host", both},
    {accepts_expired, "accepts-expired", gateway, "takes an upstream's certificate whose time is over", both},
    {hangs_in_handshake, "hangs-in-handshake", gateway,
     "waits for ever for the TLS handshake with its upstream to end", both},
    {deaf_while_reloading, "deaf-while-reloading", gateway,
     "refuses new connections until the old ones have drained", both},
    {no_heartbeat, "no-heartbeat", server, "sends no pings, so it never lets a vanished client go"},
    {heartbeat_timeout_too_early, "heartbeat-timeout-too-early", server,
     "gives its client up after three tenths of the time that a pong may take"},
    {no_pong, "no-pong", server, "answers no ping"},
    {wrong_pong, "wrong-pong", server, "answers a ping with a pong that has other data"},
    {late_pong, "late-pong", server, "answers a ping 2 s later"},
    {content_length_in_101, "content-length-in-101", server,
     "writes Content-Length: 0 into its 101 where subprotocols were offered"},
    {duplicates_messages, "duplicates-messages", server, "sends each echo twice"},
    {delivers_fragments, "delivers-fragments", server,
     "echoes each fragment of a message as a message of its own"},
    {half_frame_after_close, "half-frame-after-close", server, "begins one more frame after its Close"},
    {never_notices, "never-notices", server,
     "keeps the connection when its client leaves without a Close or leaves pings unanswered"},
    {no_handshake_limit, "no-handshake-limit", server, "waits for ever for the rest of a request"},
    {no_close_limit, "no-close-limit", server,
     "waits for ever for the client's part of a closing handshake and for the end of TCP"},
    {no_close_reply, "no-close-reply", server, "ends TCP at a received Close, without its own"},
    {keeps_tcp_open, "keeps-tcp-open", server, "answers a Close and never ends TCP"},
    {upgrades_anything, "upgrades-anything", server,
     "answers 101 to a plain GET, another version or a request without a key"},
    {answers_200, "answers-200", server, "answers 200 with a page to what is no valid upgrade"},
    {imposes_subprotocol, "imposes-subprotocol", server, "names its subprotocol where others were offered"},
    {accepts_unmasked, "accepts-unmasked", server, "takes frames without a mask"},
    {accepts_reserved_bits, "accepts-reserved-bits", server, "passes over reserved bits"},
    {accepts_reserved_opcodes, "accepts-reserved-opcodes", server,
     "takes frames with a reserved opcode for binary ones"},
    {accepts_oversized_control, "accepts-oversized-control", server,
     "takes control frames of more than 125 bytes"},
    {accepts_fragmented_control, "accepts-fragmented-control", server, "takes control frames without FIN"},
    {accepts_broken_fragments, "accepts-broken-fragments", server,
     "takes a continuation of nothing, and a new message inside a fragmented one"},
    {accepts_bad_utf8, "accepts-bad-utf8", server, "takes text that is no UTF-8"},
    {accepts_bad_close_payload, "accepts-bad-close-payload", server,
     "takes a Close whose body is 1 byte or whose reason is no UTF-8"},
    {passes_illegal_codes, "passes-illegal-codes", server,
     "echoes codes that may never be in a Close frame (1006 and its kin)"},
    {dies_on_bad_frame, "dies-on-bad-frame", server, "exits at an illegal frame, and takes all with it"},
    {dies_on_reset, "dies-on-reset", server,
     "exits when a client resets its connection, and takes all with it"},
    {buffers_giant_messages, "buffers-giant-messages", server, "takes messages of any size into its memory"},
    {unbounded_buffer, "unbounded-buffer", server,
     "never cuts a client that does not read, and buffers without bound for it"},
    {blocks_others, "blocks-others", server,
     "reads and writes with blocking calls: half a request, half a frame or an unread echo of one client "
     "stops all"},
    {confuses_connections, "confuses-connections", server,
     "knows its connections by their client's address: the end of an old one ends the newest from there"},
    {no_connection_limit, "no-connection-limit", server, "takes more connections than it has places"},
    {leaks_connections, "leaks-connections", server,
     "gives neither the socket nor the place of an ended connection back"},
    {no_drain, "no-drain", server, "drops everything at once when it is told to stop, without 1001 and 503"},
    {no_goodbye, "no-goodbye", server, "ends TCP when it is told to stop, without a Close"},
    {stops_with_1000, "stops-with-1000", server,
     "closes with 1000, as if all were done, when it is told to stop"},
    {drops_handshakes_on_stop, "drops-handshakes-on-stop", server,
     "ends TCP without an answer on a handshake under way when it is told to stop"},
    {never_exits, "never-exits", server, "stays a process when it is told to stop and all have gone"},
    {stays_down_after_crash, "stays-down-after-crash", server,
     "finds the lock of an instance that crashed, and serves nobody: 503 for all"},
    {hangs_in_handshake, "hangs-in-handshake", server, "waits for ever for a client's TLS handshake to end"},
});

}  // namespace

std::span<const DefectInfo> defects() { return table; }

const DefectInfo* find_defect_info(Seat seat, std::string_view name) {
  const auto row = std::ranges::find_if(
      table, [&](const DefectInfo& info) { return info.seat == seat && info.name == name; });
  return row == table.end() ? nullptr : &*row;
}

std::optional<Defect> find_defect(Seat seat, std::string_view name) {
  const DefectInfo* info = find_defect_info(seat, name);
  if (info == nullptr) return std::nullopt;
  return info->defect;
}

std::string_view to_string(GatewayKind kind) { return kind == GatewayKind::http ? "http" : "websocket"; }

std::string_view to_string(Seat seat) {
  switch (seat) {
    case client:
      return "client";
    case gateway:
      return "gateway";
    case server:
      return "server";
  }
  return "unknown";
}

}  // namespace wsfault::reference
