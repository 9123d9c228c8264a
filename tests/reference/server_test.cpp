// The reference server against peers that do what a test tells them.
#include "reference/server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "net/dial.hpp"
#include "raw_peer.hpp"
#include "test_client.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;

/// No heartbeat, and limits that no test meets by accident.
ServerOptions patient() {
  ServerOptions options;
  options.heartbeat.reset();
  options.handshake_limit = options.close_limit = std::chrono::seconds(5);
  options.drain = std::chrono::seconds(5);
  return options;
}

/// A server and the peers that a test connects to it.
class ServerTest : public testing::Test {
 protected:
  void serve(const ServerOptions& options) {
    server_.emplace(loop_.executor(), options);
    loop_.start(run());
  }

  using Script = std::function<net::Task<void>(RawConnection& connection)>;
  /// Connects and plays the script to its end.
  void play(Script script) {
    bool done = false;
    loop_.start(connect(script, done));
    EXPECT_TRUE(loop_.until([&] { return done; }));
  }

  net::Task<void> run() {
    co_await server_->run();
    finished_ = true;
  }

  net::Task<void> connect(const Script& script, bool& done) {
    net::DialResult result = co_await net::dial("127.0.0.1", server_->port(), std::chrono::seconds(5));
    RawConnection connection(std::move(*result.socket), wire::Side::client);
    co_await script(connection);
    done = true;
  }

  Loop loop_;
  std::optional<Server> server_;
  bool finished_ = false;
};

TEST_F(ServerTest, EchoesTextAndBinary) {
  serve(patient());
  play([](RawConnection& connection) -> net::Task<void> {
    const std::string answer = co_await connection.upgrade();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
    EXPECT_NE(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
    co_await connection.send_frame(wire::Opcode::text, "hello");
    const auto text = co_await connection.next();
    EXPECT_EQ(text->kind, Incoming::Kind::text);
    EXPECT_EQ(text->payload, "hello");
    co_await connection.send_frame(wire::Opcode::binary, "\x00\xff"s);
    const auto binary = co_await connection.next();
    EXPECT_EQ(binary->kind, Incoming::Kind::binary);
    EXPECT_EQ(binary->payload, "\x00\xff"s);
  });
}

TEST_F(ServerTest, EchoesTheLargestMessage) {
  serve(patient());
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send_frame(wire::Opcode::binary, std::string(largest_message, 'x'));
    const auto echo = co_await connection.next();
    EXPECT_EQ(echo->payload.size(), largest_message);
  });
}

TEST_F(ServerTest, AnswersPingsAndCloseAndEndsTcpItself) {
  serve(patient());
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send_frame(wire::Opcode::ping, "x");
    const auto pong = co_await connection.next();
    EXPECT_EQ(pong->kind, Incoming::Kind::pong);
    co_await connection.send_close(4000, "done");
    const auto code = co_await connection.next_close();
    EXPECT_EQ(code, 4000);
    const auto end = co_await connection.end();
    EXPECT_EQ(end.kind, net::EndKind::fin);
  });
}

TEST_F(ServerTest, AnswersWhatIsNoUpgradeAndEndsTcp) {
  serve(patient());
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string answer = co_await connection.read_head();
    EXPECT_EQ(answer,
              "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
              "Sec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n");
    const auto end = co_await connection.end();
    EXPECT_EQ(end.kind, net::EndKind::fin);
  });
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.send("\x16\x03\x01\x02 a TLS hello");
    const std::string answer = co_await connection.read_head();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 "));
  });
}

TEST_F(ServerTest, RefusesIllegalFramesAndGoesOnServing) {
  serve(patient());
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send("\x81\x01x"s);  // unmasked
    const auto code = co_await connection.next_close();
    EXPECT_EQ(code, 1002);
    const auto end = co_await connection.end();
    EXPECT_EQ(end.kind, net::EndKind::fin);
  });
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send_frame(wire::Opcode::text, "\xc3\x28");
    const auto code = co_await connection.next_close();
    EXPECT_EQ(code, 1007);
  });
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send_frame(wire::Opcode::text, "still there?");
    const auto text = co_await connection.next_text();
    EXPECT_EQ(text, "still there?");
  });
}

TEST_F(ServerTest, LetsASilentPeerGo) {
  ServerOptions options = patient();
  options.heartbeat = options.heartbeat_timeout = milliseconds(20);
  serve(options);
  play([](RawConnection& connection) -> net::Task<void> {
    connection.answers_pings = false;
    co_await connection.upgrade();
    const auto code = co_await connection.next_close();
    EXPECT_EQ(code, 1011);
    EXPECT_GE(connection.pings, 1);
    co_await connection.end();
  });
}

TEST_F(ServerTest, LetsAPeerGoThatNeverAsks) {
  ServerOptions options = patient();
  options.handshake_limit = milliseconds(20);
  serve(options);
  play([](RawConnection& connection) -> net::Task<void> { co_await connection.end(); });
}

TEST_F(ServerTest, StopsWith1001And503AndListensNoMore) {
  serve(patient());
  play([this](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    net::DialResult result = co_await net::dial("127.0.0.1", server_->port(), std::chrono::seconds(5));
    RawConnection slow(std::move(*result.socket), wire::Side::client);
    co_await slow.send("GET / HT");
    co_await connection.send_frame(wire::Opcode::text,
                                   "x");  // its echo: both are known to the server by then
    co_await connection.next_text();
    server_->stop();
    const auto code = co_await connection.next_close();
    EXPECT_EQ(code, 1001);
    const std::string answer = co_await slow.read_head();
    EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 503 ")) << answer;
    const auto refused = co_await net::dial("127.0.0.1", server_->port(), std::chrono::seconds(5));
    EXPECT_EQ(refused.error, ECONNREFUSED);
    co_await connection.send_close(1001);
    const auto end = co_await connection.end();
    EXPECT_EQ(end.kind, net::EndKind::fin);
  });
  EXPECT_TRUE(loop_.until([&] { return finished_; }));
}

TEST_F(ServerTest, CutsWhatHasNotEndedWhenTheDrainTimeIsOver) {
  ServerOptions options = patient();
  options.drain = milliseconds(30);
  serve(options);
  play([this](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    server_->stop();
    co_await connection.end();
  });
  EXPECT_TRUE(loop_.until([&] { return finished_; }));
}

TEST_F(ServerTest, ClosesTheReferenceClientCleanly) {
  serve(patient());
  ClientOptions options = quick_options(server_->port());
  TestClient client(loop_, with(options, Defect::no_reconnect));
  ASSERT_TRUE(loop_.until([&] { return client.count("open") == 1; }));
  server_->stop();
  ASSERT_TRUE(loop_.until([&] { return finished_ && client.count("close") == 1; }));
  EXPECT_EQ(client.lines,
            (Lines{std::string(opened), R"({"event":"close","code":1001,"reason":"","clean":true})"}));
}

}  // namespace
}  // namespace wsfault::reference
