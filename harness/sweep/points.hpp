// From a recorded session to the points at which a fault is to strike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fault/fault_spec.hpp"
#include "sweep/session.hpp"
#include "value/result.hpp"

namespace wsfault::sweep {

/// What is counted.
enum class Over : std::uint8_t { bytes, frames, messages, moments };
std::optional<Over> parse_over(std::string_view text);
std::string_view to_string(Over over);

struct Point {
  fault::Moment moment;
  std::string place;  ///< "in the header of frame 3 (text, 9 bytes)"; may be empty
};

/// Points that follow each other: those of one direction, or all moments.
struct Lane {
  Over over = Over::bytes;
  std::optional<Side> from;     ///< none: moments
  std::size_t size = 0;         ///< so many points there are
  std::vector<Point> points{};  ///< those to be run, in order
};

/// At most `most` points in all, spread evenly, always with the first and the last byte of each direction and
/// each byte at which a head, a frame's header or a frame ends, and the one before it; if these are more than
/// `most`, only these. Lanes without a point are left out. `direction`: in which the bytes, frames or
/// messages go.
std::vector<Lane> plan_points(const Session& session, Over over, fault::Direction direction,
                              std::size_t most);

/// "byte 131 to client", "open".
std::string to_string(const Point& point);
/// Reads that, also as "byte 131 to-client". Any moment can be a point.
Result<Point> parse_point(std::string_view text);

}  // namespace wsfault::sweep
