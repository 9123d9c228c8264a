// UTF-8 as RFC 3629 4 defines it, whole and in slices.
#include "wire/utf8.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "hex.hpp"

namespace wsfault::wire {
namespace {

using test::hex;

struct TextCase {
  const char* what;
  const char* bytes;
};

constexpr TextCase valid_texts[] = {
    {"nothing", ""},
    {"ASCII, longer than a word", "48 65 6c 6c 6f 2c 20 77 6f 72 6c 64"},
    {"U+0000", "00"},
    {"U+007F", "7f"},
    {"U+0080, the first of two bytes", "c2 80"},
    {"U+07FF, the last of two bytes", "df bf"},
    {"U+0800, the first of three bytes", "e0 a0 80"},
    {"U+1000", "e1 80 80"},
    {"U+D7FF, before the surrogates", "ed 9f bf"},
    {"U+E000, after the surrogates", "ee 80 80"},
    {"U+FFFF, the last of three bytes", "ef bf bf"},
    {"U+10000, the first of four bytes", "f0 90 80 80"},
    {"U+40000", "f1 80 80 80"},
    {"U+10FFFF, the last of all", "f4 8f bf bf"},
    {"RFC 3629 7: the Japanese for Japanese", "e6 97 a5 e6 9c ac e8 aa 9e"},
    {"a character across the eighth byte", "61 61 61 61 61 61 61 c3 a9 61 61 61 61 61 61 61 61"},
};

/// The number of bytes after which no continuation can make it valid.
struct BadCase {
  const char* what;
  const char* bytes;
  std::size_t certain_after;
};

constexpr BadCase invalid_texts[] = {
    {"a continuation byte alone", "80", 1},
    {"the last continuation byte alone", "bf", 1},
    {"a continuation byte too many", "c2 80 80", 3},
    {"C0: overlong in two bytes", "c0 80", 1},
    {"C1: overlong in two bytes", "c1 bf", 1},
    {"overlong in three bytes", "e0 9f bf", 2},
    {"overlong in four bytes", "f0 8f bf bf", 2},
    {"the first surrogate, U+D800", "ed a0 80", 2},
    {"the last surrogate, U+DFFF", "ed bf bf", 2},
    {"U+110000, above the last", "f4 90 80 80", 2},
    {"F5", "f5 80 80 80", 1},
    {"FF", "ff", 1},
    {"two bytes begun, then ASCII", "c3 28", 2},
    {"two bytes begun, then a word of ASCII", "c3 61 61 61 61 61 61 61 61 a9", 2},
    {"three bytes begun, then ASCII", "e2 82 28", 3},
    {"four bytes begun, then a new character", "f0 9f 98 c2", 4},
    {"bad after ASCII of more than a word", "61 61 61 61 61 61 61 61 61 ff", 10},
    {"Autobahn 6.3.1", "ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65 64 69 74 65 64", 13},
};

TEST(Utf8, AcceptsEveryRangeOfRfc3629AndKnowsWhereACharacterEnds) {
  for (const TextCase& each : valid_texts) EXPECT_TRUE(is_utf8(hex(each.bytes))) << each.what;
}

TEST(Utf8, RefusesAsSoonAsItIsCertainAndForGood) {
  for (const BadCase& each : invalid_texts) {
    SCOPED_TRACE(each.what);
    const std::string bytes = hex(each.bytes);
    EXPECT_FALSE(is_utf8(bytes));
    Utf8Check check;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      EXPECT_EQ(check.feed(bytes.substr(i, 1)), i + 1 < each.certain_after) << "byte " << i;
    }
    EXPECT_FALSE(check.feed("fine"));
    EXPECT_FALSE(check.complete());
    check.reset();
    EXPECT_TRUE(check.feed("fine"));
    EXPECT_TRUE(check.complete());
  }
}

// A text may stop inside a character if more may follow (RFC 6455 8.1 is about whole messages).
TEST(Utf8, EveryBeginningOfACharacterIsPossibleButNotComplete) {
  for (const char* character : {"c2 80", "e0 a0 80", "ed 9f bf", "f0 90 80 80", "f4 8f bf bf"}) {
    const std::string bytes = hex(character);
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      Utf8Check check;
      EXPECT_TRUE(check.feed(bytes.substr(0, size))) << character;
      EXPECT_FALSE(check.complete()) << character;
      EXPECT_FALSE(is_utf8(bytes.substr(0, size))) << character;
      EXPECT_TRUE(check.feed(bytes.substr(size))) << character;
      EXPECT_TRUE(check.complete()) << character;
    }
  }
}

/// RFC 3629 3 as arithmetic: decode, then refuse overlong forms, surrogates and code points that are too
/// large.
bool is_utf8_by_decoding(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80       ? 1
                             : lead >> 5 == 6  ? 2
                             : lead >> 4 == 14 ? 3
                             : lead >> 3 == 30 ? 4
                                               : 0;
    if (size == 0 || text.size() - i < size) return false;
    std::uint32_t point = size == 1 ? lead : lead & (0x7FU >> size);
    for (std::size_t k = 1; k < size; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      if (byte >> 6 != 2) return false;
      point = point << 6 | (byte & 0x3FU);
    }
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < smallest[size] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    i += size;
  }
  return true;
}

// All first and second bytes, where the rules differ; for the other bytes, the limits of the continuation
// range.
TEST(Utf8, AgreesWithADecoderOnStringsOfFourBytes) {
  std::string text(4, '\0');
  for (int first_two = 0; first_two < 0x10000; ++first_two) {
    text[0] = static_cast<char>(first_two >> 8);
    text[1] = static_cast<char>(first_two);
    for (const int third : {0x41, 0x7F, 0x80, 0xBF, 0xC2}) {
      text[2] = static_cast<char>(third);
      for (const int fourth : {0x41, 0x80, 0xBF, 0xC0}) {
        text[3] = static_cast<char>(fourth);
        ASSERT_EQ(is_utf8(text), is_utf8_by_decoding(text)) << testing::PrintToString(text);
      }
    }
  }
}

TEST(Utf8, InSlicesIsTheSameAsWhole) {
  std::mt19937 random(5);
  const std::string pieces[] = {"plain text ", hex("c3 a9"), hex("e2 82 ac"), hex("f0 9f 98 80"),
                                hex("e2 82")};
  int valid = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    const auto count = random() % 12;
    for (unsigned i = 0; i < count; ++i) text += pieces[random() % 41 % 5];
    Utf8Check check;
    for (std::size_t done = 0; done < text.size();) {
      const std::size_t size = 1 + random() % 9;
      check.feed(std::string_view(text).substr(done, size));
      done += size;
    }
    ASSERT_EQ(check.complete(), is_utf8(text)) << "round " << round;
    valid += check.complete() ? 1 : 0;
  }
  EXPECT_GT(valid, 100);
  EXPECT_LT(valid, 1900);
}

}  // namespace
}  // namespace wsfault::wire
