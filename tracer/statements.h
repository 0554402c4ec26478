// What happened inside a cycle, statement by statement. None of it is recorded: the one slice is
// run again on the state before it, which gives the same again, and is looked at while it runs
// (eval/probe.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "eval/slice.h"
#include "tracer/timeline.h"

namespace lexum {

struct StatementView {
  Span span;
  // As it found them: by slot, the routine's parameters first among the locals.
  std::vector<Value> fields = {};
  std::vector<Value> locals = {};
  // What it did, the statements inside of it apart.
  struct Write {
    uint32_t slot = 0;
    Value before = {};
    Value after = {};
  };
  std::vector<Write> writes = {};
  uint32_t emissions = 0;
  uint32_t logs = 0;
};

struct CycleStatements {
  CycleView ran;
  std::vector<StatementView> statements;  // in the order of execution; the first one is number 1
  Outbox wanted;                          // what the slice came to, its fault included
};

// Of that cycle; leaves the timeline before it. Fails (kDamaged) where it does not do what is
// recorded. Requires a cycle of the trace.
Result<CycleStatements> statements_of(Timeline& timeline, uint64_t cycle);

}  // namespace lexum
