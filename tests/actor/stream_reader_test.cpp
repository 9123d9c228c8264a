// Heads, frames and other bytes, from literal bytes: the units that are forwarded and the events that are
// recorded.
#include "actor/stream_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "read_stream.hpp"
#include "sample_bytes.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using record::Tap;
using testing::ElementsAre;
using testing::IsEmpty;
using wire::test::hex;

StreamReader client_reader() { return StreamReader(Side::client, Tap::sent); }

/// It knows the request, as on a link.
StreamReader server_reader() {
  StreamReader reader(Side::server, Tap::sent);
  reader.set_request(*wire::parse_request(sample::request));
  return reader;
}

/// After the 101.
StreamReader open_server() {
  StreamReader reader = server_reader();
  ReadStream ignored;
  feed(reader, sample::answer, false, ignored);
  return reader;
}

// --- heads

TEST(StreamReaderHead, ARequestIsOneUnit) {
  const ReadStream read = read_whole(client_reader(), sample::request);
  EXPECT_THAT(read.events, ElementsAre("request GET /chat upgrade"));
  EXPECT_THAT(read.units, ElementsAre("head of " + std::to_string(sample::request.size())));
  EXPECT_EQ(read.bytes, sample::request);
}

TEST(StreamReaderHead, WhatIsWrongWithAnUpgradeIsTold) {
  std::string request = sample::request;
  request.replace(request.find(": 13"), 4, ": 12");
  EXPECT_THAT(read_whole(client_reader(), request).events,
              ElementsAre("request GET /chat upgrade wrong-version"));
}

TEST(StreamReaderHead, A101IsCheckedAgainstTheRequest) {
  EXPECT_THAT(read_whole(server_reader(), sample::answer).events, ElementsAre("response 101"));
  std::string wrong = sample::answer;
  wrong.replace(wrong.find("s3pP"), 4, "AAAA");
  EXPECT_THAT(read_whole(server_reader(), wrong).events, ElementsAre("response 101 wrong-accept"));
}

// RFC 6455 4.1 names GET; with another method it is still a request for the upgrade.
TEST(StreamReaderHead, AnUpgradeByPostIsAnUnsoundOne) {
  std::string request = sample::request;
  request.replace(0, 3, "POST");
  EXPECT_THAT(read_whole(client_reader(), request).events, ElementsAre("request POST /chat upgrade not-get"));
}

// RFC 9112 5.2; of what arrives nothing of that is told: its sender is to blame.
TEST(StreamReaderHead, WhatNoSenderMayWriteIsToldOfItsSender) {
  std::string request = sample::request;
  request.insert(request.find("\r\n") + 2, "X-Long: a\r\n b\r\n");
  EXPECT_THAT(read_whole(client_reader(), request).events,
              ElementsAre("request GET /chat upgrade", "violation folded-header in frame 0"));
  EXPECT_THAT(read_whole(StreamReader(Side::client, Tap::arrived), request).events,
              ElementsAre("request GET /chat upgrade"));
  std::string answer = sample::answer;
  answer.insert(answer.find("\r\n") + 2, "Content-Length: 0\r\n");
  EXPECT_THAT(read_whole(server_reader(), answer).events,
              ElementsAre("response 101", "violation content-length-in-1xx in frame 0"));
}

TEST(StreamReaderHead, LinesThatEndInLfAloneAreNoHead) {
  std::string request = sample::request;
  std::erase(request, '\r');
  const ReadStream read = read_whole(client_reader(), request);
  ASSERT_EQ(read.events.size(), 1u);
  EXPECT_TRUE(read.events.front().starts_with("not HTTP")) << read.events.front();
  EXPECT_EQ(read.bytes, request);
}

// RFC 9110 15.2: any number of interim responses may come before the final one.
TEST(StreamReaderHead, InterimResponsesComeBeforeThe101) {
  const std::string hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
  const ReadStream read = read_whole(server_reader(), hints + hints + sample::answer + hex("810568656c6c6f"));
  EXPECT_THAT(read.events, ElementsAre("response 103", "response 103", "response 101",
                                       "frame 1 (1.) text of 5", "message 1 text of 5: hello"));
  EXPECT_EQ(read.bytes, hints + hints + sample::answer + hex("810568656c6c6f"));
}

