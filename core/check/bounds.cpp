// Three kinds of guards end a round, and each is proved before it is named:
//   - a parameter (or the key) that comes back from the round counted up or down, compared with
//   what does not move;
//   - a field that is counted whenever the round passes, and assigned nowhere else in it;
//   - a field that is set, whenever the round passes, to what makes the guard false.
#include "check/bounds.h"

#include <optional>

#include "check/comparisons.h"
#include "check/walk.h"

namespace lexum {
namespace {

constexpr uint32_t kKeyIndex = UINT32_MAX;  // self's key, beside the numbers of parameters
constexpr size_t kGuardsMax =
    32;  // of one send, nearest first: each costs a look at all its routine

// Whether `actual op constant` turns false when actual moves by `step` often enough.
bool ends(Operator op, int64_t step) {
  if (op == Operator::kLess || op == Operator::kLessEqual) return step > 0;
  if (op == Operator::kGreater || op == Operator::kGreaterEqual) return step < 0;
  return op == Operator::kEqual ? step != 0 : step == 1 || step == -1;
}

class BoundFinder {
 public:
  BoundFinder(const Program& program, const MessageGraph& graph, std::span<const uint32_t> cycle)
      : program_(program), graph_(graph), cycle_(cycle) {}

  std::string find() {
    for (size_t i = 0; i < cycle_.size(); ++i) {
      std::string why;
      size_t looked_at = 0;
      graph_.each_reach(graph_.edge(cycle_[i]), [&](const Reach& reach) {
        if (!reach.condition || !why.empty() || ++looked_at > kGuardsMax) return;
        why = through(i, reach.condition, reach.truth);
      });
      if (!why.empty()) return why;
    }
    return "";
  }

 private:
  const Term& term(TermId id) const { return program_[id]; }
  TermId term_b(TermId id) const { return TermId(size_t{term(id).b}); }

  // The parts of a condition each of which must be `truth` for all of it to be.
  std::string through(size_t at, TermId condition, bool truth) {
    const Term& t = term(condition);
    if (t.op == Op::kNot) return through(at, TermId(size_t{t.a}), !truth);
    if (t.op == (truth ? Op::kAnd : Op::kOr)) {
      for (uint32_t i = 0; i < t.b; ++i) {
        std::string why = through(at, entry(program_, t.a, i), truth);
        if (!why.empty()) return why;
      }
      return "";
    }
    return part(at, condition, truth);
  }

  std::string part(size_t at, TermId whole, bool truth) {
    if (term(whole).op == Op::kField) return flag(at, whole, whole, Operator::kEqual, {}, truth);
    const std::vector<Comparison> parts = comparisons_of(program_, whole);
    const Comparison& comparison = parts.front();
    if (parts.size() != 1 || !comparison.actual || !constant_of(program_, comparison.wanted))
      return "";
    const Operator op = truth ? comparison.op : opposite(comparison.op);
    const Term& actual = term(comparison.actual);
    if (actual.op == Op::kLocal || actual.op == Op::kKey) return parameter(at, whole, actual, op);
    if (actual.op != Op::kField) return "";
    std::string why = counted(at, whole, actual.a, op);
    return why.empty() ? flag(at, whole, comparison.actual, op, comparison.wanted, true) : why;
  }

  std::string say(TermId guard, const std::string& why) const {
    const Place place = program_.source.place(program_.spans[guard.index()].begin);
    return "guard `" + std::string(program_.text(guard)) + "` at " + std::to_string(place.line) +
           ":" + std::to_string(place.column) + ", " + why;
  }

  // ------------------------------------------------------------------------------ parameters

  std::string parameter(size_t at, TermId guard, const Term& actual, Operator op) const {
    const uint32_t index = actual.op == Op::kKey ? kKeyIndex : actual.a;
    const std::optional<int64_t> step = step_of(at, index);
    if (!step || !ends(op, *step)) return "";
    return say(guard, *step < 0 ? "which counts down" : "which counts up");
  }

  // By how much a parameter of the routine that sends edge `at` has moved when the round comes back
  // to it; none if it is not handed round.
  std::optional<int64_t> step_of(size_t at, uint32_t index) const {
    const uint32_t wanted = index;
    int64_t step = 0;
    size_t hop = at;
    for (size_t hops = 0; hops < cycle_.size(); ++hops) {
      hop = (hop + cycle_.size() - 1) % cycle_.size();
      const GraphEdge& edge = graph_.edge(cycle_[hop]);
      if (!edge.emit) continue;  // an event hands on what it was broadcast with
      const std::optional<TermId> handed = argument(edge, index);
      if (!handed || !follow(*handed, index, step)) return std::nullopt;
      const GraphNode& sender = graph_.nodes()[edge.from.index()];
      if (index != kKeyIndex && index >= graph_.routine(sender).params.size()) return std::nullopt;
    }
    return index == wanted ? std::optional(step) : std::nullopt;
  }

  std::optional<TermId> argument(const GraphEdge& edge, uint32_t index) const {
    const Term& emit = term(edge.emit);
    const Emission& emission = program_.emissions[emit.a];
    if (index == kKeyIndex)
      return emission.keyed ? std::optional(entry(program_, emit.b, 0)) : std::nullopt;
    const uint32_t place = index + (emission.keyed ? 1 : 0);
    if (place >= emit.c) return std::nullopt;
    return unstaged(emit, entry(program_, emit.b, place));
  }

