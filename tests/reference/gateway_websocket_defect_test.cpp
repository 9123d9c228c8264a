// The defects that only a gateway of kind websocket can have.
#include <string>

#include "gateway_stage.hpp"

namespace wsfault::reference {
namespace {

using namespace std::string_literals;

RawServer::Script say_when_open(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection, int) -> net::Task<void> {
    co_await connection.accept_upgrade();
    co_await connection.send(bytes);
    co_await connection.end();
  };
}

/// The Close that a client of a gateway of kind websocket gets.
std::optional<Incoming> close_with(Defect defect, RawServer::Script script) {
  GatewayStage stage;
  stage.add_upstream(std::move(script));
  stage.start(with(patient_gateway(GatewayKind::websocket), defect));
  std::optional<Incoming> close;
  stage.play([&](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    close = co_await client.next();
  });
  return close;
}

TEST(GatewayDefectWebsocket, PutsAWrongCodeOnTheWireForADeadUpstream) {
  EXPECT_EQ(close_with(Defect::invents_1000, open_and_fin)->close_code, 1000);
  EXPECT_EQ(close_with(Defect::rewrites_codes, open_and_fin)->close_code, 1011);
  const auto refused = close_with(Defect::sends_1006, open_and_fin);
  EXPECT_EQ(refused->kind, Incoming::Kind::violation);
  EXPECT_EQ(refused->violation, wire::Violation::close_code_reserved);
}

TEST(GatewayDefectWebsocket, ChangesCodesThatItIsToPassOn) {
  const auto close_4401 = say_when_open("\x88\x05\x11\x31why"s);
  EXPECT_EQ(close_with(Defect::rewrites_codes, close_4401)->close_code, 1011);
  EXPECT_EQ(close_with(Defect::masks_final, close_4401)->close_code, 1011);
  EXPECT_EQ(close_with(Defect::masks_final, say_when_open("\x88\x02\x03\xe9"s))->close_code, 1001);
  const auto without_reason = close_with(Defect::drops_close_reason, close_4401);
  EXPECT_EQ(without_reason->close_code, 4401);
  EXPECT_EQ(without_reason->payload, "");
}

TEST(GatewayDefectWebsocket, PassesIllegalCodesOn) {
  for (const char* code : {"\x03\xed", "\x03\xee", "\x03\xf7", "\x03\xe7"}) {
    const auto refused = close_with(Defect::passes_illegal_codes, say_when_open("\x88\x02"s + code));
    EXPECT_EQ(refused->kind, Incoming::Kind::violation) << code;
  }
}

TEST(GatewayDefectWebsocket, PassesBadFramesOn) {
  const auto refused = close_with(Defect::passes_bad_frames, say_when_open("\xc1\x01x"s));
  EXPECT_EQ(refused->violation, wire::Violation::reserved_bits);
  const auto not_utf8 = close_with(Defect::passes_bad_frames, say_when_open("\x81\x02\xc3\x28"s));
  EXPECT_EQ(not_utf8->violation, wire::Violation::bad_utf8);
}

/// What a client of a gateway of kind websocket gets first.
TEST(GatewayDefectWebsocket, DropsContinuations) {
  const auto first = close_with(Defect::drops_continuations, say_when_open("\x01\x01x\x80\x01y"s));
  EXPECT_EQ(first->kind, Incoming::Kind::text);
  EXPECT_EQ(first->payload, "x");
}

TEST(GatewayDefectWebsocket, AnswersNoPing) {
  GatewayStage stage;
  stage.add_upstream(echo_all);
  stage.start(with(patient_gateway(GatewayKind::websocket), Defect::no_pong));
  stage.play([](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    co_await client.send_frame(wire::Opcode::ping, "x");
    co_await client.send_frame(wire::Opcode::text, "after");
    const auto first = co_await client.next();
    EXPECT_EQ(first->kind, Incoming::Kind::text);
  });
}

}  // namespace
}  // namespace wsfault::reference
