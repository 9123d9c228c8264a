// Which connection behind a gateway belongs to which in front; retries; gateways that reach nobody; several
// clients; expectations that replace the oracle; remedies of a product.
#include <gtest/gtest.h>

#include "trace/observed.hpp"
#include "verdict/gateway_log.hpp"
#include "verdict/oracle/pairing.hpp"

namespace wsfault::verdict::test {
namespace {

using record::ProcessChange;
using trace::test::Observed;

constexpr auto tcp = model::Kind::tcp;
constexpr auto http = model::Kind::http;
constexpr auto peer = model::Kind::websocket;

/// For each client's connection the number of the last one behind it; 0: none, -1: undecided.
std::vector<int> matched(const GatewayLog& log, model::Kind kind = http) {
  std::vector<int> numbers;
  const auto trace = trace::Trace::of(log.events);
  for (const oracle::Pair& pair : oracle::pair_up(*trace, kind).pairs)
    numbers.push_back(pair.unclear ? -1 : pair.back ? pair.back->number() : 0);
  return numbers;
}
using Numbers = std::vector<int>;

/// Two clients wait; the gateway connects for the second first.
GatewayLog crossed(GatewayLog log) {
  log.client("a").request(0).client("b").request(1);
  log.behind(1).dial(2).client("a").behind(2).dial(3);
  return log;
}

std::vector<Finding> findings_of(const Case& scenario, const GatewayLog& log, int now, bool over = false) {
  return judge_appropriate(scenario, *trace::Trace::of(log.events), now * ms, over);
}

TEST(GatewayMatch, GoesByTheHeader) { EXPECT_EQ(matched(crossed({})), (Numbers{2, 1})); }

TEST(GatewayMatch, WithoutTheHeaderTwoThatWaitCannotBeTold) {
  const GatewayLog log = crossed(GatewayLog().without_header());
  EXPECT_EQ(matched(log), (Numbers{-1, -1}));
}

TEST(GatewayMatch, WithoutTheHeaderGoesByOrderWhereOneWaits) {
  GatewayLog log = GatewayLog().without_header();
  log.client("a").open(0).client("b").behind(2).open(10);
  EXPECT_EQ(matched(log), (Numbers{1, 2}));
}

TEST(GatewayMatch, TheOnlyClientHasThemAll) {
  GatewayLog log = GatewayLog().without_header();
  log.request(0).dial(1).upstream_fin(2).behind(2).dial(3);
  EXPECT_EQ(matched(log), Numbers{2});
}

TEST(GatewayMatch, ATcpGatewayConnectsBeforeTheRequest) {
  GatewayLog log = GatewayLog().without_header();
  log.front(0, record::Accepted{"x"}).dial_only(1);
  EXPECT_EQ(matched(log, tcp), Numbers{1});
}

TEST(GatewayMatch, AConnectionEndedBeforeItsRequestBelongsToTheOneThatWaits) {
  GatewayLog log;
  log.client("a").open(0).client("b").request(10).behind(2).dial_only(11).upstream_reset(12);
  EXPECT_EQ(matched(log), (Numbers{1, 2}));
}

TEST(GatewayMatch, OfRetriesTheLastCounts) {
  GatewayLog log = GatewayLog().request(0).dial(1).upstream_reset(2);
  log.behind(1, "green").dial(4).upstream_answers(5, 101).answers(6, 101);
  EXPECT_EQ(judge_log(gateway_case(http), log, 100).state, State::holds);
  EXPECT_EQ(oracle::pair_up(*trace::Trace::of(log.events), http).pairs.at(0).attempts, 2);
  GatewayLog failed = GatewayLog().request(0).dial(1).upstream_reset(2);
  failed.behind(2).dial(1800).upstream_reset(1801).answers(1803, 502);
  const Finding finding = judge_log(gateway_case(http), failed, 1900);
  EXPECT_EQ(finding.state, State::holds) << finding.seen;
  EXPECT_NE(finding.expected.find("(attempt 2)"), std::string::npos) << finding.expected;
}

TEST(GatewayMatch, WhatCannotBeToldIsInconclusiveOnceSomethingHappened) {
  GatewayLog log = crossed(GatewayLog().without_header());
  EXPECT_EQ(judge_log(gateway_case(http), log, 100).state, State::holds) << "nothing broke";
  log.upstream_fin(50);
  const Finding finding = judge_log(gateway_case(http), log, 100);
  EXPECT_EQ(finding.state, State::inconclusive);
  EXPECT_NE(finding.cause.find("Wsfault-Connection"), std::string::npos);
}

// --- the gateway reaches nobody, or not this way

TEST(GatewayAlone, NeverConnectedIsInconclusive) {
  const Finding finding = judge_log(gateway_case(http), GatewayLog().request(0).answers(3, 404), 10);
  EXPECT_EQ(finding.state, State::inconclusive);
  EXPECT_EQ(finding.seen, "the gateway never connected to the upstream; it answered 404 instead");
  EXPECT_NE(finding.cause.find("routes the request elsewhere"), std::string::npos);
}

TEST(GatewayAlone, WaitsForAConnection) {
  const GatewayLog log = GatewayLog().request(0);
  EXPECT_EQ(judge_log(gateway_case(http), log, 100).state, State::pending);
  EXPECT_EQ(judge_log(gateway_case(http), log, 2100).state, State::inconclusive);
}

TEST(GatewayAlone, AnErrorOfItsOwnIsViolated) {
  GatewayLog log = GatewayLog().client("a").open(0).client("b").request(10).answers(11, 503);
  const Finding finding = judge_log(gateway_case(http), log, 20);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_EQ(finding.seen, "the gateway did not try the upstream; it got 503 after 1ms");
}

TEST(GatewayAlone, AnErrorLongAfterAFailureIsRemembered) {
  GatewayLog log = GatewayLog().refused(0).client("a").request(1).answers(2, 502).served(10);
  log.client("b").request(2000).answers(2001, 502);
  const Finding finding = judge_log(gateway_case(http), log, 2010);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_NE(finding.cause.find("holds the backend for dead"), std::string::npos);
}

TEST(GatewayAlone, LosingTheUpgradeIsNamed) {
  GatewayLog log = GatewayLog().request(0).dial(1, false).upstream_answers(2, 426).answers(3, 426);
  const Finding finding = judge_log(gateway_case(http), log, 10);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_EQ(finding.seen,
            "the upstream got a plain HTTP request, and answered 426; the client behind the gateway: it got 426 after "
            "2ms");
  EXPECT_NE(finding.cause.find("drops the Upgrade and Connection headers"), std::string::npos);
}

/// As a link logs it: a plain request has a number of its own kind, and no accept.
TEST(GatewayAlone, LosingTheUpgradeIsNamedWithoutAnAcceptOfThePlainRequest) {
  GatewayLog log = GatewayLog().request(0).behind(-1);
  const wire::RequestHead plain{"GET", "/", 11, {{"Wsfault-Connection", "client-1"}}};
  log.back(1, record::RequestSeen{record::Tap::sent, plain, false, {}}).upstream_answers(2, 426).answers(3, 426);
  const Finding finding = judge_log(gateway_case(http), log, 10);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_NE(finding.cause.find("drops the Upgrade and Connection headers"), std::string::npos) << finding.cause;
}

TEST(GatewayAlone, AnUpgradeLostOnTheWayToItIsNotItsOwn) {
  GatewayLog log = GatewayLog().request(0, false).dial(1, false).upstream_answers(2, 426).answers(3, 426);
  EXPECT_EQ(judge_log(gateway_case(http), log, 10).state, State::holds);
}

// --- several clients, both closing, frozen upstreams

TEST(GatewayClients, OneBadBackendHarmsNoOther) {
  GatewayLog log = GatewayLog().client("a").open(0);
  log.client("b").behind(2).open(10);
  log.behind(1).upstream_fin(100).client("a").gateway_fin(101);
  EXPECT_EQ(judge_log(gateway_case(http), log, 200).state, State::holds);
  log.client("b").gateway_fin(102);
  const Finding finding = judge_log(gateway_case(http), log, 200);
  EXPECT_EQ(finding.state, State::violated);
  EXPECT_NE(finding.expected.find("the client \"b\""), std::string::npos) << finding.expected;
}

TEST(GatewayClients, BothCloseAtOnce) {
  const auto crossing = [](int to_client, int to_upstream) {
    GatewayLog log = GatewayLog().open(0);
    log.client_close(100, 4001).upstream_close(100, 4002);
    return log.gateway_close(101, to_client).gateway_close_behind(101, to_upstream);
  };
  EXPECT_EQ(judge_log(gateway_case(http), crossing(4002, 4001), 200).state, State::holds);
  EXPECT_EQ(judge_log(gateway_case(peer), crossing(4001, 4002), 200).state, State::warned);
  EXPECT_EQ(judge_log(gateway_case(peer), crossing(4002, 4003), 200).state, State::violated);
}

TEST(GatewayClients, AFrozenUpstreamIsSilentBehindAlone) {
  const GatewayLog log = GatewayLog().open(0).process(100, ProcessChange::frozen, "upstream");
  EXPECT_TRUE(Observed(log.events, {"front", "client", Side::client})[0].quiet.empty());
  EXPECT_EQ(Observed(log.events, {"back", "sut", Side::client})[0].quiet.size(), 1u);
  EXPECT_EQ(judge_log(gateway_case(http), log, 3200).state, State::violated);
}

TEST(GatewayClients, OneOfTwoFrozenUpstreamsSilencesNoOtherLink) {
  GatewayLog log = GatewayLog().open(0).behind(1, "green").dial(5);
  log.process(100, ProcessChange::frozen, "green");
  EXPECT_TRUE(Observed(log.events, {"back", "sut", Side::client})[0].quiet.empty());
  EXPECT_EQ(Observed(log.events, {"green", "sut", Side::client})[0].quiet.size(), 1u);
}

TEST(GatewayClients, AReportThatNamesItsConnectionIsOfThatOne) {
  GatewayLog log = GatewayLog().open(0);
  log.client("client", 2).behind(2).open(10);
  log.client("client", 1).reports_close(20, 1001);
  const Observed seen(log.events, {"front", "client", Side::client});
  EXPECT_EQ(seen[0].reports().closes.size(), 1u);
  EXPECT_TRUE(seen[1].reports().closes.empty());
}

// --- standing rules: bytes that are passed on are their sender's

std::vector<std::string> broken_rules(model::Kind kind, const GatewayLog& log) {
  std::vector<std::string> rules;
  for (const Finding& finding : judge_standing_rules(gateway_case(kind), *trace::Trace::of(log.events)))
    rules.push_back(finding.subject);
  return rules;
}
using Rules = std::vector<std::string>;

record::ViolationSeen reserved_code(Tap tap, Side from) {
  return {tap, from, 1, "close-code-reserved", "RFC 6455 7.4.1"};
}

TEST(GatewayStandingRules, AReservedCodeIsTheGatewaysUnlessItCameSo) {
  const std::string rule = "standing rule: close-code-reserved";
  GatewayLog passed = GatewayLog().open(0).upstream_close(100, 1006).gateway_close(101, 1006);
  passed.back(102, reserved_code(Tap::arrived, Side::server)).front(103, reserved_code(Tap::sent, Side::server));
  EXPECT_EQ(broken_rules(http, passed), Rules{});
  EXPECT_EQ(broken_rules(tcp, passed), Rules{});
  EXPECT_EQ(broken_rules(peer, passed), Rules{rule}) << "a peer answers for what it sends";
  GatewayLog made = GatewayLog().open(0).upstream_fin(100).gateway_close(101, 1006);
  made.front(102, reserved_code(Tap::sent, Side::server));
  EXPECT_EQ(broken_rules(http, made), Rules{rule});
  EXPECT_EQ(broken_rules(peer, made), Rules{rule});
}

// What a tunnel writes into the stream by itself is its own, whatever it is.
TEST(GatewayStandingRules, APageBehindThe101IsTheTunnels) {
  GatewayLog log = GatewayLog().open(0).upstream_fin(100);
  log.front(101, record::ViolationSeen{Tap::sent, Side::server, 1, "reserved-bits", "RFC 6455 5.2"});
  EXPECT_EQ(broken_rules(http, log), Rules{"standing rule: reserved-bits"});
}

TEST(GatewayStandingRules, HoldOnEveryLinkBehind) {
  GatewayLog log = GatewayLog().behind(1, "green").open(0);
  log.client_close(100, 1006).gateway_close_behind(101, 1006);
  log.back(102, reserved_code(Tap::sent, Side::client));
  EXPECT_EQ(broken_rules(peer, log), Rules{"standing rule: close-code-reserved"});
}

// --- what a scenario expects

TEST(GatewayExpectations, ReplaceTheOpinionOnThatParty) {
  GatewayLog log = GatewayLog().open(0).upstream_fin(100).gateway_close(101, 1000);
  Case scenario = gateway_case(http);
  scenario.expectations = {expects(R"(close = "any")")};
  EXPECT_TRUE(findings_of(scenario, log, 200).empty()) << "of the client, unless it says another";
  scenario.expectations = {expects(R"(close = "any")", "other")};
  EXPECT_EQ(judge_log(scenario, log, 200).state, State::violated);
  scenario.appropriate = false;
  EXPECT_TRUE(findings_of(scenario, log, 200).empty());
}

TEST(GatewayRemedies, NameTheSettingOfTheProduct) {
  Case scenario = gateway_case(http);
  scenario.system.remedies.emplace("gateway_idle_limit", "nginx: proxy_read_timeout.");
  const GatewayLog log = GatewayLog().open(0).gateway_fin(1000);
  const Judgement judgement = judge(scenario, log.events, 1100 * ms, false);
  ASSERT_FALSE(judgement.findings.empty());
  EXPECT_EQ(judgement.findings[0].remedy,
            "Send pings more often than that limit, or raise it. nginx: proxy_read_timeout.");
}

TEST(GatewayExplains, AnExpectationThatFailed) {
  Case scenario = gateway_case(http);
  scenario.expectations = {expects("status = 502")};
  const GatewayLog log = GatewayLog().refused(0).request(1).answers(2, 500);
  const Judgement judgement = judge(scenario, log.events, 8000 * ms, true);
  ASSERT_FALSE(judgement.findings.empty());
  EXPECT_FALSE(judgement.findings[0].cause.empty()) << judgement.findings[0].seen;
}

}  // namespace
}  // namespace wsfault::verdict::test
