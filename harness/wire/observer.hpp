// Reads frames out of arbitrary slices of one direction of a byte stream, and names every violation of RFC
// 6455.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "wire/frame.hpp"
#include "wire/side.hpp"
#include "wire/utf8.hpp"

namespace wsfault::wire {

/// Everything that a peer must not send, each with its section.
enum class Violation : std::uint8_t {
  reserved_bits,          ///< 5.2: RSV set without an extension that defines it
  reserved_opcode,        ///< 5.2
  unmasked_client_frame,  ///< 5.1
  masked_server_frame,    ///< 5.1
  non_minimal_length,     ///< 5.2
  length_overflow,        ///< 5.2: most significant bit of a 64-bit length
  oversized_control,      ///< 5.5: more than 125 bytes
  fragmented_control,     ///< 5.5
  orphan_continuation,    ///< 5.4: nothing to continue
  interleaved_message,    ///< 5.4: a new message inside a fragmented one
  bad_utf8,               ///< 8.1
  close_body_one_byte,    ///< 5.5.1
  close_code_reserved,    ///< 7.4.1: 1005, 1006, 1015
  close_code_invalid,     ///< 7.4: 0-999, 1004, 1016-2999, from 5000
  close_reason_bad_utf8,  ///< 5.5.1
  data_after_close,       ///< 5.5.1: a data frame (or ping, pong: reported alike) after its own Close
  second_close,           ///< 5.5.1
  truncated_frame,        ///< the stream ended inside a frame
};
inline constexpr std::size_t violation_count = 18;

struct ViolationInfo {
  std::string_view name;     ///< as in logs: "reserved-bits"
  std::string_view section;  ///< "RFC 6455 5.2"
  std::string_view text;     ///< one sentence
};
const ViolationInfo& describe(Violation violation);
/// By its name in logs.
std::optional<Violation> find_violation(std::string_view name);

/// Where a direction is after bytes that somebody else has read.
struct FramePosition {
  std::string_view header_bytes;   ///< of the frame that is open; empty: between two
  std::uint64_t payload_seen = 0;  ///< of that frame
  bool in_message = false;
  std::uint8_t message_opcode = 0;
  bool message_compressed = false;
};

/// An incremental reader. It never allocates, never refuses bytes, and continues after every violation: a
/// message that begins inside a fragmented one replaces it, an orphan continuation opens nothing, and a frame
/// with a reserved opcode or a control frame leaves the open message unchanged.
class FrameObserver {
 public:
  /// `allowed_rsv`: bits that a negotiated extension defines (4 for permessage-deflate). Where bit 4 is
  /// allowed and set, the message is compressed and its UTF-8 is not checked. Bit 4 is allowed only on a
  /// message's first frame (RFC 7692 6).
  explicit FrameObserver(Side sender, std::uint8_t allowed_rsv = 0)
      : sender_(sender), allowed_rsv_(allowed_rsv) {}

  /// The same, once the negotiation is known: applies from the next frame on.
  void allow_rsv(std::uint8_t bits) { allowed_rsv_ = bits; }
  /// Goes on from there, before anything was read. What was not seen of a frame or message is not judged.
  void resume(const FramePosition& at);

  enum class What : std::uint8_t {
    more,     ///< the input is used up
    header,   ///< a header is complete: header(), header_bytes() and violations() are valid
    payload,  ///< `bytes` is a slice of the payload as on the wire (masked if the header says so)
    end,      ///< the frame is complete: control_payload(), violations() are final
  };
  struct Step {
    What what = What::more;
    std::size_t consumed = 0;  ///< bytes of the input used by this step
    std::string_view bytes;    ///< of `payload`: a view of the input
  };

  /// One step. Call again with the rest of the input (input.substr(consumed)) until `more`.
  /// A frame with an empty payload gives header, then end.
  Step next(std::string_view input);

  /// Call when the stream has ended: truncated_frame if it ended inside a frame.
  std::optional<Violation> at_end() const;

  const FrameHeader& header() const { return header_; }
  /// The header's bytes as on the wire, valid from `header` to the next header's first byte.
  std::string_view header_bytes() const { return {header_bytes_.data(), header_have_}; }
  /// Payload bytes of the current frame seen so far.
  std::uint64_t payload_seen() const { return payload_seen_; }
  /// The unmasked payload of the current control frame so far (its first 125 bytes); empty for others.
  std::string_view control_payload() const { return {control_.data(), control_size_}; }
  /// Violations of the current frame, in the order found.
  std::span<const Violation> violations() const { return {violations_.data(), violation_size_}; }
  /// The code of the current Close frame: none when its body is shorter than 2 bytes.
  std::optional<std::uint16_t> close_code() const;
  /// Between frames, with no byte of the next one seen.
  bool at_frame_boundary() const { return state_ == State::header && between_frames_; }
  /// Between messages: no fragmented message is open and at_frame_boundary().
  bool at_message_boundary() const { return at_frame_boundary() && !in_message_; }
  /// Opcode of the message that the current data frame belongs to (the first frame's opcode); valid until the
  /// next message begins.
  std::uint8_t message_opcode() const { return message_opcode_; }
  /// The message is compressed: RSV1 is set on its first frame, and allowed.
  bool message_is_compressed() const { return message_compressed_; }
  Side sender() const { return sender_; }

 private:
  enum class State : std::uint8_t { header, payload, end };
  Step take_header(std::string_view input);
  Step take_payload(std::string_view input);
  void begin_frame();
  void finish_header();
  void finish_frame();
  void begin_message();
  void judge_format();
  void judge_sequence();
  void judge_close_body();
  void keep_control(std::string_view wire_bytes);
  void check_text(std::string_view wire_bytes);
  void add(Violation violation);

  Side sender_;
  std::uint8_t allowed_rsv_;
  State state_ = State::header;
  bool between_frames_ = true;  // what is stored of a frame belongs to a finished one
  std::array<char, 14> header_bytes_{};
  std::uint8_t header_have_ = 0;
  FrameHeader header_;
  std::uint64_t payload_seen_ = 0;
  std::array<char, 125> control_{};
  std::uint8_t control_size_ = 0;
  // Eight at most: a Close can violate the bits, the mask, the form of the length, the size, fragmentation,
  // the order, the code and the reason. Every other frame can violate fewer rules.
  std::array<Violation, 8> violations_{};
  std::uint8_t violation_size_ = 0;
  bool in_message_ = false;
  bool close_seen_ = false;
  bool text_to_check_ = false;  // the open message is plain text, with no invalid UTF-8 found so far
  std::uint8_t message_opcode_ = 0;
  bool message_compressed_ = false;
  Utf8Check utf8_;
};

}  // namespace wsfault::wire
