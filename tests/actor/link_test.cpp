// A link is transparent: bytes pass unchanged, FIN is FIN, RST is RST, refusal is refusal.
#include "actor/link.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "sample_bytes.hpp"
#include "stage.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using testing::ElementsAre;
using wire::test::hex;

// --- ends

TEST(LinkEnds, AFinPassesAsAFinAndTheOtherDirectionGoesOn) {
  Stage stage;
  auto [client, server] = stage.open();
  client.send(sample::from_client("bye"));
  client.send_fin();
  ASSERT_TRUE(stage.until([&server = server] { return server.has_fin(); }));
  EXPECT_EQ(server.received, sample::request + sample::from_client("bye"));
  server.send(sample::from_server("still here"));
  ASSERT_TRUE(stage.until(
      [&client = client] { return client.received == sample::answer + sample::from_server("still here"); }));
  EXPECT_FALSE(client.end);
  server.send_fin();
  ASSERT_TRUE(stage.until([&client = client] { return client.has_fin(); }));
  ASSERT_TRUE(stage.until_told("connection_over"));
  EXPECT_THAT(stage.told({"FIN", "RST", "error"}),
              ElementsAre("FIN from client", "FIN to server", "FIN from server", "FIN to client"));
}

TEST(LinkEnds, AServersFinPassesAsAFinAndTheClientMayGoOn) {
  Stage stage;
  auto [client, server] = stage.open();
  server.send_fin();
  ASSERT_TRUE(stage.until([&client = client] { return client.has_fin(); }));
  client.send(sample::from_client("late"));
  ASSERT_TRUE(stage.until(
      [&server = server] { return server.received == sample::request + sample::from_client("late"); }));
}

TEST(LinkEnds, ARstPassesAsARstInBothDirections) {
  for (const Side from : {Side::client, Side::server}) {
    SCOPED_TRACE(to_string(from));
    Stage stage;
    auto [client, server] = stage.open();
    Peer& dying = from == Side::client ? client : server;
    Peer& other = from == Side::client ? server : client;
    dying.send_reset();
    ASSERT_TRUE(stage.until([&] { return other.end.has_value(); }));
    EXPECT_EQ(other.ending(), "RST");
    ASSERT_TRUE(stage.until_told("connection_over"));
    EXPECT_THAT(stage.told({"FIN", "RST", "error"}),
                ElementsAre("RST from " + std::string(to_string(from)),
                            "RST to " + std::string(to_string(wire::opposite(from)))));
  }
}

TEST(LinkEnds, WhatWasSentBeforeARstArrivesBeforeIt) {
  Stage stage;
  auto [client, server] = stage.open();
  server.send(sample::from_server("last words"));
  ASSERT_TRUE(stage.until([&server = server] { return server.delivered(); }));
  server.send_reset();
  ASSERT_TRUE(stage.until([&client = client] { return client.end.has_value(); }));
  EXPECT_EQ(client.ending(), "RST");
  EXPECT_EQ(client.received, sample::answer + sample::from_server("last words"));
}

// A program that shuts down writing and then dies: its death must also reach the other side.
TEST(LinkEnds, ARstThatFollowsAFinPassesToo) {
  Stage stage;
  auto [client, server] = stage.open();
  client.send_fin();
  ASSERT_TRUE(stage.until([&server = server] { return server.has_fin(); }));
  std::optional<bool> reset;
  stage.loop.start([](Peer& peer, std::optional<bool>& seen) -> net::Task<void> {
    seen = co_await peer.socket().wait_reset();
  }(server, reset));
  client.send_reset();
  EXPECT_TRUE(stage.until([&] { return reset.has_value(); })) << stage.whole_log();
  EXPECT_EQ(reset, true);
}

TEST(LinkEnds, AStreamThatEndsInsideAFrameIsToldAndPasses) {
  Stage stage;
  auto [client, server] = stage.open();
  server.send(hex("8105 6865"));
  server.send_fin();
  ASSERT_TRUE(stage.until([&client = client] { return client.has_fin(); }));
  EXPECT_EQ(client.received, sample::answer + hex("8105 6865"));
  EXPECT_THAT(stage.told({"FIN", "violation"}),
              ElementsAre("violation truncated-frame in frame 1", "FIN from server inside a frame",
                          "FIN to client inside a frame"));
}

// --- refusal

TEST(LinkRefusal, WhileTheTargetIsDownTheLinkRefusesAndKeepsItsPort) {
  Stage stage({.target_up = false});
  const std::uint16_t port = stage.link.port();
  EXPECT_EQ(stage.dial(), nullptr);
  stage.link.set_target_up(true);
  EXPECT_EQ(stage.link.port(), port);
  EXPECT_NE(stage.dial(), nullptr);
  stage.link.set_target_up(false);
  EXPECT_EQ(stage.dial(), nullptr);
}

