// The observer's steps, its view of whole streams, and that slicing changes nothing.
#include "wire/observer.hpp"

#include <gtest/gtest.h>

#include <random>
#include <type_traits>

#include "hex.hpp"
#include "observed.hpp"

namespace wsfault::wire {
namespace {

using test::Collector;
using test::hex;
using test::observe;
using test::Observed;
using What = FrameObserver::What;

// It owns no memory, so copying its bytes copies it.
static_assert(std::is_trivially_copyable_v<FrameObserver>);

// RFC 6455 5.7.
TEST(Observer, ReadsTheExamplesOfTheRfc) {
  const std::string hello = "Hello";
  const std::string masked_hello = hex("7f 9f 4d 51 58");
  const struct {
    const char* what;
    Side sender;
    std::string bytes;
    std::vector<Observed> frames;
  } cases[] = {
      {"A single-frame unmasked text message",
       Side::server,
       hex("81 05 48 65 6c 6c 6f"),
       {{hex("81 05"), 1, 1, 5, hello, "", {}, {}, {}, true, true}}},
      {"A single-frame masked text message",
       Side::client,
       hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"),
       {{hex("81 85 37 fa 21 3d"), 1, 1, 5, masked_hello, "", {}, {}, {}, true, true}}},
      {"A fragmented unmasked text message",
       Side::server,
       hex("01 03 48 65 6c 80 02 6c 6f"),
       {{hex("01 03"), 1, 1, 3, "Hel", "", {}, {}, {}, false, true},
        {hex("80 02"), 0, 1, 2, "lo", "", {}, {}, {}, true, true}}},
      {"Unmasked Ping request",
       Side::server,
       hex("89 05 48 65 6c 6c 6f"),
       {{hex("89 05"), 9, 0, 5, hello, hello, {}, {}, {}, true, true}}},
      {"masked Ping response",
       Side::client,
       hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58"),
       {{hex("8a 85 37 fa 21 3d"), 10, 0, 5, masked_hello, hello, {}, {}, {}, true, true}}},
      {"256 bytes binary message in a single unmasked frame",
       Side::server,
       hex("82 7e 01 00") + std::string(256, 'a'),
       {{hex("82 7e 01 00"), 2, 2, 256, std::string(256, 'a'), "", {}, {}, {}, true, true}}},
      {"64KiB binary message in a single unmasked frame",
       Side::server,
       hex("82 7f 00 00 00 00 00 01 00 00") + std::string(65536, 'a'),
       {{hex("82 7f 00 00 00 00 00 01 00 00"),
         2,
         2,
         65536,
         std::string(65536, 'a'),
         "",
         {},
         {},
         {},
         true,
         true}}},
  };
  for (const auto& each : cases) EXPECT_EQ(observe(each.sender, each.bytes), each.frames) << each.what;
}

TEST(Observer, DecodesEveryFieldOfAHeader) {
  const struct {
    const char* bytes;
    bool fin;
    std::uint8_t rsv;
    std::uint8_t opcode;
    std::optional<MaskingKey> key;
    std::uint64_t length;
    LengthForm form;
  } cases[] = {
      {"00 00", false, 0, 0, {}, 0, LengthForm::bits7},
      {"c1 7d", true, 4, 1, {}, 125, LengthForm::bits7},
      {"a2 7e 01 02", true, 2, 2, {}, 0x102, LengthForm::bits16},
      {"1f 7f 01 02 03 04 05 06 07 08", false, 1, 15, {}, 0x0102030405060708, LengthForm::bits64},
      {"81 80 0a 0b 0c 0d", true, 0, 1, MaskingKey{10, 11, 12, 13}, 0, LengthForm::bits7},
      {"81 fe ff ff 0a 0b 0c 0d", true, 0, 1, MaskingKey{10, 11, 12, 13}, 65535, LengthForm::bits16},
      {"81 ff ff ff ff ff ff ff ff fe ff fe fd fc", true, 0, 1, MaskingKey{0xFF, 0xFE, 0xFD, 0xFC},
       0xFFFF'FFFF'FFFF'FFFE, LengthForm::bits64},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.bytes);
    const std::string bytes = hex(each.bytes);
    FrameObserver observer(Side::client);
    const FrameObserver::Step step = observer.next(bytes);
    EXPECT_EQ(step.what, What::header);
    EXPECT_EQ(step.consumed, bytes.size());
    EXPECT_EQ(observer.header_bytes(), bytes);
    const FrameHeader& header = observer.header();
    EXPECT_EQ(header.fin, each.fin);
    EXPECT_EQ(header.rsv, each.rsv);
    EXPECT_EQ(header.opcode, each.opcode);
    EXPECT_EQ(header.masking_key, each.key);
    EXPECT_EQ(header.length, each.length);
    EXPECT_EQ(header.length_form, each.form);
    EXPECT_EQ(header.size, bytes.size());
  }
}

TEST(Observer, GoesStepByStep) {
  const std::string input = hex("81 03 61 62 63 89 00 88");
  FrameObserver observer(Side::server);
  EXPECT_TRUE(observer.at_frame_boundary());
  const struct {
    What what;
    std::size_t consumed;
    std::string_view bytes;
    bool boundary;
  } steps[] = {
      {What::header, 2, "", false}, {What::payload, 3, "abc", false}, {What::end, 0, "", true},
      {What::header, 2, "", false}, {What::end, 0, "", true},         {What::more, 1, "", false},
      {What::more, 0, "", false},
  };
  std::string_view rest = input;
  for (const auto& expected : steps) {
    const FrameObserver::Step step = observer.next(rest);
    EXPECT_EQ(step.what, expected.what);
    EXPECT_EQ(step.consumed, expected.consumed);
    EXPECT_EQ(step.bytes, expected.bytes);
    EXPECT_EQ(observer.at_frame_boundary(), expected.boundary);
    rest.remove_prefix(step.consumed);
  }
}

TEST(Observer, PayloadIsAViewOfTheInput) {
  const std::string input = hex("82 03") + "abc";
  FrameObserver observer(Side::server);
  observer.next(input);
  EXPECT_EQ(observer.next(std::string_view(input).substr(2)).bytes.data(), input.data() + 2);
}

// What is stored of a frame is valid until the next one's first byte.
TEST(Observer, KeepsAFinishedFrameUntilTheNextBegins) {
  Collector collector(Side::server);
  collector.feed(hex("88 03 03 f6 78"));
  const FrameObserver& observer = collector.observer();
  collector.feed("");
  EXPECT_EQ(observer.header_bytes(), hex("88 03"));
  EXPECT_EQ(observer.control_payload(), hex("03 f6 78"));
  EXPECT_EQ(observer.close_code(), 1014);
  EXPECT_EQ(observer.payload_seen(), 3U);
  collector.feed(hex("88"));
  EXPECT_EQ(observer.header_bytes(), hex("88"));
  EXPECT_EQ(observer.control_payload(), "");
  EXPECT_EQ(observer.close_code(), std::nullopt);
  EXPECT_EQ(observer.payload_seen(), 0U);
}

// RFC 6455 7.1.5: the code is that of the Close frame; without a body there is none.
TEST(Observer, ReadsTheCloseCode) {
  EXPECT_EQ(observe(Side::server, hex("88 02 03 e9"))[0].close_code, 1001);
  EXPECT_EQ(observe(Side::client, hex("88 82 37 fa 21 3d 34 12"))[0].close_code, 1000);
  EXPECT_EQ(observe(Side::server, hex("88 00"))[0].close_code, std::nullopt);
  EXPECT_EQ(observe(Side::server, hex("88 01 03"))[0].close_code, std::nullopt);
  EXPECT_EQ(observe(Side::server, hex("89 02 03 e8"))[0].close_code, std::nullopt) << "a ping has none";
}

TEST(Observer, KeepsTheFirst125BytesOfAnOversizedControlFrame) {
  const std::string payload = std::string(100, 'a') + std::string(100, 'b') + std::string(100, 'c');
  const std::string stream =
      encode_frame({.opcode = 9, .masking_key = MaskingKey{1, 2, 3, 4}, .payload = payload});
  std::mt19937 random(6);
  for (const std::size_t largest : {1, 7, 1000}) {
    const auto frames = test::observe_sliced(Side::client, stream, 0, largest, random).frames();
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(frames[0].control_payload, payload.substr(0, 125));
    EXPECT_EQ(frames[0].wire_payload.size(), 300U);
  }
}

TEST(Observer, KnowsMessageBoundariesAndTheMessagesOpcode) {
  const auto frames = observe(Side::server, hex("02 00 89 00 00 00 8a 00 80 00 89 00 81 00"));
  const struct {
    std::uint8_t message_opcode;
    bool boundary_after;
  } expected[] = {{2, false}, {2, false}, {2, false}, {2, false}, {2, true}, {2, true}, {1, true}};
  ASSERT_EQ(frames.size(), std::size(expected));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].message_opcode, expected[i].message_opcode) << i;
    EXPECT_EQ(frames[i].message_boundary_after, expected[i].boundary_after) << i;
  }
}

