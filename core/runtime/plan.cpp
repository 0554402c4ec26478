#include "runtime/plan.h"

namespace lexum {

namespace {

// §4: the goal's priority; a transition's own serves a goal that has none.
uint8_t priority_of(const Goal& goal, const Routine& routine) {
  if (goal.has_priority) return goal.priority;
  return routine.has_priority ? routine.priority : kPriorityNormal;
}

GoalPlan plan_goal(const Domain& domain, const Goal& goal) {
  GoalPlan plan;
  plan.watch = goal.reads;
  for (const RoutineIndex index : goal.candidates) {
    const Routine& routine = domain.routines[index.index()];
    FieldMask footprint = routine.slices.front().reads;
    footprint |= routine.slices.front().writes;
    plan.watch |= footprint;
    plan.candidates.push_back({index, footprint, priority_of(goal, routine)});
  }
  if (goal.terminate_else) {
    plan.else_priority = priority_of(goal, domain.routines[goal.terminate_else.index()]);
  }
  return plan;
}

}  // namespace

Plan::Plan(const Program& program) {
  for (const Domain& domain : program.domains) {
    DomainPlan plan;
    plan.field_count = static_cast<uint32_t>(domain.fields.size());
    plan.goal_count = static_cast<uint32_t>(domain.goals.size());
    for (const Goal& goal : domain.goals) plan.goals.push_back(plan_goal(domain, goal));
    plan.done.resize(program.effects.size());
    for (const OutcomeHandlers& handlers : domain.outcomes) {
      plan.done[handlers.effect.index()] = handlers.done;
    }
    for (const Invariant& invariant : domain.invariants) plan.invariant_reads |= invariant.reads;
    for (const Routine& routine : domain.routines) {
      plan.priorities.push_back(routine.has_priority ? routine.priority : kPriorityNormal);
    }
    domains.push_back(std::move(plan));
  }
  for (const Term& term : program.terms) has_assert |= term.op == Op::kAssert;
}

}  // namespace lexum
