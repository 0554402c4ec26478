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
  answer.found = Write{.at = cycle, .ran = *ran, .change = *change};
  return answer;
}

// By an act, which is one on the field.
Result<Answer<Write>> act_write_at(TraceReader& trace, const FieldTarget& field,
                                   const ActPlace& place, Which which) {
  Result<InputView> act = act_at(trace, place, writes_of(field), which);
  if (!act) return act.error();
  Write write{.how = Write::How::kAct, .at = place.at};
  const std::optional<ActView> did = act_of(*act, trace.program());
  const auto change = std::ranges::find(did->changes, field.slot, &FieldImage::slot);
  write.change = {
      .slot = field.slot, .before = {.known = false}, .after = {.value = change->value}};
  write.act = std::move(*act);
  return Answer<Write>{.found = std::move(write)};
}

Result<Answer<Write>> rollback_at(TraceReader& trace, const RollbackView& rollback) {
  Result<CycleView> ran = cycle_at(trace, rollback.cycle);
  if (!ran) return ran.error();
  Answer<Write> answer;
  answer.found = Write{.how = Write::How::kRollback,
                       .at = rollback.cycle,
                       .ran = std::move(*ran),
                       .to_cycle = rollback.to_cycle};
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
  const auto acted = latest_act(trace, writes_of(field), at, looking);
  if (!acted) return acted.error();
  const uint64_t write = written->found.value_or(0);
  const uint64_t back = rolled->found ? rolled->found->cycle : 0;
  // What comes after a cycle comes after its write, and after what it rolled back.
  const bool by_act = acted->found && acted->found->at >= std::max(write, back);
  const uint64_t since = by_act ? acted->found->at : std::max(write, back);
  Answer<uint64_t> retired;
  if (field.whose.key && at > trace.start() && since > 0) {
    const auto gone = latest(trace, retirements_of(field.whose), at - 1, looking, since - 1);
    if (!gone) return gone.error();
    retired = *gone;
  }
  if (written->interrupted || rolled->interrupted || acted->interrupted || retired.interrupted) {
    return unanswered(true);
  }
  const uint64_t gone = retired.found.value_or(0);
  if (by_act && gone <= since) return act_write_at(trace, field, *acted->found, Which::kLast);
  if (gone != 0 && gone >= since) return unanswered(false);
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
  const auto acted = earliest_act(trace, writes_of(field), at, looking);
  if (!acted) return acted.error();
  if (written->interrupted || rolled->interrupted || acted->interrupted) return unanswered(true);
  const bool before = !written->found || (rolled->found && rolled->found->cycle < write);
  const bool goes_back = rolled->found && rolled->found->cycle > at && before;
  // What comes after a cycle comes after its write, and after what it rolled back.
  const bool any = goes_back || written->found;
  if (acted->found && (!any || acted->found->at < (goes_back ? rolled->found->cycle : write))) {
    return act_write_at(trace, field, *acted->found, Which::kFirst);
  }
  if (goes_back) return rollback_at(trace, *rolled->found);
  return written->found ? write_at(trace, field, write) : unanswered(false);
}

namespace {

// Of the cycle and the act that were found, either of which may be none.
Result<Answer<GoalWrite>> flip_of(TraceReader& trace, const GoalTarget& goal,
                                  const Answer<uint64_t>& ran, const Answer<ActPlace>& acted,
                                  Which which, std::optional<GoalStatus> to) {
  Answer<GoalWrite> answer{.found = {}, .interrupted = ran.interrupted || acted.interrupted};
  if (answer.interrupted || (!ran.found && !acted.found)) return answer;
  GoalWrite& write = answer.found.emplace();
  const bool act_is_later = ran.found && acted.found && acted.found->at >= *ran.found;
  if (!ran.found || (acted.found && act_is_later == (which == Which::kLast))) {
    write.at = acted.found->at;
    Result<InputView> act = act_at(trace, *acted.found, flips_of(goal, to), which);
    if (!act) return act.error();
    const std::optional<ActView> did = act_of(*act, trace.program());
    for (const auto& [its, status] : did->flips) {
      if (its == goal.goal && (!to || status == *to)) write.to = status;
    }
    write.act = std::move(*act);
    return answer;
  }
  write.at = *ran.found;
  Result<CycleView> cycle = cycle_at(trace, write.at);
  if (!cycle) return cycle.error();
  for (const GoalFlip& flip : cycle->flips) {
    if (flip.goal != goal.goal || (to && flip.to != *to)) continue;
    if (!write.from) write.from = flip.from;
    write.to = flip.to;
  }
  write.ran = std::move(*cycle);
  return answer;
}

}  // namespace

Result<Answer<GoalWrite>> last_flip(TraceReader& trace, const GoalTarget& goal, uint64_t at,
                                    const Looking& looking, std::optional<GoalStatus> to) {
  const auto ran = latest(trace, flips_of(goal, to), at, looking);
  if (!ran) return ran.error();
  const auto acted = latest_act(trace, flips_of(goal, to), at, looking);
  if (!acted) return acted.error();
  return flip_of(trace, goal, *ran, *acted, Which::kLast, to);
}

Result<Answer<GoalWrite>> next_flip(TraceReader& trace, const GoalTarget& goal, uint64_t at,
                                    const Looking& looking, std::optional<GoalStatus> to) {
  const auto ran = earliest(trace, flips_of(goal, to), at, looking);
  if (!ran) return ran.error();
  const auto acted = earliest_act(trace, flips_of(goal, to), at, looking);
  if (!acted) return acted.error();
  return flip_of(trace, goal, *ran, *acted, Which::kFirst, to);
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

namespace {

// As the index has it.
ChunkIndex::Kind kind_of(DomainId domain, const ActView& act) {
  ChunkIndex::Kind kind;
  kind.domain = domain;
  kind.mask = kOfAct;
  kind.part = static_cast<uint64_t>((act.revives ? kActRevives : 0) | (act.boots ? kActBoots : 0) |
                                    (act.drops ? kActDrops : 0) | (act.kills ? kActKills : 0) |
                                    (act.returns ? kActReturns : 0));
  for (const FieldImage& change : act.changes) kind.slots.push_back(change.slot);
  for (const auto& [goal, status] : act.flips) {
    kind.flips.push_back(4 * goal.value + static_cast<uint32_t>(status));
  }
  return kind;
}

}  // namespace

Result<InputView> act_at(TraceReader& trace, const ActPlace& place, const Sought& sought,
                         Which which) {
  std::optional<InputView> found;
  const auto visit = [&](const EventView& event, uint64_t) {
    const auto* input = std::get_if<InputView>(&event);
    if (input == nullptr || !is_act(input->kind) || input->dead) return true;
    if (!input->domain || input->domain != place.who.domain || input->key != place.who.key) {
      return true;
    }
    const std::optional<ActView> act = act_of(*input, trace.program());
    if (!act || !sought.is(kind_of(input->domain, *act))) return true;
    found = *input;
    return which == Which::kLast;
  };
  const Result<ScanEnd> end = scan(trace, place.at, place.at, {}, visit);
  if (!end) return end.error();
  if (found) return std::move(*found);
  return Error{.code = ErrorCode::kDamaged,
               .what = fmt::format("{} is damaged: its index says that an operator did something "
                                   "after cycle {}, and that is not there",
                                   trace.path(), place.at)};
}

}  // namespace lexum
