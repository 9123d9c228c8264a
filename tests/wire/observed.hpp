// A stream's frames as an observer reports them: plain values that tests compare.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "wire/observer.hpp"

namespace wsfault::wire {

inline void PrintTo(Violation violation, std::ostream* out) { *out << describe(violation).name; }

namespace test {

/// One frame with everything that the observer reported about it.
struct Observed {
  std::string header_bytes;
  std::uint8_t opcode = 0;
  std::uint8_t message_opcode = 0;
  std::uint64_t length = 0;
  std::string wire_payload = {};
  std::string control_payload = {};
  std::optional<std::uint16_t> close_code = {};
  std::vector<Violation> header_violations = {};  ///< known at the header
  std::vector<Violation> violations = {};         ///< known at the end
  bool message_boundary_after = false;
  bool ended = false;
  friend bool operator==(const Observed&, const Observed&) = default;
};

inline void PrintTo(const Observed& frame, std::ostream* out) {
  *out << opcode_name(frame.opcode) << " of " << frame.length << " bytes, payload "
       << testing::PrintToString(frame.wire_payload) << ", control "
       << testing::PrintToString(frame.control_payload) << ", violations "
       << testing::PrintToString(frame.violations) << (frame.ended ? "" : ", not ended");
}

/// Collects frames from one observer, fed with any number of slices.
class Collector {
 public:
  explicit Collector(Side sender, std::uint8_t allowed_rsv = 0) : observer_(sender, allowed_rsv) {}

  void feed(std::string_view input) {
    for (;;) {
      const FrameObserver::Step step = observer_.next(input);
      ASSERT_LE(step.consumed, input.size());
      take(step);
      input.remove_prefix(step.consumed);
      if (step.what == FrameObserver::What::more) break;
    }
    ASSERT_TRUE(input.empty()) << "`more` with input left";
  }

  const FrameObserver& observer() const { return observer_; }
  const std::vector<Observed>& frames() const { return frames_; }

 private:
  void take(const FrameObserver::Step& step) {
    switch (step.what) {
      case FrameObserver::What::more:
        return;
      case FrameObserver::What::header:
        frames_.push_back({.header_bytes = std::string(observer_.header_bytes()),
                           .opcode = observer_.header().opcode,
                           .message_opcode = observer_.message_opcode(),
                           .length = observer_.header().length,
                           .header_violations = violations()});
        return;
      case FrameObserver::What::payload:
        ASSERT_FALSE(step.bytes.empty());
        ASSERT_EQ(step.bytes.size(), step.consumed);
        frames_.back().wire_payload += step.bytes;
        ASSERT_EQ(observer_.payload_seen(), frames_.back().wire_payload.size());
        return;
      case FrameObserver::What::end:
        frames_.back().control_payload = observer_.control_payload();
        frames_.back().close_code = observer_.close_code();
        frames_.back().violations = violations();
        frames_.back().message_boundary_after = observer_.at_message_boundary();
        frames_.back().ended = true;
        ASSERT_TRUE(observer_.at_frame_boundary());
        return;
    }
  }
  std::vector<Violation> violations() const {
    return {observer_.violations().begin(), observer_.violations().end()};
  }

  FrameObserver observer_;
  std::vector<Observed> frames_;
};

inline std::vector<Observed> observe(Side sender, std::string_view stream, std::uint8_t allowed_rsv = 0) {
  Collector collector(sender, allowed_rsv);
  collector.feed(stream);
  return collector.frames();
}

/// The same stream in slices of 1 to `largest` bytes.
inline Collector observe_sliced(Side sender, std::string_view stream, std::uint8_t allowed_rsv,
                                std::size_t largest, std::mt19937& random) {
  Collector collector(sender, allowed_rsv);
  while (!stream.empty()) {
    const std::string_view slice = stream.substr(0, 1 + random() % largest);
    collector.feed(slice);
    stream.remove_prefix(slice.size());
  }
  return collector;
}

}  // namespace test
}  // namespace wsfault::wire
