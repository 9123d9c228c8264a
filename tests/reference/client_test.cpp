// A conforming client: opening, messages, heartbeat, limits, and reconnecting.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "net/event_gate.hpp"
#include "raw_peer.hpp"
#include "reference/server.hpp"
#include "test_client.hpp"

namespace wsfault::reference {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

TEST(Client, OpensAndClosesWithTheReferenceServer) {
  Loop loop;
  ServerOptions server_options;
  Server server(loop.executor(), server_options);
  loop.start(server.run());
  ClientOptions options = quick_options(server.port());
  options.heartbeat = milliseconds(5);
  options.heartbeat_timeout = std::chrono::seconds(5);
  options.messages = 10;
  TestClient client(loop, with(options, Defect::duplicates_messages));  // the second echo of each is reported
  ASSERT_TRUE(loop.until([&] { return client.count("message") == 10; }));
  client.stop();
  ASSERT_TRUE(loop.until([&] { return client.finished(); }));
  EXPECT_EQ(client.lines.front(), opened);
  EXPECT_EQ(client.lines[10], R"({"event":"message","text":"id=10"})");
  EXPECT_EQ(client.lines.back(), R"({"event":"close","code":1000,"reason":"","clean":true})");
  server.stop();
  loop.watch(milliseconds(20));
}

TEST(Client, ReadsFramesThatCameWithTheAnswer) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade("\x81\x05hello");
  });
  TestClient client(loop, quick_options(server.port()));
  ASSERT_TRUE(loop.until([&] { return client.count("message") == 1; }));
  EXPECT_EQ(client.lines.back(), R"({"event":"message","text":"hello"})");
}

TEST(Client, AnswersPings) {
  Loop loop;
  std::string answered;
  RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.send_frame(wire::Opcode::ping, "are you there");
    const auto pong = co_await connection.next();
    if (pong && pong->kind == Incoming::Kind::pong) answered = pong->payload;
  });
  TestClient client(loop, quick_options(server.port()));
  EXPECT_TRUE(loop.until([&] { return answered == "are you there"; }));
}

TEST(Client, PingsEachHeartbeatAndStaysOpenWhilePongsCome) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.end();
  });
  ClientOptions options = quick_options(server.port());
  options.heartbeat = milliseconds(2);
  options.heartbeat_timeout = std::chrono::seconds(5);
  TestClient client(loop, options);
  ASSERT_TRUE(loop.until([&] { return server.connections() == 1 && server.connection(1).pings == 20; }));
  EXPECT_EQ(client.lines, Lines{std::string(opened)});
}

TEST(Client, EndsAConnectionWhosePingsGoUnansweredAndNotTooEarly) {
  Loop loop;
  std::optional<int> close_code;
  Clock::time_point opened_at;
  RawServer server(loop, [&](RawConnection& connection, int number) -> net::Task<void> {
    connection.answers_pings = false;
    opened_at = Clock::now();
    co_await connection.accept_upgrade();
    if (number == 1) close_code = co_await connection.next_close();
  });
  ClientOptions options = quick_options(server.port());
  options.heartbeat = milliseconds(10);
  options.heartbeat_timeout = milliseconds(50);
  options.messages = 1;
  TestClient client(loop, with(options, Defect::no_reconnect));
  ASSERT_TRUE(loop.until([&] { return client.count("close") == 1 && close_code; }));
  EXPECT_GE(Clock::now() - opened_at, milliseconds(60));
  EXPECT_GE(server.connection(1).pings, 1);
  EXPECT_EQ(close_code, 1011);
  EXPECT_EQ(client.lines, (Lines{std::string(opened), std::string(closed_1006)}));
}

TEST(Client, LimitsTheHandshake) {
  Loop loop;
  RawServer server(loop,
                   [](RawConnection& connection, int) -> net::Task<void> { co_await connection.end(); });
  ClientOptions options = quick_options(server.port());
  options.handshake_limit = milliseconds(20);
  TestClient client(loop, with(options, Defect::no_reconnect));
  ASSERT_TRUE(loop.until([&] { return client.count("close") == 1 && server.connection(1).stream_end; }));
  EXPECT_EQ(client.lines, (Lines{R"({"event":"error","message":"no answer to the handshake in time"})",
                                 std::string(closed_1006)}));
}

TEST(Client, AnAnswerThatNeverEndsIsLimitedToo) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.read_head();
    for (;;) {
      co_await connection.send("HTTP/1.1 100 Continue\r\n\r\n");
      co_await net::sleep_for(milliseconds(1));
      if (connection.socket.ended()) co_return;
    }
  });
  ClientOptions options = quick_options(server.port());
  options.handshake_limit = milliseconds(30);
  TestClient client(loop, with(options, Defect::no_reconnect));
  ASSERT_TRUE(loop.until([&] { return client.count("close") == 1; }));
  EXPECT_EQ(client.lines.front(), R"({"event":"error","message":"no answer to the handshake in time"})");
  loop.until([&] { return server.connection(1).socket.ended().has_value(); });
}

