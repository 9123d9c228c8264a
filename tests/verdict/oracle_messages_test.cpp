// What a client reports of messages, how it answers pings, and how many connections it keeps.
#include <gtest/gtest.h>

#include <ostream>

#include "verdict/oracle_log.hpp"

namespace wsfault::verdict::test {
namespace {

constexpr auto holds = State::holds;
constexpr auto violated = State::violated;
constexpr auto pending = State::pending;

struct Row {
  std::string name;
  Log log;
  int now;  // ms
  State state;
  std::string says;  // is in `seen`
  Case scenario = client_case();
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class ClientRows : public testing::TestWithParam<Row> {};

TEST_P(ClientRows, AreJudged) {
  const Row& row = GetParam();
  const Finding finding = judge_log(row.scenario, row.log, row.now);
  EXPECT_EQ(finding.state, row.state) << finding.expected << "\n" << finding.seen;
  EXPECT_NE(finding.seen.find(row.says), std::string::npos) << finding.seen;
  if (finding.state == violated) {
    EXPECT_FALSE(finding.remedy.empty());
  }
  if (finding.state == pending) {
    EXPECT_GT(finding.look_again, row.now * ms);
  }
}

std::string row_name(const testing::TestParamInfo<Row>& info) { return info.param.name; }

record::FrameSeen long_frame() {
  record::FrameSeen frame = Log::opcode(1);
  frame.length = 512 * 1024;
  return frame;
}
Log& tell(Log& log, int at, const std::string& text) { return log.reports(at, "message", text); }

/// "tick 1", "tick 2" … every 200 ms from 200 ms on; of each that is not in `not_told` a report 1 ms later.
Log ticks(int count, std::vector<int> not_told = {}, std::vector<int> told_twice = {}) {
  Log log = Log().open(0);
  for (int i = 1; i <= count; ++i) {
    const std::string text = "tick " + std::to_string(i);
    log.message(200 * i, text);
    if (std::ranges::find(not_told, i) == not_told.end()) tell(log, 200 * i + 1, text);
    if (std::ranges::find(told_twice, i) != told_twice.end()) tell(log, 200 * i + 2, text);
  }
  return log;
}

Case with_trait(Case scenario, const std::string& name, Value value) {
  scenario.system.traits.values.insert_or_assign(name, std::move(value));
  return scenario;
}

Case by_http() {
  Case scenario = client_case();
  scenario.system.report = model::ReportMode::http;
  return scenario;
}

Log swapped() {
  Log log = Log().open(0).message(100, "tick 1").message(101, "tick 2");
  return tell(tell(log, 103, "tick 2"), 104, "tick 1");
}

/// They came in another order than they were sent in.
Log put_in_order() {
  Log log = Log().open(0);
  for (const char* text : {"tick 1", "tick 2"})
    log.link(99, record::MessageSeen{Tap::sent, Side::server, 1, 1, 6, text});
  log.message(100, "tick 2").message(101, "tick 1");
  return tell(tell(log, 103, "tick 1"), 104, "tick 2");
}

Log echoed() {
  Log log = ticks(2).client(500, Log::opcode(1));
  log.link(500, record::MessageSeen{Tap::sent, Side::client, 1, 1, 6, "tick 9"});
  return log.message(510, "tick 9");
}

Log same_again() {  // the server begins anew on each connection
  Log log = Log().open(0);
  tell(log.message(10, "tick 1"), 11, "tick 1").message(20, "tick 2");
  tell(log, 21, "tick 2").fin(400).reports_close(401, 1006).client_fin(401);
  return log.on(2).open(500);
}

// RFC 6455 5.4, 6.2: a message is delivered when it is whole, and what is received is received in order.
INSTANTIATE_TEST_SUITE_P(
    Messages, ClientRows,
    testing::Values(Row{"all_told", ticks(4), 2000, holds, ""},
                    Row{"one_left_out", ticks(4, {2}), 2000, violated,
                        "it did not report \"tick 2\", which came whole"},
                    Row{"the_last_left_out", ticks(4, {4}), 1801, violated, "\"tick 4\""},
                    Row{"the_last_has_time", ticks(4, {4}), 1500, pending, "\"tick 4\""},
                    Row{"one_told_twice", ticks(4, {}, {3}), 2000, violated,
                        "it reported \"tick 3\" 2 times, and it came once"},
                    Row{"another_order", swapped(), 2000, violated, "\"tick 1\" after \"tick 2\""},
                    Row{"another_order_of_requests_at_once", swapped(), 2000, holds, "", by_http()},
                    Row{"another_order_of_a_fleet", swapped(), 2000, holds, "",
                        with_trait(client_case(), "instances", Value(2))},
                    Row{"put_in_order_again", put_in_order(), 2000, holds, ""},
                    Row{"never_tells_any", Log().open(0).message(10, "tick 1"), 2000, holds, ""},
                    Row{"tells_in_other_words",
                        ticks(0).message(10, "{\"n\":1}").reports(11, "message", "one"), 2000, holds, ""},
                    Row{"never_tells_that_kind", ticks(2).message(500, "heartbeat"), 2000, holds, ""},
                    Row{"its_own_that_comes_back", echoed(), 2000, holds, ""},
                    Row{"a_double_is_dropped", ticks(2).message(500, "tick 2"), 2000, holds, ""},
                    Row{"who_tells_doubles_tells_all",
                        tell(ticks(2).message(500, "tick 2"), 501, "tick 2").message(600, "tick 2"), 2000,
                        violated, "\"tick 2\" more often than 2 times, which came whole 3 times"},
                    Row{"that_never_came", tell(ticks(2).message(500, "tick 3"), 501, "tick"), 2000, violated,
                        "never came: \"tick\""},
                    Row{"on_the_second_connection",
                        tell(same_again().message(510, "tick 1"), 511, "tick 1")
                            .message(520, "tick 2")
                            .message(900, "tick 3"),
                        2000, violated, "tick"}),
    row_name);

// RFC 6455 5.5.1, 7.1.1, 7.1.7: after a Close, an illegal frame or its end nothing is delivered, or it may be
// lost.
INSTANTIATE_TEST_SUITE_P(
    MessagesBeforeAnEnd, ClientRows,
    testing::Values(Row{"before_the_peers_close",
                        ticks(2)
                            .message(590, "tick 3")
                            .server_close(600, 1001)
                            .client_close(601, 1001)
                            .fin(602)
                            .client_fin(603)
                            .reports_close(604, 1001),
                        2000, violated, "\"tick 3\""},
                    Row{"after_the_peers_close",
                        ticks(2)
                            .server_close(600, 1001)
                            .client_close(601, 1001)
                            .message(602, "tick 3")
                            .fin(603)
                            .client_fin(604)
                            .reports_close(605, 1001),
                        2000, holds, ""},
                    Row{"before_a_fin",
                        ticks(2).message(590, "tick 3").fin(600).reports_close(601, 1006).client_fin(601),
                        2000, violated, "\"tick 3\""},
                    Row{"before_a_reset", ticks(2).message(590, "tick 3").reset(600).reports_close(601, 1006),
                        2000, holds, ""},
                    Row{"long_before_a_reset", ticks(2, {2}).reset(600).reports_close(601, 1006), 2000,
                        violated, "\"tick 2\""},
                    Row{"in_an_illegal_frame",
                        ticks(2)
                            .illegal(600, "reserved-bits")
                            .message(600, "tick 3")
                            .client_close(601, 1002)
                            .client_fin(602)
                            .reports_close(603, 1006),
                        2000, holds, ""},
                    Row{"to_a_process_that_is_killed",
                        ticks(2).message(590, "tick 3").process(1000, record::ProcessChange::killed), 2000,
                        holds, ""},
                    Row{"to_a_process_that_is_stopped",
                        ticks(2)
                            .process(550, record::ProcessChange::stopping)
                            .message(560, "tick 3")
                            .client_close(570, 1000)
                            .server_close(571, 1000)
                            .fin(572)
                            .client_fin(573)
                            .reports_close(574, 1000),
                        2000, holds, ""},
                    Row{"larger_than_it_takes", ticks(2).message(500, "tick 3"), 2000, holds, "",
                        with_trait(client_case(), "max_message", Value(5))}),
    row_name);

// --- pings

Log pinged(int at, const std::string& data) {
  record::FrameSeen ping = Log::opcode(9);
  ping.text = data;
  return Log().open(0).server(at, ping);
}
Log with_pong(Log log, int at, const std::string& data) {
  record::FrameSeen pong = Log::opcode(10);
  pong.text = data;
  return log.client(at, pong);
}
Log pinged_again(Log log, int at, const std::string& data) {
  record::FrameSeen ping = Log::opcode(9);
  ping.text = data;
  return log.server(at, ping);
}

// RFC 6455 5.5.2: "Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in response, unless it
// already received a Close frame." 5.5.3: "A Pong frame sent in response to a Ping frame must have identical
// Application data".
INSTANTIATE_TEST_SUITE_P(
    Pongs, ClientRows,
    testing::Values(
        Row{"answered", with_pong(pinged(100, "x"), 101, "x"), 2000, holds, ""},
        Row{"not_answered", pinged(100, "x"), 1200, violated, "a ping was not answered"},
        Row{"has_time", pinged(100, "x"), 1000, pending, ""},
        Row{"answered_too_late", with_pong(pinged(100, "x"), 1300, "x"), 2000, violated, "answered 200ms too late"},
        Row{"answered_behind_what_it_was_sending",
            with_pong(pinged(100, "x").client(1200, long_frame()), 1300, "x"), 2000, holds, ""},
        Row{"answered_too_late_beside_what_is_short",
            with_pong(pinged(100, "x").client(1200, Log::opcode(1)), 1300, "x"), 2000, violated, "200ms too late"},
        Row{"other_data", with_pong(pinged(100, "x"), 101, "y"), 1200, violated, "by a pong with its data"},
        Row{"unasked_beside_it", with_pong(with_pong(pinged(100, "x"), 101, "y"), 102, "x"), 2000, holds, ""},
        Row{"only_the_last", with_pong(pinged_again(pinged(100, "x"), 101, "y"), 102, "y"), 2000, holds, ""},
        Row{"only_the_first", with_pong(pinged_again(pinged(100, "x"), 101, "y"), 102, "x"), 2000, violated,
            "a ping was not"},
        Row{"the_same_data_again", pinged_again(with_pong(pinged(100, "x"), 101, "x"), 200, "x"), 2000,
            violated, "a ping was not"},
        Row{"a_close_came_first",
            pinged(100, "x")
                .server_close(300, 1001)
                .client_close(301, 1001)
                .fin(302)
                .client_fin(303)
                .reports_close(304, 1001),
            2000, holds, "1001"},
        Row{"it_had_its_time_before_the_close",
            pinged(100, "x")
                .server_close(1300, 1001)
                .client_close(1301, 1001)
                .fin(1302)
                .client_fin(1303)
                .reports_close(1304, 1001),
            2400, violated, "a ping was not answered"},
        Row{"not_seen_in_a_silence", pinged(100, "x").silence(110), 400, pending, ""}),
    row_name);

// --- connections side by side

Case one_client() { return with_trait(client_case(), "instances", Value(1)); }

Log two_after_a_loss() {
  Log log = Log().open(0).fin(100).reports_close(101, 1006).client_fin(102);
  log.on(2).open(200);
  return log.on(3).open(250);
}

INSTANTIATE_TEST_SUITE_P(
    SideBySide, ClientRows,
    testing::Values(
        Row{"after_a_loss", two_after_a_loss(), 1300, violated, "2 were open"},
        Row{"not_yet_for_a_second", two_after_a_loss(), 1200, pending, ""},
        Row{"of_one_that_says_so", two_after_a_loss(), 1300, violated, "2 were open", one_client()},
        Row{"of_a_fleet", two_after_a_loss(), 1300, holds, "",
            with_trait(client_case(), "instances", Value(2))},
        Row{"one_is_given_up",
            two_after_a_loss()
                .server_close(300, 1001)
                .client_close(301, 1001)
                .fin(302)
                .client_fin(303)
                .reports_close(304, 1001),
            2500, holds, ""},
        Row{"while_nobody_listened",
            Log().refused(0).reports_error(1).served(100).on(1).open(200).on(2).open(210), 1300, violated,
            "2 were open"},
        Row{"as_many_as_before",
            Log().open(0).on(2).open(10).on(1).fin(100).reports_close(101, 1006).client_fin(102).on(3).open(
                200),
            1300, holds, ""},
        Row{"for_something_else",
            Log()
                .open(0)
                .fin(100)
                .reports_close(101, 1006)
                .client_fin(102)
                .on(2)
                .open(200)
                .on(3)
                .connect(250, "/other")
                .answer(250, 101)
                .reports(251, "open"),
            1300, holds, ""},
        Row{"never_lost_one", Log().open(0).on(2).open(100), 1300, holds, ""}),
    row_name);

}  // namespace
}  // namespace wsfault::verdict::test
