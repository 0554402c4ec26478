// How a benchmark is run whose body is a whole run of a program: once, and by its own clock.
#pragma once

#include <benchmark/benchmark.h>

namespace lexum {

inline void once(benchmark::internal::Benchmark* bench) {
  bench->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
}

}  // namespace lexum
