// What it takes to fail like this: the fewest outside inputs with which a run still fails in the
// same way, and of the messages that are then sent, those without which it does not.
//
// A smaller run is tried by running it, from the start. First everything goes that the failing
// cycle does not follow from; what is left is made smaller by delta debugging (ddmin: Zeller and
// Hildebrandt, 2002) until it is 1-minimal: not one thing more can be taken away by itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tracer/failure.h"
#include "tracer/position.h"

namespace lexum {

struct Shrunk {
  Failure failure;
  uint64_t cycle = 0;              // of the smaller run, in which it fails; the last one of a goal
  std::vector<InputImage> inputs;  // that it takes
  size_t inputs_before = 0;
  std::vector<AtSend> messages;  // of the smaller run, that it takes as well, in order
  size_t messages_before = 0;    // that it sent
  bool messages_tried = false;   // false: there are too many
  uint64_t cycles = 0;           // of the smaller run
  uint64_t cycles_before = 0;
  uint64_t runs = 0;  // that were tried
};

// Records the smaller run into that file. Fails (kMismatch) if the run does not fail, or is a fork;
// (kInterrupted) when interrupted.
Result<Shrunk> shrink(TraceReader& trace, Files& files, const std::string& path,
                      const Looking& looking = {});

// `D[7] M(a: 1)`, such that read_any() gives it back; but for outcomes, which nobody can type.
std::string message_text(const Program& program, const InputImage& input);

}  // namespace lexum
