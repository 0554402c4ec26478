#include "tracer/bisect.h"

#include <algorithm>

#include <fmt/format.h>

namespace lexum {

namespace {

Result<bool> holds_at(Timeline& timeline, Condition& condition, uint64_t cycle) {
  if (Status there = timeline.go_to(cycle); !there) return there.error();
  const std::vector<InstanceId> ids = timeline.instances_in_order();
  return std::ranges::any_of(ids, [&](InstanceId id) {
    const InstanceState& instance = timeline.state()[id];
    return condition.whose().has(instance.domain, instance.key) && condition.holds(instance);
  });
}

Error nothing_between(uint64_t cycle, const char* what) {
  return {.code = ErrorCode::kMismatch,
          .what = fmt::format("it {} at cycle {}, so there is no first time between", what, cycle)};
}

}  // namespace

Result<Bisected> bisect(Timeline& timeline, Condition& condition, uint64_t from, uint64_t to,
                        const Looking& looking) {
  Bisected found{.cycle = to};
  const auto look = [&](uint64_t cycle) -> Result<bool> {
    const Result<bool> held = holds_at(timeline, condition, cycle);
    if (held) found.looks.push_back({.cycle = cycle, .held = *held});
    if (looking.progress) looking.progress(cycle);
    return held;
  };
  const Result<bool> at_first = look(from);
  if (!at_first) return at_first.error();
  if (*at_first) return nothing_between(from, "holds already");
  const Result<bool> at_last = look(to);
  if (!at_last) return at_last.error();
  if (!*at_last) return nothing_between(to, "does not hold");
  uint64_t before = from;
  while (before + 1 < found.cycle) {
    if (looking.stopped()) {
      return interrupted();
    }
    const uint64_t middle = before + (found.cycle - before) / 2;
    const Result<bool> held = look(middle);
    if (!held) return held.error();
    (*held ? found.cycle : before) = middle;
  }
  if (Status there = timeline.go_to(found.cycle); !there) return there.error();
  return found;
}

}  // namespace lexum