TEST(StreamReaderHead, PlainHttpPassesAsItIs) {
  StreamReader client = client_reader();
  const std::string post = "POST /login HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n";
  ReadStream read;
  feed(client, post + hex("8100"), false, read);
  EXPECT_THAT(read.events, ElementsAre("request POST /login", "body of 2: \x81" + std::string(1, '\0')));
  EXPECT_TRUE(client.is_raw());

  StreamReader server = server_reader();
  ReadStream answered;
  feed(server, "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", false, answered);
  EXPECT_THAT(answered.events, ElementsAre("response 404", "body of 2: no"));
  EXPECT_THAT(answered.units, ElementsAre("head of 45", "piece of 2"));
  EXPECT_TRUE(server.is_raw());
}

TEST(StreamReaderHead, AnotherProtocolIsToldWithItsFirstBytesAndPasses) {
  const std::string banner = "SSH-2.0-OpenSSH_9.2\r\n" + std::string(100, 'x');
  const ReadStream read = read_whole(server_reader(), banner);
  EXPECT_THAT(read.events, ElementsAre("not HTTP from server: " + banner.substr(0, 64)));
  EXPECT_EQ(read.bytes, banner);
}

TEST(StreamReaderHead, ATlsHelloIsNoRequest) {
  const std::string hello = hex("16030100 02010001");
  const ReadStream read = read_whole(client_reader(), hello);
  EXPECT_THAT(read.events, ElementsAre("not HTTP from client: " + hello));
  EXPECT_EQ(read.bytes, hello);
}

TEST(StreamReaderHead, AHeadWithoutEndIsGivenUpAndPasses) {
  const std::string endless = "HTTP/1.1 200 OK\r\nX: " + std::string(3U << 20, 'x');
  const ReadStream read = read_whole(server_reader(), endless);
  EXPECT_THAT(read.events, ElementsAre("not HTTP from server: " + endless.substr(0, 64)));
  EXPECT_TRUE(read.bytes == endless) << read.bytes.size();
}

// What a gateway forwards for many cookies: in pieces, and still one head.
TEST(StreamReaderHead, AHugeHeadIsOne) {
  const std::string huge = "HTTP/1.1 200 OK\r\nX: " + std::string(1U << 20, 'x') + "\r\n\r\n";
  StreamReader reader = server_reader();
  ReadStream read;
  feed(reader, std::string_view(huge).substr(0, 1U << 19), false, read);
  feed(reader, std::string_view(huge).substr(1U << 19), false, read);
  EXPECT_THAT(read.events, ElementsAre("response 200"));
  EXPECT_TRUE(read.bytes == huge) << read.bytes.size();
}

// --- bodies

struct BodyRow {
  const char* name;
  std::string head;  ///< without "HTTP/1.1 "
  std::string body;
  std::string told;        ///< while the stream goes on
  std::string at_the_end;  ///< told when the stream ends with FIN
};

