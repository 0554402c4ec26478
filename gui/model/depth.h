// How deep each cycle lies in what led to it: as a column of its own for each step from cause to
// effect, instead of one for each cycle. What has nothing to do with each other stands side by
// side, however long the one waited for its turn behind the other (Lamport's "happened before").
#pragma once

#include <memory>

#include "model/axis.h"
#include "tracer/reader.h"

namespace lexum {

// So many cycles are laid out at once.
inline constexpr uint64_t kDepthCyclesMax = 4'000;

// Of those cycles, both included, and as if nothing had been before: a cycle is one deeper than the
// one that sent what it took, and than the one before of its own instance. Null if they cannot be
// read. Requires cycles of the trace, in that order and no more than that.
std::shared_ptr<const DepthColumns> by_depth(TraceReader& trace, uint64_t from, uint64_t to);

}  // namespace lexum
