// Standing rules: each with the bytes that break it, and with those of others that do not.
#include <gtest/gtest.h>

#include "verdict/oracle_log.hpp"

namespace wsfault::verdict::test {
namespace {

std::vector<std::string> broken(const Case& scenario, const Log& log) {
  std::vector<std::string> rules;
  for (const Finding& finding : judge_standing_rules(scenario, *trace::Trace::of(log.events))) {
    EXPECT_EQ(finding.state, State::violated);
    EXPECT_FALSE(finding.cause.empty());
    EXPECT_FALSE(finding.remedy.empty());
    rules.push_back(finding.subject);
  }
  return rules;
}
using Rules = std::vector<std::string>;

Case case_of(model::Role role, model::Kind kind = model::Kind::none) {
  Case scenario = client_case();
  scenario.role = role;
  scenario.system.kind = kind;
  return scenario;
}

TEST(StandingRules, HoldForASoundConversation) {
  Log log = Log().open(0).message(10, "a").client(11, Log::opcode(1)).ping(20).pong(21);
  log.server_close(30, 1000).client_close(31, 1000).client_fin(32);
  EXPECT_EQ(broken(client_case(), log), Rules{});
}

// Whatever the observer names in the system's own bytes fails, in every seat.
TEST(StandingRules, NameEveryViolationOfTheSystemsOwn) {
  for (const char* name : {"reserved-bits", "reserved-opcode", "unmasked-client-frame", "bad-utf8",
                           "close-code-reserved", "close-code-invalid", "close-body-one-byte",
                           "data-after-close", "second-close", "length-overflow"}) {
    const std::string rule = std::string("standing rule: ") + name;
    EXPECT_EQ(broken(client_case(), Log().open(0).client_violation(10, name)), Rules{rule});
    const record::ViolationSeen of_server{Tap::sent, Side::server, 1, name, "RFC 6455 5.2"};
    EXPECT_EQ(broken(case_of(model::Role::server), Log().open(0).link(10, of_server)), Rules{rule});
    EXPECT_EQ(broken(client_case(), Log().open(0).link(10, of_server)), Rules{}) << "that is the other end";
    EXPECT_EQ(broken(case_of(model::Role::server), Log().open(0).client_violation(10, name)), Rules{});
    EXPECT_EQ(broken(client_case(), Log().open(0).violation(10, name)), Rules{}) << "a fault made it";
  }
  EXPECT_EQ(broken(client_case(), Log().open(0).client_violation(10, "truncated-frame")), Rules{})
      << "that is an end";
}

// An error page behind the 101: "HTTP" makes the header of a frame, and what comes behind it is no frame either.
TEST(StandingRules, KnowAnHttpAnswerAndNothingBehindIt) {
  record::FrameSeen page{.from = Side::server, .fin = false, .rsv = 4, .opcode = 8};
  page.number = 1;
  page.length = 'T';
  page.code = 'T' << 8 | 'P';
  page.text = "/1.1 502 Bad Gateway\r\nContent-Type: text/html";
  const auto breaks = [](std::uint64_t frame, const char* what) {
    return record::ViolationSeen{Tap::sent, Side::server, frame, what, "RFC 6455 5.2"};
  };
  Log log = Log().open(0).link(10, breaks(1, "reserved-bits")).link(10, breaks(1, "fragmented-control"));
  log.link(11, page).link(12, breaks(2, "orphan-continuation"));
  const auto found = judge_standing_rules(case_of(model::Role::server), *trace::Trace::of(log.events));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].seen, "it wrote an HTTP answer into the open WebSocket: \"HTTP/1.1 502 Bad Gateway\"");
  EXPECT_EQ(found[0].why, Cause::answer_in_stream);
}

