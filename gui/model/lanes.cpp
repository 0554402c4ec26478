#include "model/lanes.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "tracer/line.h"

namespace lexum {

namespace {

// Below that, neighbours become one bar.
constexpr double kThin = 3;
// So many cycles are looked at one by one in a frame; above that, chunks are.
constexpr uint64_t kSinglesMax = 100'000;

uint64_t mix(uint32_t rank, const Value& key) {
  const Sum128 digest = key.digest();
  return digest.a ^ (digest.b * 3) ^ (rank * 0x9e3779b97f4a7c15ull);
}

}  // namespace

BarMark mark_of(const ChunkIndex::Kind& kind) {
  if ((kind.mask & kHasFault) != 0) return BarMark::kFault;
  if (!kind.flips.empty()) return BarMark::kFlips;
  return kind.emissions > 0 ? BarMark::kSends : BarMark::kPlain;
}

bool Lanes::Before::operator()(const std::pair<uint32_t, Value>& a,
                               const std::pair<uint32_t, Value>& b) const {
  if (a.first != b.first) return a.first < b.first;
  return !a.second.is_null() && Value::compare(a.second, b.second) < 0;
}

Lanes::Lanes(TraceReader& trace) : trace_(trace) {
  const Program& program = trace.program();
  std::vector<size_t> order(program.domains.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](size_t i) { return std::string_view(program.domains[i].name); });
  ranks_.resize(order.size());
  for (size_t i = 0; i < order.size(); ++i) ranks_[order[i]] = static_cast<uint32_t>(i);
  for (const Domain& domain : program.domains) runs_.emplace_back(domain.routines.size());
  // Those of the last chunk are most of them; others are met later.
  for (const size_t chunk : {size_t{0}, trace.chunks().size() - 1}) {
    const auto index = trace.index(chunk);
    if (!index) continue;
    meet((*index)->actors);
  }
  std::vector<ChunkIndex::Actor> singles;
  for (size_t i = 0; i < program.domains.size(); ++i) {
    if (!program.domains[i].keyed) singles.push_back({.domain = DomainId(i), .key = {}});
  }
  meet(singles);
}

// Lanes stand in order, so those that are new move the others.
void Lanes::meet(Actors actors) {
  const size_t known = places_.size();
  for (const ChunkIndex::Actor& actor : actors) {
    places_.emplace(std::pair(ranks_[actor.domain.index()], actor.key), SIZE_MAX);
  }
  if (places_.size() == known) return;
  std::vector<DomainId> domains(ranks_.size());
  for (size_t i = 0; i < ranks_.size(); ++i) domains[ranks_[i]] = DomainId(i);
  std::vector<Lane> lanes;
  std::vector<uint32_t> moved(known);
  for (auto& [who, place] : places_) {
    if (place != SIZE_MAX) {
      moved[place] = static_cast<uint32_t>(lanes.size());
      lanes.push_back(std::move(lanes_[place]));
    } else {
      const DomainId domain = domains[who.first];
      lanes.push_back({domain, who.second, instance_name(trace_.program(), domain, who.second)});
    }
    place = lanes.size() - 1;
  }
  lanes_ = std::move(lanes);
  quick_.clear();
  for (size_t lane = 0; lane < lanes_.size(); ++lane) {
    quick_[mix(ranks_[lanes_[lane].domain.index()], lanes_[lane].key)] =
        static_cast<uint32_t>(lane);
  }
  std::vector<std::vector<FlipSum>> flips(lanes_.size());
  for (size_t lane = 0; lane < flips_.size(); ++lane) flips[moved[lane]] = std::move(flips_[lane]);
  flips_ = std::move(flips);
  lanes_of_.clear();
  for (std::vector<Sum>& sums : sums_) {
    for (Sum& sum : sums) sum.lane = moved[sum.lane];
  }
}

