// Legal frames, but far too many or too large: generated as they are written, so that they need no memory.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "fault/frame_entries.hpp"
#include "value/units.hpp"

namespace wsfault::fault {
namespace {

struct ExtraMessage {
  std::string payload;
};
struct GiantMessage {
  std::size_t size;
};
struct ManyFragments {
  std::int64_t count;
  std::size_t size;
};
struct ControlFrames {
  std::int64_t count;
};

/// A multiple of the masking key's four bytes, so that every whole piece of a payload is masked the same way.
constexpr std::size_t piece_size = 64 * 1024;

/// One text frame of any size, all of it 'x'.
class GiantFrame {
 public:
  GiantFrame(Side sender, std::uint64_t size, std::mt19937_64& random) : left_(size) {
    const std::string block(std::min<std::uint64_t>(size, piece_size), 'x');
    std::string frame =
        frame_from(sender, {.opcode = opcode_text, .declared_length = size, .payload = block}, random);
    header_ = frame.substr(0, frame.size() - block.size());
    block_ = frame.substr(header_.size());
  }
  std::string operator()() {
    if (!header_.empty()) return std::exchange(header_, {});
    const std::size_t size = std::min<std::uint64_t>(left_, block_.size());
    left_ -= size;
    return block_.substr(0, size);
  }

 private:
  std::uint64_t left_;
  std::string header_;
  std::string block_;
};

/// The same frame many times, between a first and a last one (which may be empty).
class Repeated {
 public:
  Repeated(std::string first, std::string frame, std::int64_t count, std::string last)
      : first_(std::move(first)), frame_(std::move(frame)), left_(count), last_(std::move(last)) {}
  std::string operator()() {
    std::string piece = std::exchange(first_, {});
    for (; left_ > 0 && piece.size() < piece_size; --left_) piece += frame_;
    if (left_ == 0) piece += std::exchange(last_, {});
    return piece;
  }

 private:
  std::string first_;
  std::string frame_;
  std::int64_t left_;
  std::string last_;
};

ConnectionActions extra_message(const FaultSpec& spec, const ExtraMessage& own, const Situation& situation) {
  const Side to = target(spec, situation);
  return {Inject{to, frame_from(wire::opposite(to), opcode_text, own.payload, situation.random)}};
}

ConnectionActions giant_message(const FaultSpec& spec, const GiantMessage& own, const Situation& situation) {
  const Side to = target(spec, situation);
  return {InjectStream{to, fmt::format("a message of {}", format_size(own.size)),
                       GiantFrame(wire::opposite(to), own.size, situation.random)}};
}

ConnectionActions many_fragments(const FaultSpec& spec, const ManyFragments& own,
                                 const Situation& situation) {
  const Side to = target(spec, situation);
  const std::string payload(own.size, 'x');
  const auto fragment = [&](std::uint8_t opcode, bool fin) {
    return frame_from(wire::opposite(to), {.fin = fin, .opcode = opcode, .payload = payload},
                      situation.random);
  };
  return {InjectStream{to, fmt::format("a message in {} fragments", own.count),
                       Repeated(fragment(opcode_text, false), fragment(opcode_continuation, false),
                                own.count - 2, fragment(opcode_continuation, true))}};
}

ConnectionActions control_frames(const FaultSpec& spec, std::int64_t count, const Situation& situation,
                                 std::uint8_t opcode, std::string_view payload, std::string_view what) {
  const Side to = target(spec, situation);
  return {
      InjectStream{to, fmt::format("{} {}", count, what),
                   Repeated({}, frame_from(wire::opposite(to), opcode, payload, situation.random), count, {}),
                   Boundary::frame}};
}

ConnectionActions ping_flood(const FaultSpec& spec, const ControlFrames& own, const Situation& situation) {
  return control_frames(spec, own.count, situation, opcode_ping, "flood", "pings");
}

ConnectionActions unsolicited_pong(const FaultSpec& spec, const ControlFrames& own,
                                   const Situation& situation) {
  return control_frames(spec, own.count, situation, opcode_pong, "unasked", "pongs that nobody asked for");
}

Attribute count(std::string_view fallback, double low, std::string_view doc) {
  return {.name = "count", .fallback = fallback, .low = low, .high = 10'000'000, .doc = doc};
}

}  // namespace

namespace entries {

Entry extra_message() {
  return firing_entry(
      frame_entry("extra_message", "A text message that the other side did not send.",
                  "A broker that delivers another's message, a proxy that says something of its own."),
      fault::extra_message,
      {{&ExtraMessage::payload, {.name = "payload", .fallback = "an extra message", .doc = "its text"}}});
}

Entry giant_message() {
  return firing_entry(
      frame_entry("giant_message", "A text message of `size` in one frame.",
                  "A snapshot that grew, a hostile peer that wants the memory."),
      fault::giant_message,
      {{&GiantMessage::size,
        {.name = "size", .fallback = "64MiB", .low = 1, .high = 1 << 30, .doc = "of its payload"}}});
}

Entry many_fragments() {
  return firing_entry(frame_entry("many_fragments", "A text message in `count` fragments of `size`.",
                                  "A peer that streams, a hostile one that wants the processor's time."),
                      fault::many_fragments,
                      {{&ManyFragments::count, count("10000", 2, "how many fragments")},
                       {&ManyFragments::size,
                        {.name = "size",
                         .fallback = "1B",
                         .low = 0,
                         .high = 64 * 1024,
                         .doc = "of each fragment's payload"}}});
}

Entry ping_flood() {
  return firing_entry(frame_entry("ping_flood", "So many pings at once.",
                                  "A heartbeat that was held back and comes together, a hostile peer."),
                      fault::ping_flood, {{&ControlFrames::count, count("1000", 1, "how many pings")}});
}

Entry unsolicited_pong() {
  return firing_entry(frame_entry("unsolicited_pong", "Pongs that nobody asked for: legal (RFC 6455 5.5.3).",
                                  "A one-way heartbeat."),
                      fault::unsolicited_pong, {{&ControlFrames::count, count("1", 1, "how many pongs")}});
}

}  // namespace entries
}  // namespace wsfault::fault
