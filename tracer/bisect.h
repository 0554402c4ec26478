// The cycle from which on something holds, found by halves: for what stays so once it is so, as a
// limit that has been passed or a value that has gone wrong. What only holds now and then is better
// looked for by each_time() (condition.h), which goes through everything.
#pragma once

#include <cstdint>
#include <vector>

#include "tracer/condition.h"

namespace lexum {

struct Bisected {
  uint64_t cycle = 0;  // the first found at which it holds: it does not at the one before
  // What was looked at on the way, in that order, and whether it held there.
  struct Look {
    uint64_t cycle = 0;
    bool held = false;
  };
  std::vector<Look> looks = {};
};

// Between the one cycle and the later one. It holds where it does for some instance. Fails
// (kMismatch) if it holds at the first one already, or does not at the last one: then there is
// nothing between them to be found. Leaves the timeline at the cycle.
Result<Bisected> bisect(Timeline& timeline, Condition& condition, uint64_t from, uint64_t to,
                        const Looking& looking = {});

}  // namespace lexum
