// A run that goes on with another program: everybody and everything that waits, as it stood before
// a tick, in the words of the new one, and that tick is the first of it. What follows from the two
// programs and the run is the same wherever it is done, so it is done again wherever it is needed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "machine/machine.h"

namespace lexum {

struct Upgrade {
  ResumePoint point;
  std::vector<StartValue> start_values;  // those that the new program has a place for
  std::vector<std::string> lost;         // what it has none for: "field Order.note"
};

// Lets `run` come to that tick and hands it over. `start_values` are those of `run`. Fails, and
// `run` can go on,
// (kMismatch) where something waits or has begun that the new program has no place for: it says
// what, and the way out; (kInterrupted) when `run` is interrupted on the way.
Result<Upgrade> upgrade(Machine& run, const std::vector<StartValue>& start_values,
                        const Program& to, uint64_t tick);

}  // namespace lexum
