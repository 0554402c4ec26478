// The part of a cycle that looks at one instance alone, and so may run on any thread: the slice,
// the invariants, the new state and the goals upon it. All of it can be taken back.
#include <utility>

#include "runtime/cell.h"

namespace lexum {

namespace {

FieldMask mask_of(const Outbox& out) {
  FieldMask mask;
  for (const FieldChange& change : out.changes) mask.add(change.slot);
  return mask;
}

}  // namespace

void Cell::prepare(Runner& runner, Outbox& slot, Helper& helper) {
  run_slice(runner, slot, helper);
  Instance& instance = *runner.instance;
  if (!instance.type->invariants.empty() && !runner.out->fault)
    test_invariants(instance, *runner.out, helper);
}

// What finish() does else, but where many threads can do it, and so that it can be taken back. With
// asserts about, the slices behind a failing one in commit order must leave nothing behind, not
// even settled goals.
void Cell::settle_ahead(Runner& runner, Helper& helper) {
  if (runner.out->fault || plan_.has_assert) return;
  const Instance& instance = *runner.instance;
  runner.goals_before.clear();
  if (!runner.out->emitted.empty()) {
    const GoalState* goals = instance.goals.get();
    runner.goals_before.assign(goals, goals + instance.goal_count());
    runner.head_passed_before = instance.head_passed;
    runner.fault_blocked_before.clear();
    if (instance.trouble) runner.fault_blocked_before = instance.trouble->fault_blocked;
  }
  settle(runner, helper);
}

void Cell::run_slice(Runner& runner, Outbox& slot, Helper& helper) {
  Instance& instance = *runner.instance;
  const Work& work = runner.work;
  runner.flips.clear();
  runner.settled = false;
  runner.own = work.kind == WorkKind::kGoal && instance.goals[work.goal.index()].trial != nullptr;
  if (runner.own) {
    trials_kept_.fetch_sub(1, std::memory_order_relaxed);
    runner.out = std::exchange(instance.goals[work.goal.index()].trial, nullptr);
    return;
  }
  runner.out = &slot;
  slot.clear();
  std::span<const Value> params;
  if (work.kind == WorkKind::kMessage) {
    params = instance.mailbox.head()->args();
  } else if (instance.begun && instance.begun->message != nullptr) {
    params = instance.begun->message->args();
  }
  const Routine& routine = domain_of(instance).routines[work.routine.index()];
  helper.interpreter.run(routine, routine.slices[work.slice], subject_of(instance), params, slot);
}

void Cell::test_invariants(Instance& instance, Outbox& out, Helper& helper) {
  const Domain& domain = domain_of(instance);
  const FieldMask changed = mask_of(out);
  if (instance.invariants_hold && !changed.meets(plan_of(instance).invariant_reads)) return;
  for (FieldChange& change : out.changes) instance.fields[change.slot].swap(change.value);
  for (const Invariant& invariant : domain.invariants) {
    if (instance.invariants_hold && !changed.meets(invariant.reads)) continue;
    Fault fault;
    if (helper.interpreter.test(invariant.condition, subject_of(instance), fault)) continue;
    out.fault = {
        Code::kInvariantBroken, invariant.span,
        "invariant " + invariant.name + (fault ? " faults: " + fault.message : " is false")};
    break;
  }
  for (FieldChange& change : out.changes) instance.fields[change.slot].swap(change.value);
}

void Cell::settle(Runner& runner, Helper& helper) {
  Instance& instance = *runner.instance;
  const Work& work = runner.work;
  Outbox& out = *runner.out;
  runner.settled = true;
  runner.background = count_passed(instance, runner);
  if (instance.goal_count() == 0) {
    runner.state_change = swap_changes(instance, out);
    return;
  }
  const bool last = ends_with(runner);
  const WorkKind begun_as = work.kind == WorkKind::kSlice ? instance.begun->work : work.kind;
  const bool changed =
      !out.changes.empty() || (work.kind == WorkKind::kSlice && instance.begun->changed);

  Aftermath aftermath;
  aftermath.changed = mask_of(out);
  aftermath.answered = last && begun_as == WorkKind::kMessage;
  if (begun_as == WorkKind::kGoal) {
    aftermath.worked = work.goal;
    aftermath.run_begins = work.kind == WorkKind::kGoal;
    aftermath.run_goes_on = !last;
    aftermath.asked = last && !changed;
  }
  runner.state_change = swap_changes(instance, out);
  if (work.kind == WorkKind::kElse) instance.goals[work.goal.index()].else_pending = false;
  settle_goals(instance, aftermath, runner.flips, helper);
}

Sum128 Cell::swap_changes(Instance& instance, Outbox& out) {
  Sum128 difference;
  for (FieldChange& change : out.changes) {
    Value& field = instance.fields[change.slot];
    difference += mark_of(instance, change.slot, change.value);
    difference -= mark_of(instance, change.slot, field);
    field.swap(change.value);
  }
  return difference;
}

// As if it had never been prepared; a trial that was used up is run again when its turn comes.
void Cell::take_back(Runner& runner, Helper& helper) {
  if (!runner.settled) return;
  Instance& instance = *runner.instance;
  swap_changes(instance, *runner.out);
  instance.head_passed = runner.head_passed_before;
  if (instance.trouble) instance.trouble->fault_blocked = runner.fault_blocked_before;
  for (size_t g = 0; g < runner.goals_before.size(); ++g) {
    drop_trial(instance.goals[g], helper);
    instance.goals[g] = runner.goals_before[g];
    instance.goals[g].trial = nullptr;
  }
  runner.settled = false;
}

}  // namespace lexum
