// The tracker sees what the observer sees, however a stream is cut, and stops before whatever is not plain.
#include "relay/frame_tracker.hpp"

#include <gtest/gtest.h>

#include "../wire/observed.hpp"
#include "../wire/random_frames.hpp"

namespace wsfault::relay {
namespace {

using wire::test::FrameSource;
using wire::test::Observed;

/// Gives it the bytes in pieces; what it does not take comes again. Returns how many it has taken.
std::size_t feed(FrameTracker& tracker, std::string_view bytes, std::size_t most, std::mt19937& random,
                 Tally& tally) {
  std::size_t taken = 0;
  std::size_t given = 0;
  while (given < bytes.size()) {
    given = std::min(bytes.size(), given + 1 + random() % most);
    const FrameTracker::Taken step = tracker.take(bytes.substr(taken, given - taken), tally);
    taken += step.size;
    if (step.stops) break;
    EXPECT_LT(given - taken, 14U);  // less than a header
  }
  return taken;
}

TEST(FrameTracker, CountsLegalFramesHoweverTheyAreCut) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Side sender = seed % 2 == 0 ? Side::client : Side::server;
    const auto sent = FrameSource(sender, random).make(1 + random() % 8);
    const std::string stream = sent.bytes();
    FrameTracker tracker(sender);
    Tally tally;
    ASSERT_EQ(feed(tracker, stream, 1 + random() % 300, random, tally), stream.size());
    EXPECT_TRUE(tracker.at_frame_boundary());
    EXPECT_FALSE(tracker.position().in_message);
    EXPECT_EQ(tracker.progress().frames, sent.frames.size());
    EXPECT_EQ(tracker.progress().messages, sent.messages.size());
    EXPECT_EQ(tracker.progress().pings + tracker.progress().pongs, sent.controls.size());
    EXPECT_EQ(tally.messages[index_of(sender)], sent.messages.size());
    EXPECT_EQ(tally.messages[1 - index_of(sender)], 0U);
  }
}

TEST(FrameTracker, AnObserverGoesOnWhereItIs) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Side sender = seed % 2 == 0 ? Side::client : Side::server;
    const std::string stream = FrameSource(sender, random).make(1 + random() % 8).bytes();
    FrameTracker tracker(sender);
    Tally tally;
    const std::size_t cut = random() % (stream.size() + 1);
    const std::size_t taken = tracker.take(std::string_view(stream).substr(0, cut), tally).size;
    wire::FrameObserver observer(sender);
    observer.resume(tracker.position());
    std::uint64_t frames = tracker.progress().frames;
    for (std::string_view rest = std::string_view(stream).substr(taken);;) {
      const auto step = observer.next(rest);
      rest.remove_prefix(step.consumed);
      EXPECT_TRUE(observer.violations().empty());
      frames += step.what == wire::FrameObserver::What::header;
      if (step.what == wire::FrameObserver::What::more) break;
    }
    EXPECT_TRUE(observer.at_message_boundary());
    EXPECT_EQ(frames, wire::test::observe(sender, stream).size());
  }
}

struct NotPlain {
  const char* what;
  Side sender;
  std::string before;  // frames that are
  std::string frame;
  bool compression = false;
  bool stops = true;
};

constexpr wire::MaskingKey key = {1, 2, 3, 4};

std::string from_server(wire::FrameSpec frame) { return wire::encode_frame(frame); }
std::string from_client(wire::FrameSpec frame) {
  frame.masking_key = key;
  return wire::encode_frame(frame);
}

/// RFC 6455 5.1 to 5.5, and RFC 7692 6 for RSV1.
TEST(FrameTracker, StopsBeforeWhatIsNotPlain) {
  const std::string text = from_server({.payload = "hello"});
  const std::string begun = from_server({.fin = false, .payload = "hel"});
  const NotPlain rows[] = {
      {"a close", Side::server, text, from_server({.opcode = 8, .payload = wire::close_payload(1000)})},
      {"a close of the client", Side::client, "", from_client({.opcode = 8})},
      {"a reserved opcode", Side::server, text, from_server({.opcode = 3})},
      {"a reserved control opcode", Side::server, text, from_server({.opcode = 11})},
      {"a mask of the server", Side::server, text, from_client({.payload = "x"})},
      {"no mask of the client", Side::client, "", from_server({.payload = "x"})},
      {"RSV1", Side::server, text, from_server({.rsv = 4, .payload = "x"})},
      {"RSV1 that was agreed on", Side::server, text, from_server({.rsv = 4, .payload = "x"}), true, false},
      {"RSV1 on a ping", Side::server, text, from_server({.rsv = 4, .opcode = 9}), true},
      {"RSV1 on a continuation", Side::server, begun, from_server({.rsv = 4, .opcode = 0}), true},
      {"RSV2", Side::server, text, from_server({.rsv = 2, .payload = "x"}), true},
      {"a continuation of nothing", Side::server, text, from_server({.opcode = 0})},
      {"a continuation", Side::server, begun, from_server({.opcode = 0}), false, false},
      {"a message inside another", Side::server, begun, text},
      {"a ping inside a message", Side::server, begun, from_server({.opcode = 9}), false, false},
      {"a ping in parts", Side::server, "", from_server({.fin = false, .opcode = 9})},
      {"a large ping", Side::server, "", from_server({.opcode = 9, .payload = std::string(126, 'x')})},
      {"a length that is longer than it must be", Side::server, "",
       from_server({.length_form = wire::LengthForm::bits16, .payload = "x"})},
      {"the same in 64 bits", Side::server, "",
       from_server({.length_form = wire::LengthForm::bits64, .payload = "x"})},
      {"a length of 2^63", Side::server, "",
       from_server({.length_form = wire::LengthForm::bits64, .declared_length = std::uint64_t{1} << 63U})},
  };
  for (const NotPlain& row : rows) {
    SCOPED_TRACE(row.what);
    FrameTracker tracker(row.sender);
    if (row.compression) tracker.allow_compression();
    Tally tally;
    const FrameTracker::Taken taken = tracker.take(row.before + row.frame, tally);
    EXPECT_EQ(taken.stops, row.stops);
    EXPECT_EQ(taken.size, row.before.size() + (row.stops ? 0 : row.frame.size()));
  }
}

TEST(FrameTracker, StopsBeforeTheFrameWithThatOrdinal) {
  const std::string stream = from_client({.payload = "one"}) + from_client({.opcode = 9}) +
                             from_client({.fin = false, .payload = "t"}) + from_client({.opcode = 10}) +
                             from_client({.opcode = 0, .payload = "wo"}) + from_client({.payload = "three"});
  struct Row {
    Stops::Ordinals stops;
    std::uint64_t frames;  // before it
  };
  const Row rows[] = {
      {{.message = 1}, 0}, {{.ping = 1}, 1},    {{.message = 2}, 2}, {{.pong = 1}, 3},
      {{.frame = 5}, 4},   {{.message = 3}, 5}, {{.message = 4}, 6}, {{.message = 3, .ping = 1}, 1}};
  for (const Row& row : rows) {
    for (const Side side : {Side::client, Side::server}) {
      Stops stops;
      stops.of[index_of(side)] = row.stops;
      FrameTracker tracker(Side::client);
      Tally tally;
      const FrameTracker::Taken taken = tracker.take(stream, tally, stops);
      const std::uint64_t frames = side == Side::client ? row.frames : 6;
      EXPECT_EQ(tracker.progress().frames, frames);
      EXPECT_EQ(taken.stops, frames < 6);
    }
  }
}

}  // namespace
}  // namespace wsfault::relay
