// A server whose trait `echoes` is true sends back what came, and nothing else.
#include <gtest/gtest.h>

#include <ostream>

#include "verdict/server_events.hpp"

namespace wsfault::verdict::test {
namespace {

constexpr auto holds = State::holds;
constexpr auto violated = State::violated;
constexpr auto pending = State::pending;

Case echo_case() {
  Case scenario = server_case();
  scenario.system.traits.values.emplace("echoes", Value(true));
  return scenario;
}

record::MessageSeen message(Tap tap, Side from, const std::string& text, std::uint8_t opcode = 1) {
  return {tap, from, 1, opcode, text.size(), text};
}
ServerEvents came(ServerEvents events, int at, const std::string& text) {
  return events.data(at, text.size(), 1).link(at, message(Tap::arrived, Side::client, text));
}
ServerEvents back(ServerEvents events, int at, const std::string& text, std::uint8_t opcode = 1) {
  return events.server(at, Log::opcode(opcode)).link(at, message(Tap::sent, Side::server, text, opcode));
}
ServerEvents opened() { return ServerEvents().open(0); }
ServerEvents asked() { return came(opened(), 50, "hello"); }

struct Row {
  std::string name;
  ServerEvents log;
  int now;  // ms
  State state;
  std::string says;  // is in `seen`
  Case scenario = echo_case();
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class Echoes : public testing::TestWithParam<Row> {};

TEST_P(Echoes, AreJudged) {
  const Row& row = GetParam();
  const Finding finding = judge_log(row.scenario, row.log, row.now);
  EXPECT_EQ(finding.state, row.state) << finding.expected << "\n" << finding.seen;
  EXPECT_NE(finding.seen.find(row.says), std::string::npos) << finding.seen;
}

// An explicit end replaces the opinion on the end; echoes are none.
TEST(Echoes, AreJudgedWhateverIsExpectedOfTheEnd) {
  Case scenario = echo_case();
  scenario.expectations.push_back(expects("close = 1000"));
  EXPECT_EQ(judge_log(scenario, back(asked(), 51, "llo"), 200).why, Cause::echo_differs);
  EXPECT_NE(judge_log(scenario, asked(), 200).state, violated) << "it may still come";
}

INSTANTIATE_TEST_SUITE_P(
    Server, Echoes,
    testing::Values(
        Row{"as_it_came", back(asked(), 51, "hello"), 200, holds, ""},
        Row{"a_part", back(asked(), 51, "llo"), 200, violated,
            "message 1 was text \"hello\", and text \"llo\" came back"},
        Row{"of_another_type", back(asked(), 51, "hello", 2), 200, violated, "binary of 5B came back"},
        Row{"twice", back(back(asked(), 51, "hello"), 52, "hello"), 200, violated, "1 message had come"},
        Row{"of_somebody_else", back(opened(), 51, "hello"), 200, violated, "0 messages had come"},
        Row{"before_the_log_knows_of_it", back(opened(), 51, "hello"), 60, pending, ""},
        Row{"another_order", back(back(came(asked(), 51, "again"), 52, "again"), 53, "hello"), 200, violated,
            "message 1"},
        Row{"not_so_far", asked(), 200, pending, ""},
        Row{"not_at_all", asked(), 5200, violated, "message 1, text \"hello\", did not come back"},
        Row{"not_once_its_client_closes",
            asked().client_close(60, 1000).server_close(61, 1000).server_fin(62), 200, holds, "1000"},
        Row{"a_part_before_a_close",
            back(asked(), 51, "llo").client_close(60, 1000).server_close(61, 1000).server_fin(62), 200,
            violated, "llo"},
        Row{"not_to_one_that_reads_no_more", asked().stall(60), 300, pending, ""},
        Row{"of_one_that_does_not_say_so", back(asked(), 51, "news"), 5200, holds, "", server_case()}),
    [](const testing::TestParamInfo<Row>& info) { return info.param.name; });

// One that sends what one client said to all.
TEST(EchoesTo, NobodyElse) {
  ServerEvents log = came(ServerEvents().of("one").open(0), 50, "hello");
  log = back(std::move(log), 51, "hello");
  log = back(std::move(log.of("other").open(10)), 52, "hello");
  const Finding finding = judge_log(echo_case(), log, 300);
  EXPECT_EQ(finding.state, violated);
  EXPECT_EQ(finding.why, Cause::echo_differs);
}

}  // namespace
}  // namespace wsfault::verdict::test
