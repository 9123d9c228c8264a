// The open connection of a gateway of kind websocket: a peer on both sides, with a Close for every end.
#include <string>
#include <vector>

#include "gateway_backend.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;

GatewayOptions patient_peer() { return patient_gateway(GatewayKind::websocket); }

TEST(Relay, PassesFragmentsOnAsFragments) {
  GatewayStage stage;
  std::string received;
  const std::string expected =
      "\x01\x01"
      "a"
      "\x00\x01"
      "b"
      "\x80\x00"
      "\x82\x01\xff"s;
  stage.add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade(
        "\x01\x01"
        "a"s);
    co_await upstream.send(
        "\x00\x01"
        "b"
        "\x80\x00"
        "\x82\x01\xff"s);
    co_await upstream.end();
  });
  stage.start(patient_peer());
  stage.play([&](RawConnection& client) -> net::Task<void> {
    co_await client.send(std::string(GatewayStage::upgrade_request));
    std::array<char, 1024> buffer;
    while (!received.ends_with(expected)) {
      const net::ReadResult read = co_await client.socket.read_some(buffer);
      if (read.size == 0) co_return;
      received.append(buffer.data(), read.size);
    }
  });
  received.erase(0, wire::head_size(received).value_or(0));
  EXPECT_EQ(received, expected);
}

TEST(Relay, AnswersPingsOfBothSidesItself) {
  GatewayStage stage;
  std::optional<Incoming> pong;
  stage.add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    co_await upstream.send_frame(wire::Opcode::ping, "up");
    pong = co_await upstream.next();
    co_await upstream.end();
  });
  stage.start(patient_peer());
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    co_await client.send_frame(wire::Opcode::ping, "down");
    const auto answer = co_await client.next();
    EXPECT_EQ(answer->kind, Incoming::Kind::pong);
    EXPECT_EQ(answer->payload, "down");
    EXPECT_EQ(client.pings, 0);
  });
  ASSERT_TRUE(stage.loop_.until([&] { return pong.has_value(); }));
  EXPECT_EQ(pong->kind, Incoming::Kind::pong);
  EXPECT_EQ(pong->payload, "up");
}

TEST(Relay, Says1014WhenTheUpstreamEndsWithoutAClose) {
  for (const char* bytes : {"",
                            "\x81\x05"
                            "hel"}) {  // between frames, and inside one
    GatewayStage stage;
    Backend backend{bytes, true, {}, false};
    stage.add_upstream(backend.script());
    stage.start(patient_peer());
    const auto close = close_of_client(stage);
    ASSERT_TRUE(close);
    EXPECT_EQ(close->close_code, 1014);
  }
}

TEST(Relay, Says1014WhenTheUpstreamIsReset) {
  GatewayStage stage;
  stage.add_upstream([](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade();
    upstream.socket.send_reset();
  });
  stage.start(patient_peer());
  const auto close = close_of_client(stage);
  ASSERT_TRUE(close);
  EXPECT_EQ(close->close_code, 1014);
}

TEST(Relay, DeliversWhatCameBeforeTheEnd) {
  GatewayStage stage;
  Backend backend{"\x81\x04last"s, true, {}, false};
  stage.add_upstream(backend.script());
  stage.start(patient_peer());
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    const auto text = co_await client.next_text();
    EXPECT_EQ(text, "last");
    const auto code = co_await client.next_close();
    EXPECT_EQ(code, 1014);
  });
}

TEST(Relay, Says1014WhenTheUpstreamAnswersNoPing) {
  GatewayStage stage;
  stage.add_upstream([](RawConnection& upstream, int) -> net::Task<void> {
    upstream.answers_pings = false;
    co_await upstream.accept_upgrade();
    co_await upstream.end();
  });
  GatewayOptions options = patient_peer();
  options.heartbeat = options.heartbeat_timeout = milliseconds(20);
  stage.start(options);
  const auto close = close_of_client(stage);
  ASSERT_TRUE(close);
  EXPECT_EQ(close->close_code, 1014);
}

struct IllegalAtGateway {
  std::string bytes;
  int to_upstream;
};

