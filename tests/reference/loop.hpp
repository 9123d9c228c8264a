// One io_context for both ends of a test, run until a condition is true.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <utility>

#include "net/asio.hpp"

namespace wsfault::reference {

class Loop {
 public:
  net::asio::io_context& io() { return io_; }
  net::asio::any_io_executor executor() { return io_.get_executor(); }

  /// Starts a task; an exception fails the test.
  void start(net::Task<void> task) {
    net::asio::co_spawn(io_, std::move(task), [](const std::exception_ptr& failure) {
      if (!failure) return;
      try {
        std::rethrow_exception(failure);
      } catch (const std::exception& error) {
        ADD_FAILURE() << "a task threw: " << error.what();
      }
    });
  }

  /// Runs until the condition is true; false if it is not within a generous limit.
  bool until(const std::function<bool()>& condition) {
    const auto guard = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    io_.restart();
    while (!condition()) {
      if (io_.run_one_until(guard) == 0) return condition();
    }
    return true;
  }

  /// A window in which something must not happen: if it is too short, a failure may be missed, but never
  /// invented.
  void watch(std::chrono::milliseconds window) {
    io_.restart();
    io_.run_for(window);
  }

 private:
  net::asio::io_context io_{1};
};

}  // namespace wsfault::reference
