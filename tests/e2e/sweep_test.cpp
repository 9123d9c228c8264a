// `wsfault sweep` as a user runs it: a sound client, one with a hole at a single byte, a single point, wrong
// usage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "e2e/program.hpp"
#include "value/value.hpp"

namespace wsfault::e2e {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr const char* reset = WSFAULT_SOURCE_DIR "/scenarios/1006/server-reset.toml";

/// Its 101 has 129 bytes, and each frame after it a length of two bytes (RFC 6455 5.2).
constexpr const char* long_messages = R"(title = "The server ends without a Close while long messages pass"
role  = "client"

[upstream]
steps = [{ repeat = 2, steps = [{ send = { size = "200" } }] }]

[[fault]]
inject = "fin"
when   = "message 2"
)";

/// Every byte of the handshake and of each frame, in both directions.
TEST(Sweep, TheSoundClientHasNoHole) {
  const Finished run = run_program({"sweep", reset, "--points", "100"});
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_THAT(run.out,
              ContainsRegex("bytes to client \\([0-9]+ of [0-9]+\\)\n  1-128 +passed +handshake failure\n"
                            "  129-[0-9]+  passed +1006\n\n"
                            "bytes to server \\([0-9]+ of [0-9]+\\)\n  1-[0-9]+ +passed +handshake failure\n"
                            "  [0-9]+-[0-9]+  passed +1006\n\n"
                            "[0-9]+ points in [^:]+: [0-9]+ passed; seed"));
  std::smatch count;
  ASSERT_TRUE(std::regex_search(run.out, count, std::regex("\n(\\d+) points in")));
  EXPECT_GE(std::stoi(count[1]), 100);
}

/// With its fault at one point the scenario passes; the sweep names the byte.
TEST(Sweep, FindsTheByteAtWhichAClientHangs) {
  Folder folder;
  const std::string file = folder.write("long.toml", long_messages);
  const std::vector<std::string> system{"--system", "reference-client", "--set", "defect=hangs-in-length"};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), system.begin(), system.end());
    return run_program(std::move(arguments));
  };
  EXPECT_EQ(with({"run", file}).code, 0);
  const std::string json = (folder.path() / "sweep.json").string();
  const std::string junit = (folder.path() / "sweep.xml").string();
  const Finished run =
      with({"sweep", file, "--direction", "to-client", "--points", "200", "--json", json, "--junit", junit});
  EXPECT_EQ(run.code, 1) << run.out;
  EXPECT_THAT(run.out, ContainsRegex("\n  132 +failed +hangs\n"));
  EXPECT_THAT(run.out,
              HasSubstr("first failure: byte 132 to client, in the header of frame 1 (binary, 200 bytes)\n"));
  EXPECT_THAT(
      run.out,
      HasSubstr("--system reference-client --set defect=hangs-in-length --point 'byte 132 to client'"));
  const Value results = parse_json(text_of(json));
  bool named = false;
  for (const Value& one : *results.find("cases")->array()) {
    const bool failed = *one.find("outcome")->text() == "failed";
    if (*one.find("id")->text() == "long#byte 132 to client") named = failed;
  }
  EXPECT_TRUE(named) << text_of(json);
  EXPECT_THAT(text_of(junit), HasSubstr("name=\"long#byte 132 to client\""));
}

/// The session ends before its first ping, so that it has the same bytes in each run.
TEST(Sweep, PrintsWhatTheReadmeShows) {
  Folder folder;
  const std::string file = folder.write("long.toml", long_messages);
  const Finished run =
      run_program({"sweep", file, "--direction", "to-client", "--session", "300ms", "--system",
                   "reference-client", "--set", "defect=hangs-in-length", "--seed", "1"});
  const auto without_times = [](const std::string& text) {
    return std::regex_replace(text, std::regex(" in [0-9.]+s:"), " in a time:");
  };
  std::string printed = run.out;
  for (const std::string& path : {folder.path().string() + "/", std::string(WSFAULT_PROGRAM)}) {
    for (std::size_t at = 0; (at = printed.find(path)) != std::string::npos;)
      printed.replace(at, path.size(), path.ends_with('/') ? "" : "wsfault");
  }
  const std::string readme = text_of(WSFAULT_SOURCE_DIR "/README.md");
  EXPECT_THAT(without_times(readme), HasSubstr("```\n" + without_times(printed) + "```\n"));
}

