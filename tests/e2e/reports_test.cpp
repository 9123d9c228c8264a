// Reports, logs, shards and budgets of the program: what is written where, and what is refused before the
// run.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <set>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

constexpr const char* passes = R"(title = "Passes"
role  = "client"
[[fault]]
inject = "reset"
when   = "message 2"
)";

constexpr const char* fails = R"(title = "Fails"
role  = "client"
[[fault]]
inject = "reset"
when   = "message 2"

[[expect]]
close  = 1000
within = "1s"
)";

std::set<std::string> names_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

/// Sets an environment variable until it is destroyed.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Environment() { ::unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
};

TEST(Logs, AreOfCasesThatAreNoPassWithWhatTheSystemPrinted) {
  Folder folder;
  folder.write("all/passes.toml", passes);
  folder.write("all/fails.toml", fails);
  const std::string client =
      std::string("echo going; echo wrong >&2; exec ") + WSFAULT_PROGRAM + " reference client --url ${url}";
  const std::filesystem::path log = folder.path() / "log";
  const Finished run = run_program({"run", folder.path() / "all", "--client", client, "--log", log});
  EXPECT_EQ(run.code, 1) << run.out;
  EXPECT_EQ(names_in(log), (std::set<std::string>{"fails.jsonl", "fails.stdout.txt", "fails.stderr.txt"}));
  EXPECT_TRUE(has(text_of(log / "fails.stdout.txt"), "going\n{\"event\":\"open\""))
      << text_of(log / "fails.stdout.txt");
  EXPECT_EQ(text_of(log / "fails.stderr.txt"), "wrong\n");
  const Finished judged = run_program({"judge", log / "fails.jsonl"});
  EXPECT_EQ(judged.code, 1) << judged.out;
  const Finished all =
      run_program({"run", folder.path() / "all", "--log", folder.path() / "every", "--log-all"});
  EXPECT_EQ(all.code, 1) << all.out;
  EXPECT_EQ(names_in(folder.path() / "every").count("passes.jsonl"), 1U);
}

