// The gateway as a process: how it stops and reloads, and that one client's errors affect only that client.
#include <string>

#include "gateway_stage.hpp"

namespace wsfault::reference {
namespace {

class GatewayLife : public GatewayOfKind {};

INSTANTIATE_TEST_SUITE_P(Kinds, GatewayLife, testing::Values(GatewayKind::http, GatewayKind::websocket),
                         name_of_kind);

TEST_P(GatewayLife, StopsListeningAndSaysGoodbyeInTheWayOfItsKind) {
  std::optional<int> to_upstream;
  add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    to_upstream = co_await upstream.next_close();
    upstream.socket.send_fin();
    co_await upstream.end();
  });
  GatewayOptions options = patient();
  options.drain = milliseconds(50);
  start(options);
  play([this](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    gateway_->stop();
    if (GetParam() == GatewayKind::websocket) {
      const auto code = co_await client.next_close();
      EXPECT_EQ(code, 1001);
      co_await client.send_close(1001);
    }
    const net::StreamEnd end = co_await client.end();
    EXPECT_EQ(end.kind, net::EndKind::fin);
    client.socket.send_fin();
    const auto refused = co_await net::dial("127.0.0.1", gateway_->port(), std::chrono::seconds(5));
    EXPECT_EQ(refused.error, ECONNREFUSED);
  });
  EXPECT_TRUE(loop_.until([&] { return finished_; }));
  EXPECT_EQ(died_of_, "");
  if (GetParam() == GatewayKind::websocket) {
    EXPECT_EQ(to_upstream, 1001);
  }
}

TEST_P(GatewayLife, StopsAtOnceWhenThereIsNobody) {
  add_upstream(echo_all);
  start(patient());
  loop_.watch(milliseconds(1));
  gateway_->stop();
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(loop_.until([&] { return finished_; }));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(4));
}

TEST_P(GatewayLife, Says503ToAHandshakeUnderWayWhenItStops) {
  add_upstream([this](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.read_head();
    gateway_->stop();
    co_await upstream.end();
  });
  GatewayOptions options = patient();
  options.drain.reset();
  start(options);
  EXPECT_TRUE(upgrade_and_read_all().starts_with("HTTP/1.1 503 "));
}

TEST_P(GatewayLife, AReloadLeavesConnectionsOpenForTheDrainTimeAndServesNewOnes) {
  add_upstream(echo_all);
  GatewayOptions options = patient();
  options.drain = milliseconds(200);
  start(options);
  play([this](RawConnection& old) -> net::Task<void> {
    co_await old.upgrade();
    const auto before = std::chrono::steady_clock::now();
    gateway_->reload();
    RawConnection young = co_await dial();
    co_await young.upgrade();
    co_await young.send_frame(wire::Opcode::text, "new");
    const auto text = co_await young.next_text();
    EXPECT_EQ(text, "new");
    if (GetParam() == GatewayKind::websocket) {
      const auto code = co_await old.next_close();
      EXPECT_EQ(code, 1012);
    } else {
      const net::StreamEnd end = co_await old.end();
      EXPECT_EQ(end.kind, net::EndKind::fin);
    }
    EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds(200));
    co_await young.send_frame(wire::Opcode::text, "still");
    const auto later = co_await young.next_text();
    EXPECT_EQ(later, "still");
  });
}

TEST_P(GatewayLife, ABrokenUpstreamHarmsNoOtherClient) {
  add_upstream([](RawConnection& upstream, int number) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    if (number == 2) {
      upstream.socket.send_reset();
    } else {
      co_await upstream.echo();
    }
  });
  start(patient());
  play([this](RawConnection& citizen) -> net::Task<void> {
    co_await citizen.upgrade();
    RawConnection other = co_await dial();
    co_await other.upgrade();
    if (GetParam() == GatewayKind::websocket) co_await other.next_close();
    if (GetParam() == GatewayKind::http) co_await other.end();
    co_await citizen.send_frame(wire::Opcode::text, "well");
    const auto text = co_await citizen.next_text();
    EXPECT_EQ(text, "well");
  });
}

}  // namespace
}  // namespace wsfault::reference
