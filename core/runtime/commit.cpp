// The part of a cycle that others see: it gets its number, the observer hears of it, and what it
// sends goes its way. Or it is a fault, and all that is left of it is the record (§7).
#include <algorithm>

#include "base/check.h"
#include "runtime/cell.h"

namespace lexum {

namespace {
// When in a row of runs a goal's distance is taken, and when the row is called a treadmill (§5).
constexpr int64_t kDistanceAt = 10;
constexpr int64_t kTreadmillAt = 1000;
}  // namespace

namespace {
// What fields were before the first of several slices that changed them.
void note_olds(std::vector<FieldImage>& olds, const std::vector<FieldChange>& changes) {
  for (const FieldChange& change : changes) {
    const bool known = std::ranges::find(olds, change.slot, &FieldImage::slot) != olds.end();
    if (!known) olds.push_back({change.slot, change.value});
  }
}
}  // namespace

// Gives back an outbox that was a goal's trial.
void Cell::release(Runner& runner) {
  if (!runner.own) return;
  return_outbox(*helpers_[0], runner.out);
  runner.own = false;
}

bool Cell::finish(Runner& runner, Helper& helper) {
  Outbox& out = *runner.out;
  bool committed = true;
  if (out.fault.code == Code::kAssertFailed) {
    halt(runner);
  } else if (out.fault) {
    fail(runner, true, helper);
  } else {
    uint32_t dead = 0;
    const Verdict verdict = judge(runner, dead);
    if (verdict == Verdict::kCommit) {
      if (!runner.settled) settle(runner, helper);
      commit(runner, dead, helper);
    } else {
      take_back(runner, helper);
      committed = verdict == Verdict::kTooMany;
      if (committed) {
        const Emission& site = program_.emissions[out.emitted.front().site.index()];
        out.fault = {Code::kMailboxFull, site.span,
                     "one slice sends more than a mailbox can ever hold"};
        fail(runner, true, helper);
      }
    }
  }
  release(runner);
  return committed;
}

void Cell::commit(Runner& runner, uint32_t dead, Helper& helper) {
  Instance& instance = *runner.instance;
  Outbox& out = *runner.out;
  const Work& work = runner.work;
  ++cycle_;
  ++instance.cycles;
  state_ += runner.state_change;
  instance.invariants_hold = true;
  if (work.kind == WorkKind::kBoot) instance.boot_pending = false;
  if (runner.background) counted_background_.push_back(runner.id);

  Message* message = nullptr;  // what the slice had its parameters from
  if (work.kind == WorkKind::kMessage) {
    message = instance.mailbox.pop();
    note_moved(instance, 1);
  } else if (instance.begun) {
    message = std::exchange(instance.begun->message, nullptr);
  }
  if (message != nullptr) instance.correlation = message->origin.correlation;
  const uint64_t first_send = instance.sends + 1;
  tell(runner, message, first_send, dead, false);
  if (work.kind == WorkKind::kGoal) note_treadmill(runner, helper);

  if (ends_with(runner)) {
    if (instance.begun) instance.begun.reset();
    if (message != nullptr) pool_.release(message);
  } else {
    const bool changed = !out.changes.empty() || (instance.begun && instance.begun->changed);
    const WorkKind begun_as = instance.begun ? instance.begun->work : work.kind;
    if (!instance.begun) instance.begun = std::make_unique<Begun>();
    std::vector<FieldImage> undo = std::move(instance.begun->undo);
    note_olds(undo, out.changes);
    *instance.begun = {work.routine,  work.slice + 1, begun_as, work.goal,
                       work.priority, changed,        message,  std::move(undo)};
  }
  if (!out.emitted.empty()) route(runner);
  if (out.retire) retire(runner.id);
}

void Cell::tell(const Runner& runner, const Message* message, uint64_t first_send, uint32_t dead,
                bool faulted) {
  if (observer_ == nullptr) return;
  const Instance& instance = *runner.instance;
  const Work& work = runner.work;
  observer_->cycle({.cycle = cycle_,
                    .tick = tick_,
                    .instance = runner.id,
                    .domain = instance.domain,
                    .key = &instance.key,
                    .work = work.kind,
                    .routine = work.routine,
                    .slice = work.slice,
                    .goal = work.goal,
                    .origin = work.kind == WorkKind::kMessage ? &message->origin : nullptr,
                    .before = runner.out->changes,
                    .fields = {instance.fields.get(), instance.field_count()},
                    .outbox = runner.out,
                    .first_send = first_send,
                    .flips = runner.flips,
                    .faulted = faulted,
                    .dead = dead,
                    .correlation = instance.correlation});
}

// §7: at most so many in so many of its own cycles, this one included.
bool Cell::forgive(Instance& instance, Code code) {
  if (code == Code::kInvariantBroken) return false;
  const Restart& restart = domain_of(instance).restart;
  auto& faults = trouble_of(instance).faults;
  std::erase_if(faults, [&](uint64_t cycle) {
    return instance.cycles - cycle >= static_cast<uint64_t>(restart.within);
  });
  if (static_cast<int64_t>(faults.size()) >= restart.times) return false;
  faults.push_back(instance.cycles);
  return true;
}

void Cell::fail(Runner& runner, bool counts, Helper& helper) {
  Instance& instance = *runner.instance;
  const Work work = runner.work;
  ++cycle_;
  ++instance.cycles;
  const bool faulted = counts && !forgive(instance, runner.out->fault.code);
  const WorkKind begun_as = work.kind == WorkKind::kSlice ? instance.begun->work : work.kind;
  if (count_passed(instance, runner)) counted_background_.push_back(runner.id);

  Aftermath aftermath;
  aftermath.everything = true;  // the transition is blocked for every goal that has it
  aftermath.answered = begun_as == WorkKind::kMessage && !faulted;
  if (begun_as == WorkKind::kGoal) {
    aftermath.worked = work.goal;
    aftermath.run_begins = work.kind == WorkKind::kGoal;
  }
  if (begun_as == WorkKind::kGoal || begun_as == WorkKind::kElse) {
    auto& blocked = trouble_of(instance).fault_blocked;
    if (std::find(blocked.begin(), blocked.end(), work.routine) == blocked.end()) {
      blocked.push_back(work.routine);
    }
  }
  if (work.kind == WorkKind::kElse) instance.goals[work.goal.index()].else_pending = false;
  if (begun_as == WorkKind::kBoot) instance.boot_failed = true;
  if (work.kind == WorkKind::kBoot) instance.boot_pending = false;
  runner.flips.clear();
  settle_goals(instance, aftermath, runner.flips, helper);
  instance.faulted = faulted;
  instance.mail_failed = faulted && begun_as == WorkKind::kMessage;
  if (faulted && instance.begun) trouble_of(instance).undo = std::move(instance.begun->undo);

  Message* message = nullptr;
  if (work.kind == WorkKind::kMessage) {
    message = instance.mailbox.pop();
  } else if (instance.begun) {
    message = std::exchange(instance.begun->message, nullptr);
  }
  instance.begun.reset();
  if (message != nullptr) instance.correlation = message->origin.correlation;
  runner.out->emitted.clear();
  tell(runner, message, instance.sends + 1, message != nullptr && !faulted ? 1 : 0, faulted);
  if (message == nullptr) return;
  if (faulted) {
    instance.mailbox.push_front(message);
    if (work.kind == WorkKind::kSlice) note_moved(instance, -1);
  } else {
    if (work.kind == WorkKind::kMessage) note_moved(instance, 1);
    bury(runner.id, message);
  }
}

// To the dead letters.
void Cell::bury(InstanceId receiver, Message* message) {
  dead_letters_.push_back({receiver, EventId(), lexum::image_of(*message)});
  pool_.release(message);
}

void Cell::retire(InstanceId id) {
  Instance& instance = (*this)[id];
  for (Message* message = instance.mailbox.take_all(); message != nullptr;) {
    bury(id, std::exchange(message, message->next));
  }
  for (size_t g = 0; g < instance.goal_count(); ++g) drop_trial(instance.goals[g], *helpers_[0]);
  instance.gone = true;
  state_ -= fields_mark(instance);
  instance.fields.reset();
  instance.goals.reset();
  rolls_[instance.domain.index()].stale = true;
}

std::optional<int64_t> Cell::distance_of(Instance& instance, const Goal& goal, Helper& helper) {
  for (const Comparison& comparison : goal.comparisons) {
    if (!comparison.actual) continue;
    Fault fault;
    const Value actual =
        helper.interpreter.evaluate(comparison.actual, subject_of(instance), fault);
    const Value wanted =
        helper.interpreter.evaluate(comparison.wanted, subject_of(instance), fault);
    int64_t distance = 0;
    if (fault || actual.kind() != Kind::kInt || wanted.kind() != Kind::kInt ||
        __builtin_sub_overflow(actual.as_int(), wanted.as_int(), &distance)) {
      continue;
    }
    return distance;
  }
  return std::nullopt;
}

void Cell::note_treadmill(const Runner& runner, Helper& helper) {
  Instance& instance = (*this)[runner.id];
  GoalState& state = instance.goals[runner.work.goal.index()];
  if (state.runs != kDistanceAt && state.runs != kTreadmillAt) return;
  const Goal& goal = domain_of(instance).goals[runner.work.goal.index()];
  const std::optional<int64_t> distance = distance_of(instance, goal, helper);
  if (state.runs == kDistanceAt) {
    state.distance = distance.value_or(0);
    return;
  }
  for (const Treadmill& known : treadmills_) {
    if (known.instance == runner.id && known.goal == runner.work.goal) return;
  }
  Treadmill treadmill{runner.id, runner.work.goal, cycle_, std::nullopt, distance};
  if (distance) treadmill.distance_then = state.distance;
  treadmills_.push_back(treadmill);
}

}  // namespace lexum