std::optional<uint32_t> Lanes::known(DomainId domain, const Value& key) const {
  const auto found = quick_.find(mix(ranks_[domain.index()], key));
  if (found == quick_.end()) return {};
  const Lane& lane = lanes_[found->second];
  return lane.domain == domain && lane.key == key ? std::optional(found->second) : std::nullopt;
}

size_t Lanes::lane_of(DomainId domain, const Value& key) {
  if (const auto lane = known(domain, key)) return *lane;
  const std::pair<uint32_t, Value> who(ranks_[domain.index()], key);
  if (const auto found = places_.find(who); found != places_.end()) return found->second;
  const ChunkIndex::Actor actor{.domain = domain, .key = key};
  meet({&actor, 1});
  return places_.find(who)->second;
}

size_t Lanes::lane_at(uint64_t cycle) {
  if (cycle <= trace_.start() || cycle > trace_.cycles()) return lanes_.size();
  const size_t chunk = trace_.chunk_of(cycle);
  const auto index = trace_.index(chunk);
  if (!index) return lanes_.size();
  const size_t place = cycle - trace_.chunks()[chunk].first_cycle;
  if (place >= (*index)->who.size()) return lanes_.size();
  const ChunkIndex::Actor& actor = (*index)->actors[(*index)->who[place]];
  return lane_of(actor.domain, actor.key);
}

// Of the actors of a chunk.
std::vector<uint32_t> Lanes::lanes_of(const ChunkIndex& index) {
  std::vector<uint32_t> lanes;
  lanes.reserve(index.actors.size());
  for (const ChunkIndex::Actor& actor : index.actors) {
    const auto lane = known(actor.domain, actor.key);
    if (!lane) break;
    lanes.push_back(*lane);
  }
  if (lanes.size() == index.actors.size()) return lanes;
  meet(index.actors);  // which moves the others
  lanes.clear();
  for (const ChunkIndex::Actor& actor : index.actors) {
    lanes.push_back(static_cast<uint32_t>(lane_of(actor.domain, actor.key)));
  }
  return lanes;
}

const std::vector<uint32_t>& Lanes::lanes_of_chunk(size_t chunk, const ChunkIndex& index) {
  if (const auto found = lanes_of_.find(chunk); found != lanes_of_.end()) return found->second;
  std::vector<uint32_t> lanes = lanes_of(index);
  return lanes_of_[chunk] = std::move(lanes);
}

// ---- what is drawn

// The one before takes it in where both would be too thin to be told apart.
void Lanes::put(std::vector<Bar>& lane, const Bar& bar) {
  if (!lane.empty()) {
    Bar& before = lane.back();
    const bool thin = bar.width < thin_ && bar.x < before.x + std::max<double>(before.width, thin_);
    if (thin) {
      before.count += bar.count;
      before.mark = std::max(before.mark, bar.mark);
      before.routine = {};
      before.width = std::max(before.width, bar.x + bar.width - before.x);
      return;
    }
  }
  lane.push_back(bar);
}

void Lanes::add_single_bars(const Axis& axis, size_t first, size_t count) {
  const uint64_t from = std::max(axis.first_seen(), trace_.start() + 1);
  const uint64_t to = axis.last_seen();
  if (from > to || from > trace_.cycles()) return;
  const auto width = static_cast<float>(axis.pixels_per_cycle());
  for (size_t chunk = trace_.chunk_of(from); chunk < trace_.chunks().size(); ++chunk) {
    const uint64_t begin = trace_.chunks()[chunk].first_cycle;
    if (begin > to) break;
    const auto read = trace_.index(chunk);
    if (!read) {
      partial_ = true;
      continue;
    }
    const ChunkIndex& index = **read;
    const std::vector<uint32_t>& lane_of_actor = lanes_of_chunk(chunk, index);
    const uint64_t last = std::min<uint64_t>(to, begin + index.who.size() - 1);
    for (uint64_t cycle = std::max(from, begin); cycle <= last && !index.who.empty(); ++cycle) {
      const size_t lane = lane_of_actor[index.who[cycle - begin]];
      if (lane < first || lane >= first + count) continue;
      const ChunkIndex::Kind& kind = index.kinds[index.what[cycle - begin]];
      put(bars_[lane - first], {.cycle = cycle,
                                .count = 1,
                                .mark = mark_of(kind),
                                .routine = kind.routine,
                                .x = static_cast<float>(axis.x_of(cycle)),
                                .width = width});
    }
  }
}

