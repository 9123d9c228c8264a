// Where a body ends (RFC 9112 6.3), and its content, from literal bytes in pieces of every size.
#include "wire/body.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace wsfault::wire {
namespace {

using Kind = BodyFraming::Kind;

struct FramingRow {
  int status;
  Headers headers;
  Kind kind;
  std::uint64_t length = 0;
  const char* method = "GET";
};

TEST(BodyFraming, OfAnAnswer) {
  const auto length = [](std::string value) { return Headers{{"Content-Length", std::move(value)}}; };
  const auto coding = [](std::string value) { return Headers{{"Transfer-Encoding", std::move(value)}}; };
  for (const FramingRow& row : {
           // 1. "Any response to a HEAD request and any response with a 1xx, 204 or 304 status code"
           FramingRow{200, length("5"), Kind::none, 0, "HEAD"},
           {103, length("5"), Kind::none},
           {101, coding("chunked"), Kind::none},
           {204, length("5"), Kind::none},
           {304, {}, Kind::none},
           // 2. "Any 2xx response to a CONNECT request"
           {200, length("5"), Kind::none, 0, "CONNECT"},
           {407, length("5"), Kind::length, 5, "CONNECT"},
           // 3. "the Transfer-Encoding overrides the Content-Length"
           {403, {{"Content-Length", "5"}, {"transfer-encoding", "chunked"}}, Kind::chunked},
           // 4. "chunked is the final encoding"; else "reading the connection until it is closed"
           {403, coding("gzip, Chunked"), Kind::chunked},
           {403, coding("chunked, gzip"), Kind::until_end},
           {403, coding(""), Kind::until_end},
           // 5. a list of equal values is one value; what is invalid says nothing
           {403, {{"Content-Length", "5, 5"}, {"Content-Length", "5"}}, Kind::length, 5},
           {403, length("5, 6"), Kind::until_end},
           {403, length("+5"), Kind::until_end},
           {403, length("-1"), Kind::until_end},
           {403, length("99999999999999999999999"), Kind::until_end},
           // 6. and 8.
           {403, length("0"), Kind::none},
           {403, {}, Kind::until_end},
       }) {
    SCOPED_TRACE(serialize(ResponseHead{row.status, "", 11, row.headers}));
    const BodyFraming framing = body_framing(ResponseHead{row.status, "", 11, row.headers}, row.method);
    EXPECT_EQ(framing.kind, row.kind);
    EXPECT_EQ(framing.length, row.length);
  }
}

// RFC 9112 6.1: a message of HTTP/1.0 with a transfer coding has a faulty framing.
TEST(BodyFraming, OfHttp10HasNoTransferCoding) {
  const Headers chunked{{"Transfer-Encoding", "chunked"}};
  EXPECT_EQ(body_framing(ResponseHead{403, "", 10, chunked}, "GET").kind, Kind::until_end);
  EXPECT_EQ(body_framing(RequestHead{"GET", "/", 10, chunked}).kind, Kind::none);
}

// 7. "If this is a request message and none of the above are true, then the message body length is zero"
TEST(BodyFraming, OfARequest) {
  const auto framing = [](Headers headers) {
    return body_framing(RequestHead{"POST", "/", 11, std::move(headers)});
  };
  EXPECT_EQ(framing({}).kind, Kind::none);
  EXPECT_EQ(framing({{"Content-Length", "0"}}).kind, Kind::none);
  EXPECT_EQ(framing({{"Content-Length", "7"}}).length, 7U);
  EXPECT_EQ(framing({{"Content-Length", "x"}}).kind, Kind::none);
  EXPECT_EQ(framing({{"Transfer-Encoding", "chunked"}, {"Content-Length", "7"}}).kind, Kind::chunked);
  EXPECT_EQ(framing({{"Transfer-Encoding", "gzip"}}).kind, Kind::none);
}

struct BodyRow {
  const char* name;
  BodyFraming framing;
  std::string bytes;
  std::string content;
  bool complete = true;
  std::string rest = "";  ///< belongs to something else
};

const BodyFraming chunked{Kind::chunked, 0};

std::vector<BodyRow> body_rows() {
  return {
      {"none", {}, "rest", "", true, "rest"},
      {"length", {Kind::length, 5}, "helloGET /", "hello", true, "GET /"},
      {"too little", {Kind::length, 5}, "hell", "hell", false},
      {"until the end", {Kind::until_end, 0}, "hello", "hello", false},
      {"one chunk", chunked, "5\r\nhello\r\n0\r\n\r\nrest", "hello", true, "rest"},
      {"several, and hexadecimal in either case", chunked,
       "a\r\n0123456789\r\n0B\r\n0123456789a\r\n0\r\n\r\n", "01234567890123456789a"},
      {"content like structure", chunked, "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "\r\n0\r\n\r\n"},
      {"chunk extensions (7.1.1)", chunked, "5;name=\"a;b\"\r\nhello\r\n0 ; last\r\n\r\n", "hello"},
      {"trailer fields (7.1.2)", chunked, "5\r\nhello\r\n0\r\nX: 1\r\nY: 2\r\n\r\nrest", "hello", true,
       "rest"},
      {"LF alone (2.2)", chunked, "5\nhello\n0\n\n", "hello"},
      {"empty", chunked, "0\r\n\r\n", ""},
      {"cut off in a chunk", chunked, "5\r\nhel", "hel", false},
      {"cut off in a size", chunked, "5\r\nhello\r\n1", "hello", false},
      {"cut off before the last line", chunked, "5\r\nhello\r\n0\r\n", "hello", false},
      {"no size", chunked, "<html>", "", false, "<html>"},
      {"an empty size", chunked, "\r\nhello", "", false, "\r\nhello"},
      {"a chunk that is longer than it says", chunked, "5\r\nhello!\r\n", "hello", false, "!\r\n"},
      {"a size beyond 64 bits", chunked, "10000000000000000\r\nx", "", false, "0\r\nx"},
      {"a size of 64 bits", chunked, "ffffffffffffffff\r\nx", "x", false},
  };
}

/// Takes the bytes in pieces of that size; what it does not take.
std::string take(BodyReader& reader, std::string_view bytes, std::size_t piece) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece);
    const std::size_t taken = reader.take(part);
    EXPECT_TRUE(taken == part.size() || reader.over());
    bytes.remove_prefix(taken);
    if (reader.over()) break;
  }
  return std::string(bytes);
}

