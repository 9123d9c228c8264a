// Bytes per second of encoding, observing and masking, beside memcpy of the same size in the same run.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

#include "wire/frame.hpp"
#include "wire/mask.hpp"
#include "wire/observer.hpp"

namespace wsfault::wire {
namespace {

constexpr MaskingKey key = {0x37, 0xFA, 0x21, 0x3D};
constexpr std::uint8_t text = 1;
constexpr std::uint8_t binary = 2;

std::size_t payload_size(const benchmark::State& state) { return static_cast<std::size_t>(state.range(0)); }

void count_bytes(benchmark::State& state, std::size_t bytes_per_iteration) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes_per_iteration));
}

void copy(benchmark::State& state) {
  const std::string source(payload_size(state), 'a');
  std::string target(source.size(), '\0');
  for (auto _ : state) {
    std::memcpy(target.data(), source.data(), source.size());
    benchmark::DoNotOptimize(target.data());
    benchmark::ClobberMemory();
  }
  count_bytes(state, source.size());
}

void mask_in_place(benchmark::State& state) {
  std::string bytes(payload_size(state), 'a');
  for (auto _ : state) {
    mask(bytes.data(), bytes.size(), key, 1);
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
  }
  count_bytes(state, bytes.size());
}

void encode(benchmark::State& state, const FrameSpec& like) {
  const std::string payload(payload_size(state), 'a');
  FrameSpec spec = like;
  spec.payload = payload;
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_frame(out, spec);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count_bytes(state, payload.size());
}

void observe(benchmark::State& state, Side sender, const FrameSpec& like) {
  const std::string payload(payload_size(state), 'a');
  FrameSpec spec = like;
  spec.payload = payload;
  const std::string stream = encode_frame(spec);
  FrameObserver observer(sender);
  for (auto _ : state) {
    std::string_view rest = stream;
    FrameObserver::Step step;
    do {
      step = observer.next(rest);
      rest.remove_prefix(step.consumed);
      benchmark::DoNotOptimize(step.bytes);
    } while (step.what != FrameObserver::What::more);
  }
  if (!observer.violations().empty()) state.SkipWithError("the stream should be legal");
  count_bytes(state, stream.size());
}

void sizes(benchmark::internal::Benchmark* each) { each->Arg(64)->Arg(4 << 10)->Arg(1 << 20); }

BENCHMARK(copy)->Apply(sizes);
BENCHMARK(mask_in_place)->Apply(sizes);
BENCHMARK_CAPTURE(encode, server, FrameSpec{.opcode = binary})->Apply(sizes);
BENCHMARK_CAPTURE(encode, client, FrameSpec{.opcode = binary, .masking_key = key})->Apply(sizes);
// An unmasked binary payload is counted, not read: its time is that of a header.
BENCHMARK_CAPTURE(observe, server_binary, Side::server, FrameSpec{.opcode = binary})->Apply(sizes);
BENCHMARK_CAPTURE(observe, server_text, Side::server, FrameSpec{.opcode = text})->Apply(sizes);
BENCHMARK_CAPTURE(observe, client_text, Side::client, FrameSpec{.opcode = text, .masking_key = key})
    ->Apply(sizes);

}  // namespace
}  // namespace wsfault::wire

BENCHMARK_MAIN();
