// What passes by the fast lane passes as it does by a Connection, and the log tells the same of its opening
// and its end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/pending_attempts.hpp"
#include "sample_bytes.hpp"
#include "stage.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using testing::ElementsAre;
using wire::test::hex;

const std::string close_frame = sample::from_client("\x03\xE8", 8);

/// What the two peers got, how it ended for them, and what the log tells but for frames.
struct Seen {
  std::string client;
  std::string server;
  std::vector<std::string> told;
  friend bool operator==(const Seen&, const Seen&) = default;
};

void PrintTo(const Seen& seen, std::ostream* out) {
  *out << seen.client << " | " << seen.server << " | " << testing::PrintToString(seen.told);
}

std::string what_it_got(const Peer& peer) {
  return testing::PrintToString(peer.received) + " " + std::string(peer.ending());
}

struct Session {
  Stage& stage;
  Peer& client;
  Peer& server;

  void until_over() {
    ASSERT_TRUE(stage.until_told("connection_over")) << stage.whole_log();
    ASSERT_TRUE(stage.until([&] { return is_over(client) && is_over(server); })) << stage.whole_log();
  }
  static bool is_over(Peer& peer) { return peer.end || !peer.socket().is_open(); }
};

struct Row {
  const char* what;
  bool opens;  ///< the handshake is over before it
  std::function<void(Session&)> happens;
};

const Row rows[] = {
    {"both end it", true,
     [](Session& now) {
       now.client.send(sample::from_client("bye"));
       now.client.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.server.has_fin(); }));
       now.server.send(sample::from_server("still here"));
       now.server.send_fin();
       now.until_over();
     }},
    {"the server ends it first", true,
     [](Session& now) {
       now.server.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.client.has_fin(); }));
       now.client.send(sample::from_client("late"));
       now.client.send_fin();
       now.until_over();
     }},
    {"the client dies", true,
     [](Session& now) {
       now.client.send_reset();
       now.until_over();
     }},
    {"the server dies with last words", true,
     [](Session& now) {
       now.server.send(sample::from_server("last words"));
       ASSERT_TRUE(now.stage.until([&] { return now.server.delivered(); }));
       now.server.send_reset();
       now.until_over();
     }},
    {"a side dies that had ended", true,
     [](Session& now) {
       now.client.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.server.has_fin(); }));
       now.client.send_reset();
       now.until_over();
     }},
    {"an end inside a frame", true,
     [](Session& now) {
       now.server.send(hex("8105 6865"));
       now.server.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.client.has_fin(); }));
       now.client.send_fin();
       now.until_over();
     }},
    {"an end inside a header", true,
     [](Session& now) {
       now.client.send(sample::from_client("one") + hex("81"));
       now.client.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.server.has_fin(); }));
       now.server.send_fin();
       now.until_over();
     }},
    {"a closing handshake", true,
     [](Session& now) {
       now.client.send(sample::from_client("bye") + close_frame);
       const std::string wanted = sample::request + sample::from_client("bye") + close_frame;
       ASSERT_TRUE(now.stage.until([&] { return now.server.received == wanted; }));
       now.server.send(sample::from_server("\x03\xE8", 8));
       now.server.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.client.has_fin(); }));
       now.client.send_fin();
       now.until_over();
     }},
    {"an illegal frame behind legal ones", true,
     [](Session& now) {
       now.server.send(sample::from_server("one") + hex("9305 0102030405") + sample::from_server("two"));
       now.server.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.client.has_fin(); }));
       now.client.send_fin();
       now.until_over();
     }},
    {"a request in pieces, and frames at once behind it", false,
     [](Session& now) {
       now.client.send(sample::request.substr(0, 40));
       ASSERT_TRUE(now.stage.until([&] { return now.client.delivered(); }));
       now.client.send(sample::request.substr(40) + sample::from_client("early"));
       const std::string wanted = sample::request + sample::from_client("early");
       ASSERT_TRUE(now.stage.until([&] { return now.server.received == wanted; }));
       now.server.send(sample::answer + sample::from_server("at once"));
       ASSERT_TRUE(now.stage.until_told("opened"));
       now.server.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.client.has_fin(); }));
       now.client.send_fin();
       now.until_over();
     }},
    {"a plain request", false,
     [](Session& now) {
       now.client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
       ASSERT_TRUE(now.stage.until([&] { return !now.server.received.empty(); }));
       now.server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
       now.server.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.client.has_fin(); }));
       now.client.send_fin();
       now.until_over();
     }},
    {"a refused upgrade", false,
     [](Session& now) {
       now.client.send(sample::request);
       ASSERT_TRUE(now.stage.until([&] { return !now.server.received.empty(); }));
       now.server.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy");
       now.server.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.client.has_fin(); }));
       now.client.send_fin();
       now.until_over();
     }},
    {"an interim answer before the 101", false,
     [](Session& now) {
       now.client.send(sample::request);
       ASSERT_TRUE(now.stage.until([&] { return !now.server.received.empty(); }));
       now.server.send("HTTP/1.1 103 Early Hints\r\n\r\n" + sample::answer + sample::from_server("hello"));
       now.server.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.client.has_fin(); }));
       now.client.send_fin();
       now.until_over();
     }},
    {"half an answer", false,
     [](Session& now) {
       now.client.send(sample::request);
       ASSERT_TRUE(now.stage.until([&] { return !now.server.received.empty(); }));
       now.server.send("HTTP/1.1 101 Swit");
       now.server.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.client.has_fin(); }));
       now.client.send_fin();
       now.until_over();
     }},
    {"garbage for an answer", false,
     [](Session& now) {
       now.client.send(sample::request);
       ASSERT_TRUE(now.stage.until([&] { return !now.server.received.empty(); }));
       now.server.send("SSH-2.0-OpenSSH_9.2\r\n");
       now.server.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.client.has_fin(); }));
       now.client.send_fin();
       now.until_over();
     }},
    {"another protocol", false,
     [](Session& now) {
       now.client.send(std::string("\x16\x03\x01\0\0", 5));
       ASSERT_TRUE(now.stage.until([&] { return now.server.received.size() == 5; }));
       now.server.send(std::string("\x15\x03\x01\0\1", 5));
       ASSERT_TRUE(now.stage.until([&] { return now.client.received.size() == 5; }));
       now.client.send("more");
       now.client.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.server.has_fin(); }));
       now.server.send_fin();
       now.until_over();
     }},
    {"another protocol that looks like HTTP at first", false,
     [](Session& now) {
       now.client.send("HELLO");
       ASSERT_TRUE(now.stage.until([&] { return now.server.received == "HELLO"; }));
       now.server.send("HTTP");
       ASSERT_TRUE(now.stage.until([&] { return now.client.received == "HTTP"; }));
       now.client.send("\r\n");
       ASSERT_TRUE(now.stage.until([&] { return now.server.received == "HELLO\r\n"; }));
       now.client.send_fin();
       ASSERT_TRUE(now.stage.until([&] { return now.server.has_fin(); }));
       now.server.send_fin();
       now.until_over();
     }},
    {"a server that speaks first", false,
     [](Session& now) {
       now.server.send("220 mail.example.com ESMTP\r\n");
       ASSERT_TRUE(now.stage.until([&] { return !now.client.received.empty(); }));
       now.client.send_reset();
       now.until_over();
     }},
};

