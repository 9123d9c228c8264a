// Where and when faults strike on a link: exact bytes, frame boundaries, composition, delay, healing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event_line.hpp"
#include "sample_bytes.hpp"
#include "stage.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using sample::from_client;
using sample::from_server;
using std::chrono::milliseconds;
using testing::ElementsAre;
using wire::test::hex;

// --- "exactly N bytes of that direction ... are forwarded"

class ByteMoment : public testing::TestWithParam<Side> {};

TEST_P(ByteMoment, DeliversExactlySoManyBytesBeforeTheReset) {
  const Side from = GetParam();
  const std::string by_client = sample::request + from_client("c1") + from_client("c2", 2);
  const std::string by_server = sample::answer + from_server("m1") + hex("8900");
  const std::string& sent = from == Side::client ? by_client : by_server;
  for (std::size_t size = 1; size <= sent.size(); ++size) {
    SCOPED_TRACE(size);
    Stage stage({.faults = "[[fault]]\ninject = \"reset\"\nwhen = { moment = \"byte " + std::to_string(size) +
                           "\", from = \"" + std::string(to_string(from)) + "\" }",
                 .bytes = {{from, size}}});
    auto [client, server] = stage.connect();
    Peer& sender = from == Side::client ? client : server;
    Peer& receiver = from == Side::client ? server : client;
    sender.send(sent);
    ASSERT_TRUE(stage.until([&] { return receiver.end.has_value(); })) << stage.whole_log();
    ASSERT_EQ(receiver.ending(), "RST");
    ASSERT_EQ(receiver.received, sent.substr(0, size));
    ASSERT_THAT(stage.told({"byte", "fault"}),
                ElementsAre("byte " + std::to_string(size) + " from " + std::string(to_string(from)),
                            "fault reset fired"));
  }
}

