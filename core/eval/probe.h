// What somebody sees who looks into a slice while it runs: each of its statements, before it is
// executed. A slice that nobody looks into pays a comparison with null for each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eval/slice.h"

namespace lexum {

class Probe {
 public:
  // Good only during the call.
  struct Sight {
    TermId statement;  // of the slice itself; functions that it calls are not entered
    const std::vector<Value>& fields;  // as the slice has made them so far
    std::span<const Value> locals;     // by slot, parameters first
    const Outbox& out;                 // what it has wanted so far, but for the fields
  };
  virtual ~Probe() = default;
  virtual void before(const Sight& sight) = 0;
};

}  // namespace lexum
