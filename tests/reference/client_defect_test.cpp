// Each defect of the client is visible. Conforming behaviour that has its own test is not tested again here.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "raw_peer.hpp"
#include "test_client.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds window(150);

net::Task<void> answer(RawConnection& connection, std::string bytes) {
  co_await connection.read_head();
  co_await connection.send(std::move(bytes));
  co_await connection.end();
}

net::Task<void> open_then_fin(RawConnection& connection) {
  co_await connection.accept_upgrade();
  connection.socket.send_fin();
  co_await connection.end();
}

net::Task<void> close_with(RawConnection& connection, std::uint16_t code) {
  co_await connection.accept_upgrade();
  co_await connection.send_close(code);
  co_await connection.next_close();
  connection.socket.send_fin();
  co_await connection.end();
}

/// What the client reports of its first attempt, when the server plays this on every connection.
Lines first_attempt(Defect defect, const RawServer::Script& script) {
  Loop loop;
  RawServer server(loop, script);
  TestClient client(loop, with(quick_options(server.port()), defect));
  EXPECT_TRUE(loop.until([&] { return client.count("close") >= 1; }));
  return client.first_attempt();
}

/// What the client reports in a window, when the server plays this on every connection.
Lines in_window(const ClientOptions& options, Defect defect, const RawServer::Script& script) {
  Loop loop;
  RawServer server(loop, script);
  ClientOptions own = options;
  own.target = quick_options(server.port()).target;
  TestClient client(loop, with(own, defect));
  EXPECT_TRUE(loop.until([&] { return server.connections() >= 1; }));
  loop.watch(window);
  return client.lines;
}

/// The first `count` lines of "reconnecting".
Lines delays(Defect defect, std::size_t count, const RawServer::Script& script) {
  Loop loop;
  RawServer server(loop, script);
  TestClient client(loop, with(quick_options(server.port()), defect));
  EXPECT_TRUE(loop.until([&] { return client.count("reconnecting") >= count; }));
  Lines found;
  for (const std::string& line : client.lines) {
    if (line.starts_with(R"({"event":"reconnecting")")) found.push_back(line);
  }
  found.resize(count);
  return found;
}

RawServer::Script fin_at_open() {
  return [](RawConnection& connection, int) { return open_then_fin(connection); };
}

RawServer::Script respond(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection, int) { return answer(connection, bytes); };
}

RawServer::Script close_at_open(std::uint16_t code) {
  return [code](RawConnection& connection, int) { return close_with(connection, code); };
}

TEST(ClientDefect, NeverNoticesAnEnd) {
  EXPECT_EQ(in_window(quick_options(0), Defect::never_notices, fin_at_open()), Lines{std::string(opened)});
}

TEST(ClientDefect, NeverNoticesMissingPongs) {
  ClientOptions options = quick_options(0);
  options.heartbeat = options.heartbeat_timeout = milliseconds(10);
  const auto silent = [](RawConnection& connection, int) -> net::Task<void> {
    connection.answers_pings = false;
    co_await connection.accept_upgrade();
    co_await connection.end();
  };
  EXPECT_EQ(in_window(options, Defect::never_notices, silent), Lines{std::string(opened)});
}

net::Task<void> open_then_cut(RawConnection& connection, std::string bytes) {
  co_await connection.accept_upgrade();
  co_await connection.send(std::move(bytes));
  connection.socket.send_fin();
  co_await connection.end();
}

RawServer::Script cut_after(std::string bytes) {
  return
      [bytes = std::move(bytes)](RawConnection& connection, int) { return open_then_cut(connection, bytes); };
}

/// RFC 6455 5.2: 126 announces a length of two bytes. After the first of them the stream ends.
TEST(ClientDefect, HangsInALength) {
  const auto defect = Defect::hangs_in_length;
  EXPECT_EQ(in_window(quick_options(0), defect, cut_after("\x82\x7e\x01"s)), Lines{std::string(opened)});
  for (const std::string& other : {"\x82"s, "\x82\x7e"s, "\x82\x7e\x01\x02"s})
    EXPECT_EQ(first_attempt(defect, cut_after(other)).size(), 2U) << other.size();
}

