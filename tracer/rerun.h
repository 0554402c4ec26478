// A recorded run as a world again, between two of its ticks: for what neither the events nor what
// they changed say, as how an instance chooses, and for going on otherwise than the run did.
//
// Domains meet only through mailboxes, and mail that is sent in a tick is taken in a later one at
// the earliest. So the cycles of one tick do not see each other, and between two ticks is near
// enough to everything.
#pragma once

#include <cstdint>
#include <memory>

#include "runtime/world.h"
#include "tracer/recorded.h"
#include "tracer/scan.h"

namespace lexum {

class Rerun {
 public:
  // Stands at the last moment between two ticks whose world has not gone past that cycle: before
  // the tick of the cycle after it, and behind the last one at the end. It gets there from the
  // keyframe before it. Fails (kMismatch) where the run does not go as it is recorded, and when it
  // is interrupted (kInterrupted). Requires a cycle of the trace, or 0; the trace outlives it.
  static Result<std::unique_ptr<Rerun>> at(TraceReader& trace, uint64_t cycle,
                                           const Looking& looking = {});

  [[nodiscard]] World& world() { return *world_; }
  // Runs the next tick, with the inputs that came in it. False: the record has no more.
  Result<bool> tick();

 private:
  Rerun(TraceReader& trace, const KeyframeEntry& keyframe, const WorldImage& image);
  Status go_to(uint64_t cycle, const Looking& looking);
  [[nodiscard]] Result<uint64_t> last_between_ticks(uint64_t cycle);
  [[nodiscard]] Result<bool> anything_from_outside(uint64_t until);
  Status run_to(uint64_t cycle, const Looking& looking);
  const CycleView* next_cycle();
  Status take_up();
  void add_late_inputs();
  Status take_what_ran();
  [[nodiscard]] Error differs() const;

  TraceReader& trace_;
  std::optional<RecordedEvents> recorded_;  // behind what the world has done
  size_t chunk_;                            // that goes on from the keyframe
  std::unique_ptr<World> world_;
  Latecomers late_;  // than the keyframe
};

}  // namespace lexum
