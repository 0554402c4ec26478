// Runs a trace again, from its start or from a keyframe in the middle, and compares what happens
// with what is recorded, event by event. What comes from outside is taken from the trace.
//
// With the program that was recorded, the canonical bytes are compared, so nothing that run_hash
// stands for can differ unseen. With another program its numbers mean something else, and the lines
// of the log are compared.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "tracer/failure.h"
#include "tracer/reader.h"

namespace lexum {

struct ReplayDifference {
  uint64_t cycle = 0;    // the first that differs, or before which something does
  std::string recorded;  // its line in the log; empty: the recorded run has nothing more
  std::string replayed;  // likewise
};

// How a run ends: with a failure, or with every goal holding.
struct ReplayEnding {
  std::optional<Failure> failure;
  uint64_t cycle = 0;    // of the failure, or the last one
  bool goes_on = false;  // it was still running when it was left
};

struct ReplayResult {
  uint64_t from = 1;    // the first cycle that was compared
  uint64_t cycles = 0;  // how many were the same
  std::optional<ReplayDifference> difference;
  // With another program, where that differs: how the recorded one ends, and how this one does with
  // the same inputs.
  std::optional<ReplayEnding> then = {};
  std::optional<ReplayEnding> now = {};
  std::optional<Error> stopped;  // what lies behind the cycles that were the same cannot be read
};

struct ReplayOptions {
  uint64_t from = 1;                 // goes back to the keyframe before it
  const Program* program = nullptr;  // another one to run, from the start; outlives the call
  std::function<void(uint64_t cycle)> progress;  // now and then
  // When true, it stops: that is why the rest was not compared.
  const std::atomic<bool>* interrupt = nullptr;
};

// Begins at an earlier keyframe where one cannot be read. Fails where there is none, or where the
// other program has no place for what the trace says (kMismatch).
Result<ReplayResult> replay(TraceReader& trace, const ReplayOptions& options);

}  // namespace lexum
