// The named defects of the reference programs. Each is one realistic kind of wrong behaviour, enabled with
// --defect NAME.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wsfault::reference {

/// Which reference program can have it.
enum class Seat : std::uint8_t { client, gateway, server };

enum class Defect : std::uint8_t {
  never_notices,
  notices_late,
  no_heartbeat,
  heartbeat_timeout_too_early,
  no_handshake_limit,
  no_connect_limit,
  first_address_only,
  no_close_limit,
  opens_on_anything,
  accepts_bad_101,
  hangs_on_bad_answer,
  reports_1000_for_every_close,
  wrong_code,
  invents_1014,
  reports_illegal_code,
  delivers_bad_frame,
  no_reconnect,
  gives_up_after_3s,
  no_backoff,
  backoff_resets_on_open,
  no_jitter,
  storms,
  reconnects_after_final,
  gives_up_after_1014,
  gives_up_after_any_close,
  ignores_retry_after,
  duplicates_messages,
  loses_one_in_twenty,
  takes_any_answer,
  no_pong,
  double_close_report,
  never_closes_tcp,
  takes_reads_for_frames,
  delivers_fragments,
  dies_on_giant_message,
  dies_when_refused,
  stops_with_1005,
  drops_reasons,
  calls_all_clean,
  sends_1006,
  invents_1000,
  leaves_client_open,
  leaves_upstream_open,
  no_response_limit,
  no_idle_limit,
  idle_limit_too_early,
  limits_open_connections,
  rewrites_codes,
  masks_final,
  hides_retryable,
  dies_with_upstream,
  answers_200,
  drops_close_reason,
  reload_drops_everyone,
  deaf_while_reloading,
  stays_down_after_crash,
  no_goodbye,
  passes_illegal_codes,
  passes_bad_frames,
  drops_continuations,
  forgets_tail,
  takes_103_as_final,
  never_tries_another,
  upgrades_anything,
  response_limit_too_early,
  retries_each_limit,
  swallows_messages,
  writes_page_into_stream,
  no_close_reply,
  keeps_tcp_open,
  dies_on_bad_frame,
  dies_on_reset,
  accepts_unmasked,
  accepts_reserved_bits,
  accepts_reserved_opcodes,
  accepts_oversized_control,
  accepts_fragmented_control,
  accepts_broken_fragments,
  accepts_bad_utf8,
  accepts_bad_close_payload,
  buffers_giant_messages,
  unbounded_buffer,
  blocks_others,
  confuses_connections,
  no_connection_limit,
  leaks_connections,
  imposes_subprotocol,
  no_drain,
  stops_with_1000,
  drops_handshakes_on_stop,
  never_exits,
  accepts_any_certificate,
  ignores_host,
  accepts_expired,
  hangs_in_handshake,
  hangs_in_length,
  drops_messages,
  delivers_twice,
  wrong_pong,
  late_pong,
  strips_subprotocol,
  strips_offer,
  two_loops,
  same_key,
  same_mask,
  half_frame_after_close,
  content_length_in_101,
};

/// How a gateway works: it forwards the upgrade and then bytes, or is a WebSocket peer on both sides.
enum class GatewayKind : std::uint8_t { http, websocket };
std::string_view to_string(GatewayKind kind);

/// Which kinds of gateway can have a defect; neither for the other programs.
struct GatewayKinds {
  bool http = false;
  bool websocket = false;
  bool has(GatewayKind kind) const { return kind == GatewayKind::http ? http : websocket; }
};

/// One row of the table.
struct DefectInfo {
  Defect defect;
  std::string_view name;  ///< "never-notices"
  Seat seat;
  std::string_view sentence;  ///< what it does wrong
  GatewayKinds kinds = {};
  bool only_swept = false;  ///< no scenario finds it with its fault at one point; `wsfault sweep` does
};

/// By how much the defect late-pong is late.
inline constexpr std::chrono::seconds late_pong_delay{2};

/// All rows, ordered by seat.
std::span<const DefectInfo> defects();
/// By name and seat; none if there is no such defect.
const DefectInfo* find_defect_info(Seat seat, std::string_view name);
std::optional<Defect> find_defect(Seat seat, std::string_view name);
std::string_view to_string(Seat seat);

/// A set of defects; empty in a conforming program.
class Defects {
 public:
  Defects() = default;
  explicit Defects(Defect defect) { add(defect); }
  void add(Defect defect) { set_.set(static_cast<std::size_t>(defect)); }
  bool has(Defect defect) const { return set_.test(static_cast<std::size_t>(defect)); }

 private:
  std::bitset<128> set_;
};

}  // namespace wsfault::reference