INSTANTIATE_TEST_SUITE_P(FromEitherSide, ByteMoment, testing::Values(Side::client, Side::server),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST(ByteMoment, SeveralOnOneDirectionComeInTheirOrder) {
  Stage stage(
      {.faults =
           "[[fault]]\nname = \"late\"\ninject = \"reset\"\nwhen = \"byte 30\"\n"
           "[[fault]]\nname = \"early\"\ninject = \"fin\"\ndirection = \"to-server\"\nwhen = \"byte 10\"",
       .bytes = {{Side::client, 30}, {Side::client, 10}}});
  auto [client, server] = stage.connect();
  client.send(sample::request);
  ASSERT_TRUE(stage.until([&client = client] { return client.has_reset(); }));
  EXPECT_THAT(stage.told({"byte", "fault"}), ElementsAre("byte 10 from client", "fault early fired",
                                                         "byte 30 from client", "fault late fired"));
  EXPECT_EQ(server.received, sample::request.substr(0, 10));
}

// --- "none cuts another frame in two"

const std::string close_when_told =
    "[[fault]]\ninject = \"close\"\ncode = 1001\nend = \"none\"\n"
    "when = { moment = \"message 1\", from = \"client\" }\n";

TEST(Boundary, ACloseWaitsForTheEndOfAFrame) {
  Stage stage({.faults = close_when_told});
  auto [client, server] = stage.open();
  const std::string frame = from_server("half and half");
  server.send(frame.substr(0, 7));
  ASSERT_TRUE(stage.until(
      [&client = client, &frame] { return client.received == sample::answer + frame.substr(0, 7); }));
  client.send(from_client("now"));
  ASSERT_TRUE(stage.until_told("fault close fired"));
  server.send(frame.substr(7));
  ASSERT_TRUE(stage.until([&client = client, &frame] {
    return client.received == sample::answer + frame + hex("8802 03e9");
  })) << testing::PrintToString(client.received);
}

// The end of one frame and the beginning of the next in one segment: the boundary between them is meant.
TEST(Boundary, ACloseTakesTheFirstBoundaryOfABusyStream) {
  Stage stage({.faults = close_when_told});
  auto [client, server] = stage.open();
  const std::string frame = from_server("half and half");
  const std::string next = from_server("never wanted");
  server.send(frame.substr(0, 7));
  ASSERT_TRUE(stage.until(
      [&client = client, &frame] { return client.received == sample::answer + frame.substr(0, 7); }));
  client.send(from_client("now"));
  ASSERT_TRUE(stage.until_told("fault close fired"));
  server.send(frame.substr(7) + next.substr(0, 5));
  EXPECT_TRUE(stage.until([&client = client, &frame] {
    return client.received == sample::answer + frame + hex("8802 03e9");
  })) << testing::PrintToString(client.received);
}

TEST(Boundary, AnInjectedMessageWaitsForTheEndOfAFragmentedOne) {
  Stage stage(
      {.faults = "[[fault]]\ninject = \"bad_utf8\"\nwhen = { moment = \"message 1\", from = \"client\" }"});
  auto [client, server] = stage.open();
  server.send(from_server("Hel", 1, false));
  ASSERT_TRUE(stage.until([&client = client] { return client.received.ends_with("Hel"); }));
  client.send(from_client("now"));
  ASSERT_TRUE(stage.until_told("fault bad_utf8 fired"));
  server.send(hex("8900"));
  ASSERT_TRUE(stage.until([&client = client] { return client.received.ends_with(hex("8900")); }));
  server.send(from_server("lo", 0));
  const std::string all = sample::answer + from_server("Hel", 1, false) + hex("8900") + from_server("lo", 0) +
                          hex("8106 636166c320ff");
  EXPECT_TRUE(stage.until([&client = client, &all] { return client.received == all; }))
      << testing::PrintToString(client.received);
}

TEST(Boundary, ACloseMayStandBetweenFragments) {
  Stage stage({.faults = close_when_told});
  auto [client, server] = stage.open();
  server.send(from_server("Hel", 1, false));
  ASSERT_TRUE(stage.until([&client = client] { return client.received.ends_with("Hel"); }));
  client.send(from_client("now"));
  EXPECT_TRUE(stage.until([&client = client] {
    return client.received == sample::answer + from_server("Hel", 1, false) + hex("8802 03e9");
  }));
}

// --- "Several faults on one link compose in the order of the file"

const std::string duplicate = "[[fault]]\ninject = \"duplicate_message\"\n";
const std::string drop = "[[fault]]\ninject = \"drop_message\"\n";

struct Composition {
  const char* name;
  std::string faults;
  std::string arriving;  ///< of m1, m2, m3
};

TEST(Composition, IsInTheOrderOfTheFile) {
  const std::string m1 = from_server("m1"), m2 = from_server("m2"), m3 = from_server("m3");
  const Composition rows[] = {
      {"duplicated, then dropped", duplicate + drop, m2 + m3},
      {"dropped, then the next is duplicated", drop + duplicate, m2 + m2 + m3},
      {"duplicated twice over", duplicate + "name = \"a\"\n" + duplicate + "name = \"b\"\n",
       m1 + m1 + m1 + m1 + m2 + m3},
      {"two dropped, all duplicated", drop + "count = 2\n" + duplicate + "count = \"all\"\n", m3 + m3},
      {"the later of the file fires first",
       "[[fault]]\ninject = \"close\"\ncode = 1001\nend = \"none\"\nwhen = \"message 3\"\n" + drop,
       m2 + hex("8802 03e9")},
  };
  for (const Composition& row : rows) {
    SCOPED_TRACE(row.name);
    Stage stage({.faults = row.faults});
    auto [client, server] = stage.open();
    server.send(m1 + m2 + m3);
    EXPECT_TRUE(stage.until([&client = client, &row] {
      return client.received == sample::answer + row.arriving;
    })) << testing::PrintToString(client.received);
  }
}

// --- latency

TEST(Latency, DelaysByAtLeastSoMuch) {
  Stage stage({.faults = "[[fault]]\ninject = \"latency\"\nlatency = \"150ms\"\ndirection = \"to-client\""});
  auto [client, server] = stage.connect();
  const auto start = std::chrono::steady_clock::now();
  server.send(sample::answer);
  ASSERT_TRUE(stage.until([&client = client] { return !client.received.empty(); }));
  EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds(150));
}

