// The first effect that broke a connection, and in which state it struck.
#include <gtest/gtest.h>

#include "trace/observed.hpp"
#include "verdict/oracle/break.hpp"
#include "verdict/oracle_log.hpp"

namespace wsfault::verdict::test {
namespace {

using oracle::EffectKind;
using Phase = oracle::Phase;

std::optional<oracle::Break> break_of(const Log& log) {
  const trace::test::Observed seen(log.events);
  return oracle::first_break(seen[seen.size() - 1], seen.view.process, {});
}

void expect_break(const Log& log, Phase phase, EffectKind kind, int at, std::string_view text) {
  const auto found = break_of(log);
  ASSERT_TRUE(found) << text;
  EXPECT_EQ(found->phase, phase) << text;
  EXPECT_EQ(to_string(found->effect.kind), to_string(kind));
  EXPECT_EQ(found->at, at * ms);
  EXPECT_EQ(oracle::deed(found->effect, found->phase), text);
}

TEST(FirstBreak, IsNoneWhileNothingHappens) {
  EXPECT_FALSE(break_of(Log().open(0)));
  EXPECT_FALSE(break_of(Log().open(0).message(10, "a").ping(20).pong(21)));
  EXPECT_FALSE(break_of(Log().connect(0).answer(5, 103).answer(6, 101)));
}

TEST(FirstBreak, Before101) {
  const auto before = Phase::before_101;
  expect_break(Log().connect(0).answer(5, 503), before, EffectKind::answer, 5, "answered 503");
  expect_break(Log().connect(0).bad_101(5), before, EffectKind::invalid_101, 5,
               "answered with a 101 that must be refused (wrong-accept)");
  expect_break(Log().connect(0).garbage(5), before, EffectKind::garbage, 5, "answered with something that is not HTTP (\"SSH-2.0-x\"), and was silent");
  expect_break(Log().connect(0).fin(7), before, EffectKind::fin, 7, "ended TCP with FIN without an answer");
  expect_break(Log().connect(0).reset(7, "head"), before, EffectKind::reset, 7,
               "ended TCP with RST after half an HTTP head");
  expect_break(
      Log().connect(0).link(7, record::NotHttp{Tap::arrived, Side::server, "HTTP/1.1 10"}).fin(7, "head"),
      before, EffectKind::fin, 7, "ended TCP with FIN after half an HTTP head (\"HTTP/1.1 10\")");
  expect_break(Log().connect(3), before, EffectKind::silence, 3, "accepted and was silent");
  // A client that opens all the same speaks to somebody else.
  expect_break(Log().connect(0).effect(1, record::LinkEffectKind::tls_failure).answer(5, 101), before,
               EffectKind::tls_failure, 1, "offered no TLS that may be accepted");
  expect_break(Log().refused(2).reports_error(3), before, EffectKind::refused, 2, "refused the connection");
}

TEST(FirstBreak, TheFirstOfSeveralCounts) {
  const auto before = Phase::before_101;
  expect_break(Log().connect(0).answer(5, 503).fin(6), before, EffectKind::answer, 5, "answered 503");
  expect_break(Log().open(0).server_close(10, 1001).fin(11), Phase::open, EffectKind::close, 10,
               "sent Close 1001");
  expect_break(Log().open(0).fin(11).server_close(12, 1001), Phase::open, EffectKind::fin, 11,
               "ended TCP with FIN without a Close");
  expect_break(Log().open(0).illegal(10, "bad-utf8").server_close(11, 1000), Phase::open,
               EffectKind::illegal_frame, 10, "sent an illegal frame (bad-utf8)");
}

TEST(FirstBreak, OfACloseFrame) {
  const auto open = Phase::open;
  expect_break(Log().open(0).server_close(10, 1001).reset(11), open, EffectKind::close, 10,
               "sent Close 1001, then RST");
  expect_break(Log().open(0).server_close(10, 1006), open, EffectKind::close, 10, "sent Close 1006 (an illegal code)");
  expect_break(Log().open(0).server_close_empty(10), open, EffectKind::close_empty, 10, "sent an empty Close");
  expect_break(Log().open(0).server_close_of_one_byte(10), open, EffectKind::close_invalid, 10,
               "sent a Close with an illegal body");
  expect_break(Log().open(0).server_close(10, 1000, "\xc3"), open, EffectKind::close_invalid, 10,
               "sent a Close with an illegal body");
}

TEST(FirstBreak, AFrameThatArrivesInsideTheEndIsTheEnd) {
  expect_break(Log().open(0).violation(10, "truncated-frame").reset(10, "frame"), Phase::open,
               EffectKind::reset, 10, "ended TCP with RST inside a frame");
}

TEST(FirstBreak, ASilenceCountsFromTheLastArrival) {
  expect_break(Log().open(0).silence(100).message(150, "was under way"), Phase::open, EffectKind::silence,
               150, "fell silent");
}

TEST(FirstBreak, AnUnansweredPingIsASilence) {
  expect_break(Log().open(0).ping(300), Phase::open, EffectKind::silence, 300, "fell silent");
  EXPECT_FALSE(break_of(Log().open(0).ping(300).pong(301)));
  EXPECT_FALSE(break_of(Log().open(0).ping(300).message(400, "alive"))) << "a pong alone is missing";
  EXPECT_FALSE(break_of(Log().open(0).ping(300).ping(600).pong(601)))
      << "the last of several may be answered";
}

TEST(FirstBreak, OfAClientThatWasToldToStop) {
  expect_break(Log().open(0).process(100, record::ProcessChange::stopping).client_close(101, 1000),
               Phase::closing, EffectKind::no_close_reply, 101, "answered no Close");
  expect_break(Log()
                   .open(0)
                   .process(100, record::ProcessChange::stopping)
                   .client_close(101, 1000)
                   .server_close(102, 1000),
               Phase::closing, EffectKind::close, 102, "sent Close 1000");
  expect_break(Log().open(0).process(100, record::ProcessChange::killed).client_fin(101), Phase::open,
               EffectKind::stopped, 100, "was told to stop");
}

TEST(FirstBreak, NothingIsTheBreakOfAClientThatEndsByItself) {
  expect_break(Log().open(0).client_close(50, 1000).server_close(51, 1000), Phase::open, EffectKind::nothing,
               50, "did nothing");
}

// RFC 6455 5.5.3: a pong carries what its ping carried. One that does not answers none.
TEST(FirstBreak, APongWithOtherBytesAnswersNothing) {
  record::FrameSeen ping = Log::opcode(9);
  ping.text = "heartbeat 1";
  record::FrameSeen pong = Log::opcode(10);
  pong.text = "another question's answer";
  const Log log = Log().open(0).client(300, ping).server(301, pong);
  EXPECT_FALSE(break_of(log)) << "what is missing obliges nobody while other things arrive";
  expect_break(Log(log).client_close(500, 1011), Phase::open, EffectKind::silence, 301, "fell silent");
  pong.text = ping.text;
  expect_break(Log().open(0).client(300, ping).server(301, pong).client_close(500, 1011), Phase::open,
               EffectKind::nothing, 500, "did nothing");
}

record::FrameSeen data(std::uint8_t opcode, std::uint64_t length) {
  record::FrameSeen frame = Log::opcode(opcode);
  frame.length = length;
  return frame;
}

// RFC 6455 7.4.1: 1009 is for a message too big to process.
TEST(FirstBreak, IsAMessageThatTheClientRefusedForItsSize) {
  const std::string_view text = "sent a message larger than it takes";
  expect_break(Log().open(0).server(10, data(1, 1 << 20)).client_close(11, 1009), Phase::open,
               EffectKind::illegal_frame, 10, text);
  expect_break(Log().open(0).server(10, data(1, 40'000)).server(20, data(0, 40'000)).client_close(21, 1009),
               Phase::open, EffectKind::illegal_frame, 20, text);
}

TEST(FirstBreak, EveryEndpointTakesASmallMessage) {
  expect_break(Log().open(0).server(10, data(1, 64 * 1024)).client_close(11, 1009), Phase::open,
               EffectKind::nothing, 11, "did nothing");
  expect_break(Log().open(0).server(10, data(1, 1 << 20)).server(20, data(1, 5)).client_close(21, 1009),
               Phase::open, EffectKind::nothing, 21, "did nothing");
  expect_break(Log().open(0).server(10, data(1, 1 << 20)).client_close(11, 1002), Phase::open,
               EffectKind::nothing, 11, "did nothing");
}

}  // namespace
}  // namespace wsfault::verdict::test
