// Where in a run one stands. Small and cheap: kept, compared and handed around everywhere, whereas
// what a run was like there is dear (timeline.h).
#pragma once

#include <compare>
#include <cstdint>

namespace lexum {

// After a cycle and all that came before the next one: inputs and outcomes that reached their
// mailboxes, what operators did, instances held back, a rollback. Cycle 0 is the start. With a
// statement, inside that cycle, before its statement of that number; 0: the cycle is over.
struct Moment {
  uint64_t cycle = 0;
  uint32_t statement = 0;

  friend auto operator<=>(const Moment&, const Moment&) = default;
};

}  // namespace lexum
