// Turns what a world says into bytes, hashes them, and hands them on in batches, off the thread that runs the world.
//
// Two streams run side by side, an entry for every event in each: the canonical bytes (runtime/canon.h), which run_hash is
// made of, and the side bytes, which a trace needs besides and a hash must not have: old values (or changes of long
// values), holds, logs, dead letters. Without a sink there are no side bytes.
//
// A batch closes at kBatchBytes of both together, at a rest, at a fault, on flush(), and (looked at between ticks) half a
// second after its first event. While one is hashed and written by the recorder's thread, the next one fills; when the
// thread is two behind, the world waits.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/digest.h"
#include "base/result.h"
#include "runtime/canon.h"
#include "runtime/world.h"

namespace lexum {

inline constexpr size_t kBatchBytes = 64 * 1024;

struct Batch {
  ByteWriter canonical;
  ByteWriter side;
  uint64_t first_cycle = 0;  // the number of the first cycle in it or after it
  uint64_t cycle_count = 0;
  uint64_t tick_before = 0;  // CanonWriter's tick before the first event
  std::optional<WorldImage> keyframe;  // the world before its first event: whole, or what was touched since the last one
  Hash256 run_hash{};        // after its last event
};

// Where batches go. Called on the recorder's thread, in order. After a failure it is not called again.
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  virtual Status write(const Batch& batch) = 0;
  // Nothing comes after this.
  virtual Status close() = 0;
};

class Recorder final : public Observer {
 public:
  // `sink` may be null: then there is only the hash. `world` and `sink` outlive it.
  Recorder(World& world, BatchSink* sink);
  ~Recorder() override;

  // Between two ticks: closes a batch that is old enough, writes a keyframe where one is due, and tells of a sink that failed.
  Status between_ticks();
  // Everything said so far is hashed, and written if there is a sink.
  Status flush();
  // flush(), and the sink is closed.
  Status finish();
  // Flushes.
  [[nodiscard]] Hash256 run_hash();

  // Observer
  void started(InstanceId, DomainId, const Value& key) override;
  void input(const InputRecord&) override;
  void outcome(const OutcomeRecord&) override;
  void cycle(const CycleRecord&) override;
  void hold(const HoldRecord&) override;
  void rollback(const RollbackRecord&) override;
  void rest() override;
};

}  // namespace lexum
