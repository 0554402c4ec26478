// Questions about a recorded run, each a function that gives plain data. When something happened
// stands in the indexes (lookup.h), what it was in the events. They can be watched and stopped.
#pragma once

#include <functional>
#include <optional>

#include "tracer/lookup.h"

namespace lexum {

// How a field came to have its value.
struct Write {
  enum class How : uint8_t {
    kSlice,     // `ran` wrote it
    kRollback,  // a failed assert of `ran` brought it back, maybe to what it was
  };
  How how = How::kSlice;
  CycleView ran;
  ChangeView change = {};  // kSlice
  uint64_t to_cycle = 0;   // kRollback: to what it was after that one
};

// The latest write at or before that cycle: what made the field what it is there. None if it still
// has the value that its instance began with; one that had the same key and has retired does not
// count. A rollback brings every field back.
Result<Answer<Write>> last_write(TraceReader& trace, const FieldTarget& field, uint64_t at,
                                 const Looking& looking = {});
// The first one after that cycle.
Result<Answer<Write>> next_write(TraceReader& trace, const FieldTarget& field, uint64_t at,
                                 const Looking& looking = {});

// Calls `hit` with each cycle that ran a slice of it, from the one to the other, both included and
// in that order; false: that is enough.
Result<ScanEnd> hits(TraceReader& trace, const RoutineTarget& routine, uint64_t from, uint64_t to,
                     const std::function<bool(const CycleView&)>& hit, const Looking& looking = {});

// The latest cycle at or before that one which is sought, and for which the test, if there is one,
// is true.
Result<Answer<CycleView>> last_cycle(TraceReader& trace, const Sought& sought, uint64_t at,
                                     const Looking& looking = {},
                                     const std::function<bool(const CycleView&)>& test = {});

// What ran then. Requires a cycle of the trace.
Result<CycleView> cycle_at(TraceReader& trace, uint64_t cycle);

}  // namespace lexum
