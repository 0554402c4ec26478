// The values of one field over the cycles that are seen, for a plot: a step for each write where
// they can be told apart, else as many as there are pixels (pyramid.h).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/axis.h"
#include "model/pyramid.h"
#include "tracer/reader.h"
#include "tracer/target.h"

namespace lexum {

class History {
 public:
  // So many cycles are looked through at once; of more, what a survey has found is shown.
  static constexpr uint64_t kCyclesMax = 5'000;

  // Of an int, or a bool as 0 and 1. Empty where it is neither, or nobody wrote it. `survey`
  // follows the field. Good until the next call.
  const std::vector<PlotStep>& of(TraceReader& trace, const FieldTarget& field, const Axis& axis,
                                  const Pyramid& survey);

 private:
  std::vector<PlotStep> steps_;
  // What they are of, if they were looked for.
  const TraceReader* trace_ = nullptr;
  FieldTarget field_;
  uint64_t first_ = 0;
  uint64_t last_ = 0;
};

// Of an int, or a bool as 0 and 1.
std::optional<double> number_of(const SeenValue& seen);
// What an operator's act made of the field, if that is one.
std::optional<Value> set_by_act(const Program& program, const EventView& event,
                                const FieldTarget& field);

}  // namespace lexum
