// Before the 101: how both kinds of gateway handle a request, and an upstream's answer or its absence.
#include <string>

#include "gateway_stage.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;

class GatewayHandshake : public GatewayOfKind {};

INSTANTIATE_TEST_SUITE_P(Kinds, GatewayHandshake, testing::Values(GatewayKind::http, GatewayKind::websocket),
                         name_of_kind);

bool has_status(const std::string& answer, int status) {
  return answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
}

TEST_P(GatewayHandshake, OpensAndEchoes) {
  add_upstream(echo_all);
  start(patient());
  play([](RawConnection& client) -> net::Task<void> {
    const std::string answer = co_await client.upgrade();
    EXPECT_TRUE(has_status(answer, 101)) << answer;
    EXPECT_NE(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
    co_await client.send_frame(wire::Opcode::text, "hello");
    const auto text = co_await client.next_text();
    EXPECT_EQ(text, "hello");
  });
}

TEST_P(GatewayHandshake, ForwardsPathAndHeadersAndPassesTheSubprotocolOn) {
  std::string request;
  add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    request = co_await upstream.read_head();
    const auto head = wire::parse_request(request);
    const auto key = wire::find_header(head->headers, "Sec-WebSocket-Key").value_or("");
    co_await upstream.send(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Protocol: chat\r\nSet-Cookie: b=2\r\nSec-WebSocket-Accept: " +
        wire::accept_key(key) + "\r\n\r\n");
    co_await upstream.end();
  });
  start(patient());
  play([](RawConnection& client) -> net::Task<void> {
    co_await client.send(
        "GET /chat?x=1 HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Origin: https://a.example\r\nCookie: a=1\r\nWsfault-Connection: 7\r\n"
        "Sec-WebSocket-Protocol: chat, other\r\n\r\n");
    const std::string answer = co_await client.read_head();
    EXPECT_TRUE(has_status(answer, 101)) << answer;
    EXPECT_NE(answer.find("Sec-WebSocket-Protocol: chat\r\n"), std::string::npos) << answer;
    EXPECT_NE(answer.find("Set-Cookie: b=2\r\n"), std::string::npos) << answer;
  });
  EXPECT_TRUE(request.starts_with("GET /chat?x=1 HTTP/1.1\r\n")) << request;
  for (const char* line : {"Host: a\r\n", "Upgrade: websocket\r\n", "Connection: Upgrade\r\n",
                           "Origin: https://a.example\r\n", "Cookie: a=1\r\n", "Wsfault-Connection: 7\r\n",
                           "Sec-WebSocket-Protocol: chat, other\r\n", "Sec-WebSocket-Version: 13\r\n"}) {
    EXPECT_NE(request.find(line), std::string::npos) << line << request;
  }
}

TEST_P(GatewayHandshake, Says502ForAnUpstreamThatRefuses) {
  add_dead_upstream();
  start(patient());
  const std::string answer = upgrade_and_read_all();
  EXPECT_TRUE(has_status(answer, 502)) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
}

TEST_P(GatewayHandshake, Says502ForEveryAnswerThatIsNone) {
  for (const char* bytes : {"", "HTTP/1.1 101 Switching Pro", "SSH-2.0-OpenSSH_9.2\r\n",
                            "\x15\x03\x01\x02\x02", "HTTP/1.1 abc\r\n\r\n"}) {
    GatewayStage stage;
    stage.add_upstream([bytes](RawConnection& upstream, int) -> net::Task<void> {
      co_await upstream.read_head();
      co_await upstream.send(bytes);
      upstream.socket.send_fin();
      co_await upstream.end();
    });
    stage.start(patient());
    const std::string answer = stage.upgrade_and_read_all();
    EXPECT_TRUE(has_status(answer, 502)) << bytes << answer;
  }
}

TEST_P(GatewayHandshake, Says502ForAReset) {
  add_upstream([](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.read_head();
    upstream.socket.send_reset();
  });
  start(patient());
  EXPECT_TRUE(has_status(upgrade_and_read_all(), 502));
}

TEST_P(GatewayHandshake, Says502ForAnInvalid101) {
  const std::string start_line = "HTTP/1.1 101 Switching Protocols\r\n";
  const std::string accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  for (const std::string& headers :
       {"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n"s,
        "Connection: Upgrade\r\n"s + accept, "Upgrade: websocket\r\n"s + accept,
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: unasked\r\n" + accept,
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Extensions: unasked\r\n" + accept}) {
    GatewayStage stage;
    stage.add_upstream(respond_with(start_line + headers + "\r\n"));
    stage.start(patient());
    const std::string answer = stage.upgrade_and_read_all();
    EXPECT_TRUE(has_status(answer, 502)) << headers << answer;
  }
}

TEST_P(GatewayHandshake, Says504WhenTheResponseLimitIsOver) {
  add_upstream([](RawConnection& upstream, int) -> net::Task<void> { co_await upstream.end(); });
  GatewayOptions options = patient();
  options.response_limit = milliseconds(50);
  start(options);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(has_status(upgrade_and_read_all(), 504));
  EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds(50));
}