// If the character has begun, its frame is at fault, however the payload is cut.
TEST(Observer, FindsBadUtf8DeepInsideAMaskedPayload) {
  std::mt19937 random(7);
  for (const std::size_t place : {0, 1023, 1024, 1025, 4000}) {
    std::string text(5000, 'a');
    text[place] = static_cast<char>(0xFF);
    const std::string stream = encode_frame({.masking_key = MaskingKey{9, 8, 7, 6}, .payload = text});
    for (const std::size_t largest : {3, 3000, 10000}) {
      const auto frames = test::observe_sliced(Side::client, stream, 0, largest, random).frames();
      EXPECT_EQ(frames[0].violations, std::vector{Violation::bad_utf8}) << place;
      EXPECT_TRUE(frames[0].header_violations.empty());
    }
  }
}

/// A stream of frames, most of them legal, with text that is sometimes invalid.
std::string random_stream(std::mt19937& random) {
  const std::string texts[] = {"plain",
                               hex("c3 a9 e2 82 ac"),
                               hex("e2 82"),
                               hex("ac"),
                               hex("ff"),
                               "",
                               std::string(130, 'x'),
                               std::string(2000, 'y'),
                               close_payload(1014, "bye"),
                               close_payload(1006, hex("ff"))};
  const std::uint8_t opcodes[] = {0, 0, 1, 1, 2, 8, 9, 10, 3, 11};
  std::string stream;
  const auto frames = 1 + random() % 12;
  for (unsigned i = 0; i < frames; ++i) {
    FrameSpec spec;
    spec.fin = random() % 3 != 0;
    spec.rsv = random() % 10 == 0 ? static_cast<std::uint8_t>(random() % 8) : 0;
    spec.opcode = opcodes[random() % std::size(opcodes)];
    if (random() % 2 == 0) spec.masking_key = MaskingKey{static_cast<std::uint8_t>(random()), 2, 3, 4};
    if (random() % 5 == 0) spec.length_form = LengthForm::bits64;
    spec.payload = texts[random() % std::size(texts)];
    append_frame(stream, spec);
  }
  if (random() % 4 == 0) stream.resize(random() % stream.size());
  return stream;
}