void Lanes::add_sums(const Axis& axis, size_t first, size_t count) {
  partial_ = sums_.size() < trace_.chunks().size();
  for (size_t chunk = 0; chunk < sums_.size(); ++chunk) {
    const ChunkEntry& entry = trace_.chunks()[chunk];
    const double x = axis.x_of(entry.first_cycle);
    const double end = axis.x_of(entry.first_cycle + entry.cycle_count);
    if (end < 0) continue;
    if (x > axis.width()) break;
    const std::vector<Sum>& sums = sums_[chunk];
    for (auto it = std::ranges::lower_bound(sums, first, {}, &Sum::lane);
         it != sums.end() && it->lane < first + count; ++it) {
      const Sum& sum = *it;
      put(bars_[sum.lane - first], {.cycle = entry.first_cycle,
                                    .count = sum.count,
                                    .mark = sum.mark,
                                    .routine = {},
                                    .x = static_cast<float>(x),
                                    .width = static_cast<float>(end - x)});
    }
  }
}

void Lanes::put_all(const Axis& axis, size_t first, size_t count) {
  partial_ = false;
  bars_.resize(count);
  for (std::vector<Bar>& lane : bars_) lane.clear();
  if (axis.last_seen() - axis.first_seen() <= kSinglesMax) add_single_bars(axis, first, count);
  else add_sums(axis, first, count);
}

const std::vector<std::vector<Bar>>& Lanes::bars(const Axis& axis, size_t first, size_t count) {
  const size_t before = lanes_.size();
  thin_ = kThin;
  for (;; thin_ *= 2) {
    put_all(axis, first, count);
    size_t all = 0;
    for (const std::vector<Bar>& lane : bars_) all += lane.size();
    if (all <= kBarsMax || thin_ > axis.width()) break;
  }
  // Somebody new has come between: what is drawn stands beside the wrong names.
  return lanes_.size() == before ? bars_ : bars(axis, first, count);
}

// ---- sums

std::vector<Lanes::Sum> Lanes::sum_of(const ChunkIndex& index) {
  std::vector<Sum> by_actor;
  for (const uint32_t lane : lanes_of(index)) by_actor.push_back({lane, 0, BarMark::kPlain});
  auto act = index.acts.begin();
  const auto acts_before = [&](size_t place) {
    for (; act != index.acts.end() && act->before <= place; ++act) {
      const ChunkIndex::Kind& kind = index.kinds[act->kind];
      if (!kind.flips.empty()) note_flips(sums_.size(), by_actor[act->actor].lane, kind);
    }
  };
  for (size_t i = 0; i < index.who.size(); ++i) {
    acts_before(i);
    const ChunkIndex::Kind& kind = index.kinds[index.what[i]];
    if (kind.work != WorkKind::kSlice) ++runs_[kind.domain.index()][kind.routine.index()];
    Sum& sum = by_actor[index.who[i]];
    ++sum.count;
    sum.mark = std::max(sum.mark, mark_of(kind));
    if (!kind.flips.empty()) note_flips(sums_.size(), sum.lane, kind);
  }
  acts_before(index.who.size());
  std::erase_if(by_actor, [](const Sum& sum) { return sum.count == 0; });
  std::ranges::sort(by_actor, {}, &Sum::lane);
  return by_actor;
}

void Lanes::note_flips(size_t chunk, size_t lane, const ChunkIndex::Kind& kind) {
  std::vector<FlipSum>& all = flips_[lane];
  for (const uint32_t flip : kind.flips) {
    const uint32_t goal = flip / 4;
    const auto to = static_cast<GoalStatus>(flip % 4);
    const auto same = std::find_if(all.rbegin(), all.rend(), [&](const FlipSum& one) {
      return one.chunk != chunk || one.goal == goal;
    });
    if (same != all.rend() && same->chunk == chunk) {
      same->gravest = std::max(same->gravest, to);
      same->last = to;
    } else {
      all.push_back({.chunk = chunk, .goal = goal, .gravest = to, .last = to});
    }
  }
}

