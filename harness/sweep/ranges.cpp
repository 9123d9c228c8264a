#include "sweep/ranges.hpp"

namespace wsfault::sweep {

std::vector<Range> ranges_of(std::span<const Seen> points) {
  std::vector<Range> ranges;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i > 0 && points[i] == points[i - 1]) {
      ranges.back().last = i;
    } else {
      ranges.push_back({i, i});
    }
  }
  return ranges;
}

}  // namespace wsfault::sweep
