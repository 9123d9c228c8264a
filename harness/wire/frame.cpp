// Headers, and the frame encoder: it writes what the caller asks for, whether RFC 6455 allows it or not.
#include "wire/frame.hpp"

#include <cstring>

namespace wsfault::wire {
namespace {

constexpr std::size_t largest_header = 14;

LengthForm minimal_form(std::uint64_t length) {
  if (length < 126) return LengthForm::bits7;
  if (length < 65536) return LengthForm::bits16;
  return LengthForm::bits64;
}

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

std::uint64_t read_big_endian(const char* bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

std::size_t extended_length_size(std::uint8_t second_byte) {
  const std::uint8_t length = second_byte & 0x7F;
  if (length == 127) return 8;
  return length == 126 ? 2 : 0;
}

void append_length(std::string& out, std::uint64_t length, LengthForm form, bool masked) {
  const std::uint8_t mask_bit = masked ? 0x80 : 0;
  switch (form) {
    case LengthForm::minimal:
      append_length(out, length, minimal_form(length), masked);
      return;
    case LengthForm::bits7:
      out += static_cast<char>(mask_bit | (length & 0x7F));
      return;
    case LengthForm::bits16:
      out += static_cast<char>(mask_bit | 126);
      append_big_endian(out, length, 2);
      return;
    case LengthForm::bits64:
      out += static_cast<char>(mask_bit | 127);
      append_big_endian(out, length, 8);
      return;
  }
}

}  // namespace

std::string opcode_name(std::uint8_t opcode) {
  switch (static_cast<Opcode>(opcode)) {
    case Opcode::continuation:
      return "continuation";
    case Opcode::text:
      return "text";
    case Opcode::binary:
      return "binary";
    case Opcode::close:
      return "close";
    case Opcode::ping:
      return "ping";
    case Opcode::pong:
      return "pong";
  }
  return "reserved " + std::to_string(opcode);
}

std::size_t frame_header_size(char second) {
  const auto byte = static_cast<std::uint8_t>(second);
  return 2 + extended_length_size(byte) + ((byte & 0x80) != 0 ? 4 : 0);
}

FrameHeader decode_frame_header(const char* bytes) {
  const auto first = static_cast<std::uint8_t>(bytes[0]);
  const auto second = static_cast<std::uint8_t>(bytes[1]);
  const std::size_t extended = extended_length_size(second);
  FrameHeader header;
  header.fin = (first & 0x80) != 0;
  header.rsv = first >> 4 & 0x7;
  header.opcode = first & 0xF;
  header.length = extended == 0 ? second & 0x7F : read_big_endian(bytes + 2, extended);
  header.length_form = extended == 0   ? LengthForm::bits7
                       : extended == 2 ? LengthForm::bits16
                                       : LengthForm::bits64;
  header.size = static_cast<std::uint8_t>(frame_header_size(bytes[1]));
  if ((second & 0x80) != 0) {
    header.masking_key.emplace();
    std::memcpy(header.masking_key->data(), bytes + 2 + extended, header.masking_key->size());
  }
  return header;
}

bool has_minimal_length(const FrameHeader& header) {
  if (header.length_form == LengthForm::bits16) return header.length >= 126;
  if (header.length_form == LengthForm::bits64) return header.length >= 65536;
  return true;
}

void append_frame(std::string& out, const FrameSpec& spec) {
  // Only for the first frame: an exact reserve() on every one would make a long batch quadratic.
  if (out.empty()) out.reserve(spec.payload.size() + largest_header);
  out += static_cast<char>((spec.fin ? 0x80 : 0) | (spec.rsv & 0x7) << 4 | (spec.opcode & 0xF));
  append_length(out, spec.declared_length.value_or(spec.payload.size()), spec.length_form,
                spec.masking_key.has_value());
  if (!spec.masking_key) {
    out += spec.payload;
    return;
  }
  out.append(reinterpret_cast<const char*>(spec.masking_key->data()), spec.masking_key->size());
  const std::size_t start = out.size();
  out += spec.payload;
  mask(out.data() + start, spec.payload.size(), *spec.masking_key);
}

std::string encode_frame(const FrameSpec& spec) {
  std::string out;
  append_frame(out, spec);
  return out;
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  std::string out;
  out.reserve(2 + reason.size());
  append_big_endian(out, code, 2);
  out += reason;
  return out;
}

}  // namespace wsfault::wire
