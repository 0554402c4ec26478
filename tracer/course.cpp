#include "tracer/course.h"

#include <algorithm>

namespace lexum {

std::optional<std::vector<CourseStep>> course_of(TraceReader& trace, const FieldTarget& field) {
  std::vector<CourseStep> course;
  uint64_t known_to = trace.start();
  for (size_t i = 0; i < trace.extents().size(); ++i) {
    const Result<Extents> extents = trace.extents_of(i);
    if (!extents || extents->first_cycle != known_to + 1) return {};
    known_to += extents->cycle_count;
    bool is_there = false;
    for (const InstanceExtents& instance : extents->instances) {
      if (!field.whose.has(instance.domain, instance.key)) continue;
      const auto one = std::ranges::find(instance.fields, field.slot, &FieldExtent::slot);
      if (one == instance.fields.end()) continue;
      if (!is_there) course.push_back({extents->first_cycle, one->extent});
      else course.back().extent.take_in(one->extent);
      is_there = true;
    }
    if (!extents->is_whole) return {};
  }
  if (known_to != trace.cycles()) return {};
  return course;
}

}  // namespace lexum
