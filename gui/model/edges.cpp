#include "model/edges.h"

#include <map>
#include <utility>

namespace lexum {

const std::vector<EdgeView>& Edges::seen(const Axis& axis) {
  TraceReader& trace = session_.trace();
  const uint64_t from = std::max(axis.first_seen(), trace.start() + 1);
  const uint64_t to = axis.last_seen();
  too_many_ = to > from && to - from > kCyclesMax;
  if (too_many_ || from > to) {
    edges_.clear();
    from_ = to_ = 0;
    return edges_;
  }
  if (from == from_ && to == to_ && lanes_known_ == lanes_.all().size()) return edges_;
  edges_.clear();
  from_ = from;
  to_ = to;
  // What is taken behind the screen is not looked for: its edge stays open.
  std::map<std::pair<uint64_t, uint32_t>, size_t> open;  // by cycle and emission: who is to get it
  const Visit visit = [&](const EventView& event, uint64_t) {
    const auto* ran = std::get_if<CycleView>(&event);
    if (ran == nullptr) return true;
    for (uint32_t i = 0; i < ran->emissions.size(); ++i) {
      const EmissionView& sent = ran->emissions[i];
      const Emission& site = session_.program().emissions[sent.site.index()];
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
  (void)scan(trace, from, to, session_.looking(), visit);  // what cannot be read has no edges
  for (const auto& [message, to_whom] : open) {
    if (edges_.size() == kEdgesMax) break;
    edges_.push_back(
        {.sent = message.first, .taken = 0, .from = lanes_.lane_at(message.first), .to = to_whom});
  }
  // Whoever was met on the way has moved those that were there.
  const bool moved = std::exchange(lanes_known_, lanes_.all().size()) != lanes_.all().size();
  return moved ? seen(axis) : edges_;
}

}  // namespace lexum
