#include "tracer/guard.h"

#include "syntax/parser.h"

namespace lexum {

namespace {

Operator mirrored(Operator op) {
  switch (op) {
    case Operator::kLess:
      return Operator::kGreater;
    case Operator::kLessEqual:
      return Operator::kGreaterEqual;
    case Operator::kGreater:
      return Operator::kLess;
    case Operator::kGreaterEqual:
      return Operator::kLessEqual;
    default:
      return op;
  }
}

Operator opposite(Operator op) {
  switch (op) {
    case Operator::kEqual:
      return Operator::kUnequal;
    case Operator::kUnequal:
      return Operator::kEqual;
    case Operator::kLess:
      return Operator::kGreaterEqual;
    case Operator::kLessEqual:
      return Operator::kGreater;
    case Operator::kGreater:
      return Operator::kLessEqual;
    case Operator::kGreaterEqual:
      return Operator::kLess;
    default:
      return op;
  }
}

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

Guard::Guard(const World& world, InstanceId id)
    : program_(world.program()),
      fields_(world.fields_of(id).begin(), world.fields_of(id).end()),
      key_(world.key_of(id)),
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

std::optional<Wish> Guard::wish(const Comparison& part, bool truth) {
  const Term& whole = program_[part.whole];
  if (whole.op == Op::kField) return Wish{whole.a, Value::of(truth)};
  if (whole.op == Op::kNot) {
    const Term& inner = program_[TermId(size_t{whole.a})];
    if (inner.op != Op::kField) return {};
    return Wish{inner.a, Value::of(!truth)};
  }
  if (!part.actual) return {};
  const ConditionPart sides = seen(part);
  if (!sides.actual) return {};
  const Operator op = truth ? part.op : opposite(part.op);
  std::optional<Value> value;
  const Term* field = &program_[part.actual];
  if (field->op == Op::kField) {
    value = nearest_value(op, *sides.wanted);
  } else {
    field = &program_[part.wanted];
    if (field->op == Op::kField) value = nearest_value(mirrored(op), *sides.actual);
  }
  if (!value) return {};
  return Wish{field->a, *value};
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
