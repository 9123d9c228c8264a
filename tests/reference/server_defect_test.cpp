// Each defect of the reference server is visible; server_limits_test.cpp has those of its limits.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "server_stage.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;
using namespace net::asio::experimental::awaitable_operators;

constexpr milliseconds served_for(150);
constexpr wire::MaskingKey a_key{1, 2, 3, 4};

std::string frame(wire::FrameSpec spec) {
  spec.masking_key = a_key;
  return wire::encode_frame(spec);
}

std::string close_frame(std::string_view body) { return frame({.opcode = 8, .payload = body}); }

std::string hello_frame() { return frame({.payload = "hello"}); }

struct BadFrame {
  std::string name;
  std::string bytes;
  int code;  ///< with which a conforming server closes
  std::optional<Defect> accepted_by = {};
};

/// RFC 6455 5.1, 5.2, 5.4, 5.5, 8.1.
std::vector<BadFrame> bad_frames() {
  const std::string long_ping(126, 'x');
  return {
      {"unmasked", "\x81\x01x"s, 1002, Defect::accepts_unmasked},
      {"reserved bits", frame({.rsv = 4, .payload = "x"}), 1002, Defect::accepts_reserved_bits},
      {"reserved opcode", frame({.opcode = 3, .payload = "x"}), 1002, Defect::accepts_reserved_opcodes},
      {"reserved control opcode", frame({.opcode = 11, .payload = "x"}), 1002,
       Defect::accepts_reserved_opcodes},
      {"oversized ping", frame({.opcode = 9, .payload = long_ping}), 1002, Defect::accepts_oversized_control},
      {"fragmented ping", frame({.fin = false, .opcode = 9, .payload = "x"}), 1002,
       Defect::accepts_fragmented_control},
      {"orphan continuation", frame({.opcode = 0, .payload = "x"}), 1002, Defect::accepts_broken_fragments},
      {"interleaved message", frame({.fin = false, .payload = "x"}) + frame({.payload = "y"}), 1002,
       Defect::accepts_broken_fragments},
      {"bad UTF-8", frame({.payload = "\xc3\x28"}), 1007, Defect::accepts_bad_utf8},
      {"non-minimal length", frame({.length_form = wire::LengthForm::bits16, .payload = "x"}), 1002},
      {"length overflow",
       frame({.length_form = wire::LengthForm::bits64, .declared_length = 1ull << 63, .payload = "x"}), 1002},
  };
}

/// RFC 6455 5.5.1, 7.4.
std::vector<BadFrame> bad_closes() {
  std::vector<BadFrame> rows = {
      {"1 byte", close_frame("x"), 1002, Defect::accepts_bad_close_payload},
      {"bad UTF-8", close_frame(wire::close_payload(1000, "\xc3\x28")), 1007,
       Defect::accepts_bad_close_payload},
  };
  for (const std::uint16_t code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    rows.push_back(
        {std::to_string(code), close_frame(wire::close_payload(code)), 1002, Defect::passes_illegal_codes});
  }
  return rows;
}

std::vector<BadFrame> all_bad() {
  std::vector<BadFrame> rows = bad_frames();
  for (BadFrame& row : bad_closes()) rows.push_back(std::move(row));
  return rows;
}

TEST_F(ServerTest, EndsTheConnectionOnEveryIllegalFrame) {
  serve(patient_server());
  for (const BadFrame& row : all_bad()) {
    SCOPED_TRACE(row.name);
    play([&](RawConnection& connection) -> net::Task<void> {
      co_await connection.upgrade();
      co_await connection.send(row.bytes);
      const auto said = co_await connection.next();
      EXPECT_TRUE(said && said->kind == Incoming::Kind::close);
      if (!said) co_return;
      EXPECT_EQ(said->close_code, row.code);
      const auto end = co_await connection.end();
      EXPECT_EQ(end.kind, net::EndKind::fin);
    });
  }
}

/// One server per row, because a fixture has one.
class ServerAccepts : public ServerTest, public testing::WithParamInterface<BadFrame> {};

std::vector<BadFrame> accepted_frames() {
  std::vector<BadFrame> rows;
  for (BadFrame& row : bad_frames()) {
    if (row.accepted_by) rows.push_back(std::move(row));
  }
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Frames, ServerAccepts, testing::ValuesIn(accepted_frames()),
                         [](const auto& row) { return "Row" + std::to_string(row.index); });

TEST_P(ServerAccepts, TheFrameAndGoesOn) {
  SCOPED_TRACE(GetParam().name);
  serve(with(patient_server(), *GetParam().accepted_by));
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send(GetParam().bytes);
    co_await connection.send_frame(wire::Opcode::text, "after");
    for (;;) {
      const auto said = co_await connection.next();
      EXPECT_TRUE(said && said->kind != Incoming::Kind::close);
      // Invalid text comes back unchanged, and is refused on this side.
      const bool is_over =
          !said || said->kind == Incoming::Kind::close || said->kind == Incoming::Kind::violation;
      if (is_over || said->payload == "after") co_return;
    }
  });
}

