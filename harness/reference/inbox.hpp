// Reads whole messages and control frames out of the bytes of one direction, or reports what is wrong with
// them.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/frame.hpp"
#include "wire/observer.hpp"
#include "wire/side.hpp"

namespace wsfault::reference {

inline constexpr std::size_t largest_message = 16 * 1024 * 1024;
/// How much is read from a socket at a time.
inline constexpr std::size_t read_size = 16 * 1024;

/// What a defective program accepts; a conforming one accepts no violation.
struct Tolerance {
  bool bad_frames = false;           ///< illegal frames, except those of a Close
  bool illegal_close_codes = false;  ///< a Close with a code that may not be on the wire
  bool bad_close_bodies = false;     ///< a Close with half a code, or a reason that is not UTF-8
  bool cut_frames = false;           ///< a frame that is incomplete at the end of a read is dropped
  std::bitset<wire::violation_count> kinds = {};  ///< further kinds of violation, one bit each

  void add(wire::Violation violation) { kinds.set(static_cast<std::size_t>(violation)); }
};

/// How data is handed over.
enum class Pieces : std::uint8_t {
  messages,
  frames,  ///< each data frame separately, as a relay passes them on
};

/// One complete message or control frame, or an error.
struct Incoming {
  enum class Kind : std::uint8_t { text, binary, ping, pong, close, violation, too_big };
  Kind kind = Kind::text;
  std::string payload;                       ///< of a close: the reason
  std::optional<std::uint16_t> close_code;   ///< none for an empty Close
  std::optional<wire::Violation> violation;  ///< of `violation`
  wire::FrameHeader header;                  ///< of a data frame handed over separately
};

class Inbox {
 public:
  /// `max_message` in bytes; none: no limit.
  explicit Inbox(wire::Side sender, Tolerance tolerance = {}, Pieces pieces = Pieces::messages,
                 std::optional<std::uint64_t> max_message = largest_message)
      : observer_(sender), tolerance_(tolerance), pieces_(pieces), max_message_(max_message) {}

  /// Everything that is complete with these bytes. Nothing follows a close, violation or too_big: bytes after
  /// it are not read.
  std::vector<Incoming> take(std::string_view bytes);
  /// No frame has begun without ending.
  bool at_frame_boundary() const { return observer_.at_frame_boundary(); }
  /// The next byte is the second of a 16-bit length (RFC 6455 5.2), in a header without a mask.
  bool is_inside_length() const;

 private:
  void forget();
  std::optional<Incoming> refusal() const;
  bool is_tolerated(wire::Violation violation) const;
  bool grows_too_big() const;
  void keep(std::string_view wire_bytes);
  std::optional<Incoming> whole();
  Incoming whole_message();

  wire::FrameObserver observer_;
  Tolerance tolerance_;
  Pieces pieces_;
  std::optional<std::uint64_t> max_message_;
  bool done_ = false;
  std::uint8_t message_opcode_ = 0;
  std::string message_;
};

}  // namespace wsfault::reference
