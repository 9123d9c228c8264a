// One open connection of the client: its messages, and how its end is reported.
#include <utility>

#include "reference/client.hpp"
#include "wire/close_code.hpp"

namespace wsfault::reference {
namespace {

using namespace net::asio::experimental::awaitable_operators;

/// The connection has just ended, or its peer went silent.
bool is_crash(EndCause cause) { return cause == EndCause::stream_ended || cause == EndCause::heartbeat_lost; }

}  // namespace

CloseReport close_report(const Ending& ending, const Defects& defects) {
  if (ending.cause == EndCause::close_received) {
    if (defects.has(Defect::reports_1000_for_every_close)) return {1000, ending.reason, true};
    if (defects.has(Defect::drops_reasons))
      return {ending.close_code.value_or(wire::no_status_received), "", true};
    return {ending.close_code.value_or(wire::no_status_received), ending.reason, true};
  }
  if (is_crash(ending.cause) && defects.has(Defect::wrong_code)) return {1000, "", true};
  if (is_crash(ending.cause) && defects.has(Defect::invents_1014)) return {1014, "", false};
  return {wire::abnormal_closure, "", defects.has(Defect::calls_all_clean)};
}

net::Task<AttemptEnd> Client::live(net::Socket socket, std::string first_bytes) {
  Connection connection(std::move(socket), wire::Side::client, connection_traits(), random_, stop_,
                        std::move(first_bytes),
                        [&](const Incoming& message) { take_message(connection, message); });
  auto first = co_await (speak(connection) || connection.write_all());
  co_return std::get<0>(first);
}

net::Task<AttemptEnd> Client::speak(Connection& connection) {
  const auto opened = Clock::now();
  report_(open_line());
  send_outstanding(connection);
  Ending ending = co_await connection.converse();
  AttemptEnd end;
  end.open_for = Clock::now() - opened;
  if (ending.cause == EndCause::too_big && options_.defects.has(Defect::dies_on_giant_message)) {
    stop_.request();
    co_return end;
  }
  if (ending.cause == EndCause::stopped) {
    const std::uint16_t code =
        options_.defects.has(Defect::stops_with_1005) ? wire::no_status_received : 1000;
    ending = co_await connection.say_goodbye(code);
  }
  const bool close_received = ending.cause == EndCause::close_received;
  end.close_code =
      close_received ? ending.close_code.value_or(wire::no_status_received) : wire::abnormal_closure;
  co_await be_late();
  connection.answer(ending);
  report_close(close_report(ending, options_.defects));
  const bool peer_ended = close_received || ending.cause == EndCause::stream_ended;
  if (peer_ended && options_.defects.has(Defect::never_closes_tcp)) {
    co_await connection.written();
    never_closed_.push_back(connection.release());
    co_return end;
  }
  co_await connection.end_tcp(ending);
  co_return end;
}

void Client::take_message(Connection& connection, const Incoming& message) {
  const bool is_text = message.kind == Incoming::Kind::text;
  if (is_text && messages_.take_echo(message.payload)) {
    send_outstanding(connection);
  } else {
    if (options_.defects.has(Defect::drops_messages) && ++messages_seen_ % 3 == 0) return;
    report_(message_line(message.payload, is_text));
    if (options_.defects.has(Defect::delivers_twice)) report_(message_line(message.payload, is_text));
  }
}

void Client::send_outstanding(Connection& connection) {
  const auto text = messages_.outstanding();
  if (!text) return;
  connection.send_text(*text);
  if (options_.defects.has(Defect::duplicates_messages)) connection.send_text(*text);
}

ConnectionTraits Client::connection_traits() const {
  const Defects& defects = options_.defects;
  ConnectionTraits traits;
  if (!defects.has(Defect::no_heartbeat)) traits.heartbeat = options_.heartbeat;
  traits.heartbeat_timeout = options_.heartbeat_timeout;
  if (traits.heartbeat_timeout && defects.has(Defect::heartbeat_timeout_too_early))
    traits.heartbeat_timeout = scaled(*traits.heartbeat_timeout, 0.3);
  if (!defects.has(Defect::no_close_limit)) traits.close_limit = options_.close_limit;
  traits.tolerance.bad_frames = defects.has(Defect::delivers_bad_frame);
  traits.tolerance.illegal_close_codes = defects.has(Defect::reports_illegal_code);
  traits.tolerance.cut_frames = defects.has(Defect::takes_reads_for_frames);
  if (defects.has(Defect::delivers_fragments)) traits.pieces = Pieces::frames;
  traits.answers_pings = !defects.has(Defect::no_pong);
  traits.answers_with_other_data = defects.has(Defect::wrong_pong);
  if (defects.has(Defect::late_pong)) traits.pong_delay = late_pong_delay;
  traits.same_mask = defects.has(Defect::same_mask);
  traits.begins_after_close = defects.has(Defect::half_frame_after_close);
  traits.notices_end = !defects.has(Defect::never_notices);
  traits.notices_end_in_length = !defects.has(Defect::hangs_in_length);
  return traits;
}

}  // namespace wsfault::reference
