// The command line as a new user sees it: exit codes, errors with their place, reports.
#include <gtest/gtest.h>

#include <cstdlib>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

using testing::Test;

constexpr const char* crash = R"(
title = "The server crashes while a conversation is under way"
role  = "client"

[[fault]]
inject = "reset"
when   = "message 2"
)";

TEST(CommandLine, TheSmallestScenarioPasses) {
  Folder folder;
  const Finished run = run_program({"run", folder.write("crash.toml", crash), "-v"});
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_TRUE(has(run.out, "1 passed")) << run.out;
}

TEST(CommandLine, AWrongExpectationFailsWithTimelineCauseRemedyAndRepetition) {
  Folder folder;
  const std::string file =
      folder.write("wrong.toml", std::string(crash) + "\n[[expect]]\nclose = 1000\nwithin = \"1s\"\n");
  const Finished run = run_program({"run", file, "--seed", "7"});
  EXPECT_EQ(run.code, 1) << run.out;
  for (const char* part : {"1000", "1006", "RST", "--seed 7", "wrong.toml"})
    EXPECT_TRUE(has(run.out, part)) << part << "\n" << run.out;
}

TEST(CommandLine, AClientsUnknownVariableIsSaidBeforeTheRun) {
  const Finished run =
      run_program({"run", WSFAULT_SOURCE_DIR "/scenarios/1006", "--client", "client ${ulr}"});
  EXPECT_EQ(run.code, 2) << run.out;
  EXPECT_TRUE(has(run.out, "--client: unknown variable ${ulr}: did you mean \"url\"?")) << run.out;
}

TEST(Gateways, OneThatCannotStartIsAnErrorWithItsLastWords) {
  Folder folder;
  const std::string system = folder.write("system.toml", R"(name = "broken"
role  = "gateway"
kind  = "http"
start = "echo 'no such directive: lisen'; exit 1"
)");
  const Finished run = run_program({"run", "1014/backend-down", "--system", system});
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_TRUE(has(run.out, "the system ended before it was ready")) << run.out;
  EXPECT_TRUE(has(run.out, "no such directive: lisen")) << run.out;
}

TEST(Gateways, OneThatListensElsewhereIsNotReady) {
  Folder folder;
  const std::string system = folder.write("system.toml", R"(name = "elsewhere"
role  = "gateway"
kind  = "http"
start = "sleep 60"
ready = { connect = "${listen}", within = "300ms" }
)");
  const Finished run = run_program({"run", "1014/backend-down", "--system", system});
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_TRUE(has(run.out, "the system was not ready within 300ms: 127.")) << run.out;
}

TEST(Gateways, ASharedOneServesCaseAfterCase) {
  Folder folder;
  const std::string system = folder.write("system.toml", R"(name = "shared"
role  = "gateway"
kind  = "websocket"
share = true
start = ["PROGRAM", "reference", "gateway", "--kind", "websocket", "--listen", "${listen}", "--upstream", "${upstream}"]
)");
  std::string text = text_of(system);
  text.replace(text.find("PROGRAM"), 7, WSFAULT_PROGRAM);
  folder.write("system.toml", text);
  const Finished run =
      run_program({"run", "close/passes-an-empty-close", "1014/backend-closes-early", "gateway/killed",
                   "--system", system, "--set", "connect_limit=1s", "--set", "idle_limit=2s", "-v"});
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_TRUE(has(run.out, "3 passed")) << run.out;
  EXPECT_TRUE(has(run.out, "1 skipped")) << run.out;
}

TEST(CommandLine, TheFaultPageIsWhatTheCatalogueSays) {
  const Finished printed = run_program({"list", "faults", "--markdown"});
  EXPECT_EQ(printed.out, text_of(WSFAULT_SOURCE_DIR "/docs/faults.md"))
      << "wsfault list faults --markdown > docs/faults.md";
}

