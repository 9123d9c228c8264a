// Where the frames of one direction begin and end, from their headers alone (RFC 6455 5.2): payloads are
// skipped.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/observer.hpp"

namespace wsfault::relay {

using wire::Side;

/// 0: the client, 1: the server.
constexpr std::size_t index_of(Side side) { return side == Side::client ? 0 : 1; }

/// What has passed, by its sender.
struct Tally {
  std::array<std::array<std::uint64_t, 16>, 2> frames{};  ///< by opcode
  std::array<std::uint64_t, 2> messages{};                ///< whose last frame has begun
};

/// What has passed in one direction of a connection since its frames began.
struct Progress {
  std::uint64_t frames = 0;
  std::uint64_t messages = 0;  ///< begun
  std::uint32_t pings = 0;
  std::uint32_t pongs = 0;
};

/// Where somebody wants to read on for himself: before the frame with that ordinal of its kind, in that
/// direction.
struct Stops {
  static constexpr std::uint64_t never = UINT64_MAX;
  struct Ordinals {
    std::uint64_t frame = never, message = never, ping = never, pong = never;
  };
  std::array<Ordinals, 2> of;  ///< by sender
};

/// Follows frames that are plain: those that RFC 6455 allows by their header, and no Close. It stops before
/// any other, which is for whoever reads frames whole to judge.
class FrameTracker {
 public:
  explicit FrameTracker(Side sender) : sender_(sender) {}

  /// Goes on between two frames that somebody else has read, before anything is taken.
  void resume(const wire::FramePosition& at, const Progress& passed);
  /// From now on RSV1 may be set on the first frame of a message (RFC 7692 6).
  void allow_compression() { compression_ = true; }

  struct Taken {
    std::size_t size = 0;  ///< bytes that are followed; the rest is the beginning of a header
    bool stops = false;    ///< what follows them begins a frame that is not plain, or that is a stop
  };
  /// The next bytes: those of a header that is not whole are not taken, and come again with more.
  Taken take(std::string_view bytes, Tally& tally, const Stops& stops = {});

  bool at_frame_boundary() const { return left_ == 0; }
  /// Inside the last frame of a message, which is counted.
  bool in_end_of_message() const;
  /// The next frame may be such a one.
  bool is_before(const Stops& stops) const;
  Side sender() const { return sender_; }
  const Progress& progress() const { return progress_; }
  /// After what was taken; valid as long as the tracker is.
  wire::FramePosition position() const;

 private:
  bool is_plain(const wire::FrameHeader& header) const;
  bool is_at(const Stops::Ordinals& stops, const wire::FrameHeader& header) const;
  void begin(const wire::FrameHeader& header, std::string_view bytes, Tally& tally);

  std::uint64_t length_ = 0;  // of the open frame's payload
  std::uint64_t left_ = 0;
  Progress progress_;
  std::array<char, 14> header_{};
  std::uint8_t header_size_ = 0;
  std::uint8_t message_opcode_ = 0;  // 0: none was begun
  bool message_over_ = true;         // the frame with FIN has begun
  bool message_compressed_ = false;
  bool compression_ = false;
  Side sender_;
};

}  // namespace wsfault::relay
