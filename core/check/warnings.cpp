// Suspicions about goals, transitions and messages. Each is one small method.
#include "check/warnings.h"

#include <limits>
#include <map>
#include <optional>

#include "check/checker.h"
#include "check/comparisons.h"
#include "check/walk.h"

namespace lexum {
namespace {

class Warner {
 public:
  Warner(const Program& program, Diagnostics& diagnostics)
      : program_(program), diagnostics_(diagnostics) {
    sent_.resize(program.domains.size());
    for (size_t i = 0; i < sent_.size(); ++i) sent_[i].resize(program.domains[i].routines.size());
    for (const Emission& emission : program.emissions) {
      if (emission.kind == EmissionKind::kSend)
        sent_[emission.domain.index()][emission.routine.index()] = true;
    }
  }

  void warn() {
    for (size_t i = 0; i < program_.domains.size(); ++i) {
      const Domain& domain = program_.domains[i];
      about_unreachable_goals(domain);
      about_transitions(domain, i);
      about_messages_as_candidates(domain, i);
      about_contradictions(domain);
    }
    for (const MessageCycle& cycle : message_cycles(program_)) {
      if (cycle.bound.empty()) about_cycle(cycle);
    }
  }

 private:
  void report(Code code, Span span, std::string message, std::string help) {
    diagnostics_.report(
        {.code = code, .span = span, .message = std::move(message), .help = std::move(help)});
  }

  void about_unreachable_goals(const Domain& domain) {
    FieldMask written;
    for (const Routine& routine : domain.routines) {
      for (const Slice& slice : routine.slices) written |= slice.writes;
    }
    for (const Goal& goal : domain.goals) {
      if (goal.reads.empty() || goal.reads.meets(written)) continue;
      report(
          Code::kUnreachableGoal, goal.span,
          "nothing in `" + domain.name + "` ever assigns what the goal `" + goal.name + "` reads",
          "write a transition or a handler that does, or correct the predicate");
    }
  }

  void about_transitions(const Domain& domain, size_t index) {
    std::vector<bool> candidate(domain.routines.size());
    std::vector<bool> used = sent_[index];
    for (const Goal& goal : domain.goals) {
      for (const RoutineIndex each : goal.candidates) candidate[each.index()] = true;
      if (goal.terminate_else) used[goal.terminate_else.index()] = true;
    }
    for (size_t i = 0; i < domain.routines.size(); ++i) {
      const Routine& routine = domain.routines[i];
      if (routine.kind != RoutineKind::kTransition || RoutineIndex(i) == domain.boot) continue;
      if (candidate[i] && !may_act(routine.slices.front())) {
        report(Code::kNeverChanges, routine.span,
               "the first slice of `" + routine.name +
                   "` never changes, sends or emits anything, so goals pass it over",
               "begin the transition with the step that does something");
      }
      if (candidate[i] || used[i]) continue;
      report(Code::kUnusedTransition, routine.span,
             "no goal and no message in this program runs `" + routine.name + "`",
             "name it in the `strategy` of a goal, send it, or take it out");
    }
  }

  // An `assert` acts too: it may fail, and then it halts the run.
  bool may_act(const Slice& slice) const {
    bool acts = !slice.writes.empty();
    each_statement(program_, slice.body, [&](TermId id) {
      const Op op = program_[id].op;
      acts = acts || op == Op::kEmit || op == Op::kRetire || op == Op::kAssert;
    });
    return acts;
  }

  void about_messages_as_candidates(const Domain& domain, size_t index) {
    const std::vector<GoalDecl>& decls = program_.tree.domains[index].goals;
    for (size_t g = 0; g < domain.goals.size(); ++g) {
      if (decls[g].has_strategy) continue;
      for (const RoutineIndex each : domain.goals[g].candidates) {
        if (!sent_[index][each.index()]) continue;
        const std::string& name = domain.routines[each.index()].name;
        report(Code::kCandidateIsMessage, decls[g].name.span,
               "the goal `" + domain.goals[g].name + "` has no strategy, so it may run `" + name +
                   "`, which messages ask for as well",
               "say what serves the goal: strategy { … }; or make `" + name + "` a handler");
        break;
      }
    }
  }