TEST(ClientDefect, GivesItsServerUpTooEarly) {
  ClientOptions options = with(quick_options(0), Defect::heartbeat_timeout_too_early);
  options.heartbeat = milliseconds(10);
  options.heartbeat_timeout = milliseconds(2000);
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    connection.answers_pings = false;
    co_await connection.accept_upgrade();
    co_await connection.end();
  });
  options.target.port = server.port();
  TestClient client(loop, options);
  ASSERT_TRUE(loop.until([&] { return client.count("open") == 1; }));
  const auto opened_at = Clock::now();
  ASSERT_TRUE(loop.until([&] { return client.count("close") == 1; }));
  EXPECT_GE(Clock::now() - opened_at, milliseconds(550));
  EXPECT_LT(Clock::now() - opened_at, milliseconds(2000));
}

TEST(ClientDefect, NoticesLate) {
  const auto start = Clock::now();
  EXPECT_EQ(first_attempt(Defect::notices_late, fin_at_open()),
            (Lines{std::string(opened), std::string(closed_1006)}));
  EXPECT_GE(Clock::now() - start, std::chrono::seconds(3));
}

TEST(ClientDefect, HasNoHeartbeat) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.end();
  });
  ClientOptions options = quick_options(server.port());
  options.heartbeat = options.heartbeat_timeout = milliseconds(10);
  TestClient client(loop, with(options, Defect::no_heartbeat));
  ASSERT_TRUE(loop.until([&] { return client.count("open") == 1; }));
  loop.watch(window);
  EXPECT_EQ(server.connection(1).pings, 0);
}

TEST(ClientDefect, HasNoHandshakeLimit) {
  ClientOptions options = quick_options(0);
  options.handshake_limit = milliseconds(10);
  const auto silent = [](RawConnection& connection, int) -> net::Task<void> { co_await connection.end(); };
  EXPECT_EQ(in_window(options, Defect::no_handshake_limit, silent), Lines{});
}

/// Whether the client ended TCP in the window, when the server sends a Close and then nothing.
bool ends_tcp_after_close(Defect defect, bool server_ends) {
  Loop loop;
  RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.send_close(1011);
    co_await connection.next_close();
    if (server_ends) connection.socket.send_fin();
    co_await connection.end();
  });
  ClientOptions options = quick_options(server.port());
  options.close_limit = milliseconds(10);
  TestClient client(loop, with(options, defect));
  EXPECT_TRUE(loop.until([&] { return client.count("close") == 1; }));
  loop.watch(window);
  return server.connection(1).stream_end.has_value();
}

/// What it reports of an attempt whose SYN gets no answer, until its limit (100 ms) is long over.
Lines unanswered(Defect defect) {
  Loop loop;
  net::Listener dark(loop.executor(), "127.0.0.1");
  dark.listen();
  dark.swallow();
  ClientOptions options = quick_options(dark.port());
  options.handshake_limit = milliseconds(100);
  TestClient client(loop, with(options, defect));
  loop.watch(milliseconds(500));
  return client.lines;
}

TEST(ClientDefect, HasNoConnectLimit) {
  EXPECT_EQ(unanswered(Defect::no_connect_limit).size(), 0U);
  EXPECT_GT(unanswered(Defect::no_reconnect).size(), 0U);
}

TEST(ClientDefect, HasNoCloseLimit) {
  EXPECT_FALSE(ends_tcp_after_close(Defect::no_close_limit, false));
  EXPECT_TRUE(ends_tcp_after_close(Defect::no_close_limit, true));
}

TEST(ClientDefect, NeverClosesTcp) {
  EXPECT_FALSE(ends_tcp_after_close(Defect::never_closes_tcp, false));
  EXPECT_FALSE(ends_tcp_after_close(Defect::never_closes_tcp, true));
}

