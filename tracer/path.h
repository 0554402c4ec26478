// How one thing led to another: the shortest way through causes from an earlier cycle to a later
// one. A cycle follows from what why.h names, and from the cycle of its own instance before it,
// which left the state that it found (Lamport, 1978: happened before).
#pragma once

#include <cstdint>
#include <vector>

#include "tracer/why.h"

namespace lexum {

struct PathStep {
  CycleView ran;
  // How it follows from the step before it in the path: as why.h says, or through the state.
  bool through_state = false;
  WhyStep::Because because = WhyStep::Because::kStart;
};

struct Path {
  // From the earlier one to the later one; empty if nothing of it reached that.
  std::vector<PathStep> steps;
  uint64_t looked_at = 0;  // how many cycles
  bool interrupted = false;
};

// Requires cycles of the trace, the earlier one first.
Result<Path> path(TraceReader& trace, uint64_t from, uint64_t to, const Looking& looking = {});

}  // namespace lexum
