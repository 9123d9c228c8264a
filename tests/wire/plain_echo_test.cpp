// The echo of plain messages: what a server that reads each of them would send.
#include "wire/plain_echo.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "wire/frame.hpp"

namespace wsfault::wire {
namespace {

constexpr MaskingKey key = {1, 2, 3, 4};

std::string from_client(std::string_view payload, std::uint8_t opcode = 1) {
  return encode_frame({.opcode = opcode, .masking_key = key, .payload = payload});
}

TEST(PlainEcho, AnswersMessagesOfOneFrame) {
  const PlainEcho echo = echo_plain(from_client("one") + from_client("", 2) + from_client(std::string(70'000, 'x')));
  EXPECT_EQ(echo.frames, encode_frame({.payload = "one"}) + encode_frame({.opcode = 2}) +
                             encode_frame({.payload = std::string(70'000, 'x')}));
}

TEST(PlainEcho, StopsBeforeWhatIsNotPlain) {
  const std::string first = from_client("first");
  const std::string others[] = {
      from_client("data", 9),
      from_client("\x03\xe8", 8),
      from_client("\xff"),                                             // RFC 6455 8.1
      encode_frame({.payload = "unmasked"}),                           // 5.1
      encode_frame({.rsv = 4, .masking_key = key, .payload = "x"}),    // 5.2
      encode_frame({.fin = false, .masking_key = key, .payload = "x"}),
      encode_frame({.opcode = 0, .masking_key = key, .payload = "x"}),
      encode_frame({.opcode = 3, .masking_key = key, .payload = "x"}),
      encode_frame({.masking_key = key, .length_form = LengthForm::bits16, .payload = "x"}),
  };
  for (const std::string& other : others) {
    const PlainEcho echo = echo_plain(first + other + first);
    EXPECT_EQ(echo.size, first.size());
    EXPECT_EQ(echo.frames, encode_frame({.payload = "first"}));
  }
}

/// Wherever the bytes are cut: whole messages are answered, the rest comes again.
TEST(PlainEcho, AnswersWhatIsWhole) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::string all, answers;
    std::vector<std::pair<std::size_t, std::size_t>> ends;  // of messages and of their answers
    for (int i = 0; i < 5; ++i) {
      const std::string payload(random() % 3 == 0 ? random() % 70'000 : random() % 200, 'x');
      all += from_client(payload);
      answers += encode_frame({.payload = payload});
      ends.emplace_back(all.size(), answers.size());
    }
    const std::size_t cut = random() % (all.size() + 1);
    const PlainEcho echo = echo_plain(std::string_view(all).substr(0, cut));
    std::pair<std::size_t, std::size_t> expected{0, 0};
    for (const auto& end : ends) {
      if (end.first <= cut) expected = end;
    }
    EXPECT_EQ(echo.size, expected.first);
    EXPECT_TRUE(echo.frames == answers.substr(0, expected.second));
  }
}

}  // namespace
}  // namespace wsfault::wire
