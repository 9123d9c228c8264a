// Every way a connection of a conforming client may end: RFC 6455 5.5.1, 7.1.5, 7.1.7, 7.4.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <vector>

#include "raw_peer.hpp"
#include "test_client.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;

/// Never reconnects, because these tests need only one connection.
ClientOptions once(std::uint16_t port) { return with(quick_options(port), Defect::no_reconnect); }

std::string close_received(int code, const std::string& reason = {}) {
  return close_line({code, reason, true});
}

TEST(ClientClose, FinAndResetWithoutACloseAre1006) {
  for (const bool by_reset : {false, true}) {
    Loop loop;
    RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
      co_await connection.accept_upgrade();
      co_await connection.next_text();
      by_reset ? connection.socket.send_reset() : connection.socket.send_fin();
      if (!by_reset) co_await connection.end();
    });
    ClientOptions options = once(server.port());
    options.messages = 1;
    TestClient client(loop, options);
    ASSERT_TRUE(loop.until([&] { return client.count("close") == 1; }));
    EXPECT_EQ(client.lines, (Lines{std::string(opened), std::string(closed_1006)}));
    EXPECT_TRUE(by_reset || loop.until([&] { return server.connection(1).stream_end.has_value(); }));
  }
}

TEST(ClientClose, AnEndInsideAFrameIs1006) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade("\x81\x7e\x01");
    connection.socket.send_fin();
    co_await connection.end();
  });
  TestClient client(loop, once(server.port()));
  ASSERT_TRUE(loop.until([&] { return client.count("close") == 1; }));
  EXPECT_EQ(client.lines, (Lines{std::string(opened), std::string(closed_1006)}));
}

TEST(ClientClose, EveryLegalCodeIsEchoedAndReported) {
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999,
                         4000, 4401, 4999}) {
    Loop loop;
    std::optional<int> echoed;
    RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
      co_await connection.accept_upgrade();
      co_await connection.send_close(static_cast<std::uint16_t>(code), "why");
      echoed = co_await connection.next_close();
      connection.socket.send_fin();
      co_await connection.end();
    });
    TestClient client(loop, once(server.port()));
    ASSERT_TRUE(loop.until([&] { return client.count("close") == 1 && server.connection(1).stream_end; }))
        << code;
    EXPECT_EQ(echoed, code);
    EXPECT_EQ(client.lines, (Lines{std::string(opened), close_received(code, "why")}));
  }
}

TEST(ClientClose, AnEmptyCloseIs1005AndAnsweredEmpty) {
  Loop loop;
  std::optional<Incoming> answer;
  RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.send_frame(wire::Opcode::close, "");
    answer = co_await connection.next();
    connection.socket.send_fin();
  });
  TestClient client(loop, once(server.port()));
  ASSERT_TRUE(loop.until([&] { return client.count("close") == 1 && answer; }));
  EXPECT_EQ(answer->kind, Incoming::Kind::close);
  EXPECT_EQ(answer->close_code, std::nullopt);
  EXPECT_EQ(client.lines, (Lines{std::string(opened), close_received(1005)}));
}

struct IllegalCase {
  std::string what;
  std::string bytes;
  int close_code;
};

TEST(ClientClose, WhatIsIllegalIsAnsweredWithACloseAndReportedAs1006) {
  std::vector<IllegalCase> cases{
      {"reserved bits", "\xc1\x01x"s, 1002},
      {"reserved opcode", "\x83\x01x"s, 1002},
      {"masked", "\x81\x81\x01\x02\x03\x04y"s, 1002},
      {"non-minimal length", "\x81\x7e\x00\x01x"s, 1002},
      {"oversized control", "\x89\x7e\x00\x7e"s + std::string(126, 'x'), 1002},
      {"fragmented control", "\x09\x00"s, 1002},
      {"orphan continuation", "\x80\x01x"s, 1002},
      {"interleaved message", "\x01\x01x\x81\x01y"s, 1002},
      {"bad UTF-8", "\x81\x02\xc3\x28"s, 1007},
      {"Close of one byte", "\x88\x01\x03"s, 1002},
      {"Close with a reason of bad UTF-8", "\x88\x04\x03\xe8\xc3\x28"s, 1007},
      {"too large a message", "\x82\x7f\x00\x00\x00\x00\x01\x00\x00\x01"s, 1009},
  };
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    const std::string body = wire::close_payload(static_cast<std::uint16_t>(code));
    cases.push_back({"Close " + std::to_string(code), "\x88\x02"s + body, 1002});
  }
  for (const IllegalCase& each : cases) {
    Loop loop;
    std::optional<int> answered;
    RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
      co_await connection.accept_upgrade();
      co_await connection.send(each.bytes);
      answered = co_await connection.next_close();
      co_await connection.end();
    });
    TestClient client(loop, once(server.port()));
    ASSERT_TRUE(loop.until([&] { return client.count("close") == 1 && server.connection(1).stream_end; }))
        << each.what;
    EXPECT_EQ(answered, each.close_code) << each.what;
    EXPECT_EQ(server.connection(1).stream_end->kind, net::EndKind::fin) << each.what;
    EXPECT_EQ(client.lines, (Lines{std::string(opened), std::string(closed_1006)})) << each.what;
  }
}

