// The masking of RFC 6455 5.3: "j = i MOD 4; transformed-octet-i = original-octet-i XOR masking-key-octet-j".
#include "wire/mask.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "hex.hpp"

namespace wsfault::wire {
namespace {

using test::hex;

constexpr MaskingKey key_of_5_7 = {0x37, 0xFA, 0x21, 0x3D};

std::string random_bytes(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::string naive(std::string bytes, MaskingKey key, std::uint64_t offset) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ key[(offset + i) % 4]);
  }
  return bytes;
}

// 5.7: the masked "Hello".
TEST(Mask, TurnsHelloIntoTheBytesOfTheRfcAndBack) {
  std::string bytes = "Hello";
  mask(bytes.data(), bytes.size(), key_of_5_7);
  EXPECT_EQ(bytes, hex("7f 9f 4d 51 58"));
  mask(bytes.data(), bytes.size(), key_of_5_7);
  EXPECT_EQ(bytes, "Hello");
}

TEST(Mask, EqualsTheLoopOfTheRfcAtEverySizeAlignmentAndOffset) {
  const std::string source = random_bytes(256, 1);
  for (std::size_t size = 0; size <= 200; ++size) {
    for (std::size_t start = 0; start < 9; ++start) {
      for (std::uint64_t offset = 0; offset < 9; ++offset) {
        std::string bytes = source;
        mask(bytes.data() + start, size, key_of_5_7, offset);
        const std::string expected = source.substr(0, start) +
                                     naive(source.substr(start, size), key_of_5_7, offset) +
                                     source.substr(start + size);
        ASSERT_EQ(bytes, expected) << "size " << size << ", start " << start << ", offset " << offset;
      }
    }
  }
}

TEST(Mask, TakesOffsetsBeyond32Bits) {
  for (const std::uint64_t offset : {0x1'0000'0003U, 0xFFFF'FFFF'FFFF'FFFDU}) {
    std::string bytes = random_bytes(20, 2);
    const std::string expected = naive(bytes, key_of_5_7, offset);
    mask(bytes.data(), bytes.size(), key_of_5_7, offset);
    EXPECT_EQ(bytes, expected);
  }
}

TEST(Mask, InSlicesIsMaskAtOnce) {
  const std::string source = random_bytes(1000, 3);
  std::string whole = source;
  mask(whole.data(), whole.size(), key_of_5_7);
  std::mt19937 random(4);
  for (int round = 0; round < 50; ++round) {
    std::string sliced = source;
    for (std::size_t done = 0; done < sliced.size();) {
      const std::size_t size = std::min<std::size_t>(random() % 97, sliced.size() - done);
      mask(sliced.data() + done, size, key_of_5_7, done);
      done += size;
    }
    ASSERT_EQ(sliced, whole) << "round " << round;
  }
}

}  // namespace
}  // namespace wsfault::wire
