// Assembles messages from their frames.
#include "reference/inbox.hpp"

#include <utility>

namespace wsfault::reference {
namespace {

constexpr std::uint8_t value_of(wire::Opcode opcode) { return static_cast<std::uint8_t>(opcode); }

bool is_about_close(wire::Violation violation) {
  using enum wire::Violation;
  return violation == close_body_one_byte || violation == close_code_reserved ||
         violation == close_code_invalid || violation == close_reason_bad_utf8;
}

bool is_about_close_code(wire::Violation violation) {
  return violation == wire::Violation::close_code_reserved ||
         violation == wire::Violation::close_code_invalid;
}

}  // namespace

std::vector<Incoming> Inbox::take(std::string_view bytes) {
  using What = wire::FrameObserver::What;
  std::vector<Incoming> found;
  while (!done_) {
    const auto step = observer_.next(bytes);
    bytes.remove_prefix(step.consumed);
    if (step.what == What::more) {
      if (tolerance_.cut_frames && !observer_.at_frame_boundary()) forget();
      break;
    }
    if (step.what == What::payload) keep(step.bytes);
    std::optional<Incoming> incoming = refusal();
    if (!incoming && step.what == What::end) incoming = whole();
    if (!incoming) continue;
    using enum Incoming::Kind;
    done_ = incoming->kind == close || incoming->kind == violation || incoming->kind == too_big;
    found.push_back(std::move(*incoming));
  }
  return found;
}

bool Inbox::is_inside_length() const {
  constexpr std::size_t first_three = 3;  // no whole header has three bytes
  constexpr int length_16 = 126;
  const std::string_view header = observer_.header_bytes();
  return header.size() == first_three && (static_cast<unsigned char>(header[1]) & 0x7F) == length_16;
}

void Inbox::forget() {
  observer_ = wire::FrameObserver(observer_.sender());
  message_.clear();
}

std::optional<Incoming> Inbox::refusal() const {
  for (const wire::Violation violation : observer_.violations()) {
    if (!is_tolerated(violation)) return Incoming{Incoming::Kind::violation, {}, {}, violation, {}};
  }
  if (grows_too_big()) return Incoming{Incoming::Kind::too_big, {}, {}, {}, {}};
  return std::nullopt;
}

bool Inbox::is_tolerated(wire::Violation violation) const {
  if (tolerance_.kinds.test(static_cast<std::size_t>(violation))) return true;
  if (is_about_close_code(violation)) return tolerance_.illegal_close_codes;
  return is_about_close(violation) ? tolerance_.bad_close_bodies : tolerance_.bad_frames;
}

/// Decided when the header is read: the part of this frame still to come counts.
bool Inbox::grows_too_big() const {
  const wire::FrameHeader& header = observer_.header();
  if (!max_message_ || wire::is_control(header.opcode)) return false;
  const std::uint64_t to_come = header.length - observer_.payload_seen();
  return to_come > *max_message_ || message_.size() + to_come > *max_message_;
}

void Inbox::keep(std::string_view wire_bytes) {
  const wire::FrameHeader& header = observer_.header();
  if (wire::is_control(header.opcode)) return;
  const std::size_t before = message_.size();
  message_.append(wire_bytes);
  if (!header.masking_key) return;
  wire::mask(message_.data() + before, wire_bytes.size(), *header.masking_key,
             observer_.payload_seen() - wire_bytes.size());
}

std::optional<Incoming> Inbox::whole() {
  using enum Incoming::Kind;
  const wire::FrameHeader& header = observer_.header();
  const std::string_view control = observer_.control_payload();
  if (header.opcode == value_of(wire::Opcode::ping)) return Incoming{ping, std::string(control), {}, {}, {}};
  if (header.opcode == value_of(wire::Opcode::pong)) return Incoming{pong, std::string(control), {}, {}, {}};
  if (header.opcode == value_of(wire::Opcode::close)) {
    const std::string_view reason = control.size() > 2 ? control.substr(2) : std::string_view();
    return Incoming{close, std::string(reason), observer_.close_code(), {}, {}};
  }
  if (wire::is_control(header.opcode)) return std::nullopt;
  if (header.opcode != value_of(wire::Opcode::continuation)) message_opcode_ = header.opcode;
  if (!header.fin && pieces_ == Pieces::messages) return std::nullopt;
  return whole_message();
}

Incoming Inbox::whole_message() {
  const bool is_text = message_opcode_ == value_of(wire::Opcode::text);
  return {is_text ? Incoming::Kind::text : Incoming::Kind::binary,
          std::exchange(message_, {}),
          {},
          {},
          observer_.header()};
}

}  // namespace wsfault::reference