Seen see(const Row& row, bool by_fast_lane) {
  Stage stage({.has_fast_lane = by_fast_lane, .passing = Passing::as_needed});
  auto [client, server] = row.opens ? stage.open() : stage.connect();
  Session now{stage, client, server};
  row.happens(now);
  return {what_it_got(client), what_it_got(server),
          stage.told({"FIN", "RST", "error", "request", "response", "body", "not HTTP", "opened", "dial",
                      "violation", "accepted", "connection_over"})};
}

TEST(FastLane, IsLikeAConnection) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(see(row, true), see(row, false));
  }
}

/// A byte of a head that was passed on is not passed on again.
TEST(FastLane, IsLeftInsideAHead) {
  Stage stage({.has_fast_lane = true, .passing = Passing::as_needed});
  auto [client, server] = stage.connect();
  client.send(sample::request.substr(0, 50));
  ASSERT_TRUE(stage.until([&server = server] { return server.received.size() == 50; }));
  stage.link.need_events(true);
  client.send(sample::request.substr(50) + sample::from_client("hello"));
  ASSERT_TRUE(stage.until([&server = server] {
    return server.received.size() >= sample::request.size() + sample::from_client("hello").size();
  }));
  EXPECT_EQ(server.received, sample::request + sample::from_client("hello"));
  server.send(sample::answer);
  ASSERT_TRUE(stage.until_told("opened")) << stage.whole_log();
  EXPECT_EQ(stage.told({"request"}).size(), 2U);
}

TEST(FastLane, AServerThatRefusesIsARst) {
  Stage stage({.has_fast_lane = true, .passing = Passing::as_needed});
  net::Listener nobody(stage.loop.executor(), "127.0.0.1");  // bound, never listening
  stage.link.set_target("127.0.0.1", nobody.port());
  Peer* client = stage.dial();
  ASSERT_NE(client, nullptr);
  ASSERT_TRUE(stage.until([&] { return client->end.has_value(); }));
  EXPECT_EQ(client->ending(), "RST");
  EXPECT_THAT(stage.told({"dial_failed", "RST"}), ElementsAre("dial_failed", "RST to client"));
}

