#include "twin/choices.h"

#include <algorithm>

namespace lexum::twin {

std::string to_string(GoalStatus status) {
  switch (status) {
    case GoalStatus::kSatisfied:
      return "satisfied";
    case GoalStatus::kPursued:
      return "pursued";
    case GoalStatus::kWaiting:
      return "waiting";
    case GoalStatus::kAbandoned:
      return "abandoned";
  }
  return "";
}

const DomainDecl& Seat::domain() const { return domain_named(tree, name.domain); }

bool Seat::holds(ExprId condition) const {
  return Interpreter(tree, name.key, instance.fields, {}).holds(condition);
}

// -------------------------------------------------------------------------------------------------
// slices

// §7: an invariant that is false or faults after a slice is F010. §12: each has a gas budget of its
// own.
SliceEnd Seat::run_slice(const Block& body, const Values& params) const {
  SliceEnd end = Interpreter(tree, name.key, instance.fields, params).run(body);
  if (!end.fault.empty()) return end;
  for (const InvariantDecl& invariant : domain().invariants) {
    if (!Interpreter(tree, name.key, end.fields, {}).holds(invariant.condition)) {
      return {.fault = "F010", .fields = instance.fields};
    }
  }
  return end;
}

Trial Seat::trial(const Work& work) const {
  Trial trial{.procedure = *procedure(tree, domain(), work.label)};
  if (work.kind == WorkKind::kBegun) {
    trial.params = instance.begun->params;
    trial.slice = instance.begun->next_slice;
  }
  if (work.kind == WorkKind::kMail) {
    const NamedValues& args = instance.mailbox.front().args;
    trial.params = Values(args.begin(), args.end());
  }
  trial.end = run_slice(trial.procedure.slices[trial.slice], trial.params);
  return trial;
}

// --------------------------------------------------------------------------------------------------
// goals

// §6: the first candidate that is not blocked. One that would fault is not: it runs, and fails.
std::optional<std::string> Seat::next_candidate(size_t goal) const {
  for (const std::string& label : candidates(tree, domain(), domain().goals[goal])) {
    if (instance.fault_blocked.contains(label)) continue;  // §7
    const SliceEnd end = trial({.kind = WorkKind::kGoal, .label = label}).end;
    const bool blocked = end.fault.empty() && end.fields == instance.fields && end.sends.empty() &&
                         end.intents.empty() && !end.retired;
    if (!blocked) return label;
  }
  return std::nullopt;
}

GoalStatus Seat::goal_status(size_t goal) const {
  const Goal& g = instance.goals[goal];
  if (holds(domain().goals[goal].predicate)) return GoalStatus::kSatisfied;
  if (g.abandoned) return GoalStatus::kAbandoned;
  if (instance.begun && instance.begun->goal == goal) return GoalStatus::kPursued;
  if (instance.faulted || g.asked || !next_candidate(goal)) return GoalStatus::kWaiting;
  return GoalStatus::kPursued;
}

bool Seat::all_goals_hold() const {
  for (size_t i = 0; i < instance.goals.size(); ++i) {
    if (goal_status(i) != GoalStatus::kSatisfied) return false;
  }
  return true;
}

void Seat::settle(std::optional<size_t> ended) {
  for (size_t i = 0; i < instance.goals.size(); ++i) {
    Goal& g = instance.goals[i];
    const GoalDecl& decl = domain().goals[i];
    GoalStatus status = goal_status(i);
    if (status == GoalStatus::kSatisfied) g = {};  // also one that was abandoned
    // After N runs a goal still false is abandoned; one that asked waits for its answer, and is
    // abandoned only when it would run again.
    const bool spent =
        decl.has_terminate && !decl.terminate_never && g.runs >= decl.terminate_after;
    const bool running = instance.begun && instance.begun->goal == i;
    if (spent && !running && !g.abandoned &&
        (status == GoalStatus::kPursued || (ended == i && !g.asked))) {
      g.abandoned = true;
      g.last_work_due = static_cast<bool>(decl.terminate_else);
      status = GoalStatus::kAbandoned;
    }
    // §12: what is no choice has the count 0 at once.
    if (status != GoalStatus::kPursued && !g.last_work_due) g.passed_over = 0;
  }
  if (instance.mailbox.empty()) instance.mail_passed_over = 0;
}

// ------------------------------------------------------------------------------------------------
// choices

// §4: the goal's priority; else the transition's own serves it.
int Seat::goal_priority(size_t goal, const std::string& label) const {
  const auto own = procedure(tree, domain(), label)->priority;
  return twin::goal_priority(tree, domain().goals[goal])
      .value_or(own.value_or(level_priority("normal")));
}

std::vector<Work> Seat::open_choices() const {
  std::vector<Work> all;
  if (!instance.mailbox.empty()) {
    const std::string& label = instance.mailbox.front().label;
    const auto own = procedure(tree, domain(), label)->priority;
    all.push_back({WorkKind::kMail, label, 0, own.value_or(level_priority("normal"))});
  }
  for (size_t i = 0; i < instance.goals.size(); ++i) {
    if (instance.goals[i].last_work_due) {
      const std::string label = tree.text(domain().goals[i].terminate_else);
      all.push_back({WorkKind::kLastWork, label, i, goal_priority(i, label)});
    } else if (goal_status(i) == GoalStatus::kPursued) {
      const auto label = next_candidate(i);
      if (label) all.push_back({WorkKind::kGoal, *label, i, goal_priority(i, *label)});
    }
  }
  return all;
}

std::vector<Work> Seat::choices(bool background) const {
  std::vector<Work> all;
  if (instance.begun) {
    // §4: a begun background transition with mail behind it goes on as low.
    const int own = instance.begun->priority;
    const int now = own == 0 && !instance.mailbox.empty() ? level_priority("low") : own;
    all.push_back({WorkKind::kBegun, instance.begun->label, 0, now});
  } else if (instance.boot_due) {
    const auto own = procedure(tree, domain(), "Boot")->priority;
    all.push_back({WorkKind::kBoot, "Boot", 0, own.value_or(level_priority("normal"))});
  } else {
    all = open_choices();
  }
  if (!background) std::erase_if(all, [](const Work& work) { return work.priority == 0; });
  const auto starved = [&](const Work& work) {
    if (work.kind == WorkKind::kMail) return instance.mail_passed_over >= kPassedOverMax;
    const bool of_goal = work.kind == WorkKind::kGoal || work.kind == WorkKind::kLastWork;
    return of_goal && instance.goals[work.goal].passed_over >= kPassedOverMax;
  };
  std::stable_sort(all.begin(), all.end(), [&](const Work& a, const Work& b) {
    if (starved(a) != starved(b)) return starved(a);
    return a.priority > b.priority;
  });
  return all;
}

}  // namespace lexum::twin
