// An incremental UTF-8 check (RFC 3629), as RFC 6455 8.1 requires for text messages and Close reasons.
#pragma once

#include <cstdint>
#include <string_view>

namespace wsfault::wire {

class Utf8Check {
 public:
  /// False as soon as no continuation could make the text valid; it then stays false.
  bool feed(std::string_view bytes);
  /// True if all bytes so far form whole characters.
  bool complete() const { return valid_ && pending_ == 0; }
  void reset() { *this = Utf8Check(); }

 private:
  bool valid_ = true;
  int pending_ = 0;          // continuation bytes still due
  std::uint8_t low_ = 0x80;  // bounds of the next continuation byte
  std::uint8_t high_ = 0xBF;
};

bool is_utf8(std::string_view text);

}  // namespace wsfault::wire
