#include "tracer/timeline.h"

#include <algorithm>

#include <fmt/format.h>

namespace lexum {
namespace {

// What an event's own changes may hold besides themselves, about: messages, texts and nodes.
constexpr size_t kBytesAChange = 48;
// And a copy of an instance, of which the next state has another one.
constexpr size_t kBytesAnInstance = 400;
// Who goes on in a chunk is likely to do so again: this many cycles at once.
constexpr size_t kCyclesAhead = 256;

}  // namespace

Timeline::Timeline(TraceReader& trace, size_t bytes_max)
    : trace_(trace),
      bytes_max_(bytes_max),
      birth_(trace.program(), trace.header().start_values),
      roll_(trace.program()) {}

Result<std::unique_ptr<Timeline>> Timeline::open(TraceReader& trace, size_t bytes_max) {
  std::unique_ptr<Timeline> timeline(new Timeline(trace, bytes_max));
  if (Status there = timeline->go_to(trace.start()); !there) return there.error();
  return timeline;
}

std::vector<InstanceId> Timeline::instances_in_order() const {
  std::vector<InstanceId> ids;
  for (const DomainId domain : domains_by_rank(trace_.program())) {
    roll_.each_living(state_, domain, [&](InstanceId id) { ids.push_back(id); });
  }
  return ids;
}

std::string Timeline::name_of(InstanceId id) const {
  return instance_name(trace_.program(), state_[id].domain, state_[id].key);
}

// ---- moving

// That has the events up to the next cycle.
size_t Timeline::chunk_before(uint64_t cycle) const {
  return cycle < trace_.cycles() ? trace_.chunk_of(cycle + 1) : trace_.chunks().size() - 1;
}

bool Timeline::is_near(uint64_t cycle) { return kept(chunk_before(cycle)) != nullptr; }

Status Timeline::go_to(uint64_t cycle) {
  LEXUM_CHECK(cycle >= trace_.start() && cycle <= trace_.cycles());
  const size_t index = chunk_before(cycle);
  const Result<StretchPtr> found = stretch(index, cycle);
  if (!found) return found.error();
  if (stretch_ != *found) {
    stretch_ = *found;
    state_ = stretch_->reached;
    edit_ = stretch_->edits.size();
  }
  const uint64_t first = trace_.chunks()[index].first_cycle;
  walk_to(cycle < trace_.cycles() ? stretch_->first_edits[cycle + 1 - first]
                                  : stretch_->edits.size());
  cycle_ = cycle;
  return Done{};
}

Status Timeline::forward(const Hear& hear) {
  // Everything on the way is followed before anything moves.
  const uint64_t next = cycle_ + 1;
  const size_t last = chunk_before(next);
  std::vector<StretchPtr> way;
  for (size_t index = stretch_->index; index <= last; ++index) {
    const Result<StretchPtr> found = stretch(index, index < last ? trace_.cycles() : next);
    if (!found) return found.error();
    way.push_back(*found);
  }
  for (const StretchPtr& part : way) {
    if (part != stretch_) edit_ = 0;
    stretch_ = part;
    const uint64_t first = trace_.chunks()[part->index].first_cycle;
    const bool to_end = part != way.back() || next == trace_.cycles();
    const size_t end = to_end ? part->edits.size() : part->first_edits[next + 1 - first];
    while (edit_ < end) {
      state_.forward(part->edits[edit_]);
      hear(part->edits[edit_++]);
    }
  }
  cycle_ = next;
  return Done{};
}

void Timeline::walk_to(size_t edit) {
  while (edit_ < edit) state_.forward(stretch_->edits[edit_++]);
  while (edit_ > edit) state_.backward(stretch_->edits[--edit_]);
}

// ---- what happened

Result<std::vector<EventView>> Timeline::events() {
  const Program& program = trace_.program();
  std::vector<EventView> events;
  const bool at_start = cycle_ == trace_.start();
  const size_t first = at_start ? 0 : trace_.chunk_of(cycle_);
  for (size_t index = first; index < trace_.chunks().size(); ++index) {
    const Result<std::shared_ptr<const Chunk>> chunk = trace_.chunk(index);
    if (!chunk) return chunk.error();
    EventReader reader = (*chunk)->events(program);
    if (!at_start && index == first) {
      reader.go_to((*chunk)->place_of(cycle_ - trace_.chunks()[first].first_cycle));
    }
    for (EventView view; reader.next(view);) {
      const auto* ran = std::get_if<CycleView>(&view);
      if (ran != nullptr && ran->cycle != cycle_) return events;
      events.push_back(std::move(view));
    }
    if (!reader.good()) return does_not_follow(index, cycle_);
  }
  return events;
}

Result<CycleView> Timeline::event() {
  LEXUM_CHECK(cycle_ > trace_.start());
  return cycle_at(trace_, cycle_);
}

// ---- following

Timeline::StretchPtr Timeline::kept(size_t index) {
  const auto found = std::ranges::find(kept_, index, [](const StretchPtr& s) { return s->index; });
  if (found == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found);
  return kept_.front();
}

// That chunk, followed up to what comes after that cycle of it; to its end if it has no such cycle.
Result<Timeline::StretchPtr> Timeline::stretch(size_t index, uint64_t cycle) {
  StretchPtr found = kept(index);
  if (found == nullptr && stretch_ != nullptr && stretch_->index == index) {
    found = stretch_;
    kept_.push_front(found);
  }
  if (found == nullptr) {
    const Result<StretchPtr> begun = begin(index);
    if (!begun) return begun.error();
    found = *begun;
  }
  if (Status followed = follow_to(*found, cycle); !followed) return followed.error();
  return found;
}

Result<Timeline::StretchPtr> Timeline::begin(size_t index) {
  Result<WorldState> state = start_of(index);
  if (!state) return state.error();
  const Result<std::shared_ptr<const Chunk>> chunk = trace_.chunk(index);
  if (!chunk) return chunk.error();
  auto stretch = std::make_shared<Stretch>();
  stretch->index = index;
  stretch->chunk = *chunk;
  if (trace_.may_roll_back()) stretch->start = *state;
  stretch->reached = std::move(*state);
  kept_.push_front(stretch);
  return stretch;
}

// What it is like before the first event of that chunk: from the latest chunk before it that was
// followed, or else a keyframe, through those in between.
Result<WorldState> Timeline::start_of(size_t index) {
  const auto keyframes = trace_.keyframes();
  const auto after =
      std::ranges::upper_bound(keyframes, uint64_t{index}, {}, &KeyframeEntry::chunk);
  const size_t keyframe = static_cast<size_t>(after - keyframes.begin()) - 1;
  size_t first = keyframes[keyframe].chunk;
  StretchPtr best;
  for (const StretchPtr& known : kept_) {
    if (known->index >= index || known->index < first) continue;
    first = known->index + 1;
    best = known;
  }
  trace_.expect(first, index);
  WorldState state;
  if (best != nullptr) {
    if (Status followed = follow_to(*best, trace_.cycles()); !followed) return followed.error();
    state = best->reached;
  } else {
    const Result<WorldImage> image = trace_.world_at(keyframe);
    if (!image) return image.error();
    state = WorldState(*image, trace_.program());
    roll_.add(state);
  }
  for (; first < index; ++first) {
    if (Status passed = pass_through(first, state); !passed) return passed.error();
  }
  return state;
}

// From the start of the chunk to its end.
Status Timeline::pass_through(size_t index, WorldState& state) {
  const Result<std::shared_ptr<const Chunk>> chunk = trace_.chunk(index);
  if (!chunk) return chunk.error();
  Stretch passed;
  passed.index = index;
  passed.chunk = *chunk;
  if (trace_.may_roll_back()) passed.start = state;
  passed.reached = std::move(state);
  Status followed = follow(passed, SIZE_MAX, false);
  state = std::move(passed.reached);
  return followed;
}

Status Timeline::follow_to(Stretch& stretch, uint64_t cycle) {
  const ChunkEntry& entry = trace_.chunks()[stretch.index];
  const uint64_t cycles = cycle < entry.first_cycle ? 0 : cycle - entry.first_cycle + 1;
  const size_t followed = stretch.first_edits.size();
  if (stretch.whole || followed > cycles) return Done{};
  Status done =
      follow(stretch, followed == 0 ? cycles : std::max(cycles, followed + kCyclesAhead), true);
  stretch.bytes = weight_of(stretch);
  drop_unused();
  return done;
}

// So many cycles of the chunk in all, and what comes between the last one and the next. Where
// something cannot have followed, it ends before the cycle to which that belongs.
Status Timeline::follow(Stretch& stretch, size_t cycles, bool keeps_edits) {
  Follower follower(trace_.program(), birth_, roll_);
  const auto rest_of = [&](uint64_t cycle) { return rest_after(cycle, stretch); };
  EventReader events = stretch.chunk->events(trace_.program());
  bool is_known = !stretch.first_edits.empty();  // the first cycle that comes
  if (is_known) events.go_to(stretch.chunk->place_of(stretch.first_edits.size() - 1));
  for (EventView view; events.next(view);) {
    if (std::holds_alternative<CycleView>(view)) {
      if (!is_known) stretch.first_edits.push_back(static_cast<uint32_t>(stretch.edits.size()));
      is_known = false;
      if (stretch.first_edits.size() > cycles) return Done{};
    }
    if (follower.follow(view, stretch.reached, keeps_edits ? &stretch.edits : nullptr, rest_of)) {
      continue;
    }
    const size_t known = stretch.first_edits.empty() ? 0 : stretch.first_edits.back();
    for (; stretch.edits.size() > known; stretch.edits.pop_back()) {
      stretch.reached.backward(stretch.edits.back());
    }
    if (follower.error()) return *follower.error();
    return does_not_follow(stretch.index, events.place().cycle);
  }
  if (!events.good()) return does_not_follow(stretch.index, events.place().cycle);
  stretch.whole = true;
  return Done{};
}

// Two instances have been touched by a cycle, or all of them have.
size_t Timeline::weight_of(const Stretch& stretch) {
  const size_t all = stretch.reached.size();
  const size_t touched = std::min(2 * stretch.first_edits.size(), all);
  return all * sizeof(InstancePtr) + touched * kBytesAnInstance +
         stretch.edits.size() * (sizeof(Edit) + kBytesAChange) +
         stretch.first_edits.size() * sizeof(uint32_t) + 2 * stretch.chunk->bytes();
}

void Timeline::drop_unused() {
  kept_bytes_ = 0;
  for (const StretchPtr& stretch : kept_) kept_bytes_ += stretch->bytes;
  while (kept_bytes_ > bytes_max_ && kept_.size() > 1) {
    kept_bytes_ -= kept_.back()->bytes;
    kept_.pop_back();
  }
}

// What came from outside before the next cycle, but in an earlier tick, made nobody ready, and so
// belongs to the rest.
Result<WorldState> Timeline::rest_after(uint64_t cycle, const Stretch& decoding) {
  const Error nonsense = does_not_follow(decoding.index, cycle);
  if (!trace_.may_roll_back() || cycle >= trace_.cycles()) return nonsense;
  if (cycle < trace_.start()) {  // of a fork: its keyframe knows
    Result<WorldImage> image = trace_.world_at(0);
    if (!image) return image.error();
    if (!image->rest || image->rest->cycle != cycle) return nonsense;
    for (InstanceImage& then : image->rest->instances) {
      image->instances[then.id.index()] = std::move(then);
    }
    image->instances.resize(image->rest->instance_count);
    return WorldState(*image, trace_.program());
  }
  size_t index = cycle == trace_.start() ? 0 : trace_.chunk_of(cycle);
  // A keyframe follows a rollback, so none is met on the way to the rest before another one.
  if (index > decoding.index || rolling_back_) return nonsense;
  WorldState state = decoding.start;
  if (index < decoding.index) {
    rolling_back_ = true;
    const Result<StretchPtr> first = stretch(index, trace_.start());
    rolling_back_ = false;
    if (!first) return first.error();
    state = (*first)->start;
  }
  WorldState before_arrivals = state;
  uint64_t arrivals_tick = 0;
  Follower follower(trace_.program(), birth_, roll_);
  const auto no_rest = [&](uint64_t) { return nonsense; };
  for (; index <= decoding.index; ++index) {
    const Result<std::shared_ptr<const Chunk>> chunk = trace_.chunk(index);
    if (!chunk) return chunk.error();
    EventReader events = (*chunk)->events(trace_.program());
    for (EventView view; events.next(view);) {
      const auto* ran = std::get_if<CycleView>(&view);
      if (ran != nullptr && ran->cycle > cycle) {
        return ran->tick == arrivals_tick ? before_arrivals : state;
      }
      const auto* input = std::get_if<InputView>(&view);
      const auto* outcome = std::get_if<OutcomeView>(&view);
      const uint64_t tick = input != nullptr     ? input->tick
                            : outcome != nullptr ? outcome->tick
                                                 : arrivals_tick;
      if (tick != arrivals_tick) before_arrivals = state;
      arrivals_tick = tick;
      if (!follower.follow(view, state, nullptr, no_rest)) return nonsense;
    }
    if (!events.good()) return nonsense;
  }
  return nonsense;
}

Error Timeline::does_not_follow(size_t index, uint64_t cycle) const {
  const uint64_t offset = trace_.chunks()[index].place.offset;
  return Error{.code = ErrorCode::kDamaged,
               .what = fmt::format("{} is damaged at byte {}: cycle {} does not follow from what "
                                   "was before",
                                   trace_.path(), offset, cycle),
               .offset = offset};
}

}  // namespace lexum
