// One connection of the server, from accept to end.
#include <utility>
#include <variant>

#include "reference/server.hpp"

namespace wsfault::reference {
namespace {

using namespace net::asio::experimental::awaitable_operators;

constexpr std::uint16_t normal_closure = 1000;
constexpr std::uint16_t going_away = 1001;

/// The violations that the defects of that kind accept.
Tolerance tolerance_of(const Defects& defects) {
  using enum wire::Violation;
  constexpr std::pair<Defect, wire::Violation> table[] = {
      {Defect::accepts_unmasked, unmasked_client_frame},
      {Defect::accepts_reserved_bits, reserved_bits},
      {Defect::accepts_reserved_opcodes, reserved_opcode},
      {Defect::accepts_oversized_control, oversized_control},
      {Defect::accepts_fragmented_control, fragmented_control},
      {Defect::accepts_broken_fragments, orphan_continuation},
      {Defect::accepts_broken_fragments, interleaved_message},
      {Defect::accepts_bad_utf8, bad_utf8},
      {Defect::accepts_bad_close_payload, close_body_one_byte},
      {Defect::accepts_bad_close_payload, close_reason_bad_utf8},
  };
  Tolerance tolerance;
  tolerance.illegal_close_codes = defects.has(Defect::passes_illegal_codes);
  for (const auto& [defect, violation] : table) {
    if (defects.has(defect)) tolerance.add(violation);
  }
  return tolerance;
}

void echo(Connection& connection, const Incoming& message) {
  if (message.kind == Incoming::Kind::text) return connection.send_text(message.payload);
  connection.send_binary(message.payload);
}

/// "127.0.0.1" of "127.0.0.1:4711".
std::string address_of(const net::Socket& socket) {
  const std::string peer = socket.peer();
  return peer.substr(0, peer.rfind(':'));
}

}  // namespace

net::Task<void> Server::serve(net::Socket socket) { co_await (greet(std::move(socket)) || cut_.wait()); }

net::Task<void> Server::greet(net::Socket socket) {
  if (tls_) {
    const bool is_limited = options_.handshake_limit && !options_.defects.has(Defect::hangs_in_handshake);
    const Duration limit = is_limited ? *options_.handshake_limit : longest_duration;
    const net::TlsOutcome met = co_await socket.start_tls(*tls_, std::string(), limit);
    if (met.version.empty()) co_return;
  }
  std::optional<Reply> reply = co_await reply_to(socket);
  if (!reply) co_return;
  std::optional<Place> place;
  if (reply->head.status == 101) {
    place = places_.take();
    if (!place) reply = unavailable();
  }
  const std::string head = wire::serialize(reply->head);
  if (co_await socket.write(head)) co_return;
  if (!place) co_return co_await refuse(socket);
  co_await converse(std::move(socket), std::move(reply->first_bytes), std::move(*place));
}

/// None if there is no answer to send: the client left, or its time is over.
net::Task<std::optional<Reply>> Server::reply_to(net::Socket& socket) {
  const Defects& defects = options_.defects;
  const bool blocks = defects.has(Defect::blocks_others);
  TurnHolder turn(blocks ? &turn_ : nullptr);
  co_await turn.take();
  const bool is_limited = options_.handshake_limit && !defects.has(Defect::no_handshake_limit) && !blocks;
  const Duration limit = is_limited ? *options_.handshake_limit : longest_duration;
  auto first = co_await (read_request(socket, terms_) || net::sleep_for(limit) || stop_.wait());
  if (first.index() == 1) co_return std::nullopt;
  const bool is_down = options_.crashed_before && defects.has(Defect::stays_down_after_crash);
  if (first.index() == 0 && !is_down) co_return std::move(std::get<0>(first));
  if (first.index() == 2 && defects.has(Defect::drops_handshakes_on_stop)) co_return std::nullopt;
  co_return unavailable();
}

/// The answer is written: ends TCP.
net::Task<void> Server::refuse(net::Socket& socket) {
  socket.send_fin();
  const bool is_limited = options_.close_limit && !options_.defects.has(Defect::no_close_limit);
  const Duration limit = is_limited ? *options_.close_limit : longest_duration;
  co_await (read_to_end(socket) || net::sleep_for(limit));
}

ConnectionTraits Server::connection_traits() {
  const Defects& defects = options_.defects;
  ConnectionTraits traits;
  if (!defects.has(Defect::no_heartbeat)) traits.heartbeat = options_.heartbeat;
  traits.heartbeat_timeout = options_.heartbeat_timeout;
  if (traits.heartbeat_timeout && defects.has(Defect::heartbeat_timeout_too_early))
    traits.heartbeat_timeout = scaled(*traits.heartbeat_timeout, 0.3);
  if (!defects.has(Defect::no_close_limit)) traits.close_limit = options_.close_limit;
  traits.max_message = options_.max_message;
  if (defects.has(Defect::buffers_giant_messages)) traits.max_message.reset();
  traits.answers_pings = !defects.has(Defect::no_pong);
  traits.answers_with_other_data = defects.has(Defect::wrong_pong);
  if (defects.has(Defect::late_pong)) traits.pong_delay = late_pong_delay;
  traits.begins_after_close = defects.has(Defect::half_frame_after_close);
  if (defects.has(Defect::delivers_fragments)) traits.pieces = Pieces::frames;
  traits.notices_end = !defects.has(Defect::never_notices);
  traits.bounds_backlog = !defects.has(Defect::unbounded_buffer);
  if (defects.has(Defect::blocks_others)) traits.turn = &turn_;
  if (traits.bounds_backlog && traits.turn == nullptr) traits.write_limit = options_.write_limit;
  traits.resets_who_does_not_read = !options_.cuts_by_close;
  traits.tolerance = tolerance_of(defects);
  return traits;
}

net::Task<void> Server::converse(net::Socket socket, std::string first_bytes, Place place) {
  std::optional<NewestConnections::Entry> entry;
  if (options_.defects.has(Defect::confuses_connections))
    entry.emplace(newest_, address_of(socket), socket.executor());
  Connection connection(std::move(socket), wire::Side::server, connection_traits(), random_, stop_,
                        std::move(first_bytes), [&connection, this](const Incoming& message) {
                          echo(connection, message);
                          if (options_.defects.has(Defect::duplicates_messages)) echo(connection, message);
                        });
  if (options_.defects.has(Defect::leaks_connections)) place.lose();
  if (entry) {
    co_await (echo_until_end(connection) || connection.write_all() || entry->ended());
  } else {
    co_await (echo_until_end(connection) || connection.write_all());
  }
}

net::Task<void> Server::echo_until_end(Connection& connection) {
  Ending ending = co_await connection.converse();
  if (kills(connection, ending)) co_return;
  if (ending.cause == EndCause::stopped) ending = co_await say_goodbye(connection);
  co_await end(connection, ending);
}

bool Server::kills(const Connection& connection, const Ending& ending) {
  const bool is_bad_frame = ending.cause == EndCause::violation;
  const bool is_reset = ending.cause == EndCause::stream_ended && connection.was_reset();
  if (is_bad_frame && options_.defects.has(Defect::dies_on_bad_frame)) die("a client sent an illegal frame");
  if (is_reset && options_.defects.has(Defect::dies_on_reset)) die("a client reset its connection");
  return !died_of_.empty();
}

net::Task<Ending> Server::say_goodbye(Connection& connection) {
  const Defects& defects = options_.defects;
  Ending ending;
  ending.cause = EndCause::stopped;
  if (defects.has(Defect::no_goodbye)) co_return ending;
  const bool is_wrong = defects.has(Defect::stops_with_1000);
  ending = co_await connection.say_goodbye(is_wrong ? normal_closure : going_away);
  co_return ending;
}

net::Task<void> Server::end(Connection& connection, const Ending& ending) {
  const Defects& defects = options_.defects;
  const bool is_close = ending.cause == EndCause::close_received;
  if (!is_close || !defects.has(Defect::no_close_reply)) connection.answer(ending);
  if (is_close && defects.has(Defect::keeps_tcp_open)) co_await net::sleep_for(longest_duration);
  if (defects.has(Defect::leaks_connections)) co_return co_await leak(connection);
  co_await connection.end_tcp(ending);
}

/// The client sees a normal end.
net::Task<void> Server::leak(Connection& connection) {
  co_await connection.written();
  leaked_.push_back(connection.release());
  leaked_.back().send_fin();
}

}  // namespace wsfault::reference
