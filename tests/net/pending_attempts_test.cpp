// A SYN that gets no answer: the listener swallows it, and the kernel says who waits.
#include "net/pending_attempts.hpp"

#include <gtest/gtest.h>

#include "net/event_gate.hpp"
#include "net/task_group.hpp"
#include "run_task.hpp"

namespace wsfault::net {
namespace {

using namespace std::chrono_literals;

/// Waits until an attempt waits for the port; where from.
Task<std::string> waiting_attempt(const Listener& listener) {
  for (;;) {
    const auto found = attempts_to(listener.host(), listener.port());
    if (!found) co_return "the kernel does not say";
    if (!found->empty()) co_return text_of(found->front().from);
    co_await sleep_for(5ms);
  }
}

struct Attempt {
  DialResult result;
  bool over = false;
};

Task<void> dial_into(Attempt& attempt, const Listener& listener, std::chrono::milliseconds limit) {
  attempt.result = co_await dial(listener.host(), listener.port(), limit);
  attempt.over = true;
}

/// RFC 9293 3.8.1: the first SYN is sent again after a second (RFC 6298 2.1).
Task<void> hangs_and_connects(std::string host) {
  const auto executor = co_await asio::this_coro::executor;
  Listener listener(executor, host);
  listener.listen();
  listener.swallow();
  EXPECT_FALSE(listener.is_listening());
  TaskGroup tasks(executor);
  Attempt attempt;
  tasks.spawn(dial_into(attempt, listener, 20s));
  const std::string from = co_await waiting_attempt(listener);
  EXPECT_FALSE(attempt.over) << host;
  listener.listen();
  auto accepted = co_await listener.accept();
  EXPECT_EQ(accepted.value().peer(), from);
  co_await tasks.join();
  EXPECT_TRUE(attempt.result.socket) << host;
}

TEST(Swallow, AnAttemptHangsAndConnectsAfterwards) {
  run_task([]() -> Task<void> {
    const auto executor = co_await asio::this_coro::executor;
    TaskGroup tasks(executor);
    for (const char* host : {"127.0.0.1", "127.0.0.9", "::1"}) tasks.spawn(hangs_and_connects(host));
    co_await tasks.join();
  });
}

TEST(Swallow, WhatIsConnectedStays) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    listener.listen();
    auto dialled = co_await dial("127.0.0.1", listener.port(), 10s);
    auto accepted = co_await listener.accept();
    listener.swallow();
    EXPECT_FALSE(co_await dialled.socket.value().write("still"));
    EXPECT_EQ(co_await read_text(accepted.value(), 5), "still");
  });
}

// TCP is established, and the program has not accepted yet: that connection is accepted afterwards.
TEST(Swallow, WhatWaitsToBeAcceptedIsNotLost) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    listener.listen();
    auto dialled = co_await dial("127.0.0.1", listener.port(), 10s);
    listener.swallow();
    EXPECT_FALSE((co_await dial("127.0.0.1", listener.port(), 100ms)).socket);
    listener.listen();
    auto accepted = co_await listener.accept();
    EXPECT_FALSE(co_await dialled.socket.value().write("early"));
    EXPECT_EQ(co_await read_text(accepted.value(), 5), "early");
  });
}

TEST(Swallow, RefusesAfterwards) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    listener.swallow();
    EXPECT_EQ((co_await dial("127.0.0.1", listener.port(), 100ms)).error, ETIMEDOUT);
    listener.stop_listening();
    EXPECT_EQ((co_await dial("127.0.0.1", listener.port(), 10s)).error, ECONNREFUSED);
    listener.listen();
    EXPECT_TRUE((co_await dial("127.0.0.1", listener.port(), 10s)).socket);
  });
}

TEST(PendingAttempts, OfSomethingThatIsNoAddressAreUnknown) { EXPECT_FALSE(attempts_to("no address", 80)); }

}  // namespace
}  // namespace wsfault::net
