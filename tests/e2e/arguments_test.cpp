// Wrong or correct arguments are never taken for others; output that cannot be written is an error.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

constexpr const char* reset = R"(title = "A reset"
role  = "client"
tags  = ["slow"]

[[fault]]
inject = "reset"
when   = "message 2"
)";

constexpr const char* echo = R"(title = "An echo"
role  = "server"

[[client]]
steps = [{ send = "hello" }, { expect = "hello" }, { close = 1000 }]
)";

TEST(Seed, NoughtIsASeed) {
  Folder folder;
  const std::string json = folder.path() / "r.json";
  const Finished run = run_program({"run", folder.write("reset.toml", reset), "--seed", "0", "--json", json});
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_TRUE(has(run.out, "; seed 0\n")) << run.out;
  EXPECT_TRUE(has(text_of(json), "\n  \"seed\": 0,")) << text_of(json);
  EXPECT_TRUE(has(text_of(json), "--case reset --seed 0\"")) << text_of(json);
  const Finished merged = run_program({"merge", json});
  EXPECT_TRUE(has(merged.out, "; seed 0\n")) << merged.out;
  const Finished measured = run_program(
      {"bench", "reconnect", "--fault", "reset", "--rounds", "1", "--warmup", "0", "--seed", "0"});
  EXPECT_TRUE(has(measured.out, "seed 0")) << measured.out;
}

TEST(Settings, ThatNothingIsCalledAreWarnedOf) {
  Folder folder;
  const std::string file = folder.write("reset.toml", reset);
  const std::string own = folder.write("own.toml", std::string(reset) + "after = \"${pause}\"\n");
  for (const char* subcommand : {"run", "check"}) {
    const Finished typo = run_program({subcommand, file, "--set", "hartbeat=20s"});
    EXPECT_EQ(typo.code, 0) << typo.out;
    EXPECT_TRUE(has(typo.out,
                    "warning: --set hartbeat=20s: neither a selected scenario nor a trait is called that; "
                    "did you mean \"heartbeat\"?"))
        << typo.out;
    EXPECT_FALSE(has(run_program({subcommand, file, "--set", "heartbeat=20s"}).out, "warning"));
    EXPECT_FALSE(has(run_program({subcommand, own, "--set", "pause=10ms"}).out, "warning"));
  }
}

