// Faults of single frames and messages: illegal, cut short, lost or doubled.
#include <algorithm>

#include "fault/catalogue.hpp"
#include "fault/fault.hpp"
#include "wire/frame.hpp"

namespace wsfault::fault {
namespace {

constexpr std::uint8_t opcode_pong = 10;

Actions bad_mask(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  // Written as the other side would: masked where none may be, unmasked where one must.
  return {Inject{to, frame_from(to, 1, "wrongly masked", situation.random)}};
}

Actions reserved_opcode(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  const auto opcode = static_cast<std::uint8_t>(spec.integer("opcode"));
  const Boundary boundary = wire::is_control(opcode) ? Boundary::frame : Boundary::message;
  return {Inject{to, frame_from(wire::opposite(to), opcode, "reserved", situation.random), boundary}};
}

Actions bad_utf8(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  return {Inject{to, frame_from(wire::opposite(to), 1, "caf\xC3 \xFF", situation.random)}};
}

/// Counts down the things that a fault changes one by one.
class CountedFault : public Fault {
 public:
  explicit CountedFault(FaultSpec spec) : spec_(std::move(spec)), left_(spec_.count) {}
  Actions fire(const Situation&) override { return {}; }

 protected:
  bool takes(const Unit& unit) {
    if (!covers(spec_.direction, unit.from)) return false;
    if (!left_) return true;
    if (*left_ == 0) return false;
    --*left_;
    return true;
  }
  FaultSpec spec_;

 private:
  std::optional<std::int64_t> left_;
};

class DropPong : public CountedFault {
 public:
  using CountedFault::CountedFault;
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::control || unit.opcode != opcode_pong || !takes(unit)) return {};
    return {.kind = Treatment::Kind::drop, .bytes = {}, .delay = {}, .then = {}};
  }
};

class DropMessage : public CountedFault {
 public:
  using CountedFault::CountedFault;
  bool wants_messages() const override { return true; }
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::message || !takes(unit)) return {};
    return {.kind = Treatment::Kind::drop, .bytes = {}, .delay = {}, .then = {}};
  }
};

class DuplicateMessage : public CountedFault {
 public:
  using CountedFault::CountedFault;
  bool wants_messages() const override { return true; }
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::message || !takes(unit)) return {};
    return {.kind = Treatment::Kind::replace,
            .bytes = std::string(unit.bytes) + std::string(unit.bytes),
            .delay = {},
            .then = {}};
  }
};

class TruncateFrame : public CountedFault {
 public:
  using CountedFault::CountedFault;
  bool wants_messages() const override { return true; }
  Treatment treat(const Unit& unit, const Situation&) override {
    const bool whole = unit.kind == Unit::Kind::message || unit.kind == Unit::Kind::control;
    if (!whole || !takes(unit)) return {};
    const auto size =
        std::min<std::size_t>(static_cast<std::size_t>(spec_.integer("at_byte")), unit.bytes.size() - 1);
    return {.kind = Treatment::Kind::replace,
            .bytes = std::string(unit.bytes.substr(0, size)),
            .delay = {},
            .then = end_both(spec_.end)};
  }
};

Entry frame_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  return {.name = name, .layer = "websocket", .does = does, .imitates = imitates, .direction = "to-sut"};
}

Entry illegal_entry(std::string_view name, std::string_view does) {
  Entry entry = frame_entry(name, does, "A broken or hostile peer, a proxy that garbles bytes.");
  entry.illegal = true;
  return entry;
}

Entry counted_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  Entry entry = frame_entry(name, does, imitates);
  entry.counts = true;
  entry.heals = true;
  return entry;
}

}  // namespace

namespace entries {

Entry truncate_frame() {
  Entry entry = frame_entry("truncate_frame", "The connection ends inside the next frame.",
                            "A server that crashes, or is killed, while it writes.");
  entry.attributes = {{.name = "at_byte",
                       .type = AttributeType::integer,
                       .fallback = "3",
                       .low = 1,
                       .high = 1 << 30,
                       .doc = "how many of the frame's bytes arrive; always less than all of them"}};
  entry.ends = {"fin", "reset"};
  entry.make = make_treating<TruncateFrame>;
  return entry;
}

Entry bad_mask() {
  Entry entry =
      illegal_entry("bad_mask", "A frame masked from a server, or unmasked from a client (RFC 6455 5.1).");
  entry.make = make_firing<fault::bad_mask>;
  return entry;
}

Entry reserved_opcode() {
  Entry entry = illegal_entry("reserved_opcode", "A frame with a reserved opcode (RFC 6455 5.2).");
  entry.attributes = {{.name = "opcode",
                       .type = AttributeType::integer,
                       .fallback = "3",
                       .low = 3,
                       .high = 15,
                       .names = {"3", "4", "5", "6", "7", "11", "12", "13", "14", "15"},
                       .doc = "which of the reserved opcodes"}};
  entry.make = make_firing<fault::reserved_opcode>;
  return entry;
}

Entry bad_utf8() {
  Entry entry = illegal_entry("bad_utf8", "A text message that is not UTF-8 (RFC 6455 8.1).");
  entry.make = make_firing<fault::bad_utf8>;
  return entry;
}

Entry drop_pong() {
  Entry entry = counted_entry("drop_pong", "Pongs are lost.",
                              "A server that does not answer pings, a proxy that eats them.");
  entry.make = make_treating<DropPong>;
  return entry;
}

Entry drop_message() {
  Entry entry =
      counted_entry("drop_message", "Messages are lost whole.", "A server or broker that drops under load.");
  entry.reads_messages = true;
  entry.make = make_treating<DropMessage>;
  return entry;
}

Entry duplicate_message() {
  Entry entry =
      counted_entry("duplicate_message", "Messages arrive twice.", "A broker that delivers at least once.");
  entry.reads_messages = true;
  entry.make = make_treating<DuplicateMessage>;
  return entry;
}

}  // namespace entries
}  // namespace wsfault::fault
