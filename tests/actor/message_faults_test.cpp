// Faults of whole messages and of heartbeats: late, in another order, changed, lost. Over real sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_bytes.hpp"
#include "stage.hpp"
#include "wire/utf8.hpp"

namespace wsfault::actor {
namespace {

using sample::from_client;
using sample::from_server;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint8_t ping = 9;
constexpr std::uint8_t pong = 10;
constexpr std::uint8_t close_frame = 8;

const std::string m1 = from_server("m1");
const std::string m2 = from_server("m2");
const std::string m3 = from_server("m3");

/// An open connection with one fault, named f.
class MessageFault {
 public:
  explicit MessageFault(const std::string& fault)
      : stage({.faults = "[[fault]]\nname = \"f\"\n" + fault}), peers_(stage.open()) {
    EXPECT_TRUE(stage.until_told("opened"));
  }
  Peer& client() { return peers_.first; }
  Peer& server() { return peers_.second; }
  std::string to_client() { return client().received.substr(sample::answer.size()); }
  std::string to_server() { return server().received.substr(sample::request.size()); }
  bool client_gets(const std::string& bytes) {
    return stage.until([&] { return to_client() == bytes; });
  }
  std::vector<std::string> fired() { return stage.told({"fault"}); }

  Stage stage;

 private:
  std::pair<Peer&, Peer&> peers_;
};

TEST(DelayMessage, HoldsOneAndWhatFollowsKeepsItsOrder) {
  MessageFault fault("inject = \"delay_message\"\ndelay = \"150ms\"");
  const auto begin = fault::Clock::now();
  fault.server().send(m1 + from_server("still here", ping) + m2);
  ASSERT_TRUE(fault.client_gets(m1 + from_server("still here", ping) + m2));
  EXPECT_GE(fault::Clock::now() - begin, milliseconds(150));
  EXPECT_THAT(fault.fired(), ElementsAre("fault f fired"));
}

TEST(DelayMessage, HoldsOnlyItsDirectionAndItsCount) {
  MessageFault fault(
      "inject = \"delay_message\"\ndelay = \"20s\"\nwhen = { moment = \"message 2\", from = \"server\" }");
  fault.server().send(m1);
  ASSERT_TRUE(fault.client_gets(m1));
  fault.server().send(m2);
  ASSERT_TRUE(fault.stage.until_told("fault f fired"));
  fault.client().send(from_client("c1"));
  EXPECT_TRUE(fault.stage.until([&] { return fault.to_server() == from_client("c1"); }));
  EXPECT_EQ(fault.to_client(), m1);
}

TEST(DelayMessage, OfTwoHeldMessagesEachHasItsTime) {
  MessageFault fault("inject = \"delay_message\"\ndelay = \"100ms\"\ncount = \"all\"");
  fault.server().send(m1);
  ASSERT_TRUE(fault.client_gets(m1));
  const auto begin = fault::Clock::now();
  fault.server().send(m2);
  ASSERT_TRUE(fault.client_gets(m1 + m2));
  EXPECT_GE(fault::Clock::now() - begin, milliseconds(100));
}

TEST(ReorderMessages, TwoChangePlacesAndAPingStays) {
  MessageFault fault("inject = \"reorder_messages\"\nwait = \"20s\"");
  fault.server().send(m1 + from_server("p", ping));
  ASSERT_TRUE(fault.client_gets(from_server("p", ping)));
  EXPECT_THAT(fault.fired(), IsEmpty()) << "nothing has changed yet";
  fault.server().send(m2 + m3);
  ASSERT_TRUE(fault.client_gets(from_server("p", ping) + m2 + m1 + m3));
  EXPECT_THAT(fault.fired(), ElementsAre("fault f fired"));
}

TEST(ReorderMessages, AFragmentedMessageMovesWhole) {
  const std::string parts = from_server("m", 1, false) + from_server("1", 0, true);
  MessageFault fault("inject = \"reorder_messages\"\nwait = \"20s\"");
  fault.server().send(parts + m2);
  EXPECT_TRUE(fault.client_gets(m2 + parts));
}

TEST(ReorderMessages, HasThreeOrders) {
  const auto arrives = [](const std::string& order) {
    MessageFault fault("inject = \"reorder_messages\"\nmessages = 3\nwait = \"20s\"\norder = \"" + order +
                       "\"");
    fault.server().send(m1 + m2 + m3);
    EXPECT_TRUE(fault.stage.until([&] { return fault.to_client().size() == (m1 + m2 + m3).size(); }));
    return fault.to_client();
  };
  EXPECT_EQ(arrives("reversed"), m3 + m2 + m1);
  EXPECT_EQ(arrives("first-last"), m2 + m3 + m1);
  EXPECT_NE(arrives("shuffled"), m1 + m2 + m3);
}

// RFC 6455 5.5.1: no data after a Close.
TEST(ReorderMessages, WhatIsHeldGoesBeforeAClose) {
  MessageFault fault("inject = \"reorder_messages\"\nwait = \"20s\"");
  const std::string bye = from_server(wire::close_payload(1000), close_frame);
  fault.server().send(m1 + bye);
  ASSERT_TRUE(fault.client_gets(m1 + bye));
  EXPECT_THAT(fault.fired(), IsEmpty());
}

TEST(ReorderMessages, WhatIsHeldGoesBeforeTheEnd) {
  MessageFault fault("inject = \"reorder_messages\"\nwait = \"20s\"");
  fault.server().send(m1);
  fault.server().send_fin();
  ASSERT_TRUE(fault.stage.until([&] { return fault.client().has_fin(); }));
  EXPECT_EQ(fault.to_client(), m1);
}

TEST(ReorderMessages, AMessageWhosePartnerDoesNotComeGoesOn) {
  MessageFault fault("inject = \"reorder_messages\"\nwait = \"50ms\"");
  fault.server().send(m1);
  ASSERT_TRUE(fault.client_gets(m1));
  EXPECT_THAT(fault.fired(), IsEmpty());
  // It was no change: the next two make the one that is to come.
  fault.server().send(m2 + m3);
  ASSERT_TRUE(fault.client_gets(m1 + m3 + m2));
  EXPECT_THAT(fault.fired(), ElementsAre("fault f fired"));
}

TEST(CorruptMessage, ChangesALetterAndNothingElse) {
  MessageFault fault("inject = \"corrupt_message\"");
  const std::string text = R"({"price":100,"of":"wheat"})";
  fault.server().send(from_server(text));
  ASSERT_TRUE(fault.stage.until([&] { return fault.to_client().size() == from_server(text).size(); }));
  const std::string got = fault.to_client().substr(2);
  EXPECT_EQ(fault.to_client().substr(0, 2), from_server(text).substr(0, 2));
  int changed = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (got[i] == text[i]) continue;
    ++changed;
    EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(text[i]))) << got;
    EXPECT_EQ(std::isdigit(static_cast<unsigned char>(got[i])) != 0,
              std::isdigit(static_cast<unsigned char>(text[i])) != 0);
  }
  EXPECT_EQ(changed, 1) << got;
  EXPECT_THAT(fault.stage.told({"violation"}), IsEmpty());
}

