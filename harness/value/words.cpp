// Ordinals and plurals.
#include "value/words.hpp"

#include <fmt/format.h>

namespace wsfault {
namespace {

constexpr Duration least = std::chrono::milliseconds(1);

}  // namespace

std::string ordinal(std::uint64_t number) {
  const std::uint64_t last = number % 10;
  const bool is_teen = number / 10 % 10 == 1;
  const char* ending = is_teen || last == 0 || last > 3 ? "th" : last == 1 ? "st" : last == 2 ? "nd" : "rd";
  return fmt::format("{}{}", number, ending);
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string counted(const Bound<std::int64_t>& bound, std::string_view noun) {
  const bool is_one = bound.low == 1 && bound.high == 1;
  return fmt::format("{} {}{}", to_string(bound), noun, is_one ? "" : "s");
}

std::string counted(std::uint64_t number, std::string_view noun, std::string_view plural) {
  return fmt::format("{} {}", number, number == 1 ? noun : plural);
}

std::string measured(Duration duration) {
  const Duration size = duration < Duration(0) ? -duration : duration;
  if (size < least) return "less than 1ms";
  return format_duration(std::chrono::round<std::chrono::milliseconds>(size));
}

std::string after(Duration duration) { return duration < least ? "at once" : "after " + measured(duration); }

std::string shortened(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return std::string(text);
  const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80; };
  while (longest > 0 && continues(longest)) --longest;
  return std::string(text.substr(0, longest)) + "…";
}

std::string listed(const std::vector<std::string>& words, std::string_view conjunction) {
  if (words.size() < 2) return words.empty() ? std::string() : words.front();
  const auto last = words.end() - 1;
  return fmt::format("{} {} {}", fmt::join(words.begin(), last, ", "), conjunction, *last);
}

}  // namespace wsfault
