// Going through what happened, chunk by chunk, forwards or backwards: how everything is found that
// no index knows. Nothing is kept, whatever the size of the file. It can be watched and stopped.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "tracer/reader.h"

namespace lexum {

struct Looking {
  std::function<void(uint64_t cycle)> progress = {};  // after each chunk
  const std::atomic<bool>* interrupt = nullptr;       // when true, it ends with the chunk

  [[nodiscard]] bool stopped() const {
    return interrupt != nullptr && interrupt->load(std::memory_order_relaxed);
  }
};
// Of an answer that is none if it is not looked for to the end.
inline Error interrupted() { return {.code = ErrorCode::kInterrupted, .what = "interrupted"}; }

struct ScanEnd {
  bool interrupted = false;
  uint64_t at = 0;  // the last cycle that was looked at, or was to be
};

// Gets an event and the moment's cycle that it belongs to (moment.h); false: that is enough.
using Visit = std::function<bool(const EventView& event, uint64_t at)>;

// Whether a chunk, of that number, may have what is sought; one that has not is passed over.
using ChunkTest = std::function<bool(size_t index, const Chunk& chunk)>;

// From the events of one cycle to those of another one, both included, whichever is the later: so
// forwards or backwards, each event in that order too. Requires cycles up to the last one; what was
// before a fork is not in it.
Result<ScanEnd> scan(TraceReader& trace, uint64_t from, uint64_t to, const Looking& looking,
                     const Visit& visit, const ChunkTest& may_have = {});

}  // namespace lexum
