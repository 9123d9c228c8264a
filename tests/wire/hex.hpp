// Bytes written as the RFCs print them: "81 05 48 65 6c 6c 6f".
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace wsfault::wire::test {

/// Two hexadecimal digits per byte, blanks between them ignored. An invalid literal throws: the test is
/// wrong.
inline std::string hex(std::string_view digits) {
  std::string out;
  int high = -1;
  for (const char digit : digits) {
    if (digit == ' ') continue;
    const std::size_t value = std::string_view("0123456789abcdef").find(digit);
    if (value == std::string_view::npos) throw std::invalid_argument("not a hexadecimal digit");
    if (high < 0) {
      high = static_cast<int>(value);
      continue;
    }
    out += static_cast<char>(high * 16 + static_cast<int>(value));
    high = -1;
  }
  if (high >= 0) throw std::invalid_argument("half a byte");
  return out;
}

}  // namespace wsfault::wire::test
