// How libFuzzer changes a log: half of its changes are to whole lines or to one value, so that it stays a
// log.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The digits after one of a line's colons.
std::string_view some_number(const std::string& line, std::minstd_rand& random) {
  std::vector<std::string_view> numbers;
  for (std::size_t at = line.find(':'); at != std::string::npos; at = line.find(':', at + 1)) {
    const std::size_t begin = at + 1;
    const std::size_t end = line.find_first_not_of("-0123456789", begin);
    if (end != std::string::npos && end > begin) numbers.emplace_back(line.data() + begin, end - begin);
  }
  return numbers.empty() ? std::string_view() : numbers[random() % numbers.size()];
}

std::string other_number(std::string_view digits, std::minstd_rand& random) {
  static constexpr const char* limits[] = {"-1",  "0",          "1",           "2",
                                           "125", "2147483647", "-2147483648", "9223372036854775807"};
  if (random() % 2 == 0) return limits[random() % std::size(limits)];
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return std::to_string(number / 2 + static_cast<std::int64_t>(random() % 5) + number % 2);
}

/// "at" may not decrease: two lines change places, their times do not.
std::string_view time_of(const std::string& line) {
  const std::size_t begin = line.find("\"at\":");
  if (begin == std::string::npos) return {};
  return std::string_view(line).substr(begin, line.find_first_of(",}", begin) - begin);
}

void swap_lines(std::string& one, std::string& other) {
  const std::string early(time_of(one));
  const std::string late(time_of(other));
  if (early.empty() || late.empty()) return;
  one.replace(one.find(early), early.size(), late);
  other.replace(other.find(late), late.size(), early);
  one.swap(other);
}

void change(Lines& lines, std::minstd_rand& random) {
  const std::size_t at = 1 + random() % (lines.size() - 1);
  switch (random() % 5) {
    case 0:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    case 1:
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::string(lines[at]));
      return;
    case 2:
      return swap_lines(lines[at], lines[std::max<std::size_t>(1, at - 1)]);
    default: {
      std::string& line = lines[random() % 8 == 0 ? 0 : at];
      const std::string_view digits = some_number(line, random);
      if (digits.empty()) return;
      line.replace(static_cast<std::size_t>(digits.data() - line.data()), digits.size(),
                   other_number(digits, random));
    }
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned int seed) {
  std::minstd_rand random(seed);
  Lines lines = lines_of({reinterpret_cast<const char*>(data), size});
  if (lines.size() < 3 || random() % 2 == 0) return LLVMFuzzerMutate(data, size, most);
  for (auto times = 1 + random() % 3; times > 0 && lines.size() > 2; --times) change(lines, random);
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  if (text.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::ranges::copy(text, data);
  return text.size();
}
