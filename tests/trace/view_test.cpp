// What is observed of a party: its connections, which reports belong to which, and when it was frozen.
#include "trace/view.hpp"

#include <gtest/gtest.h>

#include "trace/observed.hpp"
#include "verdict/oracle_log.hpp"

namespace wsfault::trace::test {
namespace {

using record::ProcessChange;
using record::Side;
using record::Tap;
using verdict::test::Log;
using verdict::test::ms;

Observed observed(const Log& log) { return Observed(log.events); }

/// The codes reported for each connection, by its number.
std::vector<std::pair<int, std::vector<int>>> codes(const Log& log) {
  std::vector<std::pair<int, std::vector<int>>> result;
  const Observed seen = observed(log);
  for (const Leg& connection : seen.view.connections()) {
    result.emplace_back(connection.number(), std::vector<int>{});
    for (const SeenReport& close : connection.reports().closes)
      result.back().second.push_back(close.fact->code.value_or(0));
  }
  return result;
}
using Codes = std::vector<std::pair<int, std::vector<int>>>;

TEST(View, KeepsTheConnectionsOfTheParty) {
  Log log = Log().open(0);
  log.on(2).open(100);
  log.add(200, {"front", "sut", 3}, record::Accepted{"x"})
      .add(201, {"link", "other", 4}, record::Accepted{"x"});
  const Observed seen = observed(log);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].next_attempt(), 100 * ms);
  EXPECT_EQ(seen[1].next_attempt(), std::nullopt);
}

TEST(View, LooksAtWhatArrivedAndNotAtWhatWasSent) {
  record::StreamEnded end;
  end.tap = Tap::sent;
  end.side = Side::server;
  const Observed seen = observed(Log().open(0).server(10, Log::opcode(1), false).link(20, end));
  EXPECT_TRUE(seen[0].received.empty());
  EXPECT_EQ(seen[0].peer().sent.size(), 1u);
  EXPECT_FALSE(seen[0].ended);
  EXPECT_FALSE(seen[0].own_end);
}

// The kernel is asked at intervals: who is found without an answer just after the dark sent its SYN in it.
TEST(View, AnAttemptThatWaitsJustAfterTheDarkBeganInIt) {
  struct Row {
    int seen, began;
  };
  using record::LinkEffectKind;
  for (const Row row : {Row{210, 200}, Row{440, 200}, Row{460, 460}}) {
    Log log;
    log.add(100, {"link", "", 0}, record::LinkEffect{LinkEffectKind::dark, Side::client})
        .add(200, {"link", "", 0}, record::LinkEffect{LinkEffectKind::resumed, Side::client})
        .add(row.seen, {"link", "sut", 0}, record::AttemptUnanswered{record::AttemptChange::began, "127.0.0.1:4"});
    const auto trace = Trace::of(log.events);
    EXPECT_EQ(trace->refused_attempts("link"), std::vector<std::int64_t>{row.began * ms}) << row.seen;
  }
}

TEST(View, AConnectionOfPlainHttpGivesItsNumberBack) {
  Log log;
  log.link(0, record::Accepted{"x"});
  log.link(1, record::RequestSeen{Tap::sent, {"GET", "/token", 11, {}}, false, {}}).answer(2, 200);
  log.open(10);
  const Observed seen = observed(log);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_TRUE(seen[0].open());
}

TEST(View, AReportBelongsToTheLatestConnectionWithoutOne) {
  Log log = Log().open(0).fin(100).reports_close(110, 1006);
  log.on(2).open(300).server_close(400, 1001).fin(401).reports_close(402, 1001);
  EXPECT_EQ(codes(log), (Codes{{1, {1006}}, {2, {1001}}}));
}

TEST(View, AReportReadAfterTheNextAttemptIsStillOfTheOneBefore) {
  Log log = Log().open(0).reset(100);
  log.on(2).connect(102).reports_close(103, 1006);
  EXPECT_EQ(codes(log), (Codes{{1, {1006}}, {2, {}}}));
  log.reset(104).reports_close(105, 1006);
  EXPECT_EQ(codes(log), (Codes{{1, {1006}}, {2, {1006}}}));
}

TEST(View, TwoReportsReadBehindTwoShortConnectionsKeepTheirOrder) {
  Log log = Log().open(0).reset(100);
  log.on(2).open(102).server_close(103, 1001).fin(103).reports_close(104, 1006).reports_close(105, 1001);
  EXPECT_EQ(codes(log), (Codes{{1, {1006}}, {2, {1001}}}));
}

TEST(View, ALateReportIsNotOfASoundConnection) {
  Log log = Log().open(0).reset(100);
  log.on(2).open(102).reports_close(400, 1006);
  EXPECT_EQ(codes(log), (Codes{{1, {1006}}, {2, {}}}));
}