TEST(ClientDefect, OpensOnAnything) {
  EXPECT_EQ(in_window(quick_options(0), Defect::opens_on_anything, respond("HTTP/1.1 503 Busy\r\n\r\n")),
            Lines{std::string(opened)});
}

TEST(ClientDefect, AcceptsBad101) {
  EXPECT_EQ(in_window(quick_options(0), Defect::accepts_bad_101, respond("HTTP/1.1 101 x\r\n\r\n")),
            Lines{std::string(opened)});
}

TEST(ClientDefect, HangsOnBadAnswer) {
  ClientOptions options = quick_options(0);
  options.handshake_limit = milliseconds(50);
  EXPECT_EQ(in_window(options, Defect::hangs_on_bad_answer, respond("HTTP/1.1 503 Busy\r\n\r\n")), Lines{});
}

TEST(ClientDefect, Reports1000ForEveryClose) {
  EXPECT_EQ(first_attempt(Defect::reports_1000_for_every_close, close_at_open(1011)).back(),
            R"({"event":"close","code":1000,"reason":"","clean":true})");
}

TEST(ClientDefect, WrongCode) {
  EXPECT_EQ(first_attempt(Defect::wrong_code, fin_at_open()).back(),
            R"({"event":"close","code":1000,"reason":"","clean":true})");
}

TEST(ClientDefect, Invents1014) {
  EXPECT_EQ(first_attempt(Defect::invents_1014, fin_at_open()).back(),
            R"({"event":"close","code":1014,"reason":"","clean":false})");
}

TEST(ClientDefect, ReportsIllegalCode) {
  for (const std::uint16_t code :
       {std::uint16_t{1005}, std::uint16_t{1006}, std::uint16_t{1015}, std::uint16_t{999}}) {
    EXPECT_EQ(first_attempt(Defect::reports_illegal_code, close_at_open(code)).back(),
              close_line({code, "", true}));
  }
}

TEST(ClientDefect, DeliversBadFrame) {
  const auto bad_frames = [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade("\x83\x01x\x81\x81\x01\x02\x03\x04x\x81\x02\xc3\x28\x81\x05"s +
                                       "after");
    co_await connection.end();
  };
  EXPECT_EQ(
      in_window(quick_options(0), Defect::delivers_bad_frame, bad_frames),
      (Lines{std::string(opened), R"({"event":"message","hex":"78"})", R"({"event":"message","text":"y"})",
             R"({"event":"message","hex":"c328"})", R"({"event":"message","text":"after"})"}));
}

RawServer::Script send_when_open(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade(bytes);
    co_await connection.end();
  };
}

TEST(ClientDefect, DeliversFragments) {
  EXPECT_EQ(
      in_window(quick_options(0), Defect::delivers_fragments, send_when_open("\x01\x01x\x80\x01y"s)),
      (Lines{std::string(opened), R"({"event":"message","text":"x"})", R"({"event":"message","text":"y"})"}));
}

TEST(ClientDefect, TakesReadsForFrames) {
  EXPECT_EQ(
      in_window(quick_options(0), Defect::takes_reads_for_frames, send_when_open("\x81\x01x\x81\x02y"s)),
      (Lines{std::string(opened), R"({"event":"message","text":"x"})"}));
}

TEST(ClientDefect, DiesOnAGiantMessage) {
  Loop loop;
  RawServer server(loop, send_when_open("\x82\x7f\0\0\0\0\x7f\0\0\0"s));
  TestClient client(loop, with(quick_options(server.port()), Defect::dies_on_giant_message));
  EXPECT_TRUE(loop.until([&] { return server.connections() == 1 && server.connection(1).stream_end; }));
  loop.watch(window);
  EXPECT_EQ(client.lines, Lines{std::string(opened)});
  EXPECT_EQ(server.connections(), 1);
}

