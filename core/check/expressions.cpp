// Names and literals.
#include "check/body.h"
#include "check/typing.h"

namespace lexum {

TypedTerm Body::expression(ExprId id, size_t depth, TypeId wanted) {
  const Expr& expr = context_.tree[id];
  const Span span = expr.span;
  const auto of = [](TermId term, TypeKind kind) {
    return TypedTerm{.term = term, .type = Types::of(kind)};
  };
  switch (expr.kind) {
    case ExprKind::kError:
      return error(span);
    case ExprKind::kInt:
      return of(context_.integer(expr.integer, depth, span), TypeKind::kInt);
    case ExprKind::kString:
      return of(context_.text_constant(expr.name, depth, span), TypeKind::kText);
    case ExprKind::kTrue:
      return of(context_.term(Op::kBool, depth, span, 1), TypeKind::kBool);
    case ExprKind::kFalse:
      return of(context_.term(Op::kBool, depth, span, 0), TypeKind::kBool);
    case ExprKind::kNull:
      return of(context_.null(depth, span), TypeKind::kNull);
    case ExprKind::kName:
      return name(expr, depth);
    case ExprKind::kState:
      return field(expr, depth);
    case ExprKind::kSelf:
      return self(expr, depth);
    case ExprKind::kList:
      return list_literal(expr, depth, wanted);
    case ExprKind::kMap:
      return map_literal(expr, depth, wanted);
    case ExprKind::kCall:
      return call(expr, depth);
    case ExprKind::kChain:
      return chain(expr, depth, wanted);
    case ExprKind::kPrefix:
      return prefix(expr, depth);
    case ExprKind::kPostfix:
      return postfix(expr, depth);
  }
  return error(span);
}

TermId Body::expect(ExprId id, size_t depth, TypeId wanted, std::string_view what) {
  if (!id) return error({}).term;
  const TypedTerm value = expression(id, depth, wanted);
  if (!fits(context_.types, value.type, wanted)) {
    report_mismatch(context_, context_.tree[id].span, value.type, wanted, what);
  }
  return value.term;
}

TermId Body::settled(ExprId id, size_t depth, TypeId& type) {
  const TypedTerm value = expression(id, depth);
  type =
      check_settled(value.type, context_.tree[id].span) ? value.type : Types::of(TypeKind::kError);
  return value.term;
}

bool Body::check_settled(TypeId type, Span span) {
  if (!unsettled(context_.types, type)) return true;
  context_.report(
      Code::kTypeMismatch, span,
      "nothing tells the type of " + context_.quoted(span) + ": it is " + context_.quoted(type),
      "declare it: let x: list<int> = []");
  return false;
}

// ------------------------------------------------------------------------------------------ names

TypedTerm Body::name(const Expr& expr, size_t depth) {
  const Local* local = find_local(expr.name);
  if (!local) return field(expr, depth);
  const TermId term = context_.term(Op::kLocal, depth, expr.span, local->slot);
  return narrow({.term = term, .type = local->type, .path = paths_.local(local->slot)});
}

TypedTerm Body::field(const Expr& expr, size_t depth) {
  const uint32_t slot = find_field(expr.name);
  if (slot == MemberTable::kNone) return unknown_name(expr.name, expr.kind == ExprKind::kState);
  reads_.add(slot);
  const TermId term = context_.term(Op::kField, depth, expr.span, slot);
  return narrow({.term = term,
                 .type = context_.program[domain_].fields[slot].type,
                 .path = paths_.field(slot)});
}

TypedTerm Body::self(const Expr& expr, size_t depth) {
  if (purpose_ == Purpose::kConstant || !domain_) {
    context_.report(purpose_ == Purpose::kConstant ? Code::kNotConstant : Code::kUnknownName,
                    expr.span, context_.quoted(expr.span) + " means nothing here",
                    domain_ || purpose_ == Purpose::kConstant
                        ? "a start value is the same for all instances"
                        : "a fn sees its arguments and nothing else: hand it in");
    return error(expr.span);
  }
  const Domain& domain = context_.program[domain_];
  if (!domain.keyed) {
    context_.report(Code::kKey, expr.span,
                    "`" + domain.name + "` has one instance, and that has no key",
                    "its fields are named alone: " + std::string(context_.text(expr.name)));
    return error(expr.span);
  }
  if (!expr.name) return error(expr.span);
  if (context_.text(expr.name) != domain.key_name) {
    context_.report(Code::kUnknownName, expr.span, "`self` has nothing but its key",
                    "the key is `self." + domain.key_name + "`; fields are named alone");
    return error(expr.span);
  }
  return {.term = context_.term(Op::kKey, depth, expr.span), .type = domain.key_type};
}

// --------------------------------------------------------------------------------------- literals

// Brings the next of several values to a type that all of them share.
void Body::meet(ExprId id, size_t depth, TypeId& common, std::vector<TermId>& terms,
                std::string_view what) {
  const TypedTerm value = expression(id, depth, common);
  terms.push_back(value.term);
  if (const TypeId both = unify(context_.types, common, value.type)) {
    common = both;
  } else {
    report_mismatch(context_, context_.tree[id].span, value.type, common, what);
  }
}

TypedTerm Body::list_literal(const Expr& expr, size_t depth, TypeId wanted) {
  const bool told =
      wanted && kind_of(wanted) == TypeKind::kList && !unsettled(context_.types, wanted);
  TypeId element = told ? context_.types[wanted].element : Types::of(TypeKind::kEmpty);
  std::vector<TermId> terms;
  for (const ExprId id : context_.tree.items(expr)) {
    if (told) {
      terms.push_back(expect(id, depth + 1, element, "an element of this list"));
    } else {
      meet(id, depth + 1, element, terms, "an element of this list");
    }
  }
  const auto count = static_cast<uint32_t>(terms.size());
  const TermId term = context_.term(Op::kMakeList, depth, expr.span, context_.list(terms), count);
  return {.term = term, .type = context_.types.list_of(element)};
}

TypedTerm Body::map_literal(const Expr& expr, size_t depth, TypeId wanted) {
  const bool told =
      wanted && kind_of(wanted) == TypeKind::kMap && !unsettled(context_.types, wanted);
  const TypeId empty = Types::of(TypeKind::kEmpty);
  TypeId key = told ? context_.types[wanted].key : empty;
  TypeId element = told ? context_.types[wanted].element : empty;
  std::vector<TermId> terms;
  const std::span<const ExprId> items = context_.tree.items(expr);
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (told) {
      terms.push_back(expect(items[i], depth + 1, key, "a key of this map"));
      terms.push_back(expect(items[i + 1], depth + 1, element, "a value of this map"));
    } else {
      meet(items[i], depth + 1, key, terms, "a key of this map");
      meet(items[i + 1], depth + 1, element, terms, "a value of this map");
    }
  }
  const TypeKind kind = kind_of(key);
  const bool good = kind == TypeKind::kInt || kind == TypeKind::kText;
  if ((!good && kind != TypeKind::kEmpty && kind != TypeKind::kError) ||
      context_.types[key].optional) {
    context_.report(Code::kTypeMismatch, context_.tree[items[0]].span,
                    "the keys of a map are int or string, and not " + context_.quoted(key),
                    "make a key of it: str(…)");
    key = Types::of(TypeKind::kError);
  }
  const auto count = static_cast<uint32_t>(terms.size());
  const TermId term = context_.term(Op::kMakeMap, depth, expr.span, context_.list(terms), count);
  return {.term = term, .type = context_.types.map_of(key, element)};
}

}  // namespace lexum