// "none" is the default of the trait `defect`: the sound system.
TEST(Settings, NoDefectIsTheSoundReferenceSystem) {
  Folder folder;
  const std::string file = folder.write("reset.toml", reset);
  const std::vector<std::vector<std::string>> named{{}, {"--system", "reference-client"}};
  for (const auto& system : named) {
    std::vector<std::string> arguments{"run", file, "-v", "--set", "defect=none"};
    arguments.insert(arguments.end(), system.begin(), system.end());
    const Finished sound = run_program(arguments);
    EXPECT_EQ(sound.code, 0) << sound.out;
    EXPECT_FALSE(has(sound.out, "warning")) << sound.out;
    EXPECT_TRUE(has(sound.out, "1 passed")) << sound.out;
  }
  const Finished wrong = run_program({"run", file, "--system", "reference-client", "--set", "defect=non"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_TRUE(has(wrong.out, "has no such defect; did you mean \"none\"? allowed: none, ")) << wrong.out;
}

// Once, and not for each scenario.
TEST(Settings, ThatAreWrongAreAnErrorThatSaysHowToWriteThem) {
  Folder folder;
  folder.write("one.toml", reset);
  folder.write("two.toml", reset);
  for (const char* subcommand : {"run", "check"}) {
    const std::string scenarios = folder.path().string();
    EXPECT_EQ(run_program({subcommand, scenarios, "--set", "final=[44O1]"}).out,
              "wsfault " + std::string(subcommand) +
                  ": --set final=[44O1]: `final` lists codes from 0 to 65535, and ranges such as \"4400-4499\"; write "
                  "--set final=1008,4400-4499\n");
    EXPECT_EQ(run_program({subcommand, scenarios, "--set", "backoff=1s"}).out,
              "wsfault " + std::string(subcommand) +
                  ": --set backoff=1s: `backoff` must be a table, found a string; write --set backoff.first=1s --set "
                  "backoff.factor=2 --set backoff.max=30s\n");
  }
}

TEST(Selection, OfWhatIsNotThereIsAnErrorThatSaysWhatIs) {
  Folder folder;
  const std::string client = folder.write("all/client.toml", reset);
  const std::string server = folder.write("all/server.toml", echo);
  const std::string all = folder.path() / "all";
  const struct {
    std::vector<std::string> arguments;
    int code;
    const char* says;
  } rows[] = {
      {{server, "--client", "sleep 1"},
       2,
       "server.toml is a scenario of role server, and the system \"sleep 1\" is a client"},
      {{client, "--role", "server"}, 2, "client.toml is a scenario of role client, --role asks for server"},
      {{all, "--tag", "solw"},
       2,
       "--tag solw: no scenario here has that tag; did you mean \"slow\"? allowed: slow"},
      {{all, "--name", "clinet"},
       2,
       "--name clinet: no case here has that in its id; did you mean \"client\"?"},
      {{all, "--case", "clien"}, 2, "--case clien: there is no such case here; did you mean \"client\"?"},
      // Each one exists, and no case has both.
      {{all, "--tag", "slow", "--name", "server"}, 3, "nothing is selected"},
      {{all, "--case", "client"}, 0, "1 case in "},
  };
  for (const auto& row : rows) {
    std::vector<std::string> arguments = {"run"};
    arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
    const Finished run = run_program(arguments);
    EXPECT_EQ(run.code, row.code) << run.out;
    EXPECT_TRUE(has(run.out, row.says)) << row.says << "\n" << run.out;
  }
}

TEST(Check, KnowsSystemFilesByTheirKeys) {
  Folder folder;
  const std::string server = folder.write("server.toml", echo);
  const std::string there =
      folder.write("there.toml", "name = \"t\"\nrole = \"server\"\nurl = \"ws://127.0.0.1:9/chat\"\n");
  const Finished right = run_program({"check", there});
  EXPECT_EQ(right.code, 0) << right.out;
  EXPECT_TRUE(has(right.out, "0 cases, 1 system file, no errors")) << right.out;
  const Finished against = run_program({"check", server, "--system", there});
  EXPECT_EQ(against.code, 0) << against.out;
  EXPECT_TRUE(has(against.out, "1 case, no errors")) << against.out;
  const Finished wrong = run_program(
      {"check", folder.write("wrong.toml", "name = \"t\"\nrole = \"server\"\nulr = \"ws://h/\"\n")});
  EXPECT_EQ(wrong.code, 2) << wrong.out;
  EXPECT_TRUE(has(wrong.out, "wrong.toml:3:1: error:") && has(wrong.out, "did you mean \"url\"?"))
      << wrong.out;
  const Finished fragment = run_program(
      {"check", folder.write("fragment.toml", "name = \"t\"\nrole = \"server\"\nurl = \"ws://h/#a\"\n")});
  EXPECT_TRUE(has(fragment.out, "fragment.toml:3:7: error: `url`: ")) << fragment.out;
  const Finished path = run_program(
      {"check",
       folder.write("path.toml", "name = \"t\"\nrole = \"server\"\nstart = \"x\"\npath = \"chat\"\n")});
  EXPECT_TRUE(has(path.out, "path.toml:4:8: error: `path` = \"chat\" must begin with \"/\"")) << path.out;
}

TEST(Check, PrintsNothingThatATerminalWouldObey) {
  Folder folder;
  const std::string file = folder.write("odd.toml", R"(title = "Odd"
role  = "client"
[each]
reason = ["a\u001b]0;title\u0007b\u009b31m\u202e"]
[[fault]]
inject = "close"
code   = 1001
reason = "${reason}"
when   = "message 2"
)");
  const Finished check = run_program({"check", file, "-v"});
  EXPECT_EQ(check.code, 0) << check.out;
  EXPECT_TRUE(has(check.out, R"(a\x1b]0;title\x07b\u{9b}31m\u{202e})")) << check.out;
  for (const char* raw : {"\x1b", "\x07", "\xc2\x9b", "\xe2\x80\xae"})
    EXPECT_FALSE(has(check.out, raw)) << check.out;
}

TEST(Merge, PrintsNothingThatATerminalWouldObey) {
  Folder folder;
  const std::string json = folder.path() / "r.json";
  ASSERT_EQ(run_program({"run", folder.write("reset.toml", reset), "--json", json}).code, 0);
  const std::string good = text_of(json);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return folder.write("bad.json", text);
  };
  for (const std::string& file : {with("\"id\": \"reset\"", "\"id\": \"a\\u001b[31m\\u009b\""),
                                  with("\"missing_shards\": []", "\"missing_shards\": [\"\\u001b[31m\"]"),
                                  with("\"outcome\": \"passed\"", "\"outcome\": \"\\u001b[31m\\u202e\""),
                                  with("\"title\": \"A reset\"", "\"title\": \"\\u001b\"")}) {
    const Finished merged = run_program({"merge", file, "-v"});
    for (const char* raw : {"\x1b", "\xc2\x9b", "\xe2\x80\xae"})
      EXPECT_FALSE(has(merged.out, raw)) << merged.out;
  }
}

TEST(Outputs, IntoOneFileOrOverAnInputAreRefused) {
  Folder folder;
  const std::string file = folder.write("reset.toml", reset);
  const std::string log = folder.path() / "log";
  ASSERT_EQ(run_program({"run", file, "--log", log, "--log-all"}).code, 0);
  const std::string x = folder.path() / "x";
  const std::string by_another_path = folder.path() / "log/../x";
  const std::string linked = folder.path() / "link";
  std::filesystem::create_symlink("x", linked);
  const std::vector<std::string> rows[] = {
      {"bench", "reconnect", "--fault", "reset", "--html", x, "--json", x},
      {"bench", "reconnect", "--fault", "reset", "--html", x, "--json", by_another_path},
      {"run", file, "--json", x, "--summary", linked},
      {"run", file, "--junit", x, "--summary", by_another_path},
      {"run", file, "--json", file},
      {"judge", log + "/reset.jsonl", "--json", log + "/reset.jsonl"},
      {"judge", log + "/reset.jsonl", "--json", log + "/../log/reset.jsonl"},
      {"prove", file, "--markdown", x, "--compare", x},
  };
  std::filesystem::remove(x);
  for (const auto& row : rows) {
    const Finished run = run_program(row);
    EXPECT_EQ(run.code, 2) << row[0] << run.out;
    EXPECT_TRUE(has(run.out, "are the same file: ") || has(run.out, "is read by this command")) << run.out;
  }
  EXPECT_EQ(text_of(file), reset);
  EXPECT_EQ(run_program({"judge", log + "/reset.jsonl"}).code, 0);
}

/// With stdout, or a report, on a full device.
TEST(FullDevice, IsAnErrorWhateverIsWrittenToIt) {
  Folder folder;
  const std::string file = folder.write("reset.toml", reset);
  const std::string program = WSFAULT_PROGRAM;
  ASSERT_EQ(run_program({"run", file, "--log", folder.path() / "log", "--log-all", "--json",
                         folder.path() / "r.json"})
                .code,
            0);
  for (const std::string& arguments : std::vector<std::string>{
           "run " + file, "check " + file, std::string("list faults"), std::string("list moments"),
           std::string("explain 1006"), std::string("explain all"), std::string("schema scenario"),
           std::string("--version"), std::string("--help"), std::string("run --help"),
           "judge " + folder.path().string() + "/log/reset.jsonl",
           "merge " + folder.path().string() + "/r.json", "prove --named " + file + " --defect no-reconnect",
           "bench reconnect --fault reset --rounds 1 --warmup 0",
           "init client --no-run --ci none --command 'x ${url}' --folder " + folder.path().string() +
               "/init"}) {
    const std::string shell =
        "'" + program + "' " + arguments + " >/dev/full 2>'" + folder.path().string() + "/error'";
    const int status = std::system(shell.c_str());
    EXPECT_EQ(WEXITSTATUS(status), 3) << shell << text_of(folder.path() / "error");
    EXPECT_TRUE(has(text_of(folder.path() / "error"), "No space left on device") ||
                has(text_of(folder.path() / "error"), "cannot write"))
        << shell << text_of(folder.path() / "error");
  }
  for (const char* option : {"--json", "--junit", "--summary"}) {
    const Finished run = run_program({"run", file, option, "/dev/full"});
    EXPECT_EQ(run.code, 3) << option << run.out;
    EXPECT_TRUE(has(run.out, "cannot write /dev/full: No space left on device")) << run.out;
  }
  EXPECT_EQ(run_program({"judge", (folder.path() / "log/reset.jsonl").string(), "--json", "/dev/full"}).code,
            3);
  EXPECT_EQ(run_program({"merge", (folder.path() / "r.json").string(), "--json", "/dev/full"}).code, 3);
}

TEST(Terminal, ThatIsDumbGetsNoEscapeSequences) {
  Folder folder;
  const std::string file =
      folder.write("fails.toml", std::string(reset) + "[[expect]]\nclose = 1000\nwithin = \"1s\"\n");
  const auto typed = [&](const char* terminal) {
    const std::string shell = std::string("TERM=") + terminal + " script -qec '" + WSFAULT_PROGRAM + " run " +
                              file + "' " + folder.path().string() + "/typescript >/dev/null 2>&1";
    EXPECT_EQ(WEXITSTATUS(std::system(shell.c_str())), 1) << shell;
    return text_of(folder.path() / "typescript");
  };
  if (std::system("command -v script >/dev/null") != 0) GTEST_SKIP() << "script(1) is not installed";
  EXPECT_TRUE(has(typed("xterm"), "\x1b["));
  EXPECT_FALSE(has(typed("dumb"), "\x1b["));
}

TEST(Logs, OfCasesWhoseIdsLookAlikeStayApart) {
  Folder folder;
  const std::string long_one(300, 'x');
  const std::string file = folder.write("alike.toml", R"(title = "Ids that look alike"
role  = "client"
[each]
path = ["a/b", "a-b", "a b", "A-B", ".", "..", "a\nb", ")" +
                                                          long_one + "\", \"" + long_one + R"(y"]
[[fault]]
inject = "close"
code   = 1001
when   = "message 2"
[[expect]]
close  = 4999
reason = "${path}"
)");
  const std::filesystem::path log = folder.path() / "log";
  const Finished run = run_program({"run", file, "--log", log});
  EXPECT_EQ(run.code, 1) << run.out;
  EXPECT_TRUE(has(run.out, "9 failed")) << run.out;
  std::size_t logs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(log)) {
    if (entry.path().extension() != ".jsonl") continue;
    ++logs;
    EXPECT_LE(entry.path().filename().string().size(), 210U);
  }
  EXPECT_EQ(logs, 9U);
}

