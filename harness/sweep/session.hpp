// What a recorded session consists of: the heads and frames of each direction, with the bytes at which they
// begin and end, and the moments that came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fault/moment.hpp"
#include "record/event.hpp"

namespace wsfault::sweep {

using wire::Side;

/// A head, or a frame.
struct Part {
  std::string name;               ///< "the request's head", "frame 3 (text, 9 bytes)"
  std::uint64_t begin = 0;        ///< bytes of the direction before it
  std::uint64_t payload = 0;      ///< of a frame: where its payload begins; of a head: its end
  std::uint64_t end = 0;          ///< bytes up to its last one
  std::uint64_t first_frame = 0;  ///< of a message that begins with it: its ordinal; else 0
  bool is_frame = false;
};

/// One direction.
struct Stream {
  std::vector<Part> parts;  ///< in order, without gaps
  std::uint64_t bytes() const { return parts.empty() ? 0 : parts.back().end; }
};

struct Session {
  Stream from_client;
  Stream from_server;
  std::vector<fault::Moment> moments;  ///< each once, in the order in which they came

  const Stream& from(Side side) const { return side == Side::client ? from_client : from_server; }
};

/// The session on one connection of a link, as the senders put it on the wire. `party`: whose, where several
/// connect there; none: that of whoever came first. A head is counted as it is
/// written by wire::serialize(): one whose fields are separated in another way has a few bytes more or less.
Session read_session(const record::Events& events, const std::string& link, int connection,
                     std::optional<std::string> party = {});

/// "in the header of frame 3 (text, 9 bytes)", "after the request's head": where a stream stands after so
/// many bytes. Empty beyond its end.
std::string place_of(const Stream& stream, std::uint64_t bytes);

}  // namespace wsfault::sweep
