// When a further case may start.
#include "runner/pace.hpp"

#include <gtest/gtest.h>

#include "../net/run_task.hpp"

namespace wsfault::runner {
namespace {

using namespace std::chrono_literals;

/// Cases that have started and are set up.
std::vector<Pace::Place> running(Pace& pace, int cases) {
  std::vector<Pace::Place> places;
  for (int i = 0; i < cases; ++i) places.emplace_back(pace).set_up();
  return places;
}

void note(Pace& pace, Duration late, int times) {
  for (int i = 0; i < times; ++i) pace.note_lateness(late);
}

TEST(Pace, FewStartAtOnceHoweverManyRun) {
  net::asio::io_context io;
  Pace pace(io.get_executor());
  const auto run = running(pace, 90);
  std::vector<Pace::Place> starting;
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(pace.allows_start());
    starting.emplace_back(pace);
  }
  EXPECT_FALSE(pace.allows_start());
  starting.back().set_up();
  EXPECT_TRUE(pace.allows_start());
}

TEST(Pace, ACaseThatEndsBeforeItIsSetUpGivesItsPlaceBack) {
  net::asio::io_context io;
  Pace pace(io.get_executor());
  for (int i = 0; i < 9; ++i) {
    EXPECT_TRUE(pace.allows_start());
    const Pace::Place place(pace);
  }
}

TEST(Pace, LatenessHoldsUpAllButAFew) {
  net::asio::io_context io;
  Pace pace(io.get_executor());
  auto run = running(pace, 4);
  note(pace, 60ms, 1);
  EXPECT_FALSE(pace.allows_start());
  run.pop_back();
  EXPECT_TRUE(pace.allows_start()) << "three beside it every machine must bear";
}

TEST(Pace, OneLateTimerIsForgottenAndManyAreNot) {
  net::asio::io_context io;
  Pace pace(io.get_executor());
  const auto run = running(pace, 9);
  note(pace, 40ms, 1);
  EXPECT_TRUE(pace.allows_start());
  note(pace, 40ms, 9);
  EXPECT_FALSE(pace.allows_start());
  note(pace, 0ms, 9);
  EXPECT_TRUE(pace.allows_start());
}

TEST(Pace, WhoWaitsIsWokenOnceTimersAreInTime) {
  net::run_task([]() -> net::Task<void> {
    Pace pace(co_await net::asio::this_coro::executor);
    const auto run = running(pace, 9);
    note(pace, 60ms, 9);
    const auto calm = [&]() -> net::Task<void> {
      note(pace, 0ms, 20);
      co_return;
    };
    const auto begin = [&]() -> net::Task<void> {
      const Pace::Place place = co_await pace.begin();
      EXPECT_TRUE(pace.allows_start());
    };
    using namespace net::asio::experimental::awaitable_operators;
    co_await (begin() && calm());
  });
}

TEST(Pace, ARunThatEndsWaitsForNothing) {
  net::asio::io_context io;
  Pace pace(io.get_executor());
  const auto run = running(pace, 9);
  note(pace, 60ms, 9);
  pace.hurry();
  EXPECT_TRUE(pace.allows_start());
}

}  // namespace
}  // namespace wsfault::runner