// Of two connections side by side.
TEST(View, AReportIsOfTheOneThatEndedAndNotOfTheOneThatIsSilent) {
  Log log = Log().open(0);
  log.on(2).open(5);
  log.on(1).reset(100);
  log.on(2).silence(102);
  log.reports_close(300, 1006);
  EXPECT_EQ(codes(log), (Codes{{1, {1006}}, {2, {}}}));
  log.reports_close(2'000, 1006);
  EXPECT_EQ(codes(log), (Codes{{1, {1006}}, {2, {1006}}}));
}

TEST(View, TwoThatGiveUpTheirHandshakesReportEachItsOwn) {
  Log log = Log().connect(0);
  log.on(1).silence(0);
  log.on(2).connect(1).silence(1);
  log.on(1).client_fin(3'000).reports_error(3'001);
  log.on(2).client_fin(3'002).reports_error(3'003);
  const Observed seen = observed(log);
  EXPECT_EQ(seen[0].reports().errors.size(), 1u);
  EXPECT_EQ(seen[1].reports().errors.size(), 1u);
}

TEST(View, AnErrorIsOfTheOneThatWaitsForIts101AndNotOfTheOneThatIsOpen) {
  Log log = Log().connect(0);
  log.on(2).open(5).reports_error(3'000);
  const Observed seen = observed(log);
  EXPECT_EQ(seen[0].reports().errors.size(), 1u);
  EXPECT_TRUE(seen[1].reports().errors.empty());
}

TEST(View, AnErrorBeforeThe101SettlesThatConnection) {
  Log log = Log().connect(0).reset(10).reports_error(11);
  log.on(2).open(500).fin(510).reports_close(511, 1006);
  EXPECT_EQ(codes(log), (Codes{{1, {}}, {2, {1006}}}));
}

TEST(View, RefusedAttemptsAreConnectionZero) {
  Log log = Log().open(0).fin(100).reports_close(101, 1006);
  log.refused(102).reports_error(150).reports_close(150, 1006).reports_close(350, 1006);
  EXPECT_EQ(codes(log), (Codes{{0, {1006, 1006}}, {1, {1006}}}));
}

// A client of wsfault's own names its connection: a report without one is of an attempt that was refused.
TEST(View, ANamelessErrorOfAClientOfOursIsOfARefusedAttempt) {
  Log log;
  log.add(0, {"link", "visitor", 1}, record::Accepted{"x"})
      .add(5, {"link", "visitor", 1}, record::Report{.event = "error", .text = "reset in the handshake"})
      .add(100, {"", "visitor", 0}, record::Report{.event = "error", .text = "Connection refused"});
  const auto trace = Trace::of(log.events);
  const View seen = trace::view(*trace, {.link = "link", .party = "visitor"});
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen.connections()[0].get().number(), 0);
  EXPECT_EQ(seen.connections()[1].get().reports().errors.size(), 1u);
}

TEST(View, AnErrorRightBehindItsCloseIsOfTheSameConnection) {
  Log log = Log().connect(0).fin(1).reports_close(2, 1000).reports_error(2);
  log.on(2).connect(50).fin(51).reports_close(52, 1000);
  log.on(3).connect(53).reports_error(53);
  const Observed seen = observed(log);
  ASSERT_EQ(seen.size(), 3u) << "no refused attempt is made up";
  for (const std::size_t closed : {0, 1}) EXPECT_EQ(seen[closed].reports().errors.size(), 1u) << closed;
  EXPECT_TRUE(seen[2].reports().errors.empty());
}

TEST(View, AnErrorLongBehindACloseIsOfARefusedAttempt) {
  Log log = Log().open(0).fin(100).reports_close(101, 1006);
  log.reports_error(300);
  const Observed seen = observed(log);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].reports().errors.size(), 1u);
  EXPECT_EQ(seen[0].number(), 0);
}

TEST(View, AnOpenReportBelongsToAConnectionThatIsOpen) {
  Log log = Log().silently_open(0).fin(1);
  log.on(2).connect(2).reports(3, "open");
  const Observed seen = observed(log);
  EXPECT_EQ(seen[0].reports().opens.size(), 1u);
  EXPECT_TRUE(seen[1].reports().opens.empty());
}

TEST(View, SilencesBeginAndEnd) {
  Log log = Log().open(0).silence(100).effect(300, record::LinkEffectKind::resumed);
  log.on(2).open(400);
  const Observed seen = observed(log);
  ASSERT_EQ(seen[0].quiet.size(), 1u);
  EXPECT_EQ(seen[0].quiet[0].until, 300 * ms);
  EXPECT_TRUE(seen[1].quiet.empty());
}

TEST(View, TheEndOfARefusalEndsNoSilence) {
  const Observed seen = observed(Log().open(0).silence(100).refused(110).served(200));
  EXPECT_EQ(seen[1].quiet.at(0).until, std::nullopt);
  EXPECT_EQ(seen.view.refused.at(0).until, 200 * ms);
}

TEST(View, AFrozenPeerIsSilentToOldAndNewConnections) {
  Log log = Log().open(0).process(100, ProcessChange::frozen, "upstream");
  log.on(2).connect(150).process(400, ProcessChange::thawed, "upstream");
  const Observed seen = observed(log);
  for (const Leg& connection : seen.view.connections()) {
    ASSERT_EQ(connection.quiet.size(), 1u);
    EXPECT_EQ(connection.quiet[0].until, 400 * ms);
  }
  EXPECT_TRUE(seen.view.process.frozen.empty()) << "it is not the party that stood still";
}

TEST(View, FrozenTimeDoesNotCount) {
  const Observed seen =
      observed(Log().open(0).process(100, ProcessChange::frozen).process(400, ProcessChange::thawed));
  EXPECT_EQ(seen.view.process.running(0, 1000 * ms), std::chrono::milliseconds(700));
  EXPECT_EQ(seen.view.process.running(200 * ms, 300 * ms), Duration(0));
  EXPECT_EQ(seen.view.process.after(50 * ms, std::chrono::milliseconds(100), 1000 * ms), 450 * ms);
  EXPECT_EQ(seen.view.process.after(50 * ms, std::chrono::milliseconds(20), 1000 * ms), 70 * ms)
      << "over before it froze";
  EXPECT_EQ(seen.view.process.after(500 * ms, std::chrono::milliseconds(20), 1000 * ms), 520 * ms);
}

TEST(View, EndsWithTheRun) {
  Log log = Log().open(0);
  log.add(500, {}, record::RunEnded{}).reset(510);
  EXPECT_FALSE(observed(log)[0].ended);
}

}  // namespace
}  // namespace wsfault::trace::test
