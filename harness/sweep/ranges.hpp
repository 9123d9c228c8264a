// What the points came to, grouped: neighbours that came to the same are one range.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "verdict/finding.hpp"

namespace wsfault::sweep {

/// What one point came to.
struct Seen {
  verdict::Outcome outcome = verdict::Outcome::passed;
  std::string end;    ///< how the connection ended for who is judged: "1006", "handshake failure", "hangs"
  std::string cause;  ///< of the first finding that decided it, one sentence; may be empty
  bool operator==(const Seen&) const = default;
};

/// Points that follow each other, as indices: `last` is part of it.
struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t points() const { return last - first + 1; }
};

std::vector<Range> ranges_of(std::span<const Seen> points);

}  // namespace wsfault::sweep