TEST(BodyReader, FindsContentAndEndInPiecesOfAnySize) {
  for (const BodyRow& row : body_rows()) {
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) {
      SCOPED_TRACE(std::string(row.name) + ", in pieces of " + std::to_string(piece));
      BodyReader reader(row.framing, 1000);
      EXPECT_EQ(take(reader, row.bytes, piece), row.rest);
      EXPECT_EQ(reader.kept(), row.content);
      EXPECT_EQ(reader.size(), row.content.size());
      EXPECT_EQ(reader.complete(), row.complete);
      EXPECT_EQ(reader.over(), row.complete || !row.rest.empty());
    }
  }
}

TEST(BodyReader, StoresNoMoreThanItIsToldAndGoesOn) {
  BodyReader reader({Kind::length, 10}, 4);
  EXPECT_EQ(reader.take("012"), 3U);
  EXPECT_EQ(reader.take("3456"), 4U);
  EXPECT_EQ(reader.take("789next"), 3U);
  EXPECT_EQ(reader.kept(), "0123");
  EXPECT_EQ(reader.size(), 10U);
  EXPECT_TRUE(reader.complete());
}

// Whatever comes: it is over, or takes everything; and a body that is over takes nothing more.
TEST(BodyReader, ContinuesWhateverTheBytesAre) {
  constexpr std::string_view likely = "0123456789abcdefF;\r\n \t\xff";
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    BodyReader reader(chunked, 16);
    for (int step = 0; step < 40; ++step) {
      std::string bytes(random() % 5, ' ');
      for (char& byte : bytes) byte = likely[random() % likely.size()];
      const bool was_over = reader.over();
      const std::size_t taken = reader.take(bytes);
      ASSERT_LE(taken, was_over ? 0U : bytes.size());
      ASSERT_TRUE(taken == bytes.size() || reader.over());
      ASSERT_LE(reader.kept().size(), 16U);
    }
  }
}

}  // namespace
}  // namespace wsfault::wire
