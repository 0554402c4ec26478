#include "tracer/timeline.h"

#include <algorithm>

#include <fmt/format.h>

namespace lexum {
namespace {

// What an event's own changes may hold besides themselves, about: messages, texts and nodes.
constexpr size_t kBytesAChange = 48;
// And a copy of an instance, of which the next state has another one.
constexpr size_t kBytesAnInstance = 400;
// Of the chunks on the way, so many apart are kept: keeping one copies whoever changes after it.
constexpr size_t kKeptEvery = 4;

}  // namespace

Timeline::Timeline(TraceReader& trace, size_t bytes_max)
    : trace_(trace),
      bytes_max_(bytes_max),
      birth_(trace.program(), trace.header().start_values),
      roll_(trace.program()),
      may_roll_back_(std::ranges::any_of(
          trace.program().terms, [](const Term& term) { return term.op == Op::kAssert; })) {}

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
  if (stretch_ == nullptr || stretch_->index != index) {
    const Result<StretchPtr> found = stretch(index);
    if (!found) return found.error();
    // The end of a chunk is the start of the next one.
    if (stretch_ != nullptr && index == stretch_->index + 1) {
      walk_to(stretch_->edits.size());
      edit_ = 0;
    } else if (stretch_ != nullptr && index + 1 == stretch_->index) {
      walk_to(0);
      edit_ = (*found)->edits.size();
    } else {
      state_ = (*found)->start;
      edit_ = 0;
    }
    stretch_ = *found;
  }
  const uint64_t first = trace_.chunks()[index].first_cycle;
  const size_t edit = cycle < trace_.cycles() ? stretch_->cycles[cycle + 1 - first].first_edit
                                              : stretch_->edits.size();
  if (edit < edit_ / 2) {
    state_ = stretch_->start;
    edit_ = 0;
  }
  walk_to(edit);
  cycle_ = cycle;
  return Done{};
}

