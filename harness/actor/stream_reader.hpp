// Reads one direction of a connection into units (heads, control frames, messages, pieces) and their events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fault/connection_fault.hpp"
#include "record/event.hpp"
#include "relay/frame_tracker.hpp"
#include "wire/body.hpp"
#include "wire/handshake.hpp"
#include "wire/head_lapses.hpp"
#include "wire/head_scan.hpp"
#include "wire/observer.hpp"

namespace wsfault::actor {

using wire::Side;

/// Where in a unit's bytes a frame begins.
struct FrameStart {
  std::int64_t at = 0;       ///< below 0: in bytes that were forwarded before
  std::uint64_t number = 0;  ///< of the frame, in its direction
};

/// The result of one step of reading.
struct ReadStep {
  std::size_t consumed = 0;
  std::vector<record::What> events;       ///< to be recorded before the unit is forwarded
  std::optional<fault::Unit::Kind> unit;  ///< none: nothing to forward (yet)
  std::string held;                       ///< the unit's bytes, if they were held back …
  std::string_view bytes;                 ///< … or if they are a view of the input
  record::Forwarded forwarded;            ///< to be recorded once the unit is forwarded
  std::uint8_t opcode = 0;
  std::vector<FrameStart> starts;  ///< the frames that begin in the unit

  std::string_view content() const { return held.empty() ? bytes : std::string_view(held); }
};

/// One tap of one direction. It continues whatever the bytes are.
class StreamReader {
 public:
  /// `keeps`: how much of a message's payload its event carries.
  StreamReader(Side from, record::Tap tap, std::size_t keeps = 64 * 1024)
      : from_(from), tap_(tap), keeps_(keeps), observer_(from), scan_(from) {}

  /// One step; call again with the rest of the input until nothing is consumed. `whole_messages`: data frames
  /// are held back until their message is complete; the value counts when a message begins.
  ReadStep next(std::string_view input, bool whole_messages);
  /// Follows frames by their headers alone, from a place between two of them on, as far as they are plain and no stop:
  /// nothing is told of them, they are counted in `tally`. Returns how many of the bytes it followed; what comes after
  /// these, if there is more, is to be read by next().
  std::size_t skip(std::string_view input, relay::Tally& tally, const relay::Stops& stops);
  /// Frames are followed by their headers at the moment, and one of them that ends a message has begun.
  bool skips() const { return tracker_.has_value(); }
  bool skips_end_of_message() const { return tracker_ && tracker_->in_end_of_message(); }
  Side from() const { return from_; }
  /// Holds a message back after all. The step just read is its first header, and none of it has been
  /// forwarded yet.
  void hold_message(ReadStep& step);
  /// The bytes that are held back, of a unit that is not whole.
  std::string held_bytes() const;
  /// The frames that begin in them.
  std::vector<FrameStart> held_starts() const;
  /// Bytes held back when the stream ended; events for incomplete parts are added.
  std::string at_end(std::vector<record::What>& events);
  /// The stream ended, in an `orderly` way or not: a body that is not told yet is, as far as it came.
  void end_body(bool orderly, std::vector<record::What>& events);
  /// "head" or "frame" if the stream is inside one, else empty.
  std::string inside() const;
  /// The bytes of an answer whose head is not whole yet, to be recorded before the end of the stream; none: there is
  /// no such answer.
  std::optional<record::NotHttp> half_an_answer() const;

  /// Bytes read so far.
  std::uint64_t position() const { return position_; }
  /// The position at which the current frame began.
  std::uint64_t frame_start() const { return frame_start_; }

  /// Where somebody else can go on in its place: between or inside frames of which the headers alone count, behind an
  /// upgrade without a body. None: not here.
  std::optional<relay::FrameTracker> hand_on();
  /// From now on it keeps the text of the head before the frames.
  void keep_head() { keeps_head_ = true; }
  const std::string& head() const { return head_; }

  /// Goes on behind frames that were read elsewhere, at that position. What it did not see of a message is missing in its
  /// event.
  void skip_to(std::uint64_t position, const wire::FramePosition& frames_at, const relay::Progress& passed);

