// Each defect of the gateway is visible, in every kind that can have it.
#include <string>
#include <vector>

#include "gateway_stage.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;

constexpr milliseconds watched(150);

class GatewayDefect : public GatewayOfKind {
 protected:
  bool is_http() const { return GetParam() == GatewayKind::http; }
  /// A client that opens and stays connected, and reads until its stream ends.
  void open_a_client() {
    loop_.start(stay());
    ASSERT_TRUE(loop_.until([&] { return opened_; }));
  }
  /// What an open and idle client got: its stream's end or a Close.
  bool is_told_in(milliseconds time) {
    loop_.watch(time);
    return told_;
  }

  bool told_ = false;

 private:
  net::Task<void> stay() {
    RawConnection client = co_await dial();
    const std::string answer = co_await client.upgrade();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
    opened_ = true;
    co_await client.next_close();
    told_ = true;
  }
  bool opened_ = false;
};

INSTANTIATE_TEST_SUITE_P(Kinds, GatewayDefect, testing::Values(GatewayKind::http, GatewayKind::websocket),
                         name_of_kind);

net::Task<void> never_answer(RawConnection& connection, int) { co_await connection.end(); }

TEST_P(GatewayDefect, LeavesClientOpen) {
  add_upstream(open_and_fin);
  start(with(patient(), Defect::leaves_client_open));
  open_a_client();
  EXPECT_FALSE(is_told_in(watched));
}

TEST_P(GatewayDefect, LeavesUpstreamOpen) {
  bool told = false;
  add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    co_await upstream.next_close();
    told = true;
  });
  start(with(patient(), Defect::leaves_upstream_open));
  play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    client.socket.send_reset();
  });
  loop_.watch(watched);
  EXPECT_FALSE(told);
}

TEST_P(GatewayDefect, HasNoHandshakeLimit) {
  add_upstream(echo_all);
  GatewayOptions options = patient();
  options.handshake_limit = milliseconds(10);
  start(with(options, Defect::no_handshake_limit));
  bool answered = false;
  loop_.start([](GatewayStage& stage, bool& answered) -> net::Task<void> {
    RawConnection client = co_await stage.dial();
    co_await read_all(client);
    answered = true;
  }(*this, answered));
  loop_.watch(watched);
  EXPECT_FALSE(answered);
}

TEST_P(GatewayDefect, HasNoResponseLimit) {
  add_upstream(never_answer);
  GatewayOptions options = patient();
  options.response_limit = milliseconds(10);
  start(with(options, Defect::no_response_limit));
  bool answered = false;
  loop_.start([](GatewayStage& stage, bool& answered) -> net::Task<void> {
    RawConnection client = co_await stage.dial();
    co_await client.upgrade();
    answered = true;
  }(*this, answered));
  loop_.watch(watched);
  EXPECT_FALSE(answered);
}

TEST_P(GatewayDefect, HasNoIdleLimitAndNoHeartbeat) {
  RawServer& upstream = add_upstream(accept_silently);
  GatewayOptions options = patient();
  options.idle_limit = options.heartbeat = options.heartbeat_timeout = milliseconds(10);
  start(with(options, Defect::no_idle_limit));
  open_a_client();
  EXPECT_FALSE(is_told_in(watched));
  EXPECT_EQ(upstream.connection(1).pings, 0);
}

TEST_P(GatewayDefect, EndsIdleConnectionsTooEarly) {
  add_upstream(accept_silently);
  GatewayOptions options = patient();
  options.idle_limit = std::chrono::seconds(4);
  start(with(options, Defect::idle_limit_too_early));
  open_a_client();
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(loop_.until([&] { return told_; }));
  const auto took = std::chrono::steady_clock::now() - before;
  EXPECT_LT(took, milliseconds(3800));
  EXPECT_GE(took, milliseconds(1000));
}

TEST_P(GatewayDefect, LimitsOpenConnections) {
  add_upstream(echo_all);
  GatewayOptions options = patient();
  options.response_limit = milliseconds(100);
  start(with(options, Defect::limits_open_connections));
  open_a_client();
  EXPECT_TRUE(loop_.until([&] { return told_; }));
}

TEST_P(GatewayDefect, AcceptsBad101) {
  add_upstream(respond_with("HTTP/1.1 101 x\r\nSec-WebSocket-Accept: x\r\n\r\n"));
  start(with(patient(), Defect::accepts_bad_101));
  play([](RawConnection& client) -> net::Task<void> {
    const std::string bytes = co_await client.upgrade();
    const auto answer = wire::parse_response(bytes);
    const auto request = wire::parse_request(GatewayStage::upgrade_request);
    EXPECT_TRUE(answer && wire::check_response(*request, *answer).empty()) << bytes;
  });
  open_a_client();
  EXPECT_FALSE(is_told_in(watched));
}

