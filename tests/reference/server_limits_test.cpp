// The limits of the reference server: each with, and without the defect that removes it.
#include <optional>
#include <string>

#include "server_stage.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;
using namespace net::asio::experimental::awaitable_operators;

constexpr milliseconds watched_for(150);
constexpr std::size_t mebibyte = 1024 * 1024;

std::string frame_of(std::string_view payload, std::optional<std::uint64_t> declared = {}) {
  wire::FrameSpec frame;
  frame.opcode = static_cast<std::uint8_t>(wire::Opcode::binary);
  frame.masking_key = wire::MaskingKey{1, 2, 3, 4};
  frame.payload = payload;
  frame.declared_length = declared;
  return wire::encode_frame(frame);
}

/// Sends `count` messages of 1 MiB and reads nothing; returns how the stream ended meanwhile.
net::Task<std::optional<net::StreamEnd>> talk_only(RawConnection& connection, int count) {
  const std::string message = frame_of(std::string(mebibyte, 'x'));
  for (int i = 0; i < count; ++i) {
    const auto end = co_await connection.socket.write(message);
    if (end) co_return end;
  }
  co_return std::nullopt;
}

using ServerLimits = ServerTest;

TEST_F(ServerLimits, AMessageThatIsTooLargeIsToldByItsHeader) {
  ServerOptions options = patient_server();
  options.max_message = 1000;
  serve(options);
  for (const std::string& bytes : {frame_of("", 1001), frame_of("", 1ull << 62)}) {
    play([&](RawConnection& connection) -> net::Task<void> {
      co_await connection.upgrade();
      co_await connection.send(bytes);
      const auto code = co_await connection.next_close();
      EXPECT_EQ(code, 1009);
      const auto end = co_await connection.end();
      EXPECT_EQ(end.kind, net::EndKind::fin);
    });
  }
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send_frame(wire::Opcode::binary, std::string(1000, 'x'));
    const auto echo = co_await connection.next();
    EXPECT_EQ(echo->payload.size(), 1000u);
  });
}

TEST_F(ServerDefect, BuffersGiantMessages) {
  ServerOptions options = patient_server();
  options.max_message = 1000;
  serve(with(options, Defect::buffers_giant_messages));
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send_frame(wire::Opcode::binary, std::string(2000, 'x'));
    const auto echo = co_await connection.next();
    EXPECT_EQ(echo->payload.size(), 2000u);
  });
}

TEST_F(ServerLimits, APlaceIsGivenAgain) {
  ServerOptions options = patient_server();
  options.max_connections = 1;
  serve(options);
  play([this](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    RawConnection second = co_await dial();
    const std::string answer = co_await second.upgrade();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
    co_await second.end();
    co_await connection.send_close(1000);
    co_await connection.end();
  });
  loop_.start(enter());
  EXPECT_TRUE(loop_.until([&] { return entered_; }));
}

TEST_F(ServerDefect, HasNoConnectionLimit) {
  ServerOptions options = patient_server();
  options.max_connections = 1;
  serve(with(options, Defect::no_connection_limit));
  play_beside_an_open_one([](RawConnection& connection) -> net::Task<void> {
    const std::string answer = co_await connection.upgrade();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
  });
}

TEST_F(ServerDefect, LeaksConnections) {
  ServerOptions options = patient_server();
  options.max_connections = 1;
  serve(with(options, Defect::leaks_connections));
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send_close(1000);
    const auto code = co_await connection.next_close();
    EXPECT_EQ(code, 1000);
    const auto end = co_await connection.end();
    EXPECT_EQ(end.kind, net::EndKind::fin);
  });
  loop_.start(enter());
  loop_.watch(watched_for);
  EXPECT_FALSE(entered_);
}

TEST_F(ServerLimits, AReaderThatNoLongerReadsIsReset) {
  ServerOptions options = patient_server();
  options.max_message = mebibyte;
  options.write_limit = milliseconds(50);
  serve(options);
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    const auto end = co_await talk_only(connection, 100);
    EXPECT_TRUE(end && end->kind == net::EndKind::reset);
  });
}

