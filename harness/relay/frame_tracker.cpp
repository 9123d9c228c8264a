#include "relay/frame_tracker.hpp"

#include <algorithm>

#include "wire/frame.hpp"

namespace wsfault::relay {
namespace {

using wire::Opcode;

constexpr std::uint64_t longest_control = 125;
constexpr std::uint8_t rsv1 = 4;

}  // namespace

void FrameTracker::resume(const wire::FramePosition& at, const Progress& passed) {
  progress_ = passed;
  message_opcode_ = at.message_opcode;
  message_compressed_ = at.message_compressed;
  message_over_ = !at.in_message;
}

bool FrameTracker::is_plain(const wire::FrameHeader& header) const {
  if (header.masking_key.has_value() != (sender_ == Side::client)) return false;
  if (!wire::has_minimal_length(header) || header.length >> 63U != 0) return false;
  const bool is_open = message_opcode_ != 0 && !message_over_;
  switch (static_cast<Opcode>(header.opcode)) {
    case Opcode::continuation:
      return is_open && header.rsv == 0;
    case Opcode::text:
    case Opcode::binary:
      return !is_open && (header.rsv == 0 || (header.rsv == rsv1 && compression_));
    case Opcode::ping:
    case Opcode::pong:
      return header.rsv == 0 && header.fin && header.length <= longest_control;
    default:
      return false;
  }
}

void FrameTracker::begin(const wire::FrameHeader& header, std::string_view bytes, Tally& tally) {
  const std::size_t side = index_of(sender_);
  ++progress_.frames;
  ++tally.frames[side][header.opcode];
  const auto opcode = static_cast<Opcode>(header.opcode);
  progress_.pings += opcode == Opcode::ping;
  progress_.pongs += opcode == Opcode::pong;
  if (opcode == Opcode::text || opcode == Opcode::binary) {
    ++progress_.messages;
    message_opcode_ = header.opcode;
    message_compressed_ = header.rsv != 0;
  }
  if (!wire::is_control(header.opcode)) {
    message_over_ = header.fin;
    tally.messages[side] += header.fin;
  }
  std::ranges::copy(bytes, header_.begin());
  header_size_ = static_cast<std::uint8_t>(bytes.size());
  length_ = left_ = header.length;
}

wire::FramePosition FrameTracker::position() const {
  wire::FramePosition at{.message_opcode = message_opcode_, .message_compressed = message_compressed_};
  at.in_message = message_opcode_ != 0 && !message_over_;
  if (left_ == 0) return at;
  const bool is_of_message = !wire::is_control(wire::decode_frame_header(header_.data()).opcode);
  at.in_message = at.in_message || is_of_message;
  at.header_bytes = {header_.data(), header_size_};
  at.payload_seen = length_ - left_;
  return at;
}

bool FrameTracker::is_at(const Stops::Ordinals& stops, const wire::FrameHeader& header) const {
  if (progress_.frames + 1 >= stops.frame) return true;
  switch (static_cast<Opcode>(header.opcode)) {
    case Opcode::text:
    case Opcode::binary:
      return progress_.messages + 1 >= stops.message;
    case Opcode::ping:
      return progress_.pings + 1 >= stops.ping;
    case Opcode::pong:
      return progress_.pongs + 1 >= stops.pong;
    default:
      return false;
  }
}

bool FrameTracker::in_end_of_message() const {
  return left_ > 0 && message_over_ && !wire::is_control(wire::decode_frame_header(header_.data()).opcode);
}

bool FrameTracker::is_before(const Stops& stops) const {
  const Stops::Ordinals& own = stops.of[index_of(sender_)];
  return progress_.frames + 1 >= own.frame || progress_.messages + 1 >= own.message ||
         progress_.pings + 1 >= own.ping || progress_.pongs + 1 >= own.pong;
}

FrameTracker::Taken FrameTracker::take(std::string_view bytes, Tally& tally, const Stops& stops) {
  const Stops::Ordinals& own = stops.of[index_of(sender_)];
  std::size_t at = 0;
  while (true) {
    const std::size_t payload = std::min<std::uint64_t>(left_, bytes.size() - at);
    left_ -= payload;
    at += payload;
    const std::string_view rest = bytes.substr(at);
    if (rest.size() < 2 || rest.size() < wire::frame_header_size(rest[1])) return {at, false};
    const wire::FrameHeader header = wire::decode_frame_header(rest.data());
    if (!is_plain(header) || is_at(own, header)) return {at, true};
    begin(header, rest.substr(0, header.size), tally);
    at += header.size;
  }
}

}  // namespace wsfault::relay
