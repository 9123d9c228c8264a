// The encoder, checked against the bytes printed in RFC 6455 5.2 and 5.7, and what no endpoint may send.
#include "wire/frame.hpp"

#include <gtest/gtest.h>

#include "hex.hpp"

namespace wsfault::wire {
namespace {

using test::hex;

constexpr MaskingKey key_of_the_rfc = {0x37, 0xFA, 0x21, 0x3D};

struct HeaderCase {
  const char* what;
  FrameSpec spec;
  const char* bytes;
};

const HeaderCase cases[] = {
    // 5.7
    {"a single-frame unmasked text message", {.payload = "Hello"}, "81 05 48 65 6c 6c 6f"},
    {"a single-frame masked text message",
     {.masking_key = key_of_the_rfc, .payload = "Hello"},
     "81 85 37 fa 21 3d 7f 9f 4d 51 58"},
    {"a fragmented text message, first frame", {.fin = false, .payload = "Hel"}, "01 03 48 65 6c"},
    {"a fragmented text message, last frame", {.opcode = 0, .payload = "lo"}, "80 02 6c 6f"},
    {"an unmasked ping", {.opcode = 9, .payload = "Hello"}, "89 05 48 65 6c 6c 6f"},
    {"a masked pong",
     {.opcode = 10, .masking_key = key_of_the_rfc, .payload = "Hello"},
     "8a 85 37 fa 21 3d 7f 9f 4d 51 58"},
    // 5.2, bit by bit
    {"an empty frame", {.opcode = 2}, "82 00"},
    {"an empty masked frame", {.opcode = 2, .masking_key = key_of_the_rfc}, "82 80 37 fa 21 3d"},
    {"RSV1", {.rsv = 4, .payload = "x"}, "c1 01 78"},
    {"RSV2", {.rsv = 2, .payload = "x"}, "a1 01 78"},
    {"RSV3", {.rsv = 1, .payload = "x"}, "91 01 78"},
    // illegal everywhere
    {"all reserved bits and a reserved opcode", {.fin = false, .rsv = 7, .opcode = 15}, "7f 00"},
    {"a fragmented ping", {.fin = false, .opcode = 9}, "09 00"},
    {"5 in 16 bits", {.length_form = LengthForm::bits16, .payload = "Hello"}, "81 7e 00 05 48 65 6c 6c 6f"},
    {"5 in 64 bits, masked",
     {.masking_key = key_of_the_rfc, .length_form = LengthForm::bits64, .payload = "Hello"},
     "81 ff 00 00 00 00 00 00 00 05 37 fa 21 3d 7f 9f 4d 51 58"},
    {"a length that is larger than the payload",
     {.declared_length = 0x1234, .payload = "x"},
     "81 7e 12 34 78"},
    {"a length that is smaller than the payload", {.declared_length = 0, .payload = "x"}, "81 00 78"},
    {"the most significant bit of a length",
     {.opcode = 2, .declared_length = 0x8000'0000'0000'0001},
     "82 7f 80 00 00 00 00 00 00 01"},
    {"a form too small keeps the low 7 bits",
     {.length_form = LengthForm::bits7, .declared_length = 0x181},
     "81 01"},
    {"a form too small keeps the low 16 bits",
     {.length_form = LengthForm::bits16, .declared_length = 0x12345},
     "81 7e 23 45"},
};

TEST(Frame, IsWrittenAsTold) {
  for (const HeaderCase& each : cases) EXPECT_EQ(encode_frame(each.spec), hex(each.bytes)) << each.what;
}

// 5.2: "the minimal number of bytes MUST be used to encode the length"; 5.7: 256 bytes, 64 KiB.
TEST(Frame, LengthIsMinimalUnlessToldOtherwise) {
  const struct {
    std::size_t size;
    const char* header;
  } sizes[] = {
      {125, "82 7d"},
      {126, "82 7e 00 7e"},
      {256, "82 7e 01 00"},
      {65535, "82 7e ff ff"},
      {65536, "82 7f 00 00 00 00 00 01 00 00"},
  };
  for (const auto& each : sizes) {
    const std::string payload(each.size, 'a');
    EXPECT_EQ(encode_frame({.opcode = 2, .payload = payload}), hex(each.header) + payload) << each.size;
  }
}

// 5.5 allows 125 bytes.
TEST(Frame, AnOversizedControlFrameIsWritten) {
  const std::string payload(126, 'a');
  EXPECT_EQ(encode_frame({.opcode = 9, .payload = payload}), hex("89 7e 00 7e") + payload);
}

TEST(Frame, IsAppendedBehindWhatIsThere) {
  std::string out = "before";
  append_frame(out, {.masking_key = key_of_the_rfc, .payload = "Hello"});
  append_frame(out, {.opcode = 9});
  EXPECT_EQ(out, "before" + hex("81 85 37 fa 21 3d 7f 9f 4d 51 58 89 00"));
}

// 5.5.1: "a 2-byte unsigned integer (in network byte order)", then the reason.
TEST(Frame, CloseBodyIsCodeThenReason) {
  EXPECT_EQ(close_payload(1000), hex("03 e8"));
  EXPECT_EQ(close_payload(1014, "up"), hex("03 f6 75 70"));
  EXPECT_EQ(close_payload(65535), hex("ff ff"));
}

TEST(Frame, OpcodesHaveTheNamesOfTheRfc) {
  const std::string names[] = {"continuation", "text",        "binary",      "reserved 3",
                               "reserved 4",   "reserved 5",  "reserved 6",  "reserved 7",
                               "close",        "ping",        "pong",        "reserved 11",
                               "reserved 12",  "reserved 13", "reserved 14", "reserved 15"};
  for (std::uint8_t opcode = 0; opcode < 16; ++opcode) {
    EXPECT_EQ(opcode_name(opcode), names[opcode]);
    EXPECT_EQ(is_control(opcode), opcode >= 8) << "5.5: the most significant bit of the opcode";
  }
}

}  // namespace
}  // namespace wsfault::wire
