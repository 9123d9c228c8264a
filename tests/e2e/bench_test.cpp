// `wsfault bench` as a new user sees it: a client with a known delay, one that does not reconnect, wrong
// usage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "e2e/program.hpp"
#include "value/value.hpp"

namespace wsfault::e2e {
namespace {

using testing::HasSubstr;

Value read_json(const std::string& file) {
  std::ifstream in(file);
  return parse_json(std::string(std::istreambuf_iterator<char>(in), {}));
}

double number(const Value& value, const std::vector<std::string>& path) {
  const Value* at = &value;
  for (const std::string& key : path) at = at->find(key);
  return at->real() != nullptr ? *at->real() : static_cast<double>(*at->integer());
}

/// A client that waits exactly 300 ms before its first attempt is measured correctly.
TEST(BenchReconnect, MeasuresADelayThatIsKnown) {
  Folder folder;
  const std::string json = (folder.path() / "figures.json").string();
  const std::string html = (folder.path() / "figures.html").string();
  const Finished run = run_program({"bench",      "reconnect",
                                    "--fault",    "reset",
                                    "--rounds",   "7",
                                    "--warmup",   "1",
                                    "--parallel", "2",
                                    "--set",      "backoff.first=300ms",
                                    "--set",      "backoff.factor=1",
                                    "--set",      "backoff.max=300ms",
                                    "--set",      "backoff.jitter=none",
                                    "--json",     json,
                                    "--html",     html});
  ASSERT_EQ(run.code, 0) << run.out;
  const Value figures = read_json(json);
  EXPECT_EQ(number(figures, {"rounds", "measured"}), 7);
  const double waited = number(figures, {"phases", "first_attempt", "step_ms", "p50"});
  EXPECT_GE(waited, 299) << run.out;
  EXPECT_LE(waited, 320) << run.out;
  EXPECT_LE(number(figures, {"phases", "noticed", "since_fault_ms", "p50"}), 20) << run.out;
  EXPECT_EQ(number(figures, {"counts", "attempts", "max"}), 1);
  EXPECT_TRUE(std::filesystem::file_size(html) > 10000);
}

/// A server that is down: attempts are refused until it is up again.
TEST(BenchReconnect, AServerThatStaysAwayIsSeenInTheAttempts) {
  Folder folder;
  const std::string json = (folder.path() / "figures.json").string();
  for (const char* fault : {"fin", "kill", "stop"}) {
    const Finished run = run_program({"bench",      "reconnect",
                                      "--fault",    fault,
                                      "--down",     "400ms",
                                      "--rounds",   "2",
                                      "--warmup",   "0",
                                      "--parallel", "2",
                                      "--set",      "backoff.first=100ms",
                                      "--set",      "backoff.factor=1",
                                      "--set",      "backoff.max=100ms",
                                      "--set",      "backoff.jitter=none",
                                      "--json",     json});
    ASSERT_EQ(run.code, 0) << fault << "\n" << run.out;
    const Value figures = read_json(json);
    EXPECT_GE(number(figures, {"counts", "attempts", "min"}), 4) << fault << "\n" << run.out;
    // The message numbers continue after a server restart, so none looks like a duplicate.
    EXPECT_EQ(number(figures, {"counts", "duplicated_to_client", "max"}), 0) << fault << "\n" << run.out;
    EXPECT_GE(number(figures, {"phases", "connected", "since_fault_ms", "min"}), 399) << fault << "\n"
                                                                                      << run.out;
    EXPECT_LE(number(figures, {"phases", "first_attempt", "since_fault_ms", "p50"}), 300) << fault << "\n"
                                                                                          << run.out;
  }
}

/// Silent deaths: only a heartbeat detects them.
TEST(BenchReconnect, SilentDeathsTakeTheHeartbeatsTime) {
  Folder folder;
  const std::string json = (folder.path() / "figures.json").string();
  for (const char* fault : {"blackhole", "freeze"}) {
    const Finished run =
        run_program({"bench", "reconnect", "--fault", fault, "--rounds", "2", "--warmup", "0", "--parallel",
                     "2", "--set", "heartbeat=200ms", "--set", "heartbeat_timeout=300ms", "--json", json});
    ASSERT_EQ(run.code, 0) << fault << "\n" << run.out;
    EXPECT_GE(number(read_json(json), {"phases", "noticed", "since_fault_ms", "min"}), 290) << fault << "\n"
                                                                                            << run.out;
  }
}

/// The fourth client does not reconnect: the other rounds are reported, and the fourth with its reason.
TEST(BenchReconnect, AClientThatDoesNotComeBackFailsIt) {
  Folder folder;
  const std::string started = (folder.path() / "started").string();
  const std::string client = "echo >> " + started + "; [ $(wc -l < " + started +
                             ") -le 3 ] && exec " WSFAULT_PROGRAM
                             " reference client --url ${url}; exec " WSFAULT_PROGRAM
                             " reference client --url ${url} --defect no-reconnect";
  const Finished run = run_program({"bench", "reconnect", "--fault", "reset", "--rounds", "5", "--warmup",
                                    "0", "--parallel", "1", "--within", "1s", "--client", client});
  EXPECT_EQ(run.code, 1) << run.out;
  EXPECT_THAT(run.out, HasSubstr("Round 4 was not measured: the client noticed after "));
  EXPECT_THAT(run.out, HasSubstr(" and made no further attempt, within 1s."));
  EXPECT_THAT(run.out, HasSubstr("Not begun after that: 1 of 5 rounds."));
  EXPECT_THAT(run.out, HasSubstr("first message"));
}

TEST(BenchReconnect, AClientThatCannotBeStartedIsAnError) {
  const Finished run = run_program({"bench", "reconnect", "--fault", "reset", "--rounds", "3", "--warmup",
                                    "0", "--parallel", "1", "--client", "echo no such file; exit 1"});
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_THAT(run.out,
              HasSubstr("Round 1 was not measured: the system exited with code 1 before it connected"));
  EXPECT_THAT(run.out, HasSubstr("  | no such file"));
}

struct WrongPlan {
  const char* name;
  std::vector<std::string> arguments;
  const char* said;
};
class BenchRefuses : public testing::TestWithParam<WrongPlan> {};

TEST_P(BenchRefuses, AndSaysWhatIsAllowed) {
  const Finished run = run_program(GetParam().arguments);
  EXPECT_EQ(run.code, 2) << run.out;
  EXPECT_THAT(run.out, HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(
    Usage, BenchRefuses,
    testing::Values(WrongPlan{"UnknownBenchmark",
                              {"bench", "reconect"},
                              "there is no benchmark \"reconect\"; did you mean \"reconnect\"?"},
                    WrongPlan{"NoFault", {"bench", "reconnect"}, "--fault is required"},
                    WrongPlan{"UnknownFault",
                              {"bench", "reconnect", "--fault", "rest"},
                              "--fault rest: unknown fault: did you mean \"reset\"?"},
                    WrongPlan{"NoRounds",
                              {"bench", "reconnect", "--fault", "reset", "--rounds", "0"},
                              "--rounds: Value 0 not in range"},
                    WrongPlan{"DownOfAFrozenServer",
                              {"bench", "reconnect", "--fault", "freeze", "--down", "1s"},
                              "--down: freeze takes none"},
                    WrongPlan{
                        "NoDuration", {"bench", "reconnect", "--fault", "reset", "--down", "2"}, "--down"},
                    WrongPlan{"ReportThatCannotBeWritten",
                              {"bench", "reconnect", "--fault", "reset", "--json", "/nowhere/figures.json"},
                              "cannot write /nowhere/figures.json: No such file or directory"},
                    WrongPlan{"NoClient",
                              {"bench", "reconnect", "--fault", "reset", "--system", "reference-server"},
                              "--system reference-server: it is a server; a client is what comes back"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace wsfault::e2e