/// localhost may be ::1 first, where nobody listens.
TEST(FastLane, TriesTheAddressesOfAName) {
  Stage stage({.has_fast_lane = true, .passing = Passing::as_needed, .target_host = "localhost"});
  for (int i = 1; i <= 2; ++i) {
    auto [client, server] = stage.open();
    client.send(sample::from_client("hello"));
    ASSERT_TRUE(stage.until([&] { return stage.link.tally().messages[0] == static_cast<std::uint64_t>(i); }));
  }
  EXPECT_EQ(stage.link.living(), 2U);
  EXPECT_THAT(stage.told({"dial"}), ElementsAre("dialled", "dialled"));
}

TEST(FastLane, AConnectionToANameThatNobodyHasIsARst) {
  Stage stage({.has_fast_lane = true, .passing = Passing::as_needed, .target_host = "nobody.invalid"});
  Peer* client = stage.dial();
  ASSERT_NE(client, nullptr);
  ASSERT_TRUE(stage.until([&] { return client->end.has_value(); }));
  EXPECT_EQ(client->ending(), "RST");
}

TEST(FastLane, CountsAndDoesNotTellFrames) {
  Stage stage({.has_fast_lane = true, .passing = Passing::as_needed});
  auto [client, server] = stage.open();
  client.send(sample::from_client("one") + sample::from_client("", 9));
  ASSERT_TRUE(stage.until([&] { return stage.link.tally().frames[0][9] == 1; }));
  EXPECT_EQ(stage.link.tally().messages[0], 1U);
  EXPECT_EQ(stage.link.tally().frames[1][1], 0U);
  EXPECT_THAT(stage.told({"frame", "message"}), ElementsAre());
  EXPECT_EQ(stage.link.living(), 1U);
  const auto glances = stage.link.glances();
  ASSERT_EQ(glances.size(), 1U);
  EXPECT_TRUE(glances[0].open);
  EXPECT_EQ(glances[0].number, 1);
  EXPECT_EQ(glances[0].traffic.from_client, sample::request.size() + sample::from_client("one").size() + 6);
}

TEST(FastLane, AFaultStrikesWhoIsThere) {
  Stage stage({.faults = "[[fault]]\ninject = \"reset\"\nwhen = \"mark now\"\nconnections = \"all\"",
               .has_fast_lane = true,
               .passing = Passing::as_needed});
  auto [client, server] = stage.open();
  stage.log.record({}, record::Mark{"now"});
  ASSERT_TRUE(stage.until([&client = client] { return client.end.has_value(); })) << stage.whole_log();
  EXPECT_EQ(client.ending(), "RST");
  ASSERT_TRUE(stage.until_told("connection_over"));
}

TEST(FastLane, IsLeftWhereACountedMomentComes) {
  Stage stage({.faults = "[[fault]]\ninject = \"reset\"\nwhen = \"message 3\"",
               .has_fast_lane = true,
               .passing = Passing::as_needed});
  stage.link.need_count(*fault::parse_moment("message 3"), true);
  stage.link.need_units(true);
  auto [client, server] = stage.open();
  std::string sent;
  for (const char* text : {"one", "two", "three", "four"}) sent += sample::from_client(text);
  client.send(sent);
  ASSERT_TRUE(stage.until([&server = server] { return server.end.has_value(); })) << stage.whole_log();
  EXPECT_EQ(server.received, sample::request + sample::from_client("one") + sample::from_client("two"));
  EXPECT_EQ(server.ending(), "RST");
  EXPECT_EQ(stage.link.tally().messages[0], 2U);
  EXPECT_THAT(stage.told({"frame"}), ElementsAre("frame 3 (3.) text of 5 masked"));
}

/// Bytes that its reader did not take are not lost, nor is what comes after them.
TEST(FastLane, ASlowReaderGetsAllOfItAfterItWasLeft) {
  for (const bool leaves : {false, true}) {
    SCOPED_TRACE(leaves);
    Stage stage({.has_fast_lane = true, .passing = Passing::as_needed});
    auto [client, server] = stage.open();
    const std::string large = sample::from_server(std::string(6'000'000, 'x'), 2);
    server.send(large);
    ASSERT_TRUE(stage.until([&] { return stage.link.tally().frames[1][2] == 1; }));
    if (leaves) stage.link.need_events(true);
    server.send(sample::from_server("after"));
    ASSERT_TRUE(stage.until([&client = client, &large] {
      return client.received.size() ==
             sample::answer.size() + large.size() + sample::from_server("after").size();
    }));
    EXPECT_TRUE(client.received == sample::answer + large + sample::from_server("after"));
  }
}

