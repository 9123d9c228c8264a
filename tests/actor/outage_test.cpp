// Faults that strike a whole link: `scope = "link"`, and an outage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "net/dial.hpp"
#include "net/file_descriptor.hpp"
#include "sample_bytes.hpp"
#include "stage.hpp"

namespace wsfault::actor {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

// --- scope = "link"

TEST(WholeLink, ASilenceCoversWhatIsOpenAndWhatComes) {
  Stage stage({.faults = "[[fault]]\ninject = \"blackhole\"\nscope = \"link\"\nwhen = \"message 2\""});
  auto [first, first_server] = stage.open();
  auto [second, second_server] = stage.open();
  first.send(sample::from_client("one"));
  ASSERT_TRUE(stage.until_told("message 1 text of 3: one"));
  second.send(sample::from_client("two"));  // the second message on the link
  ASSERT_TRUE(stage.until([&] { return stage.told({"fault blackhole fired"}).size() == 2; }));
  first.send(sample::from_client("lost"));
  ASSERT_TRUE(stage.until_told("message 2 text of 4: lost"));
  auto [third, third_server] = stage.connect();
  third.send(sample::request);
  ASSERT_TRUE(stage.until([&] { return stage.told({"fault blackhole fired"}).size() == 3; }));
  ASSERT_TRUE(stage.until([&] { return stage.told({"request"}).size() >= 5; })) << stage.whole_log();
  EXPECT_EQ(first_server.received, sample::request + sample::from_client("one"));
  EXPECT_EQ(second_server.received, sample::request);
  EXPECT_EQ(third_server.received, "");
}

TEST(WholeLink, ItHealsForAllAtOnceAndStrikesNobodyAfterwards) {
  Stage stage({.faults = "[[fault]]\ninject = \"stall\"\nscope = \"link\"\nlasts = \"150ms\""});
  stage.open();
  ASSERT_TRUE(stage.until_told("fault stall fired"));
  stage.connect();
  ASSERT_TRUE(stage.until([&] { return stage.told({"fault stall healed"}).size() == 2; }));
  auto [third, third_server] = stage.open();
  third.send(sample::from_client("hello"));
  EXPECT_TRUE(stage.until([&server = third_server] {
    return server.received == sample::request + sample::from_client("hello");
  }));
  EXPECT_THAT(stage.told({"fault stall fired"}), SizeIs(2));
}

TEST(WholeLink, WhatActsOnceStrikesThoseThatAreOpen) {
  Stage stage({.faults = "[[fault]]\ninject = \"reset\"\nscope = \"link\"\nwhen = \"message 1\""});
  auto [first, first_server] = stage.open();
  auto [second, second_server] = stage.open();
  second.send(sample::from_client("now"));
  ASSERT_TRUE(stage.until([&first = first, &second = second] { return first.end && second.end; }));
  EXPECT_EQ(first.ending(), "RST");
  EXPECT_EQ(second.ending(), "RST");
  auto [third, third_server] = stage.open();
  third.send(sample::from_client("hello"));
  EXPECT_TRUE(stage.until([&server = third_server] {
    return server.received == sample::request + sample::from_client("hello");
  }));
  EXPECT_THAT(stage.told({"fault reset fired"}), SizeIs(2));
}

// --- an outage

const std::string dark_at_message = "[[fault]]\ninject = \"dark\"\nwhen = \"message 1\"\n";

TEST(Dark, WhatWasSentMeanwhileArrivesAfterwardsInOrder) {
  Stage stage;
  auto [client, server] = stage.open();
  stage.link.set_dark(fault::Reach::all, true, false);
  for (int i = 0; i < 50; ++i) {
    client.send(sample::from_client("up " + std::to_string(i)));
    server.send(sample::from_server("down " + std::to_string(i)));
  }
  client.send_fin();
  ASSERT_TRUE(stage.until_told("FIN from client"));
  ASSERT_TRUE(stage.until_told("message 50 text of 7: down 49"));
  EXPECT_EQ(server.received, sample::request);
  EXPECT_EQ(client.received, sample::answer);
  stage.link.set_dark(fault::Reach::all, false, false);
  ASSERT_TRUE(stage.until([&server = server] { return server.has_fin(); }));
  std::string up = sample::request;
  std::string down = sample::answer;
  for (int i = 0; i < 50; ++i) {
    up += sample::from_client("up " + std::to_string(i));
    down += sample::from_server("down " + std::to_string(i));
  }
  EXPECT_EQ(server.received, up);
  EXPECT_TRUE(stage.until([&client = client, &down] { return client.received == down; }));
  EXPECT_THAT(stage.told({"effect", "FIN"}),
              ElementsAre("effect dark to client", "effect silence to both", "FIN from client",
                          "effect resumed to client", "effect resumed to both", "FIN to server"));
}

// More than any queue takes: the sender is held up, and nothing is lost.
TEST(Dark, LosesNothingOfWhatNoQueueTakes) {
  Stage stage;
  auto [client, server] = stage.open();
  stage.link.set_dark(fault::Reach::all, true, false);
  const std::string large = sample::from_server(std::string(16 << 20, 'x'), 2);
  const std::string all = sample::answer + large;
  server.send(large);
  ASSERT_TRUE(stage.until_told("frame 1 (1.) binary of 16777216"));
  EXPECT_EQ(client.received, sample::answer);
  stage.link.set_dark(fault::Reach::all, false, false);
  EXPECT_TRUE(stage.until([&client = client, &all] { return client.received == all; }));
}

TEST(Dark, ARstComesThroughAfterwards) {
  Stage stage;
  auto [client, server] = stage.open();
  stage.link.set_dark(fault::Reach::all, true, false);
  client.send_reset();
  ASSERT_TRUE(stage.until_told("RST from client"));
  server.send(sample::from_server("into the dark"));
  ASSERT_TRUE(stage.until_told("message 1 text of 13: into the dark"));
  EXPECT_FALSE(server.end);
  stage.link.set_dark(fault::Reach::all, false, false);
  ASSERT_TRUE(stage.until([&server = server] { return server.end.has_value(); }));
  EXPECT_EQ(server.ending(), "RST");
}

TEST(Dark, AnAttemptToConnectHangsAndSucceedsAfterwards) {
  Stage stage({.faults = dark_at_message});
  auto [client, server] = stage.open();
  client.send(sample::from_client("now"));
  ASSERT_TRUE(stage.until_told("fault dark fired"));
  std::optional<net::DialResult> result;
  const auto dial = [](Stage& on, std::optional<net::DialResult>& into) -> net::Task<void> {
    into = co_await net::dial("127.0.0.1", on.link.port(), std::chrono::seconds(20));
  };
  stage.loop.start(dial(stage, result));
  ASSERT_TRUE(stage.until_told("attempt began"));
  EXPECT_FALSE(result);
  stage.link.set_dark(fault::Reach::all, false, false);
  ASSERT_TRUE(stage.until([&] { return result.has_value(); }));
  EXPECT_TRUE(result->socket);
  ASSERT_TRUE(stage.until_told("attempt answered"));
  EXPECT_TRUE(stage.until([&] { return stage.servers() == 2; }));
}

TEST(Dark, AnAttemptThatGivesUpIsSeen) {
  Stage stage;
  stage.link.set_dark(fault::Reach::all, true, false);
  std::optional<net::DialResult> result;
  const auto dial = [](Stage& on, std::optional<net::DialResult>& into) -> net::Task<void> {
    into = co_await net::dial("127.0.0.1", on.link.port(), std::chrono::milliseconds(200));
  };
  stage.loop.start(dial(stage, result));
  ASSERT_TRUE(stage.until_told("attempt over"));
  EXPECT_TRUE(stage.until([&] { return result.has_value(); }));
  EXPECT_THAT(stage.told({"effect", "attempt"}),
              ElementsAre("effect dark to client", "attempt began", "attempt over"));
}

// RFC 6298 2.1: its SYN is sent again a second later.
TEST(Dark, AnAttemptOfTheLastMomentIsSeen) {
  Stage stage;
  stage.link.set_dark(fault::Reach::all, true, false);
  net::FileDescriptor late(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const net::tcp::endpoint port(net::asio::ip::address_v4::loopback(), stage.link.port());
  ASSERT_EQ(::connect(late.get(), port.data(), static_cast<socklen_t>(port.size())), -1);
  ASSERT_EQ(errno, EINPROGRESS);
  stage.link.set_dark(fault::Reach::all, false, false);
  ASSERT_TRUE(stage.until_told("attempt began"));
  late.reset();
  EXPECT_TRUE(stage.until_told("attempt over"));
}

// A server whose host is away and that is down when it is back.
TEST(Dark, AfterwardsALinkMayRefuse) {
  Stage stage;
  stage.link.set_dark(fault::Reach::all, true, false);
  stage.link.set_target_up(false);
  stage.link.set_dark(fault::Reach::all, false, false);
  EXPECT_EQ(stage.dial(), nullptr);
  stage.link.set_target_up(true);
  EXPECT_NE(stage.dial(), nullptr);
}

TEST(Dark, IsOverWhenEachOfItsReasonsIs) {
  Stage stage;
  auto [client, server] = stage.open();
  stage.link.set_dark(fault::Reach::all, true, false);
  stage.link.set_dark(fault::Reach::all, true, false);
  stage.link.set_dark(fault::Reach::all, false, false);
  client.send(sample::from_client("hello"));
  ASSERT_TRUE(stage.until_told("message 1 text of 5: hello"));
  EXPECT_EQ(server.received, sample::request);
  stage.link.set_dark(fault::Reach::all, false, false);
  EXPECT_TRUE(stage.until(
      [&server = server] { return server.received == sample::request + sample::from_client("hello"); }));
}

// --- one address of several

struct TwoAddresses {
  TwoAddresses()
      : link(loop.executor(), setting(log), std::vector<std::string>{"127.0.0.1", "127.0.0.2"}, 0) {
    link.set_target_up(true);
    loop.start(run());
  }
  ~TwoAddresses() {
    link.close();
    EXPECT_TRUE(loop.until([this] { return over; }));
  }
  net::Task<void> run() {
    co_await link.run();
    over = true;
  }
  static LinkSetting setting(record::EventLog& log) {
    LinkSetting setting;
    setting.log = &log;
    setting.name = "link";
    setting.client_party = "sut";
    return setting;
  }
  bool connects(const char* host) {
    std::optional<net::DialResult> result;
    const auto dial = [](const char* to, std::uint16_t port,
                         std::optional<net::DialResult>& into) -> net::Task<void> {
      into = co_await net::dial(to, port, std::chrono::milliseconds(200));
    };
    loop.start(dial(host, link.port(), result));
    EXPECT_TRUE(loop.until([&] { return result.has_value(); }));
    return result->socket.has_value();
  }
  std::vector<std::optional<int>> effects() const {
    std::vector<std::optional<int>> found;
    for (const record::Event& event : log.events()) {
      if (const auto* effect = std::get_if<record::LinkEffect>(&event.what))
        found.emplace_back(effect->address);
    }
    return found;
  }
  reference::Loop loop;
  record::EventLog log;
  Link link;
  bool over = false;
};

TEST(Addresses, OneIsDarkAndTheOtherAnswers) {
  TwoAddresses stage;
  stage.link.set_dark(fault::Reach::all, true, false, 1);
  EXPECT_FALSE(stage.connects("127.0.0.1"));
  EXPECT_TRUE(stage.connects("127.0.0.2"));
  stage.link.set_dark(fault::Reach::all, false, false, 1);
  EXPECT_TRUE(stage.connects("127.0.0.1"));
  EXPECT_THAT(stage.effects(), ElementsAre(1, std::nullopt));  // at the end all of them accept
}

TEST(Addresses, OneRefusesWhileAllAreDarkAndAfterwards) {
  TwoAddresses stage;
  stage.link.set_refusing(true, 2);
  stage.link.set_dark(fault::Reach::all, true, false);
  stage.link.set_dark(fault::Reach::all, false, false);
  EXPECT_TRUE(stage.connects("127.0.0.1"));
  EXPECT_FALSE(stage.connects("127.0.0.2"));
  // Address 2 refuses; the link is dark; the link works again, but for address 2.
  EXPECT_THAT(stage.effects(), ElementsAre(2, std::nullopt, std::nullopt, 2));
}

TEST(Flap, GoesDarkAndWorksInTurn) {
  Stage stage({.faults =
                   "[[fault]]\ninject = \"flap\"\ndown = [\"30ms\", \"20ms\"]\nup = \"10ms\"\ntimes = 3\n"
                   "jitter = 0.5"});
  stage.open();
  ASSERT_TRUE(stage.until_told("fault flap healed"));
  EXPECT_THAT(stage.told({"fault", "effect dark", "effect resumed to client"}),
              ElementsAre("fault flap fired", "effect dark to client", "effect resumed to client",
                          "effect dark to client", "effect resumed to client", "effect dark to client",
                          "effect resumed to client", "fault flap healed"));
}

}  // namespace
}  // namespace wsfault::actor