bool Lanes::sum_up(size_t chunks) {
  for (; chunks > 0 && sums_.size() < trace_.chunks().size(); --chunks) {
    const auto index = trace_.index(sums_.size());
    if (!index) unreadable_.push_back(sums_.size());
    std::vector<Sum> sums = index ? sum_of(**index) : std::vector<Sum>();
    sums_.push_back(std::move(sums));
    ticks_.push_back(index ? static_cast<uint32_t>((*index)->ticks.size()) : 0);
  }
  return sums_.size() < trace_.chunks().size();
}

namespace {

// Parts of a run, and what is put into them.
class Parts {
 public:
  Parts(std::vector<float>& parts, const TraceReader& trace)
      : parts_(parts),
        faults_(parts.size()),
        start_(trace.start() + 1),
        cycles_(std::max<double>(1, static_cast<double>(trace.cycles() - trace.start()))) {}

  void add(uint64_t first, uint64_t count, double busy, bool fault) {
    const double n = static_cast<double>(parts_.size());
    const double begin = static_cast<double>(first - start_) / cycles_ * n;
    const double end = begin + static_cast<double>(count) / cycles_ * n;
    const auto last = std::min(static_cast<size_t>(std::ceil(end)), parts_.size());
    for (auto part = static_cast<size_t>(begin); part < last; ++part) {
      parts_[part] = std::max(parts_[part], static_cast<float>(busy));
      faults_[part] = faults_[part] || fault;
    }
  }
  void finish() {
    const float most = parts_.empty() ? 0 : *std::ranges::max_element(parts_);
    for (size_t part = 0; part < parts_.size() && most > 0; ++part) {
      parts_[part] /= most;
      if (faults_[part]) parts_[part] = -std::max(parts_[part], 0.05F);
    }
  }

 private:
  std::vector<float>& parts_;
  std::vector<bool> faults_;
  const uint64_t start_;
  const double cycles_;
};

}  // namespace

const std::vector<float>& Lanes::minimap(size_t parts) {
  if (minimap_.size() == parts && mapped_ == sums_.size()) return minimap_;
  mapped_ = sums_.size();
  minimap_.assign(parts, 0.0F);
  Parts all(minimap_, trace_);
  const bool by_tick = trace_.cycles() - trace_.start() <= kSinglesMax;
  for (size_t chunk = 0; chunk < sums_.size(); ++chunk) {
    const ChunkEntry& entry = trace_.chunks()[chunk];
    const auto index =
        by_tick ? trace_.index(chunk) : Result<std::shared_ptr<const ChunkIndex>>(Error());
    if (index) {
      const auto& ticks = (*index)->ticks;
      for (size_t i = 0; i < ticks.size(); ++i) {
        const uint64_t end = i + 1 < ticks.size() ? ticks[i + 1].from : (*index)->who.size();
        bool fault = false;
        for (uint64_t cycle = ticks[i].from; cycle < end; ++cycle) {
          fault = fault || mark_of((*index)->kinds[(*index)->what[cycle]]) == BarMark::kFault;
        }
        const uint64_t count = end - ticks[i].from;
        all.add(entry.first_cycle + ticks[i].from, count, static_cast<double>(count), fault);
      }
      continue;
    }
    const auto faults = [](const Sum& sum) { return sum.mark == BarMark::kFault; };
    const double busy = static_cast<double>(entry.cycle_count) / std::max(ticks_[chunk], 1U);
    all.add(entry.first_cycle, entry.cycle_count, busy, std::ranges::any_of(sums_[chunk], faults));
  }
  all.finish();
  return minimap_;
}

}  // namespace lexum
