// Read off the lowered terms, which know already what compares what.
#include "check/comparisons.h"

#include <utility>

namespace lexum {
namespace {

std::optional<Operator> operator_of(Op op) {
  switch (op) {
    case Op::kEqualInt:
    case Op::kEqualBool:
    case Op::kEqualText:
    case Op::kEqual:
      return Operator::kEqual;
    case Op::kUnequalInt:
    case Op::kUnequalBool:
    case Op::kUnequalText:
    case Op::kUnequal:
      return Operator::kUnequal;
    case Op::kLess:
    case Op::kLessText:
      return Operator::kLess;
    case Op::kLessEqual:
    case Op::kLessEqualText:
      return Operator::kLessEqual;
    case Op::kGreater:
    case Op::kGreaterText:
      return Operator::kGreater;
    case Op::kGreaterEqual:
    case Op::kGreaterEqualText:
      return Operator::kGreaterEqual;
    default:
      return std::nullopt;
  }
}

Comparison comparison_of(const Program& program, TermId whole) {
  Comparison made{.whole = whole, .actual = {}, .wanted = {}, .span = program.spans[whole.index()]};
  const Term& term = program[whole];
  const std::optional<Operator> op = operator_of(term.op);
  if (!op) return made;
  made.op = *op;
  made.actual = TermId(size_t{term.a});
  made.wanted = TermId(size_t{term.b});
  // What varies is the actual side, wherever it was written.
  if (constant_of(program, made.actual) && !constant_of(program, made.wanted)) {
    std::swap(made.actual, made.wanted);
    made.op = mirrored(made.op);
  }
  const Term& actual = program[made.actual];
  if (made.op == Operator::kEqual && actual.op == Op::kField && constant_of(program, made.wanted)) {
    made.field_slot = actual.a;
  }
  return made;
}

void collect(const Program& program, TermId condition, bool through_or,
             std::vector<Comparison>& parts) {
  const Term& term = program[condition];
  if (term.op == Op::kAnd || (through_or && term.op == Op::kOr)) {
    for (uint32_t i = 0; i < term.b; ++i) {
      collect(program, TermId(size_t{program.lists[term.a + i]}), through_or, parts);
    }
  } else {
    parts.push_back(comparison_of(program, condition));
  }
}

}  // namespace

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

std::optional<Value> constant_of(const Program& program, TermId id) {
  const Term& term = program[id];
  const auto integer = [](const Term& t) {
    return static_cast<int64_t>(uint64_t{t.c} << 32 | t.b);
  };
  switch (term.op) {
    case Op::kInt:
      return Value::of(integer(term));
    case Op::kBool:
      return Value::of(term.a != 0);
    case Op::kConstant:
      return program.constants[term.a];
    case Op::kNegate: {
      const Term& number = program[TermId(size_t{term.a})];
      if (number.op == Op::kInt && integer(number) >= 0) return Value::of(-integer(number));
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::vector<Comparison> comparisons_of(const Program& program, TermId condition) {
  std::vector<Comparison> parts;
  collect(program, condition, true, parts);
  return parts;
}

std::vector<Comparison> conjuncts_of(const Program& program, TermId condition) {
  std::vector<Comparison> parts;
  collect(program, condition, false, parts);
  return parts;
}

std::vector<Comparison> guards_of(const Program& program, TermId block) {
  const Term& body = program[block];
  if (body.op != Op::kBlock || body.b != 1) return {};
  const Term& only = program[TermId(size_t{program.lists[body.a]})];
  if (only.op != Op::kIf || only.b != 2) return {};
  return conjuncts_of(program, TermId(size_t{program.lists[only.a]}));
}

}  // namespace lexum