TEST(Latency, KeepsTheOrderWhateverTheJitter) {
  Stage stage({.faults = "[[fault]]\ninject = \"latency\"\nlatency = \"20ms\"\njitter = \"20ms\""});
  auto [client, server] = stage.open();
  std::string all = sample::answer;
  for (int i = 0; i < 50; ++i) {
    const std::string frame = from_server("message " + std::to_string(i));
    all += frame;
    server.send(frame);
    stage.loop.io().restart();
    stage.loop.io().poll();
  }
  server.send_fin();
  ASSERT_TRUE(stage.until([&client = client] { return client.end.has_value(); }));
  EXPECT_EQ(client.received, all);
  EXPECT_EQ(client.ending(), "FIN");
}

// --- lasts

TEST(Lasts, ABlackholeSwallowsUntilItHeals) {
  Stage stage({.faults = "[[fault]]\ninject = \"blackhole\"\nlasts = \"100ms\""});
  auto [client, server] = stage.open();
  ASSERT_TRUE(stage.until_told("fault blackhole fired"));
  server.send(from_server("lost"));
  client.send(from_client("lost"));
  ASSERT_TRUE(stage.until_told("fault blackhole healed"));
  ASSERT_TRUE(stage.until_told("effect resumed to server"));
  server.send(from_server("found"));
  client.send(from_client("found"));
  ASSERT_TRUE(stage.until([&client = client, &server = server] {
    return client.received == sample::answer + from_server("found") &&
           server.received == sample::request + from_client("found");
  })) << stage.whole_log();
  EXPECT_THAT(stage.told({"fault", "effect"}),
              ElementsAre("fault blackhole fired", "effect silence to client", "effect silence to server",
                          "fault blackhole healed", "effect resumed to client", "effect resumed to server"));
}

TEST(Lasts, AnEndThatWasSwallowedIsNoticedAfterwards) {
  Stage stage({.faults = "[[fault]]\ninject = \"blackhole\"\nlasts = \"100ms\""});
  auto [client, server] = stage.open();
  ASSERT_TRUE(stage.until_told("fault blackhole fired"));
  server.send_fin();
  ASSERT_TRUE(stage.until([&client = client] { return client.end.has_value(); }));
  EXPECT_EQ(client.ending(), "FIN");
  EXPECT_THAT(stage.told({"fault", "FIN"}), ElementsAre("fault blackhole fired", "FIN from server",
                                                        "fault blackhole healed", "FIN to client"));
}

TEST(Lasts, AStallLosesNothing) {
  Stage stage({.faults = "[[fault]]\ninject = \"stall\"\nlasts = \"100ms\""});
  auto [client, server] = stage.open();
  ASSERT_TRUE(stage.until_told("fault stall fired"));
  server.send(from_server("late"));
  ASSERT_TRUE(stage.until([&client = client] { return client.received.size() > sample::answer.size(); }));
  EXPECT_EQ(client.received, sample::answer + from_server("late"));
  EXPECT_THAT(stage.told({"fault", "frame"}),
              ElementsAre("fault stall fired", "fault stall healed", "frame 1 (1.) text of 4",
                          "frame 1 (1.) text of 4"));
}

TEST(Stall, ReachesTheSenderAsBackPressure) {
  Stage stage({.faults = "[[fault]]\ninject = \"stall\""});
  auto [client, server] = stage.open();
  ASSERT_TRUE(stage.until_told("fault stall fired"));
  server.send(std::string(64 << 20, 'x'));  // more than all buffers of a loopback connection
  stage.loop.watch(milliseconds(100));
  EXPECT_EQ(client.received, sample::answer);
  EXPECT_GT(server.socket().unacknowledged(), 0U);
}

// --- heartbeats, and the answer to a Close

TEST(DropPong, LosesPongsAndNothingElse) {
  Stage stage({.faults = "[[fault]]\ninject = \"drop_pong\"\ncount = 2"});
  auto [client, server] = stage.open();
  server.send(hex("8a0161 8901 62 8a0163 8a0164"));
  EXPECT_TRUE(stage.until([&client = client] {
    return client.received == sample::answer + hex("890162 8a0164");
  })) << testing::PrintToString(client.received);
  client.send(from_client("answer", 10));
  EXPECT_TRUE(
      stage.until([&server = server] { return server.received.ends_with(from_client("answer", 10)); }));
}

