// A reference server in the test's own loop, and the peers that a test connects to it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "net/dial.hpp"
#include "raw_peer.hpp"
#include "reference/server.hpp"

namespace wsfault::reference {

using std::chrono::milliseconds;

/// No heartbeat, and limits that a test does not reach by accident.
inline ServerOptions patient_server() {
  ServerOptions options;
  options.heartbeat.reset();
  options.handshake_limit = options.close_limit = options.write_limit = std::chrono::seconds(20);
  options.drain = std::chrono::seconds(5);
  return options;
}

/// Connections that a defect keeps open are cut soon after the test.
inline ServerOptions with(ServerOptions options, Defect defect) {
  options.defects.add(defect);
  options.drain = milliseconds(50);
  return options;
}

class ServerTest : public testing::Test {
 protected:
  void serve(const ServerOptions& options) {
    server_.emplace(loop_.executor(), options);
    loop_.start(run());
  }

  void TearDown() override {
    if (!server_) return;
    server_->stop();
    EXPECT_TRUE(loop_.until([&] { return finished_ || is_left_running_; }));
  }

  net::Task<RawConnection> dial() {
    net::DialResult result = co_await net::dial("127.0.0.1", server_->port(), std::chrono::seconds(20));
    RawConnection connection(std::move(*result.socket), wire::Side::client);
    co_return connection;
  }

  using Script = std::function<net::Task<void>(RawConnection& connection)>;
  /// Connects and plays its whole script.
  void play(Script script) {
    bool done = false;
    loop_.start(connect(script, done));
    EXPECT_TRUE(loop_.until([&] { return done; }));
  }

  /// The same, while another open connection only reads: `told_` is when that one's stream ends or a Close
  /// arrives.
  void play_beside_an_open_one(Script script) {
    loop_.start(stay());
    ASSERT_TRUE(loop_.until([&] { return opened_; }));
    play(std::move(script));
  }

  /// A client that is admitted once a place is released; gives up when the server stops.
  net::Task<void> enter() {
    while (!entered_) {
      net::DialResult result = co_await net::dial("127.0.0.1", server_->port(), std::chrono::seconds(20));
      if (!result.socket) co_return;
      RawConnection client(std::move(*result.socket), wire::Side::client);
      const std::string answer = co_await client.upgrade();
      if (answer.empty()) co_return;
      entered_ = answer.starts_with("HTTP/1.1 101 ");
    }
  }

  Loop loop_;
  std::optional<Server> server_;
  bool finished_ = false;
  std::string died_of_;
  bool is_left_running_ = false;  ///< of never-exits
  bool told_ = false;
  bool entered_ = false;

 private:
  net::Task<void> run() {
    try {
      co_await server_->run();
    } catch (const std::runtime_error& error) {
      died_of_ = error.what();
    }
    finished_ = true;
  }

  net::Task<void> connect(const Script& script, bool& done) {
    RawConnection connection = co_await dial();
    co_await script(connection);
    done = true;
  }

  net::Task<void> stay() {
    RawConnection client = co_await dial();
    co_await client.upgrade();
    opened_ = true;
    co_await client.next_close();
    told_ = true;
  }
  bool opened_ = false;
};

/// The tests in which a server has a defect.
using ServerDefect = ServerTest;

}  // namespace wsfault::reference