/// Several points for one process: the same ranges, and the hole is found with a process of its own.
TEST(Sweep, SharesProcessesWhereTheClientComesBack) {
  Folder folder;
  const std::string file = folder.write("long.toml", long_messages);
  const std::vector<std::string> arguments{"sweep",    file, "--direction", "to-client",
                                           "--points", "60", "--share",     "5"};
  const Finished sound = run_program(arguments);
  EXPECT_EQ(sound.code, 0) << sound.out;
  EXPECT_THAT(sound.out,
              ContainsRegex("  1-[0-9]+ +passed +handshake failure\n  129-[0-9]+ +passed +1006\n\n"));
  auto with_hole = arguments;
  with_hole.insert(with_hole.end(), {"--points", "600", "--session", "300ms", "--system", "reference-client",
                                     "--set", "defect=hangs-in-length"});
  with_hole.erase(with_hole.begin() + 4, with_hole.begin() + 6);
  const Finished hole = run_program(with_hole);
  EXPECT_EQ(hole.code, 1) << hole.out;
  EXPECT_THAT(hole.out, ContainsRegex("\n  132 +failed +hangs\n"));
  EXPECT_THAT(hole.out, HasSubstr("2 failed"));
  const Finished refused = run_program({"sweep", "1014/backend-crashes-open", "--system",
                                        "reference-gateway-http", "--set", "inject=fin", "--share", "2"});
  EXPECT_EQ(refused.code, 2) << refused.out;
  EXPECT_THAT(refused.out, HasSubstr("--share 2: only a client comes back"));
}

TEST(Sweep, RepeatsASinglePoint) {
  Folder folder;
  const std::string file = folder.write("long.toml", long_messages);
  const Finished hole =
      run_program({"sweep", file, "--system", "reference-client", "--set", "defect=hangs-in-length",
                   "--point", "byte 132 to client", "--point", "byte 131 to client", "-v"});
  EXPECT_EQ(hole.code, 1) << hole.out;
  EXPECT_THAT(hole.out, ContainsRegex("failed +long#byte 132 to client"));
  EXPECT_THAT(hole.out, ContainsRegex("passed +long#byte 131 to client"));
  EXPECT_THAT(hole.out, HasSubstr("132 bytes from the server forwarded"));
  EXPECT_EQ(run_program({"sweep", file, "--point", "byte 132 to client"}).code, 0);
}

/// The client of a gateway: what the gateway makes of the end is judged.
TEST(Sweep, GoesOverTheMomentsOfAGateway) {
  const Finished run = run_program({"sweep", "1014/backend-crashes-open", "--system",
                                    "reference-gateway-http", "--set", "inject=fin", "--over", "messages"});
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_THAT(run.out, HasSubstr("messages to client (all "));
}

/// A point that the session does not reach is not a pass.
TEST(Sweep, SaysThatTheSessionWasOver) {
  Folder folder;
  const std::string file = folder.write("short.toml",
                                        "title = \"t\"\nrole = \"client\"\ndeadline = \"1s\"\n"
                                        "[upstream]\nsteps = [{ send = \"hello\" }]\n"
                                        "[[fault]]\ninject = \"reset\"\nwhen = \"open\"\n");
  const Finished run = run_program({"sweep", file, "--point", "byte 99999 to client", "-v"});
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_THAT(run.out, HasSubstr("the session was over"));
}

TEST(Sweep, SaysWhatIsWrongWithItsArguments) {
  Folder folder;
  const std::string none = folder.write("none.toml", "title = \"t\"\nrole = \"client\"\n");
  const std::string two = folder.write("two.toml",
                                       "title = \"t\"\nrole = \"client\"\n[[fault]]\ninject = \"reset\"\n"
                                       "[[fault]]\ninject = \"fin\"\nwhen = \"message 3\"\n");
  const struct {
    std::vector<std::string> arguments;
    const char* said;
  } rows[] = {
      {{"sweep"}, "SCENARIO is required"},
      {{"sweep", none}, "none: it has no [[fault]] that could strike elsewhere"},
      {{"sweep", two}, "two has 2 faults: choose with --fault reset or fin"},
      {{"sweep", two, "--fault", "fim"}, "--fault fim: two has no such fault"},
      {{"sweep", "1006/firewall-conntrack-drop"},
       "1006/firewall-conntrack-drop: `firewall` works from the start on, and strikes when a flow has been "
       "silent: it has "
       "no point to be swept; allowed is a fault that strikes at its `when`"},
      {{"sweep", "1006/firewall-conntrack-drop", "--point", "byte 3 to client"},
       "it has no point to be swept"},
      {{"sweep", "close/every-legal-code"}, "choose one with --case ID"},
      {{"sweep", reset, "--point", "byte x to client"}, "--point \"byte x to client\": "},
      {{"sweep", reset, "--over", "seconds"}, "--over"},
  };
  for (const auto& row : rows) {
    const Finished run = run_program(row.arguments);
    EXPECT_EQ(run.code, 2) << run.out;
    EXPECT_THAT(run.out, HasSubstr(row.said));
  }
}

}  // namespace
}  // namespace wsfault::e2e
