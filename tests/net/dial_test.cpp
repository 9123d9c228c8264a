// What dialling reports on success and on failure.
#include "net/dial.hpp"

#include <errno.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <vector>

#include "net/event_gate.hpp"
#include "run_task.hpp"

namespace wsfault::net {
namespace {

using namespace std::chrono_literals;

TEST(Dial, TellsTheLocalPort) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    listener.listen();
    for (const bool before_syn : {true, false}) {
      std::uint16_t told = 0;
      TellPort ports{[&](std::uint16_t port) { told = port; }, before_syn};
      const auto dialled = co_await dial("127.0.0.1", listener.port(), 10s, ports);
      const auto accepted = co_await listener.accept();
      EXPECT_EQ(dialled.error, 0);
      EXPECT_EQ(dialled.detail, "");
      EXPECT_EQ(dialled.socket.value().local_port(), told);
      EXPECT_EQ(accepted.value().peer_port(), told);
    }
  });
}

TEST(Dial, TellsTheLocalPortOfARefusedConnectionToo) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    std::uint16_t told = 0;
    TellPort ports{[&](std::uint16_t port) { told = port; }, true};
    const auto dialled = co_await dial("127.0.0.1", listener.port(), 10s, ports);
    EXPECT_FALSE(dialled.socket);
    EXPECT_EQ(dialled.error, ECONNREFUSED);
    EXPECT_EQ(dialled.detail, "Connection refused");
    EXPECT_NE(told, 0);
  });
}

FileDescriptor begin_dial(const Listener& listener) {
  FileDescriptor begun(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const tcp::endpoint port(asio::ip::address_v4::loopback(), listener.port());
  ::connect(begun.get(), port.data(), static_cast<socklen_t>(port.size()));
  return begun;
}

TEST(FinishDial, ConnectsOrSaysWhyNot) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    FileDescriptor refused = begin_dial(listener);
    EXPECT_EQ((co_await finish_dial(std::move(refused), 10s)).error, ECONNREFUSED);
    listener.listen();
    FileDescriptor begun = begin_dial(listener);
    const auto dialled = co_await finish_dial(std::move(begun), 10s);
    EXPECT_EQ(dialled.socket.value().peer(), "127.0.0.1:" + std::to_string(listener.port()));
    listener.swallow();
    FileDescriptor lost = begin_dial(listener);
    EXPECT_EQ((co_await finish_dial(std::move(lost), 50ms)).error, ETIMEDOUT);
  });
}

TEST(Dial, ResolvesNames) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    listener.listen();
    const auto dialled = co_await dial("localhost", listener.port(), 10s);
    EXPECT_EQ(dialled.socket.value().peer(), "127.0.0.1:" + std::to_string(listener.port()));
  });
}

TEST(Dial, SaysThatANameDoesNotResolve) {
  run_task([]() -> Task<void> {
    const auto dialled = co_await dial("no..name", 80, 30s);
    EXPECT_EQ(dialled.error, EHOSTUNREACH);
    EXPECT_EQ(dialled.detail.find("cannot resolve no..name: "), 0u) << dialled.detail;
  });
}

TEST(Dial, GivesUpAtItsLimit) {
  run_task([]() -> Task<void> {
    // With a full accept queue further SYNs get no answer.
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1", 0, 0);
    listener.listen();
    std::vector<DialResult> dialled;
    do {
      dialled.push_back(co_await dial("127.0.0.1", listener.port(), 100ms));
    } while (dialled.back().socket && dialled.size() < 10);
    EXPECT_EQ(dialled.back().error, ETIMEDOUT);
    EXPECT_EQ(dialled.back().detail, "no connection in time");
  });
}

TEST(Dial, CanBeCancelled) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1", 0, 0);
    listener.listen();
    int error = 0;
    std::vector<DialResult> dialled;
    const auto dial_until_it_hangs = [&]() -> Task<void> {
      do {
        dialled.push_back(co_await dial("127.0.0.1", listener.port(), 1h));
        error = dialled.back().error;
      } while (error == 0);
    };
    co_await (dial_until_it_hangs() || sleep_for(50ms));
    EXPECT_EQ(error, ECANCELED);
  });
}

}  // namespace
}  // namespace wsfault::net
