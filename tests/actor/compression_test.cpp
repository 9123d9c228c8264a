// permessage-deflate on a link and at a fake upstream: if it was agreed on, RSV1 is legal, judged for each
// peer by the 101 that it saw; an offer that the link removes is recorded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conversation.hpp"
#include "stage.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using wire::test::hex;

constexpr const char* deflate = "permessage-deflate";

std::string with_extension(std::string head, const std::string& extension) {
  head.insert(head.size() - 2, "Sec-WebSocket-Extensions: " + extension + "\r\n");
  return head;
}

/// "Hello" as RFC 7692 7.2.3.1 compresses it, from each side; its bytes are not UTF-8.
const std::string from_server = hex("c107 f248cdc9c90700");
const std::string from_client = hex("c187 00000000 f248cdc9c90700");

struct Told {
  std::vector<std::string> all;
  std::string request;  ///< as it reached the server
};

/// The handshake, then a compressed message from each side.
Told talk(StageSetting setting, const std::string& offers, const std::string& agrees_on) {
  Stage stage(std::move(setting));
  auto [client, server] = stage.connect();
  client.send(offers.empty() ? sample::request : with_extension(sample::request, offers));
  EXPECT_TRUE(stage.until([&server = server] { return server.received.ends_with("\r\n\r\n"); }));
  Told told;
  told.request = server.received;
  server.send(agrees_on.empty() ? sample::answer : with_extension(sample::answer, agrees_on));
  EXPECT_TRUE(stage.until_told("opened"));
  server.send(from_server);
  EXPECT_TRUE(stage.until([&client = client] { return client.received.ends_with(from_server); }));
  client.send(from_client);
  EXPECT_TRUE(stage.until([&server = server] { return server.received.ends_with(from_client); }));
  client.send_fin();
  EXPECT_TRUE(stage.until([&server = server] { return server.has_fin(); }));
  told.all = stage.told({"request", "response", "frame", "violation"});
  return told;
}

std::vector<std::string> only(const Told& told, std::string_view beginning) {
  std::vector<std::string> found;
  for (const std::string& line : told.all)
    if (line.starts_with(beginning)) found.push_back(line);
  return found;
}

TEST(Compression, ThatWasAgreedOnIsLegalInBothDirectionsAndAtBothTaps) {
  const Told told = talk({}, "permessage-deflate; client_max_window_bits", deflate);
  EXPECT_THAT(only(told, "violation"), IsEmpty());
  EXPECT_THAT(only(told, "response"), ElementsAre("response 101", "response 101"));
  EXPECT_THAT(
      only(told, "frame"),
      ElementsAre("frame 1 (1.) text of 7 compressed", "frame 1 (1.) text of 7 compressed",
                  "frame 1 (1.) text of 7 masked compressed", "frame 1 (1.) text of 7 masked compressed"));
  EXPECT_EQ(told.request, with_extension(sample::request, "permessage-deflate; client_max_window_bits"));
}

TEST(Compression, ThatNobodyAgreedOnIsAViolationOfBoth) {
  for (const char* offers : {"", deflate}) {
    SCOPED_TRACE(offers);
    const Told told = talk({}, offers, "");
    EXPECT_EQ(std::ranges::count(told.all, "violation reserved-bits in frame 1"), 4);
  }
}

TEST(Compression, ThatWasAgreedOnWithoutAnOfferIsNot) {
  const Told told = talk({}, "", deflate);
  EXPECT_EQ(std::ranges::count(told.all, "violation reserved-bits in frame 1"), 4);
  EXPECT_THAT(only(told, "response"),
              ElementsAre("response 101 unoffered-extension", "response 101 unoffered-extension"));
}

TEST(Compression, WhoseAgreementAFaultReplacedHoldsForTheServerOnly) {
  StageSetting setting;
  setting.faults = R"([[fault]]
inject = "bad_101"
when = "upgrade"
flaw = "unoffered-extension"
)";
  const Told told = talk(std::move(setting), deflate, deflate);
  // The client saw a 101 with a different agreement, which counts for what it receives and sends.
  EXPECT_EQ(std::ranges::count(told.all, "violation reserved-bits in frame 1"), 2);
  EXPECT_THAT(only(told, "frame"), Contains("frame 1 (1.) text of 7 compressed"));
  EXPECT_THAT(only(told, "frame"), Contains("frame 1 (1.) text of 7"));
}

TEST(Compression, WhoseOfferIsTakenAwayIsSaidWithIt) {
  StageSetting setting;
  setting.declines_compression = true;
  const Told told = talk(std::move(setting), "permessage-deflate; client_max_window_bits", "");
  EXPECT_EQ(told.request, sample::request);
  EXPECT_THAT(only(told, "request"),
              ElementsAre("request GET /chat upgrade without permessage-deflate; client_max_window_bits",
                          "request GET /chat upgrade"));
}

// A server that agrees to an offer that it did not receive breaks the protocol; its client made the offer and
// cannot know.
TEST(Compression, ThatAServerAgreesOnThoughTheOfferWasTakenAwayIsItsFault) {
  StageSetting setting;
  setting.declines_compression = true;
  const Told told = talk(std::move(setting), deflate, deflate);
  EXPECT_THAT(only(told, "response"), ElementsAre("response 101 unoffered-extension", "response 101"));
  EXPECT_EQ(std::ranges::count(told.all, "violation reserved-bits in frame 1"), 2);
}

TEST(Compression, IsNotTakenAwayWhereBytesPassAsTheyCome) {
  StageSetting setting;
  setting.declines_compression = true;
  setting.bytes = {{Side::client, 10'000}};
  const Told told = talk(std::move(setting), deflate, deflate);
  EXPECT_EQ(told.request, with_extension(sample::request, deflate));
  EXPECT_THAT(only(told, "request"), ElementsAre("request GET /chat upgrade", "request GET /chat upgrade"));
  EXPECT_THAT(only(told, "violation"), IsEmpty());
}

// --- the fake upstream itself

TEST(Compression, OfWhatAScriptExpectsCannotBeReadAndItSaysSo) {
  Conversation conversation(
      "steps = [{ accept = { headers = { Sec-WebSocket-Extensions = \"permessage-deflate\" } } }, "
      "{ expect = \"/./\", within = \"200ms\" }]");
  Peer& client = conversation.connect();
  client.send(with_extension(sample::request, deflate));
  ASSERT_TRUE(conversation.until([&] { return client.received.ends_with("\r\n\r\n"); }));
  client.send(from_client);
  ASSERT_TRUE(conversation.until([&] { return !conversation.told().empty(); }));
  EXPECT_THAT(conversation.told(),
              ElementsAre("1: script failed at expect /./: no such message came within 200ms; 1 message was "
                          "compressed (permessage-deflate), and cannot be read"));
}

}  // namespace
}  // namespace wsfault::actor