TEST(ClientClose, AfterACloseTheServerEndsTcpFirst) {
  Loop loop;
  bool ended_before_us = false;
  RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.send_close(1001);
    co_await connection.next_close();
    co_await net::sleep_for(milliseconds(30));
    char byte;
    ended_before_us = ::recv(connection.socket.native_handle(), &byte, 1, MSG_DONTWAIT) == 0;
    connection.socket.send_fin();
    co_await connection.end();
  });
  TestClient client(loop, once(server.port()));
  ASSERT_TRUE(loop.until([&] { return server.connections() == 1 && server.connection(1).stream_end; }));
  EXPECT_FALSE(ended_before_us);
}

TEST(ClientClose, EndsTcpItselfWhenTheServerDoesNot) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.send_close(1011);
    co_await connection.end();
  });
  ClientOptions options = once(server.port());
  options.close_limit = milliseconds(30);
  TestClient client(loop, options);
  ASSERT_TRUE(loop.until([&] { return server.connections() == 1 && server.connection(1).stream_end; }));
  EXPECT_EQ(client.lines, (Lines{std::string(opened), close_received(1011)}));
}

TEST(ClientClose, StoppedItClosesWith1000AndReportsWhatTheServerAnswers) {
  Loop loop;
  std::optional<int> code;
  RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    code = co_await connection.next_close();
    co_await connection.send_close(1001);
    connection.socket.send_fin();
  });
  TestClient client(loop, quick_options(server.port()));
  ASSERT_TRUE(loop.until([&] { return client.count("open") == 1; }));
  client.stop();
  ASSERT_TRUE(loop.until([&] { return client.finished(); }));
  EXPECT_EQ(code, 1000);
  EXPECT_EQ(client.lines, (Lines{std::string(opened), close_received(1001)}));
}

TEST(ClientClose, StoppedWithoutAnAnswerItEndsInTheCloseLimitAndReports1006) {
  Loop loop;
  RawServer server(loop, [](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.end();
  });
  ClientOptions options = quick_options(server.port());
  options.close_limit = milliseconds(30);
  TestClient client(loop, options);
  ASSERT_TRUE(loop.until([&] { return client.count("open") == 1; }));
  client.stop();
  ASSERT_TRUE(loop.until([&] { return client.finished() && server.connection(1).stream_end; }));
  EXPECT_EQ(client.lines, (Lines{std::string(opened), std::string(closed_1006)}));
}

// RFC 6455 5.5.1: no data frame after one's own Close.
TEST(ClientClose, SendsNothingAfterItsOwnClose) {
  Loop loop;
  bool silent = false;
  RawServer server(loop, [&](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.next_text();
    co_await connection.next_close();
    co_await connection.send_frame(wire::Opcode::text, "id=1");
    co_await connection.send_frame(wire::Opcode::ping, "x");
    co_await connection.send_close(1000);
    connection.socket.send_fin();
    silent = !(co_await connection.next());
  });
  ClientOptions options = quick_options(server.port());
  options.messages = 5;
  TestClient client(loop, options);
  ASSERT_TRUE(
      loop.until([&] { return server.connections() == 1 && server.connection(1).texts.size() == 1; }));
  client.stop();
  ASSERT_TRUE(loop.until([&] { return client.finished() && server.connection(1).stream_end; }));
  EXPECT_TRUE(silent);
}

}  // namespace
}  // namespace wsfault::reference
