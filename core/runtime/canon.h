// The canonical bytes of a run: what run_hash is fed with, and what a trace keeps of the present side of every event.
// RUN_HASH.md has the layout. Everything here is a function of the program and its inputs alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "runtime/record.h"

namespace lexum {

enum class EventKind : uint8_t { kStartValue = 1, kInput, kOutcome, kCycle, kRollback };

// Writes events one after the other. It remembers the last tick, so that ticks are written as distances.
class CanonWriter {
 public:
  explicit CanonWriter(const Program& program) : program_(program) {}

  void start_value(ByteWriter& out, DomainId domain, const Value& key, uint32_t slot, const Value& value);
  void input(ByteWriter& out, const InputRecord& record);
  void outcome(ByteWriter& out, const OutcomeRecord& record);
  void cycle(ByteWriter& out, const CycleRecord& record);
  void rollback(ByteWriter& out, const RollbackRecord& record);

  // Where the next event stands; set when going on in the middle of a run.
  [[nodiscard]] uint64_t tick() const { return tick_; }
  void set_tick(uint64_t tick) { tick_ = tick; }

 private:
  uint64_t tick_since(uint64_t tick);

  const Program& program_;  // outlives this
  uint64_t tick_ = 0;       // of the last event
};

}  // namespace lexum
