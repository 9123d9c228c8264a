// A network of one's own, for real: namespaces, a cable, rules; and nothing of it is left.
#include "network/private_network.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <optional>

#include "net/event_gate.hpp"
#include "net/listener.hpp"
#include "net/run_task.hpp"
#include "network/addresses.hpp"
#include "network/order.hpp"
#include "network/possible.hpp"

namespace wsfault::network {
namespace {

using namespace std::chrono_literals;
using namespace net::asio::experimental::awaitable_operators;

/// Echoes lines from the far end of the cable.
net::ChildSpec echo(const PrivateNetwork& network, const std::string& host, std::uint16_t port) {
  net::ChildSpec spec;
  spec.argv = {"bash", "-c",
               R"(exec 3<>"/dev/tcp/$0/$1"; while read -u 3 -r line; do echo "$line" >&3; done)", host,
               std::to_string(port)};
  spec.network_of = network.far_process();
  return spec;
}

struct Talk {
  net::Child far;
  net::Socket socket;
  std::uint16_t port;
  /// Empty: it did not come in time.
  net::Task<std::string> answer_to(std::string line, std::chrono::milliseconds within) {
    line += '\n';
    co_await socket.write(line);
    auto first = co_await (net::read_text(socket, line.size()) || net::sleep_for(within));
    co_return first.index() == 0 ? std::get<0>(first) : std::string();
  }
};

net::Task<Talk> begin_to_talk(const PrivateNetwork& network, net::Warden& warden, net::Listener& listener) {
  const auto executor = co_await net::asio::this_coro::executor;
  const net::ChildSpec spec = echo(network, listener.host(), listener.port());
  net::Child far = co_await warden.spawn(executor, spec);
  EXPECT_EQ(far.start_error(), "");
  auto accepted = co_await listener.accept();
  Talk talk{std::move(far), std::move(*accepted), listener.port()};
  EXPECT_EQ(co_await talk.answer_to("hello", 10s), "hello\n");
  co_return talk;
}

using NewScene =
    std::function<net::Task<void>(PrivateNetwork& network, net::Warden& warden, net::Listener& listener)>;

void on_a_new_network(NewScene scene) {
  if (const std::string why = why_impossible(WSFAULT_PROGRAM); !why.empty()) GTEST_SKIP() << why;
  net::Warden warden = net::Warden::start();
  net::run_task([&]() -> net::Task<void> {
    const auto executor = co_await net::asio::this_coro::executor;
    auto made = co_await PrivateNetwork::make(executor, warden, WSFAULT_PROGRAM, warden.folder());
    EXPECT_TRUE(made) << (made ? "" : made.error());
    if (!made) co_return;
    PrivateNetwork& network = **made;
    net::Listener listener(executor, std::string(near_address), 0, net::Listener::usual_backlog,
                           [&](int family) { return network.socket(family); });
    listener.listen();
    co_await scene(network, warden, listener);
  });
}

using Scene = std::function<net::Task<void>(PrivateNetwork& network, Talk& talk)>;

void on_a_cable(Scene scene) {
  on_a_new_network(
      [&](PrivateNetwork& network, net::Warden& warden, net::Listener& listener) -> net::Task<void> {
        Talk talk = co_await begin_to_talk(network, warden, listener);
        EXPECT_EQ(talk.socket.peer().substr(0, far_address.size()), far_address);
        co_await scene(network, talk);
      });
}

using Kind = Disturbance::Kind;

TEST(PrivateNetwork, ACableThatIsOutIsSilentAndWhatWasSentComesWhenItIsInAgain) {
  on_a_cable([](PrivateNetwork& network, Talk& talk) -> net::Task<void> {
    const Disturbance unplug{.kind = Kind::unplug};
    EXPECT_EQ(network.disturb("one", unplug, {}), "");
    EXPECT_EQ(network.disturb("two", unplug, {}), "");
    EXPECT_EQ(co_await talk.answer_to("swallowed", 300ms), "");
    EXPECT_EQ(network.repair("one", unplug), "");
    EXPECT_EQ(co_await talk.answer_to("also", 100ms), "") << "the other one holds it out";
    EXPECT_EQ(network.repair("two", unplug), "");
    EXPECT_EQ(co_await net::read_text(talk.socket, 15), "swallowed\nalso\n");
  });
}

struct Silent {
  const char* name;
  Kind kind;
};
class SilentDisturbance : public testing::TestWithParam<Silent> {};
TEST_P(SilentDisturbance, KeepsWhatIsSentUntilItIsRepaired) {
  on_a_cable([](PrivateNetwork& network, Talk& talk) -> net::Task<void> {
    const Disturbance disturbance{.kind = GetParam().kind};
    EXPECT_EQ(network.disturb("dark", disturbance, {{talk.port}}), "");
    EXPECT_EQ(co_await talk.answer_to("dropped", 300ms), "");
    EXPECT_EQ(network.repair("dark", disturbance), "");
    EXPECT_EQ(co_await net::read_text(talk.socket, 8), "dropped\n");
  });
}
INSTANTIATE_TEST_SUITE_P(Kinds, SilentDisturbance,
                         testing::Values(Silent{"drop", Kind::drop},
                                         Silent{"unreachable", Kind::unreachable}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(PrivateNetwork, OfOtherPortsADisturbanceKnowsNothing) {
  on_a_cable([](PrivateNetwork& network, Talk& talk) -> net::Task<void> {
    const auto other = static_cast<std::uint16_t>(talk.port == 9 ? 10 : 9);
    EXPECT_EQ(network.disturb("other", {.kind = Kind::drop}, {{other}}), "");
    EXPECT_EQ(co_await talk.answer_to("passes", 10s), "passes\n");
  });
}

TEST(PrivateNetwork, LostPacketsAreSentAgain) {
  on_a_cable([](PrivateNetwork& network, Talk& talk) -> net::Task<void> {
    EXPECT_EQ(network.disturb("loss", {.kind = Kind::loss, .ratio = 0.2}, {{talk.port}}), "");
    for (int i = 0; i < 20; ++i) {
      const std::string line = "line " + std::to_string(i);
      EXPECT_EQ(co_await talk.answer_to(line, 30s), line + "\n");
    }
  });
}

TEST(PrivateNetwork, ARateIsKept) {
  on_a_cable([](PrivateNetwork& network, Talk& talk) -> net::Task<void> {
    EXPECT_EQ(network.disturb("rate", {.kind = Kind::rate, .rate = 200'000}, {{talk.port}}), "");
    const std::string line(100'000, 'x');
    EXPECT_EQ(co_await talk.answer_to(line, 30s), line + "\n");
  });
}

TEST(PrivateNetwork, AFirewallForgetsAFlowThatIsSilent) {
  on_a_new_network(
      [](PrivateNetwork& network, net::Warden& warden, net::Listener& listener) -> net::Task<void> {
        const Disturbance firewall{.kind = Kind::firewall, .idle = 1s, .reset = true};
        EXPECT_EQ(network.disturb("wall", firewall, {{listener.port()}}), "");
        Talk talk = co_await begin_to_talk(network, warden, listener);
        const auto known = network.flows(listener.port());
        EXPECT_TRUE(known) << (known ? "" : known.error());
        EXPECT_EQ(known->size(), 1U);
        const auto due = std::chrono::steady_clock::now() + 10s;
        while (!network.flows(listener.port())->empty() && std::chrono::steady_clock::now() < due)
          co_await net::sleep_for(50ms);
        EXPECT_TRUE(network.flows(listener.port())->empty());
        EXPECT_EQ(co_await talk.answer_to("too late", 300ms), "");
      });
}

TEST(PrivateNetwork, AfterRoamingTheSystemHasAnotherAddress) {
  on_a_new_network(
      [](PrivateNetwork& network, net::Warden& warden, net::Listener& listener) -> net::Task<void> {
        Talk before = co_await begin_to_talk(network, warden, listener);
        EXPECT_EQ(network.disturb("roam", {.kind = Kind::roam}, {}), "");
        EXPECT_EQ(co_await before.answer_to("lost", 200ms), "");
        Talk after = co_await begin_to_talk(network, warden, listener);
        EXPECT_NE(after.socket.peer().substr(0, far_address.size()), far_address);
        EXPECT_EQ(co_await after.answer_to("again", 10s), "again\n");
        EXPECT_EQ(network.disturb("roam2", {.kind = Kind::roam}, {}), "");
        Talk third = co_await begin_to_talk(network, warden, listener);
        EXPECT_EQ(co_await third.answer_to("and again", 10s), "and again\n");
      });
}

class EachAddress : public testing::TestWithParam<std::string_view> {};
TEST_P(EachAddress, IsStruckByADisturbanceAndFoundAfterRoaming) {
  on_a_new_network([](PrivateNetwork& network, net::Warden& warden, net::Listener& first) -> net::Task<void> {
    const auto executor = co_await net::asio::this_coro::executor;
    const auto sockets = [&](int family) { return network.socket(family); };
    std::optional<net::Listener> listener;
    try {
      listener.emplace(executor, std::string(GetParam()), first.port(), net::Listener::usual_backlog,
                       sockets);
    } catch (const boost::system::system_error&) {
      EXPECT_EQ(GetParam(), near_address6) << "only IPv6 may be missing here";
      co_return;
    }
    listener->listen();
    const Disturbance firewall{.kind = Kind::firewall, .idle = 1s};
    EXPECT_EQ(network.disturb("wall", firewall, {{listener->port()}}), "");
    Talk talk = co_await begin_to_talk(network, warden, *listener);
    const auto known = network.flows(listener->port());
    EXPECT_TRUE(known && known->size() == 1 && known->front().rest <= 1);
    EXPECT_EQ(network.repair("wall", firewall), "");
    for (const Kind kind : {Kind::drop, Kind::unreachable}) {
      EXPECT_EQ(network.disturb("dark", {.kind = kind}, {{listener->port()}}), "");
      EXPECT_EQ(co_await talk.answer_to("dropped", 300ms), "");
      EXPECT_EQ(network.repair("dark", {.kind = kind}), "");
      EXPECT_EQ(co_await net::read_text(talk.socket, 8), "dropped\n");
    }
    EXPECT_EQ(network.disturb("roam", {.kind = Kind::roam}, {}), "");
    EXPECT_EQ(co_await talk.answer_to("lost", 200ms), "");
    co_await begin_to_talk(network, warden, *listener);
    EXPECT_EQ(network.disturb("cable", {.kind = Kind::unplug}, {}), "");
    EXPECT_EQ(network.repair("cable", {.kind = Kind::unplug}), "");
    co_await begin_to_talk(network, warden, *listener);
  });
}
INSTANTIATE_TEST_SUITE_P(OfALink, EachAddress,
                         testing::Values(near_address6, more_near_addresses.front(),
                                         more_near_addresses.back()),
                         [](const auto& info) { return "Number" + std::to_string(info.index + 1); });

TEST(PrivateNetwork, ARuleThatIsWrongIsRefusedWithItsReason) {
  on_a_cable([](PrivateNetwork& network, Talk& talk) -> net::Task<void> {
    const std::string wrong = network.disturb("a b", {.kind = Kind::drop}, {{talk.port}});
    EXPECT_NE(wrong.find("the rules are not taken: Error:"), std::string::npos) << wrong;
    co_return;
  });
}

TEST(PrivateNetwork, TellsOfTheSystemsSockets) {
  on_a_cable([](PrivateNetwork& network, Talk&) -> net::Task<void> {
    EXPECT_TRUE(network.far_table().is_open());
    co_return;
  });
}

TEST(PrivateNetwork, IsGoneWithItsHolder) {
  if (const std::string why = why_impossible(WSFAULT_PROGRAM); !why.empty()) GTEST_SKIP() << why;
  net::Warden warden = net::Warden::start();
  pid_t far = 0;
  net::run_task([&]() -> net::Task<void> {
    const auto executor = co_await net::asio::this_coro::executor;
    auto made = co_await PrivateNetwork::make(executor, warden, WSFAULT_PROGRAM, warden.folder());
    EXPECT_TRUE(made);
    if (!made) co_return;
    far = (*made)->far_process();
    EXPECT_TRUE(std::filesystem::exists("/proc/" + std::to_string(far)));
    EXPECT_FALSE(std::filesystem::exists(warden.folder() + "/network"));
  });
  warden.stop();
  EXPECT_FALSE(std::filesystem::exists("/proc/" + std::to_string(far)));
}

// --- its messages

TEST(NetworkOrder, ArrivesAsItWasSent) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
  const net::FileDescriptor near(ends[0]);
  net::FileDescriptor far(ends[1]);
  ASSERT_TRUE(send(near.get(), Order{Order::Kind::rules, 7, "add table ip x"}));
  const auto order = receive_order(far.get());
  ASSERT_TRUE(order);
  EXPECT_EQ(order->kind, Order::Kind::rules);
  EXPECT_EQ(order->value, 7);
  EXPECT_EQ(order->text, "add table ip x");
  Answer answer;
  answer.pid = 42;
  answer.error = "no";
  answer.socket = net::FileDescriptor(::dup(1));
  ASSERT_TRUE(send(far.get(), answer));
  const auto back = receive_answer(near.get());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->pid, 42);
  EXPECT_EQ(back->error, "no");
  EXPECT_TRUE(back->socket.is_open());
  ASSERT_TRUE(send(far.get(), Answer{.text = "1 2 3\n"}));
  EXPECT_EQ(receive_answer(near.get())->text, "1 2 3\n");
  far.reset();
  EXPECT_FALSE(receive_answer(near.get()));
  EXPECT_FALSE(send(near.get(), Order{}));
}

TEST(NetworkOrder, WhatIsNoOrderIsNone) {
  for (const std::string& bytes : {std::string("x"), std::string("\x09\0\0\0\0\0\0\0", 8)}) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    const net::FileDescriptor near(ends[0]);
    const net::FileDescriptor far(ends[1]);
    ASSERT_EQ(::write(near.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    EXPECT_FALSE(receive_order(far.get()));
  }
}

}  // namespace
}  // namespace wsfault::network
