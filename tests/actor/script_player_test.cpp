// Steps of literal scripts, as seen by a raw client.
#include "actor/script_player.hpp"

#include <gmock/gmock.h>

#include "conversation.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using sample::from_client;
using sample::from_server;
using std::chrono::milliseconds;
using testing::ElementsAre;
using wire::test::hex;

/// The bytes written by each sending step.
struct Written {
  const char* name;
  const char* steps;
  std::string bytes;
};

TEST(Step, WritesExactlyThat) {
  const Written rows[] = {
      {"a text", R"({ send = "hello" })", hex("810568656c6c6f")},
      {"bytes", R"({ send = { hex = "ff00" } })", hex("8202ff00")},
      {"so many bytes", R"({ send = { size = "200" } })", hex("827e00c8") + std::string(200, 'x')},
      {"${seq} runs on", R"({ send = "a${seq} ${seq}" }, { send = "${seq}" })",
       from_server("a1 1") + from_server("2")},
      {"a ping", R"({ ping = "are you there" })", from_server("are you there", 9)},
      {"an illegal frame", R"({ frame = { opcode = 3, rsv = 4, payload = "x", masked = true } })",
       hex("c381 01020304 79")},
      {"an unfinished frame that lies",
       R"({ frame = { opcode = 2, fin = false, length = 200, payload = { hex = "ff" } } })",
       hex("027e00c8 ff")},
      {"raw bytes", R"({ raw = { hex = "ffffffff" } }, { raw = "text" })", hex("ffffffff") + "text"},
      {"repeated steps", R"({ repeat = 3, steps = [{ send = "${seq}" }, { ping = "" }] })",
       from_server("1") + hex("8900") + from_server("2") + hex("8900") + from_server("3") + hex("8900")},
      {"repeated repetitions", R"({ repeat = 2, steps = [{ repeat = 2, steps = [{ send = "x" }] }] })",
       from_server("x") + from_server("x") + from_server("x") + from_server("x")},
      {"an empty Close", R"({ close = "empty" })", hex("8800")},
      {"a Close", R"({ close = 1011, reason = "out of memory" })", hex("880f 03f3") + "out of memory"},
  };
  for (const Written& row : rows) {
    SCOPED_TRACE(row.name);
    Conversation conversation("steps = [" + std::string(row.steps) + "]");
    Peer& client = conversation.open();
    ASSERT_TRUE(conversation.until([&] { return client.received.size() >= row.bytes.size(); }));
    conversation.loop.watch(milliseconds(10));
    EXPECT_EQ(client.received, row.bytes);
  }
}

// A message that arrived together with the end of the connection was still seen.
TEST(Expect, FindsWhatCameJustBeforeTheEnd) {
  Conversation conversation(
      R"(steps = [{ expect = "a" }, { repeat = 2, steps = [{ expect = "last" }] }, { mark = "heard" },
                                         { send = "unheard" }, { mark = "unreached" }])");
  Peer& client = conversation.open();
  client.send(from_client("a") + from_client("last") + from_client("last"));
  client.send_fin();
  ASSERT_TRUE(conversation.until_told("1: mark heard"));
  ASSERT_TRUE(conversation.until([&] { return client.has_fin(); }));
  EXPECT_EQ(client.received, "");
  EXPECT_THAT(conversation.told(), ElementsAre("1: mark heard"));
}

TEST(Expect, OfWhatDidNotComeBeforeTheEndIsAFailure) {
  Conversation conversation(
      R"(steps = [{ on = "message /a/", steps = [{ mark = "rule" }, { expect = "c" }, { mark = "no" }] },
                                         { expect = "b" }, { mark = "unreached" }])");
  Peer& client = conversation.open();
  client.send(from_client("a"));
  client.send_fin();
  ASSERT_TRUE(conversation.until([&] { return client.has_fin(); }));
  EXPECT_THAT(conversation.told(),
              ElementsAre("1: mark rule",
                          "1: script failed at expect b: no such message came before the connection ended"));
}

// What it could not even begin to wait for cannot come either.
TEST(Expect, BehindAStepThatNeedsTheConnectionFailsWithTheEnd) {
  Conversation conversation(R"(steps = [{ expect = "a" }, { send = "x" }, { repeat = 2, steps = [{ expect = "b" }] }])");
  Peer& client = conversation.open();
  client.send(from_client("a"));
  client.send_reset();
  ASSERT_TRUE(conversation.until_told(
      "1: script failed at expect b: no such message came before the connection ended"));
}

// --- inject

// The number of bytes written before it is passed with it: the host forwards these first.
TEST(Inject, IsToldHowMuchWasWrittenBefore) {
  Conversation conversation(R"(steps = [{ send = "hello" }, { inject = "reset" }, { send = "after" }])");
  Peer& client = conversation.open();
  EXPECT_TRUE(conversation.until_received(client, from_server("hello") + from_server("after")));
  const std::size_t written = sample::answer.size() + from_server("hello").size();
  EXPECT_TRUE(
      conversation.until_told("1: mark inject:upstream:1 after " + std::to_string(written) + " bytes"));
}

// --- expect

TEST(Expect, WaitsForItsMessageAndPassesOverOthers) {
  Conversation conversation(R"(steps = [{ expect = "subscribe" }, { send = "snapshot" }])");
  Peer& client = conversation.open();
  client.send(from_client("hello") + from_client("subscribe to all") + from_client("ping", 9));
  ASSERT_TRUE(conversation.until_received(client, from_server("ping", 10)));
  client.send(from_client("sub", 1, false) + from_client("scribe", 0));
  EXPECT_TRUE(conversation.until_received(client, from_server("ping", 10) + from_server("snapshot")));
  EXPECT_TRUE(conversation.until_told("1: script_done"));
}

