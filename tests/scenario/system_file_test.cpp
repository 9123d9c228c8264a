// System files: every key, and the whole text of each error.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loading.hpp"
#include "scenario/render.hpp"

namespace wsfault::scenario {
namespace {

using Words = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string system_errors_of(std::string_view text) {
  Diagnostics diagnostics("system.toml", std::string(text));
  EXPECT_FALSE(load_system(text, "/systems/x", diagnostics));
  return diagnostics.print();
}

model::System system_of(std::string_view text) {
  Diagnostics diagnostics("system.toml", std::string(text));
  const std::optional<model::System> system = load_system(text, "/systems/x", diagnostics);
  EXPECT_EQ(diagnostics.print(), "");
  return system.value_or(model::System{});
}

TEST(SystemFile, OfAGatewayIsReadWhole) {
  const model::System system = system_of(R"(name = "nginx"
role = "gateway"
kind = "http"
start = ["nginx", "-p", "${dir}"]
env = { TOKEN = "x" }
cwd = "${dir}"
files = { "nginx.conf" = "nginx.conf.in" }
ready = { connect = "${listen}", within = "3s" }
stop = "SIGQUIT"
commands = { reload = ["nginx", "-s", "reload"], kill = "docker kill x" }
version = ["nginx", "-v"]
install = "apt-get install nginx-light"
share = true
upstreams = 2
[traits]
connect_limit = "2s"
idle_limit = "none"
final = [1008, "4400-4499"]
shoe_size = 42
[[known]]
scenario = "1014/early-hints"
outcome = "failed"
reason = "takes the 103 for the final answer"
)");
  EXPECT_EQ(system.name, "nginx");
  EXPECT_EQ(system.role, model::Role::gateway);
  EXPECT_EQ(system.kind, model::Kind::http);
  EXPECT_EQ(system.start, (Words{"nginx", "-p", "${dir}"}));
  EXPECT_EQ(system.environment, (Pairs{{"TOKEN", "x"}}));
  EXPECT_EQ(system.cwd, "${dir}");
  EXPECT_EQ(system.files, (Pairs{{"nginx.conf", "nginx.conf.in"}}));
  EXPECT_EQ(system.ready_kind, "connect");
  EXPECT_EQ(system.ready_target, "${listen}");
  EXPECT_EQ(system.ready_within, std::chrono::seconds(3));
  EXPECT_EQ(system.stop_signal, "SIGQUIT");
  EXPECT_EQ(system.commands.at("reload"), (Words{"nginx", "-s", "reload"}));
  EXPECT_EQ(system.commands.at("kill"), (Words{"sh", "-c", "docker kill x"}));
  EXPECT_EQ(system.version, (Words{"nginx", "-v"}));
  EXPECT_EQ(system.install, "apt-get install nginx-light");
  EXPECT_TRUE(system.share);
  EXPECT_EQ(system.upstreams, 2);
  EXPECT_EQ(system.traits.duration("connect_limit"), std::chrono::seconds(2));
  EXPECT_TRUE(system.traits.is_none("idle_limit"));
  EXPECT_EQ(system.traits.integer("shoe_size"), 42);
  ASSERT_EQ(system.known.size(), 1u);
  EXPECT_EQ(system.known[0].scenario, "1014/early-hints");
  EXPECT_EQ(system.folder, "/systems/x");
}

TEST(SystemFile, OfAClientSaysHowItReports) {
  const model::System system = system_of(R"(name = "node-ws"
role = "client"
start = "node client.js ${url} | cat"
report.close = '/closed: (?P<code>\d+)/'
report.open = "/^open/"
dialect = { hides_status = true, follows_redirects = true, refuses_codes = [1014] }
settable = ["heartbeat", "backoff"]
ready = { log = "/up/" }
)");
  EXPECT_EQ(system.start, (Words{"sh", "-c", "node client.js ${url} | cat"}));
  EXPECT_EQ(system.report, model::ReportMode::patterns);
  EXPECT_EQ(system.patterns.at("close").first_group("closed: 1006"), "1006");
  EXPECT_TRUE(system.patterns.at("open").search("open now"));
  EXPECT_TRUE(system.dialect.hides_status);
  EXPECT_TRUE(system.dialect.follows_redirects);
  EXPECT_EQ(system.dialect.refuses_codes, (std::vector<int>{1014}));
  EXPECT_EQ(system.settable, (Words{"heartbeat", "backoff"}));
  EXPECT_EQ(system.ready_kind, "log");
}

TEST(SystemFile, NamesTheSettingsThatRemedyACause) {
  const model::System system = system_of(R"(name = "nginx"
role = "gateway"
kind = "http"
start = ["nginx"]
[remedies]
gateway_idle_limit = "In nginx: proxy_read_timeout."
)");
  EXPECT_EQ(system.remedies.at("gateway_idle_limit"), "In nginx: proxy_read_timeout.");
  const std::string errors = system_errors_of(R"(name = "nginx"
role = "gateway"
kind = "http"
start = ["nginx"]
[remedies]
gateway_idle_limt = "In nginx: proxy_read_timeout."
)");
  EXPECT_NE(errors.find("system.toml:6:1: error:"), std::string::npos) << errors;
  EXPECT_NE(errors.find("did you mean \"gateway_idle_limit\"?"), std::string::npos) << errors;
}

TEST(SystemFile, DefaultsAreThoseOfThePage) {
  const model::System system = system_of("name = \"x\"\nrole = \"server\"\nstart = [\"x\"]\n");
  EXPECT_EQ(system.kind, model::Kind::none);
  EXPECT_EQ(system.report, model::ReportMode::automatic);
  EXPECT_EQ(system.stop_signal, "SIGTERM");
  EXPECT_EQ(system.upstreams, 1);
  EXPECT_FALSE(system.share);
}

TEST(BadSystemFile, NeedsNameRoleAndStart) {
  EXPECT_EQ(system_errors_of("share = true\n"), R"(system.toml:1:1: error: a system file needs `name`
  1 | share = true
    | ^
    = the name that reports show
system.toml:1:1: error: a system file needs `role`
  1 | share = true
    | ^
    = the seat it takes: client, gateway or server
system.toml:1:1: error: a system file needs `start`
  1 | share = true
    | ^
    = start = ["node", "client.js", "${url}"], commands.start, or the url of one that runs
)");
  EXPECT_EQ(system_errors_of("name = \"x\"\nrole = \"gateway\"\nstart = []\n"),
            R"(system.toml:1:1: error: a system file needs `kind`
  1 | name = "x"
    | ^
    = how the gateway works: tcp, http or websocket
system.toml:3:9: error: `start` is a command: a string for the shell or a list of words
  3 | start = []
    |         ^
)");
}

TEST(BadSystemFile, WhatBelongsToARunningSystemNeedsItsUrl) {
  EXPECT_EQ(system_errors_of(R"(name = "x"
role = "gateway"
kind = "http"
url = "ws://127.0.0.1:1"
headers = { A = 1 }
)"),
            R"(system.toml:4:7: error: a gateway that runs already needs `upstream_listen`
  4 | url = "ws://127.0.0.1:1"
    |       ^
    = where it looks for its upstreams: upstream_listen = ["127.0.0.1:9000"]
system.toml:5:17: error: a header field is a string, found an integer
  5 | headers = { A = 1 }
    |                 ^
)");
  EXPECT_EQ(system_errors_of(R"(name = "x"
role = "server"
start = "x"
ca_file = "ca.pem"
upstream_listen = ["127.0.0.1:1"]
)"),
            R"(system.toml:4:11: error: `ca_file` is of a system that runs already
  4 | ca_file = "ca.pem"
    |           ^
    = url = "wss://host:port/path"
system.toml:5:19: error: `upstream_listen` is of a system that runs already
  5 | upstream_listen = ["127.0.0.1:1"]
    |                   ^
    = url = "wss://host:port/path"
)");
  EXPECT_EQ(system_errors_of(R"(name = "x"
role = "client"
url = "ws://127.0.0.1:1"
)"),
            R"(system.toml:3:7: error: `url` is of a gateway or server that runs already
  3 | url = "ws://127.0.0.1:1"
    |       ^
    = a client needs to know where to connect: start, or commands.start and --listen
)");
}

TEST(BadSystemFile, EveryWrongValueIsExplained) {
  EXPECT_EQ(system_errors_of(R"(name = "x"
role = "client"
kind = "http"
start = 7
stp = "SIGTERM"
stop = "SIGTREM"
env = { TOKEN = 5 }
files = ["x"]
ready = { connect = "x", log = "up" }
commands = { relaod = ["x"] }
upstreams = 99
share = "yes"
dialect = { hide_status = true, refuses_codes = ["x"] }
settable = "heartbeat"
report.close = '/(/'
report.clse = '/x/'
[traits]
heartbeat = 5
heartbeat_timeout = "5"
max_connections = 0
max_message = "x"
final = ["4499-4400"]
backoff = { first = "1", factor = 0.5, max = "none", jitter = "some", min = "1s" }
[[known]]
scenario = "x"
outcome = "fail"
)"),
            R"(system.toml:3:8: error: only a gateway has a `kind`
  3 | kind = "http"
    |        ^
system.toml:4:9: error: "start" must be a string or a list of strings, found an integer
  4 | start = 7
    |         ^
system.toml:5:1: error: unknown key "stp" in a system file
  5 | stp = "SIGTERM"
    | ^
    = did you mean "stop"? allowed: ca_file, commands, cwd, defects, dialect, env, files, headers, install, kind, known, name, path, product, ready, remedies, report, role, server_field, settable, share, start, stop, subprotocols, tls, traits, upstream_listen, upstreams, url, version
system.toml:6:8: error: "stop" cannot be "SIGTREM"
  6 | stop = "SIGTREM"
    |        ^
    = did you mean "SIGTERM"? allowed: SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGKILL, SIGUSR1, SIGUSR2, SIGWINCH
system.toml:7:17: error: an environment variable is a string, found an integer
  7 | env = { TOKEN = 5 }
    |                 ^
system.toml:8:9: error: `files` is a table, found a list
  8 | files = ["x"]
    |         ^
system.toml:9:9: error: `ready` takes exactly one of connect, http, log
  9 | ready = { connect = "x", log = "up" }
    |         ^
system.toml:9:32: error: a pattern is a string between slashes, found "up"
  9 | ready = { connect = "x", log = "up" }
    |                                ^
    = '/closed: (?P<code>\d+)/'
system.toml:10:14: error: unknown key "relaod" in `commands`
  10 | commands = { relaod = ["x"] }
     |              ^
     = did you mean "reload"? allowed: freeze, kill, reload, start, stop, thaw
system.toml:11:13: error: "upstreams" must be between 0 and 9, found 99
  11 | upstreams = 99
     |             ^
system.toml:12:9: error: "share" must be true or false, found a string
  12 | share = "yes"
     |         ^
system.toml:13:13: error: unknown key "hide_status" in `dialect`
  13 | dialect = { hide_status = true, refuses_codes = ["x"] }
     |             ^
     = did you mean "hides_status"? allowed: follows_redirects, hides_status, refuses_codes
system.toml:13:50: error: `refuses_codes` is a list of close codes, 0 to 65535
  13 | dialect = { hide_status = true, refuses_codes = ["x"] }
     |                                                  ^
     = refuses_codes = [1014]
system.toml:15:16: error: not a regular expression (RE2): missing ): (
  15 | report.close = '/(/'
     |                ^
system.toml:16:8: error: unknown key "clse" in `report`
  16 | report.clse = '/x/'
     |        ^
     = did you mean "close"? allowed: close, error, message, open, reconnecting
system.toml:18:13: error: the trait `heartbeat` is a duration such as "250ms", or "none"; found 5
  18 | heartbeat = 5
     |             ^
system.toml:19:21: error: `heartbeat_timeout` = "5": a duration needs a unit, as in "250ms" or "2s"
  19 | heartbeat_timeout = "5"
     |                     ^
system.toml:20:19: error: the trait `max_connections` is a number from 1 up, or "none"; found 0
  20 | max_connections = 0
     |                   ^
system.toml:21:15: error: the trait `max_message` is a size such as "64KiB", or "none"; found "x"
  21 | max_message = "x"
     |               ^
system.toml:22:10: error: `final` lists codes from 0 to 65535, and ranges such as "4400-4499"
  22 | final = ["4499-4400"]
     |          ^
system.toml:23:21: error: `backoff.first` = "1": a duration needs a unit, as in "250ms" or "2s"
  23 | backoff = { first = "1", factor = 0.5, max = "none", jitter = "some", min = "1s" }
     |                     ^
system.toml:23:35: error: the trait `backoff.factor` is a number from 1 to 100, or "none"; found 0.5
  23 | backoff = { first = "1", factor = 0.5, max = "none", jitter = "some", min = "1s" }
     |                                   ^
system.toml:23:63: error: the trait `backoff.jitter` is "full" or "equal", or "none"; found "some"
  23 | backoff = { first = "1", factor = 0.5, max = "none", jitter = "some", min = "1s" }
     |                                                               ^
system.toml:23:71: error: unknown key "min" in `backoff`
  23 | backoff = { first = "1", factor = 0.5, max = "none", jitter = "some", min = "1s" }
     |                                                                       ^
     = did you mean "max"? allowed: factor, first, jitter, max
system.toml:24:1: error: [[known]] needs `reason`
  24 | [[known]]
     | ^
system.toml:26:11: error: "outcome" cannot be "fail"
  26 | outcome = "fail"
     |           ^
     = did you mean "failed"? allowed: failed, inconclusive, warned, error
)");
}

TEST(BadSystemFile, NamesAVariableThatThereIsNot) {
  const std::string errors = system_errors_of(R"(name = "x"
role = "client"
start = ["x", "${ulr}"]
env.SIZE = "${msize}"
env.HOME = "$${HOME}"
commands.kill = "docker kill ${container"
traits.msg_size = 5
)");
  EXPECT_THAT(errors,
              testing::HasSubstr("system.toml:3:15: error: unknown variable ${ulr}: did you mean \"url\"?"));
  EXPECT_THAT(errors, testing::HasSubstr("system.toml:4:12: error: unknown variable ${msize}"));
  EXPECT_THAT(errors, testing::HasSubstr("system.toml:6:17: error: a \"${\" without its \"}\""));
  EXPECT_THAT(errors, testing::Not(testing::HasSubstr("HOME")));
}

TEST(SystemFile, ItsDefectsAreChosenByATrait) {
  const model::System system = system_of(R"(name = "x"
role = "client"
start = ["x", "--defect=${defect}"]
[defects]
no-retry = "gives up"
no-pong = "answers no ping"
)");
  EXPECT_EQ(system.defects, (Pairs{{"no-retry", "gives up"}, {"no-pong", "answers no ping"}}));
  EXPECT_EQ(trait_variables(system.traits).at("defect"), "none");
}

TEST(BadSystemFile, TellsEachDefectInASentence) {
  EXPECT_EQ(system_errors_of("name = \"x\"\nrole = \"client\"\nstart = \"x\"\ndefects.no-retry = 5\n"),
            R"(system.toml:4:20: error: a defect is described in one sentence, found an integer
  4 | defects.no-retry = 5
    |                    ^
)");
  EXPECT_EQ(system_errors_of("name = \"x\"\nrole = \"client\"\nstart = \"x\"\ndefects = []\n"),
            R"(system.toml:4:11: error: `defects` is a table, found a list
  4 | defects = []
    |           ^
    = [defects] and below it no-retry = "what it does wrong, one sentence"
)");
}

TEST(BadSystemFile, ReportsInOneOfTheKnownWays) {
  EXPECT_EQ(system_errors_of("name = \"x\"\nrole = \"client\"\nstart = \"x\"\nreport = \"jsno\"\n"),
            R"(system.toml:4:10: error: "report" cannot be "jsno"
  4 | report = "jsno"
    |          ^
    = did you mean "json"? allowed: json, http, none, auto
)");
  EXPECT_EQ(system_errors_of("name = \"x\"\nrole = \"client\"\nstart = \"x\"\nreport.close = \"x\"\n"),
            R"(system.toml:4:16: error: a pattern is a string between slashes, found "x"
  4 | report.close = "x"
    |                ^
    = '/closed: (?P<code>\d+)/'
)");
}

TEST(Render, ReplacesEveryVariable) {
  const Result<std::string> rendered = render("ws://${host}:${port}/$x", {{"host", "::1"}, {"port", "80"}});
  ASSERT_TRUE(rendered);
  EXPECT_EQ(*rendered, "ws://::1:80/$x");
}

TEST(Render, LeavesWhatIsEscaped) {
  EXPECT_EQ(*render("$${HOME}/${port} $$x $${", {{"port", "80"}}), "${HOME}/80 $$x ${");
}

TEST(Render, NamesTheVariableThatThereIsNot) {
  EXPECT_EQ(render("${prot}", {{"port", "80"}}).error(),
            "unknown variable ${prot}: did you mean \"port\"? allowed: port");
  EXPECT_EQ(render("${port", {{"port", "80"}}).error(), "a \"${\" without its \"}\" in \"${port\"");
}

TEST(TraitVariables, AreFlatAndTheStandardOnesAlwaysThere) {
  model::Traits traits = ordinary_setting().system.traits;
  traits.values.emplace("final", Value(Value::Array{Value(1008), Value("4400-4499")}));
  const auto variables = trait_variables(traits);
  EXPECT_EQ(variables.at("heartbeat"), "200ms");
  EXPECT_EQ(variables.at("close_limit"), "none");
  EXPECT_EQ(variables.at("backoff.max"), "1s");
  EXPECT_EQ(variables.at("backoff.jitter"), "none");
  EXPECT_EQ(variables.at("backoff.factor"), "2");
  EXPECT_EQ(variables.at("final"), "1008,4400-4499");
  EXPECT_FALSE(variables.contains("backoff"));
}

}  // namespace
}  // namespace wsfault::scenario
