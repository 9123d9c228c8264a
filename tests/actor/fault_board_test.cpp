// From moments in the log to strikes: once per connection, only on listed connections, drawn from a seed.
#include "actor/fault_board.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event_line.hpp"
#include "stage.hpp"

namespace wsfault::actor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// A board without links: with `probability = 0` each strike is recorded as "spared".
class Board : private Parties {
 public:
  explicit Board(const std::string& fault, std::uint64_t seed = 1)
      : specs_(faults_of("[[fault]]\n" + fault)), board_(io_.get_executor(), specs_, {}, *this, log_, seed) {}

  void happens(int connection, record::What what, const std::string& party = "sut") {
    log_.record({"link", party, connection}, std::move(what));
  }
  void happens_to(const std::string& party, record::What what) {
    log_.record({{}, party, 0}, std::move(what));
  }
  std::vector<int> spared() const {
    std::vector<int> connections;
    for (const record::Event& event : log_.events()) {
      if (std::holds_alternative<record::FaultSpared>(event.what))
        connections.push_back(event.where.connection);
    }
    return connections;
  }
  /// Runs what the board has begun until it ends.
  std::vector<std::string> done() {
    io_.restart();
    io_.run_for(std::chrono::seconds(20));
    std::vector<std::string> lines;
    for (const record::Event& event : log_.events()) {
      const std::string line = event_line(event.what);
      if (line.starts_with("fault")) lines.push_back(line);
    }
    lines.insert(lines.end(), parties_.begin(), parties_.end());
    return lines;
  }
  /// What has been done to parties when the board has settled.
  std::vector<std::string> settled() {
    std::optional<std::vector<std::string>> done;
    const auto wait = [&]() -> net::Task<void> {
      co_await board_.settled();
      done = parties_;
    };
    net::asio::co_spawn(io_, wait(), [](const std::exception_ptr&) {});
    while (!done && io_.run_one_for(std::chrono::seconds(20)) > 0) continue;
    board_.close();
    io_.run_for(std::chrono::seconds(20));
    return done.value();
  }

  bool breaks = false;  ///< signals fail

 private:
  net::Task<void> signal(const std::string& party, const fault::Signal& signal) override {
    if (breaks) throw std::runtime_error("it has no process");
    parties_.push_back("signal " + std::to_string(signal.number) + " to " + party +
                       (signal.whole_tree ? "" : " alone"));
    co_return;
  }
  net::Task<void> start(const std::string& party) override {
    parties_.push_back("start of " + party);
    co_return;
  }
  net::Task<void> reload(const std::string& party) override {
    parties_.push_back("reload of " + party);
    co_return;
  }
  net::Task<void> command(const std::vector<std::string>& argv) override {
    parties_.push_back("command " + argv.front());
    co_return;
  }

  net::asio::io_context io_;
  record::EventLog log_;
  std::vector<fault::FaultSpec> specs_;
  std::vector<std::string> parties_;
  FaultBoard board_;
};

std::vector<int> spared_of_a_hundred(double probability, std::uint64_t seed) {
  Board board("inject = \"reset\"\nconnections = \"all\"\nprobability = " + std::to_string(probability),
              seed);
  for (int connection = 1; connection <= 100; ++connection) board.happens(connection, record::Opened{});
  return board.spared();
}

// "probability: 0..1, drawn from the run's seed"
TEST(FaultBoard, DrawsTheSameForTheSameSeed) {
  const std::vector<int> drawn = spared_of_a_hundred(0.5, 42);
  EXPECT_GT(drawn.size(), 20U);
  EXPECT_LT(drawn.size(), 80U);
  EXPECT_EQ(spared_of_a_hundred(0.5, 42), drawn);
  EXPECT_NE(spared_of_a_hundred(0.5, 43), drawn);
  EXPECT_THAT(spared_of_a_hundred(1, 42), IsEmpty());
  EXPECT_EQ(spared_of_a_hundred(0, 42).size(), 100U);
}

const std::string spares = "probability = 0.0\n";

TEST(FaultBoard, StrikesTheConnectionsItLists) {
  const auto struck = [](const std::string& which) {
    Board board("inject = \"reset\"\n" + which + spares);
    for (int connection = 1; connection <= 5; ++connection) board.happens(connection, record::Opened{});
    return board.spared();
  };
  EXPECT_THAT(struck(""), ElementsAre(1));
  EXPECT_THAT(struck("connections = \"2-3\"\n"), ElementsAre(2, 3));
  EXPECT_THAT(struck("connections = \"odd\"\n"), ElementsAre(1, 3, 5));
}

