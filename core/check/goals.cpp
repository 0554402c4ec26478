// A goal names transitions of its own domain, and only such as can run without being handed
// anything.
#include "check/goals.h"

#include <unordered_set>

#include "check/annotations.h"
#include "check/body.h"
#include "check/comparisons.h"

namespace lexum {
namespace {

class GoalDefiner {
 public:
  GoalDefiner(Context& context, DomainId id)
      : context_(context), id_(id), domain_(context.program.domains[id.index()]) {
    for (size_t i = 0; i < domain_.routines.size(); ++i) {
      const Routine& routine = domain_.routines[i];
      const bool serves = routine.kind == RoutineKind::kTransition && routine.params.empty();
      if (serves && RoutineIndex(i) != domain_.boot) all_candidates_.emplace_back(i);
    }
  }

  void define(const GoalDecl& decl) {
    Goal goal;
    goal.name = context_.text(decl.name);
    goal.span = decl.span;
    if (decl.name && !names_.insert(decl.name.id.value).second)
      context_.report_twice(decl.name, "goal");
    Body body(context_, Purpose::kCondition, id_);
    goal.predicate = body.condition(decl.predicate, "the predicate of a goal");
    goal.reads = body.reads();
    goal.comparisons = comparisons_of(context_.program, goal.predicate);
    if (decl.has_priority) read_priority(decl, goal);
    if (decl.has_strategy) {
      read_strategy(decl, goal);
    } else {
      goal.candidates = all_candidates_;
    }
    if (decl.has_terminate && !decl.terminate_never) read_terminate(decl, goal);
    domain_.goals.push_back(std::move(goal));
  }

 private:
  void read_priority(const GoalDecl& decl, Goal& goal) {
    const std::optional<uint8_t> priority =
        decl.level ? priority_of_level(context_, decl.level)
                   : priority_of_number(context_, decl.priority_value, decl.priority_span);
    goal.has_priority = priority.has_value();
    goal.priority = priority.value_or(goal.priority);
  }

  void read_strategy(const GoalDecl& decl, Goal& goal) {
    std::unordered_set<uint32_t> seen;
    for (const Name name : decl.strategy) {
      const RoutineIndex candidate = find(name);
      if (!candidate) continue;
      if (seen.insert(candidate.value).second) {
        goal.candidates.push_back(candidate);
      } else {
        context_.report(
            Code::kDuplicateName, name.span,
            "the strategy names " + context_.quoted(name) + " already",
            "leave it out here: transitions are tried in the order of the strategy, each once");
      }
    }
  }

  void read_terminate(const GoalDecl& decl, Goal& goal) {
    if (decl.terminate_after < 1) {
      context_.report(Code::kBadNumber, decl.terminate_span,
                      "a goal that is given up after " + std::to_string(decl.terminate_after) +
                          " runs is never tried",
                      "write at least 1, or `never`");
    }
    goal.terminate_after = decl.terminate_after;
    if (decl.terminate_else) goal.terminate_else = find(decl.terminate_else);
  }

  // A transition that can serve a goal, or none, and reported.
  RoutineIndex find(Name name) {
    if (!name) return {};
    const uint32_t index = context_.transitions.get(id_.index(), name);
    if (index == MemberTable::kNone) {
      report_unknown(name);
      return {};
    }
    const Routine& routine = domain_.routines[index];
    const bool boot = RoutineIndex(size_t{index}) == domain_.boot;
    if (!boot && routine.params.empty()) return RoutineIndex(size_t{index});
    context_.report(Code::kBadStrategy, name.span,
                    boot ? "Boot runs when an instance starts, and serves no goal"
                         : "a goal has nothing to hand to " + context_.quoted(name) +
                               ", which takes parameters",
                    boot ? "name a transition of its own" : "name one without parameters");
    return {};
  }

  void report_unknown(Name name) {
    if (context_.messages.get(id_.index(), name) != MemberTable::kNone) {
      context_.report(Code::kUnknownTransition, name.span,
                      context_.quoted(name) + " is a handler and no transition",
                      "write it as: transition " + std::string(context_.text(name)) + " { … }");
      return;
    }
    const auto candidates = [this](const auto& add) {
      for (const RoutineIndex each : all_candidates_) add(domain_.routines[each.index()].name);
    };
    context_.report(Code::kUnknownTransition, name.span,
                    "`" + domain_.name + "` has no transition " + context_.quoted(name),
                    context_.did_you_mean(name, "", candidates));
  }

  Context& context_;
  const DomainId id_;
  Domain& domain_;
  std::vector<RoutineIndex> all_candidates_;  // in the order written
  std::unordered_set<uint32_t> names_;
};

}  // namespace

void define_goals(Context& context, DomainId id) {
  GoalDefiner definer(context, id);
  for (const GoalDecl& decl : context.tree.domains[id.index()].goals) definer.define(decl);
}

}  // namespace lexum
