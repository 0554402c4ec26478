// What a million instances with two fields take, each of which has had a message, while they are
// recorded. In a process of its own, since what counts is what the system has given to it.
#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

#include "drive.h"
#include "once.h"

namespace lexum {
namespace {

constexpr double kMegabyte = 1e6;

double resident_mb() {
  std::ifstream file("/proc/self/statm");
  size_t all = 0;
  size_t resident = 0;
  file >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / kMegabyte;
}

double peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / kMegabyte;
}

void million(benchmark::State& state) {
  for (auto _ : state) {
    const double before = resident_mb();
    Drive drive("ring", Keep::kTrace, {.settings = {"Ring.size=1000000", "Ring.around=1000000"}});
    Cost cost = drive.run("");
    state.counters["resident_mb_called"] = resident_mb();
    cost += drive.run("Node[0] Token(left: 1000000)");
    state.SetIterationTime(cost.wall_ns / 1e9);
    state.counters["resident_mb"] = resident_mb();
    state.counters["peak_mb"] = peak_mb();
    state.counters["bytes_per_instance"] = (resident_mb() - before) * kMegabyte / 1e6;
    state.counters["trace_mb"] = static_cast<double>(drive.close_trace()) / kMegabyte;
  }
}
BENCHMARK(million)->Apply(once);

}  // namespace
}  // namespace lexum
