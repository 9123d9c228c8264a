// The examples of docs/scenarios.md load unchanged.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "fault/attributes_of.hpp"
#include "loading.hpp"

namespace wsfault::scenario {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view the_smallest = R"x(title = "The server crashes while a conversation is under way"
role  = "client"

[[fault]]
inject = "reset"
when   = "message 2"
)x";

constexpr std::string_view said_in_full =
    R"x(title    = "The server crashes while a conversation is under way"
role     = "client"                      # client | gateway | server: the seat of the system under test
tags     = ["1006", "tcp"]
spec     = ["RFC 6455 7.1.5"]            # shown in reports
deadline = "10s"                         # the whole scenario; default: the largest bound + 5 s, at least 10 s. Undecided by then: failed, never passed
tls      = false                         # true, "front" or "back": wss:// on those links, certificates made for the run (${ca_file}); "passthrough": the link leaves it closed
appropriate = true                       # false silences the oracle; isolate = true: a network of its own
refutes  = ["never-notices", "wrong-code"]  # defects of the reference system on which this scenario must fail

[[fault]]
inject = "reset"                         # a name of the catalogue (faults.md); its attributes follow
at     = "link"                          # see Parties
when   = "message 2"                     # a moment: see below

[[expect]]
close  = 1006                            # what: exactly one of the kinds below
within = "1s"                            # after the fault

[[expect]]
reconnect = true
within    = "5s"
)x";

constexpr std::string_view heartbeat_keeps_alive =
    R"x(title   = "A heartbeat shorter than the firewall's limit keeps the connection alive"
role    = "client"
refutes = ["no-heartbeat"]

[system]
heartbeat = "300ms"

[[fault]]
inject = "idle_kill"
idle   = "4 * ${heartbeat}"
end    = "none"

[[expect]]
never = { fault = "idle_kill" }
for   = "10 * ${heartbeat}"

[[expect]]
never = { close = "any" }
for   = "10 * ${heartbeat}"
)x";

constexpr std::string_view backend_hangs =
    R"x(title = "The backend hangs: the gateway answers in its time limit, not before and not long after"
role  = "gateway"

[[fault]]
inject = "accept_hang"

[[expect]]
status     = [502, 504]
not_before = "0.8 * ${response_limit}"
within     = "2 * ${response_limit} + 1s"
)x";

constexpr std::string_view accepted_and_closed =
    R"x(title   = "Accepted and closed at once: a connection that lived no time does not reset the backoff"
role    = "client"
refutes = ["backoff-resets-on-open", "no-backoff"]

[[fault]]
inject      = "close"
code        = 1011
when        = "open"
connections = "all"

[[expect]]
reconnect = { attempts = ">=6", backoff = "exponential" }
within    = "6 * ${backoff.max} + 5s"
)x";

constexpr std::string_view token_expires =
    R"x(title = "The token expires: after 4001 the client fetches another and comes back with it"
role  = "client"

[upstream]
steps = [{ on = "http /api.refresh/", steps = [{ respond = 200, body = '{"token":"new"}' }] }]

[[upstream.session]]
connection = 1
steps      = [{ wait = "300ms" }, { close = 4001, reason = "token expired" }]

[[expect]]
request    = { path = "/token=new/" }
connection = 2
since      = { moment = "close", connection = 1 }
within     = "5s"
)x";

constexpr std::string_view reload =
    R"x(title = "A reload ends no connection before the drain time is over, and serves new ones meanwhile"
role  = "gateway"

[[fault]]
name   = "deploy"
inject = "restart"
at     = "sut"
when   = "message 5"

[[client]]
name  = "old"
steps = [{ repeat = 100, steps = [{ send = "tick" }, { expect = "tick" }, { wait = "100ms" }] }]

[[client]]
name  = "new"
start = "fault deploy"
steps = [{ send = "tick" }, { expect = "tick" }, { close = 1000 }]

[[expect]]
of    = "old"
never = { close = "any" }
since = "fault deploy"
for   = "0.9 * ${drain}"

[[expect]]
of    = "new"
close = 1000
)x";

constexpr std::string_view one_client_that_sends_garbage =
    R"x(title   = "One client that sends garbage harms no other"
role    = "server"
refutes = ["dies-on-bad-frame", "blocks-others"]

[[client]]
name  = "villain"
steps = [{ frame = { opcode = 3, payload = "x" } }, { wait = "200ms" }, { raw = { hex = "ffffffff" } }]

[[client]]
name  = "citizen"
count = 20
steps = [{ repeat = 50, steps = [{ send = "hello" }, { expect = "hello" }] }, { close = 1000 }]

[[expect]]
of    = "citizen"
close = 1000

[[expect]]
of    = "villain"
close = [1002, 1006]
)x";

/// The client of scenarios.md: with every trait that its examples use.
Setting client_setting() {
  Setting setting = ordinary_setting();
  setting.system.report = model::ReportMode::json;
  return setting;
}

TEST(Example, TheSmallestScenarioNeedsNoExpectation) {
  const LoadedCase one = case_of(the_smallest, client_setting());
  EXPECT_EQ(one.skip, "");
  EXPECT_TRUE(one.judged.appropriate);
  ASSERT_EQ(one.judged.faults.size(), 1u);
  EXPECT_EQ(one.judged.faults[0].name, "reset");
  EXPECT_EQ(one.judged.faults[0].at, "link");
  EXPECT_EQ(fault::to_string(one.judged.faults[0].when), "message 2");
  EXPECT_TRUE(one.judged.expectations.empty());
}

