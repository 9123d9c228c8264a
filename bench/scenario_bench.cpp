// How fast a scenario file is read, checked and resolved.
#include <benchmark/benchmark.h>

#include <string>

#include "runner/reference_system.hpp"
#include "scenario/load.hpp"

namespace {

constexpr const char* text = R"(
title   = "The server crashes while a conversation is under way"
role    = "client"
refutes = ["never-notices"]

[each]
code = [1000, 1001, 1011, 1014, 4000]

[upstream]
steps = [{ expect = "id=1" }, { repeat = 20, steps = [{ send = "event ${seq}" }, { wait = "5ms" }] }]

[[fault]]
inject = "close"
code   = "${code}"
when   = "message 2"

[[expect]]
close  = "${code}"
within = "${heartbeat} + ${heartbeat_timeout} + 1s"
)";

void load_five_cases(benchmark::State& state) {
  const wsfault::scenario::Setting setting{wsfault::runner::reference_client("wsfault"), {}};
  for (auto _ : state) {
    wsfault::Diagnostics diagnostics("bench.toml", text);
    auto cases = wsfault::scenario::load_scenario("bench", setting, text, diagnostics);
    if (cases.size() != 5) state.SkipWithError("the scenario does not load");
    benchmark::DoNotOptimize(cases);
  }
  state.SetItemsProcessed(state.iterations() * 5);
}
BENCHMARK(load_five_cases);

}  // namespace

BENCHMARK_MAIN();
