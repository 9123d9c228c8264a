// Closes through a gateway of kind websocket, and its own Closes.
#include <string>

#include "gateway_backend.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;

GatewayOptions patient() { return patient_gateway(GatewayKind::websocket); }

TEST(RelayClose, PassesCodesAndReasonsOnToTheClientAndItsAnswerBack) {
  for (const int code : {1000, 1001, 1008, 1011, 1012, 1013, 1014, 3000, 4401}) {
    GatewayStage stage;
    const auto sent = static_cast<std::uint16_t>(code);
    const std::string body = wire::close_payload(sent, "why");
    Backend backend{"\x88\x05" + body, false, {}, false};
    stage.add_upstream(backend.script());
    stage.start(patient());
    const auto close = close_of_client(stage);
    ASSERT_TRUE(close);
    EXPECT_EQ(close->close_code, sent);
    EXPECT_EQ(close->payload, "why");
    EXPECT_TRUE(stage.loop_.until([&] { return backend.ended; }));
    EXPECT_EQ(backend.code, code);
  }
}

TEST(RelayClose, PassesAnEmptyCloseOnAsAnEmptyClose) {
  GatewayStage stage;
  Backend backend{"\x88\x00"s, false, {}, false};
  stage.add_upstream(backend.script());
  stage.start(patient());
  const auto close = close_of_client(stage);
  ASSERT_TRUE(close);
  EXPECT_EQ(close->close_code, std::nullopt);
}

TEST(RelayClose, PassesTheClientsCloseOnAndTheUpstreamsAnswerBack) {
  GatewayStage stage;
  std::optional<Incoming> close;
  stage.add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    close = co_await upstream.next();
    co_await upstream.send_close(4002, "bye");
    upstream.socket.send_fin();
    co_await upstream.end();
  });
  stage.start(patient());
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    co_await client.send_close(4001, "done");
    const auto answer = co_await client.next();
    EXPECT_EQ(answer->close_code, 4002);
    EXPECT_EQ(answer->payload, "bye");
    const auto end = co_await client.end();
    EXPECT_EQ(end.kind, net::EndKind::fin);
  });
  EXPECT_EQ(close->close_code, 4001);
  EXPECT_EQ(close->payload, "done");
}

TEST(RelayClose, EchoesTheClientsCloseWhenTheUpstreamDoesNotAnswerInTheCloseLimit) {
  GatewayStage stage;
  stage.add_upstream(accept_silently);
  GatewayOptions options = patient();
  options.close_limit = milliseconds(30);
  stage.start(options);
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    co_await client.send_close(4001);
    const auto code = co_await client.next_close();
    EXPECT_EQ(code, 4001);
    co_await client.end();
  });
}

TEST(RelayClose, EndsAClientThatDoesNotAnswerItsCloseInTheCloseLimit) {
  GatewayStage stage;
  Backend backend{"\x88\x02\x03\xf3"s, false, {}, false};
  stage.add_upstream(backend.script());
  GatewayOptions options = patient();
  options.close_limit = milliseconds(30);
  stage.start(options);
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    const auto code = co_await client.next_close();
    EXPECT_EQ(code, 1011);
    co_await client.end();
  });
  EXPECT_TRUE(stage.loop_.until([&] { return backend.ended; }));
}

TEST(RelayClose, Says1001ToTheUpstreamWhenTheClientIsGone) {
  for (const bool by_reset : {true, false}) {
    GatewayStage stage;
    Backend backend;
    stage.add_upstream(backend.script());
    stage.start(patient());
    stage.play([&](RawConnection& client) -> net::Task<void> {
      co_await client.upgrade();
      if (by_reset) client.socket.send_reset();
      if (!by_reset) client.socket.send_fin();
    });
    EXPECT_TRUE(stage.loop_.until([&] { return backend.code.has_value(); }));
    EXPECT_EQ(backend.code, 1001);
  }
}

TEST(RelayClose, Says1001ToBothWhenTheIdleLimitIsOverThoughItsOwnPingsAreAnswered) {
  GatewayStage stage;
  Backend backend;
  stage.add_upstream(backend.script());
  GatewayOptions options = patient();
  options.heartbeat = milliseconds(10);
  options.idle_limit = milliseconds(80);
  stage.start(options);
  const auto before = std::chrono::steady_clock::now();
  const auto close = close_of_client(stage);
  EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds(80));
  ASSERT_TRUE(close);
  EXPECT_EQ(close->close_code, 1001);
  EXPECT_TRUE(stage.loop_.until([&] { return backend.code.has_value(); }));
  EXPECT_EQ(backend.code, 1001);
}

}  // namespace
}  // namespace wsfault::reference