class ServerEchoesClose : public ServerTest, public testing::WithParamInterface<BadFrame> {};

INSTANTIATE_TEST_SUITE_P(Closes, ServerEchoesClose, testing::ValuesIn(bad_closes()),
                         [](const auto& row) { return "Row" + std::to_string(row.index); });

TEST_P(ServerEchoesClose, AsItCame) {
  SCOPED_TRACE(GetParam().name);
  serve(with(patient_server(), *GetParam().accepted_by));
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send(GetParam().bytes);
    std::array<char, 64> buffer;
    const net::ReadResult read = co_await connection.socket.read_some(buffer);
    const std::string said(buffer.data(), read.size);
    EXPECT_TRUE(said.starts_with("\x88")) << said;
    EXPECT_FALSE(said.starts_with("\x88\x02\x03\xea"s) || said.starts_with("\x88\x02\x03\xef"s)) << said;
  });
}

TEST_F(ServerDefect, DiesOnABadFrame) {
  serve(with(patient_server(), Defect::dies_on_bad_frame));
  play_beside_an_open_one([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send("\x81\x01x"s);
    const auto said = co_await connection.next();
    EXPECT_FALSE(said);
  });
  EXPECT_TRUE(loop_.until([&] { return finished_ && told_; }));
  EXPECT_EQ(died_of_, "a client sent an illegal frame");
}

TEST_F(ServerDefect, DiesOnAReset) {
  serve(with(patient_server(), Defect::dies_on_reset));
  play_beside_an_open_one([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    connection.socket.send_reset();
  });
  EXPECT_TRUE(loop_.until([&] { return finished_ && told_; }));
  EXPECT_EQ(died_of_, "a client reset its connection");
}

TEST_F(ServerDefect, DiesOfNoOrdinaryEnd) {
  ServerOptions options = with(patient_server(), Defect::dies_on_reset);
  serve(with(options, Defect::dies_on_bad_frame));
  play_beside_an_open_one([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    connection.socket.send_fin();
    co_await connection.end();
  });
  EXPECT_FALSE(told_ || finished_);
}

TEST_F(ServerDefect, AnswersNoPing) {
  serve(with(patient_server(), Defect::no_pong));
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send_frame(wire::Opcode::ping, "x");
    co_await connection.send_frame(wire::Opcode::text, "y");
    const auto said = co_await connection.next();
    EXPECT_EQ(said->kind, Incoming::Kind::text);
  });
}

TEST_F(ServerDefect, AnswersNoClose) {
  serve(with(patient_server(), Defect::no_close_reply));
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send_close(1000);
    const auto said = co_await connection.next();
    EXPECT_FALSE(said);
    EXPECT_EQ(connection.stream_end->kind, net::EndKind::fin);
  });
}

TEST_F(ServerDefect, KeepsTcpOpen) {
  serve(with(patient_server(), Defect::keeps_tcp_open));
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    co_await connection.send_close(4000);
    const auto code = co_await connection.next_close();
    EXPECT_EQ(code, 4000);
    const auto first = co_await (connection.end() || net::sleep_for(served_for));
    EXPECT_EQ(first.index(), 1u);
  });
}

constexpr std::string_view plain_get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view old_version =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 12\r\n\r\n";

TEST_F(ServerDefect, UpgradesAnything) {
  serve(with(patient_server(), Defect::upgrades_anything));
  for (const std::string_view request : {plain_get, old_version}) {
    play([&](RawConnection& connection) -> net::Task<void> {
      co_await connection.send(std::string(request));
      const std::string answer = co_await connection.read_head();
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
    });
  }
}

TEST_F(ServerDefect, Answers200) {
  serve(with(patient_server(), Defect::answers_200));
  for (const std::string_view request : {plain_get, old_version}) {
    play([&](RawConnection& connection) -> net::Task<void> {
      co_await connection.send(std::string(request));
      const std::string answer = co_await connection.read_head();
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    });
  }
  play([](RawConnection& connection) -> net::Task<void> {
    const std::string answer = co_await connection.upgrade();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
  });
}

