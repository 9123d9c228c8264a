// What judging costs a case while it runs: its log is read and looked at a hundred times as it grows, and
// judged once at the end. CPU time over the whole case.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

#include <cstdint>
#include <functional>
#include <string>

#include "verdict/case_watch.hpp"
#include "verdict/judge.hpp"

namespace {

using namespace wsfault;
using namespace wsfault::record;

constexpr int looks = 100;

/// A log as a link records it; each event a microsecond after the one before.
class Log {
 public:
  Events events;

  void add(const Where& where, What what) { events.push_back({now_ += 1'000, where, std::move(what)}); }

  void open(const Where& where) {
    const wsfault::wire::Headers headers = {{"Host", "127.0.0.1:8080"},
                                            {"Upgrade", "websocket"},
                                            {"Connection", "Upgrade"},
                                            {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                                            {"Sec-WebSocket-Version", "13"}};
    RequestSeen request{.tap = Tap::sent, .head = {"GET", "/", 11, headers}};
    ResponseSeen response{.tap = Tap::sent, .head = {101, "Switching Protocols", 11, headers}};
    add(where, Accepted{"127.0.0.1:40000"});
    add(where, Dialled{});
    add(where, request);
    request.tap = Tap::arrived;
    add(where, request);
    add(where, response);
    response.tap = Tap::arrived;
    add(where, response);
    add(where, Opened{});
  }
  void message(const Where& where, Side from, std::uint64_t number) {
    const Text text = fmt::format("event {}", number);
    FrameSeen frame{.tap = Tap::sent, .from = from, .masked = from == Side::client, .number = number};
    frame.of_kind = number;
    frame.length = text.view().size();
    MessageSeen message{
        .tap = Tap::sent, .from = from, .number = number, .size = frame.length, .payload = text};
    add(where, frame);
    add(where, message);
    frame.tap = message.tap = Tap::arrived;
    frame.of = number;
    add(where, frame);
    add(where, message);
  }
  void control(const Where& where, Side from, std::uint8_t opcode, std::uint64_t number) {
    FrameSeen frame{.tap = Tap::sent, .from = from, .opcode = opcode, .masked = from == Side::client};
    frame.number = frame.of_kind = number;
    frame.text = std::to_string(number);
    add(where, frame);
    frame.tap = Tap::arrived;
    frame.of = number;
    add(where, frame);
  }
  /// The default conversation: hello and its echo, a Close and its answer, FIN.
  void converse(const Where& where) {
    message(where, Side::client, 1);
    message(where, Side::server, 1);
    FrameSeen close{
        .tap = Tap::sent, .from = Side::client, .opcode = 8, .masked = true, .number = 2, .code = 1000};
    close.length = 2;
    for (const Side from : {Side::client, Side::server}) {
      close.from = from;
      close.masked = from == Side::client;
      for (const Tap tap : {Tap::sent, Tap::arrived}) {
        close.tap = tap;
        add(where, close);
      }
    }
    add(where, ScriptDone{});
    for (const Side side : {Side::server, Side::client}) {
      add(where, StreamEnded{.tap = Tap::sent, .side = side});
      add(where, StreamEnded{.tap = Tap::arrived, .side = wsfault::wire::opposite(side)});
    }
    add(where, ConnectionOver{});
  }

 private:
  std::int64_t now_ = 0;
};

using LogOf = std::function<Log()>;

/// As a case does it while it runs.
void judge_whole_case(benchmark::State& state, model::Role role, const LogOf& log_of) {
  const Log log = log_of();
  verdict::Case scenario;
  scenario.role = role;
  for (auto _ : state) {
    Events events;
    trace::Trace trace(events);
    verdict::CaseWatch watch(scenario, trace);
    const std::size_t step = log.events.size() / looks + 1;
    for (std::size_t i = 0; i < log.events.size();) {
      state.PauseTiming();
      for (const std::size_t until = i + step; i < until && i < log.events.size(); ++i)
        events.push_back(log.events[i]);
      state.ResumeTiming();
      trace.catch_up();
      benchmark::DoNotOptimize(watch.look(events.back().at));
    }
    benchmark::DoNotOptimize(verdict::judge(scenario, trace, events.back().at + 10'000'000'000, true));
  }
  state.counters["events"] = static_cast<double>(log.events.size());
}

Log messages(std::uint64_t count) {
  Log log;
  const Where where{"link", "sut", 1};
  log.open(where);
  for (std::uint64_t i = 1; i <= count; ++i) log.message(where, Side::server, i);
  return log;
}

Log pings(std::uint64_t count) {
  Log log;
  const Where where{"link", "sut", 1};
  log.open(where);
  for (std::uint64_t i = 1; i <= count; ++i) {
    log.control(where, Side::client, 9, i);
    log.control(where, Side::server, 10, i);
  }
  return log;
}

Log connections(int count, const std::function<Where(int)>& where_of) {
  Log log;
  for (int i = 1; i <= count; ++i) {
    const Where where = where_of(i);
    log.open(where);
    log.converse(where);
  }
  return log;
}

Where of_client(int number) { return {"link", "client", number}; }
Where of_sut(int number) { return {"link", "sut", number}; }
Where named(int number) { return {"link", fmt::format("client-{}", number), 1}; }

BENCHMARK_CAPTURE(judge_whole_case, 100000_messages, model::Role::client, [] { return messages(100'000); })
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(judge_whole_case, 20000_connections_to_a_server, model::Role::server,
                  [] { return connections(20'000, of_client); })
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(judge_whole_case, 20000_connections_of_a_client, model::Role::client,
                  [] { return connections(20'000, of_sut); })
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(judge_whole_case, 1000_clients_with_names, model::Role::server,
                  [] { return connections(1'000, named); })
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(judge_whole_case, 250000_pings, model::Role::client, [] { return pings(250'000); })
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(judge_whole_case, 1000000_pings, model::Role::client, [] { return pings(1'000'000); })
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

/// A moment that came is found at once, wherever it stands in the log.
void find_a_moment(benchmark::State& state) {
  const Log log = messages(static_cast<std::uint64_t>(state.range(0)));
  const auto trace = trace::Trace::of(log.events);
  const auto moment = fault::parse_moment(fmt::format("message {}", state.range(0) / 2));
  trace->first(*moment);
  for (auto _ : state) benchmark::DoNotOptimize(trace->first(*moment));
}
BENCHMARK(find_a_moment)->Arg(1'000)->Arg(100'000);

/// Bytes that a log, its trace and its watch hold for each.
void memory(benchmark::State& state, model::Role role, int count, const std::function<Log(int)>& log_of) {
  verdict::Case scenario;
  scenario.role = role;
  for (auto _ : state) {
    const auto before = mallinfo2();
    const Log log = log_of(count);
    trace::Trace trace(log.events);
    verdict::CaseWatch watch(scenario, trace);
    trace.catch_up();
    watch.look(log.events.back().at);
    const auto after = mallinfo2();
    state.counters["bytes"] =
        static_cast<double>(after.uordblks + after.hblkhd - before.uordblks - before.hblkhd) / count;
  }
}
BENCHMARK_CAPTURE(memory, of_a_message, model::Role::client, 100'000, [](int count) {
  return messages(static_cast<std::uint64_t>(count));
})->Iterations(1);
BENCHMARK_CAPTURE(memory, of_a_connection, model::Role::server, 20'000, [](int count) {
  return connections(count, of_client);
})->Iterations(1);

}  // namespace

BENCHMARK_MAIN();
