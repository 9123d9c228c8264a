// The frame encoder: writes what the caller asks for, whether RFC 6455 allows it or not.
#include "wire/frame.hpp"

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
