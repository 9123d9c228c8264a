// Feeds bytes to a StreamReader in slices and keeps everything that it returns.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "actor/stream_reader.hpp"
#include "event_line.hpp"

namespace wsfault::actor {

struct ReadStream {
  std::vector<std::string> events;
  std::vector<std::string> units;  ///< "head", "control", "message", "piece", with "of" their size
  std::string bytes;               ///< of all units, in their order
};

inline std::string unit_line(const ReadStep& step) {
  static constexpr std::string_view names[] = {"head", "control", "message", "piece"};
  return std::string(names[static_cast<int>(*step.unit)]) + " of " + std::to_string(step.content().size());
}

/// Reads the whole slice. A reader that makes no progress fails the test.
inline void feed(StreamReader& reader, std::string_view slice, bool whole_messages, ReadStream& read) {
  // Each frame of two or more bytes gives at most a header, a payload and an end.
  const std::size_t most_steps = 3 * slice.size() + 3;
  for (std::size_t steps = 0; steps <= most_steps; ++steps) {
    ASSERT_LT(steps, most_steps) << "no progress";
    const ReadStep step = reader.next(slice, whole_messages);
    ASSERT_LE(step.consumed, slice.size());
    for (const record::What& event : step.events) read.events.push_back(event_line(event));
    if (step.unit) {
      if (!step.content().empty()) read.units.push_back(unit_line(step));
      read.bytes += step.content();
    }
    slice.remove_prefix(step.consumed);
    if (step.consumed == 0 && !step.unit && step.events.empty()) break;
  }
  EXPECT_EQ(slice, "") << "not read";
}

inline ReadStream read_whole(StreamReader reader, std::string_view bytes, bool whole_messages = false) {
  ReadStream read;
  feed(reader, bytes, whole_messages, read);
  return read;
}

}  // namespace wsfault::actor
