#include "proxy/counters.hpp"

#include "wire/close_code.hpp"

namespace wsfault::proxy {
namespace {

constexpr std::uint8_t opcode_close = 8;
constexpr std::size_t most_codes = 1000;  // what peers send, bounded

struct Counting {
  Counters& counters;

  void operator()(const record::Accepted&) const { ++counters.connections; }
  void operator()(const record::Opened&) const { ++counters.upgrades; }
  void operator()(const record::DialFailed&) const { ++counters.dial_failures; }
  void operator()(const record::FrameSeen& frame) const {
    if (frame.tap != record::Tap::sent) return;
    const std::size_t side = index_of(frame.from);
    ++counters.frames[side][frame.opcode & 0xFU];
    if (frame.opcode != opcode_close) return;
    const auto key = std::pair(frame.from, static_cast<int>(frame.code.value_or(wire::no_status_received)));
    if (counters.closes.contains(key) || counters.closes.size() < most_codes) ++counters.closes[key];
  }
  void operator()(const record::MessageSeen& message) const {
    if (message.tap == record::Tap::sent) ++counters.messages[index_of(message.from)];
  }
  void operator()(const record::ViolationSeen& violation) const {
    counters.violations += violation.tap == record::Tap::sent;
  }
  void operator()(const record::FaultFired&) const { ++counters.faults_fired; }
  void operator()(const auto&) const {}
};

}  // namespace

void Counters::count(const record::Event& event) { std::visit(Counting{*this}, event.what); }

void Counters::add(const relay::Tally& tally) {
  for (std::size_t side = 0; side < messages.size(); ++side) {
    messages[side] += tally.messages[side];
    for (std::size_t opcode = 0; opcode < frames[side].size(); ++opcode)
      frames[side][opcode] += tally.frames[side][opcode];
  }
}

}  // namespace wsfault::proxy