TEST(StreamReaderBody, OfAnAnswerIsToldOnceAndPassesAsItIs) {
  for (const BodyRow& row : {
           BodyRow{"a length", "403 No\r\nContent-Length: 6", "denied", "body of 6: denied", ""},
           {"more than its length", "403 No\r\nContent-Length: 6", "denied, and more", "body of 6: denied",
            ""},
           {"less than its length", "403 No\r\nContent-Length: 7", "denied", "",
            "body of 6 incomplete: denied"},
           {"chunks", "403 No\r\nTransfer-Encoding: chunked", "4\r\nden\n\r\n2;x\r\ned\r\n0\r\n\r\n",
            "body of 6: den\ned", ""},
           {"chunks without their end", "403 No\r\nTransfer-Encoding: chunked", "6\r\ndenied\r\n", "",
            "body of 6 incomplete: denied"},
           {"chunks that are none", "403 No\r\nTransfer-Encoding: chunked", "6\r\ndenied<html>",
            "body of 6 incomplete: denied", ""},
           {"until the end", "403 No", "denied", "", "body of 6: denied"},
           {"until the end, and empty", "403 No", "", "", "body of 0: "},
           {"none", "403 No\r\nContent-Length: 0", "", "", ""},
           {"none, whatever comes", "204 No Content", "denied", "", ""},
       }) {
    SCOPED_TRACE(row.name);
    const std::string bytes = "HTTP/1.1 " + row.head + "\r\n\r\n" + row.body;
    for (const std::size_t piece : {std::size_t{1}, std::size_t{5}, bytes.size()}) {
      StreamReader reader = server_reader();
      ReadStream read;
      for (std::size_t at = 0; at < bytes.size(); at += piece)
        feed(reader, std::string_view(bytes).substr(at, piece), false, read);
      std::vector<std::string> expected{"response " + row.head.substr(0, 3)};
      if (!row.told.empty()) expected.push_back(row.told);
      EXPECT_EQ(read.events, expected);
      EXPECT_EQ(read.bytes, bytes);
      EXPECT_TRUE(reader.is_raw());
      std::vector<record::What> at_the_end;
      reader.end_body(true, at_the_end);
      EXPECT_EQ(at_the_end.empty() ? "" : event_line(at_the_end.front()), row.at_the_end);
      at_the_end.clear();
      reader.end_body(true, at_the_end);
      EXPECT_TRUE(at_the_end.empty()) << "told twice";
    }
  }
}

// RFC 9112 8: what ends with the connection is incomplete if that ended with an error.
TEST(StreamReaderBody, ThatEndsWithARstIsIncomplete) {
  StreamReader reader = server_reader();
  ReadStream read;
  feed(reader, "HTTP/1.1 403 No\r\n\r\ndenied", false, read);
  std::vector<record::What> events;
  reader.end_body(false, events);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(event_line(events.front()), "body of 6 incomplete: denied");
}

TEST(StreamReaderBody, BeyondWhatIsKeptIsToldAtOnceAndPasses) {
  constexpr std::size_t kept = 64 * 1024;
  for (const bool exact : {true, false}) {
    StreamReader reader = server_reader();
    ReadStream read;
    feed(reader,
         "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(exact ? kept : 1'000'000) + "\r\n\r\n", false,
         read);
    feed(reader, std::string(kept, 'x'), false, read);
    EXPECT_EQ(read.events.size(), exact ? 2U : 1U);
    if (!exact) feed(reader, "yz", false, read);
    EXPECT_EQ(read.events.back(),
              (exact ? "body of 65536: " : "body of 65538 incomplete: ") + std::string(kept, 'x'));
    feed(reader, "end", false, read);
    EXPECT_EQ(read.events.size(), 2U);
    EXPECT_TRUE(read.bytes.ends_with("end"));
  }
}

// RFC 9110 7.8: the protocol changes when the request message is complete.
TEST(StreamReaderBody, OfAnUpgradeRequestComesBeforeTheFrames) {
  for (const auto& [header, body] : {std::pair<std::string, std::string>{"Content-Length: 5", "hello"},
                                     {"Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"}}) {
    std::string request = sample::request;
    request.insert(request.size() - 2, header + "\r\n");
    const std::string bytes = request + body + sample::from_client("a");
    for (const std::size_t piece : {std::size_t{1}, bytes.size()}) {
      StreamReader reader = client_reader();
      ReadStream read;
      for (std::size_t at = 0; at < bytes.size(); at += piece)
        feed(reader, std::string_view(bytes).substr(at, piece), false, read);
      EXPECT_THAT(read.events, ElementsAre("request GET /chat upgrade", "body of 5: hello",
                                           "frame 1 (1.) text of 1 masked", "message 1 text of 1: a"));
      EXPECT_EQ(read.bytes, bytes);
    }
  }
}