TEST(NoCloseReply, KeepsTheAnswerAndWhatFollows) {
  Stage stage({.faults = "[[fault]]\ninject = \"no_close_reply\""});
  auto [client, server] = stage.open();
  client.send(from_client(wire::close_payload(1000), 8));
  ASSERT_TRUE(stage.until([&server = server] { return server.received.size() > sample::request.size(); }));
  server.send(from_server("before") + hex("8802 03e8"));
  server.send_fin();
  ASSERT_TRUE(stage.until_told("FIN from server"));
  stage.loop.watch(milliseconds(20));
  EXPECT_EQ(client.received, sample::answer + from_server("before"));
  EXPECT_EQ(client.ending(), "");
}

TEST(NoCloseReply, LetsTheEndOfTcpThroughWithFollow) {
  for (const bool with_reset : {false, true}) {
    Stage stage({.faults = "[[fault]]\ninject = \"no_close_reply\"\nend = \"follow\""});
    auto [client, server] = stage.open();
    client.send(from_client(wire::close_payload(1000), 8));
    ASSERT_TRUE(stage.until([&server = server] { return server.received.size() > sample::request.size(); }));
    server.send(from_server("before") + hex("8802 03e8") + from_server("after"));
    ASSERT_TRUE(stage.until_told("fault no_close_reply fired"));
    ASSERT_TRUE(stage.until([&server = server] { return server.delivered(); }));
    stage.loop.watch(milliseconds(20));
    EXPECT_EQ(client.ending(), "") << "before the server ended it";
    with_reset ? server.send_reset() : server.send_fin();
    ASSERT_TRUE(stage.until([&client = client] { return !client.ending().empty(); })) << stage.whole_log();
    EXPECT_EQ(client.ending(), with_reset ? "RST" : "FIN");
    EXPECT_EQ(client.received, sample::answer + from_server("before"));
  }
}

// Two faults that cut the same direction off: its end passes only if both let it.
TEST(NoCloseReply, KeepsTheEndWhereAnotherFaultSwallowsIt) {
  Stage stage({.faults = "[[fault]]\ninject = \"blackhole\"\nwhen = \"open\"\n"
                         "[[fault]]\ninject = \"close_then_hang\"\nend = \"follow\"\nwhen = \"open\""});
  auto [client, server] = stage.open();
  ASSERT_TRUE(stage.until_told("fault close_then_hang fired"));
  server.send_fin();
  ASSERT_TRUE(stage.until_told("FIN from server"));
  stage.loop.watch(milliseconds(20));
  EXPECT_EQ(client.ending(), "");
}

TEST(CloseThenHang, LetsTheEndOfTcpThroughWithFollow) {
  for (const bool of_the_server : {true, false}) {
    Stage stage({.faults = "[[fault]]\ninject = \"close_then_hang\"\nend = \"follow\""});
    auto [client, server] = stage.open();
    const std::string closed = sample::answer + hex("8802 03e8");
    ASSERT_TRUE(stage.until([&] { return client.received == closed; }));
    server.send(from_server("vanishes"));
    client.send(from_client(wire::close_payload(1000), 8));
    ASSERT_TRUE(stage.until(
        [&server = server, &client = client] { return server.delivered() && client.delivered(); }));
    stage.loop.watch(milliseconds(20));
    EXPECT_EQ(client.ending(), "");
    EXPECT_EQ(server.ending(), "");
    Peer& first = of_the_server ? server : client;
    Peer& second = of_the_server ? client : server;
    first.send_fin();
    ASSERT_TRUE(stage.until([&] { return second.has_fin(); })) << stage.whole_log();
    EXPECT_EQ(first.ending(), "");
    EXPECT_EQ(client.received, closed);
    EXPECT_EQ(server.received, sample::request);
  }
}

}  // namespace
}  // namespace wsfault::actor