TEST(FastLane, WhatLeavesItWhileItIsDialledIsNotDialledTwice) {
  Stage stage({.has_fast_lane = true, .passing = Passing::as_needed});
  stage.target().swallow();
  Peer* client = stage.dial();
  ASSERT_NE(client, nullptr);
  ASSERT_TRUE(stage.until([&] { return stage.link.on_fast_lane() == 1; }));
  const auto dialling = net::attempts_to("127.0.0.1", stage.target().port());
  ASSERT_EQ(dialling.value().size(), 1U);
  stage.link.need_events(true);
  EXPECT_EQ(stage.link.on_fast_lane(), 0U);
  stage.target().listen();
  ASSERT_TRUE(stage.until([&] { return stage.servers() == 1; })) << stage.whole_log();
  EXPECT_EQ(stage.server(1).socket().peer(), net::text_of(dialling->front().from));
  client->send(sample::request);
  EXPECT_TRUE(stage.until([&] { return stage.server(1).received == sample::request; }));
}

TEST(FastLane, IsEnteredAgainOnceNothingIsNeededAnyMore) {
  Stage stage({.has_fast_lane = true, .passing = Passing::as_needed});
  auto [client, server] = stage.open();
  stage.link.need_events(true);
  EXPECT_EQ(stage.link.on_fast_lane(), 0U);
  client.send(sample::from_client("one"));
  ASSERT_TRUE(stage.until_told("frame 1 (1.) text of 3 masked"));
  stage.link.need_events(false);
  ASSERT_TRUE(stage.until([&] { return stage.link.on_fast_lane() == 1; })) << stage.whole_log();
  EXPECT_EQ(stage.link.living(), 1U);
  client.send(sample::from_client("two"));
  server.send(sample::from_server("three"));
  const std::string sent = sample::from_client("one") + sample::from_client("two");
  ASSERT_TRUE(stage.until([&] { return stage.link.tally().messages[1] == 1 && server.received == sample::request + sent; }));
  EXPECT_EQ(stage.link.traffic().from_client, sample::request.size() + sent.size());
  EXPECT_EQ(stage.link.traffic().to_server, sample::request.size() + sent.size());
  // It leaves it with the right numbers.
  stage.link.need_events(true);
  client.send(sample::from_client("four"));
  ASSERT_TRUE(stage.until_told("frame 3 (3.) text of 4 masked")) << stage.whole_log();
  stage.link.need_events(false);
  ASSERT_TRUE(stage.until([&] { return stage.link.on_fast_lane() == 1; }));
  client.send_fin();
  ASSERT_TRUE(stage.until([&server = server] { return server.end.has_value(); }));
  server.send_fin();
  ASSERT_TRUE(stage.until_told("connection_over")) << stage.whole_log();
  EXPECT_EQ(stage.told({"accepted", "connection_over"}).size(), 2U) << stage.whole_log();
  EXPECT_EQ(stage.link.living(), 0U);
}

TEST(FastLane, IsEnteredAgainWhenAFaultHasHealed) {
  Stage stage({.faults = "[[fault]]\ninject = \"latency\"\nlatency = \"5ms\"\nwhen = \"mark now\"\n"
                         "connections = \"1\"\nlasts = \"30ms\"",
               .has_fast_lane = true,
               .passing = Passing::as_needed});
  auto [client, server] = stage.open();
  stage.link.strike(stage.spec(0), "sut", 1);
  EXPECT_EQ(stage.link.on_fast_lane(), 0U);
  client.send(sample::from_client("late"));
  ASSERT_TRUE(stage.until([&] { return stage.link.on_fast_lane() == 1; })) << stage.whole_log();
  EXPECT_EQ(server.received, sample::request + sample::from_client("late"));
}

/// What was sent and what arrived are not the same any more: the relay could not say where the frames are.
TEST(FastLane, IsNotEnteredAgainWhereAFrameWasTakenAway) {
  Stage stage({.faults = "[[fault]]\ninject = \"drop_message\"\nwhen = \"message 1\"\ndirection = \"to-server\"",
               .has_fast_lane = true,
               .passing = Passing::as_needed});
  stage.link.need_events(true);
  stage.link.need_units(true);
  auto [client, server] = stage.open();
  client.send(sample::from_client("one") + sample::from_client("two"));
  ASSERT_TRUE(stage.until([&server = server] { return server.received == sample::request + sample::from_client("two"); }));
  stage.link.need_units(false);
  stage.link.need_events(false);
  client.send(sample::from_client("three"));
  ASSERT_TRUE(stage.until([&server = server] { return server.received.ends_with(sample::from_client("three")); }));
  EXPECT_EQ(stage.link.on_fast_lane(), 0U);
}

}  // namespace
}  // namespace wsfault::actor