// A client that names a coding and sends none: its frames are still read.
TEST(StreamReaderBody, ThatIsNoneDoesNotHideTheFrames) {
  std::string request = sample::request;
  request.insert(request.size() - 2, "Transfer-Encoding: chunked\r\n");
  EXPECT_THAT(read_whole(client_reader(), request + sample::from_client("a")).events,
              ElementsAre("request GET /chat upgrade", "body of 0 incomplete: ",
                          "frame 1 (1.) text of 1 masked", "message 1 text of 1: a"));
}

// --- frames

TEST(StreamReaderFrame, AHeaderIsToldBeforeItsPayloadCame) {
  const ReadStream read = read_whole(open_server(), hex("8105"));
  EXPECT_THAT(read.events, ElementsAre("frame 1 (1.) text of 5"));
  EXPECT_EQ(read.bytes, hex("8105"));
}

// RFC 6455 5.7: a single-frame masked text message.
TEST(StreamReaderFrame, AMaskedMessageIsToldUnmaskedAndPassesMasked) {
  StreamReader reader = client_reader();
  ReadStream read;
  feed(reader, sample::request, false, read);
  read = {};
  feed(reader, hex("818537fa213d7f9f4d5158"), false, read);
  EXPECT_THAT(read.events, ElementsAre("frame 1 (1.) text of 5 masked", "message 1 text of 5: Hello"));
  EXPECT_EQ(read.bytes, hex("818537fa213d7f9f4d5158"));
}

// RFC 6455 5.3: "The masking key needs to be unpredictable". It is told once, and of the sender alone.
TEST(StreamReaderFrame, OneMaskingKeyForAllIsTold) {
  const std::string zero = hex("8181 00000000 61") + hex("8980 00000000") + hex("8181 00000000 61");
  const auto told = [&](Tap tap, const std::string& frames) {
    StreamReader reader(Side::client, tap);
    ReadStream read;
    feed(reader, sample::request + frames, false, read);
    return std::ranges::count_if(
        read.events, [](const std::string& line) { return line.find("masking-key") != std::string::npos; });
  };
  EXPECT_EQ(told(Tap::sent, zero), 0) << "three may be chance";
  EXPECT_EQ(told(Tap::sent, zero + zero + zero), 1);
  EXPECT_EQ(told(Tap::sent, zero + hex("8181 01020304 61") + zero), 0);
  EXPECT_EQ(told(Tap::arrived, zero + zero), 0);
}

// RFC 6455 5.5: "Control frames ... MAY be injected in the middle of a fragmented message."
TEST(StreamReaderFrame, ControlFramesAreWholeUnitsBetweenFragments) {
  const ReadStream read = read_whole(open_server(), hex("010348656c 890461626364 80026c6f 8a00"));
  EXPECT_THAT(read.events, ElementsAre("frame 1 (1.) text unfinished of 3", "frame 2 (1.) ping of 4: abcd",
                                       "frame 3 (1.) continuation of 2", "message 1 text of 5: Hello",
                                       "frame 4 (1.) pong of 0"));
  EXPECT_THAT(read.units, ElementsAre("piece of 2", "piece of 3", "control of 6", "piece of 2", "piece of 2",
                                      "control of 2"));
  EXPECT_EQ(read.bytes, hex("010348656c 890461626364 80026c6f 8a00"));
}

TEST(StreamReaderFrame, AControlFrameIsHeldUntilItIsWhole) {
  StreamReader reader = open_server();
  ReadStream read;
  feed(reader, hex("8804 03e8 62"), false, read);
  EXPECT_THAT(read.events, IsEmpty());
  EXPECT_EQ(read.bytes, "");
  feed(reader, hex("79"), false, read);
  EXPECT_THAT(read.events, ElementsAre("frame 1 (1.) close of 4 code 1000: by"));
  EXPECT_EQ(read.bytes, hex("8804 03e8 6279"));
}

