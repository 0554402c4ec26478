// Does a cycle cost more when there are more instances, when the run is older, or when a value is
// bigger? Each line has a figure that should stay as it is from one size to the next.
#include "drive.h"
#include "once.h"

namespace lexum {
namespace {

void tell(benchmark::State& state, const Cost& cost) {
  state.SetIterationTime(cost.wall_ns / 1e9);
  const auto cycles = static_cast<double>(cost.cycles);
  state.counters["cycle_ns"] = cost.wall_ns / cycles;
  state.counters["cycle_thread_ns"] = cost.thread_ns / cycles;
  state.counters["cycle_cpu_ns"] = cost.cpu_ns / cycles;
}

// A token goes round ten instances while the others sleep. The run before takes the keyframes that
// are due after so many have been called.
void asleep(benchmark::State& state, Keep keep) {
  const std::string size = "Ring.size=" + std::to_string(state.range(0));
  for (auto _ : state) {
    Drive drive("ring", keep, {.settings = {size, "Ring.around=10"}});
    drive.run("");
    drive.run("Node[0] Token(left: 1500000)");
    tell(state, drive.run("Node[0] Token(left: 2000000)"));
  }
}
BENCHMARK_CAPTURE(asleep, unrecorded, Keep::kHash)
    ->Arg(10)
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Apply(once);
BENCHMARK_CAPTURE(asleep, recorded, Keep::kTrace)
    ->Arg(10)
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Apply(once);

// The ring of a thousand, half a million hops at a time: the first times and the last ones.
void age(benchmark::State& state, Keep keep) {
  constexpr int kTimes = 16;
  constexpr int kLookedAt = 4;  // at either end
  for (auto _ : state) {
    Drive drive("ring", keep);
    drive.run("");
    Cost early;
    Cost late;
    for (int i = 0; i < kTimes; ++i) {
      const Cost cost = drive.run("Node[0] Token(left: 500000)");
      if (i < kLookedAt) early += cost;
      if (i >= kTimes - kLookedAt) late += cost;
    }
    tell(state, late);
    state.counters["late_to_early"] = late.thread_ns / early.thread_ns;
  }
}
BENCHMARK_CAPTURE(age, unrecorded, Keep::kHash)->Apply(once);
BENCHMARK_CAPTURE(age, recorded, Keep::kTrace)->Apply(once);

// Each cycle changes one entry of a map.
void one_entry(benchmark::State& state, Keep keep) {
  const std::string size = "Table.size=" + std::to_string(state.range(0));
  for (auto _ : state) {
    Drive drive("table", keep, {.settings = {size}});
    drive.run("");
    drive.run("Table Set(left: 1000, key: 7)");
    tell(state, drive.run("Table Set(left: 200000, key: 1)"));
  }
}
BENCHMARK_CAPTURE(one_entry, unrecorded, Keep::kHash)->Arg(1'000)->Arg(1'000'000)->Apply(once);
BENCHMARK_CAPTURE(one_entry, recorded, Keep::kTrace)->Arg(1'000)->Arg(1'000'000)->Apply(once);

}  // namespace
}  // namespace lexum
