#include "model/history.h"

#include <algorithm>

#include "tracer/scan.h"

namespace lexum {

std::optional<double> number_of(const SeenValue& seen) {
  if (!seen.known) return {};
  if (seen.value.kind() == Kind::kInt) return static_cast<double>(seen.value.as_int());
  if (seen.value.kind() == Kind::kBool) return seen.value.as_bool() ? 1 : 0;
  return {};
}

std::optional<Value> set_by_act(const Program& program, const EventView& event,
                                const FieldTarget& field) {
  const auto* input = std::get_if<InputView>(&event);
  if (input == nullptr || !is_act(input->kind) || input->dead || !input->domain) return {};
  if (!field.whose.has(input->domain, input->key)) return {};
  const std::optional<ActView> act = act_of(*input, program);
  if (!act) return {};
  const auto change = std::ranges::find(act->changes, field.slot, &FieldImage::slot);
  return change == act->changes.end() ? std::nullopt : std::optional(change->value);
}

const std::vector<PlotStep>& History::of(TraceReader& trace, const FieldTarget& field,
                                         const Axis& axis, const Pyramid& survey) {
  const uint64_t first = std::max(axis.first_seen(), trace.start() + 1);
  const uint64_t last = std::min(axis.last_seen(), trace.cycles());
  if (first > last) {
    steps_.clear();
    trace_ = nullptr;
    return steps_;
  }
  if (last - first > kCyclesMax) {
    const auto seen = survey.seen(first, last, static_cast<size_t>(axis.width()) * 2);
    steps_.assign(seen.begin(), seen.end());
    trace_ = nullptr;
    return steps_;
  }
  const bool same = trace_ == &trace && first == first_ && last == last_ &&
                    field.slot == field_.slot && field.whose.domain == field_.whose.domain &&
                    field.whose.key == field_.whose.key;
  if (same) return steps_;
  trace_ = &trace;
  field_ = field;
  first_ = first;
  last_ = last;
  steps_.clear();
  const auto add = [&](uint64_t cycle, std::optional<double> value) {
    if (value) steps_.push_back({.cycle = cycle, .low = *value, .high = *value, .last = *value});
  };
  const Visit visit = [&](const EventView& event, uint64_t at) {
    if (const std::optional<Value> value = set_by_act(trace.program(), event, field)) {
      add(std::max(at, first), number_of({.value = *value}));
      return true;
    }
    const auto* ran = std::get_if<CycleView>(&event);
    if (ran == nullptr || !field.whose.has(ran->domain, ran->key)) return true;
    const auto change = std::ranges::find(ran->changes, field.slot, &ChangeView::slot);
    if (change == ran->changes.end()) return true;
    // What it was before the first write that is seen, stands in that write.
    if (steps_.empty()) add(first, number_of(change->before));
    add(ran->cycle, number_of(change->after));
    return true;
  };
  (void)scan(trace, first, last, {}, visit);  // what cannot be read is not plotted
  return steps_;
}

}  // namespace lexum
