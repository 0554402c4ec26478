// What a message, a turn and a cycle cost, with nothing kept of the run, with its hash, and with a
// trace in a file. compare.sh puts these figures beside those of others.
#include "drive.h"
#include "once.h"

namespace lexum {
namespace {

struct Case {
  const char* name;
  const char* program;
  const char* message;  // that sets it off
  double units;         // of work that follow from it: what the peer does as often
};

constexpr Case kCases[] = {
    {"ping_pong", "ping_pong", "Pinger Pong(left: 1000000)", 1e6},
    {"ring", "ring", "Node[0] Token(left: 1000000)", 1e6},
    {"fan_in", "fan_in", "Crowd Go(each: 10000, burst: 20)", 1e6},
    {"fan_in_one_by_one", "fan_in", "Crowd Go(each: 10000, burst: 1)", 1e6},
    {"guarded", "guarded", "Feeder Go(rounds: 250000)", 1e6},
    {"dispatch", "dispatch", "Feeder Go(rounds: 250000)", 1e6},
    {"count_by_loop", "counter", "Loop Go(turns: 5000000)", 5e6},
    {"count_by_goal", "counter", "Goal Go(turns: 1000000)", 1e6},
    {"count_by_message", "counter", "Self Go(turns: 1000000)", 1e6},
    {"mixed", "mixed", "Crowd Go(tokens: 100, hops: 10000)", 1e6},
};

void run(benchmark::State& state, const Case& what, Keep keep) {
  for (auto _ : state) {
    Drive drive(what.program, keep);
    drive.run("");  // to where everybody is there and sleeps
    const Cost cost = drive.run(what.message);
    state.SetIterationTime(cost.wall_ns / 1e9);
    const auto cycles = static_cast<double>(cost.cycles);
    auto& counters = state.counters;
    counters["ns"] = cost.wall_ns / what.units;
    counters["thread_ns"] = cost.thread_ns / what.units;
    counters["cpu_ns"] = cost.cpu_ns / what.units;
    counters["cycle_ns"] = cost.wall_ns / cycles;
    counters["cycle_thread_ns"] = cost.thread_ns / cycles;
    counters["cycle_cpu_ns"] = cost.cpu_ns / cycles;
    counters["cycles_per_s"] = cycles * 1e9 / cost.wall_ns;
    const auto bytes = static_cast<double>(drive.close_trace());
    counters["bytes_per_cycle"] = bytes / static_cast<double>(drive.world().cycle());
  }
}

[[maybe_unused]] const bool registered = [] {
  for (const Case& what : kCases) {
    for (const Keep keep : {Keep::kNothing, Keep::kHash, Keep::kTrace}) {
      const std::string name = std::string(what.name) + "/" + std::string(spelling(keep));
      benchmark::RegisterBenchmark(name.c_str(), run, what, keep)->Apply(once);
    }
  }
  return true;
}();

}  // namespace
}  // namespace lexum
