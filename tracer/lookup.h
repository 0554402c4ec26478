// When something happened: looked up in the indexes, chunk by chunk and without events. A chunk
// costs a look at each of its kinds of cycles, and where one of them is sought, a pass over two
// small numbers a cycle. Operators' acts, which happen between cycles, are looked up apart.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "tracer/scan.h"
#include "tracer/target.h"

namespace lexum {

// An answer that was not looked for to the end is known by its `interrupted`.
template <class T>
struct Answer {
  std::optional<T> found = {};
  bool interrupted = false;
};

// Cycles, or acts, of that kind, of those instances.
struct Sought {
  std::optional<Subjects> whose = {};  // none: of anybody
  std::function<bool(const ChunkIndex::Kind&)> is;
};
Sought writes_of(const FieldTarget& field);
Sought runs_of(const RoutineTarget& routine);
// To that status, or any.
Sought flips_of(const GoalTarget& goal, std::optional<GoalStatus> to = {});
Sought faults_of(std::optional<Subjects> whose);
// Faults after which the instance took no more work.
Sought failures_of(std::optional<Subjects> whose);
Sought retirements_of(const Subjects& whose);
Sought cycles_of(const Subjects& whose);

// The latest one at or before that cycle, and after the other one.
Result<Answer<uint64_t>> latest(TraceReader& trace, const Sought& sought, uint64_t at,
                                const Looking& looking = {}, uint64_t after = 0);
// The earliest one after that cycle.
Result<Answer<uint64_t>> earliest(TraceReader& trace, const Sought& sought, uint64_t after,
                                  const Looking& looking = {});
// All of them, from the one cycle to the other one, both included, whichever is the later and in
// that order; false: that is enough.
Result<ScanEnd> each_of(TraceReader& trace, const Sought& sought, uint64_t from, uint64_t to,
                        const std::function<bool(uint64_t cycle)>& visit,
                        const Looking& looking = {});

// An operator's act, by the cycle of the moment that it belongs to (moment.h): the one before it.
struct ActPlace {
  uint64_t at = 0;
  ChunkIndex::Actor who;
};
// The latest one at or before the moment of that cycle.
Result<Answer<ActPlace>> latest_act(TraceReader& trace, const Sought& sought, uint64_t at,
                                    const Looking& looking = {});
// The earliest one after that moment.
Result<Answer<ActPlace>> earliest_act(TraceReader& trace, const Sought& sought, uint64_t after,
                                      const Looking& looking = {});

// The latest moment at or before that cycle at which it came to be.
Result<Answer<uint64_t>> latest_birth(TraceReader& trace, const Subjects& whose, uint64_t at,
                                      const Looking& looking = {});
// The latest rollback at or before that cycle, by the cycle whose assert failed; of more than its
// own slice.
Result<Answer<RollbackView>> latest_rollback(TraceReader& trace, uint64_t at,
                                             const Looking& looking = {});

}  // namespace lexum