TEST(Relay, Says1014ToTheClientAndTheFaultToTheUpstreamThatSendsIllegalFrames) {
  const std::vector<IllegalAtGateway> cases{
      {"\x83\x01x"s, 1002},                  // a reserved opcode
      {"\x81\x81\x01\x02\x03\x04x"s, 1002},  // masked
      {"\x81\x02\xc3\x28"s, 1007},           // not UTF-8
      {"\x88\x01x"s, 1002},                  // a Close too short for its code
      {"\x88\x04\x03\xe8\xc3\x28"s, 1007},
      {"\x88\x02\x03\xed"s, 1002},  // 1005
      {"\x88\x02\x03\xee"s, 1002},  // 1006
      {"\x88\x02\x03\xf7"s, 1002},  // 1015
      {"\x88\x02\x03\xe7"s, 1002},  // 999
      {"\x88\x02\x03\xec"s, 1002},  // 1004
      {"\x88\x02\x03\xf8"s, 1002},  // 1016
      {"\x88\x02\x13\x88"s, 1002},  // 5000
  };
  for (const IllegalAtGateway& each : cases) {
    GatewayStage stage;
    Backend backend{each.bytes, false, {}, false};
    stage.add_upstream(backend.script());
    stage.start(patient_peer());
    const auto close = close_of_client(stage);
    ASSERT_TRUE(close);
    EXPECT_EQ(close->close_code, 1014);
    EXPECT_TRUE(stage.loop_.until([&] { return backend.ended; }));
    EXPECT_EQ(backend.code, each.to_upstream);
  }
}

TEST(Relay, RefusesIllegalFramesOfTheClientAndPassesNoneOn) {
  for (const auto& [bytes, code] : {std::pair{"\x81\x01x"s, 1002},
                                    {"\x83\x81\x01\x02\x03\x04x"s, 1002},
                                    {"\x81\x82\x01\x02\x03\x04\xc2\x2a"s, 1007},  // c3 28 under its mask
                                    {"\x82\xff\x00\x00\x00\x00\x10\x00\x00\x00\x01\x02\x03\x04"s, 1009}}) {
    GatewayStage stage;
    Backend backend;
    stage.add_upstream(backend.script());
    stage.start(patient_peer());
    stage.play([&](RawConnection& client) -> net::Task<void> {
      co_await client.upgrade();
      co_await client.send(bytes);
      const auto said = co_await client.next_close();
      EXPECT_EQ(said, code);
    });
    EXPECT_TRUE(stage.loop_.until([&] { return backend.code.has_value(); }));
    EXPECT_EQ(backend.code, 1001);
    EXPECT_TRUE(stage.upstreams_.front().connection(1).texts.empty());
  }
}

TEST(Relay, PingsOfTheClientKeepTheConnectionOpen) {
  GatewayStage stage;
  Backend backend;
  stage.add_upstream(backend.script());
  GatewayOptions options = patient_peer();
  options.idle_limit = milliseconds(150);
  stage.start(options);
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    for (int i = 0; i < 8; ++i) {
      co_await client.send_frame(wire::Opcode::ping, "x");
      const auto pong = co_await client.next();
      EXPECT_TRUE(pong && pong->kind == Incoming::Kind::pong);
      co_await net::sleep_for(milliseconds(30));
    }
  });
}

TEST(GatewayWebsocket, RefusesABadUpgradeItself) {
  GatewayStage stage;
  RawServer& upstream = stage.add_upstream(echo_all);
  stage.start(patient_gateway(GatewayKind::websocket));
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.send(
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n");
    const std::string answer = co_await read_all(client);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 426 ")) << answer;
  });
  EXPECT_EQ(upstream.connections(), 0u);
}

TEST(GatewayWebsocket, OffersNoExtensionAndAKeyOfItsOwn) {
  GatewayStage stage;
  std::string request;
  stage.add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    request = co_await upstream.read_head();
    co_await upstream.end();
  });
  stage.start(patient_gateway(GatewayKind::websocket));
  stage.play([&](RawConnection& client) -> net::Task<void> {
    std::string head(GatewayStage::upgrade_request);
    head.insert(head.size() - 2, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
    co_await client.send(head);
    while (request.empty()) co_await net::sleep_for(milliseconds(1));
  });
  EXPECT_EQ(request.find("Sec-WebSocket-Extensions"), std::string::npos) << request;
  EXPECT_EQ(request.find("dGhlIHNhbXBsZSBub25jZQ=="), std::string::npos) << request;
}

}  // namespace
}  // namespace wsfault::reference
