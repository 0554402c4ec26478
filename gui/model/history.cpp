#include "model/history.h"

#include <algorithm>
#include <optional>

#include "tracer/ask.h"
#include "tracer/scan.h"

namespace lexum {

namespace {

std::optional<double> number_of(const SeenValue& seen) {
  if (!seen.known) return {};
  if (seen.value.kind() == Kind::kInt) return static_cast<double>(seen.value.as_int());
  if (seen.value.kind() == Kind::kBool) return seen.value.as_bool() ? 1 : 0;
  return {};
}

}  // namespace

const std::vector<PlotStep>& History::of(const FieldTarget& field, const Axis& axis) {
  TraceReader& trace = session_.trace();
  const uint64_t first = std::max(axis.first_seen(), trace.start() + 1);
  const uint64_t last = std::min(axis.last_seen(), trace.cycles());
  const bool same = trace_ == &trace && first == first_ && last == last_ &&
                    field.slot == field_.slot && field.whose.domain == field_.whose.domain &&
                    field.whose.key == field_.whose.key;
  if (same) return steps_;
  trace_ = &trace;
  field_ = field;
  first_ = first;
  last_ = last;
  steps_.clear();
  if (first > last || last - first > kCyclesMax) return steps_;
  const auto take = [&](const CycleView& ran) {
    if (!field.whose.has(ran.domain, ran.key)) return;
    const auto change = std::ranges::find(ran.changes, field.slot, &ChangeView::slot);
    if (change == ran.changes.end()) return;
    // What it was before the first write that is seen, stands in that write.
    if (steps_.empty()) {
      if (const auto before = number_of(change->before)) steps_.push_back({first, *before});
    }
    if (const auto after = number_of(change->after)) steps_.push_back({ran.cycle, *after});
  };
  const Visit visit = [&](const EventView& event, uint64_t) {
    if (const auto* ran = std::get_if<CycleView>(&event)) take(*ran);
    return true;
  };
  (void)scan(trace, first, last, session_.looking(), visit);  // what cannot be read is not plotted
  return steps_;
}

}  // namespace lexum
