// Frames of which nothing is told: they are followed by their headers.
#include <algorithm>
#include <utility>

#include "actor/stream_reader.hpp"

namespace wsfault::actor {
namespace {

constexpr std::size_t longest_header = 14;  // RFC 6455 5.2

}  // namespace

void StreamReader::allow_compression() {
  compression_allowed_ = true;
  observer_.allow_rsv(rsv1);
  if (tracker_) tracker_->allow_compression();
}

bool StreamReader::can_skip() const {
  return phase_ == Phase::frames && !in_frame_ && between_units() && !hold_control_ && interleaved_.empty();
}

void StreamReader::begin_to_skip() {
  tracker_.emplace(from_);
  if (compression_allowed_) tracker_->allow_compression();
  const wire::FramePosition at{.in_message = in_message_,
                               .message_opcode = observer_.message_opcode(),
                               .message_compressed = observer_.message_is_compressed()};
  tracker_->resume(at, {.frames = frames_,
                        .messages = messages_,
                        .pings = static_cast<std::uint32_t>(pings_),
                        .pongs = static_cast<std::uint32_t>(pongs_)});
}

std::optional<relay::FrameTracker> StreamReader::hand_on() {
  if (body_told_ || (!tracker_ && !can_skip())) return std::nullopt;
  if (!tracker_) begin_to_skip();
  return stub_.empty() ? tracker_ : std::nullopt;
}

std::size_t StreamReader::skip(std::string_view input, relay::Tally& tally, const relay::Stops& stops) {
  if (!tracker_ && !can_skip()) return 0;
  if (!tracker_) begin_to_skip();
  std::size_t done = 0;
  bool stops_here = false;
  if (!stub_.empty()) {
    const std::string header = stub_ + std::string(input.substr(0, longest_header));
    const auto taken = tracker_->take(header, tally, stops);
    stops_here = taken.stops;
    if (taken.size > 0) {
      done = taken.size - stub_.size();
      stub_.clear();
    } else if (!stops_here) {
      stub_ = header;
      done = input.size();
    }
  }
  if (!stops_here && done < input.size()) {
    const auto taken = tracker_->take(input.substr(done), tally, stops);
    done += taken.size;
    if (!taken.stops) {
      stub_ = input.substr(done);
      done = input.size();
    }
  }
  position_ += done;
  return done;
}

void StreamReader::read_again() {
  const relay::FrameTracker tracker = *std::exchange(tracker_, std::nullopt);
  const std::string stub = std::exchange(stub_, {});
  observer_ = wire::FrameObserver(from_);
  if (compression_allowed_) observer_.allow_rsv(rsv1);
  skip_to(position_ - stub.size(), tracker.position(), tracker.progress());
  if (!stub.empty()) next(stub, false);  // not even a header: there is nothing to tell
}

void StreamReader::skip_to(std::uint64_t position, const wire::FramePosition& frames_at,
                           const relay::Progress& passed) {
  observer_.resume(frames_at);
  position_ = next_frame_start_ = position;
  in_frame_ = !frames_at.header_bytes.empty();
  if (in_frame_) frame_start_ = position - frames_at.payload_seen - frames_at.header_bytes.size();
  in_message_ = frames_at.in_message;
  frames_ = passed.frames;
  messages_ = passed.messages;
  pings_ = passed.pings;
  pongs_ = passed.pongs;
  payload_.clear();
  payload_size_ = 0;
  same_key_ = 0;
}

}  // namespace wsfault::actor
