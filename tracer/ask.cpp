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

// A write in that cycle, which is one of the field.
Result<Answer<Write>> write_at(TraceReader& trace, const FieldTarget& field, uint64_t cycle) {
  Result<CycleView> ran = cycle_at(trace, cycle);
  if (!ran) return ran.error();
  const ChangeView* change = change_of(*ran, field);
  if (change == nullptr) {
    return Error{.code = ErrorCode::kDamaged,
                 .what = fmt::format("{} is damaged: its index says that cycle {} wrote a field, "
                                     "and it did not",
                                     trace.path(), cycle)};
  }
  Answer<Write> answer;
  answer.found = Write{.ran = *ran, .change = *change};
  return answer;
}

Result<Answer<Write>> rollback_at(TraceReader& trace, const RollbackView& rollback) {
  Result<CycleView> ran = cycle_at(trace, rollback.cycle);
  if (!ran) return ran.error();
  Answer<Write> answer;
  answer.found =
      Write{.how = Write::How::kRollback, .ran = std::move(*ran), .to_cycle = rollback.to_cycle};
  return answer;
}

Answer<Write> unanswered(bool interrupted) { return {.found = {}, .interrupted = interrupted}; }

}  // namespace

Result<Answer<Write>> last_write(TraceReader& trace, const FieldTarget& field, uint64_t at,
                                 const Looking& looking) {
  const auto written = latest(trace, writes_of(field), at, looking);
  if (!written) return written.error();
  // What was written before may have been brought back, or belong to another instance.
  const auto rolled = latest_rollback(trace, at, looking);
  if (!rolled) return rolled.error();
  const uint64_t since =
      std::max(written->found.value_or(0), rolled->found ? rolled->found->cycle : 0);
  Answer<uint64_t> retired;
  if (field.whose.key && at > trace.start() && since > 0) {
    const auto gone = latest(trace, retirements_of(field.whose), at - 1, looking, since - 1);
    if (!gone) return gone.error();
    retired = *gone;
  }
  if (written->interrupted || rolled->interrupted || retired.interrupted) return unanswered(true);
  const uint64_t write = written->found.value_or(0);
  const uint64_t back = rolled->found ? rolled->found->cycle : 0;
  const uint64_t gone = retired.found.value_or(0);
  if (gone != 0 && gone >= std::max(write, back)) return unanswered(false);
  if (back != 0 && back >= write) return rollback_at(trace, *rolled->found);
  return write == 0 ? unanswered(false) : write_at(trace, field, write);
}

Result<Answer<Write>> next_write(TraceReader& trace, const FieldTarget& field, uint64_t at,
                                 const Looking& looking) {
  const auto written = earliest(trace, writes_of(field), at, looking);
  if (!written) return written.error();
  const uint64_t write = written->found.value_or(trace.cycles());
  const auto rolled = latest_rollback(trace, write, looking);
  if (!rolled) return rolled.error();
  if (written->interrupted || rolled->interrupted) return unanswered(true);
  const bool before = !written->found || (rolled->found && rolled->found->cycle < write);
  if (rolled->found && rolled->found->cycle > at && before) {
    return rollback_at(trace, *rolled->found);
  }
  return written->found ? write_at(trace, field, write) : unanswered(false);
}

Result<ScanEnd> hits(TraceReader& trace, const RoutineTarget& routine, uint64_t from, uint64_t to,
                     const std::function<bool(const CycleView&)>& hit, const Looking& looking) {
  std::optional<Error> error;
  const auto visit = [&](uint64_t cycle) {
    const Result<CycleView> ran = cycle_at(trace, cycle);
    if (!ran) error = ran.error();
    return ran && hit(*ran);
  };
  const Result<ScanEnd> end = each_of(trace, runs_of(routine), from, to, visit, looking);
  if (error) return *error;
  return end;
}

Result<Answer<CycleView>> last_cycle(TraceReader& trace, const Sought& sought, uint64_t at,
                                     const Looking& looking,
                                     const std::function<bool(const CycleView&)>& test) {
  for (;;) {
    const Result<Answer<uint64_t>> found = latest(trace, sought, at, looking);
    if (!found) return found.error();
    if (!found->found) return Answer<CycleView>{.found = {}, .interrupted = found->interrupted};
    Result<CycleView> ran = cycle_at(trace, *found->found);
    if (!ran) return ran.error();
    if (!test || test(*ran)) return Answer<CycleView>{.found = std::move(*ran)};
    at = *found->found - 1;
  }
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
