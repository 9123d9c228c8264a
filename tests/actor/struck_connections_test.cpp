// Which connections a fault strikes: by their request, and at a moment of another one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_bytes.hpp"
#include "stage.hpp"

namespace wsfault::actor {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

std::string request_of(const std::string& target, const std::string& headers = "") {
  std::string request = sample::request;
  request.replace(request.find("/chat"), 5, target);
  return request.insert(request.find("Upgrade:"), headers);
}

/// Opens a connection with that request.
std::pair<Peer&, Peer&> open_with(Stage& stage, const std::string& request) {
  auto pair = stage.connect();
  pair.first.send(request);
  EXPECT_TRUE(stage.until([&] { return pair.second.received == request; }));
  pair.second.send(sample::answer);
  return pair;
}

/// Of three connections, to /public, to /private?token=1, and with two names to /chat, a reset strikes these.
void expect_struck(const std::string& keys, const std::vector<int>& expected) {
  SCOPED_TRACE(keys);
  Stage stage({.faults = "[[fault]]\ninject = \"reset\"\n" + keys});
  const std::vector<std::pair<Peer&, Peer&>> pairs{
      open_with(stage, request_of("/public")), open_with(stage, request_of("/private?token=1")),
      open_with(stage, request_of("/chat", "X-User: Anna\r\nX-User: Bert\r\n"))};
  const auto struck = [&] {
    std::vector<int> numbers;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      if (pairs[i].first.has_reset()) numbers.push_back(static_cast<int>(i) + 1);
    }
    return numbers;
  };
  EXPECT_TRUE(stage.until([&] { return stage.told({"opened"}).size() == 3 && struck() == expected; }))
      << stage.whole_log();
  stage.loop.watch(milliseconds(20));
  EXPECT_EQ(struck(), expected);
}

TEST(StruckConnections, AreThoseWithThePath) {
  expect_struck(R"(connections = { path = "/public" })", {1});
  // A text is the whole target, with its query or without.
  expect_struck(R"(connections = { path = "/private" })", {2});
  expect_struck(R"(connections = { path = "/private?token=1" })", {2});
  expect_struck(R"(connections = { path = "/priv" })", {});
  expect_struck(R"(connections = { path = "/p[ru]/" })", {1, 2});
}

TEST(StruckConnections, AreThoseWithTheHeaders) {
  expect_struck(R"(connections = { headers = { x-user = "Bert" } })", {3});
  expect_struck(R"(connections = { headers = { X-User = "/^A/" }, path = "/chat" })", {3});
  expect_struck(R"(connections = { headers = { X-User = "/^A/" }, path = "/public" })", {});
}

// At "connect" nobody knows the request: the fault waits for it.
TEST(StruckConnections, AreKnownOnceTheRequestIsThere) {
  Stage stage({.faults = "[[fault]]\ninject = \"reset\"\nwhen = \"connect\"\n"
                         "connections = { path = \"/public\" }"});
  auto [other, other_server] = open_with(stage, request_of("/private"));
  auto [client, server] = stage.connect();
  EXPECT_THAT(stage.told({"fault"}), IsEmpty());
  client.send(request_of("/public"));
  EXPECT_TRUE(stage.until([&client = client] { return client.has_reset(); })) << stage.whole_log();
  EXPECT_EQ(server.received, "");
  EXPECT_FALSE(other.end);
}

/// Two open connections; the second one speaks. Who is reset?
std::vector<bool> reset_after_the_second_spoke(const std::string& keys) {
  Stage stage({.faults = "[[fault]]\ninject = \"reset\"\n" + keys});
  auto [first, first_server] = stage.open();
  auto [second, second_server] = stage.open();
  second.send(sample::from_client("now"));
  EXPECT_TRUE(stage.until_told("fault reset fired")) << stage.whole_log();
  EXPECT_TRUE(stage.until([&first = first, &second = second] { return first.end || second.end; }));
  stage.loop.watch(milliseconds(50));
  return {first.has_reset(), second.has_reset()};
}

TEST(StruckConnections, MayBeOthersThanTheOneOfTheMoment) {
  const std::string when = "when = { moment = \"message 1\", connection = 2 }\n";
  EXPECT_THAT(reset_after_the_second_spoke(when + "connections = 1"), ElementsAre(true, false));
  EXPECT_THAT(reset_after_the_second_spoke(when + "connections = \"1-2\""), ElementsAre(false, true))
      << "it lists the one of the moment";
  EXPECT_THAT(reset_after_the_second_spoke(when), ElementsAre(false, true))
      << "the one of the moment is meant";
}

}  // namespace
}  // namespace wsfault::actor
