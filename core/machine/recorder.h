// Turns what a world says into bytes, hashes them, and hands them on in batches, off the thread
// that runs the world.
//
// Two streams run side by side, an entry for every event in each: the canonical bytes
// (runtime/canon.h), which run_hash is made of, and the side bytes (machine/side.h), which a trace
// needs besides and a hash must not have. Without a sink that wants them there are no side bytes.
//
// A batch closes at kBatchBytes of canonical bytes or kSideBytes of the others, at a rest, at a
// fault, on flush(), and (looked at between ticks) half a second after its first event. While one
// is hashed and written by the recorder's thread, the next one fills; when the thread is some
// behind, the world waits. The thread starts with the first batch that is full: a short run never
// has one, and a batch that closes early is worked off where it closes.
//
// Keyframes are taken between ticks, when what was written since the last one outweighs half of it
// and kKeyframeApartBytes, or each so many cycles. They hold what was touched since the last one,
// until these outweigh a whole one, which is then taken. The world is imaged bit by bit, a little
// after each tick (World::begin_image), so that no tick waits for it; the batch that has the
// keyframe, and those behind it, wait until it is complete, and no other one is due meanwhile.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "machine/side.h"
#include "runtime/canon.h"
#include "runtime/world.h"

namespace lexum {

// What an instance did before in the same batch is what makes the next thing small in a trace; with
// less, a thousand instances hardly come by twice.
inline constexpr size_t kBatchBytes = 256 * 1024;
inline constexpr size_t kSideBytes = 2 * kBatchBytes;
inline constexpr size_t kKeyframeApartBytes = 4 * kBatchBytes;

// What one cycle's long values, and what one keyframe may weigh, about: a trace has each value
// whole that the run may share a thousand times. What weighs more ends the recording, as a full
// disk does.
inline constexpr uint64_t kCycleWeightMax = uint64_t{256} << 20;
inline constexpr uint64_t kKeyframeWeightMax = uint64_t{768} << 20;

struct Batch {
  ByteWriter canonical;
  ByteWriter side;
  uint64_t first_cycle = 1;  // the number of the first cycle in it or after it
  uint64_t cycle_count = 0;
  uint64_t tick_before = 0;  // CanonWriter's tick before the first event
  // The world before its first event: whole, or what was touched since the last one, its instances
  // by id. Null: none. It stays as it is, for whoever wants it longer.
  std::shared_ptr<const WorldImage> keyframe;
  bool keyframe_is_whole = false;
  uint64_t keyframe_mark = 0;  // what KeyframeRhythm::mark said then
  RunDigest digest_before;     // of a keyframe: what run_hash is made of, up to it
  Hash256 run_hash{};          // after its last event
};

// When keyframes are taken, besides at the start and after a rollback.
struct KeyframeRhythm {
  uint64_t cycles = 0;  // each so many; 0: by what they weigh
  std::function<uint64_t()> mark =
      {};  // asked when one is taken, by the thread that runs the world
};

// Where a run stands that goes on from a keyframe.
struct ResumePoint {
  WorldImage image;
  uint64_t tick_before = 0;  // Batch's
  RunDigest digest;
};

// Where batches go. Called on one thread at a time, in order. After a failure it is not called
// again.
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  virtual Status write(const Batch& batch) = 0;
  // Nothing comes after this.
  virtual Status close() = 0;
  // Or only the hashes and the keyframes.
  [[nodiscard]] virtual bool wants_side() const { return true; }
};

class Recorder final : public Observer {
 public:
  // `start_values` are those of the world. `sink` may be null: then there is only the hash. `world`
  // and `sink` outlive it. Of a fork, the record goes on from where the world is, with the numbers
  // that it has.
  enum class Of : uint8_t { kRun, kFork };
  Recorder(World& world, std::span<const StartValue> start_values, BatchSink* sink,
           Of of = Of::kRun, KeyframeRhythm rhythm = {});
  // Goes on with a run as if it had never stopped. The world stands there already.
  Recorder(World& world, BatchSink* sink, const ResumePoint& from, KeyframeRhythm rhythm);
  ~Recorder() override;