TEST(ClientDefect, NeverReconnects) {
  EXPECT_EQ(in_window(quick_options(0), Defect::no_reconnect, fin_at_open()),
            (Lines{std::string(opened), std::string(closed_1006)}));
}

TEST(ClientDefect, HasNoBackoff) {
  const Lines found = delays(Defect::no_backoff, 12, respond("HTTP/1.1 503 Busy\r\n\r\n"));
  for (int attempt = 1; attempt <= 12; ++attempt) {
    const std::string& line = found[static_cast<std::size_t>(attempt - 1)];
    EXPECT_TRUE(line == reconnecting_line(milliseconds(0), attempt) ||
                line == reconnecting_line(milliseconds(1), attempt))
        << line;
  }
}

TEST(ClientDefect, ResetsItsBackoffOnOpen) {
  for (const std::string& line : delays(Defect::backoff_resets_on_open, 8, fin_at_open())) {
    EXPECT_TRUE(line.ends_with(R"("attempt":1})")) << line;
  }
}

TEST(ClientDefect, HasNoJitter) {
  Lines expected;
  int attempt = 0;
  for (const int cap : {1, 2, 4, 8, 16, 16}) {
    expected.push_back(reconnecting_line(milliseconds(cap), ++attempt));
  }
  EXPECT_EQ(delays(Defect::no_jitter, 6, respond("HTTP/1.1 503 Busy\r\n\r\n")), expected);
}

TEST(ClientDefect, Storms) {
  Lines expected;
  for (int attempt = 1; attempt <= 15; ++attempt) {
    expected.push_back(reconnecting_line(milliseconds(10), attempt));
  }
  EXPECT_EQ(delays(Defect::storms, 15, respond("HTTP/1.1 503 Busy\r\nRetry-After: 60\r\n\r\n")), expected);
}

TEST(ClientDefect, ReconnectsAfterFinal) {
  EXPECT_EQ(delays(Defect::reconnects_after_final, 2, respond("HTTP/1.1 404 No\r\n\r\n")).size(), 2u);
  EXPECT_EQ(delays(Defect::reconnects_after_final, 2, close_at_open(4401)).size(), 2u);
}

TEST(ClientDefect, GivesUpAfter1014) {
  EXPECT_EQ(in_window(quick_options(0), Defect::gives_up_after_1014, close_at_open(1014)),
            (Lines{std::string(opened), close_line({1014, "", true})}));
}

TEST(ClientDefect, IgnoresRetryAfter) {
  EXPECT_EQ(delays(Defect::ignores_retry_after, 3, respond("HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\n\r\n"))
                .size(),
            3u);
}

TEST(ClientDefect, AnswersNoPing) {
  Loop loop;
  std::optional<Incoming> first;
  RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.send_frame(wire::Opcode::ping, "x");
    co_await connection.send_close(1001);
    first = co_await connection.next();
  });
  TestClient client(loop, with(quick_options(server.port()), Defect::no_pong));
  ASSERT_TRUE(loop.until([&] { return first.has_value(); }));
  EXPECT_EQ(first->kind, Incoming::Kind::close);
}

TEST(ClientDefect, AnswersAPingWithOtherData) {
  Loop loop;
  std::optional<Incoming> first;
  RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.send_frame(wire::Opcode::ping, "x");
    first = co_await connection.next();
  });
  TestClient client(loop, with(quick_options(server.port()), Defect::wrong_pong));
  ASSERT_TRUE(loop.until([&] { return first.has_value(); }));
  EXPECT_EQ(first->kind, Incoming::Kind::pong);
  EXPECT_EQ(first->payload, "pong");
}

TEST(ClientDefect, ReportsACloseTwice) {
  EXPECT_EQ(first_attempt(Defect::double_close_report, fin_at_open()),
            (Lines{std::string(opened), std::string(closed_1006), std::string(closed_1006)}));
}

}  // namespace
}  // namespace wsfault::reference
