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

Bands::Bands(TraceReader& trace, Lanes& lanes)
    : trace_(trace), lanes_(lanes), birth_(trace.program(), trace.header().start_values) {}

void Bands::begin_frame() {
  left_ = kLookUpsAFrame;
  partial_ = false;
  if (lanes_known_ == lanes_.all().size() && known_.size() < kKnownMax) return;
  known_.clear();
  lanes_known_ = lanes_.all().size();
}

GoalStatus Bands::look_up(const Key& key) {
  const Lane& lane = lanes_.all()[key.lane];
  const uint64_t first = trace_.chunks()[key.chunk].first_cycle;
  const GoalTarget goal = target_of(lane, key.goal);
  // The flip before it says how it stands since; the one after it, how it stood.
  const auto earlier = last_flip(trace_, goal, first - 1);
  if (earlier && earlier->found) return earlier->found->to;
  const auto later = next_flip(trace_, goal, first - 1);
  if (later && later->found && later->found->from) return *later->found->from;
  return at_first(lane, key.goal);
}

// As it was at the start of the record, or when it came to be.
GoalStatus Bands::at_first(const Lane& lane, uint32_t goal) {
  if (!start_) {
    Result<WorldImage> start = trace_.world_at(0);
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

// Of what is summed up, chunk by chunk.
void Bands::add_sums(size_t lane, uint64_t first, uint64_t last) {
  const std::span<const ChunkEntry> chunks = trace_.chunks();
  const std::span<const FlipSum> flips = lanes_.flips_of(lane);
  const Lane& who = lanes_.all()[lane];
  const size_t known = lanes_.summed_up();
  if (known == 0) return;
  const ChunkEntry& end = chunks[known - 1];
  const uint64_t until = std::min(last + 1, end.first_cycle + end.cycle_count - 1);
  const size_t goals = trace_.program()[who.domain].goals.size();
  for (size_t goal = 0; goal < goals; ++goal) {
    const auto number = static_cast<uint32_t>(goal);
    const Key key{.chunk = SIZE_MAX, .lane = lane, .goal = number};
    const auto found = known_.find(key);
    const GoalStatus start =
        found != known_.end() ? found->second : known_[key] = at_first(who, number);
    std::vector<Band>& bands =
        bands_.emplace_back(std::vector<Band>{{.from = first, .until = until, .status = start}});
    const auto go_on_as = [&](GoalStatus status, uint64_t from) {
      if (bands.back().status == status) return;
      if (bands.back().from >= from) {
        bands.back().status = status;
        return;
      }
      bands.back().until = from;
      bands.push_back({.from = from, .until = until, .status = status});
    };
    for (const FlipSum& flip : flips) {
      if (flip.goal != number) continue;
      const ChunkEntry& chunk = chunks[flip.chunk];
      if (chunk.first_cycle > last) break;
      const uint64_t after = chunk.first_cycle + chunk.cycle_count;
      if (after > first) go_on_as(flip.gravest, std::max(chunk.first_cycle, first));
      go_on_as(flip.last, std::max(after, first));
    }
  }
}

const std::vector<std::vector<Band>>& Bands::of(size_t lane, const Axis& axis) {
  bands_.clear();
  const uint64_t first = std::max(axis.first_seen(), trace_.start() + 1);
  const uint64_t last = std::min(axis.last_seen(), trace_.cycles());
  if (first > last) return bands_;
  if (last - first > kCyclesMax) {
    add_sums(lane, first, last);
    return bands_;
  }
  const Lane& who = lanes_.all()[lane];
  const size_t goals = trace_.program()[who.domain].goals.size();
  const size_t chunk = trace_.chunk_of(first);
  for (size_t goal = 0; goal < goals; ++goal) {
    const auto number = static_cast<uint32_t>(goal);
    const auto status = before({.chunk = chunk, .lane = lane, .goal = number});
    if (!status) return bands_;
    bands_.push_back(
        {{.from = trace_.chunks()[chunk].first_cycle - 1, .until = last + 1, .status = *status}});
  }
  if (goals == 0) return bands_;
  for (size_t at = chunk; at < trace_.chunks().size(); ++at) {
    const uint64_t begin = trace_.chunks()[at].first_cycle;
    if (begin > last) break;
    const auto index = trace_.index(at);
    if (!index) break;
    const ChunkIndex::Actor me{.domain = who.domain, .key = who.key};
    const auto actor = std::ranges::find((*index)->actors, me);
    if (actor == (*index)->actors.end()) continue;
    const auto number = static_cast<uint32_t>(actor - (*index)->actors.begin());
    const auto flip_all = [&](uint64_t from, uint32_t kind) {
      for (const uint32_t flip : (*index)->kinds[kind].flips) {
        std::vector<Band>& bands = bands_[flip / 4];
        bands.back().until = from;
        bands.push_back(
            {.from = from, .until = last + 1, .status = static_cast<GoalStatus>(flip % 4)});
      }
    };
    // What operators did shows from the cycle on that it came after. What they did in front of the
    // first chunk is in its status before.
    auto act = (*index)->acts.begin();
    const auto acts_before = [&](size_t place) {
      for (; act != (*index)->acts.end() && act->before <= place; ++act) {
        if (act->actor != number || (at == chunk && act->before == 0)) continue;
        flip_all(begin + act->before - 1, act->kind);
      }
    };
    size_t i = 0;
    for (; i < (*index)->who.size() && begin + i <= last; ++i) {
      acts_before(i);
      if ((*index)->who[i] == number) flip_all(begin + i, (*index)->what[i]);
    }
    acts_before(i);
  }
  return bands_;
}

}  // namespace lexum
