// The upstream in its own process, replaced by a shell script: what is sent to it, and in which order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "net/temporary_folder.hpp"
#include "reference/loop.hpp"
#include "runner/upstream_seat.hpp"
#include "scenario/load.hpp"
#include "value/toml.hpp"

namespace wsfault::runner {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

/// Writes what it reads to one file per process, and prints what the first one asks for.
constexpr const char* stand_in = R"(#!/bin/sh
life=$(ls "$0".life* 2>/dev/null | wc -l)
file="$0.life$life"
: >"$file"
echo '{"type":"listening","port":1}'
[ "$life" = 0 ] && echo 'ASKS'
while read -r line; do echo "$line" >>"$file"; done
)";

constexpr const char* wait = R"({"type":"wait","wait":0,"connection":3})";
constexpr const char* inject =
    R"({"type":"inject","serial":5,"connection":2,"bytes":1234,"mark":"inject:upstream:1"})";
const auto serves = StartsWith(R"({"type":"serve",)");

class Host : public actor::ScriptHost {
 public:
  explicit Host(const net::asio::any_io_executor& executor) : changed(executor) {}
  void record(int, record::What) override {}
  net::Task<void> until(const fault::Moment&, int) override {
    asked = true;
    while (!came) co_await changed.wait();
  }
  net::Task<void> inject(int connection, std::string mark, std::uint64_t written) override {
    injected = mark + " on " + std::to_string(connection) + " after " + std::to_string(written);
    asked = true;
    while (!came) co_await changed.wait();
  }
  std::uint64_t next_sequence() override { return 1; }
  void come() {
    came = true;
    changed.notify();
  }

  net::EventGate changed;
  std::string injected;
  bool asked = false;
  bool came = false;
};

class Seat {
 public:
  explicit Seat(const std::string& asks) : host(loop.executor()) {
    std::string text = stand_in;
    text.replace(text.find("ASKS"), 4, asks);
    std::ofstream(program()) << text;
    ::chmod(program().c_str(), 0700);
    Diagnostics diagnostics("x.toml", "");
    const auto table = parse_toml(R"(steps = [{ wait = "message 7" }])", diagnostics);
    model_ = scenario::read_upstream(*table, diagnostics).value();
    seat = fake_upstream_process(loop.executor(), warden_, program(), model_, host, log, 1, std::nullopt);
    run([this]() -> net::Task<void> {
      const std::string error = co_await seat->start();
      EXPECT_EQ(error, "");
    });
  }
  ~Seat() {
    host.come();
    run([this]() -> net::Task<void> { co_await seat->stop(); });
    seat.reset();
    loop.io().restart();
    loop.io().poll();
  }

  void run(const std::function<net::Task<void>()>& task) {
    bool over = false;
    const auto wrapped = [&]() -> net::Task<void> {
      co_await task();
      over = true;
    };
    loop.start(wrapped());
    EXPECT_TRUE(loop.until([&] { return over; }));
  }
  void restart() {
    run([this]() -> net::Task<void> {
      const std::string error = co_await seat->restart();
      EXPECT_EQ(error, "");
    });
  }
  std::vector<std::string> read_in_life(int life) const {
    std::ifstream file(program() + ".life" + std::to_string(life));
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  bool until_read(int life, std::size_t lines) {
    const auto started = std::chrono::steady_clock::now();
    while (read_in_life(life).size() < lines) {
      if (std::chrono::steady_clock::now() - started > std::chrono::seconds(20)) return false;
      loop.watch(std::chrono::milliseconds(5));
    }
    return true;
  }

  reference::Loop loop;
  record::EventLog log;
  Host host;
  std::unique_ptr<UpstreamSeat> seat;

 private:
  std::string program() const { return folder_.path() + "/program"; }
  net::Warden warden_ = net::Warden::start();
  net::TemporaryFolder folder_;
  model::Upstream model_;
};

TEST(UpstreamProcess, IsToldOfTheMomentThatItsScriptWaitsFor) {
  Seat seat(wait);
  ASSERT_TRUE(seat.loop.until([&] { return seat.host.asked; }));
  seat.host.come();
  ASSERT_TRUE(seat.until_read(0, 2));
  EXPECT_THAT(seat.read_in_life(0), ElementsAre(serves, R"({"type":"moment","wait":0,"connection":3})"));
}

TEST(UpstreamProcess, IsToldThatItsInjectionWasRecorded) {
  Seat seat(inject);
  ASSERT_TRUE(seat.loop.until([&] { return seat.host.asked; }));
  EXPECT_EQ(seat.host.injected, "inject:upstream:1 on 2 after 1234");
  seat.host.come();
  ASSERT_TRUE(seat.until_read(0, 2));
  EXPECT_THAT(seat.read_in_life(0), ElementsAre(serves, R"({"type":"injected","serial":5})"));
}

// The moment comes when the successor is started: its predecessor's wait does not concern it, and its script
// is the first line that it reads.
TEST(UpstreamProcess, ThatIsStartedAgainReadsItsScriptFirstAndNothingOfItsPredecessors) {
  for (const char* asks : {wait, inject}) {
    SCOPED_TRACE(asks);
    Seat seat(asks);
    ASSERT_TRUE(seat.loop.until([&] { return seat.host.asked; }));
    const auto subscription = seat.log.subscribe([&](const record::Event& event) {
      const auto* change = std::get_if<record::ProcessChanged>(&event.what);
      if (change && change->change == record::ProcessChange::started) seat.host.come();
    });
    seat.restart();
    seat.seat->announce(4711, 9);
    ASSERT_TRUE(seat.until_read(1, 2));
    EXPECT_THAT(seat.read_in_life(1),
                ElementsAre(serves, R"({"type":"connection","port":4711,"connection":9})"));
  }
}

TEST(UpstreamProcess, ThatPrintsSomethingElseIsAnError) {
  for (const char* line : {"wait 0 3", R"({"type":"listen"})", R"({"type":"wait","wait":0})"}) {
    SCOPED_TRACE(line);
    Seat seat(line);
    const auto is_error = [&](const record::Event& event) {
      const auto* error = std::get_if<record::HarnessError>(&event.what);
      return error != nullptr && error->message == std::string("the fake upstream printed: ") + line;
    };
    EXPECT_TRUE(seat.loop.until([&] { return std::ranges::any_of(seat.log.events(), is_error); }));
  }
}

}  // namespace
}  // namespace wsfault::runner
