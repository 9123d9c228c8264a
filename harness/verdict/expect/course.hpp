// How a party came back: its attempts to connect, and when each ended.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "verdict/expect/question.hpp"

namespace wsfault::verdict {

/// An attempt to connect, also one that was refused and of which only a report tells.
struct Try {
  std::int64_t start = 0;
  std::optional<std::int64_t> end;  ///< as the party saw it
  int number = 0;                   ///< 0: refused
};

struct Course {
  std::vector<Try> tries;
  std::size_t first_further = 0;  ///< index into tries; the size: none
  bool hidden = false;            ///< nobody listened, and no report tells of the attempts meanwhile
  std::optional<std::int64_t> look_again;
  std::vector<std::int64_t> opened;  ///< further connections that opened

  std::vector<Try> further() const {
    return {tries.begin() + static_cast<std::ptrdiff_t>(first_further), tries.end()};
  }
};

Course course_of(const Question& question);

}  // namespace wsfault::verdict
