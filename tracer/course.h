// How a field went in a whole run, out of what a trace says of stretches of it (extents.h).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tracer/reader.h"
#include "tracer/target.h"

namespace lexum {

// From that cycle on, until the next one, it was between these. One for each stretch in which it
// was written.
struct CourseStep {
  uint64_t cycle = 0;
  Extent extent = {};
};

// None if that stands nowhere: not every stretch has a record that says so.
std::optional<std::vector<CourseStep>> course_of(TraceReader& trace, const FieldTarget& field);

}  // namespace lexum
