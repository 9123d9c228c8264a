// Shared by the faults of single frames: catalogue entries, and a count of what they change.
#pragma once

#include <optional>
#include <utility>

#include "fault/entry.hpp"

namespace wsfault::fault {

// RFC 6455 5.2, as frame_from() takes them.
inline constexpr std::uint8_t opcode_continuation = 0;
inline constexpr std::uint8_t opcode_text = 1;
inline constexpr std::uint8_t opcode_binary = 2;
inline constexpr std::uint8_t opcode_close = 8;
inline constexpr std::uint8_t opcode_ping = 9;
inline constexpr std::uint8_t opcode_pong = 10;

/// Counts the units that a fault changes one by one.
template <typename Own = NoAttributes>
class CountedFault : public FaultWith<Own> {
 public:
  explicit CountedFault(const FaultSpec& spec) : FaultWith<Own>(spec), left_(spec.count) {}

 protected:
  /// True if its direction covers the unit and some changes are left; this unit then counts as changed.
  bool takes(const Unit& unit) {
    if (!covers(this->spec_.direction, unit.from)) return false;
    if (!left_) return true;
    if (*left_ == 0) return false;
    --*left_;
    return true;
  }
  /// A unit that takes() counted was not changed after all.
  void give_back() {
    if (left_) ++*left_;
  }

 private:
  std::optional<std::int64_t> left_;  // none: all
};

inline Entry frame_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  return {.name = name, .layer = "websocket", .does = does, .imitates = imitates, .direction = "to-sut"};
}

/// An entry for a fault that sends what no endpoint may send.
inline Entry illegal_entry(std::string_view name, std::string_view does) {
  return frame_entry(name, does, "A broken or hostile peer, a proxy that garbles bytes.");
}

/// An entry for a fault that changes units one by one, and heals.
inline Entry counted_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  Entry entry = frame_entry(name, does, imitates);
  entry.counts = true;
  entry.heals = true;
  return entry;
}

}  // namespace wsfault::fault