TEST(Repetitions, OfManyAreNotAllMadeAtOnce) {
  Folder folder;
  const std::string json = folder.path() / "r.json";
  const std::filesystem::path log = folder.path() / "log";
  const Finished run = run_program({"run", folder.write("reset.toml", reset), "--repeat", "3", "--seed", "5",
                                    "--json", json, "--log", log, "--log-all", "-v"});
  EXPECT_EQ(run.code, 0) << run.out;
  for (const char* name : {"reset#1", "reset#2", "reset#3"}) {
    EXPECT_TRUE(has(run.out, name)) << run.out;
    EXPECT_TRUE(std::filesystem::exists(log / (std::string(name) + ".jsonl"))) << name;
  }
  for (const char* seed : {"--case reset --seed 5\"", "--case reset --seed 6\"", "--case reset --seed 7\""})
    EXPECT_TRUE(has(text_of(json), seed)) << text_of(json);
  // The first case ends long before a hundred thousand orders and results could be made.
  const Finished first = run_program(
      {"run", folder.write("fails.toml", std::string(reset) + "[[expect]]\nclose = 1000\nwithin = \"1s\"\n"),
       "--repeat", "100000", "--fail-fast", "--jobs", "1"});
  EXPECT_EQ(first.code, 1) << first.out;
  EXPECT_TRUE(has(first.out, "1 case in ")) << first.out;
}

}  // namespace
}  // namespace wsfault::e2e
