// The table of defects; docs, `--help` and `wsfault prove` read it.
#include "reference/defect.hpp"

#include <algorithm>
#include <array>

namespace wsfault::reference {
namespace {

using enum Defect;
using enum Seat;

constexpr auto table = std::to_array<DefectInfo>({
    {never_notices, "never-notices", client,
     "stays open and silent when the connection ends without a Close or its pings go unanswered"},
    {notices_late, "notices-late", client, "notices every end 3 s later than its limits allow"},
    {no_heartbeat, "no-heartbeat", client, "sends no pings, so it never sees a silent peer"},
    {no_handshake_limit, "no-handshake-limit", client, "waits for ever for an answer to its handshake"},
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
    {no_backoff, "no-backoff", client, "draws every delay from the first step of its backoff"},
    {backoff_resets_on_open, "backoff-resets-on-open", client,
     "starts its backoff anew at every open, even if the connection lived no time"},
    {no_jitter, "no-jitter", client, "waits for exactly the cap of each step of its backoff"},
    {storms, "storms", client, "comes back 10 ms after every end, whatever ended it"},
    {reconnects_after_final, "reconnects-after-final", client,
     "comes back after codes and statuses that say it must not"},
    {gives_up_after_1014, "gives-up-after-1014", client, "takes 1014 (bad gateway) for final"},
    {ignores_retry_after, "ignores-retry-after", client, "comes back before Retry-After allows"},
    {duplicates_messages, "duplicates-messages", client, "sends each of its messages twice"},
    {loses_one_in_twenty, "loses-one-in-twenty", client,
     "never sends every twentieth of its messages and takes it for delivered"},
    {no_pong, "no-pong", client, "answers no ping"},
    {double_close_report, "double-close-report", client, "reports the end of a connection twice"},
    {never_closes_tcp, "never-closes-tcp", client, "leaves its socket open for ever after a received Close"},
});

}  // namespace

std::span<const DefectInfo> defects() { return table; }

std::optional<Defect> find_defect(Seat seat, std::string_view name) {
  const auto row = std::ranges::find_if(
      table, [&](const DefectInfo& info) { return info.seat == seat && info.name == name; });
  if (row == table.end()) return std::nullopt;
  return row->defect;
}

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