TEST(Client, ReportsARefusedConnection) {
  Loop loop;
  RawServer server(loop, [](RawConnection&, int) -> net::Task<void> { co_return; });
  server.listener().stop_listening();
  TestClient client(loop, with(quick_options(server.port()), Defect::no_reconnect));
  ASSERT_TRUE(loop.until([&] { return client.count("close") == 1; }));
  EXPECT_EQ(client.lines,
            (Lines{R"({"event":"error","message":"connection refused"})", std::string(closed_1006)}));
}

struct AnswerCase {
  std::string answer;
  std::string error;
};

TEST(Client, ReportsEachFailedHandshakeOnce) {
  const std::vector<AnswerCase> cases{
      {"HTTP/1.1 503 Busy\r\n\r\n", R"({"event":"error","message":"unexpected status 503","status":503})"},
      {"HTTP/1.1 200 OK\r\n\r\n", R"({"event":"error","message":"unexpected status 200","status":200})"},
      {"HTTP/1.1 101 x\r\n\r\n", R"({"event":"error","message":"invalid 101: no-upgrade"})"},
      {"SSH-2.0-x\r\n", R"({"event":"error","message":"the answer is not HTTP"})"},
  };
  for (const AnswerCase& each : cases) {
    Loop loop;
    RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
      co_await connection.read_head();
      co_await connection.send(each.answer);
      co_await connection.end();
    });
    TestClient client(loop, with(quick_options(server.port()), Defect::no_reconnect));
    ASSERT_TRUE(loop.until([&] { return client.count("close") == 1 && server.connection(1).stream_end; }));
    EXPECT_EQ(client.lines, (Lines{each.error, std::string(closed_1006)}));
  }
}

TEST(Client, AnEndDuringTheHandshakeIsAFailedHandshake) {
  for (const bool by_reset : {false, true}) {
    Loop loop;
    RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
      co_await connection.read_head();
      co_await connection.send("HTTP/1.1 101 Swi");
      if (by_reset) co_await connection.socket.drained(std::chrono::seconds(5));
      by_reset ? connection.socket.send_reset() : connection.socket.send_fin();
    });
    TestClient client(loop, with(quick_options(server.port()), Defect::no_reconnect));
    ASSERT_TRUE(loop.until([&] { return client.count("close") == 1; }));
    EXPECT_EQ(client.lines.front(),
              by_reset ? R"({"event":"error","message":"connection reset during the handshake"})"
                       : R"({"event":"error","message":"connection ended during the handshake"})");
  }
}

TEST(Client, ComesBackUntilItIsServed) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int number) -> net::Task<void> {
    co_await connection.read_head();
    if (number < 5) co_return connection.socket.close();
    co_await connection.send("HTTP/1.1 404 Not Found\r\n\r\n");
    co_await connection.end();
  });
  TestClient client(loop, quick_options(server.port()));
  ASSERT_TRUE(loop.until([&] { return client.count("close") == 5; }));
  loop.watch(milliseconds(50));
  EXPECT_EQ(client.count("reconnecting"), 4u);  // 404 is final: it keeps running, silently
  EXPECT_EQ(server.connections(), 5u);
  EXPECT_FALSE(client.finished());
  client.stop();
  EXPECT_TRUE(loop.until([&] { return client.finished(); }));
}

TEST(Client, RetryAfterIsALowerBound) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.read_head();
    co_await connection.send("HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\n\r\n");
    co_await connection.end();
  });
  TestClient client(loop, quick_options(server.port()));
  ASSERT_TRUE(loop.until([&] { return client.count("reconnecting") == 1; }));
  EXPECT_TRUE(client.lines.back() == reconnecting_line(std::chrono::hours(1), 1) ||
              client.lines.back() == reconnecting_line(std::chrono::hours(1) + milliseconds(1), 1));
  client.stop();
  EXPECT_TRUE(loop.until([&] { return client.finished(); }));
}

TEST(Client, StopsWhileConnectingToSomethingSilent) {
  Loop loop;
  RawServer server(loop,
                   [](RawConnection& connection, int) -> net::Task<void> { co_await connection.end(); });
  TestClient client(loop, quick_options(server.port()));
  ASSERT_TRUE(loop.until([&] { return server.connections() == 1; }));
  client.stop();
  ASSERT_TRUE(loop.until([&] { return client.finished(); }));
  EXPECT_EQ(client.lines, (Lines{R"({"event":"error","message":"stopped during the handshake"})",
                                 std::string(closed_1006)}));
}

}  // namespace
}  // namespace wsfault::reference
