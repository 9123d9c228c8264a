// The open connection of a gateway of kind websocket: a peer on both sides, with a Close for every end.
#include <string>
#include <vector>

#include "gateway_stage.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;

GatewayOptions patient() { return patient_gateway(GatewayKind::websocket); }

/// Opens, sends `bytes` and ends as told; then notes the code that it was sent.
struct Backend {
  std::string bytes;
  bool ends = false;
  std::optional<int> code;
  bool ended = false;

  RawServer::Script script() {
    return [this](RawConnection& upstream, int) -> net::Task<void> {
      co_await upstream.accept_upgrade();
      co_await upstream.send(bytes);
      if (ends) upstream.socket.send_fin();
      code = co_await upstream.next_close();
      co_await upstream.end();
      ended = true;
    };
  }
};

/// The Close that a client gets, who answers it with the same code.
std::optional<Incoming> close_of_client(GatewayStage& stage) {
  std::optional<Incoming> close;
  stage.play([&](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    for (;;) {
      close = co_await client.next();
      if (!close || close->kind == Incoming::Kind::close) break;
    }
    if (close) co_await client.send_close(static_cast<std::uint16_t>(close->close_code.value_or(1000)));
    co_await client.end();
  });
  return close;
}

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
  stage.start(patient());
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
  stage.start(patient());
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
                            "hel"}) {  // between frames, and inside of one
    GatewayStage stage;
    Backend backend{bytes, true, {}, false};
    stage.add_upstream(backend.script());
    stage.start(patient());
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
  stage.start(patient());
  const auto close = close_of_client(stage);
  ASSERT_TRUE(close);
  EXPECT_EQ(close->close_code, 1014);
}

TEST(Relay, DeliversWhatCameBeforeTheEnd) {
  GatewayStage stage;
  Backend backend{"\x81\x04last"s, true, {}, false};
  stage.add_upstream(backend.script());
  stage.start(patient());
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
  GatewayOptions options = patient();
  options.heartbeat = options.heartbeat_timeout = milliseconds(20);
  stage.start(options);
  const auto close = close_of_client(stage);
  ASSERT_TRUE(close);
  EXPECT_EQ(close->close_code, 1014);
}

struct IllegalCase {
  std::string bytes;
  int to_upstream;
};

TEST(Relay, Says1014ToTheClientAndTheFaultToTheUpstreamThatSendsIllegalFrames) {
  const std::vector<IllegalCase> cases{
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
  for (const IllegalCase& each : cases) {
    GatewayStage stage;
    Backend backend{each.bytes, false, {}, false};
    stage.add_upstream(backend.script());
    stage.start(patient());
    const auto close = close_of_client(stage);
    ASSERT_TRUE(close);
    EXPECT_EQ(close->close_code, 1014);
    EXPECT_TRUE(stage.loop_.until([&] { return backend.ended; }));
    EXPECT_EQ(backend.code, each.to_upstream);
  }
}

TEST(Relay, PassesCodesAndReasonsOnToTheClientAndItsAnswerBack) {
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

TEST(Relay, PassesAnEmptyCloseOnAsAnEmptyClose) {
  GatewayStage stage;
  Backend backend{"\x88\x00"s, false, {}, false};
  stage.add_upstream(backend.script());
  stage.start(patient());
  const auto close = close_of_client(stage);
  ASSERT_TRUE(close);
  EXPECT_EQ(close->close_code, std::nullopt);
}

TEST(Relay, PassesTheClientsCloseOnAndTheUpstreamsAnswerBack) {
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

TEST(Relay, EchoesTheClientsCloseWhenTheUpstreamDoesNotAnswerInTheCloseLimit) {
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

TEST(Relay, EndsAClientThatDoesNotAnswerItsCloseInTheCloseLimit) {
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

TEST(Relay, Says1001ToTheUpstreamWhenTheClientIsGone) {
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

TEST(Relay, RefusesIllegalFramesOfTheClientAndPassesNoneOn) {
  for (const auto& [bytes, code] : {std::pair{"\x81\x01x"s, 1002},
                                    {"\x83\x81\x01\x02\x03\x04x"s, 1002},
                                    {"\x81\x82\x01\x02\x03\x04\xc2\x2a"s, 1007},  // c3 28 under its mask
                                    {"\x82\xff\x00\x00\x00\x00\x10\x00\x00\x00\x01\x02\x03\x04"s, 1009}}) {
    GatewayStage stage;
    Backend backend;
    stage.add_upstream(backend.script());
    stage.start(patient());
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

TEST(Relay, Says1001ToBothWhenTheIdleLimitIsOverThoughItsOwnPingsAreAnswered) {
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

TEST(Relay, PingsOfTheClientKeepTheConnectionOpen) {
  GatewayStage stage;
  Backend backend;
  stage.add_upstream(backend.script());
  GatewayOptions options = patient();
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

}  // namespace
}  // namespace wsfault::reference
