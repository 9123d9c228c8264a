// Clients of ours that a case waits for.
#include <gtest/gtest.h>

#include "judge_log.hpp"

namespace wsfault::verdict {
namespace {

using namespace record;
using namespace judging;

PlayedClient client(int count = 1, std::string awaits = "", std::string start = "start") {
  return {"client", count, *fault::parse_moment(start), std::move(awaits)};
}

Case served(std::vector<PlayedClient> clients) {
  Case scenario;
  scenario.role = model::Role::server;
  scenario.appropriate = false;
  scenario.clients = std::move(clients);
  return scenario;
}

Log ready() { return Log().of(0, "", Ready{}); }

std::string opinion(const Case& scenario, const Log& log, bool is_over = false) {
  std::string text;
  for (const Finding& finding : judge_clients(scenario, *trace::Trace::of(log.events), is_over)) {
    text += finding.state == State::pending        ? "pending: "
            : finding.state == State::inconclusive ? "inconclusive: "
                                                   : "?";
    text += finding.subject + ": " + finding.expected + ": " + finding.seen;
  }
  return text;
}

TEST(JudgeClients, WaitForTheStartOfEach) {
  const Case scenario = served({client(1, "", "message 9")});
  EXPECT_EQ(opinion(scenario, ready()),
            "pending: client client: it starts at message 9: that has not come yet");
  EXPECT_EQ(opinion(scenario, ready(), over),
            "inconclusive: client client: it starts at message 9: that never came");
  const Judgement judgement = judge(scenario, ready().events, 0, over);
  EXPECT_EQ(judgement.outcome, Outcome::inconclusive);
  EXPECT_FALSE(judge(scenario, ready().events, 0, false).decided);
}

TEST(JudgeClients, WaitUntilAllHaveConnectedOrWereRefused) {
  const Case scenario = served({client(2)});
  Log log = ready();
  EXPECT_EQ(opinion(scenario, log), "pending: client client: it connects: 0 of 2 did");
  log.on(1, 1, Accepted{}, "link", "client");
  EXPECT_EQ(opinion(scenario, log, over), "inconclusive: client client: it connects: 1 of 2 did");
  log.of(2, "client", Report{.event = "error", .text = "refused"});
  EXPECT_EQ(opinion(scenario, log), "");
  EXPECT_EQ(opinion(served({client()}), ready(), over),
            "inconclusive: client client: it connects: it never did");
}

TEST(JudgeClients, WaitForWhatAScriptMustSee) {
  const Case scenario = served({client(1, "expect hello")});
  const Log begun = ready().on(1, 1, Accepted{}, "link", "client");
  EXPECT_EQ(opinion(scenario, begun), "pending: script of client: expect hello: it waits for that");
  EXPECT_EQ(opinion(scenario, begun, over),
            "inconclusive: script of client: expect hello: it still waited for that when the run ended");
  const Log further = Log(begun).on(2, 1, ScriptAwaits{"wait message 2"}, "link", "client");
  EXPECT_EQ(opinion(scenario, further), "pending: script of client: wait message 2: it waits for that");
  EXPECT_EQ(opinion(scenario, Log(further).on(3, 1, ScriptAwaits{}, "link", "client")), "");
}

TEST(JudgeClients, DoNotWaitForAScriptThatIsOver) {
  const Case scenario = served({client(1, "expect hello")});
  const Log begun = ready().on(1, 1, Accepted{}, "link", "client");
  EXPECT_EQ(opinion(scenario, Log(begun).on(2, 1, ScriptDone{}, "link", "client")), "");
  EXPECT_EQ(opinion(scenario, Log(begun).on(2, 1, ScriptFailed{"expect hello", "no"}, "link", "client")), "");
  EXPECT_EQ(opinion(scenario, Log(begun).on(2, 1, ConnectionOver{}, "link", "client")), "");
  EXPECT_EQ(opinion(scenario, Log(begun).on(2, 1, Report{.event = "error", .status = 503}, "link", "client")),
            "");
  const StreamEnded of_server{.tap = Tap::sent, .side = Side::server};
  const StreamEnded of_client{.tap = Tap::arrived, .side = Side::client};
  EXPECT_NE(opinion(scenario, Log(begun).on(2, 1, of_server, "link", "client")), "");
  EXPECT_EQ(opinion(scenario, Log(begun).on(2, 1, of_client, "link", "client")), "");
}

// What a fault may have struck is waited for as long as its own time, and nothing is said of it afterwards.
TEST(JudgeClients, SayNothingOfAScriptThatAFaultMayHaveStruck) {
  const Log begun = ready().on(1, 1, Accepted{}, "link", "client");
  const Case expects = served({client(1, "expect hello")});
  EXPECT_NE(opinion(expects, Log(begun).fire(2, 1)), "") << "it has its own end";
  EXPECT_EQ(opinion(expects, Log(begun).fire(2, 1), over), "");
  const Case waits = served({client(1, "wait message 2")});
  EXPECT_EQ(opinion(waits, Log(begun).fire(2, 1)), "");
  // The fault was there before it connected.
  const Log late = ready().fire(1, 1).on(2, 1, Accepted{}, "link", "client");
  EXPECT_NE(opinion(expects, late, over), "");
}

TEST(JudgeClients, WaitForTheEndOfAPause) {
  const Case pauses = served({client(1, "pause 1s")});
  const Log begun = ready().on(1, 1, Accepted{}, "link", "client");
  EXPECT_NE(opinion(pauses, begun), "");
  EXPECT_EQ(opinion(pauses, begun, over), "") << "a pause that the run cut short is nobody's lack";
}

TEST(JudgeClients, WaitForTheScriptsOfUpstreams) {
  const Case scenario = served({});
  const Log at = ready().on(1, 1, ScriptAwaits{"expect hi"}, "link", "upstream");
  EXPECT_EQ(opinion(scenario, at), "pending: script of an upstream: expect hi: it is at that");
  EXPECT_EQ(opinion(scenario, at, over), "");
  EXPECT_EQ(opinion(scenario, Log(at).on(2, 1, ScriptDone{}, "link", "upstream")), "");
  const StreamEnded end{.tap = Tap::arrived, .side = Side::server};
  EXPECT_EQ(opinion(scenario, Log(at).on(2, 1, end, "link", "sut")), "");
  EXPECT_EQ(opinion(scenario, ready().on(1, 1, ScriptAwaits{"wait message 9"}, "link", "upstream")), "")
      << "a moment may never come";
}

TEST(JudgeClients, DoNotMakeAFailureInconclusive) {
  const Case scenario = served({client(1, "", "message 9")});
  const Log log = ready().on(1, 1, ScriptFailed{"expect x", "no"}, "link", "other");
  const Judgement judgement = judge(scenario, log.events, 0, false);
  EXPECT_EQ(judgement.outcome, Outcome::failed);
  EXPECT_TRUE(judgement.decided);
}

}  // namespace
}  // namespace wsfault::verdict