TEST(Expect, TakesEachMessageOnce) {
  Conversation conversation(R"(steps = [{ expect = "a" }, { expect = "a" }, { send = "both" }])");
  Peer& client = conversation.open();
  client.send(from_client("a"));
  conversation.loop.watch(milliseconds(20));
  EXPECT_EQ(client.received, "");
  client.send(from_client("a"));
  EXPECT_TRUE(conversation.until_received(client, from_server("both")));
}

TEST(Expect, CapturesNamedGroups) {
  Conversation conversation(
      R"toml(steps = [{ expect = '/"id":"(?P<id>\d+)"/' }, { expect = '/(?P<what>\w+)$/' }, { send = "${id} ${what} ${id}" }])toml");
  Peer& client = conversation.open();
  client.send(from_client(R"({"id":"42"})") + from_client("it is done"));
  EXPECT_TRUE(conversation.until_received(client, from_server("42 done 42")));
}

TEST(Expect, OfAMessageThatDoesNotComeIsAFailureAndEndsTheScript) {
  Conversation conversation(
      R"(steps = [{ expect = "/never/", within = "100ms" }, { send = "unreachable" }])");
  Peer& client = conversation.open();
  client.send(from_client("something else"));
  ASSERT_TRUE(conversation.until([&] { return !conversation.told().empty(); }));
  conversation.loop.watch(milliseconds(20));
  EXPECT_THAT(conversation.told(),
              ElementsAre("1: script failed at expect /never/: no such message came within 100ms"));
  EXPECT_EQ(client.received, "");
  EXPECT_EQ(client.ending(), "");
  // It still does what it must do automatically.
  client.send(from_client("there?", 9));
  EXPECT_TRUE(conversation.until_received(client, from_server("there?", 10)));
}

// --- rules

TEST(Rule, AnswersEachMessageThatMatches) {
  Conversation conversation(
      R"toml(steps = [{ on = 'message /"ref":"(?P<ref>\d+)"/', steps = [{ send = "reply ${ref}" }] }])toml");
  Peer& client = conversation.open();
  ASSERT_TRUE(conversation.until_told("1: script_done"));
  client.send(from_client(R"({"ref":"1"})") + from_client("no") + from_client(R"({"ref":"22"})"));
  EXPECT_TRUE(conversation.until_received(client, from_server("reply 1") + from_server("reply 22")));
}

TEST(Rule, OfOneConnectionIsNoneOfAnother) {
  Conversation conversation(R"(steps = [{ on = "message 2", steps = [{ send = "second" }] }])");
  Peer& first = conversation.open();
  Peer& second = conversation.open();
  ASSERT_TRUE(conversation.until_told("2: script_done"));
  first.send(from_client("x") + from_client("y") + from_client("z"));
  second.send(from_client("x"));
  EXPECT_TRUE(conversation.until_received(first, from_server("second")));
  conversation.loop.watch(milliseconds(20));
  EXPECT_EQ(second.received, "");
}

TEST(Rule, StandsOnPingsAndCloses) {
  Conversation conversation(
      R"(steps = [{ on = "ping 1", steps = [{ mark = "ping" }] }, { on = "close", steps = [{ mark = "close" }] }])");
  Peer& client = conversation.open();
  ASSERT_TRUE(conversation.until_told("1: script_done"));
  client.send(from_client("", 9) + from_client("", 8));
  EXPECT_TRUE(conversation.until_told("1: mark close"));
  EXPECT_THAT(conversation.told(), ElementsAre("1: script_done", "1: mark ping", "1: mark close"));
}

// --- wait and mark

TEST(Wait, LastsAtLeastSoLong) {
  Conversation conversation(R"(steps = [{ wait = "150ms" }, { send = "late" }])");
  Peer& client = conversation.open();
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(conversation.until_received(client, from_server("late")));
  // It began at the 101, which was read just before `start`.
  EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds(75));
}

TEST(Wait, OfAMomentMayBeForAnotherConnection) {
  Conversation conversation(R"(
steps = [{ wait = "mark go" }, { send = "gone" }]
[[session]]
connection = 2
steps = [{ mark = "go" }]
)");
  Peer& waiting = conversation.open();
  conversation.loop.watch(milliseconds(20));
  EXPECT_EQ(waiting.received, "");
  conversation.open();
  EXPECT_TRUE(conversation.until_received(waiting, from_server("gone")));
  EXPECT_EQ(conversation.told().front(), "2: mark go");
}

// --- close

// RFC 6455 7.1.1: TCP ends once both Closes have passed, and the server ends it.
TEST(Close, EndsAfterThePeersClose) {
  Conversation conversation(R"(steps = [{ close = 1000 }])");
  Peer& client = conversation.open();
  ASSERT_TRUE(conversation.until_received(client, hex("8802 03e8")));
  conversation.loop.watch(milliseconds(30));
  EXPECT_EQ(client.ending(), "");
  client.send(from_client(wire::close_payload(1000), 8));
  EXPECT_TRUE(conversation.until([&] { return client.has_fin(); }));
  EXPECT_EQ(client.received, hex("8802 03e8"));  // one Close, not two
}

TEST(Close, IsNotFollowedByPongs) {
  Conversation conversation(R"(steps = [{ close = 1000 }])");
  Peer& client = conversation.open();
  ASSERT_TRUE(conversation.until_received(client, hex("8802 03e8")));
  client.send(from_client("", 9) + from_client(wire::close_payload(1000), 8));
  EXPECT_TRUE(conversation.until([&] { return client.has_fin(); }));
  EXPECT_EQ(client.received, hex("8802 03e8"));
}

}  // namespace
}  // namespace wsfault::actor
