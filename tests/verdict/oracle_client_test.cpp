// The client column of docs/verdicts.md, row by row: what passes, what passes with a warning, what fails.
#include <gtest/gtest.h>

#include <functional>
#include <ostream>

#include "verdict/oracle_log.hpp"

namespace wsfault::verdict::test {
namespace {

constexpr auto holds = State::holds;
constexpr auto warned = State::warned;
constexpr auto violated = State::violated;
constexpr auto pending = State::pending;
using record::AttemptChange;

struct Row {
  std::string name;
  Log log;
  int now;  // ms
  State state;
  std::string says;  // is in `seen` or in the cause
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class ClientColumn : public testing::TestWithParam<Row> {};

TEST_P(ClientColumn, IsJudged) {
  const Row& row = GetParam();
  const Finding finding = judge_log(client_case(), row.log, row.now);
  EXPECT_EQ(finding.state, row.state) << finding.expected << "\n" << finding.seen << "\n" << finding.cause;
  EXPECT_NE((finding.seen + "|" + finding.cause).find(row.says), std::string::npos)
      << finding.seen << finding.cause;
  if (finding.state == violated || finding.state == warned) {
    EXPECT_FALSE(finding.cause.empty());
    EXPECT_FALSE(finding.remedy.empty());
  }
  if (finding.state == pending) {
    EXPECT_GT(finding.look_again, row.now * ms);
  }
}

std::string test_name(const testing::TestParamInfo<Row>& info) { return info.param.name; }

// --- before the 101

INSTANTIATE_TEST_SUITE_P(
    Before101, ClientColumn,
    testing::Values(
        // TCP not established: handshake failure.
        Row{"refused_reports_error", Log().refused(0).reports_error(50), 100, holds, "an error"},
        Row{"refused_reports_1006", Log().refused(0).reports_close(50, 1006), 100, holds, "1006"},
        Row{"refused_reports_1000", Log().refused(0).reports_close(50, 1000), 100, violated, "1000"},
        Row{"refused_reports_nothing", Log().refused(0).on(0).link(50, record::AttemptRefused{}).on(1), 5100, violated,
            "not reported"},
        Row{"refused_and_not_seen_to_try", Log().refused(0), 5100, State::inconclusive, "no attempt of it"},
        Row{"refused_not_yet", Log().refused(0), 100, pending, ""},
        // TCP not established, no answer: handshake failure in handshake_limit (1 s).
        Row{"dark_reports_error", Log().dark(0).reports_error(1000), 1010, holds, "an error"},
        Row{"dark_reports_1006", Log().dark(0).reports_close(1000, 1006), 1010, holds, "1006"},
        Row{"dark_reports_1000", Log().dark(0).reports_close(1000, 1000), 1010, violated, "1000"},
        Row{"dark_not_yet", Log().dark(0), 1900, pending, ""},
        Row{"dark_reports_nothing", Log().dark(0), 2100, violated, "The party does not limit the handshake"},
        Row{"dark_is_over_and_it_connects", Log().dark(0).served(700).open(1010), 1100, holds, ""},
        Row{"unanswered_not_yet", Log().dark(0).attempt(100, AttemptChange::began), 1900, pending, ""},
        Row{"unanswered_given_up",
            Log()
                .dark(0)
                .attempt(100, AttemptChange::began)
                .attempt(1100, AttemptChange::over)
                .reports_error(1101),
            1200, holds, "an error"},
        Row{"unanswered_given_up_late",
            Log().dark(0).attempt(100, AttemptChange::began).attempt(3100, AttemptChange::over), 3200,
            violated, "too late"},
        Row{"unanswered_without_end", Log().dark(0).attempt(100, AttemptChange::began), 2200, violated,
            "it has been connecting for 2.1s|The party does not limit the handshake"},
        Row{"unanswered_and_connected_long_after",
            Log()
                .dark(0)
                .attempt(100, AttemptChange::began)
                .served(2500)
                .attempt(3100, AttemptChange::answered)
                .open(3110),
            3200, violated, "it was connected after 3s|The party does not limit the handshake"},
        Row{"unanswered_and_connected_in_time",
            Log()
                .dark(0)
                .attempt(100, AttemptChange::began)
                .served(700)
                .attempt(1100, AttemptChange::answered)
                .open(1110),
            1200, holds, ""},
        // Some of its addresses answer: a client that tries all of them need not report the others.
        Row{"dark_at_one_address_and_reported",
            Log().dark_at(0, 1).reports_error(1000).reports_close(1001, 1006), 1010, holds, ""},
        Row{"dark_at_one_address_and_connects_at_another",
            Log()
                .dark_at(0, 1)
                .attempt_at(100, AttemptChange::began, 1)
                .attempt_at(1100, AttemptChange::over, 1)
                .open(1110),
            1200, holds, ""},
        Row{"dark_at_one_address_for_which_it_waits",
            Log().dark_at(0, 1).attempt_at(100, AttemptChange::began, 1), 2200, violated,
            "it has been connecting for 2.1s|The party does not limit the handshake"},
        // Connected, no or half an answer, then FIN or RST: handshake failure, at once.
        Row{"fin_reports_error", Log().connect(0).fin(10).reports_error(15), 20, holds, "an error"},
        Row{"half_a_head_then_fin",
            Log()
                .connect(0)
                .link(10, record::NotHttp{Tap::arrived, Side::server, "HTTP/1.1 10"})
                .fin(10, "head")
                .reports_close(15, 1006),
            20, holds, "1006"},
        Row{"reset_reports_1006", Log().connect(0).reset(10).reports_close(15, 1006), 20, holds, "1006"},
        Row{"reset_reports_1011", Log().connect(0).reset(10).reports_close(15, 1011), 20, violated, "1011"},
        Row{"fin_unnoticed", Log().connect(0).fin(10), 1100, violated, "did not notice"},
        Row{"fin_noticed_late", Log().connect(0).fin(10).reports_error(3010), 3020, violated, "too late"},
        // Connected, silence: handshake failure in handshake_limit (1 s).
        Row{"silence_given_up_in_time",
            Log().connect(0).effect(0, record::LinkEffectKind::no_answer).reports_error(1000), 1010, holds,
            "an error"},
        Row{"silence_of_a_real_server", Log().connect(0).reports_error(1000), 1010, holds, "an error"},
        Row{"silence_given_up_too_early", Log().connect(0).reports_error(700), 710, violated, "limit"},
        Row{"silence_given_up_too_late", Log().connect(0).reports_error(2100), 2110, violated, "too late"},
        Row{"silence_not_given_up", Log().connect(0), 2100, violated, "did not notice"},
        Row{"silence_so_far", Log().connect(0), 900, pending, ""},
        // TLS failure: handshake failure; 1006 or 1015 or no code.
        Row{"bad_certificate_refused",
            Log().connect(0).effect(0, record::LinkEffectKind::tls_failure).reports_error(20), 30, holds,
            "an error"},
        Row{"bad_certificate_1015",
            Log().connect(0).effect(0, record::LinkEffectKind::tls_failure).reports_close(20, 1015), 30,
            holds, "1015"},
        Row{"bad_certificate_taken",
            Log()
                .connect(0)
                .effect(0, record::LinkEffectKind::tls_failure)
                .answer(10, 101)
                .reports(11, "open"),
            1100, violated, "certificate"},
        // Answered, not 101: handshake failure, status visible.
        Row{"status_401_in_its_field", Log().connect(0).answer(5, 401).reports_error(10, "no", 401), 20,
            holds, ""},
        Row{"status_503_in_words", Log().connect(0).answer(5, 503).reports_error(10, "server said 503"), 20,
            holds, ""},
        Row{"status_not_visible", Log().connect(0).answer(5, 404).reports_error(10, "failed"), 20, warned,
            "status"},
        Row{"status_wrong", Log().connect(0).answer(5, 404).reports_error(10, "x", 500), 20, violated, "404"},
        Row{"status_unnoticed", Log().connect(0).answer(5, 200), 1100, violated, "did not notice"},
        Row{"status_opened", Log().connect(0).answer(5, 200).reports(6, "open"), 20, violated,
            "took the connection for open"},
        // 101, but invalid: handshake failure, and the connection ends; open fails.
        Row{"bad_101_refused", Log().connect(0).bad_101(5).reports_error(6).client_fin(7), 20, holds, ""},
        Row{"bad_101_stays_connected", Log().connect(0).bad_101(5).reports_error(6), 1100, violated,
            "stays connected"},
        Row{"bad_101_opened", Log().connect(0).bad_101(5).reports(6, "open"), 20, violated,
            "took the connection for open"},
        Row{"bad_101_sends_frames", Log().connect(0).bad_101(5).client(8, Log::opcode(1)), 20, violated,
            "took the connection for open"},
        // Not HTTP at all: handshake failure.
        Row{"garbage_refused", Log().connect(0).garbage(5).reports_error(8).client_fin(8), 20, holds, ""},
        Row{"garbage_at_the_handshake_limit", Log().connect(0).garbage(5).reports_error(1500), 1510, warned,
            "handshake limit"},
        Row{"garbage_unnoticed", Log().connect(0).garbage(5), 2100, violated, "did not notice"},
        Row{"garbage_opened", Log().connect(0).garbage(5).reports(6, "open"), 20, violated,
            "took the connection for open"},
        // No answer at all: it has nothing that it could have checked.
        Row{"unanswered_opened", Log().connect(0).reports(6, "open"), 20, violated,
            "on which no answer has come"},
        Row{"fin_opened", Log().connect(0).fin(10).reports(11, "open"), 20, violated,
            "on which no answer has come"},
        // A 1xx before the 101: opens.
        Row{"interim_opened", Log().connect(0).answer(5, 103).reports(6, "open"), 20, violated,
            "does not check the answer"},
        Row{"interim_then_open", Log().connect(0).answer(5, 103).answer(6, 101).reports(7, "open"), 20, holds,
            "nothing broke"},
        Row{"interim_taken_for_the_answer", Log().connect(0).answer(5, 103).reports_error(6), 20, violated,
            "before its limit"}),
    test_name);

/// Whatever it does: there was no answer that it could have left unchecked.
TEST(Unanswered, IsNoUncheckedHandshake) {
  using Part = std::function<void(Log&)>;
  const Part ends[] = {[](Log&) {}, [](Log& log) { log.fin(10); }, [](Log& log) { log.reset(10); },
                       [](Log& log) { log.silence(1); },
                       [](Log& log) { log.effect(1, record::LinkEffectKind::no_answer); }};
  const Part deeds[] = {[](Log&) {},
                        [](Log& log) { log.reports(20, "open"); },
                        [](Log& log) { log.reports(20, "open").reports_close(30, 1000); },
                        [](Log& log) { log.reports(20, "open").reports_error(30); },
                        [](Log& log) { log.client(20, Log::opcode(1)); },
                        [](Log& log) { log.reports(20, "open").client(25, Log::opcode(1)).client_fin(30); },
                        [](Log& log) { log.client_close(20, 1000); },
                        [](Log& log) { log.client_fin(20); }};
  std::size_t violations = 0;
  for (const Part& end : ends) {
    for (const Part& deed : deeds) {
      for (const int now : {40, 6000}) {
        Log log;
        log.connect(0);
        end(log);
        deed(log);
        const Finding finding = judge_log(client_case(), log, now);
        EXPECT_NE(finding.why, Cause::handshake_unchecked) << finding.seen << "\n" << finding.cause;
        if (finding.state == violated) ++violations;
      }
    }
  }
  EXPECT_GT(violations, 30U);
}

// --- open

INSTANTIATE_TEST_SUITE_P(
    EndsWithoutClose, ClientColumn,
    testing::Values(
        Row{"fin_1006", Log().open(0).fin(100).reports_close(110, 1006, false).client_fin(110), 120, holds, "1006"},
        Row{"fin_1006_and_its_half_kept", Log().open(0).fin(100).reports_close(110, 1006, false), 120, pending, "1006"},
        Row{"fin_1006_and_its_half_kept_too_long", Log().open(0).fin(100).reports_close(110, 1006, false), 9000, violated,
            "keeps TCP open"},
        Row{"fin_1006_then_reset", Log().open(0).fin(100).reset(105).reports_close(110, 1006, false), 120, holds, "1006"},
        Row{"reset_1006", Log().open(0).reset(100).reports_close(110, 1006), 120, holds, "1006"},
        Row{"reset_inside_a_frame",
            Log().open(0).reset(100, "frame").violation(100, "truncated-frame").reports_close(110, 1006), 120,
            holds, "1006"},
        Row{"reset_1000", Log().open(0).reset(100).reports_close(112, 1000, true), 120, violated,
            "it reported 1000, clean after 12ms"},
        Row{"reset_1014", Log().open(0).reset(100).reports_close(112, 1014), 120, violated,
            "reports another code"},
        Row{"fin_late", Log().open(0).fin(100).reports_close(3100, 1006), 3110, violated, "too late"},
        Row{"fin_not_yet", Log().open(0).fin(100), 900, pending, ""},
        Row{"fin_never", Log().open(0).fin(100), 1200, violated, "did not notice"},
        Row{"fin_error_but_no_close", Log().open(0).fin(100).reports_error(110), 1300, violated,
            "did not notice"},
        Row{"fin_ended_but_unreported", Log().open(0).fin(100).client_fin(105), 1300, violated,
            "not reported"},
        Row{"reported_twice", Log().open(0).fin(100).reports_close(110, 1006).reports_close(111, 1006), 120,
            violated, "1 end"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    Silence, ClientColumn,
    testing::Values(
        Row{"found_by_heartbeat",
            Log().open(0).silence(100).ping(300).client_close(500, 1011).reports_close(501, 1006).client_fin(
                502),
            520, holds, "1006"},
        Row{"reports_the_code_it_sent",
            Log().open(0).silence(100).ping(300).client_close(500, 1011).reports_close(501, 1011).client_fin(
                502),
            520, holds, "1011"},
        Row{"reports_another_code",
            Log().open(0).silence(100).ping(300).client_close(500, 1011).reports_close(501, 1000).client_fin(
                502),
            520, violated, "1000"},
        Row{"never_noticed", Log().open(0).silence(100).ping(300), 1700, violated, "did not notice"},
        Row{"noticed_late", Log().open(0).silence(100).reports_close(3500, 1006).client_fin(3500), 3510,
            violated, "too late"},
        Row{"noticed_too_early",
            Log().open(0).message(90, "a").silence(100).reports_close(150, 1006).client_fin(150), 160,
            violated, "before"},
        Row{"a_ping_was_under_way_when_it_began",
            Log().open(0).message(90, "a").ping(95).silence(96).reports_close(295, 1006).client_fin(295), 300,
            holds, ""},
        Row{"a_ping_was_under_way_and_other_things_arrived",
            Log().open(0).ping(50).message(90, "a").silence(100).reports_close(240, 1006).client_fin(240),
            250, holds, ""},
        Row{"not_yet", Log().open(0).silence(100), 500, pending, ""},
        Row{"its_close_never_ends",
            Log().open(0).silence(100).ping(300).client_close(500, 1011).reports_close(501, 1006), 2100,
            violated, "did not end TCP"},
        Row{"waits_for_a_close_then_reports",
            Log()
                .open(0)
                .silence(100)
                .ping(300)
                .client_close(500, 1011)
                .reports_close(1000, 1006)
                .client_fin(1000),
            1010, holds, ""},
        Row{"pings_unanswered_by_a_real_server",
            Log().open(0).ping(300).reports_close(500, 1006).client_fin(500), 510, holds, ""},
        Row{"server_frozen",
            Log()
                .open(0)
                .process(100, record::ProcessChange::frozen, "upstream")
                .ping(300)
                .reports_close(500, 1006)
                .client_fin(500),
            510, holds, "1006"},
        Row{"server_frozen_unnoticed", Log().open(0).process(100, record::ProcessChange::frozen, "upstream"),
            1700, violated, "did not notice"},
        Row{"then_reset_is_what_counts", Log().open(0).silence(100).reset(2000).reports_close(2010, 1006),
            2020, holds, ""},
        Row{"over_before_it_was_found",
            Log().open(0).silence(100).effect(200, record::LinkEffectKind::resumed).message(210, "a"), 3000,
            holds, "nothing broke"},
        Row{"over_but_it_gave_up",
            Log()
                .open(0)
                .silence(100)
                .ping(150)
                .effect(330, record::LinkEffectKind::resumed)
                .reports_close(350, 1006)
                .client_fin(350),
            400, holds, ""}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    Closes, ClientColumn,
    testing::Values(
        Row{"whole",
            Log()
                .open(0)
                .server_close(100, 1011)
                .client_close(101, 1011)
                .fin(102)
                .reports_close(103, 1011, true)
                .client_fin(105),
            110, holds, "1011"},
        Row{"code_changed",
            Log().open(0).server_close(100, 1001).client_close(101, 1001).fin(102).reports_close(103, 1000,
                                                                                                 true),
            110, violated, "1000"},
        Row{"unreported", Log().open(0).server_close(100, 1001).client_close(101, 1001).fin(102), 2200,
            violated, "not reported"},
        Row{"unnoticed", Log().open(0).server_close(100, 1001), 1200, violated, "did not notice"},
        Row{"then_reset_code", Log().open(0).server_close(100, 1001).reset(100).reports_close(103, 1001), 110,
            holds, ""},
        Row{"then_reset_1006", Log().open(0).server_close(100, 1001).reset(100).reports_close(103, 1006), 110,
            holds, ""},
        Row{"then_reset_1000", Log().open(0).server_close(100, 1001).reset(100).reports_close(103, 1000), 110,
            violated, "1000"},
        Row{"whole_1006", Log().open(0).server_close(100, 1001).fin(101).reports_close(103, 1006), 110,
            violated, "refused the legal close code"},
        Row{"empty",
            Log().open(0).server_close_empty(100).fin(101).reports_close(102, 1005, true).client_fin(105),
            110, holds, "1005"},
        Row{"empty_1000", Log().open(0).server_close_empty(100).fin(101).reports_close(102, 1000), 110,
            violated, "1000"},
        Row{"carries_1006_refused",
            Log()
                .open(0)
                .server_close(100, 1006)
                .client_close(101, 1002)
                .fin(102)
                .reports_close(103, 1006, false)
                .client_fin(105),
            110, holds, ""},
        Row{"carries_1015_as_1002",
            Log().open(0).server_close(100, 1015).fin(102).reports_close(103, 1002).client_fin(105), 110,
            holds, ""},
        Row{"carries_1006_taken",
            Log().open(0).server_close(100, 1006).client_close(101, 1006).fin(102).reports_close(103, 1006,
                                                                                                 true),
            110, violated, "never received"},
        Row{"carries_1005_taken",
            Log().open(0).server_close(100, 1005).fin(102).reports_close(103, 1005, true), 110, violated,
            "never received"},
        Row{"carries_999_refused",
            Log().open(0).server_close(100, 999).fin(102).reports_close(103, 1002).client_fin(105), 110,
            holds, ""},
        Row{"carries_999_taken",
            Log().open(0).server_close(100, 999).fin(102).reports_close(103, 999).client_fin(105), 110,
            warned, "as it came"},
        Row{"carries_5000_as_1000", Log().open(0).server_close(100, 5000).fin(102).reports_close(103, 1000),
            110, violated, "1000"},
        Row{"one_byte_1007",
            Log().open(0).server_close_of_one_byte(100).fin(102).reports_close(103, 1007).client_fin(105),
            110, holds, ""},
        Row{"one_byte_1005", Log().open(0).server_close_of_one_byte(100).fin(102).reports_close(103, 1005),
            110, violated, "1005"},
        Row{"bad_reason_1006",
            Log().open(0).server_close(100, 1000, "\xff").fin(102).reports_close(103, 1006).client_fin(105),
            110, holds, ""},
        Row{"bad_reason_taken",
            Log().open(0).server_close(100, 1000, "\xff").fin(102).reports_close(103, 1000), 110, violated,
            "1000"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    IllegalFrames, ClientColumn,
    testing::Values(
        Row{"refused_with_1002",
            Log()
                .open(0)
                .illegal(100, "reserved-opcode", 3)
                .client_close(101, 1002)
                .reports_close(102, 1006)
                .client_fin(103),
            110, holds, "1002"},
        Row{"reports_the_code_it_sent",
            Log()
                .open(0)
                .illegal(100, "reserved-bits")
                .client_close(101, 1002)
                .reports_close(102, 1002)
                .client_fin(103),
            110, holds, ""},
        Row{"bad_utf8_with_1007",
            Log()
                .open(0)
                .illegal(100, "bad-utf8")
                .client_close(101, 1007)
                .reports_close(102, 1007)
                .client_fin(103),
            110, holds, ""},
        Row{"mask_with_1007",
            Log()
                .open(0)
                .illegal(100, "masked-server-frame")
                .client_close(101, 1007)
                .reports_close(102, 1006)
                .client_fin(103),
            110, violated, "1007"},
        Row{"too_large_with_1009",
            Log()
                .open(0)
                .illegal(100, "length-overflow")
                .client_close(101, 1009)
                .reports_close(102, 1009)
                .client_fin(103),
            110, holds, ""},
        Row{"no_close_at_all",
            Log().open(0).illegal(100, "orphan-continuation", 0).reports_close(102, 1006).client_fin(103),
            110, warned, "SHOULD"},
        Row{"close_1000",
            Log()
                .open(0)
                .illegal(100, "orphan-continuation", 0)
                .client_close(101, 1000)
                .reports_close(102, 1006)
                .client_fin(103),
            110, violated, "sent Close 1000"},
        Row{"taken_for_nothing", Log().open(0).illegal(100, "reserved-opcode", 3), 1200, violated,
            "did not notice"},
        Row{"delivered",
            Log()
                .open(0)
                .message(50, "good")
                .reports(51, "message", "good")
                .illegal(100, "masked-server-frame")
                .link(100, record::MessageSeen{Tap::arrived, Side::server, 2, 1, 3, "bad"})
                .reports(101, "message", "bad")
                .client_close(102, 1002)
                .reports_close(103, 1006)
                .client_fin(104),
            110, violated, "delivered"},
        Row{"delivered_what_is_no_message",
            Log()
                .open(0)
                .illegal(100, "reserved-opcode", 3)
                .reports(101, "message", "x")
                .client_close(102, 1002)
                .reports_close(103, 1006)
                .client_fin(104),
            110, violated, "delivered"},
        Row{"delivered_on_one_of_two_connections",
            Log()
                .on(1)
                .open(0)
                .on(2)
                .open(10)
                .message(50, "good")
                .reports(51, "message", "good")
                .on(1)
                .message(52, "good too")
                .reports(53, "message", "good too")
                .on(2)
                .illegal(100, "reserved-opcode", 3)
                .client_close(102, 1002)
                .reports_close(103, 1006)
                .client_fin(104)
                .on(1),
            110, holds, ""},
        Row{"delivered_one_of_which_the_good_were_not_told",
            Log()
                .open(0)
                .message(50, "good")
                .message(51, "good too")
                .illegal(100, "masked-server-frame")
                .link(100, record::MessageSeen{Tap::arrived, Side::server, 3, 1, 3, "bad"})
                .reports(101, "message", "bad")
                .client_close(102, 1002)
                .reports_close(103, 1006)
                .client_fin(104),
            110, violated, "delivered"},
        Row{"good_messages_may_be_told_late",
            Log()
                .open(0)
                .message(50, "good")
                .illegal(100, "masked-server-frame")
                .reports(101, "message", "good")
                .client_close(102, 1002)
                .reports_close(103, 1006)
                .client_fin(104),
            110, holds, ""},
        Row{"reports_when_the_closing_handshake_is_over",
            Log()
                .open(0)
                .illegal(100, "reserved-opcode", 3)
                .client_close(101, 1002)
                .client_fin(1500)
                .reports_close(1501, 1006),
            1510, holds, ""},
        Row{"reports_long_after_the_closing_handshake",
            Log()
                .open(0)
                .illegal(100, "reserved-opcode", 3)
                .client_close(101, 1002)
                .client_fin(600)
                .reports_close(1700, 1006),
            1710, violated, "too late"},
        Row{"keeps_tcp_that_its_peer_has_ended",
            Log().open(0).server_close(100, 1000).client_close(101, 1000).fin(102).reports_close(103, 1000), 2200,
            violated, "keeps TCP open on a connection that is over"},
        Row{"ends_tcp_behind_its_peer_in_time",
            Log()
                .open(0)
                .server_close(100, 1000)
                .client_close(101, 1000)
                .fin(102)
                .reports_close(103, 1000)
                .client_fin(600),
            2200, holds, ""},
        Row{"has_time_to_end_tcp_behind_its_peer",
            Log().open(0).server_close(100, 1000).client_close(101, 1000).fin(102).reports_close(103, 1000), 1000,
            pending, ""},
        Row{"answers_no_close_until_its_peer_gives_up",
            Log().open(0).server_close(100, 1000).fin(1100).reports_close(1101, 1000).client_fin(1102), 1110, violated,
            "answers no Close"},
        Row{"never_ends_tcp",
            Log().open(0).illegal(100, "reserved-opcode", 3).client_close(101, 1002).reports_close(102, 1006),
            1700, violated, "did not end TCP"},
        Row{"non_minimal_length_accepted", Log().open(0).illegal(100, "non-minimal-length"), 1200, warned,
            "went on"},
        Row{"non_minimal_length_refused",
            Log()
                .open(0)
                .illegal(100, "non-minimal-length")
                .client_close(101, 1002)
                .reports_close(102, 1006)
                .client_fin(103),
            110, holds, ""},
        Row{"broken_compression",
            Log()
                .open(0)
                .illegal(100, "bad-compression")
                .client_close(101, 1007)
                .reports_close(102, 1007)
                .client_fin(103),
            110, holds, ""},
        Row{"broken_compression_1000",
            Log()
                .open(0)
                .illegal(100, "bad-compression")
                .client_close(101, 1007)
                .reports_close(102, 1000)
                .client_fin(103),
            110, violated, "1000"},
        Row{"fragmented_close_is_a_frame_first",
            Log()
                .open(0)
                .server_close(100, 1000)
                .violation(100, "fragmented-control")
                .client_close(101, 1002)
                .reports_close(102, 1006)
                .client_fin(103),
            110, holds, ""},
        Row{"behind_a_close_it_is_late",
            Log()
                .open(0)
                .server_close(100, 1000)
                .illegal(101, "data-after-close")
                .client_close(102, 1000)
                .fin(103)
                .reports_close(104, 1000, true).client_fin(105),
            110, holds, ""}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    ClosingHandshake, ClientColumn,
    testing::Values(
        // The peer's Close came, TCP never ends: c, and it ends TCP in close_limit (500 ms).
        Row{"tcp_goes_on_ended_by_it",
            Log().open(0).server_close(100, 1001).client_close(101, 1001).client_fin(600).reports_close(601,
                                                                                                        1001),
            700, holds, ""},
        Row{"tcp_goes_on_for_ever",
            Log().open(0).server_close(100, 1001).client_close(101, 1001).reports_close(102, 1001), 1700,
            violated, "did not end TCP"},
        Row{"tcp_goes_on_until_the_client_is_killed",
            Log().open(0).server_close(100, 1001).client_close(101, 1001).reports_close(102, 1001).process(
                700, record::ProcessChange::killed),
            1700, holds, ""},
        Row{"tcp_goes_on_and_is_ended_late",
            Log().open(0).server_close(100, 1001).client_close(101, 1001).reports_close(102, 1001).client_fin(
                1650),
            1700, violated, "too late"},
        Row{"tcp_goes_on_so_far",
            Log().open(0).server_close(100, 1001).client_close(101, 1001).reports_close(102, 1001), 700,
            pending, ""},
        // Told to stop, it closed first, and no Close came back: 1006, an error, or the code it sent.
        Row{"not_answered_1006",
            Log()
                .open(0)
                .process(100, record::ProcessChange::stopping)
                .client_close(101, 1000)
                .client_fin(601)
                .reports_close(602, 1006),
            700, holds, ""},
        Row{"not_answered_own_code",
            Log()
                .open(0)
                .process(100, record::ProcessChange::stopping)
                .client_close(101, 1000)
                .client_fin(601)
                .reports_close(602, 1000),
            700, holds, ""},
        Row{"not_answered_1014",
            Log()
                .open(0)
                .process(100, record::ProcessChange::stopping)
                .client_close(101, 1000)
                .client_fin(601)
                .reports_close(602, 1014),
            700, violated, "1014"},
        Row{"not_answered_for_ever",
            Log().open(0).process(100, record::ProcessChange::stopping).client_close(101, 1000), 1700,
            violated, "did not end TCP"},
        // SIGKILL at the end of a grace is no act of its own.
        Row{"not_answered_and_killed_before_its_limit",
            Log()
                .open(0)
                .process(100, record::ProcessChange::stopping)
                .client_close(101, 1000)
                .process(400, record::ProcessChange::killed)
                .client_fin(401)
                .process(402, record::ProcessChange::exited),
            1700, State::inconclusive, "until it was killed after 299ms, and may take 500ms"},
        Row{"not_answered_gave_up_at_once",
            Log()
                .open(0)
                .process(100, record::ProcessChange::stopping)
                .client_close(101, 1000)
                .client_fin(110),
            700, warned, "did not wait"},
        Row{"answered",
            Log()
                .open(0)
                .process(100, record::ProcessChange::stopping)
                .client_close(101, 1000)
                .server_close(102, 1000)
                .fin(103)
                .reports_close(104, 1000, true).client_fin(105),
            110, holds, ""},
        Row{"killed_is_its_own_affair",
            Log().open(0).process(100, record::ProcessChange::killed).client_fin(101), 3000, holds,
            "nothing broke"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    NothingBroke, ClientColumn,
    testing::Values(
        Row{"stays_open", Log().open(0).message(50, "a").ping(300).pong(301), 9000, holds, "nothing broke"},
        Row{"closes_by_itself",
            Log().open(0).client_close(100, 1000).server_close(101, 1000).fin(102).reports_close(103, 1000),
            110, violated, "by itself"},
        Row{"reports_an_end_that_was_none", Log().open(0).reports_close(100, 1006), 110, violated,
            "by itself"},
        Row{"gives_up_because_messages_were_lost",
            Log()
                .open(0)
                .server(50, Log::opcode(1), false)
                .client_close(100, 4504)
                .client_fin(101)
                .reports_close(102, 4504),
            110, warned, "lost"},
        Row{"gives_up_because_a_message_was_changed",
            Log()
                .open(0)
                .server(50, Log::opcode(1))
                .link(50, record::MessageSeen{Tap::sent, Side::server, 1, 1, 7, "total=1"})
                .link(50, record::MessageSeen{Tap::arrived, Side::server, 1, 1, 7, "total=9"})
                .client_close(100, 4400)
                .client_fin(101)
                .reports_close(102, 4400),
            110, warned, "changed"},
        Row{"gives_up_because_a_message_was_held",
            Log()
                .open(0)
                .server(50, Log::opcode(1))
                .link(50, record::MessageSeen{Tap::sent, Side::server, 1, 1, 1, "a"})
                .client_close(1100, 4504)
                .client_fin(1101)
                .reports_close(1102, 4504)
                .link(3000, record::MessageSeen{Tap::arrived, Side::server, 1, 1, 1, "a"}),
            3010, warned, "held"},
        Row{"gives_up_though_a_message_came",
            Log()
                .open(0)
                .server(50, Log::opcode(1))
                .link(50, record::MessageSeen{Tap::sent, Side::server, 1, 1, 1, "a"})
                .link(50, record::MessageSeen{Tap::arrived, Side::server, 1, 1, 1, "a"})
                .client_close(1100, 4504)
                .client_fin(1101)
                .reports_close(1102, 4504),
            1110, violated, "by itself"},
        Row{"frozen_and_thawed_gives_up",
            Log()
                .open(0)
                .process(100, record::ProcessChange::frozen)
                .process(2000, record::ProcessChange::thawed)
                .reports_close(2010, 1006)
                .client_fin(2010),
            2020, holds, "1006"}),
    test_name);

// Time in which the party was frozen does not count: the laptop sleeps, and wakes to a connection that is
// gone.
INSTANTIATE_TEST_SUITE_P(
    Frozen, ClientColumn,
    testing::Values(Row{"asleep_when_the_end_came",
                        Log()
                            .open(0)
                            .process(50, record::ProcessChange::frozen)
                            .reset(100)
                            .process(5000, record::ProcessChange::thawed)
                            .reports_close(5500, 1006),
                        5510, holds, ""},
                    Row{"awake_and_late",
                        Log()
                            .open(0)
                            .process(50, record::ProcessChange::frozen)
                            .reset(100)
                            .process(5000, record::ProcessChange::thawed)
                            .reports_close(6500, 1006),
                        6510, violated, "too late"},
                    Row{"still_asleep", Log().open(0).process(50, record::ProcessChange::frozen).reset(100),
                        9000, pending, ""}),
    test_name);

}  // namespace
}  // namespace wsfault::verdict::test