TEST(CommandLine, AFaultThatNeverFiresIsInconclusive) {
  Folder folder;
  const Finished run = run_program({"run", folder.write("never.toml", R"(
title = "A moment that does not come"
role  = "client"
deadline = "2s"

[[fault]]
inject = "reset"
when   = "message 5000"
)")});
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_TRUE(has(run.out, "inconclusive")) << run.out;
}

struct BadInput {
  const char* name;
  const char* text;
  std::vector<const char*> said;
};

class Rejects : public testing::TestWithParam<BadInput> {};

TEST_P(Rejects, WithPlaceAndNearestName) {
  Folder folder;
  const std::string file = folder.write("bad.toml", GetParam().text);
  const Finished run = run_program({"run", file});
  EXPECT_EQ(run.code, 2) << run.out;
  for (const char* part : GetParam().said)
    EXPECT_TRUE(has(run.out, part)) << "missing: " << part << "\n" << run.out;
}

INSTANTIATE_TEST_SUITE_P(
    BadInput, Rejects,
    testing::Values(
        BadInput{"UnknownKey",
                 "title = \"t\"\nrole = \"client\"\n[[fault]]\ninjct = \"reset\"\n",
                 {"bad.toml:4:1", "injct", "inject", "^"}},
        BadInput{"UnknownFault",
                 "title = \"t\"\nrole = \"client\"\n[[fault]]\ninject = \"rest\"\n",
                 {"bad.toml:4:10", "unknown fault \"rest\"", "reset"}},
        BadInput{
            "BadDuration",
            "title = \"t\"\nrole = \"client\"\n[[fault]]\ninject = \"latency\"\nlatency = \"5 parsecs\"\n",
            {"bad.toml:5:11", "latency"}},
        BadInput{"CannotHeal",
                 "title = \"t\"\nrole = \"client\"\n[[fault]]\ninject = \"reset\"\nlasts = \"1s\"\n",
                 {"bad.toml:5:9", "cannot heal"}},
        BadInput{"TwoKinds",
                 "title = \"t\"\nrole = \"client\"\n[[expect]]\nclose = 1006\nstatus = 502\n",
                 {"bad.toml:", "close", "status"}},
        BadInput{"UnknownMoment",
                 "title = \"t\"\nrole = \"client\"\n[[fault]]\ninject = \"reset\"\nwhen = \"mesage 2\"\n",
                 {"bad.toml:5:8", "mesage 2", "message"}},
        BadInput{"UndefinedVariable",
                 "title = \"t ${nonesuch}\"\nrole = \"client\"\n",
                 {"bad.toml:1:9", "nonesuch"}},
        BadInput{"NotToml", "title = \n", {"bad.toml:1"}},
        BadInput{"NotUtf8", "title = \"\xff\xfe\"\n", {"bad.toml:1"}}),
    [](const auto& info) { return info.param.name; });

TEST(CommandLine, AFolderWithoutScenariosIsAnError) {
  Folder folder;
  const Finished run = run_program({"run", folder.path().string()});
  EXPECT_EQ(run.code, 2) << run.out;
  EXPECT_TRUE(has(run.out, "there is no scenario")) << run.out;
}

TEST(CommandLine, ASystemThatDoesNotStartIsAnErrorWithItsOutput) {
  Folder folder;
  const std::string file = folder.write("crash.toml", crash);
  const Finished run = run_program({"run", file, "--client", "echo no such luck; exit 3"});
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_TRUE(has(run.out, "no such luck")) << run.out;
  EXPECT_TRUE(has(run.out, "exited with code 3")) << run.out;
}

TEST(CommandLine, AReportThatCannotBeWrittenIsSaidBeforeTheRun) {
  Folder folder;
  const Finished run =
      run_program({"run", folder.write("crash.toml", crash), "--junit", "/nonexistent/x.xml"});
  EXPECT_EQ(run.code, 2) << run.out;
  EXPECT_FALSE(has(run.out, "passed")) << run.out;
}

TEST(CommandLine, ALogIsJudgedAgainToTheSameVerdict) {
  Folder folder;
  const std::string file = folder.write("crash.toml", crash);
  const Finished run = run_program(
      {"run", file, "--log", folder.path() / "logs", "--log-all", "--json", folder.path() / "r.json"});
  ASSERT_EQ(run.code, 0) << run.out;
  EXPECT_TRUE(has(text_of(folder.path() / "r.json"), "\"outcome\"")) << text_of(folder.path() / "r.json");
  const Finished judged = run_program({"judge", folder.path() / "logs" / "crash.jsonl"});
  EXPECT_EQ(judged.code, 0) << judged.out;
}

TEST(CommandLine, WhatCameFromTheEnvironmentIsMasked) {
  Folder folder;
  ::setenv("WSFAULT_E2E_TOKEN", "very-secret-value", 1);
  const std::string file = folder.write("secret.toml", R"(
title = "A token that no report may show"
role  = "client"

[upstream]
steps = [{ send = "token ${env:WSFAULT_E2E_TOKEN}" }]

[[fault]]
inject = "reset"
when   = "message 1 done"

[[expect]]
close = 1000
)");
  const std::string json = folder.path() / "r.json";
  const Finished run = run_program({"run", file, "--json", json, "--log", folder.path() / "logs"});
  EXPECT_EQ(run.code, 1) << run.out;
  const std::string log = text_of(folder.path() / "logs" / "secret.jsonl");
  for (const std::string& text : {run.out, text_of(json), log}) {
    EXPECT_FALSE(has(text, "very-secret-value")) << text;
  }
  EXPECT_TRUE(has(log, "<env:WSFAULT_E2E_TOKEN>")) << log;
}

TEST(CommandLine, EverySubcommandHasHelpWithExamples) {
  for (const char* name :
       {"run", "check", "list", "explain", "prove", "judge", "merge", "schema", "proxy", "ctl", "upstream",
        "reference"}) {
    const Finished help = run_program({name, "--help"});
    EXPECT_EQ(help.code, 0) << name << help.out;
    EXPECT_TRUE(has(help.out, "Example")) << name << help.out;
  }
}

TEST(CommandLine, ListByItselfSaysWhatThereIs) {
  const Finished lists = run_program({"list"});
  EXPECT_EQ(lists.code, 0) << lists.out;
  for (const char* name : {"scenarios", "systems", "faults", "expectations", "moments"})
    EXPECT_TRUE(has(lists.out, std::string("wsfault list ") + name)) << lists.out;
  EXPECT_TRUE(has(lists.out, "the shipped scenarios: ")) << lists.out;
}

/// What a script passes whose variable is not set: the default in its place would test another system.
TEST(CommandLine, AnEmptyValueIsAnErrorAndNotTheDefault) {
  for (const char* option : {"--server", "--client", "--system", "--upstream", "--ca", "--listen",
                             "--advertise", "--shard", "--name", "--seed", "--json", "--log"}) {
    const Finished run =
        run_program({"run", WSFAULT_SOURCE_DIR "/scenarios/1006/server-crash.toml", option, ""});
    EXPECT_EQ(run.code, 2) << option << "\n" << run.out;
    EXPECT_TRUE(has(run.out, "its value is empty") || has(run.out, "--seed: \"\" is no whole number"))
        << run.out;
  }
  const Finished path = run_program({"run", ""});
  EXPECT_EQ(path.code, 2);
  EXPECT_TRUE(has(path.out, "its value is empty; leave it out for the default")) << path.out;
  EXPECT_EQ(run_program({"bench", "reconnect", "--fault", "reset", "--client", ""}).code, 2);
}

TEST(CommandLine, NumbersThatAreNoneAreErrors) {
  const std::string scenario = WSFAULT_SOURCE_DIR "/scenarios/1006/server-crash.toml";
  for (const char* seed : {"-1", " 1", "99999999999999999999999", "1x"}) {
    EXPECT_EQ(run_program({"run", scenario, "--seed", seed}).code, 2) << seed;
    EXPECT_EQ(run_program({"bench", "reconnect", "--fault", "reset", "--seed", seed}).code, 2) << seed;
  }
  for (const char* scale : {"nan", "inf", "0", "-1", "2x"})
    EXPECT_EQ(run_program({"run", scenario, "--timeout-scale", scale}).code, 2) << scale;
}

TEST(CommandLine, ProveRefusesADefectThatNoSystemHas) {
  const Finished unknown = run_program(
      {"prove", WSFAULT_SOURCE_DIR "/scenarios/1006/server-crash.toml", "--defect", "never-notice"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(has(unknown.out, "did you mean \"never-notices\"?")) << unknown.out;
  const Finished file = run_program(
      {"prove", WSFAULT_SOURCE_DIR "/scenarios/1006/server-crash.toml", "--compare", "no/such/file"});
  EXPECT_EQ(file.code, 2);
  EXPECT_TRUE(has(file.out, "--compare: cannot read no/such/file")) << file.out;
}

TEST(CommandLine, AnUnknownSubcommandNamesTheNearest) {
  const Finished run = run_program({"rum"});
  EXPECT_EQ(run.code, 2);
  EXPECT_TRUE(has(run.out, "run")) << run.out;
}

}  // namespace
}  // namespace wsfault::e2e
