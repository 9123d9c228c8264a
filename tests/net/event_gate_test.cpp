// A wait ends by notify(), by its deadline, or with its coroutine.
#include "net/event_gate.hpp"

#include <gtest/gtest.h>

#include "run_task.hpp"

namespace wsfault::net {
namespace {

using namespace std::chrono_literals;

Task<void> notify_soon(EventGate& gate) {
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  gate.notify();
}

TEST(EventGate, NotifyWakesEveryWaiter) {
  run_task([]() -> Task<void> {
    EventGate gate(co_await asio::this_coro::executor);
    co_await (gate.wait() && gate.wait() && notify_soon(gate));
  });
}

TEST(EventGate, NotifyIsNotRemembered) {
  run_task([]() -> Task<void> {
    EventGate gate(co_await asio::this_coro::executor);
    gate.notify();
    EXPECT_FALSE(co_await gate.wait_until(std::chrono::steady_clock::now() + 5ms));
  });
}

TEST(EventGate, WaitUntilTellsNotifyFromDeadline) {
  run_task([]() -> Task<void> {
    EventGate gate(co_await asio::this_coro::executor);
    EXPECT_FALSE(co_await gate.wait_until(std::chrono::steady_clock::now()));
    const auto far_off = std::chrono::steady_clock::time_point::max();
    const bool notified = co_await (gate.wait_until(far_off) && notify_soon(gate));
    EXPECT_TRUE(notified);
  });
}

TEST(EventGate, ADeadlineOfOneLeavesTheOthersWaiting) {
  run_task([]() -> Task<void> {
    EventGate gate(co_await asio::this_coro::executor);
    bool woken = false;
    const auto patient = [&]() -> Task<void> {
      co_await gate.wait();
      woken = true;
    };
    const auto hasty = [&]() -> Task<void> {
      EXPECT_FALSE(co_await gate.wait_until(std::chrono::steady_clock::now() + 1ms));
      EXPECT_FALSE(woken);
      gate.notify();
    };
    co_await (patient() && hasty());
    EXPECT_TRUE(woken);
  });
}

/// Counts how often the wait returned. It never ends by itself.
Task<void> wait_in_a_loop(EventGate& gate, int& returned) {
  for (;;) {
    co_await gate.wait();
    ++returned;
  }
}

TEST(EventGate, ACancelledLoopEndsAtItsNextAwait) {
  run_task([]() -> Task<void> {
    EventGate gate(co_await asio::this_coro::executor);
    int returned = 0;
    co_await (wait_in_a_loop(gate, returned) || sleep_for(2ms));
    EXPECT_EQ(returned, 1);
  });
}

TEST(EventGate, ACancelledLoopWithDeadlinesEndsToo) {
  run_task([]() -> Task<void> {
    EventGate gate(co_await asio::this_coro::executor);
    int returned = 0;
    const auto loop = [&]() -> Task<void> {
      for (;;) {
        co_await gate.wait_until(std::chrono::steady_clock::time_point::max());
        ++returned;
      }
    };
    co_await (loop() || sleep_for(2ms));
    EXPECT_EQ(returned, 1);
  });
}

TEST(EventGate, CancellingOneWaiterLeavesTheOthersWaiting) {
  run_task([]() -> Task<void> {
    EventGate gate(co_await asio::this_coro::executor);
    bool woken = false;
    const auto patient = [&]() -> Task<void> {
      co_await gate.wait();
      woken = true;
    };
    const auto cancelled = [&]() -> Task<void> {
      int returned = 0;
      co_await (wait_in_a_loop(gate, returned) || sleep_for(1ms));
      EXPECT_FALSE(woken);
      gate.notify();
    };
    co_await (patient() && cancelled());
    EXPECT_TRUE(woken);
  });
}

TEST(SleepFor, ReturnsEarlyWhenCancelled) {
  run_task([]() -> Task<void> {
    bool returned = false;
    const auto sleeper = [&]() -> Task<void> {
      co_await sleep_for(std::chrono::nanoseconds::max());
      returned = true;
    };
    co_await (sleeper() || sleep_for(1ms));
    EXPECT_TRUE(returned);
  });
}

TEST(DeadlineAfter, DoesNotOverflow) {
  EXPECT_EQ(deadline_after(std::chrono::nanoseconds::max()), std::chrono::steady_clock::time_point::max());
}

}  // namespace
}  // namespace wsfault::net
