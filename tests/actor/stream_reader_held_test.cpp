// Messages held back until they are complete, streams that end in the middle, and any slicing of any bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "read_stream.hpp"
#include "sample_bytes.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using record::Tap;
using testing::ElementsAre;
using testing::IsEmpty;
using wire::test::hex;

StreamReader open_server() {
  StreamReader reader(Side::server, Tap::sent);
  ReadStream ignored;
  feed(reader, sample::answer, false, ignored);
  return reader;
}

TEST(StreamReaderHeld, FragmentsAreOneUnitAndControlFramesPassBetweenThem) {
  const ReadStream read = read_whole(open_server(), hex("010348656c 890161 80026c6f 810178"), true);
  EXPECT_THAT(read.units, ElementsAre("control of 3", "message of 9", "message of 3"));
  EXPECT_EQ(read.bytes, hex("890161 010348656c 80026c6f 810178"));
}

TEST(StreamReaderHeld, TheHeaderIsToldAtOnce) {
  StreamReader reader = open_server();
  ReadStream read;
  feed(reader, hex("8105 6865"), true, read);
  EXPECT_THAT(read.events, ElementsAre("frame 1 (1.) text of 5"));
  EXPECT_EQ(read.bytes, "");
}

// A control frame that claims more than 125 bytes is illegal, but passes whole, so that the frames after it
// stay aligned.
TEST(StreamReaderHeld, AnOversizedControlFrameIsNotMixedIntoTheHeldMessage) {
  const std::string ping = sample::from_server(std::string(70'000, 'p'), 9);
  const std::string first = sample::from_server("Hel", 1, false);
  const std::string last = sample::from_server("lo", 0);
  const ReadStream read = read_whole(open_server(), first + ping + last, true);
  EXPECT_TRUE(read.bytes == ping + first + last) << "the frames' bytes are mixed";
}

// Its receiver fails the connection at the header: the violation is reported although the frame never ends.
TEST(StreamReaderHeld, OfAControlFrameThatIsCutOffTheViolationsAreTold) {
  StreamReader reader = open_server();
  ReadStream read;
  feed(reader, hex("cb05 6865"), false, read);
  EXPECT_THAT(read.events, testing::Not(IsEmpty()));
  for (const std::string& event : read.events) EXPECT_TRUE(event.starts_with("violation ")) << event;
  const std::size_t told = read.events.size();
  feed(reader, hex("6c6c6f"), false, read);
  EXPECT_EQ(read.events.size(), told + 1) << "the frame itself, and no violation again";
}

TEST(StreamReaderHeld, AMessageIsHeldAfterAllWhenAFaultFiresAtItsHeader) {
  StreamReader reader = open_server();
  const std::string bytes = hex("010348656c 80026c6f");
  ReadStep header = reader.next(bytes, false);
  EXPECT_EQ(header.content(), hex("0103"));
  reader.hold_message(header);
  EXPECT_FALSE(header.unit);
  ReadStream read;
  feed(reader, std::string_view(bytes).substr(header.consumed), true, read);
  EXPECT_THAT(read.units, ElementsAre("message of 9"));
  EXPECT_EQ(read.bytes, bytes);
}

TEST(StreamReaderHeld, AMessageWhoseBeginningMovedOnIsNotHeld) {
  StreamReader reader = open_server();
  ReadStream read;
  feed(reader, hex("010348656c"), false, read);
  ReadStep header = reader.next(hex("80026c6f"), true);
  reader.hold_message(header);
  EXPECT_EQ(header.content(), hex("8002"));
  feed(reader, hex("6c6f"), true, read);
  EXPECT_EQ(read.bytes, hex("010348656c 6c6f"));
}

TEST(StreamReaderHeld, BoundariesAreThoseOfFramesAndMessages) {
  StreamReader reader(Side::server, Tap::sent);
  ReadStream read;
  EXPECT_TRUE(reader.at_frame_boundary());
  feed(reader, sample::answer.substr(0, 20), false, read);
  EXPECT_FALSE(reader.at_frame_boundary());
  feed(reader, sample::answer.substr(20), false, read);
  EXPECT_TRUE(reader.at_message_boundary());
  feed(reader, hex("01 02 61"), false, read);
  EXPECT_FALSE(reader.at_frame_boundary());
  feed(reader, hex("62"), false, read);
  EXPECT_TRUE(reader.at_frame_boundary());
  EXPECT_FALSE(reader.at_message_boundary());
  feed(reader, hex("8000"), false, read);
  EXPECT_TRUE(reader.at_message_boundary());
}

// --- streams that end in the middle

struct Cut {
  const char* name;
  std::string bytes;  ///< all bytes received
  bool after_101;
  bool whole_messages;
  std::string inside;
  std::string rest;  ///< of the held bytes
  std::vector<std::string> events;
};

TEST(StreamReaderEnd, WhatWasHeldBackComesOutAndTheCutIsTold) {
  const std::string truncated = "violation truncated-frame in frame ";
  const Cut cuts[] = {
      {"nothing", "", false, false, "", "", {}},
      {"in a head",
       "HTTP/1.1 10",
       false,
       false,
       "head",
       "HTTP/1.1 10",
       {"not HTTP from server: HTTP/1.1 10"}},
      {"after the head", "", true, false, "", "", {}},
      {"in a header", hex("81"), true, false, "frame", hex("81"), {truncated + "0"}},
      {"in a second header", hex("8100 81 7e 01"), true, false, "frame", hex("817e01"), {truncated + "1"}},
      {"in a payload", hex("8105 6865"), true, false, "frame", "", {truncated + "1"}},
      {"in a held message's payload",
       hex("8105 6865"),
       true,
       true,
       "frame",
       hex("81056865"),
       {truncated + "1"}},
      {"in a control frame", hex("8905 6865"), true, false, "frame", hex("89056865"), {truncated + "1"}},
      {"in one between held fragments",
       hex("010161 8905 68"),
       true,
       true,
       "frame",
       hex("010161 890568"),
       {truncated + "2"}},
      {"between held fragments", hex("010161"), true, true, "", hex("010161"), {}},
      {"after a frame", hex("810161"), true, true, "", "", {}},
  };
  for (const Cut& cut : cuts) {
    SCOPED_TRACE(cut.name);
    StreamReader reader = cut.after_101 ? open_server() : StreamReader(Side::server, Tap::sent);
    ReadStream read;
    feed(reader, cut.bytes, cut.whole_messages, read);
    EXPECT_EQ(reader.inside(), cut.inside);
    std::vector<record::What> events;
    const std::string rest = reader.at_end(events);
    EXPECT_EQ(rest, cut.rest);
    std::vector<std::string> lines;
    for (const record::What& event : events) lines.push_back(event_line(event));
    EXPECT_EQ(lines, cut.events);
  }
}

// --- any slicing

/// Heads, fragments with control frames between them, a large message, violations, a Close.
std::string eventful_stream() {
  return "HTTP/1.1 103 Early Hints\r\n\r\n" + sample::answer +
         hex("010348656c 890461626364 80026c6f c1 03 61c328 830178 827e0003 010203 8a00 8100") +
         sample::from_server(std::string(300, 'y'), 2) + hex("8804 03ed 6279 8800");
}

class AnySlicing : public testing::TestWithParam<bool> {};

TEST_P(AnySlicing, GivesTheSameEventsAndBytes) {
  const bool whole_messages = GetParam();
  const std::string stream = eventful_stream();
  const ReadStream whole = read_whole(StreamReader(Side::server, Tap::sent), stream, whole_messages);
  ASSERT_GT(whole.events.size(), 15U);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    SCOPED_TRACE(cut);
    StreamReader reader(Side::server, Tap::sent);
    ReadStream read;
    feed(reader, std::string_view(stream).substr(0, cut), whole_messages, read);
    feed(reader, std::string_view(stream).substr(cut), whole_messages, read);
    ASSERT_EQ(read.events, whole.events);
    ASSERT_TRUE(read.bytes == whole.bytes);
  }
  StreamReader reader(Side::server, Tap::sent);
  ReadStream read;
  for (const char byte : stream) feed(reader, std::string_view(&byte, 1), whole_messages, read);
  EXPECT_EQ(read.events, whole.events);
  EXPECT_TRUE(read.bytes == whole.bytes);
}

INSTANTIATE_TEST_SUITE_P(HeldOrNot, AnySlicing, testing::Bool());

// --- any bytes

std::string garbage(std::mt19937& random, std::size_t size) {
  std::uniform_int_distribution<int> byte(0, 255);
  std::string bytes(size, '\0');
  std::ranges::generate(bytes, [&] { return static_cast<char>(byte(random)); });
  return bytes;
}

/// Feeds it in slices of any size; returns all output, including what was held at the end.
template <typename Holds>
std::string passed_on(StreamReader reader, std::string_view bytes, std::mt19937& random, Holds holds) {
  ReadStream read;
  std::uniform_int_distribution<std::size_t> slice(1, 200);
  while (!bytes.empty()) {
    const std::string_view next = bytes.substr(0, slice(random));
    feed(reader, next, holds(), read);
    bytes.remove_prefix(next.size());
    if (testing::Test::HasFatalFailure()) break;
  }
  std::vector<record::What> events;
  return read.bytes + reader.at_end(events);
}

TEST(StreamReaderGarbage, PassesByteForByte) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Side from = seed % 2 == 0 ? Side::client : Side::server;
    const std::string head = from == Side::client ? sample::request : sample::answer;
    const std::string bytes = (seed % 3 == 0 ? "" : head) + garbage(random, 2000);
    ASSERT_TRUE(passed_on(StreamReader(from, Tap::sent), bytes, random, [] { return false; }) == bytes);
  }
}

/// While a message is held, control frames pass, so the order of frames may change, but never their bytes.
TEST(StreamReaderGarbage, IsNeitherLostNorDoubledWhereMessagesAreHeldNowAndThen) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::string bytes = sample::answer + garbage(random, 2000);
    std::string passed =
        passed_on(StreamReader(Side::server, Tap::sent), bytes, random, [&] { return random() % 2 == 0; });
    std::ranges::sort(bytes);
    std::ranges::sort(passed);
    ASSERT_TRUE(passed == bytes);
  }
}

}  // namespace
}  // namespace wsfault::actor
