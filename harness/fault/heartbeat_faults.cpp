// Faults of the answers to pings: lost, or with the wrong payload.
#include "fault/frame_entries.hpp"

namespace wsfault::fault {
namespace {

bool is_pong(const Unit& unit) { return unit.kind == Unit::Kind::control && unit.opcode == opcode_pong; }

class DropPong : public CountedFault<> {
 public:
  using CountedFault::CountedFault;
  Treatment treat(const Unit& unit, const Situation&) override {
    if (!is_pong(unit) || !takes(unit)) return {};
    return {.kind = Treatment::Kind::drop};
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

}  // namespace

namespace entries {

Entry drop_pong() {
  return class_entry<DropPong>(counted_entry("drop_pong", "Pongs are lost.",
                                             "A server that does not answer pings, a proxy that eats them."));
}

Entry wrong_pong() {
  return class_entry<WrongPong>(counted_entry(
      "wrong_pong", "Pongs carry other bytes than their pings: they answer none (RFC 6455 5.5.3).",
      "A peer, or a proxy that answers in its place, which does not read what it was "
      "asked."));
}

}  // namespace entries
}  // namespace wsfault::fault
