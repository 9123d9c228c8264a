// A gateway between upstreams and clients that follow a test's script.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "net/dial.hpp"
#include "net/event_gate.hpp"
#include "raw_peer.hpp"
#include "reference/gateway.hpp"

namespace wsfault::reference {

using std::chrono::milliseconds;

/// No heartbeat, and limits that a test does not reach by accident.
inline GatewayOptions patient_gateway(GatewayKind kind) {
  GatewayOptions options;
  options.kind = kind;
  options.heartbeat.reset();
  options.handshake_limit = options.connect_limit = options.response_limit = std::chrono::seconds(5);
  options.idle_limit = options.close_limit = options.drain = std::chrono::seconds(5);
  options.seed = 1;
  return options;
}

inline GatewayOptions with(GatewayOptions options, Defect defect) {
  options.defects.add(defect);
  return options;
}

/// All bytes up to the end of the stream.
inline net::Task<std::string> read_all(RawConnection& connection) {
  std::array<char, 4096> buffer;
  std::string bytes;
  for (;;) {
    const net::ReadResult read = co_await connection.socket.read_some(buffer);
    if (read.size == 0) connection.stream_end = read.end;
    if (read.size == 0) co_return bytes;
    bytes.append(buffer.data(), read.size);
  }
}

class GatewayStage {
 public:
  using Script = std::function<net::Task<void>(RawConnection& connection)>;

  RawServer& add_upstream(RawServer::Script script) {
    return upstreams_.emplace_back(loop_, std::move(script));
  }
  /// An upstream where nobody listens.
  void add_dead_upstream() {
    add_upstream([](RawConnection&, int) -> net::Task<void> { co_return; }).listener().stop_listening();
  }

  void start(GatewayOptions options) {
    for (const RawServer& upstream : upstreams_) options.upstreams.push_back({"127.0.0.1", upstream.port()});
    gateway_.emplace(loop_.executor(), options);
    loop_.start(run());
  }

  /// Connects a client and plays its whole script.
  void play(const Script& script) {
    bool done = false;
    loop_.start(connect(script, done));
    EXPECT_TRUE(loop_.until([&] { return done; }));
  }

  /// Everything that a client gets after an upgrade request, until the stream ends.
  std::string upgrade_and_read_all() {
    std::string answer;
    play([&](RawConnection& client) -> net::Task<void> {
      co_await client.send(std::string(upgrade_request));
      answer = co_await read_all(client);
    });
    return answer;
  }

  net::Task<RawConnection> dial() {
    net::DialResult result = co_await net::dial("127.0.0.1", gateway_->port(), std::chrono::seconds(5));
    co_return RawConnection(std::move(*result.socket), wire::Side::client);
  }

  static constexpr std::string_view upgrade_request =
      "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

  Loop loop_;
  std::deque<RawServer> upstreams_;
  std::optional<Gateway> gateway_;
  bool finished_ = false;
  std::string died_of_;

 private:
  net::Task<void> run() {
    try {
      co_await gateway_->run();
    } catch (const std::exception& error) {
      died_of_ = error.what();
    }
    finished_ = true;
  }
  net::Task<void> connect(const Script& script, bool& done) {
    RawConnection connection = co_await dial();
    co_await script(connection);
    done = true;
  }
};

/// For both kinds.
class GatewayOfKind : public testing::TestWithParam<GatewayKind>, public GatewayStage {
 protected:
  GatewayOptions patient() const { return patient_gateway(GetParam()); }
};

inline RawServer::Script respond_with(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.read_head();
    co_await connection.send(bytes);
    co_await connection.end();
  };
}

inline net::Task<void> echo_all(RawConnection& connection, int) {
  co_await connection.accept_upgrade();
  co_await connection.echo();
}

/// Accepts the upgrade, sends nothing, and reads to the end.
inline net::Task<void> accept_silently(RawConnection& connection, int) {
  co_await connection.accept_upgrade();
  co_await connection.end();
}

inline net::Task<void> open_and_fin(RawConnection& connection, int) {
  co_await connection.accept_upgrade();
  connection.socket.send_fin();
  co_await connection.end();
}

inline std::string name_of_kind(const testing::TestParamInfo<GatewayKind>& info) {
  return std::string(to_string(info.param));
}

}  // namespace wsfault::reference