TEST_F(ServerLimits, TheHeartbeatFindsAReaderThatNoLongerReads) {
  ServerOptions options = patient_server();
  options.max_message = mebibyte;
  options.heartbeat = options.heartbeat_timeout = milliseconds(100);
  serve(options);
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    const auto end = co_await talk_only(connection, 100);
    EXPECT_TRUE(end && end->kind == net::EndKind::reset);
  });
}

TEST_F(ServerDefect, BuffersWithoutBound) {
  ServerOptions options = patient_server();
  options.max_message = mebibyte;
  options.write_limit = milliseconds(50);
  serve(with(options, Defect::unbounded_buffer));
  play([](RawConnection& connection) -> net::Task<void> {
    // More than the kernel buffers in both directions plus what a conforming server holds.
    constexpr int count = 40;
    co_await connection.upgrade();
    const auto end = co_await talk_only(connection, count);
    EXPECT_FALSE(end);
    for (int i = 0; i < count; ++i) {
      const auto echo = co_await connection.next();
      EXPECT_TRUE(echo && echo->kind == Incoming::Kind::binary);
      if (!echo) co_return;
    }
  });
}

TEST_F(ServerLimits, ClosingIsLimited) {
  ServerOptions options = patient_server();
  options.max_connections = 1;
  options.close_limit = milliseconds(20);
  serve(options);
  play([this](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send("\x81\x01x"s);  // unmasked; TCP then stays open on this side
    co_await enter();
  });
}

TEST_F(ServerDefect, HasNoCloseLimit) {
  ServerOptions options = patient_server();
  options.max_connections = 1;
  options.close_limit = milliseconds(20);
  serve(with(options, Defect::no_close_limit));
  play([this](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send("\x81\x01x"s);
    loop_.start(enter());
    co_await net::sleep_for(watched_for);
    EXPECT_FALSE(entered_);
  });
  EXPECT_TRUE(loop_.until([&] { return entered_; }));
}

TEST_F(ServerDefect, HasNoHandshakeLimit) {
  ServerOptions options = patient_server();
  options.handshake_limit = milliseconds(10);
  serve(with(options, Defect::no_handshake_limit));
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.send("GET / HT");
    const auto first = co_await (connection.end() || net::sleep_for(watched_for));
    EXPECT_EQ(first.index(), 1u);
  });
}

TEST_F(ServerDefect, HasNoHeartbeat) {
  ServerOptions options = patient_server();
  options.heartbeat = options.heartbeat_timeout = milliseconds(10);
  serve(with(options, Defect::no_heartbeat));
  play([](RawConnection& connection) -> net::Task<void> {
    connection.answers_pings = false;
    co_await connection.upgrade();
    const auto first = co_await (connection.next() || net::sleep_for(watched_for));
    EXPECT_EQ(first.index(), 1u);
    EXPECT_EQ(connection.pings, 0);
  });
}

TEST_F(ServerDefect, GivesItsClientUpTooEarly) {
  ServerOptions options = patient_server();
  options.heartbeat = milliseconds(10);
  options.heartbeat_timeout = milliseconds(2000);
  serve(with(options, Defect::heartbeat_timeout_too_early));
  play([](RawConnection& connection) -> net::Task<void> {
    connection.answers_pings = false;
    co_await connection.upgrade();
    const auto opened_at = std::chrono::steady_clock::now();
    co_await connection.end();
    const auto lived = std::chrono::steady_clock::now() - opened_at;
    EXPECT_GE(lived, milliseconds(550));
    EXPECT_LT(lived, milliseconds(2000));
  });
}

TEST_F(ServerDefect, NeverNotices) {
  ServerOptions options = patient_server();
  options.heartbeat = options.heartbeat_timeout = milliseconds(10);
  serve(with(options, Defect::never_notices));
  play([](RawConnection& connection) -> net::Task<void> {
    connection.answers_pings = false;
    co_await connection.upgrade();
    connection.socket.send_fin();
    const auto first = co_await (connection.end() || net::sleep_for(watched_for));
    EXPECT_EQ(first.index(), 1u);
    EXPECT_GE(connection.pings, 1);
  });
}

}  // namespace
}  // namespace wsfault::reference