// RFC 6455 5.3: on the way to the server the payload is masked, fragment by fragment.
TEST(CorruptMessage, KeepsFragmentsMasksAndUtf8) {
  MessageFault fault("inject = \"corrupt_message\"\nbytes = 3\ndirection = \"to-server\"\ncount = \"all\"");
  const std::string text = "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";  // three characters beyond ASCII
  const std::string sent = from_client(text.substr(0, 4), 1, false) + from_client(text.substr(4), 0, true);
  fault.client().send(sent);
  ASSERT_TRUE(fault.stage.until([&] { return fault.to_server().size() == sent.size(); }));
  EXPECT_NE(fault.to_server(), sent);
  EXPECT_TRUE(fault.stage.until([&] { return fault.stage.told({"message"}).size() == 2; }))
      << fault.stage.whole_log();
  EXPECT_THAT(fault.stage.told({"violation"}), IsEmpty()) << fault.stage.whole_log();
}

TEST(CorruptMessage, BreaksATextIfAsked) {
  MessageFault fault("inject = \"corrupt_message\"\ntext = \"broken\"");
  fault.server().send(m1 + m2);
  ASSERT_TRUE(fault.stage.until([&] { return fault.to_client().size() == (m1 + m2).size(); }));
  EXPECT_FALSE(wire::is_utf8(fault.to_client().substr(2, 2)));
  EXPECT_EQ(fault.to_client().substr(m1.size()), m2);
}

