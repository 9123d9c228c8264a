// Every violation of RFC 6455 as literal bytes, and similar cases that are legal.
#include <gtest/gtest.h>

#include <set>

#include "hex.hpp"
#include "observed.hpp"

namespace wsfault::wire {
namespace {

using test::hex;
using test::observe;
using test::Observed;
using enum Violation;

/// The violations of each frame of the stream, in order.
using Accusations = std::vector<std::vector<Violation>>;

Accusations accusations(const std::vector<Observed>& frames) {
  Accusations found;
  for (const Observed& frame : frames) found.push_back(frame.violations);
  return found;
}

struct Case {
  const char* what;
  Side sender;
  std::string bytes;
  Accusations expected;
};

void expect(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    EXPECT_EQ(accusations(observe(each.sender, each.bytes)), each.expected) << each.what;
  }
}

constexpr Side client = Side::client;
constexpr Side server = Side::server;

// 5.2: RSV "MUST be 0 unless an extension is negotiated that defines meanings for non-zero values".
TEST(Violation, ReservedBits) {
  expect({{"RSV1", server, hex("c1 00"), {{reserved_bits}}},
          {"RSV2", server, hex("a1 00"), {{reserved_bits}}},
          {"RSV3", server, hex("91 00"), {{reserved_bits}}},
          {"all, on a ping", server, hex("f9 00"), {{reserved_bits}}},
          {"none", server, hex("81 00"), {{}}}});
}

// RFC 7692 6: RSV1 only on the first frame of a message, and never on a control frame.
TEST(Violation, ReservedBitsWithCompressionNegotiated) {
  constexpr std::uint8_t deflate = 4;
  const struct {
    const char* bytes;
    Accusations expected;
  } cases[] = {
      {"c1 00", {{}}},
      {"c2 00", {{}}},
      {"a1 00", {{reserved_bits}}},
      {"41 00 80 00", {{}, {}}},
      {"41 00 c0 00", {{}, {reserved_bits}}},
      {"c9 00", {{reserved_bits}}},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(accusations(observe(server, hex(each.bytes), deflate)), each.expected) << each.bytes;
  }
}

// 5.2: "%x3-7 are reserved for further non-control frames", "%xB-F ... for further control frames".
TEST(Violation, ReservedOpcode) {
  for (const char* bytes :
       {"83 00", "84 00", "85 00", "86 00", "87 00", "8b 00", "8c 00", "8d 00", "8e 00", "8f 00"}) {
    EXPECT_EQ(accusations(observe(server, hex(bytes))), (Accusations{{reserved_opcode}})) << bytes;
  }
  expect({{"its length and its mask are read all the same",
           server,
           hex("83 fe 00 03 00 00 00 00 61 62 63 89 00"),
           {{reserved_opcode, masked_server_frame, non_minimal_length}, {}}}});
}

// 5.1: "a client MUST mask all frames that it sends to the server"; "A server MUST NOT mask any frames".
TEST(Violation, Masking) {
  expect({{"a client without a mask", client, hex("81 00"), {{unmasked_client_frame}}},
          {"a client without a mask, closing", client, hex("88 00"), {{unmasked_client_frame}}},
          {"a client with a key of zeros", client, hex("81 80 00 00 00 00"), {{}}},
          {"a server with a mask", server, hex("81 80 01 02 03 04"), {{masked_server_frame}}},
          {"a server without", server, hex("81 00"), {{}}}});
}

// 5.2: "the minimal number of bytes MUST be used to encode the length".
TEST(Violation, NonMinimalLength) {
  const std::string a125(125, 'a');
  const std::string a126(126, 'a');
  const std::string a65535(65535, 'a');
  const std::string a65536(65536, 'a');
  expect({{"125 in 16 bits", server, hex("82 7e 00 7d") + a125, {{non_minimal_length}}},
          {"126 in 16 bits", server, hex("82 7e 00 7e") + a126, {{}}},
          {"0 in 64 bits", server, hex("82 7f 00 00 00 00 00 00 00 00"), {{non_minimal_length}}},
          {"65535 in 64 bits", server, hex("82 7f 00 00 00 00 00 00 ff ff") + a65535, {{non_minimal_length}}},
          {"65536 in 64 bits", server, hex("82 7f 00 00 00 00 00 01 00 00") + a65536, {{}}}});
}

// 5.2: "the most significant bit MUST be 0".
TEST(Violation, LengthOverflow) {
  const auto frames = observe(server, hex("82 7f 80 00 00 00 00 00 00 00") + "abc");
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].header_violations, std::vector{length_overflow});
  EXPECT_EQ(frames[0].length, 0x8000'0000'0000'0000U);
  EXPECT_EQ(frames[0].wire_payload, "abc");
  EXPECT_FALSE(frames[0].ended);
  const auto largest_legal = observe(server, hex("82 7f 7f ff ff ff ff ff ff ff"));
  ASSERT_EQ(largest_legal.size(), 1U);
  EXPECT_TRUE(largest_legal[0].header_violations.empty());
}

