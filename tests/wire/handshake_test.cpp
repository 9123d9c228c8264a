// HTTP/1 heads: found in a stream, parsed and written, and the keys of RFC 6455 4.
#include "wire/handshake.hpp"

#include <gtest/gtest.h>

#include <random>

#include "hex.hpp"

namespace wsfault::wire {

bool operator==(const Header& first, const Header& second) {
  return first.name == second.name && first.value == second.value;
}
void PrintTo(const Header& header, std::ostream* out) { *out << header.name << ": " << header.value; }

namespace {

using test::hex;

// RFC 6455 1.2.
constexpr std::string_view request_of_the_rfc =
    "GET /chat HTTP/1.1\r\n"
    "Host: server.example.com\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Origin: http://example.com\r\n"
    "Sec-WebSocket-Protocol: chat, superchat\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "\r\n";
constexpr std::string_view response_of_the_rfc =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "Sec-WebSocket-Protocol: chat\r\n"
    "\r\n";

TEST(Handshake, ReadsAndWritesTheRequestOfTheRfc) {
  const auto head = parse_request(request_of_the_rfc);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->method, "GET");
  EXPECT_EQ(head->target, "/chat");
  EXPECT_EQ(head->version, 11);
  ASSERT_EQ(head->headers.size(), 7U);
  EXPECT_EQ(head->headers[0], (Header{"Host", "server.example.com"}));
  EXPECT_EQ(head->headers[5], (Header{"Sec-WebSocket-Protocol", "chat, superchat"}));
  EXPECT_EQ(serialize(*head), request_of_the_rfc);
}

TEST(Handshake, ReadsAndWritesTheResponseOfTheRfc) {
  const auto head = parse_response(response_of_the_rfc);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 101);
  EXPECT_EQ(head->reason, "Switching Protocols");
  EXPECT_EQ(head->version, 11);
  ASSERT_EQ(head->headers.size(), 4U);
  EXPECT_EQ(head->headers[2], (Header{"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}));
  EXPECT_EQ(serialize(*head), response_of_the_rfc);
}

TEST(Handshake, KeepsOrderRepetitionAndSpellingOfHeaders) {
  const auto head = parse_response(
      "HTTP/1.0 503 \r\nset-COOKIE: a\r\nX:  padded \r\nSet-Cookie: b\r\nretry-after: 1\r\nEmpty:\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->version, 10);
  EXPECT_EQ(head->status, 503);
  EXPECT_EQ(head->reason, "");
  EXPECT_EQ(
      head->headers,
      (Headers{
          {"set-COOKIE", "a"}, {"X", "padded"}, {"Set-Cookie", "b"}, {"retry-after", "1"}, {"Empty", ""}}));
}

// A head is judged without its body, whatever body it announces.
TEST(Handshake, ReadsHeadsOfEveryKindOfMessage) {
  for (const char* bytes :
       {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 999 Own\r\n\r\n",
        "HTTP/1.0 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"}) {
    EXPECT_TRUE(parse_response(bytes)) << bytes;
  }
  for (const char* bytes : {"POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n",
                            "BREW / HTTP/1.1\r\n\r\n", "GET http://a/ HTTP/1.0\r\n\r\n"}) {
    EXPECT_TRUE(parse_request(bytes)) << bytes;
  }
}

// RFC 9112 4: "status-code = 3DIGIT". Found by the fuzzer.
TEST(Handshake, AStatusHasThreeDigits) {
  const std::string_view bytes = "HTTP/1.1 050 x\r\n\r\n";
  const auto head = parse_response(bytes);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 50);
  EXPECT_EQ(serialize(*head), bytes);
}

TEST(Handshake, ReadsLargeHeads) {
  const std::string large(300'000, 'x');
  const auto head = parse_request("GET / HTTP/1.1\r\nCookie: " + large + "\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->headers[0].value, large);
}

TEST(Handshake, RefusesWhatIsNotOneWholeHttp1Head) {
  for (const std::string& bytes :
       {std::string(), std::string("\r\n\r\n"), std::string("HTTP/1.1 101 Switching Protocols\r\n"),
        std::string("HTTP/2 200 \r\n\r\n"), std::string("HTTP/1.2 200 OK\r\n\r\n"),
        std::string("HTTP/1.1 1o1 x\r\n\r\n"), std::string("HTTP/1.1 101 x\r\nno colon\r\n\r\n"),
        std::string("HTTP/1.1 101 x\r\na b: c\r\n\r\n"), std::string("HTTP/1.1 101 x\n\n"),
        std::string("HTTP/1.1 200 OK\r\n\r\nbody"), std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        hex("15 03 01 00 02 02 28") + "\r\n\r\n", std::string(request_of_the_rfc)}) {
    EXPECT_FALSE(parse_response(bytes)) << testing::PrintToString(bytes);
  }
  for (const std::string& bytes :
       {std::string(), std::string("GET /\r\n\r\n"), std::string("GET / HTTP/1.1\r\nHost: a\r\n"),
        std::string("PRI * HTTP/2.0\r\n\r\n"), std::string(" / HTTP/1.1\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\n\r\nbody"), std::string(response_of_the_rfc)}) {
    EXPECT_FALSE(parse_request(bytes)) << testing::PrintToString(bytes);
  }
}

TEST(Handshake, NoMutationOfAHeadIsFatal) {
  std::mt19937 random(10);
  int refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string bytes(round % 2 == 0 ? request_of_the_rfc : response_of_the_rfc);
    const auto changes = 1 + random() % 4;
    for (unsigned i = 0; i < changes; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto request = parse_request(bytes);
    const auto response = parse_response(bytes);
    ASSERT_FALSE(request && response);
    if (request) {
      check_request(*request);
      EXPECT_TRUE(parse_request(serialize(*request))) << testing::PrintToString(bytes);
    }
    refused += request || response ? 0 : 1;
  }
  EXPECT_GT(refused, 400);
  EXPECT_LT(refused, 3600);
}

TEST(Handshake, FindsTheEndOfAHead) {
  EXPECT_EQ(head_size(""), std::nullopt);
  EXPECT_EQ(head_size("HTTP/1.1 101 x\r\n"), std::nullopt);
  EXPECT_EQ(head_size("HTTP/1.1 101 x\r\n\r"), std::nullopt);
  EXPECT_EQ(head_size("HTTP/1.1 101 x\r\n\r\n"), 18U);
  EXPECT_EQ(head_size("a\r\n\r\nb\r\n\r\n"), 5U) << "the first";
}

struct FirstBytes {
  std::string bytes;
  bool expected;
};

TEST(Handshake, TellsAResponseFromAnotherProtocolByItsFirstBytes) {
  const FirstBytes cases[] = {
      {"", true},           {"H", true},
      {"HTTP/1.", true},    {"HTTP/1.1 101", true},
      {"HTTP/2", false},    {"http/1.1", false},
      {"SSH-2.0-x", false}, {hex("15 03 01"), false},
      {"HTTP /1.1", false}, {hex("00 00 12 04"), false},
  };
  for (const FirstBytes& each : cases) EXPECT_EQ(may_be_response(each.bytes), each.expected) << each.bytes;
}

TEST(Handshake, TellsARequestFromAnotherProtocolByItsFirstBytes) {
  const FirstBytes cases[] = {
      {"", true},
      {"G", true},
      {"GET", true},
      {"GET ", true},
      {"GET /chat?a=%20", true},
      {"GET /chat ", true},
      {"GET /chat HTTP/1.", true},
      {"GET /chat HTTP/1.1\r\nHost:", true},
      {"M-SEARCH * HTTP/1.1", true},
      {"PRI * HTTP/2.0", false},
      {"GET /chat\r\n", false},
      {"GET  / HTTP/1.1", false},
      {" GET", false},
      {"GET /chat FTP", false},
      {hex("16 03 01 02 00 01"), false},
      {"SSH-2.0-OpenSSH_9.2\r\n", false},
  };
  for (const FirstBytes& each : cases) EXPECT_EQ(may_be_request(each.bytes), each.expected) << each.bytes;
}

// RFC 6455 4.2.2: the example's key and accept.
TEST(Handshake, MakesTheKeysOfTheRfc) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(encode_key("the sample nonce"), "dGhlIHNhbXBsZSBub25jZQ==");
  // 4.1: "if the randomly selected value was the sequence of bytes 0x01 ... 0x10".
  EXPECT_EQ(encode_key(hex("01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10")), "AQIDBAUGBwgJCgsMDQ4PEA==");
}

TEST(Handshake, FindsHeadersWithoutCase) {
  const Headers headers = {{"X-One", "1"}, {"x-one", "2"}, {"Two", ""}};
  EXPECT_EQ(find_header(headers, "X-ONE"), "1") << "the first";
  EXPECT_EQ(find_header(headers, "two"), "");
  EXPECT_EQ(find_header(headers, "X-On"), std::nullopt);
}

TEST(Handshake, FindsTokensInListsOverSeveralHeaders) {
  const Headers headers = {
      {"Connection", "keep-alive,\tUPGRADE , ,x"}, {"connection", "last"}, {"Other", "z"}};
  for (const char* token : {"keep-alive", "upgrade", "X", "last"}) {
    EXPECT_TRUE(has_token(headers, "Connection", token)) << token;
  }
  for (const char* token : {"keep", "upgrade ", "", "z", "alive"}) {
    EXPECT_FALSE(has_token(headers, "Connection", token)) << token;
  }
}

}  // namespace
}  // namespace wsfault::wire
