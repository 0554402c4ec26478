// What became of a message: where it went, and who took it when. A mailbox gives messages in the
// order in which they came, so the search for the taker ends at the first later one; and since an
// index says which message its receiver took first in a chunk, one chunk is read for it, beside that
// in which it was sent.
#pragma once

#include <cstdint>
#include <vector>

#include "tracer/ask.h"
#include "tracer/timeline.h"

namespace lexum {

struct MessageLife {
  enum class Fate : uint8_t {
    kTaken,
    kWaiting,  // still in its mailbox when the record ends
    kDead,     // a dead letter: its receiver took none any more, or retired before it came to it
  };
  DomainId domain;  // of the receiver
  Value key = {};
  RoutineIndex routine;
  Fate fate = Fate::kDead;
  uint64_t taken = 0;  // in which cycle
};

struct MessageLives {
  CycleView sent;
  uint32_t emission = 0;  // which of that cycle's
  // One for a send; of a broadcast one for each listener who was there; of an effect none.
  std::vector<MessageLife> lives;
};

// Of that emission of a cycle. Requires both to be there; the timeline may be moved.
Result<MessageLives> lives_of(Timeline& timeline, uint64_t cycle, uint32_t emission,
                              const Looking& looking = {});

}  // namespace lexum
