// What a second thread brings when every tick has two thousand slices, by how much there is to do
// in a slice. Both runs must come to the same hash.
#include "drive.h"
#include "once.h"

namespace lexum {
namespace {

struct Walk {
  Cost cost;
  Hash256 hash;
};

Walk walk(int64_t turns, unsigned threads) {
  Drive drive("crowd", Keep::kHash, {.threads = threads});
  drive.run("");
  const int64_t slices = 60'000 / (40 + 10 * turns);  // of each: about as long for all turns
  const std::string message =
      "Event::Go(slices: " + std::to_string(slices) + ", turns: " + std::to_string(turns) + ")";
  const Cost cost = drive.run(message);
  return {cost, drive.run_hash()};
}

void two_threads(benchmark::State& state) {
  for (auto _ : state) {
    const Walk one = walk(state.range(0), 1);
    const Walk two = walk(state.range(0), 2);
    state.SetIterationTime(two.cost.wall_ns / 1e9);
    if (one.hash != two.hash) state.SkipWithError("two threads come to another run_hash than one");
    const auto cycles = static_cast<double>(one.cost.cycles);
    state.counters["one_ns"] = one.cost.wall_ns / cycles;
    state.counters["two_ns"] = two.cost.wall_ns / cycles;
    state.counters["speedup"] = one.cost.wall_ns / two.cost.wall_ns;
  }
}
BENCHMARK(two_threads)->Arg(1)->Arg(10)->Arg(100)->Arg(1'000)->Apply(once);

}  // namespace
}  // namespace lexum