  // Before the first tick and between any two: takes a keyframe where one is due, closes a batch
  // that is old enough, and tells of a sink that failed.
  Status between_ticks();
  // There is nothing to do for now: a keyframe that is being taken gets on.
  void idle();
  // Between two ticks, whatever the rhythm: begins one. Requires a sink.
  void take_keyframe();
  // Of the last thing that was said.
  [[nodiscard]] uint64_t last_tick() const { return canon_.tick(); }
  // Everything said so far is hashed, and written if there is a sink.
  Status flush();
  // flush(), and the sink is closed.
  Status finish();
  // Flushes. Of everything said so far, whatever became of the sink.
  [[nodiscard]] Hash256 run_hash();
  // Flushes. What another recorder goes on from, where the world is now.
  [[nodiscard]] ResumePoint point();

  // Observer
  void started(InstanceId id, DomainId domain, const Value& key) override;
  void input(const InputRecord& record) override;
  void outcome(const OutcomeRecord& record) override;
  void cycle(const CycleRecord& record) override;
  void hold(const HoldRecord& record) override;
  void rollback(const RollbackRecord& record) override;
  void rest() override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Work : Batch {
    bool has_keyframe = false;               // or it is being taken
    std::shared_ptr<WorldImage> image = {};  // taken, and not yet in order
  };

  [[nodiscard]] bool keyframe_is_due() const;
  void go_on_with_keyframe(size_t instances);
  void complete_keyframe();
  [[nodiscard]] Olds note_changes(const CycleRecord& record);
  void forget_changes();
  // Requires a sink that wants side bytes.
  void write_beside(const CycleRecord& record);
  // Whether the sink takes what weighs so much; if not, it gets nothing from now on.
  bool takes(uint64_t weight, uint64_t most, const char* what);
  void fail(Error error);
  void close_if_full() {
    if (batch_->canonical.size() >= kBatchBytes || batch_->side.size() >= kSideBytes) {
      close_batch(true);
    }
  }
  void close_if_old();
  // A full one starts the thread.
  void close_batch(bool full);
  [[nodiscard]] std::unique_ptr<Work> empty_batch();
  void work_off(Work& batch);
  void work();
  void wait_until_idle();
  [[nodiscard]] Status told();

  World& world_;  // fixed when made
  BatchSink* sink_;
  const bool beside_;  // the sink wants side bytes
  const KeyframeRhythm rhythm_;

  // The running thread's.
  CanonWriter canon_;
  std::unique_ptr<Work> batch_;                  // that is filling
  std::optional<Clock::time_point> first_seen_;  // the batch, with something in it
  unsigned ticks_until_look_ = 0;
  bool has_start_ = false;             // the keyframe of the start was taken
  bool keyframe_forced_ = false;       // by a rollback: no event leads across it
  uint64_t keyframe_cycle_ = 0;        // of the last one
  uint64_t imaged_cycle_ = 0;          // when the one that is being taken got on
  size_t held_up_ = 0;                 // batches, by the last one that was taken
  size_t weighed_ = 0;                 // of its instances
  uint64_t weight_ = 0;                // what these weigh
  uint64_t bytes_since_keyframe_ = 0;  // of closed batches
  uint64_t whole_bytes_ = 0;           // what a keyframe of everything weighs, about
  uint64_t touched_bytes_ = 0;         // what those since the last whole one weigh
  bool closed_ = false;
  // Of each instance the fields that it changed in the batch that is filling, and below them which
  // batch that was.
  std::vector<uint64_t> changed_;
  uint64_t batch_mark_ = 1;

  // Whose turn it is: the thread's if it is busy, else the running one's.
  RunDigest digest_;
  std::atomic<bool> failed_ = false;

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::condition_variable idle_;
  std::optional<Error> error_;  // the sink's
  std::deque<std::unique_ptr<Work>> queue_;
  Work* imaged_ = nullptr;  // its keyframe is being taken; written by the running thread
  std::vector<std::unique_ptr<Work>> spare_;  // whose memory is used again
  bool busy_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace lexum
