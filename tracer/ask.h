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
    kAct,       // an operator set it, or took back what had been written; maybe to what it was
  };
  How how = How::kSlice;
  uint64_t at = 0;                    // the moment that it belongs to (moment.h)
  CycleView ran = {};                 // kSlice, kRollback: of that cycle
  std::optional<InputView> act = {};  // kAct: came after that cycle
  ChangeView change = {};             // kSlice; kAct, which does not know what was before
  uint64_t to_cycle = 0;              // kRollback: to what it was after that one
};

// How a goal came to its status.
struct GoalWrite {
  uint64_t at = 0;                      // the moment that it belongs to
  std::optional<CycleView> ran = {};    // of that cycle; or
  std::optional<InputView> act = {};    // an operator's act, which came after it
  std::optional<GoalStatus> from = {};  // of an act it is not known
  GoalStatus to = GoalStatus::kSatisfied;
};

// The latest write at or before the moment of that cycle: what made the field what it is there.
// None if it still has the value that its instance began with; one that had the same key and has
// retired does not count. A rollback brings every field back.
Result<Answer<Write>> last_write(TraceReader& trace, const FieldTarget& field, uint64_t at,
                                 const Looking& looking = {});
// The first one after that cycle.
Result<Answer<Write>> next_write(TraceReader& trace, const FieldTarget& field, uint64_t at,
                                 const Looking& looking = {});

// What last flipped the goal, at or before the moment of that cycle; to that status, or any.
Result<Answer<GoalWrite>> last_flip(TraceReader& trace, const GoalTarget& goal, uint64_t at,
                                    const Looking& looking = {}, std::optional<GoalStatus> to = {});
// The first one after that moment.
Result<Answer<GoalWrite>> next_flip(TraceReader& trace, const GoalTarget& goal, uint64_t at,
                                    const Looking& looking = {}, std::optional<GoalStatus> to = {});

// Calls `hit` with each cycle that ran a slice of it, from the one to the other, both included and
// in that order; false: that is enough.
Result<ScanEnd> hits(TraceReader& trace, const RoutineTarget& routine, uint64_t from, uint64_t to,
                     const std::function<bool(const CycleView&)>& hit, const Looking& looking = {});

// The latest cycle at or before that one which is sought, and for which the test, if there is one,
// is true.
Result<Answer<CycleView>> last_cycle(TraceReader& trace, const Sought& sought, uint64_t at,
                                     const Looking& looking = {},
                                     const std::function<bool(const CycleView&)>& test = {});

// The act of an operator's that a look-up found at that moment: the first or the last of those
// that are sought.
enum class Which : uint8_t { kFirst, kLast };
Result<InputView> act_at(TraceReader& trace, const ActPlace& place, const Sought& sought,
                         Which which);

}  // namespace lexum
