// A recorded run, gone through in both directions: any cycle, what the run was like there, and what
// happened. Nothing is run again: a far position is reached from the nearest keyframe or from what
// is decoded, a near one from where one stands, by the changes in between.
//
// A chunk is followed from its start as far as somebody wants to see, and how, is kept as changes
// that apply both ways (state.h); after that a step costs what the cycle changed. Of chunks on the
// way to another one only the end is wanted: they are passed through. What was followed is kept
// within a bound on memory, however large the file is; the longest unused goes first.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "tracer/follow.h"
#include "tracer/moment.h"
#include "tracer/reader.h"

namespace lexum {

inline constexpr size_t kTimelineBytes = size_t{48} << 20;

class Timeline {
 public:
  // Stands at the start. Fails if that cannot be read. `trace` outlives it. It keeps decoded chunks
  // of about `bytes_max` bytes, and always those that are needed at once.
  static Result<std::unique_ptr<Timeline>> open(TraceReader& trace,
                                                size_t bytes_max = kTimelineBytes);

  [[nodiscard]] TraceReader& trace() const { return trace_; }
  [[nodiscard]] Moment at() const { return {.cycle = cycle_}; }
  // Where one stands: good until one moves. Copy it to keep it; that costs a pointer an instance.
  [[nodiscard]] const WorldState& state() const { return state_; }
  // The one who has not retired; none if there is none.
  [[nodiscard]] InstanceId find(DomainId domain, const Value& key) const {
    return roll_.living(state_, domain, key);
  }
  // All who have not retired, by domain name, then key.
  [[nodiscard]] std::vector<InstanceId> instances_in_order() const;
  // "D", "D[7]". Of any that came to be so far.
  [[nodiscard]] std::string name_of(InstanceId id) const;

  // Whether it would go there at once, since what happened there is decoded.
  [[nodiscard]] bool is_near(uint64_t cycle);
  // Where something cannot be read on the way, it stays where it stood. Requires a cycle of the
  // trace, or that after which it begins.
  Status go_to(uint64_t cycle);
  // Requires that there is a next cycle, or one before.
  Status forward() { return go_to(cycle_ + 1); }
  // And tells of each change on the way, when it has been made.
  using Hear = std::function<void(const Edit& edit)>;
  Status forward(const Hear& hear);
  Status back() { return go_to(cycle_ - 1); }

  // What happened there, first the cycle, then what came between it and the next one; at the start
  // only that.
  [[nodiscard]] Result<std::vector<EventView>> events();
  // The cycle alone. Requires that it does not stand at the start.
  [[nodiscard]] Result<CycleView> event();

  // Of what is decoded, about.
  [[nodiscard]] size_t bytes() const { return kept_bytes_; }

 private:
  // A chunk, as far as it has been followed.
  struct Stretch {
    size_t index = 0;
    std::shared_ptr<const Chunk> chunk;
    WorldState start;    // before its first event; only where rollbacks may ask for it
    WorldState reached;  // behind all changes
    std::vector<Edit> edits;
    // Of its cycles, up to the first one that was not followed: how many changes lie before it.
    std::vector<uint32_t> first_edits;
    bool whole = false;  // followed to its end
    size_t bytes = 0;    // of memory, about
  };
  using StretchPtr = std::shared_ptr<Stretch>;

  Timeline(TraceReader& trace, size_t bytes_max);
  [[nodiscard]] size_t chunk_before(uint64_t cycle) const;
  void walk_to(size_t edit);
  Result<StretchPtr> stretch(size_t index, uint64_t cycle);
  StretchPtr kept(size_t index);
  Result<StretchPtr> begin(size_t index);
  Result<WorldState> start_of(size_t index);
  Status pass_through(size_t index, WorldState& state);
  Status follow_to(Stretch& stretch, uint64_t cycle);
  Status follow(Stretch& stretch, size_t cycles, bool keeps_edits);
  static size_t weight_of(const Stretch& stretch);
  void drop_unused();
  // As it was when nothing was left to do after that cycle, before what came next.
  Result<WorldState> rest_after(uint64_t cycle, const Stretch& decoding);
  [[nodiscard]] Error does_not_follow(size_t index, uint64_t cycle) const;

  TraceReader& trace_;
  const size_t bytes_max_;
  Birth birth_;
  Roll roll_;

  // Where it stands.
  uint64_t cycle_ = 0;
  StretchPtr stretch_;  // that has the next event
  size_t edit_ = 0;     // its changes before this one are made
  WorldState state_;

  bool rolling_back_ = false;  // the way to the rest is being decoded

  std::list<StretchPtr> kept_;  // the last used one first
  size_t kept_bytes_ = 0;
};

}  // namespace lexum
