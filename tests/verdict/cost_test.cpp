// What judging costs grows with the log and not with its square: four times the log takes less than ten times
// the processor's time, where a square would take sixteen.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <functional>

#include "fault/moment.hpp"
#include "verdict/judge_log.hpp"

namespace wsfault::verdict::judging {
namespace {

using LogOf = std::function<Log(int size)>;

double seconds_of(const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < 3; ++i) {
    const std::clock_t began = std::clock();
    work();
    times.push_back(static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC);
  }
  std::ranges::sort(times);
  return times[1];
}

void expect_no_square(const Case& scenario, const LogOf& log_of, int size) {
  const Log small = log_of(size);
  const Log large = log_of(4 * size);
  const auto judge_all = [&](const Log& log) {
    return seconds_of([&] { judge(scenario, log.events, 60'000'000'000'000, true); });
  };
  const double one = judge_all(small);
  const double four = judge_all(large);
  EXPECT_LT(four, 10 * one + 0.02) << one << " s and " << four << " s";
}

Case case_of(model::Role role) {
  Case scenario;
  scenario.role = role;
  return scenario;
}

FrameSeen control(Tap tap, Side from, std::uint8_t opcode, int number) {
  return {.tap = tap,
          .from = from,
          .opcode = opcode,
          .of_kind = static_cast<std::uint32_t>(number) + 1,
          .text = std::to_string(number)};
}

Log pings(int size) {
  Log log = Log().open(0, 1);
  for (int i = 0; i < size; ++i) log.on(i + 1, 1, control(Tap::sent, Side::client, 9, i));
  for (int i = 0; i < size; ++i) log.on(size + i, 1, control(Tap::arrived, Side::server, 10, i));
  return log;
}

TEST(Cost, OfPingsAndPongs) { expect_no_square(case_of(model::Role::client), pings, 8'000); }

TEST(Cost, OfManyConnectionsOfAClient) {
  const LogOf connections = [](int size) {
    Log log;
    for (int i = 1; i <= size; ++i) log.open(1000 * i, i);
    for (int i = 1; i <= size; ++i)
      log.on(1000 * size + i, i, StreamEnded{.tap = Tap::sent, .side = Side::client});
    return log;
  };
  Case scenario = case_of(model::Role::client);
  expect_no_square(scenario, connections, 2'000);
  scenario.expectations = {
      read("connections = { open = \"<=1000000\", rate = \"<=1000000/s\" }\n"
           "since = \"connect\"\nfor = \"24h\"")};
  expect_no_square(scenario, connections, 2'000);
}

Log served(int size, const std::function<std::string(int)>& name) {
  Log log;
  for (int i = 1; i <= size; ++i) {
    const auto add = [&](What what) { log.on(1000 * i, i, std::move(what), "link", name(i)); };
    add(Accepted{});
    add(Dialled{});
    add(RequestSeen{.tap = Tap::arrived});
    ResponseSeen answer{.tap = Tap::sent};
    answer.head->status = 101;
    add(answer);
    add(ScriptDone{});
  }
  return log;
}

TEST(Cost, OfManyConnectionsOfAServer) {
  Case scenario = case_of(model::Role::server);
  scenario.system.traits.values.emplace("max_connections", Value(std::int64_t{1'000'000}));
  expect_no_square(
      scenario, [](int size) { return served(size, [](int) { return "client"; }); }, 2'000);
}

TEST(Cost, OfManyClientsWithNamesOfTheirOwn) {
  const LogOf clients = [](int size) {
    return served(size, [](int number) { return fmt::format("client-{}", number); });
  };
  expect_no_square(case_of(model::Role::server), clients, 1'000);
}

TEST(Cost, OfManyClientsOfAGateway) {
  const LogOf clients = [](int size) {
    Log log;
    for (int i = 1; i <= size; ++i) {
      const std::string name = fmt::format("client-{}", i);
      const RequestSeen request{.tap = Tap::sent,
                                .head = {"GET", "/", 11, {{"Wsfault-Connection", name + "-1"}}}};
      log.on(1000 * i, 1, Accepted{}, "front", name).on(1000 * i, 1, request, "front", name);
      log.on(1000 * i, i, Accepted{}, "back").on(1000 * i, i, request, "back");
      ResponseSeen answer{.tap = Tap::arrived};
      answer.head->status = 101;
      log.on(1000 * i, i, answer, "back");
      answer.tap = Tap::sent;
      log.on(1000 * i, 1, answer, "front", name);
    }
    return log;
  };
  expect_no_square(case_of(model::Role::gateway), clients, 1'000);
}

TEST(Cost, OfWaitingForAMomentIsOneLookAtEachEvent) {
  const Log log = pings(1'000);
  fault::MomentSearch search(*fault::parse_moment("ping 900"));
  std::size_t fed = 0;
  for (const Event& event : log.events) {
    ++fed;
    if (search.feed(event)) break;
  }
  EXPECT_EQ(&log.events[fed - 1], fault::find_moment(*fault::parse_moment("ping 900"), log.events));
}

}  // namespace
}  // namespace wsfault::verdict::judging