TEST(Example, SaidInFull) {
  const LoadedCase one = case_of(said_in_full, client_setting());
  EXPECT_EQ(one.scenario.tags, (std::vector<std::string>{"1006", "tcp"}));
  EXPECT_EQ(one.scenario.deadline, seconds(10));
  EXPECT_EQ(one.scenario.refutes.size(), 2u);
  EXPECT_EQ(one.judged.expectations.size(), 2u);
}

TEST(Example, AHeartbeatShorterThanTheFirewallsLimit) {
  const LoadedCase one = case_of(heartbeat_keeps_alive, client_setting());
  EXPECT_EQ(one.skip, "");
  EXPECT_EQ(attributes_of(one.judged.faults.at(0)), "idle=1200000000ns renewed_by=any scale=1");
  EXPECT_EQ(one.judged.expectations.at(0).lasting, seconds(3));
  EXPECT_EQ(one.judged.expectations[0].what.key, "fault");
}

TEST(Example, ABackendThatHangsBehindAGateway) {
  Setting setting;
  setting.system.name = "nginx";
  setting.system.role = model::Role::gateway;
  setting.system.traits.values.emplace("response_limit", Value("2s"));
  const LoadedCase one = case_of(backend_hangs, setting);
  EXPECT_EQ(one.judged.faults.at(0).at, "back");
  EXPECT_EQ(one.judged.expectations.at(0).not_before, milliseconds(1600));
  EXPECT_EQ(one.judged.expectations.at(0).within, seconds(5));
  EXPECT_EQ(one.scenario.clients.size(), 1u);
  EXPECT_EQ(one.scenario.upstreams.size(), 1u);
}

TEST(Example, AcceptedAndClosedAtOnce) {
  const LoadedCase one = case_of(accepted_and_closed, client_setting());
  EXPECT_EQ(one.judged.faults.at(0).connections.text, "all");
  EXPECT_EQ(one.judged.expectations.at(0).within, seconds(11));
}

TEST(Example, TheTokenExpires) {
  const LoadedCase one = case_of(token_expires, client_setting());
  const model::Upstream& upstream = one.scenario.upstreams.at(0);
  ASSERT_EQ(upstream.sessions.size(), 1u);
  EXPECT_EQ(upstream.sessions[0].connection, 1);
  EXPECT_EQ(upstream.sessions[0].steps.size(), 2u);
  EXPECT_EQ(one.judged.expectations.at(0).connection, 2);
}

/// With `restart`, until the catalogue has `reload`.
TEST(Example, AReload) {
  Setting setting;
  setting.system.role = model::Role::gateway;
  setting.system.traits.values.emplace("drain", Value("2s"));
  const LoadedCase one = case_of(reload, setting);
  EXPECT_EQ(one.judged.faults.at(0).name, "deploy");
  EXPECT_TRUE(one.judged.faults.at(0).on_party);
  ASSERT_EQ(one.scenario.clients.size(), 2u);
  EXPECT_EQ(one.scenario.clients[1].start.name, "deploy");
  EXPECT_EQ(one.judged.expectations.at(0).lasting, milliseconds(1800));
}

TEST(Example, OneClientThatSendsGarbage) {
  Setting setting;
  setting.system.role = model::Role::server;
  const LoadedCase one = case_of(one_client_that_sends_garbage, setting);
  ASSERT_EQ(one.scenario.clients.size(), 2u);
  EXPECT_EQ(one.scenario.clients[1].count, 20);
  EXPECT_TRUE(one.scenario.upstreams.empty());
}

/// The ```toml blocks of a page, in order.
std::vector<std::string> toml_blocks(const std::string& page) {
  constexpr std::string_view opening = "```toml\n";
  std::vector<std::string> blocks;
  for (std::size_t at = page.find(opening); at != std::string::npos; at = page.find(opening, at)) {
    at += opening.size();
    blocks.push_back(page.substr(at, page.find("```", at) - at));
  }
  return blocks;
}

// docs/protocols.md: scenarios begin with their title, system files with their name, all other blocks with
// "fragment".
TEST(Examples, OfTheProtocolsPageLoad) {
  std::ifstream in(WSFAULT_SOURCE_DIR "/docs/protocols.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  int scenarios = 0;
  int systems = 0;
  for (const std::string& block : toml_blocks(page)) {
    Diagnostics diagnostics("protocols.md", block);
    if (block.starts_with("title")) {
      ++scenarios;
      EXPECT_EQ(load_scenario("x", ordinary_setting(), block, diagnostics).size(), 1u);
    } else if (block.starts_with("name")) {
      ++systems;
      EXPECT_TRUE(load_system(block, "/systems/x", diagnostics));
    } else {
      EXPECT_TRUE(block.starts_with("# fragment")) << block;
    }
    EXPECT_EQ(diagnostics.print(), "");
  }
  EXPECT_EQ(scenarios, 2);
  EXPECT_EQ(systems, 1);
}

}  // namespace
}  // namespace wsfault::scenario
