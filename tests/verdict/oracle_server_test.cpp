// The server's column of docs/verdicts.md, row by row: what passes, what passes with a warning, what fails.
#include <gtest/gtest.h>

#include <ostream>

#include "verdict/server_events.hpp"

namespace wsfault::verdict::test {
namespace {

constexpr auto holds = State::holds;
constexpr auto warned = State::warned;
constexpr auto violated = State::violated;
constexpr auto pending = State::pending;

using Of = ServerEvents;

struct Row {
  std::string name;
  ServerEvents log;
  int now;  // ms
  State state;
  std::string says;  // is in `expected`, `seen` or the cause
  Case scenario = server_case();
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class ServerRows : public testing::TestWithParam<Row> {};

TEST_P(ServerRows, AreJudged) {
  const Row& row = GetParam();
  const Finding finding = judge_log(row.scenario, row.log, row.now);
  const std::string text = finding.expected + "\n" + finding.seen + "\n" + finding.cause;
  EXPECT_EQ(finding.state, row.state) << text;
  EXPECT_NE(text.find(row.says), std::string::npos) << text;
  if (finding.state == violated || finding.state == warned) {
    EXPECT_FALSE(finding.cause.empty()) << text;
    EXPECT_FALSE(finding.remedy.empty());
  }
}

std::string test_name(const testing::TestParamInfo<Row>& info) { return info.param.name; }

Of connected() { return Of().connect(0); }
Of asked() { return Of().connect(0).asks(0); }
Of opened() { return Of().open(0); }

// --- the handshake

INSTANTIATE_TEST_SUITE_P(
    Sound, ServerRows,
    testing::Values(Row{"let_in", opened(), 100, holds, "nothing broke"},
                    Row{"not_yet", asked(), 1000, pending, "is let in"},
                    Row{"never", asked(), 5100, violated, "does not let a sound request in"},
                    Row{"403", asked().answers(5, 403), 10, violated, "403"},
                    Row{"nobody_there", Of().refused(0), 10, violated, "refused"},
                    Row{"steps_under_way", Of().let_in(0), 100, pending, "plays its steps"},
                    Row{"ended_by_itself", opened().server_close(50, 1000).server_fin(50), 60, violated,
                        "by itself"},
                    Row{"ended_because_a_message_was_changed",
                        opened()
                            .link(20, record::MessageSeen{Tap::sent, Side::client, 1, 1, 1, "a"})
                            .link(21, record::MessageSeen{Tap::arrived, Side::client, 1, 1, 1, "b"})
                            .server_close(50, 1000)
                            .server_fin(50),
                        60, warned, "changed"}),
    test_name);

// RFC 6455 4.2.1, 4.2.2 and 4.4; RFC 9110 15.5.22
INSTANTIATE_TEST_SUITE_P(
    Unsound, ServerRows,
    testing::Values(
        Row{"plain_426", connected().asks(0, {"no-upgrade"}, false).answers(2, 426), 10, holds, "426"},
        Row{"plain_404", connected().asks(0, {"no-upgrade"}, false).answers(2, 404), 10, warned, "404"},
        Row{"plain_200", connected().asks(0, {"no-upgrade"}, false).answers(2, 200), 10, violated,
            "does not check the request"},
        Row{"plain_101", connected().asks(0, {"no-upgrade"}, false).answers(2, 101), 10, violated,
            "does not check the request"},
        Row{"version_426", connected().asks(0, {"wrong-version"}).answers(2, 426), 10, holds, "426"},
        Row{"version_400", connected().asks(0, {"wrong-version"}).answers(2, 400), 10, warned, "400"},
        Row{"version_101", connected().asks(0, {"wrong-version"}).answers(2, 101), 10, violated, "101"},
        Row{"key_400", connected().asks(0, {"bad-key"}).answers(2, 400), 10, holds, "400"},
        Row{"key_nothing", connected().asks(0, {"bad-key"}), 1100, violated, "no answer"},
        Row{"tls_alert_end", connected().tls_failure(0).server_fin(5), 10, holds, "FIN"},
        Row{"tls_alert_nothing", connected().tls_failure(0), 1100, violated, "no answer"},
        Row{"garbage_400", connected().garbage(0).answers(2, 400), 10, holds, "400"},
        Row{"garbage_end", connected().garbage(0).server_fin(2), 10, holds, "FIN"},
        Row{"garbage_kept", connected().garbage(0), 1100, violated, "no answer"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    Unfinished, ServerRows,
    testing::Values(Row{"in_its_limit", connected().server_fin(1000), 1010, holds, "FIN"},
                    Row{"408", connected().answers(1000, 408).server_fin(1000), 1010, holds, "408"},
                    Row{"too_early", connected().server_fin(700), 710, violated, "before its limit"},
                    Row{"too_late", connected().server_fin(2100), 2110, violated, "too late"},
                    Row{"never", connected(), 5100, violated, "does not limit the handshake",
                        limitless_server_case()},
                    Row{"not_yet", connected(), 1900, pending, ""},
                    Row{"client_left", connected().client_fin(10).server_fin(12), 20, holds, "FIN"}),
    test_name);

// --- places

INSTANTIATE_TEST_SUITE_P(
    Places, ServerRows,
    testing::Values(
        Row{"full_503", Of().of("a").open(0).of("b").open(5).of("c").connect(10).asks(10).answers(11, 503),
            20, holds, "nothing broke"},
        Row{"not_full_503", Of().of("a").open(0).of("c").connect(10).asks(10).answers(11, 503), 20, violated,
            "1 of 2 places"},
        Row{"never_given_back",
            Of().of("a")
                .open(0)
                .client_close(10, 1000)
                .server_close(11, 1000)
                .server_fin(11)
                .of("b")
                .open(20)
                .of("c")
                .connect(2000)
                .asks(2000)
                .answers(2001, 503),
            2010, violated, "though it has places left"},
        Row{"beyond", Of().of("a").open(0).of("b").open(5).of("c").open(10), 20, violated,
            "does not keep its limit"},
        Row{"no_limit_503", asked().answers(1, 503), 20, violated, "503", limitless_server_case()}),
    test_name);

// --- open

INSTANTIATE_TEST_SUITE_P(
    ClientLeft, ServerRows,
    testing::Values(Row{"fin", opened().client_fin(50).server_fin(52), 60, holds, "FIN"},
                    Row{"fin_not_noticed", opened().client_fin(50), 1100, violated, "keeps TCP open"},
                    Row{"fin_not_yet", opened().client_fin(50), 500, pending, ""},
                    Row{"reset_is_the_last_to_be_seen", opened().client_reset(50), 1100, holds, "RST"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    Silent, ServerRows,
    testing::Values(
        Row{"heartbeat", opened().silence(50).server(300, Log::opcode(9)).server_fin(500), 510, holds, "FIN"},
        Row{"heartbeat_says_1011", opened().silence(50).server_close(500, 1011).server_fin(510), 520, holds,
            "1011"},
        Row{"never", opened().silence(50), 1600, violated, "in its time"},
        Row{"no_heartbeat", opened().silence(50), 5100, violated, "no heartbeat",
            limitless_server_case()},
        Row{"not_yet", opened().silence(50), 1500, pending, ""},
        Row{"too_early", opened().silence(50).server_fin(100), 110, violated, "before its limit"},
        Row{"reads_no_more", opened().stall(50).server_reset(500), 510, holds, "RST"},
        // Its writes may have waited since before the stall, and the case be younger than a heartbeat.
        Row{"reads_no_more_write_limit", opened().stall(50).server_reset(60), 70, holds, "RST",
            server_case_with_write_limit()},
        Row{"kept_though_it_reads_no_more", opened().stall(50), 5200, violated, "what waits for a client",
            limitless_server_case()}),
    test_name);

// RFC 6455 5.5.1, 7.1.1 and 7.4
INSTANTIATE_TEST_SUITE_P(
    Close, ServerRows,
    testing::Values(
        Row{"echoed", opened().client_close(50, 4000).server_close(51, 4000).server_fin(51), 60, holds,
            "4000"},
        Row{"as_1000", opened().client_close(50, 4000).server_close(51, 1000).server_fin(51), 60, holds,
            "1000"},
        Row{"as_4001", opened().client_close(50, 4000).server_close(51, 4001).server_fin(51), 60, warned,
            "4001"},
        Row{"as_1002", opened().client_close(50, 1014).server_close(51, 1002).server_fin(51), 60, violated,
            "does not know this close code"},
        Row{"no_reply", opened().client_close(50, 1000).server_fin(51), 60, violated, "answers no Close"},
        Row{"nothing", opened().client_close(50, 1000), 1100, violated, "answers no Close"},
        Row{"tcp_goes_on", opened().client_close(50, 1000).server_close(51, 1000), 1100, violated,
            "leaves the end of TCP"},
        Row{"tcp_not_yet", opened().client_close(50, 1000).server_close(51, 1000), 1000, pending, ""},
        Row{"client_was_first", opened().client_close(50, 1000).server_close(51, 1000).client_fin(52), 1100,
            holds, "1000"},
        Row{"empty", opened().client_close_empty(50).server(51, Log::opcode(8)).server_fin(51), 60, holds,
            "without a code"},
        Row{"1006_refused", opened().client_close(50, 1006).server_close(51, 1002).server_fin(51), 60, holds,
            "1002"},
        Row{"1006_ended", opened().client_close(50, 1006).server_fin(51), 60, warned, "SHOULD"},
        Row{"1006_echoed", opened().client_close(50, 1006).server_close(51, 1006).server_fin(51), 60,
            violated, "with the very same"},
        Row{"2999_echoed", opened().client_close(50, 2999).server_close(51, 2999).server_fin(51), 60, violated,
            "2999"},
        Row{"one_byte", opened().client_close_of_one_byte(50).server_close(51, 1002).server_fin(51), 60,
            holds, "1002"},
        Row{"one_byte_taken", opened().client_close_of_one_byte(50).server_close(51, 1000).server_fin(51), 60,
            violated, "1000"}),
    test_name);

// RFC 6455 5.1 to 5.5, 7.1.7 and 8.1
INSTANTIATE_TEST_SUITE_P(
    IllegalFrame, ServerRows,
    testing::Values(
        Row{"1002", opened().illegal(50, "reserved-opcode").server_close(51, 1002).server_fin(51), 60, holds,
            "1002"},
        Row{"no_close", opened().illegal(50, "reserved-opcode").server_fin(51), 60, warned, "SHOULD"},
        Row{"1000", opened().illegal(50, "reserved-opcode").server_close(51, 1000).server_fin(51), 60,
            violated, "closes with a code that says something else"},
        Row{"goes_on", opened().illegal(50, "unmasked-client-frame"), 1100, violated,
            "does not check the frames"},
        Row{"utf8_1007", opened().illegal(50, "bad-utf8").server_close(51, 1007).server_fin(51), 60, holds,
            "1007"},
        Row{"opcode_1007", opened().illegal(50, "reserved-opcode").server_close(51, 1007).server_fin(51), 60,
            violated, "1007"},
        Row{"tcp_goes_on", opened().illegal(50, "reserved-bits").server_close(51, 1002), 1600, violated,
            "did not end TCP"},
        Row{"longer_length_than_needed", opened().illegal(50, "non-minimal-length"), 1100, warned,
            "went on"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    GiantMessage, ServerRows,
    testing::Values(
        Row{"1009", opened().data(50, 1 << 20).server_close(51, 1009).server_fin(51), 60, holds, "1009"},
        Row{"1009_in_fragments",
            opened().data(50, 60000).data(51, 60000, 0).server_close(52, 1009).server_fin(52), 60, holds,
            "1009"},
        Row{"taken", opened().data(50, 1 << 20), 1100, violated, "does not limit the size"},
        Row{"at_the_limit", opened().data(50, 65536), 1100, holds, "nothing broke"},
        Row{"no_limit", opened().data(50, 1 << 20), 1100, holds, "nothing broke", limitless_server_case()}),
    test_name);

// RFC 6455 5.5.2 and 5.5.3
INSTANTIATE_TEST_SUITE_P(
    Ping, ServerRows,
    testing::Values(
        Row{"answered", opened().ping(50, "x").pong(51, "x"), 60, holds, "nothing broke"},
        Row{"the_last_alone", opened().ping(50, "x").ping(51, "y").pong(52, "y"), 60, holds, ""},
        Row{"not_the_last", opened().ping(50, "x").ping(51, "y").pong(52, "x"), 1100, violated,
            "answers no ping"},
        Row{"other_data", opened().ping(50, "x").pong(51, "y"), 1100, violated, "answers no ping"},
        Row{"passed_over",
            opened().ping(50, "x").client_close(51, 1000).server_close(52, 1000).server_fin(52), 60, violated,
            "no ping before it"},
        Row{"before_the_close",
            opened().ping(50, "x").client_close(51, 1000).pong(52, "x").server_close(52, 1000).server_fin(52),
            60, holds, "1000"},
        Row{"not_yet", opened().ping(50, "x"), 1000, pending, ""},
        Row{"too_late", opened().ping(50, "x").pong(1100, "x"), 1110, violated, "too late"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    ItsOwnBytes, ServerRows,
    testing::Values(Row{"half_a_frame_at_its_end",
                        opened().client_fin(50).server_violation(51, "truncated-frame").server_fin(51), 60,
                        holds, "FIN"}),
    test_name);

}  // namespace
}  // namespace wsfault::verdict::test
