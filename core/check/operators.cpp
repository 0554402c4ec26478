// Chains of operators of one level, and prefixes. The types of the operands choose the term.
#include "check/body.h"
#include "check/typing.h"

namespace lexum {
namespace {

uint32_t count_of(const std::vector<TermId>& terms) { return static_cast<uint32_t>(terms.size()); }

std::string quoted(Operator op) { return "`" + std::string(spelling(op)) + "`"; }

bool is_equality(Operator op) { return op == Operator::kEqual || op == Operator::kUnequal; }

// The six comparisons stand in the same order in Operator and, for ints and texts, in Op.
Op ordered(Op first, Operator op) {
  return static_cast<Op>(static_cast<int>(first) + static_cast<int>(op) -
                         static_cast<int>(Operator::kEqual));
}
static_assert(static_cast<int>(Op::kGreaterEqual) - static_cast<int>(Op::kEqualInt) ==
              static_cast<int>(Operator::kGreaterEqual) - static_cast<int>(Operator::kEqual));
static_assert(static_cast<int>(Op::kGreaterEqualText) - static_cast<int>(Op::kEqualText) ==
              static_cast<int>(Operator::kGreaterEqual) - static_cast<int>(Operator::kEqual));

Op arithmetic_op(Operator op) {
  switch (op) {
    case Operator::kSubtract:
      return Op::kSubtract;
    case Operator::kMultiply:
      return Op::kMultiply;
    case Operator::kDivide:
      return Op::kDivide;
    case Operator::kRemainder:
      return Op::kRemainder;
    default:
      return Op::kAdd;
  }
}

}  // namespace

TypedTerm Body::chain(const Expr& expr, size_t depth, TypeId wanted) {
  switch (context_.tree.operators(expr)[0]) {
    case Operator::kElse:
      return coalesce(expr, depth, wanted);
    case Operator::kOr:
    case Operator::kAnd:
      return logic(expr, depth);
    case Operator::kMatches:
      return matches(expr, depth);
    case Operator::kEqual:
    case Operator::kUnequal:
    case Operator::kLess:
    case Operator::kLessEqual:
    case Operator::kGreater:
    case Operator::kGreaterEqual:
      return comparison(expr, depth);
    default:
      return arithmetic(expr, depth);
  }
}

// An operand whose type is given by its operator. If it is another one, that is reported, and then
// it has none.
TermId Body::operand(TypedTerm& value, ExprId id, TypeId wanted, Operator op) {
  if (fits(context_.types, value.type, wanted)) return value.term;
  const Span span = context_.tree[id].span;
  if (context_.types[value.type].optional && kind_of(value.type) == kind_of(wanted)) {
    report_mismatch(context_, span, value.type, wanted, "an operand of " + quoted(op));
    value.type = wanted;
    return value.term;
  }
  std::string help = "it works on ints";
  if (op >= Operator::kLess && op <= Operator::kGreaterEqual)
    help = "ints and strings have an order";
  if (is(wanted, TypeKind::kText)) help = "str(…) makes a string of any value";
  if (is(wanted, TypeKind::kInt) && kind_of(value.type) == TypeKind::kText) {
    help = op == Operator::kAdd ? "to join strings, all operands must be strings: str(…)"
                                : "int(…) reads a number out of a string; it gives an int?";
  }
  if (is(wanted, TypeKind::kBool)) help = "compare it with something: … == …";
  context_.report(Code::kBadOperands, span,
                  quoted(op) + " takes " + context_.quoted(wanted) + " here, and this is " +
                      context_.quoted(value.type),
                  help);
  value.type = Types::of(TypeKind::kError);
  return value.term;
}

TypedTerm Body::prefix(const Expr& expr, size_t depth) {
  const Operator op = context_.tree.operators(expr)[0];
  const ExprId id = context_.tree.items(expr)[0];
  const TypeId type = Types::of(op == Operator::kNot ? TypeKind::kBool : TypeKind::kInt);
  TypedTerm value = expression(id, depth + 1);
  const TermId term = operand(value, id, type, op);
  const Op made = op == Operator::kNot ? Op::kNot : Op::kNegate;
  return {.term = context_.term(made, depth, expr.span, term.value), .type = type};
}

TypedTerm Body::logic(const Expr& expr, size_t depth) {
  const Operator op = context_.tree.operators(expr)[0];
  const TypeId type = Types::of(TypeKind::kBool);
  const Facts before = facts_;
  std::vector<TermId> terms;
  for (const ExprId id : context_.tree.items(expr)) {
    TypedTerm value = expression(id, depth + 1);
    terms.push_back(operand(value, id, type, op));
    // The next operand is reached only if this one was true (&&) or false (||).
    facts_.add(facts_when(id, op == Operator::kAnd));
  }
  facts_ = before;
  const Op made = op == Operator::kAnd ? Op::kAnd : Op::kOr;
  return {.term = context_.term(made, depth, expr.span, context_.list(terms), count_of(terms)),
          .type = type};
}

TypedTerm Body::arithmetic(const Expr& expr, size_t depth) {
  const std::span<const ExprId> items = context_.tree.items(expr);
  const std::span<const Operator> ops = context_.tree.operators(expr);
  TypedTerm first = expression(items[0], depth + 1);
  const bool adds = ops[0] == Operator::kAdd || ops[0] == Operator::kSubtract;
  if (adds && kind_of(first.type) == TypeKind::kText) return concat(expr, depth, first);
  const TypeId type = Types::of(TypeKind::kInt);
  std::vector<TermId> terms = {operand(first, items[0], type, ops[0])};
  for (size_t i = 1; i < items.size(); ++i) {
    TypedTerm value = expression(items[i], depth + 1);
    // What begins with a mistake may have been meant to join strings.
    terms.push_back(broken(first.type) ? value.term : operand(value, items[i], type, ops[i - 1]));
  }
  if (broken(first.type)) return error(expr.span);
  if (items.size() == 2) {
    const Op op = arithmetic_op(ops[0]);
    return {.term = context_.term(op, depth, expr.span, terms[0].value, terms[1].value),
            .type = type};
  }
  const uint32_t list = context_.list(terms);
  const Operator base = adds ? Operator::kAdd : Operator::kMultiply;
  for (const Operator op : ops) {
    context_.program.lists.push_back(static_cast<uint32_t>(op) - static_cast<uint32_t>(base));
  }
  const Op op = adds ? Op::kSum : Op::kProduct;
  return {.term = context_.term(op, depth, expr.span, list, count_of(terms)), .type = type};
}

TypedTerm Body::concat(const Expr& expr, size_t depth, TypedTerm first) {
  const std::span<const ExprId> items = context_.tree.items(expr);
  const std::span<const Operator> ops = context_.tree.operators(expr);
  const TypeId type = Types::of(TypeKind::kText);
  std::vector<TermId> terms = {operand(first, items[0], type, Operator::kAdd)};
  for (size_t i = 1; i < items.size(); ++i) {
    TypedTerm value = expression(items[i], depth + 1);
    terms.push_back(operand(value, items[i], type, Operator::kAdd));
    if (ops[i - 1] == Operator::kAdd) continue;
    const Span span = join(context_.tree[items[0]].span, context_.tree[items[i]].span);
    context_.report(Code::kBadOperands, span, "`-` does not take strings",
                    "`+` joins them; .replace(a, b) takes out");
    return error(expr.span);
  }
  return {
      .term = context_.term(Op::kConcat, depth, expr.span, context_.list(terms), count_of(terms)),
      .type = type};
}

TypedTerm Body::comparison(const Expr& expr, size_t depth) {
  const std::span<const ExprId> items = context_.tree.items(expr);
  const Operator op = context_.tree.operators(expr)[0];
  TypedTerm left = expression(items[0], depth + 1);
  TypedTerm right = expression(items[1], depth + 1, left.type);
  if (is_equality(op)) return equality(expr, depth, left, right);
  const TypeId bool_type = Types::of(TypeKind::kBool);
  const bool texts = kind_of(left.type) == TypeKind::kText;
  const TypeId type = Types::of(texts ? TypeKind::kText : TypeKind::kInt);
  const TermId a = operand(left, items[0], type, op);
  const TermId b = operand(right, items[1], broken(left.type) ? right.type : type, op);
  const Op made = ordered(texts ? Op::kEqualText : Op::kEqualInt, op);
  return {.term = context_.term(made, depth, expr.span, a.value, b.value), .type = bool_type};
}

TypedTerm Body::equality(const Expr& expr, size_t depth, TypedTerm left, TypedTerm right) {
  const bool equal = context_.tree.operators(expr)[0] == Operator::kEqual;
  // A null beside what can never be one; beside what has been narrowed it is merely said twice.
  const auto never_null = [&](TypedTerm a, TypedTerm b) {
    return kind_of(b.type) == TypeKind::kNull && !context_.types[a.type].optional && !a.narrowed &&
           kind_of(a.type) >= TypeKind::kBool;
  };
  if (never_null(left, right) || never_null(right, left)) {
    const TypeId type = kind_of(right.type) == TypeKind::kNull ? left.type : right.type;
    context_.report(
        Code::kBadOperands, expr.span, "a " + context_.quoted(type) + " is never null",
        "compare it with its zero value, or declare it as " + spell(context_.program, type) + "?");
  } else if (kind_of(left.type) != TypeKind::kNull && kind_of(right.type) != TypeKind::kNull &&
             !unify(context_.types, left.type, right.type)) {
    context_.report(
        Code::kBadOperands, expr.span,
        context_.quoted(left.type) + " and " + context_.quoted(right.type) + " are never equal",
        "both sides must have one type");
  }
  Op made = equal ? Op::kEqual : Op::kUnequal;
  if (left.type == right.type) {
    if (is(left.type, TypeKind::kInt)) made = equal ? Op::kEqualInt : Op::kUnequalInt;
    if (is(left.type, TypeKind::kBool)) made = equal ? Op::kEqualBool : Op::kUnequalBool;
    if (is(left.type, TypeKind::kText)) made = equal ? Op::kEqualText : Op::kUnequalText;
  }
  return {.term = context_.term(made, depth, expr.span, left.term.value, right.term.value),
          .type = Types::of(TypeKind::kBool)};
}

TypedTerm Body::matches(const Expr& expr, size_t depth) {
  const std::span<const ExprId> items = context_.tree.items(expr);
  const TypeId type = Types::of(TypeKind::kBool);
  TypedTerm searched = expression(items[0], depth + 1);
  const TermId text = operand(searched, items[0], Types::of(TypeKind::kText), Operator::kMatches);
  const Expr& literal = context_.tree[items[1]];
  if (literal.kind == ExprKind::kError) return error(expr.span);
  if (literal.kind != ExprKind::kString) {
    context_.report(Code::kBadPattern, literal.span,
                    "a pattern is a string literal, compiled with the program",
                    "write it in quotes; .contains(…) looks for a text that is computed");
    return error(expr.span);
  }
  const uint32_t pattern = context_.pattern(literal.name, literal.span);
  return {.term = context_.term(Op::kMatches, depth, expr.span, text.value, pattern), .type = type};
}

TypedTerm Body::coalesce(const Expr& expr, size_t depth, TypeId wanted) {
  const std::span<const ExprId> items = context_.tree.items(expr);
  TypeId common = Types::of(TypeKind::kEmpty);
  bool may_be_null = false;
  std::vector<TermId> terms;
  for (const ExprId id : items) {
    const TypedTerm value = expression(id, depth + 1, terms.empty() ? wanted : common);
    terms.push_back(value.term);
    const Type& type = context_.types[value.type];
    may_be_null = type.optional || type.kind == TypeKind::kNull;
    if (type.kind == TypeKind::kNull) continue;
    const TypeId both = unify(context_.types, common, context_.types.required(value.type));
    if (both) {
      common = both;
    } else {
      context_.report(Code::kBadOperands, context_.tree[id].span,
                      "`??` gives " + context_.quoted(common) + " before, and " +
                          context_.quoted(value.type) + " here",
                      "all its operands must have one type");
      return error(expr.span);
    }
  }
  if (kind_of(common) == TypeKind::kEmpty) common = Types::of(TypeKind::kNull);
  return {
      .term = context_.term(Op::kCoalesce, depth, expr.span, context_.list(terms), count_of(terms)),
      .type = may_be_null ? context_.types.optional(common) : common};
}

// -------------------------------------------------------------------------------------- narrowing

// What is not null if the condition is true, or if it is false.
Facts Body::facts_when(ExprId condition, bool truth) {
  Facts facts;
  const Expr& expr = context_.tree[condition];
  if (expr.kind != ExprKind::kPrefix && expr.kind != ExprKind::kChain) return facts;
  const Operator op = context_.tree.operators(expr)[0];
  const std::span<const ExprId> items = context_.tree.items(expr);
  if (op == Operator::kNot) return facts_when(items[0], !truth);
  if (op == (truth ? Operator::kAnd : Operator::kOr)) {
    for (const ExprId id : items) facts.add(facts_when(id, truth));
  } else if (op == (truth ? Operator::kUnequal : Operator::kEqual)) {
    if (context_.tree[items[1]].kind == ExprKind::kNull) add_fact(facts, items[0]);
    if (context_.tree[items[0]].kind == ExprKind::kNull) add_fact(facts, items[1]);
  }
  return facts;
}

void Body::add_fact(Facts& facts, ExprId compared) {
  if (const PathId path = place_of(compared).path) facts.add(path);
}

// The path and the type of a field, a local, or a member of one; without a word if it is anything
// else.
TypedTerm Body::place_of(ExprId id) {
  const Expr& expr = context_.tree[id];
  TypedTerm place{.term = {}, .type = Types::of(TypeKind::kError)};
  if (expr.kind == ExprKind::kPostfix) {
    place = place_of(context_.tree.items(expr)[0]);
    for (const Link& link : context_.tree.links_of(expr)) {
      const Type& type = context_.types[place.type];
      const uint32_t index = link.kind == LinkKind::kMember && type.kind == TypeKind::kRecord
                                 ? context_.record_fields.get(type.shape, link.name)
                                 : MemberTable::kNone;
      if (index == MemberTable::kNone) return {.term = {}, .type = Types::of(TypeKind::kError)};
      place.path = paths_.member(place.path, index);
      place.type = context_.program.records[type.shape].fields[index].type;
    }
    return place;
  }
  const Local* local = expr.kind == ExprKind::kName ? find_local(expr.name) : nullptr;
  if (local) return {.term = {}, .type = local->type, .path = paths_.local(local->slot)};
  if (expr.kind != ExprKind::kName && expr.kind != ExprKind::kState) return place;
  const uint32_t slot = find_field(expr.name);
  if (slot == MemberTable::kNone) return place;
  return {
      .term = {}, .type = context_.program[domain_].fields[slot].type, .path = paths_.field(slot)};
}

}  // namespace lexum
