#include "tracer/rerun.h"

#include <algorithm>

#include <fmt/format.h>

namespace lexum {

Rerun::Rerun(TraceReader& trace, const KeyframeEntry& keyframe, const WorldImage& image)
    : trace_(trace),
      recorded_(trace, keyframe.chunk),
      world_(std::make_unique<World>(trace.program(), trace.header().start_values)),
      inputs_numbered_(image.inputs_numbered) {
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

Status Rerun::go_to(uint64_t cycle, const Looking& looking) {
  // Which tick must not begin shows only when its cycles come up in the record.
  const CycleView* next = next_cycle();
  while (next != nullptr && next->cycle <= cycle) {
    const uint64_t tick = next->tick;
    size_t ahead = 0;
    const EventView* later = recorded_.peek();
    uint64_t last = next->cycle;
    while (later != nullptr) {
      const auto* ran = std::get_if<CycleView>(later);
      if (ran != nullptr && ran->tick != tick) break;
      if (ran != nullptr) last = ran->cycle;
      later = recorded_.peek(++ahead);
    }
    if (recorded_.error()) return *recorded_.error();
    if (last > cycle) break;
    while (world_->cycle() < last) {
      const Result<bool> ran = this->tick();
      if (!ran) return ran.error();
      if (!*ran) return differs();
    }
    if (looking.progress) looking.progress(world_->cycle());
    if (looking.interrupt != nullptr && *looking.interrupt) {
      return Error{.code = ErrorCode::kInterrupted, .what = "interrupted"};
    }
    next = next_cycle();
  }
  if (recorded_.error()) return *recorded_.error();
  // Ticks in which everybody was put off have no cycles.
  while (next != nullptr && world_->tick_now() + 1 < next->tick) {
    std::unique_ptr<World> later = world_->fork();
    if (!later->tick() || later->tick_now() >= next->tick) break;
    if (later->cycle() != world_->cycle()) return differs();
    world_ = std::move(later);
  }
  return Done{};
}

Result<bool> Rerun::tick() {
  if (recorded_.peek() == nullptr) {
    if (recorded_.error()) return *recorded_.error();
    return false;
  }
  add_late_inputs();
  if (world_->halted() || !world_->tick()) {
    // Inputs may have come last that make nobody ready.
    if (next_cycle() != nullptr) return differs();
    if (recorded_.error()) return *recorded_.error();
    return false;
  }
  if (Status same = take_what_ran(); !same) return same.error();
  return true;
}

const CycleView* Rerun::next_cycle() {
  for (size_t ahead = 0;; ++ahead) {
    const EventView* event = recorded_.peek(ahead);
    if (event == nullptr) return nullptr;
    if (const auto* ran = std::get_if<CycleView>(event)) return ran;
  }
}

// Those that came while the recorded run was under way, so that nobody has given them to the world.
void Rerun::add_late_inputs() {
  for (size_t ahead = 0;; ++ahead) {
    const EventView* next = recorded_.peek(ahead);
    if (next == nullptr || std::holds_alternative<CycleView>(*next)) return;
    const auto* input = std::get_if<InputView>(next);
    if (input == nullptr || input->number <= inputs_numbered_) continue;
    inputs_numbered_ = input->number;
    world_->add_input(image_of(*input));
  }
}

// The record follows the world. They are held together only by their ticks: enough to see that it
// is not the same run, and whoever wants to know where it ceased to be has replay.h.
Status Rerun::take_what_ran() {
  while (const EventView* event = recorded_.peek()) {
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
    recorded_.take();
  }
  if (recorded_.error()) return *recorded_.error();
  return Done{};
}

Error Rerun::differs() const {
  return Error{.code = ErrorCode::kMismatch,
               .what = fmt::format("{}: run again, it does not go as it is recorded from cycle {} "
                                   "on; `lxm replay {}` shows where",
                                   trace_.path(), world_->cycle() + 1, trace_.path())};
}

}  // namespace lexum
