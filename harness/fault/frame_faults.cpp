// Faults of single frames: illegal, or cut short.
#include <algorithm>

#include "fault/frame_entries.hpp"

namespace wsfault::fault {
namespace {

ConnectionActions bad_mask(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  // Written as the other side would: masked where it must not be, unmasked where it must be.
  return {Inject{to, frame_from(to, opcode_text, "wrongly masked", situation.random)}};
}

struct ReservedOpcode {
  std::uint8_t opcode;
};

ConnectionActions reserved_opcode(const FaultSpec& spec, const ReservedOpcode& own,
                                  const Situation& situation) {
  const Side to = target(spec, situation);
  const Boundary boundary = wire::is_control(own.opcode) ? Boundary::frame : Boundary::message;
  return {Inject{to, frame_from(wire::opposite(to), own.opcode, "reserved", situation.random), boundary}};
}

ConnectionActions bad_utf8(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  return {Inject{to, frame_from(wire::opposite(to), opcode_text, "caf\xC3 \xFF", situation.random)}};
}

struct TruncateFrame {
  std::uint32_t at_byte;
};

class TruncateFrameFault : public CountedFault<TruncateFrame> {
 public:
  using CountedFault::CountedFault;
  bool wants_messages() const override { return true; }
  Treatment treat(const Unit& unit, const Situation&) override {
    const bool whole = unit.kind == Unit::Kind::message || unit.kind == Unit::Kind::control;
    if (!whole || !takes(unit)) return {};
    const auto size = std::min<std::size_t>(own_.at_byte, unit.bytes.size() - 1);
    return {.kind = Treatment::Kind::replace,
            .bytes = std::string(unit.bytes.substr(0, size)),
            .then = end_both(spec_.end)};
  }
};

}  // namespace

namespace entries {

Entry truncate_frame() {
  Entry entry = frame_entry("truncate_frame", "The connection ends inside the next frame.",
                            "A server that crashes, or is killed, while it writes.");
  entry.ends = {"fin", "reset"};
  return class_entry<TruncateFrameFault>(
      std::move(entry), {{&TruncateFrame::at_byte,
                          {.name = "at_byte",
                           .fallback = "3",
                           .low = 1,
                           .high = 1 << 30,
                           .doc = "how many of the frame's bytes arrive; always less than all of them"}}});
}

Entry bad_mask() {
  return firing_entry(
      illegal_entry("bad_mask", "A frame masked from a server, or unmasked from a client (RFC 6455 5.1)."),
      fault::bad_mask);
}

Entry reserved_opcode() {
  return firing_entry(illegal_entry("reserved_opcode", "A frame with a reserved opcode (RFC 6455 5.2)."),
                      fault::reserved_opcode,
                      {{&ReservedOpcode::opcode,
                        {.name = "opcode",
                         .fallback = "3",
                         .low = 3,
                         .high = 15,
                         .names = {"3", "4", "5", "6", "7", "11", "12", "13", "14", "15"},
                         .doc = "which of the reserved opcodes"}}});
}

Entry bad_utf8() {
  return firing_entry(illegal_entry("bad_utf8", "A text message that is not UTF-8 (RFC 6455 8.1)."),
                      fault::bad_utf8);
}

}  // namespace entries
}  // namespace wsfault::fault
