#include "tracer/rerun.h"

#include <algorithm>

#include <fmt/format.h>

namespace lexum {

Rerun::Rerun(TraceReader& trace, const KeyframeEntry& keyframe, const WorldImage& image)
    : trace_(trace),
      recorded_(std::in_place, trace, keyframe.chunk),
      chunk_(keyframe.chunk),
      world_(std::make_unique<World>(trace.program(), trace.header().start_values)),
      late_(trace.program(), image.inputs_numbered) {
  world_->restore(image);
}

Result<std::unique_ptr<Rerun>> Rerun::at(TraceReader& trace, uint64_t cycle,
                                         const Looking& looking) {
  LEXUM_CHECK(cycle >= trace.start() && cycle <= trace.cycles());
  const auto keyframes = trace.keyframes();
  const auto behind = std::ranges::upper_bound(keyframes, cycle, {}, &KeyframeEntry::cycle);
  auto keyframe = static_cast<size_t>(behind - keyframes.begin());
  // A keyframe of the very end does not say whether an assert has ended the run.
  if (keyframe > 1 && keyframes[keyframe - 1].cycle == trace.cycles()) --keyframe;
  if (keyframe == 0) {
    return Error{.code = ErrorCode::kDamaged,
                 .what = fmt::format("{}: nothing says what the run was like before cycle {}",
                                     trace.path(), cycle + 1)};
  }
  Result<WorldImage> image = trace.world_at(--keyframe);
  while (!image && keyframe > 0) image = trace.world_at(--keyframe);
  if (!image) return image.error();
  std::unique_ptr<Rerun> rerun(new Rerun(trace, keyframes[keyframe], *image));
  if (Status there = rerun->go_to(cycle, looking); !there) return there.error();
  return rerun;
}

// The last cycle up to that one behind which no other one of its tick comes.
Result<uint64_t> Rerun::last_between_ticks(uint64_t cycle) {
  const bool at_end = cycle >= trace_.cycles();
  if (trace_.cycles() == trace_.start()) return trace_.cycles();
  // Where a record is cut off, its last tick may lack cycles.
  if (at_end && trace_.end() == TraceEnd::kClosed) return trace_.cycles();
  // Whether the tick of the next one began before it.
  for (uint64_t next = at_end ? trace_.cycles() : cycle + 1;;) {
    const size_t chunk = trace_.chunk_of(next);
    const Result<std::shared_ptr<const ChunkIndex>> index = trace_.index(chunk);
    if (!index) return index.error();
    const uint64_t first = trace_.chunks()[chunk].first_cycle;
    const auto& ticks = (*index)->ticks;
    const auto behind = std::ranges::upper_bound(ticks, next - first, {}, &ChunkIndex::Tick::from);
    const ChunkIndex::Tick& tick = *(behind - 1);
    if (tick.from > 0 || first == trace_.start() + 1) return first + tick.from - 1;
    // It may have begun in the chunk before.
    const size_t before = trace_.chunk_of(first - 1);
    const Result<std::shared_ptr<const ChunkIndex>> earlier = trace_.index(before);
    if (!earlier) return earlier.error();
    if ((*earlier)->ticks.back().tick != tick.tick) return first - 1;
    next = first - 1;
  }
}

// Whether an input comes up to that cycle which the keyframe does not know.
Result<bool> Rerun::anything_from_outside(uint64_t until) {
  for (size_t chunk = chunk_; chunk < trace_.chunks().size(); ++chunk) {
    if (trace_.chunks()[chunk].first_cycle > until + 1) break;
    const Result<std::shared_ptr<const ChunkIndex>> index = trace_.index(chunk);
    if (!index) return index.error();
    if (!(*index)->inputs.empty()) return true;
  }
  return false;
}

Status Rerun::go_to(uint64_t cycle, const Looking& looking) {
  const Result<uint64_t> there = last_between_ticks(cycle);
  if (!there) return there.error();
  const Result<bool> fed = anything_from_outside(*there);
  if (!fed) return fed.error();
  if (!*fed) {
    // Nothing has to be read: the record is taken up behind the world.
    if (Status ran = run_to(*there, looking); !ran) return ran;
    if (Status behind = take_up(); !behind) return behind;
  }
  while (world_->cycle() < *there) {
    const Result<bool> ran = this->tick();
    if (!ran) return ran.error();
    if (!*ran) return differs();
    if (looking.progress) looking.progress(world_->cycle());
    if (looking.stopped()) return interrupted();
  }
  if (world_->cycle() != *there) return differs();
  // Ticks in which everybody was put off have no cycles. (Somebody who runs was killed before that,
  // which the fork has not heard of; or it is another run, which shows with the next tick.)
  const CycleView* next = next_cycle();
  if (recorded_->error()) return *recorded_->error();
  while (next != nullptr && world_->tick_now() + 1 < next->tick) {
    std::unique_ptr<World> later = world_->fork();
    if (!later->tick() || later->tick_now() >= next->tick) break;
    if (later->cycle() != world_->cycle()) break;
    world_ = std::move(later);
  }
  return Done{};
}

Status Rerun::run_to(uint64_t cycle, const Looking& looking) {
  while (world_->cycle() < cycle) {
    if (world_->halted() || !world_->tick()) return differs();
    if (looking.progress) looking.progress(world_->cycle());
    if (looking.stopped()) return interrupted();
  }
  return Done{};
}

// The record from where the world is.
Status Rerun::take_up() {
  const uint64_t cycle = world_->cycle();
  const size_t chunk = cycle == trace_.start()   ? 0
                       : cycle < trace_.cycles() ? trace_.chunk_of(cycle + 1)
                                                 : trace_.chunks().size() - 1;
  recorded_.emplace(trace_, std::max(chunk, chunk_));
  return take_what_ran();
}

Result<bool> Rerun::tick() {
  if (recorded_->peek() == nullptr) {
    if (recorded_->error()) return *recorded_->error();
    return false;
  }
  add_late_inputs();
  if (world_->halted() || !world_->tick()) {
    // Inputs may have come last that make nobody ready.
    if (next_cycle() != nullptr) return differs();
    if (recorded_->error()) return *recorded_->error();
    return false;
  }
  if (Status same = take_what_ran(); !same) return same.error();
  return true;
}

const CycleView* Rerun::next_cycle() {
  for (size_t ahead = 0;; ++ahead) {
    const EventView* event = recorded_->peek(ahead);
    if (event == nullptr) return nullptr;
    if (const auto* ran = std::get_if<CycleView>(event)) return ran;
  }
}

// Those that came while the recorded run was under way, so that nobody has given them to the world.
void Rerun::add_late_inputs() {
  for (size_t ahead = 0;; ++ahead) {
    const EventView* next = recorded_->peek(ahead);
    if (next == nullptr || std::holds_alternative<CycleView>(*next)) return;
    std::optional<InputImage> input = late_.take(*next);
    if (input) world_->add_input(std::move(*input));
  }
}

// The record follows the world. They are held together only by their ticks: enough to see that it
// is not the same run, and whoever wants to know where it ceased to be has replay.h.
Status Rerun::take_what_ran() {
  while (const EventView* event = recorded_->peek()) {
    const auto* ran = std::get_if<CycleView>(event);
    if (ran != nullptr) {
      const bool done = ran->cycle <= world_->cycle();
      if (done != (ran->tick <= world_->tick_now())) return differs();
      if (!done) break;
    } else if (const auto* input = std::get_if<InputView>(event)) {
      if (input->tick > world_->tick_now()) break;
    } else if (const auto* outcome = std::get_if<OutcomeView>(event)) {
      if (outcome->tick > world_->tick_now()) break;
    }
    recorded_->take();
  }
  if (recorded_->error()) return *recorded_->error();
  return Done{};
}

Error Rerun::differs() const {
  return Error{.code = ErrorCode::kMismatch,
               .what = fmt::format("{}: run again, it does not go as it is recorded from cycle {} "
                                   "on; `lxm replay {}` shows where",
                                   trace_.path(), world_->cycle() + 1, trace_.path())};
}

}  // namespace lexum
