// What recording costs: the same run unobserved, hashed, and recorded into a file. `ns` is time on
// the clock for a cycle, `cpu_ns` that of all threads, `bytes` what a cycle takes in the file.
#include <filesystem>
#include <memory>
#include <string>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "eval/load.h"
#include "machine/recorder.h"
#include "runtime/world.h"
#include "tracer/writer.h"

namespace lexum {
namespace {

// A token for every instance of a ring, handed on with a counter.
constexpr const char* kRing = R"(
domain Node[id: int] {
  state { count: int }
  transition Token(hops: int) {
    count += 1
    send Node[(self.id + 1) % 1000] Token(hops: hops + 1)
  }
}
domain Start { transition Boot { for i in 0..1000 { send Node[i] Token(hops: 0) } } }
)";

// One token alone in the same ring, so that each tick has one cycle.
constexpr const char* kToken = R"(
domain Node[id: int] {
  state { count: int }
  transition Token(hops: int) {
    count += 1
    send Node[(self.id + 1) % 1000] Token(hops: hops + 1)
  }
}
domain Start { transition Boot { send Node[0] Token(hops: 0) } }
)";

// Receivers that nobody can guess, texts, and two goals for each instance that stay unsatisfied.
constexpr const char* kMixed = R"(
domain Node[id: int] {
  state { seed: int  level: int  mood: string  from: string  waits: bool }
  goal Calm { predicate level < 0 }
  goal Told { predicate waits }
  transition Rest { if level > 1000000 { level = 0 } }
  transition Ask { if mood == "never" { waits = true } }
  transition Hear(x: int, who: string) {
    seed = (seed * 1103515245 + x + 12345) % 2147483648
    level = level + seed % 7 - 3
    from = who
    if seed % 3 == 0 { mood = "glad of " + who } else { mood = "tired" }
    send Node[seed / 64 % 1000] Hear(x: seed % 100, who: "node " + str(self.id))
  }
}
domain Start {
  transition Boot { for i in 0..1000 { send Node[i] Hear(x: i * 7919, who: "start") } }
}
)";

uint64_t cpu_ns() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](timeval t) {
    return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 +
           static_cast<uint64_t>(t.tv_usec) * 1'000;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

enum class How { kUnobserved, kHashed, kRecorded };

void run(benchmark::State& state, const char* text, How how) {
  constexpr uint64_t kCycles = 2'000'000;
  Diagnostics diagnostics;
  const std::unique_ptr<const Program> program = load(Source("bench.lxm", text), diagnostics);
  const std::string path =
      (std::filesystem::temp_directory_path() / "lexum_trace_bench.lxtrace").string();
  uint64_t cycles = 0;
  uint64_t cpu = 0;
  uint64_t bytes = 0;
  for (auto _ : state) {
    World world(*program, {});
    std::unique_ptr<TraceWriter> writer;
    if (how == How::kRecorded) {
      writer = std::move(*TraceWriter::create(disk(), path, *program, {}));
    }
    Recorder recorder(world, {}, writer.get());
    if (how != How::kUnobserved) world.observe(&recorder);
    const uint64_t before = cpu_ns();
    world.begin();
    bool good = recorder.between_ticks().ok();
    while (world.cycle() < kCycles && world.tick()) good = good && recorder.between_ticks().ok();
    good = good && recorder.finish().ok();
    cpu += cpu_ns() - before;
    cycles += world.cycle();
    if (!good) state.SkipWithError("the trace could not be written");
    if (how == How::kRecorded) bytes += std::filesystem::file_size(path);
  }
  const auto per_cycle = [&](uint64_t sum) {
    return static_cast<double>(sum) / static_cast<double>(cycles);
  };
  state.counters["ns"] =
      benchmark::Counter(static_cast<double>(cycles) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["cpu_ns"] = per_cycle(cpu);
  if (how == How::kRecorded) state.counters["bytes"] = per_cycle(bytes);
  std::filesystem::remove(path);
}

BENCHMARK_CAPTURE(run, ring_unobserved, kRing, How::kUnobserved)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, ring_hashed, kRing, How::kHashed)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, ring_recorded, kRing, How::kRecorded)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, token_unobserved, kToken, How::kUnobserved)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, token_recorded, kToken, How::kRecorded)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, mixed_unobserved, kMixed, How::kUnobserved)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, mixed_hashed, kMixed, How::kHashed)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, mixed_recorded, kMixed, How::kRecorded)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lexum
