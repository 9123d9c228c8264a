// How the bytes of an answer, and of a request, are judged in a handshake.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reference/client_handshake.hpp"
#include "reference/server_handshake.hpp"

namespace wsfault::reference {
namespace {

const wire::RequestHead request{"GET",
                                "/",
                                11,
                                {{"Host", "a"},
                                 {"Upgrade", "websocket"},
                                 {"Connection", "Upgrade"},
                                 {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                                 {"Sec-WebSocket-Version", "13"}}};

// The answer of RFC 6455 1.3.
const std::string right_answer =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

std::optional<Opening> judged(std::string bytes, Defects defects = {}) {
  return judge_answer(bytes, request, defects);
}

TEST(Answer, ARight101OpensAndLeavesWhatFollows) {
  const auto opening = judged(right_answer + "\x81\x01x");
  ASSERT_TRUE(opening);
  EXPECT_FALSE(opening->refusal);
  EXPECT_EQ(opening->first_bytes, "\x81\x01x");
}

TEST(Answer, EveryPrefixNeedsMore) {
  for (std::size_t size = 0; size < right_answer.size(); ++size) {
    EXPECT_FALSE(judged(right_answer.substr(0, size))) << size;
  }
}

TEST(Answer, InterimAnswersAreSkipped) {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  EXPECT_FALSE(judged(interim));
  const auto opening = judged(interim + interim + right_answer);
  ASSERT_TRUE(opening);
  EXPECT_FALSE(opening->refusal);
}

struct RefusedCase {
  std::string bytes;
  std::string message;
};

TEST(Answer, EverythingElseIsRefused) {
  const std::vector<RefusedCase> cases{
      {"HTTP/1.1 200 OK\r\n\r\n<html>", "unexpected status 200"},
      {"HTTP/1.1 101 x\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
       "invalid 101: no-upgrade"},
      {"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
       "invalid 101: wrong-accept"},
      {"SSH-2.0-OpenSSH_9.2\r\n", "the answer is not HTTP"},
      {"HTTP/1.1 abc\r\n\r\n", "the answer is not HTTP"},
      {"HTTP/1.1 101 x\r\nA: " + std::string(20000, 'x'), "the answer's head is too large"},
  };
  for (const RefusedCase& each : cases) {
    const auto opening = judged(each.bytes);
    ASSERT_TRUE(opening && opening->refusal) << each.message;
    EXPECT_EQ(opening->refusal->message, each.message);
  }
}

TEST(Answer, RetryAfterIsReadInSeconds) {
  const auto seconds = judged("HTTP/1.1 503 Busy\r\nRetry-After: 2\r\n\r\n");
  EXPECT_EQ(seconds->refusal->status, 503);
  EXPECT_EQ(seconds->refusal->retry_after, std::chrono::seconds(2));
  const auto date = judged("HTTP/1.1 503 Busy\r\nRetry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n\r\n");
  EXPECT_EQ(date->refusal->retry_after, std::nullopt);
  const auto huge = judged("HTTP/1.1 503 Busy\r\nRetry-After: 9223372036854775807\r\n\r\n");
  EXPECT_EQ(huge->refusal->retry_after, longest_duration);
}

TEST(AnswerDefect, OpensOnAnything) {
  for (const std::string bytes : {"HTTP/1.1 503 Busy\r\n\r\n", "SSH-2.0-x\r\n", "HTTP/1.1 101 x\r\n\r\n"}) {
    const auto opening = judged(bytes, Defects(Defect::opens_on_anything));
    ASSERT_TRUE(opening) << bytes;
    EXPECT_FALSE(opening->refusal) << bytes;
  }
}

TEST(AnswerDefect, AcceptsBad101) {
  const auto bad = judged("HTTP/1.1 101 x\r\n\r\n", Defects(Defect::accepts_bad_101));
  ASSERT_TRUE(bad);
  EXPECT_FALSE(bad->refusal);
  const auto other = judged("HTTP/1.1 503 Busy\r\n\r\n", Defects(Defect::accepts_bad_101));
  ASSERT_TRUE(other);
  EXPECT_TRUE(other->refusal);
}

int answered(std::string bytes) {
  const auto reply = judge_request(bytes);
  return reply ? reply->head.status : 0;
}

TEST(Request, IsAnsweredByWhatItIs) {
  EXPECT_EQ(answered(wire::serialize(request)), 101);
  EXPECT_EQ(answered("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 426);
  EXPECT_EQ(answered("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 12\r\n\r\n"),
            426);
  EXPECT_EQ(answered("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n"),
            400);
  EXPECT_EQ(answered("\x16\x03\x01 a TLS hello"), 400);
  EXPECT_EQ(answered("GET /" + std::string(20000, 'x')), 431);
  EXPECT_EQ(answered("GET / HT"), 0);
}

}  // namespace
}  // namespace wsfault::reference
