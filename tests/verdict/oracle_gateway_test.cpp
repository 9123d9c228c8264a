// The gateway columns of docs/verdicts.md, row by row and kind by kind: what passes, what passes with a
// warning, what fails.
#include <gtest/gtest.h>

#include <ostream>

#include "verdict/gateway_log.hpp"

namespace wsfault::verdict::test {
namespace {

constexpr auto holds = State::holds;
constexpr auto warned = State::warned;
constexpr auto violated = State::violated;
constexpr auto pending = State::pending;
constexpr auto tcp = model::Kind::tcp;
constexpr auto http = model::Kind::http;
constexpr auto peer = model::Kind::websocket;

using Of = GatewayLog;
using record::ProcessChange;

struct Row {
  std::string name;
  model::Kind kind;
  GatewayLog log;
  int now;  // ms
  State state;
  std::string says;  // is in `expected`, `seen` or the cause
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class GatewayColumns : public testing::TestWithParam<Row> {};

TEST_P(GatewayColumns, AreJudged) {
  const Row& row = GetParam();
  const Finding finding = judge_log(gateway_case(row.kind), row.log, row.now);
  const std::string text = finding.expected + "\n" + finding.seen + "\n" + finding.cause;
  EXPECT_EQ(finding.state, row.state) << text;
  EXPECT_NE(text.find(row.says), std::string::npos) << text;
  if (finding.state == violated || finding.state == warned) {
    EXPECT_FALSE(finding.cause.empty()) << text;
    EXPECT_FALSE(finding.remedy.empty());
  }
  if (finding.state == pending) {
    EXPECT_GT(finding.look_again, row.now * ms) << text;
  }
}

std::string test_name(const testing::TestParamInfo<Row>& info) { return info.param.name; }

Of waiting() { return Of().request(0).dial(1); }
Of waiting_in_tls() {
  return Of().request(0).dial_only(1).back(1, record::TlsHandshake{Side::client, "", "we said nothing more"});
}
Of refused() { return Of().refused(0).request(10); }
Of opened() { return Of().open(0); }
Of said_close_on_both_sides() {
  return opened()
      .upstream_close(100, 1000)
      .gateway_close(101, 1000)
      .client_close(102, 1000)
      .gateway_close_behind(103, 1000);
}
record::FrameSeen ping() { return {.fin = true, .opcode = 9}; }

// --- before the 101

// An explicit end replaces the opinion on the end; what passed is none.
TEST(GatewayMessages, AreJudgedWhateverIsExpectedOfTheEnd) {
  Case scenario = gateway_case(peer);
  scenario.expectations.push_back(expects("close = 1001"));
  const Of changed =
      opened().upstream_message(100, "a").gateway_message(101, "b").upstream_close(110, 1001).gateway_close(111, 1001);
  EXPECT_EQ(judge_log(scenario, changed, 200).why, Cause::message_changed);
}

// RFC 6455 11.3.2 and 11.3.4: what both ends agree on passes a tunnel as it came.
const wire::Headers no_list;
const wire::Headers list_of_two{{"Sec-WebSocket-Protocol", "a, b"}};
const wire::Headers list_in_two_fields{{"sec-websocket-protocol", "a"}, {"sec-websocket-protocol", "b"}};
const wire::Headers list_of_one{{"Sec-WebSocket-Protocol", "b"}};
const wire::Headers deflate{{"Sec-WebSocket-Extensions", "permessage-deflate"}};
INSTANTIATE_TEST_SUITE_P(
    OfTheHandshake, GatewayColumns,
    testing::Values(
        Row{"agreed", http, Of().agree(0, list_of_two, list_in_two_fields, list_of_one, list_of_one), 20, holds, ""},
        Row{"subprotocol_stripped", http, Of().agree(0, list_of_two, list_of_two, list_of_one, no_list), 20, violated,
            "Sec-WebSocket-Protocol of the 101 reaches the client behind the gateway as it came: \"b\""},
        Row{"subprotocol_stripped_tcp", tcp, Of().agree(0, list_of_two, list_of_two, list_of_one, no_list), 20, violated, "passed on none"},
        Row{"subprotocol_invented", http, Of().agree(0, list_of_two, list_of_two, no_list, list_of_one), 20, violated, "passed on \"b\""},
        Row{"offer_stripped", http, Of().agree(0, list_of_two, no_list, no_list, no_list), 20, violated,
            "the request reaches the upstream as it came: \"a, b\""},
        Row{"a_peer_agrees_for_itself", peer, Of().agree(0, list_of_two, no_list, no_list, list_of_one), 20, holds, ""},
        Row{"extension_offer_stripped", http, Of().agree(0, deflate, no_list, no_list, no_list), 20, holds, ""},
        Row{"extension_stripped", http, Of().agree(0, deflate, deflate, deflate, no_list), 20, violated,
            "what client and upstream agree on"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    Refused, GatewayColumns,
    testing::Values(
        Row{"http_502", http, refused().answers(12, 502), 20, holds, "502, 503 or 504 within 2s"},
        Row{"http_504_at_the_limit", http, refused().answers(1900, 504), 1910, holds, "504"},
        // It may have tried again, as HAProxy does three times: where its attempts are seen, they tell.
        Row{"http_later", http, refused().answers(2100, 504), 2110, warned, "tries an upstream that refuses again"},
        Row{"http_too_late", http, refused().answers(5100, 504), 5110, violated, "too late"},
        Row{"http_retries", http, refused().nobody(11).nobody(1011).nobody(2011).nobody(3011).answers(3012, 503),
            3100, warned, "it took 3.002s to say"},
        Row{"http_tries_once", http, refused().nobody(11).answers(2100, 504), 2110, violated, "too late"},
        Row{"http_retries_for_ever", http,
            refused().nobody(11).nobody(1011).nobody(2011).nobody(3011).nobody(4011).nobody(5011), 5100, violated,
            "no answer"},
        Row{"http_not_yet_with_retries", http, refused().nobody(11).nobody(1011).nobody(2011), 2500, pending, ""},
        Row{"http_fin", http, refused().gateway_fin(12), 20, warned, "FIN"},
        Row{"http_500", http, refused().answers(12, 500), 20, violated, "does not say"},
        Row{"http_nothing", http, refused(), 5100, violated, "no answer"},
        Row{"http_not_yet", http, refused(), 500, pending, ""},
        Row{"tcp_fin", tcp, refused().gateway_fin(12), 20, holds, "FIN"},
        Row{"peer_before_its_101", peer, refused().answers(12, 502), 20, holds, "502"},
        Row{"peer_1014", peer, refused().answers(12, 101).gateway_close(14, 1014), 20, holds, "1014"},
        Row{"peer_1011", peer, refused().answers(12, 101).gateway_close(14, 1011), 20, warned, "1011"},
        Row{"peer_4000", peer, refused().answers(12, 101).gateway_close(14, 4000), 20, violated, "4000"},
        Row{"peer_silent", peer, refused().answers(12, 101), 5100, violated, "neither a Close nor"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    EndedBeforeTheAnswer, GatewayColumns,
    testing::Values(
        Row{"http_fin_502", http, waiting().upstream_fin(10).answers(12, 502), 20, holds, "502"},
        Row{"http_reset_503", http, waiting().upstream_reset(10).answers(12, 503), 20, warned, "503"},
        Row{"http_end", http, waiting().upstream_fin(10, "head").gateway_fin(12), 20, warned, "head"},
        Row{"http_200", http, waiting().upstream_fin(10).answers(12, 200), 20, violated, "200"},
        Row{"http_late", http, waiting().upstream_fin(10).answers(1500, 502), 1510, violated, "too late"},
        Row{"tcp_passed_on", tcp, waiting().upstream_reset(10).gateway_fin(12), 20, holds, "FIN"},
        Row{"tcp_kept_open", tcp, waiting().upstream_reset(10), 1100, violated, "no answer"},
        Row{"peer_502", peer, waiting().upstream_fin(10).answers(12, 502), 20, holds, "502"},
        Row{"peer_1014", peer, waiting().answers(2, 101).upstream_fin(10).gateway_close(12, 1014), 20, holds,
            "1014"},
        Row{"peer_end", peer, waiting().answers(2, 101).upstream_fin(10).gateway_fin(12), 20, violated,
            "FIN"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    SilentBeforeTheAnswer, GatewayColumns,
    testing::Values(
        Row{"http_504", http, waiting().answers(2000, 504), 2010, holds, "504"},
        // A TLS handshake is part of connecting: its limit is that (1 s), and its statuses are those.
        Row{"http_503_in_tls", http, waiting_in_tls().answers(1000, 503), 1010, holds, "503"},
        Row{"http_late_in_tls", http, waiting_in_tls().answers(2100, 504), 2110, violated, "too late"},
        Row{"http_fin", http, waiting().gateway_fin(2000), 2010, warned, "FIN"},
        Row{"http_early", http, waiting().answers(1000, 504), 1010, violated, "before its limit"},
        Row{"http_late", http, waiting().answers(3100, 504), 3110, violated, "too late"},
        Row{"http_never", http, waiting(), 3100, violated, "no answer"},
        Row{"http_not_yet", http, waiting(), 1500, pending, ""},
        Row{"tcp_at_its_idle_limit", tcp, waiting().gateway_fin(2000), 2010, holds, "FIN"},
        Row{"peer_504", peer, waiting().answers(2000, 504), 2010, holds, "504"},
        Row{"peer_1011", peer, waiting().answers(2, 101).gateway_close(2000, 1011), 2010, holds, "1011"},
        Row{"peer_1002", peer, waiting().answers(2, 101).gateway_close(2000, 1002), 2010, violated, "1002"},
        Row{"client_left_meanwhile", http, waiting().client_fin(500), 3500, holds, "nothing breaks"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    Answered, GatewayColumns,
    testing::Values(
        Row{"http_404_passed", http, waiting().upstream_answers(5, 404).answers(6, 404), 20, holds, "404"},
        Row{"http_404_as_502", http, waiting().upstream_answers(5, 404).answers(6, 502), 20, warned, "502"},
        Row{"http_403_as_502", http, waiting().upstream_answers(5, 403).answers(6, 502), 20, violated,
            "what clients are to do"},
        Row{"http_503_as_403", http, waiting().upstream_answers(5, 503).answers(6, 403), 20, violated,
            "what clients are to do"},
        Row{"http_429_as_502", http, waiting().upstream_answers(5, 429).answers(6, 502), 20, violated,
            "does not pass on close codes and statuses"},
        Row{"http_opened_all_the_same", http, waiting().upstream_answers(5, 200).answers(6, 101), 20,
            violated, "does not check its backend's answer"},
        Row{"http_503_as_502", http, waiting().upstream_answers(5, 503).answers(6, 502), 20, violated,
            "does not pass on close codes and statuses"},
        Row{"http_503_as_404", http, waiting().upstream_answers(5, 503).answers(6, 404), 20, violated,
            "changed what clients are to do"},
        Row{"http_401_as_403", http, waiting().upstream_answers(5, 401).answers(6, 403), 20, violated,
            "changed what clients are to do"},
        Row{"tcp_503_passed", tcp, waiting().upstream_answers(5, 503).answers(6, 503), 20, holds, "503"},
        Row{"tcp_503_swallowed", tcp, waiting().upstream_answers(5, 503).gateway_fin(6), 20, violated, "FIN"},
        Row{"peer_401_as_502", peer, waiting().upstream_answers(5, 401).answers(6, 502), 20, violated,
            "what clients are to do"},
        Row{"peer_500_as_1014", peer,
            waiting().answers(2, 101).upstream_answers(5, 500).gateway_close(6, 1014), 20, holds, "1014"},
        Row{"peer_403_as_1008", peer,
            waiting().answers(2, 101).upstream_answers(5, 403).gateway_close(6, 1008), 20, holds, "1008"},
        Row{"peer_403_as_1011", peer,
            waiting().answers(2, 101).upstream_answers(5, 403).gateway_close(6, 1011), 20, violated,
            "what clients are to do"},
        Row{"peer_403_as_4403", peer,
            waiting().answers(2, 101).upstream_answers(5, 403).gateway_close(6, 4403), 20, holds, "4403"},
        Row{"peer_403_as_1013", peer,
            waiting().answers(2, 101).upstream_answers(5, 403).gateway_close(6, 1013), 20, violated,
            "what clients are to do"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    InvalidAnswers, GatewayColumns,
    testing::Values(
        Row{"http_502", http, waiting().upstream_answers(5, 101, {"wrong-accept"}).answers(6, 502), 20, holds,
            "502"},
        Row{"http_passed_on", http,
            waiting().upstream_answers(5, 101, {"wrong-accept"}).answers(6, 101, {"wrong-accept"}), 20,
            warned, "101"},
        Row{"http_repaired", http, waiting().upstream_answers(5, 101, {"no-upgrade"}).answers(6, 101), 20,
            warned, "101"},
        Row{"http_200", http, waiting().upstream_answers(5, 101, {"wrong-accept"}).answers(6, 200), 20,
            violated, "200"},
        Row{"tcp_passed_on", tcp,
            waiting().upstream_answers(5, 101, {"wrong-accept"}).answers(6, 101, {"wrong-accept"}), 20, holds,
            "101"},
        Row{"peer_502", peer, waiting().upstream_answers(5, 101, {"wrong-accept"}).answers(6, 502), 20, holds,
            "502"},
        Row{"peer_open", peer, waiting().upstream_answers(5, 101, {"wrong-accept"}).answers(6, 101), 1100,
            violated, "neither a Close nor"},
        Row{"http_garbage_502", http, waiting().garbage_behind(5).answers(6, 502), 20, holds, "502"},
        Row{"http_garbage_passed_on", http, waiting().garbage_behind(5).garbage_in_front(6), 20, violated,
            "not HTTP"},
        Row{"tcp_garbage_passed_on", tcp, waiting().garbage_behind(5).garbage_in_front(6), 20, holds,
            "not HTTP"},
        Row{"http_interim_opens", http,
            waiting().upstream_answers(4, 103).upstream_answers(5, 101).answers(6, 101), 20, holds,
            "nothing breaks"},
        Row{"http_interim_is_final", http, waiting().upstream_answers(4, 103).answers(5, 103).gateway_fin(6),
            20, violated, "before its limit"}),
    test_name);

// --- open

INSTANTIATE_TEST_SUITE_P(
    EndedWithoutClose, GatewayColumns,
    testing::Values(
        Row{"http_fin", http, opened().upstream_fin(100).gateway_fin(101).reports_close(102, 1006), 110,
            holds, "it reported 1006, not clean"},
        Row{"tcp_reset_as_fin", tcp, opened().upstream_reset(100).gateway_fin(101), 110, holds, "FIN"},
        Row{"http_invents_1000", http, opened().upstream_fin(100).gateway_close(101, 1000), 110, violated,
            "1000"},
        Row{"http_invents_1006", http, opened().upstream_fin(100).gateway_close(101, 1006), 110, violated,
            "1006"},
        Row{"http_stays_open", http, opened().upstream_fin(100), 1200, violated, "does not pass on the end"},
        Row{"http_not_yet", http, opened().upstream_fin(100), 500, pending, ""},
        Row{"peer_1014", peer, opened().upstream_reset(100).gateway_close(104, 1014), 110, holds,
            "it got Close 1014 after 4ms"},
        Row{"peer_1011", peer, opened().upstream_fin(100).gateway_close(104, 1011), 110, warned, "1011"},
        Row{"peer_drops_tcp", peer, opened().upstream_fin(100).gateway_fin(104), 110, warned, "FIN"},
        Row{"peer_1000", peer, opened().upstream_fin(100).gateway_close(104, 1000), 110, violated, "1000"},
        Row{"peer_4000", peer, opened().upstream_fin(100).gateway_close(104, 4000), 110, violated, "4000"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    FellSilent, GatewayColumns,
    testing::Values(
        Row{"http_idle_limit", http, opened().silence_behind(100).gateway_fin(2100), 2110, holds, "FIN"},
        Row{"http_too_early", http, opened().silence_behind(100).gateway_fin(1000), 1010, violated,
            "before its limit"},
        Row{"http_too_late", http, opened().silence_behind(100).gateway_fin(3200), 3210, violated,
            "too late"},
        Row{"http_never", http, opened().silence_behind(100), 3200, violated, "neither a Close nor"},
        Row{"http_activity_renews", http,
            opened().silence_behind(100).client_message(1500, "x").gateway_fin(3500), 3510, holds, "FIN"},
        Row{"http_client_gave_up", http, opened().silence_behind(100).client_fin(900), 910, holds, ""},
        Row{"peer_heartbeat_1014", peer, opened().silence_behind(100).gateway_close(500, 1014), 510, holds,
            "1014"},
        Row{"peer_heartbeat_1011", peer, opened().silence_behind(100).gateway_close(500, 1011), 510, warned,
            "1011"},
        Row{"peer_heartbeat_4000", peer, opened().silence_behind(100).gateway_close(500, 4000), 510, violated,
            "4000"},
        Row{"peer_never", peer, opened().silence_behind(100), 1700, violated, "neither a Close nor"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    Closed, GatewayColumns,
    testing::Values(
        Row{"http_passed", http, opened().upstream_close(100, 1001, "bye").gateway_close(101, 1001, "bye"),
            110, holds, "1001"},
        Row{"http_reason_dropped", http, opened().upstream_close(100, 1001, "bye").gateway_close(101, 1001),
            110, violated, "drops the reason"},
        Row{"peer_reason_dropped", peer, opened().upstream_close(100, 4000, "bye").gateway_close(101, 4000),
            110, violated, "drops the reason"},
        Row{"http_rewritten", http, opened().upstream_close(100, 1001).gateway_close(101, 1000), 110,
            violated, "1000"},
        Row{"http_swallowed", http, opened().upstream_close(100, 1001).gateway_fin(101), 110, violated,
            "FIN without a Close"},
        Row{"peer_cut", peer, opened().upstream_close(100, 4401).gateway_fin(101), 110, violated,
            "does not pass on close codes"},
        Row{"http_keeps_tcp_in_front", http, said_close_on_both_sides().upstream_fin(104), 1300, violated,
            "ends TCP to the client behind the gateway"},
        Row{"http_may_wait_for_its_upstream", http, said_close_on_both_sides(), 1300, holds, ""},
        Row{"http_ends_tcp_in_time", http, said_close_on_both_sides().upstream_fin(104).gateway_fin(500),
            1300, holds, ""},
        Row{"http_ends_tcp_late", http, said_close_on_both_sides().upstream_fin(104).gateway_fin(1400), 1500,
            violated, "too late"},
        Row{"http_has_time_to_end_tcp", http, said_close_on_both_sides().upstream_fin(104), 900, pending, ""},
        Row{"http_whose_client_was_first", http, said_close_on_both_sides().upstream_fin(104).client_fin(200),
            1300, holds, ""},
        Row{"peer_keeps_tcp_in_front", peer, said_close_on_both_sides(), 1300, violated,
            "leaves the end of TCP"},
        Row{"peer_same_class", peer, opened().upstream_close(100, 1001).gateway_close(101, 1012), 110, warned,
            "1012"},
        Row{"peer_4401_as_1011", peer, opened().upstream_close(100, 4401).gateway_close(101, 1011), 110,
            violated, "what clients are to do"},
        Row{"peer_4401_as_4000", peer, opened().upstream_close(100, 4401).gateway_close(101, 4000), 110,
            violated, "what clients are to do"},
        Row{"http_then_reset_lost", http,
            opened().upstream_close(100, 1011).upstream_reset(100).gateway_fin(101), 110, holds, "then RST"},
        Row{"peer_then_reset_1014", peer,
            opened().upstream_close(100, 1011).upstream_reset(100).gateway_close(101, 1014), 110, holds,
            "1014"},
        Row{"http_empty", http,
            opened().upstream_sends(100, Log::opcode(8)).gateway_sends(101, Log::opcode(8)), 110, holds,
            "empty Close"},
        Row{"peer_empty_as_1000", peer, opened().upstream_sends(100, Log::opcode(8)).gateway_close(101, 1000),
            110, holds, "1000"},
        Row{"peer_empty_as_4000", peer, opened().upstream_sends(100, Log::opcode(8)).gateway_close(101, 4000),
            110, violated, "4000"},
        Row{"http_1006_passed", http, opened().upstream_close(100, 1006).gateway_close(101, 1006), 110, holds,
            "1006"},
        Row{"peer_1006_passed", peer, opened().upstream_close(100, 1006).gateway_close(101, 1006), 110,
            violated, "passes on what no endpoint may send"},
        Row{"peer_1006_as_1014", peer, opened().upstream_close(100, 1006).gateway_close(101, 1014), 110,
            holds, "1014"},
        Row{"peer_2999_passed", peer, opened().upstream_close(100, 2999).gateway_close(101, 2999), 110,
            violated, "2999"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    IllegalFrames, GatewayColumns,
    testing::Values(
        Row{"http_passed", http,
            opened()
                .upstream_sends(100, Log::opcode(3), "reserved-opcode")
                .gateway_sends(101, Log::opcode(3), "reserved-opcode"),
            110, holds, "illegal frame"},
        Row{"http_swallowed", http, opened().upstream_sends(100, Log::opcode(3), "reserved-opcode"), 1200,
            violated, "neither a Close nor"},
        Row{"peer_1002", peer,
            opened().upstream_sends(100, Log::opcode(3), "reserved-opcode").gateway_close(101, 1002), 110,
            holds, "1002"},
        Row{"peer_passed", peer,
            opened()
                .upstream_sends(100, Log::opcode(3), "reserved-opcode")
                .gateway_sends(101, Log::opcode(3), "reserved-opcode"),
            1200, violated, "it got the illegal frame (reserved-opcode), as it came"},
        Row{"peer_4000", peer,
            opened().upstream_sends(100, Log::opcode(3), "reserved-opcode").gateway_close(101, 4000), 110,
            violated, "4000"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    Itself, GatewayColumns,
    testing::Values(
        Row{"killed", http, opened().process(100, ProcessChange::killed).gateway_fin(101), 110, holds,
            "the gateway was killed"},
        Row{"killed_and_open", http, opened().process(100, ProcessChange::killed), 1200, violated, "neither a Close nor"},
        Row{"workers_serve_on", http,
            opened().process(100, ProcessChange::killed).upstream_message(300, "x").gateway_message(301, "x"),
            1200, holds, ""},
        Row{"stopped_tunnel_1001", http,
            opened().process(100, ProcessChange::stopping).gateway_close(101, 1001), 110, holds, "1001"},
        Row{"stopped_tunnel_stays", http, opened().process(100, ProcessChange::stopping), 1200, holds, ""},
        Row{"stopped_peer_1012", peer,
            opened().process(100, ProcessChange::stopping).gateway_close(101, 1012), 110, holds, "1012"},
        Row{"stopped_peer_fin", peer, opened().process(100, ProcessChange::stopping).gateway_fin(101), 110,
            violated, "FIN"},
        Row{"stopped_peer_killed_in_its_grace", peer,
            opened().process(100, ProcessChange::stopping).process(600, ProcessChange::killed).gateway_fin(601), 700,
            State::inconclusive, "until it was killed after 500ms"},
        Row{"reloaded_drops", http, opened().process(100, ProcessChange::reloaded).gateway_fin(150), 160,
            violated, "before their time to drain"},
        Row{"reloaded_drained", http, opened().process(100, ProcessChange::reloaded).gateway_fin(3100), 3110,
            holds, "FIN"},
        Row{"reloaded_so_far", http, opened().process(100, ProcessChange::reloaded), 1000, pending, ""},
        Row{"reloaded_keeps", http, opened().process(100, ProcessChange::reloaded), 3000, holds, ""},
        Row{"reloaded_peer_with_a_ping_under_way", peer,
            opened()
                .process(100, ProcessChange::reloaded)
                .gateway_sends_behind(3090, Log::opcode(9))
                .gateway_close(3100, 1012),
            3110, holds, "1012"},
        Row{"reloaded_peer_4000", peer,
            opened().process(100, ProcessChange::reloaded).gateway_close(3100, 4000), 3110, violated, "4000"},
        Row{"frozen_waits", http, opened().process(90, ProcessChange::frozen).upstream_fin(100), 3000,
            pending, ""},
        Row{"frozen_and_thawed", http,
            opened()
                .process(90, ProcessChange::frozen)
                .upstream_fin(100)
                .process(3000, ProcessChange::thawed)
                .gateway_fin(3010),
            3020, holds, "FIN"},
        Row{"died", http, opened().process(100, ProcessChange::exited).gateway_fin(101), 110, violated,
            "process ended by itself"}),
    test_name);

// --- a gateway whose client fails

INSTANTIATE_TEST_SUITE_P(
    AtTheUpstream, GatewayColumns,
    testing::Values(
        Row{"http_fin_passed", http, opened().client_fin(100).gateway_fin_behind(101), 110, holds,
            "the upstream behind the gateway"},
        Row{"http_left_open", http, opened().client_fin(100), 1200, violated, "does not pass on the end"},
        Row{"peer_1001", peer,
            opened().client_fin(100).gateway_close_behind(101, 1001).gateway_fin_behind(102), 110, holds,
            "1001"},
        Row{"peer_1011", peer,
            opened().client_fin(100).gateway_close_behind(101, 1011).gateway_fin_behind(102), 110, warned,
            "1011"},
        Row{"peer_4000", peer,
            opened().client_fin(100).gateway_close_behind(101, 4000).gateway_fin_behind(102), 110, violated,
            "4000"},
        Row{"peer_left_open", peer, opened().client_fin(100), 1200, violated, "neither a Close nor"},
        Row{"http_close", http, opened().client_close(100, 4001, "x").gateway_close_behind(101, 4001, "x"),
            110, holds, "4001"},
        Row{"peer_close_rewritten", peer,
            opened().client_close(100, 1000).gateway_close_behind(101, 1001).upstream_fin(102), 110, violated,
            "1001"},
        Row{"peer_close_reason_dropped", peer,
            opened().client_close(100, 1000, "done").gateway_close_behind(101, 1000).upstream_fin(102), 110,
            violated, "drops the reason"},
        Row{"peer_close_unanswered", peer, opened().client_close(100, 1000).gateway_close_behind(101, 1000),
            1700, violated, "did not end TCP"},
        Row{"http_silence", http, opened().silence_in_front(100).gateway_fin_behind(2100), 2110, holds, ""},
        Row{"http_silence_never", http, opened().silence_in_front(100), 3200, violated, "neither a Close nor"},
        Row{"http_silence_early", http, opened().silence_in_front(100).gateway_fin_behind(1000), 1010,
            violated, "before its limit"},
        Row{"peer_ping_unanswered", peer,
            opened()
                .gateway_sends(100, Log::opcode(9))
                .gateway_close(400, 1011)
                .gateway_close_behind(401, 1001)
                .gateway_fin_behind(402),
            410, holds, "the client fell silent"},
        Row{"http_illegal_passed", http,
            opened()
                .client_sends(100, Log::opcode(3), "reserved-opcode")
                .gateway_sends_behind(101, Log::opcode(3), "reserved-opcode"),
            110, holds, ""},
        Row{"peer_illegal_1002", peer,
            opened().client_sends(100, Log::opcode(3), "reserved-opcode").gateway_close(101, 1002), 110,
            holds, ""},
        Row{"peer_illegal_passed", peer,
            opened()
                .client_sends(100, Log::opcode(3), "reserved-opcode")
                .gateway_sends_behind(101, Log::opcode(3), "reserved-opcode")
                .gateway_close(101, 1002),
            110, violated, "passes on what no endpoint may send"},
        Row{"peer_illegal_1011", peer,
            opened().client_sends(100, Log::opcode(3), "reserved-opcode").gateway_close(101, 1011), 110,
            violated, "1011"},
        Row{"peer_illegal_open", peer, opened().client_sends(100, Log::opcode(3), "reserved-opcode"), 1200,
            violated, "stays open"}),
    test_name);

// --- nothing fails

record::FrameSeen with_data(std::uint8_t opcode, std::string data) {
  record::FrameSeen frame = Log::opcode(opcode);
  frame.text = std::move(data);
  return frame;
}
GatewayLog pinged() { return opened().client_sends(100, with_data(9, "x")); }
/// The upstream has answered it.
GatewayLog passed_on() {
  return pinged().gateway_sends_behind(101, with_data(9, "x")).upstream_sends(102, with_data(10, "x"));
}
GatewayLog pinged_behind() { return opened().upstream_sends(100, with_data(9, "x")); }

// RFC 6455 5.5.2, 5.5.3: a peer answers pings itself, or passes them on to who does.
INSTANTIATE_TEST_SUITE_P(
    Pings, GatewayColumns,
    testing::Values(
        Row{"of_the_client_answered", peer, pinged().gateway_sends(101, with_data(10, "x")), 1500, holds, ""},
        Row{"of_the_client_not_answered", peer, pinged(), 1200, violated, "answers no ping"},
        Row{"of_the_client_so_far", peer, pinged(), 1000, pending, ""},
        Row{"of_the_client_other_data", peer, pinged().gateway_sends(101, with_data(10, "y")), 1200, violated,
            "by a pong with its data"},
        Row{"of_the_client_passed_on", peer, passed_on().gateway_sends(103, with_data(10, "x")), 1200, holds,
            ""},
        Row{"of_the_client_passed_on_without_the_pong", peer, passed_on(), 1200, violated, "answers no ping"},
        Row{"of_the_upstream_answered", peer, pinged_behind().gateway_sends_behind(101, with_data(10, "x")),
            1500, holds, ""},
        Row{"of_the_upstream_other_data", peer, pinged_behind().gateway_sends_behind(101, with_data(10, "y")),
            1200, violated, "the upstream"}),
    test_name);

INSTANTIATE_TEST_SUITE_P(
    Messages, GatewayColumns,
    testing::Values(Row{"passed_as_they_came", peer,
                        opened().upstream_message(100, "a").gateway_message(101, "a"), 110, holds, ""},
                    Row{"changed_by_a_peer", peer,
                        opened().upstream_message(100, "a").gateway_message(101, "b"), 110, violated,
                        "changes messages"},
                    Row{"changed_by_a_tunnel", http,
                        opened().client_message(100, "a").gateway_message_behind(101, "b"), 110, violated,
                        "changes messages"}),
    test_name);

// --- the tail, and who ended it

INSTANTIATE_TEST_SUITE_P(
    TailAndIdleness, GatewayColumns,
    testing::Values(
        Row{"tail_arrives", http,
            opened().upstream_message(100, "a").upstream_fin(100).gateway_message(101, "a").gateway_fin(102),
            110, holds, ""},
        Row{"tail_lost_at_fin", http, opened().upstream_message(100, "a").upstream_fin(100).gateway_fin(102),
            110, violated, "threw away"},
        Row{"tail_lost_at_close", peer,
            opened().upstream_message(100, "a").upstream_close(100, 1001).gateway_close(102, 1001), 110,
            violated, "threw away"},
        Row{"tail_lost_at_reset", http,
            opened().upstream_message(100, "a").upstream_reset(100).gateway_fin(102), 110, warned,
            "threw away"},
        Row{"tail_lost_at_close_and_reset", http,
            opened().upstream_message(100, "a").upstream_close(100, 1011).upstream_reset(100).gateway_fin(
                102),
            110, warned, "threw away"},
        Row{"kept_back_long_before_the_reset", http,
            opened().upstream_message(100, "a").upstream_reset(1200).gateway_fin(1202), 1210, violated,
            "threw away"},
        Row{"message_changed", http,
            opened().upstream_message(100, "a").gateway_message(101, "b").upstream_fin(102).gateway_fin(103),
            110, violated, "changes messages"},
        Row{"message_lost_before_another", peer,
            opened().upstream_message(100, "a").upstream_message(101, "b").gateway_message(102, "b"), 200, violated,
            "message 1 did not leave it"},
        Row{"messages_in_another_order", peer,
            opened().upstream_message(100, "a").upstream_message(101, "b").gateway_message(102, "b").gateway_message(103, "a"),
            200, violated, "message 1 left it behind one that had come later"},
        Row{"message_twice", peer,
            opened()
                .upstream_message(100, "a")
                .upstream_message(101, "b")
                .gateway_message(102, "a")
                .gateway_message(103, "a"),
            200, violated, "message 1 left it twice"},
        Row{"last_message_twice", peer,
            opened().upstream_message(100, "a").gateway_message(101, "a").gateway_message(102, "a"), 300, violated,
            "1 message had come, and the last left it twice"},
        Row{"log_does_not_know_the_question_yet", peer, opened().gateway_message(101, "a"), 150, holds, ""},
        // The client that leaves has nothing to do with what had come for it.
        Row{"message_changed_before_the_client_left", http,
            opened().upstream_message(100, "a").gateway_message(101, "b").client_close(200, 1000), 210, violated,
            "message 1 was changed"},
        Row{"tail_of_the_client_lost", http,
            opened().client_message(100, "a").client_fin(100).gateway_fin_behind(102), 110, violated,
            "threw away"},
        Row{"idle_limit_holds", http, opened().gateway_fin(2100), 2110, holds, "of silence"},
        Row{"idle_limit_too_early", http, opened().gateway_fin(1000), 1010, violated,
            "before its idle limit"},
        Row{"not_idle_at_all", http,
            opened().upstream_message(100, "a").gateway_message(101, "a").gateway_fin(150), 160, violated,
            "by itself"},
        Row{"idle_in_one_direction", http,
            opened().upstream_message(2000, "a").gateway_message(2001, "a").gateway_fin(2100), 2110, warned,
            "one direction"},
        Row{"peer_counts_messages_alone", peer,
            opened().upstream_sends(2000, ping()).client_sends(2000, ping()).gateway_close(2100, 1001), 2110,
            warned, "messages alone"},
        Row{"peer_counts_messages_alone_too_early", peer,
            opened().upstream_sends(1000, ping()).client_sends(1000, ping()).gateway_close(1100, 1001), 1110,
            violated, "by itself"},
        Row{"bytes_are_life_in_a_tunnel", http,
            opened()
                .upstream_sends(1950, ping())
                .gateway_sends(1951, ping())
                .client_sends(1952, ping())
                .gateway_sends_behind(1953, ping())
                .gateway_fin(2100),
            2110, violated, "by itself"},
        Row{"peer_closes_by_itself", peer, opened().gateway_close(100, 4000), 110, violated, "by itself"},
        Row{"open_and_sound", http, opened(), 1500, holds, "nothing broke"},
        Row{"kept_beyond_its_idle_limit", http, opened(), 5000, violated, "still open"}),
    test_name);

}  // namespace
}  // namespace wsfault::verdict::test
