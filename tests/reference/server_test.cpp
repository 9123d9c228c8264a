// The reference server against peers that follow a test's script.
#include "reference/server.hpp"

#include <string>

#include "server_stage.hpp"
#include "test_client.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;

TEST_F(ServerTest, EchoesTextAndBinary) {
  serve(patient_server());
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
  serve(patient_server());
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send_frame(wire::Opcode::binary, std::string(largest_message, 'x'));
    const auto echo = co_await connection.next();
    EXPECT_EQ(echo->payload.size(), largest_message);
  });
}

TEST_F(ServerTest, AnswersPingsAndCloseAndEndsTcpItself) {
  serve(patient_server());
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
  serve(patient_server());
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
  serve(patient_server());
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
  ServerOptions options = patient_server();
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
  ServerOptions options = patient_server();
  options.handshake_limit = milliseconds(20);
  serve(options);
  play([](RawConnection& connection) -> net::Task<void> { co_await connection.end(); });
}

TEST_F(ServerTest, StopsWith1001And503AndListensNoMore) {
  serve(patient_server());
  play([this](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    RawConnection slow = co_await dial();
    co_await slow.send("GET / HT");
    co_await connection.send_frame(wire::Opcode::text,
                                   "x");  // its echo: by then the server knows both
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
  ServerOptions options = patient_server();
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
  serve(patient_server());
  ClientOptions options = quick_options(server_->port());
  TestClient client(loop_, with(options, Defect::no_reconnect));
  ASSERT_TRUE(loop_.until([&] { return client.count("open") == 1; }));
  server_->stop();
  ASSERT_TRUE(loop_.until([&] { return finished_ && client.count("close") == 1; }));
  EXPECT_EQ(client.lines,
            (Lines{std::string(opened), R"({"event":"close","code":1001,"reason":"","clean":true})"}));
}

TEST_F(ServerTest, ChoosesASubprotocolThatIsOffered) {
  ServerOptions options = patient_server();
  options.subprotocols = {"chat.v2", "chat"};
  serve(options);
  const auto ask = [this](const std::string& offered) {
    std::string chosen;
    play([&](RawConnection& connection) -> net::Task<void> {
      co_await connection.send(
          "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
          offered + "\r\n");
      const std::string bytes = co_await connection.read_head();
      const auto answer = wire::parse_response(bytes);
      EXPECT_TRUE(answer && answer->status == 101) << bytes;
      chosen = wire::find_header(answer->headers, "Sec-WebSocket-Protocol").value_or("none");
    });
    return chosen;
  };
  EXPECT_EQ(ask(""), "none");
  EXPECT_EQ(ask("Sec-WebSocket-Protocol: graphql\r\n"), "none");  // RFC 6455 4.2.2: none is allowed
  EXPECT_EQ(ask("Sec-WebSocket-Protocol: graphql, chat\r\n"), "chat");
  EXPECT_EQ(ask("Sec-WebSocket-Protocol: chat, chat.v2\r\n"), "chat.v2");
}

TEST_F(ServerTest, AnotherVersionGets426AndAMissingKey400) {
  serve(patient_server());
  const auto status_for = [this](const std::string& headers) {
    int status = 0;
    std::string versions;
    play([&](RawConnection& connection) -> net::Task<void> {
      co_await connection.send("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
                               headers + "\r\n");
      const std::string bytes = co_await connection.read_head();
      const auto answer = wire::parse_response(bytes);
      if (!answer) co_return;
      status = answer->status;
      versions = wire::find_header(answer->headers, "Sec-WebSocket-Version").value_or("");
    });
    EXPECT_EQ(versions, status == 426 ? "13" : "");  // RFC 6455 4.4
    return status;
  };
  EXPECT_EQ(status_for("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 12\r\n"), 426);
  EXPECT_EQ(status_for("Sec-WebSocket-Version: 13\r\n"), 400);
}

TEST_F(ServerTest, OthersGoOnWhateverOneDoes) {
  serve(patient_server());
  play_beside_an_open_one([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    connection.socket.send_reset();
  });
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    connection.socket.send_fin();
    const auto end = co_await connection.end();
    EXPECT_EQ(end.kind, net::EndKind::fin);
  });
  play([this](RawConnection& connection) -> net::Task<void> {
    co_await connection.send("GET / HT");
    RawConnection other = co_await dial();
    co_await other.upgrade();
    co_await other.send("\x81\x85half"s);  // half a frame
    RawConnection third = co_await dial();
    co_await third.upgrade();
    co_await third.send_frame(wire::Opcode::text, "x");
    const auto text = co_await third.next_text();
    EXPECT_EQ(text, "x");
  });
  EXPECT_FALSE(told_);
}

}  // namespace
}  // namespace wsfault::reference