TEST(Observer, SlicesGiveTheSameAsTheWhole) {
  std::mt19937 random(8);
  std::array<int, violation_count> seen{};
  for (int round = 0; round < 3000; ++round) {
    const Side sender = random() % 2 == 0 ? Side::client : Side::server;
    const std::uint8_t allowed_rsv = random() % 2 == 0 ? 4 : 0;
    const std::string stream = random_stream(random);
    Collector whole(sender, allowed_rsv);
    whole.feed(stream);
    for (const std::size_t largest : {1, 5, 300}) {
      const Collector sliced = test::observe_sliced(sender, stream, allowed_rsv, largest, random);
      ASSERT_EQ(sliced.frames(), whole.frames()) << "round " << round << ", slices up to " << largest;
      ASSERT_EQ(sliced.observer().at_end(), whole.observer().at_end());
      ASSERT_EQ(sliced.observer().at_message_boundary(), whole.observer().at_message_boundary());
    }
    for (const Observed& frame : whole.frames()) {
      for (const Violation violation : frame.violations) ++seen[static_cast<std::size_t>(violation)];
    }
    if (const auto violation = whole.observer().at_end()) ++seen[static_cast<std::size_t>(*violation)];
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto violation = static_cast<Violation>(i);
    // These need lengths and bodies that this stream does not contain; violation_test.cpp covers them.
    if (violation == Violation::length_overflow || violation == Violation::close_code_invalid) continue;
    EXPECT_GT(seen[i], 0) << describe(violation).name << " was never met";
  }
}

// Nothing is lost and nothing added: header bytes and payloads, in order, equal the stream.
TEST(Observer, GarbageIsReadToItsLastByte) {
  std::mt19937 random(9);
  for (int round = 0; round < 3000; ++round) {
    std::string garbage(random() % 400, '\0');
    for (char& byte : garbage) byte = static_cast<char>(random());
    const Collector collector = test::observe_sliced(Side::client, garbage, 0, 1 + random() % 50, random);
    std::string read;
    for (const Observed& frame : collector.frames()) read += frame.header_bytes + frame.wire_payload;
    ASSERT_TRUE(garbage.starts_with(read));
    const std::string unfinished_header = garbage.substr(read.size());
    ASSERT_LT(unfinished_header.size(), 14U);
    if (!unfinished_header.empty()) {
      ASSERT_EQ(collector.observer().header_bytes(), unfinished_header);
    }
  }
}

}  // namespace
}  // namespace wsfault::wire
