// A text split at its ${variables}.
#include "scenario/pieces.hpp"

namespace wsfault::scenario {

Result<Pieces> split_variables(std::string_view text) {
  Pieces pieces;
  while (!text.empty()) {
    const std::size_t begin = text.find("${");
    if (begin != std::string_view::npos && begin > 0 && text[begin - 1] == '$') {
      pieces.push_back({false, std::string(text.substr(0, begin - 1)) + "${"});
      text.remove_prefix(begin + 2);
      continue;
    }
    if (begin != 0) pieces.push_back({false, std::string(text.substr(0, begin))});
    if (begin == std::string_view::npos) break;
    const std::size_t end = text.find('}', begin);
    if (end == std::string_view::npos) return Error{"a \"${\" without its \"}\""};
    pieces.push_back({true, std::string(text.substr(begin + 2, end - begin - 2))});
    text.remove_prefix(end + 1);
  }
  return pieces;
}

}  // namespace wsfault::scenario