TEST(StandingRules, SayWhatTheCloseCarried) {
  record::FrameSeen close = Log::close_of(999, "");
  close.number = 1;
  const auto said = [](const Log& log) {
    return judge_standing_rules(client_case(), *trace::Trace::of(log.events)).at(0);
  };
  const Finding own = said(Log().open(0).client(10, close).client_violation(10, "close-code-invalid"));
  EXPECT_EQ(own.seen, "its frame 1 is illegal: close-code-invalid, Close 999 (an illegal code)");
  EXPECT_EQ(own.why, Cause::breaks_protocol);
  const Finding echoed = said(
      Log().open(0).server_close(5, 999).client(10, close).client_violation(10, "close-code-invalid"));
  EXPECT_EQ(echoed.why, Cause::illegal_code_echoed);
}

TEST(StandingRules, CoverTheHandshake) {
  record::RequestSeen request;
  request.flaws = std::vector<std::string>{"bad-key"};
  EXPECT_EQ(broken(client_case(), Log().add(0, {"link", "sut", 1}, record::Accepted{}).link(1, request)),
            Rules{"standing rule: request"});
  record::ResponseSeen answer;
  answer.head = wire::ResponseHead{101, "", 11, {}};
  answer.flaws = std::vector<std::string>{"wrong-accept"};
  EXPECT_EQ(broken(case_of(model::Role::server), Log().connect(0).link(1, answer)),
            Rules{"standing rule: answer"});
  EXPECT_EQ(broken(client_case(), Log().connect(0).link(1, answer)), Rules{});
  const record::NotHttp bytes{Tap::sent, Side::client, "SSH-2.0"};
  EXPECT_EQ(broken(client_case(), Log().add(0, {"link", "sut", 1}, record::Accepted{}).link(1, bytes)),
            Rules{"standing rule: not HTTP"});
}

/// In the handshake of the system, with the number of no frame.
record::ViolationSeen of_a_head(Side from, std::string name) {
  return {Tap::sent, from, 0, std::move(name), "RFC 9110 8.6"};
}

TEST(StandingRules, CoverWhatNoSenderMayWriteIntoAHead) {
  const Log of_server = Log().connect(0).link(1, of_a_head(Side::server, "content-length-in-1xx"));
  EXPECT_EQ(broken(case_of(model::Role::server), of_server), Rules{"standing rule: content-length-in-1xx"});
  EXPECT_EQ(broken(client_case(), of_server), Rules{});
  const Log of_client = Log().connect(0).link(1, of_a_head(Side::client, "folded-header"));
  const auto findings = judge_standing_rules(client_case(), *trace::Trace::of(of_client.events));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].seen, "its request is illegal: folded-header");
}

// RFC 9112 2.1
TEST(StandingRules, NameLinesThatEndInLfAlone) {
  const record::NotHttp bytes{Tap::sent, Side::client, "GET / HTTP/1.1\nHost: x\n\n"};
  const auto findings = judge_standing_rules(
      client_case(),
      *trace::Trace::of(Log().add(0, {"link", "sut", 1}, record::Accepted{}).link(1, bytes).events));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].seen, "the lines of its head end in LF alone");
}

// RFC 6455 4.1: "The nonce MUST be selected randomly for each connection."
TEST(StandingRules, AKeyIsFreshForEachConnection) {
  const auto with_key = [](Log& log, int number, int at) -> Log& {
    log.on(number).link(at, record::Accepted{"127.0.0.1:1"});
    return log.link(at,
                    record::RequestSeen{Tap::sent, {"GET", "/", 11, {{"Sec-WebSocket-Key", "a"}}}, true, {}});
  };
  Log again;
  with_key(with_key(again, 1, 0).reset(1), 2, 100);
  EXPECT_EQ(broken(client_case(), again), Rules{"standing rule: key"});
  EXPECT_EQ(broken(case_of(model::Role::server), again), Rules{}) << "those are clients of ours";
  for (const int status : {302, 401}) {
    Log same;
    with_key(with_key(same, 1, 0).answer(1, status), 2, 100);
    EXPECT_EQ(broken(client_case(), same), Rules{}) << status << ": the same handshake goes on";
  }
  Log refused;
  with_key(with_key(refused, 1, 0).answer(1, 503), 2, 100);
  EXPECT_EQ(broken(client_case(), refused), Rules{"standing rule: key"});
  Log anew;
  with_key(with_key(anew, 1, 0).process(50, record::ProcessChange::started), 2, 100);
  EXPECT_EQ(broken(client_case(), anew), Rules{}) << "its seed may be the same";
}

