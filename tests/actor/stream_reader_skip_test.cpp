// Frames that are skipped and frames that are read, in any order: the same stream.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "actor/stream_reader.hpp"
#include "wire/frame.hpp"

namespace wsfault::actor {
namespace {

using Random = std::mt19937_64;

std::string head() {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
}

/// Plain frames: messages of several frames, with pings and pongs between them.
std::string frames(Random& random, int count) {
  std::string bytes;
  bool in_message = false;
  for (int i = 0; i < count; ++i) {
    const int kind = static_cast<int>(random() % 5);
    std::string payload(random() % 2 == 0 ? random() % 10 : random() % 70'000, 'x');
    if (kind < 2) {
      payload.resize(std::min<std::size_t>(payload.size(), 125));
      bytes += wire::encode_frame({.opcode = static_cast<std::uint8_t>(9 + kind), .payload = payload});
      continue;
    }
    const bool fin = kind != 2;
    const std::uint8_t opcode = in_message ? 0 : 2;
    bytes += wire::encode_frame({.fin = fin, .opcode = opcode, .payload = payload});
    in_message = !fin;
  }
  return bytes;
}

/// What reading told of, and what skipping counted.
struct Told {
  std::uint64_t frames = 0;
  std::uint64_t last = 0;
  std::vector<std::string> violations;
};

/// False: there is nothing more to be made of the bytes.
bool read_one(StreamReader& reader, std::string_view& bytes, Told& told) {
  ReadStep step = reader.next(bytes, false);
  bytes.remove_prefix(step.consumed);
  for (const record::What& what : step.events) {
    if (const auto* frame = std::get_if<record::FrameSeen>(&what)) {
      EXPECT_GT(frame->number, told.last);
      told.last = frame->number;
      ++told.frames;
    }
    if (const auto* violation = std::get_if<record::ViolationSeen>(&what))
      told.violations.emplace_back(violation->violation.str());
  }
  return step.consumed > 0 || step.unit || !step.events.empty();
}

void read_all(StreamReader& reader, std::string_view bytes, Told& told) {
  while (read_one(reader, bytes, told)) continue;
}

class Skips : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Skips, CountWhatReadingTellsOf) {
  Random random(GetParam());
  const std::string bytes = frames(random, 60);
  StreamReader whole(Side::server, record::Tap::sent);
  Told of_whole;
  read_all(whole, head() + bytes, of_whole);

  StreamReader reader(Side::server, record::Tap::sent);
  Told told;
  relay::Tally tally;
  read_all(reader, head(), told);
  std::string_view rest = bytes;
  while (!rest.empty()) {
    std::string_view slice = rest.substr(0, 1 + random() % (random() % 2 == 0 ? 20 : 40'000));
    rest.remove_prefix(slice.size());
    const bool skips = random() % 3 > 0;
    while (!slice.empty()) {
      if (skips) slice.remove_prefix(reader.skip(slice, tally, {}));
      if (!slice.empty()) read_one(reader, slice, told);
    }
    if (random() % 8 == 0) read_all(reader, {}, told);
  }
  read_all(reader, {}, told);
  EXPECT_EQ(reader.position(), whole.position());
  EXPECT_TRUE(reader.at_frame_boundary());
  EXPECT_EQ(reader.at_message_boundary(), whole.at_message_boundary());
  EXPECT_TRUE(told.violations.empty()) << told.violations.front();
  std::uint64_t skipped = 0;
  for (const std::uint64_t of_opcode : tally.frames[relay::index_of(Side::server)]) skipped += of_opcode;
  EXPECT_EQ(told.frames + skipped, of_whole.frames);
  EXPECT_GT(skipped, 0U);
  // The next frame has the same number, whoever counted those before it.
  read_all(reader, wire::encode_frame({.opcode = 9, .payload = ""}), told);
  EXPECT_EQ(told.last, of_whole.last + 1);
}
INSTANTIATE_TEST_SUITE_P(Seeds, Skips, testing::Range<std::uint64_t>(1, 40));

TEST(Skip, EndsBeforeWhatIsToBeJudged) {
  const std::string plain = wire::encode_frame({.opcode = 1, .payload = "plain"});
  const std::string close = wire::encode_frame({.opcode = 8, .payload = ""});
  const std::string masked = wire::encode_frame({.opcode = 1, .masking_key = wire::MaskingKey{1, 2, 3, 4}, .payload = "x"});
  for (const std::string& judged : {close, masked}) {
    StreamReader reader(Side::server, record::Tap::sent);
    Told told;
    relay::Tally tally;
    read_all(reader, head(), told);
    EXPECT_EQ(reader.skip(plain + judged, tally, {}), plain.size());
    read_all(reader, judged, told);
    EXPECT_EQ(told.last, 2U);
  }
}

TEST(Skip, EndsBeforeAStop) {
  const std::string message = wire::encode_frame({.opcode = 1, .payload = "message"});
  StreamReader reader(Side::server, record::Tap::sent);
  Told told;
  relay::Tally tally;
  relay::Stops stops;
  stops.of[relay::index_of(Side::server)].message = 3;
  read_all(reader, head(), told);
  EXPECT_EQ(reader.skip(message + message + message, tally, stops), 2 * message.size());
  EXPECT_EQ(reader.skip(message, tally, stops), 0U);
}

}  // namespace
}  // namespace wsfault::actor