TEST(LinkRefusal, LivingConnectionsOutliveIt) {
  Stage stage;
  auto [client, server] = stage.open();
  stage.link.set_target_up(false);
  client.send(sample::from_client("hello"));
  EXPECT_TRUE(stage.until(
      [&server = server] { return server.received == sample::request + sample::from_client("hello"); }));
}

TEST(LinkRefusal, ATargetThatIsNotOursAndRefusesIsARst) {
  Stage stage;
  net::Listener nobody(stage.loop.executor(), "127.0.0.1");  // bound, never listening
  stage.link.set_target("127.0.0.1", nobody.port());
  Peer* client = stage.dial();
  ASSERT_NE(client, nullptr);
  ASSERT_TRUE(stage.until([&] { return client->end.has_value(); }));
  EXPECT_EQ(client->ending(), "RST");
  EXPECT_THAT(stage.told({"dial_failed", "RST"}), ElementsAre("dial_failed", "RST to client"));
}

// --- bytes

struct Bytes {
  const char* name;
  std::string client;
  std::string server;
};

std::string garbage(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

TEST(LinkBytes, PassUnchangedWhateverTheyAre) {
  const std::string mebibyte = garbage(1 << 20, 3);
  const Bytes sessions[] = {
      {"a handshake and frames", sample::request + sample::from_client("Hello") + hex("8980 01020304"),
       "HTTP/1.1 103 Early Hints\r\n\r\n" + sample::answer + hex("010348656c 8900 80026c6f 8802 03e8")},
      {"illegal frames", sample::request + hex("8105 48656c6c6f 83ff ffffffffffffffff 01020304"),
       sample::answer + hex("f180 01020304 897e0100") + std::string(256, 'p') + hex("8800 8800 8100")},
      {"garbage", garbage(100'000, 1), garbage(100'000, 2)},
      {"nothing from the client but a newline", "\n", "220 mail.example.com ESMTP\r\n"},
      {"plain HTTP with content", "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi",
       "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nho"},
      {"a message of 1 MiB both ways", sample::request + sample::from_client(mebibyte, 2),
       sample::answer + sample::from_server(mebibyte, 2)},
      {"strange spelling of a head", "GET /  HTTP/1.1\r\nhost:h\r\nX:  \r\n\r\n",
       "HTTP/1.1 101 \r\nupgrade:WebSocket\r\n\r\n"},
  };
  for (const Bytes& session : sessions) {
    for (const bool holds_messages : {false, true}) {
      SCOPED_TRACE(testing::Message() << session.name << (holds_messages ? ", messages held" : ""));
      // While a message is held, control frames pass between its fragments, so the order changes.
      if (holds_messages && session.server.find(hex("8900 8002")) != std::string::npos) continue;
      Stage stage({.holds_messages = holds_messages});
      auto [client, server] = stage.connect();
      client.send(session.client);
      server.send(session.server);
      client.send_fin();
      server.send_fin();
      ASSERT_TRUE(stage.until([&client = client, &server = server] { return client.end && server.end; }));
      EXPECT_TRUE(server.received == session.client);
      EXPECT_TRUE(client.received == session.server);
      EXPECT_EQ(client.ending(), "FIN");
      EXPECT_EQ(server.ending(), "FIN");
    }
  }
}

// "A connection whose head is plain HTTP gives its number back."
// --- bodies

struct PassingBody {
  const char* name;
  std::string answer;
  std::string_view end;  ///< of the server's TCP
  std::string told;
};

TEST(LinkBodies, AreRecordedAtBothTapsAndWaitForNothing) {
  const std::string head = "HTTP/1.1 403 No\r\n";
  for (const PassingBody& row :
       {PassingBody{"a length", head + "Content-Length: 6\r\n\r\ndenied", "", "body of 6: denied"},
        {"chunks", head + "Transfer-Encoding: chunked\r\n\r\n6\r\ndenied\r\n0\r\n\r\n", "",
         "body of 6: denied"},
        {"until the end", head + "\r\ndenied", "FIN", "body of 6: denied"},
        {"cut off by FIN", head + "Content-Length: 9\r\n\r\ndenied", "FIN", "body of 6 incomplete: denied"},
        {"cut off by RST", head + "\r\ndenied", "RST", "body of 6 incomplete: denied"}}) {
    SCOPED_TRACE(row.name);
    Stage stage;
    auto [client, server] = stage.connect();
    client.send(sample::request);
    ASSERT_TRUE(stage.until([&server = server] { return server.received == sample::request; }));
    server.send(row.answer);
    ASSERT_TRUE(stage.until([&] { return client.received == row.answer; })) << "while nothing has ended";
    if (row.end == "FIN") server.send_fin();
    if (row.end == "RST") server.send_reset();
    EXPECT_TRUE(stage.until([&] { return stage.told({row.told}).size() == 2; })) << stage.whole_log();
    EXPECT_TRUE(stage.until([&] { return client.ending() == row.end; }));
    stage.loop.watch(std::chrono::milliseconds(10));
    EXPECT_EQ(stage.told({"body"}).size(), 2U) << stage.whole_log();
  }
}

TEST(LinkBodies, ThatTheClientDoesNotWaitForAreIncomplete) {
  Stage stage;
  auto [client, server] = stage.connect();
  client.send(sample::request);
  ASSERT_TRUE(stage.until([&server = server] { return server.received == sample::request; }));
  server.send("HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\ndenied");
  ASSERT_TRUE(stage.until([&client = client] { return client.received.ends_with("denied"); }));
  client.send_reset();
  EXPECT_TRUE(stage.until_told("connection_over"));
  EXPECT_THAT(stage.told({"body"}),
              ElementsAre("body of 6 incomplete: denied", "body of 6 incomplete: denied"));
}

TEST(LinkNumbers, PlainHttpGivesItsNumberBack) {
  Stage stage;
  auto [prober, probed] = stage.connect();
  prober.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(stage.until_told("request GET /healthz"));
  prober.send_fin();
  probed.send_fin();
  ASSERT_TRUE(stage.until_told("connection_over")) << stage.whole_log();
  stage.open();
  stage.open();
  std::vector<int> opened;
  for (const record::Event& event : stage.log.events()) {
    if (std::holds_alternative<record::Opened>(event.what)) opened.push_back(event.where.connection);
  }
  EXPECT_THAT(opened, ElementsAre(1, 2));
}

std::vector<int> opened(const Stage& stage) {
  std::vector<int> numbers;
  for (const record::Event& event : stage.log.events()) {
    if (std::holds_alternative<record::Opened>(event.what)) numbers.push_back(event.where.connection);
  }
  return numbers;
}

/// A client whose request makes the link dial, and that gets an answer.
Peer& open_late(Stage& stage, Peer& client) {
  const std::size_t before = stage.servers();
  const std::size_t open = opened(stage).size();
  client.send(sample::request);
  EXPECT_TRUE(stage.until([&] { return stage.servers() == before + 1; }));
  stage.server(before + 1).send(sample::answer);
  EXPECT_TRUE(stage.until([&] { return opened(stage).size() == open + 1; }));
  return client;
}

TEST(LinkNumbers, APlainRequestThatGoesOnTakesNoNumber) {
  Stage stage{StageSetting{.numbers_at_once = false}};
  Peer& plain = *stage.dial();
  plain.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(stage.until([&stage] { return stage.servers() == 1; }));
  open_late(stage, *stage.dial());
  EXPECT_THAT(opened(stage), ElementsAre(1));
  const auto request = std::ranges::find_if(stage.log.events(), [](const record::Event& event) {
    const auto* seen = std::get_if<record::RequestSeen>(&event.what);
    return seen != nullptr && !seen->upgrade;
  });
  ASSERT_NE(request, stage.log.events().end());
  EXPECT_EQ(request->where.connection, -1);
}

TEST(LinkNumbers, WhoAsksFirstIsFirstWhoeverConnectedFirst) {
  Stage stage{StageSetting{.numbers_at_once = false}};
  Peer& early = *stage.dial();  // like a browser that connects in advance
  open_late(stage, *stage.dial());
  open_late(stage, early);
  EXPECT_THAT(opened(stage), ElementsAre(1, 2));
  EXPECT_TRUE(stage.until([&early] { return early.received == sample::answer; }));
}

TEST(LinkNumbers, WhatIsSeenBeforeTheNumberIsRecordedWithIt) {
  Stage stage{StageSetting{.numbers_at_once = false}};
  open_late(stage, *stage.dial());
  const auto& events = stage.log.events();
  const auto accepted = std::ranges::find_if(events, [](const record::Event& event) {
    return std::holds_alternative<record::Accepted>(event.what);
  });
  ASSERT_NE(accepted, events.end());
  EXPECT_EQ(accepted->where.connection, 1);
  EXPECT_GT(std::get<record::Accepted>(accepted->what).waited, 0);
  EXPECT_TRUE(std::holds_alternative<record::RequestSeen>(std::next(accepted)->what));
}

TEST(LinkNumbers, HalfARequestIsNumberedToo) {
  Stage stage{StageSetting{.numbers_at_once = false}};
  Peer& client = *stage.dial();
  client.send("GET /chat HT");
  ASSERT_TRUE(stage.until_told("accepted"));
  EXPECT_EQ(stage.log.events().back().where.connection, 1);
}

TEST(LinkNumbers, ASilentClientIsNumberedWhereThereIsNoOther) {
  Stage stage{StageSetting{.numbers_at_once = false}};
  stage.dial();
  ASSERT_TRUE(stage.until_told("accepted"));
}

TEST(LinkNumbers, AFaultThatStrikesBeforeTheRequestHasItsNumberAtOnce) {
  Stage stage{StageSetting{.faults = "[[fault]]\ninject = \"reset\"\nwhen = \"start\"\nconnections = 2",
                           .numbers_at_once = false}};
  stage.log.record({}, record::Ready{});
  open_late(stage, *stage.dial());
  Peer& second = *stage.dial();
  ASSERT_TRUE(stage.until([&second] { return second.has_reset(); }));
}

// --- which frame it is

/// "of" of all frames from the server that arrived.
std::vector<std::uint64_t> arrived_of(const Stage& stage) {
  std::vector<std::uint64_t> numbers;
  for (const record::Event& event : stage.log.events()) {
    const auto* frame = std::get_if<record::FrameSeen>(&event.what);
    if (frame != nullptr && frame->tap == record::Tap::arrived && frame->from == Side::server)
      numbers.push_back(frame->of);
  }
  return numbers;
}

struct NamedFrames {
  std::string what;
  StageSetting setting;
  std::string sent;
  std::vector<std::uint64_t> of;
};

TEST(LinkFrames, WhatArrivesNamesTheFrameThatWasSent) {
  const std::string three = sample::from_server("a") + hex("8900") + sample::from_server("ccc");
  const std::string fragments = hex("0101 61 8900 8001 62") + sample::from_server("x");
  const auto fault = [](const std::string& keys) { return "[[fault]]\n" + keys; };
  const NamedFrames rows[] = {
      {"untouched", {}, three, {1, 2, 3}},
      {"messages held", {.holds_messages = true}, fragments, {2, 1, 3, 4}},
      {"each byte by itself", {.bytes = {{Side::server, 5}}}, three, {1, 2, 3}},
      {"one dropped", {.faults = fault("inject = \"drop_message\"\nwhen = \"message 1\"")}, three, {2, 3}},
      {"one more",
       {.faults = fault("inject = \"ping_flood\"\ncount = 1\nwhen = \"message 1\"")},
       three,
       {0, 1, 2, 3}},
      {"paced",
       {.faults = fault("inject = \"bandwidth\"\nrate = \"1MiB\"\nwhen = \"open\"")},
       three,
       {1, 2, 3}},
  };
  for (const NamedFrames& row : rows) {
    SCOPED_TRACE(row.what);
    Stage stage(row.setting);
    auto [client, server] = stage.open();
    server.send(row.sent);
    ASSERT_TRUE(stage.until([&] { return arrived_of(stage).size() == row.of.size(); })) << stage.whole_log();
    EXPECT_THAT(arrived_of(stage), testing::UnorderedElementsAreArray(row.of));
  }
}

TEST(LinkNumbers, SeveralConnectionsDoNotMix) {
  Stage stage;
  auto [first, first_server] = stage.open();
  auto [second, second_server] = stage.open();
  first_server.send(sample::from_server("one"));
  second_server.send(sample::from_server("two"));
  ASSERT_TRUE(stage.until([&first = first, &second = second] {
    return first.received == sample::answer + sample::from_server("one") &&
           second.received == sample::answer + sample::from_server("two");
  }));
}

// "message 2 done": forwarded whole.
TEST(LinkForwarded, IsToldOfEachFrameAndMessage) {
  Stage stage({.tells_forwarded = true});
  auto [client, server] = stage.open();
  server.send(hex("010348656c 8900 80026c6f"));
  ASSERT_TRUE(stage.until([&client = client] { return client.received.ends_with(hex("80026c6f")); }));
  EXPECT_TRUE(stage.until_told("forwarded from server: frame 3 message 1 ping 0 pong 0"))
      << stage.whole_log();
  EXPECT_THAT(stage.told({"forwarded"}),
              ElementsAre("forwarded from server: frame 1 message 0 ping 0 pong 0",
                          "forwarded from server: frame 2 message 0 ping 1 pong 0",
                          "forwarded from server: frame 3 message 1 ping 0 pong 0"));
}

// A step { inject = "reset" } of an upstream's script is a mark of the upstream, on the connection of its
// client.
TEST(LinkStrikes, WhatTheScriptOfTheOtherSideMarks) {
  Stage stage({.faults = "[[fault]]\ninject = \"reset\"\nconnections = \"all\"\nwhen = \"mark now\""});
  auto [first, first_server] = stage.open();
  auto [second, second_server] = stage.open();
  stage.log.record({"link", "upstream", 2}, record::Mark{"now"});
  ASSERT_TRUE(stage.until([&second = second] { return second.has_reset(); })) << stage.whole_log();
  EXPECT_EQ(first.ending(), "");
}

}  // namespace
}  // namespace wsfault::actor
