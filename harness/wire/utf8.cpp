// The UTF-8 check: the byte ranges of RFC 3629 section 4, kept as the bounds of the next byte.
#include "wire/utf8.hpp"

#include <cstring>

namespace wsfault::wire {
namespace {

/// What the first byte of a character requires of the following bytes.
struct Lead {
  int pending;  ///< continuation bytes; -1: no character begins with this byte
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
};

/// The narrowed bounds exclude overlong forms (E0, F0), surrogates (ED) and everything above U+10FFFF (F4).
Lead classify(std::uint8_t byte) {
  if (byte < 0x80) return {0};
  if (byte < 0xC2) return {-1};
  if (byte < 0xE0) return {1};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte < 0xF0) return {2};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte < 0xF4) return {3};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {-1};
}

/// How many bytes at the front are certainly ASCII, found eight at a time.
std::size_t ascii_prefix(std::string_view bytes) {
  std::size_t size = 0;
  for (std::uint64_t word = 0; bytes.size() - size >= sizeof(word); size += sizeof(word)) {
    std::memcpy(&word, bytes.data() + size, sizeof(word));
    if ((word & 0x8080808080808080U) != 0) break;
  }
  return size;
}

}  // namespace

bool Utf8Check::feed(std::string_view bytes) {
  while (valid_ && !bytes.empty()) {
    if (pending_ == 0) {
      bytes.remove_prefix(ascii_prefix(bytes));
      if (bytes.empty()) break;
    }
    const auto byte = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    if (pending_ > 0) {
      valid_ = byte >= low_ && byte <= high_;
      low_ = 0x80;
      high_ = 0xBF;
      --pending_;
      continue;
    }
    const Lead lead = classify(byte);
    valid_ = lead.pending >= 0;
    pending_ = lead.pending;
    low_ = lead.low;
    high_ = lead.high;
  }
  return valid_;
}

bool is_utf8(std::string_view text) {
  Utf8Check check;
  check.feed(text);
  return check.complete();
}

}  // namespace wsfault::wire