// RFC 6455 5.5.2: a ping may be sent "before the connection is closed"; 5.5.1: after both Closes it is.
TEST(StandingRules, NoPingFollowsBothCloses) {
  EXPECT_EQ(broken(client_case(), Log().open(0).server_close(10, 1000).client_close(11, 1000).ping(12)),
            Rules{"standing rule: ping-after-close"});
  EXPECT_EQ(broken(client_case(), Log().open(0).client_close(10, 1000).ping(12).server_close(13, 1000)),
            Rules{});
  EXPECT_EQ(broken(client_case(), Log().open(0).client_close(10, 1000).server_close(11, 1000).ping(12)),
            Rules{})
      << "it may not have read the peer's";
}

// RFC 6455 5.5.1
TEST(StandingRules, NoHalfAFrameFollowsItsClose) {
  const Log log = Log().open(0).client_close(10, 1000).client_violation(11, "truncated-frame").client_fin(11);
  const auto findings = judge_standing_rules(client_case(), *trace::Trace::of(log.events));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].seen, "half a frame came after its Close");
}

TEST(StandingRules, EachIsSaidOnce) {
  Log log = Log().open(0);
  for (int i = 0; i < 5; ++i) log.client_violation(10 + i, "unmasked-client-frame");
  EXPECT_EQ(broken(client_case(), log), Rules{"standing rule: unmasked-client-frame"});
}

Log twelve_attempts() {
  Log log;
  for (int i = 1; i <= 12; ++i) log.on(i).connect(i * 10).reset(i * 10 + 1);
  return log;
}

TEST(StandingRules, AStormIsOneWhateverIsExpected) {
  const Log log = twelve_attempts();
  const auto findings = judge_standing_rules(client_case(), *trace::Trace::of(log.events));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].subject, "standing rule: storm");
  EXPECT_EQ(findings[0].seen, "11 attempts in 100ms");
  EXPECT_EQ(findings[0].at, 110 * ms);
  EXPECT_EQ(findings[0].connection, 11);
  EXPECT_EQ(broken(case_of(model::Role::server), log), Rules{}) << "our own clients may storm a server";
}

// Where nothing is to be judged, only what is said to be one client or more can be a storm.
TEST(StandingRules, AStormOfAFleetIsOneByItsSize) {
  Case scenario = client_case();
  scenario.appropriate = false;
  EXPECT_EQ(broken(scenario, twelve_attempts()), Rules{});
  scenario.system.traits.values.emplace("instances", Value(1));
  EXPECT_EQ(broken(scenario, twelve_attempts()), Rules{"standing rule: storm"});
  scenario.system.traits.values.insert_or_assign("instances", Value(12));
  EXPECT_EQ(broken(scenario, twelve_attempts()), Rules{}) << "each of twelve has come once";
}

// Where the run may see attempts that find nobody, they count, reported or not, and each once.
TEST(StandingRules, RefusedAttemptsThatAreSeenCount) {
  Log log = Log().refused(0);
  for (int i = 1; i <= 6; ++i)
    log.add(i * 10, {"link", "sut", 0}, record::AttemptRefused{}).reports_error(i * 10 + 1);
  EXPECT_EQ(broken(client_case(), log), Rules{}) << "six, not twelve";
  for (int i = 7; i <= 12; ++i) log.add(i * 10, {"link", "sut", 0}, record::AttemptRefused{});
  EXPECT_EQ(broken(client_case(), log), Rules{"standing rule: storm"});
}

// Attempts that find nobody leave no trace on the wire; where they are reported, they count.
TEST(StandingRules, RefusedAttemptsThatAreReportedCount) {
  Log log = Log().refused(0);
  for (int i = 1; i <= 12; ++i) log.reports_error(i * 10);
  EXPECT_EQ(broken(client_case(), log), Rules{"standing rule: storm"});
}

}  // namespace
}  // namespace wsfault::verdict::test