  /// The request against which a response is checked.
  void set_request(const wire::RequestHead& request) { request_ = request; }
  /// permessage-deflate was agreed on: compressed messages may come. A reader of the server's side finds this
  /// in the 101 itself, if it knows the request.
  void allow_compression();
  /// The 101 that was read agreed on permessage-deflate.
  bool agreed_on_compression() const { return agreed_on_compression_; }
  /// The bytes are not parsed: ciphertext, or the peer of a failed handshake.
  void pass_raw() { phase_ = Phase::raw; }
  bool in_frames() const { return phase_ == Phase::frames; }
  bool at_frame_boundary() const;
  /// Nothing has been read of a head or frame that is not whole.
  bool between_units() const { return held_.empty() && !hold_message_ && at_frame_boundary(); }
  bool at_message_boundary() const;
  const std::optional<wire::RequestHead>& request() const { return request_; }
  const std::optional<wire::ResponseHead>& response() const { return response_; }
  /// Bytes that are neither head nor frames: plain HTTP's content, another protocol.
  bool is_raw() const { return phase_ == Phase::raw || (phase_ == Phase::body && after_body_ == Phase::raw); }

 private:
  static constexpr std::uint8_t rsv1 = 4;
  enum class Phase { head, body, frames, raw };
  /// Frames that next() would only pass on, and that begin here.
  bool can_skip() const;
  void begin_to_skip();
  /// Goes on by reading.
  void read_again();
  ReadStep step(std::string_view input, bool whole_messages);
  ReadStep take_head(std::string_view input);
  void finish_head(ReadStep& step);
  void finish_request(ReadStep& step);
  void finish_response(ReadStep& step);
  ReadStep give_up_on_http(std::string_view input);
  void tell_lapses(ReadStep& step, std::vector<wire::HeadLapse> lapses) const;
  void begin_body(wire::BodyFraming framing, Phase after);
  ReadStep take_body(std::string_view input);
  void tell_body(bool whole, std::vector<record::What>& events);
  ReadStep take_frames(std::string_view input, bool whole_messages);
  void begin_frame(ReadStep& step, bool whole_messages);
  void end_frame(ReadStep& step);
  void end_message(ReadStep& step);
  void note_key();
  void tell_violations(ReadStep& step);
  record::FrameSeen frame_event();
  void keep_payload(std::string_view wire_bytes);

  Side from_;
  record::Tap tap_;
  std::size_t keeps_;
  wire::FrameObserver observer_;
  std::optional<relay::FrameTracker> tracker_;  // while frames are skipped
  std::string stub_;                            // of a header that is not whole; the tracker has not taken it
  bool compression_allowed_ = false;
  bool keeps_head_ = false;
  std::string head_;
  Phase phase_ = Phase::head;
  wire::HeadScan scan_;                   // of the current head
  std::string held_;                      // an incomplete head, control frame or message
  std::optional<wire::BodyReader> body_;  // until it is told; of an upgrade request, until it is over
  bool body_told_ = false;
  Phase after_body_ = Phase::raw;
  std::optional<wire::RequestHead> request_;
  std::optional<wire::ResponseHead> response_;
  bool answered_ = false;
  bool agreed_on_compression_ = false;
  std::uint64_t position_ = 0;
  std::uint64_t frame_start_ = 0;
  std::uint64_t next_frame_start_ = 0;
  std::vector<FrameStart> starts_;  // of the frames in a message that is held
  bool in_frame_ = false;           // its header was handed on
  bool first_header_ = false;       // the step just read is the header of a message's first frame
  bool in_message_ = false;
  bool hold_control_ = false;
  bool hold_message_ = false;
  std::string interleaved_;  // a message that is held while a control frame passes
  std::string payload_;      // of the current message, unmasked, its first 64 KiB
  std::uint64_t payload_size_ = 0;
  std::size_t violations_told_ = 0;
  std::optional<wire::MaskingKey> last_key_;
  int same_key_ = 0;       // so many frames in a row had it
  bool tell_key_ = false;  // with this frame
  std::uint64_t frames_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t pings_ = 0;
  std::uint64_t pongs_ = 0;
  std::uint64_t closes_ = 0;
};

}  // namespace wsfault::actor