  // What an argument is where the arguments of a send are staged in locals.
  TermId unstaged(const Term& emit, TermId id) const {
    for (uint32_t i = 0; i < emit.c; ++i) {
      const Term& stage = term(entry(program_, emit.b, i));
      if (stage.op != Op::kStage) continue;
      if (term(id).op == Op::kStage) id = entry(program_, stage.a, stage.b - 1);
      const Term& local = term(id);
      const bool staged =
          local.op == Op::kLocal && local.a >= stage.c && local.a - stage.c < stage.b - 1;
      return staged ? entry(program_, stage.a, local.a - stage.c) : id;
    }
    return id;
  }

  // `x`, `x + 3`, `x - 1`, where x is a parameter or the key.
  bool follow(TermId id, uint32_t& index, int64_t& step) const {
    const Term& t = term(id);
    if (t.op == Op::kLocal || t.op == Op::kKey) {
      index = t.op == Op::kKey ? kKeyIndex : t.a;
      return true;
    }
    if (t.op != Op::kAdd && t.op != Op::kSubtract) return false;
    const Term& number = term(TermId(size_t{t.b}));
    if (number.op != Op::kInt || number.c != 0 || number.b > INT32_MAX) return false;
    step += t.op == Op::kAdd ? int64_t{number.b} : -int64_t{number.b};
    return follow(TermId(size_t{t.a}), index, step);
  }

  // ---------------------------------------------------------------------------------- fields

  const GraphNode& sender(size_t at) const {
    return graph_.nodes()[graph_.edge(cycle_[at]).from.index()];
  }

  std::string counted(size_t at, TermId guard, uint32_t slot, Operator op) const {
    std::string by;
    const bool sound = assignments(at, slot, [&](TermId id, const std::string& who) {
      const Term& t = term(id);
      const TermId amount = term_b(id);
      if ((t.op != Op::kAddField && t.op != Op::kSubtractField) || term(amount).op != Op::kInt)
        return false;
      const auto number = static_cast<int64_t>(uint64_t{term(amount).c} << 32 | term(amount).b);
      const int64_t step = t.op == Op::kAddField ? number : -number;
      by = who;
      return ends(op, step);
    });
    return sound && !by.empty() ? say(guard, "a field that `" + by + "` counts" + each_instance(at))
                                : "";
  }

  // A field that is set to what makes the guard false. Without `wanted` the field is a bool that
  // has to be `truth`.
  std::string flag(size_t at, TermId guard, TermId field, Operator op, TermId wanted,
                   bool truth) const {
    std::string by;
    const bool sound = assignments(at, term(field).a, [&](TermId id, const std::string& who) {
      const Term& t = term(id);
      const std::optional<Value> value =
          t.op == Op::kSetField ? constant_of(program_, term_b(id)) : std::nullopt;
      if (!value) return false;
      by = who;
      const bool same = *value == (wanted ? *constant_of(program_, wanted) : Value::of(truth));
      return op == Operator::kEqual ? !same : op == Operator::kUnequal && same;
    });
    return sound && !by.empty() ? say(guard, "a field that `" + by + "` sets" + each_instance(at))
                                : "";
  }

  // Looks at every assignment of a field of the domain of edge `at` in the routines of the cycle.
  // True if one of them runs whenever the round passes, and `good` approves of all.
  template <class F>
  bool assignments(size_t at, uint32_t slot, F&& good) const {
    const DomainId domain = sender(at).domain;
    if (!domain || makes_instances(at)) return false;
    bool always = false;
    for (const uint32_t index : cycle_) {
      const GraphEdge& edge = graph_.edge(index);
      const GraphNode& node = graph_.nodes()[edge.from.index()];
      if (!edge.emit || node.domain != domain) continue;
      graph_.each_reach(
          edge, [&](const Reach& reach) { always = always || surely_assigns(reach, slot); });
      for (const Slice& slice : graph_.routine(node).slices) {
        bool all_good = true;
        each_statement(program_, slice.body, [&](TermId id) {
          if (assigns(id, slot)) all_good = good(id, graph_.name(edge.from)) && all_good;
        });
        if (!all_good) return false;
      }
    }
    return always;
  }

  bool surely_assigns(const Reach& reach, uint32_t slot) const {
    for (uint32_t i = reach.begin; i < reach.end; ++i) {
      if (assigns(entry(program_, program_[reach.block].a, i), slot)) return true;
    }
    return false;
  }

  bool assigns(TermId id, uint32_t slot) const {
    const Term& t = term(id);
    if (t.op == Op::kSetField || t.op == Op::kAddField || t.op == Op::kSubtractField)
      return t.a == slot;
    if (t.op != Op::kAssign) return false;
    const PlaceTerm& place = program_.places[t.a];
    return !place.local && place.slot == slot;
  }

  // Each instance has fields of its own, so they bound nothing where the round makes ever new ones:
  // D[self.id + 1].
  bool makes_instances(size_t at) const {
    const DomainId domain = sender(at).domain;
    if (!program_[domain].keyed) return false;
    for (const uint32_t index : cycle_) {
      const GraphEdge& edge = graph_.edge(index);
      if (!edge.emit || graph_.nodes()[edge.to.index()].domain != domain) continue;
      const Term& emit = term(edge.emit);
      const Op key = term(entry(program_, emit.b, 0)).op;
      if (key != Op::kKey && key != Op::kInt && key != Op::kConstant && key != Op::kRemainder)
        return true;
    }
    return false;
  }

  std::string each_instance(size_t at) const {
    return program_[sender(at).domain].keyed ? ", in each instance" : "";
  }

  const Program& program_;
  const MessageGraph& graph_;
  std::span<const uint32_t> cycle_;
};

}  // namespace

std::string bound_of(const Program& program, const MessageGraph& graph,
                     std::span<const uint32_t> cycle) {
  return BoundFinder(program, graph, cycle).find();
}

}  // namespace lexum
