// What a full log keeps: everything that happens once, and nothing more of what repeats.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "record/event.hpp"

namespace wsfault::record {

/// The total size of a run's logs, including those of cases that have ended.
struct Room {
  std::size_t events = 2'000'000;
  std::size_t used = 0;
};

/// How large the log of one case may get. Events that end, break, close or report are kept beyond it.
struct Budget {
  std::size_t events = 1'000'000;          ///< of all kinds; then frames and messages are left out
  std::size_t pings = 300'000;             ///< of them: pings and pongs, which are paired at each judging
  std::size_t assured = 10'000;            ///< always allowed, even if the run has no room left
  Room* room = nullptr;                    ///< none: no limit by the run; outlives the log
  std::size_t payload = 32 * 1024 * 1024;  ///< bytes of contents, equal ones counted once
  std::size_t output = 1024 * 1024;  ///< bytes of lines that the system printed, each with what it costs
  std::size_t reports = 100'000;     ///< by the system
  std::size_t wanted = 10'000;       ///< by a moment, when there is no more room
  std::size_t repeated = 64;         ///< 1xx, Closes, violations of one direction of one connection
};

/// What a printed line costs in addition to its bytes.
inline constexpr std::size_t cost_of_line = 64;
/// How much of a message's or a body's contents is kept when there is no room for them.
inline constexpr std::size_t payload_left = 128;

/// Decides for each event, in order. What was kept stays complete: for a frame that was kept when sent, its
/// arrival and the message that it completes are kept; for each ping that was kept, its pong is kept.
class Keeping {
 public:
  explicit Keeping(const Budget& budget = {}) : budget_(budget), pool_(pool_size) {}
  Keeping(const Keeping&) = delete;
  Keeping& operator=(const Keeping&) = delete;
  ~Keeping();

  /// What to keep of the event; none if nothing. `wanted`: a moment uses it.
  std::optional<Event> take(const Event& event, bool wanted);
  /// The kinds left out for the first time, beginning with the event taken last.
  std::vector<CutKind> newly_cut();

 private:
  static constexpr std::size_t pool_size = 256;
  template <typename T>
  using EachTap = std::array<T, 2>;
  /// Counts for what one side sends.
  struct Direction {
    EachTap<std::size_t> frames{};  // data frames that were kept, by their tap
    EachTap<std::uint64_t> last_message{};
    EachTap<std::size_t> pings{};
    EachTap<std::size_t> pongs{};
    EachTap<std::size_t> closes{};
    EachTap<std::size_t> violations{};
    EachTap<std::size_t> interim{};
  };
  struct Connection {
    std::array<Direction, 2> directions;
    Direction& from(Side side) { return directions[side == Side::client ? 0 : 1]; }
  };
  struct Key {
    Name link;
    Name party;
    int connection = 0;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  bool has_room(const Event& event);
  bool has_room_for(const FrameSeen& frame, Connection& connection);
  bool has_room_for_ping(const FrameSeen& frame, Connection& connection);
  bool has_room_for_pong(const FrameSeen& frame, Connection& connection);
  bool has_room_for(const MessageSeen& message, Connection& connection);
  bool has_room_for(const ViolationSeen& violation, Connection& connection);
  bool has_room_for(const ResponseSeen& response, Connection& connection);
  bool has_room_for(const OutputLine& output);
  bool has_room_for(const Report& report);
  bool full() const;
  bool full_of_pings() const { return pings_ >= budget_.pings || full(); }
  /// Keeps only the first few of a repeated event.
  bool take_repeated(std::size_t& taken, CutKind kind);
  bool leave_out(CutKind kind);
  void keep_payload(Text& payload);
  Text shared(const Text& text, bool& is_new);

  Budget budget_;
  std::unordered_map<Key, Connection, KeyHash> connections_;
  std::vector<Text> pool_;  // recent contents, by hash: sent and arrived share one text
  std::size_t kept_ = 0;
  std::size_t pings_ = 0;
  std::size_t payload_ = 0;
  std::size_t output_ = 0;
  std::size_t reports_ = 0;
  std::size_t wanted_ = 0;
  std::uint32_t cut_ = 0;  // a bit for each CutKind
  std::vector<CutKind> newly_cut_;
};

}  // namespace wsfault::record
