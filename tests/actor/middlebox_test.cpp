// idle_kill and max_age: when they strike (pure), and what each of their ends looks like on the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fault/catalogue.hpp"
#include "sample_bytes.hpp"
#include "stage.hpp"
#include "wire/hex.hpp"

namespace wsfault::actor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using TimePoint = fault::Clock::time_point;

constexpr TimePoint at(int second) { return TimePoint(seconds(second)); }

std::optional<TimePoint> due(const std::string& toml, const fault::Activity& activity, TimePoint armed) {
  const fault::FaultSpec spec = faults_of("[[fault]]\n" + toml).at(0);
  return fault::make_connection_fault(spec)->due(activity, armed);
}

// "renewed_by = any, client, server, data-frames"
TEST(IdleKill, IsRenewedByWhatItSays) {
  const fault::Activity activity{.accepted = at(100), .client = at(103), .server = at(102), .data = at(101)};
  const std::string idle = "inject = \"idle_kill\"\nidle = \"30s\"\nrenewed_by = ";
  EXPECT_EQ(due("inject = \"idle_kill\"\nidle = \"30s\"", activity, at(100)), at(133));
  EXPECT_EQ(due(idle + "\"any\"", activity, at(100)), at(133));
  EXPECT_EQ(due(idle + "\"client\"", activity, at(100)), at(133));
  EXPECT_EQ(due(idle + "\"server\"", activity, at(100)), at(132));
  EXPECT_EQ(due(idle + "\"data-frames\"", activity, at(100)), at(131));
}

TEST(IdleKill, DoesNotCountSilenceFromBeforeItWasArmed) {
  const fault::Activity activity{.accepted = at(100), .client = at(100), .server = at(100), .data = at(100)};
  EXPECT_EQ(due("inject = \"idle_kill\"\nidle = \"30s\"", activity, at(120)), at(150));
}

TEST(MaxAge, CountsFromTheAcceptWhateverPasses) {
  const fault::Activity activity{.accepted = at(100), .client = at(103), .server = at(104), .data = at(104)};
  EXPECT_EQ(due("inject = \"max_age\"\nage = \"60s\"", activity, at(104)), at(160));
}

struct End {
  const char* end;
  std::string_view at_once;        ///< how both streams end when it strikes
  std::string_view at_next_bytes;  ///< and after the client has sent more
  std::vector<std::string> effects;
};

class IdleKillEnd : public testing::TestWithParam<End> {};

TEST_P(IdleKillEnd, LooksLikeThat) {
  const End& end = GetParam();
  Stage stage({.faults = "[[fault]]\ninject = \"idle_kill\"\nidle = \"100ms\"\nend = \"" +
                         std::string(end.end) + "\""});
  auto [client, server] = stage.open();
  ASSERT_TRUE(stage.until_told("fault idle_kill fired"));
  ASSERT_TRUE(stage.until([&, &client = client, &server = server] {
    return client.ending() == end.at_once && server.ending() == end.at_once;
  }));
  stage.loop.watch(milliseconds(20));
  EXPECT_EQ(client.ending(), end.at_once);
  EXPECT_EQ(server.ending(), end.at_once);
  client.send(sample::from_client("anybody there?"));
  ASSERT_TRUE(stage.until([&, &client = client, &server = server] {
    return client.ending() == end.at_next_bytes && server.ending() == end.at_next_bytes;
  }));
  stage.loop.watch(milliseconds(20));
  EXPECT_EQ(client.received, sample::answer);
  EXPECT_EQ(server.received, sample::request);
  EXPECT_EQ(client.ending(), end.at_next_bytes);
  EXPECT_THAT(stage.told({"effect", "FIN to", "RST to"}), testing::ElementsAreArray(end.effects));
}

INSTANTIATE_TEST_SUITE_P(Ends, IdleKillEnd,
                         testing::Values(End{"none", "", "", {"effect silence to both"}},
                                         End{"reset_next",
                                             "",
                                             "RST",
                                             {"effect silence to both", "RST to client", "RST to server"}},
                                         End{"reset", "RST", "RST", {"RST to client", "RST to server"}},
                                         End{"fin", "FIN", "FIN", {"FIN to client", "FIN to server"}}),
                         [](const auto& info) { return std::string(info.param.end); });