TEST_F(ServerDefect, ImposesItsSubprotocol) {
  ServerOptions options = patient_server();
  options.subprotocols = {"chat"};
  serve(with(options, Defect::imposes_subprotocol));
  play([](RawConnection& connection) -> net::Task<void> {
    co_await connection.send(
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: another\r\n\r\n");
    const std::string answer = co_await connection.read_head();
    EXPECT_NE(answer.find("Sec-WebSocket-Protocol: chat\r\n"), std::string::npos) << answer;
  });
}

TEST_F(ServerDefect, HalfARequestBlocksOthers) {
  serve(with(patient_server(), Defect::blocks_others));
  play([this](RawConnection& villain) -> net::Task<void> {
    co_await villain.send("GET / HT");
    RawConnection citizen = co_await dial();
    auto first = co_await (citizen.upgrade() || net::sleep_for(served_for));
    EXPECT_EQ(first.index(), 1u);
    villain.socket.send_reset();
    const std::string answer = co_await citizen.read_head();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
  });
}

TEST_F(ServerDefect, HalfAFrameBlocksOthers) {
  ServerOptions options = patient_server();
  options.heartbeat = options.heartbeat_timeout = milliseconds(50);
  serve(with(options, Defect::blocks_others));
  play([this](RawConnection& citizen) -> net::Task<void> {
    co_await citizen.upgrade();
    RawConnection villain = co_await dial();
    co_await villain.upgrade();
    const std::string whole = hello_frame();
    co_await villain.send(whole.substr(0, 8));
    const auto half = co_await (villain.next() || net::sleep_for(served_for));
    EXPECT_EQ(half.index(), 1u);
    co_await citizen.send_frame(wire::Opcode::text, "x");
    const auto first = co_await (citizen.next_text() || net::sleep_for(served_for));
    EXPECT_EQ(first.index(), 1u);
    co_await villain.send(whole.substr(8));
    const auto text = co_await citizen.next_text();
    EXPECT_EQ(text, "x");
  });
}

TEST_F(ServerDefect, ConfusesConnections) {
  serve(with(patient_server(), Defect::confuses_connections));
  play([this](RawConnection& old) -> net::Task<void> {
    co_await old.upgrade();
    RawConnection young = co_await dial();
    co_await young.upgrade();
    co_await young.send_frame(wire::Opcode::text, "x");
    const auto text = co_await young.next_text();
    EXPECT_EQ(text, "x");
    co_await old.send_close(1000);
    co_await old.end();
    old.socket.close();
    const auto said = co_await young.next();
    EXPECT_FALSE(said);
  });
}

TEST_F(ServerDefect, DrainsNothing) {
  serve(with(patient_server(), Defect::no_drain));
  play([this](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    server_->stop();
    const auto said = co_await connection.next();
    EXPECT_FALSE(said);
  });
}

TEST_F(ServerDefect, SaysNoGoodbye) {
  serve(with(patient_server(), Defect::no_goodbye));
  play([this](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    server_->stop();
    const auto said = co_await connection.next();
    EXPECT_FALSE(said);
    EXPECT_EQ(connection.stream_end->kind, net::EndKind::fin);
  });
}

TEST_F(ServerDefect, StopsWith1000) {
  serve(with(patient_server(), Defect::stops_with_1000));
  play([this](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    server_->stop();
    const auto code = co_await connection.next_close();
    EXPECT_EQ(code, 1000);
  });
}

/// The answer to an unfinished handshake when the server stops.
class ServerStops : public ServerTest {
 protected:
  std::string answer_at_stop(const ServerOptions& options) {
    std::string answer;
    serve(options);
    play([&](RawConnection& connection) -> net::Task<void> {
      co_await connection.send("GET / HT");
      RawConnection other = co_await dial();  // accepted after the first, so the server then knows both
      co_await other.upgrade();
      server_->stop();
      answer = co_await connection.read_head();
    });
    return answer;
  }
};

TEST_F(ServerStops, With503) { EXPECT_TRUE(answer_at_stop(patient_server()).starts_with("HTTP/1.1 503 ")); }

TEST_F(ServerStops, AndDropsHandshakes) {
  EXPECT_EQ(answer_at_stop(with(patient_server(), Defect::drops_handshakes_on_stop)), "");
}

TEST_F(ServerDefect, NeverExits) {
  is_left_running_ = true;
  serve(with(patient_server(), Defect::never_exits));
  play([this](RawConnection& connection) -> net::Task<void> {
    co_await connection.upgrade();
    server_->stop();
    const auto code = co_await connection.next_close();
    EXPECT_EQ(code, 1001);
    co_await connection.send_close(1001);
    co_await connection.end();
  });
  loop_.watch(served_for);
  EXPECT_FALSE(finished_);
}

TEST_F(ServerDefect, StaysDownAfterACrash) {
  for (const bool crashed : {false, true}) {
    finished_ = false;
    ServerOptions options = with(patient_server(), Defect::stays_down_after_crash);
    options.crashed_before = crashed;
    serve(options);
    play([&](RawConnection& connection) -> net::Task<void> {
      const std::string answer = co_await connection.upgrade();
      EXPECT_TRUE(answer.starts_with(crashed ? "HTTP/1.1 503 " : "HTTP/1.1 101 ")) << answer;
    });
    TearDown();
  }
  server_.reset();
}

}  // namespace
}  // namespace wsfault::reference
