// Goals after a cycle (§6): which hold, which are pursued and by what, which wait.
//
// Whether a candidate is blocked is found by a trial: its first slice is run and nothing of it is
// kept. A trial stands until a field of its footprint changes, so a blocked candidate is not tried
// again for nothing, and what a trial found to do is committed later instead of being run again.
#include <algorithm>
#include <utility>

#include "runtime/cell.h"

namespace lexum {

namespace {
// More trials than this are not kept but run again when their turn comes: a bound on memory, not on
// meaning.
constexpr int64_t kTrialsKeptMax = 1 << 16;
constexpr size_t kCandidateBits = 64;

bool fault_blocked(const Instance& instance, RoutineIndex routine) {
  if (!instance.trouble) return false;
  const auto& blocked = instance.trouble->fault_blocked;
  return std::find(blocked.begin(), blocked.end(), routine) != blocked.end();
}
}  // namespace

Outbox* Cell::take_outbox(Helper& helper) {
  if (helper.spare.empty()) return new Outbox;
  Outbox* outbox = helper.spare.back().release();
  helper.spare.pop_back();
  return outbox;
}

void Cell::return_outbox(Helper& helper, Outbox* outbox) {
  outbox->clear();
  helper.spare.emplace_back(outbox);
}

void Cell::drop_trial(GoalState& goal, Helper& helper) {
  if (goal.trial == nullptr) return;
  trials_kept_.fetch_sub(1, std::memory_order_relaxed);
  return_outbox(helper, std::exchange(goal.trial, nullptr));
}

void Cell::settle_goals(Instance& instance, const Aftermath& aftermath,
                        std::vector<GoalFlip>& flips, Helper& helper) {
  const DomainPlan& plan = plan_of(instance);
  const bool changed = !aftermath.changed.empty();
  bool everything = aftermath.everything;
  // a transition that faulted is blocked until the state changes
  if (changed && !aftermath.goes_back && instance.trouble &&
      !instance.trouble->fault_blocked.empty()) {
    instance.trouble->fault_blocked.clear();
    everything = true;
  }
  for (size_t g = 0; g < plan.goals.size(); ++g) {
    GoalState& state = instance.goals[g];
    const bool concerned = everything || aftermath.worked == GoalIndex(g) ||
                           aftermath.changed.meets(plan.goals[g].watch) ||
                           (state.asked && (changed || aftermath.answered));
    if (!concerned) continue;
    const GoalStatus before = state.status;
    settle_goal(instance, g, aftermath, helper);
    if (!is_choice(state)) state.passed = 0;
    if (state.status != before) flips.push_back({GoalIndex(g), before, state.status});
  }
}

void Cell::settle_goal(Instance& instance, size_t index, const Aftermath& aftermath,
                       Helper& helper) {
  const Goal& goal = domain_of(instance).goals[index];
  GoalState& state = instance.goals[index];
  const bool mine = aftermath.worked == GoalIndex(index);
  if (mine && aftermath.run_begins) ++state.runs;
  state.unseen |= aftermath.changed;

  if (aftermath.changed.meets(goal.reads) || aftermath.everything) {
    Fault fault;
    state.holds = helper.interpreter.test(goal.predicate, subject_of(instance), fault);
  }
  if (state.holds) {
    drop_trial(state, helper);
    state.candidate = UINT32_MAX;
    state.status = GoalStatus::kSatisfied;
    state.asked = state.owes = state.else_pending = false;
    state.runs = 0;
    return;
  }
  if (state.status == GoalStatus::kAbandoned) return;
  if (mine && aftermath.run_goes_on) {
    state.status = GoalStatus::kPursued;
    return;
  }
  if (aftermath.answered || !aftermath.changed.empty()) state.asked = false;
  if (mine && aftermath.asked) state.asked = true;
  const bool used_up = goal.terminate_after && state.runs >= *goal.terminate_after;
  if (state.asked) {
    state.status = GoalStatus::kWaiting;
    state.owes = used_up;
    return;
  }
  // The run that used it up has ended with a change, or the answer is there and it would run again:
  // abandoned.
  const bool runnable = (used_up && !state.owes) || find_candidate(instance, index, helper);
  state.status = runnable ? GoalStatus::kPursued : GoalStatus::kWaiting;
  if (used_up && runnable) {
    state.status = GoalStatus::kAbandoned;
    state.else_pending = static_cast<bool>(goal.terminate_else);
    drop_trial(state, helper);
  }
}

// What the transition's first slice would do.
void Cell::try_out(Instance& instance, RoutineIndex transition, Outbox& trial, Helper& helper) {
  const Routine& routine = domain_of(instance).routines[transition.index()];
  helper.interpreter.run(routine, routine.slices.front(), subject_of(instance), {}, trial);
  // with an invariant that the start values break, even an idle slice faults
  if (trial.idle()) test_invariants(instance, trial, helper);
}

bool Cell::is_blocked(Instance& instance, RoutineIndex transition) {
  Outbox* trial = take_outbox(*helpers_[0]);
  try_out(instance, transition, *trial, *helpers_[0]);
  const bool idle = trial->idle();
  return_outbox(*helpers_[0], trial);
  return idle;
}

// Of something that was no cycle: the run of a goal that has begun goes on all the same.
Aftermath Cell::meddled(const Instance& instance) {
  Aftermath aftermath;
  if (instance.begun && instance.begun->work == WorkKind::kGoal) {
    aftermath.worked = instance.begun->goal;
    aftermath.run_goes_on = true;
  }
  return aftermath;
}

void Cell::set_field(InstanceId id, uint32_t slot, Value value) {
  ++serial_;
  touch(id);
  Instance& instance = (*this)[id];
  change_field(instance, slot, std::move(value));
  Aftermath aftermath = meddled(instance);
  aftermath.changed = FieldMask::of(slot);
  std::vector<GoalFlip> flips;
  settle_goals(instance, aftermath, flips, *helpers_[0]);
  refresh_touched();
  ++serial_;
}

void Cell::look_at_goals() {
  ++serial_;
  std::vector<GoalFlip> flips;
  for (size_t i = 0; i < instances_.size(); ++i) {
    Instance& instance = *instances_[i];
    if (instance.gone) continue;
    touch(InstanceId(i));
    Aftermath aftermath = meddled(instance);
    aftermath.everything = true;
    settle_goals(instance, aftermath, flips, *helpers_[0]);
  }
  refresh_touched();
  ++serial_;
}

size_t Cell::drop_messages(InstanceId id,
                           const std::function<bool(const MessageImage&)>& unwanted) {
  ++serial_;
  touch(id);
  Instance& instance = (*this)[id];
  size_t dropped = 0;
  for (Message* message = instance.mailbox.take_all(); message != nullptr;) {
    Message* const next = message->next;
    if (unwanted(lexum::image_of(*message))) {
      if (instance.mailbox.empty()) {  // it was first
        instance.head_passed = 0;
        instance.mail_failed = false;
      }
      pool_.release(message);
      ++dropped;
    } else {
      instance.mailbox.push(message);
    }
    message = next;
  }
  refresh_touched();
  ++serial_;
  return dropped;
}

// The first candidate that is not blocked. Requires that the goal is false.
bool Cell::find_candidate(Instance& instance, size_t index, Helper& helper) {
  const GoalPlan& plan = plan_of(instance).goals[index];
  GoalState& state = instance.goals[index];
  const uint32_t known = std::exchange(state.candidate, UINT32_MAX);
  const FieldMask changed = std::exchange(state.unseen, FieldMask{});
  const auto bit_of = [](uint32_t i) { return i < kCandidateBits ? uint64_t{1} << i : 0; };
  for (uint32_t i = 0; i < plan.candidates.size(); ++i) {
    if (!changed.meets(plan.candidates[i].footprint)) continue;
    state.blocked &= ~bit_of(i);
    if (i == known) drop_trial(state, helper);
  }
  for (uint32_t i = 0; i < plan.candidates.size(); ++i) {
    const CandidatePlan& candidate = plan.candidates[i];
    const uint64_t bit = bit_of(i);
    if ((state.blocked & bit) != 0) continue;
    if (fault_blocked(instance, candidate.routine)) continue;
    if (i == known && state.trial != nullptr) {
      state.candidate = i;
      return true;
    }
    drop_trial(state, helper);
    Outbox* trial = take_outbox(helper);
    try_out(instance, candidate.routine, *trial, helper);
    if (trial->idle()) {
      return_outbox(helper, trial);
      state.blocked |= bit;
      continue;
    }
    state.candidate = i;
    if (trials_kept_.fetch_add(1, std::memory_order_relaxed) < kTrialsKeptMax) {
      state.trial = trial;
    } else {
      trials_kept_.fetch_sub(1, std::memory_order_relaxed);
      return_outbox(helper, trial);
    }
    return true;
  }
  drop_trial(state, helper);
  return false;
}

}  // namespace lexum
