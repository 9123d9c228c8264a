// Numbers in sentences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "value/bound.hpp"
#include "value/units.hpp"

namespace wsfault {

/// "1st", "2nd", "3rd", "11th", "21st".
std::string ordinal(std::uint64_t number);

/// "1 case", "2 cases", "0 cases".
std::string counted(std::uint64_t number, std::string_view noun);
/// "<=2 bytes", "1 byte".
std::string counted(const Bound<std::int64_t>& bound, std::string_view noun);
/// The same for a noun with an irregular plural: "1 try", "2 tries".
std::string counted(std::uint64_t number, std::string_view noun, std::string_view plural);

/// A measured time, rounded to milliseconds: "5ms", "1.204s", "less than 1ms". Its sign is ignored: the
/// sentence around it states which event came first.
std::string measured(Duration duration);

/// "after 1.2s", or "at once" for what came less than a millisecond later, or before it.
std::string after(Duration duration);

/// At most so many bytes of it, whole characters, and "…" in place of what is left out.
std::string shortened(std::string_view text, std::size_t longest);

/// "a", "a or b", "a, b or c".
std::string listed(const std::vector<std::string>& words, std::string_view conjunction);

}  // namespace wsfault
