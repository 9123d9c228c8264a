// Random legal streams: a stream reader tells and forwards the same, however the stream is cut.
#include <gtest/gtest.h>

#include <random>

#include "../wire/random_frames.hpp"
#include "read_stream.hpp"
#include "sample_bytes.hpp"

namespace wsfault::actor {
namespace {

StreamReader reader_of(Side side) {
  StreamReader reader(side, record::Tap::sent);
  if (side == Side::server) reader.set_request(*wire::parse_request(sample::request));
  return reader;
}

ReadStream read_sliced(Side side, std::string_view bytes, bool whole_messages, std::mt19937& random) {
  StreamReader reader = reader_of(side);
  const std::size_t largest = 1 + random() % 300;
  ReadStream read;
  while (!bytes.empty()) {
    const std::string_view slice = bytes.substr(0, 1 + random() % largest);
    feed(reader, slice, whole_messages, read);
    bytes.remove_prefix(slice.size());
  }
  EXPECT_TRUE(reader.at_message_boundary());
  return read;
}

TEST(StreamReaderProperty, CutsChangeNothing) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Side side = seed % 2 == 0 ? Side::client : Side::server;
    const auto sent = wire::test::FrameSource(side, random).make(1 + random() % 6);
    const std::string bytes = (side == Side::client ? sample::request : sample::answer) + sent.bytes();
    for (const bool whole_messages : {false, true}) {
      const ReadStream whole = read_whole(reader_of(side), bytes, whole_messages);
      const ReadStream sliced = read_sliced(side, bytes, whole_messages, random);
      EXPECT_EQ(whole.events.size(), 1 + sent.frames.size() + sent.messages.size());
      EXPECT_EQ(whole.events, sliced.events);
      EXPECT_TRUE(whole.bytes == sliced.bytes);
      if (whole_messages) {
        EXPECT_EQ(whole.units, sliced.units);
        EXPECT_EQ(whole.units.size(), 1 + sent.controls.size() + sent.messages.size());
      } else {
        EXPECT_TRUE(whole.bytes == bytes);
      }
    }
  }
}

}  // namespace
}  // namespace wsfault::actor
