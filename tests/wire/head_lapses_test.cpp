// What no sender may write into a head, with the sentence that forbids it.
#include "wire/head_lapses.hpp"

#include <gtest/gtest.h>

namespace wsfault::wire {
namespace {

std::vector<std::string> names(const std::vector<HeadLapse>& lapses) {
  std::vector<std::string> names;
  for (const HeadLapse& lapse : lapses) names.emplace_back(lapse.name);
  return names;
}
using Names = std::vector<std::string>;

Names of_request(Headers headers) {
  return names(lapses_of(RequestHead{"GET", "/", 11, std::move(headers)}));
}

// RFC 6455 4.1: "The elements that comprise this value MUST be non-empty strings with characters in the range
// U+0021 to U+007E not including separator characters as defined in [RFC2616] and MUST all be unique
// strings."
TEST(HeadLapses, SubprotocolsAreUniqueTokens) {
  const auto offering = [](const char* value) { return of_request({{"Sec-WebSocket-Protocol", value}}); };
  const Names bad{"bad-subprotocols"};
  EXPECT_EQ(of_request({}), Names{});
  EXPECT_EQ(offering("chat"), Names{});
  EXPECT_EQ(offering("chat, superchat"), Names{});
  EXPECT_EQ(of_request({{"Sec-WebSocket-Protocol", "chat"}, {"Sec-WebSocket-Protocol", "superchat"}}),
            Names{});
  EXPECT_EQ(offering(""), bad);
  EXPECT_EQ(offering("chat,"), bad);
  EXPECT_EQ(offering("chat, , superchat"), bad);
  EXPECT_EQ(offering("chat, chat"), bad);
  EXPECT_EQ(offering("my chat"), bad);
  EXPECT_EQ(offering("a/b"), bad);
}

Names of_101(Headers headers, int version = 11, int status = 101) {
  headers.push_back({"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="});
  return names(lapses_of(ResponseHead{status, "", version, std::move(headers)}));
}

// RFC 9110 15.2: "Since HTTP/1.0 did not define any 1xx status codes, a server MUST NOT send a 1xx response
// to an HTTP/1.0 client." 8.6: "A server MUST NOT send a Content-Length header field in any response with a
// status code of 1xx". RFC 9112 6.1: the same of Transfer-Encoding. RFC 6455 11.3.3: Sec-WebSocket-Accept
// "MUST NOT appear more than once".
TEST(HeadLapses, A101HasNoBodyAndOneAccept) {
  EXPECT_EQ(of_101({}), Names{});
  EXPECT_EQ(of_101({}, 10), Names{"http-1-0-in-101"});
  EXPECT_EQ(of_101({{"sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}}), Names{"two-accepts"});
  EXPECT_EQ(of_101({{"Content-Length", "0"}}), Names{"content-length-in-1xx"});
  EXPECT_EQ(of_101({{"Transfer-Encoding", "chunked"}}), Names{"transfer-encoding-in-1xx"});
  EXPECT_EQ(of_101({{"Content-Length", "0"}}, 11, 103), Names{"content-length-in-1xx"});
  EXPECT_EQ(of_101({{"Content-Length", "0"}}, 10, 503), Names{}) << "a final answer has a body";
}

// RFC 9112 5.2: "A sender MUST NOT generate a message that includes line folding".
TEST(HeadLapses, LinesAreNotFolded) {
  EXPECT_TRUE(folds_a_line("GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n"));
  EXPECT_TRUE(folds_a_line("GET / HTTP/1.1\r\nX: a\r\n\tb\r\n\r\n"));
  EXPECT_FALSE(folds_a_line("GET / HTTP/1.1\r\nX: a b\r\n\r\n"));
}

// RFC 9112 2.1: a head's lines end in CRLF; 2.2: a recipient MAY take a single LF.
TEST(HeadLapses, LinesEndInCrLf) {
  EXPECT_TRUE(ends_lines_in_lf("GET / HTTP/1.1\nHost: x\n\n"));
  EXPECT_FALSE(ends_lines_in_lf("GET / HTTP/1.1\nHost: x\n"));
  EXPECT_FALSE(ends_lines_in_lf("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_FALSE(ends_lines_in_lf("GET / HTTP/1.1\r\nHost: x\r\n\r\na body\n\n"));
}

}  // namespace
}  // namespace wsfault::wire
