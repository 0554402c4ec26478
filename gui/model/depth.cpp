#include "model/depth.h"

#include <algorithm>
#include <map>

#include "tracer/scan.h"

namespace lexum {

namespace {

struct Before {
  bool operator()(const std::pair<DomainId, Value>& a, const std::pair<DomainId, Value>& b) const {
    if (a.first != b.first) return a.first.index() < b.first.index();
    return !a.second.is_null() && Value::compare(a.second, b.second) < 0;
  }
};

}  // namespace

std::shared_ptr<const DepthColumns> by_depth(TraceReader& trace, uint64_t from, uint64_t to) {
  auto columns = std::make_shared<DepthColumns>();
  columns->from = from;
  std::map<std::pair<DomainId, Value>, uint32_t, Before> next;  // by instance: its next column
  const Visit visit = [&](const EventView& event, uint64_t) {
    const auto* ran = std::get_if<CycleView>(&event);
    if (ran == nullptr) return true;
    uint32_t& own = next[{ran->domain, ran->key}];
    uint32_t column = own;
    if (ran->cause && columns->has(ran->cause->cycle) && !columns->of.empty()) {
      column = std::max(column, columns->of[ran->cause->cycle - from] + 1);
    }
    own = column + 1;
    columns->of.push_back(column);
    if (column >= columns->cycles.size()) columns->cycles.resize(column + 1, ran->cycle);
    return true;
  };
  const auto end = scan(trace, from, to, {}, visit);
  const bool all = end && columns->of.size() == to - from + 1;
  return all ? columns : nullptr;
}

}  // namespace lexum
