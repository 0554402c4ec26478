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

// `Timer.After(ms)`
uint32_t timer_of(const Program& program, const Emission& site) {
  if (site.kind != EmissionKind::kEffect) return UINT32_MAX;
  const Effect& effect = program.effects[site.effect.index()];
  if (effect.adapter != "Timer" || effect.operation != "After") return UINT32_MAX;
  const auto ms = std::ranges::find(site.names, "ms");
  return ms == site.names.end() ? UINT32_MAX : static_cast<uint32_t>(ms - site.names.begin());
}

}  // namespace

Plan::Plan(const Program& program) {
  for (const Domain& domain : program.domains) {
    DomainPlan plan;
    plan.field_count = static_cast<uint32_t>(domain.fields.size());
    plan.goal_count = static_cast<uint32_t>(domain.goals.size());
    for (const Goal& goal : domain.goals) plan.goals.push_back(plan_goal(domain, goal));
    plan.outcomes.resize(program.effects.size());
    for (const OutcomeHandlers& handlers : domain.outcomes) {
      plan.outcomes[handlers.effect.index()] = handlers;
    }
    for (const Invariant& invariant : domain.invariants) plan.invariant_reads |= invariant.reads;
    for (const Routine& routine : domain.routines) {
      plan.priorities.push_back(routine.has_priority ? routine.priority : kPriorityNormal);
    }
    domains.push_back(std::move(plan));
  }
  for (const Emission& site : program.emissions) timers.push_back(timer_of(program, site));
  for (const Term& term : program.terms) has_assert |= term.op == Op::kAssert;
}

}  // namespace lexum