  // What the goals of a domain demand of one field, put together.
  struct Demand {
    int64_t low = std::numeric_limits<int64_t>::min();
    int64_t high = std::numeric_limits<int64_t>::max();
    std::optional<Value> equal;
    size_t low_goal = 0, high_goal = 0, equal_goal = 0;  // who said so
    bool reported = false;
  };

  void about_contradictions(const Domain& domain) {
    std::map<uint32_t, Demand> demands;
    for (size_t g = 0; g < domain.goals.size(); ++g) {
      for (const Comparison& part : conjuncts_of(program_, domain.goals[g].predicate)) {
        if (!part.actual || program_[part.actual].op != Op::kField) continue;
        const std::optional<Value> wanted = constant_of(program_, part.wanted);
        if (!wanted) continue;
        Demand& demand = demands[program_[part.actual].a];
        const std::optional<size_t> other = add(demand, part.op, *wanted, g);
        if (!other || demand.reported) continue;
        demand.reported = true;
        const std::string& field = domain.fields[program_[part.actual].a].name;
        report_contradiction(domain.goals[*other], domain.goals[g], field);
      }
    }
  }

  void report_contradiction(const Goal& a, const Goal& b, const std::string& field) {
    if (&a == &b) {
      report(Code::kContradictoryGoals, b.span,
             "the goal `" + b.name + "` never holds: `" + field + "` cannot be both",
             "join its parts by || if either will do");
    } else {
      report(Code::kContradictoryGoals, b.span,
             "the goals `" + a.name + "` and `" + b.name + "` never hold together: they want `" +
                 field + "` different",
             "make one of them a state on the way to the other, or let one be given up: "
             "terminate_after");
    }
  }

  // Adds what goal `g` wants. Gives the goal that wants something else, if there is one.
  static std::optional<size_t> add(Demand& demand, Operator op, const Value& wanted, size_t g) {
    if (op == Operator::kEqual) {
      if (demand.equal && !(*demand.equal == wanted)) return demand.equal_goal;
      demand.equal = wanted;
      demand.equal_goal = g;
    }
    if (wanted.kind() != Kind::kInt) return std::nullopt;
    const int64_t n = wanted.as_int();
    const bool from =
        op == Operator::kEqual || op == Operator::kGreaterEqual || op == Operator::kGreater;
    const bool to = op == Operator::kEqual || op == Operator::kLessEqual || op == Operator::kLess;
    const int64_t low =
        op == Operator::kGreater && n < std::numeric_limits<int64_t>::max() ? n + 1 : n;
    const int64_t high =
        op == Operator::kLess && n > std::numeric_limits<int64_t>::min() ? n - 1 : n;
    if (from && low > demand.low) {
      demand.low = low;
      demand.low_goal = g;
    }
    if (to && high < demand.high) {
      demand.high = high;
      demand.high_goal = g;
    }
    if (demand.low <= demand.high) return std::nullopt;
    return demand.low_goal == g ? demand.high_goal : demand.low_goal;
  }

  void about_cycle(const MessageCycle& cycle) {
    constexpr size_t kShown = 6;
    std::string path;
    for (size_t i = 0; i < cycle.hops.size() && i < kShown; ++i)
      path += (i > 0 ? ", " : "") + cycle.hops[i];
    if (cycle.hops.size() > kShown)
      path += ", and " + std::to_string(cycle.hops.size() - kShown) + " more";
    report(Code::kUnboundedCycle, cycle.span,
           "messages may go round for ever, no guard is found that ends it: " + path,
           "put an `if` around the send, on something that the round changes");
  }

  const Program& program_;
  Diagnostics& diagnostics_;
  std::vector<std::vector<bool>> sent_;  // by domain and routine: a send names it
};

}  // namespace

void warn(const Program& program, Diagnostics& diagnostics) { Warner(program, diagnostics).warn(); }

}  // namespace lexum
