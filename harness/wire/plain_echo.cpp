#include "wire/plain_echo.hpp"

#include "wire/frame.hpp"
#include "wire/utf8.hpp"

namespace wsfault::wire {
namespace {

bool is_plain(const FrameHeader& header) {
  const auto opcode = static_cast<Opcode>(header.opcode);
  return header.fin && header.rsv == 0 && (opcode == Opcode::text || opcode == Opcode::binary) &&
         header.masking_key.has_value() && has_minimal_length(header);
}

}  // namespace

PlainEcho echo_plain(std::string_view bytes) {
  PlainEcho echo;
  echo.frames.reserve(bytes.size());
  while (true) {
    const std::string_view rest = bytes.substr(echo.size);
    if (rest.size() < 2 || rest.size() < frame_header_size(rest[1])) return echo;
    const FrameHeader header = decode_frame_header(rest.data());
    if (!is_plain(header) || rest.size() - header.size < header.length) return echo;
    const auto length = static_cast<std::size_t>(header.length);
    const std::size_t before = echo.frames.size();
    append_frame(echo.frames, {.opcode = header.opcode, .payload = rest.substr(header.size, length)});
    char* payload = echo.frames.data() + echo.frames.size() - length;
    mask(payload, length, *header.masking_key);
    if (header.opcode == static_cast<std::uint8_t>(Opcode::text) && !is_utf8({payload, length})) {
      echo.frames.resize(before);
      return echo;
    }
    echo.size += header.size + length;
  }
}

}  // namespace wsfault::wire
