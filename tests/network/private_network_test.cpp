// A network of one's own, for real: namespaces, a cable, rules; and nothing of it is left.
#include "network/private_network.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

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
net::ChildSpec echo(const PrivateNetwork& network, std::uint16_t port) {
  net::ChildSpec spec;
  spec.argv = {"bash", "-c", R"(exec 3<>"/dev/tcp/$0/$1"; while read -u 3 -r line; do echo "$line" >&3; done)",
               std::string(near_address), std::to_string(port)};
  spec.network_of = network.far_process();
  return spec;
}

struct Talk {
  net::Socket socket;
  /// Empty: it did not come in time.
  net::Task<std::string> answer_to(std::string line, std::chrono::milliseconds within) {
    line += '\n';
    co_await socket.write(line);
    auto first = co_await (net::read_text(socket, line.size()) || net::sleep_for(within));
    co_return first.index() == 0 ? std::get<0>(first) : std::string();
  }
};

using Scene = std::function<net::Task<void>(PrivateNetwork& network, Talk& talk)>;

void on_a_cable(Scene scene) {
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
    const net::ChildSpec spec = echo(network, listener.port());
    net::Child far = co_await warden.spawn(executor, spec);
    EXPECT_EQ(far.start_error(), "");
    auto accepted = co_await listener.accept();
    Talk talk{std::move(*accepted)};
    EXPECT_EQ(talk.socket.peer().substr(0, far_address.size()), far_address);
    EXPECT_EQ(co_await talk.answer_to("hello", 10s), "hello\n");
    co_await scene(network, talk);
    co_await far.kill_tree();
  });
}

TEST(PrivateNetwork, ACableThatIsOutIsSilentAndWhatWasSentComesWhenItIsInAgain) {
  on_a_cable([](PrivateNetwork& network, Talk& talk) -> net::Task<void> {
    EXPECT_EQ(network.plug(false), "");
    EXPECT_EQ(co_await talk.answer_to("swallowed", 300ms), "");
    EXPECT_EQ(network.plug(true), "");
    EXPECT_EQ(co_await net::read_text(talk.socket, 10), "swallowed\n");
  });
}

TEST(PrivateNetwork, RulesDropWhatTheyName) {
  on_a_cable([](PrivateNetwork& network, Talk& talk) -> net::Task<void> {
    EXPECT_EQ(network.rules("table ip wsfault { chain in { type filter hook input priority 0; tcp flags & psh == psh "
                            "drop; }; }"),
              "");
    EXPECT_EQ(co_await talk.answer_to("dropped", 300ms), "");
    EXPECT_EQ(network.rules("delete table ip wsfault"), "");
    EXPECT_EQ(co_await net::read_text(talk.socket, 8), "dropped\n");
  });
}

TEST(PrivateNetwork, ARuleThatIsWrongIsRefusedWithItsReason) {
  on_a_cable([](PrivateNetwork& network, Talk&) -> net::Task<void> {
    EXPECT_NE(network.rules("add rubbish").find("the rules are not taken: Error:"), std::string::npos);
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
