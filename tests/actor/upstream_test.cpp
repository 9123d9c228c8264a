// The fake upstream: its handshake, plain HTTP next to it, sessions, and what it does automatically.
#include "actor/upstream.hpp"

#include <gmock/gmock.h>

#include "conversation.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using sample::from_client;
using sample::from_server;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using wire::test::hex;

std::string numbered(int first, int last) {
  std::string frames;
  for (int i = first; i <= last; ++i) frames += from_server("message " + std::to_string(i));
  return frames;
}

// "Without steps an upstream sends ten numbered messages, 20 ms apart, after each open, echoes what it gets,
// and is then silent"
TEST(UpstreamDefault, SendsTenNumberedMessages) {
  Conversation conversation("");
  Peer& first = conversation.open();
  EXPECT_TRUE(conversation.until_received(first, numbered(1, 10)));
  EXPECT_TRUE(conversation.until_told("1: script_done"));
  Peer& second = conversation.open();
  EXPECT_TRUE(conversation.until_received(second, numbered(11, 20)));
}

TEST(UpstreamDefault, EchoesTextAndBinaryOfAnySize) {
  Conversation conversation("");
  Peer& client = conversation.open();
  ASSERT_TRUE(conversation.until_told("1: script_done"));
  const auto echoed = [&](const std::string& payload, std::uint8_t opcode) {
    client.received.clear();
    client.send(from_client(payload, opcode));
    return conversation.until_received(client, from_server(payload, opcode));
  };
  EXPECT_TRUE(echoed("hello", 1));
  EXPECT_TRUE(echoed(hex("ff00"), 2));
  EXPECT_TRUE(echoed("", 1));
  EXPECT_TRUE(echoed(std::string(200'000, 'x'), 2)) << "got " << client.received.size() << " bytes";
}

// --- the handshake

TEST(UpstreamHandshake, AcceptsWithTheFirstSubprotocolThatIsOffered) {
  Conversation conversation("steps = []");
  Peer& client = conversation.connect();
  std::string request = sample::request;
  request.insert(request.size() - 2, "Sec-WebSocket-Protocol: chat, superchat\r\n");
  client.send(request);
  std::string answer = sample::answer;
  answer.insert(answer.size() - 2, "Sec-WebSocket-Protocol: chat\r\n");
  EXPECT_TRUE(conversation.until_received(client, answer)) << client.received;
}

TEST(UpstreamHandshake, AcceptsAsItsScriptSays) {
  Conversation conversation(
      R"(steps = [{ accept = { subprotocol = "other", headers = { X-Id = "7" } } }, { send = "hi" }])");
  Peer& client = conversation.connect();
  client.send(sample::request);
  std::string answer = sample::answer;
  answer.insert(answer.size() - 2, "Sec-WebSocket-Protocol: other\r\nX-Id: 7\r\n");
  EXPECT_TRUE(conversation.until_received(client, answer + from_server("hi"))) << client.received;
}

TEST(UpstreamHandshake, RespondsAsItsScriptSays) {
  Conversation conversation(R"(steps = [{ respond = 503, headers = { Retry-After = "1" }, body = "busy" }])");
  Peer& client = conversation.connect();
  client.send(sample::request);
  EXPECT_TRUE(conversation.until([&] { return client.has_fin(); }));
  EXPECT_EQ(client.received,
            "HTTP/1.1 503 \r\nRetry-After: 1\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy");
}

TEST(UpstreamHandshake, MayKeepTcpOpenAfterItsAnswer) {
  Conversation conversation(R"(steps = [{ respond = 503, body = "busy", end = "none" }])");
  Peer& client = conversation.connect();
  client.send(sample::request);
  const std::string answer = "HTTP/1.1 503 \r\nContent-Length: 4\r\n\r\nbusy";
  ASSERT_TRUE(conversation.until_received(client, answer)) << client.received;
  conversation.loop.watch(std::chrono::milliseconds(20));
  EXPECT_EQ(client.ending(), "");
  client.send_fin();
  EXPECT_TRUE(conversation.until([&] { return client.has_fin(); }));
  EXPECT_EQ(client.received, answer);
}

TEST(UpstreamHandshake, ARequestMayComeInPieces) {
  Conversation conversation(R"(steps = [{ send = "hi" }])");
  Peer& client = conversation.connect();
  client.send(sample::request.substr(0, 50));
  conversation.loop.watch(std::chrono::milliseconds(10));
  client.send(sample::request.substr(50));
  EXPECT_TRUE(conversation.until_received(client, sample::answer + from_server("hi")));
}

// --- plain HTTP

const std::string get = " HTTP/1.1\r\nHost: h\r\n\r\n";

// "A plain HTTP request to a fake upstream gets 426 with Upgrade: websocket."
TEST(UpstreamHttp, Gets426) {
  Conversation conversation("");
  Peer& client = conversation.connect();
  client.send("GET /healthz" + get);
  EXPECT_TRUE(conversation.until([&] { return client.has_fin(); }));
  EXPECT_EQ(client.received,
            "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
            "Sec-WebSocket-Version: 13\r\nContent-Length: 27\r\n\r\nthis is a WebSocket server\n");
  EXPECT_THAT(conversation.told(), ElementsAre("1: plain GET /healthz"));
}

TEST(UpstreamHttp, ARuleAnswersItsTargets) {
  Conversation conversation(
      R"(steps = [{ on = "http /refresh/", steps = [{ respond = 200, headers = { X-Id = "7" }, body = "new" }] }])");
  Peer& client = conversation.connect();
  client.send("POST /api/refresh?x=1" + get);
  EXPECT_TRUE(conversation.until([&] { return client.has_fin(); }));
  EXPECT_EQ(client.received,
            "HTTP/1.1 200 OK\r\nX-Id: 7\r\nContent-Length: 3\r\nConnection: close\r\n\r\nnew");
  Peer& other = conversation.connect();
  other.send("GET /other" + get);
  EXPECT_TRUE(conversation.until([&] { return other.has_fin(); }));
  EXPECT_TRUE(other.received.starts_with("HTTP/1.1 426 ")) << other.received;
}

TEST(UpstreamHttp, ARuleMayMarkBeforeItAnswers) {
  Conversation conversation(
      R"(steps = [{ on = "http /refresh/", steps = [{ mark = "asked" }, { respond = 200, body = "new" }] }])");
  Peer& client = conversation.connect();
  client.send("GET /refresh" + get);
  EXPECT_TRUE(conversation.until([&] { return client.has_fin(); }));
  EXPECT_TRUE(client.received.ends_with("\r\n\r\nnew")) << client.received;
  EXPECT_THAT(conversation.told(), ElementsAre("1: plain GET /refresh", "1: mark asked"));
}

// "rules of [upstream] on plain requests stay armed"
TEST(UpstreamHttp, RulesHoldForSessionsToo) {
  Conversation conversation(R"(
steps = [{ on = "http /refresh/", steps = [{ respond = 204 }] }]
[[session]]
connection = 1
steps = [{ send = "session" }]
)");
  Peer& client = conversation.connect();
  client.send("GET /refresh" + get);
  EXPECT_TRUE(conversation.until([&] { return client.has_fin(); }));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 204 ")) << client.received;
}

// --- sessions

const std::string sessions = R"(
steps = [{ send = "every" }]
[[session]]
connection = 2
steps = [{ send = "second" }]
)";

TEST(UpstreamSession, TheNthConnectionHasAScriptOfItsOwn) {
  Conversation conversation(sessions);
  for (const char* payload : {"every", "second", "every"}) {
    Peer& client = conversation.open();
    EXPECT_TRUE(conversation.until_received(client, from_server(payload))) << client.received;
  }
}

TEST(UpstreamSession, TheLinkSaysWhichConnectionItIs) {
  Conversation conversation(sessions);
  Peer& unannounced = conversation.open();
  EXPECT_TRUE(conversation.until_received(unannounced, from_server("every")));
  Peer& client = conversation.connect();
  conversation.upstream.announce(client.socket().local_port(), 2);
  client.send(sample::request);
  EXPECT_TRUE(conversation.until_received(client, sample::answer + from_server("second")));
}

// "a connection that ends takes its script with it, and what was left of it is no failure"
TEST(UpstreamSession, AConnectionThatEndsTakesItsScriptWithIt) {
  for (const bool by_reset : {false, true}) {
    Conversation conversation(
        R"(steps = [{ mark = "waiting" }, { expect = "never", within = "200ms" }, { mark = "unreachable" }])");
    Peer& client = conversation.open();
    ASSERT_TRUE(conversation.until_told("1: mark waiting"));
    if (by_reset) {
      client.send_reset();
    } else {
      client.send_fin();
      ASSERT_TRUE(conversation.until([&] { return client.has_fin(); }));
    }
    conversation.loop.watch(std::chrono::milliseconds(300));
    EXPECT_THAT(conversation.told(),
                ElementsAre("1: mark waiting", "1: script failed at expect never: no such message came before "
                                               "the connection ended"));
  }
}

TEST(UpstreamSession, AfterTheLastStepItStaysSilentAndOpen) {
  Conversation conversation(R"(steps = [{ send = "only this" }])");
  Peer& client = conversation.open();
  ASSERT_TRUE(conversation.until_told("1: script_done"));
  client.send(from_client("not echoed"));
  conversation.loop.watch(std::chrono::milliseconds(30));
  EXPECT_EQ(client.received, from_server("only this"));
  EXPECT_EQ(client.ending(), "");
}

// --- unasked

TEST(UpstreamUnasked, AnswersPings) {
  Conversation conversation("steps = []");
  Peer& client = conversation.open();
  client.send(from_client("are you there", 9) + from_client("", 9));
  EXPECT_TRUE(conversation.until_received(client, from_server("are you there", 10) + hex("8a00")));
}

// RFC 6455 5.5.1: "the endpoint typically echos the status code it received"; 7.1.1: the server closes TCP
// first.
TEST(UpstreamUnasked, AnswersACloseAndEnds) {
  Conversation conversation("steps = []");
  Peer& client = conversation.open();
  client.send(from_client(wire::close_payload(4001, "token expired"), 8));
  EXPECT_TRUE(conversation.until([&] { return client.has_fin(); }));
  EXPECT_EQ(client.received, hex("8802 0fa1"));

  Peer& without_code = conversation.open();
  without_code.send(from_client("", 8));
  EXPECT_TRUE(conversation.until([&] { return without_code.has_fin(); }));
  EXPECT_EQ(without_code.received, hex("8800"));
}

}  // namespace
}  // namespace wsfault::actor
