// The frame observer's state machine: header, payload, end, and the violations that each can show.
#include "wire/observer.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "wire/close_code.hpp"

namespace wsfault::wire {
namespace {

constexpr std::uint8_t rsv1 = 4;
constexpr std::uint64_t largest_control = 125;

constexpr std::uint8_t value_of(Opcode opcode) { return static_cast<std::uint8_t>(opcode); }
constexpr bool begins_message(std::uint8_t opcode) {
  return opcode == value_of(Opcode::text) || opcode == value_of(Opcode::binary);
}
constexpr bool is_reserved(std::uint8_t opcode) { return (opcode & 0x7) > 2; }

}  // namespace

void FrameObserver::resume(const FramePosition& at) {
  in_message_ = at.in_message;
  message_opcode_ = at.message_opcode;
  message_compressed_ = at.message_compressed;
  if (at.header_bytes.empty()) return;
  begin_frame();
  std::ranges::copy(at.header_bytes, header_bytes_.begin());
  header_have_ = static_cast<std::uint8_t>(at.header_bytes.size());
  header_ = decode_frame_header(header_bytes_.data());
  payload_seen_ = at.payload_seen;
  state_ = payload_seen_ == header_.length ? State::end : State::payload;
}

FrameObserver::Step FrameObserver::next(std::string_view input) {
  switch (state_) {
    case State::header:
      return take_header(input);
    case State::payload:
      return take_payload(input);
    case State::end:
      break;
  }
  finish_frame();
  state_ = State::header;
  between_frames_ = true;
  return {What::end, 0, {}};
}

FrameObserver::Step FrameObserver::take_header(std::string_view input) {
  if (input.empty()) return {};
  if (between_frames_) begin_frame();
  std::size_t consumed = 0;
  while (consumed < input.size()) {
    const std::size_t needed = header_have_ < 2 ? 2 : frame_header_size(header_bytes_[1]);
    const std::size_t taken = std::min(needed - header_have_, input.size() - consumed);
    std::memcpy(header_bytes_.data() + header_have_, input.data() + consumed, taken);
    header_have_ = static_cast<std::uint8_t>(header_have_ + taken);
    consumed += taken;
    if (header_have_ >= 2 && header_have_ == frame_header_size(header_bytes_[1])) {
      finish_header();
      return {What::header, consumed, {}};
    }
  }
  return {What::more, consumed, {}};
}

FrameObserver::Step FrameObserver::take_payload(std::string_view input) {
  if (input.empty()) return {};
  const auto taken =
      static_cast<std::size_t>(std::min<std::uint64_t>(header_.length - payload_seen_, input.size()));
  const std::string_view bytes = input.substr(0, taken);
  if (is_control(header_.opcode)) {
    keep_control(bytes);
  } else if (text_to_check_ && !is_reserved(header_.opcode)) {
    check_text(bytes);
  }
  payload_seen_ += taken;
  if (payload_seen_ == header_.length) state_ = State::end;
  return {What::payload, taken, bytes};
}

std::optional<Violation> FrameObserver::at_end() const {
  if (at_frame_boundary() || state_ == State::end) return std::nullopt;
  return Violation::truncated_frame;
}

std::optional<std::uint16_t> FrameObserver::close_code() const {
  if (header_.opcode != value_of(Opcode::close) || control_size_ < 2) return std::nullopt;
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(control_[0]) << 8 | static_cast<std::uint8_t>(control_[1]));
}

void FrameObserver::begin_frame() {
  between_frames_ = false;
  header_have_ = 0;
  payload_seen_ = 0;
  control_size_ = 0;
  violation_size_ = 0;
}

void FrameObserver::finish_header() {
  header_ = decode_frame_header(header_bytes_.data());
  state_ = header_.length == 0 ? State::end : State::payload;
  judge_format();
  judge_sequence();
  if (begins_message(header_.opcode)) begin_message();
}

