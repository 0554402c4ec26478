#include "model/bands.h"

#include <algorithm>

#include "tracer/ask.h"
#include "tracer/lookup.h"

namespace lexum {

namespace {

constexpr size_t kKnownMax = 100'000;

GoalTarget target_of(const Lane& lane, uint32_t goal) {
  return {.whose = {.domain = lane.domain, .key = lane.key}, .goal = GoalIndex(size_t{goal})};
}

}  // namespace

Bands::Bands(Session& session, Lanes& lanes)
    : session_(session),
      lanes_(lanes),
      birth_(session.program(), session.trace().header().start_values) {}

void Bands::begin_frame() {
  left_ = kLookUpsAFrame;
  partial_ = false;
  if (lanes_known_ == lanes_.all().size() && known_.size() < kKnownMax) return;
  known_.clear();
  lanes_known_ = lanes_.all().size();
}

GoalStatus Bands::look_up(const Key& key) {
  TraceReader& trace = session_.trace();
  const Lane& lane = lanes_.all()[key.lane];
  const uint64_t first = trace.chunks()[key.chunk].first_cycle;
  const Sought flips = flips_of(target_of(lane, key.goal));
  // The flip before it says how it stands since; the one after it, how it stood.
  const auto earlier = latest(trace, flips, first - 1, {});
  const auto later = earlier && !earlier->found ? earliest(trace, flips, first - 1, {}) : earlier;
  if (later && later->found) {
    if (const Result<CycleView> ran = cycle_at(trace, *later->found)) {
      for (const GoalFlip& flip : ran->flips) {
        if (flip.goal.value != key.goal) continue;
        return earlier->found ? flip.to : flip.from;
      }
    }
  }
  return at_first(lane, key.goal);
}

// As it was at the start of the record, or when it came to be.
GoalStatus Bands::at_first(const Lane& lane, uint32_t goal) {
  if (!start_) {
    Result<WorldImage> start = session_.trace().world_at(0);
    start_ = start ? std::move(*start) : WorldImage();
  }
  for (const InstanceImage& one : start_->instances) {
    if (!one.gone && one.domain == lane.domain && one.key == lane.key)
      return one.goals[goal].status;
  }
  return birth_.of(lane.domain, lane.key).goals[goal];
}

std::optional<GoalStatus> Bands::before(const Key& key) {
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  if (left_ == 0) {
    partial_ = true;
    return {};
  }
  --left_;
  return known_[key] = look_up(key);
}

const std::vector<std::vector<Band>>& Bands::of(size_t lane, const Axis& axis) {
  bands_.clear();
  TraceReader& trace = session_.trace();
  const uint64_t first = std::max(axis.first_seen(), trace.start() + 1);
  const uint64_t last = axis.last_seen();
  if (first > last || last > trace.cycles() || last - first > kCyclesMax) return bands_;
  const Lane& who = lanes_.all()[lane];
  const size_t goals = session_.program()[who.domain].goals.size();
  const size_t chunk = trace.chunk_of(first);
  for (size_t goal = 0; goal < goals; ++goal) {
    const auto number = static_cast<uint32_t>(goal);
    const auto status = before({.chunk = chunk, .lane = lane, .goal = number});
    if (!status) return bands_;
    bands_.push_back(
        {{.from = trace.chunks()[chunk].first_cycle - 1, .until = last + 1, .status = *status}});
  }
  if (goals == 0) return bands_;
  for (size_t at = chunk; at < trace.chunks().size(); ++at) {
    const uint64_t begin = trace.chunks()[at].first_cycle;
    if (begin > last) break;
    const auto index = trace.index(at);
    if (!index) break;
    const ChunkIndex::Actor me{.domain = who.domain, .key = who.key};
    const auto actor = std::ranges::find((*index)->actors, me);
    if (actor == (*index)->actors.end()) continue;
    const auto number = static_cast<uint32_t>(actor - (*index)->actors.begin());
    for (size_t i = 0; i < (*index)->who.size() && begin + i <= last; ++i) {
      if ((*index)->who[i] != number) continue;
      for (const uint32_t flip : (*index)->kinds[(*index)->what[i]].flips) {
        std::vector<Band>& bands = bands_[flip / 4];
        bands.back().until = begin + i;
        bands.push_back(
            {.from = begin + i, .until = last + 1, .status = static_cast<GoalStatus>(flip % 4)});
      }
    }
  }
  return bands_;
}

}  // namespace lexum
