// Frames of RFC 6455 5.2, and an encoder that can write any of them, legal or not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/mask.hpp"

namespace wsfault::wire {

/// RFC 6455 5.2; values 3-7 and 11-15 are reserved and have no name here.
enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// "text", "close" …; "reserved 3" for unnamed opcodes.
std::string opcode_name(std::uint8_t opcode);
constexpr bool is_control(std::uint8_t opcode) { return (opcode & 0x8) != 0; }

/// How the payload length is written: 7 bits, 7+16, 7+64.
enum class LengthForm : std::uint8_t { minimal, bits7, bits16, bits64 };

/// A frame header as read from the wire.
struct FrameHeader {
  bool fin = true;
  std::uint8_t rsv = 0;  ///< RSV1 is 4, RSV2 is 2, RSV3 is 1
  std::uint8_t opcode = 1;
  std::optional<MaskingKey> masking_key = {};
  std::uint64_t length = 0;                    ///< of the payload, in bytes
  LengthForm length_form = LengthForm::bits7;  ///< as it was written; never `minimal`
  std::uint8_t size = 2;                       ///< of the header itself, in bytes: 2 to 14
};

/// The size of a whole header, known by its second byte.
std::size_t frame_header_size(char second);
/// Of a whole header's bytes.
FrameHeader decode_frame_header(const char* bytes);
/// Its length was written in the shortest form that holds it (RFC 6455 5.2).
bool has_minimal_length(const FrameHeader& header);

/// What to write. Nothing is checked: an oversized control frame, a reserved opcode or a wrong length is
/// written as given.
struct FrameSpec {
  bool fin = true;
  std::uint8_t rsv = 0;
  std::uint8_t opcode = 1;
  std::optional<MaskingKey> masking_key = {};
  LengthForm length_form = LengthForm::minimal;       ///< a form too small for the length keeps its low bits
  std::optional<std::uint64_t> declared_length = {};  ///< instead of the payload's own length
  std::string_view payload = {};
};

/// Appends the frame's bytes; the payload is masked if there is a key.
void append_frame(std::string& out, const FrameSpec& spec);
std::string encode_frame(const FrameSpec& spec);

/// The body of a Close frame: two bytes of code in network order, then the reason (RFC 6455 5.5.1).
std::string close_payload(std::uint16_t code, std::string_view reason = {});

}  // namespace wsfault::wire
