// Faults in the heads of a handshake: what both raw peers read of requests and answers, and in which pieces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_bytes.hpp"
#include "stage.hpp"
#include "wire/handshake.hpp"

namespace wsfault::actor {
namespace {

using sample::from_client;
using sample::from_server;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

std::string without_line(std::string head, std::string_view name) {
  const std::size_t start = head.find("\r\n" + std::string(name)) + 2;
  return head.erase(start, head.find("\r\n", start) + 2 - start);
}

StageSetting with(const std::string& fault, Side sut = Side::client) {
  return {.faults = "[[fault]]\nname = \"f\"\ninject = " + fault, .sut = sut};
}

/// The request has reached the server, whatever the fault did to it.
void ask(Stage& stage, Peer& client, Peer& server) {
  client.send(sample::request);
  ASSERT_TRUE(stage.until([&] { return server.received.ends_with("\r\n\r\n"); })) << stage.whole_log();
}

testing::AssertionResult reads(Stage& stage, const Peer& peer, const std::string& bytes) {
  if (stage.until([&] { return peer.received == bytes; })) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "it read: " << testing::PrintToString(peer.received) << "\n"
                                     << stage.whole_log();
}

// --- strip_upgrade

// RFC 9110 7.6.1: an intermediary removes Connection and what it names.
TEST(StripUpgrade, LosesTheHopByHopHeaders) {
  Stage stage(with("\"strip_upgrade\""));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  EXPECT_EQ(server.received, without_line(without_line(sample::request, "Upgrade:"), "Connection:"));
  const std::string answer = "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n";
  server.send(answer);
  EXPECT_TRUE(reads(stage, client, answer));
  EXPECT_THAT(stage.told({"request", "fault"}),
              ElementsAre("request GET /chat upgrade", "fault f fired", "request GET /chat"));
}

TEST(StripUpgrade, LosesWebSocketsOwnHeadersToo) {
  Stage stage(with("\"strip_upgrade\"\nsec_websocket = \"lose\""));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  EXPECT_EQ(server.received, "GET /chat HTTP/1.1\r\nHost: server.example.com\r\n\r\n");
}

TEST(StripUpgrade, StandsInFrontOfAServer) {
  Stage stage(with("\"strip_upgrade\"", Side::server));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  EXPECT_EQ(server.received, without_line(without_line(sample::request, "Upgrade:"), "Connection:"));
}

// --- misroute

TEST(Misroute, IsAPageOfAPlainService) {
  Stage stage(with("\"misroute\""));
  Peer* client = stage.dial();
  client->send(sample::request);
  ASSERT_TRUE(stage.until([&] { return client->has_fin(); }));
  EXPECT_THAT(client->received,
              testing::StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 94\r\n"));
  EXPECT_THAT(client->received, testing::EndsWith("\r\n\r\n<!DOCTYPE html><html><head><title>It works</title>"
                                                  "</head><body><h1>It works</h1></body></html>"));
}

TEST(Misroute, TakesWhatIsStated) {
  Stage stage(with("\"misroute\"\nstatus = 404\nbody = \"no\"\nheaders = { Content-Type = \"text/plain\" }"));
  Peer* client = stage.dial();
  client->send(sample::request);
  EXPECT_TRUE(reads(stage, *client,
                    "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: "
                    "close\r\n\r\nno"));
}

// --- early_hints

const std::string hints = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n\r\n";

TEST(EarlyHints, ComeBeforeTheServerAnswers) {
  Stage stage(with("\"early_hints\""));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  EXPECT_TRUE(reads(stage, client, hints));
  server.send(sample::answer + from_server("m1"));
  EXPECT_TRUE(reads(stage, client, hints + sample::answer + from_server("m1")));
  EXPECT_TRUE(stage.until_told("opened"));
  EXPECT_THAT(stage.told({"fault", "response", "violation"}),
              ElementsAre("fault f fired", "response 103", "response 101", "response 101"));
}

TEST(EarlyHints, GluedComeWithTheAnswer) {
  Stage stage(with("\"early_hints\"\nglued = true"));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  stage.loop.watch(milliseconds(20));
  EXPECT_EQ(client.received, "");
  server.send(sample::answer);
  EXPECT_TRUE(reads(stage, client, hints + sample::answer));
  EXPECT_TRUE(stage.until_told("opened"));
}

// --- slow_head

// At 1000 bytes a second the n-th byte cannot arrive before n milliseconds are over, except for one small
// piece.
void expect_slow(Stage& stage, Peer& sender, Peer& receiver, const std::string& head,
                 const std::string& behind) {
  const auto start = fault::Clock::now();
  sender.send(head + behind);
  EXPECT_TRUE(
      stage.until([&] { return !receiver.received.empty() && receiver.received.size() < head.size(); }));
  EXPECT_TRUE(reads(stage, receiver, head + behind));
  EXPECT_GE(fault::Clock::now() - start, milliseconds(head.size() - 50));
}

TEST(SlowHead, IsTheAnswer) {
  Stage stage(with("\"slow_head\"\nrate = 1000"));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  EXPECT_EQ(server.received, sample::request);
  expect_slow(stage, server, client, sample::answer, from_server("m1"));
  EXPECT_TRUE(stage.until_told("opened"));
}

TEST(SlowHead, IsTheRequestInFrontOfAServer) {
  Stage stage(with("\"slow_head\"\nrate = 1000", Side::server));
  auto [client, server] = stage.connect();
  expect_slow(stage, client, server, sample::request, "");
  server.send(sample::answer);
  EXPECT_TRUE(reads(stage, client, sample::answer));
}

TEST(SlowHead, ComesWholeBeforeItsSendersFin) {
  Stage stage(with("\"slow_head\"\nrate = 1000"));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  server.send(sample::answer);
  server.send_fin();
  EXPECT_TRUE(reads(stage, client, sample::answer));
  EXPECT_TRUE(stage.until([&client = client] { return client.has_fin(); }));
}

// --- huge_head

void expect_huge(const std::string& received, const std::string& head, std::size_t bytes) {
  ASSERT_EQ(received.size(), head.size() + bytes);
  EXPECT_TRUE(received.starts_with(head.substr(0, head.size() - 2)));
  EXPECT_EQ(received.find("\r\n\r\n"), received.size() - 4);
  for (std::size_t at = 0, next = 0; at < received.size(); at = next + 2) {
    next = received.find("\r\n", at);
    EXPECT_LE(next - at, 1056U);
  }
}

TEST(HugeHead, IsTheAnswerAndARightOne) {
  for (const std::size_t bytes : {32U, 1024U, 1055U, 1056U, 1057U, 65536U, 1U << 20}) {
    SCOPED_TRACE(bytes);
    Stage stage(with("\"huge_head\"\nbytes = \"" + std::to_string(bytes) + "\""));
    auto [client, server] = stage.connect();
    ask(stage, client, server);
    server.send(sample::answer);
    ASSERT_TRUE(stage.until(
        [&, &client = client] { return client.received.size() == sample::answer.size() + bytes; }));
    expect_huge(client.received, sample::answer, bytes);
    EXPECT_TRUE(stage.until_told("opened")) << stage.whole_log();
    EXPECT_THAT(stage.told({"response", "not HTTP"}), ElementsAre("response 101", "response 101"));
  }
}

TEST(HugeHead, IsTheRequestInFrontOfAServer) {
  Stage stage(with("\"huge_head\"", Side::server));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  expect_huge(server.received, sample::request, 65536);
  server.send(sample::answer);
  EXPECT_TRUE(reads(stage, client, sample::answer));
}

// A head that a gateway forwards whole is read whole on the link in front of it.
TEST(HugeHead, ThatAServerSendsIsRead) {
  Stage stage;
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  std::string head = sample::answer;
  head.insert(head.size() - 2, "X-Filling: " + std::string(1U << 20, 'x') + "\r\n");
  server.send(head);
  ASSERT_TRUE(stage.until([&client = client, &head] { return client.received.size() == head.size(); }));
  EXPECT_TRUE(stage.until_told("opened"));
  EXPECT_THAT(stage.told({"response", "not HTTP"}), ElementsAre("response 101", "response 101"));
}

// --- answer_twice

TEST(AnswerTwice, IsNoFrame) {
  Stage stage(with("\"answer_twice\"\nbody = \"gone\""));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  server.send(sample::answer);
  EXPECT_TRUE(reads(
      stage, client,
      sample::answer + "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\nConnection: close\r\n\r\ngone"));
  EXPECT_TRUE(stage.until_told("opened"));
  EXPECT_THAT(stage.told({"violation"}), testing::Not(testing::IsEmpty())) << stage.whole_log();
}

TEST(AnswerTwice, IsNothingWithoutA101) {
  Stage stage(with("\"answer_twice\""));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  const std::string refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
  server.send(refusal);
  EXPECT_TRUE(reads(stage, client, refusal));
  EXPECT_THAT(stage.told({"fault"}), testing::IsEmpty());
}

// --- glued_head

TEST(GluedHead, WaitsForTheFirstFrame) {
  Stage stage(with("\"glued_head\"\nwithin = \"1h\""));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  server.send(sample::answer);
  ASSERT_TRUE(stage.until_told("fault f fired"));
  stage.loop.watch(milliseconds(20));
  EXPECT_EQ(client.received, "");
  server.send(from_server("m1", 1, false));
  stage.loop.watch(milliseconds(20));
  EXPECT_EQ(client.received, "") << "half a message";
  server.send(from_server("m2", 0, true));
  const std::string glued = sample::answer + from_server("m1", 1, false) + from_server("m2", 0, true);
  EXPECT_TRUE(reads(stage, client, glued));
  EXPECT_TRUE(stage.until_told("opened"));
  server.send(from_server("m3"));
  EXPECT_TRUE(reads(stage, client, glued + from_server("m3")));
  client.send(from_client("c1"));
  EXPECT_TRUE(reads(stage, server, sample::request + from_client("c1")));
}

TEST(GluedHead, WaitsForAControlFrameAsWell) {
  Stage stage(with("\"glued_head\"\nwithin = \"1h\""));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  server.send(sample::answer);
  ASSERT_TRUE(stage.until_told("fault f fired"));
  server.send(from_server("", 9));
  EXPECT_TRUE(reads(stage, client, sample::answer + from_server("", 9)));
}

TEST(GluedHead, WaitsSoLongAtMost) {
  Stage stage(with("\"glued_head\"\nwithin = \"50ms\""));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  const auto start = fault::Clock::now();
  server.send(sample::answer);
  EXPECT_TRUE(reads(stage, client, sample::answer));
  EXPECT_GE(fault::Clock::now() - start, milliseconds(50));
  EXPECT_TRUE(stage.until_told("opened"));
}

TEST(GluedHead, DoesNotWaitBeyondTheEnd) {
  Stage stage(with("\"glued_head\"\nwithin = \"1h\""));
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  server.send(sample::answer);
  server.send_fin();
  EXPECT_TRUE(reads(stage, client, sample::answer));
  EXPECT_TRUE(stage.until([&client = client] { return client.has_fin(); }));
}

// --- several at once, in the order of the file

TEST(Heads, AreTreatedByOneFaultAfterTheOther) {
  Stage stage({.faults = "[[fault]]\ninject = \"huge_head\"\nbytes = \"64B\"\n"
                         "[[fault]]\ninject = \"slow_head\"\nrate = 2000\n"});
  auto [client, server] = stage.connect();
  ask(stage, client, server);
  const auto start = fault::Clock::now();
  server.send(sample::answer);
  ASSERT_TRUE(
      stage.until([&client = client] { return client.received.size() == sample::answer.size() + 64; }));
  expect_huge(client.received, sample::answer, 64);
  EXPECT_GE(fault::Clock::now() - start, milliseconds(50));
}

}  // namespace
}  // namespace wsfault::actor