TEST(FaultBoard, StrikesEachConnectionOnce) {
  Board board("inject = \"reset\"\nwhen = \"idle 1s\"\nconnections = \"all\"\n" + spares);
  for (int silence = 0; silence < 3; ++silence) board.happens(1, record::IdleReached{1'000'000'000});
  EXPECT_THAT(board.spared(), ElementsAre(1));
}

TEST(FaultBoard, StrikesTheConnectionsOfWhomItSays) {
  Board board("inject = \"reset\"\nof = \"upstream\"\nconnections = \"all\"\n" + spares);
  board.happens(1, record::Opened{}, "sut");
  board.happens(2, record::Opened{}, "upstream");
  EXPECT_THAT(board.spared(), ElementsAre(2));
}

// "A connection whose head is plain HTTP gives its number back": the fault is meant for the one that gets it.
TEST(FaultBoard, StrikesAgainWhereANumberWasGivenBack) {
  Board board("inject = \"latency\"\nlatency = \"1s\"\n" + spares);
  board.happens(1, record::Accepted{});
  board.happens(1, record::ConnectionOver{});
  board.happens(1, record::Accepted{});
  EXPECT_THAT(board.spared(), ElementsAre(1, 1));
}

// --- parties

TEST(FaultBoard, ActsOnPartiesOnce) {
  Board board("inject = \"kill\"\nat = \"sut\"\nwhen = \"message 2\"");
  for (int connection = 1; connection <= 3; ++connection) {
    record::FrameSeen frame;
    frame.number = frame.of_kind = 1;
    board.happens(connection, frame);
  }
  EXPECT_THAT(board.done(),
              ElementsAre("fault kill fired", "signal 9 to sut"));  // the second message on any connection
}

TEST(FaultBoard, KillsAndStartsAgain) {
  Board board("inject = \"restart\"\nat = \"sut\"\ndown = \"10ms\"");
  board.happens_to({}, record::Ready{});
  EXPECT_THAT(board.done(),
              ElementsAre("fault restart fired", "fault restart healed", "signal 9 to sut", "start of sut"));
}

TEST(FaultBoard, FreezesAndThaws) {
  Board board("inject = \"freeze\"\nat = \"upstream\"\nlasts = \"10ms\"");
  board.happens_to({}, record::Ready{});
  EXPECT_THAT(board.done(), ElementsAre("fault freeze fired", "fault freeze healed", "signal 19 to upstream",
                                        "signal 18 to upstream"));
}

// As an init system does: SIGTERM to the first process, and later SIGKILL to all of them.
TEST(FaultBoard, Stops) {
  Board board("inject = \"stop\"\nat = \"sut\"\ngrace = \"10ms\"");
  board.happens_to({}, record::Ready{});
  EXPECT_THAT(board.done(), ElementsAre("fault stop fired", "signal 15 to sut alone", "signal 9 to sut"));
}

TEST(FaultBoard, SignalsWhomItsScopeNames) {
  const auto done = [](const std::string& fault) {
    Board board(fault + "\nat = \"sut\"");
    board.happens_to({}, record::Ready{});
    return board.done().at(1);
  };
  EXPECT_EQ(done("inject = \"kill\"\nsignal = 6\nscope = \"main\""), "signal 6 to sut alone");
  EXPECT_EQ(done("inject = \"freeze\"\nscope = \"main\""), "signal 19 to sut alone");
  EXPECT_EQ(done("inject = \"stop\"\nscope = \"tree\"\ngrace = \"1ms\""), "signal 15 to sut");
}

TEST(FaultBoard, Reloads) {
  Board board("inject = \"reload\"\nat = \"sut\"");
  board.happens_to({}, record::Ready{});
  EXPECT_THAT(board.done(), ElementsAre("fault reload fired", "reload of sut"));
}

TEST(FaultBoard, RunsACommand) {
  Board board("inject = \"run\"\nat = \"sut\"\ncommand = [\"docker\", \"kill\", \"x\"]");
  board.happens_to({}, record::Ready{});
  EXPECT_THAT(board.done(), ElementsAre("fault run fired", "command docker"));
}

TEST(FaultBoard, WaitsForItsAfter) {
  Board board("inject = \"kill\"\nat = \"sut\"\nafter = \"50ms\"");
  const auto start = std::chrono::steady_clock::now();
  board.happens_to({}, record::Ready{});
  EXPECT_EQ(board.done().size(), 2U);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(50));
}

// --- settling

TEST(FaultBoard, IsSettledWhileNoMomentHasCome) {
  EXPECT_THAT(Board("inject = \"kill\"\nat = \"sut\"").settled(), IsEmpty());
}

TEST(FaultBoard, SettlesOnceEachFaultThatFollowsFromAMomentHasActed) {
  Board board(R"(name = "first"
inject = "kill"
at = "sut"
[[fault]]
name = "second"
inject = "freeze"
at = "upstream"
when = "fault first"
[[fault]]
name = "third"
inject = "reload"
at = "sut"
when = "fault second")");
  board.happens_to({}, record::Ready{});
  EXPECT_THAT(board.settled(),
              UnorderedElementsAre("signal 9 to sut", "signal 19 to upstream", "reload of sut"));
}

TEST(FaultBoard, SettlesWithoutWaitingForDelays) {
  Board late("inject = \"kill\"\nat = \"sut\"\nafter = \"1h\"");
  late.happens_to({}, record::Ready{});
  EXPECT_THAT(late.settled(), IsEmpty());
  Board down("inject = \"restart\"\nat = \"sut\"\ndown = \"1h\"");
  down.happens_to({}, record::Ready{});
  EXPECT_THAT(down.settled(), ElementsAre("signal 9 to sut"));
}

TEST(FaultBoard, SettlesThoughAFaultFails) {
  Board board("inject = \"kill\"\nat = \"sut\"");
  board.breaks = true;
  board.happens_to({}, record::Ready{});
  EXPECT_THAT(board.settled(), IsEmpty());
}

}  // namespace
}  // namespace wsfault::actor
