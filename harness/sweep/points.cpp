#include "sweep/points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "wire/field.hpp"

namespace wsfault::sweep {
namespace {

using fault::Moment;
using Numbers = std::set<std::uint64_t>;

constexpr auto names = std::to_array<std::pair<Over, std::string_view>>({{Over::bytes, "bytes"},
                                                                         {Over::frames, "frames"},
                                                                         {Over::messages, "messages"},
                                                                         {Over::moments, "moments"}});

Moment::Kind kind_of(Over over) {
  switch (over) {
    case Over::bytes:
      return Moment::Kind::byte;
    case Over::frames:
      return Moment::Kind::frame;
    case Over::messages:
    case Over::moments:
      return Moment::Kind::message;
  }
  return Moment::Kind::byte;
}

bool goes(fault::Direction direction, Side from) {
  if (direction == fault::Direction::both) return true;
  return (direction == fault::Direction::to_client) == (from == Side::server);
}

std::uint64_t size_of(const Stream& stream, Over over) {
  if (over == Over::bytes) return stream.bytes();
  return static_cast<std::uint64_t>(std::ranges::count_if(stream.parts, [over](const Part& part) {
    return over == Over::frames ? part.is_frame : part.first_frame != 0;
  }));
}

/// The points that are always run.
Numbers needed(const Stream& stream, Over over) {
  const std::uint64_t size = size_of(stream, over);
  if (size == 0) return {};
  Numbers numbers{1, size};
  for (const Part& part : stream.parts) {
    if (over != Over::bytes) continue;
    numbers.insert({part.payload, part.end});
    // Where something misses only its last byte a reader is most likely to be wrong.
    for (const std::uint64_t end : {part.payload, part.end}) {
      if (end > part.begin + 1) numbers.insert(end - 1);
    }
  }
  return numbers;
}

/// So many further ones, spread evenly over 1 to `size`.
void add_evenly(Numbers& numbers, std::uint64_t size, std::uint64_t more) {
  for (std::uint64_t i = 0; i < more; ++i) numbers.insert(1 + (2 * i + 1) * size / (2 * more));
}

Point point_of(const Stream& stream, Over over, Side from, std::uint64_t number) {
  Point point;
  point.moment.kind = kind_of(over);
  point.moment.number = number;
  point.moment.from = from;
  if (over == Over::bytes) point.place = place_of(stream, number);
  return point;
}

/// The moments of a session, at most so many.
Lane lane_of_moments(const Session& session, fault::Direction direction, std::size_t most) {
  Lane lane{.over = Over::moments};
  std::vector<Moment> all;
  for (const Moment& moment : session.moments) {
    if (!moment.from || goes(direction, *moment.from)) all.push_back(moment);
  }
  lane.size = all.size();
  const std::size_t count = std::min(most, all.size());
  for (std::size_t i = 0; i < count; ++i)
    lane.points.push_back({all[count == 1 ? 0 : i * (all.size() - 1) / (count - 1)], {}});
  return lane;
}

}  // namespace

std::optional<Over> parse_over(std::string_view text) {
  const auto found = std::ranges::find(names, text, &std::pair<Over, std::string_view>::second);
  return found == names.end() ? std::nullopt : std::optional(found->first);
}

std::string_view to_string(Over over) {
  return std::ranges::find(names, over, &std::pair<Over, std::string_view>::first)->second;
}

std::vector<Lane> plan_points(const Session& session, Over over, fault::Direction direction,
                              std::size_t most) {
  std::vector<Lane> lanes;
  if (over == Over::moments) {
    lanes.push_back(lane_of_moments(session, direction, most));
    if (lanes.back().points.empty()) lanes.clear();
    return lanes;
  }
  std::uint64_t all = 0;
  std::uint64_t must = 0;
  for (const Side from : {Side::server, Side::client}) {
    if (!goes(direction, from)) continue;
    all += size_of(session.from(from), over);
    must += needed(session.from(from), over).size();
  }
  for (const Side from : {Side::server, Side::client}) {
    const Stream& stream = session.from(from);
    const std::uint64_t size = size_of(stream, over);
    if (!goes(direction, from) || size == 0) continue;
    Numbers numbers = needed(stream, over);
    if (all <= most) add_evenly(numbers, size, size);
    if (all > most && must < most) add_evenly(numbers, size, (most - must) * size / all);
    Lane lane{.over = over, .from = from, .size = size};
    for (const std::uint64_t number : numbers) lane.points.push_back(point_of(stream, over, from, number));
    lanes.push_back(std::move(lane));
  }
  return lanes;
}

std::string to_string(const Point& point) {
  Moment moment = point.moment;
  const auto from = std::exchange(moment.from, std::nullopt);
  return fault::to_string(moment) +
         (from ? fmt::format(" to {}", wire::to_string(wire::opposite(*from))) : "");
}

Result<Point> parse_point(std::string_view text) {
  std::string_view rest = wire::trim(text);
  std::optional<Side> from;
  for (const Side side : {Side::client, Side::server}) {
    for (const char* between : {" to ", " to-"}) {
      const std::string end = between + std::string(wire::to_string(wire::opposite(side)));
      if (!rest.ends_with(end)) continue;
      rest.remove_suffix(end.size());
      from = side;
    }
  }
  auto moment = fault::parse_moment(rest);
  if (!moment) return Error{moment.error()};
  moment->from = from;
  return Point{*std::move(moment), {}};
}

}  // namespace wsfault::sweep
