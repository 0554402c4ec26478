// The values of one field over the cycles that are seen, for a plot: a step for each write.
#pragma once

#include <cstdint>
#include <vector>

#include "model/axis.h"
#include "session/session.h"
#include "tracer/target.h"

namespace lexum {

struct PlotStep {
  uint64_t cycle = 0;  // that wrote it; the first one may have been before what is seen
  double value = 0;
};

class History {
 public:
  // So many cycles are looked through at once, and no more.
  static constexpr uint64_t kCyclesMax = 5'000;

  // The session outlives it.
  explicit History(Session& session) : session_(session) {}

  // Of an int, or a bool as 0 and 1. Empty where it is neither, nobody wrote it, or too much is
  // seen at once. Good until the next call.
  const std::vector<PlotStep>& of(const FieldTarget& field, const Axis& axis);

 private:
  Session& session_;
  std::vector<PlotStep> steps_;
  // What they are of.
  const TraceReader* trace_ = nullptr;
  FieldTarget field_;
  uint64_t first_ = 0;
  uint64_t last_ = 0;
};

}  // namespace lexum
