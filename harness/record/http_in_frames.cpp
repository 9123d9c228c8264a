#include "record/http_in_frames.hpp"

#include <string_view>

namespace wsfault::record {

std::optional<std::string> status_line_in(const FrameSeen& frame) {
  constexpr std::uint8_t close = 8;
  constexpr std::uint8_t rsv1 = 4;
  constexpr int code = 'T' << 8 | 'P';
  const std::string_view text = frame.text;
  const bool is_header =
      !frame.fin && frame.rsv == rsv1 && frame.opcode == close && !frame.masked && frame.length == 'T';
  if (!is_header || frame.code != code || !text.starts_with("/1.")) return std::nullopt;
  return "HTTP" + std::string(text.substr(0, text.find_first_of("\r\n")));
}

}  // namespace wsfault::record
