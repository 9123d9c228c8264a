// The open connection of a gateway of kind http: bytes and ends pass, whatever their meaning.
#include <string>

#include "gateway_stage.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;

constexpr GatewayKind http = GatewayKind::http;

TEST(Tunnel, PassesBytesOnUntouched) {
  GatewayStage stage;
  std::string received;
  stage.add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    co_await upstream.send("\x83\x01x\x88\x02\x03\xee"s);  // a reserved opcode, then Close 1006
    upstream.socket.send_fin();
    received = co_await read_all(upstream);
  });
  stage.start(patient_gateway(http));
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.send(std::string(GatewayStage::upgrade_request) + "\x01\x02\x03"s);
    const std::string bytes = co_await read_all(client);
    EXPECT_TRUE(bytes.ends_with("\r\n\r\n\x83\x01x\x88\x02\x03\xee"s)) << bytes;
    co_await client.send("more");  // half-closed: this direction still works
    client.socket.send_fin();
  });
  EXPECT_TRUE(stage.loop_.until([&] { return received == "\x01\x02\x03more"s; }));
}

TEST(Tunnel, DeliversEverythingThatCameBeforeAFin) {
  GatewayStage stage;
  stage.add_upstream([](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    co_await upstream.send(std::string(3'000'000, 'x'));
    upstream.socket.send_fin();
    co_await upstream.end();
  });
  stage.start(patient_gateway(http));
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.send(std::string(GatewayStage::upgrade_request));
    const std::string bytes = co_await read_all(client);
    EXPECT_TRUE(bytes.ends_with(std::string(3'000'000, 'x')));
    EXPECT_EQ(client.stream_end->kind, net::EndKind::fin);
  });
}

TEST(Tunnel, EndsTheClientAtOnceWhenTheUpstreamIsReset) {
  GatewayStage stage;
  stage.add_upstream([](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    upstream.socket.send_reset();
  });
  stage.start(patient_gateway(http));
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    co_await client.end();
  });
}

TEST(Tunnel, LetsTheUpstreamGoWhenTheClientIsReset) {
  GatewayStage stage;
  bool ended = false;
  stage.add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    co_await upstream.end();
    ended = true;
  });
  stage.start(patient_gateway(http));
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    client.socket.send_reset();
  });
  EXPECT_TRUE(stage.loop_.until([&] { return ended; }));
}

TEST(Tunnel, EndsBothSidesWithAFinWhenTheIdleLimitIsOverAndNotBefore) {
  GatewayStage stage;
  std::optional<net::StreamEnd> upstream_end;
  stage.add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    upstream_end = co_await upstream.end();
  });
  GatewayOptions options = patient_gateway(http);
  options.idle_limit = milliseconds(150);
  stage.start(options);
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    auto last = std::chrono::steady_clock::now();
    for (int i = 0; i < 5; ++i) {  // a sign of life each third of the limit
      co_await net::sleep_for(milliseconds(50));
      last = std::chrono::steady_clock::now();
      co_await client.send("x");
    }
    const net::StreamEnd end = co_await client.end();
    EXPECT_EQ(end.kind, net::EndKind::fin);
    EXPECT_GE(std::chrono::steady_clock::now() - last, milliseconds(150));
  });
  ASSERT_TRUE(stage.loop_.until([&] { return upstream_end.has_value(); }));
  EXPECT_EQ(upstream_end->kind, net::EndKind::fin);
}

}  // namespace
}  // namespace wsfault::reference