Status Timeline::forward(const Hear& hear) {
  // Everything on the way is decoded before anything moves.
  const size_t last = chunk_before(cycle_ + 1);
  std::vector<StretchPtr> way = {stretch_};
  while (way.back()->index < last) {
    const Result<StretchPtr> next = stretch(way.back()->index + 1);
    if (!next) return next.error();
    way.push_back(*next);
  }
  const uint64_t next = cycle_ + 2;
  for (const StretchPtr& part : way) {
    if (part != stretch_) edit_ = 0;
    stretch_ = part;
    const uint64_t first = trace_.chunks()[part->index].first_cycle;
    const bool to_end = part != way.back() || next > trace_.cycles();
    const size_t end = to_end ? part->edits.size() : part->cycles[next - first].first_edit;
    while (edit_ < end) {
      state_.forward(part->edits[edit_]);
      hear(part->edits[edit_++]);
    }
  }
  ++cycle_;
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
  EventReader::Place place;
  if (!at_start) {
    const Result<StretchPtr> found = stretch(first);
    if (!found) return found.error();
    place = (*found)->cycles[cycle_ - trace_.chunks()[first].first_cycle].place;
  }
  for (size_t index = first; index < trace_.chunks().size(); ++index) {
    const Result<std::shared_ptr<const Chunk>> chunk = trace_.chunk(index);
    if (!chunk) return chunk.error();
    EventReader reader = (*chunk)->events(program);
    if (!at_start && index == first) reader.go_to(place);
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
  const size_t index = trace_.chunk_of(cycle_);
  const Result<StretchPtr> found = stretch(index);
  if (!found) return found.error();
  EventReader reader = (*found)->chunk->events(trace_.program());
  reader.go_to((*found)->cycles[cycle_ - trace_.chunks()[index].first_cycle].place);
  EventView view;
  LEXUM_CHECK(reader.next(view) && std::holds_alternative<CycleView>(view));
  return std::move(std::get<CycleView>(view));
}

// ---- decoding

Timeline::StretchPtr Timeline::kept(size_t index) {
  const auto found = std::ranges::find_if(
      kept_, [&](const StretchPtr& one) { return one->index == index && one->chunk != nullptr; });
  if (found == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found);
  return kept_.front();
}

void Timeline::keep(StretchPtr stretch) {
  const auto same =
      std::ranges::find(kept_, stretch->index, [](const auto& s) { return s->index; });
  if (same != kept_.end()) {
    kept_bytes_ -= (*same)->bytes;
    kept_.erase(same);
  }
  kept_bytes_ += stretch->bytes;
  kept_.push_front(std::move(stretch));
  while (kept_bytes_ > bytes_max_ && kept_.size() > 1) {
    kept_bytes_ -= kept_.back()->bytes;
    kept_.pop_back();
  }
}

Result<Timeline::StretchPtr> Timeline::stretch(size_t index) {
  if (StretchPtr found = kept(index)) return found;
  size_t next = 0;
  Result<WorldState> state = start_near(index, next);
  if (!state) return state.error();
  for (; next < index; ++next) {
    if (Status passed = pass_through(next, *state); !passed) return passed.error();
  }
  Result<StretchPtr> decoded = decode(index, std::move(*state));
  if (decoded) keep(*decoded);
  return decoded;
}

// The latest start of a chunk at or before this one that is known: it was passed through, or one
// before it is decoded, or there is a keyframe.
Result<WorldState> Timeline::start_near(size_t index, size_t& first) {
  const auto keyframes = trace_.keyframes();
  const auto after =
      std::ranges::upper_bound(keyframes, uint64_t{index}, {}, &KeyframeEntry::chunk);
  const size_t keyframe = static_cast<size_t>(after - keyframes.begin()) - 1;
  first = keyframes[keyframe].chunk;
  const Stretch* best = nullptr;
  for (const StretchPtr& known : kept_) {
    const size_t leads_to = known->index + (known->chunk != nullptr ? 1 : 0);
    if (leads_to > index || leads_to < first || (leads_to == first && best != nullptr)) continue;
    first = leads_to;
    best = known.get();
  }
  if (best == nullptr) {
    const Result<WorldImage> image = trace_.world_at(keyframe);
    if (!image) return image.error();
    WorldState state(*image, trace_.program());
    roll_.add(state);
    return state;
  }
  WorldState state = best->start;
  size_t edit = 0;
  if (stretch_.get() == best) {
    state = state_;
    edit = edit_;
  }
  for (; edit < best->edits.size(); ++edit) state.forward(best->edits[edit]);
  return state;
}

Result<Timeline::StretchPtr> Timeline::decode(size_t index, WorldState state) {
  const Result<std::shared_ptr<const Chunk>> chunk = trace_.chunk(index);
  if (!chunk) return chunk.error();
  auto stretch = std::make_shared<Stretch>();
  stretch->index = index;
  stretch->chunk = *chunk;
  stretch->start = state;
  if (Status followed = follow(*stretch, **chunk, state); !followed) return followed.error();
  stretch->edits.shrink_to_fit();
  stretch->bytes += stretch->edits.size() * (sizeof(Edit) + kBytesAChange) +
                    stretch->cycles.size() * sizeof(Stretch::Cycle) +
                    2 * ((*chunk)->streams.canonical.size() + (*chunk)->streams.side.size());
  return StretchPtr(std::move(stretch));
}

// From the start of the chunk to its end.
Status Timeline::pass_through(size_t index, WorldState& state) {
  const Result<std::shared_ptr<const Chunk>> chunk = trace_.chunk(index);
  if (!chunk) return chunk.error();
  auto stretch = std::make_shared<Stretch>();
  stretch->index = index;
  const bool keeps = index % kKeptEvery == 0;
  if (keeps || may_roll_back_) stretch->start = state;
  if (Status followed = follow(*stretch, **chunk, state); !followed) return followed;
  if (keeps) keep(std::move(stretch));
  return Done{};
}

// Brings the state from the start of the chunk to its end. How, is told to one that has the chunk.
Status Timeline::follow(Stretch& stretch, const Chunk& chunk, WorldState& state) {
  const bool passing = stretch.chunk == nullptr;
  Follower follower(trace_.program(), birth_, roll_);
  const auto rest_of = [&](uint64_t cycle) { return rest_after(cycle, stretch); };
  EventReader events = chunk.events(trace_.program());
  uint64_t cycles = 0;
  for (EventView view;;) {
    const EventReader::Place place = events.place();
    if (!events.next(view)) break;
    if (std::holds_alternative<CycleView>(view)) {
      ++cycles;
      if (!passing) {
        stretch.cycles.push_back(
            {.first_edit = static_cast<uint32_t>(stretch.edits.size()), .place = place});
      }
    }
    if (!follower.follow(view, state, passing ? nullptr : &stretch.edits, rest_of)) {
      if (follower.error()) return *follower.error();
      return does_not_follow(stretch.index, events.place().cycle);
    }
  }
  if (!events.good() || cycles != trace_.chunks()[stretch.index].cycle_count) {
    return does_not_follow(stretch.index, events.place().cycle);
  }
  // Two instances have been touched by a cycle, or all of them have.
  stretch.bytes = stretch.start.size() * sizeof(InstancePtr) +
                  std::min<size_t>(2 * cycles, stretch.start.size()) * kBytesAnInstance;
  return Done{};
}

// What came from outside before the next cycle, but in an earlier tick, made nobody ready, and so
// belongs to the rest.
Result<WorldState> Timeline::rest_after(uint64_t cycle, const Stretch& decoding) {
  const Error nonsense = does_not_follow(decoding.index, cycle);
  if (!may_roll_back_ || cycle >= trace_.cycles()) return nonsense;
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
    const Result<StretchPtr> first = stretch(index);
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