TEST_P(GatewayHandshake, PassesAFinalAnswerOnWithItsBody) {
  add_upstream(respond_with(
      "HTTP/1.1 403 Forbidden\r\nX-Why: because\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nno"));
  start(patient());
  EXPECT_EQ(upgrade_and_read_all(),
            "HTTP/1.1 403 Forbidden\r\nX-Why: because\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
}

TEST_P(GatewayHandshake, PassesABodyOnThatEndsWithItsStream) {
  add_upstream([](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.read_head();
    co_await upstream.send("HTTP/1.1 200 OK\r\n\r\n<html>");
    co_await upstream.send(std::string(100'000, 'x'));
    upstream.socket.send_fin();
    co_await upstream.end();
  });
  start(patient());
  EXPECT_EQ(upgrade_and_read_all(),
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>" + std::string(100'000, 'x'));
}

TEST_P(GatewayHandshake, SkipsInterimAnswers) {
  add_upstream([](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    co_await upstream.accept_upgrade();
    co_await upstream.echo();
  });
  start(patient());
  play([](RawConnection& client) -> net::Task<void> {
    const std::string answer = co_await client.upgrade();
    EXPECT_TRUE(has_status(answer, 101)) << answer;
  });
}

TEST_P(GatewayHandshake, TriesTheNextUpstreamAndSticksToItWhileItWorks) {
  add_dead_upstream();
  add_upstream(respond_with("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
  RawServer& busy = upstreams_.back();
  add_upstream(echo_all);
  start(patient());
  for (int i = 0; i < 3; ++i) {
    play([](RawConnection& client) -> net::Task<void> {
      const std::string answer = co_await client.upgrade();
      EXPECT_TRUE(has_status(answer, 101)) << answer;
    });
  }
  EXPECT_EQ(busy.connections(), 1u);
}

TEST_P(GatewayHandshake, PassesTheLastAnswerOnWhenNoUpstreamServes) {
  add_dead_upstream();
  add_upstream(respond_with("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"));
  start(patient());
  const std::string answer = upgrade_and_read_all();
  EXPECT_TRUE(has_status(answer, 503));
  EXPECT_NE(answer.find("Retry-After: 7\r\n"), std::string::npos);
}

TEST_P(GatewayHandshake, ForwardsBytesThatAreGluedToEitherHead) {
  std::optional<std::string> first;
  add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.accept_upgrade("\x81\x02hi"s);
    first = co_await upstream.next_text();
    co_await upstream.end();
  });
  start(patient());
  play([](RawConnection& client) -> net::Task<void> {
    co_await client.send(std::string(upgrade_request) + "\x81\x81\x01\x02\x03\x04x"s);
    co_await client.read_head();
    const auto text = co_await client.next_text();
    EXPECT_EQ(text, "hi");
  });
  ASSERT_TRUE(loop_.until([&] { return first.has_value(); }));
  EXPECT_EQ(first, "y");
}

TEST_P(GatewayHandshake, PassesAPlainRequestThroughWithItsBody) {
  std::string request;
  add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    std::array<char, 4096> buffer;
    while (!request.ends_with("body")) {
      const net::ReadResult read = co_await upstream.socket.read_some(buffer);
      if (read.size == 0) co_return;
      request.append(buffer.data(), read.size);
    }
    co_await upstream.send(
        "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n");
    co_await upstream.end();
  });
  start(patient());
  play([](RawConnection& client) -> net::Task<void> {
    co_await client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
    co_await client.send("dy");
    const std::string answer = co_await read_all(client);
    EXPECT_EQ(answer,
              "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\n"
              "Connection: Upgrade, close\r\n\r\n");
  });
  EXPECT_EQ(request, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody");
}

TEST_P(GatewayHandshake, Says400ToWhatIsNoHttp) {
  RawServer& upstream = add_upstream(echo_all);
  start(patient());
  play([](RawConnection& client) -> net::Task<void> {
    co_await client.send("\x16\x03\x01\x02 a TLS hello");
    const std::string answer = co_await read_all(client);
    EXPECT_TRUE(has_status(answer, 400)) << answer;
  });
  EXPECT_EQ(upstream.connections(), 0u);
}

TEST_P(GatewayHandshake, Says408WhenTheRequestDoesNotComeInTime) {
  add_upstream(echo_all);
  GatewayOptions options = patient();
  options.handshake_limit = milliseconds(30);
  start(options);
  play([](RawConnection& client) -> net::Task<void> {
    co_await client.send("GET / HT");
    const std::string answer = co_await read_all(client);
    EXPECT_TRUE(has_status(answer, 408)) << answer;
  });
}

TEST_P(GatewayHandshake, LetsTheUpstreamGoWhenTheClientIsGoneBeforeTheAnswer) {
  std::optional<net::StreamEnd> end;
  bool asked = false;
  add_upstream([&](RawConnection& upstream, int) -> net::Task<void> {
    co_await upstream.read_head();
    asked = true;
    end = co_await upstream.end();
  });
  start(patient());
  bool gone = false;
  loop_.start([](GatewayStage& stage, bool& gone) -> net::Task<void> {
    RawConnection client = co_await stage.dial();
    co_await client.send(std::string(upgrade_request));
    while (!gone) co_await net::sleep_for(milliseconds(1));
    client.socket.send_reset();
  }(*this, gone));
  ASSERT_TRUE(loop_.until([&] { return asked; }));
  EXPECT_FALSE(end);
  gone = true;
  EXPECT_TRUE(loop_.until([&] { return end.has_value(); }));
}

}  // namespace
}  // namespace wsfault::reference
