// Joins what a link saw on its two sides: data that passed unchanged is one entry; lost and invented data are
// separate.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "record/event.hpp"

namespace wsfault::report {

/// A frame, a head, other bytes, the beginning or the end of a TCP stream on its way through a link. Indexes
/// are into the log; `none` if there is no such event.
struct Crossing {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t sent = none;     ///< as its sender put it on the wire; none: the link made it
  std::size_t arrived = none;  ///< as it reached the other side; none: it did not
  std::size_t message = none;  ///< the message that this frame completed
  bool repeats(std::size_t index) const { return index != first(); }
  std::size_t first() const { return sent != none ? sent : arrived; }
};

/// For all events of the log, in the order of their first(). Events that are not crossings are left out.
std::vector<Crossing> crossings(const record::Events& events);

/// The party on the server side of a link: "upstream" behind the system under test, else the system under
/// test.
std::string server_party(const record::Where& where);

/// The party on `side` of the link.
std::string party_at(const record::Where& where, record::Side side);

}  // namespace wsfault::report