TEST_P(GatewayDefect, Takes103AsFinal) {
  add_upstream([](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    co_await upstream.accept_upgrade();
    co_await upstream.end();
  });
  start(with(patient(), Defect::takes_103_as_final));
  EXPECT_EQ(upgrade_and_read_all(), "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: close\r\n\r\n");
}

TEST_P(GatewayDefect, Answers200) {
  add_dead_upstream();
  start(with(patient(), Defect::answers_200));
  EXPECT_TRUE(upgrade_and_read_all().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_P(GatewayDefect, MasksFinalAnswers) {
  for (const char* status : {"401 Unauthorized", "403 Forbidden"}) {
    GatewayStage stage;
    stage.add_upstream(respond_with("HTTP/1.1 "s + status + "\r\nContent-Length: 0\r\n\r\n"));
    stage.start(with(patient(), Defect::masks_final));
    EXPECT_TRUE(stage.upgrade_and_read_all().starts_with("HTTP/1.1 502 ")) << status;
  }
}

TEST_P(GatewayDefect, HidesRetryableAnswers) {
  add_upstream(respond_with("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
  start(with(patient(), Defect::hides_retryable));
  EXPECT_TRUE(upgrade_and_read_all().starts_with("HTTP/1.1 403 Forbidden\r\n"));
}

TEST_P(GatewayDefect, NeverTriesAnother) {
  add_dead_upstream();
  add_upstream(echo_all);
  start(with(patient(), Defect::never_tries_another));
  EXPECT_TRUE(upgrade_and_read_all().starts_with("HTTP/1.1 502 "));
}

TEST_P(GatewayDefect, DiesWithAnUpstream) {
  add_upstream([](RawConnection& upstream, int number) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    if (number == 2) {
      upstream.socket.send_reset();
    } else {
      co_await upstream.end();
    }
  });
  start(with(patient(), Defect::dies_with_upstream));
  open_a_client();
  play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    co_await client.end();
  });
  EXPECT_TRUE(loop_.until([&] { return finished_ && told_; }));
  EXPECT_EQ(died_of_, "the connection to an upstream broke");
}

TEST_P(GatewayDefect, AReloadDropsEveryone) {
  add_upstream(echo_all);
  start(with(patient(), Defect::reload_drops_everyone));
  open_a_client();
  const auto before = std::chrono::steady_clock::now();
  gateway_->reload();
  EXPECT_TRUE(loop_.until([&] { return told_; }));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(4));
}

TEST_P(GatewayDefect, IsDeafWhileItReloads) {
  add_upstream(echo_all);
  GatewayOptions options = patient();
  options.drain = milliseconds(100);
  start(with(options, Defect::deaf_while_reloading));
  open_a_client();
  gateway_->reload();
  bool done = false;
  loop_.start([](std::uint16_t port, bool& done) -> net::Task<void> {
    const auto refused = co_await net::dial("127.0.0.1", port, std::chrono::seconds(5));
    EXPECT_EQ(refused.error, ECONNREFUSED);
    done = true;
  }(gateway_->port(), done));
  ASSERT_TRUE(loop_.until([&] { return done && told_; }));
  play([](RawConnection& client) -> net::Task<void> { co_await client.upgrade(); });
}

TEST_P(GatewayDefect, ForgetsTheTail) {
  add_upstream([](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    co_await upstream.next_text();
    co_await upstream.send_frame(wire::Opcode::text, "last");
    upstream.socket.send_fin();
    co_await upstream.end();
  });
  start(with(patient(), Defect::forgets_tail));
  play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    co_await client.send_frame(wire::Opcode::text, "now");
    const auto code = co_await client.next_close();
    EXPECT_TRUE(client.texts.empty());
    EXPECT_TRUE(!code || code == 1014);
  });
}

TEST_P(GatewayDefect, AGatewayThatForgetsTailsDeliversTheRest) {
  add_upstream(echo_all);
  start(with(patient(), Defect::forgets_tail));
  play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    co_await client.send_frame(wire::Opcode::text, "hello");
    const auto text = co_await client.next_text();
    EXPECT_EQ(text, "hello");
  });
}

}  // namespace
}  // namespace wsfault::reference
