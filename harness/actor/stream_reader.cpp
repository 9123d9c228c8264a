// Heads first, then frames; bodies and anything else pass as raw bytes.
#include "actor/stream_reader.hpp"

#include <algorithm>
#include <utility>

#include "wire/mask.hpp"

namespace wsfault::actor {
namespace {

using fault::Unit;

constexpr std::size_t longest_message_held = 64 * 1024 * 1024;
constexpr std::uint64_t longest_control_held = 64 * 1024;

ReadStep pass_through(std::string_view input) {
  ReadStep step;
  step.consumed = input.size();
  if (input.empty()) return step;
  step.unit = Unit::Kind::piece;
  step.bytes = input;
  return step;
}

}  // namespace

ReadStep StreamReader::next(std::string_view input, bool whole_messages) {
  if (tracker_) read_again();
  ReadStep taken = step(input, whole_messages);
  position_ += taken.consumed;
  return taken;
}

ReadStep StreamReader::step(std::string_view input, bool whole_messages) {
  switch (phase_) {
    case Phase::head:
      return take_head(input);
    case Phase::body:
      return take_body(input);
    case Phase::frames:
      return take_frames(input, whole_messages);
    case Phase::raw:
      return pass_through(input);
  }
  return {};
}

// --- heads

// --- frames
ReadStep StreamReader::take_frames(std::string_view input, bool whole_messages) {
  ReadStep step;
  first_header_ = false;
  while (true) {
    const auto seen = observer_.next(input.substr(step.consumed));
    const std::string_view used = input.substr(step.consumed, seen.consumed);
    step.consumed += seen.consumed;
    switch (seen.what) {
      case wire::FrameObserver::What::more:
        // For a control frame that is cut off here: its receiver also judges by the header.
        if (hold_control_) tell_violations(step);
        return step;
      case wire::FrameObserver::What::header:
        begin_frame(step, whole_messages);
        break;
      case wire::FrameObserver::What::payload:
        keep_payload(seen.bytes);
        if (hold_control_ || (hold_message_ && !wire::is_control(observer_.header().opcode))) {
          held_.append(seen.bytes);
        } else {
          step.unit = Unit::Kind::piece;
          step.bytes = used;
        }
        // A receiver may fail the connection at the first byte that is invalid in a text (RFC 6455 8.1).
        if (!hold_control_) tell_violations(step);
        break;
      case wire::FrameObserver::What::end:
        end_frame(step);
        next_frame_start_ = position_ + step.consumed;
        break;
    }
    if (step.unit || !step.events.empty()) return step;
    if (hold_message_ && held_.size() > longest_message_held) {
      step.unit = Unit::Kind::piece;
      step.held = std::move(held_);
      step.starts = std::exchange(starts_, {});
      held_.clear();
      hold_message_ = false;
      return step;
    }
  }
}

void StreamReader::begin_frame(ReadStep& step, bool whole_messages) {
  const wire::FrameHeader& header = observer_.header();
  ++frames_;
  in_frame_ = true;
  frame_start_ = next_frame_start_;
  violations_told_ = 0;
  note_key();
  const bool control = wire::is_control(header.opcode);
  hold_control_ = control && header.length <= longest_control_held;
  if (header.opcode == 1 || header.opcode == 2) {
    ++messages_;
    in_message_ = true;
    payload_.clear();
    payload_size_ = 0;
    hold_message_ = whole_messages;
    first_header_ = true;
  }
  if (hold_control_ && hold_message_) {
    interleaved_ = std::move(held_);
    held_.clear();
  }
  if (hold_control_ || (!control && hold_message_)) {
    if (!control) starts_.push_back({static_cast<std::int64_t>(held_.size()), frames_});
    held_.append(observer_.header_bytes());
  } else {
    step.unit = Unit::Kind::piece;
    step.held = std::string(observer_.header_bytes());
    step.starts = {{0, frames_}};
  }
  if (hold_control_) return;  // reported when complete, with its payload
  step.events.push_back(frame_event());
  tell_violations(step);
}

record::FrameSeen StreamReader::frame_event() {
  const wire::FrameHeader& header = observer_.header();
  record::FrameSeen frame;
  frame.tap = tap_;
  frame.from = from_;
  frame.number = frames_;
  frame.fin = header.fin;
  frame.rsv = header.rsv;
  frame.opcode = header.opcode;
  frame.masked = header.masking_key.has_value();
  frame.length = header.length;
  switch (header.opcode) {
    case 8:
      frame.of_kind = ++closes_;
      frame.code = observer_.close_code();
      frame.text = std::string(
          observer_.control_payload().substr(std::min<std::size_t>(2, observer_.control_payload().size())));
      break;
    case 9:
      frame.of_kind = ++pings_;
      break;
    case 10:
      frame.of_kind = ++pongs_;
      break;
    default:
      frame.of_kind = messages_;
      frame.compressed = first_header_ && observer_.message_is_compressed();
      break;
  }
  if (header.opcode == 9 || header.opcode == 10) frame.text = std::string(observer_.control_payload());
  return frame;
}

void StreamReader::keep_payload(std::string_view wire_bytes) {
  const wire::FrameHeader& header = observer_.header();
  if (wire::is_control(header.opcode)) return;
  payload_size_ += wire_bytes.size();
  if (payload_.size() >= keeps_) return;
  const std::size_t take = std::min(wire_bytes.size(), keeps_ - payload_.size());
  const std::uint64_t offset = observer_.payload_seen() - wire_bytes.size();
  const std::size_t start = payload_.size();
  payload_.append(wire_bytes.substr(0, take));
  if (header.masking_key) wire::mask(payload_.data() + start, take, *header.masking_key, offset);
}

void StreamReader::end_frame(ReadStep& step) {
  const wire::FrameHeader header = observer_.header();
  in_frame_ = false;
  step.opcode = header.opcode;
  step.forwarded.from = from_;
  step.forwarded.frame = frames_;
  if (wire::is_control(header.opcode)) {
    if (hold_control_) {
      step.events.push_back(frame_event());
      step.unit = Unit::Kind::control;
      step.starts = {{0, frames_}};
      step.held = std::move(held_);
      held_ = std::move(interleaved_);
      interleaved_.clear();
      hold_control_ = false;
    } else {
      step.unit = Unit::Kind::piece;
    }
    if (header.opcode == 8) step.forwarded.close = true;
    if (header.opcode == 9) step.forwarded.ping = pings_;
    if (header.opcode == 10) step.forwarded.pong = pongs_;
  } else {
    step.unit = Unit::Kind::piece;
    const bool of_message = in_message_ && header.opcode <= 2;
    if (header.fin && of_message) {
      end_message(step);
      in_message_ = false;
      hold_message_ = false;
    } else if (hold_message_) {
      step.unit.reset();  // held fragments stay held until the message is complete
    }
  }
  tell_violations(step);
}

void StreamReader::end_message(ReadStep& step) {
  record::MessageSeen message;
  message.tap = tap_;
  message.from = from_;
  message.number = messages_;
  message.opcode = observer_.message_opcode();
  message.size = payload_size_;
  message.payload = payload_;
  message.compressed = observer_.message_is_compressed();
  step.events.push_back(std::move(message));
  step.forwarded.message = messages_;
  if (hold_message_) {
    step.unit = Unit::Kind::message;
    step.starts = std::exchange(starts_, {});
    step.held = std::move(held_);
    held_.clear();
    step.opcode = observer_.message_opcode();
  }
}

void StreamReader::tell_violations(ReadStep& step) {
  // First, because it is known with the header, and others of a control frame only with its end.
  if (std::exchange(tell_key_, false))
    step.events.push_back(record::ViolationSeen{tap_, from_, frames_, "masking-key-reused", "RFC 6455 5.3"});
  const auto violations = observer_.violations();
  for (; violations_told_ < violations.size(); ++violations_told_) {
    const wire::ViolationInfo& info = describe(violations[violations_told_]);
    step.events.push_back(
        record::ViolationSeen{tap_, from_, frames_, std::string(info.name), std::string(info.section)});
  }
}

/// RFC 6455 5.3: drawn anew for each frame. Four in a row are alike by chance once in 2^96.
void StreamReader::note_key() {
  constexpr int certain = 4;
  const auto& key = observer_.header().masking_key;
  if (tap_ != record::Tap::sent || !key) return;
  same_key_ = key == last_key_ ? same_key_ + 1 : 1;
  last_key_ = key;
  tell_key_ = same_key_ == certain;
}

void StreamReader::hold_message(ReadStep& step) {
  if (!first_header_ || hold_message_ || step.unit != Unit::Kind::piece) return;
  held_ = std::move(step.held);
  starts_ = std::exchange(step.starts, {});
  step.held.clear();
  step.unit.reset();
  hold_message_ = true;
}

// --- ends

std::vector<FrameStart> StreamReader::held_starts() const {
  std::vector<FrameStart> starts = starts_;
  if (hold_control_) starts.push_back({static_cast<std::int64_t>(interleaved_.size()), frames_});
  return starts;
}

std::string StreamReader::held_bytes() const {
  std::string held = interleaved_ + held_;
  // An incomplete header is in the observer.
  if (phase_ == Phase::frames && !tracker_ && !in_frame_ && observer_.at_end()) held += observer_.header_bytes();
  return held;
}

std::string StreamReader::at_end(std::vector<record::What>& events) {
  if (tracker_) read_again();
  if (phase_ == Phase::frames && observer_.at_end()) {
    const wire::ViolationInfo& info = describe(wire::Violation::truncated_frame);
    events.push_back(
        record::ViolationSeen{tap_, from_, frames_, std::string(info.name), std::string(info.section)});
  }
  if (auto half = half_an_answer()) events.push_back(*std::move(half));
  std::string rest = held_bytes();
  interleaved_.clear();
  held_.clear();
  return rest;
}

std::optional<record::NotHttp> StreamReader::half_an_answer() const {
  if (phase_ != Phase::head || held_.empty() || from_ != Side::server) return std::nullopt;
  return record::NotHttp{tap_, from_, held_.substr(0, 64)};
}

std::string StreamReader::inside() const {
  if (phase_ == Phase::head) return held_.empty() ? "" : "head";
  if (tracker_) return at_frame_boundary() ? "" : "frame";
  if (phase_ == Phase::frames && observer_.at_end()) return "frame";
  return "";
}

bool StreamReader::at_frame_boundary() const {
  if (phase_ == Phase::head) return held_.empty();
  if (tracker_) return stub_.empty() && tracker_->at_frame_boundary();
  return phase_ != Phase::frames || observer_.at_frame_boundary();
}

bool StreamReader::at_message_boundary() const {
  if (tracker_) return at_frame_boundary() && !tracker_->position().in_message;
  return phase_ != Phase::frames ? at_frame_boundary() : observer_.at_message_boundary();
}

}  // namespace wsfault::actor
