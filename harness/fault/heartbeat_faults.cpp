// Faults of pings and of the answers to them: lost, late, or with the wrong payload.
#include "fault/frame_entries.hpp"

namespace wsfault::fault {
namespace {

bool is_control(const Unit& unit, std::uint8_t opcode) {
  return unit.kind == Unit::Kind::control && unit.opcode == opcode;
}
bool is_pong(const Unit& unit) { return is_control(unit, opcode_pong); }

template <std::uint8_t opcode>
class DropControl : public CountedFault<> {
 public:
  using CountedFault::CountedFault;
  Treatment treat(const Unit& unit, const Situation&) override {
    if (!is_control(unit, opcode) || !takes(unit)) return {};
    return {.kind = Treatment::Kind::drop};
  }
};

struct DelayPong {
  Duration delay;
};

class DelayPongFault : public CountedFault<DelayPong> {
 public:
  using CountedFault::CountedFault;
  Treatment treat(const Unit& unit, const Situation&) override {
    if (!is_pong(unit) || !takes(unit)) return {};
    return {.kind = Treatment::Kind::aside, .delay = own_.delay};
  }
};

class WrongPong : public CountedFault<> {
 public:
  using CountedFault::CountedFault;
  Treatment treat(const Unit& unit, const Situation& situation) override {
    if (!is_pong(unit) || !takes(unit)) return {};
    return {.kind = Treatment::Kind::replace,
            .bytes = frame_from(unit.from, opcode_pong, "another question's answer", situation.random)};
  }
};

Entry pong_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  Entry entry = counted_entry(name, does, imitates);
  entry.awaits = "a pong, the answer to a ping";
  return entry;
}

}  // namespace

namespace entries {

Entry drop_ping() {
  Entry entry = counted_entry("drop_ping", "Pings are lost, so that no pong answers them.",
                              "A proxy that takes a ping for its own and forgets it, a server library that loses "
                              "control frames among fragments.");
  entry.awaits = "a ping";
  return class_entry<DropControl<opcode_ping>>(std::move(entry));
}

Entry drop_pong() {
  return class_entry<DropControl<opcode_pong>>(
      pong_entry("drop_pong", "Pongs are lost.", "A server that does not answer pings, a proxy that eats them."));
}

Entry delay_pong() {
  Entry entry = pong_entry(
      "delay_pong",
      "Pongs are held for a time. What follows in their direction overtakes them, but for later pongs that "
      "are "
      "held as long, and a Close or the end of TCP: before these they go at once.",
      "A server whose loop is busy when the ping comes, while other threads send; a process short of time.");
  entry.faithful = "A path that is late holds up everything behind the pong as well: that is `latency`.";
  return class_entry<DelayPongFault>(
      std::move(entry),
      {{&DelayPong::delay, {.name = "delay", .above_zero = true, .doc = "how long each of them is held"}}});
}

Entry wrong_pong() {
  return class_entry<WrongPong>(pong_entry(
      "wrong_pong", "Pongs carry other bytes than their pings: they answer none (RFC 6455 5.5.3).",
      "A peer, or a proxy that answers in its place, which does not read what it was "
      "asked."));
}

}  // namespace entries
}  // namespace wsfault::fault