TEST(Reports, OfAPipeWaitForItsReaderAndNotForEver) {
  Folder folder;
  const std::string scenario = folder.write("passes.toml", passes);
  const std::string pipe = (folder.path() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const Finished unread = run_program({"run", scenario, "--json", pipe});
  EXPECT_EQ(unread.code, 3);
  EXPECT_TRUE(has(unread.out, "cannot write " + pipe + ": nobody reads this pipe")) << unread.out;
  const std::string copy = (folder.path() / "copy.json").string();
  const std::string shell = "cat '" + pipe + "' >'" + copy + "' & '" + WSFAULT_PROGRAM + "' run '" +
                            scenario + "' --json '" + pipe + "' >/dev/null && wait";
  EXPECT_EQ(std::system(shell.c_str()), 0);
  EXPECT_TRUE(text_of(copy).ends_with("}\n")) << text_of(copy);
}

TEST(Reports, AreNotAlsoTheFolderOfTheLogs) {
  Folder folder;
  const std::string both = (folder.path() / "both").string();
  const Finished run =
      run_program({"run", folder.write("passes.toml", passes), "--log", both, "--json", both});
  EXPECT_EQ(run.code, 2);
  EXPECT_TRUE(has(run.out, "--log and --json are the same: " + both)) << run.out;
  EXPECT_FALSE(std::filesystem::exists(both));
}

TEST(Github, AnnotatesTheLineAndAppendsToTheStepsSummary) {
  Folder folder;
  const std::string page = folder.write("summary.md", "of the step before\n");
  const std::string file = folder.write("chaos/fails.toml", fails);
  const Environment summary("GITHUB_STEP_SUMMARY", page);
  const Environment workspace("GITHUB_WORKSPACE", folder.path());
  const Finished run = run_program({"run", file, "--github", "--seed", "7"});
  EXPECT_EQ(run.code, 1) << run.out;
  EXPECT_TRUE(
      has(run.out,
          "\n::error file=chaos/fails.toml,line=7,title=fails failed%3A expect close = 1000::expected: "))
      << run.out;
  EXPECT_EQ(text_of(page).find("of the step before\n## wsfault: 1 of 1 case needs a look\n"), 0U)
      << text_of(page);
  const Finished quiet = run_program({"run", file});
  EXPECT_FALSE(has(quiet.out, "::error")) << quiet.out;
}

/// A secret with characters that formats escape, in a case that fails, in every report.
TEST(Reports, MaskASecretThatFormatsEscapeAndStayWellFormed) {
  Folder folder;
  const std::string secret = "a\"b<c>&d%e\\f";
  const Environment token("WSFAULT_E2E_SECRET", secret);
  const std::string file = folder.write("secret.toml", R"(title = "A token that no report may show"
role  = "client"
[upstream]
steps = [{ send = "token ${env:WSFAULT_E2E_SECRET}" }]
[[fault]]
inject = "reset"
when   = "message 1 done"
[[expect]]
close = 1000
)");
  const auto at = [&](const char* name) { return (folder.path() / name).string(); };
  const Finished run = run_program({"run", file, "--github", "--json", at("r.json"), "--junit", at("r.xml"),
                                    "--summary", at("r.md"), "--log", at("log")});
  EXPECT_EQ(run.code, 1) << run.out;
  const std::string log = text_of(folder.path() / "log" / "secret.jsonl");
  for (const std::string& text :
       {run.out, text_of(at("r.json")), text_of(at("r.xml")), text_of(at("r.md")), log}) {
    EXPECT_FALSE(has(text, "a\"b") || has(text, "a\\\"b") || has(text, "a&quot;b") || has(text, "&amp;d") ||
                 has(text, "&#38;d"))
        << text;
    EXPECT_TRUE(has(text, "env:WSFAULT") && has(text, "SECRET")) << text;
  }
  EXPECT_EQ(run_program({"merge", at("r.json")}).code, 1);
  EXPECT_EQ(run_program({"merge", at("r.xml")}).code, 1);
}

/// Commands that have run no case yet, and commands that read results.
TEST(Reports, MaskASecretInErrorsListsAndWhatIsReadAgain) {
  Folder folder;
  const Environment token("WSFAULT_E2E_SECRET", "so\"sec\\ret<x>");
  const std::string wrong = folder.write("wrong.toml", R"(title = "Wrong"
role  = "client"
[[fault]]
inject = "reset"
after  = "${env:WSFAULT_E2E_SECRET}"
)");
  for (const char* subcommand : {"run", "check"}) {
    const Finished run = run_program({subcommand, wrong});
    EXPECT_EQ(run.code, 2) << run.out;
    EXPECT_FALSE(has(run.out, "sec\\") || has(run.out, "ret<x>")) << run.out;
    EXPECT_TRUE(has(run.out, "wrong.toml:5:10: error: ") && has(run.out, "<env:WSFAULT_E2E_SECRET>"))
        << run.out;
  }
  const std::string said = folder.write("said.toml", R"(title = "${env:WSFAULT_E2E_SECRET}"
role  = "client"
[each]
token = ["${env:WSFAULT_E2E_SECRET}"]
[upstream]
steps = [{ send = "${token}" }]
[[fault]]
inject = "reset"
when   = "message 1 done"
[[expect]]
log    = "/never ${token}/"
within = "500ms"
)");
  const auto at = [&](const char* name) { return (folder.path() / name).string(); };
  // The client prints the secret in three encodings: JSON, a URL, and a Basic header.
  const std::string client =
      std::string(
          R"(echo 'so\"sec\\ret<x> so%22sec%5Cret%3Cx%3E' $(printf 'me:%s' "$WSFAULT_E2E_SECRET" | base64); exec )") +
      WSFAULT_PROGRAM + " reference client --url ${url}";
  const Finished run = run_program(
      {"run", said, "--client", client, "--json", at("r.json"), "--junit", at("r.xml"), "--log", at("log")});
  EXPECT_EQ(run.code, 1) << run.out;
  std::string all = run.out + text_of(at("r.json")) + text_of(at("r.xml"));
  for (const std::string& name : names_in(at("log"))) all += text_of(folder.path() / "log" / name);
  for (const std::string& name : names_in(at("log"))) {
    if (name.ends_with(".jsonl")) all += run_program({"judge", at("log") + "/" + name}).out;
  }
  all += run_program({"merge", at("r.json"), "-v"}).out + run_program({"merge", at("r.xml"), "-v"}).out;
  all += run_program({"check", said, "-v"}).out + run_program({"list", "scenarios", said}).out;
  for (const char* part : {"ret<x>", "ret&lt;x", "ret%3Cx", "c2VjXHJldD", "NlY1xyZX", "zZWNccmV0"})
    EXPECT_FALSE(has(all, part)) << part << "\n" << all;
  EXPECT_TRUE(has(all, "<env:WSFAULT_E2E_SECRET>"));
}

TEST(Reports, ThatCannotBeWrittenAreSaidBeforeTheRun) {
  Folder folder;
  const std::string file = folder.write("passes.toml", passes);
  const std::string a_file = folder.write("file", "");
  const std::string twice = folder.path() / "twice";
  struct Row {
    std::vector<std::string> options;
    std::string said;
  };
  for (const Row& row :
       {Row{{"--junit", "/nonexistent/x.xml"}, "--junit: cannot write /nonexistent/x.xml: No such"},
        Row{{"--json", folder.path()}, "--json: cannot write "},
        Row{{"--summary", "/nonexistent/x.md"}, "--summary: cannot write "},
        Row{{"--log", a_file}, "--log: cannot make the folder " + a_file},
        Row{{"--log", a_file + "/below"}, "--log: cannot make the folder "},
        Row{{"--json", twice, "--junit", twice}, "--junit and --json are the same file: "}}) {
    std::vector<std::string> arguments = {"run", file};
    arguments.insert(arguments.end(), row.options.begin(), row.options.end());
    const Finished run = run_program(arguments);
    EXPECT_EQ(run.code, 2) << run.out;
    EXPECT_TRUE(has(run.out, row.said)) << run.out;
    EXPECT_FALSE(has(run.out, "passed")) << run.out;
  }
  const Environment summary("GITHUB_STEP_SUMMARY", "/nonexistent/summary.md");
  const Finished run = run_program({"run", file, "--github"});
  EXPECT_EQ(run.code, 2) << run.out;
  EXPECT_TRUE(has(run.out, "GITHUB_STEP_SUMMARY: cannot write /nonexistent/summary.md")) << run.out;
}

TEST(Shards, TogetherAreTheWholeRun) {
  Folder folder;
  for (const char* name : {"a", "b", "c"}) folder.write(std::string("all/") + name + ".toml", passes);
  folder.write("all/d.toml", fails);
  const std::string all = folder.path() / "all";
  const auto at = [&](const std::string& name) { return (folder.path() / name).string(); };
  const auto run_shard = [&](const std::string& shard, const std::string& name) {
    return run_program({"run", all, "--shard", shard, "--seed", "7", "--json", at(name + ".json"), "--junit",
                        at(name + ".xml")});
  };
  std::set<int> codes;
  for (int number = 1; number <= 5; ++number)
    codes.insert(run_shard(std::to_string(number) + "/5", std::to_string(number)).code);
  EXPECT_EQ(codes, (std::set<int>{0, 1}));
  const Finished merged =
      run_program({"merge", at("1.json"), at("2.json"), at("3.json"), at("4.json"), at("5.json"), "--json",
                   at("all.json"), "--junit", at("all.xml"), "--summary", at("all.md")});
  EXPECT_EQ(merged.code, 1) << merged.out;
  EXPECT_TRUE(has(merged.out, "4 cases in ") && has(merged.out, "3 passed, 1 failed; seed 7")) << merged.out;
  EXPECT_TRUE(has(merged.out, "expect close = 1000 (line 7)")) << merged.out;
  EXPECT_TRUE(has(text_of(at("all.xml")), "tests=\"4\" failures=\"1\"")) << text_of(at("all.xml"));
  EXPECT_TRUE(has(text_of(at("all.md")), "1 of 4 cases needs a look")) << text_of(at("all.md"));
  const Finished xml =
      run_program({"merge", at("1.xml"), at("2.xml"), at("3.xml"), at("4.xml"), at("5.xml")});
  EXPECT_EQ(xml.code, 1) << xml.out;
  const Finished missing = run_program({"merge", at("1.json"), at("3.json")});
  EXPECT_NE(missing.code, 0) << missing.out;
  EXPECT_TRUE(has(missing.out, "shard 2/5 is missing")) << missing.out;
  const Finished overlap = run_program({"merge", at("1.json"), at("1.json")});
  EXPECT_EQ(overlap.code, 2) << overlap.out;
  EXPECT_TRUE(has(overlap.out, "overlap: both are shard 1/5")) << overlap.out;
  const Finished itself = run_program({"merge", at("1.json"), at("2.json"), "--json", at("1.json")});
  EXPECT_EQ(itself.code, 2) << itself.out;
  EXPECT_TRUE(has(text_of(at("1.json")), "wsfault-results"));
}

TEST(Shards, AndBudgetsThatMakeNoSenseAreRefused) {
  Folder folder;
  const std::string file = folder.write("passes.toml", passes);
  struct Row {
    std::vector<std::string> options;
    const char* said;
  };
  for (const Row& row :
       {Row{{"--shard", "5/4"}, "--shard: a shard of 4 is one of 1/4 to 4/4; found \"5/4\""},
        Row{{"--shard", "0/4"}, "--shard: "}, Row{{"--shard", "one"}, "--shard: a shard is I/N"},
        Row{{"--budget", "0s"}, "--budget: in no time nothing can be run"},
        Row{{"--budget", "soon"}, "--budget: "}, Row{{"--budget", "-1s"}, "--budget: "}}) {
    std::vector<std::string> arguments = {"run", file};
    arguments.insert(arguments.end(), row.options.begin(), row.options.end());
    const Finished run = run_program(arguments);
    EXPECT_EQ(run.code, 2) << run.out;
    EXPECT_TRUE(has(run.out, row.said)) << run.out;
  }
}

TEST(Budget, SkipsWhatDoesNotFitAndSaysSo) {
  Folder folder;
  folder.write("all/short.toml", passes);
  folder.write("all/long.toml", std::string(passes) + "[[expect]]\nreconnect = false\nfor = \"100s\"\n");
  const std::string json = folder.path() / "r.json";
  const Finished run = run_program({"run", folder.path() / "all", "--budget", "20s", "--json", json});
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_TRUE(has(run.out, "1 passed, 1 skipped")) << run.out;
  EXPECT_TRUE(has(run.out, "1 skipped: --budget 20s was used up")) << run.out;
  EXPECT_TRUE(has(text_of(json), "\"reason\": \"--budget 20s was used up\"")) << text_of(json);
  const Finished none = run_program({"run", folder.path() / "all", "--budget", "10ms"});
  EXPECT_EQ(none.code, 3) << none.out;
}

TEST(LongReport, IsTakenWholeAndOneThatIsTooLongIsAnError) {
  Folder folder;
  const std::string scenario = folder.write("long.toml", R"(title = "A client reports a long message"
role = "client"
appropriate = false

[[expect]]
message = "message 1"
since = "start"
within = "5s"
)");
  const auto client = [&](std::size_t size) {
    const std::string report = folder.write(
        "report.json", "{\"event\":\"message\",\"text\":\"" + std::string(size, 'x') + "end\"}\n");
    return run_program(
        {"run", scenario, "--report", "json", "--log", folder.path() / "log", "--log-all", "--client",
         fmt::format("cat {}; exec {} reference client --url ${{url}}", report, WSFAULT_PROGRAM)});
  };
  const Finished taken = client(300'000);
  EXPECT_EQ(taken.code, 0) << taken.out.substr(0, 4000);
  const std::string log = text_of(folder.path() / "log" / "long.jsonl");
  EXPECT_TRUE(has(log, "xxxend\"}")) << log.substr(0, 4000);
  EXPECT_FALSE(has(log, "\"output_line\"")) << log.substr(0, 4000);
  const Finished too_long = client(3'000'000);
  EXPECT_EQ(too_long.code, 3) << too_long.out.substr(0, 4000);
  EXPECT_TRUE(has(too_long.out, "a report of the system is longer than 1048576 bytes"))
      << too_long.out.substr(0, 4000);
}

}  // namespace
}  // namespace wsfault::e2e