// 5.5: "All control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented."
TEST(Violation, ControlFrames) {
  const std::string a125(125, 'a');
  const std::string a126(126, 'a');
  expect({{"a ping of 125 bytes", server, hex("89 7d") + a125, {{}}},
          {"a ping of 126 bytes", server, hex("89 7e 00 7e") + a126, {{oversized_control}}},
          {"a pong of 126 bytes", server, hex("8a 7e 00 7e") + a126, {{oversized_control}}},
          {"text of 126 bytes", server, hex("81 7e 00 7e") + a126, {{}}},
          {"a reserved control frame",
           server,
           hex("8b 7e 00 7e") + a126,
           {{reserved_opcode, oversized_control}}},
          {"a ping without FIN", server, hex("09 00"), {{fragmented_control}}},
          {"a Close without FIN", server, hex("08 02 03 e8"), {{fragmented_control}}}});
}

// 5.4: fragments of one message follow each other; control frames may stand between them.
TEST(Violation, Fragmentation) {
  expect({{"a continuation of nothing", server, hex("80 00"), {{orphan_continuation}}},
          {"it opens no message", server, hex("00 00 80 00"), {{orphan_continuation}, {orphan_continuation}}},
          {"a continuation after a whole message", server, hex("81 00 80 00"), {{}, {orphan_continuation}}},
          {"text inside a fragmented binary", server, hex("02 00 81 00"), {{}, {interleaved_message}}},
          {"binary inside a fragmented text", server, hex("01 00 82 00"), {{}, {interleaved_message}}},
          {"the new message takes the old one's place",
           server,
           hex("01 00 02 00 80 00 80 00"),
           {{}, {interleaved_message}, {}, {orphan_continuation}}},
          {"three fragments", server, hex("01 00 00 00 80 00"), {{}, {}, {}}},
          {"control frames between fragments",
           server,
           hex("01 00 89 00 00 00 8a 00 80 00"),
           {{}, {}, {}, {}, {}}},
          {"a reserved opcode between fragments",
           server,
           hex("01 00 83 00 80 00"),
           {{}, {reserved_opcode}, {}}}});
}

// 8.1 and 5.6: a text message is UTF-8 as a whole; a fragment may end inside a character.
TEST(Violation, BadUtf8) {
  expect({{"a byte that begins nothing", server, hex("81 01 ff"), {{bad_utf8}}},
          {"the same, masked", client, hex("81 81 37 fa 21 3d c8"), {{bad_utf8}}},
          {"an incomplete character at the end", server, hex("81 02 e2 82"), {{bad_utf8}}},
          {"a character over two fragments", server, hex("01 02 e2 82 80 01 ac"), {{}, {}}},
          {"the same with a ping of bad bytes between",
           server,
           hex("01 02 e2 82 89 01 ff 80 01 ac"),
           {{}, {}, {}}},
          {"the same with a reserved frame between",
           server,
           hex("01 02 e2 82 83 01 ff 80 01 ac"),
           {{}, {reserved_opcode}, {}}},
          {"certain in the middle fragment, said once",
           server,
           hex("01 01 61 00 02 e2 28 80 01 ff"),
           {{}, {bad_utf8}, {}}},
          {"incomplete, said at the last fragment", server, hex("01 02 e2 82 80 00"), {{}, {bad_utf8}}},
          {"each message anew", server, hex("81 01 ff 81 01 61 81 01 ff"), {{bad_utf8}, {}, {bad_utf8}}},
          {"a binary message", server, hex("82 01 ff"), {{}}},
          {"a fragmented binary message", server, hex("02 01 ff 80 01 ff"), {{}, {}}},
          {"a ping", server, hex("89 01 ff"), {{}}},
          {"an orphan belongs to no text", server, hex("80 01 ff"), {{orphan_continuation}}},
          {"a text cut off by a binary message is never judged whole",
           server,
           hex("01 01 e2 82 01 ff"),
           {{}, {interleaved_message}}}});
}

TEST(Violation, BadUtf8IsNotSoughtInCompressedMessages) {
  constexpr std::uint8_t deflate = 4;
  EXPECT_EQ(accusations(observe(server, hex("c1 01 ff 41 01 ff 80 01 ff"), deflate)),
            (Accusations{{}, {}, {}}));
  EXPECT_EQ(accusations(observe(server, hex("81 01 ff"), deflate)), (Accusations{{bad_utf8}}));
  EXPECT_EQ(accusations(observe(server, hex("c1 01 ff"))), (Accusations{{reserved_bits, bad_utf8}}));
}

// 5.5.1: "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer".
TEST(Violation, CloseBody) {
  expect({{"empty", server, hex("88 00"), {{}}},
          {"one byte", server, hex("88 01 03"), {{close_body_one_byte}}},
          {"a code", server, hex("88 02 03 e8"), {{}}},
          {"a code and a reason", server, hex("88 05 03 e8 e2 82 ac"), {{}}},
          {"a bad reason", server, hex("88 03 03 e8 ff"), {{close_reason_bad_utf8}}},
          {"an incomplete reason", server, hex("88 04 03 e8 e2 82"), {{close_reason_bad_utf8}}},
          {"a bad code and a bad reason",
           server,
           hex("88 03 03 ec ff"),
           {{close_code_invalid, close_reason_bad_utf8}}},
          {"masked, 1005", client, hex("88 82 37 fa 21 3d 34 17"), {{close_code_reserved}}}});
}

