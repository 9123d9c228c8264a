// Runs one coroutine of a test until it ends, on its own io_context.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "net/asio.hpp"
#include "net/dial.hpp"
#include "net/listener.hpp"
#include "net/socket.hpp"

namespace wsfault::net {

/// An exception fails the test; so does a test that is still waiting after a minute.
inline void run_task(const std::function<Task<void>()>& task) {
  asio::io_context io;
  bool ended = false;
  std::exception_ptr failure;
  asio::co_spawn(io, task(), [&](std::exception_ptr thrown) {
    ended = true;
    failure = thrown;
    io.stop();
  });
  io.run_for(std::chrono::minutes(1));
  EXPECT_TRUE(ended) << "still waiting";
  if (failure) std::rethrow_exception(failure);
}

struct Connection {
  Socket near;
  Socket far;
};

/// Two ends of one TCP connection over loopback.
inline Task<Connection> connect() {
  Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
  listener.listen();
  auto dialled = co_await dial("127.0.0.1", listener.port(), std::chrono::seconds(10));
  auto accepted = co_await listener.accept();
  co_return Connection{std::move(dialled.socket.value()), std::move(accepted.value())};
}

/// Reads exactly `size` bytes, or fewer if the stream ends first.
inline Task<std::string> read_text(Socket& socket, std::size_t size) {
  std::string text(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ReadResult result = co_await socket.read_some(std::span(text).subspan(have));
    if (result.size == 0) break;
    have += result.size;
  }
  text.resize(have);
  co_return text;
}

}  // namespace wsfault::net
