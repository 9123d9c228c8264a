#include "wire/head_scan.hpp"

namespace wsfault::wire {
namespace {

constexpr std::string_view version_prefix = "HTTP/1.";

bool is_method_character(char character) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
         (character >= 'a' && character <= 'z') || marks.find(character) != std::string_view::npos;
}

bool is_target_character(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte > 0x20 && byte != 0x7F;
}

}  // namespace

void HeadScan::look_at_first_line(char character) {
  if (part_ == Part::version) {
    if (character != version_prefix[in_part_]) {
      part_ = Part::none;
    } else if (++in_part_ == version_prefix.size()) {
      part_ = Part::past;
    }
    return;
  }
  const bool belongs =
      part_ == Part::method ? is_method_character(character) : is_target_character(character);
  if (belongs) {
    ++in_part_;
  } else if (in_part_ == 0 || character != ' ') {
    part_ = Part::none;
  } else {
    part_ = part_ == Part::method ? Part::target : Part::version;
    in_part_ = 0;
  }
}

std::size_t HeadScan::take(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char character = bytes[i];
    if (part_ != Part::past && part_ != Part::none) look_at_first_line(character);
    const bool is_lf = character == '\n';
    lf_line_ = lf_line_ || (is_lf && after_lf_);
    after_lf_ = is_lf;
    matched_ = character == end_of_head[matched_] ? static_cast<std::uint8_t>(matched_ + 1)
               : character == '\r'                ? 1
                                                  : 0;
    if (is_whole()) return i + 1;
  }
  return bytes.size();
}

}  // namespace wsfault::wire