TEST(IdleKillEnd, ABusyConnectionLivesAndItsSilenceKills) {
  Stage stage({.faults = "[[fault]]\ninject = \"idle_kill\"\nidle = \"300ms\"\nend = \"reset\""});
  auto [client, server] = stage.open();
  // Three times the limit, with a byte every 20 ms: if the machine sleeps in between, it may rightly strike.
  const auto start = fault::Clock::now();
  auto longest = fault::Clock::duration::zero();
  auto last = start;
  while (fault::Clock::now() - start < milliseconds(900) && !client.end) {
    server.send(sample::from_server("tick"));
    stage.loop.watch(milliseconds(20));
    longest = std::max(longest, fault::Clock::now() - last);
    last = fault::Clock::now();
  }
  if (longest < milliseconds(250)) {
    EXPECT_FALSE(client.end);
  }
  EXPECT_TRUE(stage.until([&client = client] { return client.has_reset(); }));
}

// A middlebox that says goodbye: a Close to each side, and FIN once that side has answered it.
TEST(IdleKillEnd, MaySayGoodbye) {
  Stage stage({.faults = "[[fault]]\ninject = \"idle_kill\"\nidle = \"100ms\"\nend = \"close\"\n"
                         "code = 1001\nreason = \"idle\""});
  auto [client, server] = stage.open();
  const std::string bye = wire::test::hex("8806 03e9 69646c65");
  ASSERT_TRUE(stage.until([&client = client, &bye] { return client.received == sample::answer + bye; }))
      << stage.whole_log();
  // To the server it comes masked, as from a client.
  ASSERT_TRUE(
      stage.until([&server = server] { return server.received.size() == sample::request.size() + 12; }));
  EXPECT_EQ(server.received.substr(sample::request.size(), 2), wire::test::hex("8886"));
  EXPECT_FALSE(client.end);
  client.send(sample::from_client(wire::close_payload(1001), 8));
  ASSERT_TRUE(stage.until([&client = client] { return client.has_fin(); }));
  server.send(sample::from_server(wire::close_payload(1001), 8));
  ASSERT_TRUE(stage.until([&server = server] { return server.has_fin(); }));
  EXPECT_THAT(stage.told({"violation"}), testing::IsEmpty());
}

TEST(IdleKillEnd, MaySayGoodbyeToOneSide) {
  Stage stage({.faults = "[[fault]]\ninject = \"idle_kill\"\nidle = \"100ms\"\nend = \"close\"\n"
                         "direction = \"to-client\""});
  auto [client, server] = stage.open();
  const std::string bye = sample::answer + wire::test::hex("8802 03e9");
  ASSERT_TRUE(stage.until(
      [&, &client = client, &server = server] { return server.has_fin() && client.received == bye; }));
  EXPECT_EQ(server.received, sample::request);
}

TEST(IdleKillEnd, MayResetOneSideAndEndTheOther) {
  Stage stage({.faults = "[[fault]]\ninject = \"idle_kill\"\nidle = \"100ms\"\nend = \"reset\"\n"
                         "direction = \"to-server\""});
  auto [client, server] = stage.open();
  ASSERT_TRUE(
      stage.until([&client = client, &server = server] { return client.has_fin() && server.has_reset(); }));
}

TEST(MaxAgeEnd, BeforeThe101NoCloseIsSent) {
  Stage stage({.faults = "[[fault]]\ninject = \"max_age\"\nage = \"100ms\"\nend = \"close\""});
  auto [client, server] = stage.connect();
  ASSERT_TRUE(
      stage.until([&client = client, &server = server] { return client.has_fin() && server.has_fin(); }));
  EXPECT_EQ(client.received, "");
  EXPECT_EQ(server.received, "");
}

TEST(MaxAgeEnd, EndsBothSides) {
  Stage stage({.faults = "[[fault]]\ninject = \"max_age\"\nage = \"100ms\""});
  auto [client, server] = stage.connect();
  ASSERT_TRUE(
      stage.until([&client = client, &server = server] { return client.has_fin() && server.has_fin(); }));
  EXPECT_THAT(stage.told({"fault", "FIN to"}),
              ElementsAre("fault max_age fired", "FIN to client", "FIN to server"));
}

// "idle 30s": nothing passed for this long.
TEST(Idle, ComesOnceForEachSilence) {
  Stage stage({.idles = {milliseconds(50)}});
  auto [client, server] = stage.open();
  ASSERT_TRUE(stage.until_told("idle_reached"));
  stage.loop.watch(milliseconds(120));
  EXPECT_EQ(stage.told({"idle_reached"}).size(), 1U);
  server.send(sample::from_server("tick"));
  EXPECT_TRUE(stage.until([&] { return stage.told({"idle_reached"}).size() == 2; }));
}

}  // namespace
}  // namespace wsfault::actor