void FrameObserver::judge_format() {
  // RFC 7692 6: RSV1 marks a compressed message, on its first frame only.
  const std::uint8_t allowed = begins_message(header_.opcode) ? allowed_rsv_ : allowed_rsv_ & ~rsv1;
  if ((header_.rsv & ~allowed) != 0) add(Violation::reserved_bits);
  if (is_reserved(header_.opcode)) add(Violation::reserved_opcode);
  const bool masked = header_.masking_key.has_value();
  if (sender_ == Side::client && !masked) add(Violation::unmasked_client_frame);
  if (sender_ == Side::server && masked) add(Violation::masked_server_frame);
  if (!has_minimal_length(header_)) add(Violation::non_minimal_length);
  if (header_.length >> 63 != 0) add(Violation::length_overflow);
  if (!is_control(header_.opcode)) return;
  if (header_.length > largest_control) add(Violation::oversized_control);
  if (!header_.fin) add(Violation::fragmented_control);
}

void FrameObserver::judge_sequence() {
  const bool is_close = header_.opcode == value_of(Opcode::close);
  if (header_.opcode == value_of(Opcode::continuation) && !in_message_) add(Violation::orphan_continuation);
  if (begins_message(header_.opcode) && in_message_) add(Violation::interleaved_message);
  if (close_seen_ && is_close) add(Violation::second_close);
  if (close_seen_ && !is_control(header_.opcode)) add(Violation::data_after_close);
}

void FrameObserver::begin_message() {
  message_compressed_ = (header_.rsv & allowed_rsv_ & rsv1) != 0;
  in_message_ = true;
  message_opcode_ = header_.opcode;
  text_to_check_ = header_.opcode == value_of(Opcode::text) && !message_compressed_;
  utf8_.reset();
}

void FrameObserver::finish_frame() {
  if (header_.opcode == value_of(Opcode::close)) {
    judge_close_body();
    close_seen_ = true;
  }
  if (is_control(header_.opcode) || is_reserved(header_.opcode) || !header_.fin) return;
  if (text_to_check_ && !utf8_.complete()) add(Violation::bad_utf8);
  in_message_ = false;
  text_to_check_ = false;
}

void FrameObserver::judge_close_body() {
  if (header_.length == 1) add(Violation::close_body_one_byte);
  const std::optional<std::uint16_t> code = close_code();
  if (!code) return;
  if (is_reserved_for_reporting(*code)) {
    add(Violation::close_code_reserved);
  } else if (!may_be_on_wire(*code)) {
    add(Violation::close_code_invalid);
  }
  Utf8Check reason;
  const bool valid = reason.feed(control_payload().substr(2));
  // An oversized reason was cut at 125 bytes, perhaps inside a character. That cut is ours, not the sender's
  // fault.
  const bool whole = header_.length <= largest_control;
  if (!valid || (whole && !reason.complete())) add(Violation::close_reason_bad_utf8);
}

void FrameObserver::keep_control(std::string_view wire_bytes) {
  const std::string_view kept = wire_bytes.substr(0, control_.size() - control_size_);
  if (kept.empty()) return;
  char* place = control_.data() + control_size_;
  std::memcpy(place, kept.data(), kept.size());
  if (header_.masking_key) mask(place, kept.size(), *header_.masking_key, payload_seen_);
  control_size_ = static_cast<std::uint8_t>(control_size_ + kept.size());
}

void FrameObserver::check_text(std::string_view wire_bytes) {
  std::array<char, 1024> plain;
  std::uint64_t offset = payload_seen_;
  bool valid = true;
  while (valid && !wire_bytes.empty()) {
    std::string_view slice = wire_bytes;
    if (header_.masking_key) {
      slice = wire_bytes.substr(0, plain.size());
      std::memcpy(plain.data(), slice.data(), slice.size());
      mask(plain.data(), slice.size(), *header_.masking_key, offset);
      slice = {plain.data(), slice.size()};
    }
    valid = utf8_.feed(slice);
    offset += slice.size();
    wire_bytes.remove_prefix(slice.size());
  }
  if (valid) return;
  add(Violation::bad_utf8);
  text_to_check_ = false;
}

void FrameObserver::add(Violation violation) {
  assert(violation_size_ < violations_.size());
  violations_[violation_size_++] = violation;
}

}  // namespace wsfault::wire
