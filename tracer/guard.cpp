#include "tracer/guard.h"

#include <algorithm>
#include <utility>

#include "check/comparisons.h"
#include "syntax/parser.h"
#include "tracer/records.h"

namespace lexum {

namespace {

std::optional<Value> shifted(const Value& value, int64_t by) {
  int64_t sum = 0;
  if (value.kind() != Kind::kInt || __builtin_add_overflow(value.as_int(), by, &sum)) return {};
  return Value::of(sum);
}

// The nearest value that stands in that relation to the other one.
std::optional<Value> nearest_value(Operator op, const Value& other) {
  switch (op) {
    case Operator::kEqual:
    case Operator::kLessEqual:
    case Operator::kGreaterEqual:
      return other;
    case Operator::kUnequal:
      if (other.kind() == Kind::kBool) return Value::of(!other.as_bool());
      if (other.kind() == Kind::kText) return Value::of(other.text().empty() ? "?" : "");
      return shifted(other, 1);
    case Operator::kLess:
      return shifted(other, -1);
    case Operator::kGreater:
      return shifted(other, 1);
    default:
      return {};
  }
}

}  // namespace

std::optional<int64_t> ConditionPart::distance() const {
  int64_t distance = 0;
  const auto is_int = [](const std::optional<Value>& side) {
    return side && side->kind() == Kind::kInt;
  };
  if (!is_int(actual) || !is_int(wanted) ||
      __builtin_sub_overflow(actual->as_int(), wanted->as_int(), &distance)) {
    return {};
  }
  return distance;
}

Guard::Guard(const World& world, InstanceId id)
    : Guard(world.program(), world.domain_of(id), world.fields_of(id), world.key_of(id)) {}

Guard::Guard(const Program& program, DomainId domain, std::span<const Value> fields, Value key)
    : program_(program),
      domain_(program[domain]),
      fields_(fields.begin(), fields.end()),
      key_(std::move(key)),
      interpreter_(program_) {}

bool Guard::holds(const Comparison& part) {
  Fault fault;
  return interpreter_.test(part.whole, subject(), fault);
}

ConditionPart Guard::seen(const Comparison& part) {
  ConditionPart seen{.span = part.span, .op = part.op};
  if (!part.actual) return seen;
  Fault fault;
  seen.actual = interpreter_.evaluate(part.actual, subject(), fault);
  seen.wanted = interpreter_.evaluate(part.wanted, subject(), fault);
  if (fault) seen.actual = seen.wanted = std::nullopt;
  seen.actual_span = program_.spans[part.actual.index()];
  seen.wanted_span = program_.spans[part.wanted.index()];
  const Op wanted = program_[part.wanted].op;
  seen.wanted_is_constant = wanted == Op::kInt || wanted == Op::kBool || wanted == Op::kConstant;
  return seen;
}

bool Guard::hold_with(const Wish& wish, std::span<const Comparison> parts) {
  Value kept = std::exchange(fields_[wish.slot], wish.value);
  const bool hold = std::ranges::all_of(parts, [&](const Comparison& part) { return holds(part); });
  fields_[wish.slot] = std::move(kept);
  return hold;
}

void Guard::add_wish(std::vector<Wish>& wishes, const Term& side,
                     std::optional<Value> value) const {
  // `n == m` with an `m` that is null does not make null a value of `n`.
  if (side.op != Op::kField || !value) return;
  if (!fits(*value, domain_.fields[side.a].type, program_)) return;
  wishes.push_back({side.a, *std::move(value)});
}

std::vector<Wish> Guard::wishes(const Comparison& part, bool truth) {
  std::vector<Wish> wishes;
  const Term& whole = program_[part.whole];
  if (whole.op == Op::kField) add_wish(wishes, whole, Value::of(truth));
  if (whole.op == Op::kNot) {
    add_wish(wishes, program_[TermId(size_t{whole.a})], Value::of(!truth));
  }
  if (!part.actual) return wishes;
  const ConditionPart sides = seen(part);
  if (!sides.actual) return wishes;
  const Operator op = truth ? part.op : opposite(part.op);
  add_wish(wishes, program_[part.actual], nearest_value(op, *sides.wanted));
  add_wish(wishes, program_[part.wanted], nearest_value(mirrored(op), *sides.actual));
  return wishes;
}

uint64_t Guard::reach(const Wish& wish) const {
  const Value& now = fields_[wish.slot];
  if (now.kind() != Kind::kInt || wish.value.kind() != Kind::kInt) return 0;
  const auto from = static_cast<uint64_t>(now.as_int());
  const auto to = static_cast<uint64_t>(wish.value.as_int());
  return now.as_int() < wish.value.as_int() ? to - from : from - to;
}

// Ints that satisfy a row of comparisons are a range without some single values, so the nearest one
// is at most as many steps from the end of one part as there are others. One step more, for bodies
// that assign the end itself (`if n >= 5 { n = 5 }`).
std::vector<Wish> Guard::wishes_for_all(std::span<const Comparison> parts) {
  std::vector<Wish> found;
  const auto steps = static_cast<int64_t>(parts.size());
  for (const Comparison& part : parts) {
    if (holds(part)) continue;
    for (const Wish& wish : wishes(part, true)) {
      if (hold_with(wish, parts)) found.push_back(wish);
      for (int64_t by = -steps; by <= steps; ++by) {
        const std::optional<Value> near = by == 0 ? std::nullopt : shifted(wish.value, by);
        if (near && hold_with({wish.slot, *near}, parts)) found.push_back({wish.slot, *near});
      }
    }
  }
  std::ranges::stable_sort(found, {}, [&](const Wish& wish) { return reach(wish); });
  return found;
}

std::vector<ConditionPart> Guard::distance_of(GoalIndex goal) {
  std::vector<ConditionPart> missing;
  for (const Comparison& part : domain_.goals[goal.index()].comparisons) {
    if (!holds(part)) missing.push_back(seen(part));
  }
  return missing;
}

// The fields that a piece of the program names.
std::vector<uint32_t> fields_in(const Program& program, const Domain& domain, Span span) {
  Diagnostics diagnostics;
  const Source source("", std::string(program.source.text(span)));
  const Fragment fragment = parse_expression(source, diagnostics);
  std::vector<uint32_t> slots;
  for (const Expr& expr : fragment.tree.exprs) {
    if (expr.kind != ExprKind::kName && expr.kind != ExprKind::kState) continue;
    const std::string_view name = fragment.tree.text(expr.name);
    for (uint32_t slot = 0; slot < domain.fields.size(); ++slot) {
      if (domain.fields[slot].name == name) slots.push_back(slot);
    }
  }
  return slots;
}

}  // namespace lexum
