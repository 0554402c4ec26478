#include "model/edges.h"

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
  if (from == from_ && to == to_) return edges_;
  edges_.clear();
  from_ = from;
  to_ = to;
  // What is taken behind the screen is not looked for: its edge ends there.
  const Visit visit = [&](const EventView& event, uint64_t) {
    const auto* ran = std::get_if<CycleView>(&event);
    if (ran == nullptr || !ran->cause || ran->cause->cycle == 0) return true;
    const size_t sender = lanes_.lane_at(ran->cause->cycle);
    if (sender == lanes_.all().size()) return true;
    edges_.push_back({.sent = ran->cause->cycle,
                      .taken = ran->cycle,
                      .from = sender,
                      .to = lanes_.lane_of(ran->domain, ran->key)});
    return true;
  };
  (void)scan(trace, from, to, session_.looking(), visit);  // what cannot be read has no edges
  return edges_;
}

}  // namespace lexum