TEST(StreamReaderFrame, OrdinalsCountPerKind) {
  const ReadStream read = read_whole(open_server(), hex("8900 8100 8a00 8200 8900"));
  EXPECT_THAT(read.events,
              ElementsAre("frame 1 (1.) ping of 0", "frame 2 (1.) text of 0",
                          "message 1 text of 0: ", "frame 3 (1.) pong of 0", "frame 4 (2.) binary of 0",
                          "message 2 binary of 0: ", "frame 5 (2.) ping of 0"));
}

TEST(StreamReaderFrame, OfALargeMessageTheFirst64KiBAreKept) {
  const std::string payload(100'000, 'x');
  const std::string frame = sample::from_server(payload);
  const ReadStream read = read_whole(open_server(), frame);
  EXPECT_THAT(read.events, ElementsAre("frame 1 (1.) text of 100000",
                                       "message 1 text of 100000: " + payload.substr(0, 65536)));
  EXPECT_EQ(read.bytes, frame);
}

// --- violations

TEST(StreamReaderViolation, EachIsToldOnce) {
  // Masked by a server, with a reserved code, and fragmented.
  const std::string close = wire::encode_frame({.fin = false,
                                                .opcode = 8,
                                                .masking_key = wire::MaskingKey{1, 2, 3, 4},
                                                .payload = wire::close_payload(1005)});
  EXPECT_THAT(
      read_whole(open_server(), close).events,
      ElementsAre("frame 1 (1.) close unfinished of 2 masked code 1005",
                  "violation masked-server-frame in frame 1", "violation fragmented-control in frame 1",
                  "violation close-code-reserved in frame 1"));
}

TEST(StreamReaderViolation, OneThatThePayloadRevealsFollowsThoseOfTheHeader) {
  const ReadStream read = read_whole(open_server(), hex("c1 03 61c328"));  // RSV1, and an invalid character
  EXPECT_THAT(read.events, ElementsAre("frame 1 (1.) text of 3", "violation reserved-bits in frame 1",
                                       "violation bad-utf8 in frame 1", "message 1 text of 3: a\xC3\x28"));
}

// RFC 6455 8.1: a receiver of text fails the connection when it finds bytes that are not UTF-8, not at the
// end of the frame.
TEST(StreamReaderViolation, TextThatCannotBeUtf8IsToldBeforeItsFrameIsWhole) {
  const ReadStream read = read_whole(open_server(), hex("8105 61c328"));  // three bytes of five
  EXPECT_THAT(read.events, ElementsAre("frame 1 (1.) text of 5", "violation bad-utf8 in frame 1"));
}

// … but a character that may still become complete is not a violation.
TEST(StreamReaderViolation, ACharacterThatIsCutOffIsNoViolationYet) {
  const ReadStream read = read_whole(open_server(), hex("8105 6161c3"));
  EXPECT_THAT(read.events, ElementsAre("frame 1 (1.) text of 5"));
}

// RFC 6455 5.2: opcodes 3-7 are reserved. A frame with one is not a message, so ordinals do not count it.
TEST(StreamReaderViolation, AReservedOpcodeIsNoMessage) {
  const ReadStream read = read_whole(open_server(), hex("810161 830178 810162"));
  EXPECT_THAT(read.events, ElementsAre("frame 1 (1.) text of 1", "message 1 text of 1: a",
                                       "frame 2 (1.) reserved 3 of 1", "violation reserved-opcode in frame 2",
                                       "frame 3 (2.) text of 1", "message 2 text of 1: b"));
}

// RFC 6455 5.4: nothing to continue.
TEST(StreamReaderViolation, AnOrphanContinuationEndsNoMessage) {
  const ReadStream read = read_whole(open_server(), hex("810161 800178"));
  EXPECT_THAT(read.events,
              ElementsAre("frame 1 (1.) text of 1", "message 1 text of 1: a",
                          "frame 2 (1.) continuation of 1", "violation orphan-continuation in frame 2"));
}

}  // namespace
}  // namespace wsfault::actor
