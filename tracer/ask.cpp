#include "tracer/ask.h"

#include <algorithm>

#include <fmt/format.h>

namespace lexum {
namespace {

const ChangeView* change_of(const CycleView& ran, const FieldTarget& field) {
  if (!field.whose.has(ran.domain, ran.key)) return nullptr;
  const auto found = std::ranges::find(ran.changes, field.slot, &ChangeView::slot);
  return found == ran.changes.end() ? nullptr : &*found;
}

// Looks through the events for the first that is a write.
Result<Answer<Write>> write_in(TraceReader& trace, const FieldTarget& field, uint64_t from,
                               uint64_t to, const Looking& looking) {
  Answer<Write> answer;
  const bool backwards = from > to;
  const Visit visit = [&](const EventView& event, uint64_t at) {
    if (const auto* rolled = std::get_if<RollbackView>(&event)) {
      if (rolled->only_slice) return true;
      answer.found = Write{.how = Write::How::kRollback, .ran = {}, .to_cycle = rolled->to_cycle};
      answer.found->ran.cycle = at;
      return false;
    }
    const auto* ran = std::get_if<CycleView>(&event);
    if (ran == nullptr) return true;
    // What was before is another instance.
    if (backwards && at != from && ran->retires && field.whose.key &&
        field.whose.has(ran->domain, ran->key)) {
      return false;
    }
    const ChangeView* change = change_of(*ran, field);
    if (change == nullptr) return true;
    answer.found = Write{.ran = *ran, .change = *change};
    return false;
  };
  const Result<ScanEnd> end = scan(trace, from, to, looking, visit);
  if (!end) return end.error();
  answer.interrupted = end->interrupted;
  if (!answer.found || answer.found->how != Write::How::kRollback) return answer;
  Result<CycleView> ran = cycle_at(trace, answer.found->ran.cycle);
  if (!ran) return ran.error();
  answer.found->ran = std::move(*ran);
  return answer;
}

}  // namespace

Result<Answer<Write>> last_write(TraceReader& trace, const FieldTarget& field, uint64_t at,
                                 const Looking& looking) {
  return write_in(trace, field, at, 0, looking);
}

Result<Answer<Write>> next_write(TraceReader& trace, const FieldTarget& field, uint64_t at,
                                 const Looking& looking) {
  if (at >= trace.cycles()) return Answer<Write>{};
  return write_in(trace, field, at + 1, trace.cycles(), looking);
}

Result<ScanEnd> hits(TraceReader& trace, const RoutineTarget& routine, uint64_t from, uint64_t to,
                     const std::function<bool(const CycleView&)>& hit, const Looking& looking) {
  return scan(trace, from, to, looking, [&](const EventView& event, uint64_t) {
    const auto* ran = std::get_if<CycleView>(&event);
    if (ran == nullptr || ran->routine != routine.routine) return true;
    return !routine.whose.has(ran->domain, ran->key) || hit(*ran);
  });
}

Result<Answer<CycleView>> last_cycle(TraceReader& trace, uint64_t at,
                                     const std::function<bool(const CycleView&)>& test,
                                     const Looking& looking) {
  Answer<CycleView> answer;
  const Result<ScanEnd> end = scan(trace, at, 0, looking, [&](const EventView& event, uint64_t) {
    const auto* ran = std::get_if<CycleView>(&event);
    if (ran != nullptr && test(*ran)) answer.found = *ran;
    return !answer.found;
  });
  if (!end) return end.error();
  answer.interrupted = end->interrupted;
  return answer;
}

Result<CycleView> cycle_at(TraceReader& trace, uint64_t cycle) {
  LEXUM_CHECK(cycle >= 1);
  std::optional<CycleView> found;
  const Result<ScanEnd> end = scan(trace, cycle, cycle, {}, [&](const EventView& event, uint64_t) {
    if (const auto* ran = std::get_if<CycleView>(&event)) found = *ran;
    return false;
  });
  if (!end) return end.error();
  if (found) return std::move(*found);
  return Error{.code = ErrorCode::kDamaged,
               .what = fmt::format("{} is damaged: cycle {} is not where it is said to be",
                                   trace.path(), cycle)};
}

}  // namespace lexum
