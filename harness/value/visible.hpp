// Which Unicode characters are visible.
#pragma once

namespace wsfault {

/// Invisible, or changes text direction, ends a line, is a control character beyond ASCII (U+009B begins an
/// escape sequence), or is not allowed in XML. ASCII's own control characters are not included, except DEL.
constexpr bool is_hidden(char32_t code) {
  return (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x061C ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) ||
         (code & 0xFFFE) == 0xFFFE;
}

}  // namespace wsfault
