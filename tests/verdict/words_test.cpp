// What a party got, in words: never a code that was not there, never an end in place of what came before it.
#include "verdict/oracle/words.hpp"

#include <gtest/gtest.h>

namespace wsfault::verdict::oracle {
namespace {

record::FrameSeen close_of(std::optional<std::uint16_t> code, std::uint64_t length, std::string reason = {}) {
  record::FrameSeen frame;
  frame.opcode = 8;
  frame.code = code;
  frame.length = length;
  frame.text = reason;
  return frame;
}

// RFC 6455 7.1.5: 1005 says that there was no code; 7.4.1: on the wire it is illegal.
TEST(CloseWords, TellNoCodeFromOneThatIsIllegal) {
  EXPECT_EQ(close_words(close_of({}, 0)), "an empty Close");
  EXPECT_EQ(close_words(close_of(1005, 2)), "Close 1005 (an illegal code)");
  EXPECT_EQ(close_words(close_of(2999, 2)), "Close 2999 (an illegal code)");
  EXPECT_EQ(close_words(close_of({}, 1)), "a Close with an illegal body (1 byte)");
  EXPECT_EQ(close_words(close_of(1000, 4, "\xc3\x28")), "Close 1000 with a reason that is not UTF-8");
  EXPECT_EQ(close_words(close_of(4000, 5, "bye")), "Close 4000");
}

struct Row {
  Act act;
  const char* words;
};

TEST(ActWords, SayWhatCame) {
  constexpr std::int64_t later = 5'000'000;
  const Row rows[] = {
      {{.kind = ReactionKind::close, .value = 1005, .close = "an empty Close", .at = later},
       "it got an empty Close after 5ms"},
      {{.kind = ReactionKind::close, .value = 1005, .close = "Close 1005 (an illegal code)", .at = later},
       "it got Close 1005 (an illegal code) after 5ms"},
      {{.kind = ReactionKind::ends, .at = later}, "it got FIN without a Close after 5ms"},
      {{.kind = ReactionKind::ends, .before_101 = true, .reset = true, .at = later},
       "it got RST without an answer after 5ms"},
      {{.kind = ReactionKind::ends, .start = "HTTP/1.1 50", .before_101 = true, .at = later},
       "it got half an HTTP head (\"HTTP/1.1 50\") and FIN after 5ms"},
      {{.kind = ReactionKind::garbage, .start = "SSH-2.0-x", .before_101 = true, .at = later},
       "it got something that is not HTTP (\"SSH-2.0-x\") after 5ms"},
      {{.kind = ReactionKind::opens, .before_101 = true, .at = later}, "it got 101 after 5ms"},
      {{.kind = ReactionKind::stays_open, .before_101 = true}, "it got no answer"},
      {{}, "it got neither a Close nor an end of TCP"},
  };
  for (const Row& row : rows) EXPECT_EQ(as_seen(row.act, 0), row.words);
}

}  // namespace
}  // namespace wsfault::verdict::oracle