TEST(CorruptMessage, DrawsTheSameForTheSameSeed) {
  const auto arrives = [] {
    MessageFault fault("inject = \"corrupt_message\"\nbytes = 4");
    fault.server().send(from_server(std::string(100, '\0'), 2));
    EXPECT_TRUE(fault.stage.until([&] { return fault.to_client().size() == 102; }));
    return fault.to_client();
  };
  const std::string once = arrives();
  EXPECT_EQ(std::ranges::count(once.substr(2), '\0'), 96);
  EXPECT_EQ(arrives(), once);
}

TEST(CorruptMessage, AnEmptyOneIsNotCounted) {
  MessageFault fault("inject = \"corrupt_message\"");
  fault.server().send(from_server("") + m1);
  ASSERT_TRUE(
      fault.stage.until([&] { return fault.to_client().size() == from_server("").size() + m1.size(); }));
  EXPECT_NE(fault.to_client(), from_server("") + m1);
}

TEST(DropPing, PingsOfThatDirectionNeverArrive) {
  MessageFault fault("inject = \"drop_ping\"\ncount = \"all\"");
  fault.server().send(from_server("a", ping) + m1 + from_server("b", ping) + from_server("c", pong) + m2);
  ASSERT_TRUE(fault.client_gets(m1 + from_server("c", pong) + m2));
  fault.client().send(from_client("d", ping));
  EXPECT_TRUE(fault.stage.until([&] { return fault.to_server() == from_client("d", ping); }));
}

TEST(DelayPong, WhatFollowsOvertakesIt) {
  MessageFault fault("inject = \"delay_pong\"\ndelay = \"100ms\"\ncount = 2");
  const std::string first = from_server("a", pong);
  const std::string second = from_server("b", pong);
  const auto begin = fault::Clock::now();
  fault.server().send(first + second + m1);
  ASSERT_TRUE(fault.client_gets(m1 + first + second));
  EXPECT_GE(fault::Clock::now() - begin, milliseconds(100));
  fault.server().send(from_server("c", pong) + m2);
  EXPECT_TRUE(fault.client_gets(m1 + first + second + from_server("c", pong) + m2));
}

// Not inside a frame, whatever the time: the pong waits for the end of the one that passes.
TEST(DelayPong, ItSplitsNoFrame) {
  MessageFault fault("inject = \"delay_pong\"\ndelay = \"50ms\"");
  const std::string late = from_server("a", pong);
  const std::string large = from_server(std::string(1000, 'x'));
  fault.server().send(late + large.substr(0, 500));
  ASSERT_TRUE(fault.client_gets(large.substr(0, 500)));
  fault.stage.loop.watch(milliseconds(100));
  EXPECT_EQ(fault.to_client(), large.substr(0, 500));
  fault.server().send(large.substr(500));
  EXPECT_TRUE(fault.client_gets(large + late));
}

TEST(DelayPong, NoCloseOvertakesIt) {
  MessageFault fault("inject = \"delay_pong\"\ndelay = \"20s\"");
  const std::string bye = from_server(wire::close_payload(1001), close_frame);
  fault.server().send(from_server("a", pong) + bye);
  EXPECT_TRUE(fault.client_gets(from_server("a", pong) + bye));
}

}  // namespace
}  // namespace wsfault::actor
