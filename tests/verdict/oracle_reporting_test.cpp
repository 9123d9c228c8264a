// Who is held to what: undeclared limits, ways of reporting, dialects, timeout_scale, and which connection
// decides.
#include <gtest/gtest.h>

#include "verdict/oracle_log.hpp"

namespace wsfault::verdict::test {
namespace {

// --- limits that are not declared

/// The same system, which says that it has no such limit.
Case without(Case scenario, const std::string& trait) {
  scenario.system.traits.values.insert_or_assign(trait, Value("none"));
  return scenario;
}

// What is not declared is not claimed: it is undecided, with the option that would decide it.
TEST(UndeclaredLimit, SilenceForEverIsUndecided) {
  const Finding finding = judge_log(case_without_traits(), Log().open(0).silence(100), 5200);
  EXPECT_EQ(finding.state, State::inconclusive);
  EXPECT_EQ(finding.seen,
            "it did not notice in 5s, and its heartbeat and heartbeat timeout are not declared: it reported no end; "
            "on the wire: neither a Close nor an end of TCP from it");
  EXPECT_EQ(finding.cause, "");
  EXPECT_EQ(finding.remedy,
            "Declare it: --set heartbeat=20s --set heartbeat_timeout=20s, or --set heartbeat=none if there is none.");
}

TEST(UndeclaredLimit, ThatIsSaidNotToBeThereFails) {
  const Finding finding =
      judge_log(without(case_without_traits(), "heartbeat"), Log().open(0).silence(100), 5200);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_EQ(finding.seen, "it did not notice: it reported no end; on the wire: neither a Close nor an end of TCP from it");
  EXPECT_EQ(finding.why, Cause::no_heartbeat);
}

TEST(UndeclaredLimit, IsWaitedForAsLongAsOneSays) {
  Case scenario = case_without_traits();
  scenario.wait = std::chrono::seconds(20);
  EXPECT_EQ(judge_log(scenario, Log().open(0).silence(100), 20000).state, State::pending);
  EXPECT_EQ(judge_log(scenario, Log().open(0).silence(100), 20200).state, State::inconclusive);
}

TEST(UndeclaredLimit, IsWaitedForFiveSeconds) {
  const Finding finding = judge_log(case_without_traits(), Log().open(0).silence(100), 5000);
  EXPECT_EQ(finding.state, State::pending);
  EXPECT_EQ(finding.look_again, 5100 * ms + 1);
}

TEST(UndeclaredLimit, MayFireAtAnyTimeUntilThen) {
  EXPECT_EQ(judge_log(case_without_traits(),
                      Log().open(0).silence(100).reports_close(150, 1006).client_fin(150), 200)
                .state,
            State::holds);
  EXPECT_EQ(judge_log(case_without_traits(),
                      Log().open(0).silence(100).reports_close(5000, 1006).client_fin(5000), 5010)
                .state,
            State::holds);
}

TEST(UndeclaredLimit, OfTheHandshakeIsNamed) {
  EXPECT_EQ(judge_log(case_without_traits(), Log().connect(0), 5100).state, State::inconclusive);
  const Finding finding =
      judge_log(without(case_without_traits(), "handshake_limit"), Log().connect(0), 5100);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_EQ(finding.why, Cause::no_handshake_limit);
}

TEST(UndeclaredLimit, OfTheClosingHandshakeIsNamed) {
  const Log log = Log().open(0).server_close(100, 1001).client_close(101, 1001).reports_close(102, 1001);
  EXPECT_EQ(judge_log(case_without_traits(), log, 5200).state, State::inconclusive);
  const Finding finding = judge_log(without(case_without_traits(), "close_limit"), log, 5200);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_EQ(finding.why, Cause::no_close_limit);
}

TEST(Patience, ScalesUpperBoundsAndNeverLowerOnes) {
  Case scenario = client_case();
  scenario.timeout_scale = 4;
  EXPECT_EQ(judge_log(scenario, Log().open(0).fin(100).reports_close(4000, 1006).client_fin(4000), 4010).state, State::holds);
  EXPECT_EQ(judge_log(scenario, Log().open(0).fin(100).reports_close(4200, 1006), 4210).state,
            State::violated);
  EXPECT_EQ(judge_log(scenario, Log().connect(0).reports_error(790), 800).state, State::violated)
      << "0.8 of 1 s";
  EXPECT_EQ(judge_log(scenario, Log().connect(0).reports_error(810), 820).state, State::holds);
}

// --- ways of reporting

TEST(WireOnly, ItsEndIsNotice) {
  const Finding finding = judge_log(wire_only_case(), Log().silently_open(0).fin(100).client_fin(105), 110);
  EXPECT_EQ(finding.state, State::holds);
  EXPECT_EQ(finding.seen, "it does not report; on the wire: FIN from it after 5ms");
}

TEST(WireOnly, ItsNextAttemptIsNotice) {
  EXPECT_EQ(
      judge_log(wire_only_case(), Log().silently_open(0).reset(100).on(2).silently_open(400), 500).state,
      State::holds);
  EXPECT_EQ(
      judge_log(wire_only_case(), Log().silently_open(0).reset(100).on(2).silently_open(3400), 3500).state,
      State::holds)
      << "it shows that the client noticed, not when";
}

TEST(WireOnly, ItsExitIsNoticeButNoRightWayToTakeIt) {
  const Finding finding = judge_log(
      wire_only_case(), Log().silently_open(0).reset(100).process(150, record::ProcessChange::exited), 200);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_EQ(finding.why, Cause::gives_up) << "it had lost its connection, and ended without an error";
  EXPECT_EQ(finding.seen, "its process ended with exit code 0, and nobody had told it to; it printed nothing that is no report");
  const Log unbroken = Log().silently_open(0).client_fin(149).process(150, record::ProcessChange::exited);
  EXPECT_EQ(judge_log(wire_only_case(), unbroken, 200).why, Cause::client_died) << "nothing had broken its connection";
}

// TCP that is open behind a limit that was declared says enough.
TEST(WireOnly, TcpThatStaysOpenBehindADeclaredLimitFails) {
  const Finding finding = judge_log(wire_only_case(), Log().silently_open(0).silence(100), 5000);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_EQ(finding.seen, "TCP is still open: it does not report; on the wire: neither a Close nor an end of TCP from it");
}

TEST(WireOnly, AWireThatShowsNothingAtAllIsInconclusive) {
  EXPECT_EQ(judge_log(wire_only_case(), Log().silently_open(0).reset(100), 1200).state, State::inconclusive);
  EXPECT_EQ(judge_log(wire_only_case(), Log().refused(0), 6000).state, State::inconclusive);
}

TEST(WireOnly, ALateEndIsStillLate) {
  EXPECT_EQ(judge_log(wire_only_case(), Log().silently_open(0).silence(100).client_fin(3500), 3510).state,
            State::violated);
}

TEST(WireOnly, ItsAnswerToACloseTellsWhatItThoughtOfIt) {
  const Log log =
      Log().silently_open(0).server_close(100, 1014).client_close(101, 1002).fin(102).client_fin(103);
  EXPECT_EQ(judge_log(wire_only_case(), log, 110).state, State::violated);
  Case scenario = wire_only_case();
  scenario.system.dialect.refuses_codes = {1014};
  const Finding finding = judge_log(scenario, log, 110);
  EXPECT_EQ(finding.state, State::warned);
  EXPECT_NE(finding.seen.find("1014 was sent, the client's library does not know it"), std::string::npos);
}

TEST(Automatic, IsHeldToReportsOnceOneWasSeen) {
  Case scenario = client_case();
  scenario.system.report = model::ReportMode::automatic;
  EXPECT_EQ(judge_log(scenario, Log().silently_open(0).fin(100).client_fin(105), 1300).state, State::holds);
  const Finding finding = judge_log(scenario, Log().open(0).fin(100).client_fin(105), 1300);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_NE(finding.seen.find("the end was not reported"), std::string::npos);
}

TEST(Patterns, PromiseOnlyWhatTheyMatch) {
  Case scenario = client_case();
  scenario.system.report = model::ReportMode::patterns;
  EXPECT_EQ(judge_log(scenario, Log().silently_open(0).fin(100).client_fin(105), 1300).state, State::holds)
      << "nothing is promised";
  scenario.system.patterns.emplace("close", *Regex::compile("closed: (?P<code>\\d+)"));
  EXPECT_EQ(judge_log(scenario, Log().silently_open(0).fin(100).client_fin(105), 1300).state,
            State::violated);
  EXPECT_EQ(judge_log(scenario, Log().silently_open(0).fin(100).reports_close(110, 1006).client_fin(110), 1300).state,
            State::holds);
}

// --- dialects

TEST(Dialect, AHiddenStatusIsNoMatter) {
  Case scenario = client_case();
  const Log log = Log().connect(0).answer(5, 503).reports_close(10, 1006);
  EXPECT_EQ(judge_log(scenario, log, 20).state, State::warned);
  scenario.system.dialect.hides_status = true;
  EXPECT_EQ(judge_log(scenario, log, 20).state, State::holds);
}

TEST(Dialect, ACodeThatTheLibraryRefusesIsAFindingOfItsOwn) {
  Case scenario = client_case();
  const Log log =
      Log().open(0).server_close(100, 1014).client_close(101, 1002).fin(102).reports_close(103, 1002).client_fin(104);
  const Finding unknown = judge_log(scenario, log, 110);
  EXPECT_EQ(unknown.state, State::violated);
  EXPECT_NE(unknown.remedy.find("dialect.refuses_codes"), std::string::npos);
  scenario.system.dialect.refuses_codes = {1014};
  const Finding known = judge_log(scenario, log, 110);
  EXPECT_EQ(known.state, State::warned);
  EXPECT_EQ(known.seen.find("1014 was sent, the client's library does not know it"), 0u);
}

TEST(Dialect, ARedirectMayBeFollowedWithoutAWord) {
  Case scenario = client_case();
  scenario.system.dialect.follows_redirects = true;
  const Log log = Log()
                      .connect(0)
                      .answer(5, 302)
                      .client_fin(6)
                      .on(2)
                      .connect(8, "/there")
                      .answer(9, 101)
                      .reports(9, "open");
  EXPECT_EQ(judge_log(scenario, log, 20).state, State::holds);
  scenario.system.dialect.follows_redirects = false;
  EXPECT_EQ(judge_log(scenario, log, 1100).state, State::violated);
}

// --- which connection, which scenario

TEST(Oracle, LetsTheFirstBrokenConnectionDecide) {
  Log log = Log().open(0).fin(100).reports_close(110, 1006).client_fin(110);
  log.on(2).open(300).fin(400);
  EXPECT_EQ(judge_log(client_case(), log, 500).state, State::holds)
      << "the second is pending, and not waited for";
  EXPECT_EQ(judge_log(client_case(), log, 500, true).state, State::holds);
}

TEST(Oracle, FindsWhatIsWrongWithLaterConnections) {
  Log log = Log().open(0).fin(100).reports_close(110, 1006);
  log.on(2).open(300).reports_close(400, 1000);
  const Finding finding = judge_log(client_case(), log, 500);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_EQ(finding.connection, 2);
}

TEST(Oracle, IsReplacedByAnExplicitOutcomeOfTheParty) {
  Case scenario = client_case();
  const Log log = Log().open(0).fin(100).reports_close(110, 1000);
  scenario.expectations.push_back(expects(R"(close = "any")"));
  EXPECT_TRUE(judge_appropriate(scenario, *trace::Trace::of(log.events), 200 * ms, false).empty());
  scenario.expectations.back().never = true;
  EXPECT_EQ(judge_log(scenario, log, 200).state, State::violated) << "`never` states no outcome";
  scenario.expectations.back() = expects(R"(close = "any")", "upstream");
  EXPECT_EQ(judge_log(scenario, log, 200).state, State::violated) << "another party's";
  scenario.expectations.back() = expects("reconnect = true");
  EXPECT_EQ(judge_log(scenario, log, 200).state, State::violated);
}

TEST(Oracle, IsSilencedByTheScenario) {
  Case scenario = client_case();
  scenario.appropriate = false;
  EXPECT_TRUE(
      judge_appropriate(scenario, *trace::Trace::of(Log().open(0).fin(100).events), 9000 * ms, true).empty());
}

TEST(Oracle, DecidesWhatIsBegunWhenTheRunIsOver) {
  EXPECT_EQ(judge_log(client_case(), Log().open(0).fin(100), 500, true).state, State::violated);
  EXPECT_EQ(judge_log(client_case(), Log().open(0).ping(300), 310, true).state, State::holds)
      << "a ping under way when the run ends breaks nothing";
  EXPECT_EQ(judge_log(client_case(), Log().connect(300), 310, true).state, State::holds);
}

TEST(Oracle, WaitsForAFirstConnection) {
  EXPECT_EQ(judge_log(client_case(), Log(), 100).state, State::pending);
  EXPECT_EQ(judge_log(client_case(), Log(), 100, true).state, State::inconclusive);
}

TEST(Oracle, PassesOverWhatTheRunnerDoesAtTheEnd) {
  Log log = Log().open(0);
  log.add(500, {}, record::RunEnded{}).reset(510).client_fin(520);
  EXPECT_EQ(judge_log(client_case(), log, 520, true).state, State::holds);
}

// Also where nobody listens, so that the second might be of a refused attempt, and whatever is expected of the end.
TEST(Oracle, AnEndThatIsReportedTwiceFails) {
  Log log = Log().open(0).fin(100).refused(101).reports_close(102, 1006).reports_close(103, 1006);
  EXPECT_EQ(judge_log(client_case(), log, 1000, true).why, verdict::Cause::end_reported_twice);
  Case scenario = client_case();
  scenario.expectations.push_back(expects("close = 1006"));
  EXPECT_EQ(judge_log(scenario, log, 1000, true).why, verdict::Cause::end_reported_twice);
  log = Log().open(0).fin(100).refused(101).reports_close(102, 1006);
  log.add(150, {"link", "sut", 0}, record::AttemptRefused{}).reports_close(151, 1006);
  EXPECT_NE(judge_log(client_case(), log, 1000, true).why, verdict::Cause::end_reported_twice) << "it tried again";
}

TEST(Oracle, AnEndWith1006IsNeverClean) {
  const Log log = Log().open(0).server_close(100, 1011).reset(101).reports_close(102, 1006, true);
  EXPECT_EQ(judge_log(client_case(), log, 1200).why, verdict::Cause::close_misreported);
}

// --- what a client owes whatever it reports

/// RFC 6455 5.5.1: a Close is answered with a Close, unless the connection is gone.
TEST(OracleClose, IsAnswered) {
  const Log came = Log().open(0).server_close(100, 1001);
  Finding finding = judge_log(client_case(), Log(came).client_fin(101).reports_close(101, 1001), 1200);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_NE(finding.seen.find("it answered no Close"), std::string::npos) << finding.seen;
  finding = judge_log(client_case(), Log(came).client_fin(101).reports_close(101, 1001, true), 1200);
  EXPECT_EQ(finding.why, verdict::Cause::no_close_reply) << "that it also calls the end clean comes of that";
  const Log answered = Log(came).client_close(101, 1001).fin(102).client_fin(103).reports_close(103, 1001, true);
  EXPECT_EQ(judge_log(client_case(), answered, 1200).state, State::holds);
  EXPECT_EQ(judge_log(client_case(), Log(came).reset(101).reports_close(102, 1001), 1200).state, State::holds);
}

/// RFC 6455 4.1: the client waits for the answer to its handshake.
TEST(OracleHandshake, NothingIsSentBeforeItsAnswer) {
  const Log early = Log().connect(0).client(1, Log::opcode(1)).answer(2, 101).reports(2, "open");
  const Finding finding = judge_log(client_case(), early, 100);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_EQ(finding.seen, "it sent one before any answer had reached it");
}

/// Whoever tells messages as they came may not tell one that did not come.
TEST(OracleMessages, ThatNeverCameAreNotDelivered) {
  const auto told = [](std::string second) {
    return Log().open(0).message(10, "one").reports(11, "message", "one").message(20, "two").reports(21, "message", second)
        .server_close(100, 1001).client_close(101, 1001).fin(102).client_fin(103).reports_close(103, 1001);
  };
  EXPECT_EQ(judge_log(client_case(), told("two"), 1200).state, State::holds);
  const Finding finding = judge_log(client_case(), told("99"), 1200);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_NE(finding.seen.find("a message that never came"), std::string::npos) << finding.seen;
  // What is told in other words than those of the wire cannot be compared.
  const Log other = Log().open(0).message(10, "{\"text\":\"one\"}").reports(11, "message", "one")
                        .server_close(100, 1001).client_close(101, 1001).fin(102).client_fin(103).reports_close(103, 1001);
  EXPECT_EQ(judge_log(client_case(), other, 1200).state, State::holds);
}

}  // namespace
}  // namespace wsfault::verdict::test
