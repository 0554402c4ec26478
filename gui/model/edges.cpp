#include "model/edges.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "tracer/scan.h"

namespace lexum {

const std::vector<EdgeView>& Edges::seen(const Axis& axis) {
  const uint64_t from = std::max(axis.first_seen(), trace_.start() + 1);
  const uint64_t to = std::min(axis.last_seen(), trace_.cycles());
  too_many_ = to > from && to - from > kCyclesMax;
  if (too_many_ || from > to) {
    edges_.clear();
    in_pairs_.clear();
    from_ = to_ = 0;
    looked_from_ = {};
    hops_.clear();
    return edges_;
  }
  if (from == from_ && to == to_ && lanes_known_ == lanes_.all().size()) return edges_;
  edges_.clear();
  from_ = from;
  to_ = to;
  lanes_known_ = lanes_.all().size();
  // What is taken behind the screen is not looked for: its edge stays open.
  std::map<std::pair<uint64_t, uint32_t>, size_t> open;  // by cycle and emission: who is to get it
  const Visit visit = [&](const EventView& event, uint64_t) {
    const auto* ran = std::get_if<CycleView>(&event);
    if (ran == nullptr) return true;
    for (uint32_t i = 0; i < ran->emissions.size(); ++i) {
      const EmissionView& sent = ran->emissions[i];
      const Emission& site = trace_.program().emissions[sent.site.index()];
      if (site.kind != EmissionKind::kSend) continue;
      open[{ran->cycle, i}] = lanes_.lane_of(site.domain, sent.key);
    }
    if (!ran->cause || ran->cause->cycle == 0) return true;
    open.erase({ran->cause->cycle, ran->cause->emission});
    const size_t sender = lanes_.lane_at(ran->cause->cycle);
    if (sender == lanes_.all().size()) return true;
    edges_.push_back({.sent = ran->cause->cycle,
                      .taken = ran->cycle,
                      .from = sender,
                      .to = lanes_.lane_of(ran->domain, ran->key)});
    return true;
  };
  (void)scan(trace_, from, to, {}, visit);  // what cannot be read has no edges
  in_pairs_.resize(edges_.size());
  for (uint32_t i = 0; i < in_pairs_.size(); ++i) in_pairs_[i] = i;
  std::ranges::sort(in_pairs_, {}, [&](uint32_t i) {
    return std::tuple(edges_[i].from, edges_[i].to, edges_[i].taken);
  });
  looked_from_ = {};
  for (const auto& [message, to_whom] : open) {
    if (edges_.size() == kEdgesMax) break;
    edges_.push_back(
        {.sent = message.first, .taken = 0, .from = lanes_.lane_at(message.first), .to = to_whom});
  }
  // Whoever was met on the way has moved those that were there: once more, with all of them.
  return lanes_known_ == lanes_.all().size() ? edges_ : seen(axis);
}

// ---- what is near

// A cycle has one cause at most; what it has sent may have many receivers.
void Edges::look_from(uint64_t cycle, uint32_t hops_max) {
  if (looked_from_ == std::pair(cycle, hops_max)) return;
  looked_from_ = {cycle, hops_max};
  hops_.clear();
  hops_[cycle] = 0;
  std::unordered_map<uint64_t, uint64_t> cause;
  std::unordered_multimap<uint64_t, uint64_t> effects;
  for (const uint32_t i : in_pairs_) {
    cause[edges_[i].taken] = edges_[i].sent;
    effects.emplace(edges_[i].sent, edges_[i].taken);
  }
  uint64_t back = cycle;
  for (uint32_t hop = 1; hop <= hops_max; ++hop) {
    const auto found = cause.find(back);
    if (found == cause.end()) break;
    back = found->second;
    hops_[back] = hop;
  }
  std::vector<uint64_t> rim{cycle};
  for (uint32_t hop = 1; hop <= hops_max && !rim.empty(); ++hop) {
    std::vector<uint64_t> next;
    for (const uint64_t one : rim) {
      const auto [begin, end] = effects.equal_range(one);
      for (auto it = begin; it != end; ++it) {
        if (hops_.emplace(it->second, hop).second) next.push_back(it->second);
      }
    }
    rim = std::move(next);
  }
}

std::optional<uint32_t> Edges::hops_to(uint64_t cycle) const {
  const auto found = hops_.find(cycle);
  return found == hops_.end() ? std::optional<uint32_t>() : found->second;
}

const std::vector<Ribbon>& Edges::ribbons(const Axis& axis, uint64_t cycle, uint32_t hops_max) {
  look_from(cycle, hops_max);
  ribbons_.clear();
  const auto is_close = [&](const EdgeView& a, const EdgeView& b) {
    return a.from == b.from && a.to == b.to && axis.x_of(b.taken) - axis.x_of(a.taken) < kApart &&
           axis.x_of(b.sent) - axis.x_of(a.sent) < kApart;
  };
  for (const uint32_t i : in_pairs_) {
    const EdgeView& edge = edges_[i];
    const auto sender = hops_to(edge.sent);
    const auto taker = hops_to(edge.taken);
    // Of two that are near, the farther one says how far the way between them is.
    const auto hops =
        sender && taker ? std::optional(std::max(*sender, *taker)) : std::optional<uint32_t>();
    const bool joins =
        !hops && !ribbons_.empty() && !ribbons_.back().hops && is_close(ribbons_.back().last, edge);
    if (joins) {
      ribbons_.back().last = edge;
      ++ribbons_.back().count;
    } else {
      ribbons_.push_back({.first = edge, .last = edge, .count = 1, .hops = hops});
    }
  }
  return ribbons_;
}

}  // namespace lexum
