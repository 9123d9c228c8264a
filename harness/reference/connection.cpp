// Reading, answering and ending one connection. The heartbeat is in heartbeat.cpp.
#include "reference/connection.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "reference/idle.hpp"

namespace wsfault::reference {
namespace {

using namespace net::asio::experimental::awaitable_operators;

/// For a last frame to a peer that may no longer read.
constexpr Duration last_words = std::chrono::milliseconds(50);

wire::MaskingKey make_key(Random& random) {
  const auto bits = static_cast<std::uint32_t>(random());
  return {static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(bits >> 8),
          static_cast<std::uint8_t>(bits >> 16), static_cast<std::uint8_t>(bits >> 24)};
}

bool is_about_utf8(wire::Violation violation) {
  return violation == wire::Violation::bad_utf8 || violation == wire::Violation::close_reason_bad_utf8;
}

std::string echo_of(const Ending& ending) {
  return ending.close_code ? wire::close_payload(*ending.close_code) : std::string();
}

}  // namespace

net::Task<void> read_to_end(net::Socket& socket) {
  std::array<char, read_size> ignored;
  for (;;) {
    const net::ReadResult read = co_await socket.read_some(ignored);
    if (read.size == 0) co_return;
  }
}

Connection::Connection(net::Socket socket, wire::Side own_side, const ConnectionTraits& traits,
                       Random& random, StopSignal& stop, std::string first_bytes, MessageHandler on_message)
    : socket_(std::move(socket)),
      own_side_(own_side),
      traits_(traits),
      random_(random),
      stop_(stop),
      first_bytes_(std::move(first_bytes)),
      on_message_(std::move(on_message)),
      inbox_(wire::opposite(own_side), traits.tolerance, traits.pieces, traits.max_message),
      outbox_(socket_.executor()),
      turn_(traits.turn),
      owed_changed_(socket_.executor()) {}

void Connection::send(wire::Opcode opcode, std::string_view payload) {
  wire::FrameSpec frame;
  frame.opcode = static_cast<std::uint8_t>(opcode);
  frame.payload = payload;
  push(frame);
}

void Connection::pass_on(const Incoming& incoming) {
  wire::FrameSpec frame;
  frame.fin = incoming.header.fin;
  frame.rsv = incoming.header.rsv;
  frame.opcode = incoming.header.opcode;
  frame.payload = incoming.payload;
  push(frame);
}

void Connection::push(wire::FrameSpec frame) {
  if (close_sent_) return;  // RFC 6455 5.5.1: nothing after one's own Close
  if (own_side_ == wire::Side::client)
    frame.masking_key = traits_.same_mask ? wire::MaskingKey{} : make_key(random_);
  outbox_.push(wire::encode_frame(frame));
}

void Connection::send_close(std::string_view body) {
  const bool first = !close_sent_;
  send(wire::Opcode::close, body);
  close_sent_ = true;
  constexpr std::string_view half_a_frame("\x82");
  if (first && traits_.begins_after_close) outbox_.push(half_a_frame);
}

net::Task<Ending> Connection::converse() {
  auto first = co_await (receive() || keep_alive() || stopped() || not_read() || pong_late());
  co_return std::visit([](auto& ending) -> Ending { return std::move(ending); }, first);
}

net::Task<Ending> Connection::say_goodbye(std::string close_body) {
  send_close(close_body);
  auto first = co_await (receive() || net::sleep_for(left_to_close()));
  if (Ending* ending = std::get_if<0>(&first)) co_return std::move(*ending);
  Ending none;
  none.cause = EndCause::stopped;
  co_return none;
}

net::Task<Ending> Connection::stopped() {
  co_await stop_.wait();
  Ending ending;
  ending.cause = EndCause::stopped;
  co_return ending;
}

net::Task<Ending> Connection::not_read() {
  co_await idle_for(traits_.write_limit, [this] { return outbox_.last_progress(); });
  Ending ending;
  ending.cause = EndCause::not_read;
  co_return ending;
}

/// A peer that sends data without end is not read forever.
net::Task<void> Connection::keep_pace() {
  if (traits_.turn != nullptr) co_await outbox_.drained_to(0);
  if (inbox_.at_frame_boundary()) turn_.give();
  if (traits_.bounds_backlog) co_await outbox_.drained_to(traits_.max_message.value_or(largest_message));
  if (fed_ != nullptr) co_await fed_->drained_to(largest_message);
}

net::Task<Ending> Connection::receive() {
  std::array<char, read_size> buffer;
  std::string_view bytes = first_bytes_;
  while (!received_end_) {
    for (const Incoming& incoming : inbox_.take(bytes)) received_end_ = handle(incoming);
    if (received_end_) break;
    first_bytes_.clear();
    co_await keep_pace();
    const net::ReadResult read = co_await socket_.read_some(buffer);
    if (read.cancelled) co_return Ending{};
    bytes = std::string_view(buffer.data(), read.size);
    co_await turn_.take();
    if (read.size > 0) continue;
    if (!traits_.notices_end_in_length && inbox_.is_inside_length()) traits_.notices_end = false;
    if (!traits_.notices_end) co_await net::sleep_for(longest_duration);
    received_end_.emplace();
  }
  co_return *received_end_;
}

std::optional<Ending> Connection::handle(const Incoming& incoming) {
  if (incoming.kind != Incoming::Kind::pong) last_sign_ = Clock::now();
  switch (incoming.kind) {
    case Incoming::Kind::text:
    case Incoming::Kind::binary:
      on_message_(incoming);
      return std::nullopt;
    case Incoming::Kind::ping:
      if (traits_.answers_pings)
        answer_ping(traits_.answers_with_other_data ? std::string("pong") : incoming.payload);
      return std::nullopt;
    case Incoming::Kind::pong:
      take_pong(incoming.payload);
      return std::nullopt;
    case Incoming::Kind::close:
      return Ending{EndCause::close_received, incoming.close_code, incoming.payload, {}};
    case Incoming::Kind::violation:
      return Ending{EndCause::violation, {}, {}, incoming.violation};
    case Incoming::Kind::too_big:
      return Ending{EndCause::too_big, {}, {}, {}};
  }
  return std::nullopt;
}

void Connection::answer(const Ending& ending) {
  switch (ending.cause) {
    case EndCause::close_received:
      return send_close(echo_of(ending));
    case EndCause::violation:
      return send_close(wire::close_payload(is_about_utf8(*ending.violation) ? 1007 : 1002));
    case EndCause::too_big:
      return send_close(wire::close_payload(1009));
    case EndCause::heartbeat_lost:
      return send_close(wire::close_payload(1011));
    case EndCause::not_read:  // a Close would wait after everything that was not read
    case EndCause::stream_ended:
    case EndCause::stopped:
      return;
  }
}

net::Task<void> Connection::end_tcp(const Ending& ending) {
  switch (ending.cause) {
    case EndCause::close_received:
      if (own_side_ == wire::Side::client) co_await (read_to_end(socket_) || net::sleep_for(left_to_close()));
      if (own_side_ == wire::Side::server) co_await (finish_first() || net::sleep_for(left_to_close()));
      break;
    case EndCause::violation:
    case EndCause::too_big:
      co_await (finish_first() || net::sleep_for(left_to_close()));
      break;
    case EndCause::heartbeat_lost:
      co_await (outbox_.drained_to(0) || net::sleep_for(last_words));
      if (outbox_.backlog() > 0) socket_.send_reset();
      break;
    case EndCause::not_read:
      if (traits_.resets_who_does_not_read) socket_.send_reset();
      break;
    case EndCause::stream_ended:
    case EndCause::stopped:
      break;
  }
  socket_.close();
}

net::Task<void> Connection::finish_first() {
  co_await outbox_.drained_to(0);
  socket_.send_fin();
  co_await read_to_end(socket_);
}

bool Connection::was_reset() const {
  const auto end = socket_.ended();
  return end && end->kind == net::EndKind::reset;
}

Duration Connection::left_to_close() {
  if (!close_deadline_) close_deadline_ = Clock::now() + traits_.close_limit.value_or(longest_duration);
  return std::max(Duration::zero(), Duration(*close_deadline_ - Clock::now()));
}

}  // namespace wsfault::reference