// 7.4.1 and 7.4.2.
TEST(Violation, CloseCode) {
  const struct {
    std::uint16_t code;
    std::vector<Violation> expected;
  } cases[] = {
      {0, {close_code_invalid}},
      {999, {close_code_invalid}},
      {1000, {}},
      {1003, {}},
      {1004, {close_code_invalid}},
      {1005, {close_code_reserved}},
      {1006, {close_code_reserved}},
      {1007, {}},
      {1011, {}},
      {1012, {}},
      {1013, {}},
      {1014, {}},
      {1015, {close_code_reserved}},
      {1016, {close_code_invalid}},
      {2999, {close_code_invalid}},
      {3000, {}},
      {3999, {}},
      {4000, {}},
      {4999, {}},
      {5000, {close_code_invalid}},
      {65535, {close_code_invalid}},
  };
  for (const auto& each : cases) {
    const auto frames = observe(server, encode_frame({.opcode = 8, .payload = close_payload(each.code)}));
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(frames[0].close_code, each.code);
    EXPECT_EQ(frames[0].violations, each.expected) << each.code;
  }
}

TEST(Violation, AReasonCutAt125BytesIsNotBlamedForTheCut) {
  const std::string reason = std::string(122, 'a') + hex("c3 a9");
  const std::string bad = std::string(122, 'a') + hex("ff 61");
  expect({{"a character across the cut", server, hex("88 7e 00 7e 03 e8") + reason, {{oversized_control}}},
          {"bad before the cut",
           server,
           hex("88 7e 00 7e 03 e8") + bad,
           {{oversized_control, close_reason_bad_utf8}}}});
}

// 5.5.1: "The application MUST NOT send any more data frames after sending a Close frame."
TEST(Violation, AfterClose) {
  expect({{"text", server, hex("88 00 81 00"), {{}, {data_after_close}}},
          {"a ping is no data", server, hex("88 00 89 00"), {{}, {}}},
          {"nor is a pong", server, hex("88 00 8a 00"), {{}, {}}},
          {"a reserved opcode", server, hex("88 00 83 00"), {{}, {reserved_opcode, data_after_close}}},
          {"the rest of a message", server, hex("01 00 88 00 80 00"), {{}, {}, {data_after_close}}},
          {"a second Close", server, hex("88 00 88 02 03 e8"), {{}, {second_close}}},
          {"every time",
           server,
           hex("88 00 81 00 88 00 81 00"),
           {{}, {data_after_close}, {second_close}, {data_after_close}}}});
}

TEST(Violation, ManyAtOnceComeInTheOrderFound) {
  const std::string body = hex("03 ed ff") + std::string(123, 'a');
  const std::string close = hex("78 ff 00 00 00 00 00 00 00 7e 00 00 00 00") + body;
  expect({{"a Close with everything wrong, twice",
           server,
           close + close,
           {{reserved_bits, masked_server_frame, non_minimal_length, oversized_control, fragmented_control,
             close_code_reserved, close_reason_bad_utf8},
            {reserved_bits, masked_server_frame, non_minimal_length, oversized_control, fragmented_control,
             second_close, close_code_reserved, close_reason_bad_utf8}}}});
}

TEST(Violation, TruncatedFrame) {
  const std::string stream = hex("89 82 01 02 03 04 61 62");
  for (std::size_t size = 0; size <= stream.size(); ++size) {
    test::Collector collector(client);
    collector.feed(stream.substr(0, size));
    const bool inside = size > 0 && size < stream.size();
    EXPECT_EQ(collector.observer().at_end().has_value(), inside) << size;
    if (inside) {
      EXPECT_EQ(*collector.observer().at_end(), truncated_frame) << size;
    }
  }
}

TEST(Violation, AFrameIsNotTruncatedWhenOnlyItsEndIsUnread) {
  FrameObserver observer(server);
  ASSERT_EQ(observer.next(hex("89 00")).what, FrameObserver::What::header);
  EXPECT_FALSE(observer.at_frame_boundary());
  EXPECT_EQ(observer.at_end(), std::nullopt);
}

TEST(Violation, NamesAreUniqueAndFoundAgain) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < violation_count; ++i) {
    const auto violation = static_cast<Violation>(i);
    const ViolationInfo& info = describe(violation);
    names.insert(info.name);
    EXPECT_EQ(find_violation(info.name), violation);
    EXPECT_TRUE(info.section.starts_with("RFC 6455 ")) << info.name;
    EXPECT_TRUE(info.text.ends_with('.')) << info.name;
  }
  EXPECT_EQ(names.size(), violation_count);
  EXPECT_EQ(describe(reserved_bits).name, "reserved-bits");
  EXPECT_EQ(describe(truncated_frame).name, "truncated-frame");
  EXPECT_EQ(find_violation("reserved bits"), std::nullopt);
  EXPECT_EQ(find_violation(""), std::nullopt);
}

}  // namespace
}  // namespace wsfault::wire
